/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dependent rows: covariances and aggregation against ref/covariance.csv, combined groups against their members. */
#include "check.h"
#include <metapool.h>

/* "name=v v v|name=v v v" to CSV. */
static mpl_dataset *columns(const char *text)
{
    char copy[8192], csv[8192] = "", *column[32], *value[32];
    size_t n = 0;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *p = strtok(copy, "|"); p; p = strtok(NULL, "|"))
        column[n++] = p;
    for (size_t j = 0; j < n; j++) {
        value[j] = strchr(column[j], '=');
        *value[j]++ = '\0';
        strcat(strcat(csv, j ? "," : ""), column[j]);
    }
    while (*value[0]) {
        strcat(csv, "\n");
        for (size_t j = 0; j < n; j++) {
            const size_t length = strcspn(value[j], " ");
            strcat(csv, j ? "," : "");
            strncat(csv, value[j], length);
            value[j] += length + strspn(value[j] + length, " ");
        }
    }
    strcat(csv, "\n");
    mpl_dataset *data;
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, strlen(csv), "columns.csv", NULL, &data, &err) != MPL_OK)
        check_die(err.message, csv);
    return data;
}

static void read_options(char *words, mpl_covariance_options *options)
{
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');
        const size_t n = value ? (size_t)(value - word) : strlen(word);
        const mpl_option *row = mpl_covariance_option_table();
        while (row->name && (strlen(row->name) != n || memcmp(row->name, word, n)))
            row++;
        mpl_error err = { .message = "no such option" };
        if (row->name && row->kind == MPL_OPTION_FLAG)
            *(bool *)((char *)options + row->offset) = true;
        else
            CHECK(row->name && mpl_option_read(row, options, value + 1, &err) == MPL_OK, "%s: %s", word, err.message);
    }
}

static double covariance(const mpl_covariance *c, size_t i, size_t j)
{
    for (size_t g = 0; g < c->n_clusters; g++) {
        const mpl_cluster *cluster = &c->clusters[g];
        for (size_t a = 0; a < cluster->n; a++)
            for (size_t b = 0; b < cluster->n; b++)
                if (cluster->index[a] == i && cluster->index[b] == j)
                    return cluster->v[a * cluster->n + b];
    }
    return 0;
}

static void check_values(const check_csv *csv, size_t row, const mpl_dataset *data, const mpl_effects *effects,
                         const mpl_covariance *cov)
{
    const char *p = check_csv_text(csv, row, "values"), *where = check_csv_row(csv, row);
    char *end;
    if (strcmp(check_csv_text(csv, row, "what"), "v") == 0) {
        for (size_t j = 0; j < effects->k; j++)
            for (size_t i = j; i < effects->k; i++, p = end)
                CHECK_CLOSE(covariance(cov, i, j), strtod(p, &end), 1e-13, "%s: v[%zu, %zu]", where, i + 1, j + 1);
        return;
    }
    mpl_dataset *out;
    mpl_error err;
    if (!CHECK(mpl_dataset_aggregate(data, effects, cov, &out, &err) == MPL_OK, "%s: %s", where, err.message))
        return;
    static const char *const role[] = { "yi", "vi" };
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < out->n_rows; i++, p = end)
            CHECK_CLOSE(mpl_dataset_find(out, role[k])->number[i], strtod(p, &end), 1e-12, "%s: %s of %s", where,
                        role[k], out->label[i]);
    CHECK(p[strspn(p, " ")] == '\0', "%s: all values are used", where);
    CHECK_STR(out->label[0], data->columns[0].text[0], "the cluster is the label");
    mpl_dataset_free(out);
}

