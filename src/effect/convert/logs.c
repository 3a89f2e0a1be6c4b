/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means and standard deviations of a skewed outcome: of its logarithms from those of the values, and back. */
#include <math.h>

#include "effect/convert/conversion.h"
#include "num/dist.h"

static const char higgins[] = "Higgins, White & Anzures-Cabrera 2008, Stat Med 27:6072-6092";

/* Of a log-normal outcome; method 1 of Higgins et al. */
static const char *to_logs(mpl__convert *c)
{
    const double m = c->in[0], sd = c->in[1];
    if (!(m > 0))
        return "a mean that is not above 0 is no mean of values that have logarithms";
    if (!(sd >= 0))
        return "the standard deviation is negative";
    const double v = log1p(sd / m * (sd / m));
    c->out[0] = log(m) - v / 2;
    c->out[1] = sqrt(v);
    return NULL;
}

static const char *from_logs(mpl__convert *c)
{
    const double m = c->in[0], v = c->in[1] * c->in[1];
    if (!(c->in[1] >= 0))
        return "the standard deviation is negative";
    c->out[0] = exp(m + v / 2);
    c->out[1] = c->out[0] * sqrt(expm1(v));
    return isfinite(c->out[1]) ? NULL : "too large: are these means of logarithms?";
}

static const char *from_geometric(mpl__convert *c)
{
    const double m = c->in[0], lb = c->in[1], ub = c->in[2], n = c->in[3];
    if (!(m > 0) || !(lb > 0))
        return "a geometric mean and its limits are above 0";
    if (!(lb < ub) || !(n >= 2))
        return lb < ub ? "the sample size is below 2" : "the limits of the mean's interval are not in ascending order";
    const double middle = log(lb) / 2 + log(ub) / 2;
    if (fabs(middle - log(m)) > 0.1 * (log(ub) - log(lb)))
        c->flags |= MPL__OFF_CENTRE;
    c->out[0] = log(m);
    c->out[1] = sqrt(n) * (log(ub) - log(lb)) / (2 * mpl__t_q((1 - c->options->level) / 2, n - 1, MPL__UPPER));
    return NULL;
}

const mpl__conversion mpl__conversion_to_logs = {
    .pub = { .method = { .id = "to-logs", .title = "mean and standard deviation of the logarithms of log-normal values",
                         .cite = higgins },
             .target = "log-mean-sd", .inputs = "m# sd#", .outputs = "m# sd#" },
    .apply = to_logs,
    .overwrites = true,
};

const mpl__conversion mpl__conversion_from_geometric = {
    .pub = { .method = { .id = "geometric", .title = "mean and standard deviation of logarithms from a geometric mean "
                                                     "(in m#) and its t interval",
                         .cite = higgins },
             .target = "log-mean-sd", .inputs = "m# lb# ub# n#", .outputs = "m# sd#" },
    .apply = from_geometric,
    .overwrites = true,
    .on_request = true,
};

const mpl__conversion mpl__conversion_from_logs = {
    .pub = { .method = { .id = "from-logs", .title = "mean and standard deviation of log-normal values from those of "
                                                     "their logarithms",
                         .cite = higgins },
             .target = "raw-mean-sd", .inputs = "m# sd#", .outputs = "m# sd#" },
    .apply = from_logs,
    .overwrites = true,
};
