/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON: an array of records, an object of columns, a Table Schema data resource, or a report with "studies" or
 * "rows". The scan has checked every byte; cJSON builds the tree. Its global error pointer is why parsing holds a lock.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "base/error.h"
#include "data/json_scan.h"
#include "data/names.h"
#include "data/table.h"

enum { FEW_KEYS = 16, MAX_CELLS = 50000000 };

typedef struct json {
    mpl__table *table;
    const char *bytes;
    const mpl__json_scan *scan;
    mpl_error *err;
} json;

/* At an object or array. */
static mpl_status fail_at(const json *j, const cJSON *container, const char *what)
{
    return mpl__json_fail(j->bytes, j->scan->places[container->valueint], j->table->name, what, j->err);
}

/* The same; the one %s of the format becomes a key, cut. */
static mpl_status fail_key(const json *j, const cJSON *container, const char *fmt, const char *key)
{
    char text[2 * MPL_SHOWN_SIZE], cut[MPL_SHOWN_SIZE];
    snprintf(text, sizeof text, fmt, mpl_text_to_shown(key, cut));
    return fail_at(j, container, text);
}

static bool is_container(const cJSON *item)
{
    return cJSON_IsObject(item) || cJSON_IsArray(item);
}

static size_t n_members(const cJSON *container)
{
    size_t n = 0;
    for (const cJSON *m = container->child; m; m = m->next)
        n++;
    return n;
}

static mpl_status check_many_keys(const json *j, const cJSON *object, size_t n, const char **twice)
{
    mpl__name *const names = mpl__realloc(NULL, n, sizeof *names);
    size_t i = 0, first, second;
    if (!names)
        return mpl__fail_nomem(j->err, "JSON");
    for (const cJSON *m = object->child; m; m = m->next, i++)
        names[i] = (mpl__name){ m->string, i };
    mpl__names_sort(names, n);
    if (mpl__names_duplicate(names, n, &first, &second))
        for (i = 0; i < n; i++)
            *twice = names[i].index == second ? names[i].name : *twice;
    mpl__free(names);
    return MPL_OK;
}

static mpl_status check_keys(const json *j, const cJSON *object)
{
    const size_t n = n_members(object);
    const char *twice = NULL;
    if (n > FEW_KEYS)
        MPL_TRY(check_many_keys(j, object, n, &twice));
    for (const cJSON *m = object->child; n <= FEW_KEYS && m; m = m->next)
        for (const cJSON *o = object->child; o != m; o = o->next)
            if (!strcmp(m->string, o->string))
                twice = m->string;
    return twice ? fail_key(j, object, "the key '%s' appears twice in the object that begins here", twice) : MPL_OK;
}

/* Numbers the containers in document order, in a member that matters for numbers only, and checks keys. */
static mpl_status number_containers(const json *j, cJSON *item, int *n)
{
    if (!is_container(item))
        return MPL_OK;
    item->valueint = (*n)++;
    if (cJSON_IsObject(item))
        MPL_TRY(check_keys(j, item));
    for (cJSON *m = item->child; m; m = m->next)
        MPL_TRY(number_containers(j, m, n));
    return MPL_OK;
}

/* A text value without its tag; NULL for anything else. */
static const char *text_of(const cJSON *item)
{
    return cJSON_IsString(item) && item->valuestring[0] == 's' ? item->valuestring + 1 : NULL;
}

/* The cell of a value, trimmed, in keep. `key` is for the message. */
static mpl_status read_cell(const json *j, const cJSON *item, const char *key, const char **out)
{
    *out = NULL;
    if (cJSON_IsNull(item))
        return MPL_OK;
    if (is_container(item))
        return fail_key(j, item, "'%s' is an object or array; a number, a text or null was expected", key);
    const char *s = cJSON_IsString(item) ? item->valuestring + 1 : cJSON_IsTrue(item) ? "true" : "false";
    s += strspn(s, " \t");
    size_t n = strlen(s);
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        n--;
    *out = mpl__arena_copyn(j->table->keep, s, n);
    return *out ? MPL_OK : mpl__fail_nomem(j->err, "JSON");
}

static mpl_status allot(const json *j, const cJSON *at, size_t n_columns, size_t n_rows)
{
    if (n_columns > MPL__MAX_COLUMNS)
        return mpl__fail(j->err, MPL_ERR_LIMIT, "%s: more than %d columns", j->table->name, MPL__MAX_COLUMNS);
    if (n_columns && n_rows > MAX_CELLS / n_columns)
        return mpl__fail(j->err, MPL_ERR_LIMIT, "%s: more than %d cells", j->table->name, MAX_CELLS);
    if (n_columns == 0)
        return fail_at(j, at, "no columns");
    j->table->columns = MPL_NEW(j->table->keep, mpl_column, n_columns);
    if (!j->table->columns)
        return mpl__fail_nomem(j->err, "columns");
    return mpl__table_allot(j->table, n_columns, n_rows, j->err);
}

