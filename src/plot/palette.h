/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours of charts. */
#ifndef MPL_PLOT_PALETTE_H
#define MPL_PLOT_PALETTE_H

#include <metapool/plot.h>

/** The colour 0xRRGGBB of a hue, with `tint` of white; palette is an id. */
unsigned mpl__palette_colour(const char *palette, size_t hue, double tint);

#endif
