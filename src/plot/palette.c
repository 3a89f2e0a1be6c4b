/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours: greys that print, hues that colour-blind readers can tell apart, and those of layouts. The first is ink. */
#include "plot/palette.h"

#include <math.h>
#include <string.h>

#include <metapool/option.h>

enum { MOST_HUES = 8 };

static const struct {
    mpl_method method;
    size_t n;
    unsigned colours[MOST_HUES];
    unsigned roles[MPL__ROLES];
} palettes[] = {
    { { .id = "mono", .title = "black and greys; kinds differ by shape and dashes too" }, 5,
      { 0x000000, 0x555555, 0x8c8c8c, 0x333333, 0xb0b0b0 },
      { 0x555555, 0x000000, 0xffffff, 0xd9d9d9, 0xffffff, 0xd9d9d9, 0x8c8c8c } },
    { { .id = "okabe-ito", .title = "colours that colour-blind readers can tell apart",
        .cite = "Okabe & Ito 2008, Color Universal Design; Wong 2011, Nat Methods 8:441" }, 8,
      { 0x000000, 0x0072B2, 0xD55E00, 0x009E73, 0xE69F00, 0x56B4E9, 0xCC79A7, 0xF0E442 },
      { 0x0072B2, 0xD55E00, 0xf7dcc6, 0xcfe6f3, 0x56B4E9, 0xF0E442, 0xD55E00 } },
    { { .id = "revman5", .title = "blue squares and black diamonds" }, 5,
      { 0x000000, 0x0000ff, 0x8c8c8c, 0x333333, 0xb0b0b0 },
      { 0x0000ff, 0x000000, 0x000000, 0xd9d9d9, 0x66c2ff, 0xffe680, 0xd55e00 } },
    { { .id = "bmj", .title = "slate blue squares and orange diamonds" }, 5,
      { 0x000000, 0x2a6ebb, 0xe37222, 0x5f6a72, 0xa6adb4 },
      { 0x2a6ebb, 0xe37222, 0xf8dcc4, 0xd4e2f1, 0x7fb2e5, 0xf3e08a, 0xd55e00 } },
    { { .id = "jama", .title = "dark blue squares and sky-blue diamonds" }, 5,
      { 0x000000, 0x00305e, 0x4a90c2, 0x5f6a72, 0xa6adb4 },
      { 0x00305e, 0x4a90c2, 0xcfe3f2, 0xe3e3e3, 0x9fc9e8, 0xf3e08a, 0xc65d21 } },
};

const mpl_method *mpl_palette_method(size_t i)
{
    return i < sizeof palettes / sizeof *palettes ? &palettes[i].method : NULL;
}

static size_t find(const char *palette)
{
    for (size_t p = 0; palette && p < sizeof palettes / sizeof *palettes; p++)
        if (strcmp(palettes[p].method.id, palette) == 0)
            return p;
    return 0;
}

mpl__role mpl__palette_judgement(const char *sign)
{
    return strcmp(sign, "+") == 0              ? MPL__ROLE_LOW
           : strcmp(sign, "?") == 0            ? MPL__ROLE_SOME
           : strcmp(sign, "\xE2\x88\x92") == 0 ? MPL__ROLE_HIGH
                                               : MPL__ROLES;
}

unsigned mpl__palette_role(const char *palette, mpl__role role)
{
    return palettes[find(palette)].roles[role];
}

unsigned mpl__palette_colour(const char *palette, size_t hue, double tint)
{
    const size_t p = find(palette);
    const size_t n = palettes[p].n;
    const unsigned full = palettes[p].colours[hue < n ? hue : 1 + (hue - 1) % (n - 1)];
    unsigned mixed = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8)
        mixed |= (unsigned)lround((1 - tint) * (double)(full >> shift & 0xff) + tint * 255) << shift;
    return mixed;
}
