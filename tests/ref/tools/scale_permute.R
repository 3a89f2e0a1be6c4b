#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/scale_permute.csv: exact permutation tests of location-scale models of eight studies.
#     tests/ref/tools/scale_permute.R > tests/ref/scale_permute.csv
suppressMessages(library(metafor))
all <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
all$far <- as.integer(all$ablat > 40)
all$late <- as.integer(all$year > 1955)
cells <- function(x) paste(sprintf("%.17g", x), collapse = " ")
cat("# R ", R.version$major, ".", R.version$minor, " and metafor ", as.character(packageVersion("metafor")),
    ", tests/ref/tools/scale_permute.R\n", sep = "")
cat("set,mods,scale,pval,qm_pval,scale_pval,q_pval\n")
# Effects that differ much more than chance, so that the scale has a finite maximum in every order.
spread <- data.frame(yi = c(0.9, -0.2, 0.35, 1.4, -0.6, 0.1, 0.75, 0.3), vi = c(.02, .05, .03, .04, .08, .01, .06, .02) / 100,
                     far = c(0, 0, 0, 0, 1, 1, 1, 1), late = c(0, 1, 0, 1, 0, 1, 0, 1))
for (case in list(list("bcg", ~ far, ~ late), list("bcg", ~ late, ~ far), list("bcg", ~ 1, ~ late),
                  list("spread", ~ far, ~ late))) {
  f <- rma(yi, vi, mods = case[[2]], scale = case[[3]], data = if (case[[1]] == "bcg") all[1:8, ] else spread)
  p <- suppressWarnings(permutest(f, exact = TRUE, progbar = FALSE))
  # in some orders of the trials the scale has no finite maximum, where a Wald statistic is that of a stopped search
  cat(case[[1]], ',"', substring(deparse(case[[2]]), 2), '","', substring(deparse(case[[3]]), 2), '",', cells(p$pval), ",",
      if (f$int.only) "" else cells(p$QMp), ",",
      if (case[[1]] == "bcg") "," else paste0(cells(p$pval.alpha), ",", cells(p$QSp)), "\n", sep = "")
}
