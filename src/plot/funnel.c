/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Funnel plot: effects against what says how precise they are, with the region in which studies would lie if chance
 * alone moved them, or with contours of the studies' own p-values (Peters et al. 2008).
 */
#include "plot/funnel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <metapool/bias.h>
#include "base/error.h"
#include "base/number.h"
#include "num/dist.h"

enum { STEPS = 64, MOST_LEVELS = sizeof((mpl__funnel){ .n_levels = 0 }.levels) / sizeof(double) };

typedef mpl__funnel funnel;

static double y_sei(double vi, double ni, double wi) { return (void)ni, (void)wi, sqrt(vi); }
static double y_vi(double vi, double ni, double wi) { return (void)ni, (void)wi, vi; }
static double y_seinv(double vi, double ni, double wi) { return (void)ni, (void)wi, 1 / sqrt(vi); }
static double y_vinv(double vi, double ni, double wi) { return (void)ni, (void)wi, 1 / vi; }
static double y_ni(double vi, double ni, double wi) { return (void)vi, (void)wi, ni; }
static double y_ninv(double vi, double ni, double wi) { return (void)vi, (void)wi, 1 / ni; }
static double y_sqrtni(double vi, double ni, double wi) { return (void)vi, (void)wi, sqrt(ni); }
static double y_sqrtninv(double vi, double ni, double wi) { return (void)vi, (void)wi, 1 / sqrt(ni); }
static double y_lni(double vi, double ni, double wi) { return (void)vi, (void)wi, log(ni); }
static double y_wi(double vi, double ni, double wi) { return (void)vi, (void)ni, wi; }
static double same(double y) { return y; }
static double inverse(double y) { return 1 / y; }
static double inverse_root(double y) { return 1 / sqrt(y); }

static const char SIZE[] = "a sample size", VARIANCE[] = "a variance that allows it";

static const mpl__funnel_axis axes[] = {
    { { .id = "sei", .title = "standard error" }, "Standard error", true, VARIANCE, y_sei, same },
    { { .id = "vi", .title = "sampling variance" }, "Sampling variance", true, VARIANCE, y_vi, sqrt },
    { { .id = "seinv", .title = "inverse of the standard error", .aliases = "1/sei" }, "1 / standard error", false,
      VARIANCE, y_seinv, inverse },
    { { .id = "vinv", .title = "inverse of the sampling variance", .aliases = "1/vi" }, "1 / sampling variance", false,
      VARIANCE, y_vinv, inverse_root },
    { { .id = "ni", .title = "sample size" }, "Sample size", false, SIZE, y_ni, NULL },
    { { .id = "ninv", .title = "inverse of the sample size", .aliases = "1/ni" }, "1 / sample size", true, SIZE,
      y_ninv, NULL },
    { { .id = "sqrtni", .title = "square root of the sample size", .aliases = "sqrt(ni)" },
      "Square root of the sample size", false, SIZE, y_sqrtni, NULL },
    { { .id = "sqrtninv", .title = "inverse of the square root of the sample size", .aliases = "1/sqrt(ni)" },
      "1 / square root of sample size", true, SIZE, y_sqrtninv, NULL },
    { { .id = "lni", .title = "logarithm of the sample size" }, "Logarithm of the sample size", false, SIZE, y_lni,
      NULL },
    { { .id = "wi", .title = "weight in the pooled estimate" }, "Weight (%)", false, "a weight", y_wi, NULL },
};

const mpl_method *mpl_funnel_axis_method(size_t i)
{
    return i < sizeof axes / sizeof *axes ? &axes[i].method : NULL;
}

