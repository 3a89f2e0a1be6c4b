/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimators of tau2 against 50 digits; every one has rows; refusals; the search for several maxima. */
#include "fit_case.h"
#include <metapool/tau2.h>

static const mpl_tau2_options *by(const char *method)
{
    static mpl_tau2_options options;
    options = (mpl_tau2_options){ .method = method };
    return &options;
}

static void reference(void)
{
    enum { MOST_METHODS = 64 };
    size_t seen[MOST_METHODS] = { 0 };
    double worst = 0, worst_se = 0;
    check_csv *const csv = check_csv_open("ref/tau2.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        static fit_case c;
        case_read(csv, i, &c);
        const char *const set = check_csv_text(csv, i, "set"), *const id = check_csv_text(csv, i, "method");
        mpl_tau2 out;
        mpl_error err = { .code = MPL_OK };
        const mpl_tau2_options options = { .method = id, .weights = c.has_weights ? c.weights : NULL };
        const mpl_status s = mpl_tau2_estimate(c.yi, c.vi, c.k, c.p ? c.x : NULL, c.p, &options, &out, &err);
        if (!CHECK(s == MPL_OK, "%s %s: %s", set, id, err.message))
            continue;
        CHECK_CLOSE(out.tau2, check_csv_real(csv, i, "tau2"), 1e-13, "%s %s tau2", set, id);
        CHECK_CLOSE(out.se, check_csv_real(csv, i, "se_tau2"), 1e-13, "%s %s se", set, id);
        CHECK(out.n_maxima == (int)check_csv_real(csv, i, "n_maxima"), "%s %s: %d maxima", set, id, out.n_maxima);
        CHECK(out.converged, "%s %s", set, id);
        CHECK(out.iter <= (!strcmp(id, "DLB") || !strcmp(id, "BM") ? 1100 : 300), "%s %s: %d evaluations",
              set, id, out.iter);
        worst = fmax(worst, check_error(out.tau2, check_csv_real(csv, i, "tau2")));
        worst_se = fmax(worst_se, check_error(out.se, check_csv_real(csv, i, "se_tau2")));
        for (size_t j = 0; mpl_fit_method(j) && j < MOST_METHODS; j++)
            seen[j] += out.method == mpl_fit_method(j);
    }
    for (size_t j = 0; mpl_fit_method(j); j++)
        CHECK(seen[j] > 0 || mpl_fit_method_measures(mpl_fit_method(j)), "%s has no reference row",
              mpl_fit_method(j)->id);
    printf("# largest relative error: tau2 %.2g, its se %.2g\n", worst, worst_se);
    check_csv_free(csv);
}

static void refusals(void)
{
    static const struct {
        const char *why;
        double y, v;
        size_t k;
        const char *method;
        mpl_status want;
    } row[] = {
        { "negative variance", 0.1, -1, 2, NULL, MPL_ERR_DATA },
        { "infinite variance", 0.1, INFINITY, 2, NULL, MPL_ERR_DATA },
        { "NaN effect", NAN, 1, 2, NULL, MPL_ERR_DATA },
        { "infinite effect", -INFINITY, 1, 2, "EE", MPL_ERR_DATA },
        { "one study", 0.1, 1, 1, NULL, MPL_ERR_TOO_FEW },
        { "no study", 0.1, 1, 0, "EE", MPL_ERR_TOO_FEW },
        { "no such method", 0.1, 1, 2, "REMl2", MPL_ERR_NAME },
        { "zero variance, DL", 0.1, 0, 2, "DL", MPL_ERR_NUMERIC },
        { "zero variance, HS", 0.1, 0, 2, "HS", MPL_ERR_NUMERIC },
        { "zero variance, EE", 0.1, 0, 2, "EE", MPL_ERR_NUMERIC },
        { "zero variance, tau2 = 0 by PM", 0.31, 0, 2, "PM", MPL_ERR_NUMERIC },
        { "zero variance, tau2 = 0 by HE", 0.31, 0, 2, "HE", MPL_ERR_NUMERIC },
        { "zero variance, tau2 = 0 by REML", 0.31, 0, 2, "REML", MPL_ERR_NUMERIC },
        { "zero variance, a pole of ML", 0.1, 0, 2, "ML", MPL_ERR_NUMERIC },
        { "too far apart", 1e200, 1, 2, NULL, MPL_ERR_NUMERIC },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const double y[2] = { 0.3, row[i].y }, v[2] = { 1, row[i].v };
        mpl_tau2 out = { .tau2 = -7 };
        mpl_error err = { .code = MPL_OK };
        CHECK(mpl_tau2_estimate(y, v, row[i].k, NULL, 0, by(row[i].method), &out, &err) == row[i].want, "%s: %s",
              row[i].why, err.message);
        CHECK(out.tau2 == -7, "%s: output touched on failure", row[i].why);
        CHECK(err.code == row[i].want && err.message[0] && !strchr(err.message, '\n'), "%s: message", row[i].why);
        CHECK(mpl_tau2_estimate(y, v, row[i].k, NULL, 0, by(row[i].method), &out, NULL) == row[i].want,
              "%s, no message",
              row[i].why);
    }
    const double y[3] = { 1, 2, 4 }, v[3] = { 1, 1, 1 }, same[6] = { 1, 2, 1, 2, 1, 2 }, bad[3] = { 1, NAN, 1 };
    const double line[4] = { 1, 2, 1, 3 };
    mpl_tau2 out;
    mpl_error err;
    CHECK(mpl_tau2_estimate(y, v, 3, same, 2, NULL, &out, &err) == MPL_ERR_NUMERIC, "collinear design");
    CHECK(strstr(err.message, "column 2") != NULL, "names the column: %s", err.message);
    CHECK(mpl_tau2_estimate(y, v, 3, bad, 1, NULL, &out, &err) == MPL_ERR_DATA, "NaN in the design");
    CHECK(mpl_tau2_estimate(y, v, 3, same, 0, NULL, &out, &err) == MPL_ERR_ARG, "a design without columns");
    CHECK(mpl_tau2_estimate(y, v, 2, same, 3, by("EE"), &out, &err) == MPL_ERR_TOO_FEW, "fewer studies than columns");
    CHECK(mpl_tau2_estimate(y, v, 2, line, 2, by("REML"), &out, &err) == MPL_ERR_TOO_FEW, "as many studies as columns");
}

