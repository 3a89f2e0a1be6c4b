#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/regress.csv: meta-regressions of the BCG trials (log risk ratios) by metafor.
#     tests/ref/tools/regress_metafor.R > tests/ref/regress.csv
# `mods` is our formula; R's own is given where it is written otherwise. R2 is omitted without an intercept, where
# metafor defines none. `x` is a row of the design at which metafor predicts, `at` the same in our words.
suppressMessages(library(metafor))
tight <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
show <- function(x) ifelse(is.na(x) | is.infinite(x), "NaN", sprintf("%.17g", x))
cells <- function(x) paste(show(as.vector(x)), collapse = " ")

row <- function(mods, method, test, at, x, formula = paste("~", mods), btt = NULL) {
  args <- list(yi = quote(yi), vi = quote(vi), mods = as.formula(formula, env = globalenv()), method = method, test = test, data = bcg)
  if (method %in% c("REML", "ML")) args$control <- tight
  if (method == "PM") args$control <- list(tol = 1e-15)
  if (!is.null(btt)) args$btt <- btt
  f <- suppressWarnings(do.call(rma, args))
  p <- if (f$int.only) NULL else if (f$intercept) predict(f, newmods = x[-1]) else predict(f, newmods = x)
  names <- c(z = "z", t = "t", knha = "hksj", adhoc = "hksj-adhoc")
  cat(paste(c(paste0('"', mods, '"'), method, names[[test]], cells(f$beta), cells(f$se), cells(f$pval), show(f$tau2),
              show(f$se.tau2), show(f$I2), show(f$QE), show(f$QEp), show(f$QM), show(f$QMp),
              show(if (is.null(f$R2)) NA else f$R2), show(logLik(f)), paste0('"', at, '"'),
              cells(c(p$pred, p$se, p$ci.lb, p$ci.ub, p$pi.lb, p$pi.ub))), collapse = ","), "\n", sep = "")
}

cat("# R ", paste(R.version$major, R.version$minor, sep = "."), " and metafor ",
    as.character(packageVersion("metafor")), ", tests/ref/tools/regress_metafor.R\n", sep = "")
cat("mods,method,test,beta,se,pval,tau2,se_tau2,i2,qe,qe_pval,qm,qm_pval,r2,ll,at,prediction\n")
for (method in c("REML", "ML", "DL", "EE", "PM", "HE", "SJ")) {
  row("ablat", method, "z", "ablat=30", c(1, 30))
  row("ablat + alloc", method, "knha", "alloc=random,ablat=30", c(1, 30, 1, 0))
}
for (test in c("z", "t", "knha", "adhoc")) {
  row("alloc", "REML", test, "alloc='systematic'", c(1, 0, 1))
  row("ablat*year", "REML", test, "ablat=30, year=1960;", c(1, 30, 1960, 30 * 1960))
  row("alloc * ablat", "DL", test, "alloc=alternate,ablat=20", c(1, 0, 0, 20, 0, 0))
}
row("ablat^2 + ablat", "REML", "z", "ablat=40", c(1, 1600, 40), "~ I(ablat^2) + ablat")
row("center(ablat)*center(year)", "ML", "z", "ablat=33.4615384615384617,year=1966.230769230769", c(1, 0, 0, 0),
    "~ I(ablat - mean(ablat)) * I(year - mean(year))")
row("scale(ablat) + log(year)", "REML", "knha", "ablat=33.4615384615384617,year=1950", c(1, 0, log(1950)), "~ scale(ablat) + log(year)")
row("ref(alloc, 'systematic')", "REML", "z", "alloc=random", c(1, 0, 1), "~ relevel(factor(alloc), 'systematic')")
row("ref(alloc, random):ablat + alloc", "DL", "z", "alloc=random,ablat=10", c(1, 0, 0, 0, 10, 0),
    "~ C(factor(alloc), contr.treatment(3, base = 2)) + alloc:ablat")
row("0 + alloc", "DL", "z", "alloc=random", c(0, 1, 0))
row("alloc + ablat - 1", "EE", "knha", "alloc=random,ablat=30", c(0, 1, 0, 30))

# Splines and polynomials: predictions within and beyond the data use the knots and coefficients of the fit.
library(splines)
b <- bcg$ablat
basis <- function(mods, method, test, at, s, formula)
  row(mods, method, test, paste0("ablat=", at), c(1, predict(s, at)), formula)
basis("ns(ablat, 3)", "REML", "z", 25, ns(b, 3), "~ ns(ablat, 3)")
basis("ns(ablat, df=2)", "REML", "knha", 70, ns(b, 2), "~ ns(ablat, df = 2)")
basis("ns(ablat, df=1)", "DL", "z", 5, ns(b, 1), "~ ns(ablat, df = 1)")
basis("ns(ablat, knots=c(40, 20))", "ML", "z", 3, ns(b, knots = c(20, 40)), "~ ns(ablat, knots = c(20, 40))")
basis("ns(ablat, knots=30, boundary=c(15, 50))", "DL", "t", 54, ns(b, knots = 30, Boundary.knots = c(15, 50)),
      "~ ns(ablat, knots = 30, Boundary.knots = c(15, 50))")
