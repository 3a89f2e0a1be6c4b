/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From columns of text to a dataset: missing values, numbers, roles, labels. */
#include "data/table.h"

#include <math.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/number.h"

mpl_status mpl__table_allot(mpl__table *t, size_t n_columns, size_t capacity, mpl_error *err)
{
    t->n_columns = n_columns;
    t->n_rows = capacity;
    t->cells = MPL_NEW(t->scratch, const char **, n_columns);
    t->row = MPL_NEW(t->keep, size_t, capacity);
    t->line = MPL_NEW(t->keep, size_t, capacity);
    bool ok = t->cells && t->row && t->line;
    for (size_t c = 0; ok && c < n_columns; c++)
        ok = (t->cells[c] = MPL_NEW(t->keep, const char *, capacity)) != NULL;
    return ok ? MPL_OK : mpl__fail_nomem(err, "the table");
}

static const char *const usual_missing[] = { "NA", "N/A", "#N/A", "NaN", "NULL", ".", NULL };

/* The spellings of --missing, else the schema's, else the usual ones. Empty is missing always. */
static const char *const *missing_list(mpl__table *t)
{
    const char *p = t->options->missing;
    if (!p)
        return t->schema && t->schema->missing ? t->schema->missing : usual_missing;
    size_t n = 2;
    for (const char *s = p; *s; s++)
        n += *s == ',';
    const char **const list = MPL_NEW(t->scratch, const char *, n);
    for (size_t i = 0; list; i++) {
        const size_t length = strcspn(p, ",");
        if (!(list[i] = mpl__arena_copyn(t->scratch, p, length)))
            return NULL;
        if (!p[length])
            break;
        p += length + 1;
    }
    return list;
}

/* Cells become missing ones and numbers, a block of rows of all columns at a time. */
typedef struct scan {
    mpl__table *t;
    const char *const *missing; /* spellings */
    bool is_first[256];         /* bytes that they begin with */
    bool marks, reads;          /* what is done now */
    double **number;            /* [columns] */
    struct found { size_t missing, tiny, first; bool is_other; } *found; /* [blocks * columns] see collect() */
} scan;

enum { SCAN_ROWS = 1 << 12 };

static void mark(const scan *s, const char **cell, size_t n, struct found *found)
{
    for (size_t row = 0; row < n; row++) {
        if (cell[row] && s->is_first[(unsigned char)*cell[row]]) {
            size_t i = 0;
            while (*cell[row] && s->missing[i] && strcmp(s->missing[i], cell[row]))
                i++;
            if (!*cell[row] || s->missing[i])
                cell[row] = NULL;
        }
        found->missing += cell[row] == NULL;
    }
}

static void read_cells(const scan *s, const char *const *cell, size_t n, double *number, struct found *found)
{
    for (size_t row = 0; row < n; row++) {
        number[row] = NAN;
        if (!cell[row])
            continue;
        const mpl__number_status got = mpl__number_read(cell[row], strlen(cell[row]), s->t->decimal, &number[row]);
        if (got == MPL__NUMBER_UNDERFLOW && !found->tiny++)
            found->first = row;
        if (got == MPL__NUMBER_NOT || got == MPL__NUMBER_OVERFLOW) {
            number[row] = NAN;
            found->is_other = true;
        }
    }
}

static mpl_status scan_block(void *ctx, size_t block, mpl_error *err)
{
    (void)err;
    const scan *const s = ctx;
    const size_t start = block * SCAN_ROWS, left = s->t->n_rows - start, n = left < SCAN_ROWS ? left : SCAN_ROWS;
    for (size_t c = 0; c < s->t->n_columns; c++) {
        struct found *const found = &s->found[block * s->t->n_columns + c];
        if (s->marks)
            mark(s, s->t->cells[c] + start, n, found);
        if (s->reads)
            read_cells(s, s->t->cells[c] + start, n, s->number[c] + start, found);
    }
    return MPL_OK;
}

