/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What columns hold: the roles, and how columns come by them. */
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "data/names.h"
#include "data/role.h"
#include "data/table.h"

#define MPL_COUNT MPL_ROLE

static const mpl_method roles[] = {
#define MPL_ROLE(id_, title_, aliases_, beside_, weak_)                                                                \
    { .id = id_, .title = title_, .aliases = aliases_, .cite = "Viechtbauer 2010, J Stat Softw 36(3):1-48" },
#include "data/roles.def"
#undef MPL_ROLE
};

enum { N_ROLES = sizeof roles / sizeof *roles };

static const char *const beside[N_ROLES] = {
#define MPL_ROLE(id_, title_, aliases_, beside_, weak_) beside_,
#include "data/roles.def"
#undef MPL_ROLE
};

static const char *const weak[N_ROLES] = {
#define MPL_ROLE(id_, title_, aliases_, beside_, weak_) weak_,
#include "data/roles.def"
#undef MPL_ROLE
};

#undef MPL_COUNT
static const bool is_count[N_ROLES] = {
#define MPL_ROLE(...)  false,
#define MPL_COUNT(...) true,
#include "data/roles.def"
#undef MPL_ROLE
#undef MPL_COUNT
};

bool mpl__role_is_count(const char *id)
{
    for (size_t i = 0; id && i < N_ROLES; i++)
        if (strcmp(roles[i].id, id) == 0)
            return is_count[i];
    return false;
}

const mpl_method *mpl_role_method(size_t i)
{
    return i < N_ROLES ? &roles[i] : NULL;
}

