#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/ref/kenward.csv: Kenward & Roger (1997) for meta-regressions of the BCG trials.
    python3 tests/ref/tools/kenward_mpmath.py > tests/ref/kenward.csv
Everything as the paper has it, with k x k matrices of 60 digits: P = dV^-1/dtau2 etc., equations for Lambda, A1, A2,
lambda and m. What is left of R_ij is 0, as V is linear in tau2."""
import mpmath as mp

mp.mp.dps = 60
AI = [4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27]
BI = [119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886]
CI = [11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29]
DI = [128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825]
ABLAT = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
YEAR = [1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976]
ALLOC = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 3 + ["systematic"] * 4
K = 13
y = mp.matrix([mp.log(mp.mpf(a) / (a + b) / (mp.mpf(c) / (c + d))) for a, b, c, d in zip(AI, BI, CI, DI)])
v = [1 / mp.mpf(a) - 1 / mp.mpf(a + b) + 1 / mp.mpf(c) - 1 / mp.mpf(c + d) for a, b, c, d in zip(AI, BI, CI, DI)]

ONE = [1] * K
RANDOM, SYSTEMATIC = ([int(a == name) for a in ALLOC] for name in ("random", "systematic"))
ALTERNATE = [int(a == "alternate") for a in ALLOC]
# formula, columns, groups of coefficients that are tested together (the first: all but the intercept), "at", its row
MODELS = [
    ("ablat", [ONE, ABLAT], [[1]], "ablat=30", [1, 30]),
    ("ablat + alloc", [ONE, ABLAT, RANDOM, SYSTEMATIC], [[1, 2, 3], [1], [2, 3]], "ablat=30,alloc=random", [1, 30, 1, 0]),
    ("alloc - 1", [ALTERNATE, RANDOM, SYSTEMATIC], [[0, 1, 2], [0, 1, 2]], "alloc=random", [0, 1, 0]),
    ("ablat * year", [ONE, ABLAT, YEAR, [a * b for a, b in zip(ABLAT, YEAR)]], [[1, 2, 3], [1], [2], [3]],
     "ablat=20,year=1970", [1, 20, 1970, 20 * 1970]),
    ("year + alloc", [ONE, YEAR, RANDOM, SYSTEMATIC], [[1, 2, 3], [1], [2, 3]], "year=1950,alloc=systematic", [1, 1950, 0, 1]),
]


def parts(x, t):
    w = mp.diag([1 / (vi + t) for vi in v])
    phi = (x.T * w * x) ** -1
    return w, phi, w - w * x * phi * x.T * w


def trace(m):
    return sum(m[i, i] for i in range(m.rows))


def reml(x):
    def score(t):
        _, _, p = parts(x, t)
        return trace(p) - (y.T * p * p * y)[0]
    lo, hi = mp.mpf(0), mp.mpf(10)
    assert score(lo) < 0 < score(hi)
    return mp.findroot(score, (lo, hi), solver="anderson", tol=1e-50, verify=False)


def p_of_f(f, df1, df2):
    return mp.betainc(df2 / 2, mp.mpf(df1) / 2, 0, df2 / (df2 + df1 * f), regularized=True)


def wald(l, b, phi, adjusted, p1, variance):
    q = mp.mpf(l.rows)
    theta = l.T * (l * phi * l.T) ** -1 * l
    m = theta * phi * p1 * phi
    a1, a2 = variance * trace(m) ** 2, variance * trace(m * m)
    big_b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    d = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / d, (q - g) / d, (q + 2 - g) / d
    e = 1 / (1 - a2 / q)
    spread = 2 / q * (1 + c1 * big_b) / ((1 - c2 * big_b) ** 2 * (1 - c3 * big_b))
    rho = spread / (2 * e ** 2)
    df = 4 + (q + 2) / (q * rho - 1)
    lam = df / (e * (df - 2))
    lb = l * b
    f = lam / q * (lb.T * (l * adjusted * l.T) ** -1 * lb)[0]
    return f, df, p_of_f(f, l.rows, df)


def cells(xs):
    return " ".join(mp.nstr(x, 20) for x in xs)


def main():
    print(f"# mpmath {mp.__version__}, tests/ref/tools/kenward_mpmath.py")
    print("mods,at,estimate,se,df,pval,f,f_df2,f_pval,prediction")
    for mods, columns, groups, at, row in MODELS:
        x = mp.matrix([list(r) for r in zip(*columns)])
        n = x.cols
        t = reml(x)
        w, phi, p = parts(x, t)
        p1 = -(x.T * w * w * x)
        q11 = x.T * w * w * w * x
        variance = 2 / trace(p * p)
        adjusted = phi + 2 * phi * (variance * (q11 - p1 * phi * p1)) * phi
        b = phi * x.T * w * y
        ones = [wald(mp.matrix([[int(i == j) for i in range(n)]]), b, phi, adjusted, p1, variance) for j in range(n)]
        tests = [wald(mp.matrix([[int(i == j) for i in range(n)] for j in g]), b, phi, adjusted, p1, variance)
                 for g in groups]
        l = mp.matrix([row])
        _, df, _ = wald(l, b, phi, adjusted, p1, variance)
        prediction = [(l * b)[0], mp.sqrt((l * adjusted * l.T)[0]), df]
        print(",".join([f'"{mods}"', f'"{at}"', cells(b), cells(mp.sqrt(adjusted[i, i]) for i in range(n)),
                        cells(o[1] for o in ones), cells(o[2] for o in ones), cells(o[0] for o in tests),
                        cells(o[1] for o in tests), cells(o[2] for o in tests), cells(prediction)]))


main()