static const mpl_option table[] = {
    { .name = "yaxis", MPL_MEMBER(CHOICE, mpl_funnel_options, yaxis), .choice = mpl_funnel_axis_method, .arg = "WHAT",
      .dflt = "sei", .help = "vertical axis of the funnel", .since = "0.1.0" },
    { .name = "contours", MPL_MEMBER(FLAG, mpl_funnel_options, contours),
      .help = "shade by the p-value that a study has there on its own", .since = "0.1.0" },
    { .name = "contour-levels", MPL_MEMBER(TEXT, mpl_funnel_options, contour_levels), .arg = "LIST",
      .help = "confidence levels of the contours; by default 0.90,0.95,0.99", .since = "0.1.0" },
    { .name = "refline", MPL_MEMBER(MAYBE, mpl_funnel_options, refline), .arg = "NUM",
      .help = "middle of the funnel on the scale shown; else the pooled estimate, or no effect with contours",
      .since = "0.1.0" },
    { .name = "add-tau2", MPL_MEMBER(FLAG, mpl_funnel_options, add_tau2),
      .help = "widen the funnel's region by the between-study variance", .since = "0.1.0" },
    { .name = "trim-fill", MPL_MEMBER(FLAG, mpl_funnel_options, trim_fill),
      .help = "add the studies that trim and fill takes to be missing", .since = "0.1.0" },
    { .name = "side", MPL_MEMBER(CHOICE, mpl_funnel_options, side), .choice = mpl_bias_side, .arg = "SIDE",
      .dflt = "auto", .help = "where trim and fill looks for missing studies", .since = "0.1.0" },
    { .name = "k0", MPL_MEMBER(CHOICE, mpl_funnel_options, k0), .choice = mpl_bias_k0, .arg = "ESTIMATOR",
      .dflt = "L0", .help = "how trim and fill counts missing studies", .since = "0.1.0" },
    { .name = "limit", MPL_MEMBER(FLAG, mpl_funnel_options, limit),
      .help = "add the curve of the limit meta-analysis", .since = "0.1.0" },
    { .name = "egger", MPL_MEMBER(FLAG, mpl_funnel_options, egger), .help = "add Egger's regression line",
      .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_funnel_option_table(void)
{
    return table;
}

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_funnel_option_table, funnel);

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static mpl_status read_levels(funnel *f, mpl_error *err)
{
    const char *const list = f->options->contour_levels ? f->options->contour_levels : "0.90,0.95,0.99";
    char shown[MPL_SHOWN_SIZE];
    for (const char *p = list; p; p = *p == ',' ? p + 1 : NULL) {
        const size_t length = strcspn(p, ",");
        double level;
        if (f->n_levels == MOST_LEVELS)
            return mpl__fail(err, MPL_ERR_ARG, "--contour-levels: more than %d levels", MOST_LEVELS);
        if (mpl__number_read(p, length, '.', &level) != MPL__NUMBER_OK || !(level > 0 && level < 100))
            return mpl__fail(err, MPL_ERR_ARG, "--contour-levels: '%s' is not a list of levels such as 0.90,0.95,0.99",
                             mpl_text_to_shown(list, shown));
        f->levels[f->n_levels++] = level >= 1 ? level / 100 : level;
        p += length;
    }
    qsort(f->levels, f->n_levels, sizeof *f->levels, ascending);
    return MPL_OK;
}

/* ---- regions ---- */

/* Corners of the wedge around `centre` in which |z| is below that of the level: down one side and up the other. */
static mpl_status add_wedge(funnel *f, mpl_series_kind kind, const char *key, const char *label, double centre,
                            double tau2, double level, mpl__curve **out, mpl_error *err)
{
    const bool is_line = kind == MPL_SERIES_LINE;
    const size_t n = 2 * (STEPS + 1) + is_line;
    const double z = mpl__norm_q((1 - level) / 2, MPL__UPPER);
    mpl__curve *curve;
    MPL_TRY(mpl__chart_add(&f->chart, f->panel, kind, key, label, n, &curve, err));
    for (size_t i = 0; i <= STEPS; i++) {
        const double y = f->y_from + (f->y_to - f->y_from) * (double)i / STEPS;
        const double se = sqrt(pow(f->axis->sei(y), 2) + tau2);
        curve->x[i] = mpl__chart_effect(&f->chart, centre - z * se);
        curve->x[n - 1 - i] = mpl__chart_effect(&f->chart, centre + z * se);
        curve->y[i] = curve->y[n - 1 - i] = y;
    }
    *out = curve;
    return MPL_OK;
}

static const char *contour_label(funnel *f, size_t i)
{
    mpl__text t = { 0 };
    mpl__arena *const keep = f->chart.keep;
    const size_t digits = 2;
    if (i < f->n_levels && i > 0) {
        mpl__plot_add_number(&t, keep, 1 - f->levels[i], digits);
        mpl__text_add(&t, " < ");
    }
    mpl__text_add(&t, i == 0 ? "p > " : "p < ");
    mpl__plot_add_number(&t, keep, 1 - f->levels[i == 0 ? 0 : i - 1], digits);
    return mpl__plot_keep(keep, &t);
}

/* The paper where p is large, then darker greys, lightest where p is small. */
static mpl_status add_contours(funnel *f, mpl_error *err)
{
    for (size_t i = f->n_levels + 1; i-- > 0;) {
        const char *const label = contour_label(f, i);
        mpl__curve *area;
        if (!label)
            return mpl__fail_nomem(err, "the legend");
        if (i == f->n_levels) {
            MPL_TRY(mpl__chart_add(&f->chart, f->panel, MPL_SERIES_AREA, "contour-beyond", label, 4, &area, err));
            for (size_t c = 0; c < 4; c++) {
                area->x[c] = c == 0 || c == 3 ? -INFINITY : INFINITY;
                area->y[c] = c < 2 ? -INFINITY : INFINITY;
            }
        } else {
            MPL_TRY(add_wedge(f, MPL_SERIES_AREA, "contour", label, f->null, 0, f->levels[i], &area, err));
        }
        area->loose = i == f->n_levels || f->levels[i] > 0.951;
        area->s.tint = i == 0 ? 1 : 0.62 + 0.3 * (double)(i - 1) / (double)(f->n_levels > 1 ? f->n_levels - 1 : 1);
    }
    return MPL_OK;
}

static const char *level_text(funnel *f, const char *after)
{
    mpl__text t = { 0 };
    mpl__plot_add_percent(&t, f->level);
    mpl__text_add(&t, after);
    return mpl__plot_keep(f->chart.keep, &t);
}

static mpl_status add_region(funnel *f, mpl_error *err)
{
    const char *const label = level_text(f, f->options->add_tau2 ? " region with heterogeneity" : " pseudo confidence "
                                                                                                  "region");
    mpl__curve *line;
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    MPL_TRY(add_wedge(f, MPL_SERIES_LINE, "region", label, f->centre, f->tau2, f->level, &line, err));
    line->s.dash = MPL_DASH_DASHED;
    line->x[STEPS + 1] = line->y[STEPS + 1] = (double)NAN; /* the two sides do not meet below */
    return MPL_OK;
}

/* ---- the whole ---- */

static double y_of(const funnel *f, size_t i)
{
    const mpl_analysis *const an = f->chart.analysis;
    return f->axis->y(an->effects->vi[i], an->effects->ni[i], an->fit->weights ? an->fit->weights[i] : (double)NAN);
}

/* Limits of the vertical axis: from 0 where precise studies are small, else around what there is. */
static mpl_status find_range(funnel *f, mpl_error *err)
{
    const mpl_effects *const es = f->chart.analysis->effects;
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < es->k; i++) {
        const double y = y_of(f, i);
        lo = isfinite(y) ? fmin(lo, y) : lo;
        hi = isfinite(y) ? fmax(hi, y) : hi;
    }
    if (!(lo <= hi))
        return mpl__fail(err, MPL_ERR_ARG, "--yaxis %s: no study has %s", f->axis->method.id, f->axis->lacks);
    const double pad = 0.06 * (hi > lo ? hi - lo : hi > 0 ? hi : 1);
    f->y_from = f->axis->precise_is_small ? 0 : fmax(lo - pad, f->axis->sei ? lo / 2 : -INFINITY);
    f->y_to = f->axis->precise_is_small ? (hi > 0 ? 1.06 * hi : 1) : hi + pad;
    mpl__panel *const p = f->panel;
    p->y_min = (mpl_maybe){ true, f->y_from };
    p->y_max = (mpl_maybe){ true, f->y_to };
    p->p.y.reversed = f->axis->precise_is_small;
    p->p.y.label = f->axis->label;
    return MPL_OK;
}

