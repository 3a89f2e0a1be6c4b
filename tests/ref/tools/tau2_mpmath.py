#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/ref/tau2.csv and tests/ref/fit.csv: pooled fits to 50 digits.

    tests/ref/tools/tau2_mpmath.py [directory]

yi, vi and X are doubles, taken as exact. Estimators are written down from their definitions with traces of k x k
matrices (moment estimators) or from the likelihood itself: local maxima are the sign changes of the score on a grid
of 1,500 points over 40 decades, each polished by the secant method. Nothing here is taken from the C code.
"""
import functools
import sys
import mpmath
from mpmath import mp, mpf, matrix, log, sqrt, pi

mp.dps = 60
LEVEL = mpf('0.95')
COMMON = ('EE', 'FE', 'UWLS')


def design(x, k):
    return matrix([[mpf(1)]] * k) if x is None else matrix([[mpf(a) for a in row] for row in x])


class Model:
    def __init__(self, y, v, x):
        self.k = len(y)
        self.y = matrix([mpf(a) for a in y])
        self.v = [mpf(a) for a in v]
        self.x = design(x, self.k)
        self.p = self.x.cols

    def sums(self, t, weights=None):
        """Everything at tau2 = t in O(k p^2), or with given weights."""
        w = weights or [1 / (a + t) for a in self.v]
        k, p, x, y = self.k, self.p, self.x, self.y

        def cross(r):
            return matrix([[mpmath.fsum(w[i] ** r * x[i, a] * x[i, b] for i in range(k)) for b in range(p)]
                           for a in range(p)])
        a1, a2, a3 = cross(1), cross(2), cross(3)
        c = a1 ** -1
        beta = c * matrix([mpmath.fsum(w[i] * x[i, a] * y[i] for i in range(k)) for a in range(p)])
        e = [y[i] - mpmath.fsum(x[i, a] * beta[a] for a in range(p)) for i in range(k)]

        def trace(m):
            return mpmath.fsum(m[a, a] for a in range(p))
        return dict(t=t, w=w, c=c, beta=beta, e=e, a1=a1,
                    rss=mpmath.fsum(w[i] * e[i] ** 2 for i in range(k)),
                    ypp=mpmath.fsum((w[i] * e[i]) ** 2 for i in range(k)),
                    tr_p=mpmath.fsum(w) - trace(c * a2),
                    tr_pp=mpmath.fsum(a * a for a in w) - 2 * trace(c * a3) + trace(c * a2 * c * a2))

    def dense(self, w):
        """P for weights w, k x k."""
        big_w = mpmath.diag(w)
        wx = big_w * self.x
        return big_w - wx * (self.x.T * wx) ** -1 * wx.T

    def log_likelihood(self, t, reml):
        s = self.sums(t)
        logs = mpmath.fsum(log(a + t) for a in self.v)
        if not reml:
            return -(self.k * log(2 * pi) + logs + s['rss']) / 2
        return (-((self.k - self.p) * log(2 * pi) + logs + log(mpmath.det(s['a1'])) + s['rss'])
                + log(mpmath.det(self.x.T * self.x))) / 2

    def score(self, t, kind):
        """Twice the derivative of the log-likelihood; for BM with the prior density tau, whose logarithm is ln(t)/2."""
        s = self.sums(t)
        return s['ypp'] - (s['tr_p'] if kind == 'REML' else mpmath.fsum(s['w'])) + (1 / t if kind == 'BM' else 0)

    def maxima(self, kind):
        """A zero variance needs many digits near 0, where its weight is 1/t; the score's sign there counts for 0."""
        has_zero = min(self.v) == 0
        scale = max(max(self.v), max(abs(self.y[i] - self.y[0]) for i in range(self.k)) ** 2)
        with mp.workdps(90 if has_zero else 30):
            grid = [scale * mpf(10) ** (mpf(j) / 40) for j in range(-800 if has_zero else -1480, 120)]
            if not has_zero and kind != 'BM':
                grid.insert(0, mpf(0))
            signs = [self.score(t, kind) > 0 for t in grid]
            found = [] if signs[0] else [mpf(0)]
            for lo, hi, a, b in zip(grid, grid[1:], signs, signs[1:]):
                if a and not b:
                    found.append(solve(lambda t: self.score(t, kind), lo, hi))
        return found

    def solve_rss(self, target):
        """The tau2 at which y'Py equals the target; None if it is less already at 0."""
        lo = mpf(0) if min(self.v) > 0 else min(a for a in self.v if a > 0) * mpf(10) ** -20
        if self.sums(lo)['rss'] <= target:
            return None
        hi = max(self.v)
        while self.sums(hi)['rss'] > target:
            hi *= 8
        return solve(lambda t: self.sums(t)['rss'] - target, lo, hi)


