/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mpl_effects_new: every row of the data once or twice through route, zero-cell rule and measure.
 *
 * Rows are not stored between passes; a pass reads them again. There is one pass before the last if a rule depends on
 * all studies: whether any has a zero cell, whether all are empty, and the averages of AV variances. The last evaluates
 * rows in blocks, on all processors, and adds them in their order.
 */
#include <math.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/method.h"
#include "base/note.h"
#include "effect/choose.h"
#include "effect/converted.h"
#include "effect/input.h"
#include "effect/interval.h"
#include "effect/result.h"

typedef struct job {
    const mpl_dataset *data;
    const mpl__measure *measure;
    const mpl__correction *to;
    const mpl__increment *increment;
    mpl_effect_options options; /* resolved */
    mpl__how how;
    mpl__source source;
    mpl__converted converted;
    mpl__arena *scratch;
    bool any_zero;   /* some study has a zero cell */
    bool drop_empty; /* studies without information are left out */
    const mpl_column *label, *flip; /* NULL = not asked for */
    mpl__result *out;
    bool wants_counts; /* for the intervals of studies */
    size_t n_only_ri; /* rows that lack nothing but the pre/post correlation */
} job;

static const char *label_of(const job *j, size_t i)
{
    return j->label && j->label->text[i] ? j->label->text[i] : j->data->label[i];
}

/* Whether the sign of row i is to be turned. */
static mpl_status flip_at(const job *j, size_t i, bool *turn, mpl_error *err)
{
    static const char yes[] = "true t yes y 1", no[] = "false f no n 0";
    char x[MPL_SHOWN_SIZE], name[MPL_SHOWN_SIZE], low[8] = "";
    const char *const cell = j->flip ? j->flip->text[i] : NULL;
    for (size_t n = 0; cell && cell[n] && n + 1 < sizeof low; n++)
        low[n] = cell[n] >= 'A' && cell[n] <= 'Z' ? (char)(cell[n] - 'A' + 'a') : cell[n];
    *turn = cell && mpl__has_word(yes, low);
    if (!cell || *turn || mpl__has_word(no, low))
        return MPL_OK;
    const mpl_status s = mpl__fail(err, MPL_ERR_DATA, "%s = %s; --flip needs true, yes or 1, else false, no or 0",
                                   mpl_text_to_shown(j->flip->name, name), mpl_text_to_shown(cell, x));
    return mpl__blame(j->data, i, j->flip, s, err);
}

/* Two groups that have counts change places. */
static void flip(mpl__study *s, mpl__effect *e)
{
    e->yi = 0 - e->yi; /* no -0 */
    s->flags |= MPL__FLIPPED;
    if (s->n1 > 0) {
        const double x1 = s->x1, n1 = s->n1;
        s->x1 = s->x2;
        s->n1 = s->n2;
        s->x2 = x1;
        s->n2 = n1;
    }
}

/* One study through its route. What is impossible in it becomes s->why where such rows are to be left out. */
static mpl_status read_row(const job *j, size_t i, mpl__study *s, const mpl_route **route, mpl_error *err)
{
    mpl_error why;
    const mpl_status status = mpl__source_read(&j->source, &j->how, i, s, route, &why);
    if (status == MPL_OK)
        return MPL_OK;
    if (status == MPL_ERR_DATA && j->options.omit_impossible) {
        s->why = mpl__arena_copy(j->out->keep, why.message);
        return s->why ? MPL_OK : mpl__fail_nomem(err, "reasons");
    }
    if (err)
        *err = why;
    return mpl__blame(j->data, i, NULL, status, err);
}

static void correct(const job *j, mpl__study *s, const mpl_route *route)
{
    const mpl__zeros *zeros = j->measure->zeros;
    s->n1 = s->added = 0;
    if (!route || s->why || s->reported || !zeros)
        return;
    if (zeros->count)
        zeros->count(s);
    if (j->drop_empty)
        s->why = zeros->empty(s);
    const double add1 = j->options.add.value, add2 = j->options.add2.given ? j->options.add2.value : add1;
    if (!s->why && (add1 > 0 || add2 > 0) && j->to->applies(zeros->has(s), j->any_zero)) {
        const double share = zeros->share ? zeros->share(s) : 0.5;
        zeros->add(s, add1 * j->increment->factor(share), add2 * j->increment->factor(1 - share));
        s->flags |= MPL__CORRECTED;
    }
}