/* A comma, if some number needs one and none needs a point. */
static char choose_decimal(mpl__table *t)
{
    bool comma = false;
    for (size_t c = 0; c < t->n_columns; c++)
        for (size_t row = 0; row < t->n_rows; row++) {
            const char *const cell = t->cells[c][row];
            const size_t n = cell ? strcspn(cell, ".,") : 0;
            double x;
            if (!cell || !cell[n])
                continue;
            if (mpl__number_read(cell, strlen(cell), cell[n], &x) == MPL__NUMBER_NOT)
                continue;
            if (cell[n] == '.')
                return '.';
            comma = true;
        }
    if (!comma)
        return '.';
    mpl__note_add(&t->notes, "decimal-comma", "numbers are read with a decimal comma");
    return ',';
}

/* What the blocks found: how many cells are missing, text that is no number, numbers that are 0 for lack of digits. */
static void collect(const scan *s, size_t n_blocks)
{
    mpl__table *const t = s->t;
    for (size_t c = 0; c < t->n_columns; c++) {
        mpl_column *const column = &t->columns[c];
        size_t tiny = 0, first = 0;
        column->is_number = true;
        for (size_t i = 0; i < n_blocks; i++) {
            const struct found *const found = &s->found[i * t->n_columns + c];
            column->n_missing += found->missing;
            column->is_number = column->is_number && !found->is_other;
            first = tiny ? first : i * SCAN_ROWS + found->first;
            tiny += found->tiny;
        }
        char x[MPL_SHOWN_SIZE];
        if (tiny && column->is_number)
            mpl__note_add_row(&t->notes, "underflow", t->row[first], NULL,
                              "column '%s': %zu number%s too small to tell from 0 (the first in line %zu) read as 0",
                              mpl_text_to_shown(column->name, x), tiny, tiny == 1 ? "" : "s", t->line[first]);
        column->number = s->number[c];
        column->text = t->cells[c];
    }
}

static mpl_status read_columns(mpl__table *t, mpl_error *err)
{
    const size_t n_blocks = (t->n_rows + SCAN_ROWS - 1) / SCAN_ROWS;
    scan s = { .t = t, .missing = missing_list(t), .number = MPL_NEW(t->scratch, double *, t->n_columns),
               .found = MPL_NEW(t->scratch, struct found, n_blocks * t->n_columns), .marks = true };
    bool ok = s.missing && s.number && s.found;
    for (size_t c = 0; ok && c < t->n_columns; c++)
        ok = (s.number[c] = MPL_NEW(t->keep, double, t->n_rows)) != NULL;
    if (!ok)
        return mpl__fail_nomem(err, "the columns");
    for (size_t i = 0; s.missing[i]; i++)
        s.is_first[(unsigned char)*s.missing[i]] = true;
    s.is_first[0] = true;
    s.reads = t->decimal != '\0';
    size_t done;
    MPL_TRY(mpl__blocks_run(NULL, n_blocks, scan_block, &s, &done, err));
    if (!s.reads) {
        t->decimal = choose_decimal(t);
        s.marks = false;
        s.reads = true;
        MPL_TRY(mpl__blocks_run(NULL, n_blocks, scan_block, &s, &done, err));
    }
    if (!t->options->matrix)
        MPL_TRY(mpl__roles_assign(t, err));
    collect(&s, n_blocks);
    return MPL_OK;
}

static const mpl_column *with_role(const mpl__table *t, const char *role)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (t->columns[c].role && !strcmp(t->columns[c].role, role))
            return &t->columns[c];
    return NULL;
}

static mpl_status check_strict(const mpl__table *t, mpl_error *err)
{
    char x[MPL_SHOWN_SIZE];
    for (size_t row = 0; row < t->n_rows; row++)
        for (size_t c = 0; c < t->n_columns; c++)
            if (t->columns[c].role && !t->columns[c].text[row])
                return mpl__fail_at(err, MPL_ERR_PARSE, t->line[row], c + 1,
                                    "%s line %zu, field %zu: '%s' is missing, and --strict was asked for", t->name,
                                    t->line[row], c + 1, mpl_text_to_shown(t->columns[c].name, x));
    return MPL_OK;
}

