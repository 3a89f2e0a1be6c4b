/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours of figures. */
#ifndef MPL_PLOT_PALETTE_H
#define MPL_PLOT_PALETTE_H

#include <metapool/plot.h>

/** What has a colour of its own in a forest plot. */
typedef enum mpl__role {
    MPL__ROLE_SQUARE,
    MPL__ROLE_OVERALL,  /* the inside of diamonds */
    MPL__ROLE_SUBGROUP,
    MPL__ROLE_FITTED,   /* what a model says about single studies; bands */
    MPL__ROLE_LOW, MPL__ROLE_SOME, MPL__ROLE_HIGH, /* risk of bias */
    MPL__ROLES
} mpl__role;

/** The colour 0xRRGGBB of a part; palette is an id. */
unsigned mpl__palette_role(const char *palette, mpl__role role);

/** The role of a judgement's sign; MPL__ROLES if it is none. */
mpl__role mpl__palette_judgement(const char *sign);

/** The colour 0xRRGGBB of a hue, with `tint` of white; palette is an id. */
unsigned mpl__palette_colour(const char *palette, size_t hue, double tint);

#endif
