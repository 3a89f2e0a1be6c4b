/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every analysis of a multiverse is the fit with its options; sets, settings and shares that can be told by hand. */
#include "check.h"

#include <stdint.h>

#include <metapool.h>

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("a call", err->message);
}

/* A dataset, its effects and a fit. */
typedef struct world {
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_analysis view;
} world;

static world open_world(const char *csv, const mpl_effect_options *effect, const mpl_fit_options *fit)
{
    world w = { .data = NULL };
    mpl_error err;
    if (strchr(csv, '\n'))
        must(mpl_dataset_read_bytes(csv, strlen(csv), "t.csv", NULL, &w.data, &err), &err);
    else
        must(mpl_dataset_read(csv, NULL, &w.data, &err), &err);
    must(mpl_effects_new(w.data, effect, &w.effects, &err), &err);
    must(mpl_fit_new(w.effects, NULL, fit, &w.fit, &err), &err);
    w.view = (mpl_analysis){ .data = w.data, .effects = w.effects, .fit = w.fit };
    return w;
}

static void close_world(world *w)
{
    mpl_fit_free(w->fit);
    mpl_effects_free(w->effects);
    mpl_dataset_free(w->data);
}

static mpl_multiverse *compare(const world *w, const mpl_multiverse_options *options)
{
    mpl_multiverse *m;
    mpl_error err;
    must(mpl_multiverse_new(&w->view, options, NULL, &m, &err), &err);
    return m;
}

/* ---- every analysis is a fit */

static const mpl_choice *choice_of(const mpl_multiverse *m, const char *id)
{
    for (size_t c = 0; c < m->n_choices; c++)
        if (!strcmp(m->choices[c].method->id, id))
            return &m->choices[c];
    check_die("no choice", id);
    return NULL;
}

static const char *value_of(const mpl_multiverse *m, const mpl_alternative *a, const char *id)
{
    const mpl_choice *const choice = choice_of(m, id);
    const size_t v = a->values[choice - m->choices];
    return v == SIZE_MAX ? NULL : choice->values[v].id;
}

/* The options that a user would give for a rule. */
static void set_zeros(mpl_effect_options *o, const char *rule)
{
    o->to = !strcmp(rule, "every-study") ? "all" : !strcmp(rule, "none") || !strcmp(rule, "if0all") ? rule : "only0";
    o->increments = !strcmp(rule, "treatment-arm") ? rule : "constant";
    o->drop00 = !strcmp(rule, "drop00");
}

typedef struct left_out {
    const mpl_effects *all;
    const char *study;
} left_out;

static bool keeps(void *ctx, size_t index, mpl_exclusion *why)
{
    const left_out *const one = ctx;
    (void)why;
    for (size_t i = 0; i < one->all->k && *one->study; i++)
        if (one->all->index[i] == index)
            return strcmp(one->all->slab[i], one->study) != 0;
    return true;
}

/* `all` is what they are a part of. */
static mpl_effects *effects_of(const world *w, const mpl_multiverse *m, const mpl_alternative *a, mpl_effects **all)
{
    const char *const studies = value_of(m, a, "studies");
    mpl_effect_options options = { .measure = a->measure->method.id };
    mpl_dataset *part = NULL;
    mpl_effects *some;
    mpl_error err;
    set_zeros(&options, value_of(m, a, "zeros"));
    const bool is_filter = strcmp(studies, "all") && strncmp(studies, "without ", 8);
    if (is_filter)
        must(mpl_dataset_filter(w->data, studies, &part, &err), &err);
    must(mpl_effects_new(is_filter ? part : w->data, &options, all, &err), &err);
    mpl_dataset_free(part);
    const left_out one = { w->effects, is_filter || !strcmp(studies, "all") ? "" : studies + 8 };
    must(mpl_effects_subset(*all, keeps, (void *)(uintptr_t)&one, &some, &err), &err);
    return some;
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b || fabs(a - b) <= 1e-13 * fabs(b);
}

