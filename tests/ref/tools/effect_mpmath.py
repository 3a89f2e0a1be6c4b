# SPDX-License-Identifier: GPL-3.0-or-later
"""Effect sizes from raw numbers with 50 digits: /usr/bin/python3 effect_mpmath.py > ../effect_mpmath.csv

The formulas are written down from their sources, independently of the library, for every measure, variance type and
route; roots, quantiles, integrals and second derivatives are taken numerically by mpmath.
"""
import sys

import mpmath as mp
from mpmath import mpf, sqrt, log, exp, asin, atanh, pi, gamma, ncdf, npdf

mp.mp.dps = 50
ROLES = ("yi vi sei ci_lb ci_ub zval pval ai bi ci di n1i n2i m1i m2i sd1i sd2i x1i x2i t1i t2i xi ni mi sdi ri r2i ti fi "
         "pi oei ovi e1i e2i").split()


def J(m):
    return gamma(m / 2) / (sqrt(m / 2) * gamma((m - 1) / 2))


def qnorm(p):
    return sqrt(mpf(2)) * mp.erfinv(2 * p - 1)


def t_upper(t, df):
    x = df / (df + t * t)
    return mp.betainc(df / mpf(2), mpf(1) / 2, 0, x, regularized=True) / 2


def qt_upper(p, df):
    """t with upper tail p < 1/2."""
    lo, hi = mpf(0), mpf(1)
    while t_upper(hi, df) > p:
        hi *= 2
    for _ in range(200):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if t_upper(mid, df) > p else (lo, mid)
    return (lo + hi) / 2


def qf_upper(p, d1, d2):
    lo, hi = mpf(0), mpf(1)
    tail = lambda f: mp.betainc(d2 / mpf(2), d1 / mpf(2), 0, d2 / (d2 + d1 * f), regularized=True)
    while tail(hi) > p:
        hi *= 2
    for _ in range(200):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if tail(mid) > p else (lo, mid)
    return (lo + hi) / 2


def case(measure, options, rows, effects, tol=1e-12, name=""):
    title = " ".join(x for x in (measure, name, options) if x)
    for row, effect in zip(rows, effects, strict=True):
        cells = [repr(row[r]) if r in row else "" for r in ROLES]
        y, v = ("", "") if effect is None else (mp.nstr(mpf(x), 20) for x in effect)
        print(",".join([title, measure, options, *cells, y, v, repr(tol)]))


def each(measure, options, rows, f, **how):
    """Studies that do not depend on each other: f gets mpf by role."""
    case(measure, options, rows, [f(**{k: mpf(repr(x)) for k, x in row.items()}) for row in rows], **how)


def table(names, *rows):
    return [dict(zip(names.split(), row)) for row in rows]


def numbers(row):
    return {k: mpf(repr(x)) for k, x in row.items()}


def mean(pairs):
    pairs = list(pairs)
    return sum(x * w for x, w in pairs) / sum(w for _, w in pairs)


# --- 2x2 tables -------------------------------------------------------------------------------------------------------
TABLES = table("ai bi ci di", (40, 10, 15, 35), (4, 119, 11, 128), (3, 9, 6, 12), (62, 13538, 248, 12619))


def cells(f):
    def g(ai, bi, ci, di):
        return f(ai, bi, ci, di, ai + bi, ci + di)
    return g


def variance_or(a, b, c, d):
    return 1 / a + 1 / b + 1 / c + 1 / d


def pooled(f):
    def g(ai, bi, ci, di):
        n1, n2 = ai + bi, ci + di
        return f(ai, bi, ci, di, n1, n2, (ai + ci) / (n1 + n2))
    return g


def phi_cs(a, b, c, d, n1, n2):
    n = a + b + c + d
    y = (a * d - b * c) / sqrt(n1 * n2 * (a + c) * (b + d))
    r1, r2, s1, s2 = n1 / n, n2 / n, (a + c) / n, (b + d) / n
    v = (1 - y**2 + y * (1 + y**2 / 2) * (r1 - r2) * (s1 - s2) / sqrt(r1 * r2 * s1 * s2)
         - mpf(3) / 4 * y**2 * ((r1 - r2)**2 / (r1 * r2) + (s1 - s2)**2 / (s1 * s2))) / n
    return y, v


def phi_st(a, b, c, d, n1, n2):
    """Delta method over two independent binomials, by numerical derivatives of phi."""
    def f(p1, p2):
        return n1 * n2 * (p1 - p2) / sqrt(n1 * n2 * (n1 * p1 + n2 * p2) * (n1 * (1 - p1) + n2 * (1 - p2)))
    p1, p2 = a / n1, c / n2
    v = (mp.diff(f, (p1, p2), (1, 0))**2 * p1 * (1 - p1) / n1 + mp.diff(f, (p1, p2), (0, 1))**2 * p2 * (1 - p2) / n2)
    return f(p1, p2), v


def fisher(f):
    def g(*args):
        y, v = f(*args)
        return atanh(y), v / (1 - y * y)**2
    return g


def norm2(h, k, r):
    """P(X <= h, Y <= k): the derivative in the correlation is the density (Plackett), integrated from independence."""
    def density(x):
        return exp(-(h * h - 2 * h * k * x + k * k) / (2 * (1 - x * x))) / (2 * pi * sqrt(1 - x * x))
    return ncdf(h) * ncdf(k) + mp.quad(density, [0, r / 2, r * mpf(".9"), r])


def tetrachoric(a, b, c, d, n1, n2):
    if 0 in (a, b, c, d):
        return None
    mp.mp.dps = 30
    n = n1 + n2
    h, k = qnorm(n1 / n), qnorm((a + c) / n)
    at = mp.findroot(lambda x: norm2(h, k, x) - a / n, (mpf(0), mpf((a * d - b * c) / (a * d + b * c)) * mpf(".9")),
                     solver="anderson", tol=1e-28)

    def minus_log_likelihood(x, h, k):
        p = norm2(h, k, x)
        cell = [p, ncdf(h) - p, ncdf(k) - p, 1 - ncdf(h) - ncdf(k) + p]
        return -sum(m * log(q) for m, q in zip((a, b, c, d), cell) if m)
    point = (at, h, k)
    hess = mp.matrix(3, 3)
    # fixed central differences of the fourth order
    step = mpf("1e-4")
    weights = {-2: mpf(1) / 12, -1: mpf(-2) / 3, 1: mpf(2) / 3, 2: mpf(-1) / 12}
    second = {-2: mpf(-1) / 12, -1: mpf(4) / 3, 0: mpf(-5) / 2, 1: mpf(4) / 3, 2: mpf(-1) / 12}
    seen = {}

    def at_offset(o):
        if o not in seen:
            seen[o] = minus_log_likelihood(*(p + i * step for p, i in zip(point, o)))
        return seen[o]
    for i in range(3):
        o = lambda x: tuple(x if q == i else 0 for q in range(3))
        hess[i, i] = sum(w * at_offset(o(x)) for x, w in second.items()) / step**2
        for j in range(i):
            o2 = lambda x, y: tuple(x if q == i else y if q == j else 0 for q in range(3))
            hess[i, j] = hess[j, i] = sum(w * u * at_offset(o2(x, y)) for x, w in weights.items()
                                          for y, u in weights.items()) / step**2
    v = (hess**-1)[0, 0]
    mp.mp.dps = 50
    return at, v


