/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values for people; see show.h. The only place that decides digits. */
#include "report/show.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

bool mpl__kind_is_number(mpl_kind kind)
{
    return kind != MPL_KIND_TEXT && !mpl__kind_is_truth(kind);
}

static void add_significant(mpl__text *t, double x, int digits)
{
    char number[350];
    mpl__text_addn(t, number, mpl__number_significant(x, digits, number));
}

static void add_decimals(mpl__text *t, double x, size_t digits)
{
    char number[350];
    mpl__text_addn(t, number, mpl__number_decimals(x, (int)digits, number));
}

/* At least `digits` significant digits, and no power of ten before it is needed. */
static void add_compact(mpl__text *t, double x, int digits)
{
    const int needed = x != 0 ? (int)floor(log10(fabs(x))) + 1 : 1;
    add_significant(t, x, needed > digits && needed <= 9 ? needed : digits);
}

void mpl__put_ascii(mpl__text *t, const char *words)
{
    static const struct { const char *from, *to; } plain[] = { { "τ", "tau" }, { "²", "^2" }, { "–", "-" },
                                                                { "−", "-" }, { "∞", "Inf" }, { "χ", "chi" },
                                                                { "\xE2\x80\xAF", " " } };
    while (*words) {
        size_t i = 0;
        while (i < sizeof plain / sizeof *plain && strncmp(words, plain[i].from, strlen(plain[i].from)))
            i++;
        if (i < sizeof plain / sizeof *plain) {
            mpl__text_add(t, plain[i].to);
            words += strlen(plain[i].from);
        } else {
            mpl__text_char(t, *words++);
        }
    }
}

static const mpl__house *house_of(const mpl__style *style)
{
    return style->house ? style->house : mpl__house_find(NULL);
}

/* With `relation`, also the "=" that a value between the bounds takes. */
static void add_pvalue(mpl__text *t, double p, const mpl__house *house, bool relation)
{
    char number[350];
    const int digits = house->short_p && p >= 0.00995 ? 2 : 3;
    const double top = digits == 2 ? 0.995 : 0.9995;
    const char *sign = relation ? "=" : "";
    if (p < 0.001) {
        memcpy(number, "0.001", 6);
        sign = "<";
    } else if (p < 1 && p >= top) {
        memcpy(number, digits == 2 ? "0.99" : "0.999", digits == 2 ? 5 : 6);
        sign = ">";
    } else {
        mpl__number_fixed(p, digits, number);
    }
    const bool cut = house->no_zero && number[0] == '0' && number[1] == '.';
    mpl__text_add(t, sign);
    mpl__text_add(t, *sign ? house->gap : "");
    mpl__text_add(t, number + cut);
}

static void add_count(mpl__text *t, double x, const mpl__style *style)
{
    char number[350];
    mpl__number_fixed(x, 0, number);
    mpl__thousands_add(t, style->thousands ? style->thousands : mpl__thousands_find(NULL), number);
}

static void add_number(mpl__text *t, mpl_kind kind, double x, const mpl__style *style)
{
    switch (kind) {
    case MPL_KIND_COUNT:
        add_count(t, x, style);
        break;
    case MPL_KIND_EFFECT:
        add_decimals(t, x, style->digits);
        break;
    case MPL_KIND_STATISTIC:
    case MPL_KIND_LOG_PVALUE:
        add_decimals(t, x, 2);
        break;
    case MPL_KIND_DF:
        mpl__text_fixed(t, x, x == floor(x) ? 0 : 1);
        break;
    case MPL_KIND_PVALUE:
        add_pvalue(t, x, house_of(style), false);
        break;
    case MPL_KIND_PERCENT:
    case MPL_KIND_WEIGHT:
        add_decimals(t, x, 1);
        mpl__text_char(t, '%');
        break;
    case MPL_KIND_PROBABILITY:
        mpl__text_fixed(t, x, 3);
        break;
    case MPL_KIND_VARIANCE:
        add_compact(t, x, 4);
        break;
    default:
        add_compact(t, x, 6);
        break;
    }
}

/* Our own text, made before it is known what the format escapes. */
static void put_made(mpl__text *t, mpl__text *made, const mpl__style *style)
{
    t->failed |= made->failed;
    if (!made->failed && made->data)
        style->put_own(t, made->data);
    mpl__text_free(made);
}

void mpl__show_value(mpl__text *t, mpl_kind kind, mpl_value value, const mpl__style *style)
{
    if (mpl__value_missing(kind, value)) {
        mpl__text_char(t, '-');
    } else if (kind == MPL_KIND_TEXT) {
        style->put(t, value.text);
    } else if (kind == MPL_KIND_BOOL) {
        mpl__text_add(t, value.number != 0 ? "yes" : "no");
    } else if (kind == MPL_KIND_MARK) {
        style->put_own(t, value.number != 0 ? "*" : "");
    } else if (!isinf(value.number)) {
        mpl__text number = { 0 }, made = { 0 };
        add_number(&number, kind, value.number, style);
        const bool negative = number.size && number.data[0] == '-';
        mpl__text_add(&made, negative ? "−" : "");
        mpl__text_addn(&made, number.data ? number.data + negative : "", number.size - negative);
        made.failed |= number.failed;
        mpl__text_free(&number);
        put_made(t, &made, style);
    } else if (kind != MPL_KIND_DF) { /* infinite df: the normal distribution, nothing to say */
        style->put_own(t, value.number < 0 ? "−∞" : "∞");
    }
}