/* What a user would give for a method of the multiverse: "GLMM:CM.EL" is --method GLMM --glmm-model CM.EL. */
static mpl_fit_options options_of(const mpl_multiverse *m, const mpl_alternative *a, char *method, size_t size)
{
    const char *const pi = value_of(m, a, "pi"), *const given = value_of(m, a, "method");
    mpl_fit_options o = { .method = method, .test = value_of(m, a, "test"), .pi = pi ? pi : "none" };
    snprintf(method, size, "%s", given ? given : "");
    char *const colon = strchr(method, ':');
    if (colon) {
        *colon = '\0';
        o.glmm_model = mpl_method_find(mpl_glmm_method, colon + 1) ? colon + 1 : NULL;
        o.mh_counts = mpl_method_find(mpl_mh_counts_method, colon + 1) ? colon + 1 : NULL;
        o.rd_variance = mpl_method_find(mpl_rd_variance_method, colon + 1) ? colon + 1 : NULL;
    } else if (!strcmp(method, "GLMM")) {
        o.glmm_model = m->options.own.glmm_model;
    } else if (!strcmp(method, "MH")) {
        o.mh_counts = m->options.own.mh_counts;
    }
    if (!strcmp(o.test, "bootstrap") || !strncmp(o.test, "permutation", 11))
        o.draws = m->options.own.draws;
    return o;
}

static void check_cells(const world *w, const mpl_multiverse *m, size_t every)
{
    for (size_t i = 0; i < m->n; i += every) {
        const mpl_alternative *const a = &m->analyses[i];
        char method[100];
        const mpl_fit_options options = options_of(m, a, method, sizeof method);
        mpl_effects *all;
        mpl_effects *const es = effects_of(w, m, a, &all);
        mpl_fit *fit;
        mpl_error err;
        must(mpl_fit_new(es, NULL, &options, &fit, &err), &err);
        const mpl_term *const t = &fit->terms[0];
        CHECK(a->k == fit->k && same(a->mean.estimate, t->estimate) && same(a->mean.se, t->se) &&
                  same(a->mean.ci_lb, t->ci_lb) && same(a->mean.ci_ub, t->ci_ub) && same(a->mean.pval, t->pval) &&
                  same(a->mean.df, t->df) && same(a->tau2, fit->tau2) && same(a->i2, fit->i2) &&
                  same(a->pi_lb, fit->pi_lb) && same(a->pi_ub, fit->pi_ub),
              "analysis %zu (%s %s %s): %.17g [%.17g, %.17g], not %.17g [%.17g, %.17g]", i, options.method,
              options.test, options.pi, a->mean.estimate, a->pi_lb, a->pi_ub, t->estimate, fit->pi_lb, fit->pi_ub);
        mpl_fit_free(fit);
        mpl_effects_free(es);
        mpl_effects_free(all);
    }
}

/* ---- laws of what is made of them */

static bool names(const char *list, const char *id)
{
    const size_t n = strlen(id);
    if (!strcmp(list, "any"))
        return true;
    for (const char *p = list; (p = strstr(p, id)); p++)
        if ((p == list || !strncmp(p - 2, ", ", 2)) && (p[n] == '\0' || !strncmp(p + n, ", ", 2)))
            return true;
    return false;
}

static bool agree(double a, double b, double width)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-7 * width;
}

