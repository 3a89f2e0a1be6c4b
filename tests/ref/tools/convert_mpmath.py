#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/ref/convert.csv: conversions computed with 30 digits, by other routes than the library's.

Published values are marked as such; the rest is mpmath. Usage: convert_mpmath.py > ../convert.csv
"""
import math
import sys

from mpmath import (mp, mpf, sqrt, log, exp, findroot, quad, erfinv, ncdf, npdf, gamma, gammainc, betainc, diff, inf, floor,
                    nstr, matrix, lu_solve)

mp.dps = 30
M = mpf


def z(p):
    return sqrt(M(2)) * erfinv(2 * M(p) - 1)


def t_quantile(p, df):
    """x with P(T > x) = p, from the incomplete beta function."""
    tail = lambda x: betainc(M(df) / 2, M(1) / 2, 0, M(df) / (M(df) + x * x), regularized=True) / 2 - M(p)
    return findroot(tail, (M("0.1"), M(30)), solver="illinois", tol=1e-50, maxsteps=200)


rows = []


def row(conversion, inputs, outputs, options="", tol="1e-12", source="mpmath"):
    show = lambda d: " ".join(f"{k}={v if isinstance(v, str) else nstr(v, 17, strip_zeros=True)}" for k, v in d.items())
    print(conversion, file=sys.stderr)
    rows.append(",".join([conversion, options, show(inputs), show(outputs), tol, source]))


# --- errors ---
z95 = z(M("0.975"))
row("vi", dict(vi="0.0625"), dict(sei=M("0.25")))
row("ci", dict(yi="0.5", ci_lb="0.1", ci_ub="0.9"), dict(yi=M("0.5"), sei=M("0.8") / (2 * z95)))
row("ci", dict(ci_lb="0.1", ci_ub="0.9", dfi="7"), dict(yi=M("0.5"), sei=M("0.8") / (2 * t_quantile("0.025", 7))))
row("ci", dict(yi="0.5", ci_lb="0.1", ci_ub="0.9"), dict(sei=M("0.8") / (2 * z(M("0.95")))), "ci-level=90")
row("ci", dict(yi="0.5", ci_lb="0.25", ci_ub="1"), dict(yi=log(M("0.5")), sei=log(M(4)) / (2 * z95), ci_lb=log(M("0.25")),
                                                       ci_ub=M(0)), "ratio-scale")
row("ci-upper", dict(yi="0.5", ci_ub="0.9"), dict(sei=M("0.4") / z95))
row("ci-lower", dict(yi="0.5", ci_lb="0.1", dfi="3"), dict(sei=M("0.4") / t_quantile("0.025", 3)))
row("z", dict(yi="-0.5", zval="-2.5"), dict(sei=M("0.2")))
row("t", dict(yi="0.5", ti="2.5"), dict(sei=M("0.2")))
row("p", dict(yi="0.5", pval="0.04"), dict(sei=M("0.5") / z(M("0.98"))))
row("p", dict(yi="-0.5", pval="1e-10"), dict(sei=M("0.5") / z(1 - M("5e-11"))))
row("p", dict(yi="-0.5", pi="-0.04", dfi="10"), dict(sei=M("0.5") / t_quantile("0.02", 10)))
row("sei-ci", dict(yi="0.5", sei="0.2"), dict(ci_lb=M("0.5") - z95 / 5, ci_ub=M("0.5") + z95 / 5))
row("sei-ci", dict(yi="0.5", vi="0.04", dfi="5"), dict(ci_lb=M("0.5") - t_quantile("0.025", 5) / 5,
                                                      ci_ub=M("0.5") + t_quantile("0.025", 5) / 5))
row("sei-z", dict(yi="0.5", sei="0.2"), dict(zval=M("2.5")))
row("sei-t", dict(yi="0.5", vi="0.04"), dict(ti=M("2.5")))
row("sei-p", dict(yi="0.5", sei="0.2"), dict(pval=2 * ncdf(M("-2.5"))))
row("sei-p", dict(yi="-0.5", sei="0.2", dfi="4"), dict(pval=betainc(2, M("0.5"), 0, 4 / (4 + M("6.25")), regularized=True)))

# --- means ---
row("sem", dict(sem1i="1.5", n1i="16"), dict(sd1i=M(6)))
row("mean-ci", dict(lb2i="10", ub2i="14", n2i="12"), dict(m2i=M(12), sd2i=sqrt(M(12)) * 2 / t_quantile("0.025", 11)))
row("group-t", dict(m1i="10", m2i="8", n1i="20", n2i="22", ti="2.3"),
    dict(sd1i=2 / M("2.3") / sqrt(M(1) / 20 + M(1) / 22), sd2i=2 / M("2.3") / sqrt(M(1) / 20 + M(1) / 22)))
tp = t_quantile("0.015", 40)
row("group-t", dict(m1i="10", m2i="8", n1i="20", n2i="22", pi="0.03"),
    dict(sd1i=2 / tp / sqrt(M(1) / 20 + M(1) / 22), sd2i=2 / tp / sqrt(M(1) / 20 + M(1) / 22)))
# the numbers 1..7 and 3, 5, 10: mean and standard deviation of all ten
ten = [M(x) for x in (1, 2, 3, 4, 5, 6, 7, 3, 5, 10)]


def moments(x):
    m = sum(x) / len(x)
    return m, sqrt(sum((a - m) ** 2 for a in x) / (len(x) - 1))


pooled_se = sqrt(M(1) / 20 + M(1) / 22)
two = dict(m1i="10", m2i="8", n1i="20", n2i="22")
row("group-se", dict(**two, sei="0.9"), dict(sd1i=M("0.9") / pooled_se, sd2i=M("0.9") / pooled_se))
row("group-ci", dict(**two, ci_lb="0.2", ci_ub="3.8"),
    dict(sd1i=M("1.8") / t_quantile("0.025", 40) / pooled_se, sd2i=M("1.8") / t_quantile("0.025", 40) / pooled_se))
row("group-ci", dict(**two, ci_lb="0.2", ci_ub="3.8"), dict(sd1i=M("1.8") / t_quantile("0.05", 40) / pooled_se), "ci-level=90")

# Cochrane Handbook 5.1, section 16.3.5: 63/295 in 10 and 84/330 in 11 schools, ICC 0.02, mean cluster size 29.8
row("design-effect", dict(ai="63", n1i="295", ci="84", n2i="330"), dict(ai=M("40.0"), n1i=M("187.2"), ci=M("53.3"), n2i=M("209.4")),
    "icc=0.02 cluster-size=29.8", "1e-3", "Cochrane Handbook 16.3.5")
row("design-effect", dict(icci="0.05", csizei="21", ai="6", bi="14", ci="9", di="11"), dict(ai=M(3), bi=M(7), ci=M("4.5"), di=M("5.5")))
row("design-effect", dict(icci="0.05", csizei="21", n1i="40", n2i="50", di="0.4"), dict(n1i=M(20), n2i=M(25), di=M("0.4")))
row("design-effect", dict(icci="0.05", csizei="21", xi="8", ni="50"), dict(xi=M(4), ni=M(25)))
row("design-effect", dict(x1i="8", t1i="50", x2i="6", t2i="30"), dict(x1i=M(4), t1i=M(25), x2i=M(3), t2i=M(15)), "icc=1 cluster-size=2")
row("design-effect", dict(icci="0.05", csizei="21", yi="0.3", vi="0.04"), dict(yi=M("0.3"), vi=M("0.08")))
row("design-effect", dict(icci="0.05", csizei="21", yi="0.3", vi="0.04", ni="50"), dict(vi=M("0.08"), ni=M(25)))
row("design-effect", dict(yi="0.3", sei="0.2"), dict(sei=M("0.2") * sqrt(M("1.38"))), "icc=0.02 cluster-size=20")

# log-normal moments by integration, not by the closed form
lognormal = lambda m, s, k: quad(lambda x: exp(k * x) * npdf(x, m, s), [m - 12 * s, m, m + 12 * s + k * s * s])
e1, e2 = lognormal(M("1.2"), M("0.5"), 1), lognormal(M("1.2"), M("0.5"), 2)
row("from-logs", dict(m1i="1.2", sd1i="0.5"), dict(m1i=e1, sd1i=sqrt(e2 - e1 ** 2)))
row("to-logs", dict(mi=nstr(e1, 17), sdi=nstr(sqrt(e2 - e1 ** 2), 17)), dict(mi=M("1.2"), sdi=M("0.5")))
row("geometric", dict(m2i="6", lb2i="4", ub2i="9", n2i="16"), dict(m2i=log(M(6)), sd2i=4 * log(M("2.25")) / (2 * t_quantile("0.025", 15))))
row("sei-ci", dict(yi="-0.5", pval="0.04"), dict(ci_lb=M("-0.5") - z95 * M("0.5") / z(M("0.98")), ci_ub=M("-0.5") + z95 * M("0.5") / z(M("0.98"))))
row("sei-ci", dict(yi="0.5", zval="2"), dict(ci_lb=M("0.5") - z95 / 4, ci_ub=M("0.5") + z95 / 4))
row("sei-p", dict(yi="0.5", ci_lb="0.1", ci_ub="0.9"), dict(pval=2 * ncdf(-M("0.5") * z95 / M("0.4"))))
# Altman & Bland 2011, BMJ 343:d2304: ratio 0.81, 95% CI 0.70 to 0.94, p = 0.005
row("sei-p", dict(yi="0.81", ci_lb="0.70", ci_ub="0.94"), dict(pval=M("0.005")), "ratio-scale", "0.1", "Altman & Bland 2011")
row("sei-z", dict(yi="0.5", ci_lb="0.1", ci_ub="0.9"), dict(zval=M("0.5") * z95 / M("0.4")))
row("sei-t", dict(yi="0.5", ci_lb="0.1", ci_ub="0.9", dfi="9"), dict(ti=M("0.5") * t_quantile("0.025", 9) / M("0.4")))
row("groups", dict(m1i="4", sd1i=nstr(moments(ten[:7])[1], 17), n1i="7", m2i="6", sd2i=nstr(moments(ten[7:])[1], 17), n2i="3"),
    dict(mi=moments(ten)[0], sdi=moments(ten)[1], ni=M(10)))
row("events", dict(ai="4", n1i="20", ci="7", n2i="22"), dict(xi=M(11), ni=M(42)))
row("change", dict(m1i="18", sd1i="5", m2i="12", sd2i="4", ri="0.6"), dict(mi=M(6), sdi=sqrt(M(25 + 16) - 24)))
row("change", dict(m1i="18", sd1i="5", m2i="12", sd2i="4"), dict(mi=M(6), sdi=sqrt(M(25 + 16) - 20)), "ri=0.5")
row("change", dict(sd1i="5", sd2i="4", ri="0.6"), dict(sdi=sqrt(M(25 + 16) - 24)))
row("change-ri", dict(sd1i="5", sd2i="4", sdi="4.1"), dict(ri=(M(41) - M("4.1") ** 2) / 40))

# --- 2x2 ---
pub = "FORMULAS F14"
# a correlation of 0.6: the paired t statistic of such data, with its p-value
paired_t = 2 / (sqrt(M(25 + 16) - 24) / sqrt(M(15)))
paired = dict(m1i="8", m2i="6", sd1i="5", sd2i="4", ni="15")
row("paired-ri", dict(**paired, ti=nstr(paired_t, 17)), dict(ri=M("0.6")))
row("paired-ri", dict(**paired, pi=nstr(betainc(7, M("0.5"), 0, 14 / (14 + paired_t ** 2), regularized=True), 17)), dict(ri=M("0.6")))
row("or", dict(ori="2.5", n1i="40", n2i="60", xi="30"), dict(ai=M(17), bi=M(23), ci=M(13), di=M(47)), source=pub)
row("or", dict(ori="1", n1i="40", xi="30", ni="100"), dict(ai=M(12), bi=M(28), ci=M(18), di=M(42)))
row("or", dict(ori="3.18", n1i="17", n2i="83", xi="50"), dict(ai=M(12), bi=M(5), ci=M(38), di=M(45)), source="vcmeta table.from.odds")
row("phi", dict(ri="0.38", n1i="56", xi="128", ni="200"), dict(ai=M(52), bi=M(4), ci=M(76), di=M(68)), source="vcmeta table.from.phi")
row("chisq", dict(chi2i="5", n1i="40", xi="30", ni="100"), dict(ai=M(18), bi=M(22), ci=M(12), di=M(48)), source=pub)
row("chisq", dict(chi2i="5", n1i="40", xi="30", ni="100"), dict(ai=M(17), bi=M(23), ci=M(13), di=M(47)), "no-yates")
acc = dict(ai=M(44), bi=M(14), ci=M(11), di=M(131))
row("accuracy", dict(sensi="0.8", speci="0.9", ppvi="0.75", ni="200"), acc, source=pub)
prev = M("0.75") * M("0.1") / (M("0.8") * M("0.25") + M("0.75") * M("0.1"))
npv = M("0.9") * (1 - prev) / (M("0.9") * (1 - prev) + M("0.2") * prev)
n_ = nstr(npv, 17)
row("accuracy", dict(sensi="0.8", speci="0.9", npvi=n_, ni="200"), acc)
row("accuracy", dict(speci="0.9", ppvi="0.75", npvi=n_, ni="200"), acc)
row("accuracy", dict(sensi="0.8", ppvi="0.75", npvi=n_, ni="200"), acc)

# --- formulas and shared controls ---
row("delta", dict(yi="-0.9386941408703922", vi="0.3571249522536287"),
    dict(yi=exp(M("-0.9386941408703922")), vi=exp(2 * M("-0.9386941408703922")) * M("0.3571249522536287")), "formula=exp(yi)")
row("delta", dict(yi="0.7", sei="0.1", ni="20"),
    dict(yi=M("0.7") ** 2 / 20 + mp.sin(M("0.7")), vi=(M("1.4") / 20 + mp.cos(M("0.7"))) ** 2 / 100),
    "formula=yi^2/ni+sin(yi)")
row("transform", dict(yi="0.8", ci_lb="0.1", ci_ub="1.5", n1i="20", n2i="13"),
    dict(transformed=M("0.8") / sqrt(M("0.64") + M(31) / 20 + M(31) / 13)), "transform=dtorpb")
row("transform", dict(yi="-0.5", ci_lb="-1", ci_ub="0.5"),
    dict(transformed=2 * ncdf(M("-0.25")), transformed_lb=2 * ncdf(M("-0.5")), transformed_ub=M(1)), "transform=dtoovl")
row("split", dict(m2i="3", sd2i="1", n2i="30", study="A"), dict(n2i=M(15), m2i=M(3), sd2i=M(1)), "cluster=study twice")


# --- five numbers ---
def five(min=None, q1=None, med=None, q3=None, max=None, n=None):
    names = [("min", min), ("q1", q1), ("med", med), ("q3", q3), ("max", max)]
    return dict(x=[M(v) for k, v in names if v is not None], p=[], n=M(n), range=min is not None, quart=q1 is not None,
                inputs={f"{k}i": str(v) for k, v in names if v is not None} | {"ni": str(n)})


def xi_eta(n):
    return 2 * z((n - M("0.375")) / (n + M("0.25"))), 2 * z((M("0.75") * n - M("0.125")) / (n + M("0.25")))


def luo_mean(f, x):
    n = f["n"]
    if f["range"] and f["quart"]:
        w1, w2 = M("2.2") / (M("2.2") + n ** M("0.75")), M("0.7") - M("0.72") / n ** M("0.55")
        return w1 * (x[0] + x[4]) / 2 + w2 * (x[1] + x[3]) / 2 + (1 - w1 - w2) * x[2]
    w = 4 / (4 + n ** M("0.75")) if f["range"] else M("0.7") + M("0.39") / n
    return w * (x[0] + x[2]) / 2 + (1 - w) * x[1]


def wan_sd(f, x, shi=False):
    xi, eta = xi_eta(f["n"])
    if f["range"] and f["quart"]:
        w = 1 / (1 + M("0.07") * f["n"] ** M("0.6")) if shi else M("0.5")
        return w * (x[4] - x[0]) / xi + (1 - w) * (x[3] - x[1]) / eta
    return (x[2] - x[0]) / (xi if f["range"] else eta)


S1 = five(min=2, med=8, max=21, n=60)
S2 = five(q1=5, med=8, q3=13, n=60)
S3 = five(min=2, q1=5, med=8, q3=13, max=21, n=60)
T3 = five(min="31.6", q1="37.6", med="47.2", q3="56.8", max="68.7", n=12)
for f in (S1, S2, S3, T3):
    row("luo+wan", f["inputs"], dict(mi=luo_mean(f, f["x"]), sdi=wan_sd(f, f["x"])))
for f in (S3, T3):
    row("luo+shi", f["inputs"], dict(mi=luo_mean(f, f["x"]), sdi=wan_sd(f, f["x"], True)))
row("luo+wan", S2["inputs"], dict(mi=M("8.7065"), sdi=M("6.07666")), tol="1e-6", source="FORMULAS F12")
row("wan", S1["inputs"], dict(mi=M("9.75"), sdi=wan_sd(S1, S1["x"])))
row("wan", S2["inputs"], dict(mi=M(26) / 3, sdi=wan_sd(S2, S2["x"])))
row("wan", S3["inputs"], dict(mi=M(75) / 8, sdi=wan_sd(S3, S3["x"])))
row("hozo", S1["inputs"], dict(mi=M(8), sdi=M(19) / 4))
row("hozo", five(min=2, med=8, max=21, n=12)["inputs"], dict(mi=M(39) / 4, sdi=sqrt((M(49) / 4 + 361) / 12)))
row("hozo", five(min=2, med=8, max=21, n=100)["inputs"], dict(mi=M(8), sdi=M(19) / 6))
bl = "metafor 5.1-12 conv.fivenum(method=\"bland2015\")"
row("bland", five(min="36.5", q1="43.6", med="47.9", q3="58.3", max="66.6", n=25)["inputs"],
    dict(mi=M("50.337500000000006"), sdi=M("8.384835642396299")), source=bl.replace(",", ";").replace('"', ""))
for f, m, s in ((S2, "10.31564", "8.01896"), (S1, "8.75685", "4.63184"), (S3, "9.41542", "6.11227")):
    row("shi-lognormal", f["inputs"], dict(mi=M(m), sdi=M(s)), tol="1e-6", source="metafor 5.1-12 conv.fivenum(dist=lnorm)")


def panels(edges):
    """Gauss-Legendre nodes and weights, 24 to a panel."""
    base = [(float(x), float(w)) for x, w in mp.quad.__self__._gauss_legendre.calc_nodes(4, 80)]
    return [((a + b) / 2 + (b - a) / 2 * x, (b - a) / 2 * w) for a, b in zip(edges, edges[1:]) for x, w in base]


def order_moments(ranks, n):
    """Means and covariances of standard normal order statistics from their joint density, in doubles."""
    phi = lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    tail = lambda x: math.erfc(x / math.sqrt(2)) / 2
    f = math.factorial
    xs, ds = panels([-8, -5, -3, -1.5, 0, 1.5, 3, 5, 8]), panels([0, 0.5, 1, 2, 3.5, 6, 12])
    m, e, cov = len(ranks), [], matrix(len(ranks))
    for i, r in enumerate(ranks):
        one = [(x, w * f(n) / f(r - 1) / f(n - r) * tail(-x) ** (r - 1) * tail(x) ** (n - r) * phi(x)) for x, w in xs]
        e.append(math.fsum(x * w for x, w in one))
        cov[i, i] = math.fsum((x - e[i]) ** 2 * w for x, w in one)
    for i, r in enumerate(ranks):
        for j in range(i + 1, m):
            s = ranks[j]
            c = f(n) / f(r - 1) / f(s - r - 1) / f(n - s)
            cov[i, j] = cov[j, i] = math.fsum(
                (x - e[i]) * (x + d - e[j]) * c * tail(-x) ** (r - 1) * (tail(x) - tail(x + d)) ** (s - r - 1)
                * tail(x + d) ** (n - s) * phi(x) * phi(x + d) * w * v for x, w in xs for d, v in ds)
    return e, cov


T13 = five(min=2, q1=5, med=8, q3=12, max=19, n=13)
e, cov = order_moments([1, 4, 7, 10, 13], 13)
one = matrix([1] * 5)
ev, xv = matrix(e), matrix(T13["x"])
ci = lambda b: lu_solve(cov, b)
dot = lambda a, b: sum(a[i] * b[i] for i in range(5))
oo, oe, ee = dot(one, ci(one)), dot(one, ci(ev)), dot(ev, ci(ev))
ox, ex = dot(one, ci(xv)), dot(ev, ci(xv))
det = oo * ee - oe * oe
mu, sigma = (ee * ox - oe * ex) / det, (oo * ex - oe * ox) / det
row("blue", T13["inputs"], dict(mi=mu, sdi=sigma, semi=sigma * sqrt(ee / det)), "uncertainty", "1e-9")
lw = [luo_mean(T13, [M(i == k) for i in range(5)]) for k in range(5)]
sem = wan_sd(T13, T13["x"], True) * sqrt(sum(lw[i] * lw[j] * cov[i, j] for i in range(5) for j in range(5)))
row("luo+shi", T13["inputs"], dict(mi=luo_mean(T13, T13["x"]), semi=sem), "uncertainty", "1e-9")
F5 = five(min=1, q1=2, med=4, q3=5, max=9, n=5)  # all of the sample: the best estimate is its mean
row("blue", F5["inputs"], dict(mi=M("4.2")), tol="1e-12", source="Lloyd 1952: the mean is its own BLUE")


# --- quantile estimation: both parameters free; zero of the gradient ---
def gamma_q(p, a):
    g = lambda x: gammainc(a, 0, x, regularized=True) - p
    s = 1 / (9 * a)
    start = a * (1 - s + z(p) * sqrt(s)) ** 3
    return findroot(g, start if start > a * M("0.01") else a * M("0.05"), tol=1e-28)


FAMILIES = {
    "normal": (lambda p, a, b: a + b * z(p), lambda a, b: (a, b)),
    "log-normal": (lambda p, a, b: exp(a + b * z(p)),
                   lambda a, b: (exp(a + b * b / 2), sqrt((exp(b * b) - 1) * exp(2 * a + b * b)))),
    "gamma": (lambda p, a, b: gamma_q(p, a) / b, lambda a, b: (a / b, sqrt(a) / b)),
    "weibull": (lambda p, a, b: b * (-log(1 - p)) ** (1 / a),
                lambda a, b: (b * gamma(1 + 1 / a), b * sqrt(gamma(1 + 2 / a) - gamma(1 + 1 / a) ** 2))),
}


def qe(f):
    p = ([1 / f["n"]] if f["range"] else []) + ([M("0.25")] if f["quart"] else []) + [M("0.5")]
    p += [1 - a for a in reversed(p[:-1])]
    m, s = luo_mean(f, f["x"]), wan_sd(f, f["x"])
    start = {"normal": (m, s), "log-normal": (log(m / sqrt(1 + (s / m) ** 2)), sqrt(log(1 + (s / m) ** 2))),
             "gamma": ((m / s) ** 2, m / s ** 2), "weibull": ((m / s) ** M("1.086"), m * M("1.1"))}
    best = None
    for name, (q, mean_sd) in FAMILIES.items():
        sse = lambda a, b: sum((q(pi, a, b) - xi) ** 2 for pi, xi in zip(p, f["x"]))
        grad = lambda a, b: (diff(sse, (a, b), (1, 0)), diff(sse, (a, b), (0, 1)))
        a, b = findroot(grad, start[name], tol=1e-30, maxsteps=60)
        if best is None or sse(a, b) < best[0]:
            best = (sse(a, b), name, mean_sd(a, b))
    return best


for f in (S1, S2, S3, T3):
    _, name, (m, s) = qe(f)
    row("qe", f["inputs"], dict(mi=m, sdi=s), tol="1e-8", source=f"mpmath; {name}")


# --- power transformations ---
def power(x, l):
    return log(x) if l == 0 else (x ** l - 1) / l


def back(l, mu, s):
    """Moments of the inverse of a normal variable that is cut to the range of the transformation."""
    if l == 0:
        m = exp(mu + s * s / 2)
        return m, m * sqrt(exp(s * s) - 1)
    lo, hi = -1 / l, 2 * mu + 1 / l
    lo, hi = max(lo, mu - 12 * s), min(hi, mu + 12 * s)
    share = ncdf((hi - mu) / s) - ncdf((lo - mu) / s)
    cut = [lo, mu - 3 * s, mu, mu + 3 * s, hi] if lo < mu - 3 * s else [lo, mu, hi]
    e = lambda g: quad(lambda t: g(max(l * t + 1, M(0)) ** (1 / l)) * npdf((t - mu) / s) / s, cut) / share
    m = e(lambda x: x)
    return m, sqrt(e(lambda x: (x - m) ** 2))


def bc(f):
    x = f["x"]
    k = len(x)
    ratio = lambda l, i: (power(x[k - 1 - i], l) - power(x[k // 2], l)) / (power(x[k // 2], l) - power(x[i], l)) - 1
    sse = lambda l: sum(ratio(l, i) ** 2 for i in range(k // 2))
    grid = [M(i) / 20 for i in range(-40, 61) if i]
    l = min(grid, key=sse)
    l = findroot(lambda a: diff(sse, a), l, tol=1e-30)
    t = [power(a, l) for a in x]
    return l, luo_mean(f, t), wan_sd(f, t)


def mln(f):
    """The likelihood of the data: with the Jacobian of the transformation."""
    x, n = f["x"], f["n"]
    j = [M(1)] * f["range"] + [floor(n / 4 + 1)] * f["quart"] + [floor(n / 2 + 1)] + [floor(3 * n / 4 + 1)] * f["quart"]
    j += [n] * f["range"]
    gaps = [j[0] - 1] + [j[i + 1] - j[i] - 1 for i in range(len(j) - 1)] + [n - j[-1]]

    def loglik(l, mu, s):
        zz = [(power(a, l) - mu) / s for a in x]
        cum = [M(0)] + [ncdf(a) for a in zz] + [M(1)]
        out = sum(log(npdf(a)) - log(s) + (l - 1) * log(b) for a, b in zip(zz, x))
        return out + sum(g * log(cum[i + 1] - cum[i]) for i, g in enumerate(gaps) if g)

    def profile(l):
        t = [power(a, l) for a in x]
        return loglik(l, luo_mean(f, t), wan_sd(f, t))

    grid = [M(i) / 20 for i in range(1, 201)]
    l = max(grid, key=profile)
    l = max(M(0), findroot(lambda a: diff(profile, a), l, tol=1e-25))  # the method's range begins at 0
    t = [power(a, l) for a in x]
    g = lambda mu, s: (diff(lambda a: loglik(l, a, s), mu), diff(lambda a: loglik(l, mu, a), s))
    mu, s = findroot(g, (luo_mean(f, t), wan_sd(f, t)), tol=1e-25)
    return l, mu, s


for f in (S1, S3, T3):
    l, mu, s = bc(f)
    m, sd = back(l, mu, s)
    row("bc", f["inputs"], dict(mi=m, sdi=sd), tol="1e-9", source=f"mpmath; lambda {nstr(l, 6)}")
l0 = [log(a) for a in five(q1=2, med=4, q3=8, n=40)["x"]]  # symmetric logarithms: lambda 0
f = five(q1=2, med=4, q3=8, n=40)
mu, s = luo_mean(f, l0), wan_sd(f, l0)
row("bc", f["inputs"], dict(mi=exp(mu + s * s / 2), sdi=exp(mu + s * s / 2) * sqrt(exp(s * s) - 1)), tol="1e-7",
    source="log-normal moments: lambda is 0 to rounding")
for f in (S1, S3, T3):
    l, mu, s = mln(f)
    m, sd = back(l, mu, s)
    row("mln", f["inputs"], dict(mi=m, sdi=sd), tol="1e-8", source=f"mpmath; lambda {nstr(l, 6)}")

print(f"# mpmath {__import__('mpmath').__version__}, 30 digits, tests/ref/tools/convert_mpmath.py; published values where source says so")
print("conversion,options,inputs,outputs,tol,source")
print("\n".join(rows))
