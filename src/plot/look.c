/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts, and the patterns that they are written in; see look.h. */
#include "plot/look.h"

#include <math.h>
#include <string.h>

#include <metapool/option.h>
#include "base/number.h"

static const mpl__look looks[] = {
#define MPL_LAYOUT(...) { __VA_ARGS__ },
#include "plot/layouts.def"
#undef MPL_LAYOUT
};

const mpl_method *mpl_layout_method(size_t i)
{
    return i < sizeof looks / sizeof *looks ? &looks[i].method : NULL;
}

const mpl__look *mpl__look_find(const char *id)
{
    const mpl_method *const found = id ? mpl_method_find(mpl_layout_method, id) : NULL;
    return found ? (const mpl__look *)(const void *)found : looks;
}

static double rounded(double x, size_t decimals)
{
    const double unit = pow(10, (double)decimals);
    return floor(x * unit + 0.5) / unit;
}

/* Two decimals; more until the first digit shows, and where two would turn 0.046 or 0.054 into 0.05. */
static size_t decimals_of(const mpl__pstyle *style, double p)
{
    if (style->decimals)
        return style->decimals;
    const size_t most = (size_t)lround(-log10(style->least));
    size_t n = 2;
    for (double unit = 0.01; n < most && p < unit; unit /= 10)
        n++;
    return n == 2 && rounded(p, 2) == 0.05 && p != 0.05 ? 3 : n;
}

/* Number and sign: "0.032" and "=". */
static const char *pnumber(const mpl__pstyle *style, mpl__arena *keep, double p, const char **out)
{
    char number[350];
    const char *sign = "=";
    if (p < style->least) {
        sign = "<";
        const double limit = p < style->far ? style->far : style->least;
        mpl__number_decimals(limit, (int)lround(-log10(limit)), number);
    } else if (style->no_zero && p > 0.99) { /* there is no ".995" without its 0 and no "1.00" */
        sign = ">";
        memcpy(number, "0.99", sizeof "0.99");
    } else {
        mpl__number_decimals(p, (int)decimals_of(style, p), number);
    }
    *out = sign;
    return mpl__arena_copy(keep, style->no_zero && number[0] == '0' ? number + 1 : number);
}

const char *mpl__look_pvalue(const mpl__look *look, mpl__arena *keep, double p)
{
    const mpl__pstyle *const style = &look->p;
    const char *sign, *const number = pnumber(style, keep, p, &sign);
    return number ? mpl__arena_format(keep, "%s%s%s%s%s", style->letter, style->blank, sign, style->blank, number)
                  : NULL;
}

const char *mpl__look_pnumber(const mpl__look *look, mpl__arena *keep, double p)
{
    const char *sign, *const number = pnumber(&look->p, keep, p, &sign);
    return number ? mpl__arena_format(keep, "%s%s", *sign == '=' ? "" : sign, number) : NULL;
}

const char *mpl__look_interval(const mpl__look *look, mpl__arena *keep, double x, double lb, double ub, size_t digits)
{
    mpl__text t = { 0 };
    if (isnan(lb) || isnan(ub)) {
        mpl__plot_add_number(&t, keep, x, digits);
        return mpl__plot_keep(keep, &t);
    }
    if (!isnan(x)) {
        mpl__plot_add_number(&t, keep, x, digits);
        mpl__text_char(&t, ' ');
    }
    mpl__text_add(&t, look->open);
    mpl__plot_add_number(&t, keep, lb, digits);
    mpl__text_add(&t, look->between);
    mpl__plot_add_number(&t, keep, ub, digits);
    mpl__text_add(&t, look->close);
    return mpl__plot_keep(keep, &t);
}

/* A variance, whose size is not known beforehand: four decimals, fewer where large, more where small. */
static size_t variance_decimals(double x)
{
    const int order = x > 0 ? (int)floor(log10(x)) : -1;
    const int decimals = order >= 0 ? 3 - order : order < -2 ? 2 - order : 4;
    return x == 0 || decimals < 0 ? 0 : (size_t)(decimals < 12 ? decimals : 12);
}

static void add_slot(mpl__text *t, const mpl__look *look, const mpl__slot *slot, const char *digits, mpl__arena *keep)
{
    if (slot->text) {
        mpl__text_add(t, slot->text);
    } else if (*digits != ':' && slot->name[0] == 'p') {
        const char *const p = mpl__look_pvalue(look, keep, slot->x);
        t->failed = t->failed || !p;
        mpl__text_add(t, p ? p : "");
    } else {
        const bool small = slot->x > 0 && *digits == ':' && rounded(slot->x, (size_t)(digits[1] - '0')) <= 0;
        const bool own = strcmp(slot->name, "tau2") == 0 && (small || *digits != ':');
        const size_t decimals = own              ? variance_decimals(slot->x)
                                : *digits == ':' ? (size_t)(digits[1] - '0')
                                                 : slot->x != floor(slot->x); /* degrees of freedom */
        mpl__plot_add_number(t, keep, slot->x, decimals);
    }
}

static const mpl__slot *find_slot(const mpl__slot *slots, const char *name, size_t n)
{
    while (slots->name && (strlen(slots->name) != n || strncmp(slots->name, name, n) != 0))
        slots++;
    return slots->name && (slots->text || !isnan(slots->x)) ? slots : NULL;
}

/* One piece of a pattern, n bytes; false if a value of it is not known. */
static bool add_piece(mpl__text *t, const mpl__look *look, const char *piece, size_t n, const mpl__slot *slots,
                      mpl__arena *keep)
{
    const char *const end = piece + n;
    const size_t before = t->size;
    while (piece < end) {
        if (*piece != '{') {
            mpl__text_char(t, *piece++);
            continue;
        }
        const size_t length = strcspn(piece, "}"), name = strcspn(piece + 1, ":}");
        const mpl__slot *const slot = find_slot(slots, piece + 1, name);
        if (!slot) {
            t->size = before;
            if (t->data)
                t->data[before] = '\0';
            return false;
        }
        add_slot(t, look, slot, piece + 1 + name, keep);
        piece += length + 1;
    }
    return true;
}

const char *mpl__look_fill(const mpl__look *look, const char *pattern, const mpl__slot *slots, mpl__arena *keep)
{
    mpl__text t = { 0 };
    bool fresh = true; /* nothing but the first piece is there: no comma */
    for (const char *p = pattern; *p;) {
        const size_t n = strcspn(p, "|");
        const size_t skip = p > pattern && fresh ? strspn(p, ",; ") : 0;
        if (skip < n && add_piece(&t, look, p + skip, n - skip, slots, keep) && p > pattern)
            fresh = false;
        p += n + (p[n] == '|');
    }
    return mpl__plot_keep(keep, &t);
}
