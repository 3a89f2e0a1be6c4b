/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes: where they come from, what they are, and their way to UTF-8. */
#ifndef MPL_DATA_LOAD_H
#define MPL_DATA_LOAD_H

#include "data/table.h"

typedef struct mpl__format {
    mpl_method method;
    const char *endings; /* of file names, divided by blanks */
    size_t max_bytes;
    bool (*is_hopeless)(const char *bytes, size_t size); /* looked at while reading; NULL = never */
    mpl_status (*read)(char *bytes, size_t size, mpl__table *table, mpl_error *err);
} mpl__format;

/** By id; NULL if there is none. */
const mpl__format *mpl__format_find(const char *id);

/** By the ending of the name, else by the first character: never NULL. */
const mpl__format *mpl__format_of(const mpl_read_options *options, const char *name, const char *bytes, size_t size);

/** False for what does not exist, and for a directory. */
bool mpl__is_file(const char *path);

/** MPL_ERR_IO with the system's reason. */
mpl_status mpl__fail_unread(const char *path, mpl_error *err);

/** Reads all of a file or "-" into table->keep, with room for one more byte. Endless input fails early. */
mpl_status mpl__load(mpl__table *table, const char *path, const mpl__format *format, char **bytes, size_t *size,
                     mpl_error *err);

/** To UTF-8 without a byte-order mark, with a note where that was work; refuses what is not text. */
mpl_status mpl__decode(char **bytes, size_t *size, mpl__table *table, mpl_error *err);

#endif
