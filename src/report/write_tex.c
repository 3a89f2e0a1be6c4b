/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LaTeX for pdflatex, lualatex and xelatex: one file, its figures drawn by TikZ, its tables over pages with their heads
 * repeated. What pdflatex has no letter for stands as [U+4E2D] there, and as itself in the other two.
 */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "plot/plot.h"
#include "report/format.h"
#include "report/show.h"
#include "report/tex_figure.h"
#include "report/walk.h"

typedef enum open_list { NOTHING, FACTS, BULLETS } open_list;

typedef struct tex_page {
    mpl__page page; /* first, so that the walk's page is this one */
    open_list open;
} tex_page;

static tex_page *own(mpl__page *p)
{
    return (tex_page *)p;
}

/* Typography of our own sentences, and characters that mean something to TeX or join with the next. */
static const struct { uint32_t code; const char *tex; } letters[] = {
    { '\\', "\\textbackslash{}" }, { '{', "\\{" }, { '}', "\\}" }, { '$', "\\$" }, { '&', "\\&" }, { '#', "\\#" },
    { '_', "\\_" }, { '%', "\\%" }, { '~', "\\textasciitilde{}" }, { '^', "\\textasciicircum{}" },
    { '<', "\\textless{}" }, { '>', "\\textgreater{}" }, { '|', "\\textbar{}" }, { '`', "\\textasciigrave{}" },
    { '"', "\\textquotedbl{}" }, { '[', "{[}" }, { ']', "{]}" },
    { 0xA0, "~" }, { 0xB2, "\\textsuperscript{2}" }, { 0xB5, "\\ensuremath{\\mu}" }, { 0xD7, "\\ensuremath{\\times}" },
    { 0x3B1, "\\ensuremath{\\alpha}" }, { 0x3B2, "\\ensuremath{\\beta}" }, { 0x3BC, "\\ensuremath{\\mu}" },
    { 0x3C1, "\\ensuremath{\\rho}" }, { 0x3C3, "\\ensuremath{\\sigma}" }, { 0x3C4, "\\ensuremath{\\tau}" },
    { 0x3C6, "\\ensuremath{\\varphi}" }, { 0x3C7, "\\ensuremath{\\chi}" }, { 0x2013, "\\textendash{}" },
    { 0x2014, "\\textemdash{}" }, { 0x2018, "\\textquoteleft{}" }, { 0x2019, "\\textquoteright{}" },
    { 0x201C, "\\textquotedblleft{}" }, { 0x201D, "\\textquotedblright{}" }, { 0x2026, "\\ldots{}" },
    { 0x202F, "\\," },
    { 0x2212, "\\ensuremath{-}" }, { 0x221E, "\\ensuremath{\\infty}" }, { 0x2264, "\\ensuremath{\\leq}" },
    { 0x2265, "\\ensuremath{\\geq}" },
};

/* Western letters with accents, which every engine has. */
static bool is_western(uint32_t code)
{
    return (code >= 0xC0 && code <= 0xFF) || (code >= 0x152 && code <= 0x153) || (code >= 0x160 && code <= 0x161) ||
           code == 0x178 || code == 0x17D || code == 0x17E;
}

static void add_letter(mpl__text *t, const char *s, size_t n, uint32_t code)
{
    size_t i = 0;
    while (i < sizeof letters / sizeof *letters && letters[i].code != code)
        i++;
    if (i < sizeof letters / sizeof *letters)
        mpl__text_add(t, letters[i].tex);
    else if (code < 0x80 || is_western(code))
        mpl__text_addn(t, s, n);
    else
        mpl__text_format(t, "\\letter{%X}", (unsigned)code);
}

/* Long words may break; "--" and ",," stay two characters. */
static void escape(mpl__text *t, const char *s)
{
    enum { UNBROKEN = 30 };
    size_t run = 0;
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        size_t n = mpl__utf8_next(s, left, &code);
        n = n ? n : 1;
        add_letter(t, s, n, code);
        run = *s == ' ' ? 0 : run + 1;
        if ((*s == '-' || *s == ',') && left > 1 && s[1] == *s)
            mpl__text_add(t, "{}");
        if (run == UNBROKEN && left > n) {
            mpl__text_add(t, "\\hspace{0pt}");
            run = 0;
        }
        s += n;
        left -= n;
    }
}

