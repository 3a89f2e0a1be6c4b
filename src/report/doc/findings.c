/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A summary of findings: what the relative effect means for people at a given risk. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "report/pooled.h"
#include "report/doc/doc.h"

enum { MOST_RISKS = 6 };

/* Risk with the treatment at baseline risk p0, from the effect as it is shown. */
static double of_rr(double rr, double p0)
{
    return rr * p0;
}

static double of_or(double odds_ratio, double p0)
{
    return p0 * odds_ratio / (1 - p0 + p0 * odds_ratio);
}

static double of_rd(double rd, double p0)
{
    return p0 + rd;
}

static double of_hr(double hr, double p0)
{
    return -expm1(hr * log1p(-p0));
}

static const struct at_risk {
    const char *measure;
    double (*risk)(double effect, double p0);
} measures[] = { { "RR", of_rr }, { "OR", of_or }, { "PETO", of_or }, { "RD", of_rd }, { "HR", of_hr } };

static const char handbook[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), chapters 14 and "
                               "15";

static const struct at_risk *find_measure(const mpl__doc *d)
{
    const mpl_measure *const m = d->a->effects->measure;
    for (size_t i = 0; i < MPL__COUNT(measures); i++)
        if (!strcmp(measures[i].measure, m->method.id) && !m->args)
            return &measures[i];
    return NULL;
}

static bool has(const mpl__doc *d)
{
    return d->options->baseline_risk != NULL;
}

static void methods(mpl__doc *d)
{
    mpl__doc_say(d, "Absolute effects were computed from the pooled %s at stated risks without the treatment%s.",
                 mpl__doc_name(d), mpl__doc_cite(d, handbook));
}

/* ---- the risks */

/* Median of the studies' risks in group 2; NaN if there are none. */
static double median_risk(mpl__doc *d)
{
    const mpl_counts *const c = d->a->effects->counts;
    if (!c || c->shape != MPL_COUNTS_2X2 || c->n == 0)
        return NAN;
    double *const risk = MPL_NEW(d->b.arena, double, c->n);
    if (!risk) {
        d->b.failed = true;
        return NAN;
    }
    for (size_t i = 0; i < c->n; i++) {
        const double p = c->x2[i] / c->n2[i];
        size_t j = i;
        for (; j > 0 && risk[j - 1] > p; j--)
            risk[j] = risk[j - 1];
        risk[j] = p;
    }
    return (risk[(c->n - 1) / 2] + risk[c->n / 2]) / 2;
}

static mpl_status read_risk(mpl__doc *d, const char *word, size_t n, double *out, mpl_error *err)
{
    const bool is_percent = n > 1 && word[n - 1] == '%';
    char shown[MPL_SHOWN_SIZE], copy[64];
    const size_t length = n < sizeof copy ? n : sizeof copy - 1;
    memcpy(copy, word, length);
    copy[length] = '\0';
    if (!strcmp(copy, "median")) {
        *out = median_risk(d);
        return d->b.failed || (*out > 0 && *out < 1) ? MPL_OK
                                    : mpl__fail(err, MPL_ERR_ARG, "--baseline-risk: the data have no median risk above "
                                                                  "0 in group 2");
    }
    if (mpl__number_read(word, n - is_percent, '.', out) != MPL__NUMBER_OK)
        *out = NAN;
    *out /= is_percent ? 100 : 1;
    if (*out > 0 && *out < 1)
        return MPL_OK;
    return mpl__fail(err, MPL_ERR_ARG, "--baseline-risk: '%s' is not a risk between 0 and 1, a percentage, or 'median'",
                     mpl_text_to_shown(copy, shown));
}

static mpl_status read_risks(mpl__doc *d, double risks[MOST_RISKS], size_t *n, mpl_error *err)
{
    *n = 0;
    for (const char *p = d->options->baseline_risk; p; p = *p == ',' ? p + 1 : NULL) {
        const size_t length = strcspn(p, ",");
        if (*n == MOST_RISKS)
            return mpl__fail(err, MPL_ERR_ARG, "--baseline-risk: more than %d risks", MOST_RISKS);
        MPL_TRY(read_risk(d, p, length, &risks[(*n)++], err));
        p += length;
    }
    return MPL_OK;
}

/* Of how many people: 1000, or more where risks are small. */
static double people(const double *risks, size_t n)
{
    double per = 1000;
    for (size_t i = 0; i < n; i++)
        while (risks[i] * per < 10 && per < 1e6)
            per *= 10;
    return per;
}

/* ---- the table */

typedef struct finding {
    double baseline, with, with_lb, with_ub, more, more_lb, more_ub, pi_lb, pi_ub;
    mpl__pooled p;
} finding;

static double bounded(double p, bool *cut)
{
    *cut = *cut || p > 1 || p < 0;
    return p > 1 ? 1 : p < 0 ? 0 : p;
}