def solve(f, lo, hi):
    """f(lo) > 0 >= f(hi): bisection, then regula falsi of Anderson & Bjoerck on x/hi."""
    with mp.workdps(max(30, mp.dps - 30)):
        while hi - lo > hi * mpf(10) ** -8:
            mid = (lo + hi) / 2
            lo, hi = (mid, hi) if f(mid) > 0 else (lo, mid)
    with mp.workdps(60):
        u = mpmath.findroot(lambda x: f(x * hi), (max(lo / hi - mpf(10) ** -7, mpf(0)), 1 + mpf(10) ** -7),
                            solver='anderson', tol=mpf(10) ** -80, maxsteps=200, verify=False)
        return u * hi


def trace(m):
    return mpmath.fsum(m[i, i] for i in range(m.rows))


def quadratic_sd(m, w, t):
    """Standard deviation of y'P_A y at tau2 = t for weights A = diag(w): sqrt(2 tr[(P_A (V + t))^2])."""
    pm = m.dense(w) * mpmath.diag([a + t for a in m.v])
    return sqrt(2 * trace(pm * pm))


def upper_tail(m, w, t, q):
    """P(y'P_A y >= q) at tau2 = t: the inverse Laplace transform of prod (1 + 2 s lambda)^(-1/2) / s."""
    with mp.workdps(50):
        root = mpmath.diag([sqrt(a + t) for a in m.v])
        found = sorted(mp.eigsy(root * m.dense(w) * root, eigvals_only=True))[m.p:]
        scale = max(found)
        found = [a / scale for a in found]
        return 1 - mp.invertlaplace(lambda s: mpmath.fprod(1 / sqrt(1 + 2 * s * a) for a in found) / s, q / scale,
                                    method='talbot', degree=90)


def moment_median(m, w, rss):
    """tau2 at which the sum of squares is at its median; 0 if it is above that already there."""
    def miss(t):
        return upper_tail(m, w, t, rss) - mpf(1) / 2
    if rss == 0 or miss(mpf(0)) >= 0:
        return mpf(0)
    hi = max(m.v) + rss / trace(m.dense(w))
    while miss(hi) < 0:
        hi *= 4
    lo = hi
    while miss(lo) >= 0:
        lo /= 4
    return hi * mpmath.findroot(lambda x: miss(x * hi), (lo / hi, mpf(1)), solver='anderson', tol=mpf(10) ** -60, maxsteps=60,
                                verify=False)


def compositions(n, k):
    """Ways to draw n times from k."""
    if k == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in compositions(n - first, k - 1):
            yield (first,) + rest


def bootstrap_dl(m):
    """Mean and standard deviation of DL over all samples of k studies with replacement."""
    k, first, second = m.k, mpf(0), mpf(0)
    for times in compositions(k, k):
        chance = mpmath.factorial(k) / mpf(k) ** k
        for n in times:
            chance /= mpmath.factorial(n)
        drawn = [i for i in range(k) for _ in range(times[i])]
        t = estimate(Model([m.y[i] for i in drawn], [m.v[i] for i in drawn], None), 'DL')[0]
        first += chance * t
        second += chance * t * t
    return first, sqrt(max(second - first ** 2, 0)), 0


def given_weights(name, v):
    """Weights of the user's choice: one over the standard error, or small whole numbers, one of them 0."""
    if name == 'bcg-root-weights':
        return [float(1 / mpf(a) ** 0.5) for a in v]
    return [float((7 * i + 3) % 5 + (len(v) < 6)) for i in range(len(v))]


def moments(m, w):
    """Sum of squares with weights w, its part due to the variances, the factor of tau2."""
    pm = m.dense(w)
    return m.sums(None, w)['rss'], trace(pm * mpmath.diag(m.v)), trace(pm)


