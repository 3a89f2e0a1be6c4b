#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/scale_at.csv: what a location-scale model says of studies and of chosen values, by metafor.
#     tests/ref/tools/scale_at.R > tests/ref/scale_at.csv
# A row 'studies' has fitted values, rstandard, hat values, I2, shrunken effects and their errors in these columns.
# Its search for the coefficients of the scale ends within about 1e-8, so that rows are compared to 1e-6.
suppressMessages(library(metafor))
dat <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cells <- function(x) paste(sprintf("%.17g", x), collapse = " ")
tight <- list(optimizer = "Nelder-Mead", reltol = 1e-16, maxit = 50000)

cat("# R ", R.version$major, ".", R.version$minor, " and metafor ", as.character(packageVersion("metafor")),
    ", tests/ref/tools/scale_at.R\n", sep = "")
cat("mods,scale,link,method,test,what,estimate,se,ci_lb,ci_ub,pi_lb,pi_ub,tau2\n")

# Rows of the two designs that stand for `new`, averaged over the levels of alloc if it is not among its columns.
rows <- function(formula, new, weights) {
  levels <- unique(dat$alloc)
  if (!"alloc" %in% all.vars(formula) || !is.null(new$alloc)) levels <- NA
  out <- 0
  for (l in levels) {
    at <- new
    if (!is.na(l)) at$alloc <- l
    for (v in c("ablat", "year")) if (is.null(at[[v]])) at[[v]] <- mean(dat[[v]])
    if (is.null(at$alloc)) at$alloc <- "alternate"
    at <- as.data.frame(at)
    at$alloc <- factor(at$alloc, sort(unique(dat$alloc)))
    w <- if (is.na(l)) 1 else if (weights == "equal") 1 / 3 else mean(dat$alloc == l)
    out <- out + w * model.matrix(formula, at)
  }
  out
}

for (case in list(list(~ ablat, ~ ablat, "log"), list(~ ablat + alloc, ~ year, "log"), list(~ alloc, ~ ablat, "log"),
                  list(~ 1, ~ ablat + alloc, "log")))
  for (method in c("REML", "ML")) for (test in c("z", "t")) {
    f <- rma(yi, vi, mods = case[[1]], scale = case[[2]], data = dat, method = method, test = test,
             control = tight)
    head <- paste0('"', substring(deparse(case[[1]]), 2), '","', substring(deparse(case[[2]]), 2), '",',
                   case[[3]], ",", method, ",", test, ",")
    cat(head, "studies,", cells(fitted(f)$location), ",", cells(rstandard(f)$z), ",", cells(hatvalues(f)), ",", cells(f$I2),
        ",", cells(blup(f)$pred), ",", cells(blup(f)$se), ",", cells(f$tau2), "\n", sep = "")
    say <- function(what, new, weights) {
      x <- rows(case[[1]], new, weights); z <- rows(case[[2]], new, weights)
      tau2 <- exp(z %*% f$alpha)
      if (f$int.only) { # predict() would give those of the scale
        half <- (if (test == "z") qnorm(0.975) else qt(0.975, f$k - 1)) * sqrt(f$se^2 + tau2)
        p <- list(pred = f$beta, se = f$se, ci.lb = f$ci.lb, ci.ub = f$ci.ub, pi.lb = f$beta - half, pi.ub = f$beta + half)
      } else p <- predict(f, newmods = x[, -1, drop = FALSE], newscale = z[, -1, drop = FALSE])
      cat(head, what, ",", cells(p$pred), ",", cells(p$se), ",", cells(p$ci.lb), ",", cells(p$ci.ub), ",",
          cells(p$pi.lb), ",", cells(p$pi.ub), ",", cells(tau2), "\n", sep = "")
    }
    say("predict", list(ablat = 20, year = 1950, alloc = "systematic"), "equal")
    if ("alloc" %in% all.vars(case[[1]]))
      for (w in c("equal", "proportional"))
        for (l in sort(unique(dat$alloc))) say(paste0("means ", w, " ", l), list(alloc = l), w)
    if ("ablat" %in% c(all.vars(case[[1]]), all.vars(case[[2]]))) {
      say("grid", list(ablat = min(dat$ablat)), "proportional")
      say("grid by", list(ablat = max(dat$ablat), alloc = "random"), "proportional")
    }
  }
