/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a report was made: versions, profile, options in force. No time and no host: same input, same bytes. */
#include <string.h>

#include "report/parts.h"
#include "report/versions.h" /* made by meson from the dependencies it found */

/* What numbers depend on. */
static const mpl_method dependencies[] = {
    { .id = "GSL", .title = MPL_GSL_VERSION, .cite = "Galassi et al., GNU Scientific Library Reference Manual",
      .about = "linear algebra and roots" },
    { .id = "Rmath", .title = MPL_RMATH_VERSION, .cite = "R Core Team, R: A Language and Environment for Statistical "
                                                         "Computing",
      .about = "distribution functions" },
    { .id = "cJSON", .title = MPL_CJSON_VERSION, .cite = "Gamble et al., cJSON", .about = "reading JSON" },
};

const mpl_method *mpl_dependency_method(size_t i)
{
    return i < MPL__COUNT(dependencies) ? &dependencies[i] : NULL;
}

typedef struct pair {
    const char *name, *value;
} pair;

static const mpl__stat pair_stats[] = {
    MPL__STAT("name", "Name", TEXT, pair, name),
    MPL__STAT("value", "Value", TEXT, pair, value),
};

static void add_dependencies(mpl__build *b)
{
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "built_with", .label = "Built with",
                                                           .shape = MPL_TABLE_MAP,
                                                           .n_rows = MPL__COUNT(dependencies) },
                                    pair_stats, MPL__COUNT(pair_stats), 0);
    for (size_t i = 0; i < MPL__COUNT(dependencies); i++)
        mpl__table_row(&t, &(pair){ dependencies[i].id, dependencies[i].title });
}

/* The members in force, as they would be typed. Adds them to `t`, if there is one; their number. */
static size_t walk_options(const mpl__option_set *sets, size_t n, const char *varied, mpl__table *t)
{
    size_t found = 0;
    for (size_t s = 0; s < n; s++)
        for (const mpl_option *row = sets[s].table; row->name; row++) {
            if (!mpl_option_given(row, sets[s].options) || (varied && !strcmp(row->name, varied)))
                continue;
            found++;
            char typed[256];
            const char *value = typed;
            if (row->kind == MPL_OPTION_TEXT) /* of any length */
                memcpy(&value, (const char *)sets[s].options + row->offset, sizeof value);
            else
                mpl_option_write(row, sets[s].options, typed, sizeof typed);
            if (t)
                mpl__table_row(t, &(pair){ row->name, value });
        }
    return found;
}

void mpl__part_options_facts(mpl__build *b, const mpl__option_set *sets, size_t n, const char *profile_id,
                             const char *varied)
{
    mpl__build_text(b, "program", NULL, "metapool");
    mpl__build_text(b, "version", NULL, mpl_version());
    mpl__build_line(b, "Program", "{program} {version}");
    add_dependencies(b);
    const mpl_profile *const profile = n ? mpl_profile_find(profile_id) : NULL;
    if (profile) {
        mpl__build_text(b, "profile", NULL, profile->method.id);
        mpl__build_text(b, "profile_title", NULL, profile->method.title);
        mpl__build_text(b, "profile_sets", NULL, profile->set);
        mpl__build_line(b, "Profile", "{profile}, {profile_title}; sets {profile_sets}");
    }
    if (n == 0)
        return;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "options", .label = "Options",
                                                           .shape = MPL_TABLE_MAP,
                                                           .n_rows = walk_options(sets, n, varied, NULL) },
                                    pair_stats, MPL__COUNT(pair_stats), 0);
    walk_options(sets, n, varied, &t);
}

void mpl__part_options(mpl__build *b, const mpl__option_set *sets, size_t n, const char *profile_id,
                       const char *varied)
{
    mpl__build_section(b, "provenance", "How it was made");
    mpl__part_options_facts(b, sets, n, profile_id, varied);
}

void mpl__part_provenance(mpl__build *b, const mpl_effects *effects, const mpl_fit *fit,
                          const mpl_subgroups *subgroups, const char *varied)
{
    mpl__option_set sets[3];
    size_t n = 0;
    if (effects)
        sets[n++] = (mpl__option_set){ mpl_effect_option_table(), &effects->options };
    if (fit)
        sets[n++] = (mpl__option_set){ mpl_fit_option_table(), &fit->options };
    if (subgroups)
        sets[n++] = (mpl__option_set){ mpl_subgroup_option_table(), &subgroups->options };
    mpl__part_options(b, sets, n, fit ? fit->options.profile : effects ? effects->options.profile : NULL, varied);
}

void mpl__part_regression_provenance(mpl__build *b, const mpl_regression *r)
{
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &r->effects->options },
                                { mpl_fit_option_table(), &r->fit->options },
                                { mpl_moderator_option_table(), &r->options },
                                { mpl_regress_option_table(), &r->options },
                                { mpl_scale_option_table(), &r->options.scale } };
    mpl__part_options(b, sets, MPL__COUNT(sets), r->fit->options.profile, NULL);
}
