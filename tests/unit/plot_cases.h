/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Analyses to draw, written down as literals so that figures can be tested without the layers that compute them.
 *
 * bcg: Colditz et al. 1994, JAMA 271:698-702; stroke: Normand 1999, Stat Med 18:321-359. Estimates are metafor 3.8's,
 * rma(test = "knha"). The others are made up to be difficult.
 */
#ifndef MPL_TESTS_PLOT_CASES_H
#define MPL_TESTS_PLOT_CASES_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <metapool/plot.h>

enum { CASE_ROWS = 64, CASE_COLUMNS = 12 };

/* One analysis with room for everything it points to. */
typedef struct plot_case {
    const char *name, *type;
    mpl_plot_options options;
    mpl_analysis analysis;
    mpl_dataset data;
    mpl_dataset_info info;
    mpl_column columns[CASE_COLUMNS];
    const char *text[CASE_COLUMNS][CASE_ROWS];
    double number[CASE_COLUMNS][CASE_ROWS];
    size_t row[CASE_ROWS];
    mpl_effects effects;
    double yi[CASE_ROWS], vi[CASE_ROWS], ni[CASE_ROWS], weights[CASE_ROWS];
    const char *slab[CASE_ROWS];
    size_t index[CASE_ROWS];
    mpl_exclusion excluded[CASE_ROWS];
    mpl_fit fit, group_fits[4];
    mpl_term terms[5];
    mpl_subgroups subgroups;
    mpl_group groups[4];
} plot_case;

static const mpl_transform case_exp = { .method = { .id = "exp" }, .apply = exp, .inverse = log, .is_ratio = true };

static const mpl_route case_cells[] = { { .id = "cells", .inputs = "ai n1i ci n2i" } };
static const mpl_measure case_rr = {
    .method = { .id = "RR", .title = "risk ratio" }, .label = "Risk ratio", .scale = "log risk ratio",
    .transform = &case_exp, .n_routes = 1, .routes = case_cells,
};
static const mpl_route case_means[] = { { .id = "means", .inputs = "m1i sd1i n1i m2i sd2i n2i" } };
static const mpl_measure case_md = {
    .method = { .id = "MD", .title = "mean difference" }, .label = "Mean difference", .scale = "mean difference",
    .n_routes = 1, .routes = case_means,
};
static const mpl_measure case_smd = {
    .method = { .id = "SMD", .title = "standardized mean difference" }, .label = "Standardized mean difference",
};
static const mpl_method case_reml = { .id = "REML", .title = "restricted maximum likelihood" };

/* Fills a fit whose mean has been found elsewhere. */
static void case_fit(mpl_fit *fit, mpl_term *term, size_t k, mpl_term mean, double tau2, double i2, double q,
                     double q_pval)
{
    *term = mean;
    *fit = (mpl_fit){ .options = { .method = "REML" }, .method = &case_reml,
                      .test = &case_reml, .pi = &case_reml, .tau2_ci_method = mpl_tau2_ci_method(0),
                      .level = 0.95, .k = k, .p = 1, .terms = term, .tau2 = tau2, .i2 = i2, .q = q,
                      .q_df = (double)k - 1, .q_pval = q_pval, .pi_lb = (double)NAN, .pi_ub = (double)NAN };
}

/* Ties the parts together; yi, vi, slab and the overall fit are set. */
static void case_close(plot_case *c, const mpl_measure *measure, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < k; i++) {
        c->index[i] = i;
        c->ni[i] = (double)NAN;
        c->weights[i] = 1 / (c->vi[i] + c->fit.tau2);
        sum += c->weights[i];
    }
    for (size_t i = 0; i < k; i++)
        c->weights[i] *= 100 / sum;
    c->fit.weights = c->weights;
    c->effects = (mpl_effects){ .measure = measure, .k = k, .yi = c->yi, .vi = c->vi, .ni = c->ni, .slab = c->slab,
                                .index = c->index, .row = c->row, .info = &c->info, .excluded = c->excluded,
                                .n_excluded = c->effects.n_excluded };
    for (size_t i = 0; i < CASE_ROWS; i++)
        c->row[i] = i + 1;
    c->analysis = (mpl_analysis){ .effects = &c->effects, .fit = &c->fit };
}

