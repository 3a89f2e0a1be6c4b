/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Subgroups: every value of a column pooled apart, tested against each other, and contrasted in pairs.
 *
 * With a tau2 of its own for each group the groups are independent estimates m_g with standard errors s_g under the
 * test in force, and Q = sum (m_g - m)^2/s_g^2 is referred to chi-squared on G - 1 degrees of freedom, as RevMan and
 * meta do. Where the test in force is a t test, Welch's F, which allows for the few degrees of freedom behind each
 * s_g, stands beside it, and contrasts have Welch-Satterthwaite degrees of freedom; for two groups these two agree.
 * With a common tau2 there is one model with the group as moderator, and its omnibus test and covariance are used.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include <metapool/regress.h>
#include "model/fit_impl.h"
#include "num/dist.h"

enum { MOST_GROUPS = 100 };

static const mpl_method between_q = {
    "Q", "chi-squared from the subgroup means and their standard errors under the test in force",
    "Borenstein & Higgins 2013, Prev Sci 14:134-143", NULL, NULL
};
static const mpl_method between_qm = {
    "QM", "chi-squared (Wald) from the model with the subgroup as moderator",
    "Viechtbauer 2010, J Stat Softw 36(3):1-48", NULL, NULL
};
static const mpl_method between_f = {
    "F", "F from the model with the subgroup as moderator", "Knapp & Hartung 2003, Stat Med 22:2693-2710", NULL, NULL
};

/* The result and the fits that it owns. */
typedef struct owner {
    mpl_subgroups all;
    mpl_fit **fits;
} owner;

typedef struct maker {
    const mpl_dataset *data;
    const mpl_column *column;
    const mpl_effects *effects;
    const mpl_fit_options *fit_options;
    mpl__arena *keep, *scratch;
    owner *own;
    mpl_group *groups;
    size_t *group_of; /* [k] SIZE_MAX: none */
    mpl_fit *joint;   /* common tau2: the model without intercept, one coefficient a group */
    mpl__notes notes;
    mpl_error *err;
} maker;

/* ---- who is in which group */

static mpl_status add_group(maker *mk, const char *label, size_t *g)
{
    mpl_subgroups *const all = &mk->own->all;
    if (all->n_groups == MOST_GROUPS)
        return mpl__fail(mk->err, MPL_ERR_LIMIT, "column '%s' has more than %d different values: not subgroups",
                         all->column, MOST_GROUPS);
    *g = all->n_groups++;
    mk->groups[*g].label = mpl__arena_copy(mk->keep, label);
    return mk->groups[*g].label ? MPL_OK : mpl__fail_nomem(mk->err, "the subgroups");
}

static mpl_status assign(maker *mk)
{
    const mpl_effects *const es = mk->effects;
    for (size_t i = 0; i < es->k; i++) {
        const char *const value = mk->column->text[es->index[i]];
        size_t g = 0;
        mk->group_of[i] = SIZE_MAX;
        if (!value)
            continue;
        while (g < mk->own->all.n_groups && strcmp(mk->groups[g].label, value))
            g++;
        if (g == mk->own->all.n_groups)
            MPL_TRY(add_group(mk, value, &g));
        mk->group_of[i] = g;
        mk->groups[g].k++;
    }
    if (mk->own->all.n_groups == 0)
        return mpl__fail(mk->err, MPL_ERR_DATA, "column '%s' has no value for any study", mk->own->all.column);
    return MPL_OK;
}

static mpl_status list_members(maker *mk)
{
    const size_t k = mk->effects->k, n_groups = mk->own->all.n_groups;
    size_t **const next = MPL_NEW(mk->scratch, size_t *, n_groups);
    if (!next)
        return mpl__fail_nomem(mk->err, "the subgroups");
    for (size_t g = 0; g < n_groups; g++) {
        mk->groups[g].index = next[g] = MPL_NEW(mk->keep, size_t, mk->groups[g].k);
        if (!next[g])
            return mpl__fail_nomem(mk->err, "the subgroups");
    }
    for (size_t i = 0; i < k; i++)
        if (mk->group_of[i] != SIZE_MAX)
            *next[mk->group_of[i]]++ = i;
    return MPL_OK;
}

