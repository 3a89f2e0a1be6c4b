/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registries and option tables: how the library describes itself.
 *
 * Everything that can be one of many (a measure, an estimator, a format) is a constant mpl_method row in a registry,
 * found by its id, the literature's spelling. Every options struct has a table of mpl_option rows, the only
 * description of an option that exists: parsing, help, man pages, completion, checking and the "options" block of a
 * report all read the rows.
 *
 * Options structs are all-zero by default and zero never is a wanted value. mpl_options_resolve() replaces every zero
 * member that has a default by what the profile says, else by that default; results keep the resolved copy they were
 * made with.
 */
#ifndef METAPOOL_OPTION_H
#define METAPOOL_OPTION_H

#include <metapool/base.h>

MPL_BEGIN_DECLS

/** What a registry shows of one entry. */
typedef struct mpl_method {
    const char *id;      /**< the literature's spelling: "REML", "OR", "hksj" */
    const char *title;   /**< what it is, in words */
    const char *cite;    /**< source; shown in help, man page and reports */
    const char *aliases; /**< other accepted ids, separated by blanks; NULL = none */
    const char *about;   /**< one or two sentences when the title is not enough; NULL = none */
} mpl_method;

/** A registry: entry i in listing order, NULL past the end. */
typedef const mpl_method *(*mpl_registry)(size_t i);

/** Finds an entry by id or alias; case matters only where two ids differ by nothing else. NULL if there is none. */
MPL_API const mpl_method *mpl_method_find(mpl_registry registry, const char *id);

/** The name nearest to `want` among at(ctx, 0 to n - 1), to propose it; NULL if none is near. at() may return NULL. */
MPL_API const char *mpl_nearest_find(const char *want, size_t n, const char *(*at)(const void *ctx, size_t i),
                                     const void *ctx);

typedef enum mpl_option_kind {
    MPL_OPTION_FLAG,   /**< bool; no value on the command line */
    MPL_OPTION_COUNT,  /**< size_t */
    MPL_OPTION_REAL,   /**< double */
    MPL_OPTION_MAYBE,  /**< mpl_maybe: a number for which 0 is a wanted value */
    MPL_OPTION_LEVEL,  /**< double in (0, 1); a value of 1 to 100 is read as percent */
    MPL_OPTION_TEXT,   /**< const char *, borrowed */
    MPL_OPTION_CHOICE  /**< const char *: an id of `choice`, canonical after parsing */
} mpl_option_kind;

/** One option. A table ends with a row whose name is NULL. */
typedef struct mpl_option {
    const char *name; /**< long name without dashes; also the key in reports */
    char letter;      /**< short form; 0 = none */
    mpl_option_kind kind;
    size_t offset;       /**< of the member in its struct */
    double min, max;     /**< COUNT, REAL, MAYBE: range, both ends included; both 0 = any finite number */
    mpl_registry choice; /**< CHOICE: the registry */
    const char *arg;     /**< placeholder in help, e.g. "METHOD" */
    const char *dflt;    /**< default as typed; NULL = none (the option is off or has no value) */
    const char *help;    /**< lower-case clause for the help line, ASCII */
    const char *since;   /**< version that introduced it */
} mpl_option;

/**
 * Kind and offset of a row; a kind that does not match the member's type does not compile (C only):
 *
 *     { .name = "level", MPL_MEMBER(LEVEL, mpl_fit_options, level), .arg = "PCT", .dflt = "0.95", ... }
 */
#define MPL_MEMBER(KIND, type, member)                                                                               \
    .kind = MPL_OPTION_##KIND, .offset = offsetof(type, member) + 0 * MPL__IS_##KIND(((type *)NULL)->member)

#define MPL__IS_FLAG(m)   _Generic((m), bool: 1)
#define MPL__IS_COUNT(m)  _Generic((m), size_t: 1)
#define MPL__IS_REAL(m)   _Generic((m), double: 1)
#define MPL__IS_LEVEL(m)  _Generic((m), double: 1)
#define MPL__IS_MAYBE(m)  _Generic((m), mpl_maybe: 1)
#define MPL__IS_TEXT(m)   _Generic((m), const char *: 1)
#define MPL__IS_CHOICE(m) _Generic((m), const char *: 1)

/** Registry of separators of thousands in counts that people read: none, comma, thin. */
MPL_API const mpl_method *mpl_thousands_method(size_t i);

/** A set of defaults under a name. `set` is "option=value" pairs separated by blanks, over all option tables. */
typedef struct mpl_profile {
    mpl_method method;
    const char *set;
} mpl_profile;

/** Registry of profiles: cochrane2025 (the default), metafor, revman5, dersimonian-laird. Entries are mpl_profile. */
MPL_API const mpl_method *mpl_profile_method(size_t i);

/** Finds a profile; NULL id means the default one. NULL if there is none. */
MPL_API const mpl_profile *mpl_profile_find(const char *id);

/** Parses `text` into the member that `row` describes. `err` says what was expected. */
MPL_API MPL_NODISCARD mpl_status mpl_option_read(const mpl_option *row, void *options, const char *text,
                                                 mpl_error *err);

/** True if the member is not at its all-zero "not given" value. */
MPL_API bool mpl_option_given(const mpl_option *row, const void *options);

/** Writes the member as it would be typed ("REML", "0.95", "true") into `out`; "" if not given. Truncates at size. */
MPL_API void mpl_option_write(const mpl_option *row, const void *options, char *out, size_t size);

/**
 * Fills every member that is not given from the profile, else from its row's default, and checks ranges and ids.
 *
 * @param table    rows of the struct
 * @param options  the struct; changed only on MPL_OK
 * @param size     its size in bytes
 * @param profile  id; NULL = the default profile
 * @return MPL_OK; MPL_ERR_NAME for an unknown id or profile, MPL_ERR_ARG for a value out of range.
 */
MPL_API MPL_NODISCARD mpl_status mpl_options_resolve(const mpl_option *table, void *options, size_t size,
                                                     const char *profile, mpl_error *err);

MPL_END_DECLS

#endif
