/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cluster-randomized trials that were analysed as if people had been randomized: sizes and variances corrected. */
#include <math.h>

#include "effect/convert/conversion.h"

static const char handbook[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), sections 23.1.4 "
                               "and 23.1.5; Donner & Klar 2002, Stat Med 21:2971-2980";

/* 1 + (M - 1) ICC, from the row or the options: the first two inputs of these conversions. */
static const char *design_effect(const mpl__convert *c, double *out)
{
    const mpl_maybe icc = c->options->icc, size = c->options->cluster_size;
    const double r = isnan(c->in[0]) && icc.given ? icc.value : c->in[0];
    const double m = isnan(c->in[1]) && size.given ? size.value : c->in[1];
    if (isnan(r))
        return "no intracluster correlation, in a column icci or by --icc";
    if (isnan(m))
        return "no mean cluster size, in a column csizei or by --cluster-size";
    if (!(r >= 0) || !(r <= 1))
        return "the intracluster correlation is not between 0 and 1";
    if (!(m >= 1) || isinf(m))
        return "the mean cluster size is below 1";
    *out = 1 + (m - 1) * r;
    return NULL;
}

/* Sizes and events over the design effect, variances times it. Beside ci, ai and di are cells; else they are other
 * things: an area, a standardized difference. */
static const char *apply(mpl__convert *c)
{
    enum { AI = 4, CI = 6, DI = 7, VI = 14, SEI, N_IN = 17 };
    double effect;
    const char *why = design_effect(c, &effect);
    if (why)
        return why;
    for (size_t k = 2; k < VI; k++)
        if (!isnan(c->in[CI]) || k < AI || k > DI)
            c->out[k - 2] = c->in[k] / effect;
    c->out[VI - 2] = c->in[VI] * effect;
    c->out[SEI - 2] = c->in[SEI] * sqrt(effect);
    return NULL;
}

const mpl__conversion mpl__conversion_design_effect = {
    .pub = { .method = { .id = "design-effect", .title = "sizes and events over the design effect, variances times it",
                         .about = "The sizes are no whole numbers: 'metapool effects' takes them with "
                                  "--allow-fractional.",
                         .cite = handbook },
             .target = "cluster-trial",
             .inputs = "[icci] [csizei] n1i n2i [ai] [bi] [ci] [di] | ai bi ci di | ni [xi] | x1i t1i x2i t2i | "
                       "[vi] [sei] yi vi | yi sei",
             .outputs = "[n1i] [n2i] [ai] [bi] [ci] [di] [ni] [xi] [x1i] [t1i] [x2i] [t2i] [vi] [sei]" },
    .apply = apply,
    .clears = "ci_lb ci_ub zval ti pval pi",
    .overwrites = true,
};
