/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A registry as a report: what can be chosen, and where it comes from. */
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/input.h"
#include "report/parts.h"

/* What a registry shows of an entry, and what measures and profiles add. */
typedef struct entry {
    mpl_method method;
    const char *family, *scale, *transform, *vtypes, *routes, *set, *target, *outputs, *severity;
} entry;

static entry measure_entry(mpl__build *b, const mpl_method *method)
{
    const mpl_measure *m = mpl_measure_find(method->id);
    const char *routes = "";
    for (size_t r = 0; r < m->n_routes; r++)
        if (!mpl__route_is_reported(&m->routes[r])) /* every measure has those */
            routes = mpl__build_format(b, "%s%s%s: %s", routes, *routes ? "; " : "", m->routes[r].id,
                                       m->routes[r].inputs);
    return (entry){ .method = *method, .family = m->family, .scale = m->scale, .vtypes = m->vtypes,
                    .routes = *routes ? routes : NULL,
                    .transform = m->transform ? m->transform->method.id : NULL };
}

static entry entry_of(mpl__build *b, mpl_registry registry, const mpl_method *method)
{
    if (registry == mpl_measure_method)
        return measure_entry(b, method);
    if (registry == mpl_profile_method)
        return (entry){ .method = *method, .set = mpl_profile_find(method->id)->set };
    if (registry == mpl_conversion_method) {
        const mpl_conversion *c = mpl_conversion_find(method->id);
        return (entry){ .method = *method, .target = c->target, .routes = c->inputs, .outputs = c->outputs };
    }
    if (registry == mpl_rule_method)
        return (entry){ .method = *method, .severity = mpl_severity_text(mpl_rule_find(method->id)->severity) };
    return (entry){ .method = *method };
}

mpl_status mpl_report_new_registry(const char *key, const char *title, mpl_registry registry, const char *only,
                                   mpl_report **out, mpl_error *err)
{
    static const mpl__stat stats[] = {
        MPL__STAT("id", "Id", TEXT, entry, method.id),
        MPL__STAT("title", "What it is", TEXT, entry, method.title),
        MPL__STAT("family", "Family", TEXT, entry, family),
        MPL__STAT("aliases", "Also", TEXT, entry, method.aliases),
        MPL__STAT("scale", NULL, TEXT, entry, scale),
        MPL__STAT("transform", NULL, TEXT, entry, transform),
        MPL__STAT("vtypes", "Variances", TEXT, entry, vtypes),
        MPL__STAT("routes", "From the columns", TEXT, entry, routes),
        MPL__STAT("target", "Leads to", TEXT, entry, target),
        MPL__STAT("outputs", "Gives the columns", TEXT, entry, outputs),
        MPL__STAT("severity", "Severity", TEXT, entry, severity),
        MPL__STAT("set", "Sets", TEXT, entry, set),
        MPL__STAT("about", "About", TEXT, entry, method.about),
        MPL__STAT("cite", "Source", TEXT, entry, method.cite),
    };
    const mpl_method *method, *wanted = NULL;
    size_t n = 0;
    *out = NULL;
    if (only)
        MPL_TRY(mpl__method_get(registry, "entry", only, &wanted, err));
    while (registry(n))
        n++;
    mpl__build b;
    mpl__build_start(&b, "list", title);
    mpl__build_section(&b, NULL, NULL);
    mpl__build_text(&b, "list", NULL, key);
    mpl__table t = mpl__build_table(&b, (mpl_report_table){ .key = "entries", .row_type = key,
                                                            .shape = MPL_TABLE_ENTRIES,
                                                            .n_rows = wanted ? 1 : n }, stats,
                                    MPL__COUNT(stats), 0);
    if (registry == mpl_measure_method)
        mpl__table_label(&t, "routes", "Routes, best first");
    for (size_t i = 0; (method = registry(i)); i++) {
        if (wanted && method != wanted)
            continue;
        const entry row = entry_of(&b, registry, method);
        mpl__table_row(&t, &row);
    }
    return mpl__build_done(&b, out, err);
}
