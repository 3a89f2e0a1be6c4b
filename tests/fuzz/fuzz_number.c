/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a number: what is read is what strtod reads, and what is written reads back equal. */
#include "fuzz.h"

#include "base/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    double x = -7, back;
    char *const text = malloc(size + 1);
    MUST(text);
    memcpy(text, bytes, size);
    text[size] = '\0';
    const mpl__number_status status = mpl__number_read((const char *)bytes, size, '.', &x);
    char *end;
    const double libc = strtod(text, &end);
    if (status != MPL__NUMBER_NOT) {
        MUST(end == text + size);
        MUST(status != MPL__NUMBER_OK || x == libc);
        MUST(status != MPL__NUMBER_OVERFLOW || isinf(libc));
        MUST(status != MPL__NUMBER_UNDERFLOW || (libc == 0 && x == 0));
    }
    if (size == sizeof x) /* the same bytes as a double */
        memcpy(&x, bytes, sizeof x);
    if (isfinite(x)) {
        char shortest[MPL__NUMBER_SIZE], any[350];
        const size_t n = mpl__number_write(x, shortest);
        MUST(n < MPL__NUMBER_SIZE && mpl__number_read(shortest, n, '.', &back) == MPL__NUMBER_OK && back == x);
        MUST(mpl__number_fixed(x, 6, any) < sizeof any && mpl__number_significant(x, 17, any) < sizeof any);
    }
    free(text);
    return 0;
}
