/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gnuplot 5.4 script that draws the figure from its data file and is meant to be edited.
 *
 * User text is in single quotes only, where gnuplot expands nothing, or in the data file; every label is `noenhanced`.
 * Two layers share the page: texts in points from its top left corner, and the axis in its own coordinates with y in
 * the same points, so that rows meet. gnuplot cannot measure text: positions are those of layout.h.
 */
#include "plot/plot.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "plot/gnuplot.h"
#include "plot/layout.h"
#include "plot/palette.h"

/* Defines what the labels of the rows are; true if texts must go through the function shown(). */
static bool add_missing(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    mpl__text found = { 0 };
    for (size_t i = 0; i < page->n_texts; i++)
        mpl__gp_find_missing(&found, page->texts[i].text);
    for (size_t i = 0; i < plot->n_rows; i++) {
        mpl__gp_find_missing(&found, page->rows[i].span ? page->rows[i].span : "");
        mpl__gp_find_missing(&found, page->rows[i].note ? page->rows[i].note : "");
        for (size_t j = 0; j < page->n_columns; j++)
            mpl__gp_find_missing(&found, page->cells[i * page->n_columns + j]);
    }
    const bool any = mpl__gp_missing(out, &found);
    mpl__text_add(out, any ? "label(c) = shown(strcol(TEXT-1+c))\n" : "label(c) = strcol(TEXT-1+c)\n");
    mpl__text_free(&found);
    return any;
}

/* ---- texts ---- */

static void add_label(mpl__text *out, const mpl__page_text *t, const mpl__layout *page, bool missing)
{
    static const char *const anchors[] = { "left", "center", "right" };
    mpl__text_add(out, missing ? "set label shown(" : "set label ");
    mpl__gp_quote(out, t->text);
    mpl__gp_fixed(out, missing ? ") at " : " at ", t->x);
    mpl__gp_fixed(out, ", ", t->y);
    mpl__text_format(out, " %s noenhanced font %s\n", anchors[t->anchor],
                     t->size == page->large   ? "large"
                     : t->bold                ? "bold"
                     : t->size == page->small ? "small"
                                              : "regular");
}

/* Texts outside the rows, with a heading for each kind. */
static void add_labels(mpl__text *out, const mpl__layout *page, bool missing)
{
    const char *last = "";
    for (size_t i = 0; i < page->n_texts; i++) {
        if (strcmp(page->texts[i].role, last) != 0)
            mpl__text_format(out, "# %s\n", page->texts[i].role);
        last = page->texts[i].role;
        add_label(out, &page->texts[i], page, missing);
    }
    mpl__text_add(out, "# rules\n");
    for (size_t i = 0; i < page->n_rules; i++) {
        mpl__gp_fixed(out, "set arrow from ", page->rules[i][0]);
        mpl__gp_fixed(out, ", ", page->rules[i][2]);
        mpl__gp_fixed(out, " to ", page->rules[i][1]);
        mpl__gp_fixed(out, ", ", page->rules[i][2]);
        mpl__text_add(out, " nohead linewidth 0.6\n");
    }
}

/* left_columns = '1 ...': numbers of the columns that are aligned so. */
static void add_column_list(mpl__text *out, const char *name, const mpl__layout *page, mpl__anchor anchor)
{
    mpl__text_format(out, "%s = '", name);
    const char *blank = "";
    for (size_t j = 0; j < page->n_columns; j++)
        if (mpl__layout_anchor(&page->columns[j]) == anchor) {
            mpl__text_format(out, "%s%zu", blank, j + 1);
            blank = " ";
        }
    mpl__text_add(out, "'\n");
}

/* ---- layers ---- */

/* What occurs among the rows: a clause of `plot` without a single point would make gnuplot complain. */
typedef struct present {
    bool kind[MPL_ROW_BLANK + 1], mark[MPL_MARK_BAR + 1];
    bool right, judged; /* columns that are aligned so */
    bool subgroups, fitted;   /* diamonds of these */
    bool missing; /* characters that the font lacks */
    size_t first; /* block of the data file where those of this page begin */
} present;