/* Where the funnel stands, by the options. */
static mpl_status find_centre(funnel *f, mpl_error *err)
{
    const mpl_analysis *const an = f->chart.analysis;
    const mpl_measure *const m = an->effects->measure;
    const bool ratio = f->panel->p.x.scale == MPL_SCALE_LOG;
    f->null = m->null_value;
    if (f->options->refline.given) {
        const double at = f->options->refline.value;
        if (ratio && !(at > 0))
            return mpl__fail(err, MPL_ERR_ARG, "--refline: must be positive on the log axis of a ratio");
        f->centre = !ratio ? at : m->transform->inverse ? m->transform->inverse(at) : log(at);
        f->null = f->centre;
    } else {
        f->centre = f->options->contours ? f->null : an->fit->terms[0].estimate;
    }
    if (f->options->contours && isnan(f->null))
        return mpl__fail(err, MPL_ERR_ARG, "--contours: the measure %s has no null value; --refline gives one",
                         m->method.id);
    return MPL_OK;
}

static const char *describe(const funnel *f)
{
    const mpl_effects *const es = f->chart.analysis->effects;
    mpl__text t = { 0 };
    mpl__text_format(&t, "Funnel plot of %zu %s: %s against the %s.", es->k, es->k == 1 ? "study" : "studies",
                     es->measure->method.title, f->axis->method.title);
    mpl__text_format(&t, " The vertical line is at %s ", f->options->refline.given ? "the value asked for,"
                                                         : f->options->contours    ? "no effect,"
                                                                                   : "the pooled estimate,");
    const double at = mpl__chart_effect(&f->chart, f->centre);
    mpl__plot_add_number(&t, f->chart.keep, at, 2);
    mpl__text_add(&t, f->options->contours ? "; shades show the p-value that a study has on its own." : ".");
    return mpl__plot_keep(f->chart.keep, &t);
}

