/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subsets of the studies: options, threads, notes. */
#include "diag/gosh.h"

#include <math.h>

#include "base/blocks.h"
#include "base/error.h"

const mpl_option *mpl_gosh_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "subsets", MPL_MEMBER(COUNT, mpl_gosh_options, subsets), .min = 100, .max = 4194304, .arg = "N",
          .dflt = "1048576", .help = "pool all subsets if there are no more than this, else so many random ones",
          .since = "0.1.0" },
        { .name = "points", MPL_MEMBER(COUNT, mpl_gosh_options, points), .min = 1, .max = 4194304, .arg = "N",
          .dflt = "1000", .help = "subsets listed one by one in JSON and CSV, random ones if there are more",
          .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

static void add_notes(mpl_gosh *g, const mpl__subsets *ss, size_t planned, mpl__notes *notes)
{
    if (g->is_partial)
        mpl__note_add(notes, "stopped", "stopped after %zu of %zu subsets: these are the first%s", g->n, planned,
                      ss->is_all ? ", in which the studies last in the file are missing" : " ones drawn");
    if (!g->is_all)
        mpl__note_add(notes, "sampled", "there are too many subsets: %zu of them were drawn at random", g->n);
    if (g->n_failed)
        mpl__note_add(notes, "not-pooled", "%zu subsets have no estimate", g->n_failed);
    for (size_t i = 0; i < ss->k; i++)
        if (g->studies[i].separates)
            mpl__note_add_row(notes, "separates", g->studies[i].row, g->studies[i].study,
                              "the middle halves of the estimates with and without it do not overlap");
}

static mpl_status run(mpl_gosh *g, const mpl_run_options *options, mpl__arena *keep, mpl__arena *scratch,
                      mpl_error *err)
{
    mpl__subsets ss;
    mpl__notes notes = { .arena = keep };
    size_t done;
    MPL_TRY(mpl_options_resolve(mpl_gosh_option_table(), &g->options, sizeof g->options, NULL, err));
    MPL_TRY(mpl__subsets_init(&ss, g->effects, g->fit, g->options.subsets, mpl__run_seed(options), scratch, err));
    const size_t n = (ss.n + MPL__GOSH_BLOCK - 1) / MPL__GOSH_BLOCK, planned = ss.n - ss.is_all;
    MPL_TRY(mpl__blocks_run(options, n, mpl__subsets_block, &ss, &done, err));
    if (done == 0)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "stopped before any subset was pooled");
    g->is_partial = done < n;
    g->is_all = ss.is_all && !g->is_partial;
    g->run.seed = (mpl_maybe){ .given = !ss.is_all, .value = (double)ss.seed }; /* threads change nothing */
    g->n_possible = exp2((double)ss.k) - 1;
    ss.n_done = g->is_partial ? done * MPL__GOSH_BLOCK : ss.n;
    MPL_TRY(mpl__subsets_summarise(&ss, g, keep, scratch, err));
    add_notes(g, &ss, planned, &notes);
    g->notes = notes.items;
    g->n_notes = notes.n;
    return notes.failed ? mpl__fail_nomem(err, "the notes") : MPL_OK;
}

mpl_status mpl_gosh_new(const mpl_effects *effects, const mpl_fit *fit, const mpl_gosh_options *options,
                        const mpl_run_options *run_options, mpl_gosh **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_gosh *const g = MPL_NEW(keep, mpl_gosh, 1);
    mpl_status s;
    if (g && scratch) {
        *g = (mpl_gosh){ .effects = effects, .fit = fit, .arena = keep };
        if (options)
            g->options = *options;
        s = run(g, run_options, keep, scratch, err);
    } else {
        s = mpl__fail_nomem(err, "the subsets");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = g;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_gosh_free(mpl_gosh *gosh)
{
    if (gosh)
        mpl__arena_free(gosh->arena);
}
