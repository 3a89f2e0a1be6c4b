# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript likelihood.R > ../likelihood.csv: profile log-likelihoods of BCG log risk ratios.
suppressMessages(library(metafor))
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
control <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
cat("# metafor ", as.character(packageVersion("metafor")), ", R ", as.character(getRversion()),
    ": logLik(rma(yi, vi, mods, method, tau2 = x)), for a slope of rma(yi - x ablat, vi, method = 'ML'), for the mean of ",
    "dnorm maximised over tau2; dat.bcg, log risk ratios\n", sep = "")
cat("method,mods,parameter,x,ll\n")
put <- function(method, mods, parameter, x, ll) cat(sprintf("%s,%s,%s,%.17g,%.17g\n", method, mods, parameter, x, ll))
for (method in c("REML", "ML")) for (mods in c("", "ablat")) for (tau2 in c(0, 0.001, 0.05, 0.3, 2, 50))
    put(method, mods, "tau2", tau2, as.numeric(logLik(rma(yi, vi, mods = if (mods == "") ~ 1 else ~ ablat, data = dat,
                                                          method = method, tau2 = tau2))))
for (mu in c(-2, -1, -0.7, -0.3, 0, 3)) {
    ll <- function(tau2) sum(dnorm(dat$yi, mu, sqrt(dat$vi + tau2), log = TRUE))
    put("ML", "", "mean", mu, optimize(ll, c(0, 20), maximum = TRUE, tol = 1e-12)$objective)
}
for (slope in c(-0.1, -0.05, -0.03, 0, 0.02))
    put("ML", "ablat", "ablat", slope, as.numeric(logLik(rma(yi - slope * ablat, vi, data = dat, method = "ML",
                                                             control = control))))
