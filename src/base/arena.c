/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of blocks, each twice as large as the last up to a limit; in debug builds one block per request. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = _Alignof(max_align_t), FIRST_BLOCK = 4096, LAST_BLOCK = 1 << 20 };

typedef struct block {
    struct block *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char data[];
} block;

struct mpl__arena {
    block *blocks;
};

bool (*mpl__alloc_hook)(void);

static void *allocate(void *p, size_t size)
{
    if (mpl__alloc_hook && !mpl__alloc_hook())
        return NULL;
    return realloc(p, size);
}

/* Large blocks come as untouched pages, which cost nothing until they are used. */
static void *allocate_zeroed(size_t size)
{
    if (mpl__alloc_hook && !mpl__alloc_hook())
        return NULL;
    return calloc(1, size);
}

void *mpl__realloc(void *p, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX)
        return NULL;
    return allocate(p, bytes ? bytes : 1);
}

void mpl__free(void *p)
{
    free(p);
}

mpl__arena *mpl__arena_new(void)
{
    mpl__arena *arena = allocate(NULL, sizeof *arena);
    if (arena)
        arena->blocks = NULL;
    return arena;
}

void mpl__arena_free(mpl__arena *arena)
{
    if (!arena)
        return;
    for (block *b = arena->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(arena);
}

static block *block_add(mpl__arena *arena, size_t bytes)
{
    size_t size = bytes;
#ifndef MPL_ARENA_DEBUG
    size_t grown = arena->blocks ? 2 * arena->blocks->size : FIRST_BLOCK;
    if (grown > LAST_BLOCK)
        grown = LAST_BLOCK;
    if (size < grown)
        size = grown;
#endif
    block *b = size > PTRDIFF_MAX - sizeof(block) ? NULL : allocate_zeroed(sizeof(block) + size);
    if (!b)
        return NULL;
    b->next = arena->blocks;
    b->size = size;
    arena->blocks = b;
    return b;
}

/* `bytes` at a multiple of `align`, a power of two. */
static void *take(mpl__arena *arena, size_t bytes, size_t align)
{
    block *b = arena->blocks;
    size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;
#ifdef MPL_ARENA_DEBUG
    b = NULL;
#endif
    if (!b || at > b->size || b->size - at < bytes) {
        b = block_add(arena, bytes);
        at = 0;
    }
    if (!b)
        return NULL;
    b->used = at + bytes;
    return b->data + at;
}

void *mpl__arena_alloc(mpl__arena *arena, size_t n, size_t size)
{
    size_t bytes;
    if (!arena || __builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX - ALIGN)
        return NULL;
    return take(arena, bytes, ALIGN);
}

char *mpl__arena_copyn(mpl__arena *arena, const char *text, size_t n)
{
    char *copy = arena && text && n < PTRDIFF_MAX ? take(arena, n + 1, 1) : NULL; /* labels of many rows lie close */
    if (copy)
        memcpy(copy, text, n);
    return copy;
}

char *mpl__arena_copy(mpl__arena *arena, const char *text)
{
    return text ? mpl__arena_copyn(arena, text, strlen(text)) : NULL;
}

char *mpl__arena_format(mpl__arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, fmt, args);
    char *out = n < 0 ? NULL : mpl__arena_alloc(arena, (size_t)n + 1, 1);
    if (out)
        vsnprintf(out, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(args);
    return out;
}
