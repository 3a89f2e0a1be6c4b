/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of SVG; see svg.h. */
#include "plot/svg.h"

#include <string.h>

#include "base/utf8.h"

void mpl__svg_escape(mpl__text *out, const char *s)
{
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        const size_t n = mpl__utf8_next(s, left, &code);
        if (n == 0 || (mpl__utf8_is_control(code) && code != '\n'))
            mpl__text_add(out, "\xEF\xBF\xBD");
        else if (code == '&')
            mpl__text_add(out, "&amp;");
        else if (code == '<')
            mpl__text_add(out, "&lt;");
        else if (code == '>')
            mpl__text_add(out, "&gt;");
        else if (code == '"')
            mpl__text_add(out, "&quot;");
        else
            mpl__text_addn(out, s, n);
        s += n ? n : 1;
        left -= n ? n : 1;
    }
}

void mpl__svg_element(mpl__text *out, const char *name, const char *content)
{
    mpl__text_format(out, "<%s>", name);
    mpl__svg_escape(out, content);
    mpl__text_format(out, "</%s>\n", name);
}

void mpl__svg_attribute(mpl__text *out, const char *name, double x)
{
    mpl__text_format(out, " %s=\"", name);
    mpl__text_fixed(out, x, 2);
    mpl__text_char(out, '"');
}

void mpl__svg_line(mpl__text *out, double x1, double y1, double x2, double y2)
{
    mpl__text_add(out, "<line");
    mpl__svg_attribute(out, "x1", x1);
    mpl__svg_attribute(out, "y1", y1);
    mpl__svg_attribute(out, "x2", x2);
    mpl__svg_attribute(out, "y2", y2);
    mpl__text_add(out, "/>\n");
}

void mpl__svg_point(mpl__text *out, double x, double y)
{
    mpl__text_fixed(out, x, 2);
    mpl__text_char(out, ',');
    mpl__text_fixed(out, y, 2);
    mpl__text_char(out, ' ');
}

/* The baseline is a third of the letter size below the middle. */
void mpl__svg_text(mpl__text *out, const mpl__page_text *t, double font)
{
    static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    mpl__text_add(out, "<text");
    mpl__svg_attribute(out, "x", t->x);
    mpl__svg_attribute(out, "y", t->y + 0.36 * t->size);
    mpl__text_add(out, anchors[t->anchor]);
    if (t->size != font)
        mpl__svg_attribute(out, "font-size", t->size);
    if (t->bold)
        mpl__text_add(out, " font-weight=\"bold\"");
    mpl__text_char(out, '>');
    mpl__svg_escape(out, t->text);
    mpl__text_add(out, "</text>\n");
}

void mpl__svg_begin(mpl__text *out, const char *class, const char *attributes)
{
    mpl__text_format(out, "<g class=\"%s\"%s%s>\n", class, *attributes ? " " : "", attributes);
}

void mpl__svg_end(mpl__text *out)
{
    mpl__text_add(out, "</g>\n");
}

void mpl__svg_head(mpl__text *out, const mpl_plot *plot, double width, double height, double font)
{
    mpl__text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"");
    mpl__text_fixed(out, width, 2);
    mpl__text_add(out, "pt\" height=\"");
    mpl__text_fixed(out, height, 2);
    mpl__text_add(out, "pt\" viewBox=\"0 0 ");
    mpl__text_fixed(out, width, 2);
    mpl__text_char(out, ' ');
    mpl__text_fixed(out, height, 2);
    mpl__text_add(out, "\" font-family=\"" MPL__SVG_FONTS "\"");
    mpl__svg_attribute(out, "font-size", font);
    mpl__text_add(out, ">\n");
    mpl__svg_element(out, "title", plot->title ? plot->title : plot->type->title);
    mpl__svg_element(out, "desc", plot->desc);
    mpl__text json = { 0 };
    mpl__plot_json(plot, 0, &json);
    if (json.failed)
        out->failed = true;
    else
        mpl__svg_element(out, "metadata", json.data);
    mpl__text_free(&json);
    mpl__text_add(out, "<rect width=\"100%\" height=\"100%\" fill=\"" MPL__SVG_PAPER "\"/>\n");
}

