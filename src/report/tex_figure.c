/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SVG to TikZ; see tex_figure.h. It reads what plot/svg.c and its users write and no other SVG: groups with colours,
 * lines, rectangles, polygons, circles, paths of straight lines, texts. Places are in big points, as there.
 */
#include "report/tex_figure.h"

#include <string.h>

#include "base/number.h"

enum { DEPTH = 16, SHORT = 64 };

/* What a group hands down. */
typedef struct paint {
    char fill[SHORT], stroke[SHORT], width[SHORT], dash[SHORT], font[SHORT];
    bool turned;
} paint;

typedef struct reader {
    mpl__text *out;
    void (*put)(mpl__text *t, const char *text);
    paint stack[DEPTH];
    size_t depth;
} reader;

/* The value of an attribute of the tag from `tag` to `end`; "" if it is not there, or too long to be one of ours. */
static const char *attribute(const char *tag, const char *end, const char *name, char out[SHORT])
{
    const size_t n = strlen(name);
    out[0] = '\0';
    for (const char *p = tag; (p = strstr(p, name)) && p < end; p += n) {
        if (p[-1] != ' ' || p[n] != '=' || p[n + 1] != '"')
            continue;
        const char *const value = p + n + 2;
        const size_t length = strcspn(value, "\"");
        if (length < SHORT) {
            memcpy(out, value, length);
            out[length] = '\0';
        }
        return out;
    }
    return out;
}

static void inherit(const char *tag, const char *end, const char *name, char member[SHORT])
{
    char value[SHORT];
    if (*attribute(tag, end, name, value))
        memcpy(member, value, SHORT);
}

/* The paint of an element: its own attributes, else its group's. */
static paint paint_of(const reader *r, const char *tag, const char *end)
{
    paint p = r->stack[r->depth];
    inherit(tag, end, "fill", p.fill);
    inherit(tag, end, "stroke", p.stroke);
    inherit(tag, end, "stroke-width", p.width);
    inherit(tag, end, "stroke-dasharray", p.dash);
    inherit(tag, end, "font-size", p.font);
    return p;
}

/* "#8c8c8c" as three numbers up to 255. */
static void add_colour(mpl__text *out, const char *key, const char *colour)
{
    static const char digits[] = "0123456789abcdef";
    mpl__text_format(out, "%s={rgb,255:", key);
    for (size_t i = 0; i < 3; i++) {
        const char *const high = strchr(digits, colour[1 + 2 * i]), *const low = strchr(digits, colour[2 + 2 * i]);
        mpl__text_format(out, "%s,%d", i == 0 ? "red" : i == 1 ? ";green" : ";blue",
                         high && low ? (int)(16 * (high - digits) + (low - digits)) : 0);
    }
    mpl__text_char(out, '}');
}

static bool is_colour(const char *s)
{
    return s[0] == '#' && strlen(s) == 7;
}

/* "\path[fill=...,draw=...] ". */
static void begin_path(reader *r, const paint *p)
{
    mpl__text_add(r->out, "\\path[");
    if (is_colour(p->fill)) {
        add_colour(r->out, "fill", p->fill);
        mpl__text_char(r->out, ',');
    }
    if (is_colour(p->stroke)) {
        add_colour(r->out, "draw", p->stroke);
        mpl__text_format(r->out, ",line width=%sbp", *p->width ? p->width : "1");
        const char *const blank = strchr(p->dash, ' ');
        if (blank)
            mpl__text_format(r->out, ",dash pattern=on %.*sbp off %sbp", (int)(blank - p->dash), p->dash, blank + 1);
    }
    mpl__text_add(r->out, "] ");
}

/* Numbers of a list divided by blanks, commas and letters, as "(x,y) -- (x,y)"; M begins anew, Z closes. */
static void add_points(reader *r, const char *s, const char *end, bool closed)
{
    size_t n = 0;
    while (s < end) {
        if (*s == 'M')
            n = 0;
        closed = closed || *s == 'Z';
        const size_t length = strspn(s, "0123456789.-");
        if (length == 0) {
            s++;
            continue;
        }
        mpl__text_add(r->out, n % 2 ? "," : n ? " -- (" : " (");
        mpl__text_addn(r->out, s, length);
        mpl__text_add(r->out, n++ % 2 ? ")" : "");
        s += length;
    }
    mpl__text_add(r->out, closed ? " -- cycle;\n" : ";\n");
}

/* The list in an attribute, which may be long. */
static void add_list(reader *r, const char *tag, const char *end, const char *name, bool closed)
{
    const char *const at = strstr(tag, name);
    if (!at || at > end)
        return;
    const char *const list = at + strlen(name);
    add_points(r, list, list + strcspn(list, "\""), closed);
}

/* Numbers of our own SVG always have their point as such. */
static double number_of(const char *s)
{
    double x = 0;
    (void)mpl__number_read(s, strlen(s), '.', &x);
    return x;
}