/* One study through its route and the zero-cell rule. */
static mpl_status take(const job *j, size_t i, mpl__study *s, const mpl_route **route, mpl_error *err)
{
    MPL_TRY(read_row(j, i, s, route, err));
    correct(j, s, *route);
    return MPL_OK;
}

/* Looks at all counts. Ratios of tables that are all empty would be made of nothing but corrections. */
static mpl_status scan_zeros(job *j, mpl_error *err)
{
    const mpl__zeros *zeros = j->measure->zeros;
    const mpl_transform *transform = j->measure->pub.transform;
    size_t n = 0, n_empty = 0;
    bool any = false;
    if (!zeros)
        return MPL_OK;
    for (size_t i = 0; i < j->data->n_rows; i++) {
        mpl__study s;
        const mpl_route *route;
        MPL_TRY(read_row(j, i, &s, &route, err));
        if (!route || s.why || s.reported)
            continue;
        n++;
        n_empty += zeros->empty(&s) ? 1 : 0;
        any |= zeros->has(&s) && !(j->options.drop00 && zeros->empty(&s));
    }
    j->any_zero = any;
    j->drop_empty = j->options.drop00 || (n > 0 && n == n_empty && mpl__is_log_ratio(transform));
    return MPL_OK;
}

static void compute(const job *j, const mpl__study *s, mpl__effect *e)
{
    *e = (mpl__effect){ .yi = NAN, .vi = NAN, .ni = NAN, .unit = NAN };
    if (s->reported) {
        e->yi = s->yi;
        e->vi = s->vi;
    } else {
        j->measure->compute(s, &j->how, e);
    }
    if (isnan(e->ni))
        e->ni = !isnan(s->ni) ? s->ni : s->n1i + s->n2i;
    e->ni -= s->added;
}

static mpl_status average(job *j, mpl_error *err)
{
    double sum[2] = { 0, 0 }, weight[2] = { 0, 0 };
    if (!mpl__has_word(j->measure->averaging, j->options.vtype))
        return MPL_OK;
    for (size_t i = 0; i < j->data->n_rows; i++) {
        mpl__study s;
        mpl__effect e;
        const mpl_route *route;
        MPL_TRY(take(j, i, &s, &route, err));
        if (!route || s.why || s.reported)
            continue;
        compute(j, &s, &e);
        for (size_t g = 0; g < 2; g++)
            if (isfinite(e.part[g] * e.weight[g])) {
                sum[g] += e.part[g] * e.weight[g];
                weight[g] += e.weight[g];
            }
    }
    j->how.mean[0] = sum[0] / weight[0];
    j->how.mean[1] = sum[1] / weight[1];
    j->how.mean_all = (sum[0] + sum[1]) / (weight[0] + weight[1]);
    return MPL_OK;
}

static const char *why_not(const job *j, const mpl__study *s, const mpl__effect *e)
{
    const mpl__zeros *zeros = j->measure->zeros;
    if (e->why)
        return e->why;
    if (zeros && !s->reported && zeros->empty(s))
        return zeros->empty(s);
    if (zeros && !s->reported && zeros->has(s))
        return "a count is 0 and nothing is added to it";
    return !isfinite(e->yi) ? "its effect is not a finite number" : "its variance is not a finite number of at least 0";
}

/* What the means of the next effect were made from. */
static mpl_status keep_conversion(const job *j, const mpl_route *route, size_t i, mpl_error *err)
{
    bool ok = true;
    if (j->converted.column)
        j->out->conversion[j->out->effects->k] = mpl__converted_route(&j->converted, route, i, j->out->keep, &ok);
    return ok ? MPL_OK : mpl__fail_nomem(err, "routes");
}

/* A study on its way through the last pass. */
typedef struct seen {
    mpl__study s;
    mpl__effect e;
    const mpl_route *route;
    bool is_taken; /* it went through its route */
} seen;

static void evaluate(const job *j, seen *at)
{
    at->e = (mpl__effect){ .yi = NAN };
    if (!at->route || at->s.why)
        return;
    compute(j, &at->s, &at->e);
    if (!isfinite(at->e.yi) || !isfinite(at->e.vi) || at->e.vi < 0)
        at->s.why = why_not(j, &at->s, &at->e);
    else if (!at->s.reported && j->measure->large > 0 && fabs(at->e.yi) > j->measure->large)
        at->s.flags |= MPL__LARGE;
    if (j->wants_counts && at->s.reported)
        at->s.flags |= MPL__NO_COUNTS;
}

