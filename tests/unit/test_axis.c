/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axis limits and ticks, text widths, ASCII, and what figures refuse. */
#include "check.h"
#include "plot_cases.h"

#include "plot/ascii.h"
#include "plot/axis.h"
#include "plot/metrics.h"

enum { MOST = 8 };

typedef struct axis_row {
    const char *why;
    bool is_log;
    double null_value;
    struct { double lb, x, ub, area; } study[MOST]; /* ends with area 0 */
    double lb, x, ub;                               /* overall; x NaN = none */
    const char *xlim;
    double min, max;                                /* wanted; NaN = not looked at */
    const char *ticks;                              /* wanted labels */
    const char *clipped;                            /* per study: '.', '<', '>' or 'x' for both */
} axis_row;

static const axis_row axes[] = {
    { "plain", false, 0, { { -1.9, 0, 1.9, 1 }, { -0.9, 1, 2.9, 1 } }, -1, 0.5, 2, NULL, -2.044, 3.044,
      "−2 −1 0 1 2 3", ".." },
    { "one wild study of little weight is cut", false, 0,
      { { -1, 0, 1, 1 }, { 0, 1, 2, 1 }, { -1, 0.5, 2, 1 }, { -30, 1, 32, 0.01 } }, 0, 0.5, 1, NULL, (double)NAN,
      (double)NAN, NULL, "...x" },
    { "its estimate is shown where that leaves room for the others", false, 0,
      { { -1, 0, 1, 1 }, { 0, 1, 2, 1 }, { -1, 0.5, 2, 1 }, { 3, 4, 30, 0.01 } }, 0, 0.5, 1, NULL, -1.15, 4.15, NULL,
      "...>" },
    { "a wide study of much weight is shown", false, 0, { { -1, 0, 1, 0.1 }, { -30, 1, 32, 1 } }, 0, 0.5, 1, NULL,
      (double)NAN, (double)NAN, NULL, ".." },
    { "the overall estimate is always shown", false, 0, { { 0, 1, 2, 1 }, { 0, 1, 2, 1 } }, -20, 1, 22, NULL,
      -21.26, 23.26, "−20 −10 0 10 20", ".." },
    { "one-two-five on a log axis", true, 1, { { 0.11, 0.3, 0.8, 1 }, { 0.5, 1.2, 4.8, 1 } }, 0.3, 0.6, 1.2, NULL,
      (double)NAN, (double)NAN, "0.1 0.2 0.5 1 2 5", ".." },
    { "a short log axis has even ticks", true, 1, { { 0.81, 0.9, 1.08, 1 } }, 0.85, 0.9, 0.97, NULL, (double)NAN,
      (double)NAN, "0.80 0.85 0.90 0.95 1.00 1.05 1.10", "." },
    { "a long log axis has powers of ten", true, 1, { { 1e-4, 0.1, 1e4, 1 } }, 0.01, 0.1, 1, NULL, (double)NAN,
      (double)NAN, "0.0001 0.01 1 100 10000", "." },
    { "far from null, null is left out", false, 0, { { 99, 100, 101, 1 } }, 99.5, 100, 100.5, NULL, 98.94, 101.06,
      "99.0 99.5 100.0 100.5 101.0", "." },
    { "limits as asked", true, 1, { { 0.1, 0.3, 0.8, 1 } }, 0.2, 0.3, 0.5, "0.25,4", 0.25, 4, "0.5 1 2", "<" },
    { "an interval beyond the axis", false, 0, { { 5, 6, 7, 1 }, { -7, -6, -5, 1 } }, -1, 0, 1, "-2,2", -2, 2,
      "−2 −1 0 1 2", "><" },
    { "everything the same", false, (double)NAN, { { 3, 3, 3, 1 } }, 3, 3, 3, NULL, -0.18, 6.18, "0 1 2 3 4 5 6", "." },
    { "everything zero", false, 0, { { 0, 0, 0, 1 } }, 0, 0, 0, NULL, -1.06, 1.06, "−1.0 −0.5 0.0 0.5 1.0", "." },
    { "no overall estimate", false, 0, { { 1, 2, 3, 1 }, { 2, 3, 4, 1 } }, (double)NAN, (double)NAN, (double)NAN, NULL,
      (double)NAN, (double)NAN, "0 1 2 3 4", ".." },
    { "infinite ends", true, 1, { { 0, 2, INFINITY, 1 }, { 1.5, 2, 2.5, 1 } }, 1.5, 2, 2.5, NULL, (double)NAN,
      (double)NAN, NULL, "x." },
};

