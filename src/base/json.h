/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON out, one value after the other: commas, indentation and escapes take care of themselves.
 *
 *     mpl__json j = { .out = &text, .flat = 2 };
 *     mpl__json_begin(&j, NULL, '{');
 *     mpl__json_text(&j, "measure", "OR");
 *     mpl__json_begin(&j, "yi", '[');
 *     mpl__json_real(&j, NULL, 0.5);          // a key inside an object, NULL inside an array
 *     mpl__json_end(&j);
 *     mpl__json_end(&j);
 */
#ifndef MPL_BASE_JSON_H
#define MPL_BASE_JSON_H

#include "base/text.h"

enum { MPL__JSON_DEPTH = 32 };

typedef struct mpl__json {
    mpl__text *out;
    size_t flat;  /* containers inside this many others or more are written on one line; 0 = all of them */
    size_t depth;
    bool filled;  /* the innermost container holds something */
    char close[MPL__JSON_DEPTH];
} mpl__json;

/** Opens '{' or '['. At most MPL__JSON_DEPTH deep. */
void mpl__json_begin(mpl__json *j, const char *key, char bracket);

/** Closes the innermost container. */
void mpl__json_end(mpl__json *j);

/** NULL is null. Control and bidi characters are escaped, bytes that are no UTF-8 become U+FFFD. */
void mpl__json_text(mpl__json *j, const char *key, const char *text);

/** Reads back equal; NaN and infinities are null. */
void mpl__json_real(mpl__json *j, const char *key, double x);

void mpl__json_count(mpl__json *j, const char *key, size_t n);
void mpl__json_bool(mpl__json *j, const char *key, bool truth);

#endif
