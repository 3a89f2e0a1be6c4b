/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means and standard deviations: from errors and intervals of means, t statistics, quantiles; combined; of changes. */
#include <math.h>
#include <string.h>

#include "effect/convert/conversion.h"
#include "effect/convert/fivenum.h"
#include "num/dist.h"

static const char handbook[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 6.5.2";

static const char *from_sem(mpl__convert *c)
{
    const double sem = c->in[0], n = c->in[1];
    if (!(sem > 0) || !(n >= 1))
        return "the standard error of the mean or the sample size is not positive";
    c->out[0] = sem * sqrt(n);
    return NULL;
}

static const char *from_mean_ci(mpl__convert *c)
{
    const double lb = c->in[0], ub = c->in[1], n = c->in[2], m = c->in[3];
    if (!(lb < ub))
        return "the limits of the mean's interval are not in ascending order";
    if (!(n >= 2))
        return "the sample size is below 2";
    const double middle = (lb + ub) / 2;
    if (!isnan(m) && fabs(middle - m) > 0.1 * (ub - lb))
        c->flags |= MPL__OFF_CENTRE;
    c->out[0] = isnan(m) ? middle : m;
    c->out[1] = sqrt(n) * (ub - lb) / (2 * mpl__t_q((1 - c->options->level) / 2, n - 1, MPL__UPPER));
    return NULL;
}

/* The pooled standard deviation behind a t statistic of the difference, for both groups. */
static const char *from_group_t(mpl__convert *c)
{
    const double diff = c->in[0] - c->in[1], n1 = c->in[2], n2 = c->in[3], p = fabs(c->in[5]);
    if (!(n1 >= 2) || !(n2 >= 2))
        return "a group has less than 2 members";
    if (isnan(c->in[4]) && !(p > 0 && p < 1))
        return "the p-value is not between 0 and 1";
    const double t = isnan(c->in[4]) ? mpl__t_q(p / 2, n1 + n2 - 2, MPL__UPPER) : fabs(c->in[4]);
    if (t == 0 || diff == 0)
        return "a difference or statistic of 0 does not tell the standard deviation";
    c->out[0] = c->out[1] = fabs(diff) / t / sqrt(1 / n1 + 1 / n2);
    return NULL;
}

const mpl__conversion mpl__conversion_sem = {
    .pub = { .method = { .id = "sem", .title = "standard error of the mean", .cite = handbook }, .target = "mean-sd",
             .inputs = "sem# n#", .outputs = "sd#" },
    .apply = from_sem,
};

const mpl__conversion mpl__conversion_mean_ci = {
    .pub = { .method = { .id = "mean-ci", .title = "t interval of the mean", .cite = handbook }, .target = "mean-sd",
             .inputs = "lb# ub# n# [m#]", .outputs = "m# sd#" },
    .apply = from_mean_ci,
};

const mpl__conversion mpl__conversion_group_t = {
    .pub = { .method = { .id = "group-t", .title = "difference of two means with its t statistic or p-value",
                         .cite = handbook },
             .target = "mean-sd", .inputs = "m1i m2i n1i n2i ti | m1i m2i n1i n2i pi", .outputs = "sd1i sd2i" },
    .apply = from_group_t,
};

/* The pooled standard deviation behind the standard error of a difference of means. */
static const char *sd_of_difference(mpl__convert *c, double se, double n1, double n2)
{
    if (!(n1 >= 2) || !(n2 >= 2))
        return "a group has less than 2 members";
    if (!(se > 0))
        return "the standard error of the difference is not positive";
    c->out[0] = c->out[1] = se / sqrt(1 / n1 + 1 / n2);
    return NULL;
}

static const char *from_group_se(mpl__convert *c)
{
    return sd_of_difference(c, c->in[4], c->in[2], c->in[3]);
}

static const char *from_group_ci(mpl__convert *c)
{
    const double n1 = c->in[2], n2 = c->in[3], lb = c->in[4], ub = c->in[5], diff = c->in[0] - c->in[1];
    if (!(lb < ub))
        return "the limits of the difference's interval are not in ascending order";
    if (fabs((lb + ub) / 2 - diff) > 0.1 * (ub - lb))
        c->flags |= MPL__OFF_CENTRE;
    const double t = n1 + n2 > 2 ? mpl__t_q((1 - c->options->level) / 2, n1 + n2 - 2, MPL__UPPER) : NAN;
    return sd_of_difference(c, (ub - lb) / (2 * t), n1, n2);
}

const mpl__conversion mpl__conversion_group_se = {
    .pub = { .method = { .id = "group-se", .title = "difference of two means with its standard error",
                         .cite = handbook },
             .target = "mean-sd", .inputs = "m1i m2i n1i n2i sei", .outputs = "sd1i sd2i" },
    .apply = from_group_se,
};

const mpl__conversion mpl__conversion_group_ci = {
    .pub = { .method = { .id = "group-ci", .title = "difference of two means with its t interval", .cite = handbook },
             .target = "mean-sd", .inputs = "m1i m2i n1i n2i ci_lb ci_ub", .outputs = "sd1i sd2i" },
    .apply = from_group_ci,
};

/* How a method's assumption is tested. */
typedef enum assumes { NOTHING, NORMAL, NORMAL_LOGS } assumes;

#define ALL "min# q1# med# q3# max# n#"
#define ANY ALL " | q1# med# q3# n# | min# med# max# n#"

static const char *five_numbers(mpl__convert *c, mpl__fivenum_method method, assumes what)
{
    const mpl__fivenum five = { .min = c->in[0], .q1 = c->in[1], .median = c->in[2], .q3 = c->in[3], .max = c->in[4],
                                .n = c->in[5] };
    const mpl_maybe lo = c->options->scale_min, hi = c->options->scale_max;
    const mpl__bounds bounds = { lo.given ? lo.value : NAN, hi.given ? hi.value : NAN };
    mpl__moments m;
    const char *why = mpl__fivenum_convert(&five, method, bounds, c->options->uncertainty, &m);
    if (why)
        return why;
    if (what != NOTHING && mpl__fivenum_skewed(&five, what == NORMAL_LOGS)) {
        if (!strcmp(c->options->skewed, "drop"))
            return "the quantiles are too skewed for the distribution that the method assumes (Shi's test)";
        c->flags |= strcmp(c->options->skewed, "ignore") ? MPL__SKEWED : 0;
    }
    c->flags |= c->options->uncertainty ? 0 : MPL__CONVERTED_SD;
    c->detail = what == NOTHING ? m.fitted.name : NULL;
    c->out[0] = m.mean;
    c->out[1] = m.sd;
    c->out[2] = m.sem;
    return NULL;
}

#define FIVE(symbol, id_, inputs_, assumes_, on_request_, title_, cite_)                                             \
    static const char *apply_##symbol(mpl__convert *c)                                                               \
    {                                                                                                                \
        return five_numbers(c, mpl__fivenum_##symbol, assumes_);                                                     \
    }                                                                                                                \
    const mpl__conversion mpl__conversion_##symbol = {                                                               \
        .pub = { .method = { .id = id_, .title = title_, .cite = cite_ }, .target = "mean-sd", .inputs = inputs_,    \
                 .outputs = "m# sd# sem#" },                                                                         \
        .apply = apply_##symbol,                                                                                     \
        .on_request = on_request_,                                                                                   \
    }

FIVE(luo_shi, "luo+shi", ALL, NORMAL, false, "five numbers of normal data: Luo's mean, Shi's standard deviation",
     "Luo et al. 2018, Stat Methods Med Res 27:1785-1805; Shi et al. 2020, Res Synth Methods 11:641-654");
FIVE(luo_wan, "luo+wan", ANY, NORMAL, false, "quantiles of normal data: Luo's mean, Wan's standard deviation",
     "Luo et al. 2018, Stat Methods Med Res 27:1785-1805; Wan et al. 2014, BMC Med Res Methodol 14:135");
FIVE(wan, "wan", ANY, NORMAL, true, "quantiles of normal data: simple mean, Wan's standard deviation",
     "Wan et al. 2014, BMC Med Res Methodol 14:135");
FIVE(hozo, "hozo", "min# [q1#] med# [q3#] max# n#", NORMAL, true, "median and range, by rules on the sample size",
     "Hozo, Djulbegovic & Hozo 2005, BMC Med Res Methodol 5:13");
FIVE(bland, "bland", ALL, NORMAL, true, "five numbers, whatever the sample size",
     "Bland 2015, Int J Stat Med Res 4:57-64");
FIVE(blue, "blue", ANY, NORMAL, true, "quantiles of normal data: best linear unbiased estimates",
     "Lloyd 1952, Biometrika 39:88-95; Balakrishnan et al. 2022, Stat Methods Med Res 31:2087-2103");
FIVE(shi_lognormal, "shi-lognormal", ANY, NORMAL_LOGS, true, "quantiles of log-normal data, corrected for bias",
     "Shi, Tong, Wang & Genton 2020, Stat Interface 13:519-531");
FIVE(qe, "qe", ANY, NOTHING, true, "quantile estimation: the nearest of normal, log-normal, gamma, Weibull, beta",
     "McGrath et al. 2020, Stat Methods Med Res 29:2520-2537");
FIVE(bc, "bc", ANY, NOTHING, true, "Box-Cox: the power that makes the quantiles symmetric",
     "McGrath et al. 2020, Stat Methods Med Res 29:2520-2537");
FIVE(mln, "mln", ANY, NOTHING, true, "maximum likelihood for non-normal data: Box-Cox by order statistics",
     "Cai, Zhou & Pan 2021, Stat Methods Med Res 30:2701-2719");

/* Two groups taken as one: nothing is lost, since sums and sums of squares add up. */
static const char *combine_means(mpl__convert *c)
{
    const double m1 = c->in[0], sd1 = c->in[1], n1 = c->in[2], m2 = c->in[3], sd2 = c->in[4], n2 = c->in[5];
    if (!(n1 >= 1) || !(n2 >= 1) || sd1 < 0 || sd2 < 0)
        return "a group is empty or has a negative standard deviation";
    const double n = n1 + n2, d = m1 - m2;
    c->out[0] = m2 + n1 / n * d;
    c->out[1] = sqrt(((n1 - 1) * sd1 * sd1 + (n2 - 1) * sd2 * sd2 + n1 / n * n2 * d * d) / (n - 1));
    c->out[2] = n;
    return NULL;
}

static const char *combine_events(mpl__convert *c)
{
    for (size_t i = 0; i < 4; i += 2)
        if (!(c->in[i] >= 0) || c->in[i] > c->in[i + 1])
            return "events are negative or more than the group";
    c->out[0] = c->in[0] + c->in[2];
    c->out[1] = c->in[1] + c->in[3];
    return NULL;
}

const mpl__conversion mpl__conversion_groups = {
    .pub = { .method = { .id = "groups", .title = "both groups as one: mean, standard deviation and size",
                         .cite = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section "
                                 "6.5.2.10" },
             .target = "one-group", .inputs = "m1i sd1i n1i m2i sd2i n2i", .outputs = "mi sdi ni" },
    .apply = combine_means,
};

const mpl__conversion mpl__conversion_events = {
    .pub = { .method = { .id = "events", .title = "both groups as one: events and size",
                         .cite = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section "
                                 "6.5.2.10" },
             .target = "one-group", .inputs = "ai n1i ci n2i", .outputs = "xi ni" },
    .apply = combine_events,
};

static const char changes[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 6.5.2.8";

static const char *change_sd(mpl__convert *c)
{
    const double m1 = c->in[0], sd1 = c->in[1], m2 = c->in[2], sd2 = c->in[3];
    const double r = isnan(c->in[4]) && c->options->ri.given ? c->options->ri.value : c->in[4];
    if (isnan(r))
        return "no correlation ri between the occasions, in the data or by --ri";
    if (!(fabs(r) <= 1))
        return "the correlation ri is not between -1 and 1";
    c->out[0] = m1 - m2;
    c->out[1] = sqrt((sd1 - sd2) * (sd1 - sd2) + 2 * (1 - r) * sd1 * sd2);
    return NULL;
}

static const char *change_ri(mpl__convert *c)
{
    const double sd1 = c->in[0], sd2 = c->in[1], sd = c->in[2];
    if (!(sd1 > 0) || !(sd2 > 0) || !(sd >= 0))
        return "a standard deviation is not positive";
    const double r = 1 + ((sd1 - sd2) * (sd1 - sd2) - sd * sd) / (2 * sd1 * sd2);
    if (!(fabs(r) <= 1))
        return "the three standard deviations are those of no correlation";
    c->out[0] = r;
    return NULL;
}

static const char *paired_ri(mpl__convert *c)
{
    const double diff = c->in[0] - c->in[1], n = c->in[4], p = fabs(c->in[6]);
    if (!(n >= 2))
        return "the number of pairs is below 2";
    if (isnan(c->in[5]) && !(p > 0 && p < 1))
        return "the p-value is not between 0 and 1";
    const double t = isnan(c->in[5]) ? mpl__t_q(p / 2, n - 1, MPL__UPPER) : fabs(c->in[5]);
    if (t == 0 || diff == 0)
        return "a difference or statistic of 0 does not tell the correlation";
    const double in[] = { c->in[2], c->in[3], fabs(diff) / t * sqrt(n) };
    mpl__convert from = *c;
    from.in = in;
    return change_ri(&from);
}

const mpl__conversion mpl__conversion_paired_ri = {
    .pub = { .method = { .id = "paired-ri", .title = "correlation of two occasions from a paired t test",
                         .cite = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section "
                                 "23.2.7.2" },
             .target = "ri", .inputs = "m1i m2i sd1i sd2i ni ti | m1i m2i sd1i sd2i ni pi", .outputs = "ri" },
    .apply = paired_ri,
};

const mpl__conversion mpl__conversion_change = {
    .pub = { .method = { .id = "change", .title = "mean and standard deviation of the change, first minus second",
                         .cite = changes },
             .target = "change", .inputs = "[m1i] sd1i [m2i] sd2i [ri]", .outputs = "[mi] sdi" },
    .apply = change_sd,
};

const mpl__conversion mpl__conversion_change_ri = {
    .pub = { .method = { .id = "change-ri", .title = "correlation of two occasions from the spread of the change",
                         .cite = changes },
             .target = "ri", .inputs = "sd1i sd2i sdi", .outputs = "ri" },
    .apply = change_ri,
};
