/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that is freed together. Every allocation of the library goes through mpl__alloc's hook, which the
 * failure tests replace. With MPL_ARENA_DEBUG each request is a malloc of its own, so that sanitizers see overruns.
 */
#ifndef MPL_BASE_ARENA_H
#define MPL_BASE_ARENA_H

#include <metapool/base.h>

typedef struct mpl__arena mpl__arena;

/** NULL if out of memory. */
mpl__arena *mpl__arena_new(void);
void mpl__arena_free(mpl__arena *arena);

/** n * size zeroed bytes; NULL if out of memory, if arena is NULL, or on overflow. n = 0 gives a valid pointer. */
void *mpl__arena_alloc(mpl__arena *arena, size_t n, size_t size);

/** Copies; a NULL string stays NULL and is not an error: test the argument, not the result, for that. */
char *mpl__arena_copy(mpl__arena *arena, const char *text);
char *mpl__arena_copyn(mpl__arena *arena, const char *text, size_t n);

/** printf into the arena. No floating conversions: numbers go through base/number.h. */
char *mpl__arena_format(mpl__arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define MPL_NEW(arena, type, n) ((type *)mpl__arena_alloc((arena), (n), sizeof(type)))

/** realloc of a block outside any arena; p may be NULL. Sizes are multiplied with an overflow check. */
void *mpl__realloc(void *p, size_t n, size_t size);
void mpl__free(void *p);

/** For tests: called before each allocation; returns false to make it fail. NULL restores the default. */
extern bool (*mpl__alloc_hook)(void);

#endif
