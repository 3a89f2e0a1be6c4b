/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into the program by io.py: makes one call fail. FAIL_KIND is MEMORY (malloc, calloc, realloc) or IO
 * (write, fsync, close of a file opened for writing, rename, and the opening itself), FAIL_AT how many go well before,
 * FAIL_STICKY whether all after it fail as well. The file FAIL_MARKER gets a byte when it happened.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static const char *kind = "";
static const char *marker;
static long left = -1; /* < 0: not started, or done */
static bool sticky, fired;

/* Before main, so that what the loader and the C library allocate at start is not counted. */
__attribute__((constructor)) static void start(void)
{
    const char *const at = getenv("FAIL_AT");
    kind = getenv("FAIL_KIND") ? getenv("FAIL_KIND") : "";
    marker = getenv("FAIL_MARKER");
    sticky = getenv("FAIL_STICKY") && *getenv("FAIL_STICKY");
    left = at ? strtol(at, NULL, 10) : -1;
}

/* Leaves a byte in the marker, past the functions that fail. */
static void mark(void)
{
    const long fd = syscall(SYS_openat, AT_FDCWD, marker, O_WRONLY);
    syscall(SYS_write, fd, "x", 1);
    syscall(SYS_close, fd);
}

static bool fails(const char *what, int error)
{
    if (left < 0 || strcmp(kind, what) != 0 || (fired && !sticky))
        return false;
    if (left > 0) {
        left--;
        return false;
    }
    if (!fired && marker)
        mark();
    fired = true;
    errno = error;
    return true;
}

void *malloc(size_t size)
{
    return fails("MEMORY", ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails("MEMORY", ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    return fails("MEMORY", ENOMEM) ? NULL : __libc_realloc(p, size);
}

ssize_t write(int fd, const void *data, size_t n)
{
    return fd != 2 && fails("IO", ENOSPC) ? -1 : syscall(SYS_write, fd, data, n);
}

size_t fwrite(const void *data, size_t size, size_t n, FILE *f)
{
    static size_t (*next)(const void *, size_t, size_t, FILE *);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "fwrite");
    return f != stderr && fails("IO", ENOSPC) ? 0 : next(data, size, n, f);
}

int fflush(FILE *f)
{
    static int (*next)(FILE *);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "fflush");
    return f && f != stderr && fails("IO", EIO) ? EOF : next(f);
}

int fclose(FILE *f)
{
    static int (*next)(FILE *);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "fclose");
    const bool fail = fails("IO", EIO); /* it is closed all the same */
    const int result = next(f);
    if (fail)
        errno = EIO;
    return fail ? EOF : result;
}

int fsync(int fd)
{
    return fails("IO", EIO) ? -1 : (int)syscall(SYS_fsync, fd);
}

int rename(const char *from, const char *to)
{
    static int (*next)(const char *, const char *);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "rename");
    return fails("IO", EACCES) ? -1 : next(from, to);
}

int mkstemp(char *name)
{
    static int (*next)(char *);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "mkstemp");
    return fails("IO", ENOSPC) ? -1 : next(name);
}
