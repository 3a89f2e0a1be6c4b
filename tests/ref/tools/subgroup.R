#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes tests/ref/subgroup.csv: subgroups by R.
#     tests/ref/tools/subgroup.R > tests/ref/subgroup.csv
# "metafor" rows: fits of metafor apart and together, anova() of contrasts, p.adjust(). "stats" rows: with equal
# variances in a group Hartung-Knapp is the t interval of a plain mean, so Welch's oneway.test() and t.test() are the
# answer for separate tau2, and the classical analysis of variance for a common one.
suppressMessages(library(metafor))
tight <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
show <- function(x) ifelse(is.na(x) | is.infinite(x), "", sprintf("%.17g", x))
cells <- function(x) paste(ifelse(is.na(x) | is.infinite(x), "NaN", sprintf("%.17g", x)), collapse = " ")

fit <- function(yi, vi, method, test, mods = NULL, tau2 = NULL) {
  args <- list(yi, vi, method = method, test = test)
  if (length(yi) == 1) args$method <- "EE"
  if (length(yi) == 1) args$test <- "z"
  if (method %in% c("REML", "ML")) args$control <- tight
  if (method == "PM") args$control <- list(tol = 1e-15)
  if (!is.null(mods)) args <- c(args, list(mods = mods, intercept = FALSE))
  if (!is.null(tau2)) args$tau2 <- tau2
  suppressWarnings(do.call(rma, args))
}

row <- function(tool, set, method, test, pooling, yi, vi, g, between, welch, tau2, est, se, diff, dse, ddf, p) {
  cat(paste(c(tool, set, method, test, pooling, cells(yi), cells(vi), paste(g, collapse = " "), show(between), show(welch),
              show(tau2), cells(est), cells(se), cells(diff), cells(dse), cells(ddf), cells(p),
              cells(p.adjust(p, "holm"))), collapse = ","), "\n", sep = "")
}

pairs <- function(levels) combn(length(levels), 2)

metafor_separate <- function(set, method, yi, vi, g) {
  levels <- unique(g)
  fits <- lapply(levels, function(l) fit(yi[g == l], vi[g == l], method, "z"))
  est <- sapply(fits, function(f) f$beta[1]); se <- sapply(fits, function(f) f$se)
  q <- rma(est, sei = se, method = "EE")$QE
  ij <- pairs(levels)
  diff <- est[ij[1, ]] - est[ij[2, ]]; dse <- sqrt(se[ij[1, ]]^2 + se[ij[2, ]]^2)
  row("metafor", set, method, "z", "separate", yi, vi, g,
      c(q, length(levels) - 1, Inf, pchisq(q, length(levels) - 1, lower.tail = FALSE)), c(NA, NA, NA), NA, est, se,
      diff, dse, rep(Inf, length(diff)), 2 * pnorm(-abs(diff / dse)))
}

metafor_common <- function(set, method, test, yi, vi, g) {
  levels <- unique(g)
  f <- factor(g, levels)
  joint <- fit(yi, vi, method, test, mods = model.matrix(~ f))
  apart <- fit(yi, vi, method, test, mods = model.matrix(~ f - 1))
  ij <- pairs(levels)
  contrast <- matrix(0, ncol(ij), length(levels))
  for (i in seq_len(ncol(ij))) contrast[i, ij[, i]] <- c(1, -1)
  a <- anova(apart, X = contrast)
  est <- sapply(levels, function(l) fit(yi[g == l], vi[g == l], "REML", test, tau2 = joint$tau2))
  df2 <- if (test == "z") Inf else joint$k - joint$p
  tau2 <- if (joint$tau2 < 1e-12) 0 else joint$tau2 # metafor halves its steps towards 0 and stops before
  row("metafor", set, method, if (test == "z") "z" else "hksj", "common", yi, vi, g, c(joint$QM, length(levels) - 1, df2,
      joint$QMp), c(NA, NA, NA), tau2, unlist(est["beta", ]), unlist(est["se", ]), a$Xb, a$se,
      rep(df2, nrow(contrast)), a$pval)
}

stats_both <- function(set, yi, v, g) {
  levels <- unique(g)
  f <- factor(g, levels)
  vi <- v[match(g, levels)]
  w <- oneway.test(yi ~ f)
  est <- as.vector(tapply(yi, f, mean)); se <- as.vector(sqrt(tapply(yi, f, var) / table(f)))
  q <- sum((est - weighted.mean(est, 1 / se^2))^2 / se^2)
  ij <- pairs(levels)
  tt <- lapply(seq_len(ncol(ij)), function(i) t.test(yi[g == levels[ij[1, i]]], yi[g == levels[ij[2, i]]]))
  row("stats", set, "REML", "hksj", "separate", yi, vi, g, c(q, length(levels) - 1, Inf,
      pchisq(q, length(levels) - 1, lower.tail = FALSE)), c(w$statistic, w$parameter[2], w$p.value), NA, est, se,
      sapply(tt, function(t) -diff(t$estimate)), sapply(tt, function(t) t$stderr),
      sapply(tt, function(t) t$parameter), sapply(tt, function(t) t$p.value))
}

stats_anova <- function(set, yi, v, g) {
  levels <- unique(g)
  f <- factor(g, levels)
  m <- lm(yi ~ f)
  a <- anova(m)
  est <- as.vector(tapply(yi, f, mean)); n <- as.vector(table(f)); df <- m$df.residual
  ij <- pairs(levels)
  diff <- est[ij[1, ]] - est[ij[2, ]]
  dse <- summary(m)$sigma * sqrt(1 / n[ij[1, ]] + 1 / n[ij[2, ]])
  row("stats", set, "REML", "hksj", "common", yi, rep(v, length(yi)), g, c(a$F[1], a$Df[1], df, a[["Pr(>F)"]][1]),
      c(NA, NA, NA), summary(m)$sigma^2 - v, est, as.vector(sqrt(tapply(yi, f, var) / n)), diff, dse,
      rep(df, length(diff)), 2 * pt(-abs(diff / dse), df))
}

bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cat("# R ", R.version$major, ".", R.version$minor, " and metafor ", as.character(packageVersion("metafor")),
    ", tests/ref/tools/subgroup.R\n", sep = "")
cat(paste0("tool,set,method,test,pooling,yi,vi,g,q,q_df,q_df2,q_pval,welch_f,welch_df2,welch_pval,tau2,estimate,se,",
           "diff,diff_se,diff_df,diff_pval,diff_holm\n"))
alloc <- as.character(bcg$alloc)
weeks <- ifelse(dat.raudenbush1985$weeks > 1, "late", "early")
for (method in c("EE", "DL", "HE", "PM", "ML", "REML")) {
  metafor_separate("bcg-alloc", method, as.vector(bcg$yi), bcg$vi, alloc)
  metafor_separate("raudenbush-weeks", method, dat.raudenbush1985$yi, dat.raudenbush1985$vi, weeks)
}
for (method in c("DL", "ML", "REML")) for (test in c("z", "knha")) {
  metafor_common("bcg-alloc", method, test, as.vector(bcg$yi), bcg$vi, alloc)
  metafor_common("raudenbush-weeks", method, test, dat.raudenbush1985$yi, dat.raudenbush1985$vi, weeks)
}
y <- c(0.1, 0.75, -0.25, 1.5, 0.5, 0.9, 1.7, 2.2, 1.1, -0.4, 0.3, 0.6)
g <- c("a", "a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c")
stats_both("equal-in-groups", y, c(0.01, 0.02, 0.015), g)
stats_both("two-groups", y[1:9], c(0.01, 0.02), g[1:9])
stats_anova("equal", y, 0.01, g)
