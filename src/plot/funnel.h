/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is laid over a funnel: studies filled in, and lines of models of small-study effects. */
#ifndef MPL_PLOT_FUNNEL_H
#define MPL_PLOT_FUNNEL_H

#include "plot/chart.h"

/** A vertical axis: y of a study with weight wi in percent, and the standard error that belongs to y. */
typedef struct mpl__funnel_axis {
    mpl_method method;
    const char *label;
    bool precise_is_small; /* 0 on top */
    const char *lacks;     /* what a study has not, if y is not finite */
    double (*y)(double vi, double ni, double wi);
    double (*sei)(double y); /* NULL = none does */
} mpl__funnel_axis;

typedef struct mpl__funnel {
    mpl__chart chart;
    const mpl_funnel_options *options;
    const mpl__funnel_axis *axis;
    mpl__panel *panel;
    double centre, null;  /* on the scale of analysis */
    double y_from, y_to;  /* of the panel */
    double tau2;          /* in the region */
    size_t n_levels;
    double levels[5];     /* ascending */
    double level;
    const char *notes[3];
    size_t n_notes;
} mpl__funnel;

/** Adds what the options ask for, and its footnotes. */
mpl_status mpl__funnel_overlay(mpl__funnel *f, mpl_error *err);

#endif
