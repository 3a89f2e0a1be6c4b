/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells: dates made by spreadsheets, text among numbers, codes for missing, values that no study can report. */
#include <math.h>
#include <string.h>

#include "base/method.h"
#include "effect/check/rule.h"

static const char handbook[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 5.5";

static bool is_number_role(const char *role)
{
    return role && strcmp(role, "slab") && strcmp(role, "author") && strcmp(role, "year");
}

/* Columns that should hold numbers: by role, or because most of their cells do. */
static bool should_be_numbers(const mpl__checker *c, const mpl_column *column)
{
    size_t numbers = 0, texts = 0;
    for (size_t i = 0; i < c->data->n_rows; i++) {
        numbers += isnan(column->number[i]) ? 0 : 1;
        texts += column->text[i] && isnan(column->number[i]) ? 1 : 0;
    }
    return texts > 0 && (is_number_role(column->role) || (numbers >= 3 && numbers >= 4 * texts));
}

static size_t digits(const char *p)
{
    return strspn(p, "0123456789");
}

static size_t month(const char *p)
{
    static const char names[] = "jan feb mar apr may jun jul aug sep oct nov dec mrz mai okt dez";
    char three[4] = "";
    for (size_t i = 0; i < 3 && p[i]; i++)
        three[i] = (char)(p[i] | 0x20);
    return mpl__has_word(names, three) ? 3 : 0;
}

/* 3-Mar, Mar-03, 3. Mar, 3/4, 3/4/2021, 03.04.2021, 2021-03-04 */
static bool is_date(const char *text)
{
    static const char between[] = "-/. ";
    const size_t a = digits(text), m = month(text), start = a ? a : m;
    if (start == 0 || start > 4 || !text[start] || !strchr(between, text[start]))
        return false;
    const char *second = text + start + strspn(text + start, between);
    const size_t b = digits(second), n = month(second), length = b ? b : n;
    if (length == 0 || (m && n))
        return false;
    const char *rest = second + length;
    if (!*rest)
        return m || n || text[start] == '/';
    if (!strchr(between, *rest))
        return false;
    rest += strspn(rest, between);
    const size_t third = digits(rest);
    return third > 0 && third <= 4 && !rest[third];
}

static void excel_date(mpl__checker *c)
{
    for (size_t j = 0; j < c->data->n_columns; j++) {
        const mpl_column *column = &c->data->columns[j];
        if (column->is_number || !should_be_numbers(c, column))
            continue;
        for (size_t i = 0; i < c->data->n_rows; i++)
            if (column->text[i] && isnan(column->number[i]) && is_date(column->text[i]))
                mpl__found(c, MPL_SERIOUS, i, column, "a date in a column of numbers: a spreadsheet may have made it "
                                                      "from a number such as 3.4 or a range such as 3-4");
    }
}

static void not_a_number(mpl__checker *c)
{
    for (size_t j = 0; j < c->data->n_columns; j++) {
        const mpl_column *column = &c->data->columns[j];
        if (column->is_number || !should_be_numbers(c, column))
            continue;
        for (size_t i = 0; i < c->data->n_rows; i++)
            if (column->text[i] && isnan(column->number[i]) && !is_date(column->text[i]))
                mpl__found(c, is_number_role(column->role) ? MPL_SERIOUS : MPL_WARNING, i, column,
                           "not a number, in a column of numbers");
    }
}

static bool is_code(double x)
{
    return fabs(x) == 99 || fabs(x) == 999 || fabs(x) == 9999 || x == -9;
}

/* 999 and its like, where they lie far beyond all other values of the column, or alone below 0. */
static void missing_code(mpl__checker *c)
{
    for (size_t j = 0; j < c->data->n_columns; j++) {
        const mpl_column *column = &c->data->columns[j];
        double largest = 0;
        bool negative = false;
        for (size_t i = 0; i < c->data->n_rows; i++)
            if (!isnan(column->number[i]) && !is_code(column->number[i])) {
                largest = fmax(largest, fabs(column->number[i]));
                negative = negative || column->number[i] < 0;
            }
        for (size_t i = 0; is_number_role(column->role) && i < c->data->n_rows; i++) {
            const double x = column->number[i];
            if (is_code(x) && (fabs(x) > 5 * largest || (x < 0 && !negative)))
                mpl__found(c, MPL_WARNING, i, column, "looks like a code for a missing value: leave the cell empty, or "
                                                      "name the code with --missing");
        }
    }
}

static void each(mpl__checker *c, const char *roles, bool (*is_wrong)(double x), const char *reason)
{
    size_t n;
    char role[16];
    for (const char *p = roles, *word; (word = mpl__next_word(&p, &n)) && n < sizeof role;) {
        memcpy(role, word, n);
        role[n] = '\0';
        const mpl_column *column = mpl__role(c, role);
        for (size_t i = 0; column && i < c->data->n_rows; i++)
            if (is_wrong(column->number[i]))
                mpl__found(c, MPL_SERIOUS, i, column, "%s", reason);
    }
}

static bool below_0(double x) { return x < 0; }
static bool not_above_0(double x) { return x <= 0; }
static bool beyond_1(double x) { return x < -1 || x > 1; }
static bool outside_0_1(double x) { return x < 0 || x > 1; }
static bool fractional(double x) { return isfinite(x) && x != floor(x); }
static bool below_2(double x) { return x >= 0 && x < 2; }

/* di is a cell of a table only beside the other cells; elsewhere it is Cohen's d. */
static bool has_cells(const mpl__checker *c)
{
    return mpl__role(c, "bi") || mpl__role(c, "ci");
}

static void negative(mpl__checker *c)
{
    each(c, "ai bi ci n1i n2i ni xi x1i x2i t1i t2i e1i e2i", below_0, "a count, size or time below 0");
    if (has_cells(c))
        each(c, "di", below_0, "a count below 0");
}

static void variance(mpl__checker *c)
{
    each(c, "vi", not_above_0, "a sampling variance must be above 0");
    each(c, "sei sem1i sem2i semi", not_above_0, "a standard error must be above 0");
    each(c, "sd1i sd2i sdi", not_above_0, "a standard deviation must be above 0");
    each(c, "ovi", not_above_0, "the variance of O - E must be above 0");
}

static void impossible(mpl__checker *c)
{
    each(c, "ri pi", beyond_1, "must lie between -1 and 1");
    each(c, "pval r2i sensi speci ppvi npvi", outside_0_1, "must lie between 0 and 1");
}

static void fraction(mpl__checker *c)
{
    if (c->effect_options && c->effect_options->fractional)
        return;
    each(c, "ai bi ci n1i n2i xi x1i x2i", fractional,
         "counts are whole numbers; allow effective sample sizes with --allow-fractional");
    if (has_cells(c))
        each(c, "di", fractional, "counts are whole numbers; allow effective sample sizes with --allow-fractional");
}

static void tiny(mpl__checker *c)
{
    if (mpl__role(c, "sd1i") || mpl__role(c, "sd2i"))
        each(c, "n1i n2i", below_2, "a group of less than 2 has no standard deviation");
    if (mpl__role(c, "sdi") || mpl__role(c, "sd1i") || mpl__role(c, "ri"))
        each(c, "ni", below_2, "a sample of less than 2 has no spread");
}

static void events_in(mpl__checker *c, const char *events, const char *all)
{
    const mpl_column *x = mpl__role(c, events), *n = mpl__role(c, all);
    for (size_t i = 0; x && n && i < c->data->n_rows; i++)
        if (x->number[i] > n->number[i])
            mpl__found(c, MPL_SERIOUS, i, x, "more events than the group has members (%s)", n->text[i]);
}

static void events(mpl__checker *c)
{
    events_in(c, "ai", "n1i");
    events_in(c, "ci", "n2i");
    events_in(c, "xi", "ni");
}

/* People lost from the analysis explain a difference; a typing error does too. */
static void sum_of(mpl__checker *c, const char *a, const char *b, const char *sum)
{
    const mpl_column *all = mpl__role(c, sum);
    for (size_t i = 0; all && i < c->data->n_rows; i++) {
        const double x = mpl__role_at(c, a, i) + mpl__role_at(c, b, i);
        if (!isnan(x) && !isnan(all->number[i]) && x != all->number[i])
            mpl__found(c, MPL_WARNING, i, all, "%s and %s add up to %s", a, b, mpl__digits(c, x));
    }
}

static void sums(mpl__checker *c)
{
    sum_of(c, "ai", "bi", "n1i");
    if (has_cells(c))
        sum_of(c, "ci", "di", "n2i");
    sum_of(c, "n1i", "n2i", "ni");
}

/* Columns in part empty: said, not judged. */
static void missing(mpl__checker *c)
{
    for (size_t j = 0; j < c->data->n_columns; j++) {
        const mpl_column *column = &c->data->columns[j];
        if (column->n_missing > 0)
            mpl__found_in(c, MPL_REMARK, column, "missing in %zu of %zu rows", column->n_missing, c->data->n_rows);
    }
}

MPL__RULE(excel_date, "excel-date", MPL_SERIOUS, false, "a date where a number should be",
          "Ziemann, Eren & El-Osta 2016, Genome Biol 17:177");
MPL__RULE(not_a_number, "not-a-number", MPL_SERIOUS, false, "text where a number should be", handbook);
MPL__RULE(missing_code, "missing-code", MPL_WARNING, false, "999 and the like, for a missing value", handbook);
MPL__RULE(negative, "negative", MPL_SERIOUS, false, "a count, size or time below 0", handbook);
MPL__RULE(variance, "variance", MPL_SERIOUS, false, "a variance, standard error or standard deviation of 0 or less",
          handbook);
MPL__RULE(impossible, "impossible", MPL_SERIOUS, false, "a correlation, p-value or proportion outside its bounds",
          handbook);
MPL__RULE(events, "events", MPL_SERIOUS, false, "more events than members", handbook);
MPL__RULE(sums, "sums", MPL_WARNING, false, "parts that do not add up to the whole", handbook);
MPL__RULE(fraction, "fraction", MPL_SERIOUS, false, "a count that is no whole number", handbook);
MPL__RULE(tiny, "tiny", MPL_SERIOUS, false, "a group of less than 2 with a standard deviation", handbook);
MPL__RULE(missing, "missing", MPL_REMARK, true, "missing cells by column",
          "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 10.12");
