/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every option row and every registry entry is complete and agrees with itself; the lists come from the headers. */
#include "check.h"

#include <stdalign.h>

#include <metapool.h>

static const struct {
    const char *name;
    const mpl_option *(*rows)(void);
} tables[] = {
#define TABLE(f) { #f, f },
#define REGISTRY(f)
#include "tables.inc"
#undef TABLE
#undef REGISTRY
};

static const struct {
    const char *name;
    mpl_registry entry;
} registries[] = {
#define TABLE(f)
#define REGISTRY(f) { #f, f },
#include "tables.inc"
#undef TABLE
#undef REGISTRY
};

enum { N_TABLES = sizeof tables / sizeof *tables, N_REGISTRIES = sizeof registries / sizeof *registries };

static bool is_ascii(const char *s)
{
    for (; *s; s++)
        if (*s < ' ' || *s > '~')
            return false;
    return true;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Names are typed: lower case, digits and single hyphens, a letter first. */
static bool is_option_name(const char *s)
{
    bool ok = is_lower(*s);
    for (; *s; s++)
        ok = ok && (is_lower(*s) || (*s >= '0' && *s <= '9') || (*s == '-' && s[1] && s[1] != '-'));
    return ok;
}

/* A clause: starts in lower case (a symbol such as I^2, or an abbreviation, may start otherwise), ends without stop. */
static bool is_clause(const char *s)
{
    const size_t n = strlen(s);
    return n > 3 && n <= 120 && is_ascii(s) && s[n - 1] != '.' && (is_lower(s[0]) || !is_lower(s[1]));
}

static void row_is_complete(const char *table, const mpl_option *row)
{
    CHECK(is_option_name(row->name), "%s: name '%s'", table, row->name);
    CHECK(row->help && is_clause(row->help), "%s --%s: help '%s'", table, row->name, row->help ? row->help : "");
    CHECK(row->since && *row->since, "%s --%s: no since", table, row->name);
    CHECK((row->kind == MPL_OPTION_FLAG) == !row->arg, "%s --%s: placeholder", table, row->name);
    CHECK((row->kind == MPL_OPTION_CHOICE) == (row->choice != NULL), "%s --%s: choice", table, row->name);
    CHECK(!row->choice || row->choice(0), "%s --%s: empty choice", table, row->name);
    CHECK(row->min <= row->max, "%s --%s: range", table, row->name);
    CHECK(!row->letter || is_lower(row->letter) || (row->letter >= 'A' && row->letter <= 'Z'),
          "%s --%s: letter", table, row->name);
}

/* The default parses, lies in range, and is written back as a text that parses to the same. */
static void default_holds(const char *table, const mpl_option *row)
{
    alignas(max_align_t) unsigned char options[4096] = { 0 }, again[4096] = { 0 };
    char text[256], back[256];
    mpl_error err = { .code = MPL_OK };
    if (row->offset + sizeof(mpl_maybe) > sizeof options) {
        CHECK(false, "%s --%s: offset %zu", table, row->name, row->offset);
        return;
    }
    CHECK(!mpl_option_given(row, options), "%s --%s: all-zero is 'not given'", table, row->name);
    mpl_option_write(row, options, text, sizeof text);
    CHECK_STR(text, "", "%s --%s: all-zero writes nothing", table, row->name);
    if (!row->dflt || row->kind == MPL_OPTION_FLAG) {
        CHECK(!row->dflt, "%s --%s: a flag has no default but off", table, row->name);
        return;
    }
    CHECK(mpl_option_read(row, options, row->dflt, &err) == MPL_OK, "%s --%s: default: %s", table, row->name,
          err.message);
    mpl_option_write(row, options, text, sizeof text);
    CHECK(mpl_option_read(row, again, text, &err) == MPL_OK, "%s --%s: '%s': %s", table, row->name, text, err.message);
    mpl_option_write(row, again, back, sizeof back);
    CHECK_STR(back, text, "%s --%s: read back", table, row->name);
}

/* What cannot be read is refused with the option's name and one line, and changes nothing. */
static void refuses(const char *table, const mpl_option *row)
{
    alignas(max_align_t) unsigned char options[4096] = { 0 };
    static const unsigned char zero[sizeof options];
    mpl_error err = { .code = MPL_OK };
    if (row->kind == MPL_OPTION_TEXT)
        return;
    const mpl_status status = mpl_option_read(row, options, "no\nsuch-value", &err);
    CHECK(status == MPL_ERR_ARG || status == MPL_ERR_NAME, "%s --%s: status %d", table, row->name, status);
    CHECK(strstr(err.message, row->name) && !strchr(err.message, '\n'), "%s --%s: message '%s'", table, row->name,
          err.message);
    CHECK(memcmp(options, zero, sizeof options) == 0, "%s --%s: changed on failure", table, row->name);
}

/* Every table: rows complete, names, letters and members not shared. */
static void option_tables(void)
{
    for (size_t t = 0; t < N_TABLES; t++) {
        const mpl_option *const rows = tables[t].rows();
        CHECK(rows && rows[0].name, "%s is empty", tables[t].name);
        for (const mpl_option *row = rows; row && row->name; row++) {
            row_is_complete(tables[t].name, row);
            default_holds(tables[t].name, row);
            refuses(tables[t].name, row);
            for (const mpl_option *other = rows; other < row; other++) {
                CHECK(strcmp(other->name, row->name) != 0, "%s --%s twice", tables[t].name, row->name);
                CHECK(other->offset != row->offset, "%s --%s and --%s share a member", tables[t].name, row->name,
                      other->name);
                CHECK(!row->letter || other->letter != row->letter, "%s -%c twice", tables[t].name, row->letter);
            }
        }
    }
}

/* Every profile sets only options that exist, to values that they take. */
static void profiles(void)
{
    for (size_t i = 0; mpl_profile_method(i); i++) {
        const mpl_profile *const profile = mpl_profile_find(mpl_profile_method(i)->id);
        char set[1024];
        CHECK(profile && profile->set && strlen(profile->set) < sizeof set, "profile %zu", i);
        strcpy(set, profile->set);
        for (char *word = strtok(set, " "); word; word = strtok(NULL, " ")) {
            char *const value = strchr(word, '=');
            CHECK(value, "%s: '%s' without a value", profile->method.id, word);
            if (!value)
                continue;
            *value = '\0';
            size_t found = 0;
            for (size_t t = 0; t < N_TABLES; t++)
                for (const mpl_option *row = tables[t].rows(); row->name; row++)
                    if (strcmp(row->name, word) == 0) {
                        alignas(max_align_t) unsigned char options[4096] = { 0 };
                        mpl_error err = { .code = MPL_OK };
                        found += mpl_option_read(row, options, value + 1, &err) == MPL_OK;
                    }
            CHECK(found > 0, "%s sets --%s to '%s', which no table takes", profile->method.id, word, value + 1);
        }
    }
}

/* Entries that are nobody's finding: the identity of what is reported, arithmetic, what a user asks for. */
static bool needs_source(const char *registry, const char *id)
{
    static const char *const plain[] = { "mpl_formula_function_method", "mpl_target_method", "mpl_skewed_method",
                                        "mpl_structure_method", "mpl_moderator_function_method",
                                        "mpl_palette_method", "mpl_chart_names_method", "mpl_funnel_axis_method" };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(registry, plain[i]) == 0)
            return false;
    return strcmp(id, "GEN") != 0 && strcmp(id, "none") != 0;
}