static void references(void)
{
    check_csv *csv = check_csv_open("ref/covariance.csv");
    bool seen[16] = { false }, shared[16] = { false };
    for (size_t i = 0; i < csv->n_rows; i++) {
        char words[512];
        mpl_covariance_options options = { 0 };
        mpl_error err = { .message = "" };
        snprintf(words, sizeof words, "%s", check_csv_text(csv, i, "options"));
        read_options(words, &options);
        mpl_dataset *data = columns(check_csv_text(csv, i, "data"));
        mpl_effects *effects;
        mpl_covariance *cov;
        const mpl_effect_options how = { .measure = check_csv_text(csv, i, "measure") };
        if (mpl_effects_new(data, &how, &effects, &err) != MPL_OK)
            check_die(err.message, check_csv_row(csv, i));
        if (CHECK(mpl_covariance_new(data, effects, NULL, &options, &cov, &err) == MPL_OK, "%s: %s",
                  check_csv_row(csv, i), err.message)) {
            check_values(csv, i, data, effects, cov);
            for (size_t k = 0; mpl_structure_method(k); k++)
                seen[k] = seen[k] || cov->structure == mpl_structure_method(k);
            for (size_t k = 0; mpl_shared_method(k); k++)
                shared[k] = shared[k] || (cov->n_shared && !strcmp(mpl_shared_method(k)->id, how.measure));
            mpl_covariance_free(cov);
        }
        mpl_effects_free(effects);
        mpl_dataset_free(data);
    }
    for (size_t k = 0; mpl_structure_method(k); k++)
        CHECK(seen[k] || strcmp(mpl_structure_method(k)->id, "V") == 0, "%s has a reference row",
              mpl_structure_method(k)->id);
    for (size_t k = 0; mpl_shared_method(k); k++) {
        CHECK(shared[k], "a shared control under %s has a reference row", mpl_shared_method(k)->id);
        CHECK(mpl_measure_find(mpl_shared_method(k)->id), "%s is a measure", mpl_shared_method(k)->id);
    }
    check_csv_free(csv);
}

/* Berkey et al. 1998 with the covariances the trials give; aggregated by hand from the 2 x 2 blocks. */
static void given_matrix(void)
{
    mpl_dataset *data = columns("study=1 1 2 2|yi=0.47 -0.32 0.2 -0.6|vi=0.0075 0.0077 0.0057 0.0008");
    mpl_dataset *v = columns("a=0.0075 0.003 0 0|b=0.003 0.0077 0 0|c=0 0 0.0057 0.0009|d=0 0 0.0009 0.0008"), *out;
    mpl_effects *effects;
    mpl_covariance *cov;
    mpl_error err;
    mpl_covariance_options options = { .structure = "V", .cluster = "study" };
    CHECK(mpl_effects_new(data, NULL, &effects, &err) == MPL_OK, "%s", err.message);
    CHECK(mpl_covariance_new(data, effects, v, &options, &cov, &err) == MPL_OK, "%s", err.message);
    CHECK(mpl_dataset_aggregate(data, effects, cov, &out, &err) == MPL_OK, "%s", err.message);
    const double det = 0.0075 * 0.0077 - 0.003 * 0.003, w1 = (0.0077 - 0.003) / det, w2 = (0.0075 - 0.003) / det;
    CHECK_CLOSE(mpl_dataset_find(out, "yi")->number[0], (w1 * 0.47 - w2 * 0.32) / (w1 + w2), 1e-13, "weighted mean");
    CHECK_CLOSE(mpl_dataset_find(out, "vi")->number[0], 1 / (w1 + w2), 1e-13, "its variance");
    mpl_dataset_free(out);
    mpl_covariance_free(cov);
    options.cluster = "yi"; /* every effect its own cluster: the covariances cross them */
    CHECK(mpl_covariance_new(data, effects, v, &options, &cov, &err) == MPL_ERR_DATA && !cov, "%s", err.message);
    CHECK(mpl_covariance_new(data, effects, NULL, &options, &cov, &err) == MPL_ERR_ARG && !cov, "%s", err.message);
    CHECK(mpl_covariance_new(data, effects, data, &options, &cov, &err) == MPL_ERR_DATA && !cov, "%s", err.message);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    mpl_dataset_free(v);
}

#define ROWS(a, b, c) a "1,.2,0" b ".2,2,0" c "0,0,3\n"