static mpl_status name_column(const json *j, const cJSON *at, size_t c, const char *name)
{
    size_t n = strlen(name += strspn(name, " \t"));
    while (n && (name[n - 1] == ' ' || name[n - 1] == '\t'))
        n--;
    if (n == 0)
        return fail_at(j, at, "a column without a name");
    j->table->columns[c].name = mpl__arena_copyn(j->table->keep, name, n);
    return j->table->columns[c].name ? MPL_OK : mpl__fail_nomem(j->err, "columns");
}

/* Line of each row from the places of its container: one walk over the text. */
static void number_rows(const json *j, const cJSON *first)
{
    size_t line = 1, at = 0, row = 0;
    for (const cJSON *r = first; r; r = r->next, row++) {
        for (const size_t place = j->scan->places[r->valueint]; at < place; at++)
            line += j->bytes[at] == '\n' || (j->bytes[at] == '\r' && j->bytes[at + 1] != '\n');
        j->table->row[row] = row + 1;
        j->table->line[row] = line;
    }
}

/* All keys of all records, in order of appearance: those of the first record, then the ones out of its order. */
typedef struct keys {
    mpl__name *names; /* after settle(): sorted and unique, index = column */
    size_t n, capacity;
} keys;

static bool keys_add(keys *k, const char *name)
{
    if (k->n == k->capacity) {
        const size_t capacity = k->capacity ? 2 * k->capacity : 64;
        mpl__name *const grown = mpl__realloc(k->names, capacity, sizeof *grown);
        if (!grown)
            return false;
        k->names = grown;
        k->capacity = capacity;
    }
    k->names[k->n] = (mpl__name){ name, k->n };
    k->n++;
    return true;
}

static bool keys_collect(keys *k, const cJSON *array)
{
    size_t n_first = 0;
    for (const cJSON *r = array->child; r; r = r->next) {
        size_t i = 0;
        for (const cJSON *m = r->child; m; m = m->next, i++) {
            const bool expected = i < n_first && !strcmp(k->names[i].name, m->string);
            if (!expected && !keys_add(k, m->string))
                return false;
        }
        if (r == array->child)
            n_first = k->n;
    }
    return true;
}

/* Sorts, keeps the first of equals, and numbers the rest in order of appearance. */
static bool keys_settle(keys *k)
{
    size_t *const column = mpl__realloc(NULL, k->n, sizeof *column), unique = 0, next = 0;
    if (!column)
        return false;
    memset(column, 0, k->n * sizeof *column);
    mpl__names_sort(k->names, k->n);
    for (size_t i = 0; i < k->n; i++)
        if (i == 0 || strcmp(k->names[unique - 1].name, k->names[i].name)) {
            k->names[unique++] = k->names[i];
            column[k->names[i].index] = 1;
        }
    for (size_t i = 0; i < k->n; i++)
        if (column[i])
            column[i] = next++;
    k->n = unique;
    for (size_t i = 0; i < k->n; i++)
        k->names[i].index = column[k->names[i].index];
    mpl__free(column);
    return true;
}

static mpl_status fill_records(const json *j, const cJSON *array, const keys *k)
{
    mpl__table *const t = j->table;
    size_t row = 0;
    for (const cJSON *r = array->child; r; r = r->next, row++) {
        size_t i = 0;
        for (const cJSON *m = r->child; m; m = m->next, i++) {
            const bool expected = i < t->n_columns && !strcmp(t->columns[i].name, m->string);
            const size_t c = expected ? i : mpl__names_find(k->names, k->n, m->string)->index;
            MPL_TRY(read_cell(j, m, m->string, &t->cells[c][row]));
        }
    }
    number_rows(j, array->child);
    return MPL_OK;
}

static mpl_status read_records(const json *j, const cJSON *array)
{
    keys k = { 0 };
    mpl_status s = keys_collect(&k, array) && keys_settle(&k) ? MPL_OK : mpl__fail_nomem(j->err, "JSON");
    if (s == MPL_OK)
        s = allot(j, array, k.n, n_members(array));
    for (size_t i = 0; s == MPL_OK && i < k.n; i++)
        s = name_column(j, array, k.names[i].index, k.names[i].name);
    if (s == MPL_OK)
        s = fill_records(j, array, &k);
    mpl__free(k.names);
    return s;
}

