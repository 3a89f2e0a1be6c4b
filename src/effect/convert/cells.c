/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 2x2 tables from one association and the margins, or from the accuracy of a test. */
#include <math.h>

#include "effect/convert/conversion.h"

/* Margins: all n, group 1, all events. */
typedef struct margins {
    double n, row, column;
} margins;

/* in[1..4] are n1i n2i xi ni: the total is given or follows from the groups. */
static const char *margins_of(const mpl__convert *c, margins *m)
{
    *m = (margins){ isnan(c->in[4]) ? rint(c->in[1]) + rint(c->in[2]) : rint(c->in[4]), rint(c->in[1]),
                    rint(c->in[3]) };
    if (!(m->row >= 0) || !(m->column >= 0) || !(m->n > 0))
        return "a margin is negative or the table is empty";
    return m->row > m->n || m->column > m->n ? "a margin is larger than the whole table" : NULL;
}

/* From the share of cell a; the rest by subtraction. */
static const char *fill(mpl__convert *c, const margins *m, double p11)
{
    const double a = rint(m->n * p11), b = m->row - a, d = m->n - m->row - m->column + a;
    if (!(a >= 0) || !(b >= 0) || !(m->column - a >= 0) || !(d >= 0))
        return "no table with these margins has this association";
    c->out[0] = a;
    c->out[1] = b;
    c->out[2] = m->column - a;
    c->out[3] = d;
    return NULL;
}

static const char *from_phi_value(mpl__convert *c, const margins *m, double phi)
{
    if (!(fabs(phi) <= 1))
        return "the phi coefficient is not between -1 and 1";
    const double p1 = m->row / m->n, p2 = m->column / m->n;
    return fill(c, m, p1 * p2 + phi * sqrt(p1 * (1 - p1) * p2 * (1 - p2)));
}

static const char *from_phi(mpl__convert *c)
{
    margins m;
    const char *why = margins_of(c, &m);
    return why ? why : from_phi_value(c, &m, c->in[0]);
}

/* The smaller root of the quadratic in p11, in the form that does not cancel: it is p1 p2 at an odds ratio of 1. */
static const char *from_or(mpl__convert *c)
{
    margins m;
    const char *why = margins_of(c, &m);
    if (why)
        return why;
    const double odds = c->in[0], p1 = m.row / m.n, p2 = m.column / m.n;
    if (!(odds > 0))
        return "the odds ratio is not positive";
    const double s = odds * (p1 + p2) + 1 - p1 - p2;
    const double root = sqrt(s * s - 4 * p1 * p2 * odds * (odds - 1));
    return fill(c, &m, 2 * p1 * p2 * odds / (s + root));
}

static const char *from_chisq(mpl__convert *c)
{
    margins m;
    const char *why = margins_of(c, &m);
    if (why)
        return why;
    const double x2 = c->in[0];
    const double product = m.row * (m.n - m.row) * m.column * (m.n - m.column);
    if (!(product > 0))
        return "a margin of 0 leaves nothing for chi-squared to tell";
    const double yates = c->options->no_yates ? 0 : m.n / (2 * sqrt(product));
    return from_phi_value(c, &m, x2 == 0 ? 0 : copysign(sqrt(fabs(x2) / m.n) + yates, x2));
}