static void check_sets(const mpl_multiverse *m)
{
    size_t n_means = 0, n_predictions = 0, n_left_out = 0, n_defaults = 0;
    for (size_t i = 0; i < m->n_mean_sets; i++) {
        n_means += m->mean_sets[i].n;
        n_defaults += m->mean_sets[i].has_default;
    }
    for (size_t i = 0; i < m->n_prediction_sets; i++)
        n_predictions += m->prediction_sets[i].n;
    for (size_t i = 0; i < m->n_left_out_sets; i++)
        n_left_out += m->left_out_sets[i].n;
    CHECK(n_means == m->all.n_means && n_predictions == m->all.n_predictions && n_left_out == m->n_left_out,
          "%zu %zu %zu", n_means, n_predictions, n_left_out);
    CHECK(n_defaults == 1, "the analysis itself is in one set: %zu", n_defaults);
    for (size_t i = 0; i < m->n; i++) {
        const mpl_alternative *const a = &m->analyses[i];
        if (a->mean_set >= m->n_mean_sets) {
            CHECK(false, "analysis %zu is in no set", i);
            continue;
        }
        const mpl_alternative *const b = &m->analyses[m->mean_sets[a->mean_set].first];
        const double width = b->mean.ci_ub - b->mean.ci_lb;
        CHECK(agree(a->mean.estimate, b->mean.estimate, width) && agree(a->mean.ci_lb, b->mean.ci_lb, width) &&
                  a->is_common == b->is_common && a->measure->method.id == b->measure->method.id, "analysis %zu", i);
        for (size_t c = 0; c + 1 < m->n_choices; c++)
            CHECK(names(m->mean_sets[a->mean_set].values[c], m->choices[c].values[a->values[c]].id), "%zu: %s", i,
                  m->mean_sets[a->mean_set].values[c]);
        CHECK(isnan(a->pi_lb) == (a->prediction_set == SIZE_MAX), "%zu: a set for each prediction interval", i);
        if (!isnan(a->pi_lb))
            CHECK(names(m->prediction_sets[a->prediction_set].values[m->n_choices - 1], value_of(m, a, "pi")),
                  "%zu", i);
    }
}

static void check_counts(const mpl_multiverse *m)
{
    mpl_sides ci = { 0 }, by_value = { 0 };
    for (size_t i = 0; i < m->n_ranges; i++) {
        ci.n_below += m->ranges[i].sides[MPL_CONCLUDE_CI].n_below;
        ci.n_includes += m->ranges[i].sides[MPL_CONCLUDE_CI].n_includes;
        ci.n_above += m->ranges[i].sides[MPL_CONCLUDE_CI].n_above;
    }
    const mpl_sides *const all = &m->all.sides[MPL_CONCLUDE_CI];
    CHECK(ci.n_below == all->n_below && ci.n_includes == all->n_includes && ci.n_above == all->n_above,
          "ranges add up");
    const mpl_choice *const method = choice_of(m, "method");
    for (size_t v = 0; v < method->n_values; v++)
        by_value.n_includes += method->values[v].sides[MPL_CONCLUDE_CI].n_includes;
    CHECK(by_value.n_includes == all->n_includes, "values add up");
    for (size_t c = 0; c < m->n_choices; c++) {
        const mpl_choice *const choice = &m->choices[c];
        for (size_t what = 0; what < MPL_CONCLUSIONS; what++)
            CHECK(choice->turns[what].n_turns <= choice->turns[what].n, "%zu", c);
        CHECK(isnan(choice->share) || (choice->share >= 0 && choice->share <= 100), "%g", choice->share);
    }
}

static void check_all(const world *w, const mpl_multiverse_options *options, size_t every)
{
    mpl_multiverse *const m = compare(w, options);
    check_cells(w, m, every);
    check_sets(m);
    check_counts(m);
    mpl_multiverse_free(m);
}

static const char zeros[] = "study,ai,bi,ci,di\nA,0,50,4,46\nB,3,97,9,91\nC,0,30,0,31\nD,12,88,20,80\nE,1,199,6,194\n";