def two_by_two():
    def averages():
        t = [numbers(r) for r in TABLES]
        return (mean((x["ai"] / (x["ai"] + x["bi"]), x["ai"] + x["bi"]) for x in t),
                mean((x["ci"] / (x["ci"] + x["di"]), x["ci"] + x["di"]) for x in t))
    m1, m2 = averages()
    for measure in ("OR", "VEOR"):
        each(measure, "", TABLES, cells(lambda a, b, c, d, n1, n2: (log(a * d / (b * c)), variance_or(a, b, c, d))))
        each(measure, "vtype=AV", TABLES, cells(lambda a, b, c, d, n1, n2: (
            log(a * d / (b * c)), 1 / (m1 * (1 - m1) * n1) + 1 / (m2 * (1 - m2) * n2))))
        each(measure, "vtype=H0", TABLES, pooled(lambda a, b, c, d, n1, n2, p: (
            log(a * d / (b * c)), (1 / n1 + 1 / n2) / (p * (1 - p)))))
    for measure in ("RR", "VE"):
        each(measure, "", TABLES, cells(lambda a, b, c, d, n1, n2: (
            log((a / n1) / (c / n2)), 1 / a - 1 / n1 + 1 / c - 1 / n2)))
        each(measure, "vtype=AV", TABLES, cells(lambda a, b, c, d, n1, n2: (
            log((a / n1) / (c / n2)), (1 - m1) / (m1 * n1) + (1 - m2) / (m2 * n2))))
        each(measure, "vtype=H0", TABLES, pooled(lambda a, b, c, d, n1, n2, p: (
            log((a / n1) / (c / n2)), (1 - p) / p * (1 / n1 + 1 / n2))))
    for vtype, less in (("", 0), ("vtype=UB", 1)):
        each("RD", vtype, TABLES, cells(lambda a, b, c, d, n1, n2: (
            a / n1 - c / n2, a / n1 * b / n1 / (n1 - less) + c / n2 * d / n2 / (n2 - less))))
    each("RD", "vtype=AV", TABLES, cells(lambda a, b, c, d, n1, n2: (
        a / n1 - c / n2, m1 * (1 - m1) / n1 + m2 * (1 - m2) / n2)))
    each("RD", "vtype=H0", TABLES, pooled(lambda a, b, c, d, n1, n2, p: (
        a / n1 - c / n2, p * (1 - p) * (1 / n1 + 1 / n2))))
    each("AS", "", TABLES, cells(lambda a, b, c, d, n1, n2: (
        asin(sqrt(a / n1)) - asin(sqrt(c / n2)), (1 / n1 + 1 / n2) / 4)))

    def peto(a, b, c, d, n1, n2):
        n = n1 + n2
        v = n1 * n2 * (a + c) * (b + d) / (n * n * (n - 1))
        return (a - n1 * (a + c) / n) / v, 1 / v
    each("PETO", "", TABLES, cells(peto))

    def pbit(a, b, c, d, n1, n2):
        z1, z2 = qnorm(a / n1), qnorm(c / n2)
        return z1 - z2, a * b / n1**3 / npdf(z1)**2 + c * d / n2**3 / npdf(z2)**2
    each("PBIT", "", TABLES, cells(pbit))
    for measure, factor in (("OR2DL", sqrt(mpf(3)) / pi), ("OR2DN", 1 / mpf("1.65")), ("OR2D", sqrt(mpf(3)) / pi)):
        each(measure, "", TABLES, cells(lambda a, b, c, d, n1, n2: (
            factor * log(a * d / (b * c)), factor**2 * variance_or(a, b, c, d))))
    each("PHI", "", TABLES, cells(phi_cs))
    each("PHI", "vtype=ST", TABLES, cells(phi_st))
    each("ZPHI", "", TABLES, cells(fisher(phi_cs)))
    each("ZPHI", "vtype=ST", TABLES, cells(fisher(phi_st)))

    def yule(power):
        def f(a, b, c, d, n1, n2):
            o = (a * d / (b * c))**power
            y = (o - 1) / (o + 1)
            return y, ((1 - y * y) / 2)**2 * power**2 * variance_or(a, b, c, d)
        return cells(f)
    each("YUQ", "", TABLES, yule(mpf(1)))
    each("YUY", "", TABLES, yule(mpf(1) / 2))
    # second derivatives by differences: 1e-9
    some = TABLES[:3] + table("ai bi ci di", (12, 0, 7, 20), (0, 9, 6, 12))
    each("RTET", "", some, cells(tetrachoric), tol=1e-9)
    each("ZTET", "", TABLES[:3], cells(fisher(tetrachoric)), tol=1e-9)
    events = [{"ai": r["ai"], "n1i": r["ai"] + r["bi"], "ci": r["ci"], "n2i": r["ci"] + r["di"]} for r in TABLES]
    each("OR", "", events, lambda ai, n1i, ci, n2i: (
        log(ai * (n2i - ci) / ((n1i - ai) * ci)), variance_or(ai, n1i - ai, ci, n2i - ci)), name="from totals")


