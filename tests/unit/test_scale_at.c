/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a location-scale model says of studies, points, levels and curves, against metafor. */
#include "check.h"

#include <metapool.h>

enum { MOST = 20 };

/* metafor's search for the coefficients of the scale stops at about 1e-8 */
static const double TOLERANCE = 1e-6;

static size_t numbers(const check_csv *csv, size_t row, const char *column, double out[MOST])
{
    size_t n = 0;
    char *end;
    for (const char *text = check_csv_text(csv, row, column); *text && n < MOST; text = end)
        out[n++] = strtod(text, &end);
    return n;
}

static void compare(const check_csv *csv, size_t row, const mpl_prediction *p)
{
    const char *const name = check_csv_row(csv, row);
    const double se = check_csv_real(csv, row, "se");
    const struct { const char *column; double got; } value[] = {
        { "estimate", p->estimate }, { "ci_lb", p->ci_lb }, { "ci_ub", p->ci_ub }, { "pi_lb", p->pi_lb },
        { "pi_ub", p->pi_ub },
    };
    CHECK_CLOSE(p->se, se, TOLERANCE, "%s se", name);
    CHECK_CLOSE(p->tau2, check_csv_real(csv, row, "tau2"), TOLERANCE, "%s tau2", name);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++)
        CHECK(fabs(value[i].got - check_csv_real(csv, row, value[i].column)) <= TOLERANCE * se, "%s %s: %.17g", name,
              value[i].column, value[i].got);
}

/* A column of the report's table of studies. */
static double of_report(const mpl_report *report, const char *key, size_t row)
{
    for (size_t i = 0; i < report->n_sections; i++)
        for (size_t j = 0; j < report->sections[i].n_tables; j++) {
            const mpl_report_table *const t = &report->sections[i].tables[j];
            for (size_t c = 0; !strcmp(t->key, "studies") && c < t->n_columns; c++)
                if (!strcmp(t->columns[c].key, key))
                    return t->cells[row * t->n_columns + c].number;
        }
    return NAN;
}

static void compare_studies(const check_csv *csv, size_t row, const mpl_regression *r)
{
    static const char *const column[] = { "estimate", "se", "ci_lb", "ci_ub", "pi_lb", "pi_ub", "tau2" };
    double want[7][MOST];
    mpl_blup *blup;
    mpl_report *report;
    mpl_error err;
    for (size_t i = 0; i < 7; i++)
        CHECK(numbers(csv, row, column[i], want[i]) == r->fit->k, "%s: rows", column[i]);
    if (mpl_blup_new(r->effects, r->design, r->fit, &blup, &err) != MPL_OK ||
        mpl_report_new_regression(r, NULL, &report, &err) != MPL_OK)
        check_die("studies", err.message);
    for (size_t i = 0; i < r->fit->k; i++) {
        const double got[] = { r->fit->fitted[i], of_report(report, "rstandard", i), of_report(report, "hat", i),
                               of_report(report, "i2", i), blup->rows[i].estimate, blup->rows[i].se,
                               r->fit->tau2_i[i] };
        for (size_t j = 0; j < 7; j++)
            CHECK(fabs(got[j] - want[j][i]) <= TOLERANCE * (fabs(want[j][i]) + 0.1), "%s study %zu %s: %.17g",
                  check_csv_row(csv, row), i, column[j], got[j]);
        CHECK_CLOSE(of_report(report, "tau2", i), r->fit->tau2_i[i], 1e-15, "tau2 in the report");
    }
    mpl_report_free(report);
    mpl_blup_free(blup);
}

static void compare_row(const check_csv *csv, size_t row, const mpl_regression *r)
{
    const char *const what = check_csv_text(csv, row, "what"), *const level = strrchr(what, ' ');
    if (!strcmp(what, "studies"))
        compare_studies(csv, row, r);
    else if (!strcmp(what, "predict"))
        compare(csv, row, r->predictions);
    else if (!strcmp(what, "grid"))
        compare(csv, row, &r->curve->points[0].at);
    else if (!strncmp(what, "means", 5))
        for (size_t i = 0; i < r->n_means; i++) {
            if (!strcmp(r->means[i].at + strlen("alloc="), level + 1))
                compare(csv, row, &r->means[i]);
        }
    else
        for (size_t i = r->curve->n; i-- > 0;)
            if (!strcmp(r->curve->points[i].group, "random")) {
                compare(csv, row, &r->curve->points[i].at);
                break;
            }
}

int main(void)
{
    check_csv *const csv = check_csv_open("ref/scale_at.csv");
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_error err;
    if (mpl_dataset_read("bcg", NULL, &data, &err) != MPL_OK || mpl_effects_new(data, NULL, &effects, &err) != MPL_OK)
        check_die("bcg", err.message);
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const mods = check_csv_text(csv, i, "mods"), *const scale = check_csv_text(csv, i, "scale");
        const char *const what = check_csv_text(csv, i, "what");
        const bool has_alloc = strstr(mods, "alloc") || strstr(scale, "alloc");
        const mpl_fit_options fit = { .profile = "metafor", .method = check_csv_text(csv, i, "method"),
                                      .test = check_csv_text(csv, i, "test"),
                                      .pi = *check_csv_text(csv, i, "test") == 'z' ? "S" : "V" };
        char predict[100] = "";
        for (size_t c = 0; c < 3; c++) {
            static const char *const column[] = { "ablat", "year", "alloc" };
            static const char *const value[] = { "20", "1950", "systematic" };
            if (strstr(mods, column[c]) || strstr(scale, column[c]))
                snprintf(predict + strlen(predict), sizeof predict - strlen(predict), "%s%s=%s", *predict ? "," : "",
                         column[c], value[c]);
        }
        const mpl_regress_options options = {
            .mods = mods, .scale = { scale, check_csv_text(csv, i, "link"), NULL }, .residuals = true,
            .predict = predict, .weights = strstr(what, "proportional") ? "proportional" : "equal",
            .means = strstr(mods, "alloc") ? "alloc" : NULL, .grid_points = 3,
            .grid = !strstr(mods, "ablat") && !strstr(scale, "ablat") ? NULL
                    : !strcmp(what, "grid by") && has_alloc           ? "ablat, alloc" : "ablat",
        };
        mpl_regression *r;
        if (!strcmp(what, "grid by") && !has_alloc)
            continue;
        if (CHECK(mpl_regress_new(data, effects, &fit, &options, &r, &err) == MPL_OK, "%s: %s", check_csv_row(csv, i),
                  err.message))
            compare_row(csv, i, r);
        mpl_regress_free(r);
    }
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    check_csv_free(csv);
    return check_done();
}