/* A zero variance makes the ML likelihood infinite at 0, however much better another place looks. */
static void pole(void)
{
    const double y[4] = { 0, 10, -8, 12 }, v[4] = { 0, 0.1, 0.1, 0.1 };
    mpl_tau2 out;
    mpl_error err;
    CHECK(mpl_tau2_estimate(y, v, 4, NULL, 0, by("ML"), &out, &err) == MPL_ERR_NUMERIC, "ML has no maximum");
    CHECK_STR(err.message, "study 1 has variance 0, and the likelihood is infinite at tau2 = 0", "ML has no maximum");
    CHECK(mpl_tau2_estimate(y, v, 4, NULL, 0, by("REML"), &out, &err) == MPL_OK && out.tau2 > 80, "REML has one");
}

/* Names the study, by number without labels. */
static void messages(void)
{
    const double y[3] = { 1, 2, 4 }, negative[3] = { 1, -0.5, 1 }, zero[3] = { 1, 1, 0 };
    mpl_tau2 out;
    mpl_error err;
    CHECK(mpl_tau2_estimate(y, negative, 3, NULL, 0, NULL, &out, &err) == MPL_ERR_DATA, "negative");
    CHECK_STR(err.message, "study 2: effect 2 with variance -0.5; need finite and variance >= 0", "negative");
    CHECK(mpl_tau2_estimate(y, zero, 3, NULL, 0, by("DL"), &out, &err) == MPL_ERR_NUMERIC, "zero");
    CHECK_STR(err.message, "study 3 has variance 0, its weight would be infinite", "zero");
}

static double log_likelihood(const double *y, const double *v, size_t k, double t, bool reml)
{
    double sw = 0, swy = 0, logs = 0, rss = 0;
    for (size_t i = 0; i < k; i++) {
        sw += 1 / (v[i] + t);
        swy += y[i] / (v[i] + t);
        logs += log(v[i] + t);
    }
    for (size_t i = 0; i < k; i++)
        rss += (y[i] - swy / sw) * (y[i] - swy / sw) / (v[i] + t);
    return -0.5 * (logs + rss + (reml ? log(sw) : 0));
}

/* M23: on sets with wildly different variances nothing on a fine grid beats the estimate. */
static void global_maximum(void)
{
    unsigned long long seed = 20240117;
    int several = 0;
    for (int set = 0; set < 400; set++) {
        double y[6], v[6];
        const size_t k = 3 + (size_t)(set % 4);
        for (size_t i = 0; i < k; i++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            y[i] = pow(10, (double)(seed >> 40) / (1 << 24) * 4 - 3) * (i % 2 ? -1 : 1);
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            v[i] = pow(10, (double)(seed >> 40) / (1 << 24) * 8 - 7);
        }
        for (int reml = 0; reml < 2; reml++) {
            mpl_tau2 out;
            mpl_error err;
            if (!CHECK(mpl_tau2_estimate(y, v, k, NULL, 0, by(reml ? "REML" : "ML"), &out, &err) == MPL_OK,
                  "set %d", set))
                continue;
            const double ll = log_likelihood(y, v, k, out.tau2, reml);
            double best = log_likelihood(y, v, k, 0, reml);
            for (int j = 0; j < 1000; j++)
                best = fmax(best, log_likelihood(y, v, k, pow(10, j * 0.012 - 9), reml));
            CHECK(ll >= best - 1e-9 * fabs(best), "set %d %s: %.12g below %.12g", set, out.method->id, ll, best);
            CHECK(out.converged && out.n_maxima >= 1, "set %d", set);
            several += out.n_maxima > 1;
        }
    }
    CHECK(several > 20, "only %d sets with several maxima: the test shows little", several);
    printf("# %d of 800 likelihoods with several maxima\n", several);
}

int main(void)
{
    reference();
    refusals();
    messages();
    pole();
    global_maximum();
    return check_done();
}