/* Does `word` name an entry other than `self`? */
static bool names_another(mpl_registry entry, const mpl_method *self, const char *word)
{
    const mpl_method *const found = mpl_method_find(entry, word);
    return !found || found != self;
}

static void registry(const char *name, mpl_registry entry)
{
    CHECK(entry(0), "%s is empty", name);
    size_t n = 0;
    while (entry(n))
        n++;
    CHECK(!entry(n) && !entry(n + 1) && !entry((size_t)-1), "%s: NULL past the end", name);
    for (size_t i = 0; i < n; i++) {
        const mpl_method *const m = entry(i);
        CHECK(m->id && *m->id && is_ascii(m->id) && !strpbrk(m->id, " \t,\"'"), "%s %zu: id", name, i);
        CHECK(m->title && strlen(m->title) > 1, "%s %s: no title", name, m->id);
        CHECK((m->cite && strlen(m->cite) > 3) || !needs_source(name, m->id), "%s %s: no source", name, m->id);
        CHECK(!names_another(entry, m, m->id), "%s %s: found under another entry", name, m->id);
        if (strcmp(name, "mpl_role_method") == 0)
            continue; /* a name such as event.e is events of people or of person-time: the other columns tell */
        char words[512];
        snprintf(words, sizeof words, "%s", m->aliases ? m->aliases : "");
        for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
            CHECK(!names_another(entry, m, word), "%s %s: alias '%s' leads elsewhere", name, m->id, word);
    }
    CHECK(!mpl_method_find(entry, "no-such-entry"), "%s finds what is not there", name);
}

int main(void)
{
    CHECK(N_TABLES >= 7 && N_REGISTRIES >= 14, "%d tables, %d registries found in the headers", N_TABLES,
          N_REGISTRIES);
    option_tables();
    profiles();
    for (size_t i = 0; i < N_REGISTRIES; i++)
        registry(registries[i].name, registries[i].entry);
    return check_done();
}
