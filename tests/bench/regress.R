# SPDX-License-Identifier: GPL-3.0-or-later
# regress.R K P REPEATS: seconds per metafor regression with its Q-profile interval on the studies of regress.c;
# regress.R bcg DRAWS REPEATS: seconds per permutation test of the BCG trials' latitude.
suppressMessages(library(metafor))
args <- commandArgs(TRUE)
n <- as.numeric(args[3])
if (args[1] == "bcg") {
  d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  fit <- rma(yi, vi, mods = ~ablat, data = d)
  set.seed(1)
  seconds <- system.time(for (i in seq_len(n)) p <- permutest(fit, iter = as.numeric(args[2]), progbar = FALSE))
  cat(sprintf("%.9g %.12g\n", seconds[["elapsed"]] / n, p$pval[2]))
} else {
  k <- as.numeric(args[1])
  x <- seq_len(k)
  X <- sapply(seq_len(as.numeric(args[2]) - 1), function(j) sin(0.37 * (2 * j + 1) * x))
  vi <- 0.02 + 0.1 * (0.5 + 0.5 * sin(7 * x))
  yi <- 0.3 + 0.4 * sin(3 * x) + 0.2 * cos(11 * x) + 0.1 * X[, ncol(X)]
  seconds <- system.time(for (i in seq_len(n)) {
    fit <- rma(yi, vi, mods = X, test = "knha", control = list(threshold = 1e-12, maxiter = 10000))
    confint(fit)
  })
  cat(sprintf("%.9g %.12g\n", seconds[["elapsed"]] / n, fit$tau2))
}
