/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a dataset to a fit, as the commands share it. */
#include "cli/cli.h"

static const mpl_option rows_table[] = {
    { .name = "where", MPL_MEMBER(TEXT, cli_rows_options, where), .arg = "EXPR",
      .help = "keep only the rows for which this holds, e.g. \"year >= 1960 and not alloc = 'random'\"",
      .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option profile_table[] = {
    { .name = "profile", MPL_MEMBER(CHOICE, cli_profile_options, profile), .choice = mpl_profile_method, .arg = "NAME",
      .dflt = "cochrane2025", .help = "set all defaults at once", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *cli_rows_option_table(void)
{
    return rows_table;
}

const mpl_option *cli_profile_option_table(void)
{
    return profile_table;
}

const cli_operand cli_data_operand[] = {
    { .name = "DATA", .help = "a CSV, TSV or JSON file, \"-\" for standard input, or the id of a bundled dataset",
      .is_data = true },
    { .name = NULL }
};

mpl_status cli_dataset_read(const char *path, const cli_source_options *options, mpl_dataset **out, mpl_error *err)
{
    mpl_status s = mpl_dataset_read(path, &options->read, out, err);
    if (s != MPL_OK || !options->rows.where)
        return s;
    mpl_dataset *const all = *out;
    s = mpl_dataset_filter(all, options->rows.where, out, err);
    mpl_dataset_free(all);
    if (s == MPL_ERR_PARSE || s == MPL_ERR_LIMIT) /* the expression is an option, not data */
        s = MPL_ERR_ARG;
    return s;
}

mpl_status cli_data_report(cli_call *call, const cli_source_options *source, const cli_output_options *out,
                           cli_data_maker *make, mpl_error *err)
{
    mpl_dataset *data;
    mpl_report *report = NULL;
    mpl_status s = cli_dataset_read(call->operand[0], source, &data, err);
    if (s != MPL_OK)
        return s;
    s = make(call, data, &report, err);
    mpl_dataset_free(data);
    return s == MPL_OK ? cli_report_write(call, report, out, err) : s;
}

/* Without a single study there is no report, but every row and what it lacks is told. */
static void tell_excluded(const cli_analysis *a)
{
    mpl_report *report;
    if (mpl_report_new_effects(a->data, a->effects, NULL, &report, NULL) != MPL_OK)
        return;
    if (mpl_report_write_excluded(report, "metapool: left out: ", stderr, NULL) != MPL_OK)
        clearerr(stderr);
    mpl_report_free(report);
}

static mpl_status regress(const mpl_fit_options *fit, const mpl_regress_options *options, cli_analysis *a,
                          mpl_error *err)
{
    const mpl_status s = mpl_regress_new(a->data, a->effects, fit, options, &a->regression, err);
    return s == MPL_ERR_PARSE && !(err && err->line) ? MPL_ERR_ARG : s; /* the formula is an option */
}

static mpl_status run(const cli_model_options *options, const mpl_regress_options *moderators, cli_analysis *a,
                      mpl_error *err)
{
    mpl_effect_options effect = options->effect;
    mpl_fit_options fit = options->fit;
    effect.profile = fit.profile = options->profile.profile;
    mpl_status s = mpl_effects_new(a->data, &effect, &a->effects, err);
    if (s == MPL_OK)
        s = mpl_effects_transform(a->effects, &options->transform, err);
    if (s == MPL_OK)
        s = moderators && (moderators->mods || moderators->scale.scale) ? regress(&fit, moderators, a, err)
                                           : mpl_fit_new(a->effects, NULL, &fit, &a->fit, err);
    if (s != MPL_OK && a->effects && a->effects->k == 0)
        tell_excluded(a);
    if (s == MPL_OK && options->subgroup.subgroup)
        s = mpl_subgroups_new(a->data, a->effects, &fit, &options->subgroup, &a->subgroups, err);
    return s;
}

mpl_status cli_analysis_run(const mpl_dataset *data, const cli_model_options *options, cli_analysis *out,
                            mpl_error *err)
{
    *out = (cli_analysis){ .data = data };
    const mpl_status s = run(options, NULL, out, err);
    if (s != MPL_OK)
        cli_analysis_free(out);
    return s;
}

mpl_status cli_analysis_open(const cli_call *call, const cli_source_options *source, const cli_model_options *model,
                             const mpl_regress_options *moderators, cli_analysis *out, mpl_error *err)
{
    *out = (cli_analysis){ .data = NULL };
    mpl_status s = cli_dataset_read(call->operand[call->n_operands - 1], source, &out->own, err);
    out->data = out->own;
    if (s == MPL_OK)
        s = run(model, moderators, out, err);
    if (s != MPL_OK)
        cli_analysis_free(out);
    return s;
}

mpl_analysis cli_analysis_view(const cli_analysis *analysis)
{
    const mpl_regression *const r = analysis->regression;
    return (mpl_analysis){ .data = analysis->data, .effects = r ? r->effects : analysis->effects,
                           .fit = r ? r->fit : analysis->fit, .subgroups = analysis->subgroups };
}

void cli_analysis_free(cli_analysis *analysis)
{
    mpl_regress_free(analysis->regression);
    mpl_subgroups_free(analysis->subgroups);
    mpl_fit_free(analysis->fit);
    mpl_effects_free(analysis->effects);
    mpl_dataset_free(analysis->own);
    *analysis = (cli_analysis){ .data = NULL };
}

mpl_status cli_analysis_report(const cli_call *call, const cli_source_options *source, const cli_model_options *model,
                               const mpl_regress_options *regress, const cli_output_options *out,
                               cli_report_maker *make, mpl_error *err)
{
    cli_analysis analysis;
    mpl_report *report = NULL;
    mpl_status s = cli_analysis_open(call, source, model, regress, &analysis, err);
    if (s != MPL_OK)
        return s;
    const mpl_analysis view = cli_analysis_view(&analysis);
    s = make(call, &view, analysis.regression, &report, err);
    cli_analysis_free(&analysis);
    return s == MPL_OK ? cli_report_write(call, report, out, err) : s;
}