static bool is_separator(char c)
{
    return c == '_' || c == '.' || c == '-' || c == ' ';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Equal but for case and for what stands between words: "Std. Error" is std_error. */
static bool same_words(const char *a, const char *b, size_t nb)
{
    const char *const end = b + nb;
    while (*a && b < end) {
        if (is_separator(*a) && is_separator(*b)) {
            while (is_separator(*a))
                a++;
            while (b < end && is_separator(*b))
                b++;
        } else if (lower(*a++) != lower(*b++)) {
            return false;
        }
    }
    return !*a && b == end;
}

typedef enum match {
    EXACT, /* the id */
    WORD,  /* another name; or the id in other letters, if it is long enough to be no accident ("CI" is not cell c) */
    WEAK,  /* a name that may mean something else */
    NO_MATCH
} match;

static bool is_one_of(const char *name, const char *words)
{
    size_t n;
    for (const char *p = words, *word; (word = mpl__next_word(&p, &n));)
        if (same_words(name, word, n))
            return true;
    return false;
}

static match match_role(const char *name, size_t r)
{
    const size_t n_id = strlen(roles[r].id);
    if (!strcmp(name, roles[r].id))
        return EXACT;
    if ((n_id > 2 || !strcmp(roles[r].id, "yi") || !strcmp(roles[r].id, "vi")) && same_words(name, roles[r].id, n_id))
        return WORD;
    return is_one_of(name, roles[r].aliases) ? WORD : is_one_of(name, weak[r]) ? WEAK : NO_MATCH;
}

/* The names that count beside another role, if that role has a column. */
static const char *names_beside(const mpl__table *t, size_t r)
{
    size_t n;
    const char *names = beside[r];
    const char *const role = mpl__next_word(&names, &n);
    for (size_t c = 0; role && c < t->n_columns; c++) {
        const mpl_column *const column = &t->columns[c];
        for (size_t other = 0; other < N_ROLES; other++)
            if (strlen(roles[other].id) == n && !strncmp(roles[other].id, role, n) &&
                (column->role ? !strcmp(column->role, roles[other].id) : match_role(column->name, other) != NO_MATCH))
                return names;
    }
    return NULL;
}

typedef struct claim {
    size_t role; /* N_ROLES = none */
    match how;
} claim;

/* The role a name stands for. `also` has the names that other columns make count. */
static claim claim_of(const char *name, const char *const *also)
{
    claim best = { N_ROLES, NO_MATCH };
    for (size_t r = 0; r < N_ROLES; r++) {
        const match how = match_role(name, r);
        if (how < best.how)
            best = (claim){ r, how };
    }
    for (size_t r = 0; r < N_ROLES && best.how != EXACT; r++)
        if (is_one_of(name, also[r]))
            return (claim){ r, WORD };
    return best;
}

static mpl_status fail_both(const mpl__table *t, size_t a, size_t b, const char *role, mpl_error *err)
{
    char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
    return mpl__fail(err, MPL_ERR_PARSE,
                     "%s: columns %zu ('%s') and %zu ('%s') can both be %s; say which with --columns %s=NAME",
                     t->name, a + 1, mpl_text_to_shown(t->columns[a].name, x), b + 1,
                      mpl_text_to_shown(t->columns[b].name, y), role,
                     role);
}

/* Gives role r to the column with the best claim; two equal claims, or one name in two spellings, are an error. */
static mpl_status give(mpl__table *t, const claim *claims, size_t r, mpl_error *err)
{
    size_t best = t->n_columns, rival = t->n_columns;
    for (size_t c = 0; c < t->n_columns; c++) {
        if (claims[c].role != r)
            continue;
        if (best == t->n_columns || claims[c].how < claims[best].how) {
            rival = best;
            best = c;
        } else if (rival == t->n_columns || claims[c].how < claims[rival].how) {
            rival = c;
        }
    }
    if (best == t->n_columns || (rival != t->n_columns && claims[best].how == WEAK))
        return MPL_OK;
    if (rival != t->n_columns && (claims[rival].how == claims[best].how ||
                                  mpl__same_nocase(t->columns[rival].name, t->columns[best].name)))
        return fail_both(t, best < rival ? best : rival, best < rival ? rival : best, roles[r].id, err);
    t->columns[best].role = roles[r].id;
    return MPL_OK;
}

/* By name. Columns and roles that the map has dealt with are left alone. */
static mpl_status assign_names(mpl__table *t, mpl_error *err)
{
    claim *const claims = MPL_NEW(t->scratch, claim, t->n_columns);
    if (!claims)
        return mpl__fail_nomem(err, "column roles");
    bool taken[N_ROLES] = { false };
    const char *also[N_ROLES];
    for (size_t r = 0; r < N_ROLES; r++)
        also[r] = names_beside(t, r);
    for (size_t c = 0; c < t->n_columns; c++) {
        const mpl_column *const column = &t->columns[c];
        claims[c] = column->role ? (claim){ N_ROLES, NO_MATCH } : claim_of(column->name, also);
        for (size_t r = 0; column->role && r < N_ROLES; r++)
            taken[r] = taken[r] || !strcmp(column->role, roles[r].id);
    }
    for (size_t r = 0; r < N_ROLES; r++)
        if (!taken[r])
            MPL_TRY(give(t, claims, r, err));
    return MPL_OK;
}

static const char *column_name(const void *ctx, size_t c)
{
    return ((const mpl__table *)ctx)->columns[c].name;
}

static mpl_column *find_column(const mpl__table *t, const char *name)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (!strcmp(t->columns[c].name, name))
            return &t->columns[c];
    for (size_t c = 0; c < t->n_columns; c++)
        if (mpl__same_nocase(t->columns[c].name, name))
            return &t->columns[c];
    return NULL;
}

