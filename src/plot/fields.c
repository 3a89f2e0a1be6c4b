/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text columns; see fields.h. */
#include "plot/fields.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"

enum { MOST_CELLS = 6, MOST_DECIMALS = 3 };

/* A column of a shape: of arm 1 or 2, or of neither; `b` makes it a ratio. */
typedef struct cell {
    int arm;
    const char *heading, *a, *b;
    bool b_is_rest, additive;
} cell;

/* What is shown for studies that report so. The first of those that most studies fill is taken. */
static const struct shape {
    const char *roles;
    const char *arm; /* what arms are called without a name */
    cell cells[MOST_CELLS];
} shapes[] = {
    { "ai n1i ci n2i", "Group", { { 1, "Events/N", "ai", "n1i", false, true },
                                  { 2, "Events/N", "ci", "n2i", false, true } } },
    { "ai bi ci di", "Group", { { 1, "Events/N", "ai", "bi", true, true },
                                { 2, "Events/N", "ci", "di", true, true } } },
    { "m1i sd1i n1i m2i sd2i n2i", "Group",
      { { 1, "N", "n1i", NULL, false, true }, { 1, "Mean", "m1i", NULL, false, false },
        { 1, "SD", "sd1i", NULL, false, false }, { 2, "N", "n2i", NULL, false, true },
        { 2, "Mean", "m2i", NULL, false, false }, { 2, "SD", "sd2i", NULL, false, false } } },
    { "m1i m2i ni", "Occasion", /* sd1i need not be of the occasion of m1i: see roles.def */
      { { 0, "N", "ni", NULL, false, true }, { 1, "Mean", "m1i", NULL, false, false },
        { 2, "Mean", "m2i", NULL, false, false } } },
    { "mi sdi ni", NULL, { { 0, "N", "ni", NULL, false, true }, { 0, "Mean", "mi", NULL, false, false },
                           { 0, "SD", "sdi", NULL, false, false } } },
    { "x1i t1i x2i t2i", "Group", { { 1, "Events/time", "x1i", "t1i", false, true },
                                    { 2, "Events/time", "x2i", "t2i", false, true } } },
    { "xi ni", NULL, { { 0, "Events/N", "xi", "ni", false, true } } },
    { "xi ti", NULL, { { 0, "Events/time", "xi", "ti", false, true } } },
    { "n1i n2i", "Group", { { 1, "N", "n1i", NULL, false, true }, { 2, "N", "n2i", NULL, false, true } } },
};

typedef struct builder {
    const mpl_analysis *analysis;
    const mpl_plot_options *options;
    mpl__arena *keep;
    mpl__field *fields;
    size_t n;
    bool failed;
} builder;

/* Columns by role only: a column named "ci" need not be events in group 2. */
static const mpl_column *by_role(const mpl_dataset *data, const char *role, size_t length)
{
    for (size_t j = 0; j < data->n_columns; j++) {
        const char *const has = data->columns[j].role;
        if (has && strlen(has) == length && strncmp(has, role, length) == 0)
            return data->columns[j].is_number ? &data->columns[j] : NULL;
    }
    return NULL;
}

/* Studies whose row fills all roles, which the measure must be able to use. */
static size_t filled(const mpl_analysis *an, const char *roles)
{
    const mpl_effects *const es = an->effects;
    const mpl_column *columns[MOST_CELLS];
    size_t n_columns = 0, length;
    for (const char *p = roles, *word; (word = mpl__next_word(&p, &length));) {
        const mpl_column *const c = by_role(an->data, word, length);
        bool used = false;
        for (size_t r = 0; c && r < es->measure->n_routes; r++)
            used = used || mpl__has_word(es->measure->routes[r].inputs, c->role);
        if (!used)
            return 0;
        columns[n_columns++] = c;
    }
    size_t n = 0;
    for (size_t i = 0; i < es->k; i++) {
        size_t have = 0;
        while (have < n_columns && !isnan(columns[have]->number[es->index[i]]))
            have++;
        n += have == n_columns;
    }
    return n;
}

/* Decimals as written, the most that any cell has, so that they stand under one another. */
static int decimals_of(const mpl_column *column, size_t n_rows)
{
    int most = 0;
    for (size_t i = 0; column->is_number && i < n_rows; i++) {
        const char *const dot = column->text[i] ? strpbrk(column->text[i], ".,") : NULL;
        const int digits = dot ? (int)strspn(dot + 1, "0123456789") : 0;
        most = digits > most ? digits : most;
    }
    return most > MOST_DECIMALS ? MOST_DECIMALS : most;
}

