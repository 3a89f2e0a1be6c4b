/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How layouts write numbers: p-values as their style guides ask, intervals, and patterns with unknown values. */
#include "check.h"

#include <math.h>

#include "base/arena.h"
#include "plot/look.h"

static mpl__arena *arena;

static void is(const char *got, const char *want)
{
    CHECK(got && strcmp(got, want) == 0, "'%s', expected '%s'", got ? got : "(none)", want);
}

/* AMA 11th ed. 19.5: no zero before the point, two digits, three below .01 and where two would round to .05. */
static void pvalues(void)
{
    static const struct { const char *layout; double p; const char *want; } rows[] = {
        { "metapool", 0.0316, "p = 0.032" },  { "metapool", 0.0009, "p < 0.001" }, { "metapool", 1, "p = 1.000" },
        { "revman5", 0.36, "P = 0.36" },      { "revman5", 0.0016, "P = 0.002" },
        { "revman5", 0.000081, "P < 0.0001" },
        { "revman5", 1e-9, "P < 0.00001" },   { "bmj", 0.17, "P=0.17" },           { "bmj", 0.0042, "P=0.004" },
        { "bmj", 0.0004, "P<0.001" },         { "jama", 0.23, "P = .23" },         { "jama", 0.0478, "P = .048" },
        { "jama", 0.0521, "P = .052" },       { "jama", 0.05, "P = .05" },         { "jama", 0.0004, "P < .001" },
        { "jama", 0.9951, "P > .99" },        { "jama", 0.008, "P = .008" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        is(mpl__look_pvalue(mpl__look_find(rows[i].layout), arena, rows[i].p), rows[i].want);
    is(mpl__look_pnumber(mpl__look_find("jama"), arena, 0.0004), "<.001");
}

static void intervals(void)
{
    const double none = (double)NAN;
    is(mpl__look_interval(mpl__look_find(NULL), arena, 0.488, 0.3301, 0.726, 2), "0.49 [0.33, 0.73]");
    is(mpl__look_interval(mpl__look_find("bmj"), arena, -1, -2.5, 0.5, 1), "−1.0 (−2.5 to 0.5)");
    is(mpl__look_interval(mpl__look_find("bmj"), arena, none, 1, 2, 0), "(1 to 2)");
    is(mpl__look_interval(mpl__look_find("bmj"), arena, 3, none, none, 0), "3");
}

/* A piece with an unknown value goes, and the comma before the first that is left. */
static void patterns(void)
{
    const double none = (double)NAN;
    const mpl__slot slots[] = { { "tau2", none, NULL }, { "i2", 92.22, NULL },
                                { "df", 12, NULL }, { "df2", 3.21, NULL },
                                { "q", 152.233, NULL }, { "p", 0.0004, NULL },
                                { "level", 0, "95" }, { NULL, 0, NULL } };
    const mpl__look *const look = mpl__look_find(NULL);
    is(mpl__look_fill(look, look->heterogeneity, slots, arena),
       "Heterogeneity: I² = 92.2%, Q(12) = 152.23, p < 0.001");
    is(mpl__look_fill(look, "{level}% CI", slots, arena), "95% CI");
    is(mpl__look_fill(look, "F({df}, {df2})| = {none}", slots, arena), "F(12, 3.2)");
}

int main(void)
{
    arena = mpl__arena_new();
    if (!arena)
        check_die("no memory", "");
    pvalues();
    intervals();
    patterns();
    mpl__arena_free(arena);
    return check_done();
}
