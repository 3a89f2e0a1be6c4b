# SPDX-License-Identifier: GPL-3.0-or-later
"""Special functions of effect sizes with 40 digits: /usr/bin/python3 special_mpmath.py > ../special.csv

Arguments are doubles, exactly as printed. `angle` stands for the correlation sin(angle).
"""
import sys

import mpmath as mp
from mpmath import mpf

mp.mp.dps = 40


def row(what, a, b, c, value):
    print(f"{what},{a!r},{b!r},{c!r},{mp.nstr(value, 20)}")


print(f"# mpmath {mp.__version__}, Python {sys.version.split()[0]}, 40 digits, tests/ref/tools/special_mpmath.py")
print("what,a,b,c,value")
for m in (1.01, 1.5, 2.0, 3.0, 4.0, 7.3, 10.0, 18.0, 19.5, 19.999, 20.0, 21.0, 30.0, 50.0, 100.0, 343.0, 1e3, 1e4, 1e6,
          1e9, 1e15):
    a = mpf(m) / 2
    row("hedges_j", m, 0.0, 0.0, mp.exp(mp.loggamma(a) - mp.loggamma(a - mpf(1) / 2)) / mp.sqrt(a))
for n in (5, 6, 7, 8, 10, 12, 13, 20, 21, 50, 200, 1001, 10000, 100000):
    for r in (1e-8, 1e-5, 1e-3, 0.04, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999999, 1.0):
        x = 1 - mpf(r)**2
        row("hyp2f1_half", (n - 2) / 2, r, 0.0, mp.hyp2f1(mpf(1) / 2, mpf(1) / 2, mpf(n - 2) / 2, x))
        row("hyp2f1_one", n / 2, r, 0.0, mp.hyp2f1(1, 1, mpf(n) / 2, x))
for h, k in ((0.0, 0.0), (1.0, 1.0), (1.0, 0.5), (-1.0, 2.0), (0.3, 0.30001), (-2.0, -2.5), (0.1, -0.1), (2.5, 2.4)):
    for rho in (0.1, -0.1, 0.5, -0.5, 0.9, -0.9, 0.99, -0.99, 0.9999, -0.9999, 0.999999):
        angle = float(mp.asin(rho))
        f = lambda t: mp.exp(-(mpf(h)**2 - 2 * mpf(h) * mpf(k) * mp.sin(t) + mpf(k)**2) / (2 * mp.cos(t)**2))
        parts = [mpf(angle) * x for x in (0, mpf(".5"), mpf(".9"), mpf(".99"), mpf(".999"), 1)]
        row("norm2_excess", h, k, angle, mp.quad(f, parts) / (2 * mp.pi))
mp.mp.dps = 20
for r2, m, n in ((0.3, 3, 50), (0.05, 1, 10), (0.9, 4, 25), (0.5, 2, 200), (0.001, 2, 40)):
    def likelihood(x):
        half = n * x / (1 - x) / 2
        return mp.exp(-half) * mp.hyp1f1(mpf(n - 1) / 2, mpf(m) / 2, half * r2)
    sd = mp.sqrt(4 * mpf(r2) * (1 - mpf(r2))**2 / n + mpf(10) / n**2)
    parts = sorted({mpf("0.0001"), mpf("0.9999"), *(x for x in (r2 + i * sd for i in range(-12, 40))
                                                    if mpf("0.0001") < x < mpf("0.9999"))})
    parts = [x for x in parts if x < r2 + 40 * sd]
    s0, s1, s2 = (mp.quad(lambda x: (x - r2)**k * likelihood(x), parts) for k in range(3))
    row("r2_likelihood_variance", r2, float(m), float(n), s2 / s0 - (s1 / s0)**2)
