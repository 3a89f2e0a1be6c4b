/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which text columns there are; see fields.h. What they show is in fields_cell.c. */
#include "plot/fields.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"
#include "data/role.h"
#include "model/tau2_impl.h"
#include "plot/lights.h"

enum { MOST_CELLS = 6, MOST_DECIMALS = 3, MOST_HEADING = 16 };

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

/* Which columns go first where a figure must be narrow: from the right what is computed, then single columns of the
 * dataset, then all raw data, then all judgements. Estimates stay. */
enum { SPARE_LIGHTS = 1, SPARE_DATA = 2, SPARE_COLUMN = 100, SPARE_COMPUTED = 10000 };

typedef struct builder {
    const mpl_analysis *analysis;
    const mpl_plot_options *options;
    const mpl__look *look;
    const mpl__thousands *thousands;
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

/* One column; of a ratio, both parts or one. */
static void add_cell(builder *b, const struct shape *shape, const cell *c, mpl__part part)
{
    const mpl_dataset *const data = b->analysis->data;
    const mpl_column *const column = by_role(data, c->a, strlen(c->a));
    const char *const slash = strchr(c->heading, '/');
    const char *const name = part == MPL__PART_B ? c->b : column->name;
    const char *heading = c->heading;
    if (part == MPL__PART_A && slash)
        heading = mpl__arena_copyn(b->keep, heading, (size_t)(slash - heading));
    else if (part == MPL__PART_B)
        heading = slash[1] == 'N' ? "Total" : "Time";
    mpl__field *const f = add(b, c->b ? MPL__FIELD_RATIO : MPL__FIELD_CELL, name, heading ? heading : "");
    b->failed = b->failed || !heading;
    f->column.group = c->arm ? arm_name(b, shape, c->arm) : NULL;
    f->a = column;
    f->b = c->b ? by_role(data, c->b, strlen(c->b)) : NULL;
    f->part = part;
    f->column.spare = SPARE_DATA;
    f->b_is_rest = c->b_is_rest;
    f->additive = c->additive;
    if (c->additive)
        f->thousands = b->thousands;
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
        for (size_t c = 0; c < MOST_CELLS && shapes[best].cells[c].a; c++) {
            const bool split = b->look->split && shapes[best].cells[c].b;
            add_cell(b, &shapes[best], &shapes[best].cells[c], split ? MPL__PART_A : MPL__PART_BOTH);
            if (split)
                add_cell(b, &shapes[best], &shapes[best].cells[c], MPL__PART_B);
        }
        return;
    }
    size_t known = 0;
    for (size_t i = 0; i < an->effects->k; i++)
        known += isnan(an->effects->ni[i]) ? 0 : 1;
    if (known) {
        mpl__field *const f = add(b, MPL__FIELD_SIZE, "ni", "N");
        f->additive = true;
        f->thousands = b->thousands;
        f->column.spare = SPARE_DATA;
    }
}

const char *mpl__fields_pooling(const mpl_fit *fit)
{
    const mpl__method_def *def;
    if (mpl__method_find(fit->method->id, &def, NULL) != MPL_OK)
        return "IV, Random";
    return def->weighting ? def->weighting : def->is_common ? "IV, Fixed" : "IV, Random";
}

/* A pattern of the layout; the measure's id where its name is long. */
static const char *heading(builder *b, const char *pattern)
{
    const mpl_measure *const m = b->analysis->effects->measure;
    char level[350];
    mpl__number_significant(100 * b->analysis->fit->level, 6, level);
    const mpl__slot slots[] = {
        { "measure", 0, m->label && strlen(m->label) <= MOST_HEADING ? m->label : m->method.id },
        { "pooling", 0, mpl__fields_pooling(b->analysis->fit) }, { "level", 0, level }, { NULL, 0, NULL }
    };
    const char *const text = pattern ? mpl__look_fill(b->look, pattern, slots, b->keep) : NULL;
    b->failed = b->failed || (pattern && !text);
    return text;
}

/* What is computed: the name in lists of columns, and its heading. Decimals 0 = those of effects. */
static const struct computed {
    const char *name;
    mpl__field_kind kind;
    const char *heading;
    int decimals;
} computed[] = {
    { "estimate", MPL__FIELD_ESTIMATE, NULL, 0 }, { "effect", MPL__FIELD_EFFECT, "{measure}", 0 },
    { "interval", MPL__FIELD_CI, "{level}% CI", 0 }, { "se", MPL__FIELD_SE, "SE", 0 },
    { "p", MPL__FIELD_PVALUE, NULL, 0 },          { "weight", MPL__FIELD_WEIGHT, NULL, 1 },
    { "tau2", MPL__FIELD_TAU2, "τ²", 4 },         { "i2", MPL__FIELD_I2, "I², %", 1 },
    { "k", MPL__FIELD_K, "k", -1 },
};

static const struct computed *find_computed(const char *name)
{
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
        if (strcmp(computed[i].name, name) == 0)
            return &computed[i];
    return NULL;
}

