/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option tables of fits and subgroups, and the ways to pool tau2 over subgroups. */
#include <math.h>
#include <string.h>

#include <metapool/option.h>
#include "base/error.h"
#include "base/method.h"
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
          .dflt = "REML",
          .help = "an estimator of the between-study variance, equal effects, or a method for counts", .since = "0.1" },
        { .name = "test", MPL_MEMBER(CHOICE, mpl_fit_options, test), .choice = mpl_test_method, .arg = "TEST",
          .dflt = "hksj", .help = "how intervals and p-values of the mean are made", .since = "0.1" },
        { .name = "pi", MPL_MEMBER(CHOICE, mpl_fit_options, pi), .choice = mpl_pi_method, .arg = "VARIANT",
          .dflt = "auto", .help = "kind of prediction interval", .since = "0.1" },
        { .name = "tau2-ci", MPL_MEMBER(CHOICE, mpl_fit_options, tau2_ci), .choice = mpl_tau2_ci_method,
          .arg = "METHOD", .dflt = "QP", .help = "how the interval of the between-study variance is made",
          .since = "0.1" },
        { .name = "weights", MPL_MEMBER(CHOICE, mpl_fit_options, weights), .choice = mpl_weights_method, .arg = "HOW",
          .dflt = "inverse-variance", .help = "how studies are weighted in the mean and in coefficients",
          .since = "0.1" },
        { .name = "tau2", MPL_MEMBER(MAYBE, mpl_fit_options, tau2), .arg = "VALUE",
          .help = "fix the between-study variance instead of estimating it", .since = "0.1" },
        { .name = "draws", MPL_MEMBER(COUNT, mpl_fit_options, draws), .min = 100, .max = 1e9, .arg = "N",
          .dflt = "10000", .help = "permutations, with the observed order, or bootstrap samples", .since = "0.1" },
        { .name = "permutation-ci", MPL_MEMBER(FLAG, mpl_fit_options, permutation_ci),
          .help = "tests by permutations: also intervals by them, which takes some fifty times as long",
          .since = "0.1" },
        { .name = "i2", MPL_MEMBER(MAYBE, mpl_fit_options, i2), .min = 0, .max = 99.999999, .arg = "PERCENT",
          .help = "fix the between-study variance at this I2, in percent", .since = "0.1" },
        { .name = "tau2-min", MPL_MEMBER(MAYBE, mpl_fit_options, tau2_min), .min = -INFINITY, .max = 0, .arg = "VALUE",
          .help = "let the estimate of the between-study variance be negative, down to this value", .since = "0.1" },
        { .name = "i2-def", MPL_MEMBER(CHOICE, mpl_fit_options, i2_def), .choice = mpl_i2_method, .arg = "DEFINITION",
          .dflt = "typical", .help = "the sampling variance that I2 and H2 compare tau2 with", .since = "0.1" },
        { .name = "rb", MPL_MEMBER(FLAG, mpl_fit_options, rb),
          .help = "also Rb, the share of tau2 in the variance of the mean", .since = "0.1" },
        { .name = "het-tests", MPL_MEMBER(FLAG, mpl_fit_options, het_tests),
          .help = "also tests of heterogeneity beside Q: that tau2 is 0 (likelihood ratio, score, Wald), that it is "
                  "the same in all studies", .since = "0.1" },
        { .name = "beyond", MPL_MEMBER(MAYBE, mpl_fit_options, beyond), .arg = "VALUE",
          .help = "also the shares of true effects below and above this value, on the scale that is shown",
          .since = "0.1" },
        { .name = "level", MPL_MEMBER(LEVEL, mpl_fit_options, level), .arg = "LEVEL", .dflt = "0.95",
          .help = "level of confidence and prediction intervals, as 95 or 0.95", .since = "0.1" },
        { .name = "mh-counts", MPL_MEMBER(CHOICE, mpl_fit_options, mh_counts), .choice = mpl_mh_counts_method,
          .arg = "WHICH", .dflt = "reported", .help = "what method MH adds up", .since = "0.1" },
        { .name = "rd-variance", MPL_MEMBER(CHOICE, mpl_fit_options, rd_variance), .choice = mpl_rd_variance_method,
          .arg = "WHICH", .dflt = "sato", .help = "variance of a risk difference by method MH", .since = "0.1" },
        { .name = "glmm-model", MPL_MEMBER(CHOICE, mpl_fit_options, glmm_model), .choice = mpl_glmm_method,
          .arg = "MODEL", .help = "model of method GLMM; else the first one that is defined for the measure",
          .since = "0.1" },
        { .name = "glmm-coding", MPL_MEMBER(MAYBE, mpl_fit_options, glmm_coding), .min = 0, .max = 1, .arg = "SHARE",
          .help = "method GLMM: part of the varying effect that is added to group 1, the rest being taken from "
                  "group 2; 0.5 if not given", .since = "0.1" },
        { .name = "glmm-cor", MPL_MEMBER(FLAG, mpl_fit_options, glmm_cor),
          .help = "model UM.RS: intercepts and effects of studies correlate", .since = "0.1" },
        { .name = "quad-points", MPL_MEMBER(COUNT, mpl_fit_options, quad_points), .min = 1, .max = 100, .arg = "N",
          .help = "nodes of the adaptive quadrature of method GLMM (1 is Laplace's approximation); else as many as 10 "
                  "digits take", .since = "0.1" },
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

static const mpl_option *option_row(const char *name, size_t n)
{
    const mpl_option *row = mpl_fit_option_table();
    while (row->name && (*row->name != *name || strncmp(row->name, name, n) != 0 || row->name[n]))
        row++;
    return row;
}

mpl_status mpl__fit_own_options(const mpl__method_def *method, const mpl_fit_options *given, mpl_fit_options *options,
                                mpl_error *err)
{
    const mpl__method_def *owner;
    for (size_t i = 0; (owner = mpl__method_at(i)); i++) {
        size_t n;
        for (const char *p = owner->options, *word; (word = mpl__next_word(&p, &n));) {
            const mpl_option *const row = option_row(word, n);
            if (mpl__has_word(method->options, row->name))
                continue;
            if (given && mpl_option_given(row, given))
                return mpl__fail(err, MPL_ERR_ARG, "--%s is for method %s, not for %s", row->name, owner->method.id,
                                 method->method.id);
            mpl__option_clear(row, options);
        }
    }
    return MPL_OK;
}

mpl_fit_options mpl__fit_plain(mpl_fit_options options)
{
    options.test = "z";
    options.pi = options.tau2_ci = "none";
    options.draws = 0;
    options.het_tests = options.permutation_ci = false;
    return options;
}
