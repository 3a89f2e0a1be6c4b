/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means and standard deviations: standard errors in their place, and what a scale or whole numbers allow. */
#include <math.h>
#include <string.h>

#include "base/method.h"
#include "effect/check/rule.h"

static const char gotzsche[] = "Gotzsche, Hrobjartsson, Maric & Tendal 2007, JAMA 298:430-437; "
                               "Kadlec, Sainani & Nimphius 2023, Sports Med 53:313-325";

/* One group's columns. */
typedef struct arm {
    const char *mean, *sd, *n;
} arm;

static const arm arms[] = { { "m1i", "sd1i", "n1i" }, { "m2i", "sd2i", "n2i" }, { "mi", "sdi", "ni" } };

enum { N_ARMS = sizeof arms / sizeof *arms };

/* Spread of the two groups relative to their means; NaN if unknown. */
static double variation(const mpl__checker *c, size_t row)
{
    const double sd1 = mpl__role_at(c, "sd1i", row), sd2 = mpl__role_at(c, "sd2i", row);
    const double size = fabs(mpl__role_at(c, "m1i", row)) + fabs(mpl__role_at(c, "m2i", row));
    return size > 0 ? hypot(sd1, sd2) * sqrt(2) / size : (double)NAN;
}

/* Standardized difference of two groups whose spread is sd1 and sd2. */
static double standardized(double m1, double sd1, double n1, double m2, double sd2, double n2)
{
    return fabs(m1 - m2) / sqrt(((n1 - 1) * sd1 * sd1 + (n2 - 1) * sd2 * sd2) / (n1 + n2 - 2));
}

/* Standardized difference in a row if its spreads were `times` the root of n of what they are; NaN if unknown. */
static double difference(const mpl__checker *c, size_t row, bool times_root)
{
    const double n1 = mpl__role_at(c, "n1i", row), n2 = mpl__role_at(c, "n2i", row);
    const double f1 = times_root ? sqrt(n1) : 1, f2 = times_root ? sqrt(n2) : 1;
    return standardized(mpl__role_at(c, "m1i", row), f1 * mpl__role_at(c, "sd1i", row), n1,
                        mpl__role_at(c, "m2i", row), f2 * mpl__role_at(c, "sd2i", row), n2);
}

/* Median differences and variations of the other studies, and how many there are. */
static size_t others(mpl__checker *c, size_t row, double *usual_difference, double *usual_variation)
{
    double *d = MPL_NEW(c->scratch, double, c->data->n_rows), *v = MPL_NEW(c->scratch, double, c->data->n_rows);
    size_t n = 0;
    for (size_t i = 0; d && v && i < c->data->n_rows; i++)
        if (i != row && isfinite(difference(c, i, false)) && isfinite(variation(c, i))) {
            d[n] = difference(c, i, false);
            v[n++] = variation(c, i);
        }
    *usual_difference = d ? mpl__median(d, n) : (double)NAN;
    *usual_variation = v ? mpl__median(v, n) : (double)NAN;
    return n;
}

/*
 * A standardized difference beyond 2 is rare; if it becomes ordinary when the spread is multiplied by the root of the
 * group's size, the spread may be a standard error. Where three other studies can tell what is usual, the difference
 * must be three times theirs; it is serious beyond 4, or if the spread is less than a third of theirs relative to the
 * means. Below six members a standard error and a standard deviation are too alike to be told apart.
 */
static void sd_is_se(mpl__checker *c)
{
    const mpl_column *column = mpl__role(c, "sd1i");
    for (size_t i = 0; column && i < c->data->n_rows; i++) {
        const double d = difference(c, i, false), d_if = difference(c, i, true);
        const double n1 = mpl__role_at(c, "n1i", i), n2 = mpl__role_at(c, "n2i", i);
        double usual_d, usual_v;
        if (!(d > 2) || !(d_if < 2) || !(fmin(n1, n2) >= 6) || c->bad[i])
            continue;
        const bool alone = others(c, i, &usual_d, &usual_v) < 3, narrow = variation(c, i) < usual_v / 3;
        if (!alone && (!(d > 3 * usual_d) || (d <= 4 && !narrow)))
            continue;
        mpl__found(
            c, d > 4 || !alone ? MPL_SERIOUS : MPL_WARNING, i, column,
            "the difference is %s standard deviations; it would be %s if the spread of both groups (%s and %s) is "
            "the standard error of the mean, and sd = se * sqrt(n)",
            mpl__digits(c, d), mpl__digits(c, d_if), mpl__role(c, "sd1i")->text[i], mpl__role(c, "sd2i")->text[i]);
    }
}

