/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counts beside the effects: which belong to an effect, and what the zero-cell rule made of them. */
#include "effect/counts.h"

#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"

size_t mpl_counts_find(const mpl_effects *effects, size_t i)
{
    const mpl_counts *const c = effects->counts;
    size_t lo = 0, hi = c ? c->n : 0;
    while (lo < hi) { /* both are in the order of the dataset */
        const size_t middle = lo + (hi - lo) / 2;
        if (c->index[middle] < effects->index[i])
            lo = middle + 1;
        else
            hi = middle;
    }
    return c && lo < c->n && c->effect[lo] == i ? lo : SIZE_MAX;
}

static double *copy(const double *from, size_t n, mpl__arena *arena)
{
    double *const to = from ? MPL_NEW(arena, double, n) : NULL;
    if (to && n)
        memcpy(to, from, n * sizeof *to);
    return to;
}

mpl_status mpl__counts_corrected(const mpl_effects *effects, mpl__arena *arena, mpl_counts *out, mpl_error *err)
{
    const mpl_counts *const c = effects->counts;
    const mpl_effect_options *const o = &effects->options;
    const mpl__increment *const rule = (const mpl__increment *)mpl_method_find(mpl_increment_method, o->increments);
    const bool is_time = c->shape == MPL_COUNTS_RATES || c->shape == MPL_COUNTS_RATE;
    const double add1 = o->add.value, add2 = o->add2.given ? o->add2.value : add1;
    double *const x1 = copy(c->x1, c->n, arena), *const n1 = copy(c->n1, c->n, arena);
    double *const x2 = copy(c->x2, c->n, arena), *const n2 = copy(c->n2, c->n, arena);
    if (!x1 || !n1 || (c->x2 && (!x2 || !n2)))
        return mpl__fail_nomem(err, "corrected counts");
    for (size_t i = 0; i < c->n; i++) {
        if (c->effect[i] == SIZE_MAX || !effects->corrected[c->effect[i]])
            continue;
        const double share = c->n2 ? c->n1[i] / (c->n1[i] + c->n2[i]) : 0.5;
        x1[i] += add1 * rule->factor(share);
        n1[i] += is_time ? 0 : 2 * add1 * rule->factor(share); /* to events and to non-events */
        if (!x2)
            continue;
        x2[i] += add2 * rule->factor(1 - share);
        n2[i] += is_time ? 0 : 2 * add2 * rule->factor(1 - share);
    }
    *out = *c;
    out->x1 = x1;
    out->n1 = n1;
    out->x2 = x2;
    out->n2 = n2;
    return MPL_OK;
}
