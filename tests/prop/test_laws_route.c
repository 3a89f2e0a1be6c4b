/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Laws of every route of every measure, from a file to its effects: each study's effect comes from its own row alone, a
 * missing input costs that study and nothing else and is named, the display scale goes back and forth; and whatever one
 * cell holds, there is a message with its place, a reason why the row is left out, or an effect that is a number.
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

/* The route's columns as CSV; in study `hole`, input `without` is `instead`. */
static bool table_with(const char *roles, bool reversed, size_t hole, size_t without, const char *instead, char *out,
                       size_t size)
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
            const char *const cell = line == 0 ? role : line == hole && column == without ? instead : value;
            const size_t length = line == 0 ? n : strlen(cell);
            p += snprintf(p, size - (size_t)(p - out), "%s%.*s", column ? "," : "", (int)length, cell);
            role += n + (role[n] == ' ');
        }
        p += snprintf(p, size - (size_t)(p - out), "\n");
    }
    return true;
}

static bool table(const char *roles, bool reversed, size_t hole, size_t without, char *out, size_t size)
{
    return table_with(roles, reversed, hole, without, "NA", out, size);
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

/* What somebody may have typed into a cell. */
static const char *const strange[] = {
    "-7", "-1", "-0.3", "-0", "0", "1e-320", "1e-300", "1e-12", "0.5", "1", "2", "2.5", "3", "4", "1e6", "1e12",
    "1e100", "1e160", "1.7e308", "-1e12", "-1e300", "1e400", "inf", "-Inf", "Infinity", "nan", "abc", "\"0,5\"",
    "1e", "5%", "<0.05", "12-Mar", "0x10", "1/2", "''",
};

typedef struct strange_case {
    const mpl_measure *m;
    const mpl_route *route;
    const char *vtype, *value;
    char role[16], name[128];
} strange_case;

/* The other studies are as they were, unless their variances are averages. */
static void strange_result(const strange_case *c, const mpl_effects *e, const mpl_effects *whole)
{
    const bool averaged = strstr(e->options.vtype, "AV") || strstr(e->options.vtype, "HO");
    CHECK(e->k + e->n_excluded == 6, "%s: a row vanished", c->name);
    for (size_t i = 0; i < e->k; i++) {
        CHECK(isfinite(e->yi[i]) && isfinite(e->vi[i]) && e->vi[i] >= 0, "%s: study %zu has %g with variance %g",
              c->name, e->row[i], e->yi[i], e->vi[i]);
        CHECK(e->vi[i] > 0 || e->row[i] == 3 || averaged, "%s: study %zu has no variance", c->name, e->row[i]);
        const mpl_study_interval at = mpl_effects_interval(e, i, 0.95);
        CHECK(at.ci_lb <= at.yi && at.yi <= at.ci_ub, "%s: %g in [%g, %g]", c->name, at.yi, at.ci_lb, at.ci_ub);
        CHECK(!isnan(at.display_yi), "%s: %g is shown as nothing", c->name, e->yi[i]);
        if (e->row[i] != 3)
            CHECK(e->yi[i] == whole->yi[e->row[i] - 1] && (averaged || e->vi[i] == whole->vi[e->row[i] - 1]),
                  "%s: study %zu changed", c->name, e->row[i]);
    }
    for (size_t i = 0; i < e->n_excluded; i++) {
        CHECK(averaged || (e->n_excluded == 1 && e->excluded[i].row == 3), "%s: row %zu is left out", c->name,
              e->excluded[i].row);
        CHECK(e->excluded[i].reason && strlen(e->excluded[i].reason) > 7 && !strstr(e->excluded[i].reason, "nan"),
              "%s: left out for '%s'", c->name, e->excluded[i].reason);
    }
}

static void strange_cell(const strange_case *c, const char *csv, const mpl_effects *whole)
{
    mpl_dataset *set = NULL;
    mpl_error err = { .message = "" };
    if (!CHECK(mpl_dataset_read_bytes(csv, strlen(csv), "x.csv", NULL, &set, &err) == MPL_OK, "%s: %s", c->name,
               err.message))
        return;
    mpl_status s = MPL_ERR_DATA;
    for (int omit = 0; omit < 2 && s == MPL_ERR_DATA; omit++) { /* the second time the row is left out */
        const mpl_effect_options options = { .measure = c->m->method.id, .route = c->route->id, .vtype = c->vtype,
                                             .omit_impossible = omit };
        mpl_effects *e = NULL;
        err = (mpl_error){ .message = "" };
        s = mpl_effects_new(set, &options, &e, &err);
        if (s == MPL_OK) {
            strange_result(c, e, whole);
        } else {
            CHECK(s == MPL_ERR_PARSE || (s == MPL_ERR_DATA && !omit), "%s: status %d, %s", c->name, (int)s,
                  err.message);
            CHECK((strstr(err.message, c->role) || strstr(err.message, "interval") || strstr(err.message, "p-value")) &&
                  strstr(err.message, "line 4") && !strchr(err.message, '\n'),
                  "%s: %s", c->name, err.message);
        }
        mpl_effects_free(e);
    }
    mpl_dataset_free(set);
}

static void strange_cells(const mpl_measure *m, const mpl_route *route, const char *vtype)
{
    strange_case c = { .m = m, .route = route, .vtype = vtype };
    char csv[4096];
    const mpl_effect_options options = { .measure = m->method.id, .route = route->id, .vtype = vtype };
    mpl_dataset *set = NULL;
    mpl_effects *whole = NULL;
    mpl_error err = { .message = "" };
    table(route->inputs, false, 0, 0, csv, sizeof csv);
    if (mpl_dataset_read_bytes(csv, strlen(csv), "x.csv", NULL, &set, &err) != MPL_OK ||
        mpl_effects_new(set, &options, &whole, &err) != MPL_OK)
        check_die(err.message, csv);
    size_t column = 0;
    for (const char *role = route->inputs; *role; column++) {
        const size_t n = strcspn(role, " ");
        snprintf(c.role, sizeof c.role, "%.*s", (int)n, role);
        for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
            c.value = strange[i];
            snprintf(c.name, sizeof c.name, "%s %s by %s, %s = %s", m->method.id, vtype, route->id, c.role, c.value);
            table_with(route->inputs, false, 3, column, c.value, csv, sizeof csv);
            strange_cell(&c, csv, whole);
        }
        role += n + (role[n] == ' ');
    }
    mpl_effects_free(whole);
    mpl_dataset_free(set);
}

/* Under every variance type. What is reported is read by the same functions for all measures: GEN and one more. */
static void strange_laws(const mpl_measure *m, const mpl_route *route)
{
    static const char *const reported[] = { "vi", "sei", "ci", "zval", "pval" };
    const bool some = !strcmp(m->method.id, "GEN") || !strcmp(m->method.id, "ZCOR");
    const char *vtypes = m->vtypes ? m->vtypes : "LS";
    for (size_t i = 0; i < sizeof reported / sizeof *reported; i++)
        if (!strcmp(route->id, reported[i]))
            vtypes = some ? "LS" : "";
    while (*vtypes) {
        const size_t n = strcspn(vtypes, " ");
        char vtype[16];
        snprintf(vtype, sizeof vtype, "%.*s", (int)n, vtypes);
        strange_cells(m, route, vtype);
        vtypes += n + (vtypes[n] == ' ');
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
        for (size_t r = 0; m && r < m->n_routes; r++) {
            route_laws(m, &m->routes[r]);
            strange_laws(m, &m->routes[r]);
        }
    }
    return check_done();
}
