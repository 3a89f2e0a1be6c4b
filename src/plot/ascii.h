/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for terminals that show ASCII only. */
#ifndef MPL_PLOT_ASCII_H
#define MPL_PLOT_ASCII_H

#include "base/arena.h"

/** A copy in ASCII: Latin letters lose their accents, symbols are spelled out, all else is "?". NULL if no memory. */
const char *mpl__ascii(mpl__arena *arena, const char *text);

#endif
