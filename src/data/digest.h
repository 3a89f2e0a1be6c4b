/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SHA-256 of bytes, by which a reader knows the file that was analysed; sha256sum prints the same. */
#ifndef MPL_DATA_DIGEST_H
#define MPL_DATA_DIGEST_H

#include "base/arena.h"

/** 64 hexadecimal digits in the arena; NULL if out of memory. */
const char *mpl__sha256(mpl__arena *arena, const char *bytes, size_t size);

#endif
