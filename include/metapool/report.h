/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports: one model, several writers.
 *
 * A report is an ordered list of sections; a section holds fields (key, label, kind, value), tables with typed
 * columns, sentences with holes, and at most one plot model. Nothing in it is formatted: `kind` says what a
 * number is, and each writer decides digits from the kind. JSON, CSV and TSV use keys and full precision; text and
 * Markdown use labels and rounded values. A writer computes nothing; if it needed arithmetic, the number would be
 * missing from the report.
 *
 * `key`s are stable and in the field's letters. The JSON object starts with "schema": "metapool.report/1"; its JSON
 * Schema is installed as metapool/report-1.schema.json. Sections become members by their key, fields members, tables
 * arrays of objects; the members of a section without a key stand at the top.
 *
 * CSV and TSV are one rectangle: the rows of every table that has a `row_type`, which is their first column, under the
 * union of the tables' columns; a column named "type" overrides it, and with one table only it is left out. So the
 * studies, the pooled rows, the studies left out and the notes are in one table.
 */
#ifndef METAPOOL_REPORT_H
#define METAPOOL_REPORT_H

#include <stdio.h>
#include <metapool/bias.h>
#include <metapool/check.h>
#include <metapool/convert.h>
#include <metapool/gosh.h>
#include <metapool/blup.h>
#include <metapool/influence.h>
#include <metapool/multiverse.h>
#include <metapool/likelihood.h>
#include <metapool/pvalues.h>
#include <metapool/plot.h>
#include <metapool/power.h>
#include <metapool/regress.h>
#include <metapool/select.h>
#include <metapool/tipping.h>

MPL_BEGIN_DECLS

typedef enum mpl_kind {
    MPL_KIND_TEXT,
    MPL_KIND_BOOL,
    MPL_KIND_COUNT,    /**< integer */
    MPL_KIND_NUMBER,   /**< a plain number: up to 6 significant digits in text */
    MPL_KIND_EFFECT,   /**< on the analysis scale, or display scale of a ratio: --digits decimals */
    MPL_KIND_VARIANCE,
    MPL_KIND_STATISTIC,
    MPL_KIND_DF,       /**< infinity is shown as null in JSON and left out in text */
    MPL_KIND_PVALUE,
    MPL_KIND_LOG_PVALUE, /**< machine formats only */
    MPL_KIND_PERCENT,  /**< 0 to 100 */
    MPL_KIND_WEIGHT,   /**< percent */
    MPL_KIND_PROBABILITY,
    MPL_KIND_MARK      /**< as BOOL; people see "*" where it holds, and nothing elsewhere */
} mpl_kind;

/** The kind of the field or column tells the member. */
typedef union mpl_value {
    const char *text; /**< TEXT; NULL = not available */
    double number;    /**< all other kinds; NaN = not available */
} mpl_value;

typedef struct mpl_field {
    const char *key, *label;
    mpl_kind kind;
    bool machine_only; /**< left out by text and Markdown, but sentences may refer to it */
    mpl_value value;
} mpl_field;

typedef struct mpl_report_column {
    const char *key, *label;
    mpl_kind kind;
    bool machine_only;
    bool interval;     /**< a lower limit; text and Markdown show "[lb, ub]" with the next column's upper one */
} mpl_report_column;

typedef enum mpl_table_shape {
    MPL_TABLE_ROWS, /**< JSON: an array of objects */
    MPL_TABLE_ENTRIES, /**< rows in JSON; text: the first two columns side by side, the others below them */
    MPL_TABLE_ONE,  /**< one row; JSON: an object */
    MPL_TABLE_LIST, /**< one column; JSON: an array of its values */
    MPL_TABLE_MAP,  /**< two columns of text; JSON: an object */
    MPL_TABLE_MATRIX, /**< JSON: an array of arrays */
    MPL_TABLE_NOTES, /**< rows of code, row, study, text; for people one sentence each, runs of equal ones joined */
    MPL_TABLE_NUMBERED /**< one column; for people a numbered list */
} mpl_table_shape;

