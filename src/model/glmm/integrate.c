/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The likelihood of one study: the integral over z by Gauss-Hermite quadrature around the mode of the integrand,
 * scaled by its curvature there (Liu & Pierce 1994, Biometrika 81:624-629; Pinheiro & Bates 1995, J Comput
 * Graph Stat 4:12-35).
 *
 * With enough nodes the derivatives are taken under the integral: of log E exp(f(eta(z))), eta linear in the
 * coefficients, the gradient is the mean of f' d(eta) over the posterior of z, and the Hessian the mean of
 * f'' d(eta) d(eta)' plus the covariance of f' d(eta). With few nodes that is not the derivative of the sum that is
 * maximised, so that one is differenced: errors are of order h^4 in both gradient and Hessian.
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "model/glmm/glmm.h"
#include "num/hermite.h"

void mpl__glmm_rule_set(mpl__glmm_rule *rule, size_t n, bool is_exact)
{
    rule->n = n;
    rule->is_exact = is_exact;
    mpl__hermite(n, rule->x, rule->log_w);
    for (size_t j = 0; j < n; j++)
        rule->log_w[j] += rule->x[j] * rule->x[j] / 2; /* the integrand has its own normal density */
}

static double predictor(const mpl__glmm_reduced *r, size_t m, const double *z)
{
    const double *const coef = r->coef + m * (1 + r->n_random);
    double eta = coef[0];
    for (size_t d = 0; d < r->n_random; d++)
        eta += coef[1 + d] * z[d];
    return eta;
}

/* ---- the mode */

typedef struct peak {
    double height;                     /* of the integrand's logarithm */
    double gradient[MPL__RANDOM];
    double l[MPL__RANDOM][MPL__RANDOM]; /* Cholesky factor of minus the Hessian */
} peak;

static peak look(const mpl__glmm_study *s, const mpl__glmm_reduced *r, const double *z)
{
    peak out = { 0 };
    double h[MPL__RANDOM][MPL__RANDOM] = { { 0 } };
    for (size_t d = 0; d < r->n_random; d++) {
        out.height -= z[d] * z[d] / 2;
        out.gradient[d] = -z[d];
        h[d][d] = 1;
    }
    for (size_t m = 0; m < s->n_cells; m++) {
        const mpl__slope v = mpl__cell_at(&s->cell[m], predictor(r, m, z));
        const double *const b = r->coef + m * (1 + r->n_random) + 1;
        out.height += v.f;
        for (size_t d = 0; d < r->n_random; d++) {
            out.gradient[d] += v.d1 * b[d];
            for (size_t e = 0; e <= d; e++)
                h[d][e] -= v.d2 * b[d] * b[e];
        }
    }
    out.l[0][0] = sqrt(h[0][0]);
    if (r->n_random == 2) {
        out.l[1][0] = h[1][0] / out.l[0][0];
        out.l[1][1] = sqrt(fmax(h[1][1] - out.l[1][0] * out.l[1][0], 1)); /* at least 1, but for rounding */
    }
    return out;
}

/* Solves L L' x = b. */
static void solve(const peak *p, size_t n, const double *b, double *x)
{
    x[0] = b[0] / p->l[0][0];
    if (n == 2) {
        x[1] = (b[1] - p->l[1][0] * x[0]) / p->l[1][1] / p->l[1][1];
        x[0] -= p->l[1][0] * x[1];
    }
    x[0] /= p->l[0][0];
}

/* The integrand is strictly log-concave: Newton's method with halved steps cannot miss its mode. */
static peak find_mode(const mpl__glmm_study *s, const mpl__glmm_reduced *r, double *z)
{
    peak at = look(s, r, z);
    if (!isfinite(at.height)) {
        memset(z, 0, MPL__RANDOM * sizeof *z);
        at = look(s, r, z);
    }
    for (int iter = 0; iter < 200; iter++) {
        double step[MPL__RANDOM] = { 0 }, gain = 0;
        solve(&at, r->n_random, at.gradient, step);
        for (size_t d = 0; d < r->n_random; d++)
            gain += step[d] * at.gradient[d];
        if (!(gain > 1e-14))
            break;
        bool moved = false;
        for (double part = 1; !moved && part > 1e-15; part /= 2) {
            const double trial[MPL__RANDOM] = { z[0] + part * step[0], z[1] + part * step[1] };
            const peak there = look(s, r, trial);
            moved = there.height >= at.height + 1e-4 * part * gain - 1e-12 * (1 + fabs(at.height));
            if (moved) {
                memcpy(z, trial, sizeof trial);
                at = there;
            }
        }
        if (!moved)
            break;
    }
    return at;
}

/* ---- the integral */

/* Sums over nodes of their weight times 1, g, and f'' d(eta) d(eta)' + gg', in the reduced coordinates. */
typedef struct sums {
    double s0, s1[MPL__REDUCED], s2[MPL__REDUCED][MPL__REDUCED];
} sums;

static void add_derivatives(const mpl__glmm_study *s, const mpl__glmm_reduced *r, const double *z, const mpl__slope *v,
                            double weight, sums *sum)
{
    const size_t width = 1 + r->n_random;
    const double basis[1 + MPL__RANDOM] = { 1, z[0], z[1] };
    double g[MPL__REDUCED];
    for (size_t m = 0; m < s->n_cells; m++)
        for (size_t d = 0; d < width; d++)
            g[m * width + d] = v[m].d1 * basis[d];
    for (size_t a = 0; a < r->n; a++) {
        sum->s1[a] += weight * g[a];
        for (size_t b = 0; b <= a; b++)
            sum->s2[a][b] += weight * g[a] * g[b];
    }
    for (size_t m = 0; m < s->n_cells; m++)
        for (size_t d = 0; d < width; d++)
            for (size_t e = 0; e <= d; e++)
                sum->s2[m * width + d][m * width + e] += weight * v[m].d2 * basis[d] * basis[e];
}

