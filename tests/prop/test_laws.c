/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Laws that hold for every entry of the registries of methods, tests, prediction intervals and measures, whatever it
 * computes: a new entry is held to them without being named here.
 */
#include "check.h"

#include <metapool.h>

enum { K = 9, N_DATA = 4 };

typedef struct studies {
    const char *name;
    size_t k;
    double yi[K], vi[K];
} studies;

static const studies data[N_DATA] = {
    { "heterogeneous", 9, { -0.89, -1.59, -1.35, -1.44, -0.22, -0.79, -1.62, 0.01, -0.47 },
      { 0.326, 0.195, 0.415, 0.02, 0.051, 0.0069, 0.223, 0.00396, 0.0564 } },
    { "homogeneous", 6, { 0.11, 0.13, 0.1, 0.12, 0.14, 0.09 }, { 0.2, 0.3, 0.1, 0.25, 0.4, 0.15 } },
    { "one large study", 5, { 0.5, -0.2, 0.9, 0.1, 0.3 }, { 0.5, 0.8, 0.3, 1e-6, 0.6 } },
    { "two studies", 2, { 0.2, 0.9 }, { 0.04, 0.09 } },
};

/* Effects of a dataset, y -> shift + scale * y; reversed = the last study first. */
static mpl_effects *effects_of(const studies *d, double scale, double shift, bool reversed)
{
    double yi[K], vi[K];
    mpl_effects *out;
    mpl_error err;
    for (size_t i = 0; i < d->k; i++) {
        const size_t j = reversed ? d->k - 1 - i : i;
        yi[i] = shift + scale * d->yi[j];
        vi[i] = scale * scale * d->vi[j];
    }
    if (mpl_effects_new_arrays(yi, vi, NULL, d->k, NULL, &out, &err) != MPL_OK)
        check_die("effects", err.message);
    return out;
}

/* NULL where the options need more studies or other data: the refusal must be one, too. */
static mpl_fit *fit_of(const studies *d, double scale, double shift, bool reversed, const mpl_fit_options *options)
{
    mpl_effects *const effects = effects_of(d, scale, shift, reversed);
    mpl_fit *fit = NULL;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_fit_new(effects, NULL, options, &fit, &err);
    CHECK(s == MPL_OK || s == MPL_ERR_TOO_FEW || s == MPL_ERR_NUMERIC || s == MPL_ERR_ARG, "%s: %s", d->name,
          err.message);
    mpl_effects_free(effects);
    return fit;
}

/* Two fits of the same studies: locations differ by `shift`, after a factor `scale`; all else follows from that. */
static void same(const mpl_fit *a, const mpl_fit *b, double scale, double shift, double tol, const char *name)
{
    const mpl_term *const s = &a->terms[0], *const t = &b->terms[0];
    const double size = fabs(scale) * (fabs(s->estimate) + s->se + (isfinite(s->ci_ub) ? s->ci_ub - s->ci_lb : 0));
    const double at[] = { s->estimate, s->ci_lb, s->ci_ub, a->pi_lb, a->pi_ub };
    const double moved[] = { t->estimate, t->ci_lb, t->ci_ub, b->pi_lb, b->pi_ub };
    for (size_t i = 0; i < 5; i++) {
        const size_t other = scale > 0 || i == 0 ? i : (i % 2 ? i + 1 : i - 1); /* limits change sides */
        const double want = scale * at[other] + shift;
        const bool off = fabs(moved[i] - want) > tol * (size + fabs(want)) || isnan(moved[i]) != isnan(want);
        CHECK(moved[i] == want || !off,
              "%s: location %zu: %.17g and %.17g", name, i, moved[i], want);
    }
    CHECK_CLOSE(t->se, fabs(scale) * s->se, tol, "%s: se", name);
    CHECK_CLOSE(b->tau2, scale * scale * a->tau2, tol, "%s: tau2", name);
    CHECK_CLOSE(b->se_tau2, scale * scale * a->se_tau2, tol, "%s: se of tau2", name);
    CHECK_CLOSE(b->tau2_ci.lb, scale * scale * a->tau2_ci.lb, tol, "%s: lower limit of tau2", name);
    CHECK_CLOSE(b->tau2_ci.ub, scale * scale * a->tau2_ci.ub, tol, "%s: upper limit of tau2", name);
    CHECK_CLOSE(b->i2, a->i2, tol, "%s: I2", name);
    CHECK_CLOSE(b->h2, a->h2, tol, "%s: H2", name);
    CHECK_CLOSE(b->q, a->q, tol, "%s: Q", name);
    if (shift == 0) {
        CHECK_CLOSE(t->statistic, scale > 0 ? s->statistic : -s->statistic, 10 * tol, "%s: statistic", name);
        CHECK_CLOSE(t->log_pval, s->log_pval, 100 * tol, "%s: p", name);
    }
}

