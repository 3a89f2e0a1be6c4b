/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV and TSV after RFC 4180. The file is one buffer; fields are unquoted, trimmed and NUL-terminated where they
 * stand, so a field costs no allocation. Line numbers are those of the file, whatever was skipped.
 */
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "data/names.h"
#include "data/table.h"

typedef struct reader {
    mpl__table *table;
    char *p, *end;             /* *end is a newline that ends the last record */
    char delim;
    const char *comment;
    size_t n_comment;          /* 0 = no comments */
    size_t line;               /* of *p */
    size_t record_line;        /* where the current record starts */
    char **field;              /* [n_fields] of the current record, in scratch */
    size_t n_fields, capacity;
    bool is_plain[256];        /* bytes that neither end nor quote a field */
    bool is_solid[256];        /* those that are not blank either */
    bool headless;             /* the first record is a row */
    size_t blank_line, blank_fields; /* first of the rows without any text that has another number of fields */
} reader;

static mpl_status fail_field(const reader *r, const char *what, mpl_error *err)
{
    return mpl__fail_at(err, MPL_ERR_PARSE, r->record_line, r->n_fields + 1, "%s line %zu, field %zu: %s",
                        r->table->name, r->record_line, r->n_fields + 1, what);
}

static bool is_blank(const reader *r, char c)
{
    return (c == ' ' && r->delim != ' ') || (c == '\t' && r->delim != '\t');
}

/* Steps over CRLF, LF or CR; stays at the end. */
static void next_line(reader *r)
{
    if (*r->p == '\r' && r->p + 1 < r->end && r->p[1] == '\n')
        r->p++;
    r->p += r->p < r->end;
    r->line++;
}

static void count_lines(reader *r, const char *s, const char *end)
{
    for (; s < end; s++)
        if (*s == '\n' || (*s == '\r' && s[1] != '\n'))
            r->line++;
}

/* From behind the opening quote to behind the closing one; the text is moved together over doubled quotes. */
static mpl_status read_quoted(reader *r, char **start, char **stop, mpl_error *err)
{
    char *out = r->p;
    *start = out;
    for (;;) {
        char *const quote = memchr(r->p, '"', (size_t)(r->end - r->p));
        if (!quote)
            return fail_field(r, "the quote opened here is never closed", err);
        const size_t n = (size_t)(quote - r->p);
        count_lines(r, r->p, quote);
        if (out != r->p)
            memmove(out, r->p, n);
        out += n;
        r->p = quote + 1;
        if (*r->p != '"' || r->p == r->end)
            break;
        *out++ = '"';
        r->p++;
    }
    *stop = out;
    while (r->p < r->end && is_blank(r, *r->p))
        r->p++;
    if (r->p < r->end && *r->p != r->delim && *r->p != '\n' && *r->p != '\r')
        return fail_field(r, "text after the closing quote; a quote inside a quoted field is doubled", err);
    return MPL_OK;
}

static mpl_status add_field(reader *r, char *text, mpl_error *err)
{
    if (r->n_fields == MPL__MAX_COLUMNS)
        return mpl__fail_at(err, MPL_ERR_LIMIT, r->record_line, 0, "%s line %zu: more than %d fields", r->table->name,
                            r->record_line, MPL__MAX_COLUMNS);
    if (r->n_fields == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 64;
        char **const grown = MPL_NEW(r->table->scratch, char *, capacity);
        if (!grown)
            return mpl__fail_nomem(err, "the fields of a line");
        if (r->n_fields)
            memcpy(grown, r->field, r->n_fields * sizeof *grown);
        r->field = grown;
        r->capacity = capacity;
    }
    r->field[r->n_fields++] = text;
    return MPL_OK;
}

/* Several blanks divide as one does, and at the end of a line they divide nothing. */
static void skip_repeated(reader *r)
{
    while (r->delim == ' ' && *r->p == ' ' && (r->p[1] == ' ' || r->p[1] == '\n' || r->p[1] == '\r'))
        r->p++;
}