@functools.lru_cache(None)
def estimate(m, method):
    """tau2, its standard error, number of local maxima (0: no likelihood)."""
    k, p = m.k, m.p
    if method in ('GENQ', 'GENQM'):
        w = [mpf(a) for a in m.given]
        rss, at_zero, slope = moments(m, w)
        t = max(mpf(0), (rss - at_zero) / slope) if method == 'GENQ' else moment_median(m, w, rss)
        return t, quadratic_sd(m, w, t) / slope, 0
    if method == 'BM':
        found = m.maxima('BM')
        t = max(found, key=lambda u: m.log_likelihood(u, False) + log(u) / 2)
        return t, sqrt(2 / (mpmath.fsum(a * a for a in m.sums(t)['w']) + 1 / t ** 2)), len(found)
    if method in ('DL2', 'CA2'):
        start = estimate(m, 'DL' if method == 'DL2' else 'HE')[0]
        w = [1 / (a + start) for a in m.v]
        rss, at_zero, slope = moments(m, w)
        t = max(mpf(0), (rss - at_zero) / slope)
        return t, quadratic_sd(m, w, t) / slope, 0
    if method == 'DLB':
        return bootstrap_dl(m)
    if method in COMMON:
        return mpf(0), None, 0
    if method in ('ML', 'REML'):
        found = m.maxima(method)
        t = max(found, key=lambda u: m.log_likelihood(u, method == 'REML'))
        s = m.sums(t)
        info = s['tr_pp'] if method == 'REML' else mpmath.fsum(a * a for a in s['w'])
        return t, sqrt(2 / info), len(found)
    if method in ('PM', 'EB', 'DLIT', 'SJIT', 'PMM'):
        t = m.solve_rss(chisq_quantile(mpf(1) / 2, k - p) if method == 'PMM' else mpf(k - p)) or mpf(0)
        return t, sqrt(2 * mpf(k) ** 2 / (k - p)) / mpmath.fsum(m.sums(t)['w']), 0
    ones = [mpf(1)] * k
    inverse = None if min(m.v) == 0 else [1 / a for a in m.v]
    if method == 'HE':
        s = m.sums(None, ones)
        t = max(mpf(0), (s['rss'] - trace(m.dense(ones) * mpmath.diag(m.v))) / (k - p))
        return t, quadratic_sd(m, ones, t) / (k - p), 0
    if method == 'SJ':
        mean = mpmath.fsum(m.y) / k
        t0 = mpmath.fsum((a - mean) ** 2 for a in m.y) / k
        s = m.sums(t0)
        t = t0 * s['rss'] / (k - p)
        return t, t0 / (k - p) * quadratic_sd(m, s['w'], t), 0
    s = m.sums(mpf(0))
    if method == 'DL':
        t = max(mpf(0), (s['rss'] - (k - p)) / s['tr_p'])
        return t, quadratic_sd(m, inverse, t) / s['tr_p'], 0
    if method == 'HM':
        q, nu = s['rss'], k - p
        t = q ** 2 / ((2 * nu + q) * s['tr_p'])
        slope = mpmath.diff(lambda x: x ** 2 / ((2 * nu + x) * s['tr_p']), q) if q else mpf(0)
        return t, slope * quadratic_sd(m, inverse, t), 0
    if method == 'HSk':
        t = max(mpf(0), (mpf(k) / (k - p) * s['rss'] - k) / mpmath.fsum(inverse))
        return t, mpf(k) / (k - p) * quadratic_sd(m, inverse, t) / mpmath.fsum(inverse), 0
    t = max(mpf(0), (s['rss'] - k) / mpmath.fsum(inverse))
    return t, quadratic_sd(m, inverse, t) / mpmath.fsum(inverse), 0


@functools.lru_cache(None)
def chisq_quantile(p, df):
    """x with lower tail p."""
    def miss(x):
        return mpmath.gammainc(mpf(df) / 2, 0, x / 2, regularized=True) - p
    hi = mpf(df) + 10
    while miss(hi) < 0:
        hi *= 2
    return mpmath.findroot(miss, (mpf(0), hi), solver='anderson', tol=mpf(10) ** -100, maxsteps=400, verify=False)


