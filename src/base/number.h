/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact, locale-proof double <-> text. */
#ifndef MPL_BASE_NUMBER_H
#define MPL_BASE_NUMBER_H

#include <metapool/base.h>

typedef enum mpl__number_status {
    MPL__NUMBER_OK,
    MPL__NUMBER_NOT,       /* not of the form [+-] digits [. digits] [e [+-] digits] */
    MPL__NUMBER_OVERFLOW,  /* beyond the largest double */
    MPL__NUMBER_UNDERFLOW  /* not zero, but rounds to 0: *out = 0 */
} mpl__number_status;

/** Reads all n bytes, no blanks allowed; `decimal` is '.' or ','. Correctly rounded. */
mpl__number_status mpl__number_read(const char *s, size_t n, char decimal, double *out);

enum { MPL__NUMBER_SIZE = 32 };

/** Shortest of 15 to 17 digits that reads back equal; "" for NaN, "Inf", "-Inf". Returns the length. */
size_t mpl__number_write(double x, char out[MPL__NUMBER_SIZE]);

/** Fixed decimals, or `digits` significant ones (%g). out must hold 350 bytes. Returns the length. */
size_t mpl__number_fixed(double x, int digits, char out[350]);
size_t mpl__number_significant(double x, int digits, char out[350]);

/**
 * A finite number for people, in figures and reports alike: fixed decimals, but one that would vanish keeps two
 * significant digits unless it is below 1e-13, and one too long for a column is in powers of ten. out must hold 350
 * bytes. Returns the length.
 */
size_t mpl__number_decimals(double x, int digits, char out[350]);

#endif
