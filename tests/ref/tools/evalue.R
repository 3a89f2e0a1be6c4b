# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript tests/ref/tools/evalue.R > tests/ref/evalue.csv
# E-values from their definition (the RR at which RR_EU = RR_UD = E give the bounding factor E^2/(2E - 1)), by uniroot;
# shares and bias factors of Mathur & VanderWeele (2020) from the normal distribution by uniroot, their standard errors
# by numerical derivatives.
suppressMessages({ library(metafor); library(numDeriv) })
tight <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
evalue <- function(rr) { r <- max(rr, 1 / rr); if (r == 1) 1 else
    uniroot(function(e) e^2 / (2 * e - 1) - r, c(r, 4 * r), tol = 1e-14)$root }
cases <- list(
    list("bcg", "RR", "common", escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg), exp, 1),
    list("bcg", "OR", "common", escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg),
         function(y) exp(y / 2), 0.5),
    list("bcg", "OR", "rare", escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg), exp, 1),
    list("expectancy", "SMD", "common", dat.raudenbush1985, function(y) exp(0.91 * y), 0.91),
    list("two", "HR", "common", data.frame(yi = log(c(0.5, 0.6)), vi = c(0.01, 0.02)),
         function(y) (1 - 0.5^sqrt(exp(y))) / (1 - 0.5^sqrt(exp(-y))), NA))
cat("# metafor ", format(packageVersion("metafor")), ", numDeriv: tests/ref/tools/evalue.R\n", sep = "")
cat("data,measure,outcome,rr,estimate,limit,share,share_se,bias,bias_se,strength,strength_se\n")
for (one in cases) {
    f <- rma(yi, vi, data = one[[4]], test = if (one[[1]] == "two") "z" else "knha", control = tight)
    rr <- sort(one[[5]](c(f$ci.lb, f$ci.ub)))
    limit <- if (rr[1] > 1) evalue(rr[1]) else if (rr[2] < 1) evalue(rr[2]) else 1
    q <- log(1.1); r <- 0.1
    share <- function(p) pnorm((abs(p[1]) - q) / p[2])
    bias <- function(p) { s <- function(b) pnorm((abs(p[1]) - q - b) / p[2]) - r
        if (s(0) <= 0) 1 else exp(uniroot(s, c(0, 20), tol = 1e-14)$root) }
    k <- one[[6]]
    out <- if (is.na(k)) rep(NA, 6) else {
        p <- k * c(as.numeric(f$beta), sqrt(f$tau2)); v <- k^2 * c(f$se^2, (f$se.tau2 / (2 * sqrt(f$tau2)))^2)
        se <- function(g) sqrt(sum(grad(g, p)^2 * v))
        g <- function(p) evalue(bias(p))
        c(100 * share(p), 100 * se(share), bias(p), se(bias), g(p), se(g))
    }
    x <- c(one[[5]](as.numeric(f$beta)), evalue(one[[5]](as.numeric(f$beta))), limit, out)
    cat(paste(c(one[[1]], one[[2]], one[[3]], ifelse(is.finite(x), sprintf("%.12g", x), "")), collapse = ","), "\n", sep = "")
}
