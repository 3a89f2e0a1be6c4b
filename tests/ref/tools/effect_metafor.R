# SPDX-License-Identifier: GPL-3.0-or-later
# Effect sizes by R's metafor: Rscript effect_metafor.R > ../effect_metafor.csv
# Only measures and variances that metafor 3.8 and 5.1 compute alike; the others are in effect_mpmath.py. 3.8 has no
# point corrections for ROM, ROMC: the rows say no-correct.
suppressMessages(library(metafor))

roles <- c("yi", "vi", "sei", "ai", "bi", "ci", "di", "n1i", "n2i", "m1i", "m2i", "sd1i", "sd2i", "x1i", "x2i", "t1i",
           "t2i", "xi", "ni", "mi", "sdi", "ri", "r2i", "ti")
show <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

cat(sprintf("# metafor %s, R %s, escalc(measure, ..., vtype, add, to, drop00); tests/ref/tools/effect_metafor.R\n",
            packageVersion("metafor"), getRversion()))
cat(paste(c("case", "measure", "options", roles, "yi_ref", "vi_ref", "tol"), collapse = ","), "\n", sep = "")

# `...` are further arguments of escalc(); `options` is how the program is told the same.
add <- function(measure, data, options = "", ..., tol = 1e-12, name = "") {
  fit <- suppressWarnings(do.call(escalc, c(list(measure = measure), data, list(...))))
  case <- paste(c(measure, name, strsplit(options, " ")[[1]]), collapse = " ")
  case <- trimws(gsub(" +", " ", case))
  for (i in seq_len(nrow(fit))) {
    cells <- sapply(roles, function(role) if (is.null(data[[role]])) "" else show(data[[role]][i]))
    cat(paste(c(case, measure, options, cells, show(fit$yi[i]), show(fit$vi[i]), tol), collapse = ","), "\n", sep = "")
  }
}

# 2x2: BCG (Colditz 1994), then tables with zero cells, with none and with only events in both arms
bcg <- with(dat.bcg, list(ai = tpos, bi = tneg, ci = cpos, di = cneg))
zero <- list(ai = c(0, 4, 12, 0, 9, 20, 3), n1i = c(20, 25, 30, 18, 9, 20, 40),
             ci = c(5, 0, 9, 0, 7, 22, 8), n2i = c(25, 22, 28, 21, 11, 22, 40))
for (m in c("OR", "RR", "RD", "PETO", "YUQ", "YUY", "PBIT", "OR2DL", "OR2DN")) {
  add(m, bcg, name = "bcg")
  add(m, zero, name = "zero")
}
for (m in c("AS", "PHI")) add(m, bcg, name = "bcg")
add("AS", zero, name = "zero")
add("OR2D", bcg, name = "alias")
for (m in c("OR", "RR", "RD")) {
  add(m, zero, "to=all", to = "all")
  add(m, zero, "add=0.1 to=if0all", add = 0.1, to = "if0all")
  add(m, zero, "add=1", add = 1)
  add(m, zero, "drop00", drop00 = TRUE)
  add(m, zero, "drop00 to=if0all", drop00 = TRUE, to = "if0all")
  add(m, zero, "to=none", to = "none")
}
add("RD", bcg, "vtype=AV", vtype = "AV")
add("RD", bcg, "vtype=UB", vtype = "UB")
add("PHI", bcg, "vtype=ST", vtype = "ST")

# paired 2x2
pairs <- list(ai = c(38, 29, 14, 50), bi = c(19, 19, 0, 11), ci = c(15, 4, 7, 12), di = c(29, 21, 20, 0))
for (m in c("MPRD", "MPRR", "MPOR", "MPORC", "MPPETO")) add(m, pairs)

# person-time
rates <- list(x1i = c(9, 0, 41, 4, 0), t1i = c(413, 263, 1210.5, 86, 120), x2i = c(23, 3, 55, 0, 0),
              t2i = c(410, 259, 1194, 90, 118))
for (m in c("IRR", "IRD", "IRSD")) add(m, rates)
add("IRR", rates, "to=all", to = "all")
add("IRR", rates, "drop00", drop00 = TRUE)
rate <- list(xi = c(9, 0, 41, 4), ti = c(413, 263, 1210.5, 86))
for (m in c("IR", "IRLN", "IRS", "IRFT")) add(m, rate)

# two groups' means: Normand 1999, length of stay after stroke
stay <- with(dat.normand1999, list(m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i))
for (m in c("MD", "SMD", "SMD1", "VR", "RPB", "RBIS", "D2ORL", "D2ORN")) add(m, stay)
add("D2OR", stay, name = "alias")
add("MD", stay, "vtype=HO", vtype = "HO")
# its J is the difference of two lgamma: UB, which has 1 - .../J^2, is good to 1e-11 only
add("SMD", stay, "vtype=UB", vtype = "UB", tol = 1e-11)
for (v in c("LS2", "AV")) add("SMD", stay, paste0("vtype=", v), vtype = v)
add("ROM", stay, "no-correct")
add("ROM", stay, "no-correct vtype=HO", vtype = "HO")
for (v in c("ST", "CS")) add("RPB", stay, paste0("vtype=", v), vtype = v)
test <- list(ti = c(2.1, -0.4, 3.9), n1i = c(20, 15, 33), n2i = c(22, 15, 30))
add("SMD", test, name = "from t")

# correlations (McDaniel 1994 has n from 20 to 600)
cors <- with(dat.mcdaniel1994[1:12, ], list(ri = ri, ni = ni))
for (m in c("COR", "ZCOR", "UCOR")) add(m, cors, tol = if (m == "UCOR") 1e-11 else 1e-12)
add("COR", cors, "vtype=AV", vtype = "AV")
add("UCOR", cors, "vtype=UB", vtype = "UB", tol = 1e-11)
add("UCOR", cors, "vtype=AV", vtype = "AV", tol = 1e-11)

# one group
props <- list(xi = c(14, 0, 20, 3, 48), ni = c(14, 22, 41, 30, 61))
for (m in c("PR", "PLN", "PLO", "PAS", "PFT")) add(m, props)
for (m in c("PR", "PLN", "PLO")) add(m, props, "vtype=AV", vtype = "AV")
add("PR", props, "vtype=UB", vtype = "UB")
add("PLO", props, "add=0.1 to=all", add = 0.1, to = "all")
one <- with(dat.normand1999, list(mi = m1i, sdi = sd1i, ni = n1i))
for (m in c("MN", "MNLN", "SDLN", "CVLN")) add(m, one)

# change
change <- list(m1i = c(17.4, 18.0, 10.6, 18.0), sd1i = c(8.9, 8.3, 4.7, 3.37), m2i = c(7.3, 3.7, 7.2, 12.9),
               sd2i = c(4.5, 4.1, 2.1, 4.47), ni = c(12, 6, 10, 20), ri = c(0.5, 0.3, -0.1, 0.8))
for (m in c("MC", "SMCC", "SMCR", "VRC")) add(m, change)
add("ROMC", change, "no-correct")

# reliability, genotypes, and effects as they are
alpha <- with(dat.bonett2010, list(ai = ai, mi = mi, ni = ni))
for (m in c("ARAW", "AHW", "ABT")) add(m, alpha)
add("REH", list(ai = c(30, 12, 0), bi = c(50, 40, 11), ci = c(20, 31, 25)))
add("GEN", list(yi = c(0.3, -1.2), vi = c(0.04, 0.2)))
add("GEN", list(yi = c(0.3, -1.2), sei = c(0.2, 0.5)), name = "from sei")
