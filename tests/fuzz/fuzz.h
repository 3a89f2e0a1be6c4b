/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fuzz targets share: a must that aborts, so that both the engine and the replay notice. */
#ifndef MPL_TESTS_FUZZ_H
#define MPL_TESTS_FUZZ_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <metapool.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond)                                                                                                   \
    do {                                                                                                             \
        if (!(cond)) {                                                                                               \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond);                                               \
            abort();                                                                                                 \
        }                                                                                                            \
    } while (0)

/** A refusal has a status, a NULL output and one line of printable text. */
__attribute__((unused)) static void must_refuse(mpl_status s, const void *out, const mpl_error *err)
{
    MUST(s >= MPL_ERR_ARG && s <= MPL_ERR_LIMIT && err->code == s && !out);
    const size_t n = strnlen(err->message, MPL_ERROR_SIZE);
    MUST(n > 0 && n < MPL_ERROR_SIZE);
    for (size_t i = 0; i < n; i++)
        MUST((unsigned char)err->message[i] >= ' ' && err->message[i] != 0x7f);
}

/** A dataset keeps its promises: lengths, labels, missing cells, places. */
__attribute__((unused)) static void must_hold(const mpl_dataset *data)
{
    MUST(data->name && data->info);
    for (size_t j = 0; j < data->n_columns; j++) {
        const mpl_column *const c = &data->columns[j];
        size_t missing = 0;
        MUST(c->name);
        for (size_t i = 0; i < data->n_rows; i++) {
            missing += !c->text[i];
            MUST(c->text[i] || isnan(c->number[i]));
            MUST(!c->is_number || !c->text[i] || isfinite(c->number[i]));
        }
        MUST(missing == c->n_missing);
    }
    for (size_t i = 0; i < data->n_rows; i++)
        MUST(data->label[i] && data->row[i] > 0 && (i == 0 || data->row[i] > data->row[i - 1]));
}

#endif
