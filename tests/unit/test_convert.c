/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversions: every registry entry against ref/convert.csv, units, notes, refusals; the formula language. */
#include "check.h"
#include <metapool.h>

static const mpl_option *option(const mpl_option *table, const char *name, size_t n)
{
    while (table->name && (strlen(table->name) != n || memcmp(table->name, name, n)))
        table++;
    return table->name ? table : NULL;
}

/* "--name=value" words, as "name=value name", into the options; their texts live in `words`. */
static void read_options(char *words, const mpl_option *table, void *options, const char *where)
{
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');
        const size_t n = value ? (size_t)(value - word) : strlen(word);
        const mpl_option *row = option(table, word, n);
        mpl_error err = { .message = "no such option" };
        if (row && row->kind == MPL_OPTION_FLAG)
            *(bool *)((char *)options + row->offset) = true;
        else
            CHECK(row && mpl_option_read(row, options, value + 1, &err) == MPL_OK, "%s: %s: %s", where, word,
                  err.message);
    }
}

/* "role=value ..." as a CSV with one row, or the same row twice. */
static mpl_dataset *dataset(const char *inputs, bool twice)
{
    char copy[1024], head[512] = "", row[512] = "", csv[2048];
    snprintf(copy, sizeof copy, "%s", inputs);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');
        *value++ = '\0';
        strcat(strcat(head, *head ? "," : ""), word);
        strcat(strcat(row, *row ? "," : ""), value);
    }
    snprintf(csv, sizeof csv, "%s\n%s\n%s%s", head, row, twice ? row : "", twice ? "\n" : "");
    mpl_dataset *data;
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, strlen(csv), "test.csv", NULL, &data, &err) != MPL_OK)
        check_die(err.message, inputs);
    return data;
}

static double cell(const mpl_dataset *data, const char *role, size_t row)
{
    const mpl_column *c = mpl_dataset_find(data, role);
    return c ? c->number[row] : (double)NAN;
}

static void references(void)
{
    check_csv *csv = check_csv_open("ref/convert.csv");
    bool seen[128] = { false };
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *id = check_csv_text(csv, i, "conversion");
        const double tol = check_csv_real(csv, i, "tol");
        char words[256], outputs[512];
        snprintf(words, sizeof words, "%s", check_csv_text(csv, i, "options"));
        char *twice = strstr(words, " twice");
        if (twice)
            *twice = '\0';
        mpl_convert_options options = { .conversion = id, .replace = true };
        read_options(words, mpl_convert_option_table(), &options, check_csv_row(csv, i));
        mpl_dataset *data = dataset(check_csv_text(csv, i, "inputs"), twice != NULL), *out;
        mpl_error err;
        if (CHECK(mpl_dataset_convert(data, &options, &out, &err) == MPL_OK, "%s: %s", check_csv_row(csv, i),
                  err.message)) {
            const mpl_column *how = mpl_dataset_find(out, "conversion");
            CHECK(how && how->text[0] && strncmp(how->text[0], id, strlen(id)) == 0, "%s: conversion column says %s",
                  check_csv_row(csv, i), how && how->text[0] ? how->text[0] : "nothing");
            snprintf(outputs, sizeof outputs, "%s", check_csv_text(csv, i, "outputs"));
            for (char *word = strtok(outputs, " "); word; word = strtok(NULL, " ")) {
                char *value = strchr(word, '=');
                *value++ = '\0';
                CHECK_CLOSE(cell(out, word, 0), strtod(value, NULL), tol, "%s %s", check_csv_row(csv, i), word);
            }
            mpl_dataset_free(out);
        }
        mpl_dataset_free(data);
        for (size_t k = 0; mpl_conversion_method(k); k++)
            seen[k] = seen[k] || strcmp(mpl_conversion_method(k)->id, id) == 0;
    }
    for (size_t k = 0; mpl_conversion_method(k); k++)
        CHECK(seen[k], "%s has no reference row", mpl_conversion_method(k)->id);
    check_csv_free(csv);
}

