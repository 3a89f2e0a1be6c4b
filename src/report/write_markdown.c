/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Markdown with GitHub's tables: the text report without the drawing, for notebooks, issues and appendices. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "report/format.h"
#include "report/show.h"
#include "report/walk.h"

typedef struct markdown_page {
    mpl__page page;   /* first, so that the walk's page is this one */
    size_t n_figures;
    enum { NOTHING, ITEMS, BLOCK } last; /* what was written last; a blank line separates unlike things */
} markdown_page;

static markdown_page *own(mpl__page *p)
{
    return (markdown_page *)p;
}

/* True if the character at s would mean something: inside a line, or at `start`, where a block begins. */
static bool is_markup(const char *start, const char *s)
{
    if (strchr("\\`*_[]|~$", *s))
        return true;
    if (*s == '<' || *s == '&') /* a tag, an entity */
        return (s[1] | 0x20) >= 'a' && (s[1] | 0x20) <= 'z' ? true : strchr("/!?#", s[1]) != NULL;
    if (s == start)
        return strchr("#+-=>", *s);
    const size_t digits = strspn(start, "0123456789"); /* "1. " */
    return s == start + digits && digits && strchr(".)", *s) && (s[1] == ' ' || !s[1]);
}

/* Data must not become markup. */
static void put_data(mpl__text *t, const char *data)
{
    mpl__text seen = { 0 };
    mpl__text_visible(&seen, data);
    const char *const start = seen.data ? seen.data : "";
    for (const char *s = start; *s; s++) {
        if (is_markup(start, s))
            mpl__text_char(t, '\\');
        mpl__text_char(t, *s);
    }
    t->failed |= seen.failed;
    mpl__text_free(&seen);
}

/* In a document the labels of tables are no headings. */
static void heading(mpl__page *p, const char *label, unsigned level, const char *id)
{
    (void)id;
    own(p)->last = NOTHING;
    mpl__text_char(&p->text, '\n');
    if (!*label)
        return;
    const bool is_caption = level == 4 && p->report->style;
    mpl__text_add(&p->text, is_caption ? "**" : level == 3 ? "### " : "## ");
    p->style.put_label(&p->text, label);
    mpl__text_add(&p->text, is_caption ? "**\n\n" : "\n\n");
}

static void paragraph(mpl__page *p, const char *shown)
{
    mpl__text_format(&p->text, own(p)->last == NOTHING ? "%s\n" : "\n%s\n", shown);
    own(p)->last = BLOCK;
}

static mpl_status rows(mpl__page *p, const mpl_report_table *table, const mpl__grid *g, mpl__arena *scratch,
                       mpl_error *err)
{
    (void)table;
    (void)scratch;
    (void)err;
    mpl__text_add(&p->text, own(p)->last == NOTHING ? "" : "\n");
    for (size_t r = 0; r <= g->n_rows; r++) {
        for (size_t c = 0; c < g->n_columns; c++)
            mpl__text_format(&p->text, "| %s ", g->cells[r * g->n_columns + c]);
        mpl__text_add(&p->text, "|\n");
        for (size_t c = 0; c < g->n_columns && r == 0; c++)
            mpl__text_add(&p->text, g->is_number[c] ? "| ---: " : "| --- ");
        if (r == 0)
            mpl__text_add(&p->text, "|\n");
    }
    own(p)->last = BLOCK;
    return MPL_OK;
}

static void begin_item(mpl__page *p, const char *mark)
{
    mpl__text_add(&p->text, own(p)->last == BLOCK ? "\n" : "");
    mpl__text_add(&p->text, mark);
    own(p)->last = ITEMS;
}

static void item(mpl__page *p, const char *label, const char *shown, size_t i, size_t n)
{
    (void)i;
    (void)n;
    begin_item(p, "- ");
    if (label)
        mpl__text_format(&p->text, "**%s:** ", label);
    mpl__text_format(&p->text, "%s\n", shown);
}

static void bullet(mpl__page *p, const char *key, size_t anchor, size_t number, const char *shown)
{
    (void)key;
    (void)anchor;
    begin_item(p, number ? "" : "- ");
    if (number)
        mpl__text_format(&p->text, "%zu. ", number);
    mpl__text_format(&p->text, "%s\n", shown);
}

/* The name of a file of the figure: NAME-1.svg; NAME-1-2.svg for the second of several pages. */
static void add_file(mpl__page *p, size_t page, size_t n)
{
    for (const char *s = p->options->figures; *s; s++) {
        if (strchr("<>\\", *s))
            mpl__text_char(&p->text, '\\');
        mpl__text_char(&p->text, *s == '\n' ? ' ' : *s);
    }
    mpl__text_format(&p->text, "-%zu", own(p)->n_figures);
    if (n > 1)
        mpl__text_format(&p->text, "-%zu", page);
    mpl__text_add(&p->text, ".svg");
}

/* A link to the figure's file; without files its caption and what it shows in words. */
static mpl_status plot(mpl__page *p, const mpl_section *section, mpl_error *err)
{
    const char *const label = section->plot_label ? section->plot_label : section->plot->type->title;
    size_t n;
    MPL_TRY(mpl_plot_get_pages(section->plot, "svg", &p->options->draw, &n, err));
    own(p)->n_figures++;
    mpl__text_add(&p->text, own(p)->last == NOTHING ? "" : "\n");
    for (size_t page = 1; p->options->figures && page <= n; page++) {
        mpl__text_add(&p->text, "![");
        mpl__walk_label(p, label, page, n);
        mpl__text_add(&p->text, "](<");
        add_file(p, page, n);
        mpl__text_add(&p->text, ">)\n\n");
    }
    mpl__text_char(&p->text, '*');
    put_data(&p->text, label);
    mpl__text_add(&p->text, "* ");
    put_data(&p->text, section->plot->desc);
    mpl__text_char(&p->text, '\n');
    own(p)->last = BLOCK;
    return MPL_OK;
}

static mpl_status write_markdown(const mpl_report *report, const mpl_write_options *options, FILE *out,
                                 mpl_error *err)
{
    static const mpl__looks looks = { .equals = " = ", .between = ", ", .heading = heading, .paragraph = paragraph,
                                      .item = item, .bullet = bullet, .rows = rows,
                                      .plot = plot };
    markdown_page markdown = { .last = NOTHING };
    mpl__page *const p = &markdown.page;
    *p = (mpl__page){ .out = out, .report = report, .options = options,
                      .style = { .digits = options->digits, .thousands = mpl__thousands_find(options->thousands),
                                 .house = mpl__house_find(report->style),
                                 .put = put_data, .put_own = mpl__text_add, .put_label = put_data } };
    mpl__text_add(&p->text, "# ");
    put_data(&p->text, report->title ? report->title : report->command);
    mpl__text_add(&p->text, "\n\n");
    if (report->style && report->stamp)
        mpl__text_format(&p->text, "**%s**\n\n", report->stamp);
    mpl_status s = mpl__walk_report(p, &looks, err);
    if (s == MPL_OK)
        s = mpl__text_flush(&p->text, out, err);
    mpl__text_free(&p->text);
    return s;
}

const mpl__format mpl__format_markdown = {
    .method = { .id = "markdown", .title = "headings and tables as in GitHub's Markdown",
                .cite = "CommonMark; GitHub Flavored Markdown", .aliases = "md" },
    .for_people = true,
    .write = write_markdown,
};
