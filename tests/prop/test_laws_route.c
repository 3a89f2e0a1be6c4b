/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Laws of every route of every measure, from a file to its effects: each study's effect comes from its own row alone, a
 * missing input costs that study and nothing else and is named, and the display scale goes back and forth.
 */
#include "check.h"

#include <metapool.h>

/* Values for six studies, by role; a role that means something else beside certain others has a row for these. */
static const struct {
    const char *role;
    const char *values[6];
    const char *beside;
} inputs[] = {
    { "ai", { "0.9", "0.86", "0.78", "0.81", "0.93", "0.7" }, "ai mi ni" },
    { "ai", { "0.6", "0.56", "0.78", "0.51", "0.63", "0.7" }, "ai n1i n2i" },
    { "di", { "0.3", "0.6", "-0.2", "0.45", "0.1", "0.7" }, "di n1i n2i" },
    { "pi", { "0.08", "0.07", "0.05", "0.06", "0.02", "0.03" }, "ai bi ci di pi" },
    { "ai", { "4", "6", "3", "12", "8", "5" }, NULL },
    { "bi", { "21", "30", "18", "40", "27", "33" }, NULL },
    { "ci", { "9", "11", "2", "20", "7", "13" }, NULL },
    { "di", { "17", "25", "21", "31", "30", "22" }, NULL },
    { "n1i", { "25", "36", "21", "52", "35", "38" }, NULL },
    { "n2i", { "26", "36", "23", "51", "37", "35" }, NULL },
    { "m1i", { "12.5", "13.1", "11.8", "12.2", "14", "12.9" }, NULL },
    { "m2i", { "11.1", "12.4", "10.2", "11.9", "12.2", "11.6" }, NULL },
    { "sd1i", { "3.1", "2.8", "4", "3.3", "2.9", "3.6" }, NULL },
    { "sd2i", { "2.9", "3.4", "3.2", "3.1", "3.5", "2.7" }, NULL },
    { "x1i", { "4", "6", "3", "12", "8", "5" }, NULL },
    { "x2i", { "9", "11", "2", "20", "7", "13" }, NULL },
    { "t1i", { "105.5", "220", "98", "310", "201", "150" }, NULL },
    { "t2i", { "100", "215.25", "101", "305", "199", "161" }, NULL },
    { "xi", { "4", "6", "3", "12", "8", "5" }, NULL },
    { "ni", { "25", "36", "21", "52", "35", "38" }, NULL },
    { "mi", { "12", "13", "11", "14", "10", "9" }, NULL },
    { "sdi", { "3.1", "2.8", "4", "3.3", "2.9", "3.6" }, NULL },
    { "ri", { "0.5", "0.41", "0.62", "0.33", "0.7", "0.55" }, NULL },
    { "r2i", { "0.65", "0.57", "0.78", "0.61", "0.79", "0.63" }, NULL },
    { "ti", { "2.1", "1.4", "0.8", "1.9", "3.3", "2.6" }, NULL },
    { "fi", { "4.4", "2", "0.7", "3.6", "10.9", "6.8" }, NULL },
    { "pi", { "0.04", "0.17", "0.43", "0.06", "0.002", "0.013" }, NULL },
    { "pval", { "0.04", "0.17", "0.43", "0.06", "0.002", "0.013" }, NULL },
    { "zval", { "2.05", "1.37", "0.79", "1.88", "3.1", "2.48" }, NULL },
    { "oei", { "-2.1", "1.4", "-0.8", "0.6", "-3.2", "-1.1" }, NULL },
    { "ovi", { "3.1", "2.6", "1.9", "4.4", "5.2", "2.7" }, NULL },
    { "e1i", { "6.2", "4.9", "3.7", "11.4", "9.9", "6.3" }, NULL },
    { "e2i", { "6.8", "12.1", "1.3", "20.6", "5.1", "11.7" }, NULL },
    { "yi", { "0.31", "0.22", "0.11", "0.18", "0.41", "0.3" }, NULL },
    { "vi", { "0.02", "0.025", "0.02", "0.01", "0.017", "0.015" }, NULL },
    { "sei", { "0.14", "0.16", "0.14", "0.1", "0.13", "0.12" }, NULL },
    { "ci_lb", { "0.04", "-0.09", "-0.16", "-0.02", "0.16", "0.06" }, NULL },
    { "ci_ub", { "0.58", "0.53", "0.38", "0.38", "0.66", "0.54" }, NULL },
};

static const char *value_of(const char *role, size_t n, const char *beside, size_t row)
{
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (strlen(inputs[i].role) == n && strncmp(inputs[i].role, role, n) == 0 &&
            (!inputs[i].beside || strcmp(inputs[i].beside, beside) == 0))
            return inputs[i].values[row];
    return NULL;
}