/* Reads a field and the delimiter or line end behind it; *last: the record ends here. */
static mpl_status read_field(reader *r, bool *last, mpl_error *err)
{
    while (is_blank(r, *r->p))
        r->p++;
    char *start = r->p, *stop = start;
    if (*r->p == '"') {
        r->p++;
        MPL_TRY(read_quoted(r, &start, &stop, err));
        while (start < stop && (*start == ' ' || *start == '\t'))
            start++;
    } else {
        while (r->is_plain[(unsigned char)*r->p])
            r->p++;
        if (*r->p == '"')
            return fail_field(r, "a quote inside an unquoted field; quote the whole field and double this one", err);
        stop = r->p;
    }
    while (stop > start && (stop[-1] == ' ' || stop[-1] == '\t'))
        stop--;
    if (stop - start > MPL__MAX_FIELD)
        return mpl__fail_at(err, MPL_ERR_LIMIT, r->record_line, r->n_fields + 1,
                            "%s line %zu, field %zu: longer than 1 MiB", r->table->name, r->record_line,
                            r->n_fields + 1);
    skip_repeated(r);
    *last = *r->p != r->delim || r->p == r->end;
    if (*last)
        next_line(r);
    else
        r->p++;
    *stop = '\0';
    return add_field(r, start, err);
}

/* True if only blanks are left on this line. */
static bool at_blank_line(const reader *r)
{
    const char *s = r->p;
    while (*s == ' ' || (*s == '\t' && r->delim != '\t'))
        s++;
    return *s == '\n' || *s == '\r';
}

static void skip_line(reader *r)
{
    while (*r->p != '\n' && *r->p != '\r')
        r->p++;
    next_line(r);
}

/* Skips blank lines and comments; false at the end of the file. */
static bool at_record(reader *r)
{
    while (r->p < r->end) {
        const bool comment = r->n_comment && (size_t)(r->end - r->p) >= r->n_comment &&
                             !memcmp(r->p, r->comment, r->n_comment);
        if (!comment && !at_blank_line(r))
            return true;
        skip_line(r);
    }
    return false;
}

/* Reads the fields up to one with a blank or a quote, or a line that does not end in LF. True at the record's end. */
static bool read_plainly(reader *r)
{
    char *p = r->p;
    size_t n = r->n_fields;
    bool last = false;
    if (r->delim == ' ') /* several are one */
        return false;
    while (n < r->capacity && !last) {
        char *const start = p;
        while (r->is_solid[(unsigned char)*p])
            p++;
        last = *p == '\n';
        if ((!last && *p != r->delim) || p - start > MPL__MAX_FIELD) {
            p = start;
            last = false;
            break;
        }
        r->field[n++] = start;
        *p = '\0';
        p += p < r->end;
    }
    r->p = p;
    r->n_fields = n;
    r->line += last;
    return last;
}

/* Adds the fields of a record to those there are. */
static mpl_status read_record(reader *r, mpl_error *err)
{
    r->record_line = r->line;
    while (r->delim == ' ' && *r->p == ' ')
        r->p++;
    for (bool last = read_plainly(r); !last; last = last || read_plainly(r))
        MPL_TRY(read_field(r, &last, err));
    return MPL_OK;
}

static bool is_without_text(const reader *r)
{
    for (size_t i = 0; i < r->n_fields; i++)
        if (*r->field[i])
            return false;
    return true;
}

static mpl_status fail_ragged(const reader *r, size_t line, size_t n_fields, mpl_error *err)
{
    const mpl__table *const t = r->table;
    const char *hint = "";
    if (t->n_columns == 1)
        hint = "; is the first line a comment? skip it with --comment";
    else if (n_fields > t->n_columns && r->delim == ',')
        hint = "; a text with a comma is quoted, and numbers have a point";
    return mpl__fail_at(err, MPL_ERR_PARSE, line, n_fields, "%s line %zu: %zu field%s, but the header has %zu%s",
                        t->name, line, n_fields, n_fields == 1 ? "" : "s", t->n_columns, hint);
}

static mpl_status fail_header(const mpl__table *t, size_t line, size_t column, const char *what, mpl_error *err)
{
    return mpl__fail_at(err, MPL_ERR_PARSE, line, column, "%s line %zu: %s", t->name, line, what);
}

static bool is_number(const char *text)
{
    double x;
    return mpl__number_read(text, strlen(text), '.', &x) != MPL__NUMBER_NOT;
}