/* The logarithm of the sum over nodes; with sums of derivatives if `sum` is not NULL. */
static double sum_nodes(const mpl__glmm_study *s, const mpl__glmm_rule *rule, const mpl__glmm_reduced *r,
                        const double *mode, const peak *at, sums *sum)
{
    const size_t inner = r->n_random == 2 ? rule->n : 1;
    double total = 0;
    for (size_t i = 0; i < rule->n; i++)
        for (size_t j = 0; j < inner; j++) {
            double z[MPL__RANDOM] = { rule->x[i], inner > 1 || r->n_random == 2 ? rule->x[j] : 0 };
            double log_w = rule->log_w[i];
            if (r->n_random == 2) { /* z = mode + L'^-1 x */
                log_w += rule->log_w[j];
                z[1] /= at->l[1][1];
                z[0] -= at->l[1][0] * z[1];
            }
            z[0] = mode[0] + z[0] / at->l[0][0];
            z[1] += mode[1];
            mpl__slope v[MPL__CELLS];
            double height = -(z[0] * z[0] + (r->n_random == 2 ? z[1] * z[1] : 0)) / 2 - at->height;
            for (size_t m = 0; m < s->n_cells; m++) {
                v[m] = mpl__cell_at(&s->cell[m], predictor(r, m, z));
                height += v[m].f;
            }
            const double weight = exp(log_w + height);
            total += weight;
            if (sum && weight > 0)
                add_derivatives(s, r, z, v, weight, sum);
        }
    if (sum)
        sum->s0 = total;
    const double log_det = log(at->l[0][0]) + (r->n_random == 2 ? log(at->l[1][1]) : 0);
    return at->height - log_det + log(total);
}

/* ---- differences of the sum itself */

typedef struct differenced {
    const mpl__glmm_study *study;
    const mpl__glmm_rule *rule;
    const mpl__glmm_reduced *at;
    double mode[MPL__RANDOM], h;
} differenced;

static double value_at(const differenced *f, size_t a, double da, size_t b, double db)
{
    mpl__glmm_reduced r = *f->at;
    double mode[MPL__RANDOM];
    memcpy(mode, f->mode, sizeof mode);
    r.coef[a] += da * f->h;
    r.coef[b] += db * f->h;
    const peak at = find_mode(f->study, &r, mode);
    return sum_nodes(f->study, f->rule, &r, mode, &at, NULL);
}

static double mixed(const differenced *f, size_t a, size_t b, double by)
{
    const double along = value_at(f, a, by, b, by) + value_at(f, a, -by, b, -by);
    const double across = value_at(f, a, by, b, -by) + value_at(f, a, -by, b, by);
    return (along - across) / (4 * by * by * f->h * f->h);
}

static void difference(const mpl__glmm_study *s, const mpl__glmm_rule *rule, const double *mode, mpl__glmm_reduced *r)
{
    double curvature = 1;
    for (size_t m = 0; m < s->n_cells; m++)
        curvature -= mpl__cell_at(&s->cell[m], predictor(r, m, mode)).d2;
    const differenced f = { s, rule, r, { mode[0], mode[1] }, 0.05 / sqrt(curvature) };
    double gradient[MPL__REDUCED], hessian[MPL__REDUCED][MPL__REDUCED];
    for (size_t a = 0; a < r->n; a++) {
        const double up = value_at(&f, a, 1, a, 0), down = value_at(&f, a, -1, a, 0);
        const double up2 = value_at(&f, a, 2, a, 0), down2 = value_at(&f, a, -2, a, 0);
        gradient[a] = (8 * (up - down) - (up2 - down2)) / (12 * f.h);
        hessian[a][a] = (16 * (up + down) - (up2 + down2) - 30 * r->ll) / (12 * f.h * f.h);
        for (size_t b = 0; b < a; b++)
            hessian[a][b] = (4 * mixed(&f, a, b, 1) - mixed(&f, a, b, 2)) / 3;
    }
    memcpy(r->gradient, gradient, sizeof gradient);
    memcpy(r->hessian, hessian, sizeof hessian);
}

void mpl__glmm_integrate(const mpl__glmm_study *s, const mpl__glmm_rule *rule, double mode[MPL__RANDOM],
                         mpl__glmm_reduced *r)
{
    sums sum = { 0 };
    r->n = s->n_cells * (1 + r->n_random);
    const peak at = find_mode(s, r, mode);
    r->ll = sum_nodes(s, rule, r, mode, &at, rule->is_exact ? &sum : NULL);
    if (rule->is_exact) {
        for (size_t a = 0; a < r->n; a++) {
            r->gradient[a] = sum.s1[a] / sum.s0;
            for (size_t b = 0; b <= a; b++)
                r->hessian[a][b] = sum.s2[a][b] / sum.s0 - r->gradient[a] * r->gradient[b];
        }
    } else {
        difference(s, rule, mode, r);
    }
    for (size_t a = 0; a < r->n; a++)
        for (size_t b = a + 1; b < r->n; b++)
            r->hessian[a][b] = r->hessian[b][a];
}