static mpl_status add_row(job *j, size_t i, seen *at, mpl_error *err)
{
    mpl__study *const s = &at->s;
    const size_t row = j->data->row[i];
    bool turn;
    if (!at->is_taken) {
        MPL_TRY(take(j, i, s, &at->route, err));
        evaluate(j, at);
    }
    MPL_TRY(flip_at(j, i, &turn, err));
    if (!at->route && !s->why) {
        bool only_ri;
        s->why = mpl__source_lack(&j->source, s, j->out->keep, &only_ri);
        j->n_only_ri += only_ri;
        if (!s->why)
            return mpl__fail_nomem(err, "reasons");
    }
    if (turn)
        flip(s, &at->e);
    if (s->n1 > 0)
        MPL_TRY(mpl__result_count(j->out, s, j->measure->zeros->shape, i, row, label_of(j, i), !s->why, err));
    if (s->why)
        return mpl__result_exclude(j->out, row, j->data->line[i], label_of(j, i), s->why, err);
    MPL_TRY(keep_conversion(j, at->route, i, err));
    return mpl__result_add(j->out, &at->e, i, row, label_of(j, i), at->route->id, s->flags, err);
}

enum { BLOCK = 512, WINDOW = 16 }; /* rows of a block, blocks at a time */

/* Blocks of studies that are evaluated at the same time. */
typedef struct window {
    const job *j;
    size_t first; /* row */
    seen *at;     /* [WINDOW * BLOCK] */
} window;

/* What cannot be taken is left to add_row(), which says why and may allocate. */
static mpl_status evaluate_block(void *ctx, size_t block, mpl_error *err)
{
    (void)err;
    const window *const w = ctx;
    const size_t start = w->first + block * BLOCK, left = w->j->data->n_rows - start;
    for (size_t i = start; i < start + (left < BLOCK ? left : BLOCK); i++) {
        seen *const at = &w->at[i - w->first];
        at->is_taken = mpl__source_read(&w->j->source, &w->j->how, i, &at->s, &at->route, NULL) == MPL_OK;
        if (!at->is_taken)
            continue;
        correct(w->j, &at->s, at->route);
        evaluate(w->j, at);
    }
    return MPL_OK;
}

static mpl_status last_pass(job *j, mpl_error *err)
{
    const size_t n_rows = j->data->n_rows, most = (size_t)WINDOW * BLOCK;
    window w = { .j = j, .at = MPL_NEW(j->scratch, seen, n_rows < most ? n_rows : most) };
    if (!w.at)
        return mpl__fail_nomem(err, "effects");
    for (; w.first < n_rows; w.first += most) {
        const size_t left = n_rows - w.first, n = left < most ? left : most;
        size_t done;
        MPL_TRY(mpl__blocks_run(NULL, (n + BLOCK - 1) / BLOCK, evaluate_block, &w, &done, err));
        for (size_t i = 0; i < n; i++)
            MPL_TRY(add_row(j, w.first + i, &w.at[i], err));
    }
    return MPL_OK;
}

static mpl_status fail_ri(const job *j, mpl_error *err)
{
    return mpl__fail(err, MPL_ERR_ARG,
                     "%s needs the correlation of the two measurements, which no study reports; give --ri with a "
                     "value you can defend, or --ri-grid with several to see how much it matters",
                     j->measure->pub.method.id);
}

static mpl_status run(job *j, const mpl_effect_options *options, mpl_error *err)
{
    const char *reason;
    if (options)
        j->options = *options;
    MPL_TRY(mpl__choose(j->data, &j->options, &j->measure, &reason, &j->how, err));
    j->to = (const mpl__correction *)mpl_method_find(mpl_correction_method, j->options.to);
    j->wants_counts = mpl__study_ci_counts(j->options.study_ci);
    j->increment = (const mpl__increment *)mpl_method_find(mpl_increment_method, j->options.increments);
    MPL_TRY(mpl__converted_open(&j->converted, j->data, j->measure, &j->options, j->scratch, err));
    if (j->converted.made)
        j->data = &j->converted.data;
    if (j->options.label)
        MPL_TRY(mpl_dataset_get(j->data, j->options.label, &j->label, err));
    if (j->options.flip && j->measure->pub.null_value != 0)
        return mpl__fail(err, MPL_ERR_ARG, "--flip turns the direction of effects, and a %s has none",
                         j->measure->pub.scale);
    if (j->options.flip)
        MPL_TRY(mpl_dataset_get(j->data, j->options.flip, &j->flip, err));
    MPL_TRY(mpl__source_open(&j->source, j->data, j->measure, &j->options, err));
    MPL_TRY(mpl__result_new(&j->out, j->data->n_rows, err));
    if (j->converted.column && !(j->out->conversion = MPL_NEW(j->out->keep, const char *, j->data->n_rows)))
        return mpl__fail_nomem(err, "routes");
    MPL_TRY(scan_zeros(j, err));
    MPL_TRY(average(j, err));
    MPL_TRY(last_pass(j, err));
    if (j->out->effects->k == 0 && j->n_only_ri > 0)
        return fail_ri(j, err);
    return mpl__result_finish(j->out, &j->measure->pub, reason, &j->options, j->data, err);
}