/* A matrix as R, spreadsheets and this program write one, and what is none. */
static void written_matrices(void)
{
    static const struct { const char *name, *text; mpl_status want; } row[] = {
        { "m.csv", ROWS("", "\n", "\n"), MPL_OK },
        { "m.csv", "x,y,z\n" ROWS("", "\n", "\n"), MPL_OK },
        { "m.csv", "A,A,B\n" ROWS("", "\n", "\n"), MPL_OK },
        { "m.csv", "1,2,3\n" ROWS("", "\n", "\n"), MPL_OK },
        { "m.csv", "\"\",\"V1\",\"V2\",\"V3\"\n" ROWS("\"1\",", "\n\"2\",", "\n\"3\","), MPL_OK },
        { "m.csv", "\"\",\"1\",\"2\",\"3\"\n" ROWS("\"1\",", "\n\"2\",", "\n\"3\","), MPL_OK },
        { "m.csv", "\"\",\"A\",\"A\",\"B\"\n" ROWS("\"A\",", "\n\"A\",", "\n\"B\","), MPL_OK },
        { "m.csv", "study;x;y;z\nA;1;0,2;0\nA;0,2;2;0\nB;0;0;3\n", MPL_OK },
        { "m.txt", "\"V1\" \"V2\" \"V 3\"\n\"1\" 1 0.2 0\n\"2\" 0.2 2 0\n\"3\" 0 0 3\n", MPL_OK },
        { "m.txt", "  1  0.2 0 \n 0.2   2 0\n0 0 3\n\n", MPL_OK },
        { "m.tsv", "1\t.2\t0\n.2\t2\t0\n0\t0\t3\n", MPL_OK },
        { "m.json", "[[1, 0.2, 0], [0.2, 2, 0], [0, 0, 3]]", MPL_OK },
        { "m.json", "[[\"A\", \"A\", \"B\"], [1, 0.2, 0], [0.2, 2, 0], [0, 0, 3]]", MPL_OK },
        { "m.json", "{\"studies\": [{\"yi\": 1}], \"V\": [[1, 0.2, 0], [0.2, 2, 0], [0, 0, 3]]}", MPL_OK },
        { "m.csv", "1,.2,0,0\n.2,2,0,0\n0,0,3,0\n0,0,0,9\n", MPL_OK }, /* all rows of the file */
        { "m.csv", "1,.2\n.2,2\n", MPL_ERR_DATA },
        { "m.csv", "1,.2,0\n.2,2,0\n", MPL_ERR_DATA },
        { "m.csv", "1,.2,0\n.3,2,0\n0,0,3\n", MPL_ERR_DATA },
        { "m.csv", "1,.2,0\n.2,2,0\n0,,3\n", MPL_ERR_DATA },
        { "m.csv", "1,.2,0\n.2,2,1\n0,1,3\n", MPL_ERR_DATA }, /* between two studies */
        { "m.csv", "x,y,z\n1,a,0\n.2,2,0\n0,0,3\n", MPL_ERR_PARSE },
        { "m.csv", ",p,q,r\n" ROWS("B,", "\nA,", "\nA,"), MPL_ERR_DATA }, /* labelled in another order */
    };
    mpl_dataset *data = columns("study=A A B C|yi=1 2 3 NA|vi=1 2 3 9");
    mpl_effects *effects;
    mpl_error err;
    CHECK(mpl_effects_new(data, NULL, &effects, &err) == MPL_OK, "%s", err.message);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_dataset *v = NULL;
        mpl_covariance *cov = NULL;
        const mpl_read_options matrix = { .matrix = true };
        mpl_status s = mpl_dataset_read_bytes(row[i].text, strlen(row[i].text), row[i].name, &matrix, &v, &err);
        if (CHECK(s == MPL_OK, "case %zu: %s", i, err.message))
            s = mpl_covariance_new(data, effects, v, NULL, &cov, &err);
        CHECK(s == row[i].want, "case %zu: %d %s", i, s, s ? err.message : "");
        for (size_t a = 0; cov && a < 3; a++)
            for (size_t b = 0; b < 3; b++)
                CHECK(covariance(cov, a, b) == (a == b ? (double)a + 1 : a + b == 1 ? 0.2 : 0), "case %zu", i);
        mpl_covariance_free(cov);
        mpl_dataset_free(v);
    }
    mpl_effects_free(effects);
    mpl_dataset_free(data);
}