/* Adds a dataset of the columns "role=name" and the rows of cells; NULL is missing. */
static void case_data(plot_case *c, size_t n_rows, size_t n_columns, const char *const *roles,
                      const char *const *cells)
{
    for (size_t j = 0; j < n_columns; j++) {
        mpl_column *const col = &c->columns[j];
        *col = (mpl_column){ .name = roles[j], .role = roles[j], .is_number = true, .text = c->text[j],
                             .number = c->number[j] };
        for (size_t i = 0; i < n_rows; i++) {
            const char *const cell = cells[i * n_columns + j];
            char *end = NULL;
            c->text[j][i] = cell;
            c->number[j][i] = cell ? strtod(cell, &end) : (double)NAN;
            if (cell && *end)
                col->is_number = false;
        }
    }
    c->data = (mpl_dataset){ .name = "case", .info = &c->info, .n_rows = n_rows, .n_columns = n_columns,
                             .columns = c->columns, .row = c->row, .line = c->row };
    c->analysis.data = &c->data;
}

static plot_case *case_bcg(void)
{
    static const char *const roles[] = { "ai", "n1i", "ci", "n2i", "slab" };
    static const char *const cells[] = {
        "4", "123", "11", "139", "Aronson 1948",
        "6", "306", "29", "303", "Ferguson & Simes 1949",
        "3", "231", "11", "220", "Rosenthal et al. 1960",
        "62", "13598", "248", "12867", "Hart & Sutherland 1977",
        "33", "5069", "47", "5808", "Frimodt-Møller et al. 1973",
        "180", "1541", "372", "1451", "Stein & Aronson 1953",
        "8", "2545", "10", "629", "Vandiviere et al. 1973",
        "505", "88391", "499", "88391", "TPT Madras 1980",
        "29", "7499", "45", "7277", "Coetzee & Berjak 1968",
        "17", "1716", "65", "1665", "Rosenthal et al. 1961",
        "186", "50634", "141", "27338", "Comstock et al. 1974",
        "5", "2498", "3", "2341", "Comstock & Webster 1969",
        "27", "16913", "29", "17854", "Comstock et al. 1976",
    };
    static const double yi[] = { -0.8893113339202, -1.5853886572014, -1.3480731482997, -1.4415511900213,
                                 -0.2175473222113, -0.7861155858189, -1.6208982235984, 0.0119523335238,
                                 -0.4694176487381, -1.3713448034728, -0.3393588283384, 0.4459134005714,
                                 -0.0173139482169 };
    static const double vi[] = { 0.32558476500396, 0.19458112139814, 0.41536796536797, 0.02001003190225,
                                 0.05121017216963, 0.00690561845591, 0.22301724757232, 0.00396157929782,
                                 0.05643421046325, 0.07302479361303, 0.01241221397156, 0.53250584520015,
                                 0.07140465968399 };
    plot_case *const c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->name = "bcg";
    for (size_t i = 0; i < 13; i++) {
        c->yi[i] = yi[i];
        c->vi[i] = vi[i];
        c->slab[i] = cells[5 * i + 4];
    }
    case_fit(&c->fit, &c->terms[0], 13,
             (mpl_term){ "intercept", -0.714532342158, 0.180791744093, -3.95223988652, 12, 0.00192001509606,
                         -6.2554, -1.10844371369, -0.320620970631 },
             0.313243258136, 92.2213845213, 152.233008082, 1.99676459085e-26);
    c->fit.pi_lb = -1.9960;
    c->fit.pi_ub = 0.5670;
    c->info = (mpl_dataset_info){ .id = "bcg", .title = "BCG vaccine against tuberculosis", .kind = "textbook",
                                  .source = "Colditz et al. 1994, JAMA 271:698-702" };
    case_close(c, &case_rr, 13);
    case_data(c, 13, 5, roles, cells);
    c->options = (mpl_plot_options){ .forest = { .arms = "Vaccinated,Control", .favours_left = "Favours vaccination",
                                                 .favours_right = "Favours control" } };
    return c;
}

