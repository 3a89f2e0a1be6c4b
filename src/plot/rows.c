/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a figure of rows; see rows.h. */
#include "plot/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "plot/axis.h"

/* The layout, with the dash where it is used. */
static mpl_status choose_look(mpl__rows *r, mpl_error *err)
{
    const mpl_measure *const m = r->analysis->effects->measure;
    const mpl__look *const look = mpl__look_find(r->options->forest.layout);
    const bool is_ratio = m->transform && m->transform->is_ratio;
    mpl__look *const own = MPL_NEW(r->keep, mpl__look, 1);
    if (!own)
        return mpl__fail_nomem(err, "the figure");
    *own = *look;
    if (is_ratio && look->dash)
        own->between = look->dash;
    r->look = own;
    r->plot->palette = r->options->palette ? r->options->palette : look->palette;
    return MPL_OK;
}

/* "{measure}" and its like above the marks. */
static const char *marks_heading(mpl__rows *r, const char *pattern)
{
    const mpl_measure *const m = r->analysis->effects->measure;
    char level[350];
    mpl__number_significant(100 * r->analysis->fit->level, 6, level);
    const mpl__slot slots[] = { { "measure", 0, m->label ? m->label : m->method.id },
                                { "pooling", 0, mpl__fields_pooling(r->analysis->fit) },
                                { "level", 0, level }, { NULL, 0, NULL } };
    return pattern ? mpl__rows_checked(r, mpl__look_fill(r->look, pattern, slots, r->keep)) : NULL;
}

static void set_axis(mpl__rows *r)
{
    const mpl_measure *const m = r->analysis->effects->measure;
    const mpl_forest_options *const o = &r->options->forest;
    mpl_plot_axis *const axis = &r->plot->axis;
    axis->scale = m->transform && m->transform->is_ratio ? MPL_SCALE_LOG : MPL_SCALE_LINEAR;
    axis->null_value = isnan(m->null_value) ? m->null_value : mpl_measure_display(m, m->null_value);
    axis->label = mpl__rows_checked(r, axis->scale ? mpl__arena_format(r->keep, "%s (log scale)", m->label)
                                                   : mpl__arena_copy(r->keep, m->label));
    axis->favours = r->look->favours;
    if (o->favours_left && *o->favours_left)
        axis->favours_left = mpl__rows_checked(r, mpl__plot_text(r->keep, o->favours_left));
    if (o->favours_right && *o->favours_right)
        axis->favours_right = mpl__rows_checked(r, mpl__plot_text(r->keep, o->favours_right));
    r->plot->marks_heading = marks_heading(r, r->look->marks);
    r->plot->marks_group = marks_heading(r, r->look->marks_above);
}

mpl_status mpl__rows_start(mpl__rows *r, const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                           mpl__arena *scratch, const char *left, const char *right, mpl_error *err)
{
    *r = (mpl__rows){ .analysis = analysis, .options = options, .plot = plot, .keep = plot->arena, .scratch = scratch };
    mpl__field *fields;
    MPL_TRY(choose_look(r, err));
    left = options->forest.left ? options->forest.left : left ? left : r->look->left;
    right = options->forest.right ? options->forest.right : right ? right : r->look->right;
    MPL_TRY(mpl__fields_choose(analysis, options, r->look, left, right, r->keep, &fields, &r->n_fields, err));
    mpl_plot_column *const columns = MPL_NEW(r->keep, mpl_plot_column, r->n_fields);
    r->lost_cells = MPL_NEW(r->keep, const char *, r->n_fields);
    if (!columns || !r->lost_cells)
        return mpl__fail_nomem(err, "the columns");
    for (size_t j = 0; j < r->n_fields; j++)
        columns[j] = fields[j].column;
    r->fields = fields;
    r->columns = columns;
    plot->columns = columns;
    plot->n_columns = r->n_fields;
    set_axis(r);
    return r->failed ? mpl__fail_nomem(err, "the figure") : MPL_OK;
}

const char *mpl__rows_checked(mpl__rows *r, const char *text)
{
    r->failed = r->failed || !text;
    return text;
}

mpl_plot_row *mpl__rows_add(mpl__rows *r, mpl_row_kind kind, const char ***cells)
{
    if (r->n_rows == r->room && !r->failed) {
        const size_t room = r->room ? 2 * r->room : 32;
        mpl_plot_row *const rows = MPL_NEW(r->keep, mpl_plot_row, room);
        r->failed = !rows;
        if (rows && r->n_rows)
            memcpy(rows, r->rows, r->n_rows * sizeof *rows);
        r->rows = rows ? rows : r->rows;
        r->room = rows ? room : r->room;
    }
    const char **const own = MPL_NEW(r->keep, const char *, r->n_fields);
    r->failed = r->failed || !own;
    *cells = own ? own : r->lost_cells;
    mpl_plot_row *const row = r->failed ? &r->lost : &r->rows[r->n_rows++];
    *row = (mpl_plot_row){ .kind = kind, .cells = *cells, .x = (double)NAN, .lb = (double)NAN, .ub = (double)NAN,
                           .fit_x = (double)NAN, .fit_lb = (double)NAN, .fit_ub = (double)NAN };
    return row;
}

void mpl__rows_text(mpl__rows *r, mpl_row_kind kind, const char *text)
{
    const char **cells;
    mpl__rows_add(r, kind, &cells);
    cells[0] = mpl__rows_checked(r, text);
}