static mpl_status list_excluded(maker *mk)
{
    const mpl_effects *const es = mk->effects;
    mpl_subgroups *const all = &mk->own->all;
    for (size_t i = 0; i < es->k; i++)
        all->n_excluded += mk->group_of[i] == SIZE_MAX;
    mpl_exclusion *const out = MPL_NEW(mk->keep, mpl_exclusion, all->n_excluded);
    if (!out)
        return mpl__fail_nomem(mk->err, "the subgroups");
    all->excluded = out;
    for (size_t i = 0, n = 0; i < es->k; i++) {
        if (mk->group_of[i] != SIZE_MAX)
            continue;
        out[n].row = es->row ? es->row[i] : 0;
        out[n].line = mk->data->line ? mk->data->line[es->index[i]] : 0;
        out[n].study = mpl__arena_copy(mk->keep, es->slab[i]);
        out[n].reason = mpl__arena_format(mk->keep, "%s is missing", all->column);
        if (!out[n].study || !out[n].reason)
            return mpl__fail_nomem(mk->err, "the subgroups");
        n++;
    }
    return MPL_OK;
}

/* ---- fits */

/* The studies of one group, or of any (label NULL). */
typedef struct member {
    const mpl_column *column;
    const char *label;
} member;

static bool is_member(void *ctx, size_t index, mpl_exclusion *why)
{
    const member *const m = ctx;
    const char *const value = m->column->text[index];
    (void)why;
    return value && (!m->label || !strcmp(value, m->label));
}

static mpl_status fit_members(const maker *mk, const char *label, const mpl_design *design,
                              const mpl_fit_options *options, mpl_fit **out)
{
    member ctx = { mk->column, label };
    mpl_effects *es;
    MPL_TRY(mpl_effects_subset(mk->effects, is_member, &ctx, &es, mk->err));
    const mpl_status s = mpl__fit_make(es, design, options, true, NULL, out, mk->err);
    mpl_effects_free(es);
    return s;
}

/* A test that rests on the estimate of tau2 in one group has no counterpart for a model of several. */
static mpl_status check_test(const maker *mk)
{
    mpl_fit_options options = mk->fit_options ? *mk->fit_options : (mpl_fit_options){ 0 };
    const mpl__test_def *test;
    MPL_TRY(mpl_options_resolve(mpl_fit_option_table(), &options, sizeof options, options.profile, mk->err));
    MPL_TRY(mpl__test_find(options.test, &test, mk->err));
    if (test->needs_mean || test->needs_reml)
        return mpl__fail(mk->err, MPL_ERR_ARG, "test %s cannot be combined with a common tau2", test->method.id);
    return MPL_OK;
}

/* One coefficient a group. */
static mpl_status fit_joint(maker *mk)
{
    mpl_subgroups *const all = &mk->own->all;
    const size_t k = mk->effects->k - all->n_excluded, n_groups = all->n_groups;
    MPL_TRY(check_test(mk));
    double *const x = MPL_NEW(mk->scratch, double, k * n_groups);
    const char **const terms = MPL_NEW(mk->scratch, const char *, n_groups);
    if (!x || !terms)
        return mpl__fail_nomem(mk->err, "the subgroups");
    for (size_t i = 0, n = 0; i < mk->effects->k; i++)
        if (mk->group_of[i] != SIZE_MAX)
            x[n++ * n_groups + mk->group_of[i]] = 1;
    for (size_t g = 0; g < n_groups; g++)
        terms[g] = mk->groups[g].label;
    const mpl_design design = { k, n_groups, x, terms };
    MPL_TRY(mpl__within(mk->err, fit_members(mk, NULL, &design, mk->fit_options, &mk->joint),
                        "a common tau2 for the subgroups"));
    all->tau2 = mk->joint->tau2;
    return MPL_OK;
}

static mpl_status fit_groups(maker *mk)
{
    mpl_fit_options options = mk->fit_options ? *mk->fit_options : (mpl_fit_options){ 0 };
    if (mk->joint) {
        const mpl__method_def *method;
        MPL_TRY(mpl__method_find(mk->joint->options.method, &method, mk->err));
        if (!method->is_common)
            options.tau2 = (mpl_maybe){ true, mk->joint->tau2 };
    }
    for (size_t g = 0; g < mk->own->all.n_groups; g++) {
        char label[MPL_SHOWN_SIZE];
        MPL_TRY(mpl__within(mk->err, fit_members(mk, mk->groups[g].label, NULL, &options, &mk->own->fits[g]),
                            "subgroup '%s'", mpl_text_to_shown(mk->groups[g].label, label)));
        mk->groups[g].fit = mk->own->fits[g];
    }
    return MPL_OK;
}

/* ---- between groups */

/* The estimate that stands for a group: its own, or its coefficient in the joint model. */
static const mpl_term *mean_of(const maker *mk, size_t g)
{
    return mk->joint ? &mk->joint->terms[g] : &mk->groups[g].fit->terms[0];
}

static double weight_of(const maker *mk, size_t g)
{
    const double se = mean_of(mk, g)->se;
    return 1 / (se * se);
}

