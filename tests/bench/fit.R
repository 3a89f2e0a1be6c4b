# SPDX-License-Identifier: GPL-3.0-or-later
# fit.R K REPEATS: seconds per metafor fit (REML, Hartung-Knapp) and Q-profile interval on the studies of fit.c
suppressMessages(library(metafor))
args <- as.numeric(commandArgs(TRUE))
x <- seq_len(args[1])
vi <- 0.02 + 0.1 * (0.5 + 0.5 * sin(7 * x))
yi <- 0.3 + 0.4 * sin(3 * x) + 0.2 * cos(11 * x)
control <- list(threshold = 1e-12, maxiter = 10000)
seconds <- system.time(for (i in seq_len(args[2])) {
  fit <- rma(yi, vi, test = "knha", control = control)
  confint(fit)
  predict(fit)
})[["elapsed"]]
cat(sprintf("%.9g %.12g\n", seconds / args[2], fit$tau2))
