/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of a moderators formula: one row each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "model/formula.h"
#include "num/spline.h"

static mpl_status no_memory(const mpl__learning *from)
{
    return mpl__fail_nomem(from->err, "the moderators");
}

static mpl_status remember(mpl__variable *v, const mpl__learning *from, size_t n, double **out)
{
    *out = MPL_NEW(from->keep, double, n);
    v->learnt = *out;
    v->n_learnt = n;
    return *out ? MPL_OK : no_memory(from);
}

/* ---- center, scale */

static mpl_status learn_centre(mpl__variable *v, const mpl__learning *from)
{
    double *to, squares = 0;
    MPL_TRY(remember(v, from, 2, &to));
    for (size_t i = 0; i < from->k; i++)
        squares += pow(from->x[i] - v->mean, 2);
    const double spread = sqrt(squares / (double)from->k);
    to[0] = v->mean;
    to[1] = 1;
    if (spread > 1e-11 * fabs(v->mean)) {
        to[1] = sqrt(squares / (double)(from->k - 1));
        return MPL_OK;
    }
    to[0] = from->x[0]; /* exactly 0 is found to be redundant */
    return from->drop ? MPL_OK : mpl__fail(from->err, MPL_ERR_NUMERIC, "'%s' is constant", v->column->name);
}

static void centre(const mpl__variable *v, double x, double *out)
{
    out[0] = x - v->learnt[0];
}

static void scale(const mpl__variable *v, double x, double *out)
{
    out[0] = (x - v->learnt[0]) / v->learnt[1];
}

/* ---- of one number */

static void logarithm(const mpl__variable *v, double x, double *out)
{
    (void)v;
    out[0] = x > 0 ? log(x) : NAN;
}

static void logarithm_2(const mpl__variable *v, double x, double *out)
{
    (void)v;
    out[0] = x > 0 ? log2(x) : NAN;
}

static void logarithm_10(const mpl__variable *v, double x, double *out)
{
    (void)v;
    out[0] = x > 0 ? log10(x) : NAN;
}

static void root(const mpl__variable *v, double x, double *out)
{
    (void)v;
    out[0] = sqrt(x);
}

static void exponential(const mpl__variable *v, double x, double *out)
{
    (void)v;
    out[0] = exp(x);
}

/* ---- splines */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static mpl_status sorted_copy(const mpl__learning *from, const double *x, size_t n, double **out)
{
    *out = MPL_NEW(from->scratch, double, n);
    if (!*out)
        return no_memory(from);
    memcpy(*out, x, n * sizeof *x);
    qsort(*out, n, sizeof **out, by_size);
    return MPL_OK;
}

enum { FREEDOM, KNOTS, BOUNDARY };

/* What the brackets say: the ends, and the knots within; quantiles for those not given. At most `most` of them. */
static mpl_status inner_knots(const mpl__variable *v, const mpl__learning *from, size_t fewest_columns, size_t *n,
                              double knots[MPL__MOST_BASIS], double ends[2])
{
    const mpl__argument *const df = &v->argument[FREEDOM], *const given = &v->argument[KNOTS];
    const mpl__argument *const boundary = &v->argument[BOUNDARY];
    double *x;
    size_t k = 0;
    MPL_TRY(sorted_copy(from, from->x, from->k, &x));
    if (boundary->given && (boundary->n != 2 || !(boundary->number[0] < boundary->number[1])))
        return mpl__fail(from->err, MPL_ERR_ARG, "%s: boundary wants two numbers, c(lower, upper)", v->name);
    ends[0] = boundary->given ? boundary->number[0] : x[0];
    ends[1] = boundary->given ? boundary->number[1] : x[from->k - 1];
    if (df->given && given->given)
        return mpl__fail(from->err, MPL_ERR_ARG, "%s: df or knots, not both", v->name);
    for (size_t i = 0; i < from->k; i++) /* quantiles of what is between the ends */
        if (x[i] >= ends[0] && x[i] <= ends[1])
            x[k++] = x[i];
    *n = given->given ? given->n : 0;
    if (given->given)
        memcpy(knots, given->number, *n * sizeof *knots);
    qsort(knots, *n, sizeof *knots, by_size);
    if (df->given) {
        if (df->number[0] < (double)fewest_columns || df->number[0] > MPL__MOST_BASIS)
            return mpl__fail(from->err, MPL_ERR_ARG, "%s: df is a whole number from %zu to %d", v->name,
                             fewest_columns, MPL__MOST_BASIS);
        *n = (size_t)df->number[0] - fewest_columns;
        for (size_t i = 0; i < *n && k > 0; i++)
            knots[i] = mpl__sorted_quantile(x, k, (double)(i + 1) / (double)(*n + 1));
    }
    bool is_rising = ends[0] < ends[1];
    for (size_t i = 0; i < *n; i++)
        is_rising = is_rising && knots[i] > (i ? knots[i - 1] : ends[0]) && knots[i] < ends[1];
    if (is_rising)
        return MPL_OK;
    return mpl__fail(from->err, MPL_ERR_NUMERIC, given->given ? "%s: the knots are not different numbers between the "
                     "ends" : "%s: '%s' has too few different values for these knots", v->name, v->column->name);
}