static present look(const mpl_plot *plot, const mpl__layout *page)
{
    present p = { .right = false };
    for (size_t i = 0; i < plot->n_rows; i++) {
        p.kind[plot->rows[i].kind] = true;
        p.mark[plot->rows[i].mark] = true;
        p.fitted = p.fitted || !isnan(plot->rows[i].fit_x);
        p.subgroups = p.subgroups || (plot->rows[i].mark == MPL_MARK_DIAMOND && i != plot->overall);
    }
    for (size_t j = 0; j < page->n_columns; j++) {
        p.right = p.right || mpl__layout_anchor(&page->columns[j]) == MPL__END;
        p.judged = p.judged || page->columns[j].centre;
    }
    return p;
}

static void add_columns(mpl__text *out, const mpl__layout *page, const present *p)
{
    mpl__text_add(out, "# columns of the data file: where each starts, or ends if it is aligned right\n");
    mpl__text_format(out, "array X[%zu] = [", page->n_columns);
    for (size_t j = 0; j < page->n_columns; j++)
        mpl__gp_fixed(out, j ? ", " : "", page->columns[j].x);
    mpl__text_add(out, "]\n");
    add_column_list(out, "left_columns", page, MPL__START);
    add_column_list(out, "right_columns", page, MPL__END);
    if (p->judged)
        add_column_list(out, "judgement_columns", page, MPL__MIDDLE);
}

/* Clauses of one plot command, separated by commas and continued lines. */
typedef struct clauses {
    mpl__text *out;
    size_t first; /* block of the data file that is this page's 0 */
    size_t n;
} clauses;

static void add_clause(clauses *c, bool wanted, const char *text)
{
    static const char index[] = "index ";
    if (!wanted)
        return;
    mpl__text_add(c->out, c->n++ ? ", \\\n     " : "plot ");
    const char *const at = strstr(text, index) + strlen(index);
    mpl__text_addn(c->out, text, (size_t)(at - text));
    mpl__text_format(c->out, "%zu%s", c->first + (size_t)(*at - '0'), at + 1);
}

/* Ranges behind everything. */
static void add_bands(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    for (size_t i = 0; i < plot->n_bands; i++) {
        if (!(page->bands[i].to > page->bands[i].from))
            continue;
        mpl__gp_fixed(out, "# a range\nset object rectangle from ", page->bands[i].from);
        mpl__text_add(out, ", top to ");
        mpl__text_fixed(out, page->bands[i].to, 2);
        mpl__text_format(out, ", bottom back fillstyle solid noborder fillcolor rgb '#%06x'\n",
                         mpl__palette_role(plot->palette, MPL__ROLE_FITTED));
    }
}

static void add_text_layer(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, const present *p)
{
    mpl__text_add(out,
        "\n# ---- first layer: texts, in points from the top left corner of the page ----\n"
        "set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0\n"
        "set xrange [0:width]; set yrange [height:0]\n"
        "unset border; unset tics; unset key\n");
    add_bands(out, plot, page);
    add_labels(out, page, p->missing);
    add_columns(out, page, p);
    mpl__text_add(out,
        "is(kind) = strcol(KIND) eq kind\n"
        "plain(y) = is('study') || is('prediction') || is('excluded') ? y : NaN\n"
        "strong(y) = is('header') || is('summary') || is('overall') ? y : NaN\n"
        "only(kind, y) = is(kind) ? y : NaN\n"
        "colour(kind) = kind eq 'excluded' ? 0x6b6b6b : 0x000000\n"
        "shift(c) = c == 1 ? column(INDENT) : 0\n");
    clauses c = { out, p->first, 0 };
    add_clause(&c, p->judged,
               "data index 4 using 1:2:(disc):3 with circles linecolor rgb variable fillstyle solid noborder");
    add_clause(&c, p->judged,
               "for [c in judgement_columns] data index 0 using (X[c+0]):(plain(column(Y))):(label(c)) \\\n"
               "       with labels center noenhanced font regular");
    add_clause(&c, p->judged,
               "for [c in judgement_columns] data index 0 using (X[c+0]):(strong(column(Y))):(label(c)) \\\n"
               "       with labels center noenhanced font bold");
    add_clause(&c, true,
               "for [c in left_columns] data index 0 \\\n"
               "       using (X[c+0] + shift(c+0)):(plain(column(Y))):(label(c)):(colour(strcol(KIND))) \\\n"
               "       with labels left noenhanced font regular textcolor rgb variable");
    add_clause(&c, p->right,
               "for [c in right_columns] data index 0 \\\n"
               "       using (X[c+0]):(plain(column(Y))):(label(c)):(colour(strcol(KIND))) \\\n"
               "       with labels right noenhanced font regular textcolor rgb variable");
    add_clause(&c, true,
               "for [c in left_columns] data index 0 using (X[c+0] + shift(c+0)):(strong(column(Y))):(label(c)) \\\n"
               "       with labels left noenhanced font bold");
    add_clause(&c, p->right,
               "for [c in right_columns] data index 0 using (X[c+0]):(strong(column(Y))):(label(c)) \\\n"
               "       with labels right noenhanced font bold");
    add_clause(&c, p->kind[MPL_ROW_HEADING],
               "data index 0 using (X[1] + column(INDENT)):(only('heading', column(Y))):(label(1)) \\\n"
               "       with labels left noenhanced font bold");
    add_clause(&c, p->kind[MPL_ROW_TEXT],
               "data index 0 using (X[1] + column(INDENT)):(only('text', column(Y))):(label(1)) \\\n"
               "       with labels left noenhanced font small");
    add_clause(&c, p->kind[MPL_ROW_EXCLUDED],
               "data index 0 using (axis_left):(only('excluded', column(Y))):(label(NOTE-TEXT+1)) \\\n"
               "       with labels left noenhanced font regular textcolor rgb 0x6b6b6b");
    mpl__text_add(out, "\nunset label; unset arrow; unset object\n");
}

