/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laws of pooling that hold for every method, test and prediction interval, on random data; the numbers are those of
 * RELIABILITY's metamorphic relations. Effects are multiples of 2^-20 so that shifts and powers of two are exact. */
#include "check.h"
#include <metapool/model.h>

enum { MOST = 64 };

typedef struct data {
    double yi[2 * MOST], vi[2 * MOST], x[2 * MOST], w[2 * MOST];
    size_t k;
} data;

static unsigned long long state = 88172645463325252ULL;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) * 0x1p-53;
}

static double round_off(double x)
{
    return ldexp(nearbyint(ldexp(x, 20)), -20);
}

/* Spread between nothing and ten times the sampling error; variances over three decades. */
static data random_data(size_t k)
{
    data d = { .k = k };
    const double tau = uniform() < 0.25 ? 0 : uniform() * 2, mean = uniform() * 2 - 1;
    for (size_t i = 0; i < k; i++) {
        d.vi[i] = pow(10, uniform() * 3 - 2.5);
        const double noise = uniform() + uniform() + uniform() + uniform() - 2;
        d.yi[i] = round_off(mean + 1.7 * noise * sqrt(tau * tau + d.vi[i]));
        d.x[i] = round_off(uniform() * 10);
        d.w[i] = 1 + floor(d.x[i]);
    }
    return d;
}

/* NULL if refused; a refusal of the plain options is a failure. */
static mpl_fit *fit_design(const data *d, const mpl_fit_options *options, const double *x, size_t p)
{
    const mpl_effects es = { .k = d->k, .yi = d->yi, .vi = d->vi, .weights = d->w };
    const mpl_design design = { d->k, p, x, NULL };
    mpl_fit *fit;
    mpl_error err;
    const mpl_status s = mpl_fit_new(&es, x ? &design : NULL, options, &fit, &err);
    CHECK(s == MPL_OK || s == MPL_ERR_ARG || s == MPL_ERR_TOO_FEW, "%s/%s: %s",
          options->method ? options->method : "", options->test ? options->test : "", err.message);
    return fit;
}

static mpl_fit *fit(const data *d, const mpl_fit_options *options)
{
    return fit_design(d, options, NULL, 1);
}

static const mpl_term *mean(const mpl_fit *f)
{
    return &f->terms[0];
}

static bool same(double a, double b, double tol)
{
    return check_error(a, b) <= tol;
}

/* Near in units of the standard error, or relatively. */
static bool near_se(double a, double b, const mpl_fit *f, double tol)
{
    return same(a, b, tol) || fabs(a - b) <= tol * mean(f)->se;
}

#define NAME "%s %s %s k=%zu"
#define NAMED(f) (f)->method->id, (f)->test->id, (f)->pi->id, (f)->k

/* M1: signs turn, nothing else; to the bit. */
static void law_sign(const data *d, const mpl_fit_options *o, const mpl_fit *f)
{
    data e = *d;
    for (size_t i = 0; i < e.k; i++)
        e.yi[i] = -e.yi[i];
    mpl_fit *const g = fit(&e, o);
    CHECK(mean(g)->estimate == -mean(f)->estimate && mean(g)->ci_lb == -mean(f)->ci_ub, NAME " M1 mean", NAMED(f));
    CHECK(same(g->tau2, f->tau2, 0) && g->q == f->q && same(mean(g)->pval, mean(f)->pval, 0), NAME " M1", NAMED(f));
    CHECK(near_se(g->pi_lb, -f->pi_ub, f, strcmp(f->pi->id, "NNF") ? 0 : 1e-9), NAME " M1 prediction", NAMED(f));
    mpl_fit_free(g);
}

