/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading whole files, and standard input. What has no end is noticed early: a NUL byte, too many lines, a field that
 * is too long, or too many bytes stop the reading.
 */
#include "data/load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/method.h"

enum { MIB = 1 << 20, FIRST_READ = 1 << 16, ONE_READ = 2 * MIB, SUSPICIOUS = 32 * MIB };

static const mpl__format formats[] = {
    { .method = { .id = "csv", .title = "CSV", .cite = "Shafranovich 2005, RFC 4180",
                  .about = "Fields between commas, or semicolons or tabs, which are found out." },
      .endings = "csv txt dat", .max_bytes = (size_t)1024 * MIB, .is_hopeless = mpl__csv_is_hopeless,
      .read = mpl__csv_read },
    { .method = { .id = "tsv", .title = "TSV", .cite = "Lindner 1993, IANA text/tab-separated-values",
                  .about = "CSV with tabs between the fields." },
      .endings = "tsv tab", .max_bytes = (size_t)1024 * MIB, .is_hopeless = mpl__csv_is_hopeless,
      .read = mpl__tsv_read },
    { .method = { .id = "json", .title = "JSON", .cite = "Bray 2017, RFC 8259",
                  .about = "An array of records, an object of columns, a Table Schema data resource, or a report." },
      .endings = "json", .max_bytes = (size_t)64 * MIB, .read = mpl__json_read },
};

enum { N_FORMATS = sizeof formats / sizeof *formats };

const mpl_method *mpl_input_method(size_t i)
{
    return i < N_FORMATS ? &formats[i].method : NULL;
}

const mpl__format *mpl__format_find(const char *id)
{
    for (size_t i = 0; i < N_FORMATS; i++)
        if (!strcmp(formats[i].method.id, id))
            return &formats[i];
    return NULL;
}

static bool has_ending(const char *name, const char *endings)
{
    const char *const dot = strrchr(name, '.');
    if (!dot || strlen(dot) > 8)
        return false;
    char word[8] = { 0 };
    for (size_t i = 0; dot[1 + i]; i++)
        word[i] = dot[1 + i] >= 'A' && dot[1 + i] <= 'Z' ? (char)(dot[1 + i] - 'A' + 'a') : dot[1 + i];
    return mpl__has_word(endings, word);
}

const mpl__format *mpl__format_of(const mpl_read_options *options, const char *name, const char *bytes, size_t size)
{
    if (options->format)
        return mpl__format_find(options->format);
    for (size_t i = 0; i < N_FORMATS; i++)
        if (has_ending(name, formats[i].endings))
            return &formats[i];
    size_t i = 0;
    while (i < size && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r' || bytes[i] == '\n'))
        i++;
    return mpl__format_find(i < size && (bytes[i] == '{' || bytes[i] == '[') ? "json" : "csv");
}

bool mpl__is_file(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && !S_ISDIR(s.st_mode);
}

static mpl_status fail_errno(const char *name, const char *what, int error, mpl_error *err)
{
    char cut[MPL_SHOWN_SIZE], text[128];
    return mpl__fail(err, MPL_ERR_IO, "cannot %s '%s': %s", what, mpl_text_to_shown(name, cut),
                     strerror_r(error, text, sizeof text));
}

mpl_status mpl__fail_unread(const char *path, mpl_error *err)
{
    struct stat s;
    if (stat(path, &s) == 0)
        return fail_errno(path, "read", S_ISDIR(s.st_mode) ? EISDIR : EACCES, err);
    return fail_errno(path, "open", errno, err);
}

typedef struct input {
    mpl__table *table;
    const mpl__format *format; /* NULL until known */
    int fd;
    char *bytes;
    size_t size, capacity;
    size_t lines, n_counted;   /* line ends in the first n_counted bytes */
    bool is_wide;              /* begins like UTF-16: NUL bytes are no reason to stop */
} input;

static bool grow(input *in)
{
    const size_t capacity = 2 * in->capacity;
    char *const bytes = MPL_NEW(in->table->keep, char, capacity + 1);
    if (!bytes)
        return false;
    memcpy(bytes, in->bytes, in->size);
    in->bytes = bytes;
    in->capacity = capacity;
    return true;
}

/* Looks at the bytes that have come since `from`; *stop: more of them cannot help. Large input is looked at closely. */
static mpl_status look(input *in, size_t from, bool *stop, mpl_error *err)
{
    const char *const name = in->table->name;
    in->is_wide = in->size >= 2 && (!memcmp(in->bytes, "\xFF\xFE", 2) || !memcmp(in->bytes, "\xFE\xFF", 2));
    if (!in->is_wide && memchr(in->bytes + from, '\0', in->size - from)) {
        *stop = true; /* mpl__decode() says where */
        return MPL_OK;
    }
    if (!in->format)
        in->format = mpl__format_of(in->table->options, name, in->bytes, in->size);
    if (in->size > in->format->max_bytes)
        return mpl__fail(err, MPL_ERR_LIMIT, "%s: more than %zu MiB of %s", name, in->format->max_bytes / MIB,
                         in->format->method.title);
    if (in->size < SUSPICIOUS)
        return MPL_OK;
    if (in->n_counted == 0 && !in->is_wide && in->format->is_hopeless && in->format->is_hopeless(in->bytes, 3 * MIB))
        return mpl__fail(err, MPL_ERR_LIMIT, "%s: a field is longer than 1 MiB; is a quote left open?", name);
    const char *const end = in->bytes + in->size;
    for (const char *p = in->bytes + in->n_counted; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        in->lines++;
    in->n_counted = in->size;
    if (in->lines > MPL__MAX_LINES)
        return mpl__fail(err, MPL_ERR_LIMIT, "%s: more than %d lines", name, MPL__MAX_LINES);
    return MPL_OK;
}

static mpl_status read_all(input *in, mpl_error *err)
{
    struct stat s;
    in->capacity = fstat(in->fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size > 0 && s.st_size <= 1 << 30
                       ? (size_t)s.st_size + 1
                       : FIRST_READ;
    in->bytes = MPL_NEW(in->table->keep, char, in->capacity + 1);
    if (!in->bytes)
        return mpl__fail_nomem(err, "the file");
    for (bool stop = false; !stop;) {
        if (in->size == in->capacity && !grow(in))
            return mpl__fail_nomem(err, "the file");
        size_t want = in->capacity - in->size;
        if (want > ONE_READ)
            want = ONE_READ;
        const ssize_t got = read(in->fd, in->bytes + in->size, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(in->table->name, "read", errno, err);
        if (got == 0)
            break;
        in->size += (size_t)got;
        MPL_TRY(look(in, in->size - (size_t)got, &stop, err));
    }
    return MPL_OK;
}

mpl_status mpl__load(mpl__table *table, const char *path, const mpl__format *format, char **bytes, size_t *size,
                     mpl_error *err)
{
    const bool standard = !strcmp(path, "-");
    input in = { .table = table, .format = format, .fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC) };
    if (in.fd < 0)
        return fail_errno(path, "open", errno, err);
    const mpl_status s = read_all(&in, err);
    if (!standard)
        close(in.fd);
    *bytes = in.bytes;
    *size = in.size;
    return s;
}