static void add_ticks(mpl__text *out, const mpl_plot_axis *axis, const mpl__layout *page)
{
    mpl__text_add(out, "set xtics (");
    for (size_t i = 0; i < axis->n_ticks; i++) {
        mpl__text_add(out, i ? ", " : "");
        mpl__gp_quote(out, page->tick_shown[i] ? axis->tick_labels[i] : "");
        mpl__text_char(out, ' ');
        mpl__text_real(out, axis->ticks[i]);
    }
    mpl__text_add(out, ") noenhanced font small\n");
}

/* A dash type or colour belongs to each kind of line; y is on the page. */
static void add_line(mpl__text *out, const char *comment, const char *value, const mpl__page_line *line,
                     const char *style)
{
    if (!line->shown)
        return;
    mpl__text_format(out, "# %s\n", comment);
    for (size_t i = 0; i < line->n; i++) {
        mpl__text_format(out, "set arrow from %s, ", value);
        mpl__gp_fixed(out, "", line->from_to[i][0]);
        mpl__text_format(out, " to %s, ", value);
        mpl__gp_fixed(out, "", line->from_to[i][1]);
        mpl__text_format(out, " nohead back %s\n", style);
    }
}

static void add_value(mpl__text *out, const char *name, double x)
{
    mpl__text_format(out, "%s = ", name);
    mpl__text_real(out, x);
    mpl__text_add(out, x == floor(x) && fabs(x) < 1e15 ? ".0\n" : "\n");
}

static void add_axis(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    const mpl_plot_axis *const axis = &plot->axis;
    mpl__text_add(out, "\n# ---- second layer: the axis and what is drawn along it ----\n");
    add_value(out, "xmin", axis->min);
    add_value(out, "xmax", axis->max);
    if (page->null_line.shown)
        add_value(out, "null", axis->null_value);
    if (page->overall_line.shown)
        add_value(out, "overall", page->overall);
    mpl__text_add(out, axis->scale == MPL_SCALE_LOG
        ? "set logscale x\nper_point = log(xmax/xmin)/(axis_right - axis_left)\n"
          "move(x, points) = x*exp(points*per_point)   # so many points to the right\n"
        : "per_point = (xmax - xmin)/(axis_right - axis_left)\n"
          "move(x, points) = x + points*per_point   # so many points to the right\n");
    mpl__text_add(out,
        "set lmargin at screen axis_left/width; set rmargin at screen axis_right/width\n"
        "set tmargin at screen 1 - top/height; set bmargin at screen 1 - bottom/height\n"
        "set xrange [xmin:xmax]; set yrange [bottom:top]\n"
        "set border 1 linewidth 0.8\n"
        "set xtics nomirror out scale 0.5 offset 0, 0.3\n");
    add_ticks(out, axis, page);
    add_line(out, "line of no effect", "null", &page->null_line, "linewidth 0.8 linecolor rgb '#8c8c8c'");
    add_line(out, "overall estimate", "overall", &page->overall_line,
             "linewidth 0.7 dashtype (4, 5) linecolor rgb 'black'");
}

