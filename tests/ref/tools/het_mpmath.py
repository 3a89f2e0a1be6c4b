#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/ref/het_tests.csv: statistics of tests of heterogeneity, to 40 digits.

    tests/ref/tools/het_mpmath.py [SET]... > tests/ref/het_tests.csv

From their definitions with k x k matrices: the score and the expected information of a tau2 for each study are
U = ((Py)^2 - diag P)/2 and I = P o P/2. The likelihood with a tau2 for each study is maximised by coordinate: given
the mean and the sum of the weights every weight has a closed form, from 400 values of the mean, the best polished.
The exact tail of y'PPy at tau2 = 0 is that of a sum of chi-squared variables times the eigenvalues of P.
"""
import sys
import mpmath
from mpmath import log, matrix, mp, mpf, sqrt

import tau2_mpmath as t2

mp.dps = 40
NAMES = ('bcg', 'bcg-plus-1e8', 'bcg-times-1e-06', 'three', 'homogeneous', 'equal-variances', 'all-equal-effects',
         'one-precise', 'one-vague', 'dl-wider-than-reml', 'small-tau2', 'bimodal-1', 'bimodal-2', 'three-scales')
STATISTICS = ('lr_reml', 'lr_ml', 'score', 'score_pval', 'wald', 'same_score_reml', 'same_lr_reml', 'same_wald_reml',
              'same_score_ml', 'same_lr_ml', 'same_wald_ml', 'ks', 'ad')


def own_log_likelihood(y, w, reml):
    total = mpmath.fsum(w)
    mean = mpmath.fsum(a * b for a, b in zip(w, y)) / total
    rss = mpmath.fsum(a * (b - mean) ** 2 for a, b in zip(w, y))
    return (mpmath.fsum(log(a) for a in w) - (log(total) if reml else 0) - rss) / 2, mean


def weights_given(y, v, mean, reml):
    d = [(a - mean) ** 2 for a in y]
    if not reml:
        return [1 / max(b, a) for a, b in zip(d, v)]

    def miss(u):
        return sum(u / max(b, a + u) for a, b in zip(d, v)) - 1
    lo, hi = type(mean)(0), max(max(d), max(v))
    for _ in range(150 if isinstance(mean, mpf) else 90):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if miss(mid) < 0 else (lo, mid)
    return [1 / max(b, a + hi) for a, b in zip(d, v)]


def own_maximum(m, reml):
    """log-likelihood but for constants, and the tau2 of the studies."""
    y, v = [a - m.y[0] for a in m.y], m.v
    fy, fv = [float(a) for a in y], [float(a) for a in v]
    found = []
    starts = sorted(fy + [min(fy) + (max(fy) - min(fy)) * i / 400 for i in range(401)])
    for start in starts:
        mean = start
        for _ in range(30):
            w = weights_given(fy, fv, mean, reml)
            mean = sum(a * b for a, b in zip(w, fy)) / sum(w)
        found.append((float(own_log_likelihood([mpf(a) for a in fy], [mpf(a) for a in w], reml)[0]), mean))
    best = None
    for ll, mean in sorted(found, reverse=True)[:1] + [f for f in found if f[0] > max(found)[0] - 1e-3][:1]:
        mean = mpf(mean)
        for _ in range(300):
            w = weights_given(y, v, mean, reml)
            old, mean = mean, own_log_likelihood(y, w, reml)[1]
            if abs(mean - old) < mpf(10) ** -18 * (abs(mean) + sqrt(min(v))):
                break
        value = own_log_likelihood(y, w, reml)[0]
        if best is None or value > best[0]:
            best = value, [max(mpf(0), 1 / a - b) for a, b in zip(w, v)]
    return best


def information(m, t, reml):
    """(Py)_i, P_ii, I; t: one tau2 or one for each study."""
    v = [a + b for a, b in zip(m.v, t if isinstance(t, list) else [t] * m.k)]
    w = [1 / a for a in v]
    p = m.dense(w)
    py = p * matrix([a - m.y[0] for a in m.y])
    q = p if reml else mpmath.diag(w)
    return py, [q[i, i] for i in range(m.k)], matrix([[q[i, j] ** 2 / 2 for j in range(m.k)] for i in range(m.k)])


def same(m, t, reml):
    py, diagonal, info = information(m, t, reml)
    u = matrix([(py[i] ** 2 - diagonal[i]) / 2 for i in range(m.k)])
    score = (u.T * info ** -1 * u)[0, 0]
    w = [1 / (a + t) for a in m.v]
    top, own = own_maximum(m, reml)
    ratio = 2 * (top - own_log_likelihood([a - m.y[0] for a in m.y], w, reml)[0])
    info = information(m, own, reml)[2]
    q, one = matrix(own), matrix([1] * m.k)
    iq, i1 = info * q, info * one
    wald = (q.T * iq)[0, 0] - (one.T * iq)[0, 0] ** 2 / (one.T * i1)[0, 0]
    return score, ratio, wald


def distances(m, t):
    s = m.sums(t)
    r = sorted(e * sqrt(w) for e, w in zip(s['e'], s['w']))
    p = [mpmath.ncdf(a) for a in r]
    k = m.k
    ks = max(max(mpf(i + 1) / k - p[i], p[i] - mpf(i) / k) for i in range(k))
    ad = -k - mpmath.fsum((2 * i + 1) * (log(p[i]) + log(mpmath.ncdf(-r[k - 1 - i]))) for i in range(k)) / k
    return ks, ad


def exact_tail(m, ypp):
    if ypp == 0:
        return mpf(1)
    found = sorted(mp.eigsy(m.dense([1 / a for a in m.v]), eigvals_only=True))[m.p:]
    scale = max(found)
    if ypp / scale > 60 or min(found) / scale < mpf(10) ** -6: # beyond the inversion
        return None
    return 1 - mp.invertlaplace(lambda s: mpmath.fprod(1 / sqrt(1 + 2 * s * a / scale) for a in found) / s, ypp / scale,
                                method='talbot', degree=80)


def row(m):
    out = {}
    for kind in ('REML', 'ML'):
        t = t2.estimate(m, kind)[0]
        out['lr_' + kind.lower()] = 2 * (m.log_likelihood(t, kind == 'REML') - m.log_likelihood(mpf(0), kind == 'REML'))
        s, r, w = same(m, t, kind == 'REML')
        for name, value in (('score', s), ('lr', r), ('wald', w)):
            out['same_%s_%s' % (name, kind.lower())] = value
    t, se, _ = t2.estimate(m, 'REML')
    at0 = m.sums(mpf(0))
    out['score'] = (at0['ypp'] - at0['tr_p']) / sqrt(2 * at0['tr_pp'])
    out['score_pval'] = exact_tail(m, at0['ypp'])
    out['wald'] = t / se
    out['ks'], out['ad'] = distances(m, t)
    return out


if __name__ == '__main__':
    print('# Python mpmath %s, 40 digits, tests/ref/tools/het_mpmath.py' % mpmath.__version__)
    print(','.join(('set', 'yi', 'vi', 'x', 'p') + STATISTICS))
    for name, y, v, x in t2.sets():
        if name in NAMES and (len(sys.argv) < 2 or name in sys.argv[1:]):
            m = t2.Model(y, v, x)
            values = row(m)
            print(','.join([name, t2.cells(y), t2.cells(v), '', '0'] + [t2.show(values[s]) for s in STATISTICS]), flush=True)
