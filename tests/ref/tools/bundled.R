# SPDX-License-Identifier: GPL-3.0-or-later
# Mean yi and vi of every bundled dataset that can be pooled: Rscript bundled.R DATASETS > ../bundled.csv
# Textbook sets come from metadat itself, not from our copy.
suppressMessages({library(metafor); library(metadat)})
dir <- commandArgs(trailingOnly = TRUE)[1]
read <- function(id) read.csv(file.path(dir, paste0(id, ".csv")), check.names = FALSE)
cat("# metafor", as.character(packageVersion("metafor")), "escalc(measure, ...) of metadat",
    as.character(packageVersion("metadat")), "\nid,measure,k,mean_yi,mean_vi\n")
row <- function(id, measure, d)
    cat(sprintf("%s,%s,%d,%.17g,%.17g\n", id, measure, sum(!is.na(d$yi) & !is.na(d$vi)),
                mean(d$yi[!is.na(d$vi)]), mean(d$vi, na.rm = TRUE)))
means <- function(measure, d) escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i,
                                     data = d)
d <- read("iief-change")
row("iief-change", "SMCR", escalc("SMCR", m1i = d$followup_mean, m2i = d$baseline_mean, sd1i = d$baseline_sd,
                                  sd2i = d$followup_sd, ni = d$n, ri = rep(0.5, nrow(d))))
for (id in c("icp-response", "icp-response-sem")) {
    d <- read(id)
    e <- escalc("SMD", m1i = d$treated_mean, m2i = d$control_mean, sd1i = d$treated_sd, sd2i = d$control_sd,
                n1i = d$treated_n, n2i = d$control_n)
    p <- !is.na(d$p_signed)  # t from the p-value: Viechtbauer 2010, as in escalc() of later versions
    t <- qt(d$p_signed[p] / 2, d$treated_n[p] + d$control_n[p] - 2, lower.tail = FALSE)
    m <- d$treated_n[p] + d$control_n[p] - 2
    J <- exp(lgamma(m / 2) - log(sqrt(m / 2)) - lgamma((m - 1) / 2))
    g <- J * t * sqrt(1 / d$treated_n[p] + 1 / d$control_n[p])
    e$yi[p] <- g
    e$vi[p] <- 1 / d$treated_n[p] + 1 / d$control_n[p] + g^2 / (2 * (m + 2))
    row(id, "SMD", e)
}
d <- read("icp-map-pooled")
row("icp-map-pooled", "SMD", data.frame(yi = d$estimate, vi = ((d$ci_ub - d$ci_lb) / (2 * qnorm(0.975)))^2))
row("icp-map-simulated", "SMD", means("SMD", read("icp-map-simulated")))
row("bcg", "RR", escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg))
row("magnesium", "OR", escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.egger2001))
row("stroke-stay", "MD", means("MD", dat.normand1999))
row("expectancy", "SMD", dat.raudenbush1985)
row("smoking-hackshaw1998", "OR", dat.hackshaw1998)
row("conscientiousness", "ZCOR", escalc("ZCOR", ri = ri, ni = ni, data = dat.molloy2014))
row("vasospasm", "PLO", escalc("PLO", xi = xi, ni = ni, data = dat.pritz1997))
row("catheters", "OR", escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007))
row("catheter-days", "IRR", escalc("IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = dat.nielweise2008))
row("warfarin", "IRR", escalc("IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = dat.hart1999))
row("lidocaine", "RD", escalc("RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.hine1989))
row("hiv-care", "PLO", escalc("PLO", xi = xi, ni = ni, data = dat.debruin2009))
row("asthma-education", "SMD", means("SMD", dat.gibson2002))
d <- means("ROM", dat.curtis1998)
d$yi <- d$yi + with(d, sd1i^2 / (n1i * m1i^2) - sd2i^2 / (n2i * m2i^2)) / 2  # Lajeunesse 2015, eq. 8; not in 3.8
row("co2-plants", "ROM", d)
