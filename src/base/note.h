/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collecting the notes and exclusions of a result. Failure to grow is remembered in `failed`. */
#ifndef MPL_BASE_NOTE_H
#define MPL_BASE_NOTE_H

#include "base/arena.h"

typedef struct mpl__notes {
    mpl__arena *arena; /* texts are copied into it */
    mpl_note *items;   /* in the arena */
    size_t n, capacity;
    bool failed;
} mpl__notes;

/** Adds a note on the whole analysis; printf without floating conversions. */
void mpl__note_add(mpl__notes *notes, const char *code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** Adds a note on one data row. */
void mpl__note_add_row(mpl__notes *notes, const char *code, size_t row, const char *study, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/** Adds copies of the notes of an earlier result. */
void mpl__note_add_all(mpl__notes *notes, const mpl_note *items, size_t n);

#endif
