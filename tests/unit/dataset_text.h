/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dataset as one line, so that a test can say what it wants in one string:
 *
 *     "study:slab yi:yi# | A@2 A -0.5 | B@3 B - | delimiter"
 *
 * columns with role and # for numbers; for each row its label, line and cells, - for missing; codes of the notes.
 */
#ifndef MPL_TESTS_DATASET_TEXT_H
#define MPL_TESTS_DATASET_TEXT_H

#include <metapool/dataset.h>

#include "check.h"

__attribute__((unused)) static const char *dataset_text(const mpl_dataset *d)
{
    static char text[1 << 16];
    size_t n = 0;
#define ADD(...) n += n < sizeof text ? (size_t)snprintf(text + n, sizeof text - n, __VA_ARGS__) : 0
    for (size_t c = 0; c < d->n_columns; c++)
        ADD("%s%s%s%s%s", c ? " " : "", d->columns[c].name, d->columns[c].role ? ":" : "",
            d->columns[c].role ? d->columns[c].role : "", d->columns[c].is_number ? "#" : "");
    for (size_t i = 0; i < d->n_rows; i++) {
        ADD(" | %s@%zu", d->label[i], d->line[i]);
        for (size_t c = 0; c < d->n_columns; c++)
            ADD(" %s", d->columns[c].text[i] ? d->columns[c].text[i] : "-");
    }
    for (size_t i = 0; i < d->n_notes; i++)
        ADD("%s%s", i ? " " : " | ", d->notes[i].code);
    for (size_t i = 0; i < d->n_dropped; i++)
        ADD(" | dropped %zu %s: %s", d->dropped[i].row, d->dropped[i].study, d->dropped[i].reason);
#undef ADD
    return text;
}

/** Reads text with options; the dataset as a line, or "STATUS line:column message". */
__attribute__((unused)) static const char *read_text(const char *bytes, size_t size, const char *name,
                                                     const mpl_read_options *options)
{
    static char text[1 << 16];
    mpl_dataset *d = NULL;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_dataset_read_bytes(bytes, size, name, options, &d, &err);
    if (s == MPL_OK) {
        snprintf(text, sizeof text, "%s", dataset_text(d));
        bool ok = true;
        for (size_t c = 0; c < d->n_columns; c++) {
            size_t missing = 0;
            for (size_t i = 0; i < d->n_rows; i++) {
                missing += !d->columns[c].text[i];
                ok = ok && (d->columns[c].text[i] || isnan(d->columns[c].number[i]));
            }
            ok = ok && missing == d->columns[c].n_missing;
        }
        CHECK(ok, "%s: a missing cell with a number, or wrong n_missing", text);
    } else {
        CHECK(!d, "%s: output set on failure", err.message);
        CHECK(err.code == s && err.message[0] && !strchr(err.message, '\n'), "%s: not one line", err.message);
        snprintf(text, sizeof text, "%d %zu:%zu %s", (int)s, err.line, err.column, err.message);
    }
    mpl_dataset_free(d);
    return text;
}

#endif