@functools.lru_cache(None)
def t_quantile(upper, df):
    if df is None:
        return sqrt(2) * mpmath.erfinv(1 - 2 * upper)
    hi = mpf(2)
    while t_upper(hi, df) > upper:
        hi *= 2
    return mpmath.findroot(lambda x: t_upper(x, df) - upper, (hi / 2, hi), solver='anderson', tol=mpf(10) ** -100,
                           maxsteps=400, verify=False)


def t_upper(x, df):
    if df is None:
        return mpmath.erfc(x / sqrt(2)) / 2
    df = mpf(df)
    tail = mpmath.betainc(df / 2, mpf(1) / 2, 0, df / (df + x * x), regularized=True) / 2
    return tail if x >= 0 else 1 - tail


def kenward_roger(s):
    s1, s2, s3 = (mpmath.fsum(a ** r for a in s['w']) for r in (1, 2, 3))
    info = s2 / 2 - s3 / s1 + (s2 / s1) ** 2 / 2
    var = (1 + 2 * (s3 / s1 - (s2 / s1) ** 2) / info) / s1
    return var * s1, 2 * info / (var * s2) ** 2


def scaling(m, s, test):
    """Factor of the covariance and degrees of freedom (None: normal)."""
    df = m.k - m.p
    if test == 'z':
        return mpf(1), None
    if test == 't':
        return mpf(1), df
    q = s['rss'] / df
    z = t_quantile((1 - LEVEL) / 2, None)
    half = t_quantile((1 - LEVEL) / 2, df) * sqrt(q * s['c'][0, 0])
    if test == 'hksj':
        return q, df
    if test == 'hksj-adhoc':
        return max(q, mpf(1)), df
    if test == 'hksj-ci':
        return (mpf(1), None) if half < z * sqrt(s['c'][0, 0]) else (q, df)
    if test == 'hksj-iqwig6':
        dl = m.sums(estimate(m, 'DL')[0])
        return (mpf(1), df) if half < z * sqrt(dl['c'][0, 0]) else (q, df)
    return kenward_roger(s)


def prediction(m, s, t, variant, factor, df_test):
    """Lower and upper limit, or None twice."""
    df, se2 = mpf(m.k - m.p), s['c'][0, 0]
    kr = kenward_roger(s)
    q = s['rss'] / df
    factor, df = {'auto': (factor, df), 'V': (1, df), 'HTS': (1, df - 1), 'HK': (q, df), 'HK-PR': (q, df - 1),
                  'KR': kr, 'KR-PR': (kr[0], kr[1] - 1), 'S': (1, None), 'simple': (0, None)}[variant]
    if df is not None and df < 1:
        return None, None
    half = t_quantile((1 - LEVEL) / 2, df) * sqrt(factor * se2 + t)
    return s['beta'][0] - half, s['beta'][0] + half


BCG_Y = [-0.8893113339202054, -1.5853886572014306, -1.3480731482996933, -1.4415511900213054, -0.21754732221129558,
         -0.786115585818864, -1.6208982235983918, 0.011952333523840508, -0.4694176487381494, -1.3713448034727844,
         -0.3393588283383906, 0.44591340057137874, -0.017313948216879815]
BCG_V = [0.32558476500396133, 0.19458112139814385, 0.4153679653679654, 0.020010031902247573, 0.05121017216963086,
         0.0069056184559087574, 0.22301724757231517, 0.0039615792978177295, 0.056434210463248966,
         0.07302479361302891, 0.01241221397155972, 0.5325058452001528, 0.0714046596839863]
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
YEAR = [1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976]


