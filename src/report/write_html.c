/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One HTML file that needs nothing else: figures are SVG inside it, the style sheet is its own, nothing is fetched. The
 * script at the end only lets a reader sort tables; without it everything is there. Well-formed XML, too.
 */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "plot/plot.h"
#include "report/format.h"
#include "report/html_parts.h"
#include "report/show.h"
#include "report/walk.h"

typedef enum open_element { NOTHING, FACTS, BULLETS, NUMBERS } open_element;

typedef struct html_page {
    mpl__page page;    /* first, so that the walk's page is this one */
    open_element open; /* the list that is being filled */
    unsigned depth;    /* sections that are open: levels 2 to depth + 1 */
} html_page;

static html_page *own(mpl__page *p)
{
    return (html_page *)p;
}

/* Control characters have been made visible. */
static void escape(mpl__text *t, const char *s)
{
    for (; *s; s++)
        switch (*s) {
        case '&':
            mpl__text_add(t, "&amp;");
            break;
        case '<':
            mpl__text_add(t, "&lt;");
            break;
        case '>':
            mpl__text_add(t, "&gt;");
            break;
        case '"':
            mpl__text_add(t, "&quot;");
            break;
        default:
            mpl__text_char(t, *s);
        }
}

static void put_data(mpl__text *t, const char *data)
{
    mpl__text seen = { 0 };
    mpl__text_visible(&seen, data);
    escape(t, seen.data ? seen.data : "");
    t->failed |= seen.failed;
    mpl__text_free(&seen);
}

static void put_link(mpl__text *t, const char *target, const char *words)
{
    mpl__text_add(t, "<a href=\"#");
    escape(t, target);
    mpl__text_add(t, "\">");
    escape(t, words);
    mpl__text_add(t, "</a>");
}

/* ---- lists and sections that are open */

static const char *const list_tags[] = { [NOTHING] = "", [FACTS] = "dl", [BULLETS] = "ul", [NUMBERS] = "ol" };

static void open_list(mpl__page *p, open_element want)
{
    html_page *const h = own(p);
    if (h->open == want)
        return;
    if (h->open != NOTHING)
        mpl__text_format(&p->text, "</%s>\n", list_tags[h->open]);
    if (want != NOTHING)
        mpl__text_format(&p->text, "<%s>\n", list_tags[want]);
    h->open = want;
}

static void close_sections(mpl__page *p, unsigned depth)
{
    open_list(p, NOTHING);
    for (; own(p)->depth > depth; own(p)->depth--)
        mpl__text_add(&p->text, "</section>\n");
}

static void add_id(mpl__page *p, const char *id)
{
    if (!id)
        return;
    mpl__text_add(&p->text, " id=\"");
    escape(&p->text, id);
    mpl__text_char(&p->text, '"');
}

static void heading(mpl__page *p, const char *label, unsigned level, const char *id)
{
    open_list(p, NOTHING);
    if (!*label)
        return;
    if (level == 4) /* of a list */
        level = p->report->style ? own(p)->depth + 2 : 2;
    if (level < 4) {
        close_sections(p, level - 2);
        mpl__text_add(&p->text, "<section");
        add_id(p, id);
        mpl__text_add(&p->text, ">\n");
        own(p)->depth++;
    }
    mpl__text_format(&p->text, "<h%u>", level);
    p->style.put_label(&p->text, label);
    mpl__text_format(&p->text, "</h%u>\n", level);
}

/* ---- pieces */

static void paragraph(mpl__page *p, const char *shown)
{
    open_list(p, NOTHING);
    mpl__text_format(&p->text, "<p>%s</p>\n", shown);
}

static void item(mpl__page *p, const char *label, const char *shown, size_t i, size_t n)
{
    (void)n;
    if (!label) {
        paragraph(p, shown);
        return;
    }
    open_list(p, FACTS);
    if (i == 0) {
        mpl__text_add(&p->text, "<dt>");
        p->style.put_own(&p->text, label);
        mpl__text_add(&p->text, "</dt>\n");
    }
    mpl__text_format(&p->text, "<dd>%s</dd>\n", shown);
}

static void bullet(mpl__page *p, const char *key, size_t anchor, size_t number, const char *shown)
{
    open_list(p, number ? NUMBERS : BULLETS);
    if (anchor)
        mpl__text_format(&p->text, "<li id=\"%s-%zu\">%s</li>\n", key, anchor, shown);
    else
        mpl__text_format(&p->text, "<li>%s</li>\n", shown);
}