/* On one common scale standard deviations are alike: factors of 3 and of 10 from the median of the others. */
static void sd_neighbours(mpl__checker *c)
{
    const char *id = c->measure ? c->measure->method.id : "";
    double *other = MPL_NEW(c->scratch, double, c->data->n_rows);
    c->failed = c->failed || !other;
    if (!other || !mpl__has_word("MD MC MN", id))
        return;
    for (size_t a = 0; a < N_ARMS; a++) {
        const mpl_column *sd = mpl__role(c, arms[a].sd);
        for (size_t i = 0; sd && i < c->data->n_rows; i++) {
            size_t n = 0;
            for (size_t k = 0; k < c->data->n_rows; k++)
                if (k != i && sd->number[k] > 0)
                    other[n++] = sd->number[k];
            const double ratio = sd->number[i] / mpl__median(other, n), root = sqrt(mpl__role_at(c, arms[a].n, i));
            if (n < 3 || isnan(ratio) || (ratio <= 3 && ratio >= 1.0 / 3))
                continue;
            const bool is_se = ratio < 1 && ratio * root > 0.5 && ratio * root < 2;
            mpl__found(c, ratio > 10 || ratio < 0.1 ? MPL_WARNING : MPL_REMARK, i, sd,
                       "%s times the median of the other studies%s", mpl__digits(c, ratio),
                       is_se ? ": multiplied by sqrt(n) it would be usual, as if it were a standard error" : "");
        }
    }
}

/* Bounds of the scale: the options', else those of a column by the name. */
static bool bounds_at(const mpl__checker *c, size_t row, double *lo, double *hi)
{
    const mpl_column *min = mpl_dataset_find(c->data, "scale_min"), *max = mpl_dataset_find(c->data, "scale_max");
    *lo = c->options->scale_min.given ? c->options->scale_min.value : min ? min->number[row] : (double)NAN;
    *hi = c->options->scale_max.given ? c->options->scale_max.value : max ? max->number[row] : (double)NAN;
    return *lo < *hi;
}

static void mean_range(mpl__checker *c)
{
    double lo, hi;
    for (size_t a = 0; a < N_ARMS; a++) {
        const mpl_column *mean = mpl__role(c, arms[a].mean);
        for (size_t i = 0; mean && mpl__role(c, arms[a].sd) && i < c->data->n_rows; i++)
            if (bounds_at(c, i, &lo, &hi) && (mean->number[i] < lo || mean->number[i] > hi))
                mpl__found(c, MPL_SERIOUS, i, mean, "outside the scale, which goes from %s to %s", mpl__digits(c, lo),
                           mpl__digits(c, hi));
    }
}

/* sd^2 <= (m - lo)(hi - m) n/(n - 1): reached if every score is at one of the ends. */
static void sd_range(mpl__checker *c)
{
    double lo, hi;
    for (size_t a = 0; a < N_ARMS; a++) {
        const mpl_column *sd = mpl__role(c, arms[a].sd);
        for (size_t i = 0; sd && i < c->data->n_rows; i++) {
            const double m = mpl__role_at(c, arms[a].mean, i), n = mpl__role_at(c, arms[a].n, i);
            if (!bounds_at(c, i, &lo, &hi) || m < lo || m > hi)
                continue;
            const double at = isnan(m) ? (lo + hi) / 2 : m, share = n > 1 ? n / (n - 1) : 1;
            const double most = sqrt((at - lo) * (hi - at) * share);
            if (sd->number[i] > most * (1 + 1e-9))
                mpl__found(c, MPL_SERIOUS, i, sd, "on a scale from %s to %s it cannot be above %s%s%s",
                           mpl__digits(c, lo), mpl__digits(c, hi), mpl__digits(c, most),
                           isnan(m) ? "" : " with a mean of ", isnan(m) ? "" : mpl__digits(c, m));
        }
    }
}

static size_t decimals(const char *text)
{
    const char *point = strpbrk(text, ".,");
    return point && !strpbrk(text, "eE") ? strspn(point + 1, "0123456789") : 0;
}

/* A mean of n whole numbers (times items) is a whole number over n items; rounding lets it be half a last digit off. */
static void grim(mpl__checker *c)
{
    for (size_t a = 0; c->options->items > 0 && a < N_ARMS; a++) {
        const mpl_column *mean = mpl__role(c, arms[a].mean);
        for (size_t i = 0; mean && mpl__role(c, arms[a].sd) && i < c->data->n_rows; i++) {
            const double x = mean->number[i], all = mpl__role_at(c, arms[a].n, i) * (double)c->options->items;
            if (isnan(x) || !(all >= 1))
                continue;
            const double half = 0.5 * pow(10, -(double)decimals(mean->text[i]));
            const double off = fabs(rint(x * all) / all - x);
            if (off > half * (1 + 1e-9) + 1e-12 * fabs(x))
                mpl__found(c, MPL_SERIOUS, i, mean, "no %s whole numbers have this mean: the nearest are %s and %s",
                           mpl__digits(c, all), mpl__digits(c, floor(x * all) / all),
                           mpl__digits(c, ceil(x * all) / all));
        }
    }
}

MPL__RULE(mean_range, "mean-range", MPL_SERIOUS, false, "a mean outside its scale", gotzsche);
MPL__RULE(sd_range, "sd-range", MPL_SERIOUS, false, "a standard deviation that its scale does not allow",
          "Bhatia & Davis 2000, Am Math Mon 107:353-357");
MPL__RULE(grim, "grim", MPL_SERIOUS, false, "a mean that n whole numbers cannot have",
          "Brown & Heathers 2017, Soc Psychol Personal Sci 8:363-369");
MPL__RULE(sd_is_se, "sd-is-se", MPL_SERIOUS, true, "a standard deviation that is probably a standard error", gotzsche);
MPL__RULE(sd_neighbours, "sd-neighbours", MPL_WARNING, true, "a standard deviation unlike those of the other studies",
          gotzsche);
