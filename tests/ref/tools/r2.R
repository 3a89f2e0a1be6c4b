#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/r2.csv: what moderators of the BCG trials explain, from metafor's fits by each definition.
#     tests/ref/tools/r2.R > tests/ref/r2.csv
suppressMessages(library(metafor))
tight <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15, stepadj = 0.5)
d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cat("# R ", paste(R.version$major, R.version$minor, sep = "."), " and metafor ",
    as.character(packageVersion("metafor")), ", tests/ref/tools/r2.R\n", sep = "")
cat("mods,method,r2,value\n")
for (method in c("REML", "ML", "DL")) for (mods in c("ablat", "ablat + alloc", "year")) {
  args <- list(yi = d$yi, vi = d$vi, method = method, data = d)
  if (method != "DL") args$control <- tight
  a <- do.call(rma, c(args, list(mods = as.formula(paste("~", mods)))))
  b <- do.call(rma, args)
  f <- as.vector(fitted(a)); v <- 1 / mean(1 / d$vi); k <- a$k
  l1 <- as.numeric(logLik(a)); l0 <- as.numeric(logLik(b))
  top <- if (method == "ML") sum(dnorm(d$yi, d$yi, sqrt(d$vi), log = TRUE)) else 0
  out <- c("tau2" = (b$tau2 - a$tau2) / b$tau2, "1v" = (b$tau2 - a$tau2) / (b$tau2 + v),
           "component" = var(f) / (var(f) + a$tau2), "2v" = var(f) / (var(f) + a$tau2 + v),
           "fitted" = var(f) / b$tau2, "fitted-total" = var(f) / (b$tau2 + v), "correlation" = cor(d$yi, f)^2,
           "weighted-correlation" = cov.wt(cbind(d$yi, f), wt = 1 / (d$vi + a$tau2), cor = TRUE)$cor[1, 2]^2)
  if (method != "DL")
    out <- c(out, "mcfadden" = 1 - l1 / l0, "cox-snell" = 1 - exp(l0 - l1)^(2 / k),
             "nagelkerke" = (1 - exp(l0 - l1)^(2 / k)) / (1 - exp(l0)^(2 / k)), "saturated" = (l1 - l0) / (top - l0))
  for (n in names(out)) cat(sprintf("\"%s\",%s,%s,%.17g\n", mods, method, n, 100 * max(0, out[[n]])))
}