/* Arrow heads outside of the axis, where diamonds are cut. */
static void add_cut(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    const char *comment = "# diamonds that go on beyond the axis\n";
    for (size_t i = 0; i < plot->n_rows; i++)
        for (int side = -1; side <= 1; side += 2) {
            if (plot->rows[i].mark != MPL_MARK_DIAMOND || !(side < 0 ? plot->rows[i].clip_lb : plot->rows[i].clip_ub))
                continue;
            const char *const end = side < 0 ? "xmin" : "xmax", *const minus = side < 0 ? "-" : "";
            mpl__text_format(out, "%sset arrow from %s, ", comment, end);
            comment = "";
            mpl__text_fixed(out, page->rows[i].y, 2);
            mpl__text_format(out, " to move(%s, %sarrow), ", end, minus);
            mpl__text_fixed(out, page->rows[i].y, 2);
            mpl__text_add(out, " head filled size screen arrow/width, 24 linecolor rgb 'black'\n");
        }
}

static void add_colour(mpl__text *out, const char *name, const mpl_plot *plot, mpl__role role)
{
    mpl__text_format(out, "%s = '#%06x'\n", name, mpl__palette_role(plot->palette, role));
}

static void add_lines(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    for (size_t i = 0; i < plot->n_bands; i++) {
        char value[MPL__NUMBER_SIZE];
        mpl__number_write(plot->bands[i].lo, value);
        add_line(out, "reference line", value, &page->lines[i],
                 "linewidth 0.8 dashtype (10, 5) linecolor rgb '#8c8c8c'");
    }
}

static void add_mark_layer(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, const present *p)
{
    add_axis(out, plot, page);
    add_lines(out, plot, page);
    mpl__gp_assign(out, "largest", mpl__layout_side(page, 1), "side of the largest square");
    mpl__gp_assign(out, "smallest", mpl__layout_side(page, 0), "and of the smallest");
    mpl__text_add(out,
        "half(area) = 0.5*(largest*sqrt(area) > smallest ? largest*sqrt(area) : smallest)\n"
        "inside(x) = x >= xmin && x <= xmax ? x : NaN\n"
        "# intervals as far as the axis goes, with an arrow head where they go on\n"
        "from(lb) = lb < xmin ? xmin : lb > move(xmax, -2*arrow) ? move(xmax, -2*arrow) : lb\n"
        "to(ub) = ub > xmax ? xmax : ub < move(xmin, 2*arrow) ? move(xmin, 2*arrow) : ub\n"
        "heads(lb, ub) = 1 + (lb < xmin) + 2*(ub > xmax)\n");
    mpl__text_format(out, "set style arrow 1 nohead linecolor rgb 'black'\n"
                          "set style arrow 2 backhead filled size screen arrow/width, 24 linecolor rgb 'black'\n"
                          "set style arrow 3 head filled size screen arrow/width, 24 linecolor rgb 'black'\n"
                          "set style arrow 4 heads filled size screen arrow/width, 24 linecolor rgb 'black'\n");
    add_cut(out, plot, page);
    add_colour(out, "square_colour", plot, MPL__ROLE_SQUARE);
    add_colour(out, "overall_colour", plot, MPL__ROLE_OVERALL);
    add_colour(out, "subgroup_colour", plot, MPL__ROLE_SUBGROUP);
    if (p->fitted)
        add_colour(out, "fitted_colour", plot, MPL__ROLE_FITTED);
    clauses c = { out, p->first, 0 };
    add_clause(&c, p->fitted,
               "data index 3 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb fitted_colour");
    add_clause(&c, p->mark[MPL_MARK_SQUARE],
               "data index 0 using (inside(column(EFFECT))):(only('study', column(Y))) \\\n"
               "       :(move(column(EFFECT), -half(column(AREA)))):(move(column(EFFECT), half(column(AREA)))) \\\n"
               "       :(column(Y) - half(column(AREA))):(column(Y) + half(column(AREA))) \\\n"
               "       with boxxyerror fillstyle solid noborder linecolor rgb square_colour");
    add_clause(&c, p->mark[MPL_MARK_SQUARE] || p->mark[MPL_MARK_BAR],
               "data index 0 using (from(column(LOWER))):(is('study') || is('prediction') ? column(Y) : NaN) \\\n"
               "       :(to(column(UPPER)) - from(column(LOWER))):(0):(heads(column(LOWER), column(UPPER))) \\\n"
               "       with vectors arrowstyle variable");
    add_clause(&c, p->mark[MPL_MARK_BAR],
               "data index 0 using (inside(column(LOWER))):(only('prediction', column(Y) - cap)):(0):(2*cap) \\\n"
               "       with vectors nohead linecolor rgb 'black'");
    add_clause(&c, p->mark[MPL_MARK_BAR],
               "data index 0 using (inside(column(UPPER))):(only('prediction', column(Y) - cap)):(0):(2*cap) \\\n"
               "       with vectors nohead linecolor rgb 'black'");
    add_clause(&c, plot->overall < plot->n_rows,
               "data index 1 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb overall_colour");
    add_clause(&c, plot->overall < plot->n_rows, "data index 1 using 1:2 with lines linewidth 1 linecolor rgb 'black'");
    add_clause(&c, p->subgroups,
               "data index 2 using 1:2 with filledcurves closed fillstyle solid noborder \\\n"
               "       linecolor rgb subgroup_colour");
    add_clause(&c, p->subgroups, "data index 2 using 1:2 with lines linewidth 1 linecolor rgb 'black'");
    if (c.n == 0)
        mpl__text_add(out, "plot NaN");
    mpl__text_char(out, '\n');
}