static void test_cells(void)
{
    world w = open_world("bcg", NULL, NULL);
    check_all(&w, NULL, 1);
    check_all(&w, &(mpl_multiverse_options){ .measures = "OR,PETO", .methods = "usual,UWLS,HSk,EB",
                                             .tests = "usual,kr,t,hc,pl", .pis = "HTS,V,KR,S" }, 7);
    check_all(&w, &(mpl_multiverse_options){ .subsets = "year >= 1960; alloc = 'random'", .leave_one_out = true,
                                             .methods = "DL", .tests = "z", .pis = "V", .zeros = "all" }, 3);
    check_all(&w, &(mpl_multiverse_options){ .methods = "DL", .tests = "permutation", .pis = "HTS" }, 1);
    check_all(&w, &(mpl_multiverse_options){ .methods = "all", .tests = "all", .pis = "all", .own.draws = 100 }, 1);
    close_world(&w);
    w = open_world(zeros, &(mpl_effect_options){ .measure = "OR" }, NULL);
    check_all(&w, NULL, 1);
    check_all(&w, &(mpl_multiverse_options){ .zeros = "all", .measures = "RR,RD,AS,PETO", .methods = "MH", .tests = "z",
                                             .pis = "V", .leave_one_out = true }, 3);
    check_all(&w, &(mpl_multiverse_options){ .methods = "usual,GLMM:CM.AL,DLB,UWLS,FE,Firth,beta-binomial",
                                             .tests = "all", .pis = "HTS", .zeros = "all",
                                             .own.draws = 100 }, 11);
    check_all(&w, &(mpl_multiverse_options){ .methods = "GLMM,MH", .tests = "z,t", .pis = "HTS",
                                             .own = { .glmm_model = "CM.AL", .mh_counts = "corrected" } }, 1);
    mpl_multiverse *const m = compare(&w, NULL);
    CHECK(choice_of(m, "zeros")->n_values == 3, "a count is 0: %zu rules", choice_of(m, "zeros")->n_values);
    CHECK(m->all.k_least == 3 && m->all.k_most == 5, "%zu to %zu studies", m->all.k_least, m->all.k_most);
    mpl_multiverse_free(m);
    close_world(&w);
    w = open_world("bcg", NULL, &(mpl_fit_options){ .method = "EE" });
    mpl_multiverse *const common = compare(&w, NULL);
    CHECK(common->analyses[0].is_common && common->analyses[0].mean.estimate == w.fit->terms[0].estimate, "the first");
    mpl_multiverse_free(common);
    close_world(&w);
}

/*
 * Effects 0.1, 0.2 and 0.3 with variance 0.01 have Q = 2 on 2 degrees of freedom: tau2 is 0 by every moment estimator
 * that subtracts it, the mean is 0.2 with standard error 0.1/sqrt(3) = 0.0577. z: [0.087, 0.313]. Hartung-Knapp's
 * factor is 1: t on 2 degrees of freedom, [-0.048, 0.448].
 */
static void test_by_hand(void)
{
    world w = open_world("study,yi,vi\nA,0.1,0.01\nB,0.2,0.01\nC,0.3,0.01\n", NULL, NULL);
    mpl_multiverse *m = compare(&w, &(mpl_multiverse_options){ .methods = "DL,PM,EE", .tests = "hksj,z", .pis = "V" });
    const mpl_choice *const method = choice_of(m, "method"), *const test = choice_of(m, "test");
    CHECK(m->n_planned == 4 * 2 * 2 && m->all.n_means == 7, "%zu %zu", m->n_planned, m->all.n_means);
    CHECK(m->all.n_distinct == 3 && m->n_mean_sets == 3, "hksj, z, z of EE: %zu %zu", m->all.n_distinct,
          m->n_mean_sets);
    CHECK(m->n_left_out == 1 && m->n_left_out_sets == 1, "EE with hksj: %zu", m->n_left_out);
    CHECK_STR(m->left_out_sets[0].values[3], "EE", "which");
    CHECK_STR(m->mean_sets[m->analyses[0].mean_set].values[3], "REML, DL, PM", "those that agree");
    const mpl_sides ci = m->all.sides[MPL_CONCLUDE_CI];
    CHECK(ci.n_above == 4 && ci.n_includes == 3, "%zu %zu", ci.n_above, ci.n_includes);
    CHECK_STR(m->turns[MPL_CONCLUDE_CI], "test z", "one change");
    const mpl_turns by_test = test->turns[MPL_CONCLUDE_CI], by_method = method->turns[MPL_CONCLUDE_CI];
    CHECK(by_test.n == 3 && by_test.n_turns == 3, "%zu of %zu", by_test.n_turns, by_test.n);
    CHECK(by_method.n == 2 && by_method.n_turns == 0, "%zu of %zu", by_method.n_turns, by_method.n);
    CHECK_CLOSE(test->width_ratio, 4.3026527297494637 / 1.959963984540054, 1e-9, "t over z");
    CHECK(isnan(method->share) && isnan(test->share), "no estimate moves");
    CHECK_CLOSE(test->width_share, 100 * 1.5 / (12.0 / 7), 1e-6, "three pairs of seven widths, which take two values");
    mpl_multiverse_free(m);
    m = compare(&w, &(mpl_multiverse_options){ .threshold = { true, 0.5 }, .tests = "hksj,z" });
    const char *const turns = m->turns[MPL_CONCLUDE_CI];
    CHECK(m->all.sides[MPL_CONCLUDE_CI].n_below == m->all.n_means && turns && !*turns, "below 0.5 in all");
    mpl_multiverse_free(m);
    close_world(&w);
}

