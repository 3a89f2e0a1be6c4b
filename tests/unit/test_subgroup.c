/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subgroups against R; single studies, missing values, hostile columns. */
#include "fit_case.h"

/* A dataset with columns yi, vi, g. */
static mpl_dataset *dataset_of(const char *csv)
{
    mpl_dataset *data;
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, strlen(csv), "test.csv", NULL, &data, &err) != MPL_OK)
        check_die("dataset", err.message);
    return data;
}

static mpl_effects *effects_of(const mpl_dataset *data)
{
    mpl_effects *effects;
    mpl_error err;
    if (mpl_effects_new(data, NULL, &effects, &err) != MPL_OK)
        check_die("effects", err.message);
    return effects;
}

/* Runs `csv` and returns the status; *out is the result, *message the error. */
static mpl_status subgroups_of(const char *csv, const char *column, const char *pooling, const mpl_fit_options *fit,
                               mpl_subgroups **out, char message[MPL_ERROR_SIZE])
{
    mpl_dataset *const data = dataset_of(csv);
    mpl_effects *const effects = effects_of(data);
    mpl_error err = { .code = MPL_OK };
    const mpl_subgroup_options options = { column, pooling };
    const mpl_status s = mpl_subgroups_new(data, effects, fit, &options, out, &err);
    memcpy(message, err.message, MPL_ERROR_SIZE);
    mpl_effects_free(effects); /* a result does not point into its inputs */
    mpl_dataset_free(data);
    return s;
}

static double number_at(const check_csv *csv, size_t row, const char *column, size_t i)
{
    double values[CASE_SIZE];
    const size_t n = case_numbers(check_csv_text(csv, row, column), values);
    return i < n ? values[i] : NAN;
}

static double finite_or_nan(double x)
{
    return isinf(x) ? NAN : x;
}

static void compare_groups(const check_csv *csv, size_t row, const mpl_subgroups *s, double tol)
{
    const char *const name = check_csv_row(csv, row), *const set = check_csv_text(csv, row, "set");
    const struct { const char *column; double got; } whole[] = {
        { "q", s->q },
        { "q_df", s->q_df },
        { "q_df2", finite_or_nan(s->q_df2) },
        { "q_pval", s->q_pval },
        { "tau2", s->tau2 },
    };
    for (size_t i = 0; i < 5; i++)
        CHECK_CLOSE(whole[i].got, check_csv_real(csv, row, whole[i].column), tol, "%s %s %s", name, set,
                    whole[i].column);
    if (*check_csv_text(csv, row, "welch_f")) {
        CHECK_CLOSE(s->welch_f, check_csv_real(csv, row, "welch_f"), tol, "%s", name);
        CHECK_CLOSE(s->welch_df2, check_csv_real(csv, row, "welch_df2"), tol, "%s", name);
        CHECK_CLOSE(s->welch_pval, check_csv_real(csv, row, "welch_pval"), tol, "%s", name);
        CHECK_CLOSE(exp(s->welch_log_pval), s->welch_pval, 1e-12, "%s", name);
    }
    CHECK_CLOSE(exp(s->q_log_pval), s->q_pval, 1e-12, "%s", name);
    for (size_t g = 0; g < s->n_groups; g++) {
        const mpl_term *const mean = s->groups[g].fit->terms;
        CHECK_CLOSE(mean->estimate, number_at(csv, row, "estimate", g), tol, "%s group %zu", name, g);
        CHECK_CLOSE(mean->se, number_at(csv, row, "se", g), tol, "%s group %zu se", name, g);
    }
    CHECK(s->n_contrasts == s->n_groups * (s->n_groups - 1) / 2, "%s: %zu contrasts", name, s->n_contrasts);
    for (size_t i = 0; i < s->n_contrasts; i++) {
        const mpl_contrast *const c = &s->contrasts[i];
        CHECK_CLOSE(c->diff.estimate, number_at(csv, row, "diff", i), tol, "%s %s", name, c->diff.term);
        CHECK_CLOSE(c->diff.se, number_at(csv, row, "diff_se", i), tol, "%s %s se", name, c->diff.term);
        CHECK_CLOSE(finite_or_nan(c->diff.df), number_at(csv, row, "diff_df", i), tol, "%s %s df", name, c->diff.term);
        CHECK_CLOSE(c->diff.pval, number_at(csv, row, "diff_pval", i), 10 * tol, "%s %s p", name, c->diff.term);
        CHECK_CLOSE(c->pval_holm, number_at(csv, row, "diff_holm", i), 10 * tol, "%s %s Holm", name, c->diff.term);
    }
}