/* Knots for B-splines: the ends `order` times. */
static mpl_status full_knots(mpl__variable *v, const mpl__learning *from, size_t order, size_t n, const double *inner,
                             const double ends[2], size_t more, double **out)
{
    MPL_TRY(remember(v, from, n + 2 * order + more, out));
    for (size_t i = 0; i < order; i++) {
        (*out)[i] = ends[0];
        (*out)[order + n + i] = ends[1];
    }
    memcpy(*out + order, inner, n * sizeof *inner);
    v->n_learnt = n + 2 * order;
    return MPL_OK;
}

static mpl_status learn_natural(mpl__variable *v, const mpl__learning *from)
{
    double inner[MPL__MOST_BASIS], ends[2], *knots;
    size_t n;
    MPL_TRY(inner_knots(v, from, 1, &n, inner, ends));
    if (n + 1 > MPL__MOST_BASIS)
        return mpl__fail(from->err, MPL_ERR_ARG, "%s: at most %d knots", v->name, MPL__MOST_BASIS - 1);
    MPL_TRY(full_knots(v, from, 4, n, inner, ends, (n + 3) * (n + 1), &knots));
    mpl__natural_turn(knots, v->n_learnt, knots + v->n_learnt);
    v->n_basis = n + 1;
    return MPL_OK;
}

static void natural(const mpl__variable *v, double x, double *out)
{
    mpl__natural_spline(v->learnt, v->n_learnt, v->learnt + v->n_learnt, x, out);
}

static mpl_status learn_b_spline(mpl__variable *v, const mpl__learning *from)
{
    double inner[MPL__MOST_BASIS], ends[2], *knots;
    size_t n;
    MPL_TRY(inner_knots(v, from, 3, &n, inner, ends));
    if (n + 3 > MPL__MOST_BASIS)
        return mpl__fail(from->err, MPL_ERR_ARG, "%s: at most %d knots", v->name, MPL__MOST_BASIS - 3);
    MPL_TRY(full_knots(v, from, 4, n, inner, ends, 0, &knots));
    v->n_basis = n + 3;
    return MPL_OK;
}

static void b_spline(const mpl__variable *v, double x, double *out)
{
    double all[MPL__MOST_KNOTS];
    mpl__bspline(v->learnt, v->n_learnt, 4, x, 0, all);
    memcpy(out, all + 1, v->n_basis * sizeof *out);
}

/* Harrell 2015, Regression Modeling Strategies, table 2.3: the outermost knots by their number. */
static mpl_status learn_restricted(mpl__variable *v, const mpl__learning *from)
{
    const mpl__argument *const given = &v->argument[0];
    const bool is_count = given->n == 1;
    const double count = is_count ? given->number[0] : (double)given->n;
    double *knots, *x;
    if (!(count >= 3) || count > MPL__MOST_BASIS || count != floor(count))
        return mpl__fail(from->err, MPL_ERR_ARG, "%s: 3 to %d knots, as their number or as c(...)", v->name,
                         MPL__MOST_BASIS);
    const size_t n = (size_t)count;
    MPL_TRY(remember(v, from, n, &knots));
    MPL_TRY(sorted_copy(from, is_count ? from->x : given->number, is_count ? from->k : n, &x));
    const double outer = n == 3 ? 0.1 : n > 6 ? 0.025 : 0.05;
    for (size_t i = 0; i < n; i++) {
        knots[i] = is_count ? mpl__sorted_quantile(x, from->k, outer + (1 - 2 * outer) * (double)i / (double)(n - 1))
                            : x[i];
        if (i > 0 && !(knots[i] > knots[i - 1]))
            return mpl__fail(from->err, MPL_ERR_NUMERIC, "%s: '%s' has too few different values for %zu knots",
                             v->name, v->column->name, n);
    }
    v->n_basis = n - 1;
    return MPL_OK;
}

static void restricted(const mpl__variable *v, double x, double *out)
{
    mpl__restricted_spline(v->learnt, v->n_learnt, x, out);
}

/* ---- polynomials */

enum { DEGREE, RAW };

static mpl_status learn_polynomial(mpl__variable *v, const mpl__learning *from)
{
    const double degree = v->argument[DEGREE].number[0];
    double *alpha;
    if (!(degree >= 1) || degree > MPL__MOST_BASIS)
        return mpl__fail(from->err, MPL_ERR_ARG, "%s: a degree is a whole number from 1 to %d", v->name,
                         MPL__MOST_BASIS);
    v->n_basis = (size_t)degree;
    if (v->argument[RAW].n)
        return MPL_OK;
    MPL_TRY(remember(v, from, 2 * v->n_basis + 1, &alpha));
    if (mpl__orthogonal_polynomials(from->x, from->k, v->n_basis, alpha, alpha + v->n_basis))
        return MPL_OK;
    return mpl__fail(from->err, MPL_ERR_NUMERIC, "%s: '%s' has too few different values for degree %zu", v->name,
                     v->column->name, v->n_basis);
}