/* Two estimates by the method, the same under both tests: all their variance is left within settings of the tests. */
static void test_share(void)
{
    world w = open_world("bcg", NULL, NULL);
    mpl_multiverse *const m = compare(&w, &(mpl_multiverse_options){ .methods = "DL", .tests = "z", .pis = "V" });
    CHECK_CLOSE(choice_of(m, "method")->share, 100, 1e-9, "method");
    CHECK(choice_of(m, "test")->share == 0, "test: %g", choice_of(m, "test")->share);
    CHECK_CLOSE(choice_of(m, "method")->main_share, 100, 1e-9, "method alone");
    CHECK(choice_of(m, "test")->main_share < 1e-9, "test alone: %g", choice_of(m, "test")->main_share);
    CHECK(choice_of(m, "pi")->turns[MPL_CONCLUDE_CI].n == 0 && isnan(choice_of(m, "pi")->share), "no say in the mean");
    CHECK(choice_of(m, "pi")->turns[MPL_CONCLUDE_PI].n == 4, "%zu", choice_of(m, "pi")->turns[MPL_CONCLUDE_PI].n);
    mpl_multiverse_free(m);
    close_world(&w);
}

/* ---- coefficients of a regression */

static void check_coefficients(const world *w, const mpl_multiverse *m)
{
    for (size_t i = 0; i < m->n; i++) {
        const mpl_alternative *const a = &m->analyses[i];
        char method[100];
        const mpl_fit_options options = options_of(m, a, method, sizeof method);
        mpl_effects *all;
        mpl_effects *const es = effects_of(w, m, a, &all);
        mpl_dataset *part = NULL;
        mpl_regression *r;
        mpl_error err;
        const char *const studies = value_of(m, a, "studies");
        if (strcmp(studies, "all") && strncmp(studies, "without ", 8))
            must(mpl_dataset_filter(w->data, studies, &part, &err), &err);
        must(mpl_regress_new(part ? part : w->data, es, &options,
                             &(mpl_regress_options){ .mods = m->options.mods }, &r, &err), &err);
        size_t j = 0;
        while (strcmp(r->fit->terms[j].term, m->coef))
            j++;
        const mpl_term *const t = &r->fit->terms[j];
        CHECK(same(a->mean.estimate, t->estimate) && same(a->mean.se, t->se) && same(a->mean.ci_lb, t->ci_lb) &&
                  same(a->mean.ci_ub, t->ci_ub) && same(a->mean.pval, t->pval) && same(a->tau2, r->fit->tau2) &&
                  same(a->qm, r->fit->qm) && same(a->qm_pval, r->fit->qm_pval) && a->k == r->fit->k,
              "%s %s %s: %.17g, not %.17g", studies, method, options.test, a->mean.estimate, t->estimate);
        CHECK(isnan(a->pi_lb) && a->threshold == 0 && a->display_estimate == a->mean.estimate, "%zu", i);
        CHECK(a->sides[MPL_CONCLUDE_OMNIBUS] == (t && r->fit->qm_pval < 0.05 ? MPL_SIDE_ABOVE : MPL_SIDE_INCLUDES),
              "%zu: p of all is %g", i, r->fit->qm_pval);
        mpl_regress_free(r);
        mpl_dataset_free(part);
        mpl_effects_free(es);
        mpl_effects_free(all);
    }
}

