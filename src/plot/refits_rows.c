/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure of several fits; see refits_rows.h. */
#include "plot/refits_rows.h"

#include <string.h>

#include "base/error.h"

static const double AREA = 0.3; /* all squares are alike */

/* "Aronson, 1948", with the value of the order where the label does not say it. */
static const char *label_of(mpl__rows *r, const mpl_refit *refit)
{
    const char *const label = mpl__plot_text(r->keep, refit->label);
    const char *const value = refit->value ? mpl__plot_text(r->keep, refit->value) : "";
    if (!label || !value)
        return NULL;
    return *value && !strstr(label, value) ? mpl__arena_format(r->keep, "%s (%s)", label, value) : label;
}

/* Columns of the dataset say something about the study that was added or left out. */
static void add_row(mpl__rows *r, const mpl_refit *refit)
{
    const mpl_dataset *const data = r->analysis->data;
    const char *const label = mpl__rows_checked(r, label_of(r, refit));
    const size_t at = data && refit->row ? mpl__plot_find_row(data, refit->row) : 0;
    const char **cells;
    if (refit->fit) {
        mpl__rows_mean(r, MPL_ROW_STUDY, MPL_MARK_SQUARE, refit->fit, label, NULL, 0, &cells)->area = AREA;
    } else {
        mpl__rows_add(r, MPL_ROW_EXCLUDED, &cells);
        cells[0] = label;
    }
    for (size_t j = 1; j < r->n_fields; j++)
        if (r->fields[j].kind >= MPL__FIELD_CELL && data && refit->row && at < data->n_rows)
            cells[j] = mpl__rows_checked(r, mpl__field_cell(&r->fields[j], at, r->keep));
    if (!refit->fit)
        cells[r->n_fields - 1] = mpl__rows_checked(r, mpl__plot_text(r->keep, refit->why));
}

mpl_status mpl__refits_build(const mpl_refits *refits, const mpl__refits_words *words, const mpl_analysis *analysis,
                             const mpl_plot_options *options, mpl_plot *plot, mpl__arena *scratch, mpl_error *err)
{
    mpl__rows r;
    const char **cells;
    MPL_TRY(mpl__rows_start(&r, analysis, options, plot, scratch, words->left, "estimate,p,i2", err));
    r.columns[0].heading = words->heading;
    for (size_t i = 0; i < refits->n; i++)
        if (refits->rows[i].n_changed > 1) /* then the labels are values of a column, not studies */
            r.columns[0].heading = words->several;
    r.squares = words->squares;
    r.what = mpl__rows_checked(&r, mpl__arena_format(r.keep, "%s of %zu studies.", words->what, analysis->effects->k));
    for (size_t i = 0; i < refits->n && !options->forest.no_studies; i++)
        add_row(&r, &refits->rows[i]);
    plot->overall = r.n_rows;
    mpl__rows_mean(&r, MPL_ROW_SUMMARY, MPL_MARK_DIAMOND, analysis->fit, "All studies", NULL, 0, &cells);
    mpl__rows_heterogeneity(&r, analysis->fit);
    return mpl__rows_finish(&r, NULL, 0, err);
}
