# SPDX-License-Identifier: GPL-3.0-or-later
"""Mean weights of selection models to 30 digits: the integral of w(p(z)) over a normal z, also far out in its tails.

python3 selection_mean_mpmath.py > ../selection_mean.csv
"""
from mpmath import erfc, exp, inf, linspace, log, mp, mpf, quad, sqrt, pi

mp.dps = 30
CASES = [  # model, two-sided, step, parameters, mean and sd of z
    ("beta", 0, None, (0.3, 2.5), -0.5, 1.4), ("beta", 0, None, (1.6, 1.3), 3, 2), ("beta", 0, None, (0.24, 65), -7, 1.2),
    ("beta", 1, None, (0.8, 0.6), 0.7, 1.1), ("halfnorm", 0, None, (5,), 1, 1), ("halfnorm", 0, None, (100,), -14, 1.05),
    ("halfnorm", 0, 0.05, (3,), 0.4, 1.3), ("negexp", 0, None, (20,), 0.2, 6), ("negexp", 1, 0.05, (8,), 0.5, 1.5),
    ("logistic", 0, None, (30,), -4, 1), ("power", 0, None, (17,), -6, 1.1), ("power", 1, None, (0.4,), 0.3, 1),
    ("negexppow", 0, None, (3, 4), 2, 1.5), ("negexppow", 0, None, (100, 0.01), -9, 2), ("negexppow", 0, None, (2, 80), 12, 3),
]
CLIP = {"beta": mpf("1e-5"), "power": mpf("1e-12")}


def weight(model, p, d):
    clip = CLIP.get(model, 0)
    if clip:
        p = min(max(p, clip), 1 - clip)
    if model == "beta":
        return p ** (d[0] - 1) * (1 - p) ** (d[1] - 1)
    if model == "halfnorm":
        return exp(-d[0] * p * p)
    if model == "negexp":
        return exp(-d[0] * p)
    if model == "logistic":
        return 2 * exp(-d[0] * p) / (1 + exp(-d[0] * p))
    if model == "power":
        return (1 - p) ** d[0]
    return exp(-d[0] * p ** (1 / d[1]))


def quantile(p):
    lo, hi = mpf(-40), mpf(40)
    for _ in range(120):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if erfc(mid / sqrt(mpf(2))) / 2 > p else (lo, mid)
    return lo


def mean(model, two, step, d, at, sd):
    d, at, sd = [mpf(str(x)) for x in d], mpf(str(at)), mpf(str(sd))

    def f(z):
        tail = erfc(abs(z) / sqrt(mpf(2))) if two else erfc(z / sqrt(mpf(2))) / 2
        w = mpf(1) if step and tail <= step else weight(model, tail, d) / (weight(model, mpf(str(step)), d) if step else 1)
        return w * exp(-((z - at) / sd) ** 2 / 2) / (sd * sqrt(2 * pi))

    points = {mpf(0), at} | {at + sd * i for i in range(-30, 31)} | {mpf(i) / 2 for i in range(-30, 31)}
    half = mpf(1) / 2 if two else mpf(1)
    for p in [mpf(str(step))] if step else []:
        points |= {quantile(half * p), -quantile(half * p)}
    if model in CLIP:
        points |= {s * quantile(half * CLIP[model]) for s in (-1, 1)}
        if two:
            points |= {s * quantile(mpf(1) / 2 - (CLIP[model]) / 2) * 10 ** k for s in (-1, 1) for k in range(13)}
    points = sorted(x for x in points if abs(x - at) <= 31 * sd)
    return log(quad(f, points))


print("# mpmath, 30 digits: tests/ref/tools/selection_mean_mpmath.py")
print("selection,two_sided,step,d1,d2,mean,sd,log_mean")
for model, two, step, d, at, sd in CASES:
    print(",".join(map(str, (model, two, step or "", d[0], d[1] if len(d) > 1 else "", at, sd,
                             mp.nstr(mean(model, two, step, d, at, sd), 17)))))