/* What one fit promises by itself. */
static void sound(const mpl_fit *fit, const char *name)
{
    double sum = 0;
    const mpl_term *const t = &fit->terms[0];
    for (size_t i = 0; i < fit->k; i++) {
        CHECK(fit->weights[i] >= 0 && fit->weights[i] <= 100, "%s: weight %zu", name, i);
        sum += fit->weights[i];
    }
    CHECK_CLOSE(sum, 100, 1e-13, "%s: weights", name);
    CHECK(fit->tau2 >= 0 || isnan(fit->tau2), "%s: tau2 %g", name, fit->tau2);
    CHECK_CLOSE(fit->tau, sqrt(fit->tau2), 1e-15, "%s: tau", name);
    CHECK(!(t->ci_lb > t->estimate) && !(t->ci_ub < t->estimate), "%s: interval without its estimate", name);
    CHECK(!(fit->tau2_ci.lb > fit->tau2_ci.ub), "%s: limits of tau2", name);
    CHECK(!(fit->pi_lb > t->estimate) && !(fit->pi_ub < t->estimate), "%s: prediction without its mean", name);
    CHECK(t->pval >= 0 && t->pval <= 1 && t->log_pval <= 0, "%s: p %g", name, t->pval);
    CHECK(fit->q >= 0 && fit->q_pval >= 0 && fit->q_pval <= 1, "%s: Q", name);
    CHECK(!(fit->i2 < 0) && !(fit->i2 > 100) && fit->converged, "%s: I2 %g", name, fit->i2);
}

/* An interval by quadrature is as good as its nodes. */
static double tolerance(const mpl_fit_options *options)
{
    return options->pi && strcmp(options->pi, "NNF") == 0 ? 1e-6 : 1e-9;
}

/* The order of studies, their origin, unit and sign do not matter. */
static void fit_laws(const studies *d, const mpl_fit_options *options)
{
    char name[200];
    snprintf(name, sizeof name, "%s, %s, %s, %s", d->name, options->method, options->test ? options->test : "-",
             options->pi ? options->pi : "-");
    mpl_fit *const fit = fit_of(d, 1, 0, false, options);
    if (!fit)
        return;
    sound(fit, name);
    static const struct {
        double scale, shift;
        bool reversed;
    } moves[] = { { 1, 0, true }, { 1, 10, false }, { -1, 0, false }, { 1e-6, 0, false }, { 1e6, 0, false } };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        mpl_fit *const moved = fit_of(d, moves[i].scale, moves[i].shift, moves[i].reversed, options);
        CHECK(moved, "%s: refused after a move", name);
        if (moved)
            same(fit, moved, moves[i].scale, moves[i].shift, tolerance(options), name);
        mpl_fit_free(moved);
    }
    mpl_fit_free(fit);
}