def paired():
    t = table("ai bi ci di", (38, 19, 15, 29), (29, 19, 4, 21), (14, 11, 7, 20))

    def shares(f):
        def g(ai, bi, ci, di):
            n = ai + bi + ci + di
            return f(n, (ai + bi) / n, (ai + ci) / n, bi / n, ci / n)
        return g
    difference = lambda p12, p21: p12 * (1 - p12) + 2 * p12 * p21 + p21 * (1 - p21)
    each("MPRD", "", t, shares(lambda n, p1, p2, p12, p21: (p1 - p2, difference(p12, p21) / n)))
    each("MPRR", "", t, shares(lambda n, p1, p2, p12, p21: (log(p1 / p2), (p12 + p21) / (n * p1 * p2))))
    logit = lambda p: log(p / (1 - p))
    each("MPOR", "", t, shares(lambda n, p1, p2, p12, p21: (
        logit(p1) - logit(p2), difference(p12, p21) / (n * p1 * (1 - p1) * p2 * (1 - p2)))))
    each("MPORC", "", t, lambda ai, bi, ci, di: (log(bi / ci), 1 / bi + 1 / ci))
    each("MPPETO", "", t, lambda ai, bi, ci, di: ((bi - (bi + ci) / 2) / ((bi + ci) / 4), 4 / (bi + ci)))
    # the marginal tables of the paired ones with their phi must give MPOR again
    marginal, joint, want = [], [], []
    for r in t:
        a, b, c, d = (r[x] for x in ("ai", "bi", "ci", "di"))
        n = a + b + c + d
        p11, p1, p2 = mpf(a) / n, mpf(a + b) / n, mpf(a + c) / n
        r_phi = round(float((p11 - p1 * p2) / sqrt(p1 * (1 - p1) * p2 * (1 - p2))), 6)
        occasions = {"ai": a + b, "bi": c + d, "ci": a + c, "di": b + d}
        marginal.append({**occasions, "ri": r_phi})
        joint.append({**occasions, "pi": round(float(p11), 6)})
    def mporm(ai, bi, ci, di, ri):
        n, p1, p2 = ai + bi, ai / (ai + bi), ci / (ci + di)
        cov = ri / (n * sqrt(p1 * (1 - p1) * p2 * (1 - p2)))
        return log(ai * di / (bi * ci)), variance_or(ai, bi, ci, di) - 2 * cov
    each("MPORM", "", marginal, mporm)
    def from_joint(ai, bi, ci, di, pi):
        n, p1, p2 = ai + bi, ai / (ai + bi), ci / (ci + di)
        return mporm(ai, bi, ci, di, (pi - p1 * p2) / sqrt(p1 * (1 - p1) * p2 * (1 - p2)))
    each("MPORM", "", joint, from_joint, name="from the joint proportion")


def rates():
    t = table("x1i t1i x2i t2i", (9, 413, 23, 410), (41, 1210.5, 55, 1194), (4, 86, 1, 90))
    for measure in ("IRR", "VEIR"):
        each(measure, "", t, lambda x1i, t1i, x2i, t2i: (log(x1i / t1i / (x2i / t2i)), 1 / x1i + 1 / x2i))
    each("IRD", "", t, lambda x1i, t1i, x2i, t2i: (x1i / t1i - x2i / t2i, x1i / t1i**2 + x2i / t2i**2))
    each("IRSD", "", t, lambda x1i, t1i, x2i, t2i: (sqrt(x1i / t1i) - sqrt(x2i / t2i), 1 / t1i / 4 + 1 / t2i / 4))
    one = table("xi ti", (9, 413), (41, 1210.5), (4, 86))
    each("IR", "", one, lambda xi, ti: (xi / ti, xi / ti**2))
    each("IRLN", "", one, lambda xi, ti: (log(xi / ti), 1 / xi))
    each("IRS", "", one, lambda xi, ti: (sqrt(xi / ti), 1 / ti / 4))
    each("IRFT", "", one, lambda xi, ti: ((sqrt(xi / ti) + sqrt((xi + 1) / ti)) / 2, 1 / ti / 4))
    each("HR", "", table("oei ovi", (-7.3, 21.4), (3.1, 9.9)), lambda oei, ovi: (oei / ovi, 1 / ovi), name="oe")
    each("HR", "", table("x1i e1i x2i e2i", (30, 36.8, 41, 34.2), (12, 10.1, 9, 10.9)),
         lambda x1i, e1i, x2i, e2i: (log(x1i / e1i / (x2i / e2i)), 1 / e1i + 1 / e2i), name="expected")

    def from_p(p, v):
        z = -qnorm(abs(p) / 2) * mp.sign(p)
        return z / sqrt(v), 1 / v
    each("HR", "", table("pi ovi", (-0.031, 21.4), (0.2, 9.9)), lambda pi, ovi: from_p(pi, ovi), name="p and V")
    each("HR", "", table("pi x1i x2i", (-0.031, 30, 41)), lambda pi, x1i, x2i: from_p(pi, x1i * x2i / (x1i + x2i)),
         name="p and events")
    each("HR", "", table("pi xi n1i n2i", (-0.031, 71, 120, 118)),
         lambda pi, xi, n1i, n2i: from_p(pi, xi * n1i * n2i / (n1i + n2i)**2), name="p and sizes")
    each("HR", "", table("pi xi", (-0.031, 71)), lambda pi, xi: from_p(pi, xi / 4), name="p and all events")


# --- two groups' means ------------------------------------------------------------------------------------------------
MEANS = table("m1i sd1i n1i m2i sd2i n2i", (10, 3, 20, 8, 2.5, 22), (55, 47, 155, 75, 64, 156), (27, 7, 31, 29, 4, 32),
              (4.2, 1.1, 5, 3.9, 2.3, 4))


def from_means(f):
    def g(m1i, sd1i, n1i, m2i, sd2i, n2i):
        m = n1i + n2i - 2
        sp = sqrt(((n1i - 1) * sd1i**2 + (n2i - 1) * sd2i**2) / m)
        return f((m1i - m2i) / sp, m, n1i, n2i)
    return g


def smd(vtype, correct=True, average=None):
    def f(d, m, n1, n2):
        j = J(m) if correct else mpf(1)
        g, inv, n = j * d, 1 / n1 + 1 / n2, n1 + n2
        return g, {"LS": inv + g**2 / (2 * n), "LS2": j**2 * (inv + d**2 / (2 * n)),
                   "UB": inv + (1 - (m - 2) / (m * j**2)) * g**2, "H0": j**2 * inv * m / (m - 2) if m > 2 else None,
                   "AV": None if average is None else inv + average**2 / (2 * n)}[vtype]
    return f


def smd1(vtype, average=None):
    def f(m1i, sd1i, n1i, m2i, sd2i, n2i):
        d, m = (m1i - m2i) / sd2i, n2i - 1
        j = J(m)
        g, inv, n = j * d, 1 / n1i + 1 / n2i, n2i
        return g, {"LS": inv + g**2 / (2 * n), "LS2": j**2 * (inv + d**2 / (2 * n)),
                   "UB": inv + (1 - (m - 2) / (m * j**2)) * g**2, "H0": j**2 * inv * m / (m - 2),
                   "AV": None if average is None else inv + average**2 / (2 * n)}[vtype]
    return f