/* Every target has a conversion, every role of a conversion exists, and something is cited. */
static void registries(void)
{
    bool used[32] = { false };
    for (size_t i = 0; mpl_conversion_method(i); i++) {
        const mpl_conversion *c = mpl_conversion_find(mpl_conversion_method(i)->id);
        CHECK(c && &c->method == mpl_conversion_method(i), "%s is found", mpl_conversion_method(i)->id);
        CHECK(c->method.title && c->method.cite, "%s has a title and a source", c->method.id);
        for (size_t k = 0; mpl_target_method(k); k++)
            used[k] = used[k] || strcmp(mpl_target_method(k)->id, c->target) == 0;
        char roles[512];
        snprintf(roles, sizeof roles, "%s %s", c->inputs, c->outputs);
        for (char *word = strtok(roles, " []|"); word; word = strtok(NULL, " []|")) {
            char role[32];
            snprintf(role, sizeof role, "%.*s%s", (int)strcspn(word, "#"), word, strchr(word, '#') ? "2i" : "");
            CHECK(*word == '@' || strncmp(word, "transformed", 11) == 0 || mpl_method_find(mpl_role_method, role),
                  "%s: role %s exists", c->method.id, role);
        }
    }
    for (size_t k = 0; mpl_target_method(k); k++)
        CHECK(used[k], "a conversion leads to %s", mpl_target_method(k)->id);
    CHECK(!mpl_conversion_find("no such"), "an unknown id finds nothing");
}

/* c times the data give c times mean, standard deviation and standard error: from every method, in every unit. */
static void units(void)
{
    static const double five[][6] = {
        { 2, 5, 8, 13, 21, 60 }, { 31.6, 37.6, 47.2, 56.8, 68.7, 12 }, { 1, 2, 3, 5, 30, 40 },
        { 0.5, 2, 3, 3.5, 4, 200 }, { NAN, 5, 8, 13, NAN, 60 }, { 2, NAN, 8, NAN, 21, 60 },
    };
    static const double scale[] = { 1e-6, 0.3048, 7, 1e9 };
    for (size_t m = 0; mpl_conversion_method(m); m++) {
        const mpl_conversion *conversion = mpl_conversion_find(mpl_conversion_method(m)->id);
        if (!strstr(conversion->inputs, "med#"))
            continue;
        const mpl_convert_options options = { .conversion = conversion->method.id, .uncertainty = true };
        for (size_t i = 0; i < sizeof five / sizeof *five; i++) {
            char csv[1024] = "mini,q1i,medi,q3i,maxi,ni\n", number[64];
            for (size_t s = 0; s <= sizeof scale / sizeof *scale; s++)
                for (size_t k = 0; k < 6; k++) {
                    snprintf(number, sizeof number, "%.17g%s", five[i][k] * (s && k < 5 ? scale[s - 1] : 1),
                             k < 5 ? "," : "\n");
                    strcat(csv, isnan(five[i][k]) ? "," : number);
                }
            mpl_dataset *data, *out;
            mpl_error err;
            if (mpl_dataset_read_bytes(csv, strlen(csv), "units.csv", NULL, &data, &err) != MPL_OK)
                check_die(err.message, csv);
            CHECK(mpl_dataset_convert(data, &options, &out, &err) == MPL_OK, "%s %zu: %s", options.conversion, i,
                  err.message);
            for (size_t s = 0; s < sizeof scale / sizeof *scale; s++)
                for (size_t k = 0; k < 3; k++) {
                    static const char *const role[] = { "mi", "sdi", "semi" };
                    const double one = cell(out, role[k], 0), many = cell(out, role[k], s + 1);
                    CHECK_CLOSE(many, scale[s] * one, k < 2 ? 1e-11 : 1e-7, "%s, case %zu, unit %g, %s",
                                options.conversion, i, scale[s], role[k]);
                }
            mpl_dataset_free(out);
            mpl_dataset_free(data);
        }
    }
}