mpl_status mpl_effects_new(const mpl_dataset *data, const mpl_effect_options *options, mpl_effects **out,
                           mpl_error *err)
{
    job j = { .data = data, .scratch = mpl__arena_new() };
    *out = NULL;
    const mpl_status s = j.scratch ? run(&j, options, err) : mpl__fail_nomem(err, "effects");
    mpl__converted_close(&j.converted);
    mpl__arena_free(j.scratch);
    if (s != MPL_OK) {
        mpl__result_free(j.out);
        return s;
    }
    *out = j.out->effects;
    return MPL_OK;
}

static mpl_status check_pair(double yi, double vi, size_t i, const char *label, mpl_error *err)
{
    char x[32], cut[MPL_SHOWN_SIZE];
    if (isinf(yi))
        return mpl__fail(err, MPL_ERR_DATA, "study '%s' (number %zu): yi = %s; need a finite number",
                         mpl_text_to_shown(label, cut), i + 1, mpl__show(yi, x));
    if (isinf(vi) || vi < 0)
        return mpl__fail(err, MPL_ERR_DATA, "study '%s' (number %zu): vi = %s; need a finite number of at least 0",
                         mpl_text_to_shown(label, cut), i + 1, mpl__show(vi, x));
    return MPL_OK;
}

static mpl_status run_arrays(job *j, const double *yi, const double *vi, const char *const *slab, size_t k,
                             const mpl_effect_options *options, mpl_error *err)
{
    const char *reason;
    if (options)
        j->options = *options;
    MPL_TRY(mpl__choose(NULL, &j->options, &j->measure, &reason, &j->how, err));
    if (j->options.flip)
        return mpl__fail(err, MPL_ERR_ARG, "arrays have no columns: --flip is for files");
    if (j->how.displayed)
        return mpl__fail(err, MPL_ERR_ARG, "arrays hold yi on the scale of analysis: --ratio-scale is for files");
    const unsigned no_counts = mpl__study_ci_counts(j->options.study_ci) ? MPL__NO_COUNTS : 0;
    MPL_TRY(mpl__result_new(&j->out, k, err));
    for (size_t i = 0; i < k; i++) {
        const char *label = slab && slab[i] ? slab[i] : mpl__arena_format(j->out->keep, "row %zu", i + 1);
        const mpl__effect e = { .yi = yi[i], .vi = vi[i], .ni = NAN };
        if (!label)
            return mpl__fail_nomem(err, "labels");
        MPL_TRY(check_pair(yi[i], vi[i], i, label, err));
        if (isnan(yi[i]) || isnan(vi[i]))
            MPL_TRY(mpl__result_exclude(j->out, i + 1, 0, label, isnan(yi[i]) ? "yi is missing" : "vi is missing",
                                        err));
        else
            MPL_TRY(mpl__result_add(j->out, &e, i, i + 1, label, "vi", no_counts, err));
    }
    return mpl__result_finish(j->out, &j->measure->pub, reason, &j->options, NULL, err);
}

mpl_status mpl_effects_new_arrays(const double *yi, const double *vi, const char *const *slab, size_t k,
                                  const mpl_effect_options *options, mpl_effects **out, mpl_error *err)
{
    job j = { .data = NULL };
    *out = NULL;
    const mpl_status s = run_arrays(&j, yi, vi, slab, k, options, err);
    if (s != MPL_OK) {
        mpl__result_free(j.out);
        return s;
    }
    *out = j.out->effects;
    return MPL_OK;
}

void mpl_effects_free(mpl_effects *effects)
{
    if (effects)
        mpl__arena_free(effects->arena);
}
