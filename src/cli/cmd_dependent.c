/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool covariance, aggregate: rows of one study that depend on each other. */
#include "cli/cli.h"

/* What both commands take beside the library's options. */
typedef struct given_options {
    const char *v;
    bool raw;
} given_options;

struct args {
    cli_source_options source;
    mpl_covariance_options covariance;
    given_options given;
    mpl_effect_options effect;
    cli_profile_options profile;
    cli_output_options out;
};

static const mpl_option given_table[] = {
    { .name = "v", MPL_MEMBER(TEXT, given_options, v), .arg = "FILE",
      .help = "a file with the matrix of covariances (--struct V): a row and a column per effect, or per row of the "
              "data; with or without names of its columns and rows", .since = "0.1.0" },
    { .name = "raw", MPL_MEMBER(FLAG, given_options, raw),
      .help = "put the groups together from their means or counts, instead of averaging effects", .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option *given_option_table(void)
{
    return given_table;
}

/* Everything that the matrix is made from. */
typedef struct dependent {
    mpl_dataset *data, *v;
    mpl_effects *effects;
    mpl_covariance *covariance;
} dependent;

static void dependent_free(dependent *d)
{
    mpl_covariance_free(d->covariance);
    mpl_effects_free(d->effects);
    mpl_dataset_free(d->v);
    mpl_dataset_free(d->data);
}

static mpl_status dependent_run(const struct args *args, dependent *d, mpl_error *err)
{
    mpl_effect_options effect = args->effect;
    effect.profile = args->profile.profile;
    mpl_status s = mpl_effects_new(d->data, &effect, &d->effects, err);
    if (s == MPL_OK && args->given.v)
        s = mpl_dataset_read(args->given.v, &(mpl_read_options){ .matrix = true }, &d->v, err);
    return s == MPL_OK ? mpl_covariance_new(d->data, d->effects, d->v, &args->covariance, &d->covariance, err) : s;
}

static mpl_status run_covariance(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    dependent d = { .data = NULL };
    mpl_report *report = NULL;
    mpl_status s = cli_dataset_read(call->operand[0], &args->source, &d.data, err);
    if (s != MPL_OK)
        return s;
    s = dependent_run(args, &d, err);
    if (s == MPL_OK)
        s = mpl_report_new_covariance(d.data, d.effects, d.covariance, &report, err);
    dependent_free(&d);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static mpl_status run_aggregate(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    dependent d = { .data = NULL };
    mpl_dataset *one = NULL;
    mpl_report *report = NULL;
    mpl_status s = cli_dataset_read(call->operand[0], &args->source, &d.data, err);
    if (s != MPL_OK)
        return s;
    if (args->given.raw) {
        s = mpl_dataset_combine(d.data, &args->covariance, &one, err);
    } else {
        s = dependent_run(args, &d, err);
        if (s == MPL_OK)
            s = mpl_dataset_aggregate(d.data, d.effects, d.covariance, &one, err);
    }
    if (s == MPL_OK)
        s = mpl_report_new_derived("aggregate", one, &report, err);
    mpl_dataset_free(one);
    dependent_free(&d);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static const cli_group covariance_groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP_WITHOUT("Dependence", mpl_covariance_option_table, struct args, covariance, "unweighted"),
    CLI_GROUP_WITHOUT(NULL, given_option_table, struct args, given, "raw"),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, effect),
    CLI_GROUP(NULL, cli_profile_option_table, struct args, profile),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

static const cli_group aggregate_groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Dependence", mpl_covariance_option_table, struct args, covariance),
    CLI_GROUP(NULL, given_option_table, struct args, given),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, effect),
    CLI_GROUP(NULL, cli_profile_option_table, struct args, profile),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size digits"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_covariance = {
    .name = "covariance",
    .summary = "covariances of effects that share a study",
    .about = "Effects of one study are rarely independent. Computes their covariances: from a correlation (--rho, "
             "--phi with --time), from outcomes, types and groups as metafor's vcalc does (--struct VCALC), "
             "through a control group that several comparisons share (--shared-control, Gleser & Olkin 2009), or from "
             "what the studies report, in columns (--rvars, --vvars) or in a matrix (--v). In "
             "JSON the matrix is the member V, in CSV it is the whole file.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "covariance co2-plants --cluster paper --rho 0.5 --format json", "a correlation of 0.5 within each paper" },
        { "covariance co2-plants --cluster paper --shared-control", "through the control groups that rows share" },
        { NULL, NULL } },
    .groups = covariance_groups,
    .args_size = sizeof(struct args),
    .run = run_covariance,
};

const cli_command cli_cmd_aggregate = {
    .name = "aggregate",
    .summary = "one row per study from several",
    .about = "Averages the effects of each cluster, weighted by the inverse of their covariances, which the same "
             "options describe as for 'covariance'. With --raw the groups themselves are put together, exactly, from "
             "their means and standard deviations or their counts. The result is a dataset again.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "aggregate co2-plants --cluster paper --rho 0.5", "one log ratio per paper" },
        { "aggregate co2-plants --cluster paper --raw --shared-control --format csv", "one pair of groups per paper" },
        { NULL, NULL } },
    .groups = aggregate_groups,
    .args_size = sizeof(struct args),
    .run = run_aggregate,
};