/* Names in the first row, cells in the others. */
static mpl_status read_lists(const json *j, const cJSON *array)
{
    const cJSON *const header = array->child;
    mpl__table *const t = j->table;
    const bool headless = t->options->matrix && header->child && !text_of(header->child);
    const cJSON *const first = headless ? header : header->next;
    size_t c = 0, row = 0;
    MPL_TRY(allot(j, array, n_members(header), n_members(array) - !headless));
    for (const cJSON *m = header->child; m; m = m->next, c++) {
        const char *const name = headless ? mpl__arena_format(t->keep, "column %zu", c + 1) : text_of(m);
        if (!name)
            return headless ? mpl__fail_nomem(j->err, "JSON")
                            : fail_at(j, header, "the first row must hold the column names");
        MPL_TRY(name_column(j, header, c, name));
    }
    for (const cJSON *r = first; r; r = r->next, row++) {
        if (n_members(r) != t->n_columns)
            return fail_at(j, r, "this row and the first one differ in length");
        c = 0;
        for (const cJSON *m = r->child; m; m = m->next, c++)
            MPL_TRY(read_cell(j, m, t->columns[c].name, &t->cells[c][row]));
    }
    number_rows(j, first);
    return MPL_OK;
}

static mpl_status read_rows(const json *j, const cJSON *array)
{
    const cJSON *const first = array->child;
    if (!first)
        return fail_at(j, array, "an empty array; records were expected");
    for (const cJSON *r = first; r; r = r->next)
        if (!is_container(r) || cJSON_IsArray(r) != cJSON_IsArray(first))
            return fail_at(j, array, "the items of this array must all be objects, or all arrays");
    return cJSON_IsObject(first) ? read_records(j, array) : read_lists(j, array);
}

static mpl_status read_columns(const json *j, const cJSON *object)
{
    mpl__table *const t = j->table;
    const cJSON *const first = object->child;
    for (const cJSON *m = first; m; m = m->next) {
        if (!cJSON_IsArray(m))
            return fail_key(j, object, "'%s' is not an array; records, columns or \"data\" were expected", m->string);
        if (n_members(m) != n_members(first))
            return fail_key(j, m, "column '%s' and the first one differ in length", m->string);
    }
    MPL_TRY(allot(j, object, n_members(object), first ? n_members(first) : 0));
    size_t c = 0;
    for (const cJSON *m = first; m; m = m->next, c++) {
        size_t row = 0;
        MPL_TRY(name_column(j, m, c, m->string));
        for (const cJSON *item = m->child; item; item = item->next, row++)
            MPL_TRY(read_cell(j, item, m->string, &t->cells[c][row]));
    }
    for (size_t row = 0; row < t->n_rows; row++)
        t->row[row] = row + 1;
    return MPL_OK;
}

static const cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* NULL if there is no such text; if there is no memory for it, *ok becomes false. */
static const char *get_text(const json *j, const cJSON *object, const char *key, bool *ok)
{
    const char *const text = text_of(get(object, key));
    const char *const copy = mpl__arena_copy(j->table->keep, text);
    *ok = *ok && (copy || !text);
    return copy;
}

/* The texts of an array, NULL-terminated, in keep; NULL if out of memory. */
static const char *const *get_texts(const json *j, const cJSON *array, size_t *n)
{
    const char **const list = MPL_NEW(j->table->keep, const char *, n_members(array) + 1);
    *n = 0;
    for (const cJSON *m = array->child; list && m; m = m->next) {
        if (text_of(m) && !(list[*n] = mpl__arena_copy(j->table->keep, text_of(m))))
            return NULL;
        *n += text_of(m) != NULL;
    }
    return list;
}

static bool read_fields(const json *j, const cJSON *fields, mpl__schema *schema)
{
    bool ok = true;
    mpl__schema_field *const list = MPL_NEW(j->table->keep, mpl__schema_field, n_members(fields));
    for (const cJSON *m = fields->child; list && m; m = m->next) {
        const char *const name = get_text(j, m, "name", &ok);
        if (name)
            list[schema->n_fields++] =
                (mpl__schema_field){ name, get_text(j, m, "role", &ok), get_text(j, m, "title", &ok) };
    }
    schema->fields = list;
    return list && ok;
}

