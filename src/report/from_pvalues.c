/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Combined p-values as a report. */
#include <math.h>

#include "report/format.h"
#include "report/parts.h"

typedef struct test_row {
    const char *id, *title, *cite;
    mpl_pvalues_test t;
} test_row;

static void add_tests(mpl__build *b, const mpl_pvalues *pv)
{
    static const mpl__stat stats[] = {
        MPL__STAT("combination", "Combination", TEXT, test_row, id),
        MPL__STAT("title", "by the", TEXT, test_row, title),
        MPL__STAT("cite", NULL, TEXT, test_row, cite),
        MPL__STAT("statistic", "Statistic", NUMBER, test_row, t.statistic),
        MPL__STAT("df", "df", DF, test_row, t.df),
        MPL__STAT("pval", "p", PVALUE, test_row, t.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, test_row, t.log_pval),
        MPL__STAT("why", NULL, TEXT, test_row, t.why),
    };
    mpl__build_section(b, "combined", NULL);
    mpl__build_number(b, "k", NULL, MPL_KIND_COUNT, (double)pv->k);
    mpl__build_line(b, "p-values", pv->effects ? "{k}, from the effects" : "{k}, as given");
    mpl__build_line(b, "Question", "whether every study is without an effect; a small p says that some are not, and "
                                   "not how large the effect is or how many have one");
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "tests", .row_type = "combination",
                                                           .n_rows = pv->n_tests }, stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < pv->n_tests; i++) {
        const mpl_pvalues_test *const test = &pv->tests[i];
        mpl__table_row(&t, &(test_row){ test->method->id, test->method->title, test->method->cite, *test });
    }
}

static void add_studies(mpl__build *b, const mpl_pvalues *pv, bool is_listed)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, mpl_pvalues_study, study),
        MPL__STAT("row", NULL, COUNT, mpl_pvalues_study, row),
        MPL__STAT("pval", "p", PVALUE, mpl_pvalues_study, pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_pvalues_study, log_pval),
        MPL__STAT("z", "z", STATISTIC, mpl_pvalues_study, z),
        MPL__STAT("weight", NULL, NUMBER, mpl_pvalues_study, weight),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .row_type = "study",
                                                           .not_text = !is_listed, .n_rows = pv->k },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < pv->k; i++)
        mpl__table_row(&t, &pv->studies[i]);
    if (pv->options.weights)
        mpl__table_label(&t, "weight", "Weight");
}

mpl_status mpl_report_new_pvalues(const mpl_pvalues *pv, const mpl_write_options *write, mpl_report **out,
                                  mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = pv->effects;
    const mpl_dataset_info *const info = es ? es->info : pv->data->info;
    const char *const name = es ? es->data_name : pv->data->name;
    const mpl__option_set sets[] = { { mpl_pvalues_option_table(), &pv->options },
                                     { mpl_effect_option_table(), es ? &es->options : NULL } };
    mpl__notes notes = { 0 };
    mpl__build b;
    mpl__build_start(&b, "pvalues", info->title ? info->title : name);
    mpl__part_data(&b, info, name);
    if (es)
        mpl__part_effects(&b, es);
    mpl__build_section(&b, NULL, NULL);
    add_studies(&b, pv, mpl__format_needs_of(write, pv->k).studies);
    add_tests(&b, pv);
    notes.arena = b.arena;
    if (es)
        mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, pv->notes, pv->n_notes);
    for (size_t i = 0; i < pv->n_tests; i++)
        if (pv->tests[i].why)
            mpl__note_add(&notes, "not-combined", "%s: not possible, because %s", pv->tests[i].method->id,
                          pv->tests[i].why);
    mpl__part_notes_of(&b, "note", &notes);
    mpl__part_warnings(&b, info);
    mpl__part_excluded(&b, "excluded", &es, es ? 1 : 0);
    mpl__part_options(&b, sets, es ? 2 : 1, es ? es->options.profile : NULL, NULL);
    return mpl__build_done(&b, out, err);
}