/* Data keep their straight quotes. */
static void put_data(mpl__text *t, const char *data)
{
    mpl__text seen = { 0 };
    mpl__text_visible(&seen, data);
    for (const char *s = seen.data ? seen.data : ""; *s;) {
        const size_t n = strcspn(s, "'");
        mpl__text piece = { 0 };
        mpl__text_addn(&piece, s, n);
        if (piece.data)
            escape(t, piece.data);
        if (s[n])
            mpl__text_add(t, "\\textquotesingle{}");
        s += n + (s[n] != '\0');
        t->failed |= piece.failed;
        mpl__text_free(&piece);
    }
    t->failed |= seen.failed;
    mpl__text_free(&seen);
}

static void put_link(mpl__text *t, const char *target, const char *words)
{
    mpl__text_format(t, "\\hyperlink{%s}{", target); /* ours: letters, digits and "-" */
    escape(t, words);
    mpl__text_char(t, '}');
}

static void open_list_of(mpl__page *p, open_list want)
{
    static const char *const names[] = { [NOTHING] = "", [FACTS] = "description", [BULLETS] = "itemize" };
    if (own(p)->open == want)
        return;
    if (own(p)->open != NOTHING)
        mpl__text_format(&p->text, "\\end{%s}\n", names[own(p)->open]);
    if (want != NOTHING)
        mpl__text_format(&p->text, "\\begin{%s}\n", names[want]);
    own(p)->open = want;
}

static void heading(mpl__page *p, const char *label, unsigned level, const char *id)
{
    (void)id;
    open_list_of(p, NOTHING);
    if (!*label)
        return;
    mpl__text_format(&p->text, "\n\\%ssection*{", level == 2 ? "" : level == 3 ? "sub" : "subsub");
    p->style.put_label(&p->text, label);
    mpl__text_add(&p->text, "}\n");
}

static void paragraph(mpl__page *p, const char *shown)
{
    open_list_of(p, NOTHING);
    mpl__text_format(&p->text, "\n%s\\par\n", shown);
}

static void item(mpl__page *p, const char *label, const char *shown, size_t i, size_t n)
{
    (void)n;
    open_list_of(p, FACTS);
    mpl__text_add(&p->text, "\\item[{");
    if (label && i == 0)
        p->style.put_own(&p->text, label);
    mpl__text_format(&p->text, "}] %s\n", shown);
}

static void bullet(mpl__page *p, const char *key, size_t anchor, size_t number, const char *shown)
{
    open_list_of(p, BULLETS);
    mpl__text_add(&p->text, "\\item");
    if (number)
        mpl__text_format(&p->text, "[%zu.]", number);
    if (anchor)
        mpl__text_format(&p->text, "\\hypertarget{%s-%zu}{}", key, anchor);
    mpl__text_format(&p->text, " %s\n", shown);
}

/* ---- tables */

enum { LINE = 104, LONGEST = 30, NARROWEST = 14 }; /* characters of a line in small print */

/* Characters that a cell takes in print, roughly: commands are one. */
static size_t printed(const char *cell)
{
    size_t n = 0;
    for (; *cell; n++) {
        if (*cell == '\\') {
            cell += 1 + strspn(cell + 1, "abcdefghijklmnopqrstuvwxyz");
            cell += strncmp(cell, "{}", 2) ? 0 : 2;
        } else {
            cell++;
        }
    }
    return n;
}

static size_t widest(const mpl__grid *g, size_t c)
{
    size_t most = 0;
    for (size_t r = 0; r <= g->n_rows; r++) {
        const size_t n = printed(g->cells[r * g->n_columns + c]);
        most = n > most ? n : most;
    }
    return most;
}

