/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8: decoding, checking and terminal width. */
#ifndef MPL_BASE_UTF8_H
#define MPL_BASE_UTF8_H

#include <stdint.h>
#include <metapool/base.h>

/** Decodes one character of at most n bytes; returns its length, or 0 for an invalid sequence (overlong, surrogate). */
size_t mpl__utf8_next(const char *s, size_t n, uint32_t *code);

/** Appends a character to out (at least 4 bytes); returns its length. */
size_t mpl__utf8_put(uint32_t code, char out[4]);

/** Offset of the first invalid byte, or n. */
size_t mpl__utf8_check(const char *s, size_t n);

/** Terminal columns of one character: 0 combining and zero-width, 2 wide East Asian and emoji, else 1. */
int mpl__utf8_columns(uint32_t code);

/** Terminal columns of a string. */
size_t mpl__utf8_width(const char *s);

/** True for characters that must not reach a terminal or a figure raw: C0, DEL, C1, bidi controls, U+FFFE, U+FFFF. */
bool mpl__utf8_is_control(uint32_t code);

#endif
