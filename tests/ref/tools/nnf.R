# SPDX-License-Identifier: GPL-3.0-or-later
# Limits of the prediction interval of Nagashima, Noma & Furukawa (2019) by another route than src/model/nnf.c: the
# distribution of Q by Imhof's (1961) integral of its eigenvalues, the average over tau2 by
# the trapezoidal rule on ln tau2 with a spline's derivative, and R's integrate() for t and z. Good to about 1e-7.
imhof <- function(q, lambda) {
    q <- q / max(lambda); lambda <- lambda / max(lambda)
    0.5 + integrate(function(u) sapply(u, function(x) sin(sum(atan(lambda * x)) / 2 - q * x / 2) /
        (x * prod((1 + lambda^2 * x^2)^0.25))), 0, Inf, rel.tol = 1e-11, abs.tol = 1e-12, subdivisions = 5000)$value / pi
}
limits <- function(y, v, level = 0.95) {
    k <- length(y); w <- 1 / v
    p <- diag(w) - w %o% w / sum(w)
    q <- drop(y %*% p %*% y)
    confidence <- function(tau2) {
        s <- diag(sqrt(v + tau2))
        imhof(q, eigen(s %*% p %*% s, symmetric = TRUE, only.values = TRUE)$values[seq_len(k - 1)])
    }
    zero <- confidence(0)
    l <- seq(-20, 18, length.out = 571)
    h <- sapply(l, function(l) confidence(exp(l)))
    density <- splinefun(l, h)(l, deriv = 1)
    cdf <- function(x, t2) {
        w <- 1 / (v + t2); mu <- sum(w * y) / sum(w)
        se <- sqrt(sum(w * (y - mu)^2) / (k - 1) / sum(w))
        if (t2 == 0) return(pt((x - mu) / se, k - 1))
        tau <- sqrt(t2)
        if (tau < se)
            integrate(function(z) pt((x - mu - tau * z) / se, k - 1) * dnorm(z), -12, 12, rel.tol = 1e-9, abs.tol = 1e-11,
                subdivisions = 2000, stop.on.error = FALSE)$value
        else
            integrate(function(u) pnorm((x - mu - se * tan(u)) / tau) * dt(tan(u), k - 1) / cos(u)^2, -pi / 2, pi / 2,
                rel.tol = 1e-9, abs.tol = 1e-11, subdivisions = 2000, stop.on.error = FALSE)$value
    }
    keep <- abs(density) > 1e-13
    mass <- density[keep] * (l[2] - l[1])
    mass <- mass / sum(mass) * (1 - zero)
    f <- function(x) zero * cdf(x, 0) + sum(mass * sapply(exp(l[keep]), function(t2) cdf(x, t2)))
    range <- c(min(y) - 20 * sd(y), max(y) + 20 * sd(y))
    sapply(c((1 - level) / 2, (1 + level) / 2), function(a) uniroot(function(x) f(x) - a, range, tol = 1e-10)$root)
}
sets <- list(
    bcg_or = list(y = c(-0.9386941408703922, -1.6661907290265496, -1.3862943611198908, -1.4564435493129846,
        -0.21914108567543256, -0.9581220407762674, -1.633775838228896, 0.012020601452732649, -0.471746035838696,
        -1.401210139283481, -0.34084964636621073, 0.44663468227444625, -0.017341873929093587),
        v = c(0.3571249522536287, 0.208132393657186, 0.43341307814992025, 0.020314412973197363, 0.05195177731712027,
        0.00990526551533824, 0.2270096752234936, 0.004006962012148831, 0.05697712398776266, 0.0754217263149204,
        0.012525133820215518, 0.5341621724747171, 0.07163511729565875)),
    raudenbush85 = list(y = c(0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.8, 0.54, 0.18, -0.02, 0.23,
        -0.18, -0.06, 0.3, 0.07, -0.07), v = c(0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269,
        0.063, 0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303)),
    homogeneous = list(y = c(0.1, 0.2, 0.15, 0.12, 0.21), v = c(0.04, 0.05, 0.03, 0.06, 0.02)))
cat("# R", paste(R.version$major, R.version$minor, sep = "."), "stats: tests/ref/tools/nnf.R (Imhof 1961, trapezoidal rule on ln tau2)\n")
cat("set,level,yi,vi,pi_lb,pi_ub\n")
for (name in names(sets))
    for (level in c(0.8, 0.95)) {
        l <- limits(sets[[name]]$y, sets[[name]]$v, level)
        num <- function(x) paste(sprintf("%.17g", x), collapse = " ")
        cat(name, level, num(sets[[name]]$y), num(sets[[name]]$v), sprintf("%.12g", l[1]), sprintf("%.12g", l[2]), sep = ",")
        cat("\n")
    }
