/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Likelihood-ratio tests with and without corrections, against matrices of 25 digits. */
#include "fit_case.h"

static void reference(void)
{
    double worst = 0;
    check_csv *const csv = check_csv_open("ref/ratio.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        static fit_case c;
        case_read(csv, i, &c);
        const mpl_fit_options options = { .method = "ML", .test = check_csv_text(csv, i, "test") };
        mpl_fit *fit;
        mpl_error err;
        if (!CHECK(mpl_fit_new(&c.effects, case_design(&c), &options, &fit, &err) == MPL_OK, "%s: %s",
                   check_csv_row(csv, i), err.message))
            continue;
        const mpl_term *const t = &fit->terms[fit->p - 1];
        const double got[] = { t->statistic, t->pval, t->ci_lb, t->ci_ub };
        static const char *const name[] = { "statistic", "pval", "ci_lb", "ci_ub" };
        for (size_t j = 0; j < 4; j++) {
            CHECK_CLOSE(got[j], check_csv_real(csv, i, name[j]), 1e-9, "%s %s", check_csv_row(csv, i), name[j]);
            worst = fmax(worst, check_error(got[j], check_csv_real(csv, i, name[j])));
        }
        mpl_fit_free(fit);
    }
    printf("# largest error of a statistic, p-value or limit: %.1g\n", worst);
    check_csv_free(csv);
}

static mpl_fit *fit_of(const double *y, const double *v, size_t k, const char *method, const char *test,
                       mpl_status want)
{
    const mpl_effects es = { .k = k, .yi = y, .vi = v };
    mpl_fit *fit;
    CHECK(mpl_fit_new(&es, NULL, &(mpl_fit_options){ .method = method, .test = test }, &fit, NULL) == want, "%s %s",
          method, test);
    return fit;
}

static void edges(void)
{
    const double y[] = { 0.1, 0.12, 0.11, 0.1 }, v[] = { 0.04, 0.09, 0.02, 0.05 };
    CHECK(!fit_of(y, v, 4, "REML", "pl", MPL_ERR_ARG), "another likelihood");
    CHECK(!fit_of(y, v, 4, "DL", "bartlett", MPL_ERR_ARG), "no likelihood");
    mpl_fit *const fit = fit_of(y, v, 4, "ML", "skovgaard", MPL_OK), *const pl = fit_of(y, v, 4, "ML", "pl", MPL_OK);
    bool noted = false;
    for (size_t i = 0; fit && i < fit->n_notes; i++)
        noted = noted || !strcmp(fit->notes[i].code, "skovgaard-boundary");
    if (fit && pl)
        CHECK(noted && fit->terms[0].ci_lb == pl->terms[0].ci_lb, "at tau2 = 0 there is no correction, as a note says");
    mpl_fit_free(fit);
    mpl_fit_free(pl);
    /* an estimate of exactly 0: the statistic passes through r = 0 */
    const double even[] = { -1, 1, -0.5, 0.5 }, same[] = { 0.1, 0.1, 0.1, 0.1 };
    mpl_fit *const zero = fit_of(even, same, 4, "ML", "skovgaard", MPL_OK);
    if (zero)
        CHECK(fabs(zero->terms[0].statistic) < 1e-9 && fabs(zero->terms[0].ci_lb + zero->terms[0].ci_ub) < 1e-9,
              "symmetric about 0: %g, %g to %g", zero->terms[0].statistic, zero->terms[0].ci_lb, zero->terms[0].ci_ub);
    mpl_fit_free(zero);
}

int main(void)
{
    reference();
    edges();
    return check_done();
}
