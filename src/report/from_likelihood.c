/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile likelihood as a report. */
#include <math.h>
#include <string.h>

#include "report/parts.h"

typedef struct point_row {
    mpl_likelihood_point p;
    mpl__shown x, mean; /* as displayed */
} point_row;

static void add_points(mpl__build *b, const mpl_likelihood *l, bool is_mean)
{
    static const mpl__stat stats[] = {
        MPL__STAT("x", NULL, VARIANCE, point_row, p.x),
        MPL__STAT("display_x", NULL, EFFECT, point_row, x.x),
        MPL__STAT("ll", "Log-likelihood", STATISTIC, point_row, p.ll),
        MPL__STAT("drop", "Drop", STATISTIC, point_row, p.drop),
        MPL__STAT("pval", "p", PVALUE, point_row, p.pval),
        MPL__STAT("tau2", NULL, VARIANCE, point_row, p.tau2),
        MPL__STAT("i2", NULL, PERCENT, point_row, p.i2),
        MPL__STAT("h2", NULL, STATISTIC, point_row, p.h2),
        MPL__STAT("estimate", NULL, EFFECT, point_row, p.estimate),
        MPL__STAT("ci_lb", NULL, EFFECT, point_row, p.ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, point_row, p.ci_ub),
        MPL__STAT("display_estimate", NULL, EFFECT, point_row, mean.x),
        MPL__STAT_LB("display_ci_lb", NULL, EFFECT, point_row, mean.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, point_row, mean.ub),
    };
    const mpl_measure *const m = l->effects->measure;
    const bool has_mean = l->is_tau2 && l->n && !isnan(l->points[l->n - 1].estimate);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "points", .row_type = "point", .n_rows = l->n },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < l->n; i++) {
        const mpl_likelihood_point *const p = &l->points[i];
        mpl__table_row(&t, &(point_row){ *p, mpl__display(m, NAN, is_mean ? p->x : NAN, NAN, NAN),
                                         mpl__display(m, p->tau2, p->estimate, p->ci_lb, p->ci_ub) });
    }
    if (is_mean)
        mpl__table_label(&t, "display_x", mpl__estimate_label(m));
    else
        mpl__table_label(&t, "x", l->is_tau2 ? "τ²" : l->parameter);
    if (!l->is_tau2)
        mpl__table_label(&t, "tau2", "τ²");
    else
        mpl__table_label(&t, "i2", "I²");
    if (has_mean) {
        mpl__table_label(&t, "display_estimate", mpl__estimate_label(m));
        mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, l->fit->level)));
    }
}

static void add_profile(mpl__build *b, const mpl_likelihood *l)
{
    static const mpl__stat stats[] = {
        MPL__STAT("parameter", NULL, TEXT, mpl_likelihood, parameter),
        MPL__STAT("likelihood", NULL, TEXT, mpl_likelihood, kind),
        MPL__STAT("estimate", NULL, VARIANCE, mpl_likelihood, estimate),
        MPL__STAT("lb", NULL, VARIANCE, mpl_likelihood, lb),
        MPL__STAT("ub", NULL, VARIANCE, mpl_likelihood, ub),
        MPL__STAT("ll", NULL, NUMBER, mpl_likelihood, ll),
        MPL__STAT("cut", NULL, NUMBER, mpl_likelihood, cut),
        MPL__STAT("n_maxima", NULL, COUNT, mpl_likelihood, n_maxima),
    };
    const bool is_mean = !strcmp(l->parameter, "mean");
    mpl__build_section(b, "profile", NULL);
    mpl__build_fields(b, stats, MPL__COUNT(stats), l);
    mpl__build_line(b, "Profile", mpl__build_format(b, "%slog-likelihood of %s{parameter}, all else at its best: "
                                                    "highest, {ll}, at {estimate}",
                                                    strcmp(l->kind, "ML") ? "restricted " : "", is_mean ? "the " : ""));
    mpl__build_line(b, NULL, mpl__build_format(b, "%s interval {lb} to {ub}, where it is at {cut}",
                                               mpl__percent(b, l->fit->level)));
    if (is_mean) {
        const mpl__shown s = mpl__display(l->effects->measure, NAN, l->estimate, l->lb, l->ub);
        mpl__build_number(b, "display_estimate", NULL, MPL_KIND_EFFECT, s.x);
        mpl__build_number(b, "display_lb", NULL, MPL_KIND_EFFECT, s.lb);
        mpl__build_number(b, "display_ub", NULL, MPL_KIND_EFFECT, s.ub);
        if (l->effects->measure->transform)
            mpl__build_line(b, NULL, mpl__build_format(b, "that is %s {display_estimate}, {display_lb} to {display_ub}",
                                                       mpl__estimate_label(l->effects->measure)));
    }
    add_points(b, l, is_mean);
}

mpl_status mpl_report_new_likelihood(const mpl_likelihood *l, const mpl_regression *regression, mpl_report **out,
                                     mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = l->effects;
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &l->fit->options },
                                     { mpl_likelihood_option_table(), &l->options },
                                     { mpl_moderator_option_table(), regression ? &regression->options : NULL } };
    mpl__notes notes = { 0 };
    mpl__build b;
    mpl__build_start(&b, "profile", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, l->fit);
    mpl__build_line(&b, "Method", "{description}");
    if (regression) {
        mpl__build_text(&b, "formula", NULL, regression->options.mods);
        mpl__build_line(&b, "Moderators", "{formula}");
    }
    add_profile(&b, l);
    notes.arena = b.arena;
    mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, l->fit->notes, l->fit->n_notes);
    if (regression)
        mpl__note_add_all(&notes, regression->notes, regression->n_notes);
    mpl__note_add_all(&notes, l->notes, l->n_notes);
    mpl__part_notes_of(&b, "note", &notes);
    mpl__part_warnings(&b, es->info);
    mpl__part_excluded(&b, "excluded", &es, 1);
    mpl__part_options(&b, sets, regression ? 4 : 3, l->fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
