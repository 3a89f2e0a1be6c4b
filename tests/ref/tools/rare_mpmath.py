# SPDX-License-Identifier: GPL-3.0-or-later
"""rare_mpmath.py > ../rare.csv: beta-binomial and Firth-penalised models of counts, solved with 36 digits.

Beta-binomial: the score of the product of beta functions in (b0, theta, logit rho) is solved by Newton's method from
the best of a coarse grid; standard errors are from its derivatives. Firth: the modified score with hat values from the
full information matrix, the penalised likelihood ratio from determinants.
"""
import math

from mpmath import det, exp, findroot, inverse, log, loggamma, matrix, mp, mpf, sqrt

mp.dps = 36

CASES = {
    "plain": ([5, 8, 2, 11], [40, 60, 25, 90], [9, 10, 7, 15], [42, 55, 24, 95]),
    "rare": ([0, 1, 2, 0, 3], [100, 210, 150, 60, 320], [2, 1, 4, 0, 5], [102, 190, 148, 66, 300]),
    "varied": ([1, 20, 3, 30, 0], [50, 60, 70, 55, 40], [10, 25, 1, 40, 8], [50, 58, 72, 51, 39]),
    "large": ([4, 62, 180, 505], [123, 13598, 1541, 88391], [11, 248, 372, 499], [139, 12867, 1451, 88391]),
    "zero": ([0, 0, 0], [20, 30, 15], [2, 3, 1], [21, 28, 16]),
}
SINGLE = {"one": ([16, 10, 4, 43, 10], [17, 12, 8, 58, 10]), "few": ([0, 1, 0, 2], [50, 80, 33, 91])}


def expit(x):
    return 1 / (1 + exp(-x))


def rising(a, m):
    """ln of a (a + 1) ... (a + m - 1)"""
    if m > 400:
        return loggamma(a + m) - loggamma(a)
    product = mpf(1)
    for j in range(m):
        product *= a + j
    return log(product)


def arm(x, n, eta, rho):
    mu, s = expit(eta), (1 - rho) / rho
    return rising(mu * s, x) + rising((1 - mu) * s, n - x) - rising(s, n) + log(math.comb(n, x))


def likelihood(data, x):
    rho = expit(x[-1])
    if len(data) == 2:
        return sum(arm(a, n, x[0], rho) for a, n in zip(*data))
    x1, n1, x2, n2 = data
    return (sum(arm(a, n, x[0] + x[1], rho) for a, n in zip(x1, n1)) +
            sum(arm(a, n, x[0], rho) for a, n in zip(x2, n2)))


def gradient(f, x):
    h = mpf(10) ** -7
    g = []
    for j in range(len(x)):
        def at(s):
            y = list(x)
            y[j] += s * h
            return f(y)
        g.append((8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h))
    return g


def hessian(f, x):
    h = mpf(10) ** -7
    n, rows = len(x), []
    for j in range(n):
        def at(s):
            y = list(x)
            y[j] += s * h
            return gradient(f, y)
        p, m = at(1), at(-1)
        rows.append([(a - b) / (2 * h) for a, b in zip(p, m)])
    return matrix(rows)


def newton(f, x):
    for _ in range(200):
        g, h = gradient(f, x), hessian(f, x)
        step = -(inverse(h) * matrix(g))
        size = max(abs(s) for s in step)
        part = min(1, 1 / size)
        while f([a + part * s for a, s in zip(x, step)]) < f(x) - mpf(10) ** -18:
            part /= 2
            if part < mpf(10) ** -8:
                break
        x = [a + part * s for a, s in zip(x, step)]
        if size < mpf(10) ** -13:
            return x, hessian(f, x)
    raise ArithmeticError("no convergence")