void mpl__show_p(mpl__text *t, const mpl__style *style)
{
    style->put_own(t, house_of(style)->p);
}

static void show_relation(mpl__text *t, double p, const mpl__style *style)
{
    mpl__text made = { 0 };
    add_pvalue(&made, p, house_of(style), true);
    put_made(t, &made, style);
}

void mpl__show_interval(mpl__text *t, mpl_kind kind, mpl_value lb, mpl_value ub, const mpl__style *style)
{
    const mpl__house *const house = house_of(style);
    if (mpl__value_missing(kind, lb) && mpl__value_missing(kind, ub)) {
        mpl__text_char(t, '-');
        return;
    }
    const bool hyphen = !strcmp(house->between, "-"); /* no "-0.3--0.1" */
    const bool turned = lb.number > ub.number; /* through infinity, as numbers needed to treat do (Altman 1998) */
    style->put_own(t, house->open);
    mpl__show_value(t, kind, lb, style);
    if (turned && isfinite(lb.number) && isfinite(ub.number))
        style->put_own(t, " to ∞");
    style->put_own(t, turned || (hyphen && (lb.number < 0 || ub.number < 0)) ? " to " : house->between);
    mpl__show_value(t, kind, ub, style);
    style->put_own(t, house->close);
}

static bool same(const char *key, const char *name, size_t n)
{
    return key && strlen(key) == n && !memcmp(key, name, n);
}

static bool find_field(const mpl_section *section, const char *name, size_t n, mpl_kind *kind, mpl_value *value)
{
    for (size_t i = 0; i < section->n_fields; i++)
        if (same(section->fields[i].key, name, n)) {
            *kind = section->fields[i].kind;
            *value = section->fields[i].value;
            return true;
        }
    return false;
}

static bool find_column(const mpl_report_table *table, const char *name, size_t n, mpl_kind *kind, mpl_value *value)
{
    for (size_t j = 0; j < table->n_columns && table->n_rows; j++)
        if (same(table->columns[j].key, name, n)) {
            *kind = table->columns[j].kind;
            *value = table->cells[j];
            return true;
        }
    return false;
}

/* The value that a hole names: field, table.column (first row), or section.field. */
static bool find_value(const mpl_report *report, const mpl_section *section, const char *name, size_t n,
                       mpl_kind *kind, mpl_value *value)
{
    const char *dot = memchr(name, '.', n);
    if (!dot)
        return find_field(section, name, n, kind, value);
    const size_t head = (size_t)(dot - name), tail = n - head - 1;
    for (size_t i = 0; i < section->n_tables; i++)
        if (same(section->tables[i].key, name, head))
            return find_column(&section->tables[i], dot + 1, tail, kind, value);
    for (size_t i = 0; i < report->n_sections; i++)
        if (same(report->sections[i].key, name, head))
            return find_field(&report->sections[i], dot + 1, tail, kind, value);
    return false;
}

/* "target|words". */
static void fill_link(mpl__text *t, const char *name, size_t n, const mpl__style *style)
{
    const char *const bar = memchr(name, '|', n);
    mpl__text target = { 0 }, words = { 0 };
    mpl__text_addn(&target, name, bar ? (size_t)(bar - name) : n);
    mpl__text_addn(&words, bar ? bar + 1 : "", bar ? n - (size_t)(bar + 1 - name) : 0);
    mpl__text_add(&words, "");
    t->failed |= target.failed || words.failed;
    if (!t->failed && style->put_link)
        style->put_link(t, target.data, words.data);
    else if (!t->failed)
        style->put_own(t, words.data);
    mpl__text_free(&target);
    mpl__text_free(&words);
}

/* The dots of "lb..ub"; NULL if there are none. */
static const char *find_dots(const char *name, size_t n)
{
    for (size_t i = 1; i + 2 < n; i++)
        if (name[i] == '.' && name[i + 1] == '.')
            return name + i;
    return NULL;
}

static bool fill_interval(mpl__text *t, const mpl_report *report, const mpl_section *section, const char *name,
                          const char *dots, size_t n, const mpl__style *style)
{
    mpl_kind kind;
    mpl_value lb, ub;
    const char *const second = dots + 2;
    const bool found = find_value(report, section, name, (size_t)(dots - name), &kind, &lb) &&
                       find_value(report, section, second, n - (size_t)(second - name), &kind, &ub);
    if (found)
        mpl__show_interval(t, kind, lb, ub, style);
    return found;
}