/* Columns: numbers as they are, long texts in paragraphs that share what is left of the line. */
static void add_columns(mpl__page *p, const mpl__grid *g)
{
    size_t fixed = 0, flexible = 0, wanted = 0;
    for (size_t c = 0; c < g->n_columns; c++) {
        const size_t n = widest(g, c);
        const bool is_long = !g->is_number[c] && n > LONGEST;
        fixed += is_long ? 2 : n + 2;
        flexible += is_long;
        wanted += is_long ? n : 0;
    }
    const size_t room = fixed + NARROWEST * flexible < LINE ? LINE - fixed : NARROWEST * flexible;
    mpl__text_format(&p->text, "{\\%s\n\\begin{longtable}[l]{@{}", fixed + room > LINE + 30 ? "tiny"
                                                                 : fixed + room > LINE      ? "scriptsize"
                                                                                            : "footnotesize");
    for (size_t c = 0; c < g->n_columns; c++) {
        const size_t n = widest(g, c);
        size_t share = wanted ? room * n / wanted : 0;
        share = share < NARROWEST ? NARROWEST : share;
        if (g->is_number[c] || n <= LONGEST)
            mpl__text_char(&p->text, g->is_number[c] ? 'r' : 'l');
        else
            mpl__text_format(&p->text, ">{\\raggedright\\arraybackslash}p{0.%03zu\\linewidth}",
                             1000 * (share < n ? share : n) / (LINE + 10));
    }
    mpl__text_add(&p->text, "@{}}\n");
}

static void add_row(mpl__page *p, const mpl__grid *g, size_t r)
{
    for (size_t c = 0; c < g->n_columns; c++)
        mpl__text_format(&p->text, r == 0 ? "%s\\bfseries %s" : "%s%s", c ? " & " : "", g->cells[r * g->n_columns + c]);
    mpl__text_add(&p->text, " \\\\\n");
}

static mpl_status rows(mpl__page *p, const mpl_report_table *table, const mpl__grid *g, mpl__arena *scratch,
                       mpl_error *err)
{
    (void)scratch;
    open_list_of(p, NOTHING);
    if (table->label) {
        mpl__text_add(&p->text, "\n\\tablecaption{");
        p->style.put_label(&p->text, table->label);
        mpl__text_add(&p->text, "}\n");
    }
    add_columns(p, g);
    mpl__text_add(&p->text, "\\hline\n");
    add_row(p, g, 0);
    mpl__text_add(&p->text, "\\hline\\noalign{\\smallskip}\n\\endhead\n\\hline\n\\endfoot\n");
    for (size_t r = 1; r <= g->n_rows; r++) {
        add_row(p, g, r);
        if (p->text.size > 1 << 16)
            MPL_TRY(mpl__text_flush(&p->text, p->out, err));
    }
    mpl__text_add(&p->text, "\\end{longtable}}\n");
    return MPL_OK;
}

static mpl_status add_picture(mpl__page *p, const mpl_section *section, const mpl_draw_options *draw, size_t n,
                              mpl_error *err)
{
    mpl__text svg = { 0 };
    const mpl_status s = mpl__plot_draw(section->plot, "svg", draw, &svg, err);
    p->text.failed |= svg.failed;
    mpl__text_add(&p->text, "\n\\begin{picture*}{");
    if (section->plot_label)
        mpl__walk_label(p, section->plot_label, draw->page, n);
    mpl__text_add(&p->text, "}\n");
    if (s == MPL_OK && !svg.failed)
        mpl__tex_figure(&p->text, svg.data, put_data);
    mpl__text_add(&p->text, "\\end{picture*}\n");
    mpl__text_free(&svg);
    return s;
}

static mpl_status plot(mpl__page *p, const mpl_section *section, mpl_error *err)
{
    mpl_draw_options draw;
    size_t n;
    MPL_TRY(mpl__walk_figure(p, section->plot, &draw, &n, err));
    open_list_of(p, NOTHING);
    for (draw.page = 1; draw.page <= n; draw.page++)
        MPL_TRY(add_picture(p, section, &draw, n, err));
    return MPL_OK;
}