basis("ns(ablat, df=3, Boundary.knots=c(10, 60))", "EE", "z", 12, ns(b, df = 3, Boundary.knots = c(10, 60)),
      "~ ns(ablat, df = 3, Boundary.knots = c(10, 60))")
basis("bs(ablat, 4)", "REML", "z", 30, bs(b, 4), "~ bs(ablat, df = 4)")
basis("bs(ablat, knots=35)", "DL", "z", 60, bs(b, knots = 35), "~ bs(ablat, knots = 35)")
basis("poly(ablat, 2)", "REML", "z", 25, poly(b, 2), "~ poly(ablat, 2)")
basis("poly(ablat, degree=4)", "ML", "knha", 60, poly(b, 4), "~ poly(ablat, 4)")
basis("poly(ablat, 3, raw=TRUE)", "DL", "z", 30, poly(b, 3, raw = TRUE), "~ poly(ablat, 3, raw = TRUE)")
y <- bcg$year
row("poly(year, 3)", "DL", "z", "year=1955", c(1, predict(poly(y, 3), 1955)), "~ poly(year, 3)")
n2 <- ns(b, 2)
row("ns(ablat, 2) + alloc", "DL", "z", "ablat=25,alloc=random", c(1, predict(n2, 25), 1, 0), "~ ns(ablat, 2) + alloc")
row("ns(ablat, 2) * center(year)", "DL", "z", "ablat=25,year=1970",
    c(1, predict(n2, 25), 1970 - mean(y), predict(n2, 25) * (1970 - mean(y))), "~ ns(ablat, 2) * I(year - mean(year))")
# Restricted cubic splines by Hmisc (Harrell); its rule for the knots is quantiles with these ends.
rcs <- function(x, k) Hmisc::rcspline.eval(x, knots = k, inclx = TRUE)
k4 <- unname(quantile(b, seq(.05, .95, length = 4))); k3 <- unname(quantile(b, c(.1, .5, .9)))
row("rcs(ablat, 4)", "DL", "z", "ablat=60", c(1, rcs(c(60, b), k4)[1, ]), "~ rcs(ablat, k4)")
row("rcs(ablat, 3)", "ML", "knha", "ablat=20", c(1, rcs(c(20, b), k3)[1, ]), "~ rcs(ablat, k3)")
row("rcs(ablat, c(15, 30, 45, 50))", "DL", "z", "ablat=48", c(1, rcs(c(48, b), c(15, 30, 45, 50))[1, ]),
    "~ rcs(ablat, c(15, 30, 45, 50))")
row("log2(ablat) + sqrt(year)", "DL", "z", "ablat=20,year=1960", c(1, log2(20), sqrt(1960)),
    "~ log2(ablat) + sqrt(year)")
row("log10(ablat)", "REML", "z", "ablat=20", c(1, log10(20)), "~ log10(ablat)")
row("exp(ablat)", "DL", "z", "ablat=20", c(1, exp(20)), "~ exp(ablat)")

# Through the origin metafor takes the mean off the effects first, which changes QE and tau2; so weighted lm() here.
for (method in c("EE", "DL")) {
  w <- 1 / bcg$vi; x <- bcg$ablat; k <- nrow(bcg)
  qe <- deviance(lm(yi ~ 0 + ablat, data = bcg, weights = w))
  tr <- sum(w) - sum(w^2 * x^2) / sum(w * x^2)
  tau2 <- if (method == "EE") 0 else max(0, (qe - (k - 1)) / tr)
  ws <- 1 / (bcg$vi + tau2)
  f <- lm(yi ~ 0 + ablat, data = bcg, weights = ws)
  b <- coef(f)[[1]]; se <- sqrt(vcov(f)[1, 1]) / sigma(f); z <- qnorm(.975)
  i2 <- if (method == "EE") max(0, 100 * (qe - (k - 1)) / qe) else 100 * tau2 / (tau2 + (k - 1) / tr)
  pi <- sqrt((30 * se)^2 + tau2)
  ll <- sum(dnorm(bcg$yi, b * x, sqrt(bcg$vi + tau2), log = TRUE))
  cat(paste(c('"0 + ablat"', method, "z", show(b), show(se), show(2 * pnorm(-abs(b / se))), show(tau2), "NaN", show(i2),
              show(qe), show(pchisq(qe, k - 1, lower.tail = FALSE)), show((b / se)^2),
              show(pchisq((b / se)^2, 1, lower.tail = FALSE)), "NaN", show(ll), '"ablat=30"',
              cells(30 * b + c(0, 0, -z * 30 * se, z * 30 * se, -z * pi, z * pi) + c(0, 30 * se - 30 * b, 0, 0, 0, 0))),
            collapse = ","), "\n", sep = "")
}
