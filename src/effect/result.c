/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything an mpl_effects points to lives in its own arena, the mpl__result too. */
#include "effect/result.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/note.h"
#include "base/text.h"
#include "data/table.h"

mpl_status mpl__result_new(mpl__result **out, size_t room, mpl_error *err)
{
    *out = NULL;
    mpl__arena *keep = mpl__arena_new();
    mpl__result *r = MPL_NEW(keep, mpl__result, 1);
    if (r) {
        r->keep = keep;
        r->effects = MPL_NEW(keep, mpl_effects, 1);
        r->yi = MPL_NEW(keep, double, room);
        r->vi = MPL_NEW(keep, double, room);
        r->ni = MPL_NEW(keep, double, room);
        r->slab = MPL_NEW(keep, const char *, room);
        r->route = MPL_NEW(keep, const char *, room);
        r->index = MPL_NEW(keep, size_t, room);
        r->row = MPL_NEW(keep, size_t, room);
        r->flags = MPL_NEW(keep, unsigned char, room);
    }
    if (!r || !r->effects || !r->yi || !r->vi || !r->ni || !r->slab || !r->route || !r->index || !r->row ||
        !r->flags) {
        mpl__arena_free(keep);
        return mpl__fail_nomem(err, "effects");
    }
    r->effects->arena = keep;
    r->room = room;
    *out = r;
    return MPL_OK;
}

void mpl__result_free(mpl__result *result)
{
    if (result)
        mpl__arena_free(result->keep);
}

mpl_status mpl__result_add(mpl__result *result, const mpl__effect *e, size_t index, size_t row, const char *label,
                           const char *route, unsigned flags, mpl_error *err)
{
    const size_t i = result->effects->k;
    result->yi[i] = e->yi;
    result->vi[i] = e->vi;
    result->ni[i] = e->ni;
    result->slab[i] = mpl__arena_copy(result->keep, label);
    result->route[i] = route;
    result->index[i] = index;
    result->row[i] = row;
    result->flags[i] = (unsigned char)flags;
    if (e->unit > 0) {
        result->inverse_units += 1 / e->unit;
        result->least_unit = result->n_units ? fmin(result->least_unit, e->unit) : e->unit;
        result->greatest_unit = fmax(result->greatest_unit, e->unit);
        result->n_units++;
    }
    if (!result->slab[i])
        return mpl__fail_nomem(err, "labels");
    result->effects->k++;
    return MPL_OK;
}

static mpl_status make_counts(mpl__result *r, mpl_count_shape shape, mpl_error *err)
{
    mpl_counts *const c = MPL_NEW(r->keep, mpl_counts, 1);
    const bool is_two = shape == MPL_COUNTS_2X2 || shape == MPL_COUNTS_RATES;
    r->x1 = MPL_NEW(r->keep, double, r->room);
    r->n1 = MPL_NEW(r->keep, double, r->room);
    r->x2 = is_two ? MPL_NEW(r->keep, double, r->room) : NULL;
    r->n2 = is_two ? MPL_NEW(r->keep, double, r->room) : NULL;
    r->count_effect = MPL_NEW(r->keep, size_t, r->room);
    r->count_index = MPL_NEW(r->keep, size_t, r->room);
    r->count_row = MPL_NEW(r->keep, size_t, r->room);
    r->count_slab = MPL_NEW(r->keep, const char *, r->room);
    if (!c || !r->x1 || !r->n1 || (is_two && (!r->x2 || !r->n2)) || !r->count_effect || !r->count_index ||
        !r->count_row || !r->count_slab)
        return mpl__fail_nomem(err, "counts");
    *c = (mpl_counts){ shape, 0, r->x1, r->n1, r->x2, r->n2, r->count_effect, r->count_index, r->count_row,
                       r->count_slab };
    r->counts = c;
    return MPL_OK;
}

mpl_status mpl__result_count(mpl__result *result, const mpl__study *s, mpl_count_shape shape, size_t index, size_t row,
                             const char *label, bool has_effect, mpl_error *err)
{
    if (!result->counts)
        MPL_TRY(make_counts(result, shape, err));
    const size_t i = result->counts->n;
    result->x1[i] = s->x1;
    result->n1[i] = s->n1;
    if (result->x2) {
        result->x2[i] = s->x2;
        result->n2[i] = s->n2;
    }
    result->count_effect[i] = has_effect ? result->effects->k : SIZE_MAX;
    result->count_index[i] = index;
    result->count_row[i] = row;
    result->count_slab[i] = mpl__arena_copy(result->keep, label);
    if (!result->count_slab[i])
        return mpl__fail_nomem(err, "labels");
    result->counts->n++;
    return MPL_OK;
}