def sets():
    """Name, yi, vi, X."""
    yield 'bcg', BCG_Y, BCG_V, None
    for s in (1e-6, 1e-3, 1e3, 1e6):
        yield 'bcg-times-%g' % s, [a * s for a in BCG_Y], [a * s * s for a in BCG_V], None
    yield 'bcg-root-weights', BCG_Y, BCG_V, None
    yield 'bcg-plus-1e8', [a + 1e8 for a in BCG_Y], BCG_V, None
    yield 'bcg-latitude', BCG_Y, BCG_V, [[1, a] for a in LATITUDE]
    yield 'bcg-latitude-only', BCG_Y, BCG_V, [[a] for a in LATITUDE]
    yield 'bcg-latitude-plus-1e8', [a + 1e8 for a in BCG_Y], BCG_V, [[1, a] for a in LATITUDE]
    yield 'bcg-year-squared', BCG_Y, BCG_V, [[1, a, a * a] for a in YEAR]
    yield 'bcg-groups', BCG_Y, BCG_V, [[g == i for i in range(3)] for g in [0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 2]]
    yield 'bcg-twos', BCG_Y, BCG_V, [[2]] * 13
    yield 'two', [0.1, 0.9], [0.04, 0.09], None
    yield 'two-homogeneous', [0.1, 0.2], [0.04, 0.09], None
    yield 'three', [0.3, -0.1, 0.8], [0.01, 0.05, 0.02], None
    yield 'homogeneous', [0.11, 0.1, 0.12, 0.13, 0.09], [0.04, 0.05, 0.02, 0.08, 0.03], None
    yield 'equal-variances', [0.1, 0.7, -0.4, 1.3, 0.2, 0.9], [0.0625] * 6, None
    yield 'all-equal-effects', [0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.1, 0.4], None
    yield 'one-precise', [0.2, 0.9, -0.5, 1.4, 0.6], [1e-12, 0.3, 0.2, 0.4, 0.1], None
    yield 'one-vague', [0.2, 0.9, -0.5, 1.4, 0.6], [0.1, 0.3, 0.2, 1e12, 0.1], None
    yield 'zero-variance', [0.2, 0.9, -0.5, 1.4, 0.6], [0.0, 0.3, 0.2, 0.4, 0.1], None
    yield 'zero-variance-homogeneous', [0.41, 0.32, 0.12, 0.32, 0.32], [0.0, 0.029, 0.024, 0.039, 0.05], None
    yield 'dl-wider-than-reml', [0.05, 1.29, -0.28, 0.15], [0.013, 0.382, 0.121, 0.43], None
    yield 'wide-variances', [0.1, 0.9, -0.5, 7e9, -3e9, 2e9, 1e10, 5e9, 8e9, 0.4], [0.02] + [4e45] * 8 + [0.03], None
    yield 'small-tau2', [0.5, 0.61, 0.38, 0.57, 0.42, 0.5], [0.0061, 0.006, 0.0059, 0.0062, 0.006, 0.0058], None
    yield 'bimodal-1', [-0.0434, -0.0594, -4.3669, -2.2992], [6.39e-07, 1.73e-05, 2.83, 1.01], None
    yield 'bimodal-2', [0, -0.0003, -2.4678, -2.5516], [0.000143, 1.83e-06, 8.4, 0.0113], None
    yield 'bimodal-3', [0.002, -0.0001, -2.202, -3.9088], [2.9e-07, 1.9e-07, 0.00944, 1.47], None
    yield 'three-scales', [0, 0.0001, 1.0, 1.02, 60.0, 91.0], [1e-10, 2e-10, 1e-5, 2e-5, 3.0, 2.5], None
    yield 'huge', [3e80, -1e80, 5e80, 0.0], [1e159, 2e160, 3e159, 1e159], None
    yield 'tiny', [3e-80, -1e-80, 5e-80, 0.0], [1e-161, 2e-160, 3e-161, 1e-161], None


METHODS = ('EE', 'FE', 'UWLS', 'DL', 'HE', 'HS', 'SJ', 'PM', 'EB', 'ML', 'REML', 'DL2', 'CA2', 'PMM', 'DLIT', 'SJIT', 'HSk', 'HM',
           'BM', 'DLB', 'GENQ', 'GENQM')
GIVEN = ('GENQ', 'GENQM')
TESTS = ('z', 't', 'hksj', 'hksj-adhoc', 'hksj-ci', 'hksj-iqwig6', 'kr')
VARIANTS = ('auto', 'V', 'HTS', 'HK', 'HK-PR', 'KR', 'KR-PR', 'S', 'simple')


def show(value):
    return '' if value is None else mpmath.nstr(value, 22, min_fixed=0, max_fixed=0)


def cells(numbers):
    return ' '.join(repr(float(a)) for a in numbers)


def data_cells(m, method, y, v, x):
    return [cells(y), cells(v), '' if x is None else cells(a for row in x for a in row), str(0 if x is None else len(x[0])),
            cells(m.given) if method in GIVEN else '']