/* The way to the standard error and back ends where it began. */
static void round_trips(void)
{
    static const char *const back[] = { "sei-ci", "ci", "sei-z", "z", "sei-t", "t", "sei-p", "p" };
    for (size_t i = 0; i < sizeof back / sizeof *back; i += 2)
        for (int df = 0; df < 2; df++) {
            mpl_dataset *data = dataset(df ? "yi=-0.3 sei=0.17 dfi=6" : "yi=-0.3 sei=0.17", false), *there, *again;
            mpl_error err;
            CHECK(mpl_dataset_convert(data, &(mpl_convert_options){ .conversion = back[i] }, &there, &err) == MPL_OK &&
                      mpl_dataset_convert(there, &(mpl_convert_options){ .conversion = back[i + 1], .replace = true },
                                          &again, &err) == MPL_OK, "%s: %s", back[i], err.message);
            CHECK_CLOSE(cell(again, "sei", 0), 0.17, 1e-13, "there by %s, back by %s", back[i], back[i + 1]);
            char how[64];
            snprintf(how, sizeof how, "%s; %s", back[i], back[i + 1]);
            CHECK_STR(mpl_dataset_find(again, "conversion")->text[0], how, "both steps are named");
            mpl_dataset_free(again);
            mpl_dataset_free(there);
            mpl_dataset_free(data);
        }
}

/* The default is the best that the columns allow; what is reported stays; every failure has a reason. */
static void rows(void)
{
    static const char csv[] = "study,n1i,min.e,q1.e,median.e,q3.e,max.e,n2i,m2i,sd2i\n"
                              "A,60,2,5,8,13,21,40,7,2\nB,60,,5,8,13,,40,7,2\nC,60,,5,8,,,40,7,2\n"
                              "D,60,9,5,8,13,21,40,7,2\nE,4,1,2,3,4,5,40,7,2\nF,60,2,4,6,8,10,40,7,2\n";
    static const struct { const char *how, *why; } want[] = {
        { "luo+shi (skewed)", NULL }, { "luo+wan", NULL }, { NULL, "q31i is missing" }, { NULL, "ascending order" },
        { NULL, "less than 5" }, { "luo+shi", NULL },
    };
    mpl_dataset *data, *out;
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, strlen(csv), "rows.csv", NULL, &data, &err) != MPL_OK)
        check_die(err.message, "rows.csv");
    CHECK(mpl_dataset_convert(data, &(mpl_convert_options){ .to = "mean-sd" }, &out, &err) == MPL_OK, "%s",
          err.message);
    const mpl_column *how = mpl_dataset_find(out, "conversion");
    for (size_t i = 0; i < out->n_rows; i++) {
        CHECK_STR(how->text[i], want[i].how, "row %zu", i + 1);
        bool found = !want[i].why;
        for (size_t k = 0; k < out->n_notes && !found; k++)
            found = out->notes[k].row == i + 1 && strstr(out->notes[k].text, want[i].why);
        CHECK(found, "row %zu has the reason '%s'", i + 1, want[i].why ? want[i].why : "");
        CHECK(cell(out, "m2i", i) == 7, "row %zu keeps what is reported", i + 1);
        CHECK_STR(out->label[i], data->label[i], "row %zu keeps its label", i + 1);
    }
    CHECK(strstr(out->notes[out->n_notes - 1].text, "--uncertainty"), "the last note tells of the variance");
    mpl_dataset_free(out);
    CHECK(mpl_dataset_convert(data, &(mpl_convert_options){ .to = "mean-sd", .skewed = "drop" }, &out, &err) == MPL_OK,
          "%s", err.message);
    CHECK_STR(mpl_dataset_find(out, "conversion")->text[0], NULL, "a skewed row is dropped on request");
    mpl_dataset_free(out);
    mpl_dataset_free(data);
}

