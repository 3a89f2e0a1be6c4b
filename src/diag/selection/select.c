/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fitting a selection model: options, the search, and what is said of its result. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "diag/selection/maker.h"
#include "model/fit_impl.h"
#include "num/dist.h"

enum { FEW_IN_INTERVAL = 4 };

static const double NO_TAU = 1e-6; /* the likelihood is even in tau: near its maximum at 0 rounding is left of it */

const mpl_option *mpl_selection_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "selection", MPL_MEMBER(CHOICE, mpl_selection_options, selection), .choice = mpl_selection_method,
          .arg = "MODEL", .dflt = "stepfun", .help = "how the chance of publication depends on the p-value",
          .since = "0.1.0" },
        { .name = "alternative", MPL_MEMBER(CHOICE, mpl_selection_options, alternative),
          .choice = mpl_bias_alternative, .arg = "WHAT",
          .help = "which p-values decide; by default one-sided ones on the side of the mean", .since = "0.1.0" },
        { .name = "steps", MPL_MEMBER(TEXT, mpl_selection_options, steps), .arg = "LIST",
          .help = "p-values at which weights change, e.g. 0.025,0.5; by default 0.025 for step functions",
          .since = "0.1.0" },
        { .name = "delta", MPL_MEMBER(TEXT, mpl_selection_options, delta), .arg = "LIST",
          .help = "weights taken as known, NA for those to be estimated, e.g. 1,0.7,NA", .since = "0.1.0" },
        { .name = "tau2", MPL_MEMBER(MAYBE, mpl_selection_options, tau2), .arg = "VALUE",
          .help = "fix the between-study variance, with 0 equal effects, instead of estimating it", .since = "0.1.0" },
        { .name = "level", MPL_MEMBER(LEVEL, mpl_selection_options, level), .arg = "LEVEL", .dflt = "0.95",
          .help = "level of confidence intervals, as 95 or 0.95", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

typedef struct owner {
    mpl_selection all;
    mpl_fit *fit;
} owner;

/* ---- options */

static mpl_status read_list(const mpl__maker *mk, const char *option, const char *list, bool may_be_na, double *out,
                            size_t *n)
{
    *n = 0;
    for (const char *p = list; p; p = *p == ',' ? p + 1 : NULL) {
        const size_t length = strcspn(p, ",");
        char shown[MPL_SHOWN_SIZE];
        if (*n == MPL__SELECTION_MAX - 1)
            return mpl__fail(mk->err, MPL_ERR_ARG, "--%s has more than %d values", option, MPL__SELECTION_MAX - 1);
        if (may_be_na && length == 2 && !strncmp(p, "NA", 2))
            out[*n] = NAN;
        else if (mpl__number_read(p, length, '.', &out[*n]) != MPL__NUMBER_OK)
            return mpl__fail(mk->err, MPL_ERR_ARG, "--%s: '%s' is not a list of numbers", option,
                             mpl_text_to_shown(list, shown));
        (*n)++;
        p += length;
    }
    return MPL_OK;
}

static mpl_status read_steps(mpl__maker *mk, const mpl_selection_options *o)
{
    mpl__selector *const s = &mk->selector;
    const char *const list = o->steps ? o->steps : s->def->log_weight || s->def->of_effect ? NULL : "0.025";
    if (list)
        MPL_TRY(read_list(mk, "steps", list, false, s->steps, &s->n_steps));
    if (s->n_steps > 0 && s->steps[s->n_steps - 1] == 1)
        s->n_steps--;
    for (size_t i = 0; i < s->n_steps; i++) {
        if (!(s->steps[i] > 0 && s->steps[i] < 1) || (i > 0 && s->steps[i] <= s->steps[i - 1]))
            return mpl__fail(mk->err, MPL_ERR_ARG, "--steps are p-values between 0 and 1 in ascending order");
        s->cuts[i] = mpl__norm_q(s->two_sided ? s->steps[i] / 2 : s->steps[i], MPL__UPPER);
    }
    if (s->n_steps > 0 && (s->def->of_effect || (s->def->log_weight && s->n_steps > 1)))
        return mpl__fail(mk->err, MPL_ERR_ARG, "selection model %s has %s", s->def->method.id,
                         s->def->of_effect ? "no steps of p" : "at most one step, up to which the weight is 1");
    return MPL_OK;
}

static mpl_status read_weights(mpl__maker *mk, const mpl_selection_options *o)
{
    const mpl__weight_def *const def = mk->selector.def;
    size_t n = 0;
    mk->n_weights = def->n_parameters ? def->n_parameters : mk->selector.n_steps + 1;
    for (size_t j = 0; j < mk->n_weights; j++)
        mk->known[j] = NAN;
    if (o->delta) {
        MPL_TRY(read_list(mk, "delta", o->delta, true, mk->known, &n));
        if (n != mk->n_weights)
            return mpl__fail(mk->err, MPL_ERR_ARG, "--delta has %zu values; selection model %s has %zu parameters", n,
                             def->method.id, mk->n_weights);
        for (size_t j = 0; j < n; j++)
            if (mk->known[j] < 0 || isinf(mk->known[j]))
                return mpl__fail(mk->err, MPL_ERR_ARG, "--delta: weights are not negative");
    }
    if (!def->n_parameters && isnan(mk->known[0]))
        mk->known[0] = 1; /* the others are relative to it */
    mk->n_free = 0;
    for (size_t j = 0; j < mk->n_weights; j++)
        mk->n_free += isnan(mk->known[j]) ? 1 : 0;
    return MPL_OK;
}

static mpl_status prepare(mpl__maker *mk)
{
    const mpl_effects *const es = mk->effects;
    const double null_value = isnan(es->measure->null_value) ? 0 : es->measure->null_value;
    mk->k = es->k;
    mk->p = mk->design ? mk->design->n_cols : 1;
    mk->yi = MPL_NEW(mk->scratch, double, mk->k);
    mk->sei = MPL_NEW(mk->scratch, double, mk->k);
    mk->seen = MPL_NEW(mk->scratch, mpl__observed, mk->k);
    mk->x = MPL_NEW(mk->scratch, double, mk->k * mk->p);
    mk->selector.n_weights = mk->n_weights;
    if (!mk->yi || !mk->sei || !mk->seen || !mk->x || !mpl__selector_prepare(&mk->selector, mk->scratch))
        return mpl__fail_nomem(mk->err, "a selection model");
    for (size_t i = 0; i < mk->k; i++) {
        if (es->vi[i] == 0)
            return mpl__fail(mk->err, MPL_ERR_DATA, "study '%s' has variance 0 and no p-value", es->slab[i]);
        mk->yi[i] = mk->selector.sign * (es->yi[i] - null_value);
        mk->sei[i] = sqrt(es->vi[i]);
        mk->seen[i] = mpl__selector_look(&mk->selector, mk->yi[i] / mk->sei[i]);
        for (size_t j = 0; j < mk->p; j++)
            mk->x[i * mk->p + j] = mk->design ? mk->design->x[i * mk->p + j] : 1;
    }
    const size_t parameters = mk->p + 1 + mk->n_free;
    if (mk->k < parameters || parameters > MPL__MINIMUM_MAX)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "%zu studies are too few for %zu parameters", mk->k, parameters);
    return MPL_OK;
}