def beta_binomial(data):
    f = lambda x: likelihood(data, x)
    odds = lambda x, n: log((sum(x) + mpf("0.5")) / (sum(n) - sum(x) + mpf("0.5")))
    means = [odds(*data)] if len(data) == 2 else [odds(data[2], data[3]), odds(data[0], data[1]) - odds(data[2], data[3])]
    start = max(([*means, mpf(r)] for r in (-25, -9, -7, -5, -3, -2, -1, 0, 1)), key=f)
    if start[-1] < -11:  # binomial: in closed form
        tables = [data[:2]] if len(data) == 2 else [data[:2], data[2:]]
        cells = [(mpf(sum(x)), mpf(sum(n) - sum(x))) for x, n in tables]
        logits = [log(a / b) for a, b in cells]
        estimate = logits[0] - (logits[1] if len(logits) > 1 else 0)
        ll = sum(log(math.comb(n, x)) for xs, ns in tables for x, n in zip(xs, ns)) + \
            sum(a * log(a / (a + b)) + b * log(b / (a + b)) for a, b in cells)
        return {"estimate": estimate, "se": sqrt(sum(1 / a + 1 / b for a, b in cells)), "rho": mpf(0), "ll": ll}
    x, h = newton(f, start)
    v = inverse(-h)
    j, rho = len(x) - 2, expit(x[-1])
    return {"estimate": x[j], "se": sqrt(v[j, j]), "rho": rho, "rho_se": rho * (1 - rho) * sqrt(v[len(x) - 1, len(x) - 1]),
            "ll": f(x)}


def design(data):
    if len(data) == 2:
        return [([mpf(1)], x, n) for x, n in zip(*data)]
    rows, k = [], len(data[0])
    for i in range(k):
        for g in (0, 1):
            rows.append(([mpf(i == j) for j in range(k)] + [mpf(1 - g)], data[2 * g][i], data[2 * g + 1][i]))
    return rows


def firth_fit(rows, fixed=None):
    """Newton-like scoring to 1e-25; fixed: the last coefficient is held there."""
    p = len(rows[0][0])
    beta = [mpf(0)] * p
    free = p if fixed is None else p - 1
    if fixed is not None:
        beta[-1] = mpf(fixed)
    for _ in range(3000):
        info, mu = information(rows, beta)
        cov = inverse(info)
        u = [mpf(0)] * free
        for (x, a, n), m in zip(rows, mu):
            w = n * m * (1 - m)
            h = w * sum(x[i] * x[j] * cov[i, j] for i in range(p) for j in range(p))
            r = a - n * m + h * (mpf("0.5") - m)
            for i in range(free):
                u[i] += r * x[i]
        sub = matrix([[info[i, j] for j in range(free)] for i in range(free)])
        step = inverse(sub) * matrix(u)
        beta = [b + step[i] if i < free else b for i, b in enumerate(beta)]
        if max(abs(s) for s in step) < mpf(10) ** -25:
            info, mu = information(rows, beta)
            ll = sum(a * log(m) + (n - a) * log(1 - m) for (x, a, n), m in zip(rows, mu))
            return beta, info, ll + log(det(info)) / 2
    raise ArithmeticError("no convergence")


def information(rows, beta):
    p = len(beta)
    mu = [expit(sum(b * x for b, x in zip(beta, x))) for x, _, _ in rows]
    info = matrix(p, p)
    for (x, _, n), m in zip(rows, mu):
        for i in range(p):
            for j in range(p):
                info[i, j] += n * m * (1 - m) * x[i] * x[j]
    return info, mu


def firth(data):
    rows = design(data)
    beta, info, ll = firth_fit(rows)
    p = len(beta)
    out = {"estimate": beta[-1], "se": sqrt(inverse(info)[p - 1, p - 1])}
    if p > 1:
        out["lr"] = 2 * (ll - firth_fit(rows, 0)[2])
        cut = ll - mpf("1.959963984540054235524594430520551527955550") ** 2 / 2
        for name, side in (("lb", -1), ("ub", 1)):
            f = lambda b: firth_fit(rows, b)[2] - cut
            near = beta[-1] + side * 2 * out["se"]
            out[name] = findroot(f, (near, near + side * mpf("0.2")), solver="secant", tol=mpf(10) ** -32)
    return out


print("# mpmath, 36 digits: python3 rare_mpmath.py")
print("case,x1,n1,x2,n2,method,name,value")
for cases in (CASES, SINGLE):
    for case, data in cases.items():
        lists = [" ".join(map(str, column)) for column in data] + [""] * (4 - len(data))
        for method, fit in (("beta-binomial", beta_binomial), ("Firth", firth)):
            if method == "beta-binomial" and case in ("zero",):
                continue
            for name, value in fit(data).items():
                print(case, *lists, method, name, mp.nstr(value, 18), sep=",", flush=True)