def estimable(m, name, method):
    if method == 'DLB' and (m.k > 8 or any(m.x[i, 0] != 1 for i in range(m.k)) or m.p > 1):
        return False
    if name == 'bcg-root-weights' and method not in GIVEN:
        return False
    if name.startswith('zero-variance') and method in ('ML', 'BM'):
        return False
    if name == 'wide-variances' and method == 'BM': # its root is 47 decades below the grid's end
        return False
    if method == 'CA2' and min(m.v) == 0 and estimate(m, 'HE')[0] == 0: # refused
        return False
    return min(m.v) > 0 or method in ('HE', 'SJ', 'PM', 'EB', 'ML', 'REML', 'CA2', 'PMM', 'DLIT', 'SJIT') + GIVEN


def write_tau2(out):
    print('# Python mpmath %s, 60 digits, tests/ref/tools/tau2_mpmath.py' % mpmath.__version__, file=out)
    print('set,method,yi,vi,x,p,weights,tau2,se_tau2,n_maxima', file=out)
    for name, y, v, x in sets():
        m = model(name, y, v, x)
        for method in METHODS:
            if not estimable(m, name, method):
                continue
            t, se, n = estimate(m, method)
            if min(m.v) == 0 and t == 0: # refused
                continue
            print(','.join([name, method] + data_cells(m, method, y, v, x) + [show(t), show(se), str(n)]), file=out)


@functools.lru_cache(None)
def q_profile(m):
    return [m.solve_rss(chisq_quantile(p, m.k - m.p)) or mpf(0) for p in ((1 + LEVEL) / 2, (1 - LEVEL) / 2)]


@functools.lru_cache(None)
def heterogeneity(m, t, method):
    """q, q_pval, i2, h2, tau2_ci_lb, tau2_ci_ub."""
    df = m.k - m.p
    ci = [None, None] if method in COMMON else q_profile(m)
    if min(m.v) == 0:
        return [None] * 4 + ci
    s = m.sums(mpf(0))
    q, s2 = s['rss'], df / s['tr_p']
    i2, h2 = 100 * t / (s2 + t), 1 + t / s2
    if method in COMMON:
        i2, h2 = (100 * max(mpf(0), (q - df) / q) if q else mpf(0)), q / df
    return [q, mpmath.gammainc(mpf(df) / 2, q / 2, mpmath.inf, regularized=True), i2, h2] + ci


def omnibus(m, s, factor, df):
    """Wald test of all coefficients but that of a constant column; its p-value."""
    tested = [j for j in range(m.p) if any(m.x[i, j] != m.x[0, j] for i in range(m.k))]
    if not tested:
        return None, None
    n = len(tested)
    b = matrix([s['beta'][j] for j in tested])
    vb = matrix([[factor * s['c'][a, c] for c in tested] for a in tested])
    qm = (b.T * vb ** -1 * b)[0, 0]
    if df is None:
        return qm, mpmath.gammainc(mpf(n) / 2, qm / 2, mpmath.inf, regularized=True)
    x = df / (df + qm)
    return qm / n, mpmath.betainc(mpf(df) / 2, mpf(n) / 2, 0, x, regularized=True)


def henmi_copas(m, s, t):
    """The mean by weights 1/vi, its standard error, and the p-value and critical value of Henmi & Copas (2010)."""
    with mp.workdps(18):
        w = [1 / a for a in m.v]
        w1 = mpmath.fsum(w)
        w2, w3, w4 = (mpmath.fsum(a ** r for a in w) / w1 for r in (2, 3, 4))
        vr, k = 1 + t * w2, m.k
        mean = mpmath.fsum(a * b for a, b in zip(w, m.y)) / w1

        def below(q, r):
            r2 = vr * r ** 2
            c = r2 / vr ** 2 - 1 / vr
            e = (k - 1) + t * (w1 - w2) + t ** 2 * c * (w3 - w2 ** 2)
            v = (2 * (k - 1) + 4 * t * (w1 - w2) + 2 * t ** 2 * (w1 * w2 - 2 * w3 + w2 ** 2) + 4 * t ** 2 * c * (w3 - w2 ** 2)
                 + 4 * t ** 3 * c * (w4 - 2 * w2 * w3 + w2 ** 3)
                 + 2 * t ** 4 * (1 / vr ** 2 - 2 * r2 / vr ** 3) * (w3 - w2 ** 2) ** 2)
            return mpmath.gammainc(e * e / v, 0, q * e / v, regularized=True)

        def tail(x):
            return mpmath.quad(lambda r: below((w1 / w2 - 1) * (r ** 2 / x ** 2 - 1) + k - 1, r) * mpmath.npdf(r),
                               [x, x + mpf(1) / 4, x + 1, x + 3, x + 12])
        se, hi = sqrt(vr / w1), mpf(1)
        while tail(hi) > (1 - LEVEL) / 2:
            hi *= 2
        x = mpmath.findroot(lambda u: tail(u) - (1 - LEVEL) / 2, (hi / 8, hi), solver='anderson', tol=mpf(10) ** -28,
                            verify=False)
        return mean, se, 2 * tail(abs(mean / se) / sqrt(vr)), x * sqrt(vr)


