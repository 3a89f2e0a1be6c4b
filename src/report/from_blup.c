/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shrunken effects as a report. */
#include <math.h>

#include "report/format.h"
#include "report/parts.h"

typedef struct blup_row {
    mpl_blup_row r;
    mpl__shown own, shrunken;
} blup_row;

static void add_studies(mpl__build *b, const mpl_blup *blup, bool is_listed)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, blup_row, r.study),
        MPL__STAT("row", NULL, COUNT, blup_row, r.row),
        MPL__STAT("yi", NULL, EFFECT, blup_row, r.yi),
        MPL__STAT("vi", NULL, VARIANCE, blup_row, r.vi),
        MPL__STAT("display_yi", "Found", EFFECT, blup_row, own.x),
        MPL__STAT_LB("display_yi_ci_lb", "CI", EFFECT, blup_row, own.lb),
        MPL__STAT("display_yi_ci_ub", NULL, EFFECT, blup_row, own.ub),
        MPL__STAT("own", "Own weight", PERCENT, blup_row, r.own),
        MPL__STAT("fitted", NULL, EFFECT, blup_row, r.fitted),
        MPL__STAT("estimate", NULL, EFFECT, blup_row, r.estimate),
        MPL__STAT("se", NULL, EFFECT, blup_row, r.se),
        MPL__STAT("ci_lb", NULL, EFFECT, blup_row, r.ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, blup_row, r.ci_ub),
        MPL__STAT("display_estimate", "Shrunken", EFFECT, blup_row, shrunken.x),
        MPL__STAT_LB("display_ci_lb", "CI", EFFECT, blup_row, shrunken.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, blup_row, shrunken.ub),
        MPL__STAT("ranef", "Random part", EFFECT, blup_row, r.ranef),
        MPL__STAT("ranef_se", NULL, EFFECT, blup_row, r.ranef_se),
        MPL__STAT("ranef_lb", NULL, EFFECT, blup_row, r.ranef_lb),
        MPL__STAT("ranef_ub", NULL, EFFECT, blup_row, r.ranef_ub),
    };
    const mpl_measure *const m = blup->effects->measure;
    const char *const ci = mpl__build_format(b, "%s CI", mpl__percent(b, blup->fit->level));
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .label = "Effects of the studies",
                                                           .row_type = "study",
                                                           .not_text = !is_listed, .n_rows = blup->k },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < blup->k; i++) {
        const mpl_blup_row *const r = &blup->rows[i];
        const mpl_study_interval at = mpl_effects_interval(blup->effects, i, blup->fit->level);
        mpl__table_row(&t, &(blup_row){ *r, { at.display_yi, at.display_ci_lb, at.display_ci_ub },
                                        mpl__display(m, NAN, r->estimate, r->ci_lb, r->ci_ub) });
    }
    mpl__table_label(&t, "display_yi", mpl__build_format(b, "%s found", mpl__estimate_label(m)));
    mpl__table_label(&t, "display_yi_ci_lb", ci);
    mpl__table_label(&t, "display_ci_lb", ci);
}

static void add_model(mpl__build *b, const mpl_blup *blup, const mpl_regression *regression)
{
    static const mpl__stat stats[] = {
        MPL__STAT("tau2", NULL, VARIANCE, mpl_fit, tau2),
        MPL__STAT("level", NULL, NUMBER, mpl_fit, level),
    };
    mpl__part_model(b, blup->fit);
    mpl__build_fields(b, stats, MPL__COUNT(stats), blup->fit);
    mpl__build_line(b, "Method", "{description}");
    if (regression) {
        mpl__build_text(b, "formula", NULL, regression->options.mods);
        mpl__build_line(b, "Moderators", "{formula}");
    }
    if (regression && regression->scale) {
        mpl__build_text(b, "scale_formula", NULL, regression->scale->formula);
        mpl__build_line(b, "Scale", "{scale_formula}");
    }
    mpl__build_line(b, "Shrinkage", mpl__build_format(b, "each effect is drawn towards what the model expects; its own "
                                                      "weight is tau2/(tau2 + vi), with %s", blup->fit->tau2_i
                                                      ? "a tau2 of its own" : "tau2 = {tau2}"));
    mpl__build_line(b, NULL, mpl__build_format(b, "the random part, true effect less expectation, is on the scale of "
                                               "analysis, %s", blup->effects->measure->scale));
}

mpl_status mpl_report_new_blup(const mpl_blup *blup, const mpl_regression *regression, const mpl_write_options *write,
                               mpl_report **out, mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = blup->effects;
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &blup->fit->options },
                                     { mpl_moderator_option_table(), regression ? &regression->options : NULL },
                                     { mpl_scale_option_table(), regression ? &regression->options.scale : NULL } };
    const bool is_listed = mpl__format_needs_of(write, blup->k).studies;
    mpl__notes notes = { 0 };
    mpl__build b;
    mpl__build_start(&b, "blup", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    add_model(&b, blup, regression);
    mpl__build_section(&b, NULL, NULL);
    if (!is_listed)
        mpl__build_line(&b, NULL, "the studies are not listed here; --studies all lists them");
    add_studies(&b, blup, is_listed);
    notes.arena = b.arena;
    mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, blup->fit->notes, blup->fit->n_notes);
    if (regression)
        mpl__note_add_all(&notes, regression->notes, regression->n_notes);
    mpl__note_add_all(&notes, blup->notes, blup->n_notes);
    mpl__part_notes_of(&b, "note", &notes);
    mpl__part_warnings(&b, es->info);
    mpl__part_excluded(&b, "excluded", &es, 1);
    mpl__part_options(&b, sets, !regression ? 2 : regression->scale ? 4 : 3, blup->fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
