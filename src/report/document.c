/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: the registry of their sections, the options, and the way from an analysis to a report; see doc/doc.h. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "model/fit_impl.h"
#include "report/doc/doc.h"
#include "report/format.h"
#include "report/pooled.h"

static const mpl__doc_section *const sections[] = {
#define MPL_SECTION(sym) &mpl__doc_##sym,
#include "report/doc/sections.def"
#undef MPL_SECTION
};

const mpl__doc_section *mpl__doc_section_at(size_t i)
{
    return i < MPL__COUNT(sections) ? sections[i] : NULL;
}

const mpl_method *mpl_document_section_method(size_t i)
{
    for (size_t j = 0; j < MPL__COUNT(sections); j++)
        if ((sections[j]->on_demand || sections[j]->has) && i-- == 0)
            return &sections[j]->method;
    return NULL;
}

const mpl_option *mpl_document_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "style", MPL_MEMBER(CHOICE, mpl_document_options, style), .choice = mpl_style_method, .arg = "STYLE",
          .dflt = "prisma", .help = "order of the parts, and how numbers and sources are written", .since = "0.1.0" },
        { .name = "with", MPL_MEMBER(TEXT, mpl_document_options, with), .arg = "SECTIONS", .dflt = "forest,funnel",
          .help = "sections on demand, separated by commas, or 'all': see 'metapool list sections'",
          .since = "0.1.0" },
        { .name = "baseline-risk", MPL_MEMBER(TEXT, mpl_document_options, baseline_risk), .arg = "RISKS",
          .help = "risks without the treatment, such as '0.01,5%' or 'median' of the studies: absolute effects in a "
                  "summary of findings", .since = "0.1.0" },
        { .name = "outcome", MPL_MEMBER(TEXT, mpl_document_options, outcome), .arg = "TEXT",
          .help = "what was counted or measured, for headings and tables", .since = "0.1.0" },
        { .name = NULL }
    };
    return table;
}

/* ---- which sections */

static bool is_asked(const mpl__doc *d, const mpl__doc_section *s)
{
    return !strcmp(d->options->with, "all") || mpl__list_has(d->options->with, mpl_document_section_method, &s->method);
}

bool mpl__doc_shows(const mpl__doc *d, const mpl__doc_section *s)
{
    return (!s->has || s->has(d)) && (!s->on_demand || is_asked(d, s));
}

static mpl_status check_with(const mpl__doc *d, mpl_error *err)
{
    if (!strcmp(d->options->with, "all"))
        return MPL_OK;
    MPL_TRY(mpl__list_check(d->options->with, mpl_document_section_method, "section", "with", err));
    for (size_t i = 0; i < MPL__COUNT(sections); i++)
        if (sections[i]->has && is_asked(d, sections[i]) && !sections[i]->has(d))
            return mpl__fail(err, MPL_ERR_ARG, "--with %s: %s", sections[i]->method.id, sections[i]->needs);
    return MPL_OK;
}

/* ---- what sections are made with */

void mpl__doc_say(mpl__doc *d, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    mpl__build_paragraph(&d->b, mpl__build_vformat(&d->b, fmt, args));
    va_end(args);
}

/* Number of a source among those cited, from 1; 0 if memory ran out. */
static size_t cited(mpl__doc *d, const char *source)
{
    for (size_t i = 0; i < d->n_sources; i++)
        if (!strcmp(d->sources[i], source))
            return i + 1;
    const char **const more = MPL_NEW(d->b.arena, const char *, d->n_sources + 1);
    if (!more) {
        d->b.failed = true;
        return 0;
    }
    if (d->n_sources)
        memcpy(more, d->sources, d->n_sources * sizeof *more);
    more[d->n_sources++] = source;
    d->sources = more;
    return d->n_sources;
}

/* "Harville 1977, JASA 72:320" gives "Harville 1977": up to the first year. */
static const char *short_form(mpl__doc *d, const char *source)
{
    size_t n = 0;
    while (source[n] && !(n >= 4 && strspn(source + n - 4, "0123456789") >= 4))
        n++;
    size_t name = n > 4 ? n - 4 : 0;
    while (name > 0 && strchr(" (", source[name - 1]))
        name--;
    if (!source[n] && strspn(source + (n > 4 ? n - 4 : 0), "0123456789") < 4)
        return source;
    return mpl__build_format(&d->b, "%.*s%s%.4s", (int)name, source, d->house->year, source + n - 4);
}

const char *mpl__doc_cite(mpl__doc *d, const char *cite)
{
    const char *marks = "";
    for (const char *p = cite; p && *p;) {
        const char *const end = strstr(p, "; ");
        const char *const source = end ? mpl__build_format(&d->b, "%.*s", (int)(end - p), p) : p;
        const size_t number = cited(d, source);
        const char *const words = d->house->year ? short_form(d, source) : mpl__build_format(&d->b, "%zu", number);
        marks = mpl__build_format(&d->b, "%s%s{#references-%zu|%s}", marks,
                                  !*marks ? "" : d->house->year ? "; " : ",", number, words);
        p = end ? end + 2 : NULL;
    }
    return *marks ? mpl__build_format(&d->b, d->house->year ? " (%s)" : " [%s]", marks) : "";
}

const char *mpl__doc_name(const mpl__doc *d)
{
    return mpl__estimate_label(d->a->effects->measure);
}

