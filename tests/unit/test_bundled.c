/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The datasets compiled in: each loads, says what it is, and gives the effects that R's metafor gets. */
#include "dataset_text.h"

#include <sys/stat.h>
#include <unistd.h>
#include <metapool/effect.h>

static const char *const kinds[] = { "published", "textbook", "simulated", "characteristics" };

static mpl_dataset *open_set(const char *id, const char *where)
{
    mpl_dataset *d = NULL, *f = NULL;
    mpl_error err = { .message = "" };
    if (!CHECK(mpl_dataset_read(id, NULL, &d, &err) == MPL_OK, "%s: %s", id, err.message))
        check_die("cannot read", id);
    if (!where)
        return d;
    CHECK(mpl_dataset_filter(d, where, &f, &err) == MPL_OK, "%s: %s", id, err.message);
    mpl_dataset_free(d);
    return f;
}

static void check_info(const mpl_dataset_info *info)
{
    bool known = false;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        known = known || !strcmp(info->kind, kinds[k]);
    CHECK(known, "%s: kind %s", info->id, info->kind);
    CHECK(info->title && info->source && info->licence && info->about, "%s: says what it is", info->id);
    CHECK(!info->measure || mpl_measure_find(info->measure), "%s: measure %s", info->id, info->measure);
    CHECK(strcmp(info->kind, "textbook") || info->doi || strstr(info->source, "doi"), "%s: has a DOI", info->id);
    const bool simulated = !strcmp(info->kind, "simulated");
    CHECK(simulated == (strstr(info->id, "simulated") != NULL), "%s: simulated by id and kind", info->id);
    CHECK(!simulated || (strstr(info->title, "SIMULATED") && info->n_warnings == 1 &&
                         strstr(info->warnings[0], "SIMULATED")), "%s: simulated by title and warning", info->id);
    for (size_t i = 0; i < info->n_warnings; i++)
        CHECK(info->warnings[i][0] && info->warnings[i][strlen(info->warnings[i]) - 1] != '.', "%s: warning %zu",
              info->id, i);
}

static void check_columns(const mpl_dataset *d)
{
    bool label = false;
    for (size_t c = 0; c < d->n_columns; c++) {
        CHECK(d->columns[c].title, "%s: column %s has a title", d->name, d->columns[c].name);
        const char *const role = d->columns[c].role;
        label = label || (role && (!strcmp(role, "slab") || !strcmp(role, "author")));
        if (role && strcmp(role, "slab") && strcmp(role, "author")) {
            mpl_error err = { .message = "" };
            CHECK(mpl_column_check_number(d, &d->columns[c], &err) == MPL_OK, "%s", err.message);
        }
    }
    CHECK(label && d->n_rows > 0, "%s: rows and their labels", d->name);
    CHECK(d->n_notes == 0, "%s: read without a note, but %s", d->name, d->n_notes ? d->notes[0].text : "");
}

static void all(void)
{
    size_t n = 0;
    for (const mpl_dataset_info *info; (info = mpl_bundled_get(n)); n++) {
        mpl_dataset *const d = open_set(info->id, NULL);
        size_t size = 0;
        const char *const bytes = mpl_bundled_find(info->id, &size);
        check_info(info);
        check_columns(d);
        CHECK_STR(d->info->title, info->title, "%s: info of the dataset", info->id);
        CHECK(bytes && size > 20 && bytes[size - 1] == '\n', "%s: bytes", info->id);
        for (size_t i = 0; i < n; i++)
            CHECK(strcmp(mpl_bundled_get(i)->id, info->id), "%s is there once", info->id);
        mpl_dataset_free(d);
    }
    CHECK(n >= 20, "%zu datasets", n);
    size_t size;
    CHECK(!mpl_bundled_find("no-such", &size), "no such dataset");
}

static mpl_effects *effects_of(const mpl_dataset *d, const char *measure)
{
    mpl_effects *e = NULL;
    mpl_error err = { .message = "" };
    const mpl_effect_options o = { .measure = measure, .ri = { true, 0.5 } };
    CHECK(mpl_effects_new(d, &o, &e, &err) == MPL_OK, "%s: %s", d->name, err.message);
    return e;
}

