# SPDX-License-Identifier: GPL-3.0-or-later
"""Tails of sums of weighted chi-squared variables by Ruben's series (1962, Ann Math Stat 33:542-570), 160 digits; the neglected terms sum to less than 1 - total."""
from mpmath import exp, fsum, gammainc, inf, mp, mpf, nstr, sqrt

mp.dps = 160


def tails(weights, q):
    weights = [mpf(w) for w in weights]
    n, b = len(weights), min(weights)
    ratios = [1 - b / w for w in weights]
    c = [mpf(1)]
    for w in weights:
        c[0] *= sqrt(b / w)
    half, powers, g, total = q / b / 2, [mpf(1)] * n, [], c[0]
    # regularised incomplete gammas by their recurrences: up adds, down subtracts, each from its own start
    upper_gamma = gammainc(mpf(n) / 2, half, inf, regularized=True)
    term = exp(-half) * half ** (mpf(n) / 2) / mp.gamma(mpf(n) / 2 + 1)
    upper, cumulative = c[0] * upper_gamma, [upper_gamma]
    while 1 - total > upper * mpf(10) ** -25:
        j = len(c)
        powers = [p * r for p, r in zip(powers, ratios)]
        g.append(fsum(powers) / 2)
        c.append(fsum(g[j - 1 - i] * c[i] for i in range(j)) / j)
        total += c[j]
        upper_gamma += term
        term *= half / (mpf(n) / 2 + j)
        upper += c[j] * upper_gamma
        cumulative.append(upper_gamma)
    lower = fsum(ci * gammainc(mpf(n) / 2 + i, 0, half, regularized=True) for i, ci in enumerate(c))
    return upper, lower


CASES = ([1, 1, 1], [1], [1, 2], [0.5, 1, 1.5, 3], [1, 1.1, 1.2, 5, 6, 7, 8], [0.9] * 3 + [2.5] * 4,
         [1 + 0.3 * i for i in range(12)], [0.01, 0.02, 0.03], [1, 1, 30])

print("# python3-mpmath 1.2, 160 digits: tests/ref/tools/quadform_mpmath.py (Ruben 1962)")
print("lambda,q,upper,lower")
for weights in CASES:
    for factor in (0.02, 0.3, 1, 2, 8, 40):
        q = float(sum(weights) * factor)
        upper, lower = tails(weights, mpf(q))
        print(" ".join(repr(float(w)) for w in weights), repr(q), nstr(upper, 20), nstr(lower, 20), sep=",")