/* M2: a change of unit; powers of two to the bit. */
static void law_scale(const data *d, const mpl_fit_options *o, const mpl_fit *f)
{
    static const double factor[] = { 0x1p-30, 0x1p40, 1e-6, 1e6 };
    for (size_t j = 0; j < 4; j++) {
        const double c = factor[j], tol = j < 2 ? 0 : 2e-12;
        data e = *d;
        for (size_t i = 0; i < e.k; i++) {
            e.yi[i] *= c;
            e.vi[i] *= c * c;
        }
        mpl_fit *const g = fit(&e, o);
        CHECK(near_se(mean(g)->estimate / c, mean(f)->estimate, f, tol), NAME " M2 %g mean", NAMED(f), c);
        CHECK(same(g->tau2 / (c * c), f->tau2, tol * 10), NAME " M2 %g tau2 %g %g", NAMED(f), c, g->tau2, f->tau2);
        CHECK(same(mean(g)->se / c, mean(f)->se, tol), NAME " M2 %g se", NAMED(f), c);
        CHECK(same(g->i2, f->i2, tol * 10) && same(g->q, f->q, tol), NAME " M2 %g I2 and Q", NAMED(f), c);
        CHECK(same(g->tau2_ci.ub / (c * c), f->tau2_ci.ub, tol), NAME " M2 %g tau2_ci", NAMED(f), c);
        CHECK(near_se(g->pi_ub / c, f->pi_ub, f, tol), NAME " M2 %g prediction", NAMED(f), c);
        CHECK(same(mean(g)->df, mean(f)->df, tol), NAME " M2 %g df", NAMED(f), c);
        mpl_fit_free(g);
    }
}

/* M3: an offset moves the mean and nothing else; the sums do not see it. */
static void law_shift(const data *d, const mpl_fit_options *o, const mpl_fit *f)
{
    data e = *d;
    for (size_t i = 0; i < e.k; i++)
        e.yi[i] += 65536;
    mpl_fit *const g = fit(&e, o);
    CHECK(same(g->tau2, f->tau2, 0) && g->q == f->q && mean(g)->se == mean(f)->se, NAME " M3", NAMED(f));
    CHECK(fabs(mean(g)->estimate - 65536 - mean(f)->estimate) <= 2e-11, NAME " M3 mean", NAMED(f));
    mpl_fit_free(g);
}

/* M4: the order of studies. */
static void law_order(const data *d, const mpl_fit_options *o, const mpl_fit *f)
{
    data e = *d;
    for (size_t i = 0; i < e.k; i++) {
        e.yi[i] = d->yi[e.k - 1 - i];
        e.vi[i] = d->vi[e.k - 1 - i];
        e.w[i] = d->w[e.k - 1 - i];
    }
    mpl_fit *const g = fit(&e, o);
    CHECK(near_se(mean(g)->estimate, mean(f)->estimate, f, 1e-13), NAME " M4 mean", NAMED(f));
    CHECK(same(g->tau2, f->tau2, 1e-12) && same(g->q, f->q, 1e-13), NAME " M4", NAMED(f));
    for (size_t i = 0; i < e.k; i++)
        CHECK(same(g->weights[i], f->weights[e.k - 1 - i], 1e-12), NAME " M4 weight %zu", NAMED(f), i);
    mpl_fit_free(g);
}