def two_means():
    rows = [numbers(r) for r in MEANS]
    each("MD", "", MEANS, lambda m1i, sd1i, n1i, m2i, sd2i, n2i: (m1i - m2i, sd1i**2 / n1i + sd2i**2 / n2i))
    each("MD", "vtype=HO", MEANS, lambda m1i, sd1i, n1i, m2i, sd2i, n2i: (
        m1i - m2i, ((n1i - 1) * sd1i**2 + (n2i - 1) * sd2i**2) / (n1i + n2i - 2) * (1 / n1i + 1 / n2i)))
    each("MD", "", table("m1i m2i pi n1i n2i", (0.35, 0.18, 0.052, 10, 10), (3, 5, -0.2, 12, 9)),
         lambda m1i, m2i, pi, n1i, n2i: (m1i - m2i, ((m1i - m2i) / qt_upper(abs(pi) / 2, n1i + n2i - 2))**2), name="from p")
    each("MD", "", table("m1i m2i ti", (0.35, 0.18, 2.08), (3, 5, -1.33)),
         lambda m1i, m2i, ti: (m1i - m2i, ((m1i - m2i) / ti)**2), name="from t")
    average = mean((from_means(smd("LS"))(**r)[0], r["n1i"] + r["n2i"]) for r in rows)
    for v in ("LS", "LS2", "UB", "H0", "AV"):
        each("SMD", "" if v == "LS" else "vtype=" + v, MEANS, from_means(smd(v, True, average)))
        if v != "AV":
            each("SMD", "no-correct" + ("" if v == "LS" else " vtype=" + v), MEANS, from_means(smd(v, False)))
    average = mean((smd1("LS")(**r)[0], r["n1i"] + r["n2i"]) for r in rows)
    for v in ("LS", "LS2", "UB", "H0", "AV"):
        each("SMD1", "" if v == "LS" else "vtype=" + v, MEANS, smd1(v, average))

    def approximate(d, m, n1, n2):
        g = (1 - 3 / (4 * m - 1)) * d
        return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2 - mpf("3.94")))
    each("SMD", "hedges=approximate", MEANS, from_means(approximate))
    tests = lambda f: (lambda d, n1, n2: f(d, n1 + n2 - 2, n1, n2))
    g = tests(smd("LS"))
    each("SMD", "", table("di n1i n2i", (0.55, 20, 22), (-0.2, 15, 15)), lambda di, n1i, n2i: g(di, n1i, n2i), name="from d")
    each("SMD", "", table("ti n1i n2i", (2.1, 20, 22), (-0.4, 15, 15)),
         lambda ti, n1i, n2i: g(ti * sqrt(1 / n1i + 1 / n2i), n1i, n2i), name="from t")
    of_p = lambda p, n1, n2: mp.sign(p) * qt_upper(abs(p) / 2, n1 + n2 - 2) * sqrt(1 / n1 + 1 / n2)
    each("SMD", "", table("pi n1i n2i", (0.052, 10, 10), (-1e-9, 15, 15)),
         lambda pi, n1i, n2i: g(of_p(pi, n1i, n2i), n1i, n2i), name="from p")
    each("SMD", "", table("pval n1i n2i m1i m2i", (0.052, 10, 10, 0.35, 0.18), (0.6, 15, 15, 3, 4)),
         lambda pval, n1i, n2i, m1i, m2i: g(of_p(pval * mp.sign(m1i - m2i), n1i, n2i), n1i, n2i), name="from pval and means")
    each("SMD", "", table("ri n1i n2i", (0.3, 10, 14)), lambda ri, n1i, n2i: g(
        sqrt((n1i + n2i - 2) * (1 / n1i + 1 / n2i)) * ri / sqrt(1 - ri**2), n1i, n2i), name="from r")

    # metafor 3.8 multiplies these variances, and those of SMD1H and SMCRH, by J^2: see smd_heteroscedastic.R.
    def smdh(a, b):
        def f(m1i, sd1i, n1i, m2i, sd2i, n2i):
            s2 = (sd1i**2 + sd2i**2) / 2
            g = J(n1i + n2i - 2) * (m1i - m2i) / sqrt(s2)
            return g, (g**2 * (sd1i**4 / (n1i - a) + sd2i**4 / (n2i - a)) / (8 * s2**2)
                       + (sd1i**2 / (n1i - b) + sd2i**2 / (n2i - b)) / s2)
        return f
    for v, a, b in (("", 1, 1), ("vtype=LS2", 0, 0), ("vtype=LS3", 1, 0)):
        each("SMDH", v, MEANS, smdh(a, b))

    def smd1h(m1i, sd1i, n1i, m2i, sd2i, n2i):
        g = J(n2i - 1) * (m1i - m2i) / sd2i
        return g, sd1i**2 / sd2i**2 / (n1i - 1) + 1 / (n2i - 1) + g**2 / (2 * (n2i - 1))
    each("SMD1H", "", MEANS, smd1h)
    for measure, factor in (("D2ORL", pi / sqrt(mpf(3))), ("D2ORN", mpf("1.65")), ("D2OR", pi / sqrt(mpf(3)))):
        each(measure, "", MEANS, from_means(lambda d, m, n1, n2: (
            factor * d, factor**2 * (1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2))))))
    ratios(rows)
    correlations_of_means()
    common_language()


def ratios(rows):
    cv1 = mean((r["sd1i"] / r["m1i"], r["n1i"]) for r in rows)
    cv2 = mean((r["sd2i"] / r["m2i"], r["n2i"]) for r in rows)
    cv = mean([(r["sd1i"] / r["m1i"], r["n1i"]) for r in rows] + [(r["sd2i"] / r["m2i"], r["n2i"]) for r in rows])

    def rom(vtype, correct=True):
        def f(m1i, sd1i, n1i, m2i, sd2i, n2i):
            a, b = sd1i**2 / m1i**2, sd2i**2 / m2i**2
            y = log(m1i / m2i) + (a / n1i - b / n2i) / 2 * correct
            s2 = ((n1i - 1) * sd1i**2 + (n2i - 1) * sd2i**2) / (n1i + n2i - 2)
            return y, {"LS": a / n1i + b / n2i, "LS2": a / n1i + b / n2i + a**2 / (2 * n1i**2) + b**2 / (2 * n2i**2),
                       "HO": s2 / (n1i * m1i**2) + s2 / (n2i * m2i**2), "AV": cv1**2 / n1i + cv2**2 / n2i,
                       "AVHO": cv**2 * (1 / n1i + 1 / n2i)}[vtype]
        return f
    for v in ("LS", "LS2", "HO", "AV", "AVHO"):
        each("ROM", "" if v == "LS" else "vtype=" + v, MEANS, rom(v))
    each("ROM", "no-correct", MEANS, rom("LS", False))

    def vr(vtype, correct=True):
        def f(m1i, sd1i, n1i, m2i, sd2i, n2i):
            y = log(sd1i / sd2i) + (1 / (n1i - 1) - 1 / (n2i - 1)) / 2 * correct
            return y, (1 / (2 * (n1i - 1)) + 1 / (2 * (n2i - 1)) if vtype == "LS"
                       else (n1i / (n1i - 1)**2 + n2i / (n2i - 1)**2) / 2)
        return f
    for v in ("LS", "LS2"):
        each("VR", "" if v == "LS" else "vtype=" + v, MEANS, vr(v))
        for correct in (True, False):
            def cvr(**r):
                a, b = rom(v, correct)(**r), vr(v, correct)(**r)
                return b[0] - a[0], a[1] + b[1]
            options = " ".join(x for x in ("" if v == "LS" else "vtype=" + v, "" if correct else "no-correct") if x)
            each("CVR", options, MEANS, cvr)
    each("VR", "no-correct", MEANS, vr("LS", False))


