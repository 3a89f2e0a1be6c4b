/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 8259 to the letter, before cJSON sees a byte: cJSON accepts 01, 1., raw control characters and lone surrogates,
 * cuts texts at \u0000, keeps numbers as doubles only, and reads them in the locale of the process.
 *
 * The scan writes the document again for cJSON, each text value with an 's' in front and each number as a text with
 * an 'n', so that numbers come through as they were written.
 */
#ifndef MPL_DATA_JSON_SCAN_H
#define MPL_DATA_JSON_SCAN_H

#include <stdint.h>

#include "base/text.h"

enum { MPL__JSON_MAX_DEPTH = 64 };

typedef struct mpl__json_scan {
    mpl__text tagged;
    uint32_t *places; /* [n_places] offset of each { and [ in document order */
    size_t n_places, capacity;
} mpl__json_scan;

/** `name` is that of the source, for messages. Free in any case. */
mpl_status mpl__json_scan_new(const char *bytes, size_t size, const char *name, mpl__json_scan *scan, mpl_error *err);
void mpl__json_scan_free(mpl__json_scan *scan);

/** MPL_ERR_PARSE at an offset: "NAME line 3, column 7: ...". */
mpl_status mpl__json_fail(const char *bytes, size_t at, const char *name, const char *what, mpl_error *err);

#endif