static double q_between(const maker *mk, double *total)
{
    const size_t n = mk->own->all.n_groups;
    const double origin = mean_of(mk, 0)->estimate;
    double sum_w = 0, sum_wd = 0, q = 0;
    for (size_t g = 0; g < n; g++) {
        sum_w += weight_of(mk, g);
        sum_wd += weight_of(mk, g) * (mean_of(mk, g)->estimate - origin);
    }
    for (size_t g = 0; g < n; g++) {
        const double d = mean_of(mk, g)->estimate - origin - sum_wd / sum_w;
        q += weight_of(mk, g) * d * d;
    }
    *total = sum_w;
    return q;
}

/* Welch 1951, Biometrika 38:330-336, with the degrees of freedom of each group's standard error. */
static void welch(const maker *mk, double q, double sum_w)
{
    mpl_subgroups *const all = &mk->own->all;
    const double n = (double)all->n_groups;
    double lambda = 0;
    for (size_t g = 0; g < all->n_groups; g++) {
        const double rest = 1 - weight_of(mk, g) / sum_w;
        lambda += rest * rest / mean_of(mk, g)->df;
    }
    if (!(lambda > 0))
        return;
    all->welch_f = q / (n - 1) / (1 + 2 * (n - 2) / (n * n - 1) * lambda);
    all->welch_df = n - 1;
    all->welch_df2 = (n * n - 1) / (3 * lambda);
    all->welch_pval = mpl__f_p(all->welch_f, all->welch_df, all->welch_df2, MPL__UPPER);
    all->welch_log_pval = mpl__f_log_p(all->welch_f, all->welch_df, all->welch_df2, MPL__UPPER);
}

static void test_between(maker *mk)
{
    mpl_subgroups *const all = &mk->own->all;
    double sum_w;
    const double q = q_between(mk, &sum_w), df = (double)(all->n_groups - 1);
    const double df2 = mk->joint ? mk->joint->terms[0].df : INFINITY;
    all->between = !mk->joint ? &between_q : df2 == INFINITY ? &between_qm : &between_f;
    all->q = all->q_df = all->q_df2 = all->q_pval = all->q_log_pval = NAN;
    all->welch_f = all->welch_df = all->welch_df2 = all->welch_pval = all->welch_log_pval = NAN;
    if (all->n_groups < 2 || !isfinite(q))
        return;
    all->q = df2 == INFINITY ? q : q / df;
    all->q_df = df;
    all->q_df2 = df2;
    all->q_pval = mpl__f_p(q / df, df, df2, MPL__UPPER);
    all->q_log_pval = mpl__f_log_p(q / df, df, df2, MPL__UPPER);
    if (!mk->joint)
        welch(mk, q, sum_w);
}

/* ---- pairs */

static mpl_status contrast(const maker *mk, size_t a, size_t b, mpl_contrast *out)
{
    const mpl_term *const ta = mean_of(mk, a), *const tb = mean_of(mk, b);
    const double va = ta->se * ta->se, vb = tb->se * tb->se;
    double df = ta->df;
    if (!mk->joint) { /* Welch-Satterthwaite; infinite if both are */
        const double inverse = va * va / ta->df + vb * vb / tb->df;
        df = inverse > 0 ? (va + vb) * (va + vb) / inverse : INFINITY;
    }
    const char *const name = mpl__arena_format(mk->keep, "%s minus %s", mk->groups[a].label, mk->groups[b].label);
    if (!name)
        return mpl__fail_nomem(mk->err, "the contrasts");
    *out = (mpl_contrast){ .a = a, .b = b, .pval_holm = NAN };
    out->diff = mpl__term_make(name, ta->estimate - tb->estimate, sqrt(va + vb), df, mk->groups[a].fit->level);
    return MPL_OK;
}

static mpl_status adjust(const maker *mk, mpl_contrast *contrasts, size_t n)
{
    double *const pval = MPL_NEW(mk->scratch, double, n), *const holm = MPL_NEW(mk->scratch, double, n);
    if (!pval || !holm)
        return mpl__fail_nomem(mk->err, "the contrasts");
    for (size_t i = 0; i < n; i++)
        pval[i] = contrasts[i].diff.pval;
    MPL_TRY(mpl_pvalues_adjust("holm", pval, n, holm, mk->err));
    for (size_t i = 0; i < n; i++)
        contrasts[i].pval_holm = holm[i];
    return MPL_OK;
}