/* Names the columns after the first record. A column without a name is called by its number. */
static mpl_status name_columns(reader *r, mpl_error *err)
{
    mpl__table *const t = r->table;
    bool all_numbers = true;
    t->n_columns = r->n_fields;
    for (size_t c = 0; c < t->n_columns; c++)
        all_numbers = all_numbers && is_number(r->field[c]);
    r->headless = all_numbers && t->options->matrix;
    if (all_numbers && !r->headless)
        return fail_header(t, r->record_line, 1, "the first line holds numbers; it must hold the column names", err);
    t->columns = MPL_NEW(t->keep, mpl_column, t->n_columns);
    if (!t->columns)
        return mpl__fail_nomem(err, "columns");
    for (size_t c = 0; c < t->n_columns; c++) {
        t->columns[c].name = *r->field[c] && !r->headless ? r->field[c]
                                                          : mpl__arena_format(t->keep, "column %zu", c + 1);
        if (!t->columns[c].name)
            return mpl__fail_nomem(err, "column names");
    }
    const mpl__name *const names = mpl__names_new(t->scratch, t->columns, t->n_columns);
    if (!names)
        return mpl__fail_nomem(err, "column names");
    size_t a, b;
    char x[MPL_SHOWN_SIZE];
    if (!t->options->matrix && mpl__names_duplicate(names, t->n_columns, &a, &b))
        return mpl__fail_at(err, MPL_ERR_PARSE, r->record_line, b + 1,
                            "%s line %zu: column '%s' appears twice (%zu and %zu)", t->name, r->record_line,
                            mpl_text_to_shown(t->columns[a].name, x), a + 1, b + 1);
    return MPL_OK;
}

static mpl_status read_rows(reader *r, mpl_error *err)
{
    mpl__table *const t = r->table;
    const size_t capacity = t->n_rows;
    size_t n = 0, n_full = 0;
    for (bool first = r->headless; first || at_record(r); first = false) {
        if (!first) {
            r->n_fields = 0;
            MPL_TRY(read_record(r, err));
        }
        if (r->n_fields != t->n_columns) {
            if (!is_without_text(r))
                return fail_ragged(r, r->record_line, r->n_fields, err);
            if (!r->blank_line) {
                r->blank_line = r->record_line;
                r->blank_fields = r->n_fields;
            }
            continue;
        }
        const bool full = !is_without_text(r);
        if (full && r->blank_line)
            return fail_ragged(r, r->blank_line, r->blank_fields, err);
        if (n == capacity)
            return mpl__fail(err, MPL_ERR_LIMIT, "%s: more than %d lines", t->name, MPL__MAX_LINES);
        for (size_t c = 0; c < t->n_columns; c++)
            t->cells[c][n] = r->field[c];
        t->line[n] = r->record_line;
        t->row[n] = n + 1;
        n++;
        if (full)
            n_full = n;
    }
    t->n_rows = n_full; /* rows without text at the end are a spreadsheet's, not the author's */
    return MPL_OK;
}

/* An unnamed last column without text comes from a delimiter at the end of each line. */
static void drop_empty_columns(mpl__table *t, const char *const *header)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (*header[c])
            continue;
        size_t row = 0;
        while (row < t->n_rows && !*t->cells[c][row])
            row++;
        if (c + 1 == t->n_columns && row == t->n_rows && c > 0) {
            mpl__note_add(&t->notes, "column-ignored", "column %zu has neither name nor text and is ignored", c + 1);
            t->n_columns--;
        } else {
            mpl__note_add(&t->notes, "column-unnamed", "column %zu has no name", c + 1);
        }
    }
}

