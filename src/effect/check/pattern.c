/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows against each other: duplicates, control groups used twice, effects that do not fit the rest. */
#include <math.h>
#include <string.h>

#include "effect/check/rule.h"
#include "effect/convert/sharing.h"

static bool same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool is_number_role(const mpl_column *column)
{
    return column->role && strcmp(column->role, "slab") && strcmp(column->role, "author") &&
           strcmp(column->role, "year");
}

static size_t count_digits(const char *text)
{
    size_t n = 0;
    for (; text && *text; text++)
        n += *text >= '0' && *text <= '9' ? 1 : 0;
    return n;
}

/* True if the columns are the same in both rows; *digits of them say so. */
static bool same_cells(const mpl__checker *c, size_t a, size_t b, bool numbers_only, size_t *digits)
{
    *digits = 0;
    for (size_t j = 0; j < c->data->n_columns; j++) {
        const mpl_column *column = &c->data->columns[j];
        if (numbers_only && !is_number_role(column))
            continue;
        if (!same_text(column->text[a], column->text[b]))
            return false;
        *digits += count_digits(column->text[a]);
    }
    return true;
}

typedef bool (*sameness)(const mpl__checker *c, size_t a, size_t b);

static bool same_row(const mpl__checker *c, size_t a, size_t b)
{
    size_t digits;
    return same_cells(c, a, b, false, &digits);
}

/* Few digits agree by chance. */
static bool same_numbers(const mpl__checker *c, size_t a, size_t b)
{
    enum { ENOUGH = 8 };
    size_t digits;
    return strcmp(c->data->label[a], c->data->label[b]) && same_cells(c, a, b, true, &digits) && digits >= ENOUGH;
}

static bool same_label(const mpl__checker *c, size_t a, size_t b)
{
    return !strcmp(c->data->label[a], c->data->label[b]) && !same_row(c, a, b);
}

/* Rows are compared only within groups that agree in `key`, so that long files stay linear. */
static void compare_rows(mpl__checker *c, const char *const *key, sameness same, mpl_severity severity,
                         const char *what)
{
    mpl__clusters groups;
    if (mpl__clusters_new(key, c->data->n_rows, c->scratch, &groups, NULL) != MPL_OK) {
        c->failed = true;
        return;
    }
    for (size_t g = 0; g < groups.n; g++)
        for (size_t i = 1; i < groups.size[g]; i++)
            for (size_t k = 0; k < i; k++) {
                const size_t a = groups.rows[groups.start[g] + k], b = groups.rows[groups.start[g] + i];
                if (!same(c, a, b))
                    continue;
                mpl__found(c, severity, b, NULL, "%s row %zu (%s)", what, c->data->row[a], c->data->label[a]);
                break;
            }
}

/* The texts of the numeric column that differs most from row to row, to group by. */
static const char *const *number_key(const mpl__checker *c)
{
    static const char *const best[] = { "yi", "m1i", "ai", "xi", "x1i", "mi", "ri", "ti", "pi" };
    for (size_t i = 0; i < sizeof best / sizeof *best; i++) {
        const mpl_column *column = mpl__role(c, best[i]);
        if (column)
            return column->text;
    }
    return NULL;
}

static void duplicate_row(mpl__checker *c)
{
    compare_rows(c, c->data->label, same_row, MPL_SERIOUS, "the same in every column as");
}

static void duplicate_numbers(mpl__checker *c)
{
    const char *const *key = number_key(c);
    if (key)
        compare_rows(c, key, same_numbers, MPL_WARNING, "another label, but the same numbers as");
}

static void duplicate_label(mpl__checker *c)
{
    compare_rows(c, c->data->label, same_label, MPL_REMARK, "the same label as");
}

/* Shared by chance? Means and spreads hardly are; events and sizes are, unless the study is the same. */
static bool tells(const mpl__checker *c, size_t row)
{
    return !isnan(mpl__role_at(c, "m2i", row)) && !isnan(mpl__role_at(c, "sd2i", row));
}

static void shared_control(mpl__checker *c)
{
    mpl__control control;
    const mpl_column *cluster = c->options->cluster ? mpl_dataset_find(c->data, c->options->cluster) : NULL;
    if (mpl__control_open(c->data, NULL, &control, NULL) != MPL_OK)
        return;
    const mpl_column *n2i = mpl__role(c, "n2i"), *m2i = mpl__role(c, "m2i");
    const mpl_column *key = cluster ? cluster : mpl__role(c, "author") ? mpl__role(c, "author") : m2i;
    mpl__clusters groups;
    if (!key || !n2i)
        return;
    if (mpl__clusters_new(key->text, c->data->n_rows, c->scratch, &groups, NULL) != MPL_OK) {
        c->failed = true;
        return;
    }
    for (size_t g = 0; g < groups.n; g++)
        for (size_t i = 1; i < groups.size[g]; i++)
            for (size_t k = 0; k < i; k++) {
                const size_t a = groups.rows[groups.start[g] + k], b = groups.rows[groups.start[g] + i];
                if (!mpl__control_same(&control, a, b) || (key != cluster && !tells(c, b)) || same_row(c, a, b) ||
                    same_numbers(c, a, b))
                    continue;
                mpl__found(c, MPL_WARNING, b, n2i, "the control group is that of row %zu (%s): used twice, it counts "
                                                   "twice", c->data->row[a], c->data->label[a]);
                break;
            }
}