static void fill_hole(mpl__text *t, const mpl_report *report, const mpl_section *section, const char *name, size_t n,
                      const mpl__style *style)
{
    mpl_kind kind;
    mpl_value value;
    if (n && *name == '#') {
        fill_link(t, name + 1, n - 1, style);
        return;
    }
    const bool letter = n > 2 && !memcmp(name, "p:", 2);
    const char *const dots = find_dots(name, n);
    const size_t skip = letter ? 2 : 0;
    if (dots && fill_interval(t, report, section, name, dots, n, style))
        return;
    if (!find_value(report, section, name + skip, n - skip, &kind, &value)) {
        mpl__text_addn(t, name - 1, n + 2); /* with its braces: a mistake that a reader sees */
        return;
    }
    if (letter) {
        mpl__show_p(t, style);
        mpl__text_add(t, house_of(style)->gap);
    }
    if (kind == MPL_KIND_PVALUE && !mpl__value_missing(kind, value))
        show_relation(t, value.number, style);
    else
        mpl__show_value(t, kind, value, style);
}

void mpl__show_line(mpl__text *t, const mpl_report *report, const mpl_section *section, const char *line,
                    const mpl__style *style)
{
    while (*line) {
        const size_t n = strcspn(line, "{");
        const char *end = line[n] ? strchr(line + n, '}') : NULL;
        if (n) {
            mpl__text own = { 0 };
            mpl__text_addn(&own, line, n);
            put_made(t, &own, style);
        }
        if (end)
            fill_hole(t, report, section, line + n + 1, (size_t)(end - line) - n - 1, style);
        line = end ? end + 1 : line + strlen(line);
    }
}

/* Columns of a table of notes. */
enum { NOTE_CODE, NOTE_ROW, NOTE_STUDY, NOTE_TEXT };

static void show_study(mpl__text *t, const mpl_value *note, const mpl__style *style)
{
    if (note[NOTE_STUDY].text) {
        style->put(t, note[NOTE_STUDY].text);
        mpl__text_add(t, " (");
    }
    mpl__text_add(t, "row ");
    mpl__text_fixed(t, note[NOTE_ROW].number, 0);
    if (note[NOTE_STUDY].text)
        mpl__text_char(t, ')');
}

size_t mpl__show_notes(mpl__text *t, const mpl_report_table *notes, size_t i, const mpl__style *style)
{
    enum { NAMED = 12 };
    const mpl_value *first = notes->cells + i * notes->n_columns;
    size_t end = i + 1;
    while (end < notes->n_rows && !strcmp(notes->cells[end * notes->n_columns + NOTE_TEXT].text, first[NOTE_TEXT].text))
        end++;
    if (isnan(first[NOTE_ROW].number)) {
        style->put(t, first[NOTE_TEXT].text);
        return i + 1;
    }
    if (end == i + 1) {
        show_study(t, first, style);
        mpl__text_add(t, ": ");
        style->put(t, first[NOTE_TEXT].text);
        return end;
    }
    style->put(t, first[NOTE_TEXT].text);
    for (size_t r = i; r < end && r < i + NAMED; r++) {
        mpl__text_add(t, r == i ? ": " : ", ");
        show_study(t, notes->cells + r * notes->n_columns, style);
    }
    if (end > i + NAMED)
        mpl__text_format(t, " and %zu more", end - i - NAMED);
    return end;
}

/* A blank at which a line may end: outside of short brackets, and not between a relation and what it relates. */
static bool may_break(const char *s, const char *blank, int depth)
{
    return depth == 0 && !strchr("=<>", blank[1]) && !(blank > s && strchr("=<>", blank[-1]));
}

/* A bracket that holds an interval; a longer text in brackets is wrapped like any other. */
static bool opens(const char *p)
{
    return *p == '[' && strnlen(p, 40) > strcspn(p, "]") && strcspn(p, "]") < 40;
}

size_t mpl__wrap(const char *s, size_t width, const char **rest)
{
    const char *p = s, *fit = NULL, *joint = NULL; /* joint: of a long name such as 'source=BM-MSC:model=ageing' */
    size_t columns = 0;
    int depth = 0;
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        size_t n = mpl__utf8_next(p, left, &code);
        const int wide = n ? mpl__utf8_columns(code) : 1;
        n = n ? n : 1;
        if (*p == ' ' && may_break(s, p, depth))
            fit = p;
        else if (columns + (size_t)wide > width)
            break;
        if (*p == ':' && columns + 1 < width)
            joint = p + 1;
        depth += opens(p) ? 1 : *p == ']' && depth > 0 ? -1 : 0;
        columns += (size_t)wide;
        p += n;
        left -= n;
        if (columns > width && fit) /* a blank may hang over the edge */
            break;
    }
    if (!*p) {
        *rest = NULL;
        return (size_t)(p - s);
    }
    if (!fit && joint)
        fit = joint;
    if (!fit || fit == s)
        fit = p > s ? p : s + 1;
    const size_t n = (size_t)(fit - s);
    while (*fit == ' ')
        fit++;
    *rest = *fit ? fit : NULL;
    return n;
}

void mpl__show_wrapped(mpl__text *t, const char *s, size_t indent, size_t width)
{
    const size_t room = width > indent + 20 ? width - indent : 20;
    for (const char *rest; s; s = rest) {
        mpl__text_addn(t, s, mpl__wrap(s, room, &rest));
        mpl__text_char(t, '\n');
        if (rest)
            mpl__text_repeat(t, " ", indent);
    }
}
