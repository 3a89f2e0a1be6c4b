/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a figure in the terminal; see tty.h. */
#include "plot/tty.h"

#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "plot/ascii.h"

enum { FEWEST_MARKS = 21, FAIR_MARKS = 31, WIDEST_STUDY = 100, WIDEST_LABEL = 40,
       WIDEST_GROUP = 20, FAIR_LABEL = 24, SHORTEST_LABEL = 12 };

const mpl__glyphs mpl__glyphs_unicode = {
    .line = "─", .start = "├", .end = "┤", .cross = "┼", .left = "◄", .right = "►", .square = "■", .dot = "▪",
    .heavy = "━", .heavy_start = "╺", .heavy_end = "╸", .diamond = "◆", .dash = "╌",
    .fitted = "◇", .line_at = "╎", .band = "░",
    .null = "│", .overall = "┊", .rule = "─", .tick = "┬", .ellipsis = "…",
};
const mpl__glyphs mpl__glyphs_ascii = {
    .line = "-", .start = "|", .end = "|", .cross = "+", .left = "<", .right = ">", .square = "#", .dot = "*",
    .heavy = "=", .heavy_start = "[", .heavy_end = "]", .diamond = "O", .dash = ".",
    .fitted = "o", .line_at = ":", .band = "%",
    .null = "|", .overall = ":", .rule = "-", .tick = "+", .ellipsis = "..",
};

/* ---- text ---- */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

const char *mpl__tty_shown(mpl__tty *p, const char *text)
{
    if (!text || p->g != &mpl__glyphs_ascii)
        return text;
    const char *const copy = mpl__ascii(p->arena, text);
    p->failed = p->failed || !copy;
    return copy;
}

/* Bytes of the longest beginning that takes at most `columns`. */
static size_t fitting(const char *text, size_t columns)
{
    const char *s = text;
    size_t used = 0;
    for (size_t left = strlen(text); left;) {
        uint32_t code;
        size_t n = mpl__utf8_next(s, left, &code);
        used += n ? (size_t)mpl__utf8_columns(code) : 1;
        if (used > columns)
            break;
        n = n ? n : 1;
        s += n;
        left -= n;
    }
    return (size_t)(s - text);
}

void mpl__tty_pad(mpl__tty *p, size_t n)
{
    mpl__text_repeat(p->out, " ", n);
}

void mpl__tty_field(mpl__tty *p, const char *text, size_t n, size_t width, bool right)
{
    const char *const copy = mpl__arena_copyn(p->arena, text, n);
    if (!copy) {
        p->failed = true;
        return;
    }
    const size_t takes = mpl__utf8_width(copy);
    if (takes > width) {
        const size_t dots = smaller(mpl__utf8_width(p->g->ellipsis), width);
        const size_t bytes = fitting(copy, width - dots);
        const char *const kept = mpl__arena_copyn(p->arena, copy, bytes);
        p->failed = p->failed || !kept;
        mpl__text_addn(p->out, copy, bytes);
        mpl__text_addn(p->out, p->g->ellipsis, width ? strlen(p->g->ellipsis) : 0);
        mpl__tty_pad(p, kept ? width - dots - mpl__utf8_width(kept) : 0);
        return;
    }
    if (right)
        mpl__tty_pad(p, width - takes);
    mpl__text_add(p->out, copy);
    if (!right)
        mpl__tty_pad(p, width - takes);
}

void mpl__tty_style(mpl__tty *p, int code)
{
    if (p->colour)
        mpl__text_format(p->out, "\033[%dm", code);
}

void mpl__tty_end_line(mpl__tty *p)
{
    static const char reset[] = "\033[0m";
    const size_t n = sizeof reset - 1;
    mpl__text *const out = p->out;
    const bool styled = out->size >= n && memcmp(out->data + out->size - n, reset, n) == 0;
    out->size -= styled ? n : 0;
    while (out->size && out->data[out->size - 1] == ' ')
        out->size--;
    mpl__text_add(out, styled ? reset : "");
    mpl__text_char(out, '\n');
}

void mpl__tty_wrap(mpl__tty *p, const char *text, size_t indent)
{
    const size_t width = p->width > indent ? p->width - indent : 1;
    text = mpl__tty_shown(p, text);
    while (text && *text) {
        size_t n = fitting(text, width), cut = n;
        if (text[n]) {
            while (cut && text[cut] != ' ')
                cut--;
            n = cut ? cut : n ? n : 1;
        }
        mpl__text_addn(p->out, text, n);
        text += n;
        text += strspn(text, " ");
        if (*text) {
            mpl__tty_end_line(p);
            mpl__tty_pad(p, indent);
        }
    }
}

/* ---- columns ---- */

bool mpl__tty_spans(const mpl_plot_row *row)
{
    return row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_TEXT;
}

static bool in_columns(const mpl__tty *p, const mpl_plot_row *row, size_t j)
{
    const bool is_reason = row->kind == MPL_ROW_EXCLUDED && j > 0 && j == p->plot->n_columns - 1;
    return !mpl__tty_spans(row) && row->cells[j] && !is_reason;
}

const char *mpl__tty_cell(const mpl__tty *p, size_t i, size_t j)
{
    return p->cells[i * p->plot->n_columns + j];
}

