/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Combinations of coefficients: contrasts as given, means at the levels of a factor, differences between these.
 *
 * A mean is the average of the model's row over a reference grid: numbers at their mean, other factors over their
 * levels (regress_average.c).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"
#include "model/regress_impl.h"
#include "model/scale.h"

enum { MOST_CONTRASTS = 200, MOST_LEVELS = 200 };

static const mpl_method averaging[] = {
    { "equal", "every combination of the other factors counts the same", "Searle, Speed & Milliken 1980, Am Stat "
      "34:216-221", NULL, NULL },
    { "proportional", "every combination of the other factors counts as often as studies have it",
      "Searle, Speed & Milliken 1980, Am Stat 34:216-221", NULL, NULL },
};

const mpl_method *mpl_averaging_method(size_t i)
{
    return i < sizeof averaging / sizeof *averaging ? &averaging[i] : NULL;
}

static mpl_status no_memory(const mpl__regress_job *job)
{
    return mpl__fail_nomem(job->err, "the contrasts");
}

static mpl_term combine(const mpl_fit *fit, const char *text, const double *l, bool is_known)
{
    const mpl_prediction p = mpl__predict_row(fit, NULL, NAN, text, l, is_known);
    return mpl__term_make(text, p.estimate, p.se, p.df, fit->level);
}

static mpl_status adjust(const mpl__regress_job *job, mpl_combination *all, size_t n)
{
    double *const p = MPL_NEW(job->scratch, double, n), *const q = MPL_NEW(job->scratch, double, n);
    if (!p || !q)
        return no_memory(job);
    for (size_t i = 0; i < n; i++)
        p[i] = all[i].term.pval;
    MPL_TRY(mpl_pvalues_adjust(job->own->all.options.adjust, p, n, q, job->err));
    for (size_t i = 0; i < n; i++)
        all[i].pval_adjusted = q[i];
    return MPL_OK;
}

/* ---- contrasts */

typedef struct parser {
    const mpl__regress_job *job;
    const char *text, *p;
    double *l; /* [p] */
} parser;

static mpl_status fail(const parser *ps, const char *what)
{
    const size_t column = (size_t)(ps->p - ps->text) + 1;
    return mpl__fail_at(ps->job->err, MPL_ERR_PARSE, 0, column, "--contrast, column %zu: %s", column, what);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_word_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.';
}

/* Length of `name` if it stands here as a whole; 0 otherwise. */
static size_t stands_here(const char *p, const char *name)
{
    const size_t n = strlen(name);
    if (strncmp(p, name, n) != 0 || (n > 0 && is_word_char(name[n - 1]) && is_word_char(p[n])))
        return 0;
    return n;
}

/* The longest coefficient that stands here; or the reference level of a factor, whose coefficient is 0. */
static mpl_status read_coefficient(parser *ps, double factor)
{
    const mpl_fit *const fit = ps->job->own->fit;
    const mpl__formula *const f = ps->job->own->formula;
    const char quote = *ps->p == '`' || *ps->p == '"' || *ps->p == '\'' ? *ps->p : '\0';
    const char *const start = ps->p + (quote != '\0');
    size_t longest = 0, which = SIZE_MAX;
    for (size_t j = 0; j < fit->p; j++) {
        const size_t n = stands_here(start, fit->terms[j].term);
        if (n > longest) {
            longest = n;
            which = j;
        }
    }
    for (size_t i = 0; i < f->n_variables; i++) {
        const mpl__variable *const v = &f->variables[i];
        char name[600];
        if (!v->is_factor || !ps->job->own->matrix.has_constant)
            continue;
        snprintf(name, sizeof name, "%s=%s", v->name, v->levels[v->base]);
        const size_t n = stands_here(start, name);
        if (n > longest) {
            longest = n;
            which = SIZE_MAX;
        }
    }
    char shown[MPL_SHOWN_SIZE];
    if (longest == 0)
        return mpl__fail(ps->job->err, MPL_ERR_NAME, "--contrast, column %zu: no coefficient has this name; one is "
                         "'%s'", (size_t)(ps->p - ps->text) + 1, mpl_text_to_shown(fit->terms[fit->p - 1].term, shown));
    ps->p = start + longest;
    if (quote && *ps->p++ != quote)
        return fail(ps, "the quote is not closed behind a coefficient");
    if (which != SIZE_MAX)
        ps->l[which] += factor;
    return MPL_OK;
}

static void skip(parser *ps)
{
    ps->p += strspn(ps->p, " \t\r\n");
}