static void begin_table(mpl__page *p, const mpl_report_table *table)
{
    open_list(p, NOTHING);
    mpl__text_add(&p->text, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    p->style.put_label(&p->text, table->label ? table->label : "Table");
    mpl__text_format(&p->text, "\">\n<table%s>\n", table->n_rows > 2 ? " class=\"sortable\"" : "");
    if (table->label) {
        mpl__text_add(&p->text, "<caption>");
        p->style.put_label(&p->text, table->label);
        mpl__text_add(&p->text, "</caption>\n");
    }
}

static mpl_status rows(mpl__page *p, const mpl_report_table *table, const mpl__grid *g, mpl__arena *scratch,
                       mpl_error *err)
{
    (void)scratch;
    begin_table(p, table);
    for (size_t r = 0; r <= g->n_rows; r++) {
        mpl__text_add(&p->text, r == 0 ? "<thead>\n<tr>" : r == 1 ? "<tbody>\n<tr>" : "<tr>");
        for (size_t c = 0; c < g->n_columns; c++) {
            const bool is_name = r > 0 && c == 0 && !g->is_number[0];
            const char *const tag = r == 0 || is_name ? "th" : "td";
            mpl__text_format(&p->text, "<%s%s%s>%s</%s>", tag,
                             r == 0 ? " scope=\"col\"" : is_name ? " scope=\"row\"" : "",
                             g->is_number[c] ? " class=\"n\"" : "", g->cells[r * g->n_columns + c], tag);
        }
        mpl__text_add(&p->text, r == 0 ? "</tr>\n</thead>\n" : "</tr>\n");
        if (p->text.size > 1 << 16)
            MPL_TRY(mpl__text_flush(&p->text, p->out, err));
    }
    mpl__text_add(&p->text, g->n_rows ? "</tbody>\n</table>\n</div>\n" : "</table>\n</div>\n");
    return MPL_OK;
}

/* The figure without what makes it a file of its own: the XML declaration. */
static mpl_status add_svg(mpl__page *p, const mpl_plot *plot, const mpl_draw_options *draw, mpl_error *err)
{
    mpl__text svg = { 0 };
    const mpl_status s = mpl__plot_draw(plot, "svg", draw, &svg, err);
    p->text.failed |= svg.failed;
    if (s == MPL_OK && !svg.failed)
        mpl__text_add(&p->text, strstr(svg.data, "<svg"));
    mpl__text_free(&svg);
    return s;
}

static mpl_status plot(mpl__page *p, const mpl_section *section, mpl_error *err)
{
    mpl_draw_options draw;
    size_t n;
    MPL_TRY(mpl__walk_figure(p, section->plot, &draw, &n, err));
    open_list(p, NOTHING);
    for (draw.page = 1; draw.page <= n; draw.page++) {
        mpl__text_add(&p->text, "<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
        mpl__walk_label(p, section->plot_label ? section->plot_label : section->plot->type->title, draw.page, n);
        mpl__text_add(&p->text, "\">\n");
        MPL_TRY(add_svg(p, section->plot, &draw, err));
        mpl__text_add(&p->text, "</div>\n");
        if (section->plot_label) {
            mpl__text_add(&p->text, "<figcaption>");
            mpl__walk_label(p, section->plot_label, draw.page, n);
            mpl__text_add(&p->text, "</figcaption>\n");
        }
        mpl__text_add(&p->text, "</figure>\n");
    }
    return MPL_OK;
}

static void add_head(mpl__page *p)
{
    const char *const title = p->report->title ? p->report->title : p->report->command;
    mpl__text_add(&p->text, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                            "<meta name=\"generator\" content=\"metapool " MPL_VERSION "\"/>\n<title>");
    put_data(&p->text, title);
    mpl__text_add(&p->text, "</title>\n<style>\n");
    mpl__text_add(&p->text, mpl__html_style);
    if (p->report->stamp)
        mpl__text_format(&p->text, "@page { @top-center { content: '%s'; font: bold 10pt Arial, sans-serif; "
                                   "color: #7a1f00; } }\n", p->report->stamp);
    mpl__text_add(&p->text, "</style>\n</head>\n<body>\n");
    if (p->report->stamp)
        mpl__text_format(&p->text, "<p class=\"stamp\">%s</p>\n", p->report->stamp);
    mpl__text_add(&p->text, "<main>\n<h1>");
    put_data(&p->text, title);
    mpl__text_add(&p->text, "</h1>\n");
}

static mpl_status write_html(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    static const mpl__looks looks = { .equals = " = ", .between = ", ", .has_captions = true, .heading = heading,
                                      .paragraph = paragraph, .item = item, .bullet = bullet, .rows = rows,
                                      .plot = plot };
    html_page html = { .open = NOTHING };
    mpl__page *const p = &html.page;
    *p = (mpl__page){ .out = out, .report = report, .options = options,
                      .style = { .digits = options->digits, .thousands = mpl__thousands_find(options->thousands),
                                 .house = mpl__house_find(report->style), .put = put_data,
                                 .put_own = escape, .put_label = put_data, .put_link = put_link } };
    add_head(p);
    mpl_status s = mpl__walk_report(p, &looks, err);
    close_sections(p, 0);
    mpl__text_add(&p->text, "</main>\n<script>\n");
    mpl__text_add(&p->text, mpl__html_script);
    mpl__text_add(&p->text, "</script>\n</body>\n</html>\n");
    if (s == MPL_OK)
        s = mpl__text_flush(&p->text, out, err);
    mpl__text_free(&p->text);
    return s;
}

const mpl__format mpl__format_html = {
    .method = { .id = "html", .title = "one file for browsers and printers, with its figures",
                .cite = "HTML Living Standard, WHATWG" },
    .for_people = true,
    .has_plot = true,
    .write = write_html,
};