static finding find(const mpl__doc *d, const struct at_risk *at, double p0, double per, bool *cut)
{
    finding f = { .baseline = p0 * per, .p = mpl__pooled_of(d->a->effects->measure, d->a->fit) };
    bool ignored = false;
    f.with = per * bounded(at->risk(f.p.shown.x, p0), cut);
    f.with_lb = per * bounded(at->risk(f.p.shown.lb, p0), cut);
    f.with_ub = per * bounded(at->risk(f.p.shown.ub, p0), cut);
    f.more = f.with - f.baseline;
    f.more_lb = f.with_lb - f.baseline;
    f.more_ub = f.with_ub - f.baseline;
    f.pi_lb = per * bounded(at->risk(f.p.shown_pi.lb, p0), &ignored);
    f.pi_ub = per * bounded(at->risk(f.p.shown_pi.ub, p0), &ignored);
    return f;
}

static void label(mpl__doc *d, mpl__table *t)
{
    const char *const percent = mpl__percent(&d->b, d->a->fit->level);
    mpl__table_label(t, "with_lb", mpl__build_format(&d->b, "%s CI", percent));
    mpl__table_label(t, "more_lb", mpl__build_format(&d->b, "%s CI", percent));
    mpl__table_label(t, "pi_lb", mpl__build_format(&d->b, "%s PI of risk with", percent));
    mpl__table_label(t, "effect", mpl__doc_name(d));
    mpl__table_label(t, "effect_lb", mpl__build_format(&d->b, "%s CI", percent));
}

static void add_table(mpl__doc *d, const struct at_risk *at, const double *risks, size_t n, bool *cut)
{
    static const mpl__stat stats[] = {
        MPL__STAT("baseline", "Risk without", COUNT, finding, baseline),
        MPL__STAT("with", "Risk with", COUNT, finding, with),
        MPL__STAT_LB("with_lb", "CI", COUNT, finding, with_lb),
        MPL__STAT("with_ub", NULL, COUNT, finding, with_ub),
        MPL__STAT("more", "Difference", COUNT, finding, more),
        MPL__STAT_LB("more_lb", "CI", COUNT, finding, more_lb),
        MPL__STAT("more_ub", NULL, COUNT, finding, more_ub),
        MPL__STAT_LB("pi_lb", "PI", COUNT, finding, pi_lb),
        MPL__STAT("pi_ub", NULL, COUNT, finding, pi_ub),
        MPL__STAT("effect", "Effect", EFFECT, finding, p.shown.x),
        MPL__STAT_LB("effect_lb", "CI", EFFECT, finding, p.shown.lb),
        MPL__STAT("effect_ub", NULL, EFFECT, finding, p.shown.ub),
        MPL__STAT("k", "Studies", COUNT, finding, p.fit.k),
    };
    const double per = people(risks, n);
    char number[350];
    mpl__number_fixed(per, 0, number);
    const char *const caption = mpl__build_format(&d->b, "Absolute effects at stated risks, per %s people", number);
    mpl__table t = mpl__build_table(&d->b, (mpl_report_table){ .key = "findings", .n_rows = n,
                                                               .label = caption },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < n; i++) {
        const finding f = find(d, at, risks[i], per, cut);
        mpl__table_row(&t, &f);
    }
    label(d, &t);
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    const struct at_risk *const at = find_measure(d);
    double risks[MOST_RISKS];
    size_t n;
    bool cut = false;
    if (!at)
        return mpl__fail(err, MPL_ERR_ARG, "--baseline-risk: absolute effects are of risk ratios, odds ratios, risk "
                                           "differences and hazard ratios, not of %s",
                         d->a->effects->measure->method.id);
    MPL_TRY(read_risks(d, risks, &n, err));
    if (d->b.failed) /* the end tells */
        return MPL_OK;
    mpl__build_text(&d->b, "outcome", NULL, d->options->outcome);
    mpl__doc_say(d, "%sThe table shows what the pooled result means for people whose risk without the treatment is "
                 "known.",
                 d->options->outcome ? "Outcome: {outcome}. " : "");
    add_table(d, at, risks, n, &cut);
    mpl__build_section(&d->b, NULL, NULL);
    mpl__doc_say(d, "CI: confidence interval that comes from the pooled result; the risk without the treatment is "
                 "taken as known. PI: prediction interval, for a new setting. Each number is rounded by itself.%s",
                 cut ? " Risks below 0 or above 1 are shown as 0 or 1." : "");
    mpl__doc_say(d, "Certainty of the evidence (GRADE) is for the authors to judge; this program does not.");
    return MPL_OK;
}

const mpl__doc_section mpl__doc_findings = {
    .method = { .id = "findings", .title = "summary of findings, where --baseline-risk gives risks", .cite = handbook },
    .part = MPL__PART_FINDINGS,
    .has = has,
    .needs = "there is no baseline risk; give --baseline-risk",
    .methods = methods,
    .build = build,
};