/* A higher level has the wider interval, unless the rule itself compares two intervals at the level it is asked for. */
static void nested_levels(const studies *d, const char *method, const char *test)
{
    double lb = INFINITY, ub = -INFINITY;
    if (strcmp(test, "hksj-iqwig6") == 0)
        return;
    for (double level = 0.5; level < 0.999; level += 0.07) {
        mpl_fit *const fit = fit_of(d, 1, 0, false, &(mpl_fit_options){ .method = method, .test = test,
                                                                       .level = level });
        if (!fit)
            return;
        const bool endless = isinf(fit->terms[0].ci_lb) && isinf(fit->terms[0].ci_ub);
        const bool wider = !(fit->terms[0].ci_lb >= lb) && !(fit->terms[0].ci_ub <= ub);
        CHECK(wider || endless, "%s, %s, %s: level %g not wider", d->name, method, test, level);
        lb = fit->terms[0].ci_lb, ub = fit->terms[0].ci_ub;
        mpl_fit_free(fit);
    }
}

/* With tau2 fixed at zero, random effects are equal effects. */
static void zero_is_equal(const studies *d)
{
    mpl_fit *const zero = fit_of(d, 1, 0, false, &(mpl_fit_options){ .test = "z", .tau2 = { true, 0 } });
    mpl_fit *const equal = fit_of(d, 1, 0, false, &(mpl_fit_options){ .test = "z", .method = "EE" });
    if (zero && equal) {
        CHECK(zero->terms[0].estimate == equal->terms[0].estimate, "%s: estimate", d->name);
        CHECK(zero->terms[0].se == equal->terms[0].se && zero->tau2 == 0 && equal->tau2 == 0, "%s: se", d->name);
    }
    CHECK(zero && equal, "%s: no fit", d->name);
    mpl_fit_free(zero);
    mpl_fit_free(equal);
}

/* With equal variances these are all the sample variance less the common one. */
static void equal_variances(void)
{
    static const char *const methods[] = { "DL", "HE", "PM", "REML", "EB" };
    studies d = data[0];
    double mean = 0, s2 = 0;
    for (size_t i = 0; i < d.k; i++) {
        d.vi[i] = 0.125;
        mean += d.yi[i] / (double)d.k;
    }
    for (size_t i = 0; i < d.k; i++)
        s2 += (d.yi[i] - mean) * (d.yi[i] - mean) / (double)(d.k - 1);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        mpl_fit *const fit = fit_of(&d, 1, 0, false, &(mpl_fit_options){ .method = methods[i] });
        CHECK(fit, "%s: no fit", methods[i]);
        CHECK_CLOSE(fit ? fit->tau2 : NAN, s2 - 0.125, 1e-12, "%s with equal variances", methods[i]);
        mpl_fit_free(fit);
    }
}

