/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model as it is, for programs that draw it themselves. */
#include "plot/plot.h"

#include <math.h>

#include "base/json.h"

static const char *const marks[] = { "none", "square", "diamond", "bar" };

static void write_columns(mpl__json *j, const mpl_plot *plot)
{
    mpl__json_begin(j, "columns", '[');
    for (size_t i = 0; i < plot->n_columns; i++) {
        const mpl_plot_column *const c = &plot->columns[i];
        mpl__json_begin(j, NULL, '{');
        mpl__json_text(j, "key", c->key);
        mpl__json_text(j, "heading", c->heading);
        mpl__json_text(j, "group", c->group);
        mpl__json_bool(j, "right_of_marks", c->right_of_marks);
        mpl__json_bool(j, "align_right", c->align_right);
        if (c->is_judgement)
            mpl__json_bool(j, "is_judgement", true);
        mpl__json_end(j);
    }
    mpl__json_end(j);
}

static void write_bands(mpl__json *j, const mpl_plot *plot)
{
    if (plot->n_bands == 0)
        return;
    mpl__json_begin(j, "bands", '[');
    for (size_t i = 0; i < plot->n_bands; i++) {
        mpl__json_begin(j, NULL, '{');
        mpl__json_real(j, "lo", plot->bands[i].lo);
        mpl__json_real(j, "hi", plot->bands[i].hi);
        mpl__json_text(j, "label", plot->bands[i].label);
        mpl__json_end(j);
    }
    mpl__json_end(j);
}

static void write_row(mpl__json *j, const mpl_plot *plot, const mpl_plot_row *row)
{
    mpl__json_begin(j, NULL, '{');
    mpl__json_text(j, "kind", mpl__row_kind_name(row->kind));
    mpl__json_begin(j, "cells", '[');
    for (size_t c = 0; c < plot->n_columns; c++)
        mpl__json_text(j, NULL, row->cells[c]);
    mpl__json_end(j);
    if (row->mark != MPL_MARK_NONE) {
        mpl__json_text(j, "mark", marks[row->mark]);
        mpl__json_real(j, "x", row->x);
        mpl__json_real(j, "lb", row->lb);
        mpl__json_real(j, "ub", row->ub);
        mpl__json_bool(j, "clip_lb", row->clip_lb);
        mpl__json_bool(j, "clip_ub", row->clip_ub);
    }
    if (row->mark == MPL_MARK_SQUARE)
        mpl__json_real(j, "area", row->area);
    if (!isnan(row->fit_x)) {
        mpl__json_real(j, "fit_x", row->fit_x);
        mpl__json_real(j, "fit_lb", row->fit_lb);
        mpl__json_real(j, "fit_ub", row->fit_ub);
    }
    mpl__json_end(j);
}

void mpl__plot_json(const mpl_plot *plot, size_t flat, mpl__text *out)
{
    mpl__json j = { .out = out, .flat = flat };
    mpl__json_begin(&j, NULL, '{');
    mpl__json_text(&j, "schema", "metapool.plot/1");
    mpl__json_text(&j, "type", plot->type->id);
    mpl__json_text(&j, "title", plot->title);
    mpl__json_text(&j, "subtitle", plot->subtitle);
    mpl__json_text(&j, "desc", plot->desc);
    if (plot->n_panels) {
        mpl__json_panels(&j, plot);
    } else {
        mpl__json_axis(&j, "axis", &plot->axis);
        write_bands(&j, plot);
        write_columns(&j, plot);
        mpl__json_begin(&j, "rows", '[');
        for (size_t i = 0; i < plot->n_rows; i++)
            write_row(&j, plot, &plot->rows[i]);
        mpl__json_end(&j);
    }
    mpl__json_begin(&j, "footnotes", '[');
    for (size_t i = 0; i < plot->n_footnotes; i++)
        mpl__json_text(&j, NULL, plot->footnotes[i]);
    mpl__json_end(&j);
    mpl__json_end(&j);
}

static mpl_status draw(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err)
{
    (void)options, (void)scratch, (void)err;
    mpl__plot_json(plot, 2, out);
    mpl__text_char(out, '\n');
    return MPL_OK;
}

const mpl__renderer mpl__draw_json = {
    .method = { .id = "json", .title = "the figure's model for other programs", .cite = "RFC 8259" },
    .draw = draw,
    .chart = draw,
};