static void polynomial(const mpl__variable *v, double x, double *out)
{
    if (v->learnt) {
        mpl__orthogonal_polynomial(v->n_basis, v->learnt, v->learnt + v->n_basis, x, out);
        return;
    }
    for (size_t i = 0; i < v->n_basis; i++)
        out[i] = i ? out[i - 1] * x : x;
}

static const mpl__function registry[] = {
    { .method = { "factor", "an indicator for each value but the first", NULL, NULL, "factor(x)" },
      .is_factor = true },
    { .method = { "ref", "an indicator for each value but the one named", NULL, "relevel", "ref(x, 'value')" },
      .is_factor = true, .argument = { { "ref", NULL, MPL__TEXT_ARGUMENT, true } } },
    { .method = { "center", "less the mean of the studies in the model", NULL, "centre", "center(x)" },
      .learn = learn_centre, .compute = centre },
    { .method = { "scale", "less the mean, divided by the standard deviation", NULL, NULL, "scale(x)" },
      .learn = learn_centre, .compute = scale },
    { .method = { "log", "natural logarithm", NULL, "ln", "log(x)" }, .compute = logarithm,
      .lacks = "which has no logarithm" },
    { .method = { "log2", "logarithm to base 2", NULL, NULL, "log2(x): the coefficient is of a doubling" },
      .compute = logarithm_2, .lacks = "which has no logarithm" },
    { .method = { "log10", "logarithm to base 10", NULL, NULL, "log10(x)" }, .compute = logarithm_10,
      .lacks = "which has no logarithm" },
    { .method = { "sqrt", "square root", NULL, NULL, "sqrt(x)" }, .compute = root,
      .lacks = "which has no square root" },
    { .method = { "exp", "exponential", NULL, NULL, "exp(x)" }, .compute = exponential,
      .lacks = "whose exponential is too large" },
    { .method = { "poly", "orthogonal polynomials, as R's poly()",
                  "Kennedy & Gentle 1980, Statistical Computing, pp 343-344", NULL,
                  "poly(x, 2): degree 1 to 2; poly(x, 2, raw=TRUE): x and x^2" },
      .has_basis = true,
      .argument = { { "degree", NULL, MPL__COUNT_ARGUMENT, true }, { "raw", NULL, MPL__FLAG_ARGUMENT, false } },
      .learn = learn_polynomial, .compute = polynomial },
    { .method = { "ns", "natural cubic splines, as R's splines::ns()",
                  "Hastie 1992, in: Chambers & Hastie, Statistical Models in S, ch. 7", NULL,
                  "ns(x, 3) or ns(x, df=3): knots at quantiles; ns(x, knots=c(20, 40)); the ends are the least and the "
                  "largest value, or boundary=c(0, 60), and beyond them the curve is straight" },
      .has_basis = true,
      .argument = { { "df", NULL, MPL__COUNT_ARGUMENT, false }, { "knots", NULL, MPL__LIST_ARGUMENT, false },
                    { "boundary", "Boundary.knots", MPL__LIST_ARGUMENT, false } },
      .learn = learn_natural, .compute = natural },
    { .method = { "bs", "cubic B-splines, as R's splines::bs()",
                  "de Boor 1978, A Practical Guide to Splines", NULL,
                  "bs(x, 4), bs(x, knots=c(20, 40)), with boundary=c(0, 60) as for ns()" },
      .has_basis = true,
      .argument = { { "df", NULL, MPL__COUNT_ARGUMENT, false }, { "knots", NULL, MPL__LIST_ARGUMENT, false },
                    { "boundary", "Boundary.knots", MPL__LIST_ARGUMENT, false } },
      .learn = learn_b_spline, .compute = b_spline },
    { .method = { "rcs", "restricted cubic splines, x and terms that are straight beyond the outer knots",
                  "Harrell 2015, Regression Modeling Strategies, section 2.4.5", NULL,
                  "rcs(x, 4): four knots at quantiles (outermost 0.1 with 3 knots, 0.05 with 4 to 6, else 0.025); "
                  "rcs(x, c(15, 30, 50)): these knots" },
      .has_basis = true, .argument = { { "knots", "parms", MPL__LIST_ARGUMENT, true } },
      .learn = learn_restricted, .compute = restricted },
    { .method = { "I", "what stands in it", NULL, NULL, "I(x^2), as in R" }, .is_shell = true },
};

const mpl_method *mpl_moderator_function_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

const mpl__function *mpl__function_find(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof registry / sizeof *registry; i++) {
        const mpl_method *const m = &registry[i].method;
        const char *list = m->aliases, *word;
        size_t length;
        if (strlen(m->id) == n && !memcmp(m->id, name, n))
            return &registry[i];
        while ((word = mpl__next_word(&list, &length)))
            if (length == n && !memcmp(word, name, n))
                return &registry[i];
    }
    return NULL;
}
