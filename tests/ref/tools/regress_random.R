#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/regress_random.csv: random data, random formulas, every method and test, by metafor.
#     tests/ref/tools/regress_random.R [ROWS] [SEED] > tests/ref/regress_random.csv
suppressMessages({library(metafor); library(splines)})
args <- as.integer(commandArgs(TRUE))
rows <- if (length(args) > 0) args[1] else 90
set.seed(if (length(args) > 1) args[2] else 20261123)
show <- function(x) if (is.null(x)) "" else paste(ifelse(is.na(x), "NaN", sprintf("%.17g", x)), collapse = " ")

cells <- function(x) paste(sprintf("%.10g", x), collapse = " ")

# A term here and in R.
terms <- list(c("x", "x"), c("z", "z"), c("f", "f"), c("g", "g"), c("x^2", "I(x^2)"), c("poly(x, 2)", "poly(x, 2)"),
              c("poly(z, 3)", "poly(z, 3)"), c("poly(x, 2, raw=TRUE)", "poly(x, 2, raw = TRUE)"),
              c("ns(x, 3)", "ns(x, df = 3)"), c("ns(z, knots=c(3, 6))", "ns(z, knots = c(3, 6))"), c("bs(x, 4)", "bs(x, df = 4)"),
              c("center(x)", "scale(x, scale = FALSE)"), c("scale(z)", "scale(z)"), c("log(z)", "log(z)"),
              c("sqrt(z)", "sqrt(z)"), c("ref(f, 'c')", "relevel(f, 'c')"), c("factor(n)", "factor(n)"), c("n", "n"),
              c("x:z", "x:z"), c("x*z", "x*z"), c("x*f", "x*f"), c("f*g", "f*g"), c("z:g", "z:g"),
              c("x*f*g", "x*f*g"), c("center(x)*scale(z)", "scale(x, scale = FALSE)*scale(z)"),
              c("ns(x, 2)*g", "ns(x, df = 2)*g"), c("poly(x, 2):f", "poly(x, 2):f"))
methods <- c("EE", "DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM", "HSk")
tests <- list(c("z", "z"), c("t", "t"), c("hksj", "knha"), c("hksj-adhoc", "adhoc"))

cat("# R ", R.version$major, ".", R.version$minor, " and metafor ", as.character(packageVersion("metafor")),
    ", tests/ref/tools/regress_random.R\n", sep = "")
cat(paste0("mods,method,test,pi,yi,vi,x,z,n,f,g,at,k,beta,se,pval,ci_lb,tau2,se_tau2,i2,h2,r2,qe,qe_pval,qm,qm_pval,ll,aic,aicc,",
           "bic,vif,prediction,rstandard,hat\n"))
