/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 by nettle; see digest.h. */
#include "data/digest.h"

#include <nettle/sha2.h>

const char *mpl__sha256(mpl__arena *arena, const char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    struct sha256_ctx state;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char *const out = mpl__arena_alloc(arena, 2 * SHA256_DIGEST_SIZE + 1, 1);
    if (!out)
        return NULL;
    sha256_init(&state);
    sha256_update(&state, size, (const uint8_t *)bytes);
    sha256_digest(&state, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    return out;
}