static void check_axis(const axis_row *row)
{
    mpl_plot_row rows[MOST + 1] = { { .mark = MPL_MARK_NONE } };
    mpl__arena *const arena = mpl__arena_new();
    mpl_plot plot = { .arena = arena, .overall = SIZE_MAX, .rows = rows };
    mpl_error err;
    for (; row->study[plot.n_rows].area > 0; plot.n_rows++)
        rows[plot.n_rows] = (mpl_plot_row){ .mark = MPL_MARK_SQUARE, .lb = row->study[plot.n_rows].lb,
                                            .x = row->study[plot.n_rows].x, .ub = row->study[plot.n_rows].ub,
                                            .area = row->study[plot.n_rows].area };
    const size_t n = plot.n_rows;
    if (!isnan(row->x)) {
        plot.overall = plot.n_rows++;
        rows[n] = (mpl_plot_row){ .mark = MPL_MARK_DIAMOND, .lb = row->lb, .x = row->x, .ub = row->ub };
    }
    plot.axis = (mpl_plot_axis){ .scale = row->is_log ? MPL_SCALE_LOG : MPL_SCALE_LINEAR,
                                 .null_value = row->null_value };
    const mpl_status s = mpl__axis_choose(&plot, rows, row->xlim, NULL, arena, &err);
    CHECK(s == MPL_OK, "%s: %s", row->why, s ? err.message : "");
    if (!isnan(row->min))
        CHECK(fabs(plot.axis.min - row->min) < 1e-9 && fabs(plot.axis.max - row->max) < 1e-9, "%s: %g to %g", row->why,
              plot.axis.min, plot.axis.max);
    char labels[256] = "", clipped[MOST + 1] = "";
    for (size_t i = 0; i < plot.axis.n_ticks; i++) {
        snprintf(labels + strlen(labels), sizeof labels - strlen(labels), "%s%s", i ? " " : "",
                 plot.axis.tick_labels[i]);
        CHECK(plot.axis.ticks[i] >= plot.axis.min - 1e-9 && plot.axis.ticks[i] <= plot.axis.max + 1e-9,
              "%s: tick %g", row->why, plot.axis.ticks[i]);
    }
    for (size_t i = 0; i < n; i++)
        clipped[i] = rows[i].clip_lb && rows[i].clip_ub ? 'x' : rows[i].clip_lb ? '<' : rows[i].clip_ub ? '>' : '.';
    if (row->ticks)
        CHECK_STR(labels, row->ticks, "%s", row->why);
    CHECK_STR(clipped, row->clipped, "%s", row->why);
    mpl__arena_free(arena);
}

static void refuses(void)
{
    static const struct { const char *why; mpl_plot_options options; mpl_status want; const char *says; } row[] = {
        { "one limit", { .xlim = "3" }, MPL_ERR_ARG, "--xlim: '3' is not two numbers LO,HI" },
        { "words", { .xlim = "a,b" }, MPL_ERR_ARG, "--xlim: 'a,b' is not two numbers LO,HI" },
        { "wrong order", { .xlim = "2,1" }, MPL_ERR_ARG, "--xlim: '2,1' has its limits in the wrong order" },
        { "log of zero", { .xlim = "0,1" }, MPL_ERR_ARG,
          "--xlim: '0,1' must be positive on the log axis of a ratio" },
        { "no such column", { .forest = { .left = "data,n1" } }, MPL_ERR_NAME, NULL },
        { "no such key", { .forest = { .sort = "-yeer" } }, MPL_ERR_NAME, NULL },
        { "decimals", { .forest = { .digits = 99 } }, MPL_ERR_ARG, NULL },
    };
    plot_case *const c = case_bcg();
    for (size_t i = 0; c && i < sizeof row / sizeof *row; i++) {
        mpl_plot *plot = (mpl_plot *)c;
        mpl_error err = { .message = "" };
        CHECK(mpl_plot_new("forest", &c->analysis, &row[i].options, &plot, &err) == row[i].want, "%s: %s", row[i].why,
              err.message);
        CHECK(plot == NULL, "%s: a plot in spite of it", row[i].why);
        if (row[i].says)
            CHECK_STR(err.message, row[i].says, "%s", row[i].why);
    }
    mpl_plot *plot = NULL;
    mpl_error err;
    if (c) {
        CHECK(mpl_plot_new("forrest", &c->analysis, NULL, &plot, &err) == MPL_ERR_NAME && strstr(err.message, "forest"),
              "a misspelt plot: %s", err.message);
        CHECK(mpl_plot_new("forest", &c->analysis, &c->options, &plot, &err) == MPL_OK, "%s", err.message);
        CHECK(mpl_plot_write(plot, "gif", NULL, stdout, &err) == MPL_ERR_NAME, "no such renderer");
        CHECK(mpl_plot_write(plot, "gp", &(mpl_draw_options){ .companion = "a\nb" }, stdout, &err) == MPL_ERR_ARG,
              "a file name of two lines");
        mpl_plot_free(plot);
    }
    free(c);
}