static mpl__field *add(builder *b, mpl__field_kind kind, const char *key, const char *heading)
{
    mpl__field *const f = &b->fields[b->n++];
    f->kind = kind;
    f->column.key = mpl__plot_text(b->keep, key);
    f->column.heading = mpl__plot_text(b->keep, heading);
    f->column.align_right = kind != MPL__FIELD_STUDY;
    f->column.n_parts = 1;
    b->failed = b->failed || !f->column.key || !f->column.heading;
    return f;
}

/* "A,B" of the option arms, else of the dataset, else "Group 1". */
static const char *arm_name(builder *b, const struct shape *shape, int arm)
{
    const char *const known = b->analysis->effects->info ? b->analysis->effects->info->arms : NULL;
    const char *const names = b->options->forest.arms ? b->options->forest.arms : known;
    const char *const comma = names ? strchr(names, ',') : NULL;
    const char *const name = !names       ? mpl__arena_format(b->keep, "%s %d", shape->arm, arm)
                             : !comma     ? names
                             : arm == 2   ? comma + 1
                                          : mpl__arena_copyn(b->keep, names, (size_t)(comma - names));
    const char *const shown = name ? mpl__plot_text(b->keep, name) : NULL;
    b->failed = b->failed || !shown;
    return shown;
}

static void add_cell(builder *b, const struct shape *shape, const cell *c)
{
    const mpl_dataset *const data = b->analysis->data;
    const mpl_column *const column = by_role(data, c->a, strlen(c->a));
    mpl__field *const f = add(b, c->b ? MPL__FIELD_RATIO : MPL__FIELD_CELL, column->name, c->heading);
    f->column.group = c->arm ? arm_name(b, shape, c->arm) : NULL;
    f->a = column;
    f->b = c->b ? by_role(data, c->b, strlen(c->b)) : NULL;
    f->b_is_rest = c->b_is_rest;
    f->additive = c->additive;
    f->decimals = decimals_of(column, data->n_rows);
}

/* The raw data that most studies report, or their sizes where these are known. */
static void add_data(builder *b)
{
    const mpl_analysis *const an = b->analysis;
    size_t best = 0, best_n = 0;
    for (size_t s = 0; an->data && s < sizeof shapes / sizeof *shapes; s++) {
        const size_t n = filled(an, shapes[s].roles);
        if (n > best_n) {
            best = s;
            best_n = n;
        }
    }
    if (best_n) {
        for (size_t c = 0; c < MOST_CELLS && shapes[best].cells[c].a; c++)
            add_cell(b, &shapes[best], &shapes[best].cells[c]);
        return;
    }
    size_t known = 0;
    for (size_t i = 0; i < an->effects->k; i++)
        known += isnan(an->effects->ni[i]) ? 0 : 1;
    if (known) {
        mpl__field *const f = add(b, MPL__FIELD_SIZE, "ni", "N");
        f->additive = true;
    }
}

/* "Risk ratio [95% CI]"; the measure's id where its name is long. */
static void add_estimate(builder *b)
{
    const mpl_measure *const m = b->analysis->effects->measure;
    char level[350];
    mpl__number_significant(100 * b->analysis->fit->level, 6, level);
    const char *const name = m->label && strlen(m->label) <= 16 ? m->label : m->method.id;
    const char *const heading = mpl__arena_format(b->keep, "%s [%s%% CI]", name, level);
    mpl__field *const f = add(b, MPL__FIELD_ESTIMATE, "estimate", heading ? heading : "");
    b->failed = b->failed || !heading;
    f->column.n_parts = 3;
}

/* "cell_source" becomes "Cell source". */
static void make_heading(char *name)
{
    if (*name >= 'a' && *name <= 'z')
        *name = (char)(*name - 'a' + 'A');
    for (; *name; name++)
        if (*name == '_')
            *name = ' ';
}

