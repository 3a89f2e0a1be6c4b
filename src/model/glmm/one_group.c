/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models of single proportions and rates. */
#include <math.h>

#include "model/glmm/glmm.h"

static bool one_group(const mpl_counts *c, size_t i, double coding, mpl__glmm_study *out)
{
    (void)coding;
    out->n_cells = 1;
    out->cell[0] = (mpl__cell){ .family = &mpl__family_binomial, .x = c->x1[i], .n = c->n1[i], .load = 1 };
    if (c->shape == MPL_COUNTS_RATE) {
        out->cell[0].family = &mpl__family_poisson;
        out->cell[0].offset = log(c->n1[i]);
    }
    return c->n1[i] > 0;
}

const mpl__glmm_model mpl__glmm_bn = {
    .method = { "BN", "binomial-normal model",
                "Hamza, van Houwelingen & Stijnen 2008, J Clin Epidemiol 61:41-51", NULL,
                "Binomial counts with logit proportions from a normal distribution." },
    .measures = "PLO",
    .study = one_group,
};

const mpl__glmm_model mpl__glmm_pn = {
    .method = { "PN", "Poisson-normal model", "Stijnen, Hamza & Oezdemir 2010, Stat Med 29:3046-3067", NULL,
                "Poisson counts with log rates from a normal distribution." },
    .measures = "IRLN",
    .study = one_group,
};
