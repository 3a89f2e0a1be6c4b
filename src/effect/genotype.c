/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of three genotypes: a of AA, b of Aa, c of aa. */
#include <math.h>

#include "effect/measure.h"

static const mpl_route routes[] = { { "genotypes", "ai bi ci", NULL }, MPL__REPORTED };

/* Relative excess heterozygosity ln[p1/(2 sqrt(p0 p2))]. */
static void reh(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double n = s->ai + s->bi + s->ci, p0 = s->ai / n, p1 = s->bi / n, p2 = s->ci / n;
    e->yi = mpl__log_ratio(p1, 2 * sqrt(p0 * p2));
    e->vi = ((1 - p1) / (4 * p0 * p2) + 1 / p1) / n;
    e->ni = n;
    e->why = "a genotype has no count";
}

const mpl__measure mpl__measure_REH = {
    .pub = { .method = { .id = "REH", .title = "log relative excess heterozygosity",
                         .cite = "Ziegler, Steen & Wellek 2011, Breast Cancer Res Treat 128:197-201" },
             .family = "genotypes", MPL__ROUTES(routes), .label = "Relative excess heterozygosity",
             .scale = "log relative excess heterozygosity", .transform = &mpl__transform_exp },
    .compute = reh,
};