def correlations_of_means():
    def rpb(vtype):
        def f(d, m, n1, n2):
            n, h = n1 + n2, m / n1 + m / n2
            r = d / sqrt(d**2 + h)
            st = h**2 / (h + d**2)**3 * (1 / n1 + 1 / n2 + d**2 / (2 * n))
            cs = (1 - r**2)**2 * (n * r**2 / (4 * n1 * n2) + (2 - 3 * r**2) / (2 * n))
            return r, st if vtype == "ST" else cs
        return f

    def rbis(d, m, n1, n2):
        n, p = n1 + n2, n1 / (n1 + n2)
        z = -qnorm(p)
        f = npdf(z)
        r = d / sqrt(d**2 + m / n1 + m / n2) * sqrt(p * (1 - p)) / f
        c = min(r**2, mpf(1))
        return r, (p * (1 - p) / f**2 - (mpf(3) / 2 + (1 - p * z / f) * (1 + (1 - p) * z / f)) * c + c**2) / (n - 1)
    for v in ("ST", "CS"):
        options = "" if v == "ST" else "vtype=CS"
        each("RPB", options, MEANS, from_means(rpb(v)))
        each("ZPB", options, MEANS, from_means(fisher(rpb(v))))
    each("RBIS", "", MEANS, from_means(rbis))
    each("ZBIS", "", MEANS, from_means(fisher(rbis)))


def common_language():
    def cles(vtype):
        def f(ai, n1i, n2i):
            q1, q2, n, m = ai / (2 - ai), 2 * ai**2 / (1 + ai), (n1i + n2i) / 2, (n1i - 1) * (n2i - 1)
            return ai, {"LS": ai * (1 - ai) / m * (2 * n - 1 - (3 * n - 3) / ((2 - ai) * (1 + ai))),
                        "LS2": (ai * (1 - ai) + (n1i - 1) * (q1 - ai**2) + (n2i - 1) * (q2 - ai**2)) / m,
                        "H0": (n1i + n2i + 1) / (12 * n1i * n2i), "MAX": ai * (1 - ai) / (min(n1i, n2i) - 1)}[vtype]
        return f
    areas = table("ai n1i n2i", (0.7, 20, 22), (0.31, 12, 40))
    for v in ("LS", "LS2", "H0", "MAX"):
        each("CLES", "" if v == "LS" else "vtype=" + v, areas, cles(v))
    each("AUC", "", areas, cles("LS"))

    def tested(d, m, n1, n2):
        return ncdf(d / sqrt(mpf(2))), exp(-d**2 / 2) / (4 * pi) * (1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2)))

    def clesn(vtype):
        a, b = {"LS": (1, 1), "LS2": (0, 0), "LS3": (1, 0), "H0": (1, 1)}[vtype]
        def f(m1i, sd1i, n1i, m2i, sd2i, n2i):
            s2, u = (sd1i**2 + sd2i**2) / 2, sd1i**2 / (sd1i**2 + sd2i**2)
            d = (m1i - m2i) / sqrt(s2)
            y, w = ncdf(d / sqrt(mpf(2))), 1 - u
            if vtype == "H0":
                return y, (u / (n1i - 1) + w / (n2i - 1)) / (2 * pi)
            return y, exp(-d**2 / 2) / (8 * pi) * (d**2 * (u**2 / (n1i - a) + w**2 / (n2i - a))
                                                  + 4 * u / (n1i - b) + 4 * w / (n2i - b))
        return f
    for v in ("LS", "LS2", "LS3", "H0"):
        each("CLESN", "" if v == "LS" else "vtype=" + v, MEANS, clesn(v))
    each("CLESN", "vtype=HO", MEANS, from_means(tested))
    each("AUCN", "", MEANS[:1], clesn("LS"))
    each("CLESN", "", table("di n1i n2i", (0.55, 20, 22)), lambda di, n1i, n2i: tested(di, 0, n1i, n2i), name="from d")
    each("CLESN", "", table("ai n1i n2i", (0.7, 20, 22)),
         lambda ai, n1i, n2i: tested(sqrt(mpf(2)) * qnorm(ai), 0, n1i, n2i), name="from the area")


# --- correlations and regressions -------------------------------------------------------------------------------------
def correlations():
    t = table("ri ni", (0.3, 30), (-0.04, 12), (0.87, 100), (-0.5, 7), (0, 20))
    rows = [numbers(r) for r in t]
    v_r = lambda r, n: (1 - r**2)**2 / n
    average = mean((r["ri"], r["ni"]) for r in rows)
    each("COR", "", t, lambda ri, ni: (ri, v_r(ri, ni - 1)))
    each("COR", "vtype=AV", t, lambda ri, ni: (ri, v_r(average, ni - 1)))
    each("COR", "vtype=H0", t, lambda ri, ni: (ri, (1 - ri**2) / (ni - 2)))
    each("COR", "vtype=H0b", t, lambda ri, ni: (ri, 1 / ni))
    each("ZCOR", "", t, lambda ri, ni: (atanh(ri), 1 / (ni - 3)))
    unbiased = lambda r, n: r * mp.hyp2f1(mpf(1) / 2, mpf(1) / 2, (n - 2) / 2, 1 - r**2)
    average_u = mean((unbiased(r["ri"], r["ni"]), r["ni"]) for r in rows)
    each("UCOR", "", t, lambda ri, ni: (unbiased(ri, ni), v_r(unbiased(ri, ni), ni - 1)))
    each("UCOR", "vtype=AV", t, lambda ri, ni: (unbiased(ri, ni), v_r(average_u, ni - 1)))
    each("UCOR", "vtype=UB", t, lambda ri, ni: (unbiased(ri, ni), unbiased(ri, ni)**2 - 1 + (ni - 3) / (ni - 2)
                                              * (1 - ri**2) * mp.hyp2f1(1, 1, ni / 2, 1 - ri**2)))
    each("COR", "", table("ti ni", (2.2, 30), (-0.1, 9)), lambda ti, ni: (
        ti / sqrt(ti**2 + ni - 2), v_r(ti / sqrt(ti**2 + ni - 2), ni - 1)), name="from t")

    def of_p(p, df):
        t_ = mp.sign(p) * qt_upper(abs(p) / 2, df)
        return t_ / sqrt(t_**2 + df)
    each("ZCOR", "", table("pi ni", (0.04, 30), (-0.6, 9)), lambda pi, ni: (atanh(of_p(pi, ni - 2)), 1 / (ni - 3)),
         name="from p")
    rank = table("ri ni", (0.3, 30), (-0.62, 15))
    each("SRHO", "", rank, lambda ri, ni: (ri, (1 - ri**2)**2 * (1 + ri**2 / 2) / (ni - 3)))
    each("ZSRHO", "", rank, lambda ri, ni: (atanh(ri), (1 + ri**2 / 2) / (ni - 3)))
    each("KTAU", "", rank, lambda ri, ni: (ri, (1 - ri**2)**2 * mpf("0.437") / (ni - 4)))
    each("ZKTAU", "", rank, lambda ri, ni: (atanh(ri), mpf("0.437") / (ni - 4)))
    regressions(v_r, of_p)


