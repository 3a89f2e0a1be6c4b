/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One formula per measure; all are the part of the sampling variance that comes from the control group. */
#include "effect/convert/shared_control.h"

#include <math.h>

#include "effect/measure.h"

static double non_events(const mpl__shared *s)
{
    return (isnan(s->di) ? s->n2i - s->ci : s->di) + s->add;
}

static double events(const mpl__shared *s)
{
    return s->ci + s->add;
}

static double log_or(const mpl__shared *s)
{
    return 1 / events(s) + 1 / non_events(s);
}

static double log_rr(const mpl__shared *s)
{
    return 1 / events(s) - 1 / (events(s) + non_events(s));
}

static double risk_difference(const mpl__shared *s)
{
    const double n = events(s) + non_events(s), p = events(s) / n;
    return p * (1 - p) / n;
}

static double log_rate_ratio(const mpl__shared *s)
{
    return 1 / (s->x2i + s->add);
}

static double mean_difference(const mpl__shared *s)
{
    return s->sd2i * s->sd2i / s->n2i;
}

static double log_ratio_of_means(const mpl__shared *s)
{
    return mean_difference(s) / (s->m2i * s->m2i);
}

static double standardized(const mpl__shared *s)
{
    return 1 / s->n2i + s->y1 * s->y2 / (2 * s->all);
}

#define SHARED(id_, title_, covariance_)                                                                             \
    {                                                                                                                \
        { .id = id_, .title = title_,                                                                                \
          .cite = "Gleser & Olkin 2009, in Cooper, Hedges & Valentine, Handbook of Research Synthesis, 357-376" },   \
            covariance_                                                                                              \
    }

static const mpl__shared_formula formulas[] = {
    SHARED("OR", "1/c + 1/d of the control group", log_or),
    SHARED("RR", "1/c - 1/n of the control group", log_rr),
    SHARED("RD", "p(1 - p)/n of the control group", risk_difference),
    SHARED("IRR", "1/x of the control group", log_rate_ratio),
    SHARED("MD", "sd^2/n of the control group", mean_difference),
    SHARED("ROM", "sd^2/(n m^2) of the control group", log_ratio_of_means),
    SHARED("SMD", "1/n + d1 d2/(2 N) with n of the control group and N of the study", standardized),
};

const mpl_method *mpl_shared_method(size_t i)
{
    return i < sizeof formulas / sizeof *formulas ? &formulas[i].method : NULL;
}

const mpl__shared_formula *mpl__shared_find(const char *measure)
{
    const mpl__measure *of = mpl__measure_of(mpl_measure_find(measure));
    const mpl_method *m = mpl_method_find(mpl_shared_method, of && of->like ? of->like : measure);
    return m ? (const mpl__shared_formula *)((const char *)m - offsetof(mpl__shared_formula, method)) : NULL;
}
