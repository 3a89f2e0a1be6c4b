#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/regress_combine.csv: contrasts, means and differences of levels from metafor's coefficients and
# covariance by explicit rows of the design; p-values adjusted by p.adjust().
#     tests/ref/tools/regress_combine.R > tests/ref/regress_combine.csv
suppressMessages(library(metafor))
tight <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
bcg$era <- ifelse(bcg$year < 1965, "early", "late")
m <- mean(bcg$ablat)
show <- function(x) paste(ifelse(is.na(x), "NaN", sprintf("%.17g", x)), collapse = " ")
names <- c(z = "z", t = "t", knha = "hksj")

row <- function(what, arg, mods, method, test, L, weights = "equal", adjust = "holm") {
  args <- list(yi = quote(yi), vi = quote(vi), mods = as.formula(paste("~", mods), env = globalenv()), method = method,
               test = test, data = bcg)
  if (method %in% c("REML", "ML")) args$control <- tight
  f <- do.call(rma, args)
  est <- as.vector(L %*% f$beta); se <- sqrt(diag(L %*% f$vb %*% t(L)))
  p <- if (test == "z") 2 * pnorm(-abs(est / se)) else 2 * pt(-abs(est / se), f$k - f$p)
  q <- p.adjust(p, adjust)
  cat(paste(c(what, paste0('"', arg, '"'), paste0('"', mods, '"'), method, names[[test]], weights, adjust, show(est),
              show(se), show(p), show(q)), collapse = ","), "\n", sep = "")
}

cat("# R ", paste(R.version$major, R.version$minor, sep = "."), " and metafor ",
    as.character(packageVersion("metafor")), ", tests/ref/tools/regress_combine.R\n", sep = "")
cat("what,arg,mods,method,test,weights,adjust,estimate,se,pval,adjusted\n")
D <- rbind(c(0, 0, -1, 0), c(0, 0, 0, -1), c(0, 0, 1, -1))
for (adjust in c("holm", "hochberg", "bonferroni", "BH", "none"))
  row("pairwise", "alloc", "ablat + alloc", "REML", "knha", D, adjust = adjust)
row("contrast", "alloc=random - alloc=systematic; intercept + 30*ablat; -1/2*alloc=random", "ablat + alloc", "ML", "z",
    rbind(c(0, 0, 1, -1), c(1, 30, 0, 0), c(0, 0, -.5, 0)))
row("contrast", "ablat", "ablat + alloc", "DL", "t", rbind(c(0, 1, 0, 0)), adjust = "BH")
row("means", "alloc", "ablat + alloc", "REML", "z", rbind(c(1, m, 0, 0), c(1, m, 1, 0), c(1, m, 0, 1)))
row("means", "alloc", "ablat + alloc", "EE", "knha", rbind(c(1, m, 0, 0), c(1, m, 1, 0), c(1, m, 0, 1)))
row("means", "alloc", "alloc + ablat + I(ablat^2)", "DL", "z",
    rbind(c(1, 0, 0, m, m^2), c(1, 1, 0, m, m^2), c(1, 0, 1, m, m^2)))
# A second factor: half and half, or as often as it occurs.
e <- mean(bcg$era == "late")
row("means", "alloc", "alloc + era", "DL", "t", rbind(c(1, 0, 0, .5), c(1, 1, 0, .5), c(1, 0, 1, .5)))
row("means", "alloc", "alloc + era", "DL", "t", rbind(c(1, 0, 0, e), c(1, 1, 0, e), c(1, 0, 1, e)), "proportional")
row("means", "alloc", "0 + alloc + era", "DL", "z", rbind(c(1, 0, 0, e), c(0, 1, 0, e), c(0, 0, 1, e)), "proportional")
# An interaction with a number: differences at its mean.
row("pairwise", "alloc", "alloc * ablat", "DL", "z",
    rbind(c(0, -1, 0, 0, -m, 0), c(0, 0, -1, 0, 0, -m), c(0, 1, -1, 0, m, -m)))
# Curves: others at their mean, factors in the proportions of the studies; the two ends.
ends <- range(bcg$ablat); a <- c(mean(bcg$alloc == "random"), mean(bcg$alloc == "systematic"))
row("grid", "ablat", "ablat + alloc", "REML", "knha", rbind(c(1, ends[1], a), c(1, ends[2], a)))
row("grid", "ablat", "alloc * ablat", "DL", "z", rbind(c(1, a, ends[1], a * ends[1]), c(1, a, ends[2], a * ends[2])))
row("grid", "ablat", "ablat + year", "DL", "t", rbind(c(1, ends[1], mean(bcg$year)), c(1, ends[2], mean(bcg$year))))
# Terms together: estimate, se and pval are statistic, its first degrees of freedom and p-value.
together <- function(arg, mods, method, test, btt) {
  args <- list(yi = quote(yi), vi = quote(vi), mods = as.formula(paste("~", mods), env = globalenv()), method = method,
               test = test, data = bcg)
  if (method %in% c("REML", "ML")) args$control <- tight
  t <- anova(do.call(rma, args), btt = btt)
  cat(paste(c("terms", paste0('"', arg, '"'), paste0('"', mods, '"'), method, names[[test]], "equal", "holm", show(t$QM),
              show(t$m), show(t$QMp), ""), collapse = ","), "\n", sep = "")
}
together("alloc + ablat", "ablat + alloc + year", "REML", "knha", 2:4)
together("year + alloc=random", "ablat + alloc + year", "ML", "z", c(3, 5))
together("ablat:alloc + ablat; ", "ablat * alloc", "DL", "t", c(2, 5, 6))