typedef struct mpl_report_table {
    const char *key, *label;
    mpl_table_shape shape;
    const char *row_type;             /**< CSV, TSV: value of the column "type"; NULL = not in them */
    bool not_json, not_text;          /**< left out by JSON; by text and Markdown */
    bool keep_empty;                  /**< people see columns without any value, too */
    bool in_plot;                     /**< the section's plot shows it: text draws that instead */
    size_t n_columns, n_rows;
    const mpl_report_column *columns; /**< [n_columns] */
    const mpl_value *cells;           /**< [n_rows x n_columns] row-major; NULL = `fill` makes them */
    void (*fill)(const void *ctx, size_t first, size_t n, mpl_value *cells); /**< writes n rows; from any thread */
    const void *ctx;
} mpl_report_table;

/**
 * A sentence of a text or Markdown report. "{key}" stands for a field of the section, "{table.column}" for a cell in
 * the first row of one of its tables; a p-value is shown with its relation, "= 0.012" or "< 0.001".
 */
typedef struct mpl_report_line {
    const char *label; /**< left of the sentence; NULL = none */
    const char *text;
    bool is_paragraph; /**< running text rather than one fact among others */
} mpl_report_line;

typedef struct mpl_section {
    const char *key;   /**< JSON member; NULL = the section's members stand at the top */
    const char *label; /**< heading; "" = a blank line, NULL = nothing */
    bool tables_first; /**< for people: sentences stand below the tables that have no heading of their own */
    size_t n_lines;
    const mpl_report_line *lines;
    size_t n_fields;
    const mpl_field *fields;
    size_t n_tables;
    const mpl_report_table *tables;
    const mpl_plot *plot;             /**< NULL = none; owned by the report */
    const char *plot_label;           /**< caption; NULL = none */
    unsigned level;                   /**< of the heading: 2 for a section, 3 for a part of one; 0 = 2 */
} mpl_section;

typedef struct mpl_report {
    const char *command; /**< what made it: "pool" */
    const char *title;
    size_t n_sections;
    const mpl_section *sections;
    struct mpl__arena *arena;
    const char *stamp; /**< what every page must say: "SIMULATED DATA"; NULL = nothing */
    const char *style; /**< of a document: id in mpl_style_method; NULL = a plain report */
} mpl_report;

/** How to write. All-zero means all defaults; the option table is mpl_write_option_table(). */
typedef struct mpl_write_options {
    const char *format;    /**< id in mpl_format_method: "text", "json", "csv", "tsv", "markdown", "html", "tex" */
    size_t digits;         /**< decimals of effects in text and Markdown; 0 = 2 */
    const char *thousands; /**< for people: id in mpl_thousands_method; NULL = "none" */
    const char *studies;   /**< text, Markdown: list them "auto" (at most 200), "all", "none" */
    mpl_draw_options draw; /**< of plots inside a report; rows of its own table */
    const char *figures;   /**< Markdown: figure n is the file of this name and "-n.svg"; NULL = figures are left out.
                                Not a row: the program writes these files */
} mpl_write_options;

MPL_API const mpl_option *mpl_write_option_table(void);

/** Registry of output formats. */
MPL_API const mpl_method *mpl_format_method(size_t i);

/** The formats among them that people read: a document can be written in any of these. */
MPL_API const mpl_method *mpl_document_format_method(size_t i);

/** True for these; an id that does not exist is none. NULL is the default format. */
MPL_API bool mpl_format_is_for_people(const char *format);

/** Registry of house styles: "prisma", "apa", "bmj", "jama", "cochrane". */
MPL_API const mpl_method *mpl_style_method(size_t i);

/** Registry of what this library was built with: id "GSL", title its version. */
MPL_API const mpl_method *mpl_dependency_method(size_t i);