/* A figure is made to fit the page; its caption goes below. */
static const char preamble[] =
    "\\documentclass[a4paper,11pt]{article}\n"
    "\\usepackage[margin=22mm]{geometry}\n"
    "\\usepackage{iftex}\n"
    "\\ifPDFTeX\n"
    "  \\usepackage[utf8]{inputenc}\n"
    "  \\usepackage[T1]{fontenc}\n"
    "  \\usepackage{textcomp}\n"
    "  \\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n"
    "  \\newcommand{\\letter}[1]{{[}U+#1{]}\\hspace{0pt}}\n"
    "\\else\n"
    "  \\usepackage{fontspec}\n"
    /* what the main font lacks comes from another, and is never left out in silence */
    "  \\newcommand{\\unknown}[1]{{\\normalfont{[}U+#1{]}}}\n"
    "  \\let\\wide\\relax\\let\\eastern\\relax\n"
    "  \\IfFontExistsTF{DejaVu Sans}{\\newfontfamily\\wide{DejaVu Sans}}{}\n"
    "  \\IfFontExistsTF{Noto Sans CJK SC}{\\newfontfamily\\eastern{Noto Sans CJK SC}}\n"
    "    {\\IfFontExistsTF{Droid Sans Fallback}{\\newfontfamily\\eastern{Droid Sans Fallback}}{}}\n"
    "  \\newcommand{\\from}[3]{{#1\\iffontchar\\font\"#2 \\char\"#2\\relax\\else#3\\fi}}\n"
    "  \\newcommand{\\letter}[1]{\\from{}{#1}{\\from{\\wide}{#1}{\\from{\\eastern}{#1}{\\unknown{#1}}\\hspace{0pt}}}}\n"
    "\\fi\n"
    "\\usepackage{array,longtable,graphicx,tikz}\n"
    "\\usepackage[hidelinks]{hyperref}\n"
    "\\setlength{\\parindent}{0pt}\n"
    "\\setlength{\\parskip}{0.5\\baselineskip}\n"
    "\\setlength{\\emergencystretch}{3em}\n"
    "\\renewcommand{\\arraystretch}{1.1}\n"
    "\\setlength{\\tabcolsep}{4.5pt}\n"
    "\\newsavebox{\\figurebox}\n"
    "\\newenvironment{picture*}[1]%\n"
    "  {\\def\\figurecaption{#1}\\begin{lrbox}{\\figurebox}}%\n"
    "  {\\end{lrbox}\\par\\noindent\\begin{minipage}{\\linewidth}%\n"
    "   \\ifdim\\wd\\figurebox>\\linewidth\\sbox{\\figurebox}{\\resizebox{\\linewidth}{!}{\\usebox{\\figurebox}}}\\fi\n"
    "   \\ifdim\\ht\\figurebox>0.8\\textheight\\sbox{\\figurebox}{\\resizebox{!}{0.8\\textheight}"
    "{\\usebox{\\figurebox}}}\\fi\n"
    "   \\usebox{\\figurebox}\\par\\smallskip{\\small\\figurecaption\\par}\\end{minipage}\\par}\n"
    "\\newcommand{\\tablecaption}[1]{\\par\\medskip\\noindent{\\small\\textbf{#1}}\\par\\nopagebreak\\vspace{-1ex}}\n";

static mpl_status write_tex(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    static const mpl__looks looks = { .equals = " = ", .between = "; ", .has_captions = true, .heading = heading,
                                      .paragraph = paragraph, .item = item, .bullet = bullet, .rows = rows,
                                      .plot = plot };
    tex_page tex = { .open = NOTHING };
    mpl__page *const p = &tex.page;
    *p = (mpl__page){ .out = out, .report = report, .options = options,
                      .style = { .digits = options->digits, .thousands = mpl__thousands_find(options->thousands),
                                 .house = mpl__house_find(report->style), .put = put_data,
                                 .put_own = escape, .put_label = put_data, .put_link = put_link } };
    mpl__text_add(&p->text, preamble);
    if (report->stamp)
        mpl__text_format(&p->text, "\\pagestyle{myheadings}\n\\markright{%s}\n", report->stamp);
    mpl__text_add(&p->text, "\\begin{document}\n");
    if (report->stamp)
        mpl__text_format(&p->text, "{\\centering\\bfseries %s\\par}\n", report->stamp);
    mpl__text_add(&p->text, "{\\LARGE\\bfseries\\raggedright ");
    put_data(&p->text, report->title ? report->title : report->command);
    mpl__text_add(&p->text, "\\par}\n");
    mpl_status s = mpl__walk_report(p, &looks, err);
    open_list_of(p, NOTHING);
    mpl__text_add(&p->text, "\n\\end{document}\n");
    if (s == MPL_OK)
        s = mpl__text_flush(&p->text, out, err);
    mpl__text_free(&p->text);
    return s;
}

const mpl__format mpl__format_tex = {
    .method = { .id = "tex", .title = "LaTeX, with its figures drawn by TikZ",
                .cite = "Lamport 1994, LaTeX: A Document Preparation System, 2nd ed.",
                .aliases = "latex" },
    .for_people = true,
    .has_plot = true,
    .write = write_tex,
};
