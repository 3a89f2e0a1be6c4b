# SPDX-License-Identifier: GPL-3.0-or-later
# p-curve and p-uniform from their papers' formulas, by pnorm(), uniroot() and optim(); pchisq() with
# a non-centrality, which the authors use, loses its upper tail to 1e-12.
# Rscript bias_findings.R > ../bias_findings.csv
suppressMessages(library(metafor))
cat("# R ", as.character(getRversion()), ": tests/ref/tools/bias_findings.R\n", sep = "")
cat("data,measure,method,options,row,key,value\n")
out <- function(id, row, options, ...) {
  v <- list(...)
  for (key in names(v)) cat(sprintf("%s,%s,EE,%s,%s,%s,%.17g\n", id[1], id[2], options, row, key, v[[key]]))
}
root <- function(f, lo, hi) uniroot(f, c(lo, hi), tol = 1e-14, maxiter = 10000)$root
clip <- function(p) pmin(pmax(p, 2.220446049250313e-16), 1 - 2.220446049250313e-16)
pcurve <- function(id, z) {
  z <- z[z >= qnorm(0.975)]; x <- z^2; n <- length(z); cut <- qchisq(0.95, 1); low <- qchisq(0.975, 1)
  stouffer <- function(larger) sum(qnorm(clip(larger), lower.tail = FALSE)) / sqrt(length(larger))
  upper <- function(x, d) pnorm(sqrt(x) - sqrt(d), lower.tail = FALSE) + pnorm(-sqrt(x) - sqrt(d))
  ncp <- function(power) root(function(d) upper(cut, d^2) - power, 1e-12, 60)^2
  n33 <- ncp(1 / 3)
  full <- -stouffer(upper(x, 0) / 0.05); half <- -stouffer(upper(x[x > low], 0) / 0.025)
  flat <- stouffer(3 * upper(x, n33)); flat2 <- stouffer(upper(x[x > low], n33) / upper(low, n33))
  out(id, "pcurve", "", statistic = full, pval = pnorm(full))
  out(id, "pcurve-half", "", statistic = half, pval = pnorm(half))
  out(id, "pcurve-flat", "", statistic = flat, pval = pnorm(flat))
  out(id, "pcurve-flat-half", "", statistic = flat2, pval = pnorm(flat2))
  fit <- function(goal) { f <- function(w) stouffer(upper(x, ncp(w)) / w) - goal
                          if (f(0.0501) <= 0) 0.05 else if (f(0.99) >= 0) 0.99 else root(f, 0.0501, 0.99) }
  if (f99(fit(0))) out(id, "pcurve-power", "", value = fit(0))
}
f99 <- function(x) x < 0.99
irwin_hall <- function(x, n) sum((-1)^(0:floor(x)) * choose(n, 0:floor(x)) * (x - 0:floor(x))^n) / factorial(n)
puniform <- function(id, y, v, sign) {
  y <- sign * y; s <- sqrt(v); z <- qnorm(0.975); is <- y / s >= z; n <- sum(is)
  lq <- function(d) pnorm((y[is] - d) / s[is], lower.tail = FALSE, log.p = TRUE) -
    pnorm(z - d / s[is], lower.tail = FALSE, log.p = TRUE)
  fixed <- sum(y / v) / sum(1 / v)
  ih <- function(p) root(function(x) irwin_hall(x, n) - p, 1e-9, n - 1e-9)
  at <- function(goal) root(function(d) sum(exp(lq(d))) - goal, -30, 30)
  ci <- sort(sign * c(at(ih(0.025)), at(ih(0.975))))
  norm <- function(d) (sum(exp(lq(d))) - n / 2) / sqrt(n / 12)
  out(id, "puniform", "puniform=P", estimate = sign * at(n / 2), ci_lb = ci[1], ci_ub = ci[2],
      estimate_pval = pnorm(norm(0)))
  out(id, "puniform-test", "puniform=P", statistic = norm(fixed), pval = pnorm(norm(fixed), lower.tail = FALSE))
  at <- function(goal) root(function(d) -sum(lq(d)) - goal, -30, 30)
  ci <- sort(sign * c(at(qgamma(0.025, n)), at(qgamma(0.975, n))))
  out(id, "puniform", "puniform=LNP", estimate = sign * at(n), ci_lb = ci[1], ci_ub = ci[2],
      estimate_pval = pgamma(-sum(lq(0)), n, lower.tail = FALSE))
  out(id, "puniform-test", "puniform=LNP", statistic = -sum(lq(fixed)), pval = pgamma(-sum(lq(fixed)), n))
  u <- function(d) sort(exp(lq(d)))
  ks <- function(d) max(u(d) - (0:(n - 1)) / n, (1:n) / n - u(d))
  ad <- function(d) -n - mean((2 * (1:n) - 1) * (log(u(d)) + log1p(-rev(u(d)))))
  near <- function(f) { at <- seq(-5, 5, by = 0.002); at[which.min(sapply(at, f))] }
  # the place to all digits: where both distances are equal, and where the derivative is 0
  sides <- function(d) max(u(d) - (0:(n - 1)) / n) - max((1:n) / n - u(d))
  slope <- function(d) { o <- order(lq(d)); hz <- function(x) exp(dnorm(x, log = TRUE) - pnorm(x, lower.tail = FALSE, log.p = TRUE))
    g <- ((hz((y[is] - d) / s[is]) - hz(z - d / s[is])) / s[is])[o]; q <- u(d)
    -sum((2 * (1:n) - 1) * (g - rev(g * q / (1 - q)))) }
  out(id, "puniform", "puniform=KS", estimate = sign * root(sides, near(ks) - 0.004, near(ks) + 0.004))
  out(id, "puniform", "puniform=AD", estimate = sign * root(slope, near(ad) - 0.004, near(ad) + 0.004))
  nll <- function(p) { sd <- sqrt(v + p[2]^2); cut <- (z * s - p[1]) / sd
    -sum(dnorm(y, p[1], sd, log = TRUE) - ifelse(is, pnorm(cut, lower.tail = FALSE, log.p = TRUE), pnorm(cut, log.p = TRUE))) }
  best <- list(value = Inf)
  for (m in c(0, fixed, mean(y))) for (t in c(0.05, 0.5, 1)) {
    o <- list(par = c(m, t)); for (i in 1:5) o <- optim(o$par, nll, control = list(reltol = 1e-16, maxit = 5000))
    if (o$value < best$value) best <- o
  }
  at_mean <- function(d) min(sapply(c(0.3, 1, 3), function(u)
    optimize(function(t) nll(c(d, t)), c(0, u), tol = 1e-12)$objective), nll(c(d, 0)))
  goal <- best$value + qchisq(0.95, 1) / 2
  g <- function(d) at_mean(d) - goal
  lo <- root(g, best$par[1] - 5, best$par[1]); hi <- root(g, best$par[1], best$par[1] + 5)
  ci <- sort(sign * c(lo, hi))
  out(id, "puniform-star", "", ci_lb = ci[1], ci_ub = ci[2],
      estimate_pval = pchisq(2 * (at_mean(0) - best$value), 1, lower.tail = FALSE))
}
bcg <- with(dat.bcg, data.frame(ai = tpos, bi = tneg, ci = cpos, di = cneg)) * 1.0
for (m in c("RR", "OR")) {
  es <- escalc(m, ai = ai, bi = bi, ci = ci, di = di, data = bcg)
  pcurve(c("bcg", m), -es$yi / sqrt(es$vi)); puniform(c("bcg", m), as.numeric(es$yi), es$vi, -1)
}
r <- dat.raudenbush1985
pcurve(c("expectancy", "SMD"), r$yi / sqrt(r$vi)); puniform(c("expectancy", "SMD"), r$yi, r$vi, 1)