/* [ number [ "*" ] ] coefficient */
static mpl_status read_part(parser *ps, double sign)
{
    double factor = 1;
    skip(ps);
    size_t n = strspn(ps->p, "0123456789.");
    if (n > 0 && !is_letter(ps->p[n])) {
        if (mpl__number_read(ps->p, n, '.', &factor) != MPL__NUMBER_OK)
            return fail(ps, "a number is expected here");
        ps->p += n;
        if (*ps->p == '/' && (n = strspn(ps->p + 1, "0123456789.")) > 0) {
            double divisor;
            if (mpl__number_read(ps->p + 1, n, '.', &divisor) != MPL__NUMBER_OK || divisor == 0)
                return fail(ps, "a number is expected behind '/'");
            factor /= divisor;
            ps->p += n + 1;
        }
        skip(ps);
        ps->p += *ps->p == '*';
        skip(ps);
    }
    return read_coefficient(ps, sign * factor);
}

static mpl_status read_contrast(parser *ps, const char **text)
{
    skip(ps);
    const char *const start = ps->p;
    double sign = 1;
    if (*ps->p == '-' || *ps->p == '+')
        sign = *ps->p++ == '-' ? -1 : 1;
    for (;;) {
        MPL_TRY(read_part(ps, sign));
        skip(ps);
        if (*ps->p != '+' && *ps->p != '-')
            break;
        sign = *ps->p++ == '-' ? -1 : 1;
    }
    if (*ps->p && *ps->p != ';')
        return fail(ps, "'+', '-', ';' or the end is expected here");
    size_t n = (size_t)(ps->p - start);
    while (n > 0 && strchr(" \t\r\n", start[n - 1]))
        n--;
    *text = mpl__arena_copyn(ps->job->keep, start, n);
    return *text ? MPL_OK : no_memory(ps->job);
}

static mpl_status make_contrasts(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const char *const text = r->options.contrast;
    const size_t p = r->fit->p;
    size_t room = 1, n = 0;
    r->contrast_test = (mpl_wald){ NAN, NAN, NAN, NAN, NAN };
    if (!text)
        return MPL_OK;
    for (const char *c = text; *c; c++)
        room += *c == ';';
    if (room > MOST_CONTRASTS)
        return mpl__fail(job->err, MPL_ERR_LIMIT, "--contrast: more than %d contrasts", MOST_CONTRASTS);
    mpl_combination *const all = MPL_NEW(job->keep, mpl_combination, room);
    double *const l = MPL_NEW(job->scratch, double, room * p);
    if (!all || !l)
        return no_memory(job);
    parser ps = { .job = job, .text = text, .p = text };
    do {
        ps.p += n > 0;
        skip(&ps);
        if (n > 0 && !*ps.p) /* a ';' at the end */
            break;
        const char *name;
        ps.l = l + n * p;
        MPL_TRY(read_contrast(&ps, &name));
        all[n++].term = combine(r->fit, name, ps.l, true);
    } while (*ps.p);
    r->contrasts = all;
    r->n_contrasts = n;
    MPL_TRY(adjust(job, all, n));
    return n > 1 ? mpl__fit_wald(r->fit, l, n, job->scratch, &r->contrast_test, job->err) : MPL_OK;
}

/* ---- means */

static mpl_status find_factor(const mpl__regress_job *job, const char *option, const char *name, size_t *out)
{
    const mpl__formula *const f = job->own->formula;
    const mpl_column *column;
    char shown[MPL_SHOWN_SIZE];
    MPL_TRY(mpl__within(job->err, mpl_dataset_get(job->data, name, &column, job->err), "%s", option));
    for (*out = 0; *out < f->n_variables; ++*out)
        if (f->variables[*out].column == column && f->variables[*out].is_factor)
            return f->variables[*out].n_levels <= MOST_LEVELS
                       ? MPL_OK
                       : mpl__fail(job->err, MPL_ERR_LIMIT, "%s: more than %d levels", option, MOST_LEVELS);
    return mpl__fail(job->err, MPL_ERR_ARG, "%s: '%s' is no factor of the model", option,
                     mpl_text_to_shown(name, shown));
}

/* The average row of the design at a level of the factor. False: some of it is not known. */
static mpl_status average_row(const mpl__regress_job *job, size_t factor, size_t level, double *x, bool *is_known)
{
    const mpl__formula *const f = job->own->formula;
    const bool is_equal = !strcmp(job->own->all.options.weights, "equal");
    double *const row = MPL_NEW(job->scratch, double, job->own->fit->p);
    mpl__cell cells[MPL__MOST_VARIABLES];
    if (!row)
        return no_memory(job);
    mpl__reference_cells(f, cells);
    const uint32_t held = mpl__hold_level(f, &f->variables[factor], level, cells);
    return mpl__average_row(job->own, f, &job->own->matrix, cells, held, is_equal, row, x, is_known, job->err);
}