static mpl_status add_marks(funnel *f, mpl_error *err)
{
    const mpl_effects *const es = f->chart.analysis->effects;
    const bool with_region = f->axis->sei != NULL, pooled = !f->options->contours && !f->options->refline.given;
    mpl__curve *studies;
    if (f->options->contours)
        MPL_TRY(add_contours(f, err));
    else if (with_region)
        MPL_TRY(add_region(f, err));
    MPL_TRY(mpl__chart_rule(&f->chart, f->panel, "reference", pooled ? "Pooled estimate" : NULL,
                            mpl__chart_effect(&f->chart, f->centre), (double)NAN,
                            pooled ? MPL_DASH_SOLID : MPL_DASH_DOTTED, err));
    MPL_TRY(mpl__funnel_overlay(f, err));
    MPL_TRY(mpl__chart_studies(&f->chart, f->panel, "Study", false, &studies, err));
    for (size_t i = 0; i < es->k; i++) {
        studies->x[i] = mpl__chart_effect(&f->chart, es->yi[i]);
        studies->y[i] = y_of(f, i);
    }
    return MPL_OK;
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    funnel f = { .chart = mpl__chart_start(analysis, options, plot, scratch), .options = &options->funnel,
                 .level = analysis->fit->level };
    const mpl_method *method;
    if (analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "a funnel plot needs a pooled estimate, not a regression");
    f.tau2 = f.options->add_tau2 && analysis->fit->tau2 > 0 ? analysis->fit->tau2 : 0;
    for (size_t i = 0; (method = mpl_funnel_axis_method(i)); i++)
        if (strcmp(method->id, f.options->yaxis) == 0)
            f.axis = &axes[i];
    if (f.options->contours && !f.axis->sei)
        return mpl__fail(err, MPL_ERR_ARG, "--contours: a p-value follows from the standard error, not from --yaxis %s",
                         f.axis->method.id);
    if (f.options->contours)
        MPL_TRY(read_levels(&f, err));
    MPL_TRY(mpl__chart_panel(&f.chart, "main", &f.panel, err));
    MPL_TRY(mpl__chart_effect_axis(&f.chart, &f.panel->p.x, err));
    MPL_TRY(find_centre(&f, err));
    MPL_TRY(find_range(&f, err));
    MPL_TRY(add_marks(&f, err));
    return mpl__chart_finish(&f.chart, describe(&f), f.notes, f.n_notes, err);
}

const mpl__plot_def mpl__plot_funnel = {
    .method = { .id = "funnel",
                .title = "effects against their precision",
                .cite = "Light & Pillemer 1984, Summing Up; Sterne & Egger 2001, J Clin Epidemiol 54:1046-1055; Peters "
                        "et al. 2008, J Clin Epidemiol 61:991-996" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, &group, NULL },
    .build = build,
};
