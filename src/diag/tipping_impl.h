/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of tipping points share. */
#ifndef MPL_DIAG_TIPPING_IMPL_H
#define MPL_DIAG_TIPPING_IMPL_H

#include <metapool/tipping.h>
#include "base/arena.h"
#include "base/note.h"

/* The studies whose mean is looked at: all, or a subgroup's. */
typedef struct mpl__stratum {
    const mpl_tipping *tipping; /* options, target and side are known */
    const mpl_effects *effects;
    const mpl_fit *fit;
    const char *group;
    const bool *affirmative;    /* [k] */
    size_t k_affirmative;
    double null;                /* scale of analysis */
    mpl__arena *scratch;
} mpl__stratum;

/** A way to correct a mean for selection of a known severity. */
typedef struct mpl__correction {
    mpl_method method;
    double largest; /* severity up to which it is asked for, but for the worst case */
    size_t n_steps; /* in which tipping points are looked for */
    bool is_likelihood; /* and has no mean for an infinite severity */
    mpl_status (*mean)(const mpl__stratum *s, double severity, mpl_term *out, double *tau2, mpl_error *err);
} mpl__correction;

/** The correction behind an entry of mpl_tipping_method, by its index. */
const mpl__correction *mpl__correction_get(size_t i);

/** The mean under pattern i of mpl_scenario_method. */
mpl_status mpl__scenario_mean(const mpl__stratum *s, size_t i, mpl_term *out, double *tau2, mpl_error *err);

/** E-values of a stratum; false where the measure has none. */
bool mpl__evalue_of(const mpl__stratum *s, mpl_evalue *out);

/** Confounding by the distribution of the true effects: up to 3 quantities; returns their number. */
size_t mpl__confounding(const mpl__stratum *s, mpl_quantity *out);

#endif