def regressions(v_r, of_p):
    p = table("ri mi ni", (0.31, 3, 45), (-0.12, 5, 120))
    each("PCOR", "", p, lambda ri, mi, ni: (ri, v_r(ri, ni - mi)))
    each("ZPCOR", "", p, lambda ri, mi, ni: (atanh(ri), 1 / (ni - mi - 2)))
    each("PCOR", "", table("ti mi ni", (2.2, 3, 45)), lambda ti, mi, ni: (
        ti / sqrt(ti**2 + ni - mi - 1), v_r(ti / sqrt(ti**2 + ni - mi - 1), ni - mi)), name="from t")
    each("ZPCOR", "", table("pi mi ni", (-0.03, 3, 45)), lambda pi, mi, ni: (
        atanh(of_p(pi, ni - mi - 1)), 1 / (ni - mi - 2)), name="from p")
    spcor = lambda r, r2, n: (r, (r2**2 - 2 * r2 + (r2 - r**2) + 1 - (r2 - r**2)**2) / n)
    s = table("ri r2i mi ni", (0.31, 0.4, 3, 45), (-0.12, 0.21, 5, 120))
    each("SPCOR", "", s, lambda ri, r2i, mi, ni: spcor(ri, r2i, ni))
    each("ZSPCOR", "", s, lambda ri, r2i, mi, ni: fisher(spcor)(ri, r2i, ni))
    each("SPCOR", "", table("ti r2i mi ni", (2.2, 0.4, 3, 45)), lambda ti, r2i, mi, ni: spcor(
        ti * sqrt(1 - r2i) / sqrt(ni - mi - 1), r2i, ni), name="from t")
    each("SPCOR", "", table("pi r2i mi ni", (-0.03, 0.4, 3, 45)), lambda pi, r2i, mi, ni: spcor(
        mp.sign(pi) * qt_upper(abs(pi) / 2, ni - mi - 1) * sqrt(1 - r2i) / sqrt(ni - mi - 1), r2i, ni), name="from p")
    q = table("r2i mi ni", (0.3, 3, 50), (0.364, 6, 42), (0.05, 2, 200))
    average = mean((r["r2i"], r["ni"]) for r in map(numbers, q))
    ls = lambda r, n: 4 * r * (1 - r)**2 / n
    ls2 = lambda r, m, n: 4 * r * (1 - r)**2 * (n - m - 1)**2 / ((n**2 - 1) * (n + 3))
    each("R2", "", q, lambda r2i, mi, ni: (r2i, ls(r2i, ni)))
    each("R2", "vtype=LS2", q, lambda r2i, mi, ni: (r2i, ls2(r2i, mi, ni)))
    each("R2", "vtype=AV", q, lambda r2i, mi, ni: (r2i, ls(average, ni)))
    each("R2", "vtype=AV2", q, lambda r2i, mi, ni: (r2i, ls2(average, mi, ni)))
    each("ZR2", "", q, lambda r2i, mi, ni: (atanh(sqrt(r2i)), 1 / ni))
    of_f = lambda f, m, n: m * f / (m * f + n - m - 1)
    each("R2", "", table("fi mi ni", (6.6, 3, 50)), lambda fi, mi, ni: (of_f(fi, mi, ni), ls(of_f(fi, mi, ni), ni)),
         name="from F")
    each("R2", "", table("pi mi ni", (0.0007, 3, 50)), lambda pi, mi, ni: (
        of_f(qf_upper(pi, mi, ni - mi - 1), mi, ni), ls(of_f(qf_upper(pi, mi, ni - mi - 1), mi, ni), ni)), name="from p")

    def likelihood_variance(r2, m, n):
        """Noncentral F density at the observed F, up to what does not depend on rho^2, over metafor's range."""
        mp.mp.dps = 20
        def likelihood(x):
            half = n * x / (1 - x) / 2
            return exp(-half) * mp.hyp1f1((n - 1) / 2, m / 2, half * r2)
        points = [mpf("0.0001")] + [mpf(i) / 40 for i in range(1, 40)] + [mpf("0.9999")]
        top = min(mpf("0.97"), r2 + 20 * sqrt(ls(r2, n) + mpf("0.001")))
        points = [x for x in points if x < top] + [top]
        s0, s1, s2 = (mp.quad(lambda x: (x - r2)**k * likelihood(x), points) for k in range(3))
        mp.mp.dps = 50
        return s2 / s0 - (s1 / s0)**2
    each("R2F", "", q, lambda r2i, mi, ni: (r2i, likelihood_variance(r2i, mi, ni)), tol=1e-10)
    each("ZR2F", "", q, lambda r2i, mi, ni: (atanh(sqrt(r2i)), likelihood_variance(r2i, mi, ni) *
                                            mp.diff(lambda x: atanh(sqrt(x)), r2i)**2), tol=1e-10)


