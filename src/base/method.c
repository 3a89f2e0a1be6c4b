/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registries: lookup by id or alias, and the nearest name when there is none. */
#include "base/method.h"

#include <string.h>

#include "base/error.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool mpl__same_nocase(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b || lower(*a) == lower(*b);
}

const char *mpl__next_word(const char **p, size_t *n)
{
    if (!*p)
        return NULL;
    const char *start = *p;
    while (*start == ' ')
        start++;
    for (*n = 0; start[*n] && start[*n] != ' '; ++*n) /* words are short: strcspn takes longer to start */
        ;
    *p = start + *n;
    return *n ? start : NULL;
}

static bool same_n(const char *word, size_t n, const char *want, bool nocase)
{
    if (strlen(want) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (nocase ? lower(word[i]) != lower(want[i]) : word[i] != want[i])
            return false;
    return true;
}

static bool has_word(const char *list, const char *want, bool nocase)
{
    size_t n;
    for (const char *p = list, *word; (word = mpl__next_word(&p, &n));)
        if (same_n(word, n, want, nocase))
            return true;
    return false;
}

bool mpl__has_word(const char *list, const char *word)
{
    return has_word(list, word, false);
}

const mpl_method *mpl_method_find(mpl_registry registry, const char *id)
{
    if (!id || !*id)
        return NULL;
    const mpl_method *m;
    for (size_t i = 0; (m = registry(i)); i++)
        if (!strcmp(m->id, id))
            return m;
    for (size_t i = 0; (m = registry(i)); i++)
        if (has_word(m->aliases, id, false))
            return m;
    for (size_t i = 0; (m = registry(i)); i++)
        if (mpl__same_nocase(m->id, id) || has_word(m->aliases, id, true))
            return m;
    return NULL;
}

enum { NAME_MAX_LENGTH = 40 };

static size_t min3(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Edit distance with neighbour swaps (Damerau 1964), case ignored at no cost. */
static size_t distance(const char *a, const char *b)
{
    const size_t na = strlen(a), nb = strlen(b);
    if (na > NAME_MAX_LENGTH || nb > NAME_MAX_LENGTH)
        return NAME_MAX_LENGTH;
    size_t d[3][NAME_MAX_LENGTH + 1];
    for (size_t j = 0; j <= nb; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *row = d[i % 3], *above = d[(i + 2) % 3], *above2 = d[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            const size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + change);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]) &&
                above2[j - 2] + 1 < row[j])
                row[j] = above2[j - 2] + 1;
        }
    }
    return d[na % 3][nb];
}

const char *mpl_nearest_find(const char *want, size_t n, const char *(*at)(const void *ctx, size_t i),
                             const void *ctx)
{
    const char *best = NULL;
    size_t least = strlen(want) / 3 + 2; /* a name further away than a third of its length is no help */
    for (size_t i = 0; i < n; i++) {
        const char *name = at(ctx, i);
        const size_t d = name ? distance(want, name) : least;
        if (d < least && d < strlen(name)) {
            least = d;
            best = name;
        }
    }
    return best;
}

static const char *registry_id(const void *ctx, size_t i)
{
    const mpl_registry *registry = ctx;
    return (*registry)(i)->id;
}

mpl_status mpl__method_get(mpl_registry registry, const char *what, const char *id, const mpl_method **out,
                           mpl_error *err)
{
    const mpl_method *found = mpl_method_find(registry, id);
    if (found) {
        *out = found;
        return MPL_OK;
    }
    char cut[MPL_SHOWN_SIZE], all[200];
    size_t n = 0, used = 0;
    for (const mpl_method *m; (m = registry(n)); n++) {
        const size_t length = strlen(m->id);
        if (used + length + 6 < sizeof all) {
            memcpy(all + used, " ", 1);
            memcpy(all + used + 1, m->id, length);
            used += length + 1;
        } else if (used + 5 < sizeof all && all[used - 1] != '.') {
            memcpy(all + used, " ...", 4);
            used += 4;
        }
    }
    all[used] = '\0';
    const char *near = mpl_nearest_find(id, n, registry_id, &registry);
    if (near)
        return mpl__fail(err, MPL_ERR_NAME, "unknown %s '%s'; did you mean '%s'?", what, mpl_text_to_shown(id, cut),
                         near);
    return mpl__fail(err, MPL_ERR_NAME, "unknown %s '%s'; one of:%s", what, mpl_text_to_shown(id, cut), all);
}

/* The next id of a list at *p, cut at size; false at the end. */
static bool next_id(const char **p, char *out, size_t size)
{
    if (!*p)
        return false;
    *p += strspn(*p, ", ");
    const size_t n = strcspn(*p, ", "), kept = n < size ? n : size - 1;
    memcpy(out, *p, kept);
    out[kept] = '\0';
    *p += n;
    return n > 0;
}

mpl_status mpl__list_check(const char *list, mpl_registry registry, const char *what, const char *option,
                           mpl_error *err)
{
    char id[100];
    const mpl_method *found;
    for (const char *p = list; next_id(&p, id, sizeof id);)
        MPL_TRY(mpl__within(err, mpl__method_get(registry, what, id, &found, err), "--%s", option));
    return MPL_OK;
}

bool mpl__list_has(const char *list, mpl_registry registry, const mpl_method *method)
{
    char id[100];
    for (const char *p = list; next_id(&p, id, sizeof id);)
        if (mpl_method_find(registry, id) == method)
            return true;
    return false;
}
