/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Out of memory at every allocation of a call: the n-th allocation fails, alone or with all after it, for n = 1, 2, 3,
 * ... until the call succeeds. Each failure has the status NOMEM, a NULL output and a message; the sanitizer build sees
 * that nothing leaks. Without sanitizers malloc itself fails as well, which reaches what GSL, cJSON and the C library
 * allocate behind the hook. For one program: it defines malloc.
 */
#ifndef MPL_TESTS_SWEEP_H
#define MPL_TESTS_SWEEP_H

#include "check.h"

#include <errno.h>

#include <metapool.h>

#include "base/arena.h"

enum { SWEEP_MAX = 20000 };

static size_t left;      /* allocations until one fails */
static bool armed, sticky, fired;

static bool next_allocation(void)
{
    if (!armed)
        return true;
    if (left > 0) {
        left--;
        return true;
    }
    if (fired && !sticky)
        return true;
    fired = true;
    return false;
}

#if !defined(__SANITIZE_ADDRESS__) && defined(__GLIBC__)
#define HAVE_MALLOC_FAULTS 1
static bool in_malloc; /* malloc itself fails instead of the hook */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static bool refuse(void)
{
    const bool no = in_malloc && !next_allocation();
    if (no)
        errno = ENOMEM;
    return no;
}

void *malloc(size_t size)
{
    return refuse() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return refuse() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    return refuse() ? NULL : __libc_realloc(p, size);
}
#else
#define HAVE_MALLOC_FAULTS 0
static bool in_malloc;
#endif

/** One call. `out` is set to a value that is neither NULL nor a result before. */
typedef struct swept {
    const char *name;
    mpl_status (*run)(void **out, mpl_error *err);
    void (*free_result)(void *);
} swept;

/** mpl_fit_free() as free_fit(void *). */
#define FREE(name, call)                                                                                             \
    static void free_##name(void *p)                                                                                 \
    {                                                                                                                \
        call(p);                                                                                                     \
    }

__attribute__((unused)) static void free_nothing(void *p)
{
    (void)p;
}

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("cannot prepare", err->message);
}

/* One call with its n-th allocation failing. Returns true when there was no n-th allocation. */
static bool attempt(const swept *c, size_t n, const char *how)
{
    static char sentinel;
    void *out = &sentinel;
    mpl_error err = { .code = MPL_OK };
    left = n, fired = false, armed = true;
    const mpl_status s = c->run(&out, &err);
    armed = false;
    if (!fired) {
        CHECK(s == MPL_OK && out && out != &sentinel, "%s: status %d without a failure: %s", c->name, s,
              err.message);
        if (s == MPL_OK)
            c->free_result(out);
        return true;
    }
    CHECK(s == MPL_ERR_NOMEM, "%s: allocation %zu (%s): status %d: %s", c->name, n + 1, how, s, err.message);
    CHECK(s == MPL_OK || !out, "%s: allocation %zu (%s): output is not NULL", c->name, n + 1, how);
    CHECK(s == MPL_OK || (err.message[0] && !strchr(err.message, '\n')), "%s: allocation %zu (%s): message '%s'",
          c->name, n + 1, how, err.message);
    if (s == MPL_OK)
        c->free_result(out);
    return s == MPL_OK && !sticky; /* a call that swallows failures would go on for ever */
}

/** After the n-th allocation the one after n + 1 + n/stride, if a call is long; 0 = each. */
static void sweep(const swept *c, const char *how, size_t stride)
{
    const size_t failed = check_failed;
    size_t step;
    for (size_t n = 0; n < SWEEP_MAX && check_failed < failed + 5; n += step) {
        step = 1 + (stride > 0 ? n / stride : 0);
        if (attempt(c, n, how))
            return;
    }
    CHECK(check_failed > failed, "%s (%s): no end of allocations", c->name, how);
}

/** Sweeps each call, by `one`, which calls sweep(). */
static void sweep_all(const swept *calls, size_t n, void (*one)(const swept *call, const char *how))
{
    mpl__alloc_hook = next_allocation;
    for (size_t c = 0; c < n; c++) {
        sticky = false;
        one(&calls[c], "alone");
        sticky = true;
        one(&calls[c], "and all after it");
    }
    mpl__alloc_hook = NULL;
    for (size_t c = 0; HAVE_MALLOC_FAULTS && c < n; c++) {
        in_malloc = true, sticky = false;
        one(&calls[c], "malloc alone");
        sticky = true;
        one(&calls[c], "malloc and all after it");
        in_malloc = false;
    }
}

#endif