# --- one group --------------------------------------------------------------------------------------------------------
def one_group():
    t = table("xi ni", (14, 40), (3, 30), (48, 61))
    average = mean((r["xi"] / r["ni"], r["ni"]) for r in map(numbers, t))
    p = lambda f: (lambda xi, ni: f(xi / ni, ni))
    each("PR", "", t, p(lambda p, n: (p, p * (1 - p) / n)))
    each("PR", "vtype=UB", t, p(lambda p, n: (p, p * (1 - p) / (n - 1))))
    each("PR", "vtype=AV", t, p(lambda p, n: (p, average * (1 - average) / n)))
    each("PLN", "", t, p(lambda p, n: (log(p), (1 - p) / (p * n))))
    each("PLN", "vtype=AV", t, p(lambda p, n: (log(p), (1 - average) / (average * n))))
    each("PLO", "", t, p(lambda p, n: (log(p / (1 - p)), 1 / (n * p * (1 - p)))))
    each("PLO", "vtype=AV", t, p(lambda p, n: (log(p / (1 - p)), 1 / (n * average * (1 - average)))))
    each("PRZ", "", t, p(lambda p, n: (qnorm(p), p * (1 - p) / (n * npdf(qnorm(p))**2))))
    each("PAS", "", t, p(lambda p, n: (asin(sqrt(p)), 1 / (4 * n))))
    each("PFT", "", t, lambda xi, ni: ((asin(sqrt(xi / (ni + 1))) + asin(sqrt((xi + 1) / (ni + 1)))) / 2, 1 / (4 * ni + 2)))
    each("PLO", "", table("xi mi", (14, 26)), lambda xi, mi: (log(xi / mi), 1 / xi + 1 / mi), name="from cells")
    m = table("mi sdi ni", (55, 47, 155), (27, 7, 31), (3.2, 4.1, 9))
    s2 = mean((r["sdi"]**2, r["ni"] - 1) for r in map(numbers, m))
    each("MN", "", m, lambda mi, sdi, ni: (mi, sdi**2 / ni))
    each("MN", "vtype=HO", m, lambda mi, sdi, ni: (mi, s2 / ni))
    each("SMN", "", m, lambda mi, sdi, ni: (J(ni - 1) * mi / sdi, 1 / ni + (J(ni - 1) * mi / sdi)**2 / (2 * ni)))
    each("SMN", "no-correct", m, lambda mi, sdi, ni: (mi / sdi, 1 / ni + (mi / sdi)**2 / (2 * ni)))
    each("MNLN", "", m, lambda mi, sdi, ni: (log(mi), sdi**2 / (ni * mi**2)))
    each("SDLN", "", m, lambda mi, sdi, ni: (log(sdi) + 1 / (2 * (ni - 1)), 1 / (2 * (ni - 1))))
    each("SDLN", "no-correct", m, lambda mi, sdi, ni: (log(sdi), 1 / (2 * (ni - 1))))
    each("CVLN", "", m, lambda mi, sdi, ni: (log(sdi / mi) + 1 / (2 * (ni - 1)), 1 / (2 * (ni - 1)) + sdi**2 / mi**2 / ni))
    a = table("ai mi ni", (0.93, 20, 103), (0.59, 25, 62), (-0.1, 4, 30))
    each("ARAW", "", a, lambda ai, mi, ni: (ai, 2 * mi * (1 - ai)**2 / ((mi - 1) * (ni - 2))))
    each("AHW", "", a, lambda ai, mi, ni: (1 - mp.cbrt(1 - ai), 18 * mi * (ni - 1) * mp.cbrt((1 - ai)**2)
                                           / ((mi - 1) * (9 * ni - 11)**2)))
    each("ABT", "", a, lambda ai, mi, ni: (-log(1 - ai), 2 * mi / ((mi - 1) * (ni - 2))))
    each("REH", "", table("ai bi ci", (30, 50, 20), (12, 40, 31)), lambda ai, bi, ci: (
        log(bi / (2 * sqrt(ai * ci))), ((1 - bi / (ai + bi + ci)) * (ai + bi + ci)**2 / (4 * ai * ci)
                                        + (ai + bi + ci) / bi) / (ai + bi + ci)))


# --- change -----------------------------------------------------------------------------------------------------------
CHANGE = table("m1i sd1i m2i sd2i ni ri", (17.4, 8.9, 7.3, 4.5, 12, 0.5), (18, 8.3, 3.7, 4.1, 6, 0.3),
               (10.6, 4.7, 7.2, 2.1, 10, -0.1), (18, 3.37, 12.9, 4.47, 20, 0.8))