/**
 * The report of a pooled analysis: data, effects, pooled estimate, heterogeneity, subgroups, notes, provenance.
 *
 * @param write  how it is going to be written: what that writer does not show (the plot in JSON, a million studies in
 *               text) is not built; NULL = everything, for any writer
 */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_pool(const mpl_analysis *analysis,
                                                     const mpl_plot_options *plot_options,
                                                     const mpl_write_options *write, mpl_report **out,
                                                     mpl_error *err);

/** The report of a meta-regression: studies with fitted values, coefficients, tests of terms, R2, predictions. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_regression(const mpl_regression *regression,
                                                           const mpl_write_options *write, mpl_report **out,
                                                           mpl_error *err);

/** The report of small-study effects. @param power  of its tests; NULL = none */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_bias(const mpl_bias *bias, const mpl_power *power, mpl_report **out,
                                                     mpl_error *err);

/** The diagnostics of each study and the results without it. @param regression  whose fit it is of; NULL = a mean */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_influence(const mpl_influence *influence,
                                                          const mpl_regression *regression,
                                                          const mpl_write_options *write, mpl_report **out,
                                                          mpl_error *err);

/** The shrunken effects of the studies. @param regression  whose fit it is of; NULL = a mean */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_blup(const mpl_blup *blup, const mpl_regression *regression,
                                                     const mpl_write_options *write, mpl_report **out,
                                                     mpl_error *err);

/** A profile likelihood. @param regression  whose fit it is of; NULL = a mean */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_likelihood(const mpl_likelihood *likelihood,
                                                           const mpl_regression *regression, mpl_report **out,
                                                           mpl_error *err);

/** Combined p-values. @param write  as for mpl_report_new_pool() */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_pvalues(const mpl_pvalues *pvalues, const mpl_write_options *write,
                                                        mpl_report **out, mpl_error *err);

/** Leave-one-out or cumulative results: a row for each fit, and one for all studies. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_refits(const mpl_refits *refits, const mpl_write_options *write,
                                                       mpl_report **out, mpl_error *err);

/** The pooled results of subsets: quantiles, each study's part, histogram, single subsets. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_gosh(const mpl_gosh *gosh, const mpl_write_options *write,
                                                     mpl_report **out, mpl_error *err);

/** The report of a multiverse. @param write  as for mpl_report_new_pool() */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_multiverse(const mpl_multiverse *multiverse,
                                                           const mpl_write_options *write, mpl_report **out,
                                                           mpl_error *err);

/**
 * What a chart shows: its figure for people, and the coordinates of its points and lines.
 *
 * @param type  id or alias in mpl_plot_method, not a forest; the report says that it was made by it
 */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_chart(const char *type, const mpl_analysis *analysis,
                                                      const mpl_plot_options *plot_options,
                                                      const mpl_write_options *write, mpl_report **out,
                                                      mpl_error *err);

/** The report of tipping points. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_tipping(const mpl_tipping *tipping, mpl_report **out, mpl_error *err);

/** The report of a selection model. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_selection(const mpl_selection *selection, mpl_report **out,
                                                          mpl_error *err);

/**
 * The report of effect sizes alone. In CSV it is a dataset: input again without options. `data` may be NULL. The rows
 * of CSV are made while they are written: data and effects must live until then.
 *
 * @param write  as for mpl_report_new_pool()
 */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_effects(const mpl_dataset *data, const mpl_effects *effects,
                                                        const mpl_write_options *write, mpl_report **out,
                                                        mpl_error *err);

