/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How 2x2 tables are read and corrected, for the files with measures of them. */
#ifndef MPL_EFFECT_TABLE2X2_H
#define MPL_EFFECT_TABLE2X2_H

#include "effect/measure.h"

enum { MPL__N_ROUTES_2X2 = 7 };
extern const mpl_route mpl__routes_2x2[MPL__N_ROUTES_2X2];

/** Zero cells of a table ai bi ci di; n1i and n2i are recomputed. */
extern const mpl__zeros mpl__zeros_2x2;
extern const mpl__zeros mpl__zeros_paired;

#endif