/* What every result keeps: signs, sums, nested intervals, p-values that agree with intervals. */
static void law_shape(const data *d, const mpl_fit_options *o, const mpl_fit *f)
{
    double total = 0;
    for (size_t i = 0; i < f->k; i++)
        total += f->weights[i];
    CHECK(fabs(total - 100) < 1e-10, NAME " weights sum to %g", NAMED(f), total);
    CHECK(!(f->tau2 < 0) && !(f->i2 < 0) && !(f->i2 > 100) && f->converged, NAME " signs", NAMED(f));
    if (strncmp(f->test->id, "permutation", 11) != 0) /* whose intervals are those without permutations, as it notes */
        CHECK((mean(f)->pval < 1 - f->level) == (mean(f)->ci_lb > 0 || mean(f)->ci_ub < 0), NAME " p and interval",
              NAMED(f));
    CHECK(same(exp(mean(f)->log_pval), mean(f)->pval, 1e-12), NAME " log p", NAMED(f));
    CHECK(isnan(f->tau2_ci.lb) || f->tau2_ci.lb <= f->tau2_ci.ub, NAME " tau2 interval", NAMED(f));
    const bool is_of_another_kind = !strcmp(f->test->id, "pl") || !strcmp(f->test->id, "bartlett") ||
                          !strcmp(f->test->id, "skovgaard") || !strcmp(f->test->id, "hc");
    if (!strcmp(f->pi->id, "auto") && !isnan(f->pi_lb) && f->n_draws == 0 && !is_of_another_kind)
        CHECK(mean(f)->ci_lb - f->pi_lb >= -1e-12 * (f->pi_ub - f->pi_lb) || mean(f)->df < f->pi_df,
              NAME " M24 prediction holds the interval of the mean", NAMED(f));
    mpl_fit_options wider = *o;
    wider.level = 0.99;
    mpl_fit *const g = fit(d, &wider);
    /* the rules of the variants may choose otherwise at another level */
    if (g && isfinite(g->terms->ci_ub) && strncmp(f->test->id, "hksj-", 5))
        CHECK(g->terms->ci_lb < mean(f)->ci_lb && g->terms->ci_ub > mean(f)->ci_ub, NAME " M24 nested", NAMED(f));
    if (g && !isnan(f->tau2_ci.ub))
        CHECK(g->tau2_ci.lb <= f->tau2_ci.lb && g->tau2_ci.ub >= f->tau2_ci.ub, NAME " M24 tau2 nested", NAMED(f));
    mpl_fit_free(g);
}

/* M14: a design of ones is no design. Through the general factorisation when it is twos. */
static void law_intercept(const data *d, const mpl_fit_options *o, const mpl_fit *f)
{
    double ones[MOST], twos[MOST];
    for (size_t i = 0; i < d->k; i++) {
        ones[i] = 1;
        twos[i] = 2;
    }
    mpl_fit *const g = fit_design(d, o, ones, 1), *const h = fit_design(d, o, twos, 1);
    CHECK(mean(g)->estimate == mean(f)->estimate && same(g->tau2, f->tau2, 0), NAME " M14", NAMED(f));
    if (h) {
        CHECK(near_se(2 * mean(h)->estimate, mean(f)->estimate, f, 1e-12), NAME " M14 twos mean", NAMED(f));
        CHECK(same(2 * mean(h)->se, mean(f)->se, 1e-12), NAME " M14 twos se", NAMED(f));
        CHECK(same(h->tau2, f->tau2, 1e-10) || fabs(h->tau2 - f->tau2) < 1e-14, NAME " M14 twos tau2", NAMED(f));
        CHECK(same(h->ll, f->ll, 1e-12), NAME " M14 twos likelihood", NAMED(f));
    }
    mpl_fit_free(g);
    mpl_fit_free(h);
}

/* What takes long, NNF and a bootstrap, is not done on every set. */
static void every_combination(const data *d, bool with_slow)
{
    for (size_t i = 0; mpl_fit_method(i); i++)
        for (size_t j = 0; mpl_test_method(j); j++)
            for (size_t l = 0; mpl_pi_method(l); l++) {
                const mpl_fit_options o = { .method = mpl_fit_method(i)->id, .test = mpl_test_method(j)->id,
                                            .pi = mpl_pi_method(l)->id, .draws = 100 };
                if (l > 0 && (j > 0 || i > 1)) /* one factor at a time */
                    continue;
                if (mpl_fit_method_measures(mpl_fit_method(i)))
                    continue;
                if (!strcmp(o.pi, "NNF") && (i > 0 || !with_slow))
                    continue;
                if ((!strcmp(o.method, "DLB") || !strcmp(o.method, "GENQM")) && (j > 0 || (d->k > 4 && !with_slow)))
                    continue;
                mpl_fit *const f = fit(d, &o);
                if (!f)
                    continue;
                law_shape(d, &o, f);
                law_sign(d, &o, f);
                law_scale(d, &o, f);
                law_shift(d, &o, f);
                law_order(d, &o, f);
                law_intercept(d, &o, f);
                mpl_fit_free(f);
            }
}

/* ---- laws of single methods */