/* Values for six studies, by role; a role that means something else beside certain others has a row for these. */
static const struct {
    const char *role;
    const char *values[6];
    const char *beside;
} inputs[] = {
    { "ai", { "0.9", "0.86", "0.78", "0.81", "0.93", "0.7" }, "ai mi ni" },
    { "ai", { "0.6", "0.56", "0.78", "0.51", "0.63", "0.7" }, "ai n1i n2i" },
    { "di", { "0.3", "0.6", "-0.2", "0.45", "0.1", "0.7" }, "di n1i n2i" },
    { "pi", { "0.08", "0.07", "0.05", "0.06", "0.02", "0.03" }, "ai bi ci di pi" },
    { "ai", { "4", "6", "3", "12", "8", "5" }, NULL },
    { "bi", { "21", "30", "18", "40", "27", "33" }, NULL },
    { "ci", { "9", "11", "2", "20", "7", "13" }, NULL },
    { "di", { "17", "25", "21", "31", "30", "22" }, NULL },
    { "n1i", { "25", "36", "21", "52", "35", "38" }, NULL },
    { "n2i", { "26", "36", "23", "51", "37", "35" }, NULL },
    { "m1i", { "12.5", "13.1", "11.8", "12.2", "14", "12.9" }, NULL },
    { "m2i", { "11.1", "12.4", "10.2", "11.9", "12.2", "11.6" }, NULL },
    { "sd1i", { "3.1", "2.8", "4", "3.3", "2.9", "3.6" }, NULL },
    { "sd2i", { "2.9", "3.4", "3.2", "3.1", "3.5", "2.7" }, NULL },
    { "x1i", { "4", "6", "3", "12", "8", "5" }, NULL },
    { "x2i", { "9", "11", "2", "20", "7", "13" }, NULL },
    { "t1i", { "105.5", "220", "98", "310", "201", "150" }, NULL },
    { "t2i", { "100", "215.25", "101", "305", "199", "161" }, NULL },
    { "xi", { "4", "6", "3", "12", "8", "5" }, NULL },
    { "ni", { "25", "36", "21", "52", "35", "38" }, NULL },
    { "mi", { "12", "13", "11", "14", "10", "9" }, NULL },
    { "sdi", { "3.1", "2.8", "4", "3.3", "2.9", "3.6" }, NULL },
    { "ri", { "0.5", "0.41", "0.62", "0.33", "0.7", "0.55" }, NULL },
    { "r2i", { "0.65", "0.57", "0.78", "0.61", "0.79", "0.63" }, NULL },
    { "ti", { "2.1", "1.4", "0.8", "1.9", "3.3", "2.6" }, NULL },
    { "fi", { "4.4", "2", "0.7", "3.6", "10.9", "6.8" }, NULL },
    { "pi", { "0.04", "0.17", "0.43", "0.06", "0.002", "0.013" }, NULL },
    { "pval", { "0.04", "0.17", "0.43", "0.06", "0.002", "0.013" }, NULL },
    { "zval", { "2.05", "1.37", "0.79", "1.88", "3.1", "2.48" }, NULL },
    { "oei", { "-2.1", "1.4", "-0.8", "0.6", "-3.2", "-1.1" }, NULL },
    { "ovi", { "3.1", "2.6", "1.9", "4.4", "5.2", "2.7" }, NULL },
    { "e1i", { "6.2", "4.9", "3.7", "11.4", "9.9", "6.3" }, NULL },
    { "e2i", { "6.8", "12.1", "1.3", "20.6", "5.1", "11.7" }, NULL },
    { "yi", { "0.31", "0.22", "0.11", "0.18", "0.41", "0.3" }, NULL },
    { "vi", { "0.02", "0.025", "0.02", "0.01", "0.017", "0.015" }, NULL },
    { "sei", { "0.14", "0.16", "0.14", "0.1", "0.13", "0.12" }, NULL },
    { "ci_lb", { "0.04", "-0.09", "-0.16", "-0.02", "0.16", "0.06" }, NULL },
    { "ci_ub", { "0.58", "0.53", "0.38", "0.38", "0.66", "0.54" }, NULL },
};

static const char *value_of(const char *role, size_t n, const char *beside, size_t row)
{
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (strlen(inputs[i].role) == n && strncmp(inputs[i].role, role, n) == 0 &&
            (!inputs[i].beside || strcmp(inputs[i].beside, beside) == 0))
            return inputs[i].values[row];
    return NULL;
}

/* The route's columns as CSV; in study `hole`, input `without` is missing. */
static bool table(const char *roles, bool reversed, size_t hole, size_t without, char *out, size_t size)
{
    char *p = out;
    for (size_t line = 0; line < 7; line++) {
        size_t column = 0;
        for (const char *role = roles; *role; column++) {
            const size_t n = strcspn(role, " ");
            const size_t study = line == 0 ? 0 : reversed ? 6 - line : line - 1;
            const char *const value = value_of(role, n, roles, study);
            if (!CHECK(value, "laws have no value for the role %.*s", (int)n, role))
                return false;
            const char *const cell = line == 0 ? role : line == hole && column == without ? "NA" : value;
            const size_t length = line == 0 ? n : strlen(cell);
            p += snprintf(p, size - (size_t)(p - out), "%s%.*s", column ? "," : "", (int)length, cell);
            role += n + (role[n] == ' ');
        }
        p += snprintf(p, size - (size_t)(p - out), "\n");
    }
    return true;
}

