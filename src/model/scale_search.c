/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The maximum of the likelihood of a location-scale model.
 *
 * Newton steps with the observed information where it is positive definite, else with the expected one; a step that
 * lowers the likelihood is halved, and none changes a ln(tau2_i) by more than 2. Searches start from one tau2 for all
 * and from changes of each column of the scale either way; the highest end is taken. Under the log link a maximum may
 * lie at infinity, where a tau2_i is 0: such directions have no information left, and are named. Under the identity
 * link tau2_i >= 0 is kept by a barrier that is lowered to nothing; the studies it held are then put at 0 exactly and
 * the others maximised.
 */
#include <math.h>
#include <string.h>

#include "model/scale.h"
#include "num/chol.h"
#include "num/eigen.h"
#include "num/sum.h"

enum { MOST_STEPS = 200, MOST_HALVINGS = 50 };

static const double LONGEST_STEP = 2;   /* of a ln(tau2_i) */
static const double NO_SCORE = 1e-13;   /* log-likelihood per unit of gamma */
static const double SAME_HEIGHT = 1e-7; /* of two maxima */
static const double FLAT = 1e-10;       /* information of a direction that has no maximum */

/* (D info D')^-1 D score in the space of D; the expected information, with a trace of a ridge, if info is not positive
 * definite there. Returns the gain that the quadratic model promises. */
static double direction(const mpl__scale_at *at, const double *d, size_t m, size_t q, double *step)
{
    double part[MPL__MOST_SCALE * MPL__MOST_SCALE], x[MPL__MOST_SCALE], y[MPL__MOST_SCALE], gain = 0;
    for (int attempt = 0; attempt < 2; attempt++) {
        const double *const full = attempt == 0 ? at->info : at->expected;
        double most = 0;
        for (size_t a = 0; a < m; a++) {
            x[a] = 0;
            for (size_t j = 0; j < q; j++) {
                y[j] = 0;
                for (size_t l = 0; l < q; l++)
                    y[j] += full[j * q + l] * d[a * q + l];
                x[a] += d[a * q + j] * at->score[j];
            }
            for (size_t b = 0; b < m; b++) {
                part[a * m + b] = 0;
                for (size_t j = 0; j < q; j++)
                    part[a * m + b] += y[j] * d[b * q + j];
            }
            most = fmax(most, part[a * m + a]);
        }
        for (size_t a = 0; a < m && attempt == 1; a++)
            part[a * m + a] += 1e-12 * most + 1e-300;
        memcpy(y, x, m * sizeof *y);
        if (mpl__cholesky(part, m))
            break;
    }
    mpl__lower_solve(part, m, y);
    mpl__lower_solve_transposed(part, m, y);
    for (size_t j = 0; j < q; j++) {
        step[j] = 0;
        for (size_t a = 0; a < m; a++)
            step[j] += d[a * q + j] * y[a];
    }
    for (size_t a = 0; a < m; a++)
        gain += x[a] * y[a];
    return gain;
}

static double longest(const mpl__scale_sums *s, const double *step)
{
    double most = 0;
    for (size_t i = 0; i < s->k && s->is_log; i++) {
        double change = 0;
        for (size_t j = 0; j < s->q; j++)
            change += s->basis[j * s->k + i] * step[j];
        most = fmax(most, fabs(change));
    }
    return most;
}

static double largest_score(const mpl__scale_at *at, const double *d, size_t m, size_t q)
{
    double most = 0;
    for (size_t a = 0; a < m; a++) {
        double x = 0;
        for (size_t j = 0; j < q; j++)
            x += d[a * q + j] * at->score[j];
        most = fmax(most, fabs(x));
    }
    return most;
}

static void identity(double *d, size_t q)
{
    for (size_t i = 0; i < q * q; i++)
        d[i] = i % (q + 1) == 0;
}

bool mpl__scale_climb(mpl__scale_sums *s, mpl__scale_at *at, const double *directions, size_t m)
{
    const size_t q = s->q;
    double everywhere[MPL__MOST_SCALE * MPL__MOST_SCALE], step[MPL__MOST_SCALE];
    mpl__scale_at next;
    if (!directions) {
        identity(everywhere, q);
        directions = everywhere;
        m = q;
    }
    mpl__scale_evaluate(s, at, true);
    for (int i = 0; i < MOST_STEPS && at->ll > -INFINITY; i++) {
        const double gain = direction(at, directions, m, q, step);
        if (gain < 1e-24 || largest_score(at, directions, m, q) < NO_SCORE)
            return true;
        double length = fmin(1, LONGEST_STEP / fmax(longest(s, step), 1e-300));
        for (int h = 0;; h++, length /= 2) {
            if (h == MOST_HALVINGS)
                return gain < 1e-14;
            for (size_t j = 0; j < q; j++)
                next.gamma[j] = at->gamma[j] + length * step[j];
            mpl__scale_evaluate(s, &next, true);
            if (next.ll >= at->ll - 1e-14 * (1 + fabs(at->ll))) /* near the top rounding decides */
                break;
        }
        *at = next;
    }
    return false;
}

/* ---- identity link */