static void refusals(void)
{
    static const struct { const char *inputs; mpl_convert_options options; mpl_status want; } row[] = {
        { "yi=1 vi=1", { 0 }, MPL_ERR_ARG },
        { "yi=1 vi=1", { .to = "no such" }, MPL_ERR_NAME },
        { "yi=1 vi=1", { .conversion = "no such" }, MPL_ERR_NAME },
        { "yi=1 vi=1", { .to = "mean-sd", .conversion = "vi" }, MPL_ERR_ARG },
        { "yi=1 vi=1", { .to = "mean-sd" }, MPL_ERR_DATA },
        { "yi=1 vi=1", { .conversion = "qe" }, MPL_ERR_DATA },
        { "yi=1 vi=1", { .to = "formula" }, MPL_ERR_ARG },
        { "yi=1 vi=1", { .to = "formula", .formula = "2" }, MPL_ERR_ARG },
        { "yi=1 vi=1", { .to = "formula", .formula = "exp(yu)" }, MPL_ERR_NAME },
        { "yi=1 vi=1", { .to = "formula", .formula = "exp(yi" }, MPL_ERR_ARG },
        { "yi=1 vi=1", { .to = "sei", .formula = "yi" }, MPL_ERR_ARG },
        { "n2i=10 ci=3", { .to = "split-control" }, MPL_ERR_ARG },
        { "n2i=10 ci=3", { .to = "split-control", .cluster = "no such" }, MPL_ERR_NAME },
        { "yi=1 vi=x", { .to = "sei" }, MPL_ERR_PARSE },
        { "yi=1 vi=1", { .to = "sei", .scale_min = { true, 1 } }, MPL_ERR_ARG },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_dataset *data = dataset(row[i].inputs, false), *out = data;
        mpl_error err = { .message = "" };
        CHECK(mpl_dataset_convert(data, &row[i].options, &out, &err) == row[i].want, "case %zu: %s", i, err.message);
        CHECK(out == NULL, "case %zu: no output", i);
        CHECK(err.message[0] && !strchr(err.message, '\n'), "case %zu: one-line message", i);
        mpl_dataset_free(data);
    }
}

/* Values by hand or by the C library; every derivative against a central difference. */
static void formulas(void)
{
    static const struct { const char *text; double x, y; } row[] = {
        { "1+2*3", 0, 7 }, { "(1+2)*3", 0, 9 }, { "-2^2", 0, -4 }, { "2^-1", 0, 0.5 }, { "2^3^2", 0, 512 },
        { "6/3/2", 0, 1 }, { "1 - 2 - 3", 0, -4 }, { "--x", 5, 5 }, { "+x", 5, 5 }, { ".5e1 + 1E-1", 0, 5.1 },
        { "2*pi", 0, 6.283185307179586 }, { "`x`^2", 3, 9 }, { "pow(x, 3)", 2, 8 }, { "exp(x)", 1, M_E },
        { "ln(x)", 7, 1.9459101490553132 }, { "log(x)", 7, 1.9459101490553132 }, { "log10(x)", 1000, 3 },
        { "log2(x)", 8, 3 }, { "log1p(x)", 1e-10, 9.9999999995e-11 }, { "expm1(x)", 1e-10, 1.00000000005e-10 },
        { "sqrt(x)", 2, M_SQRT2 }, { "abs(x)", -3, 3 }, { "sin(x)", 1, 0.8414709848078965 },
        { "cos(x)", 1, 0.5403023058681398 }, { "tan(x)", 1, 1.5574077246549022 }, { "asin(x)", 0.5, M_PI / 6 },
        { "acos(x)", 0.5, M_PI / 3 }, { "atan(x)", 1, M_PI / 4 }, { "sinh(x)", 1, 1.1752011936438014 },
        { "cosh(x)", 1, 1.5430806348152437 }, { "tanh(x)", 0.5, 0.46211715726000975 },
        { "asinh(x)", 1, 0.881373587019543 }, { "acosh(x)", 2, 1.3169578969248166 },
        { "atanh(x)", 0.5, 0.5493061443340549 }, { "logit(x)", 0.8, 1.3862943611198906 },
        { "ilogit(x)", 1.3862943611198906, 0.8 }, { "expit(x)", -50, 1.9287498479639178e-22 },
        { "pnorm(x)", -1.5, 0.06680720126885807 }, { "qnorm(x)", 0.975, 1.959963984540054 },
        { "probit(x)", 0.5, 0 }, { "exp(x)/(1 + exp(x))*sqrt(x^2 + 1)^-1", 0.7, 0.54740075186066584 },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_formula *f;
        mpl_error err = { .message = "" };
        if (!CHECK(mpl_formula_new(row[i].text, &f, &err) == MPL_OK, "%s: %s", row[i].text, err.message))
            continue;
        double slope = 0;
        const double h = 1e-6 * (fabs(row[i].x) > 1 ? fabs(row[i].x) : 1e-10 == row[i].x ? 1e-6 : 1);
        CHECK_CLOSE(mpl_formula_compute(f, &row[i].x, &slope), row[i].y, 1e-14, "%s", row[i].text);
        if (f->n_variables == 1) {
            const double up = row[i].x + h, down = row[i].x - h;
            const double rise = mpl_formula_compute(f, &up, NULL) - mpl_formula_compute(f, &down, NULL);
            CHECK(fabs(slope - rise / (2 * h)) <= 1e-7 * (1e-22 + fabs(slope)), "%s: slope %g, difference %g",
                  row[i].text, slope, rise / (2 * h));
        }
        mpl_formula_free(f);
    }
}

