/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weights, and their mean over the distribution of an effect. Weights depend on z = yi/sei alone, so all studies share
 * one mesh of z: pieces where the weight is constant, whose share of a study is a normal probability, and between them
 * nodes of Gauss-Legendre panels, whose weights are computed once for all studies. On the scale of z no study's
 * distribution is narrower than a standard normal, and panels of width 1 resolve it.
 */
#include "diag/selection/weight.h"

#include <math.h>

#include "base/method.h"
#include "num/dist.h"
#include "num/legendre.h"

/* ---- weight functions: ln w and its derivatives */

static double beta(const mpl__chance *at, const double *d, double *slope)
{
    slope[0] = at->log_p;
    slope[1] = at->log_q;
    return (d[0] - 1) * at->log_p + (d[1] - 1) * at->log_q;
}

static double halfnorm(const mpl__chance *at, const double *d, double *slope)
{
    slope[0] = -at->p * at->p;
    return d[0] * slope[0];
}

static double negexp(const mpl__chance *at, const double *d, double *slope)
{
    slope[0] = -at->p;
    return d[0] * slope[0];
}

static double logistic(const mpl__chance *at, const double *d, double *slope)
{
    const double e = exp(-d[0] * at->p);
    slope[0] = -at->p / (1 + e);
    return -d[0] * at->p - log1p((e - 1) / 2);
}

static double power(const mpl__chance *at, const double *d, double *slope)
{
    slope[0] = at->log_q;
    return d[0] * at->log_q;
}

static double negexppow(const mpl__chance *at, const double *d, double *slope)
{
    const double share = d[1] > 0 ? exp(at->log_p / d[1]) : 0;
    slope[0] = -share;
    slope[1] = share > 0 ? d[0] * share * at->log_p / (d[1] * d[1]) : 0;
    return -d[0] * share;
}

static const mpl__weight_def registry[] = {
#define MPL_WEIGHT(id, title, cite, aliases, about, weight, of_effect, n, none, clip)                                \
    { { id, title, cite, aliases, about }, weight, of_effect, n, none, clip },
#include "diag/selection/selection.def"
#undef MPL_WEIGHT
};

const mpl_method *mpl_selection_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

mpl_status mpl__weight_find(const char *id, const mpl__weight_def **out, mpl_error *err)
{
    const mpl_method *method;
    const mpl_status s = mpl__method_get(mpl_selection_method, "selection model", id, &method, err);
    for (size_t i = 0; s == MPL_OK && i < sizeof registry / sizeof *registry; i++)
        if (&registry[i].method == method)
            *out = &registry[i];
    return s;
}

/* ---- the mesh */

enum { MAX_PIECES = 2 * MPL__SELECTION_MAX + 4, MAX_PANELS = 120, MAX_NODES = MAX_PANELS * MPL__LEGENDRE_NODES };

static const double FLAT = 8.5;    /* beyond, 1 - p is 0 to 16 digits, and p nil unless a function magnifies it */
static const double LAST = 38.4;   /* beyond, p underflows */
static const double NIL = 45;      /* exp(-NIL) beside 1 is nothing */
static const double LOG_2PI = 1.8378770664093454836;

/* A run of z with one weight: that of interval `weight`, or of the function at `at`; SIZE_MAX and no function: 1. */
typedef struct piece {
    double lo, hi;
    mpl__observed o;
    double log_w, slope[MPL__SELECTION_MAX];
} piece;

typedef struct node {
    double z, log_width;
    mpl__observed o;
    double log_w, slope[2]; /* log_w: with the width */
} node;

typedef struct mpl__mesh {
    double log_first; /* ln of the weight at the step up to which it is 1 */
    double first[2];
    mpl__chance step; /* that step */
    const double *d;
    double own[MPL__SELECTION_MAX]; /* d points here */
    size_t n_pieces, n_nodes;
    piece pieces[MAX_PIECES];
    node nodes[MAX_NODES];
} mpl__mesh;

static mpl__chance chance_at(const mpl__selector *s, double z)
{
    const double log_2 = s->two_sided ? log(2) : 0, x = s->two_sided ? fabs(z) : z, clip = s->def->clip;
    mpl__chance c = { .log_p = mpl__norm_log_p(x, MPL__UPPER) + log_2 };
    c.p = exp(c.log_p);
    c.log_q = s->two_sided ? log1p(-fmin(c.p, 1)) : mpl__norm_log_p(x, MPL__LOWER);
    if (s->two_sided && c.p > 0.5) /* 1 - p is the probability near 0 */
        c.log_q = log(fmax(erf(x * sqrt(0.5)), 0));
    if (c.p < clip)
        c = (mpl__chance){ clip, log(clip), log1p(-clip) };
    else if (clip > 0 && c.log_q < log(clip))
        c = (mpl__chance){ 1 - clip, log1p(-clip), log(clip) };
    return c;
}

static size_t interval_of(const mpl__selector *s, double p)
{
    size_t i = 0;
    while (i < s->n_steps && p > s->steps[i])
        i++;
    return i;
}

