#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/ref/transform.csv: every transform at a few values, with 40 digits. Usage: transform_mpmath.py > ../transform.csv

Definitions are metafor's (transf.* of 5.1-12); the averages over true effects are integrals, their modes the maxima of
densities that are differentiated numerically.
"""
from mpmath import (mp, mpf as M, sqrt, log, exp, tanh, atanh, asin, sin, cos, pi, ncdf, npdf, erfinv, quad, findroot, diff, nstr,
                    cbrt, sign, inf)

mp.dps = 40


def q(p):
    return sqrt(M(2)) * erfinv(2 * M(p) - 1)


def expit(x):
    return 1 / (1 + exp(-x))


def mean(g, cut=()):
    def of(x, tau2):
        s = sqrt(tau2)
        points = sorted([x - 14 * s, x - 4 * s, x, x + 4 * s, x + 14 * s] + [c for c in cut if abs(c - x) < 14 * s])
        return quad(lambda z: g(z) * npdf((z - x) / s) / s, points)
    return of


def mode(back, g, slope):
    """The maximum of the density of g(Y), Y normal; slope is the derivative of the way back."""
    def of(x, tau2):
        density = lambda y: log(npdf((back(y) - x) / sqrt(tau2)) * slope(y))
        return findroot(lambda y: diff(density, y), (g(x) - M("1e-3"), g(x) + M("1e-3")), tol=1e-40)
    return of


def h(n1, n2):
    m = n1 + n2 - 2
    return m / n1 + m / n2


def bis(p):
    return sqrt(p * (1 - p)) / npdf(q(p))


def pft(p, n):
    return (asin(sqrt(p * n / (n + 1))) + asin(sqrt((p * n + 1) / (n + 1)))) / 2


def clamp_sin2(x):
    return M(0) if x <= 0 else M(1) if x >= pi / 2 else sin(x) ** 2


def rpb(d, n1, n2):
    return d / sqrt(d * d + h(n1, n2))


def dofr(r, n1, n2):
    return sqrt(h(n1, n2)) * r / sqrt(1 - r * r)


ds, ps, rs, als = ["-3", "-0.75", "0", "0.3", "2.5"], ["0.001", "0.2", "0.5", "0.9"], ["-0.9", "-0.1", "0.4", "0.7"], ["0.2", "0.81", "0.99"]
g1, g2 = M(20), M(13)
rows = []


def add(name, xs, f, args=""):
    kw = {k: M(v) for k, v in (a.split("=") for a in args.split(",") if a)}
    for x in xs:
        rows.append(f'{name},{x},"{args}",{nstr(f(M(x), **kw), 20)}')


risk = lambda x, baseline: expit(x + log(baseline / (1 - baseline)))
add("exp", ds, exp)
add("ve", ds, lambda x: 1 - exp(x))
add("ilogit", ds + ["-40", "40"], expit)
add("iprobit", ds, ncdf)
add("sin2", ["-0.1", "0.3", "1.2", "2"], clamp_sin2)
add("square", ["-1", "0.5", "2"], lambda x: max(x, M(0)) ** 2)
add("tanh", ds, tanh)
add("tanh2", ["0.3", "1.2"], lambda x: tanh(x) ** 2)
add("iahw", ["0.1", "0.5"], lambda x: 1 - (1 - x) ** 3)
add("iabt", ["0.1", "3"], lambda x: 1 - exp(-x))
add("exp.int", ds, lambda x, tau2: exp(x + tau2 / 2), "tau2=0.15")
add("exp.mode", ds, lambda x, tau2: exp(x - tau2), "tau2=0.15")
for tau2 in ("0.09", "2"):
    add("ilogit.int", ds, mean(expit), f"tau2={tau2}")
    add("iprobit.int", ds, mean(ncdf), f"tau2={tau2}")
    add("ztor.int", ds, mean(tanh), f"tau2={tau2}")
    add("dtocles.int", ds, mean(lambda z: ncdf(z / sqrt(M(2)))), f"tau2={tau2}")
within = lambda x, tau2: ncdf((pi / 2 - x) / sqrt(tau2)) - ncdf(-x / sqrt(tau2))
add("iarcsin.int", ["0.05", "0.3", "1.2"], lambda x, tau2: quad(
    lambda z: sin(z) ** 2 * npdf((z - x) / sqrt(tau2)) / sqrt(tau2), [0, x, pi / 2]) / within(x, tau2), "tau2=0.09")
add("ilogit.mode", ["-3", "-0.2", "0", "0.8"], mode(lambda p: log(p / (1 - p)), expit, lambda p: 1 / (p * (1 - p))), "tau2=0.09")
add("ztor.mode", ["-1.5", "-0.2", "0", "0.8"], mode(atanh, tanh, lambda r: 1 / (1 - r * r)), "tau2=0.09")
add("logit", ps, lambda p: log(p / (1 - p)))
add("probit", ps, q)
add("arcsin", ps, lambda p: asin(sqrt(p)))
add("pft", ["0", "0.2", "1"], pft, "n=30")
add("irft", ["0", "0.4", "3"], lambda x, n: (sqrt(x) + sqrt(x + 1 / n)) / 2, "n=22.5")
for x, n in (("0", "30"), ("0.2", "30"), ("0.9", "11")):
    rows.append(f'ipft,{nstr(pft(M(x), M(n)), 20)},"n={n}",{x}')
for x, n in (("0.4", "22.5"), ("3", "10")):
    rows.append(f'iirft,{nstr((sqrt(M(x)) + sqrt(M(x) + 1 / M(n))) / 2, 20)},"n={n}",{x}')
add("rtoz", rs, atanh)
add("r2toz", ps, lambda x: atanh(sqrt(x)))
add("ahw", als, lambda a: 1 - cbrt(1 - a))
add("abt", als, lambda a: -log(1 - a))
add("dtou1", ds, lambda d: (2 * ncdf(abs(d) / 2) - 1) / ncdf(abs(d) / 2))
add("dtou2", ds, lambda d: ncdf(d / 2))
add("dtou3", ds, ncdf)
add("dtoovl", ds, lambda d: 2 * ncdf(-abs(d) / 2))
add("dtocles", ds, lambda d: ncdf(d / sqrt(M(2))))
add("clestod", ps, lambda p: sqrt(M(2)) * q(p))
add("dtocliffd", ds, lambda d: 2 * ncdf(d / sqrt(M(2))) - 1)
add("dtobesd", ds, lambda d: (d / sqrt(d * d + 4) + 1) / 2)
add("dtomd", ds, lambda d, sd: d * sd, "sd=12.5")
add("dtorpb", ds, lambda d, n1, n2: rpb(d, n1, n2), "n1=20,n2=13")
add("dtorpb", ds, lambda d: d / sqrt(d * d + 4))
add("dtorbis", ds, lambda d, n1, n2: rpb(d, n1, n2) * bis(n1 / (n1 + n2)), "n1=20,n2=13")
add("rpbtod", rs, dofr, "n1=25,n2=16")
add("rtod", rs, lambda r, n1, n2: dofr(r / bis(n1 / (n1 + n2)), n1, n2), "n1=25,n2=16")
add("rpbtorbis", rs, lambda r, share: r * bis(share), "share=0.4")
add("rtorpb", rs, lambda r, share: r / bis(share), "share=0.4")
add("lnortod.logis", ds, lambda x: x * sqrt(M(3)) / pi)
add("dtolnor.logis", ds, lambda x: x * pi / sqrt(M(3)))
add("lnortod.norm", ds, lambda x: x / M("1.65"))
add("dtolnor.norm", ds, lambda x: x * M("1.65"))
add("lnortorr", ds, lambda x, baseline: risk(x, baseline) / baseline, "baseline=0.2")
add("lnortord", ds, lambda x, baseline: risk(x, baseline) - baseline, "baseline=0.2")
def clip01(p):
    return min(max(p, M(0)), M(1))


odds = lambda p: p / (1 - p)
at = "baseline=0.2"
hr_risk = lambda x, baseline: 1 - (1 - baseline) ** exp(x)
d_risk = lambda x, baseline: ncdf(q(baseline) + x)
rr_risk = lambda x, baseline: clip01(baseline * exp(x))
rd_risk = lambda x, baseline: clip01(baseline + x)
some = [d for d in ds if d != "0"]
add("lnrrtoor", ["-3", "-0.75", "0.3", "1.5"], lambda x, baseline: odds(baseline * exp(x)) / odds(baseline), at)
for kind, of, xs in (("lnor", risk, some), ("lnrr", rr_risk, some), ("lnhr", hr_risk, some), ("d", d_risk, some),
                     ("rd", rd_risk, ["-0.3", "-0.1", "0.25", "0.9"])):
    if kind != "d":
        add(kind + "torisk", xs, of, at)
    if kind != "rd":
        add(kind + "tonnt", xs, lambda x, baseline: -1 / (of(x, baseline) - baseline), at)
    if kind not in ("rd", "lnor"):
        add(kind + "tord", xs, lambda x, baseline: of(x, baseline) - baseline, at)
add("rdtonnt", ["-0.3", "-0.05", "0.25"], lambda x: -1 / x)
add("lnortord", ["1e-9", "-700"], lambda x, baseline: risk(x, baseline) - baseline, "baseline=0.3")


def ipft(y, n):
    t = sin(2 * y)
    u = t + (t - 1 / t) / n
    return (1 - sign(cos(2 * y)) * sqrt(max(M(0), 1 - u * u))) / 2


def ipft_mean(x, n, tau2):
    s, lo, hi = sqrt(tau2), pft(M(0), n), pft(M(1), n)
    inner = quad(lambda y: ipft(y, n) * npdf((y - x) / s) / s, [lo, (lo + x) / 2, x, (hi + x) / 2, hi])
    return inner + ncdf((x - hi) / s)


add("ipft.int", ["0.4", "0.9", "1.3"], ipft_mean, "n=20,tau2=0.05")
add("ve.int", ["-1.2", "0.3"], lambda x, tau2: 1 - exp(x + tau2 / 2), "tau2=0.3")
add("isqrt.int", ["-0.2", "0.3", "2"], mean(lambda z: max(z, M(0)) ** 2, cut=[M(0)]), "tau2=0.1")
add("lnortortet.pearson", ds, lambda x: cos(pi / (1 + sqrt(exp(x)))))
add("lnortortet.digby", ds, lambda x: (exp(x) ** M("0.75") - 1) / (exp(x) ** M("0.75") + 1))
print("# mpmath, 40 digits, tests/ref/tools/transform_mpmath.py")
print("transform,x,args,value")
print("\n".join(rows))
