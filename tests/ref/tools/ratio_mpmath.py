# SPDX-License-Identifier: GPL-3.0-or-later
"""Likelihood-ratio tests and intervals of coefficients for tests/ref/ratio.csv, 25 digits.

Skovgaard's statistic from the matrices S, q, I and J of Guolo (2012, Stat Med 31:313-327), solved and with their
determinants as they stand there; Bartlett's divisor from Lawley's expansion (1956, Biometrika 43:295-303) summed over
all cumulants of both models, each obtained by differentiating the expected log-likelihood symbolically by hand.
"""
from mpmath import det, diag, erfc, erfinv, findroot, fsum, log, lu_solve, matrix, mp, mpf, nstr, sqrt

mp.dps = 25
LEVEL = mpf("0.95")
Z = sqrt(mpf(2)) * erfinv(LEVEL)


def fit(y, v, x, t):
    w = [1 / (a + t) for a in v]
    if x is None:
        return w, matrix(0, 1), y
    a = x.T * diag(w) * x
    beta = lu_solve(a, x.T * diag(w) * y)
    return w, beta, y - x * beta


def log_likelihood(y, v, x, t):
    w, beta, e = fit(y, v, x, t)
    return (fsum(log(a) for a in w) - fsum(w[i] * e[i] ** 2 for i in range(len(v)))) / 2


def maximum(y, v, x):
    """The tau2 of the maximum, by the root of the score; these sets have one."""
    def score(t):
        w, beta, e = fit(y, v, x, t)
        return fsum(w[i] ** 2 * e[i] ** 2 for i in range(len(v))) - fsum(w)
    if score(mpf(0)) <= 0:
        return mpf(0)
    lo, hi = mpf(0), max(v)
    while score(hi) > 0:
        lo, hi = hi, 2 * hi
    for _ in range(20):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if score(mid) > 0 else (lo, mid)
    return findroot(score, (lo, hi), solver="anderson", tol=mpf(10) ** -36, verify=False)


def drop(x, j):
    p = x.cols
    return None if p == 1 else matrix([[x[i, c] for c in range(p) if c != j] for i in range(x.rows)])


def information(v, x, e, t, observed):
    w = [1 / (a + t) for a in v]
    p, k = x.cols if x is not None else 0, len(v)
    m = matrix(p + 1, p + 1)
    for a in range(p):
        for b in range(p):
            m[a, b] = fsum(w[i] * x[i, a] * x[i, b] for i in range(k))
        if observed:
            m[a, p] = m[p, a] = fsum(w[i] ** 2 * x[i, a] * e[i] for i in range(k))
    half = fsum(a * a for a in w) / 2
    m[p, p] = fsum(w[i] ** 3 * e[i] ** 2 for i in range(k)) - half if observed else half
    return m


def lawley(v, x, t):
    """epsilon of (beta, tau2) less that of tau2 alone; kappa by their arrays, only b, s = tau2 kinds that are not 0."""
    if x is None:
        return mpf(0)
    w, p, k = [1 / (a + t) for a in v], x.cols, len(v)
    s = [None] + [fsum(a ** r for a in w) for r in range(1, 6)]
    a = [None] + [x.T * diag([b ** r for b in w]) * x for r in range(1, 5)]
    n = p + 1
    T = p

    def second(i, j):
        return -a[1][i, j] if i < p and j < p else -s[2] / 2 if i == j == T else mpf(0)

    def third(i, j, l):
        others = [q for q in (i, j, l) if q != T]
        if len(others) == 0:
            return 2 * s[3]
        return a[2][others[0], others[1]] if len(others) == 2 else mpf(0)

    def fourth(i, j, l, m):
        others = [q for q in (i, j, l, m) if q != T]
        if len(others) == 0:
            return -9 * s[4]
        return -2 * a[3][others[0], others[1]] if len(others) == 2 else mpf(0)

    def second_by(i, j, l):  # derivative of kappa_ij in parameter l
        if l != T:
            return mpf(0)
        return a[2][i, j] if i < p and j < p else s[3] if i == j == T else mpf(0)

    def second_by2(i, j, l, m):
        if l != T or m != T:
            return mpf(0)
        return -2 * a[3][i, j] if i < p and j < p else -3 * s[4] if i == j == T else mpf(0)

    def third_by(i, j, l, m):
        if m != T:
            return mpf(0)
        others = [q for q in (i, j, l) if q != T]
        if len(others) == 0:
            return -6 * s[4]
        return -2 * a[3][others[0], others[1]] if len(others) == 2 else mpf(0)

    def epsilon(index):
        k2 = matrix([[second(i, j) for j in index] for i in index]) ** -1
        inv = {(i, j): k2[c, d] for c, i in enumerate(index) for d, j in enumerate(index) if k2[c, d] != 0}
        total = mpf(0)
        for (r, q), x1 in inv.items():
            for (t_, u), x2 in inv.items():
                total += x1 * x2 * (fourth(r, q, t_, u) / 4 - third_by(r, q, t_, u) + second_by2(r, t_, q, u))
                for (c, d), x3 in inv.items():
                    total -= x1 * x2 * x3 * (
                        third(r, t_, c) * (third(q, u, d) / 6 - second_by(q, d, u))
                        + third(r, t_, u) * (third(q, c, d) / 4 - second_by(q, d, c))
                        + second_by(r, t_, c) * second_by(q, d, u) + second_by(r, t_, u) * second_by(q, d, c))
        return total
    return epsilon(list(range(n))) - epsilon([T])


