/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditional models: the events of group 1 given those of both, which takes the study's own risk out. */
#include <math.h>

#include "model/glmm/glmm.h"

static bool is_informative(const mpl_counts *c, size_t i)
{
    const double x = c->x1[i] + c->x2[i];
    return c->n1[i] > 0 && c->n2[i] > 0 && x > 0 && (c->shape == MPL_COUNTS_RATES || x < c->n1[i] + c->n2[i]);
}

/* Events fall to group 1 as people, or time, do: the odds are exp(theta) n1/n2. */
static bool share_of_events(const mpl_counts *c, size_t i, double coding, mpl__glmm_study *out)
{
    (void)coding;
    out->n_cells = 1;
    out->cell[0] = (mpl__cell){ .family = &mpl__family_binomial, .x = c->x1[i], .n = c->x1[i] + c->x2[i], .load = 1,
                                .offset = log(c->n1[i] / c->n2[i]) };
    return is_informative(c, i);
}

/* Exact: the table given its margins; of rates given their sum. */
static bool exact(const mpl_counts *c, size_t i, double coding, mpl__glmm_study *out)
{
    if (c->shape == MPL_COUNTS_RATES)
        return share_of_events(c, i, coding, out);
    out->n_cells = 1;
    out->cell[0] = (mpl__cell){ .family = &mpl__family_hypergeometric, .x = c->x1[i], .n = c->n1[i], .n2 = c->n2[i],
                                .m = c->x1[i] + c->x2[i], .load = 1 };
    return is_informative(c, i);
}

const mpl__glmm_model mpl__glmm_cm_el = {
    .method = { "CM.EL", "conditional model with the exact likelihood",
                "Stijnen, Hamza & Oezdemir 2010, Stat Med 29:3046-3067; van Houwelingen, Zwinderman & Stijnen 1993, "
                "Stat Med 12:2273-2284", NULL,
                "Non-central hypergeometric (OR) or binomial (IRR) counts given the events of both groups." },
    .measures = "OR IRR",
    .is_whole = true,
    .study = exact,
};

const mpl__glmm_model mpl__glmm_cm_al = {
    .method = { "CM.AL", "conditional model with the approximate likelihood",
                "Stijnen, Hamza & Oezdemir 2010, Stat Med 29:3046-3067", NULL,
                "Binomial counts given the events of both groups: good where events are rare." },
    .measures = "OR",
    .study = share_of_events,
};
