# SPDX-License-Identifier: GPL-3.0-or-later
# Copas's selection model from the formulas of Copas & Shi 2000, at points of the path, by optim() from many starts.
# Rscript copas.R > ../copas.csv
suppressMessages(library(metafor))
cat("# optim() of R ", as.character(getRversion()), ": tests/ref/tools/copas.R\n", sep = "")
cat("data,measure,point,gamma0,gamma1,ll,estimate,tau2,rho,residual_pval\n")
hazard <- function(x) exp(dnorm(x, log = TRUE) - pnorm(x, log.p = TRUE))
nll <- function(p, y, se, g0, g1) { # mean, tau, atanh(rho/0.9999), slope
  rho <- 0.9999 * tanh(p[3]); u <- g0 + g1 / se; l <- hazard(u)
  sigma2 <- se^2 / (1 - rho^2 * l * (u + l)); s2 <- sigma2 + p[2]^2; r <- rho * sqrt(sigma2 / s2)
  e <- (y - p[1] - p[4] * se) / sqrt(s2)
  -sum(dnorm(e, log = TRUE) - log(s2) / 2 - pnorm(u, log.p = TRUE) + pnorm((u + r * e) / sqrt(1 - r^2), log.p = TRUE))
}
fit <- function(y, se, g0, g1, slope) {
  best <- list(value = Inf); n <- if (slope) 4 else 3
  for (rho in c(0, 0.9, -0.9, 3, -3, 8, -8)) for (tau in c(0.02, 0.4)) {
    o <- list(par = c(mean(y), tau, rho, 0)[1:n])
    for (i in 1:6) o <- optim(o$par, function(p) nll(c(p, 0)[1:4], y, se, g0, g1), control = list(reltol = 1e-15, maxit = 4000))
    if (o$value < best$value) best <- o
  }
  best
}
path <- function(data, measure, y, se, points) {
  g1 <- 1.29 / (1 / min(se) - 1 / max(se)); g0 <- -0.25 - g1 / max(se)
  for (i in points) {
    share <- (i - 1) / 19; at <- c(2 + share * (g0 - 2), share * g1)
    a <- fit(y, se, at[1], at[2], FALSE); b <- fit(y, se, at[1], at[2], TRUE)
    cat(sprintf("%s,%s,%d,%.15g,%.15g,%.12g,%.9g,%.9g,%.9g,%.9g\n", data, measure, i, at[1], at[2], -a$value, a$par[1],
                a$par[2]^2, 0.9999 * tanh(a$par[3]), pchisq(2 * (a$value - b$value), 1, lower.tail = FALSE)))
  }
}
bcg <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
path("bcg", "OR", as.numeric(bcg$yi), sqrt(bcg$vi), c(1, 5, 9, 14, 20))
r <- dat.raudenbush1985
path("expectancy", "SMD", r$yi, sqrt(r$vi), c(2, 5, 8, 12, 20))