/* What a user may ask for: columns, order, sums. */
static void shows(void)
{
    static const struct { const char *why; mpl_plot_options options; const char *keys, *first; } row[] = {
        { "by default", { .title = NULL }, "study ai ci estimate weight", "Aronson 1948" },
        { "columns by name", { .forest = { .left = "n1i", .right = "weight,slab" } },
          "study n1i weight slab", "Aronson 1948" },
        { "no columns", { .forest = { .left = "none", .right = "" } }, "study", "Aronson 1948" },
        { "by effect", { .forest = { .sort = "yi" } }, "study ai ci estimate weight", "Vandiviere et al. 1973" },
        { "by weight, heaviest first", { .forest = { .sort = "-weight" } },
          "study ai ci estimate weight", "TPT Madras 1980" },
        { "by a column of text", { .forest = { .sort = "-slab" } },
          "study ai ci estimate weight", "Vandiviere et al. 1973" },
        { "by a column of numbers", { .forest = { .sort = "n2i" } }, "study ai ci estimate weight", "Aronson 1948" },
        { "pooled only", { .forest = { .no_studies = true } }, "study ai ci estimate weight", "Overall (k = 13)" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        plot_case *const c = case_bcg();
        mpl_plot *plot = NULL;
        mpl_error err;
        if (!c || mpl_plot_new("forest", &c->analysis, &row[i].options, &plot, &err) != MPL_OK)
            check_die(row[i].why, c ? err.message : "no memory");
        char keys[256] = "";
        for (size_t j = 0; j < plot->n_columns; j++)
            snprintf(keys + strlen(keys), sizeof keys - strlen(keys), "%s%s", j ? " " : "", plot->columns[j].key);
        CHECK_STR(keys, row[i].keys, "%s", row[i].why);
        CHECK_STR(plot->rows[0].cells[0], row[i].first, "%s", row[i].why);
        mpl_plot_free(plot);
        free(c);
    }
}

static void measures_text(void)
{
    static const struct { const char *why, *text, *fitted; double width; } row[] = {
        { "fits", "abc", "abc", 100 },
        { "is cut with an ellipsis", "abcdefghij", "abcd…", 40 },
        { "no room at all", "abcdefghij", "…", 3 },
        { "blanks before the ellipsis go", "abc defgh", "abc…", 35 },
        { "a combining mark stays with its letter", "e\xCC\x81" "e\xCC\x81zzzzzz", "e\xCC\x81" "e\xCC\x81…", 25 },
    };
    mpl__arena *const arena = mpl__arena_new();
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        CHECK_STR(mpl__text_fit(arena, row[i].text, 10, false, row[i].width), row[i].fitted, "%s", row[i].why);
    CHECK_CLOSE(mpl__text_width("0123456789", 1000, false), 6360, 1e-12, "digits");
    CHECK_CLOSE(mpl__text_width("0123456789", 1000, true), 6960, 1e-12, "bold digits");
    CHECK_CLOSE(mpl__text_width("\xE6\xBC\xA2", 10, false), 10, 1e-12, "a Chinese character is an em");
    CHECK_CLOSE(mpl__text_width("e\xCC\x81", 10, false), mpl__text_width("e", 10, false), 1e-12, "a mark has no width");
    CHECK(mpl__text_line("one two three", 10, false, 45) == 7, "a line ends at a blank");
    CHECK(mpl__text_line("onetwothree", 10, false, 25) == 4, "or inside a word");
    CHECK(mpl__text_line("\xE6\xBC\xA2z", 10, false, 1) == 3, "but not inside a character");
    CHECK_STR(mpl__ascii(arena, "Umeå: τ² ≥ −0.5 “š” 漢 e\xCC\x81"), "Umea: tau^2 >= -0.5 \"s\" ? e", "ASCII");
    mpl__arena_free(arena);
}

int main(void)
{
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
        check_axis(&axes[i]);
    refuses();
    shows();
    measures_text();
    return check_done();
}