/* What the pages of one file share. */
static mpl_status add_head(mpl__text *out, const mpl_plot *plot, const mpl_draw_options *options,
                           const mpl__layout *page, mpl_error *err)
{
    mpl__text_format(out, "# A %s plot for gnuplot 5.4. Made by metapool " MPL_VERSION "; meant to be edited.\n"
                          "# The rows, with their texts and numbers, are in the data file.\n"
                          "reset\nset encoding utf8\nset decimalsign '.'\nset datafile separator \"\\t\"\ndata = ",
                     plot->type->id);
    char own[64];
    mpl__gp_file(plot, ".dat", own);
    MPL_TRY(mpl__gp_name(out, "the data file", options->companion ? options->companion : own, err));
    mpl__text_format(out, "\n# its columns\n"
                          "Y = %d; KIND = %d; EFFECT = %d; LOWER = %d; UPPER = %d; AREA = %d; INDENT = %d; TEXT = %d; "
                          "NOTE = %zu\n\n", MPL__GP_Y, MPL__GP_KIND, MPL__GP_X, MPL__GP_LB, MPL__GP_UB, MPL__GP_AREA,
                     MPL__GP_INDENT, MPL__GP_CELLS, MPL__GP_CELLS + page->n_columns);
    return mpl__gp_output(out, plot, options, page->width, page->height,
                          (const double[]){ page->font, page->small, page->large }, err);
}

static mpl_status draw(const mpl_plot *whole, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err)
{
    mpl__layout page;
    MPL_TRY(mpl__layout_compute(whole, options, scratch, &page, err));
    const mpl_plot *const plot = page.plot;
    const bool follows = options->one_file && options->page > 1;
    present p = look(plot, &page);
    if (follows)
        mpl__text_format(out, "\n# ==== page %zu ====\nreset\nset encoding utf8\nset decimalsign '.'\n"
                              "set datafile separator \"\\t\"\n", options->page);
    else
        MPL_TRY(add_head(out, plot, options, &page, err));
    p.first = follows ? (options->page - 1) * MPL__GP_BLOCKS : 0;
    mpl__gp_assign(out, "axis_left", page.axis_left, "where the axis begins");
    mpl__gp_assign(out, "axis_right", page.axis_right, "and ends");
    mpl__gp_assign(out, "top", page.top, "of the rows");
    mpl__gp_assign(out, "bottom", page.bottom, "where the axis line is");
    mpl__gp_assign(out, "arrow", 0.62 * page.font, "length of an arrow head");
    mpl__gp_assign(out, "cap", 0.3 * page.font, "half the height of an interval's end");
    if (p.judged)
        mpl__gp_assign(out, "disc", mpl__layout_disc(&page), "radius behind a judgement");
    p.missing = add_missing(out, plot, &page);
    mpl__text_add(out, "set multiplot\n");
    add_text_layer(out, plot, &page, &p);
    add_mark_layer(out, plot, &page, &p);
    mpl__text_add(out, options->one_file && options->page < page.n_pages ? "unset multiplot\n"
                                                                         : "unset multiplot\nunset output\n");
    return MPL_OK;
}

const mpl__renderer mpl__draw_gp = {
    .method = { .id = "gp", .title = "gnuplot script, drawing from a data file", .cite = "gnuplot 5.4 manual" },
    .draw = draw,
    .chart = mpl__chart_gp,
    .has_pages = true,
};
