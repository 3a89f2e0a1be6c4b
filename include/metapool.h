/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libmetapool: meta-analysis of study-level effects.
 *
 * The usual sequence of calls, each with one matching _free:
 *
 *     mpl_dataset_read()    a file, standard input or a bundled dataset  ->  columns with roles
 *     mpl_effects_new()     raw columns and a measure                    ->  yi, vi, and who is excluded and why
 *     mpl_fit_new()         effects and options                          ->  pooled estimate, heterogeneity, intervals
 *     mpl_subgroups_new()   the same, split by a column                  ->  one fit per group, tests between groups
 *     mpl_regress_new()     the same, explained by columns               ->  coefficients, R2, predictions
 *     mpl_report_new()      all of these                                 ->  a report; mpl_report_write() prints it
 *     mpl_plot_new()        all of these                                 ->  a plot model; mpl_plot_write() draws it
 *
 * Nothing here prints, exits or keeps state. examples/pool.c is the sequence in sixty lines.
 */
#ifndef METAPOOL_H
#define METAPOOL_H

#include <metapool/base.h>
#include <metapool/option.h>
#include <metapool/run.h>
#include <metapool/dataset.h>
#include <metapool/effect.h>
#include <metapool/convert.h>
#include <metapool/check.h>
#include <metapool/tau2.h>
#include <metapool/model.h>
#include <metapool/multiverse.h>
#include <metapool/regress.h>
#include <metapool/bias.h>
#include <metapool/power.h>
#include <metapool/influence.h>
#include <metapool/gosh.h>
#include <metapool/blup.h>
#include <metapool/likelihood.h>
#include <metapool/pvalues.h>
#include <metapool/select.h>
#include <metapool/tipping.h>
#include <metapool/plot.h>
#include <metapool/report.h>

#endif
