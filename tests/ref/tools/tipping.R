# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript tests/ref/tools/tipping.R > tests/ref/tipping.csv
# Corrected means with weights by metafor (user weights, fixed tau2), their robust variance by clubSandwich with working
# variances v and, for the standard error alone, by robumeta as R's PublicationBias calls it; step models with known
# weights from their likelihood; severities at which they tip by uniroot of these.
suppressMessages({ library(metafor); library(clubSandwich); library(robumeta) })

tight <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
sets <- list(
    bcg = list(data = escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg), measure = "RR", sign = -1),
    expectancy = list(data = dat.raudenbush1985, measure = "SMD", sign = 1))

affirmative <- function(s) s$sign * s$data$yi / sqrt(s$data$vi) > qnorm(0.975)

fixed <- function(s, eta) {
    w <- ifelse(affirmative(s), 1 / eta, 1) / s$data$vi
    f <- rma(yi, vi, weights = w, data = s$data, method = "FE")
    c(f$beta, f$se, Inf, f$beta + c(-1, 1) * qnorm(0.975) * f$se)
}

robust <- function(s, eta) {
    tau2 <- rma(yi, vi, data = s$data, control = tight)$tau2
    d <- data.frame(yi = as.numeric(s$data$yi), vi = as.numeric(s$data$vi))
    d$w <- ifelse(affirmative(s), 1 / eta, 1) / (d$vi + tau2)
    d$id <- seq_along(d$yi)
    m <- lm(yi ~ 1, weights = w, data = d)
    v <- vcovCR(m, cluster = d$id, type = "CR2", target = d$vi, inverse_var = FALSE)
    t <- coef_test(m, vcov = v, test = "Satterthwaite")
    r <- robu(yi ~ 1, data = d, studynum = id, userweights = w, var.eff.size = vi, small = TRUE)
    stopifnot(abs(r$reg_table$b.r - t$beta) < 1e-12, abs(r$reg_table$SE - t$SE) < 1e-12)
    df <- if (is.null(t$df)) t$df_Satt else t$df
    c(t$beta, t$SE, df, t$beta + c(-1, 1) * qt(0.975, df) * t$SE)
}

# The likelihood from its definition; tau2 as the square of tau.
stepfun <- function(s, eta) {
    y <- s$sign * as.numeric(s$data$yi); v <- as.numeric(s$data$vi); cut <- qnorm(0.975) * sqrt(v)
    cost <- function(x) {
        sd <- sqrt(v + x[2]^2)
        above <- pnorm(cut, x[1], sd, lower.tail = FALSE)
        -sum(dnorm(y, x[1], sd, log = TRUE) - log(above + (1 - above) / eta))
    }
    x <- c(weighted.mean(y, 1 / v), 0.3)
    for (i in 1:4) x <- optim(x, cost, control = list(reltol = 1e-16, maxit = 4000))$par
    h <- numDeriv::hessian(cost, x)
    se <- if (abs(x[2]) < 1e-4) 1 / sqrt(h[1, 1]) else sqrt(solve(h)[1, 1])
    b <- s$sign * x[1]
    c(b, se, Inf, b + c(-1, 1) * qnorm(0.975) * se)
}

tip <- function(s, f, limit) {
    at <- function(x) { r <- f(s, exp(x)); s$sign * (if (!limit) r[1] else if (s$sign > 0) r[4] else r[5]) }
    if (at(0) <= 0) return(1)
    if (at(log(900)) > 0) return(NA)
    exp(uniroot(at, c(0, log(900)), tol = 1e-11)$root)
}

cat("# metafor ", format(packageVersion("metafor")), ", clubSandwich ", format(packageVersion("clubSandwich")),
    ", robumeta ", format(packageVersion("robumeta")), ": tests/ref/tools/tipping.R\n", sep = "")
cat("data,measure,method,severity,estimate,se,df,ci_lb,ci_ub,tips_estimate,tips_limit\n")
show <- function(x) ifelse(is.finite(x), trimws(formatC(x, digits = 12, format = "g")), "")
for (name in names(sets))
    for (method in c("fixed", "robust", "stepfun")) {
        f <- get(method)
        tips <- c(tip(sets[[name]], f, FALSE), tip(sets[[name]], f, TRUE))
        for (eta in c(1, 2, 5, 20))
            cat(paste(c(name, sets[[name]]$measure, method, eta, show(c(f(sets[[name]], eta), tips))), collapse = ","), "\n",
                sep = "")
    }
