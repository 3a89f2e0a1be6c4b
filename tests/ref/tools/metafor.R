# SPDX-License-Identifier: GPL-3.0-or-later
# Pools every bundled dataset that has effects with metafor and prints tests/ref/metafor_bundled.csv:
#
#     Rscript tests/ref/tools/metafor.R > tests/ref/metafor_bundled.csv
#
# metafor's default control stops tau2 at an absolute 1e-5 and Q-profile limits at 1.2e-4; here both are relative to
# the spread of the effects. Needs Debian's r-cran-metafor and r-cran-jsonlite; run in the project's top folder.
suppressMessages({
  library(metafor)
  library(jsonlite)
})

METHODS <- c("EE", "DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM")
TESTS <- c("z", "knha")
# What each measure is computed from, best first.
TABLES <- list(c("ai", "bi", "ci", "di"), c("ai", "n1i", "ci", "n2i"))
MEANS <- list(c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"))
INPUTS <- list(OR = TABLES, RR = TABLES, RD = TABLES, IRR = list(c("x1i", "t1i", "x2i", "t2i")), MD = MEANS,
               SMD = MEANS, ROM = MEANS, PLO = list(c("xi", "ni")), ZCOR = list(c("ri", "ni")),
               SMCR = list(c("m1i", "m2i", "sd1i", "ni", "ri")))
RI <- 0.5 # the pre/post correlation where the data have none, also given to metapool

# Numeric columns by role, from the dataset's own schema.
columns <- function(resource) {
  data <- read.csv(file.path("datasets", resource$path), check.names = FALSE, na.strings = c("", "NA"))
  found <- list()
  for (field in resource$schema$fields)
    if (!is.null(field$role) && is.numeric(data[[field$name]]))
      found[[field$role]] <- data[[field$name]]
  found
}

# yi and vi, and the options that metapool needs beside the measure to compute the same.
effects <- function(measure, found) {
  if (all(c("yi", "vi") %in% names(found)))
    return(list(data = data.frame(yi = found$yi, vi = found$vi), options = ""))
  if (all(c("yi", "ci_lb", "ci_ub") %in% names(found))) {
    sei <- (found$ci_ub - found$ci_lb) / (2 * qnorm(0.975))
    return(list(data = data.frame(yi = found$yi, vi = sei^2), options = ""))
  }
  options <- ""
  if (measure %in% c("SMCR", "SMCC", "MC") && is.null(found$ri)) {
    found$ri <- rep(RI, length(found$m1i))
    options <- paste("--ri", RI)
  }
  if (measure == "SMD" && !is.null(found$pi)) { # d from p where there is no standard deviation
    from_p <- is.na(found$sd1i) & !is.na(found$pi)
    t <- sign(found$pi) * qt(abs(found$pi) / 2, found$n1i + found$n2i - 2, lower.tail = FALSE)
    found$m1i[from_p] <- (t * sqrt(1 / found$n1i + 1 / found$n2i))[from_p]
    found$m2i[from_p] <- 0
    found$sd1i[from_p] <- found$sd2i[from_p] <- 1
  }
  if (measure == "ROM") # metafor 3.8 does not correct the bias of the point estimate, 5.1 does
    options <- "--no-correct"
  for (roles in INPUTS[[measure]])
    if (all(roles %in% names(found))) {
      es <- do.call(escalc, c(list(measure = measure), found[roles]))
      return(list(data = data.frame(yi = as.numeric(es$yi), vi = as.numeric(es$vi)), options = options))
    }
  NULL
}

# The estimate of tau2 under tight, scale-relative control. Where scoring steps do not settle, halves them.
fit <- function(es, method, test) {
  scale <- min(1, var(es$yi))
  for (step in c(1, 0.5, 0.25)) {
    control <- list(threshold = 1e-14 * max(scale, 1e-300), maxiter = 100000, tol = 1e-15 * scale, stepadj = step,
                    tau2.max = 1e4 * max(1, var(es$yi)))
    x <- try(rma(yi, vi, data = es, method = method, test = test, control = control), silent = TRUE)
    if (!inherits(x, "try-error"))
      return(x)
    control$threshold <- 1e-12 * var(es$yi)
    x <- try(rma(yi, vi, data = es, method = method, test = test, control = control), silent = TRUE)
    if (!inherits(x, "try-error"))
      return(x)
  }
  stop("no fit: ", method)
}

row <- function(id, options, es, method, test) {
  x <- fit(es, method, test)
  random <- method != "EE"
  p <- predict(x)
  limits <- if (random)
    confint(x, control = list(tol = 1e-15 * min(1, var(es$yi)), tau2.max = 1e6 * max(1, var(es$yi))))$random
  cell <- function(v) if (is.null(v) || length(v) == 0 || is.na(v)) "" else sprintf("%.17g", v)
  cat(paste(c(id, options, method, test, x$k, cell(x$beta[1]), cell(x$se), cell(x$zval), cell(x$pval), cell(x$ci.lb),
              cell(x$ci.ub), cell(x$tau2), cell(if (random) x$se.tau2), cell(x$I2), cell(x$H2), cell(x$QE),
              cell(x$QEp), cell(if (random) limits["tau^2", "ci.lb"]), cell(if (random) limits["tau^2", "ci.ub"]),
              cell(if (random) p$pi.lb), cell(if (random) p$pi.ub)), collapse = ","), "\n", sep = "")
}

cat(sprintf("# metafor %s, R %s: rma(yi, vi, method, test) and confint() with tight control; %s\n",
            packageVersion("metafor"), getRversion(), "tests/ref/tools/metafor.R"))
cat("id,options,method,test,k,estimate,se,statistic,pval,ci_lb,ci_ub,tau2,se_tau2,i2,h2,q,q_pval,tau2_ci_lb,",
    "tau2_ci_ub,pi_lb,pi_ub\n", sep = "")
package <- fromJSON("datasets/datapackage.json", simplifyVector = FALSE)
for (resource in package$resources) {
  found <- if (!is.null(resource$measure)) effects(resource$measure, columns(resource))
  if (is.null(found))
    next
  es <- found$data[complete.cases(found$data), ]
  if (nrow(es) < 3)
    next
  for (method in METHODS)
    for (test in if (method == "EE") "z" else TESTS)
      row(resource$name, found$options, es, method, test)
}