/* Frictionless metadata of a resource; texts only, anything else is as if it were not there. */
static mpl_status read_schema(const json *j, const cJSON *resource)
{
    mpl__schema *const schema = MPL_NEW(j->table->keep, mpl__schema, 1);
    if (!schema)
        return mpl__fail_nomem(j->err, "the schema");
    const cJSON *const source = cJSON_GetArrayItem(get(resource, "sources"), 0);
    const cJSON *const licence = cJSON_GetArrayItem(get(resource, "licenses"), 0);
    const cJSON *const described = get(resource, "schema"), *const warnings = get(resource, "warnings");
    bool ok = true;
    schema->info = (mpl_dataset_info){
        .id = get_text(j, resource, "name", &ok), .title = get_text(j, resource, "title", &ok),
        .kind = get_text(j, resource, "kind", &ok), .source = get_text(j, source, "title", &ok),
        .doi = get_text(j, source, "path", &ok), .licence = get_text(j, licence, "name", &ok),
        .about = get_text(j, resource, "description", &ok), .measure = get_text(j, resource, "measure", &ok),
        .arms = get_text(j, resource, "arms", &ok),
    };
    size_t n;
    if (ok && cJSON_IsArray(warnings))
        ok = (schema->info.warnings = get_texts(j, warnings, &schema->info.n_warnings)) != NULL;
    if (ok && cJSON_IsArray(get(described, "missingValues")))
        ok = (schema->missing = get_texts(j, get(described, "missingValues"), &n)) != NULL;
    if (ok && cJSON_IsArray(get(described, "fields")))
        ok = read_fields(j, get(described, "fields"), schema);
    j->table->schema = schema;
    return ok ? MPL_OK : mpl__fail_nomem(j->err, "the schema");
}

/* Keys that differ by blanks around them are one name. */
static mpl_status check_names(const json *j)
{
    const mpl__table *const t = j->table;
    const mpl__name *const names = mpl__names_new(t->scratch, t->columns, t->n_columns);
    size_t first, second;
    char x[MPL_SHOWN_SIZE];
    if (!names)
        return mpl__fail_nomem(j->err, "column names");
    if (t->options->matrix || !mpl__names_duplicate(names, t->n_columns, &first, &second))
        return MPL_OK;
    return mpl__fail(j->err, MPL_ERR_PARSE, "%s: column '%s' appears twice (%zu and %zu)", t->name,
                     mpl_text_to_shown(t->columns[first].name, x), first + 1, second + 1);
}

static mpl_status read_document(const json *j, const cJSON *root)
{
    if (cJSON_IsArray(root))
        return read_rows(j, root);
    if (!cJSON_IsObject(root))
        return mpl__fail(j->err, MPL_ERR_PARSE, "%s: neither an array nor an object", j->table->name);
    const cJSON *const studies = get(root, "studies"), *const rows = get(root, "rows"), *const data = get(root, "data");
    if (j->table->options->matrix && cJSON_IsArray(get(root, "V")))
        return read_rows(j, get(root, "V"));
    if (cJSON_IsArray(studies) && is_container(studies->child))
        return read_rows(j, studies);
    if (get(root, "schema") && get(root, "command") && cJSON_IsArray(rows))
        return read_rows(j, rows);
    if (get(root, "resources"))
        return fail_at(j, root, "a data package; give one of its data files");
    if (is_container(data)) {
        MPL_TRY(read_schema(j, root));
        return cJSON_IsArray(data) ? read_rows(j, data) : read_columns(j, data);
    }
    if (get(root, "schema") && get(root, "path"))
        return fail_at(j, root, "a resource without \"data\"; give the file that its \"path\" names");
    return read_columns(j, root);
}

static cJSON *parse(const mpl__text *text)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    cJSON *const root = cJSON_ParseWithLengthOpts(text->data, text->size + 1, NULL, true);
    pthread_mutex_unlock(&lock);
    return root;
}

mpl_status mpl__json_read(char *bytes, size_t size, mpl__table *t, mpl_error *err)
{
    mpl__json_scan scan = { .places = NULL };
    const json j = { .table = t, .bytes = bytes, .scan = &scan, .err = err };
    bytes[size] = '\0';
    t->decimal = '.';
    mpl_status s = mpl__json_scan_new(bytes, size, t->name, &scan, err);
    if (s == MPL_OK) {
        cJSON *const root = parse(&scan.tagged);
        int n = 0;
        s = root ? number_containers(&j, root, &n) : mpl__fail_nomem(err, "JSON");
        if (s == MPL_OK)
            s = read_document(&j, root);
        if (s == MPL_OK)
            s = check_names(&j);
        cJSON_Delete(root);
    }
    mpl__json_scan_free(&scan);
    return s;
}
