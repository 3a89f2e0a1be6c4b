# SPDX-License-Identifier: GPL-3.0-or-later
# Pooled counts by metafor (rma.mh, rma.peto) and by base R (mantelhaen.test): its output goes through counts_mpmath.py.
# A table is a/n1:c/n2. Standard errors with method "meta" are those of R's meta 8.4-0, which is not run here.
suppressMessages(library(metafor))
data(dat.bcg)
bcg <- with(dat.bcg, data.frame(a = tpos, n1 = tpos + tneg, c = cpos, n2 = cpos + cneg))
tables <- function(...) {
  m <- matrix(c(...), ncol = 4, byrow = TRUE)
  colnames(m) <- c("a", "n1", "c", "n2")
  as.data.frame(m)
}
sets <- list(
  bcg = bcg,
  zeros = tables(0, 20, 3, 22,  2, 25, 0, 26,  5, 40, 7, 41,  4, 10, 9, 50,  12, 12, 8, 14),
  none = tables(0, 20, 0, 22,  2, 25, 0, 26,  5, 40, 7, 41,  1, 60, 4, 50,  9, 9, 8, 8),
  huge = tables(3e9, 7e9, 2.5e9, 6.5e9,  12345678901, 3e10, 23456789012, 4e10),
  one = tables(7, 30, 3, 29),
  rare = tables(1, 5000, 4, 2500,  0, 8000, 3, 4000,  2, 100000, 1, 50000))
rates <- list(
  rates = tables(9, 413.4, 13, 404.6,  11, 263.2, 22, 490.9,  3, 487.5, 4, 237.7),
  zeros = tables(0, 100.5, 2, 98,  4, 1000, 0, 800,  0, 60, 0, 55,  7, 250.25, 9, 249))
g <- function(x) if (length(x) != 1 || is.na(x)) "NA" else sprintf("%.17g", x)
row <- function(id, measure, method, counts, set, f, cmh = NA, cmh0 = NA, co = NA, co0 = NA, bd = NA, ta = NA,
                df = NA) {
  data <- paste(sprintf("%.15g/%.15g:%.15g/%.15g", set$a, set$n1, set$c, set$n2), collapse = " ")
  cat(paste(c(id, measure, method, counts, data, g(f$beta), g(f$se), g(f$QE), g(df), g(cmh), g(cmh0), g(co), g(co0),
              g(bd), g(ta)), collapse = ","), "\n", sep = "")
}
cat("# metafor", as.character(packageVersion("metafor")), "and R", paste(R.version$major, R.version$minor, sep = "."),
    "rma.mh, rma.peto, mantelhaen.test; tests/ref/tools/counts.R\n")
cat("id,measure,method,mh_counts,data,estimate,se,q,q_df,cmh,cmh_uncorrected,cochran,cochran_uncorrected,",
    "breslow_day,tarone\n", sep = "")
for (id in names(sets)) {
  s <- sets[[id]]
  x <- with(s, array(rbind(a, c, n1 - a, n2 - c), c(2, 2, nrow(s))))
  for (measure in c("OR", "RR", "RD")) for (counts in c("reported", "corrected")) {
    drop <- measure != "RD"
    run <- function(correct) suppressWarnings(rma.mh(measure = measure, ai = a, n1i = n1, ci = c, n2i = n2, data = s,
      drop00 = c(drop, drop), correct = correct, add = c(0.5, if (counts == "corrected") 0.5 else 0),
      to = c("only0", if (counts == "corrected") "only0" else "none")))
    f <- run(TRUE); f0 <- run(FALSE)
    cmh <- f$MH; cmh0 <- f0$MH
    if (counts == "reported" && nrow(s) > 1) { # base R, whatever the measure
      cmh <- mantelhaen.test(x, correct = TRUE)$statistic; cmh0 <- mantelhaen.test(x, correct = FALSE)$statistic
    }
    if (counts == "corrected" && measure != "OR") next
    row(id, measure, "MH", counts, s, f, cmh, cmh0, f$CO, f0$CO, if (f$k.pos %in% 2:99) f$BD else NA,
        if (f$k.pos %in% 2:99) f$TA else NA, f$k.yi - 1)
  }
  f <- suppressWarnings(rma.peto(ai = a, n1i = n1, ci = c, n2i = n2, data = s, drop00 = TRUE))
  row(id, "PETO", "PETO", "", s, f, df = f$k.yi - 1)
}
for (id in names(rates)) for (measure in c("IRR", "IRD")) {
  s <- rates[[id]]
  drop <- measure == "IRR"
  run <- function(correct) suppressWarnings(rma.mh(measure = measure, x1i = a, t1i = n1, x2i = c, t2i = n2, data = s,
                                                   drop00 = c(drop, drop), correct = correct))
  off <- abs(sum((s$a * s$n2 - s$c * s$n1) / (s$n1 + s$n2))) # below 1/2 their correction goes too far
  row(id, measure, "MH", "reported", s, run(TRUE), if (off >= 0.5) run(TRUE)$MH else NA, run(FALSE)$MH, df = run(TRUE)$k.yi - 1)
}
row("bcg", "RD", "meta", "reported", bcg, list(beta = -0.0032881818326129988, se = 0.0002845159218969411, QE = NA))
