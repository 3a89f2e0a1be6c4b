#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/ref/scale.csv: location-scale models of the BCG trials (log risk ratios) to 50 digits.

    tests/ref/tools/scale_mpmath.py > tests/ref/scale.csv

The likelihoods are written down as they are defined, with beta profiled out, and maximised by Newton's method with
differences at 90 digits. Profile-likelihood limits are roots of twice the fall of the likelihood, maximised over the
other coefficients. Effects are those of the doubles in datasets/bcg.csv.
"""
import csv
import os

import mpmath
from mpmath import mp, mpf, matrix, log, exp, sqrt, pi

mp.dps = 90
HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "../../../datasets/bcg.csv"), encoding="utf-8") as f:
    BCG = list(csv.DictReader(line for line in f if not line.startswith("#")))


def effect(row):
    a, b, c, d = (mpf(row[n]) for n in NAMES)
    return log(a / (a + b)) - log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


NAMES = [n for n in ("tpos", "tneg", "cpos", "cneg") if n in BCG[0]] or ["ai", "bi", "ci", "di"]
Y, V = map(list, zip(*map(effect, BCG)))
K = len(Y)
COLUMN = {"1": lambda r: 1, "ablat": lambda r: mpf(r["ablat"]), "year": lambda r: mpf(r["year"]),
          "random": lambda r: int(r["alloc"] == "random"), "systematic": lambda r: int(r["alloc"] == "systematic")}


def design(names):
    return matrix([[mpf(COLUMN[n](r)) for n in names] for r in BCG])


def fit(x, tau2, reml):
    """Log-likelihood, beta and its covariance at given tau2."""
    v = [a + b for a, b in zip(V, tau2)]
    if min(v) <= 0:
        return mpf("-inf"), None, None
    p = x.cols
    a = matrix(p, p)
    b = matrix(p, 1)
    for i in range(K):
        for j in range(p):
            b[j] += x[i, j] * Y[i] / v[i]
            for m in range(p):
                a[j, m] += x[i, j] * x[i, m] / v[i]
    c = a ** -1
    beta = c * b
    rss = mpmath.fsum((Y[i] - mpmath.fsum(x[i, j] * beta[j] for j in range(p))) ** 2 / v[i] for i in range(K))
    ll = -(mpmath.fsum(map(log, v)) + rss) / 2
    if reml:
        ll += (log(mpmath.det(x.T * x)) - log(mpmath.det(a)) - (K - p) * log(2 * pi)) / 2
    else:
        ll -= K * log(2 * pi) / 2
    return ll, beta, c


class Model:
    def __init__(self, mods, scale, link, method):
        self.x, self.z, self.link, self.reml = design(mods), design(scale), link, method == "REML"
        # columns of mean 0 and length 1, so that steps are of one size
        self.centre = [mpmath.fsum(self.z[i, j] for i in range(K)) / K if j else mpf(0) for j in range(self.z.cols)]
        self.unit = [sqrt(mpmath.fsum((self.z[i, j] - self.centre[j]) ** 2 for i in range(K)) / K)
                     for j in range(self.z.cols)]

    def tau2(self, alpha):
        eta = [mpmath.fsum(self.z[i, j] * alpha[j] for j in range(self.z.cols)) for i in range(K)]
        return [exp(e) for e in eta] if self.link == "log" else eta

    def ll(self, alpha):
        t = self.tau2(alpha)
        return fit(self.x, t, self.reml)[0] if min(t) >= 0 else mpf("-inf")

    def to_alpha(self, g):
        alpha = [g[j] / self.unit[j] for j in range(len(g))]
        alpha[0] -= mpmath.fsum(alpha[j] * self.centre[j] for j in range(1, len(g)))
        return alpha

    def climb(self, f, g):
        """The maximum of f and its negative Hessian."""
        n, h = len(g), mpf(10) ** -25
        for _ in range(200):
            def at(*moves):
                x = list(g)
                for j, d in moves:
                    x[j] += d
                return f(x)
            f0 = at()
            grad = matrix([(at((j, h)) - at((j, -h))) / (2 * h) for j in range(n)])
            hess = matrix(n, n)
            for i in range(n):
                for j in range(i + 1):
                    hess[i, j] = hess[j, i] = -(at((i, h), (j, h)) - at((i, h), (j, -h)) - at((i, -h), (j, h)) +
                                                at((i, -h), (j, -h))) / (4 * h * h)
            values = mpmath.eigsy(hess, eigvals_only=True)
            if min(values) <= 0:
                step = grad / (abs(min(values)) + max(map(abs, values)))
            else:
                step = mpmath.lu_solve(hess, grad)
            size = 1
            while not f([g[j] + size * step[j] for j in range(n)]) >= f0 - mpf(10) ** -60:
                size /= mpf(2)
            g = [g[j] + size * step[j] for j in range(n)]
            if max(map(abs, step)) < mpf(10) ** -22:
                return g, hess
        raise RuntimeError("no convergence")

    def maximise(self):
        start = [mpf(0)] * self.z.cols
        start[0] = mpf(-2) if self.link == "log" else mpf("0.2")
        return self.climb(lambda g: self.ll(self.to_alpha(g)), start)

    def profile(self, j, g, top, side, se):
        """A limit of the j-th alpha."""
        fall = mpmath.findroot(lambda q: mpmath.erf(q / sqrt(mpf(2))) - mpf("0.95"), mpf("1.96")) ** 2
        best = self.to_alpha(g)
        others = [i for i in range(len(g)) if i != j]
        state = {"g": list(g)}

        def beyond(a):
            def f(rest):
                full = list(state["g"])
                for i, r in zip(others, rest):
                    full[i] = r
                # the j-th gamma that makes alpha_j = a
                alpha = self.to_alpha(full)
                if j:
                    full[j] = a * self.unit[j]
                else:
                    full[0] += (a - alpha[0]) * self.unit[0]
                return self.ll(self.to_alpha(full))
            if not others:
                return 2 * (top - f([])) - fall
            rest, _ = self.climb(f, [state["g"][i] for i in others])
            return 2 * (top - f(rest)) - fall
        a, b = best[j], best[j]
        while True:
            b += side * se / 2
            if beyond(b) > 0:
                break
            a = b
        mp.dps, kept = 60, mp.dps
        root = mpmath.findroot(beyond, (a, b), solver="anderson", tol=1e-30, maxsteps=60)
        mp.dps = kept
        return root


def cells(values):
    return " ".join(mpmath.nstr(v, 20) for v in values)


def row(mods, x, scale, z, link, method, profile=False):
    m = Model(x, z, link, method)
    g, hess = m.maximise()
    alpha = m.to_alpha(g)
    q = len(g)
    jac = matrix(q, q)  # alpha = jac g
    for j in range(q):
        unit = [mpf(int(i == j)) for i in range(q)]
        for i, a in enumerate(m.to_alpha(unit)):
            jac[i, j] = a
    va = jac * hess ** -1 * jac.T
    se = [sqrt(va[j, j]) for j in range(q)]
    ll, beta, vb = fit(m.x, m.tau2(alpha), m.reml)
    limits = [[m.profile(j, g, ll, side, se[j]) for j in range(q)] for side in (-1, 1)] if profile else [[], []]
    print(",".join([f'"{mods}"', f'"{scale}"', link, method, cells(alpha), cells(se), cells(beta),
                    cells([sqrt(vb[j, j]) for j in range(vb.rows)]), mpmath.nstr(ll, 20), cells(limits[0]),
                    cells(limits[1])]), flush=True)


print(f"# mpmath {mpmath.__version__}, tests/ref/tools/scale_mpmath.py")
print("mods,scale,link,method,alpha,se_alpha,beta,se,ll,ci_lb,ci_ub")
ONE, ABLAT, ALLOC = ["1"], ["1", "ablat"], ["1", "random", "systematic"]
row("1", ONE, "1", ONE, "log", "REML", True)
row("1", ONE, "ablat", ABLAT, "log", "REML", True)
row("ablat", ABLAT, "ablat", ABLAT, "log", "ML")
row("1", ONE, "alloc", ALLOC, "log", "REML")
row("ablat", ABLAT, "alloc", ALLOC, "log", "REML")
row("ablat", ABLAT, "ablat + year", ABLAT + ["year"], "log", "REML")
row("ablat", ABLAT, "alloc", ALLOC, "identity", "REML")
row("1", ONE, "ablat", ABLAT, "identity", "REML")
row("1", ONE, "1", ONE, "identity", "ML")
