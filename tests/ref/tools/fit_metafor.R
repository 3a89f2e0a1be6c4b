#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/fit_metafor.csv: published data pooled by R's metafor under tight control, the last coefficient.
#     tests/ref/tools/fit_metafor.R > tests/ref/fit_metafor.csv
suppressMessages(library(metafor))
tight <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)

bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
stroke <- escalc("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
magnesium <- escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.li2007)
sets <- list(
  bcg = list(d = bcg, mods = NULL), hackshaw = list(d = dat.hackshaw1998, mods = NULL),
  raudenbush = list(d = dat.raudenbush1985, mods = NULL), normand = list(d = stroke, mods = NULL),
  konstantopoulos = list(d = dat.konstantopoulos2011, mods = NULL), magnesium = list(d = magnesium, mods = NULL),
  # years as they are would cost metafor's normal equations six digits; fit.csv has such a design to 50 digits
  "bcg-ablat" = list(d = bcg, mods = ~ ablat), "bcg-ablat-year" = list(d = bcg, mods = ~ ablat + I(year - 1965)),
  "bcg-alloc" = list(d = bcg, mods = ~ alloc), "raudenbush-weeks" = list(d = dat.raudenbush1985, mods = ~ weeks),
  "konstantopoulos-district" = list(d = dat.konstantopoulos2011, mods = ~ factor(district)))
tests <- c(z = "z", t = "t", hksj = "knha", "hksj-adhoc" = "adhoc")

show <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
cells <- function(x) paste(sprintf("%.17g", x), collapse = " ")

# metafor solves for tau2 by Fisher scoring; where a step of 1 does not converge, half a step does
fit <- function(set, method, test) {
  for (step in c(1, 0.5, 0.25)) {
    control <- if (method == "DL") list() else c(tight, if (method %in% c("REML", "ML", "EB")) list(stepadj = step))
    if (method == "PM") control <- list(tol = 1e-15, tau2.max = 1000)
    args <- list(quote(yi), quote(vi), data = set$d, method = method, test = test, control = control)
    if (!is.null(set$mods)) args$mods <- set$mods
    got <- try(suppressWarnings(do.call(rma, args)), silent = TRUE)
    if (!inherits(got, "try-error")) return(got)
  }
  stop(method, ": ", got)
}

interval <- function(res) {
  if (res$method %in% c("EE", "FE")) return(c(NA, NA))
  ci <- suppressWarnings(confint(res, control = list(tol = 1e-15, tau2.max = 1000)))
  if (ci$ci.null) c(0, 0) else ci$random[1, 2:3]
}

row <- function(name, set, method, test) {
  res <- fit(set, method, tests[[test]])
  j <- length(res$beta)
  stats <- fitstats(res)[, if (method == "REML") "REML" else "ML"]
  scaled <- test %in% c("hksj", "hksj-adhoc")
  x <- if (j == 1) "" else cells(t(res$X))
  values <- c(res$tau2, res$se.tau2, res$beta[j], res$se[j], res$zval[j], res$pval[j], res$ci.lb[j], res$ci.ub[j],
              if (scaled && test == "hksj") res$s2w else NA, res$QE, res$QEp, res$I2, res$H2, interval(res),
              if (j > 1) c(res$QM, res$QMp) else c(NA, NA), stats[c(1, 3, 5, 4)])
  cat(paste(c(name, method, test, cells(res$yi), cells(res$vi), x, if (j == 1) 0 else j, show(values)), collapse = ","),
      "\n", sep = "")
}

cat("# R metafor ", as.character(packageVersion("metafor")),
    ", rma(yi, vi, mods, method, test, control = list(threshold = 1e-14, maxiter = 20000, tol = 1e-15))\n", sep = "")
cat(paste0("set,method,test,yi,vi,x,p,tau2,se_tau2,estimate,se,statistic,pval,ci_lb,ci_ub,s2w,q,q_pval,i2,h2,",
           "tau2_ci_lb,tau2_ci_ub,qm,qm_pval,ll,aic,aicc,bic\n"))
for (name in names(sets)) {
  for (method in c("EE", "DL", "HE", "HS", "SJ", "PM", "EB", "ML", "REML")) row(name, sets[[name]], method, "z")
  for (test in names(tests)[-1]) row(name, sets[[name]], "REML", test)
}