static void add_computed(builder *b, const struct computed *c)
{
    const mpl__look *const look = b->look;
    const char *const pattern = c->kind == MPL__FIELD_ESTIMATE ? look->estimate
                                : c->kind == MPL__FIELD_WEIGHT ? look->weight
                                : c->kind == MPL__FIELD_PVALUE ? look->p.letter
                                                               : c->heading;
    const char *const text = heading(b, pattern);
    mpl__field *const f = add(b, c->kind, c->name, text ? text : "");
    f->decimals = c->decimals ? c->decimals : (int)b->options->forest.digits;
    if (c->kind == MPL__FIELD_K)
        f->thousands = b->thousands;
    if (c->kind != MPL__FIELD_ESTIMATE && c->kind != MPL__FIELD_EFFECT && c->kind != MPL__FIELD_CI)
        f->column.spare = SPARE_COMPUTED + b->n;
    if (c->kind == MPL__FIELD_ESTIMATE)
        f->column.group = heading(b, look->above);
    if (c->kind == MPL__FIELD_ESTIMATE || c->kind == MPL__FIELD_CI) {
        f->column.n_parts += c->kind == MPL__FIELD_ESTIMATE;
        for (const char *s = look->between; *s; s++)
            f->column.n_parts += *s == ' ';
    }
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
    if (mpl__light_is_column(column, data->n_rows)) {
        const char *const number = mpl__arena_format(b->keep, "D%zu", mpl__fields_lights(b->fields, b->n) + 1);
        mpl__field *const f = add(b, MPL__FIELD_LIGHT, column->name, number ? number : "");
        f->a = column;
        f->column.group = "Risk of bias";
        f->column.spare = SPARE_LIGHTS;
        f->column.is_judgement = true;
        f->column.align_right = false;
        return number ? MPL_OK : mpl__fail_nomem(err, "the columns");
    }
    char *const text = mpl__arena_copy(b->keep, column->name);
    if (!text)
        return mpl__fail_nomem(err, "the columns");
    const bool is_symbol = column->role && !strcmp(column->role, text) && text[strlen(text) - 1] == 'i';
    if (!is_symbol) /* "n1i" stays what it is */
        make_heading(text);
    mpl__field *const f = add(b, MPL__FIELD_CELL, column->name, text);
    f->a = column;
    if (mpl__role_is_count(column->role))
        f->thousands = b->thousands;
    f->column.spare = SPARE_COLUMN + b->n;
    f->column.align_right = column->is_number;
    f->decimals = -1;
    return MPL_OK;
}

/* All columns with judgements. */
static mpl_status add_lights(builder *b, mpl_error *err)
{
    const mpl_dataset *const data = b->analysis->data;
    const size_t before = b->n;
    for (size_t j = 0; data && j < data->n_columns && b->n - before < MPL__MOST_LIGHTS; j++)
        if (mpl__light_is_column(&data->columns[j], data->n_rows))
            MPL_TRY(add_column(b, data->columns[j].name, err));
    return b->n > before ? MPL_OK
                         : mpl__fail(err, MPL_ERR_NAME, "rob: no column has a name that begins with 'rob' and holds "
                                     "low, some concerns, unclear, high or +, ?, -");
}

/* One entry of a list: NAME, NAME:DECIMALS, NAME=HEADING or NAME:DECIMALS=HEADING. */
static mpl_status add_entry(builder *b, char *entry, mpl_error *err)
{
    const size_t first = b->n;
    char *const equals = strchr(entry, '=');
    if (equals)
        *equals = '\0';
    char *const colon = strrchr(entry, ':');
    const bool digits = colon && colon[1] >= '0' && colon[1] <= '9' && !colon[2];
    if (digits)
        *colon = '\0';
    if (strcmp(entry, "data") == 0)
        add_data(b);
    else if (strcmp(entry, "rob") == 0)
        MPL_TRY(add_lights(b, err));
    else if (find_computed(entry))
        add_computed(b, find_computed(entry));
    else if (*entry && strcmp(entry, "none") != 0)
        MPL_TRY(add_column(b, entry, err));
    for (size_t i = first; i < b->n && digits; i++)
        b->fields[i].decimals = colon[1] - '0';
    if (equals && b->n == first + 1) {
        b->fields[first].column.heading = mpl__plot_text(b->keep, equals + 1);
        b->failed = b->failed || !b->fields[first].column.heading;
    } else if (equals) {
        return mpl__fail(err, MPL_ERR_ARG, "'%s' is not one column, which a heading can be given to", entry);
    }
    return MPL_OK;
}

static mpl_status add_list(builder *b, const char *option, const char *list, bool right, mpl_error *err)
{
    const size_t first = b->n;
    for (const char *p = list; *p;) {
        const size_t length = strcspn(p, ",");
        char *const entry = mpl__arena_copyn(b->keep, p, length);
        if (!entry)
            return mpl__fail_nomem(err, "the columns");
        MPL_TRY(mpl__within(err, add_entry(b, entry, err), "--%s", option));
        p += length + (p[length] == ',');
    }
    for (size_t i = first; i < b->n; i++)
        b->fields[i].column.right_of_marks = right;
    return MPL_OK;
}

/* A field of raw data may be two columns for each cell, one of judgements as many as there are. */
static size_t room(const char *list)
{
    const size_t each = 2 * MOST_CELLS + MPL__MOST_LIGHTS;
    size_t n = each;
    for (; *list; list++)
        n += *list == ',' ? each : 0;
    return n;
}

mpl_status mpl__fields_choose(const mpl_analysis *analysis, const mpl_plot_options *options, const mpl__look *look,
                              const char *left, const char *right, mpl__arena *keep, mpl__field **out, size_t *n,
                              mpl_error *err)
{
    builder b = { .analysis = analysis, .options = options, .look = look, .keep = keep,
                  .thousands = mpl__thousands_find(options->thousands) };
    b.fields = MPL_NEW(keep, mpl__field, 1 + room(left) + room(right));
    if (!b.fields)
        return mpl__fail_nomem(err, "the columns");
    add(&b, MPL__FIELD_STUDY, "study", look->study);
    MPL_TRY(add_list(&b, "left", left, false, err));
    MPL_TRY(add_list(&b, "right", right, true, err));
    if (b.failed)
        return mpl__fail_nomem(err, "the columns");
    *out = b.fields;
    *n = b.n;
    return MPL_OK;
}
