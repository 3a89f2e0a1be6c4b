/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that every figure has: its title, where the data come from, and what was done to them. */
#include "plot/plot.h"

#include <string.h>

#include "base/error.h"
#include "base/number.h"

const char *mpl__plot_keep(mpl__arena *keep, mpl__text *t)
{
    const char *const copy = t->failed ? NULL : mpl__arena_copyn(keep, t->data ? t->data : "", t->size);
    mpl__text_free(t);
    return copy;
}

void mpl__plot_add_number(mpl__text *t, mpl__arena *keep, double x, size_t digits)
{
    const char *const number = mpl__plot_number(keep, x, digits);
    if (number)
        mpl__text_add(t, number);
    else
        t->failed = true;
}

void mpl__plot_add_percent(mpl__text *t, double level)
{
    char number[350];
    mpl__number_significant(100 * level, 6, number);
    mpl__text_format(t, "%s%%", number);
}

bool mpl__plot_is_simulated(const mpl_dataset_info *info)
{
    return info && info->kind && strcmp(info->kind, "simulated") == 0;
}

mpl_status mpl__plot_head(const mpl_analysis *an, const mpl_plot_options *options, mpl_plot *plot, mpl_error *err)
{
    const mpl_dataset_info *const info = an->effects->info;
    const char *const title = options->title ? options->title : info ? info->title : NULL;
    plot->subtitle = mpl__plot_is_simulated(info) ? "SIMULATED DATA" : NULL;
    if (!title || !*title || strcmp(title, "none") == 0)
        return MPL_OK;
    plot->title = mpl__plot_text(plot->arena, title);
    return plot->title ? MPL_OK : mpl__fail_nomem(err, "the words of the figure");
}

/* Where the data come from and what must be known of them; NULL where memory ran out. */
static size_t add_provenance(const mpl_dataset_info *info, mpl__arena *keep, const char **out)
{
    size_t n = 0;
    const char *const kind = info->kind ? mpl__plot_text(keep, info->kind) : NULL;
    const char *const source = info->source ? mpl__plot_text(keep, info->source) : NULL;
    if ((info->kind && !kind) || (info->source && !source))
        out[n++] = NULL;
    else if (kind && source)
        out[n++] = mpl__arena_format(keep, "Data (%s): %s", kind, source);
    else if (kind || source)
        out[n++] = mpl__arena_format(keep, "Data: %s", kind ? kind : source);
    for (size_t i = 0; i < info->n_warnings; i++) {
        const char *const warning = mpl__plot_text(keep, info->warnings[i]);
        out[n++] = warning ? mpl__arena_format(keep, "Note: %s", warning) : NULL;
    }
    return n;
}

/* Studies whose counts are not those reported, by name while these are few; NULL with *none set if there are none. */
static const char *describe_corrected(const mpl_effects *es, mpl__arena *keep, bool *none)
{
    enum { MOST_NAMED = 3 };
    size_t n = 0;
    mpl__text t = { 0 }, names = { 0 };
    for (size_t i = 0; es->corrected && i < es->k; i++) {
        if (!es->corrected[i])
            continue;
        mpl__text_add(&names, n ? "; " : "");
        if (n++ < MOST_NAMED)
            mpl__text_visible(&names, es->slab[i]);
    }
    *none = n == 0;
    if (*none)
        return NULL;
    mpl__text_real(&t, es->options.add.value);
    mpl__text_format(&t, " was added to the counts of %zu %s", n, n == 1 ? "study" : "studies");
    if (n <= MOST_NAMED)
        mpl__text_format(&t, ": %s", names.data ? names.data : "");
    t.failed = t.failed || names.failed;
    mpl__text_free(&names);
    return mpl__plot_keep(keep, &t);
}

size_t mpl__plot_find_row(const mpl_dataset *data, size_t row)
{
    size_t lo = 0, hi = data->n_rows;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (data->row[mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < data->n_rows && data->row[lo] == row ? lo : data->n_rows;
}

size_t mpl__plot_most_notes(const mpl_analysis *an, const mpl_plot_options *options)
{
    size_t n = 4 + (an->effects->info ? an->effects->info->n_warnings : 0);
    for (const char *s = options ? options->notes : NULL; s && *s; s++)
        n += *s == '|';
    return n;
}

static size_t add_own(const char *notes, mpl__arena *keep, const char **out)
{
    size_t n = 0;
    for (const char *s = notes; s && *s;) {
        const size_t length = strcspn(s, "|");
        const char *const note = mpl__arena_copyn(keep, s, length);
        if (!note || *note)
            out[n++] = note ? mpl__plot_text(keep, note) : NULL;
        s += length + (s[length] == '|');
    }
    return n;
}

size_t mpl__plot_notes(const mpl_analysis *an, const mpl_plot_options *options, mpl__arena *keep, const char **out)
{
    size_t n = add_own(options ? options->notes : NULL, keep, out), n_filtered = 0;
    bool none;
    const char *const corrected = describe_corrected(an->effects, keep, &none);
    if (!none)
        out[n++] = corrected;
    for (size_t i = 0; an->data && i < an->effects->n_excluded; i++)
        n_filtered += mpl__plot_find_row(an->data, an->effects->excluded[i].row) == an->data->n_rows;
    if (n_filtered)
        out[n++] = mpl__arena_format(keep, "%zu %s left out by a filter.", n_filtered,
                                     n_filtered == 1 ? "row was" : "rows were");
    return an->effects->info ? n + add_provenance(an->effects->info, keep, out + n) : n;
}

/* "Vaccinated: Events/N; Weight, %" */
const char *mpl__plot_left_out(const mpl_plot *plot, const bool *shown, mpl__arena *keep)
{
    mpl__text t = { 0 };
    for (size_t j = 0; j < plot->n_columns; j++) {
        const mpl_plot_column *const c = &plot->columns[j];
        if (shown[j])
            continue;
        mpl__text_add(&t, t.size ? "; " : "Left out for want of width: ");
        mpl__text_format(&t, "%s%s%s", c->group ? c->group : "", c->group ? ": " : "", c->heading);
    }
    mpl__text_add(&t, t.size ? "." : "");
    return mpl__plot_keep(keep, &t);
}
