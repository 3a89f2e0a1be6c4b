/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of plausibility: each finds what it is for, and finds nothing in what is right. */
#include "check.h"
#include <metapool.h>

/* A file, how it is read, and the one rule that must speak, on which row and column, with what in its reason. */
static const struct probe {
    const char *rule, *csv;
    mpl_check_options options;
    mpl_effect_options effects;
    mpl_severity severity;
    size_t row;
    const char *column, *reason;
} probes[] = {
    { "excel-date", "ai,n1i,ci,n2i\n3-Apr,30,5,30\n4,30,5,30\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "ai", "spreadsheet" },
    { "excel-date", "yi,vi\n0.1,0.2\n2021-03-04,0.2\n", { 0 }, { 0 }, MPL_SERIOUS, 2, "yi", "date" },
    { "excel-date", "yi,vi\n0.1,0.2\n03/04,0.2\n", { 0 }, { 0 }, MPL_SERIOUS, 2, "yi", "date" },
    { "excel-date", "yi,vi,dose\n1,1,Mar-03\n2,1,4\n3,1,5\n4,1,6\n5,1,7\n",
      { 0 }, { 0 }, MPL_SERIOUS, 1, "dose", "date" },
    { "not-a-number", "yi,vi\n0.1,0.2\n0.3,<0.1\n", { 0 }, { 0 }, MPL_SERIOUS, 2, "vi", "not a number" },
    { "not-a-number", "yi,vi,dose\n1,1,many\n2,1,4\n3,1,5\n4,1,6\n5,1,7\n",
      { 0 }, { 0 }, MPL_WARNING, 1, "dose", "not a" },
    { "missing-code", "yi,vi,ni\n0.1,0.2,20\n0.3,0.1,999\n0.2,0.1,30\n",
      { 0 }, { 0 }, MPL_WARNING, 2, "ni", "--missing" },
    { "missing-code", "m1i,sd1i\n-9,2\n11,3\n", { 0 }, { 0 }, MPL_WARNING, 1, "m1i", "code" },
    { "negative", "ai,n1i,ci,n2i\n-3,30,5,30\n4,30,5,30\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "ai", "below 0" },
    { "variance", "yi,vi\n0.1,0\n0.3,0.1\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "vi", "above 0" },
    { "variance", "yi,sei\n0.1,0.2\n0.3,-0.1\n", { 0 }, { 0 }, MPL_SERIOUS, 2, "sei", "above 0" },
    { "impossible", "ri,ni\n0.4,30\n1.4,20\n", { 0 }, { 0 }, MPL_SERIOUS, 2, "ri", "between -1 and 1" },
    { "impossible", "yi,pval\n0.4,5\n1.4,0.2\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "pval", "between 0 and 1" },
    { "events", "ai,n1i,ci,n2i\n3,30,5,30\n4,30,31,30\n", { 0 }, { 0 }, MPL_SERIOUS, 2, "ci", "30" },
    { "events", "xi,ni\n3,30\n40,30\n", { 0 }, { 0 }, MPL_SERIOUS, 2, "xi", "more events" },
    { "sums", "ai,bi,n1i,ci,n2i\n3,27,30,5,30\n4,27,30,5,30\n", { 0 }, { 0 }, MPL_WARNING, 2, "n1i", "31" },
    { "sums", "n1i,n2i,ni\n30,30,60\n30,30,50\n", { 0 }, { 0 }, MPL_WARNING, 2, "ni", "60" },
    { "fraction", "ai,n1i,ci,n2i\n3.5,30,5,30\n4,30,5,30\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "ai", "--allow-fractional" },
    { "tiny", "m1i,sd1i,n1i,m2i,sd2i,n2i\n3,1,1,5,1,20\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "n1i", "less than 2" },
    { "outside", "yi,ci_lb,ci_ub\n0.1,0.2,0.4\n0.3,0.2,0.4\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "yi", "0.2 to 0.4" },
    { "outside", "yi,ci_lb,ci_ub\n0.3,0.4,0.2\n0.3,0.2,0.4\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "ci_ub", "below" },
    { "mean-range", "m1i,sd1i,n1i,m2i,sd2i,n2i\n31,1,10,5,1,20\n",
      { .scale_min = { true, 1 }, .scale_max = { true, 30 } }, { 0 }, MPL_SERIOUS, 1, "m1i", "from 1 to 30" },
    { "sd-range", "mi,sdi,ni,scale_min,scale_max\n3,1,10,1,5\n3,2.2,10,1,5\n",
      { 0 }, { 0 }, MPL_SERIOUS, 2, "sdi", "above 2.11 with a mean of 3" },
    { "grim", "mi,sdi,ni\n3.45,1,20\n3.47,1,20\n", { .items = 1 }, { 0 }, MPL_SERIOUS, 2, "mi", "3.45 and 3.5" },
    { "duplicate-row", "study,yi,vi\na,0.1,0.2\nb,0.2,0.2\na,0.1,0.2\n",
      { 0 }, { 0 }, MPL_SERIOUS, 3, NULL, "row 1 (a)" },
    { "raw-ratio", "yi,ci_lb,ci_ub\n2,1,4\n1.5,0.5,4.5\n", { 0 }, { 0 }, MPL_SERIOUS, 1, "yi", "--ratio-scale" },
    { "raw-ratio", "yi,vi\n7.5,1\n0.5,1\n", { 0 }, { .measure = "OR" }, MPL_WARNING, 1, "yi", "1808" },
    { "twice-logged", "yi,ci_lb,ci_ub\n0.7,0.1,1.3\n0.5,0.1,0.9\n",
      { 0 }, { .ratio_scale = true, .measure = "OR" }, MPL_SERIOUS, 1, "yi", "twice" },
    { "twice-logged", "yi,ci_lb,ci_ub\n2,1,4\n-0.2,-1,0.6\n",
      { 0 }, { .ratio_scale = true, .measure = "OR" }, MPL_SERIOUS, 2, "yi", "twice" },
    { "asymmetric", "yi,ci_lb,ci_ub\n0.2,-0.2,1.2\n0.3,0.1,0.5\n", { 0 }, { 0 }, MPL_WARNING, 1, "yi", "21.4 %" },
    { "sd-is-se", "m1i,sd1i,n1i,m2i,sd2i,n2i\n60.5,0.06,15,60,0.1,15\n",
      { 0 }, { 0 }, MPL_SERIOUS, 1, "sd1i", "6.06" },
    { "sd-is-se", "m1i,sd1i,n1i,m2i,sd2i,n2i\n10,1,15,12.5,1,15\n", { 0 }, { 0 }, MPL_WARNING, 1, "sd1i", "0.645" },
    { "sd-neighbours", "m1i,sd1i,n1i,m2i,sd2i,n2i\n9,3,9,8,3,9\n9,3.5,9,8,4,9\n9,2.5,9,8,2,9\n9,3,9,8,0.1,900\n",
      { 0 }, { .measure = "MD" }, MPL_WARNING, 4, "sd2i", "as if it were a standard error" },
    { "duplicate-numbers", "study,yi,vi\na,0.123,0.2345\nb,0.2,0.2\nc,0.123,0.2345\n",
      { 0 }, { 0 }, MPL_WARNING, 3, NULL, "row 1 (a)" },
    { "duplicate-label", "study,yi,vi\na,0.1,0.2\nb,0.2,0.2\na,0.3,0.2\n",
      { 0 }, { 0 }, MPL_REMARK, 3, NULL, "row 1 (a)" },
    { "shared-control", "m1i,sd1i,n1i,m2i,sd2i,n2i\n9,3,10,8,2.5,12\n9,3,10,7,2.2,12\n10,3,10,8,2.5,12\n",
      { 0 }, { 0 }, MPL_WARNING, 3, "n2i", "row 1" },
    { "shared-control", "trial,ai,n1i,ci,n2i\nA,3,10,5,12\nA,4,10,5,12\nB,3,10,5,12\n",
      { .cluster = "trial" }, { 0 }, MPL_WARNING, 2, "n2i", "row 1" },
    { "outlier", "yi,vi\n0.1,0.01\n0.2,0.01\n0.15,0.01\n0.12,0.01\n2,0.01\n",
      { 0 }, { 0 }, MPL_SERIOUS, 5, "yi", "0.135" },
    { "sign", "yi,vi\n0.5,0.01\n0.4,0.01\n0.6,0.01\n0.45,0.01\n-0.5,0.01\n",
      { .skip = "outlier" }, { .measure = "SMD" }, MPL_WARNING, 5, "yi", "opposite" },
    { "missing", "yi,vi,x\n0.5,0.01,1\n0.4,0.01,\n", { 0 }, { 0 }, MPL_REMARK, 0, "x", "1 of 2" },
    { "unusable", "yi,vi\n0.5,0.01\n0.4,\n", { .skip = "missing" }, { 0 }, MPL_REMARK, 2, NULL, "vi is missing" },
};

static mpl_dataset *read_csv(const char *csv)
{
    mpl_dataset *data;
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, strlen(csv), "probe.csv", NULL, &data, &err) != MPL_OK)
        check_die(err.message, csv);
    return data;
}

static void each_rule_speaks(void)
{
    bool seen[64] = { false };
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        const struct probe *p = &probes[i];
        mpl_dataset *data = read_csv(p->csv);
        mpl_check *check;
        mpl_error err = { .message = "" };
        if (!CHECK(mpl_check_new(data, &p->effects, &p->options, &check, &err) == MPL_OK, "%s %zu: %s", p->rule, i,
                   err.message))
            continue;
        mpl_dataset_free(data);
        size_t found = 0;
        for (size_t k = 0; k < check->n_findings; k++) {
            const mpl_finding *f = &check->findings[k];
            if (strcmp(f->rule->method.id, p->rule)) {
                CHECK(f->severity == MPL_REMARK, "%s %zu: %s (%s) speaks too: %s", p->rule, i, f->rule->method.id,
                      mpl_severity_text(f->severity), f->reason);
                continue;
            }
            if (found++)
                continue;
            CHECK(f->severity == p->severity && f->severity <= f->rule->severity, "%s %zu: severity", p->rule, i);
            CHECK(f->row == p->row, "%s %zu: row %zu", p->rule, i, f->row);
            CHECK_STR(f->column, p->column, "%s %zu: column", p->rule, i);
            CHECK(strstr(f->reason, p->reason), "%s %zu: %s", p->rule, i, f->reason);
            CHECK((f->study != NULL) == (p->row > 0) && (f->line > 0) == (p->row > 0), "%s %zu: place", p->rule, i);
        }
        CHECK(found > 0, "%s %zu says nothing", p->rule, i);
        CHECK(check->n_serious + check->n_warnings + check->n_remarks == check->n_findings, "%s: counts", p->rule);
        mpl_check_free(check);
        for (size_t k = 0; mpl_rule_method(k); k++)
            seen[k] = seen[k] || strcmp(mpl_rule_method(k)->id, p->rule) == 0;
    }
    for (size_t k = 0; mpl_rule_method(k); k++) {
        CHECK(seen[k], "%s has a probe", mpl_rule_method(k)->id);
        CHECK(mpl_rule_method(k)->title && mpl_rule_method(k)->cite, "%s has a title and a source",
              mpl_rule_method(k)->id);
    }
}

/* Data that are right, in part by a hair. */
static void silence(void)
{
    static const struct { const char *csv; mpl_check_options options; mpl_effect_options effects; } row[] = {
        { "study,yi,vi\na,0.1,0.2\nb,-0.2,0.1\nc,0.3,0.1\n", { 0 }, { 0 } },
        { "yi,ci_lb,ci_ub\n0.69,0,1.39\n0.41,-0.69,1.5\n", { 0 }, { .measure = "OR" } },
        { "yi,ci_lb,ci_ub\n2,1,4\n1.5,0.5,4.5\n", { 0 }, { .ratio_scale = true, .measure = "OR" } },
        { "mi,sdi,ni\n3.45,1,20\n3.5,1,20\n3.48,1,21\n3.33,1,6\n", { .items = 1 }, { .measure = "MN" } },
        { "mi,sdi,ni\n3.44,1,20\n", { .items = 5 }, { .measure = "MN" } },
        { "mi,sdi,ni\n3,2.10,10\n", { .scale_min = { true, 1 }, .scale_max = { true, 5 } }, { .measure = "MN" } },
        { "m1i,sd1i,n1i,m2i,sd2i,n2i\n12,1,4,9,1,4\n", { 0 }, { 0 } },
        { "ai,n1i,ci,n2i\n0,30,5,30\n30,30,5,30\n3.5,30,5,30\n", { 0 }, { .fractional = true } },
        { "author,year,yi,vi,date\nA,2001,1,1,2001-01-02\nB,2002,2,1,2001-02-03\n", { 0 }, { 0 } },
        { "yi,vi\n0.1,0.01\n0.2,0.01\n0.15,0.01\n0.12,0.01\n2,4\n", { 0 }, { 0 } },
        { "yi,vi\n0.5,0.01\n0.4,0.01\n0.6,0.01\n0.45,0.01\n-0.05,0.01\n", { .skip = "outlier" }, { .measure = "SMD" } },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_dataset *data = read_csv(row[i].csv);
        mpl_check *check;
        mpl_error err;
        CHECK(mpl_check_new(data, &row[i].effects, &row[i].options, &check, &err) == MPL_OK, "case %zu", i);
        for (size_t k = 0; k < check->n_findings; k++)
            CHECK(check->findings[k].severity == MPL_REMARK, "case %zu: %s: %s", i, check->findings[k].rule->method.id,
                  check->findings[k].reason);
        CHECK(check->measure || check->no_effects, "case %zu: effects, or why not", i);
        mpl_check_free(check);
        mpl_dataset_free(data);
    }
}

/* What is known to be odd in the textbook sets; everything else there is right. */
static void textbooks(void)
{
    static const struct { const char *id, *rule; size_t row; } known[] = {
        { "asthma-education", "sums", 10 },      /* 119 and 100 children randomised, 100 and 90 analysed */
        { "co2-plants", "shared-control", 91 },  /* observations 725 and 743 have one control group */
    };
    for (size_t i = 0; mpl_bundled_get(i); i++) {
        const mpl_dataset_info *info = mpl_bundled_get(i);
        mpl_dataset *data;
        mpl_check *check;
        mpl_error err;
        if (mpl_dataset_read(info->id, NULL, &data, &err) != MPL_OK)
            check_die(err.message, info->id);
        CHECK(mpl_check_new(data, NULL, NULL, &check, &err) == MPL_OK, "%s: %s", info->id, err.message);
        const bool textbook = strcmp(info->kind, "textbook") == 0 || strcmp(info->kind, "simulated") == 0;
        for (size_t k = 0; k < check->n_findings; k++) {
            const mpl_finding *f = &check->findings[k];
            bool fine = !textbook || f->severity == MPL_REMARK;
            for (size_t j = 0; j < sizeof known / sizeof *known; j++)
                fine = fine || (!strcmp(known[j].id, info->id) && !strcmp(known[j].rule, f->rule->method.id) &&
                                known[j].row == f->row);
            CHECK(fine, "%s row %zu: %s: %s", info->id, f->row, f->rule->method.id, f->reason);
        }
        if (strcmp(info->id, "icp-response") == 0)
            CHECK(check->n_serious == 1 && strcmp(check->findings[0].rule->method.id, "sd-is-se") == 0 &&
                      strstr(check->findings[0].study, "BMSC"), "the unlabelled spread of the BMSC study is found");
        if (strcmp(info->id, "icp-response-sem") == 0)
            CHECK(check->n_serious == 0, "taken as a standard error, it is not");
        mpl_check_free(check);
        mpl_dataset_free(data);
    }
}

static void options(void)
{
    mpl_dataset *data = read_csv("yi,vi\n0.1,0\n0.3,x\n");
    mpl_check *check;
    mpl_error err;
    CHECK(mpl_check_new(data, NULL, &(mpl_check_options){ .only = "variance" }, &check, &err) == MPL_OK, "%s",
          err.message);
    CHECK(check->n_findings == 1 && check->n_serious == 1, "only one rule");
    CHECK(check->no_effects != NULL && !check->measure, "no row is left");
    mpl_check_free(check);
    CHECK(mpl_check_new(data, NULL, &(mpl_check_options){ .skip = "variance, not-a-number" }, &check, &err) == MPL_OK,
          "%s", err.message);
    CHECK(check->n_serious == 0, "two rules less");
    mpl_check_free(check);
    const mpl_check_options bad[] = { { .only = "varianc" }, { .skip = "no such" }, { .cluster = "z" },
                                      { .scale_min = { true, 3 }, .scale_max = { true, 1 } } };
    const mpl_status want[] = { MPL_ERR_NAME, MPL_ERR_NAME, MPL_ERR_NAME, MPL_ERR_ARG };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = (mpl_error){ .message = "" };
        CHECK(mpl_check_new(data, NULL, &bad[i], &check, &err) == want[i] && !check && err.message[0], "case %zu: %s",
              i, err.message);
    }
    mpl_check_free(NULL);
    mpl_dataset_free(data);
}

int main(void)
{
    each_rule_speaks();
    silence();
    textbooks();
    options();
    return check_done();
}
