/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counts beside the effects: which rows have them, as reported, and what a part of the effects keeps of them. */
#include <stdint.h>

#include <metapool.h>

#include "check.h"

static const char TRIALS[] = "study,ai,n1i,ci,n2i,yi,vi,group\n"
                             "both,3,10,2,12,,,x\n"       /* an effect */
                             "none,0,20,0,21,,,x\n"       /* counts without an effect */
                             "effect,,,,,0.5,0.1,y\n"     /* an effect without counts */
                             "zero,0,30,4,31,,,y\n"       /* corrected, counts are those reported */
                             "missing,1,,2,9,,,y\n"       /* neither */
                             "all,40,40,41,41,,,\n";      /* only events, and no group */

static mpl_effects *compute(const char *csv, const mpl_effect_options *options)
{
    mpl_dataset *data = NULL;
    mpl_effects *out = NULL;
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, strlen(csv), "t.csv", NULL, &data, &err) != MPL_OK ||
        mpl_effects_new(data, options, &out, &err) != MPL_OK)
        check_die(err.message, csv);
    mpl_dataset_free(data);
    return out;
}

/* "both 3/10 2/12 e0, ..." */
static const char *counts_text(const mpl_effects *e)
{
    static char text[1000];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; e->counts && i < e->counts->n; i++) {
        const mpl_counts *const c = e->counts;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %g/%g", i ? ", " : "", c->slab[i], c->x1[i], c->n1[i]);
        if (c->x2)
            n += (size_t)snprintf(text + n, sizeof text - n, " %g/%g", c->x2[i], c->n2[i]);
        if (c->effect[i] == SIZE_MAX)
            n += (size_t)snprintf(text + n, sizeof text - n, " -");
        else
            n += (size_t)snprintf(text + n, sizeof text - n, " e%zu", c->effect[i]);
        CHECK(c->row[i] == c->index[i] + 1, "row %zu of %s", c->row[i], c->slab[i]);
        const size_t at = c->effect[i];
        CHECK(at == SIZE_MAX || (e->index[at] == c->index[i] && mpl_counts_find(e, at) == i), "%s and its effect",
              c->slab[i]);
    }
    return text;
}

static void shapes(void)
{
    static const struct {
        const char *csv, *measure;
        mpl_count_shape shape;
        const char *want;
    } row[] = {
        { TRIALS, "OR", MPL_COUNTS_2X2, "both 3/10 2/12 e0, none 0/20 0/21 e1, zero 0/30 4/31 e3, all 40/40 41/41 e4" },
        { TRIALS, "PETO", MPL_COUNTS_2X2,
          "both 3/10 2/12 e0, none 0/20 0/21 e1, zero 0/30 4/31 e3, all 40/40 41/41 e4" },
        { "study,ai,bi,ci,di\nA,1,2,3,4\nB,0,0,3,4\n", "RD", MPL_COUNTS_2X2, "A 1/3 3/7 e0" },
        { "study,x1i,t1i,x2i,t2i\nA,1,10.5,0,12\n", "IRR", MPL_COUNTS_RATES, "A 1/10.5 0/12 e0" },
        { "study,xi,ni\nA,0,10\nB,,9\nC,4,4\n", "PLO", MPL_COUNTS_PROPORTION, "A 0/10 e0, C 4/4 e1" },
        { "study,xi,mi\nA,0,10\n", "PR", MPL_COUNTS_PROPORTION, "A 0/10 e0" },
        { "study,xi,ti\nA,0,10.25\n", "IRLN", MPL_COUNTS_RATE, "A 0/10.25 e0" },
        { "study,yi,vi\nA,1,1\n", "OR", MPL_COUNTS_2X2, "" },
        { "study,ai,bi,ci,di\nA,1,2,3,4\n", "MPOR", MPL_COUNTS_2X2, "" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_effects *const e = compute(row[i].csv, &(mpl_effect_options){ .measure = row[i].measure });
        CHECK_STR(counts_text(e), row[i].want, "%s", row[i].measure);
        CHECK(!e->counts || e->counts->shape == row[i].shape, "%s: shape", row[i].measure);
        mpl_effects_free(e);
    }
    mpl_effects *e = compute(TRIALS, &(mpl_effect_options){ .measure = "OR", .drop00 = true });
    CHECK_STR(counts_text(e), "both 3/10 2/12 e0, none 0/20 0/21 -, zero 0/30 4/31 e2, all 40/40 41/41 -", "drop00");
    mpl_effects_free(e);
    e = compute(TRIALS, &(mpl_effect_options){ .measure = "OR", .to = "none" });
    CHECK_STR(counts_text(e), "both 3/10 2/12 e0, none 0/20 0/21 -, zero 0/30 4/31 -, all 40/40 41/41 -", "none");
    mpl_effects_free(e);
}

static bool keep_some(void *ctx, size_t index, mpl_exclusion *why)
{
    const char *const wanted = ctx; /* one letter a row: k keeps, r leaves out for a reason, . leaves out */
    if (wanted[index] == 'r') {
        why->reason = "a reason";
        why->line = index + 2;
    }
    return wanted[index] == 'k';
}

static const char *excluded_text(const mpl_effects *e)
{
    static char text[1000];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < e->n_excluded; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%zu %s: %s", i ? ", " : "", e->excluded[i].row,
                              e->excluded[i].study, e->excluded[i].reason);
    return text;
}

#define NONE  "2 none: no events in either arm"
#define LACKS "5 missing: no route: events lacks n1i; vi lacks yi and vi"

static void subsets(void)
{
    static const struct {
        char keep[7];
        const char *counts, *excluded;
        size_t k;
    } row[] = {
        { "kkkkkk", "both 3/10 2/12 e0, none 0/20 0/21 -, zero 0/30 4/31 e2, all 40/40 41/41 -",
          NONE ", " LACKS ", 6 all: only events in both arms", 3 },
        { "rkrkk.", "none 0/20 0/21 -, zero 0/30 4/31 e0",
          "1 both: a reason, " NONE ", 3 effect: a reason, " LACKS ", "
          "6 all: only events in both arms", 1 },
        { ".r.r.r", "",
          NONE ", 4 zero: a reason, " LACKS ", 6 all: only events in both arms", 0 },
    };
    mpl_effects *const all = compute(TRIALS, &(mpl_effect_options){ .measure = "OR", .drop00 = true });
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char keep[7];
        mpl_effects *part = NULL;
        mpl_error err;
        memcpy(keep, row[i].keep, sizeof keep);
        if (mpl_effects_subset(all, keep_some, keep, &part, &err) != MPL_OK)
            check_die(err.message, keep);
        CHECK_STR(counts_text(part), row[i].counts, "%s", keep);
        CHECK_STR(excluded_text(part), row[i].excluded, "%s", keep);
        CHECK(part->k == row[i].k && part->measure == all->measure, "%s: %zu effects", keep, part->k);
        for (size_t j = 0, n = 0; j < all->k; j++) {
            if (keep[all->index[j]] != 'k')
                continue;
            CHECK(part->yi[n] == all->yi[j] && part->vi[n] == all->vi[j] && part->slab[n] == all->slab[j] &&
                      !memcmp(&part->ni[n], &all->ni[j], sizeof(double)) && part->row[n] == all->row[j] &&
                      part->route[n] == all->route[j] && part->index[n] == all->index[j] &&
                      part->corrected[n] == all->corrected[j], "%s: effect %zu", keep, j);
            n++;
        }
        mpl_effects_free(part);
    }
    mpl_effects_free(all);
}

int main(void)
{
    shapes();
    subsets();
    return check_done();
}