/* ---- results */

static mpl_hypothesis ratio_test(const char *id, const char *title, double ll1, double ll0, double df)
{
    mpl_hypothesis h = { .id = id, .title = title, .cite = "Hedges & Vevea 1996, J Educ Behav Stat 21:299-332",
                         .statistic = fmax(0, 2 * (ll1 - ll0)), .df = df, .df2 = INFINITY, .pval = NAN,
                         .log_pval = NAN };
    if (df > 0) {
        h.pval = mpl__chisq_p(h.statistic, df, MPL__UPPER);
        h.log_pval = mpl__chisq_log_p(h.statistic, df, MPL__UPPER);
    }
    return h;
}

static mpl_status name_weight(mpl__maker *mk, size_t j, mpl_selection_weight *w)
{
    const mpl__selector *const s = &mk->selector;
    char lo[350], hi[350];
    if (s->def->n_parameters) {
        w->name = mpl__arena_format(mk->keep, "d%zu", j + 1);
        return w->name ? MPL_OK : mpl__fail_nomem(mk->err, "a selection model");
    }
    mpl__number_significant(j > 0 ? s->steps[j - 1] : 0, 6, lo);
    mpl__number_significant(j < s->n_steps ? s->steps[j] : 1, 6, hi);
    w->name = j > 0 ? mpl__arena_format(mk->keep, "%s < p <= %s", lo, hi) : mpl__arena_format(mk->keep, "p <= %s", hi);
    for (size_t i = 0; i < mk->k; i++)
        w->k += mk->seen[i].interval == j;
    if (w->name && w->k < FEW_IN_INTERVAL && !w->is_known)
        mpl__note_add(&mk->notes, "few-in-interval", "%s: %zu stud%s, too few to estimate a weight", w->name, w->k,
                      w->k == 1 ? "y" : "ies");
    return w->name ? MPL_OK : mpl__fail_nomem(mk->err, "a selection model");
}