mpl__observed mpl__selector_look(const mpl__selector *s, double z)
{
    mpl__observed o = { .at = chance_at(s, z) };
    const double p = s->two_sided ? 2 * mpl__norm_p(fabs(z), MPL__UPPER) : mpl__norm_p(z, MPL__UPPER);
    o.interval = s->def->of_effect ? z >= 0 : interval_of(s, p);
    o.is_sure = s->def->of_effect ? z >= 0 : s->def->log_weight && s->n_steps > 0 && o.interval == 0;
    return o;
}

static void add_piece(mpl__selector *s, double lo, double hi, double inside)
{
    mpl__mesh *const m = s->mesh;
    m->pieces[m->n_pieces++] = (piece){ .lo = lo, .hi = hi, .o = mpl__selector_look(s, inside) };
}

/* Panels no wider than `width`; where weights may have a pole, near 0, they grow with z. */
static void add_panels(mpl__selector *s, double lo, double hi, double width)
{
    mpl__mesh *const m = s->mesh;
    const size_t n = (size_t)ceil((hi - lo) / width);
    for (size_t i = 0; i < n; i++) {
        const double from = lo + (hi - lo) * (double)i / (double)n, to = lo + (hi - lo) * (double)(i + 1) / (double)n;
        for (size_t j = 0; j < MPL__LEGENDRE_NODES && m->n_nodes < MAX_NODES; j++) {
            double w;
            node *const at = &m->nodes[m->n_nodes++];
            at->z = mpl__legendre_node(j, from, to, &w);
            at->log_width = log(w);
            at->o = mpl__selector_look(s, at->z);
        }
    }
}

/* The smooth part on one side of z = 0, from `lo` to `hi`, both not negative; turned for negative z. */
static void add_smooth(mpl__selector *s, double lo, double hi, double turn)
{
    double from = lo;
    while (from < hi) {
        const double graded = lo > 0 && lo < 0.5 && from < 0.5 ? 8 * from : from < FLAT ? FLAT : hi;
        const double to = fmin(hi, graded), width = from < FLAT ? 1 : 3;
        if (turn > 0)
            add_panels(s, from, to, width);
        else
            add_panels(s, -to, -from, width);
        from = to;
    }
}

static void add_steps(mpl__selector *s)
{
    double above = INFINITY;
    for (size_t j = 0; j <= s->n_steps; j++) {
        const double below = j < s->n_steps ? s->cuts[j] : s->two_sided ? 0 : -INFINITY;
        const double inside = isinf(above) ? below + 1 : isinf(below) ? above - 1 : below + (above - below) / 2;
        add_piece(s, below, above, s->n_steps == 0 && !s->two_sided ? 0 : inside);
        if (s->two_sided)
            add_piece(s, -above, -below, -inside);
        above = below;
    }
}

/* Constant above the first step, or where p is nil or clipped; where 1 - p is; smooth between. */
static void add_function(mpl__selector *s)
{
    const double clip = s->def->clip, half = s->two_sided ? 0.5 : 1;
    const double top = s->n_steps > 0 ? s->cuts[0] : clip > 0 ? mpl__norm_q(half * clip, MPL__UPPER) : LAST;
    add_piece(s, top, INFINITY, top + 1);
    if (s->two_sided) {
        const double bottom = clip > 0 ? mpl__norm_q(0.5 + clip / 2, MPL__LOWER) : 0;
        add_piece(s, -INFINITY, -top, -top - 1);
        if (bottom > 0)
            add_piece(s, -bottom, bottom, 0);
        add_smooth(s, bottom, top, 1);
        add_smooth(s, bottom, top, -1);
    } else {
        const double bottom = clip > 0 ? mpl__norm_q(clip, MPL__UPPER) : FLAT;
        add_piece(s, -INFINITY, -bottom, -bottom - 1);
        if (top > 0) {
            add_smooth(s, 0, top, 1);
            add_smooth(s, 0, bottom, -1);
        } else {
            add_smooth(s, -top, bottom, -1);
        }
    }
}

bool mpl__selector_prepare(mpl__selector *s, mpl__arena *arena)
{
    s->mesh = MPL_NEW(arena, mpl__mesh, 1);
    if (!s->mesh)
        return false;
    if (s->def->of_effect) {
        add_piece(s, 0, INFINITY, 1);
        add_piece(s, -INFINITY, 0, -1);
    } else if (s->def->log_weight) {
        add_function(s);
        s->mesh->step = chance_at(s, s->cuts[0]);
    } else {
        add_steps(s);
    }
    return true;
}

/* ---- weights at given parameters */

double mpl__selector_log_weight(const mpl__selector *s, const mpl__observed *o, double *slope)
{
    const mpl__mesh *const m = s->mesh;
    for (size_t j = 0; j < s->n_weights; j++)
        slope[j] = 0;
    if (o->is_sure)
        return 0;
    if (!s->def->log_weight) { /* steps of p, or of the effect */
        slope[o->interval] = 1 / m->d[o->interval];
        return log(m->d[o->interval]);
    }
    double log_w = s->def->log_weight(&o->at, m->d, slope);
    if (s->n_steps > 0) {
        log_w -= m->log_first;
        for (size_t j = 0; j < s->n_weights; j++)
            slope[j] -= m->first[j];
    }
    return log_w;
}

