/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections that several reports share. */
#ifndef MPL_REPORT_PARTS_H
#define MPL_REPORT_PARTS_H

#include <metapool/bias.h>
#include <metapool/influence.h>
#include <metapool/regress.h>
#include "base/note.h"
#include "effect/interval.h"
#include "report/build.h"

/** Where the data come from, with their warnings. */
void mpl__part_data(mpl__build *b, const mpl_dataset_info *info, const char *name);

/** The measure, why this one, and the routes taken. */
void mpl__part_effects(mpl__build *b, const mpl_effects *effects);

/** Which routes how many studies took. Returns "the columns ai bi ci di" for a sentence. */
const char *mpl__part_routes(mpl__build *b, const mpl_effects *effects, bool for_people);

/** Diagnostics of each study, the results without it if `has_means`, and what stands out. */
void mpl__part_influence(mpl__build *b, const mpl_influence *influence, bool is_listed, bool has_means);

/** Leave-one-out or cumulative results, and what stands out. */
void mpl__part_refits(mpl__build *b, const mpl_refits *refits, bool is_listed);

/** Tests, adjusted means and indices, and what could not be computed. */
void mpl__part_bias(mpl__build *b, const mpl_bias *bias);

/** Rows that take no part, at the top of JSON: the lists of all analyses, each row once. row_type as in a table. */
void mpl__part_excluded(mpl__build *b, const char *row_type, const mpl_effects *const *effects, size_t n);

/**
 * Notes of the effects, the fit and the subgroups (NULL = none), at the top of JSON; with a row_type also in CSV, and
 * the warnings of the dataset with them. `varied` is an option of which there is more than one value; NULL = none.
 */
void mpl__part_notes(mpl__build *b, const char *row_type, const mpl_analysis *analysis, const char *varied);

/** Notes and filtered rows of a dataset, at the top of JSON. */
void mpl__part_data_notes(mpl__build *b, const mpl_dataset *data);

/** These notes, at the top of JSON; with a row_type also in CSV. */
void mpl__part_notes_of(mpl__build *b, const char *row_type, const mpl__notes *notes);

/** The warnings of the dataset as rows of CSV. */
void mpl__part_warnings(mpl__build *b, const mpl_dataset_info *info);

/** Starts the section "model": names of method and test, the method in a sentence. The caller adds to it. */
void mpl__part_model(mpl__build *b, const mpl_fit *fit);

/** An options struct and the rows that describe it. */
typedef struct mpl__option_set {
    const mpl_option *table;
    const void *options;
} mpl__option_set;

/** Versions, profile, and the options in force of these sets but `varied` (NULL = none). */
void mpl__part_options(mpl__build *b, const mpl__option_set *sets, size_t n, const char *profile, const char *varied);

/** The same in the section that is being filled. */
void mpl__part_options_facts(mpl__build *b, const mpl__option_set *sets, size_t n, const char *profile,
                             const char *varied);

/** As mpl__part_notes with a row_type, for a regression. */
void mpl__part_regression_notes(mpl__build *b, const char *row_type, const mpl_regression *regression);

/** Versions, profile, and the options in force of a regression. */
void mpl__part_regression_provenance(mpl__build *b, const mpl_regression *regression);

/** Versions, profile, and the options in force but `varied`; all may be NULL. */
void mpl__part_provenance(mpl__build *b, const mpl_effects *effects, const mpl_fit *fit,
                          const mpl_subgroups *subgroups, const char *varied);

/** One study or pooled estimate on the display scale of its measure; tau2 as in mpl_measure_display_interval(). */
typedef struct mpl__shown {
    double x, lb, ub;
} mpl__shown;

mpl__shown mpl__display(const mpl_measure *measure, double tau2, double x, double lb, double ub);

/** One study. */
typedef struct mpl__study_row {
    const char *study, *group, *route, *reason, *measure;
    size_t row;
    double yi, vi, sei, ci_lb, ci_ub, weight, ni;
    double corrected; /* truth; NaN where there is no effect */
    mpl__shown shown;
} mpl__study_row;

/** Study i of the effects with its interval; weight, group and reason are left empty. */
mpl__study_row mpl__study_at(const mpl_effects *effects, size_t i, const mpl__interval_how *how);

/** "95%" for a level of 0.95. */
const char *mpl__percent(mpl__build *b, double level);

/** What the estimate is called on the display scale: "OR", "Proportion" for PLO, "Effect" for GEN. */
const char *mpl__estimate_label(const mpl_measure *measure);

#endif
