/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits and ticks. Everything here is on the scale of positions: logarithms on a log axis. */
#include "plot/axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

enum { MOST_TICKS = 8 };
static const double MOST_OF_WEIGHT = 0.8, TOO_FAR = 3, PAD = 0.03, SNAP = 0.05;

typedef struct span {
    double lo, hi;
} span;

double mpl__axis_position(const mpl_plot_axis *axis, double value)
{
    if (axis->scale == MPL_SCALE_LINEAR || isnan(value))
        return value;
    if (axis->scale == MPL_SCALE_SQRT)
        return value >= 0 ? sqrt(value) : -INFINITY;
    return value > 0 ? log(value) : -INFINITY;
}

double mpl__axis_value(const mpl_plot_axis *axis, double at)
{
    return axis->scale == MPL_SCALE_LOG ? exp(at) : axis->scale == MPL_SCALE_SQRT ? at * fabs(at) : at;
}

double mpl__axis_share(const mpl_plot_axis *axis, double value)
{
    const double lo = mpl__axis_position(axis, axis->min), hi = mpl__axis_position(axis, axis->max);
    const double share = (mpl__axis_position(axis, value) - lo) / (hi - lo);
    return axis->reversed ? 1 - share : share;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* An interval's end: how far it is from the middle, and what its study weighs. */
typedef struct arm {
    double far, weight;
} arm;

static int nearer(const void *a, const void *b)
{
    const double x = ((const arm *)a)->far, y = ((const arm *)b)->far;
    return (x > y) - (x < y);
}

/* How far the axis must reach to show these ends, but for those much further than the ones with most of the weight. */
static double reach(arm *arms, size_t n)
{
    double total = 0, sum = 0;
    size_t most = 0;
    if (n == 0)
        return 0;
    qsort(arms, n, sizeof *arms, nearer);
    for (size_t i = 0; i < n; i++)
        total += arms[i].weight;
    for (size_t i = 0; i < n && total == 0; i++) /* only pooled estimates, which have no weight: all alike */
        arms[i].weight = 1;
    total = total > 0 ? total : (double)n;
    while (most < n - 1 && (sum += arms[most].weight) < MOST_OF_WEIGHT * total)
        most++;
    const double enough = TOO_FAR * arms[most].far;
    while (n > 1 && arms[n - 1].far > enough)
        n--;
    return arms[n - 1].far;
}

/* Where the middle of the figure is: the overall estimate, else the middle of the estimates. */
static double middle(const mpl_plot *plot, const mpl_plot_row *rows, double *work)
{
    size_t n = 0;
    if (plot->overall < plot->n_rows && isfinite(mpl__axis_position(&plot->axis, rows[plot->overall].x)))
        return mpl__axis_position(&plot->axis, rows[plot->overall].x);
    for (size_t i = 0; i < plot->n_rows; i++)
        if (rows[i].mark != MPL_MARK_NONE && isfinite(mpl__axis_position(&plot->axis, rows[i].x)))
            work[n++] = mpl__axis_position(&plot->axis, rows[i].x);
    if (n == 0)
        return isnan(plot->axis.null_value) ? mpl__axis_value(&plot->axis, 0)
                                            : mpl__axis_position(&plot->axis, plot->axis.null_value);
    qsort(work, n, sizeof *work, ascending);
    return work[(n - 1) / 2];
}

/* One side of the figure: how far from `centre` (side 1 to the right, -1 to the left) the axis goes. */
static double extent(const mpl_plot *plot, const mpl_plot_row *rows, double centre, int side, arm *work)
{
    size_t n = 0;
    for (size_t i = 0; i < plot->n_rows; i++) {
        if ((rows[i].mark != MPL_MARK_SQUARE && rows[i].mark != MPL_MARK_DIAMOND) || i == plot->overall)
            continue;
        const double end = mpl__axis_position(&plot->axis, side > 0 ? rows[i].ub : rows[i].lb);
        const double x = mpl__axis_position(&plot->axis, rows[i].x);
        const double d = side * ((isfinite(end) ? end : x) - centre);
        if (isfinite(d) && d > 0)
            work[n++] = (arm){ d, rows[i].area };
    }
    double far = reach(work, n);
    if (plot->overall < plot->n_rows) {
        const mpl_plot_row *const r = &rows[plot->overall];
        const double d = side * (mpl__axis_position(&plot->axis, side > 0 ? r->ub : r->lb) - centre);
        if (isfinite(d) && d > far)
            far = d;
    }
    return far;
}

/* A prediction interval is shown whole if that makes the axis at most twice as long. */
static span with_predictions(const mpl_plot *plot, const mpl_plot_row *rows, span s)
{
    const double room = s.hi - s.lo;
    for (size_t i = 0; i < plot->n_rows; i++) {
        if (rows[i].mark != MPL_MARK_BAR)
            continue;
        const double lb = mpl__axis_position(&plot->axis, rows[i].lb), ub = mpl__axis_position(&plot->axis, rows[i].ub);
        if (isfinite(lb) && lb < s.lo && s.lo - lb <= room / 2)
            s.lo = lb;
        if (isfinite(ub) && ub > s.hi && ub - s.hi <= room / 2)
            s.hi = ub;
    }
    return s;
}

/* A study's own estimate is shown if that makes the axis at most three times as long on its side. */
static span with_estimates(const mpl_plot *plot, const mpl_plot_row *rows, span s)
{
    const double room = s.hi - s.lo;
    span all = s;
    for (size_t i = 0; i < plot->n_rows; i++) {
        const double x = mpl__axis_position(&plot->axis, rows[i].x);
        if (rows[i].mark != MPL_MARK_SQUARE || !isfinite(x))
            continue;
        all.lo = s.lo - x <= 2 * room ? fmin(all.lo, x) : all.lo;
        all.hi = x - s.hi <= 2 * room ? fmax(all.hi, x) : all.hi;
    }
    return all;
}

static span choose(const mpl_plot *plot, const mpl_plot_row *rows, double *values, arm *work)
{
    const double centre = middle(plot, rows, values);
    span s = { centre - extent(plot, rows, centre, -1, work), centre + extent(plot, rows, centre, 1, work) };
    s = with_estimates(plot, rows, s);
    s = with_predictions(plot, rows, s);
    const double null = mpl__axis_position(&plot->axis, plot->axis.null_value), width = s.hi - s.lo;
    if (isfinite(null) && null < s.lo && (s.lo - null <= width || width == 0))
        s.lo = null;
    if (isfinite(null) && null > s.hi && (null - s.hi <= width || width == 0))
        s.hi = null;
    const double least = plot->axis.scale == MPL_SCALE_LOG ? 0.2 : fabs(centre) > 0 ? 1e-6 * fabs(centre) : 1e-6;
    if (!(s.hi - s.lo > least)) {
        const double half = plot->axis.scale == MPL_SCALE_LOG ? log(2) : fabs(centre) > 0 ? fabs(centre) : 1;
        s = (span){ centre - half, centre + half };
    }
    const double pad = PAD * (s.hi - s.lo);
    return (span){ s.lo - pad, s.hi + pad };
}

/* m * 10^e, correctly rounded for the small e of a readable axis. */
static double decimal(double m, int e)
{
    return e < 0 ? m / pow(10, -e) : m * pow(10, e);
}

/* Multiples of 1, 2 or 5 times a power of ten; the step is the smallest that gives at most `most` of them. */
static size_t linear_ticks(double lo, double hi, size_t most, double *ticks, int *decimals)
{
    static const int factor[] = { 1, 2, 5 };
    int e = (int)floor(log10((hi - lo) / (double)most)) - 1;
    for (size_t f = 0;; f++) {
        if (f == 3) {
            f = 0;
            e++;
        }
        const double step = decimal(factor[f], e);
        const double first = ceil(lo / step - 1e-9), last = floor(hi / step + 1e-9);
        if (last - first + 1 > (double)most)
            continue;
        size_t n = 0;
        for (double i = first; i <= last && n < most; i++)
            ticks[n++] = decimal(i * factor[f], e) + 0.0;
        *decimals = e < 0 ? -e : 0;
        return n;
    }
}

/* 1, 2 and 5 times powers of ten; powers of ten alone, or every so many, if there are too many. */
static size_t log_ticks(double lo, double hi, size_t most, double *ticks)
{
    static const int factor[] = { 1, 2, 5 };
    const int first = (int)floor(log10(lo) + 1e-12), last = (int)floor(log10(hi) + 1e-12);
    for (int every = 0;; every++) { /* 0: 1-2-5 */
        size_t n = 0;
        for (int e = first; e <= last && n <= most; e++)
            for (size_t f = 0; f < (every ? 1u : 3u) && n <= most; f++) {
                const double tick = decimal(factor[f], e);
                if (tick >= lo * (1 - 1e-12) && tick <= hi * (1 + 1e-12) && (!every || e % every == 0)) {
                    if (n < most)
                        ticks[n] = tick;
                    n++;
                }
            }
        if (n <= most)
            return n;
    }
}

/* Ticks between two values; *decimals is -1 where each needs its own. */
static size_t find_ticks(bool is_log, double lo, double hi, double ticks[MOST_TICKS], int *decimals)
{
    *decimals = -1;
    const size_t n = is_log ? log_ticks(lo, hi, MOST_TICKS, ticks) : 0;
    return n < 3 ? linear_ticks(lo, hi, MOST_TICKS, ticks, decimals) : n;
}

/* Sets the limits, a little longer where that reaches a tick. */
static void set_limits(mpl_plot_axis *axis, span s)
{
    const bool is_log = axis->scale == MPL_SCALE_LOG;
    const double more = SNAP * (s.hi - s.lo);
    double ticks[MOST_TICKS];
    int decimals;
    const double lo = mpl__axis_value(axis, s.lo - more), hi = mpl__axis_value(axis, s.hi + more);
    const size_t n = find_ticks(is_log, lo, hi, ticks, &decimals);
    axis->min = n ? fmin(ticks[0], mpl__axis_value(axis, s.lo)) : mpl__axis_value(axis, s.lo);
    axis->max = n ? fmax(ticks[n - 1], mpl__axis_value(axis, s.hi)) : mpl__axis_value(axis, s.hi);
}

mpl_status mpl__axis_fit(mpl_plot_axis *axis, double lo, double hi, double pad, mpl_error *err)
{
    const double least = axis->scale == MPL_SCALE_LOG ? 0.02 : 1e-9 * fmax(fabs(lo), fabs(hi));
    if (!(hi - lo > least)) {
        const double half = axis->scale == MPL_SCALE_LOG ? log(2) : fabs(lo) > 0 ? fabs(lo) / 2 : 1;
        lo -= half;
        hi += half;
    }
    const span s = { lo - pad * (hi - lo), hi + pad * (hi - lo) };
    const double from = mpl__axis_value(axis, s.lo), to = mpl__axis_value(axis, s.hi);
    if (!isfinite(from) || !isfinite(to - from) || !(from < to) || (axis->scale == MPL_SCALE_LOG && from < 1e-290))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the values lie too far apart to draw");
    set_limits(axis, s);
    return MPL_OK;
}

/* Labels for the ticks; `decimals` is -1 where each has its own. */
static mpl_status label_ticks(mpl_plot_axis *axis, const double *ticks, int decimals, mpl__arena *keep, mpl_error *err)
{
    const char **const labels = MPL_NEW(keep, const char *, axis->n_ticks);
    if (!labels)
        return mpl__fail_nomem(err, "the axis");
    for (size_t i = 0; i < axis->n_ticks; i++) {
        char number[MPL__NUMBER_SIZE];
        if (decimals >= 0 && decimals < 12) {
            labels[i] = mpl__plot_number(keep, ticks[i], (size_t)decimals);
        } else {
            mpl__number_write(ticks[i], number);
            labels[i] = mpl__arena_format(keep, "%s%s", number[0] == '-' ? "\xE2\x88\x92" : "",
                                          number + (number[0] == '-'));
        }
        if (!labels[i])
            return mpl__fail_nomem(err, "the axis");
    }
    axis->ticks = ticks;
    axis->tick_labels = labels;
    return MPL_OK;
}

mpl_status mpl__axis_ticks(mpl_plot_axis *axis, mpl__arena *keep, mpl_error *err)
{
    double *const ticks = MPL_NEW(keep, double, MOST_TICKS);
    if (!ticks)
        return mpl__fail_nomem(err, "the axis");
    int decimals;
    axis->n_ticks = find_ticks(axis->scale == MPL_SCALE_LOG, axis->min, axis->max, ticks, &decimals);
    return label_ticks(axis, ticks, decimals, keep, err);
}

mpl_status mpl__axis_read_ticks(mpl_plot_axis *axis, const char *text, mpl__arena *keep, mpl_error *err)
{
    char shown[MPL_SHOWN_SIZE];
    size_t most = 1, n = 0;
    for (const char *s = text; *s; s++)
        most += *s == ',';
    double *const ticks = MPL_NEW(keep, double, most);
    if (!ticks)
        return mpl__fail_nomem(err, "the axis");
    for (const char *s = text; s; s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL) {
        double x;
        if (mpl__number_read(s, strcspn(s, ","), '.', &x) != MPL__NUMBER_OK)
            return mpl__fail(err, MPL_ERR_ARG, "--xticks: '%s' is not a list of numbers A,B,C",
                             mpl_text_to_shown(text, shown));
        if (x >= axis->min && x <= axis->max)
            ticks[n++] = x;
    }
    qsort(ticks, n, sizeof *ticks, ascending);
    axis->n_ticks = n;
    return label_ticks(axis, ticks, -1, keep, err);
}

mpl_status mpl__axis_read(mpl_plot_axis *axis, const char *name, const char *text, mpl_error *err)
{
    char shown[MPL_SHOWN_SIZE];
    const char *const comma = strchr(text, ',');
    double lo, hi;
    if (!comma || mpl__number_read(text, (size_t)(comma - text), '.', &lo) != MPL__NUMBER_OK ||
        mpl__number_read(comma + 1, strlen(comma + 1), '.', &hi) != MPL__NUMBER_OK)
        return mpl__fail(err, MPL_ERR_ARG, "--%s: '%s' is not two numbers LO,HI", name,
                         mpl_text_to_shown(text, shown));
    if (!(lo < hi))
        return mpl__fail(err, MPL_ERR_ARG, "--%s: '%s' has its limits in the wrong order", name,
                         mpl_text_to_shown(text, shown));
    if (axis->scale == MPL_SCALE_LOG && !(lo > 0))
        return mpl__fail(err, MPL_ERR_ARG, "--%s: '%s' must be positive on the log axis of a ratio", name,
                         mpl_text_to_shown(text, shown));
    if (axis->scale == MPL_SCALE_SQRT && lo < 0)
        return mpl__fail(err, MPL_ERR_ARG, "--%s: '%s' must not be negative", name, mpl_text_to_shown(text, shown));
    axis->min = lo;
    axis->max = hi;
    return MPL_OK;
}

mpl_status mpl__axis_choose(mpl_plot *plot, mpl_plot_row *rows, const char *xlim, const char *xticks,
                            mpl__arena *scratch, mpl_error *err)
{
    mpl_plot_axis *const axis = &plot->axis;
    if (xlim) {
        MPL_TRY(mpl__axis_read(axis, "xlim", xlim, err));
    } else {
        double *const values = MPL_NEW(scratch, double, plot->n_rows);
        arm *const arms = MPL_NEW(scratch, arm, plot->n_rows);
        if (!values || !arms)
            return mpl__fail_nomem(err, "the axis");
        const span s = choose(plot, rows, values, arms);
        const double lo = mpl__axis_value(axis, s.lo), hi = mpl__axis_value(axis, s.hi);
        if (!isfinite(lo) || !isfinite(hi - lo) || !(lo < hi) || (axis->scale == MPL_SCALE_LOG && lo < 1e-290))
            return mpl__fail(err, MPL_ERR_NUMERIC, "the effects lie too far apart to draw");
        set_limits(axis, s);
    }
    for (size_t i = 0; i < plot->n_rows; i++) {
        rows[i].clip_lb = rows[i].mark != MPL_MARK_NONE && rows[i].lb < axis->min;
        rows[i].clip_ub = rows[i].mark != MPL_MARK_NONE && rows[i].ub > axis->max;
    }
    return xticks ? mpl__axis_read_ticks(axis, xticks, plot->arena, err) : mpl__axis_ticks(axis, plot->arena, err);
}