static void reference(void)
{
    check_csv *const csv = check_csv_open("ref/subgroup.csv");
    bool seen[2] = { false, false };
    for (size_t i = 0; i < csv->n_rows; i++) {
        static char text[1 << 16];
        const char *label = check_csv_text(csv, i, "g");
        const char *const pooling = check_csv_text(csv, i, "pooling");
        double yi[CASE_SIZE], vi[CASE_SIZE];
        const size_t k = case_numbers(check_csv_text(csv, i, "yi"), yi);
        case_numbers(check_csv_text(csv, i, "vi"), vi);
        size_t n = (size_t)sprintf(text, "yi,vi,g\n");
        for (size_t j = 0; j < k; j++) {
            const int length = (int)strcspn(label, " ");
            n += (size_t)sprintf(text + n, "%.17g,%.17g,%.*s\n", yi[j], vi[j], length, label);
            label += length + (label[length] == ' ');
        }
        const mpl_fit_options fit = { .method = check_csv_text(csv, i, "method"),
                                      .test = check_csv_text(csv, i, "test") };
        mpl_subgroups *s;
        char message[MPL_ERROR_SIZE];
        if (!CHECK(subgroups_of(text, "g", pooling, &fit, &s, message) == MPL_OK, "%s: %s", check_csv_row(csv, i),
                   message))
            continue;
        compare_groups(csv, i, s, 1e-10);
        seen[0] |= !strcmp(pooling, mpl_pooling_method(0)->id);
        seen[1] |= !strcmp(pooling, mpl_pooling_method(1)->id);
        mpl_subgroups_free(s);
    }
    CHECK(seen[0] && seen[1] && !mpl_pooling_method(2), "every way to pool tau2 has reference rows");
    check_csv_free(csv);
}

/* M10: with equal effects Q falls apart into between and within; M11: the moderator model has the same Q between. */
static void decomposition(void)
{
    const char *const text = "yi,vi,g\n0.1,0.02,a\n0.5,0.03,b\n0.9,0.01,a\n-0.2,0.05,c\n0.4,0.04,b\n0.3,0.02,c\n";
    mpl_dataset *const data = dataset_of(text);
    mpl_effects *const effects = effects_of(data);
    const mpl_fit_options options = { .method = "EE" };
    mpl_fit *whole;
    mpl_subgroups *s;
    CHECK(mpl_fit_new(effects, NULL, &options, &whole, NULL) == MPL_OK, "whole");
    const mpl_subgroup_options by_g = { "g", NULL };
    CHECK(mpl_subgroups_new(data, effects, &options, &by_g, &s, NULL) == MPL_OK, "groups");
    double within = 0;
    for (size_t g = 0; g < s->n_groups; g++)
        within += s->groups[g].fit->q;
    CHECK_CLOSE(s->q + within, whole->q, 1e-13, "M10");
    const double x[18] = { 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1 };
    const mpl_design design = { 6, 3, x, NULL };
    static const char *const methods[] = { "EE", "DL", "REML" };
    for (size_t i = 0; i < 3; i++) {
        const mpl_fit_options o = { .method = methods[i], .test = "z" };
        mpl_fit *joint;
        mpl_subgroups *common;
        CHECK(mpl_fit_new(effects, &design, &o, &joint, NULL) == MPL_OK, "%s", methods[i]);
        CHECK(mpl_subgroups_new(data, effects, &o, &(mpl_subgroup_options){ "g", "common" }, &common, NULL) == MPL_OK,
              "%s", methods[i]);
        CHECK_CLOSE(common->q, joint->qm, 1e-12, "M11 %s", methods[i]);
        CHECK(check_error(common->tau2, joint->tau2) < 1e-11 || joint->tau2 < 1e-15, "M11 %s tau2", methods[i]);
        mpl_fit_free(joint);
        mpl_subgroups_free(common);
    }
    mpl_fit_free(whole);
    mpl_subgroups_free(s);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
}

static bool has_note(const mpl_subgroups *s, const char *code)
{
    for (size_t i = 0; i < s->n_notes; i++)
        if (!strcmp(s->notes[i].code, code))
            return true;
    return false;
}