static double tau2_of(const data *d, const char *method)
{
    const mpl_fit_options o = { .method = method, .test = "z", .pi = "none" };
    mpl_fit *const f = fit(d, &o);
    const double tau2 = f->tau2;
    mpl_fit_free(f);
    return tau2;
}

/* M5, M6: every study twice. */
static void law_duplicate(const data *d)
{
    data e = *d;
    for (size_t i = 0; i < d->k; i++) {
        e.yi[d->k + i] = d->yi[i];
        e.vi[d->k + i] = d->vi[i];
    }
    e.k = 2 * d->k;
    for (int ml = 0; ml < 2; ml++) {
        const mpl_fit_options o = { .method = ml ? "ML" : "EE", .test = "z", .pi = "none" };
        mpl_fit *const f = fit(d, &o), *const g = fit(&e, &o);
        CHECK(near_se(mean(g)->estimate, mean(f)->estimate, f, 1e-12), "M5 mean %s", o.method);
        CHECK(same(mean(g)->se * sqrt(2), mean(f)->se, 1e-12), "M5 se %s", o.method);
        CHECK(same(g->tau2, f->tau2, 1e-11) && same(g->q, 2 * f->q, 1e-12), "M6 tau2 and Q %s", o.method);
        mpl_fit_free(f);
        mpl_fit_free(g);
    }
}

/* M8: with equal variances all unbiased estimators are s^2 - v. */
static void law_equal_variances(const data *d)
{
    static const char *const methods[] = { "DL", "HE", "PM", "EB", "REML" };
    data e = *d;
    double mu = 0, s2 = 0;
    for (size_t i = 0; i < e.k; i++) {
        e.vi[i] = 0.07;
        mu += e.yi[i] / (double)e.k;
    }
    for (size_t i = 0; i < e.k; i++)
        s2 += (e.yi[i] - mu) * (e.yi[i] - mu) / (double)(e.k - 1);
    for (size_t j = 0; j < 5; j++)
        CHECK(fabs(tau2_of(&e, methods[j]) - fmax(0, s2 - 0.07)) <= 1e-13 * s2, "M8 %s", methods[j]);
}

/* M9, M21, M22, M23 and M17. */
static void law_estimates(const data *d)
{
    const double df = (double)(d->k - 1);
    CHECK(tau2_of(d, "EB") == tau2_of(d, "PM"), "M7");
    mpl_fit *const zero = fit(d, &(mpl_fit_options){ .tau2 = { true, 0 }, .test = "z" });
    mpl_fit *const ee = fit(d, &(mpl_fit_options){ .method = "EE" });
    mpl_fit *const fe = fit(d, &(mpl_fit_options){ .method = "FE" });
    CHECK(mean(zero)->estimate == mean(ee)->estimate && mean(zero)->se == mean(ee)->se, "M9");
    CHECK(mean(fe)->estimate == mean(ee)->estimate && mean(fe)->ci_ub == mean(ee)->ci_ub, "EE and FE");
    mpl_fit *const dl = fit(d, &(mpl_fit_options){ .method = "DL" });
    CHECK_CLOSE(dl->i2, 100 * fmax(0, (dl->q - df) / dl->q), 1e-10, "M21");
    mpl_fit *const pm = fit(d, &(mpl_fit_options){ .method = "PM" });
    CHECK(pm->tau2 > 0 ? same(pm->s2w, 1, 1e-13) : pm->q <= df * (1 + 1e-13), "M22: generalised Q is k - 1 at PM");
    if (pm->tau2_ci.lb > 0) {
        mpl_fit *const lo = fit(d, &(mpl_fit_options){ .tau2 = { true, pm->tau2_ci.lb } });
        mpl_fit *const hi = fit(d, &(mpl_fit_options){ .tau2 = { true, pm->tau2_ci.ub } });
        CHECK(lo->s2w > pm->s2w && hi->s2w < pm->s2w, "M22: the generalised Q falls");
        mpl_fit_free(lo);
        mpl_fit_free(hi);
    }
    static const char *const likelihood[] = { "REML", "ML" };
    for (size_t j = 0; j < 2; j++) {
        const mpl_fit_options o = { .method = likelihood[j], .test = "z", .pi = "none" };
        mpl_fit *const f = fit(d, &o);
        for (int side = -1; side <= 1; side += 2) {
            mpl_fit_options moved = o;
            moved.tau2 = (mpl_maybe){ true, fmax(0, f->tau2 * (1 + side * 1e-3) + (f->tau2 == 0 ? 1e-5 : 0)) };
            mpl_fit *const g = fit(d, &moved);
            CHECK(g->ll <= f->ll + 1e-13 * fabs(f->ll), "M23 %s: %.15g above %.15g", o.method, g->ll, f->ll);
            mpl_fit_free(g);
        }
        data e = *d; /* M17 */
        e.yi[e.k] = 1000;
        e.vi[e.k++] = 1e17;
        mpl_fit *const g = fit(&e, &o);
        CHECK(near_se(mean(g)->estimate, mean(f)->estimate, f, 1e-9), "M17 %s mean", o.method);
        CHECK(same(g->tau2, f->tau2, 1e-8), "M17 %s tau2: %g and %g", o.method, g->tau2, f->tau2);
        mpl_fit_free(f);
        mpl_fit_free(g);
    }
    mpl_fit_free(zero);
    mpl_fit_free(ee);
    mpl_fit_free(fe);
    mpl_fit_free(dl);
    mpl_fit_free(pm);
}