static mpl_status fill_weights(mpl__maker *mk, const double *x, const double *se, const double *delta)
{
    mpl_selection_weight *const all = MPL_NEW(mk->keep, mpl_selection_weight, mk->n_weights);
    const double z = mpl__norm_q((1 - mk->level) / 2, MPL__UPPER);
    size_t at = mpl__maker_parameters(mk) - mk->n_free;
    if (!all)
        return mpl__fail_nomem(mk->err, "a selection model");
    for (size_t j = 0; j < mk->n_weights; j++) {
        mpl_selection_weight *const w = &all[j];
        *w = (mpl_selection_weight){ .value = delta[j], .se = NAN, .ci_lb = NAN, .ci_ub = NAN,
                                     .is_known = !isnan(mk->known[j]) };
        if (!w->is_known) {
            w->is_at_bound = mpl__maker_at_bound(x[at]);
            w->se = 2 * fabs(x[at]) * se[at];
            w->ci_lb = fmax(0, w->value - z * w->se);
            w->ci_ub = w->value + z * w->se;
            if (isnan(w->se))
                w->ci_lb = NAN;
            at++;
        }
        MPL_TRY(name_weight(mk, j, w));
        if (w->is_at_bound)
            mpl__note_add(&mk->notes, "weight-at-bound",
                          "%s: the likelihood has no maximum inside the bounds 0 and 100; it is largest at a bound",
                          w->name);
    }
    mk->out->weights = all;
    mk->out->n_weights = mk->n_weights;
    return MPL_OK;
}

static mpl_status fill_terms(mpl__maker *mk, const double *beta, const double *se)
{
    mpl_term *const terms = MPL_NEW(mk->keep, mpl_term, mk->p);
    if (!terms)
        return mpl__fail_nomem(mk->err, "a selection model");
    const double null_value = isnan(mk->effects->measure->null_value) ? 0 : mk->effects->measure->null_value;
    for (size_t j = 0; j < mk->p; j++) {
        const char *const name = mpl__arena_copy(mk->keep, mk->out->fit->terms[j].term);
        if (!name)
            return mpl__fail_nomem(mk->err, "a selection model");
        const double b = mk->selector.sign * beta[j] + (mk->design ? 0 : null_value);
        terms[j] = mpl__term_make(name, b, se[j] * mk->unit, INFINITY, mk->level);
    }
    mk->out->terms = terms;
    mk->out->p = mk->p;
    return MPL_OK;
}

/* The best point and that without heterogeneity, unless tau2 is known. */
static mpl_status maximise(mpl__maker *mk, double *x, mpl__minimum *best)
{
    mpl_selection *const out = mk->out;
    double x0[MPL__MINIMUM_MAX];
    mpl__minimum at_0;
    if (mk->tau2.given)
        return mpl__maker_search(mk, NULL, x, best);
    mk->tau2.given = true;
    MPL_TRY(mpl__maker_search(mk, NULL, x0, &at_0));
    mk->tau2.given = false;
    MPL_TRY(mpl__maker_search(mk, x0, x, best));
    out->lrt_tau2 = ratio_test("tau2", "no heterogeneity beside selection", -best->value, -at_0.value, 1);
    return MPL_OK;
}