static void test_coefficients(void)
{
    world w = open_world("bcg", NULL, NULL);
    mpl_multiverse *m = compare(&w, &(mpl_multiverse_options){ .mods = "ablat + alloc", .coef = "alloc=random",
                                                               .methods = "usual,DLB,UWLS,FE", .tests = "all",
                                                               .subsets = "year >= 1960", .own.draws = 100 });
    check_coefficients(&w, m);
    check_sets(m);
    check_counts(m);
    CHECK_STR(m->coef, "alloc=random", "which");
    CHECK(m->all.n_predictions == 0 && m->all.n_means > 50, "%zu", m->all.n_means);
    mpl_multiverse_free(m);
    m = compare(&w, &(mpl_multiverse_options){ .mods = "ablat", .leave_one_out = true, .measures = "OR" });
    check_coefficients(&w, m);
    CHECK_STR(m->coef, "ablat", "the first that is not the intercept");
    mpl_multiverse_free(m);
    close_world(&w);
}

/* One analysis differs in one choice: its shift is told from its numbers, and steps add up to all. */
static void test_distances(void)
{
    world w = open_world("bcg", NULL, NULL);
    mpl_multiverse *const m = compare(&w, &(mpl_multiverse_options){ .methods = "usual,hs", .leave_one_out = true });
    const mpl_alternative *const first = &m->analyses[0];
    size_t n = 0, n_pi = 0;
    for (size_t i = 0; i < m->n; i++) {
        const mpl_alternative *const a = &m->analyses[i];
        size_t differs = 0;
        for (size_t c = 0; c + 1 < m->n_choices; c++)
            differs += a->values[c] != first->values[c];
        CHECK(a->n_changed == differs, "%zu: %zu", i, a->n_changed);
        CHECK_CLOSE(a->shift * first->mean.se + first->mean.estimate, a->mean.estimate, 1e-12, "shift");
    }
    for (size_t i = 0; i < m->n_steps; i++) {
        n += m->steps[i].n_means;
        n_pi += m->steps[i].turns[MPL_CONCLUDE_PI].n;
    }
    CHECK(n == m->all.n_means && n_pi == m->all.n_predictions && m->steps[0].n_means == 1, "%zu %zu", n, n_pi);
    CHECK(m->all.median_estimate >= m->all.estimate.lb && m->all.median_estimate <= m->all.estimate.ub, "median");
    CHECK(m->rank > 0 && m->rank < 100, "%g", m->rank);
    mpl_multiverse_free(m);
    close_world(&w);
}

static void refuse(const world *w, const mpl_multiverse_options *options, mpl_status want, const char *part)
{
    mpl_multiverse *m;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_multiverse_new(&w->view, options, NULL, &m, &err);
    CHECK(s == want && !m && strstr(err.message, part), "%d %s", (int)s, err.message);
}

/* ---- all together */

/*
 * Effects 1, 2 and 3 with one variance, one analysis: of the 8 patterns of signs 2 have a mean as large as 2, and 4
 * one as large as 4/3, which is the least that flipping 1 leaves. p = 2/8 for the mean and for its z-value.
 */