void mpl__rows_place(mpl__rows *r, mpl_plot_row *row, mpl_mark mark, double tau2, double x, double lb, double ub)
{
    row->mark = mark;
    row->x = x;
    row->lb = lb;
    row->ub = ub;
    mpl_measure_display_interval(r->analysis->effects->measure, tau2, &row->x, &row->lb, &row->ub);
}

const char *mpl__rows_pattern(mpl__rows *r, const char *pattern, size_t k)
{
    char level[350];
    mpl__number_significant(100 * r->analysis->fit->level, 6, level);
    const mpl__slot slots[] = { { "k", (double)k, NULL }, { "level", 0, level }, { NULL, 0, NULL } };
    return mpl__rows_checked(r, mpl__look_fill(r->look, pattern, slots, r->keep));
}

mpl_plot_row *mpl__rows_mean(mpl__rows *r, mpl_row_kind kind, mpl_mark mark, const mpl_fit *fit, const char *label,
                             const size_t *index, size_t n, const char ***out)
{
    const mpl_term *const mean = &fit->terms[0];
    const double *const weights = index ? r->analysis->fit->weights : NULL;
    mpl__values v = { .se = mean->se, .p = mean->pval, .weight = weights ? 0 : (double)NAN, .tau2 = fit->tau2,
                      .i2 = fit->i2, .k = (double)fit->k };
    for (size_t i = 0; weights && i < n; i++)
        v.weight += weights[index[i]];
    const char **cells;
    mpl_plot_row *const row = mpl__rows_add(r, kind, &cells);
    mpl__rows_place(r, row, mark, fit->tau2, mean->estimate, mean->ci_lb, mean->ci_ub);
    v.x = row->x;
    v.lb = row->lb;
    v.ub = row->ub;
    for (size_t j = 0; j < r->n_fields; j++) {
        const mpl__field *const f = &r->fields[j];
        if (j == 0)
            cells[j] = label;
        else if (mpl__field_is_value(f))
            cells[j] = mpl__field_value(f, r->look, &v, r->keep);
        else
            cells[j] = index ? mpl__field_total(f, r->analysis->effects, index, n, r->keep) : "";
        mpl__rows_checked(r, cells[j]);
    }
    *out = cells;
    return row;
}

/* ---- lines and bands ---- */

static size_t count_entries(const char *list)
{
    size_t n = list && *list ? 1 : 0;
    for (; list && *list; list++)
        n += *list == ';';
    return n;
}

/* "LO,HI=TEXT", or "VALUE=TEXT". */
static mpl_status read_band(mpl__rows *r, const char *option, const char *entry, size_t length, bool is_line,
                            mpl_plot_band *out, mpl_error *err)
{
    char shown[MPL_SHOWN_SIZE];
    const char *const text = memchr(entry, '=', length);
    const size_t n = text ? (size_t)(text - entry) : length;
    const char *const comma = is_line ? NULL : memchr(entry, ',', n);
    const size_t first = comma ? (size_t)(comma - entry) : n;
    bool good = (is_line || comma) && mpl__number_read(entry, first, '.', &out->lo) == MPL__NUMBER_OK;
    if (good && comma)
        good = mpl__number_read(comma + 1, n - first - 1, '.', &out->hi) == MPL__NUMBER_OK;
    else
        out->hi = out->lo;
    if (!good || (!is_line && !(out->lo < out->hi)))
        return mpl__fail(err, MPL_ERR_ARG, "--%s: '%s' is not %s", option, mpl_text_to_shown(entry, shown),
                         is_line ? "a number, with =TEXT behind it or not" : "LO,HI, with =TEXT behind it or not");
    if (r->plot->axis.scale == MPL_SCALE_LOG && !(out->lo > 0))
        return mpl__fail(err, MPL_ERR_ARG, "--%s: '%s' must be positive on the log axis of a ratio", option,
                         mpl_text_to_shown(entry, shown));
    if (text) {
        const char *const copy = mpl__arena_copyn(r->keep, text + 1, length - n - 1);
        out->label = copy ? mpl__plot_text(r->keep, copy) : NULL;
        return out->label ? MPL_OK : mpl__fail_nomem(err, "the lines");
    }
    return MPL_OK;
}

static mpl_status add_bands(mpl__rows *r, mpl_error *err)
{
    const struct { const char *option, *list; bool is_line; } lists[] = {
        { "bands", r->options->forest.bands, false }, { "lines", r->options->forest.lines, true }
    };
    mpl_plot_band *const bands = MPL_NEW(r->keep, mpl_plot_band,
                                         count_entries(lists[0].list) + count_entries(lists[1].list));
    if (!bands)
        return mpl__fail_nomem(err, "the lines");
    for (size_t l = 0; l < 2; l++)
        for (const char *s = lists[l].list; s && *s;) {
            const size_t length = strcspn(s, ";");
            MPL_TRY(read_band(r, lists[l].option, s, length, lists[l].is_line, &bands[r->plot->n_bands++], err));
            s += length + (s[length] == ';');
        }
    r->plot->bands = bands;
    return MPL_OK;
}

mpl_status mpl__rows_finish(mpl__rows *r, const char *const *notes, size_t n_notes, mpl_error *err)
{
    if (r->failed)
        return mpl__fail_nomem(err, "the rows of the figure");
    r->plot->rows = r->rows;
    r->plot->n_rows = r->n_rows;
    MPL_TRY(add_bands(r, err));
    MPL_TRY(mpl__axis_choose(r->plot, r->rows, r->options->xlim, r->options->xticks, r->scratch, err));
    return mpl__rows_caption(r, notes, n_notes, err);
}