/* The style's sentence with its four words filled in. */
static const char *fill(mpl__doc *d, const char *name, const char *x, const char *ci)
{
    const struct { const char *word, *value; } words[] = {
        { "$name", name }, { "$x", x }, { "$level", mpl__percent(&d->b, d->a->fit->level) }, { "$ci", ci } };
    const char *out = "";
    for (const char *p = d->house->estimate; *p;) {
        size_t w = 0, n = strcspn(p + 1, "$") + 1;
        while (w < MPL__COUNT(words) && strncmp(p, words[w].word, strlen(words[w].word)))
            w++;
        if (w < MPL__COUNT(words)) {
            n = strlen(words[w].word);
            out = mpl__build_format(&d->b, "%s%s", out, words[w].value);
        } else {
            out = mpl__build_format(&d->b, "%s%.*s", out, (int)n, p);
        }
        p += n;
    }
    return out;
}

const char *mpl__doc_interval(mpl__doc *d, const char *name, const char *lb, const char *ub)
{
    return mpl__build_format(&d->b, "%s %s {%s..%s}", mpl__percent(&d->b, d->a->fit->level), name, lb, ub);
}

const char *mpl__doc_estimate(mpl__doc *d, const char *prefix)
{
    const char *const x = mpl__build_format(&d->b, "{%sdisplay_estimate}", prefix);
    const char *const ci = mpl__build_format(&d->b, "{%sdisplay_ci_lb..%sdisplay_ci_ub}", prefix, prefix);
    return fill(d, mpl__doc_name(d), x, ci);
}

void mpl__doc_numbers(mpl__doc *d)
{
    size_t n;
    const mpl__stat *const stats = mpl__pooled_stats(&n) + MPL__POOLED_RESULTS;
    const mpl__pooled pooled = mpl__pooled_of(d->a->effects->measure, d->a->fit);
    mpl__build_hidden(&d->b, stats, n - MPL__POOLED_RESULTS, &pooled);
}

mpl_status mpl__doc_figure(mpl__doc *d, const char *type, const mpl_plot_options *options, const char *caption,
                           mpl_error *err)
{
    mpl_plot *plot;
    const mpl_status s = mpl_plot_new(type, d->a, options, &plot, err);
    if (s == MPL_ERR_TOO_FEW || s == MPL_ERR_NUMERIC) {
        mpl__doc_say(d, "No figure can be drawn: %s.", err ? err->message : "too few studies");
        return MPL_OK;
    }
    if (s == MPL_OK)
        plot->n_footnotes = 0; /* the document says it */
    if (s == MPL_OK)
        mpl__build_plot(&d->b, plot, mpl__build_format(&d->b, "Figure %zu. %s", ++d->n_figures, caption));
    return s;
}

/* ---- the whole */

/* A title that says what it is, where the dataset has none. */
static const char *title_of(const mpl__doc *d)
{
    const mpl_plot_options *const plot = d->plot_options;
    if (plot && plot->title && *plot->title && strcmp(plot->title, "none"))
        return plot->title;
    return d->a->effects->info->title ? d->a->effects->info->title : d->a->effects->data_name;
}

static mpl_status add_part(mpl__doc *d, const mpl__part_heading *part, mpl_error *err)
{
    bool begun = false;
    for (size_t i = 0; i < MPL__COUNT(sections); i++) {
        const mpl__doc_section *const s = sections[i];
        if (s->part != part->part || !mpl__doc_shows(d, s))
            continue;
        if (!begun)
            mpl__build_section(&d->b, s->heading ? NULL : s->method.id, part->heading);
        begun = true;
        if (s->heading) {
            mpl__build_section(&d->b, s->method.id, s->heading);
            mpl__build_level(&d->b, 3);
        }
        MPL_TRY(s->build(d, err));
    }
    return MPL_OK;
}

static mpl_status add_parts(mpl__doc *d, mpl_error *err)
{
    MPL_TRY(check_with(d, err));
    for (const mpl__part_heading *part = d->house->parts; part->part != MPL__PART_END; part++)
        MPL_TRY(add_part(d, part, err));
    return MPL_OK;
}

mpl_status mpl_report_new_document(const mpl_analysis *analysis, const mpl_regression *regression,
                                   const mpl_document_options *options, const mpl_plot_options *plot_options,
                                   const mpl_write_options *write, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    mpl_document_options resolved = options ? *options : (mpl_document_options){ 0 };
    if (!analysis->data || analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "a document needs the dataset and the fit of a mean");
    const mpl__method_def *method;
    MPL_TRY(mpl_options_resolve(mpl_document_option_table(), &resolved, sizeof resolved, NULL, err));
    MPL_TRY(mpl__method_find(analysis->fit->options.method, &method, err));
    mpl__doc d = { .a = analysis, .regression = regression, .options = &resolved, .plot_options = plot_options,
                   .house = mpl__house_find(resolved.style), .is_common = method->is_common,
                   .is_listed = mpl__format_needs_of(write, analysis->effects->k).studies };
    mpl__build_start(&d.b, "report", title_of(&d));
    d.b.numbers = true;
    mpl__build_style(&d.b, resolved.style);
    const char *const kind = analysis->effects->info->kind;
    mpl__build_stamp(&d.b, kind && !strcmp(kind, "simulated") ? "SIMULATED DATA" : NULL);
    const mpl_status s = add_parts(&d, err);
    return s == MPL_OK ? mpl__build_done(&d.b, out, err) : mpl__build_drop(&d.b, s);
}