mpl_status mpl__result_exclude(mpl__result *result, size_t row, size_t line, const char *label, const char *reason,
                               mpl_error *err)
{
    const size_t n = result->effects->n_excluded;
    if (n == result->room_excluded) {
        const size_t room = n ? 2 * n : 16;
        mpl_exclusion *grown = MPL_NEW(result->keep, mpl_exclusion, room);
        if (!grown)
            return mpl__fail_nomem(err, "excluded studies");
        if (n)
            memcpy(grown, result->excluded, n * sizeof *grown);
        result->excluded = grown;
        result->room_excluded = room;
    }
    result->excluded[n] = (mpl_exclusion){ row, line, mpl__arena_copy(result->keep, label),
                                           mpl__arena_copy(result->keep, reason) };
    if (!result->excluded[n].study || !result->excluded[n].reason)
        return mpl__fail_nomem(err, "excluded studies");
    result->effects->n_excluded++;
    return MPL_OK;
}

/* Rows that filters removed and rows that give no effect, both in file order, merged. */
static mpl_status merge_dropped(mpl__result *r, const mpl_dataset *data, mpl_error *err)
{
    const size_t n = r->effects->n_excluded, n_all = n + data->n_dropped;
    mpl_exclusion *all = MPL_NEW(r->keep, mpl_exclusion, n_all);
    if (!all)
        return mpl__fail_nomem(err, "excluded studies");
    for (size_t i = 0, own = 0, dropped = 0; i < n_all; i++) {
        if (dropped == data->n_dropped || (own < n && r->excluded[own].row < data->dropped[dropped].row)) {
            all[i] = r->excluded[own++];
            continue;
        }
        const mpl_exclusion *from = &data->dropped[dropped++];
        all[i] = (mpl_exclusion){ from->row, from->line, mpl__arena_copy(r->keep, from->study),
                                  mpl__arena_copy(r->keep, from->reason) };
        if (!all[i].study || !all[i].reason)
            return mpl__fail_nomem(err, "excluded studies");
    }
    r->excluded = all;
    r->effects->n_excluded = n_all;
    return MPL_OK;
}

static void say_added(mpl__text *t, const mpl_effect_options *options)
{
    mpl__text_real(t, options->add.value);
    if (options->add2.given) {
        mpl__text_add(t, " and, in group 2, ");
        mpl__text_real(t, options->add2.value);
    }
    mpl__text_add(t, " was added");
    if (strcmp(options->increments, mpl_increment_method(0)->id))
        mpl__text_format(t, ", %s,", mpl_method_find(mpl_increment_method, options->increments)->title);
}

static void say_ri(mpl__text *t, const mpl_effect_options *options)
{
    mpl__text_real(t, options->ri.value);
}

static void say_flip(mpl__text *t, const mpl_effect_options *options)
{
    mpl__text_format(t, "column %s", options->flip);
}

/* What is said of the rows with a flag: what the options say, if anything, then the text, then the studies. */
static const struct {
    unsigned flag;
    const char *code;
    void (*say)(mpl__text *t, const mpl_effect_options *options);
    const char *text;
} about[] = {
    { MPL__CORRECTED, "zero-cells-corrected", say_added, " to the counts of " },
    { MPL__RI_ASSUMED, "ri-assumed", say_ri, " is assumed, not reported, as pre/post correlation of " },
    { MPL__SIGN_ASSUMED, "sign-assumed", NULL, "a p-value without direction was taken as a positive effect in " },
    { MPL__SKEWED_CI, "interval-not-symmetric", NULL, "yi is not in the middle of its interval (wrong scale?) in " },
    { MPL__REPEATED, "label-repeated", NULL, "the same label in several rows, which count as independent, in " },
    { MPL__NO_COUNTS, "no-counts", NULL, "no counts are reported, so that the interval is Wald's, in " },
    { MPL__FLIPPED, "flipped", say_flip, " turns the sign of " },
    { MPL__LARGE, "large-effect", NULL,
      "a difference of more than 2 standard deviations (is a standard error taken for an SD?) in " },
};

static int by_label(const void *a, const void *b)
{
    const char *const *const x = *(const char *const *const *)a, *const *const y = *(const char *const *const *)b;
    return strcmp(*x, *y);
}

/* Rows with one label are often arms or outcomes of one study. Sorting the labels of a huge file would take longer
 * than pooling it, and nobody would read the note. */
