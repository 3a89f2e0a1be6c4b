# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript tests/ref/tools/power.R > tests/ref/power.csv
# Shares of draws in which a test has p < 0.05, without and with selection for publication, by a simulation of its own:
# Egger's test by lm(), Begg's by cor.test(), Peters's by lm(). `draws` says how exact they are.
suppressMessages(library(metafor))
set.seed(20201)
draws <- 2500

egger <- function(d) summary(lm(yi ~ sqrt(vi), weights = 1 / vi, data = d))$coefficients[2, 4]
begg <- function(d) { m <- weighted.mean(d$yi, 1 / d$vi)
    suppressWarnings(cor.test((d$yi - m) / sqrt(d$vi - 1 / sum(1 / d$vi)), d$vi, method = "kendall", exact = TRUE)$p.value) }
peters <- function(d) { m1 <- d$x1 + d$x2; m0 <- d$n1 + d$n2 - m1
    summary(lm(yi ~ I(1 / (n1 + n2)), weights = 1 / (1 / m1 + 1 / m0), data = d))$coefficients[2, 4] }

effects <- function(s, i) { n <- length(i)
    list(yi = rnorm(n, rnorm(n, s$mu, sqrt(s$tau2)), sqrt(s$vi[i])), vi = s$vi[i]) }
counts <- function(s, i) { n <- length(i); theta <- rnorm(n, s$mu, sqrt(s$tau2))
    p2 <- (s$x2[i] + 0.5) / (s$n2[i] + 1); n1 <- s$n1[i]; n2 <- s$n2[i]
    x1 <- rbinom(n, n1, plogis(qlogis(p2) + theta)); x2 <- rbinom(n, n2, p2)
    h <- 0.5 * (x1 == 0 | x2 == 0 | x1 == n1 | x2 == n2)
    list(yi = log((x1 + h) / (n1 - x1 + h)) - log((x2 + h) / (n2 - x2 + h)),
         vi = 1 / (x1 + h) + 1 / (n1 - x1 + h) + 1 / (x2 + h) + 1 / (n2 - x2 + h), x1 = x1, x2 = x2, n1 = n1, n2 = n2) }

draw <- function(s, severity) {
    k <- length(s$vi); d <- s$draw(s, seq_len(k)); todo <- seq_len(k)
    repeat {
        found <- sign(s$mu) * d$yi[todo] / sqrt(d$vi[todo]) > qnorm(0.975)
        todo <- todo[!(found | runif(length(todo)) < 1 / severity)]
        if (!length(todo)) return(as.data.frame(d))
        again <- s$draw(s, todo)
        for (name in names(d)) d[[name]][todo] <- again[[name]]
    }
}

rau <- dat.raudenbush1985; ee <- rma(yi, vi, data = rau, method = "EE")
bcg <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg); re <- rma(yi, vi, data = bcg)
sets <- list(
    expectancy = list(draw = effects, mu = as.numeric(ee$beta), tau2 = 0, vi = rau$vi, measure = "SMD", method = "EE",
                      tests = list(egger = egger, begg = begg)),
    bcg = list(draw = counts, mu = as.numeric(re$beta), tau2 = re$tau2, vi = bcg$vi, x2 = bcg$cpos, n1 = bcg$tpos + bcg$tneg,
               n2 = bcg$cpos + bcg$cneg, measure = "OR", method = "REML", tests = list(egger = egger, peters = peters)))
cat("# R ", as.character(getRversion()), ", metafor ", format(packageVersion("metafor")),
    ": tests/ref/tools/power.R\n", sep = "")
cat("data,measure,method,severity,draws,test,type1,power\n")
for (name in names(sets)) {
    s <- sets[[name]]; severity <- 10
    found <- sapply(c(1, severity), function(sev) rowMeans(sapply(seq_len(draws), function(i) { d <- draw(s, sev)
        sapply(s$tests, function(f) f(d) < 0.05) })))
    for (t in names(s$tests))
        cat(name, ",", s$measure, ",", s$method, ",", severity, ",", draws, ",", t, ",", 100 * found[t, 1], ",",
            100 * found[t, 2], "\n", sep = "")
}
