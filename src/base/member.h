/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Option rows whose kind does not match the member's type do not compile:
 *
 *     { .name = "level", MPL_MEMBER(LEVEL, mpl_fit_options, level), .arg = "PCT", .dflt = "0.95", ... }
 */
#ifndef MPL_BASE_MEMBER_H
#define MPL_BASE_MEMBER_H

#include <stddef.h>
#include <metapool/option.h>

#define MPL__IS_FLAG(m)   _Generic((m), bool: 1)
#define MPL__IS_COUNT(m)  _Generic((m), size_t: 1)
#define MPL__IS_REAL(m)   _Generic((m), double: 1)
#define MPL__IS_LEVEL(m)  _Generic((m), double: 1)
#define MPL__IS_MAYBE(m)  _Generic((m), mpl_maybe: 1)
#define MPL__IS_TEXT(m)   _Generic((m), const char *: 1)
#define MPL__IS_CHOICE(m) _Generic((m), const char *: 1)

#define MPL_MEMBER(KIND, type, member)                                                                               \
    .kind = MPL_OPTION_##KIND, .offset = offsetof(type, member) + 0 * MPL__IS_##KIND(((type *)NULL)->member)

#endif
