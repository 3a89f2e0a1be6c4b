/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tipping points: options, which studies are affirmative, the table of severities, and where means reach the target. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"
#include "diag/tipping_impl.h"
#include "num/dist.h"
#include "num/search.h"

enum { MOST_SEVERITIES = 200, FEW = 10 };

static const char DEFAULT_SEVERITIES[] = "1,1.5,2,3,5,10,20,50";

const mpl_method *mpl_tipping_side(size_t i)
{
    static const mpl_method all[] = {
        { "auto", "on the side of the pooled estimate", NULL, NULL, NULL },
        { "greater", "above no effect", NULL, NULL, NULL },
        { "less", "below no effect", NULL, NULL, NULL },
    };
    return i < sizeof all / sizeof *all ? &all[i] : NULL;
}

const mpl_option *mpl_tipping_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "target", MPL_MEMBER(MAYBE, mpl_tipping_options, target), .arg = "VALUE",
          .help = "mean at which the conclusion changes, on the scale shown; by default no effect",
          .since = "0.1.0" },
        { .name = "only", MPL_MEMBER(TEXT, mpl_tipping_options, only), .arg = "LIST",
          .help = "only these corrections, separated by commas, e.g. fixed,robust", .since = "0.1.0" },
        { .name = "affirmative", MPL_MEMBER(CHOICE, mpl_tipping_options, affirmative),
          .choice = mpl_tipping_side, .arg = "SIDE", .dflt = "auto",
          .help = "side on which a study's finding makes it more likely to be published", .since = "0.1.0" },
        { .name = "alpha", MPL_MEMBER(LEVEL, mpl_tipping_options, alpha), .arg = "ALPHA", .dflt = "0.05",
          .help = "two-sided p-value below which a study on that side is affirmative", .since = "0.1.0" },
        { .name = "severities", MPL_MEMBER(TEXT, mpl_tipping_options, severities), .arg = "LIST",
          .help = "how many times as likely affirmative studies are to be published, e.g. 1,2,5,10",
          .since = "0.1.0" },
        { .name = "outcome", MPL_MEMBER(CHOICE, mpl_tipping_options, outcome), .choice = mpl_tipping_outcome,
          .arg = "WHICH", .dflt = "common", .help = "what E-values take odds and hazard ratios for",
          .since = "0.1.0" },
        { .name = "meaningful", MPL_MEMBER(REAL, mpl_tipping_options, meaningful), .min = 1.0001, .max = 100,
          .arg = "RR", .dflt = "1.1", .help = "risk ratio, or its inverse, from which a true effect matters",
          .since = "0.1.0" },
        { .name = "share", MPL_MEMBER(LEVEL, mpl_tipping_options, share), .arg = "SHARE", .dflt = "0.1",
          .help = "share of true effects that may stay beyond it", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

typedef struct job {
    const mpl_analysis *analysis;
    mpl_tipping *out;
    mpl__arena *keep, *scratch;
    mpl__notes notes;
    size_t n_methods, methods[8]; /* those wanted, by their index */
    double severities[MOST_SEVERITIES];
    size_t n_severities;
    mpl_error *err;
} job;

/* ---- options */

static mpl_status read_severities(job *j)
{
    const char *const list = j->out->options.severities ? j->out->options.severities : DEFAULT_SEVERITIES;
    char shown[MPL_SHOWN_SIZE];
    for (const char *p = list; p; p = *p == ',' ? p + 1 : NULL) {
        const size_t length = strcspn(p, ",");
        double x;
        if (j->n_severities == MOST_SEVERITIES)
            return mpl__fail(j->err, MPL_ERR_ARG, "--severities: more than %d of them", MOST_SEVERITIES);
        if (mpl__number_read(p, length, '.', &x) != MPL__NUMBER_OK || !(x >= 1 && x <= 1e6))
            return mpl__fail(j->err, MPL_ERR_ARG, "--severities: '%s' is not a list of numbers from 1 to 1000000",
                             mpl_text_to_shown(list, shown));
        j->severities[j->n_severities++] = x;
        p += length;
    }
    return MPL_OK;
}

static mpl_status resolve(job *j, const mpl_tipping_options *given)
{
    mpl_tipping *const out = j->out;
    mpl_tipping_options *const o = &out->options;
    const mpl_measure *const m = j->analysis->effects->measure;
    const double null = isnan(m->null_value) ? 0 : m->null_value;
    *o = given ? *given : (mpl_tipping_options){ 0 };
    if (j->analysis->fit->p != 1)
        return mpl__fail(j->err, MPL_ERR_ARG, "tipping points are of a pooled mean, not of a regression");
    MPL_TRY(mpl_options_resolve(mpl_tipping_option_table(), o, sizeof *o, j->analysis->fit->options.profile, j->err));
    MPL_TRY(read_severities(j));
    MPL_TRY(mpl__list_check(o->only, mpl_tipping_method, "correction", "only", j->err));
    for (size_t i = 0; mpl_tipping_method(i); i++)
        if (!o->only || mpl__list_has(o->only, mpl_tipping_method, mpl_tipping_method(i)))
            j->methods[j->n_methods++] = i;
    if (o->only && !(o->only = mpl__arena_copy(j->keep, o->only)))
        return mpl__fail_nomem(j->err, "the options");
    if (o->severities && !(o->severities = mpl__arena_copy(j->keep, o->severities)))
        return mpl__fail_nomem(j->err, "the options");
    const bool down = strcmp(o->affirmative, "auto") == 0 ? j->analysis->fit->terms[0].estimate < null
                                                          : strcmp(o->affirmative, "less") == 0;
    out->sign = down ? -1 : 1;
    out->target = null;
    if (o->target.given)
        out->target = m->transform && m->transform->inverse ? m->transform->inverse(o->target.value) : o->target.value;
    if (!isfinite(out->target))
        return mpl__fail(j->err, MPL_ERR_ARG, "--target is no value of the scale that is shown");
    return MPL_OK;
}

/* ---- strata */

static mpl_status start_stratum(job *j, const mpl_effects *effects, const mpl_fit *fit, const char *group,
                                mpl__stratum *out)
{
    const double z = mpl__norm_q(j->out->options.alpha / 2, MPL__UPPER);
    bool *const affirmative = MPL_NEW(j->scratch, bool, effects->k);
    if (!affirmative)
        return mpl__fail_nomem(j->err, "tipping points");
    *out = (mpl__stratum){ .tipping = j->out, .effects = effects, .fit = fit, .group = group, .scratch = j->scratch,
                           .affirmative = affirmative,
                           .null = isnan(effects->measure->null_value) ? 0 : effects->measure->null_value };
    for (size_t i = 0; i < effects->k; i++) {
        affirmative[i] = j->out->sign * (effects->yi[i] - out->null) > z * sqrt(effects->vi[i]);
        out->k_affirmative += affirmative[i];
    }
    return MPL_OK;
}

/* ---- one mean */

static mpl_status mean_at(job *j, const mpl__stratum *s, size_t method, double severity, mpl_tipping_row *row)
{
    const mpl_term none = { NULL, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    const mpl__correction *const c = mpl__correction_get(method);
    const double sign = j->out->sign, target = j->out->target;
    mpl_error own = { 0 };
    *row = (mpl_tipping_row){ .method = &c->method, .severity = severity, .mean = none, .tau2 = NAN };
    if (isinf(severity) && c->is_likelihood) {
        row->why = "likelihood has no worst case";
        return MPL_OK;
    }
    const mpl_status status = c->mean(s, severity, &row->mean, &row->tau2, &own);
    if (status == MPL_ERR_NOMEM)
        return mpl__fail_nomem(j->err, "tipping points");
    if (status != MPL_OK) {
        row->mean = none;
        row->why = mpl__arena_copy(j->keep, own.message);
        return row->why ? MPL_OK : mpl__fail_nomem(j->err, "tipping points");
    }
    row->estimate_reaches = sign * (row->mean.estimate - target) <= 0;
    row->limit_reaches = sign * ((sign > 0 ? row->mean.ci_lb : row->mean.ci_ub) - target) <= 0;
    return MPL_OK;
}

/* ---- where it tips */

/* How far the estimate, or the limit next to the target, still is from it, at ln severity. */
typedef struct search {
    job *j;
    const mpl__stratum *s;
    size_t method;
    bool of_limit;
    double x, y;      /* the last point, for the slope */
    mpl_status status;
} search;

static double distance(search *at, double x)
{
    mpl_tipping_row row;
    const double sign = at->j->out->sign;
    at->status = mean_at(at->j, at->s, at->method, exp(x), &row);
    if (at->status != MPL_OK || row.why)
        return (double)NAN;
    const double value = !at->of_limit ? row.mean.estimate : sign > 0 ? row.mean.ci_lb : row.mean.ci_ub;
    return sign * (value - at->j->out->target);
}

static double by_secant(void *ctx, double x, double *slope)
{
    search *const at = ctx;
    const double y = distance(at, x);
    *slope = (y - at->y) / (x - at->x);
    at->x = x;
    at->y = y;
    return isnan(y) ? 0 : y; /* ends the search; the status tells */
}

/* The least severity that reaches the target: the first step over it, and then the root within. */
static mpl_status find_tip(job *j, const mpl__stratum *s, size_t method, bool of_limit, double *out)
{
    const mpl__correction *const c = mpl__correction_get(method);
    search at = { .j = j, .s = s, .method = method, .of_limit = of_limit };
    const double end = log(c->largest);
    double x = 0, y = distance(&at, 0);
    *out = INFINITY;
    for (size_t i = 1; i <= c->n_steps && y > 0; i++) {
        at.x = x;
        at.y = y;
        const double next = end * (double)i / (double)c->n_steps, there = distance(&at, next);
        if (there <= 0) {
            *out = exp(mpl__root_find(by_secant, &at, x, next, x + (next - x) * at.y / (at.y - there), false, 1e-9).x);
            return at.status;
        }
        x = next;
        y = there;
    }
    if (y <= 0)
        *out = 1;
    else if (isnan(y))
        *out = (double)NAN;
    return at.status;
}

/* A stratum in which all studies are alike cannot tip: weights change nothing, and a likelihood only by its model. */
static mpl_status add_points(job *j, const mpl__stratum *s, mpl_tipping_point *points)
{
    for (size_t i = 0; i < j->n_methods; i++) {
        mpl_tipping_point *const p = &points[j->out->n_points++];
        *p = (mpl_tipping_point){ .method = mpl_tipping_method(j->methods[i]), .group = s->group, .k = s->effects->k,
                                  .k_affirmative = s->k_affirmative };
        MPL_TRY(mean_at(j, s, j->methods[i], INFINITY, &p->worst));
        MPL_TRY(find_tip(j, s, j->methods[i], false, &p->estimate));
        MPL_TRY(find_tip(j, s, j->methods[i], true, &p->limit));
    }
    return MPL_OK;
}

static mpl_status add_rows(job *j, const mpl__stratum *s)
{
    mpl_tipping_row *const rows = MPL_NEW(j->keep, mpl_tipping_row, j->n_methods * j->n_severities);
    if (!rows)
        return mpl__fail_nomem(j->err, "tipping points");
    j->out->rows = rows;
    for (size_t i = 0; i < j->n_methods; i++)
        for (size_t n = 0; n < j->n_severities; n++)
            MPL_TRY(mean_at(j, s, j->methods[i], j->severities[n], &rows[j->out->n_rows++]));
    return MPL_OK;
}

static mpl_status add_scenarios(job *j, const mpl__stratum *s)
{
    const mpl_term none = { NULL, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    size_t n = 0;
    while (mpl_scenario_method(n))
        n++;
    mpl_tipping_scenario *const all = MPL_NEW(j->keep, mpl_tipping_scenario, n);
    if (!all)
        return mpl__fail_nomem(j->err, "tipping points");
    for (size_t i = 0; i < n; i++) {
        mpl_error own = { 0 };
        all[i] = (mpl_tipping_scenario){ .method = mpl_scenario_method(i), .mean = none, .tau2 = NAN };
        const mpl_status status = mpl__scenario_mean(s, i, &all[i].mean, &all[i].tau2, &own);
        if (status == MPL_ERR_NOMEM)
            return mpl__fail_nomem(j->err, "tipping points");
        if (status != MPL_OK && !(all[i].why = mpl__arena_copy(j->keep, own.message)))
            return mpl__fail_nomem(j->err, "tipping points");
    }
    j->out->scenarios = all;
    j->out->n_scenarios = n;
    return MPL_OK;
}

/* ---- the studies that are not affirmative, alone */

static int by_row(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Which effect a row of the dataset has; k if none. */
static size_t effect_of(const mpl_effects *effects, size_t index)
{
    const size_t *const at = bsearch(&index, effects->index, effects->k, sizeof index, by_row);
    return at ? (size_t)(at - effects->index) : effects->k;
}

static bool not_affirmative(void *ctx, size_t index, mpl_exclusion *why)
{
    const mpl__stratum *const s = ctx;
    const size_t i = effect_of(s->effects, index);
    (void)why;
    return i == s->effects->k || !s->affirmative[i]; /* counts without an effect are no finding */
}

static mpl_status fit_worst(job *j, mpl__stratum *s)
{
    mpl_tipping *const out = j->out;
    mpl_effects *effects = NULL;
    mpl_fit *fit = NULL;
    mpl_error own = { 0 };
    out->worst_tau2 = NAN;
    mpl_status status = mpl_effects_subset(s->effects, not_affirmative, s, &effects, &own);
    if (status == MPL_OK)
        status = mpl_fit_new(effects, NULL, &s->fit->options, &fit, &own);
    if (status == MPL_OK) {
        out->worst = fit->terms[0];
        out->worst.term = "worst";
        out->worst_tau2 = fit->tau2;
    } else if (status != MPL_ERR_NOMEM) {
        out->worst_why = s->k_affirmative == s->effects->k ? "every study is affirmative"
                                                           : mpl__arena_copy(j->keep, own.message);
        status = out->worst_why ? MPL_OK : MPL_ERR_NOMEM;
    }
    mpl_fit_free(fit);
    mpl_effects_free(effects);
    return status == MPL_OK ? MPL_OK : mpl__fail_nomem(j->err, "tipping points");
}

/* ---- subgroups */

typedef struct membership {
    const mpl_effects *effects;
    const bool *member; /* [k] */
} membership;

static bool is_member(void *ctx, size_t index, mpl_exclusion *why)
{
    const membership *const m = ctx;
    const size_t i = effect_of(m->effects, index);
    (void)why;
    return i < m->effects->k && m->member[i];
}

static mpl_status add_group(job *j, const mpl_group *group, mpl_tipping_point *points, mpl_evalue *evalues)
{
    const mpl_effects *const all = j->analysis->effects;
    bool *const member = MPL_NEW(j->scratch, bool, all->k);
    mpl_effects *effects;
    mpl__stratum part;
    if (!member)
        return mpl__fail_nomem(j->err, "tipping points");
    for (size_t i = 0; i < group->k; i++)
        member[group->index[i]] = true;
    MPL_TRY(mpl_effects_subset(all, is_member, &(membership){ all, member }, &effects, j->err));
    mpl_status s = start_stratum(j, effects, group->fit, group->label, &part);
    if (s == MPL_OK)
        s = add_points(j, &part, points);
    if (s == MPL_OK)
        j->out->n_evalues += mpl__evalue_of(&part, &evalues[j->out->n_evalues]);
    mpl_effects_free(effects);
    return s;
}

/* ---- the whole */

static mpl_status add_confounding(job *j, const mpl__stratum *all)
{
    mpl_tipping *const out = j->out;
    mpl_quantity *const quantities = MPL_NEW(j->keep, mpl_quantity, 3);
    if (!quantities)
        return mpl__fail_nomem(j->err, "tipping points");
    out->quantities = quantities;
    out->n_quantities = mpl__confounding(all, quantities);
    if (out->n_evalues == 0) {
        out->evalue_why = mpl__arena_format(j->keep, "E-values need a ratio of risks, odds or hazards or a "
                                            "standardized mean difference, which %s is not",
                                            all->effects->measure->method.id);
        if (!out->evalue_why)
            return mpl__fail_nomem(j->err, "tipping points");
    }
    return MPL_OK;
}

static void add_notes(job *j, const mpl__stratum *all)
{
    const size_t k = all->effects->k;
    if (all->k_affirmative == 0 || all->k_affirmative == k)
        mpl__note_add(&j->notes, "nothing-to-weigh",
                      "%s study is affirmative: weights cannot show what selection may have done",
                      all->k_affirmative ? "every" : "no");
    if (j->out->n_quantities && !(all->fit->tau2 > 0))
        mpl__note_add(&j->notes, "share-of-equal-effects", "with tau2 = 0 all true effects are taken to be equal");
    else if (j->out->n_quantities && k < FEW)
        mpl__note_add(&j->notes, "share-uncertain",
                      "with fewer than %d studies the share of true effects beyond a value is hardly known", FEW);
}

static mpl_status run(job *j, const mpl_tipping_options *given)
{
    const mpl_analysis *const a = j->analysis;
    mpl_tipping *const out = j->out;
    const size_t n_groups = a->subgroups ? a->subgroups->n_groups : 0;
    mpl__stratum all;
    MPL_TRY(resolve(j, given));
    if (a->effects->k < 2)
        return mpl__fail(j->err, MPL_ERR_TOO_FEW, "tipping points need at least 2 studies");
    mpl_tipping_point *const points = MPL_NEW(j->keep, mpl_tipping_point, j->n_methods * (n_groups + 1));
    mpl_evalue *const evalues = MPL_NEW(j->keep, mpl_evalue, n_groups + 1);
    if (!points || !evalues)
        return mpl__fail_nomem(j->err, "tipping points");
    out->points = points;
    out->evalues = evalues;
    MPL_TRY(start_stratum(j, a->effects, a->fit, NULL, &all));
    out->k = a->effects->k;
    out->k_affirmative = all.k_affirmative;
    MPL_TRY(fit_worst(j, &all));
    MPL_TRY(add_rows(j, &all));
    MPL_TRY(add_points(j, &all, points));
    for (size_t i = 0; i < j->n_methods; i++)
        if (mpl__correction_get(j->methods[i])->is_likelihood)
            MPL_TRY(add_scenarios(j, &all));
    out->n_evalues += mpl__evalue_of(&all, &evalues[0]);
    for (size_t g = 0; g < n_groups; g++)
        MPL_TRY(add_group(j, &a->subgroups->groups[g], points, evalues));
    MPL_TRY(add_confounding(j, &all));
    add_notes(j, &all);
    out->notes = j->notes.items;
    out->n_notes = j->notes.n;
    return j->notes.failed ? mpl__fail_nomem(j->err, "the notes") : MPL_OK;
}

mpl_status mpl_tipping_new(const mpl_analysis *analysis, const mpl_tipping_options *options, mpl_tipping **out,
                           mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_tipping *const tipping = MPL_NEW(keep, mpl_tipping, 1);
    mpl_error own = { 0 };
    mpl_status s;
    if (tipping && scratch) {
        *tipping = (mpl_tipping){ .analysis = analysis, .arena = keep };
        s = run(&(job){ .analysis = analysis, .out = tipping, .keep = keep, .scratch = scratch,
                        .notes = { .arena = keep }, .err = &own }, options);
    } else {
        s = mpl__fail_nomem(&own, "tipping points");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = tipping;
    else
        mpl__arena_free(keep);
    if (s != MPL_OK && err)
        *err = own;
    return s;
}

void mpl_tipping_free(mpl_tipping *tipping)
{
    if (tipping)
        mpl__arena_free(tipping->arena);
}