static mpl_status flag_repeated(mpl__result *r, mpl_error *err)
{
    const size_t k = r->effects->k, most = 5000;
    if (k < 2 || k > most)
        return MPL_OK;
    const char ***at = mpl__realloc(NULL, k, sizeof *at);
    if (!at)
        return mpl__fail_nomem(err, "labels");
    for (size_t i = 0; i < k; i++)
        at[i] = &r->slab[i];
    qsort(at, k, sizeof *at, by_label);
    for (size_t i = 1; i < k; i++)
        if (!strcmp(*at[i - 1], *at[i])) {
            r->flags[at[i - 1] - r->slab] |= MPL__REPEATED;
            r->flags[at[i] - r->slab] |= MPL__REPEATED;
        }
    mpl__free(at);
    return MPL_OK;
}

/* "A (row 1)", but "row 1" where the study has no other label. */
static void list_study(mpl__text *t, const char *before, const char *label, size_t row)
{
    char as_row[32];
    snprintf(as_row, sizeof as_row, "row %zu", row);
    mpl__text_format(t, "%s%s", before, label);
    if (strcmp(label, as_row))
        mpl__text_format(t, " (row %zu)", row);
}

/* "3 studies: A (row 1), B (row 2), C (row 5)", at most `most` of them. */
static void list_studies(mpl__text *t, const mpl__result *r, unsigned flag, const char *route)
{
    const size_t most = 20;
    size_t n = 0;
    for (size_t i = 0; i < r->effects->k; i++)
        n += route ? !strcmp(r->route[i], route) : (r->flags[i] & flag) != 0;
    mpl__text_format(t, "%zu %s: ", n, n == 1 ? "study" : "studies");
    for (size_t i = 0, listed = 0; i < r->effects->k && listed <= most; i++) {
        if (!(route ? !strcmp(r->route[i], route) : (r->flags[i] & flag) != 0))
            continue;
        if (listed == most)
            mpl__text_format(t, " and %zu more", n - most);
        else
            list_study(t, listed ? ", " : "", r->slab[i], r->row[i]);
        listed++;
    }
}

static void add_text(mpl__notes *notes, const char *code, mpl__text *t)
{
    if (t->failed)
        notes->failed = true;
    else
        mpl__note_add(notes, code, "%s", t->data);
    mpl__text_free(t);
}

static void add_flag_notes(mpl__notes *notes, const mpl__result *r, const mpl_effect_options *options)
{
    unsigned all = 0;
    for (size_t i = 0; i < r->effects->k; i++)
        all |= r->flags[i];
    for (size_t f = 0; f < sizeof about / sizeof *about; f++) {
        if (!(all & about[f].flag))
            continue;
        mpl__text t = { 0 };
        if (about[f].say)
            about[f].say(&t, options);
        mpl__text_add(&t, about[f].text);
        list_studies(&t, r, about[f].flag, NULL);
        add_text(notes, about[f].code, &t);
    }
}

/* Mostly the same text, else mostly another first letter. */
static bool is_route(const char *a, const char *b)
{
    return a == b || (*a == *b && !strcmp(a, b));
}

/* One note that counts every route taken, if there are several, and names the studies of all but the most frequent. */
static void add_route_note(mpl__notes *notes, const mpl__result *r)
{
    const mpl_measure *measure = r->effects->measure;
    size_t n_taken = 0, most = 0, n_most = 0, left = r->effects->k;
    const char *taken[MPL__MAX_ROUTES];
    for (size_t m = 0; m < measure->n_routes && n_taken < MPL__MAX_ROUTES && left > 0; m++) {
        size_t n = 0;
        for (size_t i = 0; i < r->effects->k; i++)
            n += is_route(r->route[i], measure->routes[m].id);
        for (size_t t = 0; t < n_taken; t++)
            n = !strcmp(taken[t], measure->routes[m].id) ? 0 : n;
        left -= n;
        if (n > n_most) {
            most = n_taken;
            n_most = n;
        }
        if (n > 0)
            taken[n_taken++] = measure->routes[m].id;
    }
    if (n_taken < 2)
        return;
    mpl__text t = { 0 };
    mpl__text_format(&t, "studies report different things: %s %zu %s", taken[most], n_most,
                     n_most == 1 ? "study" : "studies");
    for (size_t i = 0; i < n_taken; i++) {
        if (i == most)
            continue;
        mpl__text_format(&t, "; %s ", taken[i]);
        list_studies(&t, r, 0, taken[i]);
    }
    add_text(notes, "route", &t);
}

