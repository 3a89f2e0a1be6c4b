/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a filter expression. Every row is kept or dropped, and a filter and its negation share no row. */
#include "fuzz.h"

static const char csv[] = "slab,yi,vi,cell source\na,0.1,0.2,AT-MSC\nb,,0.3,BM-MSC\nc,-1e3,0.1,\n\"d, d\",7,1,'x'\n";

static mpl_dataset *filter(const mpl_dataset *all, const char *expr)
{
    mpl_dataset *kept;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_dataset_filter(all, expr, &kept, &err);
    if (s != MPL_OK) {
        must_refuse(s, kept, &err);
        return NULL;
    }
    must_hold(kept);
    MUST(kept->n_rows + kept->n_dropped == all->n_rows);
    return kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    mpl_dataset *all;
    mpl_error err;
    MUST(mpl_dataset_read_bytes(csv, sizeof csv - 1, "x.csv", NULL, &all, &err) == MPL_OK);
    char *const expr = malloc(size + 8);
    MUST(expr);
    memcpy(expr, bytes, size);
    expr[size] = '\0';
    mpl_dataset *const kept = filter(all, expr);
    memmove(expr + 5, expr, size + 1);
    memcpy(expr, "not (", 5);
    strcat(expr, ")");
    mpl_dataset *const other = filter(all, expr);
    for (size_t i = 0; kept && other && i < kept->n_rows; i++)
        for (size_t j = 0; j < other->n_rows; j++)
            MUST(kept->row[i] != other->row[j]);
    free(expr);
    mpl_dataset_free(kept);
    mpl_dataset_free(other);
    mpl_dataset_free(all);
    return 0;
}
