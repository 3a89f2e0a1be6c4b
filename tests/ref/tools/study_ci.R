# SPDX-License-Identifier: GPL-3.0-or-later
# Intervals of single proportions and rates by base R: Rscript study_ci.R > ../study_ci.csv
# Agresti-Coull, Jeffreys and Byar have no function there: from their definitions, with R's quantiles.
cat(sprintf("# R %s, binom.test, prop.test(correct = FALSE), poisson.test, qbeta, qnorm; tests/ref/tools/study_ci.R\n",
            getRversion()))
cat("study_ci,x,n,level,lb,ub,tol\n")

agresti_coull <- function(x, n, level) {
  z <- qnorm((1 + level) / 2)
  p <- (x + z^2 / 2) / (n + z^2)
  pmin(1, pmax(0, p + c(-1, 1) * z * sqrt(p * (1 - p) / (n + z^2))))
}
jeffreys <- function(x, n, level) {
  q <- qbeta((1 + c(-1, 1) * level) / 2, x + 0.5, n - x + 0.5)
  c(if (x == 0) 0 else q[1], if (x == n) 1 else q[2])
}
byar <- function(x, t, level) {
  z <- qnorm((1 + level) / 2)
  lower <- if (x == 0) 0 else x * max(0, 1 - 1 / (9 * x) - z / (3 * sqrt(x)))^3
  c(lower, (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * sqrt(x + 1)))^3) / t
}
proportion <- list(
  "clopper-pearson" = function(x, n, level) binom.test(x, n, conf.level = level)$conf.int,
  "wilson" = function(x, n, level) suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE)$conf.int),
  "agresti-coull" = agresti_coull,
  "jeffreys" = jeffreys)
rate <- list("exact-poisson" = function(x, t, level) poisson.test(x, t, conf.level = level)$conf.int, "byar" = byar)

# prop.test and the definition of Agresti-Coull subtract nearly equal numbers where the lower limit is small.
show <- function(id, f, x, n) {
  for (level in c(0.95, 0.9, 0.999)) {
    ci <- f(x, n, level)
    tol <- if (id %in% c("wilson", "agresti-coull")) "1e-11" else "1e-12"
    cat(sprintf("%s,%.17g,%.17g,%.17g,%.17g,%.17g,%s\n", id, x, n, level, ci[1], ci[2], tol))
  }
}
for (id in names(proportion))
  for (xn in list(c(16, 500), c(6, 10000), c(51, 100000), c(0, 40), c(30, 30), c(1, 7), c(5, 10), c(9, 10), c(0, 1),
                  c(984, 1000)))
    show(id, proportion[[id]], xn[1], xn[2])
for (id in names(rate))
  for (xt in list(c(16, 50.5), c(0, 100), c(100, 75), c(1, 0.25), c(7, 1e6), c(2500, 3.5)))
    show(id, rate[[id]], xt[1], xt[2])
