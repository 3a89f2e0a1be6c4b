/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option tables of fits and subgroups, and the ways to pool tau2 over subgroups. */
#include <math.h>

#include <metapool/option.h>
#include "model/fit_impl.h"

static const mpl_method pooling[] = {
#define MPL_POOLING(id, title, cite) { id, title, cite, NULL, NULL },
#include "model/pooling.def"
#undef MPL_POOLING
};

const mpl_method *mpl_pooling_method(size_t i)
{
    return i < sizeof pooling / sizeof *pooling ? &pooling[i] : NULL;
}

const mpl_option *mpl_fit_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "method", MPL_MEMBER(CHOICE, mpl_fit_options, method), .choice = mpl_fit_method, .arg = "METHOD",
          .dflt = "REML", .help = "equal effects, or the estimator of the between-study variance", .since = "0.1" },
        { .name = "test", MPL_MEMBER(CHOICE, mpl_fit_options, test), .choice = mpl_test_method, .arg = "TEST",
          .dflt = "hksj", .help = "how intervals and p-values of the mean are made", .since = "0.1" },
        { .name = "pi", MPL_MEMBER(CHOICE, mpl_fit_options, pi), .choice = mpl_pi_method, .arg = "VARIANT",
          .dflt = "auto", .help = "kind of prediction interval", .since = "0.1" },
        { .name = "tau2-ci", MPL_MEMBER(CHOICE, mpl_fit_options, tau2_ci), .choice = mpl_tau2_ci_method,
          .arg = "METHOD", .dflt = "QP", .help = "how the interval of the between-study variance is made",
          .since = "0.1" },
        { .name = "tau2", MPL_MEMBER(MAYBE, mpl_fit_options, tau2), .min = 0, .max = INFINITY, .arg = "VALUE",
          .help = "fix the between-study variance instead of estimating it", .since = "0.1" },
        { .name = "draws", MPL_MEMBER(COUNT, mpl_fit_options, draws), .min = 100, .max = 1e9, .arg = "N",
          .dflt = "10000", .help = "permutations, with the observed order, or bootstrap samples", .since = "0.1" },
        { .name = "level", MPL_MEMBER(LEVEL, mpl_fit_options, level), .arg = "LEVEL", .dflt = "0.95",
          .help = "level of confidence and prediction intervals, as 95 or 0.95", .since = "0.1" },
        { .name = NULL },
    };
    return table;
}

const mpl_option *mpl_subgroup_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "subgroup", MPL_MEMBER(TEXT, mpl_subgroup_options, subgroup), .arg = "COLUMN",
          .help = "pool each value of this column apart and compare them", .since = "0.1" },
        { .name = "tau2-pooling", MPL_MEMBER(CHOICE, mpl_subgroup_options, pooling), .choice = mpl_pooling_method,
          .arg = "HOW", .dflt = "separate", .help = "one between-study variance per subgroup, or one for all",
          .since = "0.1" },
        { .name = NULL },
    };
    return table;
}
