/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long whole numbers are divided for people. */
#ifndef MPL_BASE_THOUSANDS_H
#define MPL_BASE_THOUSANDS_H

#include <metapool/option.h>

#include "base/text.h"

/** A row of mpl_thousands_method. */
typedef struct mpl__thousands {
    mpl_method method;
    const char *separator; /* "" = numbers are not divided */
    size_t least;          /* digits of the shortest number that is */
} mpl__thousands;

/** By id; NULL is the first, which divides nothing. */
const mpl__thousands *mpl__thousands_find(const char *id);

/** Adds a number as it is written, "12867" or "-12867.5", with its whole part divided. */
void mpl__thousands_add(mpl__text *t, const mpl__thousands *how, const char *number);

#endif