def fit_row(m, method, test, variant):
    t = estimate(m, method)[0]
    s = m.sums(t)
    factor, df = scaling(m, s, 'z' if test == 'hc' else 'hksj' if method == 'UWLS' else test)
    last = m.p - 1
    estimate_, se = s['beta'][last], sqrt(factor * s['c'][last, last])
    half = t_quantile((1 - LEVEL) / 2, df) * se
    statistic = estimate_ / se if se else None
    pval = 2 * t_upper(abs(statistic), df) if se else None
    shift = mpf(0)
    if test == 'hc':
        estimate_, se, pval, critical = henmi_copas(m, s, t)
        half, statistic = critical * se, estimate_ / se
        shift = (estimate_ - s['beta'][0]) ** 2 * mpmath.fsum(s['w']) / 2
    reml = method == 'REML'
    parms = m.p + (method not in COMMON)
    ll = m.log_likelihood(t, reml) - shift
    n = mpf(m.k - m.p if reml else m.k)
    n_c = max(n, mpf(parms + 2))
    limits = prediction(m, s, t, variant, factor, df) if variant != 'none' else (None, None)
    return (list(omnibus(m, s, factor, df)) + [estimate_, se, statistic, df if df is None else mpf(df), pval, estimate_ - half, estimate_ + half,
             s['rss'] / (m.k - m.p)] + list(limits) + heterogeneity(m, t, method) +
            [ll, -2 * ll + 2 * parms, -2 * ll + 2 * parms * n_c / (n_c - parms - 1), -2 * ll + parms * log(n)])


COLUMNS = ('qm qm_pval estimate se statistic df pval ci_lb ci_ub s2w pi_lb pi_ub q q_pval i2 h2 tau2_ci_lb tau2_ci_ub '
           'll aic aicc bic').split()


def write_fit(out):
    print('# Python mpmath %s, 60 digits, tests/ref/tools/tau2_mpmath.py; the last coefficient, level 0.95'
          % mpmath.__version__, file=out)
    print(','.join(['set', 'method', 'test', 'pi', 'yi', 'vi', 'x', 'p', 'weights'] + COLUMNS), file=out)
    for name, y, v, x in sets():
        m = model(name, y, v, x)
        jobs = [(method, 't' if method == 'UWLS' else 'z', 'none' if method in COMMON or x is not None else 'S') for method in METHODS]
        if not name.startswith('bcg-times') and m.k > m.p:
            jobs += [('REML', test, 'auto' if x is None else 'none') for test in TESTS
                     if x is None or test not in ('kr', 'hksj-iqwig6')]
            if x is None:
                jobs += [('REML', 'hksj', variant) for variant in VARIANTS]
        if name in ('bcg', 'homogeneous'):
            jobs.append(('DL', 'hc', 'none'))
        for method, test, variant in jobs:
            if not estimable(m, name, method) or (name.startswith('zero-variance') and test == 'hksj-iqwig6'):
                continue
            if min(m.v) == 0 and estimate(m, method)[0] == 0: # refused
                continue
            row = fit_row(m, method, test, variant)
            print(','.join([name, method, test, variant] + data_cells(m, method, y, v, x) + [show(a) for a in row]), file=out)


MODELS = {}


def model(name, y, v, x):
    """The same object for the same set, so that its estimates are computed once."""
    if name not in MODELS:
        MODELS[name] = Model(y, v, x)
        MODELS[name].given = given_weights(name, v)
    return MODELS[name]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'tests/ref'
    with open(folder + '/tau2.csv', 'w') as out:
        write_tau2(out)
    with open(folder + '/fit.csv', 'w') as out:
        write_fit(out)


if __name__ == "__main__":
    main()
