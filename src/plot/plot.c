/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registries of plots, the option tables, and the way from an analysis to a model and from a model to bytes. */
#include "plot/plot.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include <metapool/option.h>
#include "base/method.h"
#include "base/number.h"
#include "plot/layout.h"

#define MPL_PLOT(id) extern const mpl__plot_def mpl__plot_##id;
#include "plot/plots.def"
#undef MPL_PLOT
#define MPL_RENDERER(id) extern const mpl__renderer mpl__draw_##id;
#include "plot/renderers.def"
#undef MPL_RENDERER

static const mpl__plot_def *const plots[] = {
#define MPL_PLOT(id) &mpl__plot_##id,
#include "plot/plots.def"
#undef MPL_PLOT
};

static const mpl__renderer *const renderers[] = {
#define MPL_RENDERER(id) &mpl__draw_##id,
#include "plot/renderers.def"
#undef MPL_RENDERER
};

const mpl_method *mpl_plot_method(size_t i)
{
    return i < sizeof plots / sizeof *plots ? &plots[i]->method : NULL;
}

const mpl_method *mpl_renderer_method(size_t i)
{
    return i < sizeof renderers / sizeof *renderers ? &renderers[i]->method : NULL;
}

static const mpl_option plot_table[] = {
    { .name = "title", MPL_MEMBER(TEXT, mpl_plot_options, title), .arg = "TEXT",
      .help = "heading of the figure, or 'none'; else the dataset's title", .since = "0.1.0" },
    { .name = "xlim", MPL_MEMBER(TEXT, mpl_plot_options, xlim), .arg = "LO,HI",
      .help = "limits of the axis on the scale shown; else a few far wider intervals than most are cut",
      .since = "0.1.0" },
    { .name = "xticks", MPL_MEMBER(TEXT, mpl_plot_options, xticks), .arg = "A,B,...",
      .help = "values that have a tick on the axis", .since = "0.1.0" },
    { .name = "palette", MPL_MEMBER(CHOICE, mpl_plot_options, palette), .choice = mpl_palette_method, .arg = "NAME",
      .help = "colours; else those of the layout, or black and greys", .since = "0.1.0" },
    { .name = "thousands", MPL_MEMBER(CHOICE, mpl_plot_options, thousands), .choice = mpl_thousands_method,
      .arg = "SIGN", .dflt = "none", .help = "what divides the thousands of counts", .since = "0.1.0" },
    { .name = "notes", MPL_MEMBER(TEXT, mpl_plot_options, notes), .arg = "TEXT",
      .help = "footnotes to add, separated by |", .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option forest_table[] = {
    { .name = "layout", MPL_MEMBER(CHOICE, mpl_forest_options, layout), .choice = mpl_layout_method, .arg = "NAME",
      .dflt = "metapool", .help = "columns, wording and colours of a journal or program", .since = "0.1.0" },
    { .name = "left", MPL_MEMBER(TEXT, mpl_forest_options, left), .arg = "COLUMNS",
      .help = "columns left of the marks: of the dataset, or data, estimate, effect, interval, se, p, weight, rob",
      .since = "0.1.0" },
    { .name = "right", MPL_MEMBER(TEXT, mpl_forest_options, right), .arg = "COLUMNS",
      .help = "columns right of the marks, in the same way", .since = "0.1.0" },
    { .name = "arms", MPL_MEMBER(TEXT, mpl_forest_options, arms), .arg = "A,B",
      .help = "names of the two groups, or occasions, of a study, e.g. 'MSC,Control'; else the dataset's",
      .since = "0.1.0" },
    { .name = "favours-left", MPL_MEMBER(TEXT, mpl_forest_options, favours_left), .arg = "TEXT",
      .help = "what effects left of the null line favour, e.g. 'Favours MSC'", .since = "0.1.0" },
    { .name = "favours-right", MPL_MEMBER(TEXT, mpl_forest_options, favours_right), .arg = "TEXT",
      .help = "what effects right of the null line favour", .since = "0.1.0" },
    { .name = "sort", MPL_MEMBER(TEXT, mpl_forest_options, sort), .arg = "KEY",
      .help = "order of the studies: a dataset column, yi, vi, ni or weight; -KEY reverses; else as in the file",
      .since = "0.1.0" },
    { .name = "digits", MPL_MEMBER(COUNT, mpl_forest_options, digits), .min = 1, .max = 15, .arg = "N", .dflt = "2",
      .help = "decimals of effects", .since = "0.1.0" },
    { .name = "no-studies", MPL_MEMBER(FLAG, mpl_forest_options, no_studies),
      .help = "show the pooled estimates only", .since = "0.1.0" },
    { .name = "lines", MPL_MEMBER(TEXT, mpl_forest_options, lines), .arg = "X=TEXT;X",
      .help = "reference lines, e.g. \"0.8=smallest important effect\"", .since = "0.1.0" },
    { .name = "bands", MPL_MEMBER(TEXT, mpl_forest_options, bands), .arg = "LO,HI=TEXT;LO,HI",
      .help = "ranges to shade, e.g. \"0.9,1.1=no important difference\"", .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_method names_rows[] = {
    { .id = "some", .title = "those that stand out, where the plot says which" },
    { .id = "all", .title = "every study for which there is room" },
    { .id = "none", .title = "no study" },
};

const mpl_method *mpl_chart_names_method(size_t i)
{
    return i < sizeof names_rows / sizeof *names_rows ? &names_rows[i] : NULL;
}

static const mpl_option chart_table[] = {
    { .name = "ylim", MPL_MEMBER(TEXT, mpl_chart_options, ylim), .arg = "LO,HI",
      .help = "limits of the vertical axis", .since = "0.1.0" },
    { .name = "xlabel", MPL_MEMBER(TEXT, mpl_chart_options, xlabel), .arg = "TEXT",
      .help = "text below the horizontal axis", .since = "0.1.0" },
    { .name = "ylabel", MPL_MEMBER(TEXT, mpl_chart_options, ylabel), .arg = "TEXT",
      .help = "text beside the vertical axis", .since = "0.1.0" },
    { .name = "names", MPL_MEMBER(CHOICE, mpl_chart_options, names), .choice = mpl_chart_names_method,
      .arg = "WHICH", .dflt = "some", .help = "studies that are named beside their points", .since = "0.1.0" },
    { .name = "no-legend", MPL_MEMBER(FLAG, mpl_chart_options, no_legend), .help = "leave out the legend",
      .since = "0.1.0" },
    { .name = NULL }
};

static const struct {
    mpl_method method;
    double wide, high; /* mm */
} papers[] = {
    { { .id = "a4", .title = "210 x 297 mm", .cite = "ISO 216:2007" }, 210, 297 },
    { { .id = "a5", .title = "148 x 210 mm", .cite = "ISO 216:2007" }, 148, 210 },
    { { .id = "letter", .title = "215.9 x 279.4 mm", .cite = "ANSI/ASME Y14.1" }, 215.9, 279.4 },
};

const mpl_method *mpl_paper_method(size_t i)
{
    return i < sizeof papers / sizeof *papers ? &papers[i].method : NULL;
}

mpl_status mpl__plot_place(const mpl_draw_options *options, double *width, double *height, mpl_error *err)
{
    const double point = 25.4 / 72, margin = 20;
    *width = (double)options->width / point;
    *height = INFINITY;
    for (size_t i = 0; options->paper && i < sizeof papers / sizeof *papers; i++)
        if (strcmp(papers[i].method.id, options->paper) == 0) {
            const double room = (papers[i].wide - 2 * margin) / point;
            if (*width > room)
                return mpl__fail(err, MPL_ERR_ARG, "--width: %zu mm are more than %s has between its margins of 20 mm",
                                 options->width, options->paper);
            *width = *width > 0 ? *width : room;
            *height = (papers[i].high - 2 * margin) / point;
        }
    return MPL_OK;
}

mpl_status mpl__plot_too_large(const char *what, double size, double room, mpl_error *err)
{
    const double point = 25.4 / 72;
    const bool is_wide = strcmp(what, "wide") == 0;
    return mpl__fail(err, MPL_ERR_ARG, "the figure would be %zu mm %s with its smallest text of 7 points, and there "
                     "are %zu mm; %s", (size_t)ceil(size * point), what, (size_t)floor(room * point + 0.5),
                     is_wide ? "leave out columns with --left and --right"
                             : "leave out studies with --where or --no-studies, or draw a caterpillar plot");
}

static const mpl_option draw_table[] = {
    { .name = "ascii", MPL_MEMBER(FLAG, mpl_draw_options, ascii),
      .help = "draw text figures with ASCII characters only", .since = "0.1.0" },
    { .name = "width", MPL_MEMBER(COUNT, mpl_draw_options, width), .min = 60, .max = 1000, .arg = "N",
      .help = "columns of a text, else 100; millimetres of a picture, else as wide as it needs",
      .since = "0.1.0" },
    { .name = "font-size", MPL_MEMBER(REAL, mpl_draw_options, font_size), .min = 7, .max = 72, .arg = "POINTS",
      .dflt = "9", .help = "size of the text in figures; the page grows with it", .since = "0.1.0" },
    { .name = "paper", MPL_MEMBER(CHOICE, mpl_draw_options, paper), .choice = mpl_paper_method, .arg = "SIZE",
      .help = "fit a picture into the margins of a page, and a long forest into those of several", .since = "0.1.0" },
    { .name = "per-page", MPL_MEMBER(COUNT, mpl_draw_options, per_page), .min = 5, .max = 1000, .arg = "N",
      .help = "at most so many studies on a page of a forest; else as many as the paper holds, or all",
      .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_plot_option_table(void)
{
    return plot_table;
}

const mpl_option *mpl_forest_option_table(void)
{
    return forest_table;
}

const mpl_option *mpl_chart_option_table(void)
{
    return chart_table;
}

const mpl__plot_group mpl__group_forest = MPL__PLOT_GROUP(mpl_forest_option_table, forest);
const mpl__plot_group mpl__group_chart = MPL__PLOT_GROUP(mpl_chart_option_table, chart);

const mpl_option *mpl_draw_option_table(void)
{
    return draw_table;
}

bool mpl_plot_takes(const mpl_method *type, const mpl_option *table)
{
    for (size_t i = 0; i < sizeof plots / sizeof *plots; i++)
        for (size_t g = 0; &plots[i]->method == type && plots[i]->groups[g]; g++)
            if (plots[i]->groups[g]->table() == table)
                return true;
    return table == plot_table;
}

/* An option of that name in a table that the plot takes: a program sets all members of one name. */
static bool takes_row(const mpl__plot_def *def, const char *name)
{
    for (size_t g = 0; def->groups[g]; g++)
        for (const mpl_option *row = def->groups[g]->table(); row->name; row++)
            if (strcmp(row->name, name) == 0)
                return true;
    return false;
}

/* Checks and fills the members that `def` takes; refuses what is given for other plots. */
static mpl_status resolve(const mpl__plot_def *def, mpl_plot_options *options, mpl_error *err)
{
    MPL_TRY(mpl_options_resolve(plot_table, options, sizeof *options, NULL, err));
    for (size_t i = 0; i < sizeof plots / sizeof *plots; i++)
        for (size_t g = 0; plots[i]->groups[g]; g++) {
            const mpl__plot_group *const group = plots[i]->groups[g];
            void *const member = (char *)options + group->offset;
            if (plots[i] == def)
                MPL_TRY(mpl_options_resolve(group->table(), member, group->size, NULL, err));
            for (const mpl_option *row = group->table(); row->name && !mpl_plot_takes(&def->method, group->table());
                 row++)
                if (mpl_option_given(row, member) && !takes_row(def, row->name))
                    return mpl__fail(err, MPL_ERR_ARG, "--%s: a %s plot has no such option", row->name,
                                     def->method.id);
        }
    return MPL_OK;
}

mpl_status mpl_plot_new(const char *type, const mpl_analysis *analysis, const mpl_plot_options *options,
                        mpl_plot **out, mpl_error *err)
{
    *out = NULL;
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_plot_method, "plot", type, &method, err));
    size_t def = 0;
    while (&plots[def]->method != method)
        def++;
    mpl_plot_options resolved = options ? *options : (mpl_plot_options){ 0 };
    MPL_TRY(resolve(plots[def], &resolved, err));
    /* What passes through infinity has no axis: the figure keeps to the measure's own scale. */
    mpl_effects effects = *analysis->effects;
    mpl_analysis shown = *analysis;
    if (effects.measure->transform && effects.measure->transform->through_infinity) {
        effects.measure = mpl_measure_find(effects.measure->method.id);
        shown.effects = &effects;
    }
    mpl__arena *keep = mpl__arena_new(), *scratch = mpl__arena_new();
    mpl_plot *plot = MPL_NEW(keep, mpl_plot, 1);
    mpl_status s = MPL_ERR_NOMEM;
    if (plot && scratch) {
        plot->arena = keep;
        plot->type = method;
        plot->overall = SIZE_MAX;
        s = plots[def]->build(&shown, &resolved, plot, scratch, err);
    } else {
        mpl__fail_nomem(err, "the figure");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = plot;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_plot_free(mpl_plot *plot)
{
    if (plot)
        mpl__arena_free(plot->arena);
}

/* The renderer with this id, the options that it is to follow, and memory for what it does. */
static mpl_status start_drawing(const char *id, const mpl_draw_options *options, const mpl__renderer **renderer,
                                mpl_draw_options *resolved, mpl__arena **scratch, mpl_error *err)
{
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_renderer_method, "renderer", id, &method, err));
    *resolved = options ? *options : (mpl_draw_options){ 0 };
    MPL_TRY(mpl_options_resolve(draw_table, resolved, sizeof *resolved, NULL, err));
    size_t def = 0;
    while (&renderers[def]->method != method)
        def++;
    *renderer = renderers[def];
    if (!resolved->width)
        resolved->width = renderers[def]->width;
    *scratch = mpl__arena_new();
    return *scratch ? MPL_OK : mpl__fail_nomem(err, "the figure");
}

mpl_status mpl__plot_draw(const mpl_plot *plot, const char *renderer, const mpl_draw_options *options, mpl__text *out,
                          mpl_error *err)
{
    const mpl__renderer *def;
    mpl_draw_options resolved;
    mpl__arena *scratch;
    MPL_TRY(start_drawing(renderer, options, &def, &resolved, &scratch, err));
    const mpl_status s = (plot->n_panels ? def->chart : def->draw)(plot, &resolved, scratch, out, err);
    mpl__arena_free(scratch);
    return s;
}

mpl_status mpl_plot_get_pages(const mpl_plot *plot, const char *renderer, const mpl_draw_options *options, size_t *n,
                              mpl_error *err)
{
    const mpl__renderer *def;
    mpl_draw_options resolved;
    mpl__arena *scratch;
    mpl__layout page = { .n_pages = 1 };
    MPL_TRY(start_drawing(renderer, options, &def, &resolved, &scratch, err));
    resolved.page = 1;
    resolved.one_file = false;
    const bool divided = def->has_pages && plot->n_panels == 0 && (resolved.paper || resolved.per_page);
    const mpl_status s = divided ? mpl__layout_compute(plot, &resolved, scratch, &page, err) : MPL_OK;
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *n = page.n_pages;
    return s;
}

mpl_status mpl_plot_write(const mpl_plot *plot, const char *renderer, const mpl_draw_options *options, FILE *out,
                          mpl_error *err)
{
    mpl__text text = { 0 };
    mpl_status s = mpl__plot_draw(plot, renderer, options, &text, err);
    if (s == MPL_OK)
        s = mpl__text_flush(&text, out, err);
    mpl__text_free(&text);
    return s;
}

const char *mpl__plot_text(mpl__arena *arena, const char *text)
{
    mpl__text t = { 0 };
    mpl__text_visible(&t, text);
    const char *const copy = t.failed ? NULL : mpl__arena_copyn(arena, t.data ? t.data : "", t.size);
    mpl__text_free(&t);
    return copy;
}

const char *mpl__plot_number(mpl__arena *arena, double x, size_t digits)
{
    char number[350];
    if (isnan(x))
        return "";
    if (isinf(x))
        return x > 0 ? "\xE2\x88\x9E" : "\xE2\x88\x92\xE2\x88\x9E";
    mpl__number_decimals(x, (int)digits, number);
    const bool negative = number[0] == '-';
    return mpl__arena_format(arena, "%s%s", negative ? "\xE2\x88\x92" : "", number + negative);
}

const char *mpl__row_kind_name(mpl_row_kind kind)
{
    static const char *const names[] = {
        [MPL_ROW_STUDY] = "study", [MPL_ROW_HEADING] = "heading", [MPL_ROW_SUMMARY] = "summary",
        [MPL_ROW_PREDICTION] = "prediction", [MPL_ROW_TEXT] = "text", [MPL_ROW_EXCLUDED] = "excluded",
        [MPL_ROW_BLANK] = "blank",
    };
    return names[kind];
}

const char *mpl__series_kind_name(mpl_series_kind kind)
{
    static const char *const names[] = {
        [MPL_SERIES_AREA] = "area", [MPL_SERIES_BARS] = "bars", [MPL_SERIES_LINE] = "line",
        [MPL_SERIES_SEGMENTS] = "segments", [MPL_SERIES_POINTS] = "points", [MPL_SERIES_TEXTS] = "texts",
    };
    return names[kind];
}

const char *mpl__cell_part(const char *cell, size_t part, size_t n, size_t *length)
{
    size_t have = 1;
    for (const char *s = cell; *s; s++)
        have += *s == ' ';
    if (n == 1 || have > n) {
        *length = strlen(cell);
        return part + 1 == n ? cell : NULL;
    }
    const size_t skip = *cell == '[' || *cell == '(' ? n - have : 0;
    if (part < skip || part - skip >= have)
        return NULL;
    const char *s = cell;
    for (size_t i = skip; i < part; i++)
        s = strchr(s, ' ') + 1;
    *length = strcspn(s, " ");
    return s;
}