/** The same analysis for several values of one assumption, e.g. the pre/post correlation. A row for each, and group. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_grid(const char *key, const char *label, const double *values,
                                                     const mpl_analysis *analyses, size_t n, mpl_report **out,
                                                     mpl_error *err);

/** Bundled datasets; a dataset's columns and source. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_datasets(mpl_report **out, mpl_error *err);
MPL_API MPL_NODISCARD mpl_status mpl_report_new_dataset(const mpl_dataset *data, mpl_report **out, mpl_error *err);

/** The cells of a dataset as they are in its file. In CSV it is a dataset again. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_rows(const mpl_dataset *data, mpl_report **out, mpl_error *err);

/** The same of a dataset that was made from another. @param command  what made it: "convert", "aggregate" */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_derived(const char *command, const mpl_dataset *data,
                                                        mpl_report **out, mpl_error *err);

/** Covariances of effects: who depends on whom, and the matrix. In CSV it is the matrix alone. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_covariance(const mpl_dataset *data, const mpl_effects *effects,
                                                           const mpl_covariance *covariance, mpl_report **out,
                                                           mpl_error *err);

/** What looks wrong in a dataset. */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_check(const mpl_dataset *data, const mpl_check *check,
                                                      mpl_report **out, mpl_error *err);

/**
 * A registry as a table.
 *
 * @param key  e.g. "measures"     @param only  an id or alias: this entry alone; NULL = all
 * @return MPL_OK; MPL_ERR_NAME if there is no such entry
 */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_registry(const char *key, const char *title, mpl_registry registry,
                                                         const char *only, mpl_report **out, mpl_error *err);

/** What a document holds beside the analysis. The option table is mpl_document_option_table(). */
typedef struct mpl_document_options {
    const char *style;         /**< id in mpl_style_method */
    const char *with;          /**< ids in mpl_document_section_method between commas, or "all"; NULL = forest,funnel */
    const char *baseline_risk; /**< "0.01,5%,median": risks without the treatment, for absolute effects; NULL = none */
    const char *outcome;       /**< what was counted or measured, in words; NULL = not said */
} mpl_document_options;

MPL_API const mpl_option *mpl_document_option_table(void);

/** Registry of the sections that a document has on demand, or where the analysis gives what they tell. */
MPL_API const mpl_method *mpl_document_section_method(size_t i);

/**
 * An analysis as a document in the order of a reporting standard: methods in sentences with their sources, results,
 * figures, what else `with` asks for, software, a checklist, references. For formats that people read.
 *
 * @param analysis      of a mean, with its dataset; the dataset's sha256 is told if it is there
 * @param regression    of the same dataset, for a section of its own; NULL = none
 * @param plot_options  of its forest plot; NULL = all defaults
 * @param write         as for mpl_report_new_pool()
 * @return MPL_OK; MPL_ERR_NAME for a style or section that is not there; MPL_ERR_ARG for a section whose contents are
 *         not given, a baseline risk that is none or that the measure has no use for; and what the calls return that
 *         compute the sections
 */
MPL_API MPL_NODISCARD mpl_status mpl_report_new_document(const mpl_analysis *analysis,
                                                         const mpl_regression *regression,
                                                         const mpl_document_options *options,
                                                         const mpl_plot_options *plot_options,
                                                         const mpl_write_options *write, mpl_report **out,
                                                         mpl_error *err);

MPL_API void mpl_report_free(mpl_report *report);

/** Writes a report. Short writes are MPL_ERR_IO. */
MPL_API MPL_NODISCARD mpl_status mpl_report_write(const mpl_report *report, const mpl_write_options *options,
                                                  FILE *out, mpl_error *err);

/** Writes the notes alone, one per line behind `prefix`: for those who look at a terminal while a file is written. */
MPL_API MPL_NODISCARD mpl_status mpl_report_write_notes(const mpl_report *report, const char *prefix, FILE *out,
                                                        mpl_error *err);

/** The same for the first 200 rows that take no part: for those who get no report because no row is left. */
MPL_API MPL_NODISCARD mpl_status mpl_report_write_excluded(const mpl_report *report, const char *prefix, FILE *out,
                                                           mpl_error *err);

MPL_END_DECLS

#endif