done <- 0
while (done < rows) {
  k <- sample(8:30, 1)
  d <- data.frame(x = round(runif(k, 1, 60), 1), z = round(rexp(k, 0.2) + 0.1, 2), n = sample(1:3, k, TRUE),
                  f = factor(sample(c("a", "b", "c"), k, TRUE), c("a", "b", "c")),
                  g = factor(sample(c("lo", "up"), k, TRUE), c("lo", "up")))
  d$vi <- round(rchisq(k, 3) / 3 * sample(c(0.01, 0.1, 1), 1) + 0.002, 4)
  d$yi <- round(0.5 - 0.02 * d$x * runif(1) + rnorm(k, 0, sqrt(d$vi + sample(c(0, 0.05, 0.3), 1))), 4)
  some <- terms[sample(length(terms), sample(1:3, 1))]
  less <- runif(1) < 0.2
  ours <- paste(sapply(some, `[`, 1), collapse = " + "); theirs <- paste(sapply(some, `[`, 2), collapse = " + ")
  if (less) { ours <- paste(ours, "- 1"); theirs <- paste(theirs, "- 1") }
  if (length(unique(unlist(lapply(some, function(t) all.vars(as.formula(paste("~", t[2]))))))) == 0) next
  if (any(table(d$f) == 0) || any(table(d$g) == 0) || length(unique(d$n)) < 3) next
  if (less && grepl("ref(", ours, fixed = TRUE)) next # in another order than R's
  frame <- model.frame(as.formula(paste("~", theirs)), d)
  x <- model.matrix(attr(frame, "terms"), frame)
  if (qr(scale(x, FALSE, sqrt(colSums(x^2)) + 1e-300))$rank < ncol(x) || ncol(x) > k - 3) next
  if (max(abs(lm.fit(x, rep(1, k))$residuals)) > 1e-8) d$yi <- round(d$yi - mean(d$yi), 4)
  if (max(abs(lm.fit(x, rep(1, k))$residuals)) > 1e-8) d$yi[k] <- round(-sum(d$yi[-k]), 4) # metafor centres yi for QE,
  # HE, PM ..., which is right only for models that hold a constant, or where the mean is 0
  if (kappa(scale(x, FALSE, sqrt(colSums(x^2))), exact = TRUE) > 1e4) next
  method <- sample(methods, 1); test <- tests[[sample(4, 1)]]
  if (method == "EE" && test[1] != "z") next
  control <- if (method == "PM") list(tol = 1e-15, maxiter = 1000) else if (method %in% c("ML", "REML", "EB"))
    list(threshold = 1e-14, maxiter = 20000, tol = 1e-15) else list()
  fit <- try(suppressWarnings(rma(d$yi, d$vi, mods = x, intercept = FALSE, method = method, test = test[2], control = control)),
             silent = TRUE)
  if (inherits(fit, "try-error")) next
  if (method %in% c("ML", "REML")) { # Fisher scoring may end in a lower maximum than the highest
    ll <- function(t) suppressWarnings(logLik(rma(d$yi, d$vi, mods = x, intercept = FALSE, method = method, tau2 = t)))
    grid <- c(0, exp(seq(-9, 4, 0.25)))
    if (max(sapply(grid, ll)) > logLik(fit) + 1e-9) next
  }
  new <- data.frame(x = round(runif(1, 10, 50), 1), z = round(runif(1, 1, 8), 1), n = 2,
                    f = factor("b", levels(d$f)), g = factor("up", levels(d$g)))
  xn <- model.matrix(attr(frame, "terms"), model.frame(attr(frame, "terms"), new, xlev = .getXlevels(attr(frame, "terms"), frame)))
  slopes <- x[, -1, drop = FALSE]
  inside <- if (attr(attr(frame, "terms"), "intercept") == 1 && ncol(x) > 1) # R's own design, so that "intrcpt" is known
    suppressWarnings(rma(d$yi, d$vi, mods = slopes, method = method, test = test[2], control = control)) else fit
  pr <- predict(inside, newmods = if (inside$int.incl) xn[, -1, drop = FALSE] else xn)
  pl <- if (method == "EE") c(NA, NA) else c(pr$pi.lb, pr$pi.ub)
  v <- if (ncol(x) > 1 + inside$int.incl) suppressWarnings(vif(inside)$vifs) else NULL
  uses <- function(n) n %in% all.vars(as.formula(paste("~", theirs)))
  at <- paste(c(if (uses("x")) paste0("x=", new$x), if (uses("z")) paste0("z=", new$z), if (uses("n")) "n=2",
                if (uses("f")) "f=b", if (uses("g")) "g=up"), collapse = ",")
  pi <- if (method == "EE") "none" else if (test[1] == "z") "S" else if (test[1] == "t" || fit$s2w == 1) "V" else "HK"
  standard <- ifelse(hatvalues(fit) > 1 - 1e-9, NaN, rstandard(fit)$z) # nothing is left of 0/0
  small <- fit$tau2 < 1e-12
  cat(paste(c(paste0('"', ours, '"'), method, test[1], pi, cells(d$yi), cells(d$vi), cells(d$x), cells(d$z), cells(d$n),
              paste(d$f, collapse = " "), paste(d$g, collapse = " "), paste0('"', at, '"'), k, show(inside$beta), show(inside$se),
              show(inside$pval), show(inside$ci.lb), show(if (small) 0 else fit$tau2), show(if (method == "EE" || small) NULL else fit$se.tau2),
              show(if (small && method != "EE") 0 else fit$I2), show(if (small && method != "EE") 1 else fit$H2), show(if (small) NULL else inside$R2),
              show(fit$QE), show(fit$QEp), show(inside$QM), show(inside$QMp),
              show(logLik(fit)),
              show(AIC(fit)), show(AIC(fit, correct = TRUE)), show(BIC(fit)), show(if (inside$int.incl) v else NULL),
              show(c(pr$pred, pr$se, pr$ci.lb, pr$ci.ub, pl)), show(standard), show(hatvalues(fit))), collapse = ","),
      "\n", sep = "")
  done <- done + 1
}
