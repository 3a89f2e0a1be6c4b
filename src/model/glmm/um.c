/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unconditional models: both groups are modelled, with fixed or random intercepts of studies. */
#include <math.h>

#include "model/glmm/glmm.h"

/* Both groups, the effect shared between them as the coding says: load 1/2 and -1/2 split its variance evenly. */
static bool two_groups(const mpl_counts *c, size_t i, double coding, mpl__glmm_study *out)
{
    const double x[] = { c->x1[i], c->x2[i] }, n[] = { c->n1[i], c->n2[i] };
    if (!(n[0] > 0 && n[1] > 0))
        return false;
    out->n_cells = 2;
    for (size_t m = 0; m < 2; m++) {
        mpl__cell *const cell = &out->cell[m];
        *cell = (mpl__cell){ .x = x[m], .n = n[m], .load = m == 0 ? coding : coding - 1 };
        cell->family = c->shape == MPL_COUNTS_RATES ? &mpl__family_poisson : &mpl__family_binomial;
        if (c->shape == MPL_COUNTS_RATES)
            cell->offset = log(n[m]);
    }
    return true;
}

/* With an intercept of its own, a study in which nobody or everybody has the event says nothing about the effect. */
static bool informative(const mpl_counts *c, size_t i, double coding, mpl__glmm_study *out)
{
    const double x = c->x1[i] + c->x2[i];
    return two_groups(c, i, coding, out) && x > 0 && (c->shape == MPL_COUNTS_RATES || x < c->n1[i] + c->n2[i]);
}

const mpl__glmm_model mpl__glmm_um_fs = {
    .method = { "UM.FS", "unconditional model with fixed study intercepts",
                "Turner et al. 2000, Stat Med 19:3417-3432; Jackson et al. 2018, Stat Med 37:1059-1085", NULL,
                "Logistic (OR) or Poisson (IRR) regression of both groups; the effect varies between studies." },
    .measures = "OR IRR",
    .has_local = true,
    .study = informative,
};

const mpl__glmm_model mpl__glmm_um_rs = {
    .method = { "UM.RS", "unconditional model with random study intercepts",
                "Turner et al. 2000, Stat Med 19:3417-3432; Jackson et al. 2018, Stat Med 37:1059-1085", NULL,
                "As UM.FS with intercepts from a normal distribution: studies without events contribute." },
    .measures = "OR IRR",
    .has_random_intercept = true,
    .study = two_groups,
};