static mpl_status make_contrasts(maker *mk)
{
    mpl_subgroups *const all = &mk->own->all;
    const size_t n = all->n_groups * (all->n_groups - 1) / 2;
    mpl_contrast *const contrasts = MPL_NEW(mk->keep, mpl_contrast, n);
    if (!contrasts)
        return mpl__fail_nomem(mk->err, "the contrasts");
    size_t i = 0;
    for (size_t a = 0; a < all->n_groups; a++)
        for (size_t b = a + 1; b < all->n_groups; b++)
            MPL_TRY(contrast(mk, a, b, &contrasts[i++]));
    all->contrasts = contrasts;
    all->n_contrasts = n;
    return adjust(mk, contrasts, n);
}

/* ---- the whole */

static void add_notes(maker *mk)
{
    const mpl_subgroups *const all = &mk->own->all;
    size_t single = 0;
    for (size_t g = 0; g < all->n_groups; g++)
        single += mk->groups[g].k == 1;
    if (all->n_groups == 1)
        mpl__note_add(&mk->notes, "one-group", "column '%s' has one value only: there is nothing to compare",
                      all->column);
    if (single > 0 && !mk->joint && all->n_groups > 1)
        mpl__note_add(&mk->notes, "single-study-groups",
                      "%zu of %zu subgroups have one study: they enter the comparison with that study's own variance, "
                      "as if its tau2 were 0", single, all->n_groups);
    if (all->n_groups > 1 && isnan(all->q))
        mpl__note_add(&mk->notes, "between-not-estimable",
                      "the test between subgroups is not estimable: a subgroup's standard error is 0, or it has none");
    if (all->n_excluded > 0)
        mpl__note_add(&mk->notes, "no-subgroup",
                      "no value in column '%s' in %zu of %zu studies, which are in the overall result only",
                      all->column, all->n_excluded, mk->effects->k);
}

static mpl_status run(maker *mk)
{
    mpl_subgroups *const all = &mk->own->all;
    all->column = all->options.subgroup = mpl__arena_copy(mk->keep, mk->column->name);
    mk->group_of = MPL_NEW(mk->scratch, size_t, mk->effects->k);
    mk->groups = MPL_NEW(mk->keep, mpl_group, MOST_GROUPS);
    mk->own->fits = MPL_NEW(mk->keep, mpl_fit *, MOST_GROUPS);
    if (!all->column || !mk->group_of || !mk->groups || !mk->own->fits)
        return mpl__fail_nomem(mk->err, "the subgroups");
    all->groups = mk->groups;
    all->tau2 = NAN;
    mk->notes = (mpl__notes){ .arena = mk->keep };
    MPL_TRY(assign(mk));
    MPL_TRY(list_members(mk));
    MPL_TRY(list_excluded(mk));
    if (!strcmp(all->options.pooling, "common"))
        MPL_TRY(fit_joint(mk));
    MPL_TRY(fit_groups(mk));
    test_between(mk);
    MPL_TRY(make_contrasts(mk));
    add_notes(mk);
    all->notes = mk->notes.items;
    all->n_notes = mk->notes.n;
    return mk->notes.failed ? mpl__fail_nomem(mk->err, "the notes") : MPL_OK;
}

mpl_status mpl_subgroups_new(const mpl_dataset *data, const mpl_effects *effects, const mpl_fit_options *fit_options,
                             const mpl_subgroup_options *options, mpl_subgroups **out, mpl_error *err)
{
    *out = NULL;
    mpl_subgroup_options resolved = options ? *options : (mpl_subgroup_options){ 0 };
    const mpl_column *column;
    if (!resolved.subgroup)
        return mpl__fail(err, MPL_ERR_ARG, "no column is given for the subgroups");
    MPL_TRY(mpl_options_resolve(mpl_subgroup_option_table(), &resolved, sizeof resolved,
                                fit_options ? fit_options->profile : NULL, err));
    MPL_TRY(mpl_dataset_get(data, resolved.subgroup, &column, err));
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    owner *const own = MPL_NEW(keep, owner, 1);
    mpl_status s;
    if (own)
        own->all.arena = keep;
    if (own && scratch) {
        own->all.options = resolved;
        maker mk = { .data = data, .column = column, .effects = effects, .fit_options = fit_options, .keep = keep,
                     .scratch = scratch, .own = own, .err = err };
        s = run(&mk);
        mpl_fit_free(mk.joint);
    } else {
        s = mpl__fail_nomem(err, "the subgroups");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = &own->all;
    else if (own)
        mpl_subgroups_free(&own->all);
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_subgroups_free(mpl_subgroups *subgroups)
{
    if (!subgroups)
        return;
    mpl_fit **const fits = ((owner *)subgroups)->fits;
    for (size_t g = 0; fits && g < subgroups->n_groups; g++)
        mpl_fit_free(fits[g]);
    mpl__arena_free(subgroups->arena);
}
