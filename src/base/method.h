/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lookups that fail helpfully. */
#ifndef MPL_BASE_METHOD_H
#define MPL_BASE_METHOD_H

#include <metapool/option.h>

/** Finds or fails with MPL_ERR_NAME: unknown WHAT 'ID'; did you mean 'X'? (one of: ...). */
mpl_status mpl__method_get(mpl_registry registry, const char *what, const char *id, const mpl_method **out,
                           mpl_error *err);

/** A list of ids between commas: MPL_ERR_NAME for one that the registry lacks; `option` is named in the message. */
mpl_status mpl__list_check(const char *list, mpl_registry registry, const char *what, const char *option,
                           mpl_error *err);

/** True if the method is named in such a list, by id or alias. NULL names none. */
bool mpl__list_has(const char *list, mpl_registry registry, const mpl_method *method);

/** Makes the member that `row` describes not given. */
void mpl__option_clear(const mpl_option *row, void *options);

/** Gives `to` the member of `from` that `row` describes; a text is borrowed. */
void mpl__option_copy(const mpl_option *row, const void *from, void *to);

/** Compares without regard to ASCII case. */
bool mpl__same_nocase(const char *a, const char *b);

/** True if `word` is one of the blank-separated words of `list` (NULL = none). */
bool mpl__has_word(const char *list, const char *word);

/** Next blank-separated word at *p: its start, length in *n, *p moved behind it; NULL at the end. */
const char *mpl__next_word(const char **p, size_t *n);

#endif
