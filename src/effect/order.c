/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sort keys of studies; see order.h. */
#include "effect/order.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

static int compare(const mpl__order_key *x, const mpl__order_key *y)
{
    if (x->text && y->text)
        return strcmp(x->text, y->text) * x->sign;
    if (!isnan(x->number) && !isnan(y->number))
        return ((x->number > y->number) - (x->number < y->number)) * x->sign;
    return (isnan(x->number) && !x->text) - (isnan(y->number) && !y->text);
}

int mpl__order_compare(const void *a, const void *b)
{
    const mpl__order_key *const x = a, *const y = b;
    const int c = compare(x, y);
    return c ? c : (x->index > y->index) - (x->index < y->index);
}

bool mpl__order_is_tie(const mpl__order_key *a, const mpl__order_key *b)
{
    return compare(a, b) == 0;
}

mpl_status mpl__order_read(const mpl_dataset *data, const mpl_effects *effects, bool counts, const double *weights,
                           const char *by, const char *option, mpl__order_key *keys, mpl_error *err)
{
    const char *const name = by && *by == '-' ? by + 1 : by;
    const struct { const char *name; const double *x; } own[] = {
        { "yi", effects->yi }, { "vi", effects->vi }, { "ni", effects->ni }, { "weight", weights }
    };
    const size_t n = counts ? effects->counts->n : effects->k;
    const double *x = NULL;
    const mpl_column *column = NULL;
    for (size_t i = 0; name && i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].name, name) == 0)
            x = own[i].x;
    if (name && !x) {
        if (!data)
            return mpl__fail(err, MPL_ERR_ARG, "%s: there is no dataset to take the column '%s' from", option, name);
        MPL_TRY(mpl__within(err, mpl_dataset_get(data, name, &column, err), "%s", option));
    }
    for (size_t i = 0; i < n; i++) {
        const size_t effect = counts ? effects->counts->effect[i] : i;
        const size_t row = counts ? effects->counts->index[i] : effects->index[i];
        keys[i] = (mpl__order_key){ .number = (double)i, .sign = name != by ? -1 : 1, .index = i };
        if (x)
            keys[i].number = effect == SIZE_MAX ? (double)NAN : x[effect];
        if (column) {
            keys[i].number = column->number ? column->number[row] : (double)NAN;
            keys[i].text = column->is_number ? NULL : column->text[row];
        }
    }
    return MPL_OK;
}