static mpl_status add_column(builder *b, const char *name, mpl_error *err)
{
    const mpl_dataset *const data = b->analysis->data;
    const mpl_column *column;
    if (!data)
        return mpl__fail(err, MPL_ERR_ARG, "there is no dataset to take the column '%s' from", name);
    MPL_TRY(mpl_dataset_get(data, name, &column, err));
    char *const heading = mpl__arena_copy(b->keep, column->name);
    if (!heading)
        return mpl__fail_nomem(err, "the columns");
    const bool is_symbol = column->role && !strcmp(column->role, heading) && heading[strlen(heading) - 1] == 'i';
    if (!is_symbol) /* "n1i" stays what it is */
        make_heading(heading);
    mpl__field *const f = add(b, MPL__FIELD_CELL, column->name, heading);
    f->a = column;
    f->column.align_right = column->is_number;
    f->decimals = -1;
    return MPL_OK;
}

static mpl_status add_list(builder *b, const char *list, bool right, mpl_error *err)
{
    const size_t first = b->n;
    for (const char *p = list; *p;) {
        const size_t length = strcspn(p, ",");
        const char *const name = mpl__arena_copyn(b->keep, p, length);
        if (!name)
            return mpl__fail_nomem(err, "the columns");
        if (strcmp(name, "data") == 0)
            add_data(b);
        else if (strcmp(name, "estimate") == 0)
            add_estimate(b);
        else if (strcmp(name, "weight") == 0)
            add(b, MPL__FIELD_WEIGHT, "weight", "Weight, %");
        else if (*name && strcmp(name, "none") != 0)
            MPL_TRY(add_column(b, name, err));
        p += length + (p[length] == ',');
    }
    for (size_t i = first; i < b->n; i++)
        b->fields[i].column.right_of_marks = right;
    return MPL_OK;
}

static size_t room(const char *list)
{
    size_t n = MOST_CELLS;
    for (; *list; list++)
        n += *list == ',' ? MOST_CELLS : 0;
    return n;
}

mpl_status mpl__fields_choose(const mpl_analysis *analysis, const mpl_plot_options *options, mpl__arena *keep,
                              mpl__field **out, size_t *n, mpl_error *err)
{
    builder b = { .analysis = analysis, .options = options, .keep = keep };
    const char *const left = options->forest.left ? options->forest.left : "data";
    const char *const right = options->forest.right ? options->forest.right : "estimate,weight";
    b.fields = MPL_NEW(keep, mpl__field, 1 + room(left) + room(right));
    if (!b.fields)
        return mpl__fail_nomem(err, "the columns");
    add(&b, MPL__FIELD_STUDY, "study", "Study");
    MPL_TRY(add_list(&b, left, false, err));
    MPL_TRY(add_list(&b, right, true, err));
    if (b.failed)
        return mpl__fail_nomem(err, "the columns");
    *out = b.fields;
    *n = b.n;
    return MPL_OK;
}

static const char *number(mpl__arena *keep, double x, int decimals)
{
    return mpl__plot_number(keep, x, (size_t)(decimals < 0 ? 0 : decimals));
}

static const char *ratio(mpl__arena *keep, double a, double b)
{
    const int decimals = b < 1e7 && b != floor(b) ? 1 : 0;
    const char *const above = number(keep, a, a != floor(a)), *const below = number(keep, b, decimals);
    return above && below ? mpl__arena_format(keep, "%s/%s", above, below) : NULL;
}

const char *mpl__field_cell(const mpl__field *field, size_t row, mpl__arena *keep)
{
    if (!field->a->text[row])
        return "";
    if (field->kind == MPL__FIELD_RATIO) {
        const double a = field->a->number[row], b = field->b->number[row];
        return isnan(a) || isnan(b) ? "" : ratio(keep, a, field->b_is_rest ? a + b : b);
    }
    if (field->decimals < 0)
        return mpl__plot_text(keep, field->a->text[row]);
    return number(keep, field->a->number[row], field->decimals);
}

const char *mpl__field_total(const mpl__field *field, const mpl_effects *effects, const size_t *index, size_t n,
                             mpl__arena *keep)
{
    double a = 0, b = 0;
    if (!field->additive || n == 0)
        return "";
    for (size_t i = 0; i < n; i++) {
        const size_t row = effects->index[index[i]];
        a += field->kind == MPL__FIELD_SIZE ? effects->ni[index[i]] : field->a->number[row];
        b += field->kind == MPL__FIELD_RATIO ? field->b->number[row] : 0;
    }
    if (isnan(a) || isnan(b))
        return "";
    if (field->kind == MPL__FIELD_RATIO)
        return ratio(keep, a, field->b_is_rest ? a + b : b);
    return number(keep, a, field->decimals);
}