static mpl_status measure_column(mpl__tty *p, size_t j)
{
    const mpl_plot_column *const c = &p->plot->columns[j];
    mpl__tty_column *const to = &p->columns[j];
    to->parts = MPL_NEW(p->arena, size_t, c->n_parts);
    if (!to->parts)
        return MPL_ERR_NOMEM;
    for (size_t i = 0; i < p->plot->n_rows; i++)
        for (size_t part = 0; part < c->n_parts && mpl__tty_cell(p, i, j); part++) {
            size_t length;
            const char *const s = mpl__cell_part(mpl__tty_cell(p, i, j), part, c->n_parts, &length);
            const char *const copy = s ? mpl__arena_copyn(p->arena, s, length) : "";
            if (!copy)
                return MPL_ERR_NOMEM;
            to->parts[part] = larger(to->parts[part], mpl__utf8_width(copy) + (j == 0 ? p->indent[i] : 0));
        }
    to->width = c->n_parts - 1;
    for (size_t part = 0; part < c->n_parts; part++)
        to->width += to->parts[part];
    to->width = smaller(larger(to->width, mpl__utf8_width(p->headings[j])), j ? WIDEST_LABEL : WIDEST_STUDY);
    to->shown = true;
    return MPL_OK;
}

/* Columns with one heading above them are together at least as wide as it. */
static void widen_groups(mpl__tty *p)
{
    const mpl_plot_column *const c = p->plot->columns;
    for (size_t j = 0, end; j < p->plot->n_columns; j = end) {
        size_t width = p->columns[j].width;
        for (end = j + 1; c[j].group && end < p->plot->n_columns && c[end].group &&
                          strcmp(c[end].group, c[j].group) == 0; end++)
            width += MPL__TTY_GAP + p->columns[end].width;
        const char *const group = c[j].group ? mpl__tty_shown(p, c[j].group) : NULL;
        const size_t wanted = group ? smaller(mpl__utf8_width(group), WIDEST_GROUP) : 0;
        if (wanted > width)
            p->columns[end - 1].width += wanted - width;
    }
}

mpl_status mpl__tty_measure(mpl__tty *p, mpl_error *err)
{
    const mpl_plot *const plot = p->plot;
    p->columns = MPL_NEW(p->arena, mpl__tty_column, plot->n_columns);
    p->cells = MPL_NEW(p->arena, const char *, plot->n_rows * plot->n_columns);
    p->headings = MPL_NEW(p->arena, const char *, plot->n_columns);
    p->indent = MPL_NEW(p->arena, size_t, plot->n_rows);
    if (!p->columns || !p->cells || !p->headings || !p->indent)
        return mpl__fail_nomem(err, "the figure");
    for (size_t i = 0; i < plot->n_rows; i++) {
        const mpl_row_kind before = i ? plot->rows[i - 1].kind : MPL_ROW_BLANK;
        if (plot->rows[i].kind != MPL_ROW_HEADING && plot->rows[i].kind != MPL_ROW_BLANK)
            p->indent[i] = before == MPL_ROW_HEADING ? 2 : before == MPL_ROW_BLANK ? 0 : p->indent[i - 1];
        for (size_t j = 0; j < plot->n_columns; j++)
            if (in_columns(p, &plot->rows[i], j))
                p->cells[i * plot->n_columns + j] = mpl__tty_shown(p, plot->rows[i].cells[j]);
    }
    for (size_t j = 0; j < plot->n_columns; j++) {
        p->headings[j] = mpl__tty_shown(p, plot->columns[j].heading);
        if (p->failed || measure_column(p, j) != MPL_OK)
            return mpl__fail_nomem(err, "the figure");
    }
    widen_groups(p);
    return p->failed ? mpl__fail_nomem(err, "the figure") : MPL_OK;
}

/* Columns left for the marks. */
static size_t room(const mpl__tty *p)
{
    size_t used = MPL__TTY_GAP;
    for (size_t j = 0; j < p->plot->n_columns; j++)
        if (p->columns[j].shown)
            used += p->columns[j].width + (j ? MPL__TTY_GAP : 0);
    return used < p->width ? p->width - used : 0;
}

static bool is_estimate(const mpl_plot_column *column)
{
    return strcmp(column->key, "estimate") == 0;
}

/* The shown column farthest to the right on one side, not counting the labels; estimates only where nothing else is
 * left. 0 if there is none. */
static size_t last_shown(const mpl__tty *p, bool right)
{
    size_t last = 0, estimate = 0;
    for (size_t j = 1; j < p->plot->n_columns; j++)
        if (p->columns[j].shown && p->plot->columns[j].right_of_marks == right)
            *(is_estimate(&p->plot->columns[j]) ? &estimate : &last) = j;
    return last ? last : estimate;
}

/* A column with its like: one arm of the studies alone would mislead. */
static void leave_out(mpl__tty *p, size_t j)
{
    const mpl_plot_column *const c = p->plot->columns;
    p->columns[j].shown = false;
    for (size_t i = 0; c[j].group && i < p->plot->n_columns; i++)
        if (c[i].group && !is_estimate(&c[i]) && c[i].right_of_marks == c[j].right_of_marks)
            p->columns[i].shown = false;
}

void mpl__tty_squeeze(mpl__tty *p)
{
    size_t *const label = &p->columns[0].width;
    const size_t wanted = *label;
    *label = smaller(wanted, FAIR_LABEL);
    while (room(p) < FEWEST_MARKS && last_shown(p, false))
        leave_out(p, last_shown(p, false));
    if (room(p) > FAIR_MARKS)
        *label += smaller(wanted - *label, room(p) - FAIR_MARKS);
    while (room(p) < FEWEST_MARKS && *label > SHORTEST_LABEL)
        --*label;
    while (room(p) < FEWEST_MARKS && last_shown(p, true))
        p->columns[last_shown(p, true)].shown = false;
    p->marks = smaller(larger(room(p), FEWEST_MARKS), MPL__TTY_MOST_MARKS);
    p->left = 0;
    for (size_t j = 0; j < p->plot->n_columns; j++)
        if (p->columns[j].shown && !p->plot->columns[j].right_of_marks)
            p->left += p->columns[j].width + MPL__TTY_GAP;
}
