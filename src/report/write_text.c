/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text for people: a block of labelled lines per section, the plot drawn in place, tables that fit the width. Data are
 * escaped so that no label can move the cursor or turn the text around.
 */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "report/format.h"
#include "report/show.h"
#include "report/walk.h"

enum { LABEL_WIDTH = 16, DEFAULT_WIDTH = 100 };

typedef struct text_page {
    mpl__page page; /* first, so that the walk's page is this one */
    size_t width;
    enum { NOTHING, LINES, BLOCK } last; /* what was written last; a blank line separates unlike things */
} text_page;

static text_page *own(mpl__page *p)
{
    return (text_page *)p;
}

static void put_label_ascii(mpl__text *t, const char *label)
{
    mpl__text seen = { 0 };
    mpl__text_visible(&seen, label);
    mpl__put_ascii(t, seen.data ? seen.data : "");
    t->failed |= seen.failed;
    mpl__text_free(&seen);
}

static void heading(mpl__page *p, const char *label, unsigned level, const char *id)
{
    (void)level;
    (void)id;
    if (own(p)->last != NOTHING)
        mpl__text_char(&p->text, '\n');
    own(p)->last = NOTHING;
    if (!*label)
        return;
    if (p->options->draw.colour)
        mpl__text_add(&p->text, "\033[1m");
    p->style.put_label(&p->text, label);
    if (p->options->draw.colour)
        mpl__text_add(&p->text, "\033[0m");
    mpl__text_char(&p->text, '\n');
}

static void paragraph(mpl__page *p, const char *shown)
{
    if (own(p)->last != NOTHING)
        mpl__text_char(&p->text, '\n');
    mpl__show_wrapped(&p->text, shown, 0, own(p)->width);
    own(p)->last = BLOCK;
}

/* "Label           a sentence that wraps under itself"; several have dashes. */
static void item(mpl__page *p, const char *label, const char *shown, size_t i, size_t n)
{
    if (own(p)->last == BLOCK)
        mpl__text_char(&p->text, '\n');
    const char *const named = i == 0 ? label : NULL;
    const size_t start = named ? mpl__utf8_width(named) : 0;
    if (named)
        p->style.put_own(&p->text, named);
    mpl__text_repeat(&p->text, " ", start < LABEL_WIDTH ? LABEL_WIDTH - start : 1);
    if (n > 1)
        mpl__text_add(&p->text, "- ");
    mpl__show_wrapped(&p->text, shown, LABEL_WIDTH + (n > 1 ? 2 : 0), own(p)->width);
    own(p)->last = LINES;
}

static void bullet(mpl__page *p, const char *key, size_t anchor, size_t number, const char *shown)
{
    mpl__text mark = { 0 };
    (void)key;
    (void)anchor;
    if (number)
        mpl__text_format(&mark, "%zu. ", number);
    else
        mpl__text_add(&mark, "- ");
    mpl__text_add(&p->text, mark.data ? mark.data : "");
    mpl__show_wrapped(&p->text, shown, mark.size, own(p)->width);
    p->text.failed |= mark.failed;
    mpl__text_free(&mark);
    own(p)->last = BLOCK;
}

/* Widths of the columns: natural ones, then the widest texts give way until all fit. Returns the sum, which is larger
 * than `total` if nothing more can give way: numbers are never cut. */
static size_t fit_widths(const mpl__grid *g, size_t *width, size_t total)
{
    enum { NARROWEST = 16, BETWEEN = 2 };
    size_t sum = g->n_columns ? BETWEEN * (g->n_columns - 1) : 0;
    for (size_t c = 0; c < g->n_columns; c++) {
        width[c] = 0;
        for (size_t r = 0; r <= g->n_rows; r++) {
            const size_t w = mpl__utf8_width(g->cells[r * g->n_columns + c]);
            width[c] = w > width[c] ? w : width[c];
        }
        sum += width[c];
    }
    while (sum > total) {
        size_t widest = g->n_columns;
        for (size_t c = 0; c < g->n_columns; c++)
            if (!g->is_number[c] && width[c] > NARROWEST && (widest == g->n_columns || width[c] > width[widest]))
                widest = c;
        if (widest == g->n_columns)
            break;
        width[widest]--;
        sum--;
    }
    return sum;
}

/* One row; cells that are too long continue on further lines. `rest` holds what is left of each cell. */
static void table_row(mpl__page *p, const mpl__grid *g, const size_t *width, const char **rest,
                      const char *const *cells)
{
    for (size_t c = 0; c < g->n_columns; c++)
        rest[c] = cells[c];
    for (bool more = true; more;) {
        size_t behind = 2; /* blanks that are due before the next cell; none are left at the end of a line */
        more = false;
        for (size_t c = 0; c < g->n_columns; c++) {
            const char *next = NULL;
            const size_t n = rest[c] ? mpl__wrap(rest[c], width[c], &next) : 0;
            mpl__text cell = { 0 };
            mpl__text_addn(&cell, rest[c] ? rest[c] : "", n);
            const size_t w = cell.data ? mpl__utf8_width(cell.data) : 0;
            const size_t pad = w < width[c] ? width[c] - w : 0;
            if (w)
                mpl__text_repeat(&p->text, " ", behind + (g->is_number[c] ? pad : 0));
            mpl__text_addn(&p->text, cell.data ? cell.data : "", cell.size);
            behind = w ? 2 + (g->is_number[c] ? 0 : pad) : behind + width[c] + 2;
            p->text.failed |= cell.failed;
            mpl__text_free(&cell);
            rest[c] = next;
            more |= next != NULL;
        }
        mpl__text_char(&p->text, '\n');
    }
}

