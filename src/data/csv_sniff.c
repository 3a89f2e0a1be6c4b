/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the first lines of a CSV file tell before it is read: its delimiter, and whether it can be read at all. */
#include <string.h>

#include "data/table.h"

enum { N_DELIMS = 3, MAX_RECORDS = 32, MAX_BYTES = 1 << 16 };

static const char delims[N_DELIMS] = { '\t', ';', ',' }; /* on a tie the rarer in text wins */

/* Counts each delimiter outside quotes, up to the end of the record; returns what follows it. */
static const char *count(const char *s, const char *end, size_t n[N_DELIMS])
{
    bool quoted = false;
    memset(n, 0, N_DELIMS * sizeof *n);
    for (; s < end && (quoted || (*s != '\n' && *s != '\r')); s++) {
        if (*s == '"')
            quoted = !quoted;
        for (size_t d = 0; d < N_DELIMS && !quoted; d++)
            n[d] += *s == delims[d];
    }
    return s < end ? s + 1 : s;
}

static bool is_skipped(const char *s, const char *end, const char *comment)
{
    const size_t n = comment ? strlen(comment) : 0;
    if (n && (size_t)(end - s) >= n && !memcmp(s, comment, n))
        return true;
    while (s < end && *s == ' ')
        s++;
    return s == end || *s == '\n' || *s == '\r';
}

char mpl__csv_sniff(const char *bytes, size_t size, const char *comment)
{
    const char *const end = bytes + (size < MAX_BYTES ? size : MAX_BYTES);
    size_t header[N_DELIMS] = { 0 }, same[N_DELIMS] = { 0 }, n[N_DELIMS], records = 0;
    for (const char *s = bytes; s < end && records < MAX_RECORDS;) {
        const bool skipped = is_skipped(s, end, comment);
        s = count(s, end, n);
        if (skipped)
            continue;
        if (records++ == 0)
            memcpy(header, n, sizeof header);
        for (size_t d = 0; d < N_DELIMS; d++)
            same[d] += n[d] == header[d];
    }
    size_t best = N_DELIMS;
    for (size_t d = 0; d < N_DELIMS; d++)
        if (header[d] && (best == N_DELIMS || same[d] > same[best] ||
                          (same[d] == same[best] && header[d] > header[best])))
            best = d;
    return best == N_DELIMS ? ',' : delims[best];
}

bool mpl__csv_is_hopeless(const char *bytes, size_t size)
{
    const char delim = mpl__csv_sniff(bytes, size, NULL);
    const char *start = bytes;
    bool quoted = false;
    for (const char *s = bytes; s < bytes + size; s++) {
        if (*s == '"')
            quoted = !quoted;
        if (!quoted && (*s == delim || *s == '\n' || *s == '\r')) {
            if (s - start > MPL__MAX_FIELD)
                return true;
            start = s;
        }
    }
    return bytes + size - start > MPL__MAX_FIELD + 2; /* a delimiter and a quote */
}