/* Every set with a measure and data has a row in the reference table, and agrees with it. */
static void effects(void)
{
    check_csv *const ref = check_csv_open("ref/bundled.csv");
    for (size_t n = 0; mpl_bundled_get(n); n++) {
        const mpl_dataset_info *const info = mpl_bundled_get(n);
        if (!info->measure || !strcmp(info->kind, "characteristics"))
            continue;
        size_t row = 0;
        while (row < ref->n_rows && strcmp(check_csv_text(ref, row, "id"), info->id))
            row++;
        if (!CHECK(row < ref->n_rows, "%s has no reference row", info->id))
            continue;
        mpl_dataset *const d = open_set(info->id, NULL);
        mpl_effects *const e = effects_of(d, NULL);
        double yi = 0, vi = 0;
        for (size_t i = 0; e && i < e->k; i++) {
            yi += e->yi[i] / (double)e->k;
            vi += e->vi[i] / (double)e->k;
        }
        CHECK_STR(e->measure->method.id, check_csv_text(ref, row, "measure"), "%s", info->id);
        CHECK(e->k == (size_t)check_csv_real(ref, row, "k"), "%s: k = %zu", info->id, e->k);
        CHECK(e->k + e->n_excluded == d->n_rows, "%s: every row is used or listed", info->id);
        CHECK_CLOSE(yi, check_csv_real(ref, row, "mean_yi"), 1e-12, "%s", info->id);
        CHECK_CLOSE(vi, check_csv_real(ref, row, "mean_vi"), 1e-12, "%s", info->id);
        mpl_effects_free(e);
        mpl_dataset_free(d);
    }
    check_csv_free(ref);
}

/* What the sources say must stay visible, and must not be pooled by accident. */
static void honesty(void)
{
    mpl_dataset *d = open_set("iief-change", NULL);
    bool biased = false, no_r = mpl_dataset_find(d, "ri") == NULL;
    for (size_t i = 0; i < d->info->n_warnings; i++)
        biased = biased || (strstr(d->info->warnings[i], "biased upward") && strstr(d->info->warnings[i], "Levy"));
    CHECK(biased && no_r, "iief-change: bias is named, no correlation is invented");
    mpl_effects *e = effects_of(d, NULL);
    bool levy = false, yiou = false;
    for (size_t i = 0; i < e->n_excluded; i++)
        levy = levy || !strcmp(e->excluded[i].study, "Levy 2016");
    for (size_t i = 0; i < e->k; i++)
        yiou = yiou || (!strcmp(e->slab[i], "Yiou 2017") && e->ni[i] == 6);
    CHECK(levy && yiou, "Levy 2016 is listed; Yiou 2017 is the 6 new men");
    for (size_t i = 0; i < e->k; i++)
        CHECK(e->yi[i] > 0, "%s: improvement is positive", e->slab[i]);
    mpl_effects_free(e);
    mpl_dataset_free(d);

    d = open_set("icp-response", "study = 'Aged-rat BMSC 2019'");
    e = effects_of(d, NULL);
    CHECK(e->k == 1 && fabs(e->yi[0] - 7.0) < 0.05, "as SD the unlabelled spread gives g = 7.0");
    mpl_effects_free(e);
    mpl_dataset_free(d);
    d = open_set("icp-response-sem", "study = 'Aged-rat BMSC 2019'");
    e = effects_of(d, NULL);
    CHECK(e->k == 1 && fabs(e->yi[0] - 1.8) < 0.05, "as standard error it gives g = 1.8");
    mpl_effects_free(e);
    mpl_dataset_free(d);

    d = open_set("review-table1", "n = 1");
    CHECK(d->n_rows == 1 && !strcmp(d->label[0], "Ichim 2013") &&
          strstr(mpl_dataset_find(d, "note")->text[0], "one patient"), "Ichim 2013 is one patient");
    mpl_dataset_free(d);
    d = open_set("review-table2-template", NULL);
    e = effects_of(d, NULL);
    CHECK(e->k == 0 && e->n_excluded == 11, "the template lists its 11 studies as not poolable");
    mpl_effects_free(e);
    mpl_dataset_free(d);
    d = open_set("icp-map-simulated", NULL);
    for (size_t i = 0; i < d->n_rows; i++)
        CHECK(!strncmp(d->label[i], "Sim ", 4), "%s: an invented label", d->label[i]);
    mpl_dataset_free(d);
}

/* A file goes before a dataset of the same name; a directory does not. */
static void names(void)
{
    char folder[] = "/tmp/metapool-names-XXXXXX", here[4096];
    if (!CHECK(mkdtemp(folder) && getcwd(here, sizeof here) && chdir(folder) == 0, "a folder to work in"))
        return;
    FILE *const f = fopen("bcg", "w");
    CHECK(f && fputs("yi,vi\n1,2\n", f) >= 0 && fclose(f) == 0 && mkdir("magnesium", 0700) == 0, "its contents");
    mpl_dataset *d = open_set("bcg", NULL);
    CHECK(d->n_columns == 2 && !d->info->id, "the file");
    mpl_dataset_free(d);
    d = open_set("magnesium", NULL);
    CHECK(d->n_rows == 16 && !strcmp(d->info->id, "magnesium"), "the dataset");
    CHECK_STR(d->name, "magnesium", "its name in messages");
    mpl_dataset_free(d);
    CHECK(remove("bcg") == 0 && remove("magnesium") == 0 && chdir(here) == 0 && remove(folder) == 0, "cleaning up");
}

int main(void)
{
    all();
    effects();
    honesty();
    names();
    return check_done();
}