/* Blocks need one triangle; what is missing or contradicts itself is told with its row. */
static void written_blocks(void)
{
    static const struct { const char *a, *b, *options, *says; } row[] = {
        { "1 0.2 1", "NA 1 NA", "rvars=a,b", NULL },
        { "NA 0.2 NA", "NA NA NA", "rvars=a,b", NULL },
        { "1 NA 3", "0.2 2 NA", "vvars=a,b", NULL },
        { "1 0.2 3", "NA 2 1", "vvars=a,b", "was a row of it left out?" },
        { "1 0.2 1", "0.3 1 NA", "rvars=a,b", "the other way" },
        { "1 NA 1", "NA 1 NA", "rvars=a,b", "no value for rows 2 and 1" },
        { "1 0.2 3", "0.2 2 NA", "rvars=a,b", "--vvars" },
        { "1 -1.2 1", "-1.2 1 NA", "rvars=a,b", "which is no correlation" },
        { "1 0.2 NA", "0.2 2 NA", "vvars=a,b", "no value for rows 3 and 3" },
        { "1 0.2 1", "0.2 1 NA", "rvars=a", "names 1 column" },
        { "1 0.2 1", "0.2 1 NA", "rvars=a,c", "no column 'c'" },
        { "1 0.2 1", "0.2 1 NA", "vvars=a,b struct=RVARS", "needs --rvars" },
        { "1 0.2 1", "0.2 1 NA", "rvars=a,b rho=0.4 struct=CS", "--rvars is not for" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[256], words[64];
        mpl_covariance_options options = { 0 };
        mpl_effects *effects;
        mpl_covariance *cov;
        mpl_error err;
        snprintf(text, sizeof text, "study=A A B|yi=1 2 3|vi=1 2 3|a=%s|b=%s", row[i].a, row[i].b);
        snprintf(words, sizeof words, "%s", row[i].options);
        read_options(words, &options);
        mpl_dataset *data = columns(text);
        CHECK(mpl_effects_new(data, NULL, &effects, &err) == MPL_OK, "%s", err.message);
        const mpl_status s = mpl_covariance_new(data, effects, NULL, &options, &cov, &err);
        CHECK((s == MPL_OK) == !row[i].says, "case %zu: %s", i, s ? err.message : "accepted");
        CHECK(s == MPL_OK || strstr(err.message, row[i].says), "case %zu: %s", i, err.message);
        if (s == MPL_OK)
            CHECK_CLOSE(covariance(cov, 0, 1), options.rvars ? 0.2 * sqrt(2) : 0.2, 1e-15, "case %zu", i);
        mpl_covariance_free(cov);
        mpl_effects_free(effects);
        mpl_dataset_free(data);
    }
}

static void refusals(void)
{
    mpl_dataset *data = columns("study=1 1 2|yi=1 2 3|vi=1 1 1|time=1 NA 3|x=a b c");
    mpl_effects *effects;
    mpl_covariance *cov;
    mpl_error err;
    CHECK(mpl_effects_new(data, NULL, &effects, &err) == MPL_OK, "%s", err.message);
    const struct { mpl_covariance_options options; mpl_status want; } row[] = {
        { { .structure = "no such" }, MPL_ERR_NAME },
        { { .structure = "CS" }, MPL_ERR_ARG },
        { { .structure = "CAR", .time = "time" }, MPL_ERR_ARG },
        { { .structure = "CAR", .phi = { true, 0.5 } }, MPL_ERR_ARG },
        { { .structure = "CAR", .phi = { true, 0.5 }, .time = "time" }, MPL_ERR_DATA },
        { { .structure = "CAR", .phi = { true, 0.5 }, .time = "x" }, MPL_ERR_PARSE },
        { { .structure = "CS", .rho = { true, 2 } }, MPL_ERR_ARG },
        { { .structure = "CS", .rho = { true, 0.5 }, .cluster = "stud" }, MPL_ERR_NAME },
        { { .structure = "VCALC", .obs = "x" }, MPL_ERR_ARG },
        { { .structure = "VCALC", .type = "x" }, MPL_ERR_ARG },
        { { .structure = "VCALC", .group2 = "x" }, MPL_ERR_ARG },
        { { .shared_control = true }, MPL_ERR_DATA },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        err = (mpl_error){ .message = "" };
        cov = (mpl_covariance *)effects;
        CHECK(mpl_covariance_new(data, effects, NULL, &row[i].options, &cov, &err) == row[i].want, "case %zu: %s", i,
              err.message);
        CHECK(!cov && err.message[0] && !strchr(err.message, '\n'), "case %zu: one-line message", i);
    }
    const mpl_covariance_options one = { .structure = "CS", .rho = { true, 1 }, .cluster = "study" };
    mpl_dataset *out = data;
    CHECK(mpl_covariance_new(data, effects, NULL, &one, &cov, &err) == MPL_OK, "%s", err.message);
    CHECK(!cov->clusters[0].positive_definite && cov->clusters[1].positive_definite && cov->n_notes == 1,
          "perfectly correlated effects are noted");
    CHECK(mpl_dataset_aggregate(data, effects, cov, &out, &err) == MPL_ERR_NUMERIC && !out, "and cannot be weighted");
    mpl_covariance_free(cov);
    mpl_covariance_free(NULL);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
}

static void moments(const double *x, size_t n, double *mean, double *sd)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - sum / (double)n) * (x[i] - sum / (double)n);
    *mean = sum / (double)n;
    *sd = sqrt(squares / ((double)n - 1));
}