static void test_curve_by_hand(void)
{
    world w = open_world("study,yi,vi\nA,1,0.01\nB,2,0.01\nC,3,0.01\n", NULL, &(mpl_fit_options){ .method = "EE" });
    mpl_multiverse *const m = compare(&w, &(mpl_multiverse_options){ .methods = "EE", .tests = "z",
                                                                     .curve_test = 100 });
    CHECK(m->n_curve == 3 && m->curve_exact && m->n_curve_flips == 3 && m->n_curve_tested == 1, "%zu %zu",
          m->n_curve_flips, m->n_curve_tested);
    CHECK_CLOSE(m->curve[0].observed, 2, 1e-14, "median of one");
    CHECK_CLOSE(m->curve[0].pval, 0.25, 1e-15, "the mean");
    CHECK_CLOSE(m->curve[0].expected, 2.0 / 3, 1e-14, "of 4/3, 2/3 and 0");
    CHECK_CLOSE(m->curve[2].observed, 2 / (0.1 / sqrt(3)), 1e-9, "its z");
    CHECK_CLOSE(m->curve[2].pval, 0.25, 1e-15, "its z");
    CHECK_CLOSE(m->curve[1].pval, 0.75, 1e-15, "4/3 and 2/3 are told from 0 as well, 0 is not");
    mpl_multiverse_free(m);
    close_world(&w);
}

/* With one analysis the test of all together is the permutation test of its statistic, which has references. */
static void test_curve_of_one(void)
{
    world w = open_world("bcg", NULL, &(mpl_fit_options){ .method = "DL", .test = "z" });
    mpl_multiverse *const m = compare(&w, &(mpl_multiverse_options){ .methods = "DL", .tests = "z",
                                                                     .curve_test = 5000 });
    mpl_fit *fit;
    mpl_error err;
    must(mpl_fit_new(w.effects, NULL, &(mpl_fit_options){ .method = "DL", .test = "permutation", .draws = 10000 }, &fit,
                     &err), &err);
    CHECK(m->curve_exact && fit->draws_exact && m->n_curve_flips == fit->n_draws, "%zu %zu", m->n_curve_flips,
          fit->n_draws);
    CHECK_CLOSE(m->curve[2].pval, fit->terms[0].pval, 1e-14, "all changes of signs");
    mpl_fit_free(fit);
    mpl_multiverse_free(m);
    close_world(&w);
}

/* Signs changed by hand: groups that change places give the same curve but for its sign, whatever the method. */
static void test_curve_of_counts(void)
{
    static const char swapped[] = "study,ai,bi,ci,di\nA,4,46,0,50\nB,9,91,3,97\nC,0,31,0,30\nD,20,80,12,88\n"
                                  "E,6,194,1,199\n";
    const mpl_multiverse_options options = { .methods = "DL,MH,PETO,GLMM:CM.AL", .tests = "z", .curve_test = 100,
                                             .zeros = "usual", .own.mh_counts = "corrected" };
    world w[2] = { open_world(zeros, &(mpl_effect_options){ .measure = "OR" }, NULL),
                   open_world(swapped, &(mpl_effect_options){ .measure = "OR" }, NULL) };
    mpl_multiverse *m[2];
    for (size_t i = 0; i < 2; i++)
        m[i] = compare(&w[i], &options);
    CHECK(m[0]->n_curve_flips == 15 && m[0]->curve_exact, "%zu", m[0]->n_curve_flips);
    for (size_t s = 0; s < 3; s++) {
        CHECK_CLOSE(m[0]->curve[s].observed, m[1]->curve[s].observed, 1e-9, "observed");
        CHECK_CLOSE(m[0]->curve[s].expected, m[1]->curve[s].expected, 1e-9, "expected");
        CHECK(m[0]->curve[s].pval == m[1]->curve[s].pval, "%zu: %g %g", s, m[0]->curve[s].pval, m[1]->curve[s].pval);
    }
    for (size_t i = 0; i < 2; i++) {
        mpl_multiverse_free(m[i]);
        close_world(&w[i]);
    }
}