/* An orthonormal basis [q x q] whose first rows span the rows of the scale at studies with tau2_i = 0. */
static size_t held_directions(const mpl__scale_sums *s, double *rows)
{
    const size_t q = s->q;
    size_t n = 0, n_held = 0;
    for (size_t i = 0; i < s->k + q && n < q; i++) { /* then unit vectors complete them */
        double x[MPL__MOST_SCALE], before = 0, after = 0;
        if (i < s->k && s->t[i] > 0)
            continue;
        for (size_t j = 0; j < q; j++) {
            x[j] = i < s->k ? s->basis[j * s->k + i] : j == i - s->k;
            before += x[j] * x[j];
        }
        for (size_t a = 0; a < 2 * n; a++) { /* twice is enough */
            const double *const row = rows + a % n * q;
            double c = 0;
            for (size_t j = 0; j < q; j++)
                c += row[j] * x[j];
            for (size_t j = 0; j < q; j++)
                x[j] -= c * row[j];
        }
        for (size_t j = 0; j < q; j++)
            after += x[j] * x[j];
        if (!(after > 1e-16 * before))
            continue;
        for (size_t j = 0; j < q; j++)
            rows[n * q + j] = x[j] / sqrt(after);
        n++;
        n_held += i < s->k;
    }
    return n_held;
}

static bool climb_inside(mpl__scale_sums *s, mpl__scale_at *at)
{
    double rows[MPL__MOST_SCALE * MPL__MOST_SCALE];
    bool converged = false;
    for (s->barrier = 0.1; s->barrier > 1e-14; s->barrier /= 10)
        converged = mpl__scale_climb(s, at, NULL, 0);
    s->barrier = 0;
    if (!converged || !mpl__scale_place(s, at->gamma))
        return false;
    const size_t n = held_directions(s, rows);
    for (size_t a = 0; a < n; a++) { /* to 0 exactly */
        double c = 0;
        for (size_t j = 0; j < s->q; j++)
            c += rows[a * s->q + j] * at->gamma[j];
        for (size_t j = 0; j < s->q; j++)
            at->gamma[j] -= c * rows[a * s->q + j];
    }
    if (n < s->q)
        return mpl__scale_climb(s, at, rows + n * s->q, s->q - n);
    mpl__scale_evaluate(s, at, true);
    return true;
}

/* ---- starts */

/* The i-th start around tau2_i = t: that itself, then each column of the scale up and down. */
static void start_at(const mpl__scale_sums *s, double t, size_t i, double *gamma)
{
    const double goal = s->is_log ? log(t) : t;
    for (size_t j = 0; j < s->q; j++) {
        const double *const column = s->basis + j * s->k;
        mpl__sum sum = { 0 };
        double most = 0;
        for (size_t l = 0; l < s->k; l++) {
            mpl__sum_add(&sum, column[l] * (goal - s->offset[l]));
            most = fmax(most, fabs(column[l]));
        }
        gamma[j] = mpl__sum_get(&sum) / (double)s->k;
        if (i > 0 && (i - 1) / 2 == j)
            gamma[j] += (i % 2 ? 1 : -1) * (s->is_log ? 2 : 0.5 * t / most);
    }
}

/* The covariance of gamma, and directions that have none. */
static void invert(const mpl__scale_sums *s, mpl__scale_maximum *out)
{
    const size_t q = s->q;
    double a[MPL__MOST_SCALE * MPL__MOST_SCALE], vectors[MPL__MOST_SCALE * MPL__MOST_SCALE], most = 0;
    memcpy(a, out->at.info, q * q * sizeof *a);
    mpl__eigen_symmetric(a, q, vectors);
    for (size_t j = 0; j < q; j++)
        most = fmax(most, a[j * q + j]);
    for (size_t j = 0; j < q; j++) {
        const double *const v = vectors + j * q, value = a[j * q + j];
        if (!(value > FLAT * fmax(1, 1e-3 * most)))
            memcpy(out->flat + out->n_flat++ * q, v, q * sizeof *v);
        else
            for (size_t i = 0; i < q * q; i++)
                out->covariance[i] += v[i / q] * v[i % q] / value;
    }
}

void mpl__scale_maximise(mpl__scale_sums *s, double t, mpl__scale_maximum *out)
{
    double height[2 * MPL__MOST_SCALE + 1];
    mpl__scale_at at;
    *out = (mpl__scale_maximum){ .at.ll = -INFINITY };
    mpl__sum mean = { 0 };
    for (size_t i = 0; i < s->k; i++)
        mpl__sum_add(&mean, s->v0[i] / (double)s->k);
    t = fmax(t, 0.05 * mpl__sum_get(&mean));
    for (size_t i = 0; i < 2 * s->q + 1; i++) {
        start_at(s, t, i, at.gamma);
        s->barrier = s->is_log ? 0 : 0.1;
        if (!mpl__scale_place(s, at.gamma))
            continue;
        const bool converged = s->is_log ? mpl__scale_climb(s, &at, NULL, 0) : climb_inside(s, &at);
        s->barrier = 0;
        bool is_new = converged;
        for (int j = 0; j < out->n_maxima; j++)
            is_new = is_new && fabs(height[j] - at.ll) > SAME_HEIGHT;
        if (is_new)
            height[out->n_maxima++] = at.ll;
        if (at.ll > out->at.ll + (converged && !out->converged ? -SAME_HEIGHT : SAME_HEIGHT / 10)) {
            out->at = at;
            out->converged = converged;
        }
    }
    if (out->at.ll == -INFINITY)
        return;
    (void)mpl__scale_place(s, out->at.gamma);
    for (size_t i = 0; i < s->k; i++)
        out->n_bound += !s->is_log && s->t[i] == 0;
    if (out->n_bound == 0)
        invert(s, out);
}
