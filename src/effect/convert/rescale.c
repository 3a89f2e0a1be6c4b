/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects on another scale by the delta method, and control groups split among the comparisons that share them. */
#include <math.h>
#include <string.h>

#include "effect/convert/conversion.h"

static const char *delta(mpl__convert *c)
{
    double gradient[MPL__MAX_VARIABLES];
    const double y = mpl_formula_compute(c->formula, c->values, gradient);
    double slope = 0;
    for (size_t i = 0; i < c->formula->n_variables; i++) {
        if (isnan(c->values[i]))
            return "a value that the formula needs is missing";
        if (!strcmp(c->formula->variables[i], "yi"))
            slope = gradient[i];
    }
    const double vi = isnan(c->in[1]) ? c->in[2] * c->in[2] : c->in[1];
    if (!isfinite(y) || !isfinite(slope))
        return "the formula or its derivative is not finite here";
    c->out[0] = y;
    c->out[1] = slope * slope * vi;
    return NULL;
}

const mpl__conversion mpl__conversion_delta = {
    .pub = { .method = { .id = "delta", .title = "yi and vi by a formula of yi, with its exact derivative",
                         .cite = "Oehlert 1992, Am Stat 46:27-29" },
             .target = "formula", .inputs = "yi vi | yi sei", .outputs = "yi vi" },
    .apply = delta,
    .clears = "sei ci_lb ci_ub zval ti pval pi",
    .overwrites = true,
};

static double first_given(double column, double option)
{
    return isnan(column) ? option : column;
}

/* Sizes are the row's own where it has them. */
static const char *transform(mpl__convert *c)
{
    mpl_transform_args args = c->args;
    args.n1 = first_given(c->in[3], args.n1);
    args.n2 = first_given(c->in[4], args.n2);
    args.n = first_given(first_given(c->in[5], c->in[6]), args.n);
    const mpl_measure shown = { .transform = c->transform, .args = &args, .unit = args.n > 0 ? args.n : 0 };
    c->out[0] = c->in[0];
    c->out[1] = c->in[1];
    c->out[2] = c->in[2];
    mpl_measure_display_interval(&shown, NAN, &c->out[0], &c->out[1], &c->out[2]);
    return isfinite(c->out[0]) ? NULL : "the transform is not finite here, or an argument that it needs is missing";
}

const mpl__conversion mpl__conversion_transform = {
    .pub = { .method = { .id = "transform", .title = "yi and its limits through a transform",
                         .cite = "Viechtbauer 2010, J Stat Softw 36(3):1-48" },
             .target = "transform", .inputs = "yi [ci_lb] [ci_ub] [n1i] [n2i] [ni] [ti]",
             .outputs = "transformed [transformed_lb] [transformed_ub]" },
    .apply = transform,
    .overwrites = true,
};

/* Everything that counts people, events or time is divided; the mean and its spread stay. */
static const char *split(mpl__convert *c)
{
    const double sharing = c->in[0];
    for (size_t i = 0; i < 5; i++)
        c->out[i] = c->in[i + 1] / sharing;
    return NULL;
}

const mpl__conversion mpl__conversion_split = {
    .pub = { .method = { .id = "split", .title = "control group divided among the comparisons that share it",
                         .cite = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section "
                                 "23.3.4" },
             .target = "split-control", .inputs = MPL__SHARING " n2i [ci] [di] [x2i] [t2i] | " MPL__SHARING " ci di | "
                                                  MPL__SHARING " x2i t2i",
             .outputs = "n2i ci di x2i t2i" },
    .apply = split,
    .overwrites = true,
};