static void formula_refusals(void)
{
    static const struct { const char *text; size_t column; mpl_status want; } row[] = {
        { "", 1, MPL_ERR_PARSE }, { "1 +", 4, MPL_ERR_PARSE }, { "(1", 3, MPL_ERR_PARSE }, { "1)", 2, MPL_ERR_PARSE },
        { "2 x", 3, MPL_ERR_PARSE }, { "exp 1", 5, MPL_ERR_PARSE }, { "exp()", 5, MPL_ERR_PARSE },
        { "1 + foo(x)", 5, MPL_ERR_NAME }, { "pow(x)", 6, MPL_ERR_PARSE }, { "exp(x, 1)", 6, MPL_ERR_PARSE },
        { "`x", 1, MPL_ERR_PARSE }, { "``", 1, MPL_ERR_PARSE }, { "1..2", 1, MPL_ERR_PARSE },
        { "x $ y", 3, MPL_ERR_PARSE },
        { "1e999", 1, MPL_ERR_PARSE }, { "*x", 1, MPL_ERR_PARSE },
    };
    mpl_formula *f;
    mpl_error err;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        err = (mpl_error){ .message = "" };
        CHECK(mpl_formula_new(row[i].text, &f, &err) == row[i].want, "'%s': %s", row[i].text, err.message);
        CHECK(err.column == row[i].column, "'%s': column %zu, not %zu", row[i].text, err.column, row[i].column);
        CHECK(!f && err.message[0] && !strchr(err.message, '\n'), "'%s': one-line message", row[i].text);
    }
    char deep[9000];
    for (size_t n = 60; n < 4000; n += 3900) {
        memset(deep, '(', n);
        deep[n] = 'x';
        memset(deep + n + 1, ')', n);
        deep[2 * n + 1] = '\0';
        CHECK(mpl_formula_new(deep, &f, &err) == (n < 64 ? MPL_OK : MPL_ERR_LIMIT), "%zu brackets", n);
        mpl_formula_free(f);
    }
    memset(deep, '-', 4000);
    memcpy(deep + 4000, "x", 2);
    CHECK(mpl_formula_new(deep, &f, &err) == MPL_ERR_LIMIT, "4000 signs");
    mpl_formula_free(NULL);
}

int main(void)
{
    registries();
    references();
    units();
    round_trips();
    rows();
    refusals();
    formulas();
    formula_refusals();
    return check_done();
}
