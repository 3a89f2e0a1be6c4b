/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How journals and programs set a forest plot: what is beside the marks, how numbers are written, which colours. A
 * layout is a row of layouts.def; nothing else knows that it exists.
 *
 * Lines of text are patterns: {name} is a value, {name:2} with so many decimals; a pattern is cut at | and a piece
 * that has an unknown value is left out.
 */
#ifndef MPL_PLOT_LOOK_H
#define MPL_PLOT_LOOK_H

#include "plot/plot.h"

/** How p-values are written. */
typedef struct mpl__pstyle {
    const char *letter;    /* "p", "P" */
    const char *blank;     /* around the sign */
    double least;          /* below it "<" */
    double far;            /* below this, too, "<" this; 0 = none */
    size_t decimals;       /* always so many; 0 = two, and more where these would be 0 or hide which side of 0.05 */
    bool no_zero;          /* ".02" */
} mpl__pstyle;

typedef struct mpl__look {
    mpl_method method;
    const char *left, *right;  /* columns, as in the options of a forest plot */
    const char *study;         /* heading of the studies' labels */
    const char *open, *between, *close; /* of an interval */
    const char *dash;          /* instead of `between` for ratios, which have no minus signs; NULL = none */
    const char *estimate, *above; /* heading of estimates, and a line above it: patterns; NULL = none */
    const char *marks, *marks_above; /* the same above the marks */
    const char *weight;        /* heading of weights */
    const char *percent;       /* behind each weight */
    bool split;                /* events and totals are two columns */
    const char *total, *subtotal; /* patterns of k and level */
    const char *heterogeneity, *overall, *between_groups; /* patterns */
    mpl__pstyle p;
    mpl_favours favours;
    const char *palette;
} mpl__look;

/** The look with this id in mpl_layout_method; NULL is the first. */
const mpl__look *mpl__look_find(const char *id);

/** "p = 0.032", "P<0.001"; and the number alone, "0.032", "<0.001". NULL if out of memory. */
const char *mpl__look_pvalue(const mpl__look *look, mpl__arena *keep, double p);
const char *mpl__look_pnumber(const mpl__look *look, mpl__arena *keep, double p);

/** "0.49 [0.34, 0.70]" of values as displayed; without effect or interval where these are NaN. */
const char *mpl__look_interval(const mpl__look *look, mpl__arena *keep, double x, double lb, double ub, size_t digits);

/** A value that a pattern may name. */
typedef struct mpl__slot {
    const char *name;
    double x;         /* NaN = not known */
    const char *text; /* instead of the number; NULL = none */
} mpl__slot;

/** Fills a pattern; `slots` ends with a NULL name. A slot named "p..." is a p-value, "tau2" a variance, "df..." degrees
 *  of freedom. NULL if out of memory. */
const char *mpl__look_fill(const mpl__look *look, const char *pattern, const mpl__slot *slots, mpl__arena *keep);

#endif