static plot_case *case_stroke(void)
{
    static const char *const roles[] = { "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i" };
    static const char *const cells[] = {
        "155", "55", "47", "156", "75", "64",  "31", "27", "7", "32", "29", "4",    "75", "64", "17", "71", "119", "29",
        "18", "66", "20", "18", "137", "48",   "8", "14", "8", "13", "18", "11",    "57", "19", "7", "52", "18", "4",
        "34", "52", "45", "33", "41", "34",    "110", "21", "16", "183", "31", "27", "60", "30", "27", "52", "23", "20",
        "12", "40", NULL, "11", "52", NULL,
    };
    static const char *const slab[] = { "Edinburgh", "Orpington-Mild", "Orpington-Moderate", "Orpington-Severe",
                                        "Montreal-Home", "Montreal-Transfer", "Newcastle", "Umeå", "Uppsala" };
    static const double yi[] = { -20, -2, -55, -71, -4, 1, 11, -10, 7 };
    static const double vi[] = { 40.5080231596, 2.08064516129, 15.6984037559, 150.222222222, 17.3076923077,
                                 1.1673414305, 94.5891265597, 6.31087928465, 19.8423076923 };
    static const size_t city[] = { 0, 6, 7, 8 }, orpington[] = { 1, 2, 3 }, montreal[] = { 4, 5 };
    static const char *const warnings[] = { "Simulated for teaching; no such hospital exists." };
    plot_case *const c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->name = "stroke";
    for (size_t i = 0; i < 9; i++) {
        c->yi[i] = yi[i];
        c->vi[i] = vi[i];
        c->slab[i] = slab[i];
    }
    case_fit(&c->fit, &c->terms[0], 9,
             (mpl_term){ "intercept", -15.1060274735, 9.19890874663, -1.64215429129, 8, 0.13918403726, -1.97195,
                         -36.3187490826, 6.10669413561 },
             684.646151931, 98.9712743474, 238.915810862, 3.8418092854e-47);
    c->fit.pi_lb = -79.0645424665;
    c->fit.pi_ub = 48.8524875196;
    case_fit(&c->group_fits[0], &c->terms[1], 4,
             (mpl_term){ "intercept", -3.80996338058, 7.03700060946, -0.5414186515, 3, 0.625840234534, -0.46866,
                         -26.2048399704, 18.5849132093 },
             155.27347456, 86.8760965174, 18.8607358511, 0.000292137178474);
    case_fit(&c->group_fits[1], &c->terms[2], 3,
             (mpl_term){ "intercept", -41.5943009134, 20.8981721089, -1.99033201069, 2, 0.184825449584, -1.68834,
                         -131.511878185, 48.3232763579 },
             1266.55635186, 98.7454107606, 183.929089441, 1.14896208386e-40);
    case_fit(&c->group_fits[2], &c->terms[3], 2,
             (mpl_term){ "intercept", 0.114035087719, 1.90915969359, 0.059730512907, 1, 0.962019499687, -0.03872,
                         -24.144138853, 24.3722090285 },
             3.2624831309, 26.0998650472, 1.35317750183, 0.244723388905);
    c->groups[0] = (mpl_group){ "City hospitals", 4, city, &c->group_fits[0] };
    c->groups[1] = (mpl_group){ "Orpington", 3, orpington, &c->group_fits[1] };
    c->groups[2] = (mpl_group){ "Montreal", 2, montreal, &c->group_fits[2] };
    c->subgroups = (mpl_subgroups){ .column = "place", .n_groups = 3, .groups = c->groups, .tau2 = (double)NAN,
                                    .q = 2.6115387, .q_df = 2, .q_df2 = 6, .q_pval = 0.1527981 };
    c->info = (mpl_dataset_info){ .id = "stroke", .title = "Length of stay under specialist and routine stroke care",
                                  .kind = "simulated", .source = "Normand 1999, Stat Med 18:321-359",
                                  .n_warnings = 1, .warnings = warnings };
    c->excluded[0] = (mpl_exclusion){ .row = 10, .study = "Kuopio", .reason = "sd1i and sd2i are missing" };
    c->effects.n_excluded = 1;
    case_close(c, &case_md, 9);
    case_data(c, 10, 6, roles, cells);
    c->analysis.subgroups = &c->subgroups;
    c->options = (mpl_plot_options){ .xlim = "-80,60", .forest = { .arms = "Specialist,Routine", .digits = 1,
                                     .favours_left = "Favours specialist care",
                                     .favours_right = "Favours routine care" } };
    return c;
}

/* Two intervals far wider than the rest, and one estimate off the axis. */
static plot_case *case_clipped(void)
{
    static const double yi[] = { 0.2, 0.5, 0.35, 0.9, 0.1, 6.5, 0.4, -0.3 };
    static const double vi[] = { 0.02, 0.05, 0.03, 0.1, 9, 1, 0.04, 4 };
    static const char *const slab[] = { "Abe 2011", "Bivalacqua 2007", "Chen 2012", "Das 2015",
                                        "Wide on both sides 2016", "Off the axis 2018", "Fall 2009", "Wide 2020" };
    plot_case *const c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->name = "clipped";
    for (size_t i = 0; i < 8; i++) {
        c->yi[i] = yi[i];
        c->vi[i] = vi[i];
        c->slab[i] = slab[i];
    }
    case_fit(&c->fit, &c->terms[0], 8,
             (mpl_term){ "intercept", 0.42, 0.11, 3.8181818, 7, 0.0065605, -5.0267, 0.159891, 0.680109 }, 0.03, 41.2,
             11.9, 0.104);
    c->fit.pi_lb = -0.0721;
    c->fit.pi_ub = 0.9121;
    case_close(c, &case_smd, 8);
    return c;
}