/* M12, M13: another parametrisation of the same model. */
static void law_regression(const data *d, const char *method)
{
    double a[2 * MOST], b[2 * MOST], groups[3 * MOST], other[3 * MOST];
    for (size_t i = 0; i < d->k; i++) {
        a[2 * i] = b[2 * i] = 1;
        a[2 * i + 1] = d->x[i];
        b[2 * i + 1] = 1000 - 64 * d->x[i];
        for (size_t j = 0; j < 3; j++) {
            groups[3 * i + j] = j == 0 || i % 3 == j;
            other[3 * i + j] = j == 1 || i % 3 == j;
        }
    }
    const mpl_fit_options o = { .method = method, .test = "hksj" };
    mpl_fit *const f = fit_design(d, &o, a, 2), *const g = fit_design(d, &o, b, 2);
    if (!f) /* for a mean only */
        return;
    CHECK_CLOSE(g->terms[1].estimate * -64, f->terms[1].estimate, 1e-9, "M13 %s slope", method);
    CHECK(fabs(g->tau2 - f->tau2) <= 1e-10 * (f->tau2 + 1e-3), "M13 %s tau2", method);
    CHECK_CLOSE(g->qm, f->qm, 1e-9, "M13 %s QM", method);
    CHECK_CLOSE(g->ll, f->ll, 1e-10, "M13 %s likelihood", method);
    for (size_t i = 0; i < d->k; i++)
        CHECK(near_se(g->fitted[i], f->fitted[i], f, 1e-9), "M13 %s fitted", method);
    mpl_fit *const h = fit_design(d, &o, groups, 3), *const m = fit_design(d, &o, other, 3);
    CHECK_CLOSE(m->qm, h->qm, 1e-9, "M12 %s QM", method);
    CHECK_CLOSE(m->q, h->q, 1e-10, "M12 %s Q", method);
    for (size_t i = 0; i < d->k; i++)
        CHECK(near_se(m->fitted[i], h->fitted[i], h, 1e-9), "M12 %s fitted", method);
    mpl_fit_free(f);
    mpl_fit_free(g);
    mpl_fit_free(h);
    mpl_fit_free(m);
}

int main(void)
{
    static const size_t sizes[] = { 2, 3, 4, 7, 13, 31, 60 };
    for (int round = 0; round < 12; round++)
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            const data d = random_data(sizes[j]);
            every_combination(&d, round == 0 && sizes[j] == 7);
            law_duplicate(&d);
            law_equal_variances(&d);
            law_estimates(&d);
            for (size_t i = 0; mpl_fit_method(i) && d.k > 4; i++)
                if (!mpl_fit_method_measures(mpl_fit_method(i)))
                    law_regression(&d, mpl_fit_method(i)->id);
        }
    return check_done();
}