static mpl_effects *effects_from(const mpl_measure *m, const mpl_route *route, const char *csv)
{
    mpl_dataset *set = NULL;
    mpl_effects *effects = NULL;
    mpl_error err = { .code = MPL_OK };
    const mpl_effect_options options = { .measure = m->method.id, .route = route->id };
    mpl_status s = mpl_dataset_read_bytes(csv, strlen(csv), "x.csv", NULL, &set, &err);
    if (s == MPL_OK)
        s = mpl_effects_new(set, &options, &effects, &err);
    CHECK(s == MPL_OK, "%s by %s: %s", m->method.id, route->id, err.message);
    mpl_dataset_free(set);
    return effects;
}

/* An input that is missing costs its study, which is listed with the column's name; the others stay the same. */
static void missing_inputs(const mpl_measure *m, const mpl_route *route, const mpl_effects *whole)
{
    size_t column = 0;
    for (const char *role = route->inputs; *role; column++) {
        const size_t n = strcspn(role, " ");
        char csv[4096], name[64];
        snprintf(name, sizeof name, "%.*s", (int)n, role);
        mpl_effects *const part = table(route->inputs, false, 3, column, csv, sizeof csv)
                                      ? effects_from(m, route, csv) : NULL;
        if (part) {
            CHECK(part->k + part->n_excluded == 6, "%s by %s without %s: a row vanished", m->method.id, route->id,
                  name);
            CHECK(part->k == 6 || (part->n_excluded == 1 && part->excluded[0].row == 3 &&
                                   strstr(part->excluded[0].reason, name)),
                  "%s by %s without %s: reason '%s'", m->method.id, route->id, name,
                  part->n_excluded ? part->excluded[0].reason : "");
            for (size_t i = 0; i < part->k; i++)
                CHECK(part->row[i] == 3 || (part->yi[i] == whole->yi[part->row[i] - 1] &&
                                            part->vi[i] == whole->vi[part->row[i] - 1]),
                      "%s by %s without %s: study %zu changed", m->method.id, route->id, name, i);
        }
        mpl_effects_free(part);
        role += n + (role[n] == ' ');
    }
}

static void route_laws(const mpl_measure *m, const mpl_route *route)
{
    char csv[4096];
    if (!table(route->inputs, false, 0, 0, csv, sizeof csv))
        return;
    mpl_effects *const effects = effects_from(m, route, csv);
    table(route->inputs, true, 0, 0, csv, sizeof csv);
    mpl_effects *const reversed = effects_from(m, route, csv);
    const bool all = effects && reversed && effects->k == 6 && reversed->k == 6;
    CHECK(all, "%s by %s: %zu of 6 studies have an effect", m->method.id, route->id, effects ? effects->k : 0);
    for (size_t i = 0; all && i < 6; i++) {
        CHECK(isfinite(effects->yi[i]) && effects->vi[i] > 0, "%s by %s: %g, %g", m->method.id, route->id,
              effects->yi[i], effects->vi[i]);
        CHECK_STR(effects->route[i], route->id, "%s: route", m->method.id);
        CHECK(effects->yi[i] == reversed->yi[5 - i] && effects->vi[i] == reversed->vi[5 - i],
              "%s by %s: study %zu depends on the order", m->method.id, route->id, i);
        const double shown = mpl_measure_display(m, effects->yi[i]);
        CHECK(isfinite(shown), "%s: display of %g", m->method.id, effects->yi[i]);
        if (m->transform && m->transform->inverse)
            CHECK_CLOSE(m->transform->inverse(shown), effects->yi[i], 1e-12, "%s: back and forth", m->method.id);
    }
    if (all)
        missing_inputs(m, route, effects);
    mpl_effects_free(effects);
    mpl_effects_free(reversed);
}