void mpl__selector_set(mpl__selector *s, const double *d)
{
    mpl__mesh *const m = s->mesh;
    m->d = m->own;
    for (size_t j = 0; j < s->n_weights; j++)
        m->own[j] = d[j];
    if (s->def->log_weight && s->n_steps > 0)
        m->log_first = s->def->log_weight(&m->step, d, m->first);
    for (size_t i = 0; i < m->n_pieces; i++)
        m->pieces[i].log_w = mpl__selector_log_weight(s, &m->pieces[i].o, m->pieces[i].slope);
    for (size_t i = 0; i < m->n_nodes; i++)
        m->nodes[i].log_w = m->nodes[i].log_width + mpl__selector_log_weight(s, &m->nodes[i].o, m->nodes[i].slope);
}

/* ---- the mean weight */

/* ln P(a < X < b) of a standard normal, exact where it underflows. */
static double log_between(double a, double b)
{
    if (a > 0)
        return log_between(-b, -a);
    const double upper = mpl__norm_log_p(b, MPL__LOWER), lower = mpl__norm_log_p(a, MPL__LOWER);
    if (b > 0) /* about the middle: neither tail is lost in 1 */
        return log1p(-mpl__norm_p(a, MPL__LOWER) - mpl__norm_p(b, MPL__UPPER));
    return isinf(a) ? upper : upper + log1p(-exp(lower - upper));
}

/* What has been added up, all over exp(top). */
typedef struct mean {
    double top, a, mean, sd, d[MPL__SELECTION_MAX];
} mean;

/* phi(x) w/exp(top) times 1 or x; nil at infinity. */
static double end_of(double x, double log_w, double top, double times)
{
    return isinf(x) ? 0 : times * exp(log_w - top - 0.5 * (x * x + LOG_2PI));
}

static void add_piece_to(mean *sum, const mpl__selector *s, const piece *p, double a, double b, double log_share)
{
    const double share = exp(p->log_w + log_share - sum->top);
    sum->a += share;
    sum->mean += end_of(a, p->log_w, sum->top, 1) - end_of(b, p->log_w, sum->top, 1);
    sum->sd += end_of(a, p->log_w, sum->top, a) - end_of(b, p->log_w, sum->top, b);
    for (size_t j = 0; j < s->n_weights; j++)
        if (isinf(p->slope[j])) /* a step of weight 0 has a derivative all the same */
            sum->d[j] += exp(fmin(log_share - sum->top, 700));
        else
            sum->d[j] += share * p->slope[j];
}

static void add_nodes_to(mean *sum, const mpl__mesh *m, double at, double per_sd, double log_scale)
{
    double a = 0, first = 0, second = 0, d0 = 0, d1 = 0;
    const double least = sum->top - NIL;
    for (size_t i = 0; i < m->n_nodes; i++) {
        const node *const n = &m->nodes[i];
        const double e = (n->z - at) * per_sd, log_share = log_scale + n->log_w - 0.5 * e * e;
        if (log_share < least)
            continue;
        const double share = exp(log_share - sum->top);
        a += share;
        first += share * e;
        second += share * (e * e - 1);
        d0 += share * n->slope[0];
        d1 += share * n->slope[1];
    }
    sum->a += a;
    sum->mean += first;
    sum->sd += second;
    sum->d[0] += d0;
    sum->d[1] += d1;
}

double mpl__selector_log_mean(const mpl__selector *s, double at, double sd, mpl__mean_slope *out)
{
    const mpl__mesh *const m = s->mesh;
    const double per_sd = 1 / sd, log_scale = -log(sd) - 0.5 * LOG_2PI;
    double share[MAX_PIECES];
    mean sum = { .top = -INFINITY };
    for (size_t i = 0; i < m->n_pieces; i++) {
        share[i] = log_between((m->pieces[i].lo - at) * per_sd, (m->pieces[i].hi - at) * per_sd);
        sum.top = fmax(sum.top, share[i] + m->pieces[i].log_w);
    }
    for (size_t i = 0; i < m->n_nodes; i++) {
        const double e = (m->nodes[i].z - at) * per_sd, log_share = log_scale + m->nodes[i].log_w - 0.5 * e * e;
        if (log_share > sum.top)
            sum.top = log_share;
    }
    for (size_t i = 0; i < m->n_pieces; i++) {
        const piece *const p = &m->pieces[i];
        add_piece_to(&sum, s, p, (p->lo - at) * per_sd, (p->hi - at) * per_sd, share[i]);
    }
    add_nodes_to(&sum, m, at, per_sd, log_scale);
    out->mean = per_sd * sum.mean / sum.a;
    out->sd = per_sd * sum.sd / sum.a;
    for (size_t j = 0; j < s->n_weights; j++)
        out->d[j] = sum.d[j] / sum.a;
    return sum.top + log(sum.a);
}
