/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adjustments of p-values for their number. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/method.h"
#include <metapool/regress.h>

typedef struct ranked {
    double pval;
    size_t index;
} ranked;

/* What the j-th smallest of n is multiplied by. */
static double holm(size_t j, size_t n)
{
    return (double)(n - j);
}

static double bonferroni(size_t j, size_t n)
{
    (void)j;
    return (double)n;
}

static double benjamini(size_t j, size_t n)
{
    return (double)n / (double)(j + 1);
}

static double plain(size_t j, size_t n)
{
    (void)j;
    (void)n;
    return 1;
}

static const struct {
    mpl_method method;
    double (*factor)(size_t j, size_t n);
    bool steps_up; /* never above the one behind it; else never below the one before */
} registry[] = {
    { { "holm", "Holm", "Holm 1979, Scand J Stat 6:65-70", NULL, "Holds the family-wise error; never worse than "
        "Bonferroni." }, holm, false },
    { { "hochberg", "Hochberg", "Hochberg 1988, Biometrika 75:800-802", NULL, "Holds the family-wise error for "
        "independent or positively dependent tests." }, holm, true },
    { { "bonferroni", "Bonferroni", "Dunn 1961, J Am Stat Assoc 56:52-64", NULL, NULL }, bonferroni, false },
    { { "BH", "Benjamini-Hochberg", "Benjamini & Hochberg 1995, J R Stat Soc B 57:289-300", "fdr", "Holds the false "
        "discovery rate." }, benjamini, true },
    { { "none", "not adjusted", NULL, NULL, NULL }, plain, false },
};

const mpl_method *mpl_adjust_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

static int by_pval(const void *a, const void *b)
{
    const ranked *const x = a, *const y = b;
    return (x->pval > y->pval) - (x->pval < y->pval);
}

mpl_status mpl_pvalues_adjust(const char *method, const double *pval, size_t n, double *out, mpl_error *err)
{
    const mpl_method *found;
    size_t m = 0, row = 0;
    MPL_TRY(mpl__method_get(mpl_adjust_method, "adjustment", method ? method : "holm", &found, err));
    while (&registry[row].method != found)
        row++;
    ranked *const all = mpl__realloc(NULL, n + 1, sizeof *all);
    if (!all)
        return mpl__fail_nomem(err, "the p-values");
    for (size_t i = 0; i < n; i++) {
        if (!isnan(pval[i]))
            all[m++] = (ranked){ pval[i], i };
        out[i] = NAN;
    }
    qsort(all, m, sizeof *all, by_pval);
    double limit = registry[row].steps_up ? 1 : 0;
    for (size_t i = 0; i < m; i++) {
        const size_t j = registry[row].steps_up ? m - 1 - i : i;
        const double p = fmin(1, registry[row].factor(j, m) * all[j].pval);
        limit = registry[row].steps_up ? fmin(limit, p) : fmax(limit, p);
        out[all[j].index] = limit;
    }
    mpl__free(all);
    return MPL_OK;
}