static const char *row_label(mpl__arena *arena, size_t row)
{
    char text[32], *p = text + sizeof text;
    *--p = '\0';
    do
        *--p = (char)('0' + row % 10);
    while (row /= 10);
    p -= 4;
    memcpy(p, "row ", 4);
    return mpl__arena_copyn(arena, p, (size_t)(text + sizeof text - 1 - p));
}

/* The label column; a mere number there gives way to authors. Else author and year, else the row. */
static mpl_status make_labels(mpl__table *t, mpl_dataset *data, mpl_error *err)
{
    const mpl_column *slab = with_role(t, "slab");
    const mpl_column *const author = with_role(t, "author"), *const year = with_role(t, "year");
    const char **const label = MPL_NEW(t->keep, const char *, t->n_rows);
    if (!label)
        return mpl__fail_nomem(err, "labels");
    if (slab && slab->is_number && author)
        slab = NULL;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (slab && slab->text[i])
            label[i] = slab->text[i];
        else if (author && author->text[i])
            label[i] = year && year->text[i]
                           ? mpl__arena_format(t->keep, "%s, %s", author->text[i], year->text[i])
                           : author->text[i];
        else
            label[i] = row_label(t->keep, t->row[i]);
        if (!label[i])
            return mpl__fail_nomem(err, "labels");
    }
    data->label = label;
    return MPL_OK;
}

static const char *copied(mpl__arena *arena, const char *text, bool *ok)
{
    const char *const copy = mpl__arena_copy(arena, text);
    *ok = *ok && (copy || !text);
    return copy;
}

bool mpl__info_copy(mpl__arena *arena, const mpl_dataset_info *from, mpl_dataset_info *to)
{
    bool ok = true;
    *to = (mpl_dataset_info){
        .id = copied(arena, from->id, &ok), .title = copied(arena, from->title, &ok),
        .kind = copied(arena, from->kind, &ok), .source = copied(arena, from->source, &ok),
        .doi = copied(arena, from->doi, &ok), .licence = copied(arena, from->licence, &ok),
        .about = copied(arena, from->about, &ok), .measure = copied(arena, from->measure, &ok),
        .arms = copied(arena, from->arms, &ok), .sha256 = copied(arena, from->sha256, &ok),
    };
    const char **const warnings = MPL_NEW(arena, const char *, from->n_warnings);
    if (!warnings)
        return false;
    for (size_t i = 0; i < from->n_warnings; i++)
        warnings[i] = copied(arena, from->warnings[i], &ok);
    to->n_warnings = from->n_warnings;
    to->warnings = warnings;
    return ok;
}

mpl_status mpl__table_finish(mpl__table *t, mpl_dataset **out, mpl_error *err)
{
    static const mpl_dataset_info nothing;
    mpl_dataset *const data = MPL_NEW(t->keep, mpl_dataset, 1);
    mpl_dataset_info *const info = MPL_NEW(t->keep, mpl_dataset_info, 1);
    if (!data || !info || !mpl__info_copy(t->keep, t->schema ? &t->schema->info : &nothing, info))
        return mpl__fail_nomem(err, "the dataset");
    MPL_TRY(read_columns(t, err));
    if (t->options->strict)
        MPL_TRY(check_strict(t, err));
    MPL_TRY(make_labels(t, data, err));
    data->name = mpl__arena_copy(t->keep, t->name);
    if (!data->name || t->notes.failed)
        return mpl__fail_nomem(err, "the dataset");
    info->sha256 = t->sha256;
    data->info = info;
    data->n_rows = t->n_rows;
    data->n_columns = t->n_columns;
    data->columns = t->columns;
    data->row = t->row;
    data->line = t->line;
    data->n_notes = t->notes.n;
    data->notes = t->notes.items;
    data->arena = t->keep;
    *out = data;
    return MPL_OK;
}
