# SPDX-License-Identifier: GPL-3.0-or-later
"""Breslow-Day and Tarone statistics of ../counts.csv with 50 digits, in place of metafor's, which lose digits where
events are rare: Rscript counts.R | python3 counts_mpmath.py > ../counts.csv"""
import re
import sys

from mpmath import mp, mpf, nstr, sqrt

mp.dps = 50
for line in sys.stdin:
    cells = line.rstrip("\n").split(",")
    if len(cells) < 15 or cells[13] in ("NA", "breslow_day"):
        print(line.replace("mantelhaen.test;", "mantelhaen.test; mpmath, 50 digits: Breslow-Day, Tarone;"), end="")
        continue
    tables = [tuple(mpf(x) for x in re.split("[/:]", t)) for t in cells[4].split()]
    if cells[1] != "PETO":
        tables = [t for t in tables if t[0] + t[2] > 0 and t[0] + t[2] < t[1] + t[3]]
    if cells[3] == "corrected":
        half = mpf(1) / 2
        tables = [(a + half, n1 + 1, c + half, n2 + 1) if 0 in (a, n1 - a, c, n2 - c) else (a, n1, c, n2)
                  for a, n1, c, n2 in tables]
    psi = (sum(a * (n2 - c) / (n1 + n2) for a, n1, c, n2 in tables) /
           sum((n1 - a) * c / (n1 + n2) for a, n1, c, n2 in tables))
    chi2 = off = variance = mpf(0)
    for a, n1, c, n2 in tables:
        m = a + c
        p = psi * (n1 + m) + n2 - m
        e = (p - sqrt(p * p - 4 * psi * (psi - 1) * n1 * m)) / (2 * (psi - 1))
        v = 1 / (1 / e + 1 / (n1 - e) + 1 / (m - e) + 1 / (n2 - m + e))
        chi2 += (a - e) ** 2 / v
        off += a - e
        variance += v
    cells[13], cells[14] = nstr(chi2, 17), nstr(chi2 - off ** 2 / variance, 17)
    print(",".join(cells))
