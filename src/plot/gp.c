/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of gnuplot scripts; see gnuplot.h. */
#include "plot/gnuplot.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"
#include "plot/metrics.h"

void mpl__gp_quote(mpl__text *out, const char *s)
{
    mpl__text_char(out, '\'');
    const bool first = *s == '\''; /* gnuplot 5.4 takes a doubled quote at the start for the end of an empty string */
    if (first)
        mpl__text_add(out, "\xE2\x80\x99");
    s += first;
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        const size_t n = mpl__utf8_next(s, left, &code);
        if (n == 0 || mpl__utf8_is_control(code))
            mpl__text_add(out, "\xEF\xBF\xBD");
        else if (code == '\'')
            mpl__text_add(out, "''");
        else
            mpl__text_addn(out, s, n);
        s += n ? n : 1;
        left -= n ? n : 1;
    }
    mpl__text_char(out, '\'');
}

mpl_status mpl__gp_name(mpl__text *out, const char *what, const char *name, mpl_error *err)
{
    char shown[MPL_SHOWN_SIZE];
    for (const char *s = name; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F)
            return mpl__fail(err, MPL_ERR_ARG, "%s: '%s' has a control character, which no script can name", what,
                             mpl_text_to_shown(name, shown));
    mpl__text_add(out, strchr("<>|-+$@~", *name) ? "'./" : "'");
    for (const char *s = name; *s; s++)
        mpl__text_add(out, *s == '\'' ? "''" : (const char[]){ *s, '\0' });
    mpl__text_char(out, '\'');
    return MPL_OK;
}

void mpl__gp_assign(mpl__text *out, const char *name, double x, const char *comment)
{
    char number[350];
    mpl__number_significant(x, 10, number);
    const bool whole = !strpbrk(number, ".en");
    mpl__text_format(out, "%s = %s%s%s%s\n", name, number, whole ? ".0" : "", *comment ? "   # " : "", comment);
}

void mpl__gp_fixed(mpl__text *out, const char *before, double x)
{
    mpl__text_add(out, before);
    mpl__text_fixed(out, x, 2);
}

void mpl__gp_find_missing(mpl__text *found, const char *s)
{
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        char one[5] = "";
        const size_t n = mpl__utf8_next(s, left, &code);
        if (n && !mpl__utf8_is_control(code) && !mpl__text_has_glyph(code)) {
            memcpy(one, s, n);
            if (!found->size || !strstr(found->data, one))
                mpl__text_add(found, one);
        }
        s += n ? n : 1;
        left -= n ? n : 1;
    }
}

bool mpl__gp_missing(mpl__text *out, mpl__text *found)
{
    const bool any = found->size > 0;
    out->failed = out->failed || found->failed;
    if (!any)
        return false;
    mpl__text_add(out, "# pdfcairo and pngcairo draw a character that no font has across the whole page.\n"
                       "# These are not in DejaVu Sans and become boxes; where other fonts have them, empty the "
                       "list.\nmissing = ");
    mpl__gp_quote(out, found->data);
    mpl__text_add(out, "\nif (weight eq '') missing = ''   # svg leaves fonts to the viewer\n"
                       "shown(s) = strlen(s) > 1 ? shown(s[1:strlen(s)/2]).shown(s[strlen(s)/2+1:*]) \\\n"
                       "         : strlen(s) && strstrt(missing, s) ? '\xE2\x96\xA1' : s\n");
    return true;
}

static bool ends_with(const char *name, const char *ending)
{
    const size_t n = strlen(name), m = strlen(ending);
    return n > m && strcmp(name + n - m, ending) == 0;
}

static void add_font(mpl__text *out, const char *name, const char *weight, double size)
{
    char number[350];
    mpl__number_significant(size, 4, number);
    mpl__text_format(out, *weight ? "%s = 'DejaVu Sans'.%s.',%s'\n" : "%s = 'DejaVu Sans%s,%s'\n", name, weight,
                     number);
}

void mpl__gp_file(const mpl_plot *plot, const char *ending, char out[64])
{
    size_t n = 0;
    for (const char *s = plot->type->id; *s && n < 50; s++)
        out[n++] = *s;
    memcpy(out + n, ending, strlen(ending) + 1);
}

/* The terminal of the target's ending is in force, the others are there to be uncommented. */
mpl_status mpl__gp_output(mpl__text *out, const mpl_plot *plot, const mpl_draw_options *options, double width,
                          double height, const double fonts[3], mpl_error *err)
{
    static const struct { const char *ending, *set, *dot; } terminals[] = {
        { ".svg", "set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. "
                  "linewidth 4/3.; weight = ''", "0.5625*letter" },
        { ".pdf", "set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; "
                  "weight = ':Bold'", "6.04" },
        { ".png", "set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth "
                  "300/72.; weight = ':Bold'", "1.51" },
    };
    char own[64];
    mpl__gp_file(plot, ".svg", own);
    const char *const target = options->target ? options->target : own;
    size_t chosen = 0;
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++)
        if (ends_with(target, terminals[i].ending))
            chosen = i;
    mpl__text_add(out, "# ---- output: one of three; the svg terminal knows no bold ----\n");
    mpl__gp_assign(out, "width", width, "of the page, in points");
    mpl__gp_assign(out, "height", height, "");
    if (plot->n_panels)
        mpl__gp_assign(out, "letter", fonts[0], "");
    add_font(out, "regular", "", fonts[0]);
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++)
        mpl__text_format(out, "%s%s%s%s\n", i == chosen ? "" : "#", terminals[i].set, plot->n_panels ? "; dot = " : "",
                         plot->n_panels ? terminals[i].dot : "");
    mpl__text_add(out, "set output ");
    MPL_TRY(mpl__gp_name(out, "the figure's file", target, err));
    mpl__text_add(out, "\n\n# ---- the page ----\n");
    add_font(out, "small", "", fonts[1]);
    add_font(out, "bold", "weight", fonts[0]);
    add_font(out, "large", "weight", fonts[2]);
    return MPL_OK;
}

