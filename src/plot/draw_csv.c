/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the model as a table (RFC 4180): what the figure says, with the numbers that its marks stand for. */
#include "plot/csv.h"

#include <math.h>
#include <string.h>

void mpl__csv_text(mpl__text *out, const char *s)
{
    if (!s)
        return;
    if (!strpbrk(s, ",\"\r\n")) {
        mpl__text_add(out, s);
        return;
    }
    mpl__text_char(out, '"');
    for (; *s; s++) {
        if (*s == '"')
            mpl__text_char(out, '"');
        mpl__text_char(out, *s);
    }
    mpl__text_char(out, '"');
}

void mpl__csv_real(mpl__text *out, double x)
{
    mpl__text_char(out, ',');
    mpl__text_real(out, x);
}

static mpl_status draw(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err)
{
    (void)options, (void)scratch, (void)err;
    mpl__text_add(out, "kind");
    for (size_t j = 0; j < plot->n_columns; j++) {
        mpl__text_char(out, ',');
        mpl__csv_text(out, plot->columns[j].key);
    }
    bool fitted = false;
    for (size_t i = 0; i < plot->n_rows; i++)
        fitted = fitted || !isnan(plot->rows[i].fit_x);
    mpl__text_format(out, ",x,lb,ub,area,clip_lb,clip_ub%s\n", fitted ? ",fit_x,fit_lb,fit_ub" : "");
    for (size_t i = 0; i < plot->n_rows; i++) {
        const mpl_plot_row *const row = &plot->rows[i];
        if (row->kind == MPL_ROW_BLANK)
            continue;
        mpl__text_add(out, mpl__row_kind_name(row->kind));
        for (size_t j = 0; j < plot->n_columns; j++) {
            mpl__text_char(out, ',');
            mpl__csv_text(out, row->cells[j]);
        }
        mpl__csv_real(out, row->x);
        mpl__csv_real(out, row->lb);
        mpl__csv_real(out, row->ub);
        mpl__csv_real(out, row->mark == MPL_MARK_SQUARE ? row->area : (double)NAN);
        mpl__text_format(out, ",%d,%d", row->clip_lb, row->clip_ub);
        if (fitted) {
            mpl__csv_real(out, row->fit_x);
            mpl__csv_real(out, row->fit_lb);
            mpl__csv_real(out, row->fit_ub);
        }
        mpl__text_char(out, '\n');
    }
    return MPL_OK;
}

const mpl__renderer mpl__draw_csv = {
    .method = { .id = "csv", .title = "the rows of the figure as a table", .cite = "RFC 4180" },
    .draw = draw,
    .chart = mpl__chart_csv,
};
