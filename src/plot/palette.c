/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours of charts: greys that print, and hues that colour-blind readers can tell apart. The first is the ink. */
#include "plot/palette.h"

#include <math.h>
#include <string.h>

#include <metapool/option.h>

enum { MOST_HUES = 8 };

static const struct {
    mpl_method method;
    size_t n;
    unsigned colours[MOST_HUES];
} palettes[] = {
    { { .id = "mono", .title = "black and greys; kinds differ by shape and dashes too" }, 5,
      { 0x000000, 0x555555, 0x8c8c8c, 0x333333, 0xb0b0b0 } },
    { { .id = "okabe-ito", .title = "colours that colour-blind readers can tell apart",
        .cite = "Okabe & Ito 2008, Color Universal Design; Wong 2011, Nat Methods 8:441" }, 8,
      { 0x000000, 0x0072B2, 0xD55E00, 0x009E73, 0xE69F00, 0x56B4E9, 0xCC79A7, 0xF0E442 } },
};

const mpl_method *mpl_palette_method(size_t i)
{
    return i < sizeof palettes / sizeof *palettes ? &palettes[i].method : NULL;
}

unsigned mpl__palette_colour(const char *palette, size_t hue, double tint)
{
    size_t p = 0;
    while (palette && p + 1 < sizeof palettes / sizeof *palettes && strcmp(palettes[p].method.id, palette) != 0)
        p++;
    if (!palette)
        p = 0;
    const size_t n = palettes[p].n;
    const unsigned full = palettes[p].colours[hue < n ? hue : 1 + (hue - 1) % (n - 1)];
    unsigned mixed = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8)
        mixed |= (unsigned)lround((1 - tint) * (double)(full >> shift & 0xff) + tint * 255) << shift;
    return mixed;
}