static mpl_status fit_model(mpl__maker *mk)
{
    mpl_selection *const out = mk->out;
    double x[MPL__MINIMUM_MAX], se[MPL__MINIMUM_MAX], beta[MPL__MINIMUM_MAX], delta[MPL__SELECTION_MAX];
    mpl__minimum best;
    mk->tau2 = out->options.tau2;
    MPL_TRY(maximise(mk, x, &best));
    mpl__maker_errors(mk, x, se);
    mpl__maker_unpack(mk, x, beta, &out->tau2, delta);
    out->se_tau2 = mk->tau2.given ? NAN : 2 * fabs(x[mk->p]) * mk->unit * mk->unit * se[mk->p];
    if (!mk->tau2.given && fabs(x[mk->p]) < NO_TAU)
        out->tau2 = 0;
    out->ll = -best.value;
    out->converged = best.converged;
    MPL_TRY(fill_terms(mk, beta, se));
    MPL_TRY(fill_weights(mk, x, se, delta));
    out->ll_unselected = out->fit->ll;
    out->lrt = ratio_test("selection", "no selection", out->ll, out->ll_unselected, (double)mk->n_free);
    if (!out->converged)
        mpl__note_add(&mk->notes, "not-converged", "the likelihood is still rising where the search stopped");
    return MPL_OK;
}

static mpl_status run(mpl__maker *mk, const mpl_selection_options *given)
{
    mpl_selection *const out = mk->out;
    owner *const own = (owner *)out;
    out->options = given ? *given : (mpl_selection_options){ .selection = NULL };
    MPL_TRY(mpl_options_resolve(mpl_selection_option_table(), &out->options, sizeof out->options, NULL, mk->err));
    mk->level = out->options.level;
    MPL_TRY(mpl__weight_find(out->options.selection, &mk->selector.def, mk->err));
    const mpl_fit_options ml = { .method = "ML", .test = "z", .pi = "none", .level = mk->level,
                                 .tau2 = out->options.tau2 };
    if (ml.tau2.given && !(ml.tau2.value >= 0))
        return mpl__fail(mk->err, MPL_ERR_ARG, "--tau2 is not negative in a selection model");
    MPL_TRY(mpl_fit_new(mk->effects, mk->design, &ml, &own->fit, mk->err));
    out->fit = own->fit;
    const double null_value = isnan(mk->effects->measure->null_value) ? 0 : mk->effects->measure->null_value;
    if (!out->options.alternative)
        out->options.alternative = out->fit->p == 1 && out->fit->terms[0].estimate < null_value ? "less" : "greater";
    mk->selector.two_sided = !strcmp(out->options.alternative, "two-sided");
    mk->selector.sign = strcmp(out->options.alternative, "less") ? 1 : -1;
    for (size_t i = 0; i < 2; i++) { /* texts are borrowed from the caller */
        const char **const text = i ? &out->options.delta : &out->options.steps;
        if (*text && !(*text = mpl__arena_copy(mk->keep, *text)))
            return mpl__fail_nomem(mk->err, "the options");
    }
    MPL_TRY(read_steps(mk, &out->options));
    MPL_TRY(read_weights(mk, &out->options));
    MPL_TRY(prepare(mk));
    double largest = 0;
    for (size_t i = 0; i < mk->k; i++)
        largest = fmax(largest, mk->sei[i]);
    mk->unit = fmax(out->fit->terms[0].se, largest / sqrt((double)mk->k));
    MPL_TRY(fit_model(mk));
    out->method = &mk->selector.def->method;
    out->k = mk->k;
    out->notes = mk->notes.items;
    out->n_notes = mk->notes.n;
    return mk->notes.failed ? mpl__fail_nomem(mk->err, "the notes") : MPL_OK;
}

mpl_status mpl_selection_new(const mpl_effects *effects, const mpl_design *design,
                             const mpl_selection_options *options, mpl_selection **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    owner *const own = MPL_NEW(keep, owner, 1);
    mpl__maker *const mk = MPL_NEW(scratch, mpl__maker, 1);
    mpl_status s = MPL_ERR_NOMEM;
    if (own && mk) {
        own->all.arena = keep;
        own->all.effects = effects;
        *mk = (mpl__maker){ .effects = effects, .design = design, .out = &own->all, .keep = keep, .scratch = scratch,
                       .notes = { .arena = keep }, .err = err };
        s = run(mk, options);
    } else {
        (void)mpl__fail_nomem(err, "a selection model");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = &own->all;
    else if (own && own->all.arena)
        mpl_selection_free(&own->all);
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_selection_free(mpl_selection *selection)
{
    if (!selection)
        return;
    mpl_fit_free(((owner *)selection)->fit);
    mpl__arena_free(selection->arena);
}