static void measures(void)
{
    for (size_t i = 0; mpl_measure_method(i); i++) {
        const mpl_measure *const m = mpl_measure_find(mpl_measure_method(i)->id);
        CHECK(m && m->n_routes > 0, "%s has no route", mpl_measure_method(i)->id);
        for (size_t r = 0; m && r < m->n_routes; r++)
            route_laws(m, &m->routes[r]);
    }
}

/* Exchanging the arms changes the sign of what compares them symmetrically. */
static void arms(void)
{
    static const struct {
        const char *measure, *csv, *swapped;
    } rows[] = {
        { "OR", "ai,bi,ci,di\n4,21,9,17\n", "ci,di,ai,bi\n4,21,9,17\n" },
        { "RR", "ai,bi,ci,di\n4,21,9,17\n", "ci,di,ai,bi\n4,21,9,17\n" },
        { "RD", "ai,bi,ci,di\n4,21,9,17\n", "ci,di,ai,bi\n4,21,9,17\n" },
        { "IRR", "x1i,t1i,x2i,t2i\n4,21,9,17\n", "x2i,t2i,x1i,t1i\n4,21,9,17\n" },
        { "MD", "m1i,sd1i,n1i,m2i,sd2i,n2i\n4,2,9,5,1,7\n", "m2i,sd2i,n2i,m1i,sd1i,n1i\n4,2,9,5,1,7\n" },
        { "SMD", "m1i,sd1i,n1i,m2i,sd2i,n2i\n4,2,9,5,1,7\n", "m2i,sd2i,n2i,m1i,sd1i,n1i\n4,2,9,5,1,7\n" },
        { "SMDH", "m1i,sd1i,n1i,m2i,sd2i,n2i\n4,2,9,5,1,7\n", "m2i,sd2i,n2i,m1i,sd1i,n1i\n4,2,9,5,1,7\n" },
        { "ROM", "m1i,sd1i,n1i,m2i,sd2i,n2i\n4,2,9,5,1,7\n", "m2i,sd2i,n2i,m1i,sd1i,n1i\n4,2,9,5,1,7\n" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const mpl_measure *const m = mpl_measure_find(rows[i].measure);
        mpl_effects *const a = m ? effects_from(m, &m->routes[0], rows[i].csv) : NULL;
        mpl_effects *const b = m ? effects_from(m, &m->routes[0], rows[i].swapped) : NULL;
        CHECK(a && b && a->k == 1 && b->k == 1, "%s: no effect", rows[i].measure);
        if (a && b && a->k == 1 && b->k == 1) {
            CHECK_CLOSE(b->yi[0], -a->yi[0], 1e-14, "%s: arms exchanged", rows[i].measure);
            CHECK_CLOSE(b->vi[0], a->vi[0], 1e-14, "%s: variance with arms exchanged", rows[i].measure);
        }
        mpl_effects_free(a);
        mpl_effects_free(b);
    }
}

int main(void)
{
    for (size_t d = 0; d < N_DATA; d++) {
        for (size_t i = 0; mpl_fit_method(i); i++) {
            const char *const method = mpl_fit_method(i)->id;
            for (size_t j = 0; mpl_test_method(j); j++) {
                fit_laws(&data[d], &(mpl_fit_options){ .method = method, .test = mpl_test_method(j)->id });
                nested_levels(&data[d], method, mpl_test_method(j)->id);
            }
        }
        for (size_t i = 0; mpl_pi_method(i); i++)
            fit_laws(&data[d], &(mpl_fit_options){ .method = "DL", .pi = mpl_pi_method(i)->id });
        zero_is_equal(&data[d]);
    }
    equal_variances();
    measures();
    arms();
    return check_done();
}