static mpl_status copy_info(mpl__result *r, const mpl_dataset *data, mpl_error *err)
{
    static const mpl_dataset_info none = { 0 };
    mpl_dataset_info *const info = MPL_NEW(r->keep, mpl_dataset_info, 1);
    r->effects->data_name = mpl__arena_copy(r->keep, data ? data->name : "arrays");
    if (!info || !r->effects->data_name || !mpl__info_copy(r->keep, data ? data->info : &none, info))
        return mpl__fail_nomem(err, "dataset information");
    r->effects->info = info;
    return MPL_OK;
}

static mpl_status copy_weights(mpl__result *r, const mpl_dataset *data, mpl_error *err)
{
    const mpl_column *from = NULL;
    for (size_t c = 0; data && c < data->n_columns; c++)
        if (data->columns[c].role && !strcmp(data->columns[c].role, "weights"))
            from = &data->columns[c];
    if (!from || !from->is_number)
        return MPL_OK;
    double *const weights = MPL_NEW(r->keep, double, r->effects->k);
    if (!weights)
        return mpl__fail_nomem(err, "weights");
    for (size_t i = 0; i < r->effects->k; i++)
        weights[i] = from->number[r->index[i]];
    r->effects->weights = weights;
    return MPL_OK;
}

/* Options keep pointers to the caller's texts only where these are ids of registries. */
static mpl_status copy_options(mpl__result *r, const mpl_effect_options *options, mpl_error *err)
{
    mpl_effect_options *to = &r->effects->options;
    *to = *options;
    const char **text[] = { &to->route, &to->label, &to->flip, &to->profile };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (*text[i] && !(*text[i] = mpl__arena_copy(r->keep, *text[i])))
            return mpl__fail_nomem(err, "options");
    return MPL_OK;
}

/* A copy of the measure that knows the harmonic mean of the sizes, and a warning (Schwarzer et al. 2019). */
static mpl_status set_unit(mpl__result *r, const mpl_measure *measure, mpl__notes *notes, mpl_error *err)
{
    r->effects->measure = measure;
    if (!measure->transform || !measure->transform->apply_n || r->n_units == 0)
        return MPL_OK;
    mpl_measure *copy = MPL_NEW(r->keep, mpl_measure, 1);
    if (!copy)
        return mpl__fail_nomem(err, "measure");
    *copy = *measure;
    copy->unit = (double)r->n_units / r->inverse_units;
    r->effects->measure = copy;
    mpl__text t = { 0 };
    mpl__text_add(&t, "back-transformed values use the harmonic mean of the studies' sizes, ");
    mpl__text_fixed(&t, copy->unit, 1);
    mpl__text_add(&t, "; sizes from ");
    mpl__text_real(&t, r->least_unit);
    mpl__text_add(&t, " to ");
    mpl__text_real(&t, r->greatest_unit);
    mpl__text_add(&t, " can make them misleading (Schwarzer et al. 2019, Res Synth Methods 10:476-483)");
    add_text(notes, "back-transformation", &t);
    return MPL_OK;
}

mpl_status mpl__result_finish(mpl__result *result, const mpl_measure *measure, const char *reason,
                              const mpl_effect_options *options, const mpl_dataset *data, mpl_error *err)
{
    mpl_effects *e = result->effects;
    MPL_TRY(copy_info(result, data, err));
    MPL_TRY(copy_options(result, options, err));
    MPL_TRY(copy_weights(result, data, err));
    if (data && data->n_dropped)
        MPL_TRY(merge_dropped(result, data, err));
    bool *corrected = MPL_NEW(result->keep, bool, e->k);
    if (!corrected)
        return mpl__fail_nomem(err, "effects");
    for (size_t i = 0; i < e->k; i++)
        corrected[i] = (result->flags[i] & MPL__CORRECTED) != 0;
    e->measure_reason = reason;
    e->yi = result->yi;
    e->vi = result->vi;
    e->ni = result->ni;
    e->counts = result->counts;
    e->slab = result->slab;
    e->index = result->index;
    e->row = result->row;
    e->route = result->route;
    e->conversion = result->conversion;
    e->corrected = corrected;
    e->excluded = result->excluded;
    mpl__notes notes = { .arena = result->keep };
    if (data)
        mpl__note_add_all(&notes, data->notes, data->n_notes);
    MPL_TRY(set_unit(result, measure, &notes, err));
    MPL_TRY(flag_repeated(result, err));
    add_flag_notes(&notes, result, options);
    add_route_note(&notes, result);
    e->notes = notes.items;
    e->n_notes = notes.n;
    return notes.failed ? mpl__fail_nomem(err, "notes") : MPL_OK;
}
