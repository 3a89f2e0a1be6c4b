# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals of tau2 to 20 digits, for tests/ref/tau2_ci.csv.

Generalised Q: all eigenvalues of the k x k matrix S P S (S^2 = diag(vi + tau2)) and the inverse Laplace integral of the
distribution of sum lambda_j chi2_1 along a parabola through a point near its saddle, by mpmath's quadrature. Profile
likelihood: the likelihood itself, with determinants of k x k and p x p matrices. Wald and test-based: their formulas.
"""
from mpmath import det, diag, eigsy, erfinv, exp, findroot, fsum, log, matrix, mp, mpc, mpf, nstr, pi, quad, sqrt

mp.dps = 25
LEVEL = mpf("0.95")
Z = sqrt(mpf(2)) * erfinv(LEVEL)


class Model:
    def __init__(self, y, v, x):
        self.k = len(y)
        self.y, self.v = matrix([mpf(a) for a in y]), [mpf(a) for a in v]
        self.x = matrix([[mpf(a) for a in row] for row in x or [[1]] * self.k])
        self.p = self.x.cols

    def projection(self, w):
        wx = diag(w) * self.x
        return diag(w) - wx * (self.x.T * wx) ** -1 * wx.T

    def rss(self, w):
        return (self.y.T * self.projection(w) * self.y)[0]

    def log_likelihood(self, t, reml):
        w = [1 / (a + t) for a in self.v]
        value = -fsum(log(a + t) for a in self.v) - self.rss(w)
        return (value - log(det(self.x.T * diag(w) * self.x)) if reml else value) / 2

    def at(self, t):
        w = [1 / (a + t) for a in self.v]
        p = self.projection(w)
        return w, p, sum(p[i, i] for i in range(self.k)), sum((p * p)[i, i] for i in range(self.k))


def tail(eigenvalues, q, upper):
    """P(sum lambda chi2_1 > q), or below."""
    n, largest = len(eigenvalues), max(eigenvalues)

    def slope(s):
        return fsum(a / (1 - 2 * s * a) for a in eigenvalues) - q - 1 / s
    if upper:
        lo, hi = mpf(10) ** -12 / q, (1 - mpf(10) ** -12) / (2 * largest)
    else:
        lo, hi = -mpf(10) ** 6 * n / q, -mpf(10) ** -12 / q
    for _ in range(80):
        mid = (lo + hi) / 2
        lo, hi = (lo, mid) if slope(mid) > 0 else (mid, hi)
    c = (lo + hi) / 2
    width = 1 / sqrt(fsum(2 * (a / (1 - 2 * c * a)) ** 2 for a in eigenvalues) + 1 / c ** 2)

    def integrand(u):
        y = u * width
        s = mpc(c + y * y / (4 * width), y)
        k = -fsum(log(1 - 2 * s * a) for a in eigenvalues) / 2
        return (exp(k - s * q) / s * mpc(y / (2 * width), 1)).imag * width
    return abs(quad(integrand, [0, 1, 2, 4, 8, 16, 32])) / pi


def root(f, lo, hi):
    """f(lo) < 0 < f(hi)."""
    for _ in range(12):
        mid = (lo + hi) / 2
        lo, hi = (lo, mid) if f(mid) > 0 else (mid, hi)
    return findroot(f, (lo, hi), solver="anderson", tol=mpf(10) ** -36, verify=False)


def by_q(m, power):
    a = [v ** -power for v in m.v]
    q, p = m.rss(a), m.projection(a)

    def probability(t, upper):
        s = diag([sqrt(v + t) for v in m.v])
        eigenvalues = sorted(eigsy(s * p * s, eigvals_only=True))[m.p:]
        return tail(eigenvalues, q, upper)
    half, limits = (1 - LEVEL) / 2, []
    for upper in (True, False):
        sign = 1 if upper else -1
        if sign * (probability(mpf(0), upper) - half) >= 0:
            limits.append(mpf(0))
            continue
        hi = max(m.v)
        while sign * (probability(hi, upper) - half) < 0:
            hi *= 2
        limits.append(root(lambda t: sign * log(probability(t, upper) / half), mpf(0), hi))
    return limits


def score(m, t, reml):
    w, p, tr_p, _ = m.at(t)
    py = p * m.y
    return (py.T * py)[0] - (tr_p if reml else fsum(w))


def maximum(m, reml):
    """Where there is one maximum."""
    if score(m, mpf(0), reml) <= 0:
        return mpf(0)
    hi = max(m.v)
    while score(m, hi, reml) > 0:
        hi *= 2
    return root(lambda t: -score(m, t, reml), mpf(0), hi)


def by_likelihood(m, reml):
    peak = maximum(m, reml)
    cut = m.log_likelihood(peak, reml) - Z ** 2 / 2
    hi = 2 * peak + max(m.v)
    while m.log_likelihood(hi, reml) > cut:
        hi *= 2
    lower = mpf(0)
    if m.log_likelihood(mpf(0), reml) < cut:
        lower = root(lambda t: m.log_likelihood(t, reml) - cut, mpf(0), peak)
    return lower, root(lambda t: cut - m.log_likelihood(t, reml), peak, hi)


def estimate(m, method):
    """tau2 and its standard error."""
    if method == "DL":
        w, p, tr_p, tr_pp = m.at(mpf(0))
        t = max(mpf(0), (m.rss(w) - (m.k - m.p)) / tr_p)
        return t, sqrt(2 * (m.k - m.p) + 4 * t * tr_p + 2 * t * t * tr_pp) / tr_p
    t = maximum(m, method == "REML")
    w, p, tr_p, tr_pp = m.at(t)
    return t, sqrt(2 / (tr_pp if method == "REML" else fsum(a * a for a in w)))


def by_formula(m, method, ci):
    t, se = estimate(m, method)
    if ci == "Wald":
        return max(mpf(0), t - Z * se), t + Z * se
    if ci == "Wald-log":
        return t * exp(-Z * se / t), t * exp(Z * se / t)
    if ci == "Wald-sqrt":
        half = Z * se / (2 * sqrt(t))
        return max(mpf(0), sqrt(t) - half) ** 2, (sqrt(t) + half) ** 2
    w, p, tr_p, _ = m.at(mpf(0))
    q, s2 = m.rss(w), (m.k - m.p) / tr_p
    k = mpf(m.k - m.p + 1)
    if q > k:
        se = (log(q) - log(k - 1)) / (2 * (sqrt(2 * q) - sqrt(2 * k - 3)))
    else:
        se = sqrt((1 - 1 / (3 * (k - 2) ** 2)) / (2 * (k - 2)))
    h = sqrt(1 + t / s2)
    return [s2 * (max(mpf(1), h * exp(sign * Z * se)) ** 2 - 1) for sign in (-1, 1)]


def by_profile(m):
    limits = []
    for upper in (True, False):
        want, half = (1 + LEVEL if upper else 1 - LEVEL) / 2, mpf(m.k - m.p) / 2
        target = 2 * root(lambda x: mp.gammainc(half, 0, x, regularized=True) - want, mpf(10) ** -8, 50 * half)
        if m.rss([1 / a for a in m.v]) <= target:
            limits.append(mpf(0))
            continue
        hi = max(m.v)
        while m.rss([1 / (a + hi) for a in m.v]) > target:
            hi *= 2
        limits.append(root(lambda t: target - m.rss([1 / (a + t) for a in m.v]), mpf(0), hi))
    return limits


BCG_Y = [-0.8893113339202054, -1.5853886572014306, -1.3480731482996933, -1.4415511900213054, -0.21754732221129558,
         -0.786115585818864, -1.6208982235983918, 0.011952333523840508, -0.4694176487381494, -1.3713448034727844,
         -0.3393588283383906, 0.44591340057137874, -0.017313948216879815]
BCG_V = [0.32558476500396133, 0.19458112139814385, 0.4153679653679654, 0.020010031902247573, 0.05121017216963086,
         0.0069056184559087574, 0.22301724757231517, 0.0039615792978177295, 0.056434210463248966,
         0.07302479361302891, 0.01241221397155972, 0.5325058452001528, 0.0714046596839863]
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
YEAR = [1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976]
SETS = [
    ("bcg", BCG_Y, BCG_V, None),
    ("bcg-small-unit", [a / 1000 for a in BCG_Y], [a / 1e6 for a in BCG_V], None),
    ("bcg-latitude", BCG_Y, BCG_V, [[1, a] for a in LATITUDE]),
    ("bcg-two-moderators", BCG_Y, BCG_V, [[1, a, b] for a, b in zip(LATITUDE, YEAR)]),
    ("low", [0.1, 0.25, 0.2, 0.32, 0.11, 0.15], [0.01, 0.02, 0.015, 0.03, 0.01, 0.02], None),
    ("too-equal", [0.1, 0.11, 0.105, 0.1, 0.1, 0.102], [0.01, 0.02, 0.015, 0.03, 0.01, 0.02], None),
    ("three", [0.1, 0.9, 0.4], [0.04, 0.09, 0.02], None),
    ("two", [0.1, 1.9], [0.04, 0.09], None),
    ("one-precise", [0.1, 0.9, 0.4, 0.7, -0.3], [1e-8, 0.09, 0.02, 0.05, 0.1], None),
]

print("# python3-mpmath 1.2, 25 digits: tests/ref/tools/tau2_ci_mpmath.py; level 0.95")
print("set,ci,method,yi,vi,x,p,lb,ub")
for name, y, v, x in SETS:
    m = Model(y, v, x)
    rows = [("QP", "DL", by_profile(m)), ("BJ", "DL", by_q(m, 1)), ("J", "DL", by_q(m, mpf("0.5")))]
    rows += [("PL", method, by_likelihood(m, method == "REML")) for method in ("ML", "REML")]
    for method in ("DL", "REML"):
        t = estimate(m, method)[0]
        rows += [(ci, method, by_formula(m, method, ci)) for ci in ("Wald", "Wald-log", "Wald-sqrt", "HT")
                 if not (t == 0 and "-" in ci) and not (ci == "HT" and m.k - m.p < 2)]
    for ci, method, limits in rows:
        print(name, ci, method, " ".join(map(repr, y)), " ".join(map(repr, v)),
              " ".join(str(a) for row in x or [] for a in row), m.p if x else 0,
              *(nstr(a, 20) for a in limits), sep=",")
