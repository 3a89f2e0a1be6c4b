/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats and how to write: the registry, the options, the dispatch. */
#include "report/format.h"

#include <string.h>

#include "base/error.h"
#include <metapool/option.h>
#include "base/method.h"
#include "base/text.h"
#include "report/show.h"

static const mpl__format *const formats[] = {
#define MPL_FORMAT(sym) &mpl__format_##sym,
#include "report/formats.def"
#undef MPL_FORMAT
};

const mpl_method *mpl_format_method(size_t i)
{
    return i < sizeof formats / sizeof *formats ? &formats[i]->method : NULL;
}

const mpl_method *mpl_document_format_method(size_t i)
{
    for (size_t j = 0; j < sizeof formats / sizeof *formats; j++)
        if (formats[j]->for_people && i-- == 0)
            return &formats[j]->method;
    return NULL;
}

enum { LONG_LIST = 200 }; /* more than a reader goes through */

static const mpl_method listings[] = {
    { .id = "auto", .title = "list up to 200 studies" },
    { .id = "all", .title = "list every study" },
    { .id = "none", .title = "list no study" },
};

static const mpl_method *listing_method(size_t i)
{
    return i < sizeof listings / sizeof *listings ? &listings[i] : NULL;
}

const mpl_option *mpl_write_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "format", .letter = 'f', MPL_MEMBER(CHOICE, mpl_write_options, format),
          .choice = mpl_format_method, .arg = "FORMAT", .dflt = "text", .help = "how to write the report",
          .since = "0.1.0" },
        { .name = "digits", MPL_MEMBER(COUNT, mpl_write_options, digits), .min = 1, .max = 15, .arg = "N",
          .dflt = "2", .help = "decimals of effects in text and Markdown", .since = "0.1.0" },
        { .name = "thousands", MPL_MEMBER(CHOICE, mpl_write_options, thousands), .choice = mpl_thousands_method,
          .arg = "SIGN", .dflt = "none", .help = "what divides the thousands of counts", .since = "0.1.0" },
        { .name = "studies", MPL_MEMBER(CHOICE, mpl_write_options, studies), .choice = listing_method,
          .arg = "WHICH", .dflt = "auto", .help = "studies listed in text and Markdown", .since = "0.1.0" },
        { .name = NULL }
    };
    return table;
}

static const mpl__format *find_format(const char *id)
{
    const mpl_method *method = mpl_method_find(mpl_format_method, id ? id : formats[0]->method.id);
    for (size_t i = 0; method && i < sizeof formats / sizeof *formats; i++)
        if (method == &formats[i]->method)
            return formats[i];
    return NULL;
}

bool mpl_format_is_for_people(const char *format)
{
    const mpl__format *const found = find_format(format);
    return found && found->for_people;
}

mpl__format_needs mpl__format_needs_of(const mpl_write_options *options, size_t k)
{
    const mpl__format *format = options ? find_format(options->format) : NULL;
    if (!format)
        return (mpl__format_needs){ .plot = true, .studies = true, .sheet = true, .rest = true };
    const char *which = options->studies ? options->studies : "auto";
    const bool listed = !strcmp(which, "all") || (strcmp(which, "none") && k <= LONG_LIST);
    return (mpl__format_needs){ .plot = format->has_plot && listed, .studies = !format->for_people || listed,
                                .sheet = format->is_sheet, .rest = !format->is_sheet };
}

mpl_status mpl_report_write(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    mpl_write_options resolved = options ? *options : (mpl_write_options){ 0 };
    MPL_TRY(mpl_options_resolve(mpl_write_option_table(), &resolved, sizeof resolved, NULL, err));
    const mpl__format *format = find_format(resolved.format);
    return format ? format->write(report, &resolved, out, err)
                  : mpl__fail(err, MPL_ERR_NAME, "unknown format '%s'", resolved.format);
}

/* The table with this key, wherever it is; NULL if there is none. */
static const mpl_report_table *find_table(const mpl_report *report, const char *key)
{
    for (size_t i = 0; i < report->n_sections; i++)
        for (size_t j = 0; j < report->sections[i].n_tables; j++)
            if (!strcmp(report->sections[i].tables[j].key, key))
                return &report->sections[i].tables[j];
    return NULL;
}

static const mpl__style line_style = { .digits = 2, .put = mpl__text_visible, .put_own = mpl__text_add,
                                       .put_label = mpl__text_visible };

mpl_status mpl_report_write_notes(const mpl_report *report, const char *prefix, FILE *out, mpl_error *err)
{
    const mpl_report_table *notes = find_table(report, "notes");
    mpl__text t = { 0 };
    for (size_t i = 0; notes && i < notes->n_rows;) {
        mpl__text_add(&t, prefix);
        i = mpl__show_notes(&t, notes, i, &line_style);
        mpl__text_char(&t, '\n');
    }
    return mpl__text_flush(&t, out, err);
}

mpl_status mpl_report_write_excluded(const mpl_report *report, const char *prefix, FILE *out, mpl_error *err)
{
    const mpl_report_table *excluded = find_table(report, "excluded");
    mpl__text t = { 0 };
    for (size_t i = 0; excluded && i < excluded->n_rows; i++) {
        if (i == LONG_LIST) {
            mpl__text_format(&t, "%s%zu more\n", prefix, excluded->n_rows - i);
            break;
        }
        mpl_report_table one = *excluded;
        one.cells += i * excluded->n_columns;
        const mpl_section row = { .n_tables = 1, .tables = &one };
        mpl__text_add(&t, prefix);
        mpl__show_line(&t, report, &row, "{excluded.study} (row {excluded.row}): {excluded.reason}", &line_style);
        mpl__text_char(&t, '\n');
    }
    return mpl__text_flush(&t, out, err);
}
