/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of tau2 against 20 digits; what they refuse and what they note. */
#include "fit_case.h"

static bool has_note(const mpl_fit *fit, const char *code)
{
    for (size_t i = 0; i < fit->n_notes; i++)
        if (!strcmp(fit->notes[i].code, code))
            return true;
    return false;
}

static void reference(void)
{
    bool seen[32] = { false };
    double worst = 0;
    check_csv *const csv = check_csv_open("ref/tau2_ci.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        static fit_case c;
        case_read(csv, i, &c);
        const mpl_fit_options options = { .method = check_csv_text(csv, i, "method"), .test = "z",
                                          .tau2_ci = check_csv_text(csv, i, "ci") };
        mpl_fit *fit;
        mpl_error err;
        if (!CHECK(mpl_fit_new(&c.effects, case_design(&c), &options, &fit, &err) == MPL_OK, "%s: %s",
                   check_csv_row(csv, i), err.message))
            continue;
        const double lb = check_csv_real(csv, i, "lb"), ub = check_csv_real(csv, i, "ub");
        CHECK_CLOSE(fit->tau2_ci.lb, lb, 1e-10, "%s", check_csv_row(csv, i));
        CHECK_CLOSE(fit->tau2_ci.ub, ub, 1e-10, "%s", check_csv_row(csv, i));
        CHECK(fit->tau2_ci_empty == (ub == 0 && strcmp(options.tau2_ci, "HT") != 0), "%s: empty",
              check_csv_row(csv, i));
        worst = fmax(worst, fmax(check_error(fit->tau2_ci.lb, lb), check_error(fit->tau2_ci.ub, ub)));
        for (size_t j = 0; mpl_tau2_ci_method(j); j++)
            seen[j] = seen[j] || fit->tau2_ci_method == mpl_tau2_ci_method(j);
        mpl_fit_free(fit);
    }
    for (size_t j = 0; mpl_tau2_ci_method(j); j++)
        CHECK(seen[j] || !strcmp(mpl_tau2_ci_method(j)->id, "none") || !strcmp(mpl_tau2_ci_method(j)->id, "boot"),
              "%s has no reference row", mpl_tau2_ci_method(j)->id);
    printf("# largest error of a limit of tau2: %.1g\n", worst);
    check_csv_free(csv);
}

/* H and I2 from Q alone: FORMULAS F26. */
static void test_based(void)
{
    const double yi[] = { -0.8893113339202054, -1.5853886572014306, -1.3480731482996933, -1.4415511900213054,
                          -0.21754732221129558, -0.786115585818864, -1.6208982235983918, 0.011952333523840508,
                          -0.4694176487381494, -1.3713448034727844, -0.3393588283383906, 0.44591340057137874,
                          -0.017313948216879815 };
    const double vi[] = { 0.32558476500396133, 0.19458112139814385, 0.4153679653679654, 0.020010031902247573,
                          0.05121017216963086, 0.0069056184559087574, 0.22301724757231517, 0.0039615792978177295,
                          0.056434210463248966, 0.07302479361302891, 0.01241221397155972, 0.5325058452001528,
                          0.0714046596839863 };
    const mpl_effects es = { .k = 13, .yi = yi, .vi = vi };
    const mpl_fit_options options = { .tau2_ci = "HT" };
    mpl_fit *fit;
    if (!CHECK(mpl_fit_new(&es, NULL, &options, &fit, NULL) == MPL_OK && fit->n_quantities == 2, "test-based"))
        return;
    const mpl_quantity *const h = &fit->quantities[0], *const i2 = &fit->quantities[1];
    CHECK_CLOSE(h->value, 3.56175, 1e-6, "H");
    CHECK_CLOSE(h->ci_lb, 2.92558, 2e-6, "H");
    CHECK_CLOSE(h->ci_ub, 4.33627, 1e-6, "H");
    CHECK_CLOSE(i2->value, 92.117, 1e-5, "I2");
    CHECK_CLOSE(i2->ci_lb, 88.316, 1e-5, "I2");
    CHECK_CLOSE(i2->ci_ub, 94.682, 1e-5, "I2");
    mpl_fit_free(fit);
}

/* What has no interval says why; what contradicts itself is refused. */
static void edges(void)
{
    static const struct {
        const char *why, *method, *ci;
        double y[4], v[4];
        size_t k;
        mpl_status want;
        const char *note;
    } row[] = {
        { "a zero variance has no fixed weight", "REML", "BJ", { 0.1, 0.9, 0.4, 2 }, { 0, 0.1, 0.2, 0.1 }, 4, MPL_OK,
          "tau2-interval-not-estimable" },
        { "tau2 = 0 has no logarithm", "DL", "Wald-log", { 0.1, 0.1, 0.1, 0.1 }, { 1, 1, 2, 3 }, 4, MPL_OK,
          "tau2-interval-not-estimable" },
        { "two studies, small Q", "DL", "HT", { 0.1, 0.2 }, { 1, 1 }, 2, MPL_OK, "tau2-interval-not-estimable" },
        { "equal effects", "REML", "BJ", { 1, 1, 1, 1 }, { 1, 1, 2, 3 }, 4, MPL_OK, "tau2-interval-empty" },
        { "no likelihood", "DL", "PL", { 0.1, 0.9, 0.4, 2 }, { 0.1, 0.1, 0.2, 0.1 }, 4, MPL_ERR_ARG, NULL },
        { "no such interval", "DL", "QPP", { 0.1, 0.9, 0.4, 2 }, { 0.1, 0.1, 0.2, 0.1 }, 4, MPL_ERR_NAME, NULL },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const mpl_effects es = { .k = row[i].k, .yi = row[i].y, .vi = row[i].v };
        const mpl_fit_options options = { .method = row[i].method, .test = "z", .tau2_ci = row[i].ci };
        mpl_fit *fit;
        CHECK(mpl_fit_new(&es, NULL, &options, &fit, NULL) == row[i].want, "%s", row[i].why);
        if (fit)
            CHECK(has_note(fit, row[i].note), "%s: no note", row[i].why);
        mpl_fit_free(fit);
    }
}

/* Two maxima of the likelihood: the limits are the ends of the set, and the likelihood at them is at the cut. */
static void two_maxima(void)
{
    const double yi[] = { 0, 0.02, -0.01, 0.01, 3, -2.9 }, vi[] = { 1e-4, 1e-4, 1e-4, 1e-4, 0.5, 0.5 };
    const mpl_effects es = { .k = 6, .yi = yi, .vi = vi };
    const mpl_fit_options options = { .test = "z", .tau2_ci = "PL" };
    mpl_fit *fit, *at;
    if (!CHECK(mpl_fit_new(&es, NULL, &options, &fit, NULL) == MPL_OK, "two maxima"))
        return;
    const double limit[] = { fit->tau2_ci.lb, fit->tau2_ci.ub };
    CHECK(fit->tau2_ci.lb <= fit->tau2 && fit->tau2 <= fit->tau2_ci.ub, "the estimate lies within");
    for (int i = 0; i < 2; i++) {
        const mpl_fit_options fixed = { .test = "z", .tau2 = { true, limit[i] } };
        if (CHECK(mpl_fit_new(&es, NULL, &fixed, &at, NULL) == MPL_OK, "limit %d", i) && limit[i] > 0)
            CHECK(fabs(2 * (fit->ll - at->ll) - 3.841458820694124) < 1e-8, "limit %d: %.17g", i, fit->ll - at->ll);
        mpl_fit_free(at);
    }
    mpl_fit_free(fit);
}

int main(void)
{
    reference();
    test_based();
    edges();
    two_maxima();
    return check_done();
}