def change():
    def s_d2(sd1i, sd2i, ri):
        return sd1i**2 + sd2i**2 - 2 * ri * sd1i * sd2i
    each("MC", "", CHANGE, lambda m1i, sd1i, m2i, sd2i, ni, ri: (m1i - m2i, s_d2(sd1i, sd2i, ri) / ni))
    each("MC", "ri=0.5", [{k: x for k, x in r.items() if k != "ri"} for r in CHANGE],
         lambda m1i, sd1i, m2i, sd2i, ni: (m1i - m2i, s_d2(sd1i, sd2i, mpf("0.5")) / ni))
    each("MC", "", table("mi sdi ni", (10.1, 7.7, 12)), lambda mi, sdi, ni: (mi, sdi**2 / ni), name="from change")
    each("MC", "", table("m1i m2i ti ni", (10.1, 7.7, 2.2, 12), (3, 5, -1.3, 9)),
         lambda m1i, m2i, ti, ni: (m1i - m2i, ((m1i - m2i) / ti)**2), name="from means and t")
    each("MC", "", table("mi ti ni", (2.4, 2.2, 12)), lambda mi, ti, ni: (mi, (mi / ti)**2), name="from change and t")
    each("MC", "", table("m1i m2i pi ni", (10.1, 7.7, 0.03, 12), (3, 5, -0.2, 9)),
         lambda m1i, m2i, pi, ni: (m1i - m2i, ((m1i - m2i) / qt_upper(abs(pi) / 2, ni - 1))**2), name="from means and p")
    each("MC", "", table("mi pi ni", (-2.4, 0.03, 12)), lambda mi, pi, ni: (mi, (mi / qt_upper(abs(pi) / 2, ni - 1))**2),
         name="from change and p")

    def standard(vtype, d, m, n, lead, lead_ub, correct=True):
        j = J(m) if correct else mpf(1)
        g = j * d
        return g, {"LS": lead / n + g**2 / (2 * n), "LS2": j**2 * (lead / n + d**2 / (2 * n)),
                   "UB": lead_ub / n + (1 - (m - 2) / (m * j**2)) * g**2, "H0": j**2 * lead_ub / n * m / (m - 2)}[vtype]
    for v in ("LS", "LS2", "UB", "H0"):
        options = "" if v == "LS" else "vtype=" + v
        each("SMCC", options, CHANGE, lambda m1i, sd1i, m2i, sd2i, ni, ri: standard(
            v, (m1i - m2i) / sqrt(s_d2(sd1i, sd2i, ri)), ni - 1, ni, 1, 1))
        unbiased = lambda r, n: r * mp.hyp2f1(mpf(1) / 2, mpf(1) / 2, (n - 2) / 2, 1 - r**2)
        each("SMCR", options, CHANGE, lambda m1i, sd1i, m2i, sd2i, ni, ri: standard(
            v, (m1i - m2i) / sd1i, ni - 1, ni, 2 * (1 - ri), 2 * (1 - unbiased(ri, ni))))
    each("SMCC", "no-correct", CHANGE, lambda m1i, sd1i, m2i, sd2i, ni, ri: standard(
        "LS", (m1i - m2i) / sqrt(s_d2(sd1i, sd2i, ri)), ni - 1, ni, 1, 1, False))
    each("SMCC", "", table("mi sdi ni", (10.1, 7.7, 12)), lambda mi, sdi, ni: standard(
        "LS", mi / sdi, ni - 1, ni, 1, 1), name="from change")
    each("SMCC", "", table("ti ni", (3.1, 12), (-0.6, 30)), lambda ti, ni: standard(
        "LS", ti / sqrt(ni), ni - 1, ni, 1, 1), name="from t")
    each("SMCC", "", table("pi ni", (0.006, 12), (-0.4, 30)), lambda pi, ni: standard(
        "LS", mp.sign(pi) * qt_upper(abs(pi) / 2, ni - 1) / sqrt(ni), ni - 1, ni, 1, 1), name="from p")
    for options, less in (("", 1), ("vtype=LS2", 0)):
        def smcrh(m1i, sd1i, m2i, sd2i, ni, ri):
            g = J(ni - 1) * (m1i - m2i) / sd1i
            return g, s_d2(sd1i, sd2i, ri) / (sd1i**2 * (ni - less)) + g**2 / (2 * (ni - less))
        each("SMCRH", options, CHANGE, smcrh)

        def smcrph(m1i, sd1i, m2i, sd2i, ni, ri):
            s2 = (sd1i**2 + sd2i**2) / 2
            g = J(2 * (ni - 1) / (1 + ri**2)) * (m1i - m2i) / sqrt(s2)
            return g, (s_d2(sd1i, sd2i, ri) / (s2 * (ni - less)) + g**2 * (
                sd1i**4 + sd2i**4 + 2 * ri**2 * sd1i**2 * sd2i**2) / (8 * s2**2 * (ni - less)))
        each("SMCRPH", options, CHANGE, smcrph)

    def smcrp(m1i, sd1i, m2i, sd2i, ni, ri):
        g = J(2 * (ni - 1) / (1 + ri**2)) * (m1i - m2i) / sqrt((sd1i**2 + sd2i**2) / 2)
        return g, 2 * (1 - ri) / ni + g**2 * (1 + ri**2) / (4 * ni)
    each("SMCRP", "", CHANGE, smcrp)

    def clescn(m1i, sd1i, m2i, sd2i, ni, ri):
        s2 = (sd1i**2 + sd2i**2) / 2
        d = (m1i - m2i) / sqrt(s2)
        v = s_d2(sd1i, sd2i, ri) / (s2 * (ni - 1)) + d**2 * (
            sd1i**4 + sd2i**4 + 2 * ri**2 * sd1i**2 * sd2i**2) / (8 * s2**2 * (ni - 1))
        return ncdf(d / sqrt(mpf(2))), exp(-d**2 / 2) / (4 * pi) * v
    each("CLESCN", "", CHANGE, clescn)
    each("AUCCN", "", CHANGE, clescn)

    def romc(vtype, correct=True):
        def f(m1i, sd1i, m2i, sd2i, ni, ri):
            a, b = sd1i / m1i, sd2i / m2i
            y = log(m1i / m2i) + (a**2 - b**2) / (2 * ni) * correct
            v = a**2 / ni + b**2 / ni - 2 * ri * a * b / ni
            if vtype == "LS2":
                v += (a**4 + b**4) / (2 * ni**2) + ri**2 * a**2 * b**2 * (m1i**4 + m2i**4) / (2 * ni**2 * m1i**2 * m2i**2)
            return y, v
        return f

    def vrc(vtype):
        def f(m1i, sd1i, m2i, sd2i, ni, ri):
            v = (1 - ri**2) / (ni - 1) if vtype == "LS" else ni / (ni - 1)**2 - ri**2 / (ni - 1) + ri**4 * (
                sd1i**8 + sd2i**8) / (2 * (ni - 1)**2 * sd1i**4 * sd2i**4)
            return log(sd1i / sd2i), v
        return f
    for v in ("LS", "LS2"):
        options = "" if v == "LS" else "vtype=LS2"
        each("ROMC", options, CHANGE, romc(v))
        each("VRC", options, CHANGE, vrc(v))

        def cvrc(**r):
            a, b = romc(v)(**r), vrc(v)(**r)
            return b[0] - a[0], a[1] + b[1]
        each("CVRC", options, CHANGE, cvrc)
    each("ROMC", "no-correct", CHANGE, romc("LS", False))


def reported():
    z = lambda level: -qnorm((1 - mpf(level)) / 2)
    each("GEN", "", table("yi ci_lb ci_ub", (0.3, -0.1, 0.7), (-1.2, -2.0, -0.4)),
         lambda yi, ci_lb, ci_ub: (yi, ((ci_ub - ci_lb) / (2 * z("0.95")))**2), name="from an interval")
    each("GEN", "ci-level=90", table("yi ci_lb ci_ub", (0.3, -0.1, 0.7)),
         lambda yi, ci_lb, ci_ub: (yi, ((ci_ub - ci_lb) / (2 * z("0.9")))**2), name="from an interval")
    for measure in ("GEN", "OR", "HR"):
        each(measure, "ratio-scale", table("yi ci_lb ci_ub", (0.74, 0.5, 1.1), (2.2, 1.3, 3.7)),
             lambda yi, ci_lb, ci_ub: (log(yi), (log(ci_ub / ci_lb) / (2 * z("0.95")))**2), name="from ratios")
    for measure in ("VE", "VEOR", "VEIR"):
        each(measure, "ratio-scale", table("yi ci_lb ci_ub", (0.62, 0.41, 0.75), (-0.1, -0.4, 0.13)),
             lambda yi, ci_lb, ci_ub: (log(1 - yi), (log((1 - ci_lb) / (1 - ci_ub)) / (2 * z("0.95")))**2),
             name="from efficacies")
    each("GEN", "", table("yi sei", (0.3, 0.2), (-1.2, 0.5)), lambda yi, sei: (yi, sei**2), name="from sei")
    each("GEN", "", table("yi zval", (0.3, 1.7), (-1.2, -2.5)), lambda yi, zval: (yi, (yi / zval)**2), name="from z")
    each("GEN", "", table("yi pval", (0.3, 0.09), (-1.2, 1e-30)), lambda yi, pval: (yi, (yi / qnorm(pval / 2))**2),
         name="from p")
    each("SMD", "", table("yi vi", (0.3, 0.09)), lambda yi, vi: (yi, vi), name="as reported")


print(f"# mpmath {mp.__version__}, Python {sys.version.split()[0]}, formulas of the measures' sources with 50 digits; "
      "tests/ref/tools/effect_mpmath.py")
print(",".join(["case", "measure", "options", *ROLES, "yi_ref", "vi_ref", "tol"]))
two_by_two()
paired()
rates()
two_means()
correlations()
one_group()
change()
reported()
