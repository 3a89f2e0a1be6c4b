/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option table of mpl_effect_options. */
#include <math.h>

#include <metapool/option.h>
#include "effect/measure.h"

static const mpl_option table[] = {
    { .name = "measure", .letter = 'm', MPL_MEMBER(CHOICE, mpl_effect_options, measure), .choice = mpl_measure_method,
      .arg = "MEASURE", .help = "effect measure; without it the dataset's own, or the only one its columns allow",
      .since = "0.1.0" },
    { .name = "vtype", MPL_MEMBER(CHOICE, mpl_effect_options, vtype), .choice = mpl_vtype_method, .arg = "TYPE",
      .help = "type of sampling variance; without it the measure's first", .since = "0.1.0" },
    { .name = "no-correct", MPL_MEMBER(FLAG, mpl_effect_options, no_correct),
      .help = "leave out small-sample bias corrections", .since = "0.1.0" },
    { .name = "hedges", MPL_MEMBER(CHOICE, mpl_effect_options, hedges), .choice = mpl_hedges_method, .arg = "FORM",
      .dflt = "exact", .help = "form of Hedges' small-sample factor", .since = "0.1.0" },
    { .name = "add", MPL_MEMBER(MAYBE, mpl_effect_options, add), .min = 0, .max = INFINITY, .arg = "NUM",
      .help = "added to zero counts; without it 0.5, or 0 for measures that need nothing", .since = "0.1.0" },
    { .name = "add2", MPL_MEMBER(MAYBE, mpl_effect_options, add2), .min = 0, .max = INFINITY, .arg = "NUM",
      .help = "added to the counts of group 2 instead of --add", .since = "0.1.0" },
    { .name = "increments", MPL_MEMBER(CHOICE, mpl_effect_options, increments), .choice = mpl_increment_method,
      .arg = "RULE", .dflt = "constant", .help = "how --add is shared between the groups", .since = "0.1.0" },
    { .name = "to", MPL_MEMBER(CHOICE, mpl_effect_options, to), .choice = mpl_correction_method, .arg = "RULE",
      .dflt = "only0", .help = "which studies --add is for", .since = "0.1.0" },
    { .name = "drop00", MPL_MEMBER(FLAG, mpl_effect_options, drop00),
      .help = "leave out studies with no events, or only events, in both arms", .since = "0.1.0" },
    { .name = "omit-impossible", MPL_MEMBER(FLAG, mpl_effect_options, omit_impossible),
      .help = "leave rows with impossible values out, with the reason; otherwise nothing is computed",
      .since = "0.1.0" },
    { .name = "allow-fractional", MPL_MEMBER(FLAG, mpl_effect_options, fractional),
      .help = "counts may be fractions, such as effective sample sizes", .since = "0.1.0" },
    { .name = "ri", MPL_MEMBER(MAYBE, mpl_effect_options, ri), .min = -1, .max = 1, .arg = "R",
      .help = "pre/post correlation of studies that do not report it", .since = "0.1.0" },
    { .name = "route", MPL_MEMBER(TEXT, mpl_effect_options, route), .arg = "ROUTE",
      .help = "compute by this route only, such as means, t, p or ci", .since = "0.1.0" },
    { .name = "ci-level", MPL_MEMBER(LEVEL, mpl_effect_options, ci_level), .arg = "PCT", .dflt = "0.95",
      .help = "level of the intervals ci_lb to ci_ub in the data", .since = "0.1.0" },
    { .name = "ratio-scale", MPL_MEMBER(FLAG, mpl_effect_options, ratio_scale),
      .help = "yi, ci_lb and ci_ub in the data are ratios, or efficacies: take logs", .since = "0.1.0" },
    { .name = "flip", MPL_MEMBER(TEXT, mpl_effect_options, flip), .arg = "COLUMN",
      .help = "turn the sign of the effects for which this column says true, yes or 1", .since = "0.1.0" },
    { .name = "study-ci", MPL_MEMBER(CHOICE, mpl_effect_options, study_ci), .choice = mpl_study_ci_method,
      .arg = "INTERVAL", .help = "interval of each study; without it wald. The pooled model does not use it",
      .since = "0.1.0" },
    { .name = "label", MPL_MEMBER(TEXT, mpl_effect_options, label), .arg = "COLUMN",
      .help = "column with the study labels", .since = "0.1.0" },
    { .name = NULL },
};

const mpl_option *mpl_effect_option_table(void)
{
    return table;
}
