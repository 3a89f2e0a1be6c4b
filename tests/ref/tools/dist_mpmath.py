#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/ref/dist.csv: tails and quantiles to 50 digits, by series and continued fractions of our own.

    tests/ref/tools/dist_mpmath.py > tests/ref/dist.csv

Arguments are doubles, taken as exact. The incomplete gamma and beta functions are summed here (mpmath's are slow for
large parameters) and checked against mpmath's for small ones.
"""
import sys
import mpmath
from mpmath import mp, mpf, log, exp, loggamma, sqrt

mp.dps = 60


def lentz(b0, terms):
    """Continued fraction b0 + a1/(b1 + a2/(b2 + ...)) from an iterator of (a, b)."""
    tiny = mpf(10) ** -300
    f = b0 or tiny
    c, d = f, mpf(0)
    for a, b in terms:
        d = 1 / ((b + a * d) or tiny)
        c = (b + a / c) or tiny
        f *= c * d
        if abs(c * d - 1) < mpf(10) ** -(mp.dps - 6):
            return f


def log_gamma_tails(a, x):
    """Logarithms of P(a, x) and Q(a, x)."""
    if x == 0:
        return -mpmath.inf, mpf(0)
    front = a * log(x) - x - loggamma(a)
    if x < a + 1:
        term = total = 1 / a
        n = 0
        while term > total * mpf(10) ** -(mp.dps + 2):
            n += 1
            term *= x / (a + n)
            total += term
        p = front + log(total)
        return p, mpmath.log1p(-exp(p))

    def terms():
        yield mpf(1), x + 1 - a
        i = 0
        while True:
            i += 1
            yield -i * (i - a), x + 2 * i + 1 - a
    q = front + log(lentz(mpf(0), terms()))
    return mpmath.log1p(-exp(q)), q


def log_beta_tails(a, b, x, y):
    """Logarithms of I_x(a, b) and of its complement; y = 1 - x, given apart so that neither cancels."""
    if x == 0:
        return -mpmath.inf, mpf(0)
    if y == 0:
        return mpf(0), -mpmath.inf
    if x > (a + 1) / (a + b + 2):
        return log_beta_tails(b, a, y, x)[::-1]

    def terms():
        yield mpf(1), mpf(1)
        m = 0
        while True:
            yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), mpf(1)
            m += 1
            yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), mpf(1)
    front = a * log(x) + b * log(y) - log(a) - (loggamma(a) + loggamma(b) - loggamma(a + b))
    p = front + log(lentz(mpf(0), terms()))
    return p, mpmath.log1p(-exp(p))


def log_tail(dist, x, a, b, upper):
    x, a, b = mpf(x), mpf(a), mpf(b)
    if dist == 'norm':
        z = x if upper else -x
        return log(mpmath.erfc(z / sqrt(2)) / 2)
    if dist == 't':
        small = log_beta_tails(a / 2, mpf(1) / 2, a / (a + x * x), x * x / (a + x * x))[0] - log(2)
        return small if (x > 0) == upper else mpmath.log1p(-exp(small))
    if dist == 'chisq':
        return log_gamma_tails(a / 2, x / 2)[upper]
    if dist == 'f':
        return log_beta_tails(a / 2, b / 2, a * x / (a * x + b), b / (a * x + b))[upper]
    return log_beta_tails(a, b, x, 1 - x)[upper]


def quantile(dist, p, a, b, upper):
    """Bisection, then secant steps, on the log tail against log x (t: its positive half)."""
    if p == mpf('0.5') and dist == 't':
        return mpf(0)
    want = log(mpf(p))

    def miss(u):
        return (log_tail(dist, exp(u), a, b, upper) - want) * (-1 if upper else 1)
    lo, hi = mpf(-1), mpf(1)
    with mp.workdps(18):
        while miss(lo) > 0:
            lo = 2 * lo - 1
        if dist == 'beta':
            hi = mpf(0)
        while dist != 'beta' and miss(hi) < 0:
            hi = 2 * hi + 1
        while hi - lo > 1e-5 * max(1, abs(lo)):
            mid = (lo + hi) / 2
            lo, hi = (mid, hi) if miss(mid) < 0 else (lo, mid)
    u = mpmath.findroot(miss, (lo, (lo + hi) / 2), solver='secant', tol=mpf(10) ** -70, maxsteps=12, verify=False)
    return exp(u)


def show(value):
    return mpmath.nstr(value, 25)


def row(what, dist, x, a, b, upper, value):
    print(','.join([what, dist, repr(x), repr(a), repr(b), 'upper' if upper else 'lower', show(value)]))


def tails(dist, xs, a=0.0, b=0.0):
    for x in xs:
        for upper in (False, True):
            value = log_tail(dist, x, a, b, upper)
            if exp(value) > mpf('1e-305'):
                row('p', dist, x, a, b, upper, exp(value))
            if dist != 'beta':
                row('log_p', dist, x, a, b, upper, value)


def quantiles(dist, ps, a=0.0, b=0.0):
    for p in ps:
        for upper in ((True,) if dist == 't' else (False, True)):
            if dist == 'beta' and upper and p < 1e-3: # x rounds to 1
                continue
            value = quantile(dist, p, a, b, upper)
            if mpf('1e-290') < value < mpf('1e290'):
                row('q', dist, p, a, b, upper, value)


def self_check():
    mp.dps = 50
    for a, x in ((0.5, 0.3), (7.0, 3.0), (3.0, 20.0)):
        assert abs(exp(log_gamma_tails(mpf(a), mpf(x))[1]) / mpmath.gammainc(a, x, regularized=True) - 1) < 1e-40
    for a, b, x in ((0.5, 6.0, 0.3), (7.0, 3.0, 0.9), (2.5, 1.5, 0.01)):
        want = mpmath.betainc(a, b, 0, x, regularized=True)
        assert abs(exp(log_beta_tails(mpf(a), mpf(b), mpf(x), 1 - mpf(x))[0]) / want - 1) < 1e-40
    mp.dps = 60


def main():
    self_check()
    print('# Python mpmath %s, 60 digits, tests/ref/tools/dist_mpmath.py' % mpmath.__version__)
    print('what,dist,x,a,b,tail,value')
    usual = (0.1, 0.05, 0.025, 0.005, 0.0005, 0.25, 0.45)
    far = (1e-8, 1e-12, 1e-20, 1e-50, 1e-100, 1e-300)
    tails('norm', (0.0, 0.3, 1.0, 1.959963984540054, 3.0, 5.5, 8.3, 12.0, 20.0, 37.0))
    for x in (38.5, 100.0, 1e3, 1e5):
        row('log_p', 'norm', x, 0.0, 0.0, True, log(mpmath.erfc(mpf(x) / sqrt(2)) / 2))
    for p in usual + far:
        value = mpmath.findroot(lambda z: log(mpmath.erfc(z / sqrt(2)) / 2) - log(mpf(p)),
                                (mpf(0), mpf(40)), solver='anderson', tol=mpf(10) ** -80, verify=False, maxsteps=200)
        row('q', 'norm', p, 0.0, 0.0, True, value)
    for df in (1.0, 2.0, 3.0, 5.0, 10.5137, 12.0, 45.0, 300.0, 1e4, 1e6):
        tails('t', (0.1, 1.0, 2.5, 4.4, 8.0, 15.0, 35.0, 1e3), df)
        quantiles('t', usual + far, df)
    for df in (1.0, 2.0, 5.0, 12.0, 100.0, 2320.0, 1e4, 1e6):
        tails('chisq', tuple(df * r for r in (0.01, 0.3, 0.9, 1.0, 1.02, 1.3, 3.0, 12.0)), df)
        quantiles('chisq', usual + far, df)
    for d1, d2 in ((1.0, 1.0), (1.0, 11.0), (2.0, 10.0), (3.0, 271.0), (5.0, 1e4), (2.0, 1e6)):
        tails('f', (0.01, 0.3, 1.0, 2.7, 5.0, 20.0, 150.0), d1, d2)
        quantiles('f', usual + far[:4], d1, d2)
    for d1, d2 in ((13.0, 819628.0), (9.0, 5001.0)):
        tails('f', (0.02, 30.0, 60.0, 86.0, 101.0, 140.0, 220.0, 1e3), d1, d2)
    for a, b in ((0.5, 0.5), (1.0, 5.0), (17.0, 484.0), (3.0, 98.0), (2e3, 5e3)):
        tails('beta', tuple(a / (a + b) * r for r in (0.1, 0.5, 0.9, 1.0, 1.1)), a, b)
        quantiles('beta', usual + far[:3], a, b)
    tails('beta', (0.36, 0.40), 27.548368684440387, 1467.3358860302334)
    densities()


def densities():
    for x in (0.0, 0.3, 1.0, 2.5, 8.0, 30.0):
        row('density', 'norm', x, 0.0, 0.0, True, exp(-mpf(x) ** 2 / 2) / sqrt(2 * mpmath.pi))
    for df in (1.0, 2.0, 5.0, 12.7, 300.0, 1e4, 1e6, 1e9):
        for x in (0.0, 0.1, 1.0, 4.4, 15.0):
            n, y = mpf(df), mpf(x)
            value = exp(loggamma((n + 1) / 2) - loggamma(n / 2) - (n + 1) / 2 * mpmath.log1p(y * y / n))
            row('density', 't', x, df, 0.0, True, value / sqrt(n * mpmath.pi))


if __name__ == '__main__':
    densities() if sys.argv[1:] == ['densities'] else main()
