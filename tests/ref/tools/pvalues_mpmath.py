# SPDX-License-Identifier: GPL-3.0-or-later
"""pvalues_mpmath.py > ../pvalues.csv: combined p-values by their formulas with 80 digits."""
import random

from mpmath import atan2, betainc, binomial, erfc, erfinv, exp, factorial, findroot, floor, log, mp, mpf, pi, sqrt, tan

mp.dps = 80
random.seed(3)


def z_of(p):
    if p > 0.5:
        return -z_of(1 - p)
    start = sqrt(2 * log(1 / (2 * p))) if p < 0.01 else sqrt(mpf(2)) * erfinv(1 - 2 * p)
    return findroot(lambda z: log(erfc(z / sqrt(mpf(2))) / 2) - log(p), start)


def normal(z):
    return erfc(z / sqrt(mpf(2))) / 2


def t_tail(t, df):
    half = betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return half if t >= 0 else 1 - half


def chisq(x, df):
    """Even degrees of freedom: a Poisson sum."""
    return exp(-x / 2) * sum((x / 2) ** j / factorial(j) for j in range(df // 2))


def fisher(p, w, r, t):
    return chisq(-2 * sum(map(log, p)), 2 * len(p))


def stouffer(p, w, r, t):
    return normal(sum(a * z_of(x) for a, x in zip(w, p)) / sqrt(sum(a * a for a in w)))


def edgington(p, w, r, t):
    s, n = sum(p), len(p)
    return sum((-1) ** j * binomial(n, j) * (s - j) ** n for j in range(int(floor(s)) + 1)) / factorial(n)


def mean_p(p, w, r, t):
    return normal((mpf(1) / 2 - sum(p) / len(p)) * sqrt(mpf(12) * len(p)))


def mean_z(p, w, r, t):
    z, k = [z_of(x) for x in p], len(p)
    m = sum(z) / k
    return t_tail(m / sqrt(sum((x - m) ** 2 for x in z) / (k - 1) / k), k - 1)


def logit(p, w, r, t):
    k = mpf(len(p))
    return t_tail(-sum(log(x / (1 - x)) for x in p) / sqrt(k * pi ** 2 * (5 * k + 2) / (3 * (5 * k + 4))), 5 * k + 4)


def wilkinson(p, w, r, t):
    k, x = len(p), sorted(p)[r - 1]
    return sum(binomial(k, s) * x ** s * (1 - x) ** (k - s) for s in range(r, k + 1))


def sign(p, w, r, t):
    below, above = sum(x < 0.5 for x in p), sum(x > 0.5 for x in p)
    return sum(binomial(below + above, s) for s in range(below, below + above + 1)) / mpf(2) ** (below + above)


def truncated(p, w, r, t):
    k, product = len(p), mpf(1)
    if not any(x <= t for x in p):
        return mpf(1)
    for x in p:
        product *= x if x <= t else 1
    total = mpf(0)
    for m in range(1, k + 1):
        tail = t ** m if product > t ** m else product * sum((m * log(t) - log(product)) ** s / factorial(s)
                                                             for s in range(m))
        total += binomial(k, m) * (1 - t) ** (k - m) * tail
    return total


def cauchy(p, w, r, t):
    return atan2(1, sum(a / tan(pi * x) for a, x in zip(w, p)) / sum(w)) / pi


METHODS = {"fisher": fisher, "stouffer": stouffer, "edgington": edgington, "mean-p": mean_p, "mean-z": mean_z,
           "logit": logit, "tippett": lambda p, w, r, t: wilkinson(p, w, 1, t), "wilkinson": wilkinson,
           "maximum": lambda p, w, r, t: wilkinson(p, w, len(p), t), "sign": sign, "truncated": truncated,
           "cauchy": cauchy}
CASES = {"becker": ([0.016, 0.067, 0.25, 0.405, 0.871], None, 2, 0.2),
         "tiny": ([1e-200, 1e-30, 0.3, 0.7], None, 1, 0.05),
         "weighted": ([0.001, 0.2, 0.03, 0.9, 0.5, 0.04], [3.0, 1.0, 2.0, 0.5, 0.0, 1.5], 3, 0.05),
         "none small": ([0.6, 0.8, 0.99, 0.7], None, 4, 0.05),
         "one": ([0.02], None, 1, 0.05),
         "many": ([round(random.random() ** 1.5, 6) for _ in range(120)], None, 17, 0.3)}

print("# mpmath, 80 digits: python3 pvalues_mpmath.py")
print("case,p,weights,rank,truncation,method,pval,log_pval")
for name, (p, w, r, t) in CASES.items():
    for method, run in METHODS.items():
        if method == "mean-z" and len(p) < 2:
            continue
        x = run([mpf(a) for a in p], [mpf(a) for a in w or [1] * len(p)], r, mpf(t))
        print(name, " ".join(map(repr, p)), " ".join(map(repr, w or [])), r, t, method, mp.nstr(x, 20),
              mp.nstr(log(x), 20), sep=",")
