/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool loo, metapool cumulative: pooled without each study, and after each study. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_loo_options loo;
    mpl_cumulative_options cumulative;
    cli_output_options out;
};

static mpl_status tell(mpl_status s, const struct args *args, mpl_refits *refits, mpl_report **report, mpl_error *err)
{
    if (s == MPL_OK)
        s = mpl_report_new_refits(refits, &args->out.write, report, err);
    mpl_refits_free(refits);
    return s;
}

static mpl_status make_loo(const cli_call *call, const mpl_analysis *analysis, const mpl_regression *regression,
                           mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_refits *refits;
    (void)regression;
    const mpl_status s = mpl_loo_new(analysis, &args->loo, &refits, err);
    return tell(s, args, refits, report, err);
}

static mpl_status make_cumulative(const cli_call *call, const mpl_analysis *analysis, const mpl_regression *regression,
                                  mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_refits *refits;
    (void)regression;
    const mpl_status s = mpl_cumulative_new(analysis, &args->cumulative, &refits, err);
    return tell(s, args, refits, report, err);
}

static mpl_status run_loo(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_analysis_report(call, &args->source, &args->model, NULL, &args->out, make_loo, err);
}

static mpl_status run_cumulative(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_analysis_report(call, &args->source, &args->model, NULL, &args->out, make_cumulative, err);
}

static const cli_group loo_groups[] = {
    CLI_GROUP("Leave-one-out", mpl_loo_option_table, struct args, loo),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_FIT_GROUPS(struct args, model),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

static const cli_group cumulative_groups[] = {
    CLI_GROUP("Order", mpl_cumulative_option_table, struct args, cumulative),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_FIT_GROUPS(struct args, model),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_loo = {
    .name = "loo",
    .summary = "pool without each study, or each cluster of studies",
    .about = "Pools as 'metapool pool' does, with the same options, once without each study: does the result hang on "
             "one of them? With --cluster all studies with the same value in a column are left out together, such as "
             "those of one group of authors.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "loo bcg", "the BCG vaccine trials, each left out in turn" },
        { "loo bcg --cluster alloc", "without each kind of allocation" },
        { "loo bcg --method DL --test z --format csv", "every number of every fit, as a table" },
        { NULL, NULL } },
    .groups = loo_groups,
    .args_size = sizeof(struct args),
    .run = run_loo,
};

const cli_command cli_cmd_cumulative = {
    .name = "cumulative",
    .summary = "pool after each study in the order of a column",
    .about = "Pools as 'metapool pool' does, with the same options: the first study, the first two, and so on, in the "
             "order of --order: by year, to see when the evidence was there; by precision, to see whether small "
             "studies move the result.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "cumulative bcg --order year", "the evidence year by year" },
        { "cumulative bcg --order year --collapse", "studies of one year together" },
        { "cumulative bcg --order vi", "the most precise studies first" },
        { NULL, NULL } },
    .groups = cumulative_groups,
    .args_size = sizeof(struct args),
    .run = run_cumulative,
};