/* Three treated groups and one control group: together they are the sample of all their members. */
static void combined(void)
{
    static const double x[] = { 3, 5, 4, 9, 12, 8, 1, 1, 2.5, 7, 6 };
    static const size_t n[] = { 3, 4, 4 };
    char text[1024] = "study=A A A|n1i=3 4 4|n2i=10 10 10|m2i=5 5 5|sd2i=2 2 2|arm=x y z|year=2001 2001 2001|m1i=",
         number[64], sds[256] = "|sd1i=";
    double mean, sd;
    for (size_t g = 0, at = 0; g < 3; at += n[g++]) {
        moments(x + at, n[g], &mean, &sd);
        snprintf(number, sizeof number, "%.17g ", mean);
        strcat(text, number);
        snprintf(number, sizeof number, "%.17g ", sd);
        strcat(sds, number);
    }
    mpl_dataset *data = columns(strcat(text, sds)), *out;
    mpl_error err;
    for (int shared = 0; shared < 2; shared++) {
        const mpl_covariance_options options = { .cluster = "study", .shared_control = shared };
        CHECK(mpl_dataset_combine(data, &options, &out, &err) == MPL_OK, "%s", err.message);
        moments(x, 11, &mean, &sd);
        CHECK(out->n_rows == 1, "one row");
        CHECK_CLOSE(mpl_dataset_find(out, "m1i")->number[0], mean, 1e-14, "mean of all");
        CHECK_CLOSE(mpl_dataset_find(out, "sd1i")->number[0], sd, 1e-14, "standard deviation of all");
        CHECK(mpl_dataset_find(out, "n1i")->number[0] == 11, "all members");
        CHECK(mpl_dataset_find(out, "n2i")->number[0] == (shared ? 10 : 30), "the control group %s",
              shared ? "once" : "three times");
        CHECK_CLOSE(mpl_dataset_find(out, "sd2i")->number[0], shared ? 2 : 2 * sqrt(27.0 / 29), 1e-14, "its spread");
        CHECK(mpl_dataset_find(out, "year")->number[0] == 2001, "the year stays");
        CHECK(!mpl_dataset_find(out, "arm"), "arms that differ have no common name");
        mpl_dataset_free(out);
    }
    mpl_dataset_free(data);
    data = columns("x=1 2|y=a b");
    CHECK(mpl_dataset_combine(data, NULL, &out, &err) == MPL_ERR_DATA && !out, "%s", err.message);
    CHECK(mpl_dataset_combine(data, &(mpl_covariance_options){ .cluster = "z" }, &out, &err) == MPL_ERR_NAME, "%s",
          err.message);
    mpl_dataset_free(data);
}

int main(void)
{
    references();
    given_matrix();
    written_matrices();
    written_blocks();
    refusals();
    combined();
    return check_done();
}