static size_t data_row(const mpl__checker *c, size_t i)
{
    return c->origin[c->effects->index[i]];
}

/* Median and spread (MAD, as a standard deviation) of the other effects. */
static double centre_of_others(mpl__checker *c, double *work, size_t out, double *spread)
{
    const mpl_effects *e = c->effects;
    size_t n = 0;
    for (size_t i = 0; i < e->k; i++)
        if (i != out)
            work[n++] = e->yi[i];
    const double centre = mpl__median(work, n);
    n = 0;
    for (size_t i = 0; i < e->k; i++)
        if (i != out)
            work[n++] = fabs(e->yi[i] - centre);
    *spread = 1.4826 * mpl__median(work, n);
    return centre;
}

enum { MIN_STUDIES = 5 };

/* Distance in standard deviations that hold both the spread of the others and the study's own error. */
static void outlier(mpl__checker *c)
{
    const mpl_effects *e = c->effects;
    double *work = e ? MPL_NEW(c->scratch, double, e->k) : NULL;
    for (size_t i = 0; work && e->k >= MIN_STUDIES && e->k <= 20000 && i < e->k; i++) {
        double spread;
        const double centre = centre_of_others(c, work, i, &spread);
        const double sd = sqrt(spread * spread + e->vi[i]), distance = fabs(e->yi[i] - centre) / sd;
        if (distance > 5)
            mpl__found(c, MPL_SERIOUS, data_row(c, i), mpl__role(c, "yi"),
                       "the effect, %s, is %s standard deviations from the median of the others, %s",
                       mpl__digits(c, e->yi[i]), mpl__digits(c, distance), mpl__digits(c, centre));
    }
}

/* One effect on the other side of none, of the size of the others and not by chance: a lost or added sign? */
static void sign(mpl__checker *c)
{
    const mpl_effects *e = c->effects;
    const double none = e ? e->measure->null_value : (double)NAN;
    if (!e || e->k < MIN_STUDIES || isnan(none))
        return;
    size_t above = 0, below = 0, last_above = 0, last_below = 0;
    for (size_t i = 0; i < e->k; i++) {
        if (e->yi[i] > none) {
            above++;
            last_above = i;
        } else if (e->yi[i] < none) {
            below++;
            last_below = i;
        }
    }
    if ((above != 1 && below != 1) || above + below != e->k)
        return;
    const size_t one = above == 1 ? last_above : last_below;
    double *work = MPL_NEW(c->scratch, double, e->k);
    for (size_t i = 0, n = 0; work && i < e->k; i++)
        if (i != one)
            work[n++] = fabs(e->yi[i] - none);
    const double size = fabs(e->yi[one] - none);
    if (work && size > 0.5 * mpl__median(work, e->k - 1) && size > 1.5 * sqrt(e->vi[one]))
        mpl__found(
            c, MPL_WARNING, data_row(c, one), mpl__role(c, "yi"),
            "the effect, %s, has the opposite sign of all others and their size: are the groups, or the direction "
            "of the scale, the same?",
            mpl__digits(c, e->yi[one]));
}

/* Rows that give no effect though they hold nothing impossible. */
static void unusable(mpl__checker *c)
{
    for (size_t x = 0; c->effects && x < c->effects->n_excluded; x++) {
        const mpl_exclusion *e = &c->effects->excluded[x];
        for (size_t i = 0; i < c->data->n_rows; i++)
            if (c->data->row[i] == e->row)
                mpl__found(c, MPL_REMARK, i, NULL, "gives no effect: %s", e->reason);
    }
}

static const char tramer[] = "Tramer, Reynolds, Moore & McQuay 1997, BMJ 315:635-640";

MPL__RULE(duplicate_row, "duplicate-row", MPL_SERIOUS, false, "a row that is there twice", tramer);
MPL__RULE(duplicate_numbers, "duplicate-numbers", MPL_WARNING, true, "the same numbers under two labels", tramer);
MPL__RULE(duplicate_label, "duplicate-label", MPL_REMARK, true, "the same label twice", tramer);
MPL__RULE(shared_control, "shared-control", MPL_WARNING, true, "a control group that is used twice",
          "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 23.3.4");
MPL__RULE(outlier, "outlier", MPL_SERIOUS, true, "an effect more than 5 standard deviations from the others",
          "Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125");
MPL__RULE(sign, "sign", MPL_WARNING, true, "one effect with the opposite sign of all others",
          "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 6.5.1.2");
MPL__RULE(unusable, "unusable", MPL_REMARK, true, "a row that gives no effect",
          "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 10.12");
