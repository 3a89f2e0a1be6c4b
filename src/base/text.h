/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growable text. Failure to grow is remembered in `failed`, so writers add without checking and look once at the end.
 */
#ifndef MPL_BASE_TEXT_H
#define MPL_BASE_TEXT_H

#include <stdio.h>
#include <metapool/base.h>

typedef struct mpl__text {
    char *data; /* NUL-terminated once anything was added */
    size_t size, capacity;
    bool failed;
} mpl__text;

void mpl__text_add(mpl__text *t, const char *s);
void mpl__text_addn(mpl__text *t, const char *s, size_t n);
void mpl__text_char_slowly(mpl__text *t, char c);
void mpl__text_repeat(mpl__text *t, const char *s, size_t times);

static inline void mpl__text_char(mpl__text *t, char c)
{
    if (t->failed || t->capacity - t->size < 2) {
        mpl__text_char_slowly(t, c);
        return;
    }
    t->data[t->size++] = c;
    t->data[t->size] = '\0';
}

/** printf without floating conversions. */
void mpl__text_format(mpl__text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** Shortest of 15 to 17 digits that reads back equal. NaN adds nothing, infinities "Inf" and "-Inf". */
void mpl__text_real(mpl__text *t, double x);

/** `digits` decimals, "-0.00" as "0.00". */
void mpl__text_fixed(mpl__text *t, double x, int digits);

/** UTF-8 with C0, DEL, C1 and bidi controls as \xNN or \u{NNNN}; newline as \n. Invalid bytes as \xNN. */
void mpl__text_visible(mpl__text *t, const char *s);

/** Writes everything and frees; MPL_ERR_NOMEM if growing had failed, MPL_ERR_IO on a short write. */
mpl_status mpl__text_flush(mpl__text *t, FILE *out, mpl_error *err);
void mpl__text_free(mpl__text *t);

#endif