static size_t lines_in(const char *s, const char *end)
{
    size_t n = 1;
    for (const char *p = s; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        n++;
    for (const char *p = s; (p = memchr(p, '\r', (size_t)(end - p))); p++)
        n += p[1] != '\n';
    return n;
}

/* Fields between blanks on the line that begins at *s, which moves to the next. */
static size_t count_fields(const char **s, const char *end)
{
    size_t n = 0;
    bool quoted = false, inside = false;
    for (; *s < end && **s != '\n' && **s != '\r'; ++*s) {
        quoted = quoted != (**s == '"');
        const bool blank = **s == ' ' && !quoted;
        n += !blank && !inside;
        inside = !blank;
    }
    while (*s < end && (**s == '\n' || **s == '\r'))
        ++*s;
    return n;
}

/* R writes a matrix without a name for the column of its row names. */
static mpl_status read_header(reader *r, mpl_error *err)
{
    static char nothing[] = "";
    const char *s = r->p;
    const size_t n = count_fields(&s, r->end);
    r->n_fields = 0;
    if (r->delim == ' ' && count_fields(&s, r->end) == n + 1)
        MPL_TRY(add_field(r, nothing, err));
    MPL_TRY(read_record(r, err));
    return name_columns(r, err);
}

/* "sep=;" on the first line is how spreadsheets name the delimiter. */
static void read_sep_line(reader *r, bool given)
{
    if (r->end - r->p < 5 || memcmp(r->p, "sep=", 4) || (r->p[5] != '\n' && r->p[5] != '\r'))
        return;
    if (!given && r->p[4] != '"')
        r->delim = r->p[4];
    skip_line(r);
}

static mpl_status choose_delim(reader *r, bool tabs, mpl_error *err)
{
    const mpl_read_options *const o = r->table->options;
    const bool given = o->delim != NULL;
    if (given) {
        const char d = strcmp(o->delim, "tab") && strcmp(o->delim, "\\t") ? o->delim[0] : '\t';
        const bool one = d == '\t' || !o->delim[1];
        char x[MPL_SHOWN_SIZE];
        if (!one || strchr(" \"\r\n.+-", d) || (d >= '0' && d <= '9') || (o->decimal && d == o->decimal[0]))
            return mpl__fail(err, MPL_ERR_ARG, "--delim: '%s' cannot divide fields; use one character such as ; or tab",
                             mpl_text_to_shown(o->delim, x));
        r->delim = d;
    } else {
        r->delim = tabs ? '\t' : mpl__csv_sniff(r->p, (size_t)(r->end - r->p), r->comment);
    }
    if (r->table->options->matrix && !given && !tabs && r->delim == ',' && !memchr(r->p, ',', (size_t)(r->end - r->p)))
        r->delim = ' ';
    const char sniffed = r->delim;
    read_sep_line(r, given);
    if (!given && !tabs && r->delim == sniffed && sniffed != ',' && sniffed != ' ')
        mpl__note_add(&r->table->notes, "delimiter", "fields are divided by %s",
                      sniffed == '\t' ? "tabs" : "semicolons");
    memset(r->is_plain, true, sizeof r->is_plain);
    r->is_plain['\n'] = r->is_plain['\r'] = r->is_plain['"'] = r->is_plain[(unsigned char)r->delim] = false;
    memcpy(r->is_solid, r->is_plain, sizeof r->is_solid);
    r->is_solid[' '] = r->is_solid['\t'] = false;
    return MPL_OK;
}

static mpl_status read_table(char *bytes, size_t size, bool tabs, mpl__table *t, mpl_error *err)
{
    const char *const comment = t->options->comment;
    reader r = { .table = t, .p = bytes, .end = bytes + size, .line = 1, .comment = comment,
                 .n_comment = comment ? strlen(comment) : 0 };
    *r.end = '\n';
    MPL_TRY(choose_delim(&r, tabs, err));
    if (!at_record(&r))
        return mpl__fail(err, MPL_ERR_PARSE, "%s: empty input", t->name);
    MPL_TRY(read_header(&r, err));
    const char *const *const header = (const char *const *)r.field;
    const size_t n_header = r.n_fields;
    if (!r.headless) {
        r.field = NULL;
        r.capacity = 0;
    }
    /* A row takes a line, and at least one byte for each of its fields. */
    const size_t lines = lines_in(r.p, r.end) + r.headless, rows = (size_t)(r.end - r.p) / n_header + 1 + r.headless;
    const size_t bound = lines < MPL__MAX_LINES ? lines : MPL__MAX_LINES;
    MPL_TRY(mpl__table_allot(t, n_header, rows < bound ? rows : bound, err));
    MPL_TRY(read_rows(&r, err));
    drop_empty_columns(t, header);
    if (r.delim == ',' && !t->decimal)
        t->decimal = '.';
    return MPL_OK;
}

mpl_status mpl__csv_read(char *bytes, size_t size, mpl__table *table, mpl_error *err)
{
    return read_table(bytes, size, false, table, err);
}

mpl_status mpl__tsv_read(char *bytes, size_t size, mpl__table *table, mpl_error *err)
{
    return read_table(bytes, size, true, table, err);
}
