/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registries of the program: what can be listed, one row per registry, and what a figure can be drawn as. */
#include "cli/cli.h"

#include <string.h>

/* Behind the library's renderers: what comes from running gnuplot. */
static const struct {
    mpl_method method;
    bool has_pages;
} by_gnuplot[] = {
    { { .id = "png", .title = "bitmap, drawn by gnuplot" }, false },
    { { .id = "pdf", .title = "Portable Document Format, drawn by gnuplot" }, true },
};

const mpl_method *cli_figure_method(size_t i)
{
    size_t n = 0;
    while (mpl_renderer_method(n))
        n++;
    if (i < n)
        return mpl_renderer_method(i);
    return i - n < sizeof by_gnuplot / sizeof *by_gnuplot ? &by_gnuplot[i - n].method : NULL;
}

/* Index among what gnuplot draws; their number for another id. */
static size_t find_by_gnuplot(const char *id)
{
    size_t i = 0;
    while (i < sizeof by_gnuplot / sizeof *by_gnuplot && strcmp(by_gnuplot[i].method.id, id) != 0)
        i++;
    return i;
}

bool cli_figure_is_by_gnuplot(const char *id)
{
    return find_by_gnuplot(id) < sizeof by_gnuplot / sizeof *by_gnuplot;
}

bool cli_figure_has_pages(const char *id)
{
    return cli_figure_is_by_gnuplot(id) && by_gnuplot[find_by_gnuplot(id)].has_pages;
}

const char *cli_figure_renderer(const char *id)
{
    return cli_figure_is_by_gnuplot(id) ? "gp" : id;
}

static const struct {
    mpl_method method;
    mpl_registry registry;
} lists[] = {
    { { .id = "measures", .title = "effect sizes" }, mpl_measure_method },
    { { .id = "methods", .title = "pooling methods and estimators of the between-study variance" }, mpl_fit_method },
    { { .id = "tests", .title = "tests and confidence intervals" }, mpl_test_method },
    { { .id = "pi", .title = "prediction intervals" }, mpl_pi_method },
    { { .id = "weights", .title = "weights of studies in the mean" }, mpl_weights_method },
    { { .id = "i2", .title = "definitions of I2" }, mpl_i2_method },
    { { .id = "bias", .title = "small-study effects: tests, adjusted means, numbers" }, mpl_bias_registry },
    { { .id = "bias-predictors", .title = "what Egger's tests regress on" }, mpl_bias_predictor },
    { { .id = "trimfill", .title = "ways to count the studies that trim and fill adds" }, mpl_bias_k0 },
    { { .id = "tau2-ci", .title = "intervals of the between-study variance" }, mpl_tau2_ci_method },
    { { .id = "selections", .title = "weight functions of selection models" }, mpl_selection_method },
    { { .id = "tipping", .title = "corrections for selection of a known severity" }, mpl_tipping_method },
    { { .id = "scenarios", .title = "patterns of selection with known weights" }, mpl_scenario_method },
    { { .id = "pvalues", .title = "ways to combine p-values" }, mpl_pvalues_method },
    { { .id = "profiles", .title = "sets of defaults" }, mpl_profile_method },
    { { .id = "glmm-models", .title = "models of counts of method GLMM" }, mpl_glmm_method },
    { { .id = "pooling", .title = "ways to pool the between-study variance over subgroups" }, mpl_pooling_method },
    { { .id = "mh-counts", .title = "counts that method MH adds up" }, mpl_mh_counts_method },
    { { .id = "rd-variances", .title = "variances of a risk difference by method MH" }, mpl_rd_variance_method },
    { { .id = "corrections", .title = "rules for zero cells" }, mpl_correction_method },
    { { .id = "increments", .title = "how what is added to zero cells is shared between the groups" },
      mpl_increment_method },
    { { .id = "zeros", .title = "rules for zero cells that 'compare' tries" }, mpl_zeros_method },
    { { .id = "vtypes", .title = "types of sampling variance" }, mpl_vtype_method },
    { { .id = "study-cis", .title = "intervals of single studies" }, mpl_study_ci_method },
    { { .id = "hedges", .title = "forms of the small-sample correction" }, mpl_hedges_method },
    { { .id = "transforms", .title = "back-transforms to the scale people read" }, mpl_transform_method },
    { { .id = "targets", .title = "what 'convert' leads to" }, mpl_target_method },
    { { .id = "conversions", .title = "ways from reported columns to needed ones" }, mpl_conversion_method },
    { { .id = "functions", .title = "functions of a formula" }, mpl_formula_function_method },
    { { .id = "moderators", .title = "functions of moderators: splines, polynomials and others" },
      mpl_moderator_function_method },
    { { .id = "r2", .title = "definitions of R2 of a meta-regression" }, mpl_r2_method },
    { { .id = "scale-links", .title = "how tau2 follows from the coefficients of a location-scale model" },
      mpl_scale_link_method },
    { { .id = "scale-cis", .title = "intervals of the coefficients of a location-scale model" }, mpl_scale_ci_method },
    { { .id = "structures", .title = "how effects of one study depend on each other" }, mpl_structure_method },
    { { .id = "shared", .title = "measures whose covariance through a shared control group is known" },
      mpl_shared_method },
    { { .id = "skewed", .title = "what to do with quantiles too skewed for a conversion" }, mpl_skewed_method },
    { { .id = "rules", .title = "rules of plausibility that 'check' runs" }, mpl_rule_method },
    { { .id = "roles", .title = "what a column can hold, and the names it is known by" }, mpl_role_method },
    { { .id = "inputs", .title = "input formats" }, mpl_input_method },
    { { .id = "formats", .title = "report formats" }, mpl_format_method },
    { { .id = "documents", .title = "formats of documents" },
      mpl_document_format_method },
    { { .id = "styles", .title = "house styles of documents" }, mpl_style_method },
    { { .id = "sections", .title = "sections of documents on demand" }, mpl_document_section_method },
    { { .id = "thousands", .title = "separators of thousands in counts" }, mpl_thousands_method },
    { { .id = "plots", .title = "plots" }, mpl_plot_method },
    { { .id = "layouts", .title = "layouts of forest plots" }, mpl_layout_method },
    { { .id = "palettes", .title = "colours of figures" }, mpl_palette_method },
    { { .id = "papers", .title = "sizes of paper" }, mpl_paper_method },
    { { .id = "figures", .title = "plot formats, by file ending" }, cli_figure_method },
};

const mpl_method *cli_list_method(size_t i)
{
    return i < sizeof lists / sizeof *lists ? &lists[i].method : NULL;
}

mpl_registry cli_list_registry(const char *id)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].method.id, id) == 0)
            return lists[i].registry;
    return NULL;
}

const char *cli_list_find(mpl_registry registry)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].registry == registry)
            return lists[i].method.id;
    return NULL;
}
