# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of small-study effects: metafor where it has the method, else lm() on the formulas of the papers.
# Rscript bias.R > ../bias.csv
suppressMessages(library(metafor))
control <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
cat("# metafor", as.character(packageVersion("metafor")), "and lm() of R", as.character(getRversion()),
    ": tests/ref/tools/bias.R\n")
cat("data,measure,method,options,row,key,value\n")
out <- function(id, row, options, ...) {
  v <- list(...)
  for (key in names(v))
    if (!is.null(v[[key]]) && length(v[[key]]) == 1 && is.finite(v[[key]]))
      cat(sprintf("%s,%s,%s,%s,%s,%s,%.17g\n", id$data, id$measure, id$method, options, row, key, v[[key]]))
}
line <- function(id, row, options, y, x, w, limit = FALSE) {
  s <- summary(lm(y ~ x, weights = w))
  b <- s$coefficients
  q <- qt(0.975, s$df[2])
  out(id, row, options, slope = b[2, 1], slope_se = b[2, 2], statistic = b[2, 3], pval = b[2, 4], df = s$df[2])
  if (limit)
    out(id, row, options, estimate = b[1, 1], se = b[1, 2], ci_lb = b[1, 1] - q * b[1, 2], ci_ub = b[1, 1] + q * b[1, 2])
}
mean_of <- function(id, row, y, v) {
  s <- summary(lm(y ~ 1, weights = 1 / v))
  out(id, row, "", estimate = s$coefficients[1, 1], se = s$coefficients[1, 2])
}
lfk <- function(y, v) {
  o <- order(y); y <- y[o]; v <- v[o]
  n <- 100 * max(v) / v
  z <- qnorm((cumsum(n) - n / 2 - 0.5) / sum(n))
  d <- y - y[which.min(abs(z))]
  5 / (2 * length(y)) * sum(z + diff(range(z)) / diff(range(d)) * d)
}
analyse <- function(data, measure, method, es, cells = NULL, groups = NULL) {
  id <- list(data = data, measure = measure, method = method)
  fit <- rma(es$yi, es$vi, method = method, test = "z", control = control)
  fit$ni <- es$ni
  y <- as.numeric(fit$yi); v <- fit$vi; n <- es$ni
  for (p in c("sei", "vi", if (!anyNA(n)) c("ni", "ninv", "sqrtni", "sqrtninv"))) {
    x <- switch(p, sei = sqrt(v), vi = v, ni = n, ninv = 1 / n, sqrtni = sqrt(n), sqrtninv = 1 / sqrt(n))
    limit <- p %in% c("sei", "vi", "ninv", "sqrtninv")
    line(id, "egger", paste0("predictor=", p), y, x, 1 / v, limit)
    r <- rma(y, v, mods = ~ x, method = method, test = "z", control = control)
    out(id, "egger-re", paste0("predictor=", p), slope = r$beta[2], slope_se = r$se[2], statistic = r$zval[2],
        pval = r$pval[2], tau2 = if (limit) r$tau2, estimate = if (limit) r$beta[1], se = if (limit) r$se[1])
  }
  r <- rma(y, v, mods = ~ sqrt(v), method = method, test = "t", control = control)
  out(id, "thompson", "", statistic = r$zval[2], pval = r$pval[2])
  k <- suppressWarnings(ranktest(fit))
  out(id, "begg", "", slope = k$tau, pval = k$pval)
  for (e in c("L0", "R0", "Q0")) for (side in c("left", "right")) {
    t <- try(trimfill(fit, estimator = e, side = side, control = control), silent = TRUE)
    if (!inherits(t, "try-error"))
      out(id, "trimfill", paste0("k0=", e, ";side=", side), value = t$k0, estimate = t$beta[1], se = t$se, tau2 = t$tau2)
  }
  line_at <- function(row, x) {
    s <- summary(lm(y ~ x, weights = 1 / v))$coefficients
    out(id, row, "", estimate = s[1, 1], se = s[1, 2], estimate_pval = s[1, 4])
  }
  line_at("pet", sqrt(v)); line_at("peese", v)
  mean_of(id, "uwls", y, v)
  powered <- sqrt(v) <= abs(coef(lm(y ~ 1, weights = 1 / v))) / 2.8
  if (sum(powered) >= 2) mean_of(id, "waap", y[powered], v[powered])
  s <- sqrt(v + fit$tau2)
  b <- coef(lm(I(y / s) ~ I(1 / s)))
  out(id, "limit", "", estimate = unname(b[2] + sqrt(fit$tau2) * b[1]),
      se = sqrt((1 + fit$tau2 * mean(1 / s^2) - 2 * sqrt(fit$tau2) * mean(1 / s)) / ((length(y) - 1) * var(1 / s))))
  at_limit <- unname(b[2]) + sqrt(fit$tau2) / s * (y - unname(b[2])); X <- cbind(1, sqrt(v))
  wls <- function(y) { V <- solve(t(X) %*% (X / v)); list(b = V %*% (t(X) %*% (y / v)), se = sqrt(V[1, 1])) }
  slope <- wls(at_limit); off <- function(y) sum((y - X %*% wls(y)$b)^2 / v)
  out(id, "limit-slope", "", estimate = slope$b[1], se = slope$se)
  out(id, "limit-mean", "", estimate = sum(at_limit / v) / sum(1 / v), se = 1 / sqrt(sum(1 / v)))
  q <- sum((y - sum(y / v) / sum(1 / v))^2 / v) - off(y); z <- at_limit / sqrt(v)
  out(id, "limit-test", "", statistic = q, pval = pchisq(q, 1, lower.tail = FALSE),
      value = if (fit$tau2 > 0) 100 * off(at_limit) / sum((z - mean(z))^2))
  h <- hc(rma(y, v, method = "DL"))
  out(id, "henmi-copas", "", estimate = h$beta[1], se = h$se[1], tau2 = h$tau2[1])
  for (a in c(0.05, 0.01)) {
    out(id, "rosenthal", paste0("alpha=", a), value = fsn(y, v, type = "Rosenthal", alpha = a)$fsnum)
    out(id, "rosenberg", paste0("alpha=", a), value = fsn(y, v, type = "Rosenberg", alpha = a)$fsnum)
  }
  out(id, "orwin", "", value = fsn(y, v, type = "Orwin")$fsnum)
  for (alt in c("two-sided", "greater", "less")) {
    z <- qnorm(1 - if (alt == "two-sided") 0.025 else 0.05); mu <- fit$beta[1]; tau <- sqrt(fit$tau2)
    power_at <- function(theta, se) (alt != "less") * pnorm(theta / se - z) + (alt != "greater") * pnorm(-theta / se - z)
    power <- sapply(sqrt(v), function(se) if (tau == 0) power_at(mu, se) else
      integrate(function(u) power_at(mu + tau * u, se) * dnorm(u), -10, 10, rel.tol = 1e-12, subdivisions = 1e4)$value)
    found <- sum((alt != "less") * (y / sqrt(v) >= z) + (alt != "greater") * (y / sqrt(v) <= -z))
    p <- 1
    for (q in power) p <- c(p * (1 - q), 0) + c(0, p * q)
    o <- paste0("alternative=", alt); e <- sum(power); k <- length(y)
    out(id, "tes", o, value = found, expected = e, pval = sum(p[seq_along(p) > found]))
    out(id, "tes-chisq", o, pval = pnorm((found - e) * sqrt(1 / e + 1 / (k - e)), lower.tail = FALSE))
    out(id, "tes-binomial", o, pval = binom.test(found, k, e / k, "greater")$p.value)
  }
  out(id, "lfk", "", value = lfk(y, v))
  if (!is.null(groups))
    line(id, "pustejovsky", "", y, sqrt(1 / groups$n1 + 1 / groups$n2), 1 / v, TRUE)
  if (!is.null(cells)) with(cells, {
    n1 <- ai + bi; n2 <- ci + di; n <- n1 + n2; m1 <- ai + ci; m0 <- bi + di
    V <- if (measure == "OR") n1 * n2 * m1 * m0 / (n^2 * (n - 1)) else n1 * n2 * m1 / (n * m0)
    Z <- if (measure == "OR") ai - m1 * n1 / n else (ai * n - m1 * n1) / m0
    line(id, "harbord", "", Z / V, 1 / sqrt(V), V)
    line(id, "peters", "", y, 1 / n, 1 / (1 / m1 + 1 / m0))
    line(id, "macaskill", "", y, n, m1 * m0 / n)
    ess <- 4 * n1 * n2 / n
    if (measure == "OR") line(id, "deeks", "", y, 1 / sqrt(ess), ess)
  })
}
bcg <- with(dat.bcg, data.frame(ai = tpos, bi = tneg, ci = cpos, di = cneg)) * 1.0 # not integers, which overflow
for (m in c("RR", "OR")) for (method in c("EE", "DL", "REML"))
  analyse("bcg", m, method, cbind(escalc(m, ai = ai, bi = bi, ci = ci, di = di, data = bcg), ni = rowSums(bcg)), bcg)
r <- dat.raudenbush1985
for (method in c("FE", "REML"))
  analyse("expectancy", "SMD", method, data.frame(yi = r$yi, vi = r$vi, ni = r$n1i + r$n2i))
n <- dat.normand1999
analyse("stroke-stay", "SMD", "REML", cbind(escalc("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i,
        n2i = n2i, data = n)[c("yi", "vi")], ni = n$n1i + n$n2i), groups = data.frame(n1 = n$n1i, n2 = n$n2i))
