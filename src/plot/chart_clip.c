/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Series cut at the edge of their panel. Everything is done in shares of the axes, where the panel is the unit square;
 * points within keep the values they have.
 */
#include "plot/chart.h"

#include <math.h>

#include "base/error.h"
#include "plot/axis.h"

typedef struct place {
    double at[2];    /* shares of the axes */
    double value[2]; /* on them */
} place;

static const double EDGE = 1e-9, /* a point at a limit is within */
    FAR = 1e6;                   /* instead of infinitely far: 0 on a log axis */

static double value_of(const mpl_plot_axis *axis, double share)
{
    const double lo = mpl__axis_position(axis, axis->min), hi = mpl__axis_position(axis, axis->max);
    if (share <= 0 || share >= 1)
        return (share <= 0) == axis->reversed ? axis->max : axis->min;
    return mpl__axis_value(axis, lo + (axis->reversed ? 1 - share : share) * (hi - lo));
}

/* Infinite values are at the limits. */
static double bounded(const mpl_plot_axis *axis, double x)
{
    return isinf(x) ? x > 0 ? axis->max : axis->min : x;
}

static place place_of(const mpl__panel *panel, double x, double y)
{
    const double bx = bounded(&panel->p.x, x), by = bounded(&panel->p.y, y);
    const double sx = mpl__axis_share(&panel->p.x, bx), sy = mpl__axis_share(&panel->p.y, by);
    return (place){ { isinf(sx) ? copysign(FAR, sx) : sx, isinf(sy) ? copysign(FAR, sy) : sy }, { bx, by } };
}

static place between(const mpl__panel *panel, const place *a, const place *b, double t)
{
    place p = { { a->at[0] + t * (b->at[0] - a->at[0]), a->at[1] + t * (b->at[1] - a->at[1]) }, { 0, 0 } };
    p.value[0] = value_of(&panel->p.x, p.at[0]);
    p.value[1] = value_of(&panel->p.y, p.at[1]);
    return p;
}

/* The part from *t0 to *t1 of a line that is within; false if none is (Liang & Barsky 1984). */
static bool within(const place *a, const place *b, double *t0, double *t1)
{
    *t0 = 0;
    *t1 = 1;
    for (size_t d = 0; d < 2; d++) {
        const double step = b->at[d] - a->at[d], from = a->at[d];
        if (isnan(step))
            return false;
        if (fabs(step) < 1e-12) {
            if (from < -EDGE || from > 1 + EDGE)
                return false;
            continue;
        }
        const double t_low = (step > 0 ? -EDGE - from : 1 + EDGE - from) / step;
        const double t_high = (step > 0 ? 1 + EDGE - from : -EDGE - from) / step;
        *t0 = fmax(*t0, t_low);
        *t1 = fmin(*t1, t_high);
    }
    return *t0 <= *t1;
}

/* ---- lines ---- */

static void put(mpl__curve *c, double *x, double *y, const place *p)
{
    x[c->s.n] = p ? p->value[0] : (double)NAN;
    y[c->s.n++] = p ? p->value[1] : (double)NAN;
}

static mpl_status clip_line(mpl__curve *c, const mpl__panel *panel, mpl__arena *keep, mpl_error *err)
{
    const size_t n = c->s.n;
    double *const x = MPL_NEW(keep, double, 3 * n + 1), *const y = MPL_NEW(keep, double, 3 * n + 1);
    if (!x || !y)
        return mpl__fail_nomem(err, "the figure");
    c->s.n = 0;
    bool joined = false; /* the last point written is where this piece begins */
    for (size_t i = 0; i + 1 < n; i++) {
        const place a = place_of(panel, c->x[i], c->y[i]), b = place_of(panel, c->x[i + 1], c->y[i + 1]);
        double t0, t1;
        if (!within(&a, &b, &t0, &t1)) {
            joined = false;
            continue;
        }
        const place from = t0 > 0 ? between(panel, &a, &b, t0) : a, to = t1 < 1 ? between(panel, &a, &b, t1) : b;
        if (!joined && c->s.n)
            put(c, x, y, NULL);
        if (!joined)
            put(c, x, y, &from);
        put(c, x, y, &to);
        joined = t1 >= 1;
    }
    c->x = x;
    c->y = y;
    return MPL_OK;
}

/* ---- areas ---- */

/* Cuts a polygon at one side of the panel: where `at[d]` is above `limit`, or below it (Sutherland & Hodgman 1974). */
static size_t cut(const mpl__panel *panel, const place *in, size_t n, size_t d, bool above, place *out)
{
    const double limit = above ? 1 : 0;
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        const place *const a = &in[i], *const b = &in[(i + 1) % n];
        const bool a_in = above ? a->at[d] <= limit : a->at[d] >= limit;
        const bool b_in = above ? b->at[d] <= limit : b->at[d] >= limit;
        if (a_in)
            out[m++] = *a;
        if (a_in != b_in)
            out[m++] = between(panel, a, b, (limit - a->at[d]) / (b->at[d] - a->at[d]));
    }
    return m;
}