static void test_curve_runs(void)
{
    world w = open_world("bcg", NULL, NULL);
    mpl_multiverse *m[2];
    mpl_error err;
    const mpl_multiverse_options options = { .methods = "DL,EE", .leave_one_out = true, .curve_test = 200 };
    for (size_t t = 0; t < 2; t++)
        must(mpl_multiverse_new(&w.view, &options, &(mpl_run_options){ .threads = 1 + 2 * t }, &m[t], &err), &err);
    for (size_t s = 0; s < 3; s++)
        CHECK(m[0]->curve[s].pval == m[1]->curve[s].pval && m[0]->curve[s].expected == m[1]->curve[s].expected,
              "%zu: the same with more threads", s);
    CHECK(m[0]->n_curve_flips == 200 && !m[0]->curve_exact, "%zu", m[0]->n_curve_flips);
    for (size_t t = 0; t < 2; t++)
        mpl_multiverse_free(m[t]);
    refuse(&w, &(mpl_multiverse_options){ .mods = "ablat", .curve_test = 200 }, MPL_ERR_ARG, "a mean");
    close_world(&w);
}

/* ---- runs */

static bool stop_soon(void *ctx, size_t done, size_t total)
{
    (void)ctx;
    return done < 4 || total < 4;
}

static bool stop_at_once(void *ctx, size_t done, size_t total)
{
    (void)ctx;
    (void)done;
    (void)total;
    return false;
}

static void test_runs(void)
{
    world w = open_world("bcg", NULL, NULL);
    const mpl_watch soon = { stop_soon, NULL }, at_once = { stop_at_once, NULL };
    mpl_multiverse *m[2];
    mpl_error err;
    for (size_t t = 0; t < 2; t++)
        must(mpl_multiverse_new(&w.view, NULL, &(mpl_run_options){ .threads = 1 + 3 * t }, &m[t], &err), &err);
    for (size_t i = 0; i < m[0]->n; i++)
        CHECK(!memcmp(&m[0]->analyses[i].mean.estimate, &m[1]->analyses[i].mean.estimate, sizeof(double)) &&
                  m[0]->analyses[i].mean_set == m[1]->analyses[i].mean_set, "%zu: the same with more threads", i);
    mpl_multiverse_free(m[0]);
    mpl_multiverse_free(m[1]);
    must(mpl_multiverse_new(&w.view, NULL, &(mpl_run_options){ .threads = 1, .watch = &soon }, &m[0], &err), &err);
    CHECK(m[0]->is_partial && m[0]->n < m[0]->n_planned && !strcmp(m[0]->notes[0].code, "stopped"), "partial");
    check_cells(&w, m[0], 1);
    check_sets(m[0]);
    mpl_multiverse_free(m[0]);
    CHECK(mpl_multiverse_new(&w.view, NULL, &(mpl_run_options){ .threads = 1, .watch = &at_once }, &m[0], &err) ==
              MPL_ERR_TOO_FEW && !m[0], "nothing is done");
    close_world(&w);
}

static void test_refusals(void)
{
    world w = open_world("bcg", NULL, NULL);
    refuse(&w, &(mpl_multiverse_options){ .methods = "REML,RMEL" }, MPL_ERR_NAME, "--methods: unknown method 'RMEL'");
    refuse(&w, &(mpl_multiverse_options){ .zeros = "some" }, MPL_ERR_NAME, "--zeros");
    refuse(&w, &(mpl_multiverse_options){ .subsets = "year >" }, MPL_ERR_ARG, "--subsets");
    refuse(&w, &(mpl_multiverse_options){ .subsets = "yaer > 3" }, MPL_ERR_NAME, "--subsets");
    refuse(&w, &(mpl_multiverse_options){ .measures = "OR", .threshold = { true, 1 } }, MPL_ERR_ARG, "threshold");
    const mpl_dataset *const data = w.view.data;
    w.view.data = NULL;
    refuse(&w, &(mpl_multiverse_options){ .measures = "OR" }, MPL_ERR_ARG, "dataset");
    w.view.data = data;
    close_world(&w);
}

int main(void)
{
    test_cells();
    test_by_hand();
    test_share();
    test_coefficients();
    test_distances();
    test_curve_by_hand();
    test_curve_of_one();
    test_curve_of_counts();
    test_curve_runs();
    test_runs();
    test_refusals();
    return check_done();
}
