/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes grow by doubling inside the arena of their result; the abandoned halves are freed with it. */
#include "base/note.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static mpl_note *next(mpl__notes *notes)
{
    if (notes->failed)
        return NULL;
    if (notes->n == notes->capacity) {
        const size_t capacity = notes->capacity ? 2 * notes->capacity : 8;
        mpl_note *grown = MPL_NEW(notes->arena, mpl_note, capacity);
        if (!grown) {
            notes->failed = true;
            return NULL;
        }
        if (notes->n)
            memcpy(grown, notes->items, notes->n * sizeof *grown);
        notes->items = grown;
        notes->capacity = capacity;
    }
    return &notes->items[notes->n];
}

static void add(mpl__notes *notes, const char *code, size_t row, const char *study, const char *text)
{
    mpl_note *note = next(notes);
    if (!note)
        return;
    *note = (mpl_note){ .code = mpl__arena_copy(notes->arena, code), .row = row,
                        .study = mpl__arena_copy(notes->arena, study), .text = mpl__arena_copy(notes->arena, text) };
    if (!note->code || !note->text || (study && !note->study))
        notes->failed = true;
    else
        notes->n++;
}

static void add_formatted(mpl__notes *notes, const char *code, size_t row, const char *study, const char *fmt,
                          va_list args)
{
    va_list again;
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, fmt, args);
    char *text = n < 0 ? NULL : mpl__arena_alloc(notes->arena, (size_t)n + 1, 1);
    if (text) {
        vsnprintf(text, (size_t)n + 1, fmt, again);
        add(notes, code, row, study, text);
    } else {
        notes->failed = true;
    }
    va_end(again);
}

void mpl__note_add(mpl__notes *notes, const char *code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_formatted(notes, code, 0, NULL, fmt, args);
    va_end(args);
}

void mpl__note_add_row(mpl__notes *notes, const char *code, size_t row, const char *study, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_formatted(notes, code, row, study, fmt, args);
    va_end(args);
}

void mpl__note_add_all(mpl__notes *notes, const mpl_note *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(notes, items[i].code, items[i].row, items[i].study, items[i].text);
}
