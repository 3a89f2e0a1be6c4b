# SPDX-License-Identifier: GPL-3.0-or-later
# Selection models from their definition: integrals by integrate() to 1e-12, maxima by optim() from several starts.
# Rscript selection.R > ../selection.csv
suppressMessages(library(metafor))
cat("# integrate() and optim() of R ", as.character(getRversion()), ": tests/ref/tools/selection.R\n", sep = "")
cat("data,measure,selection,alternative,steps,ll,estimate,tau2,delta1,delta2\n")
weights <- list(
  stepfun = function(p, d, s) c(1, d)[findInterval(p, s, left.open = TRUE) + 1],
  beta = function(p, d, s) { p <- pmin(pmax(p, 1e-5), 1 - 1e-5); p^(d[1] - 1) * (1 - p)^(d[2] - 1) },
  halfnorm = function(p, d, s) if (length(s)) ifelse(p <= s, 1, exp(-d * (p^2 - s^2))) else exp(-d * p^2),
  logistic = function(p, d, s) 2 / (exp(d * p) + 1),
  power = function(p, d, s) (1 - p)^d)
loglik <- function(par, y, v, type, s, two) {
  mu <- par[1]; t2 <- par[2]^2; d <- par[-(1:2)]^2; w <- weights[[type]]
  pval <- function(z) if (two) 2 * pnorm(-abs(z)) else pnorm(-z)
  sum(mapply(function(y, v) {
    sd <- sqrt(v + t2); se <- sqrt(v)
    cuts <- qnorm(c(s, 1e-5) / (1 + two), lower.tail = FALSE) * se
    at <- sort(unique(pmin(pmax(c(-cuts, cuts, 0, mu + c(-10, -4, 0, 4, 10) * sd), mu - 10 * sd), mu + 10 * sd)))
    f <- function(u) w(pval(u / se), d, s) * dnorm(u, mu, sd)
    a <- sum(mapply(function(lo, hi) integrate(f, lo, hi, rel.tol = 1e-12, subdivisions = 2000)$value,
                    head(at, -1), tail(at, -1)))
    log(w(pval(y / se), d, s)) + dnorm(y, mu, sd, log = TRUE) - log(a)
  }, y, v))
}
fit <- function(data, measure, es, type, alternative, s = NULL, n) {
  sign <- if (alternative == "less") -1 else 1
  y <- sign * as.numeric(es$yi); v <- es$vi
  best <- NULL
  for (d in c(0.9, 0.4)) for (t in c(0.5, 0.15)) {
    o <- list(par = c(weighted.mean(y, 1 / v), t, rep(sqrt(d), n)))
    for (i in 1:4)
      o <- optim(o$par, function(x) { l <- try(loglik(x, y, v, type, s, alternative == "two-sided"), silent = TRUE)
                                      if (is.numeric(l) && is.finite(l)) -l else 1e10 },
                 control = list(reltol = 1e-15, maxit = 3000))
    if (is.null(best) || o$value < best$value) best <- o
  }
  p <- best$par
  cat(sprintf("%s,%s,%s,%s,%s,%.12g,%.9g,%.9g,%.9g,%s\n", data, measure, type, alternative, paste(s, collapse = ";"),
              -best$value, sign * p[1], p[2]^2, p[3]^2, if (n > 1) sprintf("%.9g", p[4]^2) else ""))
}
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
teach <- dat.raudenbush1985
fit("bcg", "RR", bcg, "stepfun", "less", 0.025, 1)
fit("bcg", "RR", bcg, "stepfun", "two-sided", 0.05, 1)
fit("bcg", "RR", bcg, "stepfun", "less", c(0.025, 0.5), 2)
fit("bcg", "RR", bcg, "beta", "less", NULL, 2)
fit("bcg", "RR", bcg, "halfnorm", "less", NULL, 1)
fit("bcg", "RR", bcg, "halfnorm", "less", 0.05, 1)
fit("bcg", "RR", bcg, "power", "less", NULL, 1)
fit("expectancy", "SMD", teach, "stepfun", "greater", 0.025, 1)