/* Sensitivity, specificity and predictive values; the missing one of the four is not needed. */
static const char *prevalence(const double *in, double *p)
{
    const double sens = in[0], spec = in[1], ppv = in[2], npv = in[3];
    for (int i = 0; i < 4; i++)
        if (in[i] <= 0 || in[i] >= 1)
            return "a sensitivity, specificity or predictive value of 0 or 1 does not tell the prevalence";
    /* odds of disease = odds of disease given a result over the likelihood ratio of that result */
    double odds;
    if (!isnan(sens) && !isnan(spec))
        odds = isnan(ppv) ? (1 - npv) / npv * (spec / (1 - sens)) : ppv / (1 - ppv) * ((1 - spec) / sens);
    else if (isnan(sens)) { /* share positive q from spec, ppv, npv: 1 - spec = q (1 - ppv) / (1 - prevalence) */
        const double healthy_pos = (1 - spec) / (1 - ppv), healthy_neg = spec / npv;
        const double q = healthy_pos / (healthy_pos + healthy_neg);
        odds = (q * ppv + (1 - q) * (1 - npv)) / (q * (1 - ppv) + (1 - q) * npv);
    } else {
        const double sick_pos = sens / ppv, sick_neg = (1 - sens) / (1 - npv);
        const double q = sick_pos / (sick_pos + sick_neg);
        odds = (q * ppv + (1 - q) * (1 - npv)) / (q * (1 - ppv) + (1 - q) * npv);
    }
    *p = odds / (1 + odds);
    return NULL;
}

/* Whole numbers with the sum n, by largest remainders. */
static void apportion(double *cell, double n)
{
    double left = n, rest[4];
    for (int i = 0; i < 4; i++) {
        rest[i] = cell[i] - floor(cell[i]);
        cell[i] = floor(cell[i]);
        left -= cell[i];
    }
    for (; left > 0.5; left--) {
        int best = 0;
        for (int i = 1; i < 4; i++)
            if (rest[i] > rest[best])
                best = i;
        cell[best]++;
        rest[best] = -1;
    }
}

static const char *from_accuracy(mpl__convert *c)
{
    const double n = rint(c->in[4]);
    double p;
    const char *why = prevalence(c->in, &p);
    if (why)
        return why;
    if (!(n > 0))
        return "the sample size is not positive";
    const double ppv = c->in[2], npv = c->in[3];
    /* with sens or spec missing, from the share of positive results */
    const double q = (p - 1 + npv) / (ppv - 1 + npv);
    const double sens = isnan(c->in[0]) ? q * ppv / p : c->in[0];
    const double spec = isnan(c->in[1]) ? (1 - q) * npv / (1 - p) : c->in[1];
    double cell[4] = { n * p * sens, n * (1 - p) * (1 - spec), n * p * (1 - sens), n * (1 - p) * spec };
    for (int i = 0; i < 4; i++)
        if (!(cell[i] >= -1e-9 * n) || !(cell[i] <= n * (1 + 1e-9)))
            return "no table has these sensitivity, specificity and predictive values";
    apportion(cell, n);
    for (int i = 0; i < 4; i++)
        c->out[i] = cell[i];
    return NULL;
}

static const char yule[] = "Yule 1912, J R Stat Soc 75:579-652";

#define CELLS(symbol, id_, title_, cite_, inputs_, apply_)                                                           \
    const mpl__conversion mpl__conversion_##symbol = {                                                               \
        .pub = { .method = { .id = id_, .title = title_, .cite = cite_ }, .target = "2x2", .inputs = inputs_,        \
                 .outputs = "ai bi ci di" },                                                                         \
        .apply = apply_,                                                                                             \
    }

CELLS(cells_or, "or", "odds ratio, group sizes and all events",
      "Bonett 2007, Am Psychol 62:254-255", "ori n1i n2i xi | ori n1i xi ni", from_or);
CELLS(cells_phi, "phi", "phi coefficient, group sizes and all events", yule, "ri n1i n2i xi | ri n1i xi ni",
      from_phi);
CELLS(cells_chisq, "chisq", "chi-squared with the sign of the association, group sizes and all events", yule,
      "chi2i n1i n2i xi | chi2i n1i xi ni", from_chisq);
CELLS(cells_accuracy, "accuracy",
      "three of sensitivity, specificity and predictive values, and all n: ai true and bi false positives",
      "Altman & Bland 1994, BMJ 309:102", "sensi speci ppvi [npvi] ni | sensi speci npvi ni | speci ppvi npvi ni | "
      "sensi ppvi npvi ni", from_accuracy);