static void single_and_missing(void)
{
    const char *const text = "study,yi,vi,g,h\nA,0.1,0.02,x,1\nB,0.5,0.03,y,1\nC,0.9,0.01,x,1\nD,-0.2,0.05,,1\n"
                             "E,0.4,0.04,x,1\n";
    char message[MPL_ERROR_SIZE];
    mpl_subgroups *s;
    CHECK(subgroups_of(text, "g", NULL, NULL, &s, message) == MPL_OK, "%s", message);
    CHECK(s->n_groups == 2 && s->groups[0].k == 3 && s->groups[1].k == 1, "two groups in order of appearance");
    CHECK_STR(s->groups[0].label, "x", "first");
    CHECK(s->groups[0].index[1] == 2 && s->groups[1].index[0] == 1, "their studies");
    CHECK(isnan(s->groups[1].fit->tau2) && s->groups[1].fit->terms->estimate == 0.5, "one study is shown");
    CHECK_STR(s->groups[1].fit->test->id, "z", "with its Wald interval");
    CHECK(s->n_excluded == 1 && s->excluded[0].row == 4 && s->excluded[0].line == 5, "one study has no value");
    CHECK_STR(s->excluded[0].study, "D", "which");
    CHECK_STR(s->excluded[0].reason, "g is missing", "why");
    CHECK(has_note(s, "no-subgroup") && has_note(s, "single-study-groups"), "notes");
    CHECK_STR(s->contrasts[0].diff.term, "x minus y", "contrast");
    CHECK(s->contrasts[0].diff.df > 2 && s->contrasts[0].diff.df < 10, "df %g", s->contrasts[0].diff.df);
    CHECK_CLOSE(s->welch_pval, s->contrasts[0].diff.pval, 1e-12, "Welch's F of two groups is the squared contrast");
    CHECK(s->contrasts[0].pval_holm == s->contrasts[0].diff.pval, "nothing to adjust");
    mpl_subgroups_free(s);
    CHECK(subgroups_of(text, "g", "common", NULL, &s, message) == MPL_OK, "%s", message);
    CHECK(s->groups[1].fit->tau2 == s->tau2 && s->tau2 > 0, "one study with the common tau2");
    mpl_subgroups_free(s);
    CHECK(subgroups_of(text, "h", NULL, NULL, &s, message) == MPL_OK, "%s", message);
    CHECK(s->n_groups == 1 && s->n_contrasts == 0 && isnan(s->q) && has_note(s, "one-group"), "one group");
    mpl_subgroups_free(s);
    mpl_subgroups_free(NULL);
}

static void refusals(void)
{
    static const char pair[] = "yi,vi,g,e\n0.1,0.02,x,\n0.5,0.03,y,\n";
    static const struct {
        const char *csv, *column, *pooling, *test;
        mpl_status want;
        const char *message;
    } row[] = {
        { pair, "nosuch", NULL, NULL, MPL_ERR_NAME, NULL },
        { pair, NULL, NULL, NULL, MPL_ERR_ARG, "no column is given for the subgroups" },
        { pair, "e", NULL, NULL, MPL_ERR_DATA, "column 'e' has no value for any study" },
        { pair, "g", "pooled", NULL, MPL_ERR_NAME, NULL },
        { pair, "g", "common", NULL, MPL_ERR_TOO_FEW,
          "a common tau2 for the subgroups: REML needs at least 3 studies to estimate tau2; there are 2" },
        { "yi,vi,g\n0.1,0,x\n0.1,0,x\n0.5,0.3,y\n", "g", NULL, NULL, MPL_ERR_NUMERIC,
          "subgroup 'x': study 'row 1' has variance 0, and tau2 is estimated to be 0: its weight would be infinite" },
        { "yi,vi,g\n0.1,1,x\n0.1,2,x\n0.5,0.3,y\n", "g", "common", "kr", MPL_ERR_ARG,
          "test kr cannot be combined with a common tau2" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_subgroups *s;
        char message[MPL_ERROR_SIZE];
        const mpl_fit_options fit = { .test = row[i].test };
        const mpl_status got = subgroups_of(row[i].csv, row[i].column, row[i].pooling, &fit, &s, message);
        CHECK(got == row[i].want, "row %zu: %s", i, message);
        if (row[i].message)
            CHECK_STR(message, row[i].message, "row %zu", i);
        CHECK(got == MPL_OK || !s, "row %zu: output not NULL", i);
        mpl_subgroups_free(s);
    }
}

static void many_values(void)
{
    static char text[20000];
    size_t n = (size_t)sprintf(text, "yi,vi,g\n");
    for (int i = 0; i < 101; i++)
        n += (size_t)sprintf(text + n, "%d.5,0.1,v%d\n", i, i);
    mpl_subgroups *s;
    char message[MPL_ERROR_SIZE];
    CHECK(subgroups_of(text, "g", NULL, NULL, &s, message) == MPL_ERR_LIMIT, "101 values");
    CHECK_STR(message, "column 'g' has more than 100 different values: not subgroups", "101 values");
    text[n - sizeof "100.5,0.1,v100"] = '\0';
    *(strrchr(text, '\n') + 1) = '\0';
    CHECK(subgroups_of(text, "g", NULL, NULL, &s, message) == MPL_OK, "as many as allowed: %s", message);
    CHECK(s->n_groups >= 99 && s->n_contrasts == s->n_groups * (s->n_groups - 1) / 2, "%zu groups", s->n_groups);
    mpl_subgroups_free(s);
}

int main(void)
{
    reference();
    decomposition();
    single_and_missing();
    refusals();
    many_values();
    return check_done();
}