/* A table much wider than the page: each row as a list, "column  value". */
static void records(mpl__page *p, const mpl__grid *g)
{
    size_t widest = 0;
    for (size_t c = 1; c < g->n_columns; c++) {
        const size_t w = mpl__utf8_width(g->cells[c]);
        widest = w > widest ? w : widest;
    }
    for (size_t r = 1; r <= g->n_rows; r++) {
        const char *const *row = g->cells + r * g->n_columns;
        mpl__text_format(&p->text, r > 1 ? "\n  %s\n" : "  %s\n", row[0]);
        for (size_t c = 1; c < g->n_columns; c++) {
            mpl__text_format(&p->text, "    %s", g->cells[c]);
            mpl__text_repeat(&p->text, " ", widest + 2 - mpl__utf8_width(g->cells[c]));
            mpl__show_wrapped(&p->text, row[c], widest + 6, own(p)->width);
        }
    }
}

static mpl_status rows(mpl__page *p, const mpl_report_table *table, const mpl__grid *g, mpl__arena *scratch,
                       mpl_error *err)
{
    (void)table;
    const size_t full = own(p)->width;
    size_t *const width = MPL_NEW(scratch, size_t, g->n_columns);
    const char **const rest = MPL_NEW(scratch, const char *, g->n_columns);
    if (!width || !rest)
        return mpl__fail_nomem(err, "a table");
    if (fit_widths(g, width, full - 2) > full + full / 2)
        records(p, g);
    else
        for (size_t r = 0; r <= g->n_rows; r++)
            table_row(p, g, width, rest, g->cells + r * g->n_columns);
    own(p)->last = BLOCK;
    return MPL_OK;
}

/* A dictionary: "id  title", and below the title what else there is. */
static void entries(mpl__page *p, const mpl_report_table *t)
{
    size_t width = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        const size_t w = mpl__utf8_width(t->cells[r * t->n_columns].text);
        width = w > width ? w : width;
    }
    for (size_t r = 0; r < t->n_rows; r++) {
        const mpl_value *row = t->cells + r * t->n_columns;
        mpl__text_visible(&p->text, row[0].text);
        mpl__text_repeat(&p->text, " ", width + 2 - mpl__utf8_width(row[0].text));
        for (size_t c = 1; c < t->n_columns; c++) {
            if (t->columns[c].machine_only || mpl__value_missing(t->columns[c].kind, row[c]))
                continue;
            mpl__text line = { 0 };
            if (c > 1) {
                mpl__text_repeat(&p->text, " ", width + 2);
                mpl__text_format(&line, "%s: ", t->columns[c].label);
            }
            mpl__show_value(&line, t->columns[c].kind, row[c], &p->style);
            mpl__show_wrapped(&p->text, line.data ? line.data : "", width + 2, own(p)->width);
            p->text.failed |= line.failed;
            mpl__text_free(&line);
        }
    }
    own(p)->last = BLOCK;
}

static mpl_status plot(mpl__page *p, const mpl_section *s, mpl_error *err)
{
    if (s->plot_label)
        paragraph(p, s->plot_label);
    if (own(p)->last != NOTHING)
        mpl__text_char(&p->text, '\n');
    MPL_TRY(mpl__text_flush(&p->text, p->out, err));
    MPL_TRY(mpl_plot_write(s->plot, "text", &p->options->draw, p->out, err));
    own(p)->last = BLOCK;
    return MPL_OK;
}

static mpl_status write_text(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    static const mpl__looks looks = { .equals = "=", .between = " ", .heading = heading, .paragraph = paragraph,
                                      .item = item, .bullet = bullet, .rows = rows, .entries = entries,
                                      .plot = plot };
    const bool ascii = options->draw.ascii;
    text_page text = { .width = options->draw.width ? options->draw.width : DEFAULT_WIDTH };
    mpl__page *const p = &text.page;
    *p = (mpl__page){ .out = out, .report = report, .options = options,
                      .style = { .digits = options->digits, .thousands = mpl__thousands_find(options->thousands),
                                 .house = mpl__house_find(report->style),
                                 .put = mpl__text_visible, .put_own = ascii ? mpl__put_ascii : mpl__text_add,
                                 .put_label = ascii ? put_label_ascii : mpl__text_visible } };
    heading(p, report->title ? report->title : report->command, 1, NULL);
    if (report->style && report->stamp)
        paragraph(p, report->stamp);
    mpl__text_char(&p->text, '\n');
    mpl_status s = mpl__walk_report(p, &looks, err);
    if (s == MPL_OK)
        s = mpl__text_flush(&p->text, out, err);
    mpl__text_free(&p->text);
    return s;
}

const mpl__format mpl__format_text = {
    .method = { .id = "text", .title = "for people: figure, sentences and tables", .cite = "metapool" },
    .for_people = true,
    .has_plot = true,
    .write = write_text,
};