/* tau2 at a level of the factor, the other columns of the scale as those of the mean. */
static mpl_status tau2_at(const mpl__regress_job *job, size_t factor, size_t level, double *tau2)
{
    const mpl__formula *const f = job->own->scale_formula;
    const bool is_equal = !strcmp(job->own->all.options.weights, "equal");
    double row[MPL__MOST_SCALE], z[MPL__MOST_SCALE];
    mpl__cell cells[MPL__MOST_VARIABLES];
    bool is_known;
    *tau2 = job->own->fit->tau2;
    if (!f)
        return MPL_OK;
    mpl__reference_cells(f, cells);
    const uint32_t held = mpl__hold_level(f, &job->own->formula->variables[factor], level, cells);
    MPL_TRY(mpl__average_row(job->own, f, mpl__scale_matrix(job->own->scale), cells, held, is_equal, row, z, &is_known,
                             job->err));
    *tau2 = mpl__scale_row(job->own->scale, z, is_known, NULL).tau2;
    return MPL_OK;
}

/* A row of the design for each level. */
static mpl_status average_rows(const mpl__regress_job *job, size_t factor, double **x, bool known[MOST_LEVELS])
{
    const mpl__variable *const v = &job->own->formula->variables[factor];
    const size_t p = job->own->fit->p;
    *x = MPL_NEW(job->scratch, double, v->n_levels * p);
    if (!*x)
        return no_memory(job);
    for (size_t i = 0; i < v->n_levels; i++)
        MPL_TRY(average_row(job, factor, i, *x + i * p, &known[i]));
    return MPL_OK;
}

static void note_unknown(mpl__regress_job *job, const mpl__variable *v, const bool *known)
{
    for (size_t i = 0; i < v->n_levels; i++)
        if (!known[i])
            mpl__note_add(&job->notes, "not-estimable", "the mean at %s=%s is not estimable: it takes combinations of "
                          "levels that no study has", v->name, v->levels[i]);
}

static mpl_status make_means(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const mpl__pi_def *pi;
    bool known[MOST_LEVELS];
    size_t factor;
    double *x;
    if (!r->options.means)
        return MPL_OK;
    MPL_TRY(find_factor(job, "--means", r->options.means, &factor));
    MPL_TRY(mpl__pi_find(r->fit->options.pi, &pi, job->err));
    MPL_TRY(average_rows(job, factor, &x, known));
    const mpl__variable *const v = &job->own->formula->variables[factor];
    mpl_prediction *const all = MPL_NEW(job->keep, mpl_prediction, v->n_levels);
    if (!all)
        return no_memory(job);
    for (size_t i = 0; i < v->n_levels; i++) {
        const char *const at = mpl__arena_format(job->keep, "%s=%s", v->name, v->levels[i]);
        if (!at)
            return no_memory(job);
        double tau2;
        MPL_TRY(tau2_at(job, factor, i, &tau2));
        all[i] = mpl__predict_row(r->fit, pi, tau2, at, x + i * r->fit->p, known[i]);
    }
    note_unknown(job, v, known);
    r->means = all;
    r->n_means = v->n_levels;
    return MPL_OK;
}

static mpl_status make_pairwise(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const size_t p = r->fit->p;
    bool known[MOST_LEVELS];
    size_t factor, n = 0;
    double *x;
    if (!r->options.pairwise)
        return MPL_OK;
    MPL_TRY(find_factor(job, "--pairwise", r->options.pairwise, &factor));
    MPL_TRY(average_rows(job, factor, &x, known));
    const mpl__variable *const v = &job->own->formula->variables[factor];
    mpl_combination *const all = MPL_NEW(job->keep, mpl_combination, v->n_levels * (v->n_levels - 1) / 2);
    double *const l = MPL_NEW(job->scratch, double, p);
    if (!all || !l)
        return no_memory(job);
    for (size_t a = 0; a < v->n_levels; a++)
        for (size_t b = a + 1; b < v->n_levels; b++) {
            const char *const name = mpl__arena_format(job->keep, "%s minus %s", v->levels[a], v->levels[b]);
            if (!name)
                return no_memory(job);
            for (size_t j = 0; j < p; j++)
                l[j] = x[a * p + j] - x[b * p + j];
            all[n++].term = combine(r->fit, name, l, known[a] && known[b]);
        }
    if (!r->options.means || strcmp(r->options.means, r->options.pairwise))
        note_unknown(job, v, known);
    r->pairwise = all;
    r->n_pairwise = n;
    return adjust(job, all, n);
}

mpl_status mpl__regress_combine(mpl__regress_job *job)
{
    MPL_TRY(make_contrasts(job));
    MPL_TRY(make_means(job));
    return make_pairwise(job);
}