static mpl_status clip_area(mpl__curve *c, const mpl__panel *panel, mpl__arena *keep, mpl__arena *scratch,
                            mpl_error *err)
{
    const size_t n = c->s.n, room = 17 * (n + 1); /* each side may double the corners */
    double *const x = MPL_NEW(keep, double, room), *const y = MPL_NEW(keep, double, room);
    place *now = MPL_NEW(scratch, place, room), *next = MPL_NEW(scratch, place, room);
    if (!x || !y || !now || !next)
        return mpl__fail_nomem(err, "the figure");
    c->s.n = 0;
    for (size_t i = 0; i < n;) {
        size_t m = 0;
        for (; i < n && !isnan(c->x[i]) && !isnan(c->y[i]); i++)
            now[m++] = place_of(panel, c->x[i], c->y[i]);
        i++;
        for (size_t side = 0; side < 4 && m; side++) {
            m = cut(panel, now, m, side / 2, side % 2, next);
            place *const swap = now;
            now = next;
            next = swap;
        }
        if (m < 3)
            continue;
        if (c->s.n)
            put(c, x, y, NULL);
        for (size_t j = 0; j < m; j++)
            put(c, x, y, &now[j]);
    }
    c->x = x;
    c->y = y;
    return MPL_OK;
}

/* ---- the rest ---- */

static void clip_segments(mpl__curve *c, const mpl__panel *panel)
{
    size_t n = 0;
    for (size_t i = 0; i < c->s.n; i++) {
        const place a = place_of(panel, c->x[i], c->y[i]), b = place_of(panel, c->x2[i], c->y2[i]);
        double t0, t1;
        if (!within(&a, &b, &t0, &t1))
            continue;
        const place from = t0 > 0 ? between(panel, &a, &b, t0) : a, to = t1 < 1 ? between(panel, &a, &b, t1) : b;
        c->x[n] = from.value[0];
        c->y[n] = from.value[1];
        c->x2[n] = to.value[0];
        c->y2[n++] = to.value[1];
    }
    c->s.n = n;
}

static double held(const mpl_plot_axis *axis, double x)
{
    return fmin(fmax(x, axis->min), axis->max);
}

static void clip_bars(mpl__curve *c, const mpl__panel *panel)
{
    const mpl_plot_axis *const ax = &panel->p.x, *const ay = &panel->p.y;
    size_t n = 0;
    for (size_t i = 0; i < c->s.n; i++) {
        if (isnan(c->x[i] + c->y[i] + c->x2[i] + c->y2[i]))
            continue;
        const double x = held(ax, c->x[i]), x2 = held(ax, c->x2[i]);
        if (x == x2 && c->x[i] != c->x2[i])
            continue;
        c->y[n] = held(ay, c->y[i]);
        c->y2[n] = held(ay, c->y2[i]);
        c->x[n] = x;
        c->x2[n++] = x2;
    }
    c->s.n = n;
}

static unsigned flags(const place *p)
{
    return (p->at[0] < -EDGE ? MPL_CLIP_LEFT : 0u) | (p->at[0] > 1 + EDGE ? MPL_CLIP_RIGHT : 0u) |
           (p->at[1] < -EDGE ? MPL_CLIP_BELOW : 0u) | (p->at[1] > 1 + EDGE ? MPL_CLIP_ABOVE : 0u);
}

/* Points that have no place are left out, texts beyond the panel too. */
static mpl_status clip_points(mpl__curve *c, const mpl__panel *panel, mpl__arena *keep, mpl_error *err)
{
    unsigned *const clip = MPL_NEW(keep, unsigned, c->s.n);
    if (!clip)
        return mpl__fail_nomem(err, "the figure");
    size_t n = 0;
    bool any = false;
    for (size_t i = 0; i < c->s.n; i++) {
        const place p = place_of(panel, c->x[i], c->y[i]);
        if (isnan(p.at[0]) || isnan(p.at[1]))
            continue;
        const unsigned f = flags(&p);
        if (f && c->s.kind == MPL_SERIES_TEXTS)
            continue;
        c->x[n] = c->x[i];
        c->y[n] = c->y[i];
        c->area[n] = c->area[i];
        c->texts[n] = c->texts[i];
        c->named[n] = c->named[i];
        clip[n++] = f;
        any = any || f;
    }
    c->s.n = n;
    c->s.clip = any ? clip : NULL;
    return MPL_OK;
}

mpl_status mpl__chart_clip(mpl__curve *curve, const mpl__panel *panel, mpl__arena *keep, mpl__arena *scratch,
                           mpl_error *err)
{
    switch (curve->s.kind) {
    case MPL_SERIES_LINE:
        return clip_line(curve, panel, keep, err);
    case MPL_SERIES_AREA:
        return clip_area(curve, panel, keep, scratch, err);
    case MPL_SERIES_SEGMENTS:
        clip_segments(curve, panel);
        return MPL_OK;
    case MPL_SERIES_BARS:
        clip_bars(curve, panel);
        return MPL_OK;
    case MPL_SERIES_POINTS:
    case MPL_SERIES_TEXTS:
        break;
    }
    return clip_points(curve, panel, keep, err);
}