static mpl_status map_one(mpl__table *t, const char *role_name, const char *name, mpl_error *err)
{
    char x[MPL_SHOWN_SIZE];
    const mpl_method *role;
    MPL_TRY(mpl__within(err, mpl__method_get(mpl_role_method, "role", role_name, &role, err), "--columns"));
    mpl_column *const column = find_column(t, name);
    if (!column) {
        const char *const near = mpl_nearest_find(name, t->n_columns, column_name, t);
        char y[MPL_SHOWN_SIZE];
        return near ? mpl__fail(err, MPL_ERR_NAME, "--columns: %s has no column '%s'; did you mean '%s'?", t->name,
                                mpl_text_to_shown(name, x), mpl_text_to_shown(near, y))
                    : mpl__fail(err, MPL_ERR_NAME, "--columns: %s has no column '%s'", t->name,
                                 mpl_text_to_shown(name, x));
    }
    for (size_t c = 0; c < t->n_columns; c++)
        if (t->columns[c].role && !strcmp(t->columns[c].role, role->id))
            return mpl__fail(err, MPL_ERR_ARG, "--columns: %s is given twice", role->id);
    if (column->role)
        return mpl__fail(err, MPL_ERR_ARG, "--columns: column '%s' cannot be both %s and %s",
                         mpl_text_to_shown(name, x), column->role, role->id);
    column->role = role->id;
    return MPL_OK;
}

/* Cuts [*p, stop) off as a word without blanks or quotes around it; *p moves behind the stop. "" if malformed. */
static const char *cut_word(mpl__arena *arena, const char **p, char stop)
{
    const char *s = *p + strspn(*p, " ");
    const char quote = *s == '"' || *s == '`' ? *s++ : '\0';
    const char *end = s;
    while (*end && *end != (quote ? quote : stop))
        end++;
    const char *rest = end + (quote && *end ? 1 : 0);
    rest += strspn(rest, " ");
    if ((quote && !*end) || (*rest && *rest != stop))
        return "";
    *p = rest + (*rest ? 1 : 0);
    while (!quote && end > s && end[-1] == ' ')
        end--;
    return mpl__arena_copyn(arena, s, (size_t)(end - s));
}

static mpl_status assign_map(mpl__table *t, const char *map, mpl_error *err)
{
    for (const char *p = map; *p;) {
        char x[MPL_SHOWN_SIZE];
        const char *const entry = p;
        const char *const role = strchr(p, '=') ? cut_word(t->scratch, &p, '=') : "";
        const char *const name = role && *role ? cut_word(t->scratch, &p, ',') : "";
        if (!role || !name)
            return mpl__fail_nomem(err, "the columns");
        if (!*name)
            return mpl__fail(err, MPL_ERR_ARG, "--columns: '%s' is not ROLE=NAME,ROLE=NAME",
                             mpl_text_to_shown(entry, x));
        MPL_TRY(map_one(t, role, name, err));
    }
    return MPL_OK;
}

/* Titles always; roles if the map has not given them. *gives: the schema has roles, so names do not count. */
static mpl_status assign_schema(mpl__table *t, bool *gives, mpl_error *err)
{
    mpl__name *const names = mpl__names_new(t->scratch, t->columns, t->n_columns);
    bool taken[N_ROLES] = { false };
    if (!names)
        return mpl__fail_nomem(err, "column names");
    for (size_t c = 0; c < t->n_columns; c++)
        for (size_t r = 0; t->columns[c].role && r < N_ROLES; r++)
            taken[r] = taken[r] || !strcmp(t->columns[c].role, roles[r].id);
    for (size_t i = 0; i < t->schema->n_fields; i++) {
        const mpl__schema_field *const field = &t->schema->fields[i];
        const mpl__name *const found = mpl__names_find(names, t->n_columns, field->name);
        mpl_column *const column = found ? &t->columns[found->index] : NULL;
        if (column && field->title)
            column->title = field->title;
        if (!field->role)
            continue;
        const mpl_method *role;
        MPL_TRY(mpl__within(err, mpl__method_get(mpl_role_method, "role", field->role, &role, err), "%s", t->name));
        *gives = true;
        if (column && !column->role && !taken[role - roles]) {
            column->role = role->id;
            taken[role - roles] = true;
        }
    }
    return MPL_OK;
}

mpl_status mpl__roles_assign(mpl__table *t, mpl_error *err)
{
    bool by_schema = false;
    if (t->options->columns)
        MPL_TRY(assign_map(t, t->options->columns, err));
    if (t->schema)
        MPL_TRY(assign_schema(t, &by_schema, err));
    return by_schema ? MPL_OK : assign_names(t, err);
}