static void add_shape(reader *r, const char *tag, const char *end)
{
    char a[SHORT], b[SHORT], c[SHORT], d[SHORT];
    const paint p = paint_of(r, tag, end);
    const char *const x = attribute(tag, end, "x", a);
    if (!strncmp(tag, "<rect", 5) && strchr(attribute(tag, end, "width", c), '%'))
        return; /* the paper */
    begin_path(r, &p);
    if (!strncmp(tag, "<line", 5)) {
        mpl__text_format(r->out, "(%s,%s)", attribute(tag, end, "x1", a), attribute(tag, end, "y1", b));
        mpl__text_format(r->out, " -- (%s,%s);\n", attribute(tag, end, "x2", c), attribute(tag, end, "y2", d));
    } else if (!strncmp(tag, "<rect", 5)) {
        mpl__text_format(r->out, "(%s,%s) rectangle ++(%s,%s);\n", x, attribute(tag, end, "y", b), c,
                         attribute(tag, end, "height", d));
    } else if (!strncmp(tag, "<circle", 7)) {
        mpl__text_format(r->out, "(%s,%s) circle[radius=%sbp];\n", attribute(tag, end, "cx", a),
                         attribute(tag, end, "cy", b), attribute(tag, end, "r", c));
    } else if (!strncmp(tag, "<polygon", 8)) {
        add_list(r, tag, end, "points=\"", true);
    } else {
        add_list(r, tag, end, " d=\"", false);
    }
}

/* The text up to `end` without XML's escapes. */
static void unescape(mpl__text *t, const char *s, const char *end)
{
    static const struct { const char *name; char c; } names[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
                                                                  { "&quot;", '"' } };
    while (s < end) {
        size_t i = 0;
        while (i < 4 && strncmp(s, names[i].name, strlen(names[i].name)))
            i++;
        mpl__text_char(t, i < 4 ? names[i].c : *s);
        s += i < 4 ? strlen(names[i].name) : 1;
    }
}

static void add_text(reader *r, const char *tag, const char *end)
{
    char x[SHORT], y[SHORT], anchor[SHORT], weight[SHORT], size[350];
    const paint p = paint_of(r, tag, end);
    mpl__text words = { 0 };
    unescape(&words, end + 1, strstr(end, "</text>"));
    attribute(tag, end, "text-anchor", anchor);
    mpl__number_fixed(1.2 * number_of(p.font), 2, size);
    mpl__text_format(r->out, "\\node[anchor=base%s,inner sep=0%s,font=\\sffamily\\fontsize{%sbp}{%sbp}\\selectfont%s",
                     !strcmp(anchor, "end") ? " east" : *anchor ? "" : " west", p.turned ? ",rotate=90" : "", p.font,
                     size, *attribute(tag, end, "font-weight", weight) ? "\\bfseries" : "");
    if (is_colour(p.fill)) {
        mpl__text_char(r->out, ',');
        add_colour(r->out, "text", p.fill);
    }
    mpl__text_format(r->out, "] at (%s,%s) {", attribute(tag, end, "x", x), attribute(tag, end, "y", y));
    if (words.data && !words.failed)
        r->put(r->out, words.data);
    r->out->failed |= words.failed;
    mpl__text_free(&words);
    mpl__text_add(r->out, "};\n");
}

/* A turned group moves its texts: as a scope with a shift. */
static void open_group(reader *r, const char *tag, const char *end)
{
    char transform[SHORT];
    paint p = paint_of(r, tag, end);
    attribute(tag, end, "transform", transform);
    const char *const open = strchr(transform, '('), *const blank = open ? strchr(open, ' ') : NULL;
    const char *const close = blank ? strchr(blank, ')') : NULL;
    if (close)
        mpl__text_format(r->out, "\\begin{scope}[shift={(%.*s,%.*s)},turned]\n", (int)(blank - open - 1), open + 1,
                         (int)(close - blank - 1), blank + 1);
    else
        mpl__text_add(r->out, "\\begin{scope}\n");
    p.turned = p.turned || close;
    if (r->depth + 1 < DEPTH)
        r->stack[++r->depth] = p;
}

static void close_group(reader *r)
{
    mpl__text_add(r->out, "\\end{scope}\n");
    if (r->depth > 0)
        r->depth--;
}

/* The end of an element that is not drawn, behind its end tag. */
static const char *skip(const char *tag, const char *name)
{
    const char *const end = strstr(tag, name);
    return end ? end + strlen(name) : tag + 1;
}

void mpl__tex_figure(mpl__text *out, const char *svg, void (*put)(mpl__text *t, const char *text))
{
    reader r = { .out = out, .put = put, .stack = { { .fill = "#000000", .font = "9" } } };
    mpl__text_add(out, "\\begin{tikzpicture}[x=1bp,y=-1bp,turned/.style={x={(0bp,1bp)},y={(1bp,0bp)}}]\n");
    for (const char *p = strstr(svg, "<svg"); p && (p = strchr(p, '<'));) {
        const char *const end = p + strcspn(p, ">");
        if (!strncmp(p, "<svg", 4))
            r.stack[0] = paint_of(&r, p, end);
        else if (!strncmp(p, "<g ", 3) || !strncmp(p, "<g>", 3))
            open_group(&r, p, end);
        else if (!strncmp(p, "</g", 3))
            close_group(&r);
        else if (!strncmp(p, "<text", 5))
            add_text(&r, p, end);
        else if (!strncmp(p, "<line", 5) || !strncmp(p, "<rect", 5) || !strncmp(p, "<circle", 7) ||
                 !strncmp(p, "<polygon", 8) || !strncmp(p, "<path", 5))
            add_shape(&r, p, end);
        p = !strncmp(p, "<title", 6)      ? skip(p, "</title>")
            : !strncmp(p, "<desc", 5)     ? skip(p, "</desc>")
            : !strncmp(p, "<metadata", 9) ? skip(p, "</metadata>")
                                          : end;
    }
    mpl__text_add(out, "\\end{tikzpicture}");
}