class Ratio:
    def __init__(self, y, v, x, j):
        self.y, self.v, self.x, self.j = y, v, x, j
        self.t = maximum(y, v, x)
        self.w, self.beta, self.e = fit(y, v, x, self.t)
        self.top = log_likelihood(y, v, x, self.t)
        self.divisor = 1 + lawley(v, x, self.t) - lawley(v, drop(x, j), self.t)

    def r(self, b):
        rest = drop(self.x, self.j)
        y = self.y - b * matrix([self.x[i, self.j] for i in range(self.x.rows)])
        t = maximum(y, self.v, rest)
        w = 2 * (self.top - log_likelihood(y, self.v, rest, t))
        return (1 if self.beta[self.j] > b else -1) * sqrt(max(w, mpf(0))), y, rest, t

    def pl(self, b):
        return self.r(b)[0]

    def bartlett(self, b):
        return self.r(b)[0] / sqrt(self.divisor)

    def skovgaard(self, b):
        r, y, rest, t = self.r(b)
        p, k, x = self.x.cols, len(self.v), self.x
        w, beta, e = fit(y, self.v, rest, t)
        full = matrix(p, 1)
        full[self.j] = b
        for c, l in enumerate([l for l in range(p) if l != self.j]):
            full[l] = beta[c]
        delta = x * (self.beta - full)
        s, q = matrix(p + 1, p + 1), matrix(p + 1, 1)
        for c in range(p):
            for d in range(p):
                s[c, d] = fsum(w[i] * x[i, c] * x[i, d] for i in range(k))
            s[c, p] = fsum(w[i] ** 2 * x[i, c] * delta[i] for i in range(k))
            q[c] = fsum(w[i] * x[i, c] * delta[i] for i in range(k))
        s[p, p] = fsum(a * a for a in w) / 2
        q[p] = -(fsum(self.w) - fsum(w)) / 2
        top_j, top_i = (information(self.v, x, self.e, self.t, o) for o in (True, False))
        nuisance = information(self.v, rest, e, t, True)
        u = abs(lu_solve(s, q)[self.j]) * sqrt(abs(det(top_j))) / abs(det(top_i)) * abs(det(s)) / sqrt(abs(det(nuisance)))
        return r + log(u / abs(r)) / r

    def limits(self, f):
        se = sqrt((information(self.v, self.x, self.e, self.t, False) ** -1)[self.j, self.j])
        out = []
        for side in (-1, 1):
            lo, step = self.beta[self.j] + side * se / 4, se
            while side * (f(self.beta[self.j] + side * step) + side * Z) > 0:
                lo, step = self.beta[self.j] + side * step, step * mpf("1.5")
            out.append(findroot(lambda b: f(b) + side * Z, (lo, self.beta[self.j] + side * step), solver="anderson",
                                tol=mpf(10) ** -36, verify=False))
        return out


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
    ("bcg-two-moderators", BCG_Y, BCG_V, [[1, a, b] for a, b in zip(LATITUDE, [y - 1966 for y in YEAR])]),
    ("bcg-latitude-only", BCG_Y, BCG_V, [[a] for a in LATITUDE]),
    ("four", [0.1, 0.9, 0.4, 1.4], [0.04, 0.09, 0.02, 0.05], None),
]

print("# python3-mpmath 1.2, 25 digits: tests/ref/tools/ratio_mpmath.py; the last coefficient, level 0.95")
print("set,test,yi,vi,x,p,statistic,pval,ci_lb,ci_ub")
for name, y, v, x in SETS:
    m = matrix([[mpf(a) for a in row] for row in x or [[1]] * len(y)])
    ratio = Ratio(matrix([mpf(a) for a in y]), [mpf(a) for a in v], m, m.cols - 1)
    for test in ("pl", "bartlett", "skovgaard"):
        f = getattr(ratio, test)
        at0 = f(mpf(0))
        print(name, test, " ".join(map(repr, y)), " ".join(map(repr, v)), " ".join(str(a) for row in x or [] for a in row),
              m.cols if x else 0, nstr(at0, 20), nstr(erfc(abs(at0) / sqrt(mpf(2))), 20),
              *(nstr(b, 20) for b in ratio.limits(f)), sep=",", flush=True)
