/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The data file of the gnuplot script: tables separated by tabs, readable by people.
 *
 * gnuplot 5.4 reads a double quote as the start of a string and expands backslashes twice, so both are replaced by
 * characters that look like them; control characters cannot occur. A line never starts with a text.
 */
#include "plot/plot.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "plot/gnuplot.h"
#include "plot/layout.h"
#include "plot/palette.h"

void mpl__dat_text(mpl__text *out, const char *s)
{
    mpl__text_char(out, '\t');
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        const size_t n = mpl__utf8_next(s, left, &code);
        if (n == 0 || mpl__utf8_is_control(code))
            mpl__text_add(out, "\xEF\xBF\xBD");
        else if (code == '"')
            mpl__text_add(out, "\xE2\x80\x9D"); /* right double quotation mark */
        else if (code == '\\')
            mpl__text_add(out, "\xE2\x88\x96"); /* set minus */
        else
            mpl__text_addn(out, s, n);
        s += n ? n : 1;
        left -= n ? n : 1;
    }
}

void mpl__dat_real(mpl__text *out, double x)
{
    char number[350];
    mpl__text_char(out, '\t');
    if (isnan(x) || isinf(x))
        mpl__text_add(out, isnan(x) ? "NaN" : x > 0 ? "1e308" : "-1e308");
    else
        mpl__text_addn(out, number, mpl__number_significant(x, 8, number));
}

static void add_head(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    mpl__text_add(out, "# Data of a figure, one line per row; columns are separated by tabs.\n"
                       "# y: middle of the row in points from the top of the page\n"
                       "# x, lb, ub: effect and interval on the axis; area: of the square, relative to the largest\n"
                       "# indent: of the first text, in points; note: shown in place of a mark\n"
                       "#y\tkind\tx\tlb\tub\tarea\tindent");
    for (size_t j = 0; j < page->n_columns; j++)
        mpl__dat_text(out, plot->columns[page->columns[j].source].key);
    mpl__text_add(out, "\tnote\n");
    mpl__text_fixed(out, page->heading_y, 2);
    mpl__text_add(out, "\theader\tNaN\tNaN\tNaN\tNaN\t0");
    for (size_t j = 0; j < page->n_columns; j++)
        mpl__dat_text(out, page->columns[j].heading ? page->columns[j].heading : "");
    mpl__text_add(out, "\t\n");
}

static void add_row(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i)
{
    const mpl_plot_row *const row = &plot->rows[i];
    const mpl__page_row *const at = &page->rows[i];
    mpl__text_fixed(out, at->y, 2);
    mpl__text_format(out, "\t%s", i == plot->overall ? "overall" : mpl__row_kind_name(row->kind));
    mpl__dat_real(out, row->x);
    mpl__dat_real(out, row->lb);
    mpl__dat_real(out, row->ub);
    mpl__dat_real(out, row->mark == MPL_MARK_SQUARE ? row->area : (double)NAN);
    mpl__dat_real(out, at->indent);
    for (size_t j = 0; j < page->n_columns; j++)
        mpl__dat_text(out, j == 0 && at->span ? at->span : page->cells[i * page->n_columns + j]);
    mpl__dat_text(out, at->note ? at->note : "");
    mpl__text_char(out, '\n');
}

/* Corners of one diamond as a closed polygon. */
static void add_diamond(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i, bool fitted)
{
    double corners[MPL__MOST_CORNERS][2];
    const size_t n = mpl__layout_diamond(page, plot, i, fitted, corners);
    for (size_t c = 0; n && c <= n; c++) {
        char number[350];
        mpl__text_addn(out, number, mpl__number_significant(corners[c % n][0], 8, number));
        mpl__text_char(out, '\t');
        mpl__text_fixed(out, corners[c % n][1], 2);
        mpl__text_char(out, '\n');
    }
    mpl__text_char(out, '\n');
}

/* Discs of judgements: where, and the colour. */
static void add_discs(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    for (size_t i = 0; i < plot->n_rows; i++)
        for (size_t j = 0; j < page->n_columns; j++) {
            const mpl__role role = mpl__palette_judgement(page->cells[i * page->n_columns + j]);
            if (!page->columns[j].centre || role == MPL__ROLES)
                continue;
            mpl__text_fixed(out, page->columns[j].x, 2);
            mpl__text_char(out, '\t');
            mpl__text_fixed(out, page->rows[i].y, 2);
            mpl__text_format(out, "\t%u\n", mpl__palette_role(plot->palette, role));
        }
}

/* What follows the rows; gnuplot counts blocks, so that one without a line has one that draws nothing. */
static void add_blocks(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, bool all)
{
    static const char *const heads[] = { "Diamond of the overall estimate: corners x, y",
                                         "Diamonds of subgroups, an empty line between them",
                                         "Diamonds of the model's values for studies",
                                         "Discs of judgements: x, y, colour" };
    const char *gap = "\n\n";
    size_t last = 1;
    for (size_t i = 0; i < plot->n_rows && !all; i++)
        last = !isnan(plot->rows[i].fit_x) ? 2 : last;
    for (size_t j = 0; j < page->n_columns; j++)
        last = all || page->columns[j].centre ? 3 : last;
    for (size_t block = 0; block <= last; block++) {
        mpl__text_format(out, "%s# %s\n", gap, heads[block]);
        const size_t before = out->size;
        for (size_t i = 0; i < plot->n_rows; i++) {
            const bool is_diamond = plot->rows[i].mark == MPL_MARK_DIAMOND;
            if (block == 2 ? !isnan(plot->rows[i].fit_x) : block < 2 && is_diamond && (i == plot->overall) == !block)
                add_diamond(out, plot, page, i, block == 2);
        }
        if (block == 3)
            add_discs(out, plot, page);
        gap = out->size > before || (last == 1 && !all) ? "\n" : "NaN\tNaN\n\n\n";
    }
    if (all && *gap != '\n') /* the next page counts on */
        mpl__text_add(out, "NaN\tNaN\n");
}

static mpl_status draw(const mpl_plot *whole, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err)
{
    mpl__layout page;
    const mpl_status s = mpl__layout_compute(whole, options, scratch, &page, err);
    if (s != MPL_OK)
        return s;
    const mpl_plot *const plot = page.plot;
    if (options->one_file && options->page > 1)
        mpl__text_format(out, "\n\n# Page %zu\n", options->page);
    add_head(out, plot, &page);
    for (size_t i = 0; i < plot->n_rows; i++)
        if (plot->rows[i].kind != MPL_ROW_BLANK)
            add_row(out, plot, &page, i);
    add_blocks(out, plot, &page, options->one_file);
    return MPL_OK;
}

const mpl__renderer mpl__draw_dat = {
    .method = { .id = "dat", .title = "the data file of the gnuplot script", .cite = "gnuplot 5.4 manual, datafile" },
    .draw = draw,
    .chart = mpl__chart_dat,
    .has_pages = true,
};