/* The route's columns as CSV; in study `hole`, input `without` is missing. */
static bool table(const char *roles, bool reversed, size_t hole, size_t without, char *out, size_t size)
{
    char *p = out;
    for (size_t line = 0; line < 7; line++) {
        size_t column = 0;
        for (const char *role = roles; *role; column++) {
            const size_t n = strcspn(role, " ");
            const size_t study = line == 0 ? 0 : reversed ? 6 - line : line - 1;
            const char *const value = value_of(role, n, roles, study);
            if (!CHECK(value, "laws have no value for the role %.*s", (int)n, role))
                return false;
            const char *const cell = line == 0 ? role : line == hole && column == without ? "NA" : value;
            const size_t length = line == 0 ? n : strlen(cell);
            p += snprintf(p, size - (size_t)(p - out), "%s%.*s", column ? "," : "", (int)length, cell);
            role += n + (role[n] == ' ');
        }
        p += snprintf(p, size - (size_t)(p - out), "\n");
    }
    return true;
}

static mpl_effects *effects_from(const mpl_measure *m, const mpl_route *route, const char *csv)
{
    mpl_dataset *set = NULL;
    mpl_effects *effects = NULL;
    mpl_error err = { .code = MPL_OK };
    const mpl_effect_options options = { .measure = m->method.id, .route = route->id };
    mpl_status s = mpl_dataset_read_bytes(csv, strlen(csv), "x.csv", NULL, &set, &err);
    if (s == MPL_OK)
        s = mpl_effects_new(set, &options, &effects, &err);
    CHECK(s == MPL_OK, "%s by %s: %s", m->method.id, route->id, err.message);
    mpl_dataset_free(set);
    return effects;
}

/* An input that is missing costs its study, which is listed with the column's name; the others stay the same. */
static void missing_inputs(const mpl_measure *m, const mpl_route *route, const mpl_effects *whole)
{
    size_t column = 0;
    for (const char *role = route->inputs; *role; column++) {
        const size_t n = strcspn(role, " ");
        char csv[4096], name[64];
        snprintf(name, sizeof name, "%.*s", (int)n, role);
        mpl_effects *const part = table(route->inputs, false, 3, column, csv, sizeof csv)
                                      ? effects_from(m, route, csv) : NULL;
        if (part) {
            CHECK(part->k + part->n_excluded == 6, "%s by %s without %s: a row vanished", m->method.id, route->id,
                  name);
            CHECK(part->k == 6 || (part->n_excluded == 1 && part->excluded[0].row == 3 &&
                                   strstr(part->excluded[0].reason, name)),
                  "%s by %s without %s: reason '%s'", m->method.id, route->id, name,
                  part->n_excluded ? part->excluded[0].reason : "");
            for (size_t i = 0; i < part->k; i++)
                CHECK(part->row[i] == 3 || (part->yi[i] == whole->yi[part->row[i] - 1] &&
                                            part->vi[i] == whole->vi[part->row[i] - 1]),
                      "%s by %s without %s: study %zu changed", m->method.id, route->id, name, i);
        }
        mpl_effects_free(part);
        role += n + (role[n] == ' ');
    }
}

static void route_laws(const mpl_measure *m, const mpl_route *route)
{
    char csv[4096];
    if (!table(route->inputs, false, 0, 0, csv, sizeof csv))
        return;
    mpl_effects *const effects = effects_from(m, route, csv);
    table(route->inputs, true, 0, 0, csv, sizeof csv);
    mpl_effects *const reversed = effects_from(m, route, csv);
    const bool all = effects && reversed && effects->k == 6 && reversed->k == 6;
    CHECK(all, "%s by %s: %zu of 6 studies have an effect", m->method.id, route->id, effects ? effects->k : 0);
    for (size_t i = 0; all && i < 6; i++) {
        CHECK(isfinite(effects->yi[i]) && effects->vi[i] > 0, "%s by %s: %g, %g", m->method.id, route->id,
              effects->yi[i], effects->vi[i]);
        CHECK_STR(effects->route[i], route->id, "%s: route", m->method.id);
        CHECK(effects->yi[i] == reversed->yi[5 - i] && effects->vi[i] == reversed->vi[5 - i],
              "%s by %s: study %zu depends on the order", m->method.id, route->id, i);
        const double shown = mpl_measure_display(m, effects->yi[i]);
        CHECK(isfinite(shown), "%s: display of %g", m->method.id, effects->yi[i]);
        if (m->transform && m->transform->inverse)
            CHECK_CLOSE(m->transform->inverse(shown), effects->yi[i], 1e-12, "%s: back and forth", m->method.id);
    }
    if (all)
        missing_inputs(m, route, effects);
    mpl_effects_free(effects);
    mpl_effects_free(reversed);
}

int main(void)
{
    for (size_t i = 0; mpl_measure_method(i); i++) {
        const mpl_measure *const m = mpl_measure_find(mpl_measure_method(i)->id);
        CHECK(m && m->n_routes > 0, "%s has no route", mpl_measure_method(i)->id);
        for (size_t r = 0; m && r < m->n_routes; r++)
            route_laws(m, &m->routes[r]);
    }
    return check_done();
}