static plot_case *case_one(void)
{
    plot_case *const c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->name = "one";
    c->yi[0] = log(0.62);
    c->vi[0] = 0.04;
    c->slab[0] = "The only study";
    case_fit(&c->fit, &c->terms[0], 1,
             (mpl_term){ "intercept", log(0.62), 0.2, -2.3902, INFINITY, 0.016841, -4.084, -0.87003, -0.08604 },
             (double)NAN, (double)NAN, (double)NAN, (double)NAN);
    case_close(c, &case_rr, 1);
    c->weights[0] = 100;
    return c;
}

static plot_case *case_sixty(void)
{
    static char names[60][32];
    plot_case *const c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->name = "sixty";
    for (size_t i = 0; i < 60; i++) {
        const double turn = (double)(i * 37 % 60) / 60;
        snprintf(names[i], sizeof names[i], "Study %02zu, %zu", i + 1, 1964 + i);
        c->yi[i] = -0.9 + 1.6 * turn;
        c->vi[i] = 0.01 + 0.2 * (double)(i * 7 % 11) / 11;
        c->ni[i] = 20 + (double)(i * 13 % 90);
        c->slab[i] = names[i];
    }
    case_fit(&c->fit, &c->terms[0], 60,
             (mpl_term){ "intercept", -0.11, 0.062, -1.774, 59, 0.0812, -2.5108, -0.2341, 0.0141 }, 0.18, 78.4, 291.7,
             3e-32);
    c->fit.pi_lb = -0.969;
    c->fit.pi_ub = 0.749;
    case_close(c, &case_rr, 60);
    for (size_t i = 0; i < 60; i++)
        c->ni[i] = 20 + (double)(i * 13 % 90);
    c->options = (mpl_plot_options){ .forest = { .sort = "yi" },
                                     .title = "Sixty studies in the order of their effects" };
    return c;
}

/* Labels that try to be code, to break lines, or to be too long. */
static plot_case *case_hostile(void)
{
    static char longest[501];
    static const char *const slab[] = {
        "it's \"quoted\" and `touch pwned`", "</svg><script>alert(1)</script>&amp;", "{/:Bold b}^2_3 @~&{x}",
        "'.system('touch pwned').'", "$(touch pwned)", "|touch pwned", "EOD", "\\n \\t \\042 \\\\ %s %n %d",
        "# not a comment", "漢字の研究 (日本) 2019", "دراسة عربية", "מחקר עברי 12", "e\xCC\x81tude comb\xCC\x82ine\xCC\x81",
        "\xF0\x9F\x98\x80\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC emoji", "two\nlines\tand\x01 control \x1b[31mred",
        "right-to-left \xE2\x80\xAEoverride", "not UTF-8: \xFF\xC3(", "", "   ", "NaN", "-1.5e3", longest,
    };
    enum { K = sizeof slab / sizeof *slab };
    plot_case *const c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->name = "hostile";
    for (size_t i = 0; i < 500; i++)
        longest[i] = (char)(i % 7 == 6 ? ' ' : 'a' + (char)(i % 26));
    for (size_t i = 0; i < K; i++) {
        c->yi[i] = 0.1 * (double)(i % 7) - 0.2;
        c->vi[i] = 0.02 + 0.01 * (double)(i % 5);
        c->slab[i] = slab[i];
    }
    case_fit(&c->fit, &c->terms[0], K,
             (mpl_term){ "intercept", 0.09, 0.05, 1.8, 21, 0.0862, -2.4511, -0.014, 0.194 }, 0.01, 33, 31.3, 0.069);
    c->info = (mpl_dataset_info){ .title = "A title with 'quotes', `ticks`, </title> and \"more\" \\ {/:Bold}",
                                  .kind = "published", .source = "$(touch pwned) 'and' </svg>" };
    case_close(c, &case_smd, K);
    c->options = (mpl_plot_options){ .forest = { .favours_left = "Favours '.system('touch pwned').'", .favours_right =
                                     "Favours </text> a very long text that does not fit on the page" } };
    return c;
}

static plot_case *(*const plot_cases[])(void) = { case_bcg, case_stroke, case_clipped,
                                                  case_one, case_sixty,  case_hostile };

#endif
