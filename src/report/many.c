/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks of rows are made into text, a window of them at a time, while the window before is written. Which thread makes
 * a block has no part in what it holds, so the bytes are the same for any number of them.
 */
#include "report/many.h"

#include "base/arena.h"
#include "base/blocks.h"
#include "base/error.h"

enum { BLOCK = MPL__MANY_ROWS, CHUNK = 256, WINDOW = 64 }; /* rows; rows whose cells are made at once; blocks */

typedef struct window {
    const mpl_report_table *t;
    mpl__row_adder add;
    const void *ctx;
    FILE *out;
    size_t first;         /* row of the blocks that are made */
    size_t n_made;        /* blocks to write */
    mpl__text *made, *at; /* [WINDOW] each */
} window;

static mpl_status make_block(window *w, size_t i, mpl_error *err)
{
    const mpl_report_table *const t = w->t;
    mpl__text *const text = &w->at[i];
    const size_t start = w->first + i * BLOCK, end = t->n_rows - start < BLOCK ? t->n_rows : start + BLOCK;
    const size_t chunk = end - start < CHUNK ? end - start : CHUNK;
    mpl_value *const made = t->cells ? NULL : mpl__realloc(NULL, chunk * t->n_columns, sizeof *made);
    if (!t->cells && !made)
        return mpl__fail_nomem(err, "the table");
    text->size = 0;
    for (size_t r = start; r < end; r += chunk) {
        const size_t n = end - r < chunk ? end - r : chunk;
        if (made)
            t->fill(t->ctx, r, n, made);
        for (size_t j = 0; j < n; j++)
            w->add(w->ctx, text, t, r + j, (made ? made : t->cells + r * t->n_columns) + j * t->n_columns);
    }
    mpl__free(made);
    return text->failed ? mpl__fail_nomem(err, "the table") : MPL_OK;
}

static mpl_status write_made(const window *w, mpl_error *err)
{
    for (size_t i = 0; i < w->n_made; i++)
        if (fwrite(w->made[i].data, 1, w->made[i].size, w->out) != w->made[i].size)
            return mpl__fail(err, MPL_ERR_IO, "could not write all of the output");
    return MPL_OK;
}

static mpl_status work(void *ctx, size_t i, mpl_error *err)
{
    window *const w = ctx;
    const size_t writes = w->n_made > 0;
    return i < writes ? write_made(w, err) : make_block(w, i - writes, err);
}

static mpl_status write_windows(window *w, mpl_error *err)
{
    for (; w->first < w->t->n_rows; w->first += (size_t)WINDOW * BLOCK) {
        const size_t left = (w->t->n_rows - w->first + BLOCK - 1) / BLOCK, n = left < WINDOW ? left : WINDOW;
        mpl__text *const written = w->made;
        size_t done;
        MPL_TRY(mpl__blocks_run(NULL, n + (w->n_made > 0), work, w, &done, err));
        w->made = w->at;
        w->at = written;
        w->n_made = n;
    }
    return write_made(w, err);
}

mpl_status mpl__rows_write(const mpl_report_table *table, mpl__row_adder add, const void *ctx, FILE *out,
                           mpl_error *err)
{
    mpl__text text[2][WINDOW] = { 0 };
    window w = { .t = table, .add = add, .ctx = ctx, .out = out, .made = text[0], .at = text[1] };
    const mpl_status status = write_windows(&w, err);
    for (size_t i = 0; i < WINDOW; i++) {
        mpl__text_free(&text[0][i]);
        mpl__text_free(&text[1][i]);
    }
    return status;
}
