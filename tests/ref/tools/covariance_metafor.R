# SPDX-License-Identifier: GPL-3.0-or-later
# Covariances of dependent effects and their aggregation by metafor; prints tests/ref/covariance.csv:
#
#     Rscript tests/ref/tools/covariance_metafor.R > tests/ref/covariance.csv
#
# Needs Debian's r-cran-metafor. Shared control groups are computed from the formulas of Gleser & Olkin 2009 as in
# metafor's analysis example, in vectors.
suppressMessages(library(metafor))

num <- function(x) paste(formatC(x, digits = 17, format = "g", width = 1), collapse = " ")
cols <- function(d) paste(sapply(names(d), function(n)
  paste0(n, "=", paste(if (is.numeric(d[[n]])) formatC(d[[n]], digits = 17, format = "g", width = 1) else d[[n]], collapse = " "))),
  collapse = "|")
out <- function(what, measure, options, data, values)
  cat(paste(what, measure, if (grepl(",", options)) dQuote(options, FALSE) else options, cols(data), num(values), sep = ","), "\n", sep = "")
lower <- function(V) { V <- as.matrix(V); V[lower.tri(V, diag = TRUE)] }
v <- function(options, data, ...) {
  call <- c(as.name("vcalc"), quote(vi), cluster = quote(study), data = quote(data), as.list(substitute(list(...)))[-1])
  V <- eval(as.call(call))
  out("v", "GEN", options, data, lower(V))
}
agg <- function(options, data, ...) {
  data$study <- factor(data$study, unique(data$study)) # in order of appearance
  e <- escalc(measure = "GEN", yi = yi, vi = vi, data = data)
  a <- eval(as.call(c(as.name("aggregate"), quote(e), cluster = quote(study), as.list(substitute(list(...)))[-1])))
  out("aggregate", "GEN", options, data, c(a$yi, a$vi))
}

cat("# metafor", as.character(packageVersion("metafor")), "on R", paste(R.version$major, R.version$minor, sep = "."),
    "by tests/ref/tools/covariance_metafor.R; v: lower triangle by columns; aggregate: all yi then all vi\n")
cat("what,measure,options,data,values\n")

d <- data.frame(study = c("A", "A", "A", "B", "B", "C"), yi = c(0.3, 0.5, -0.1, 0.2, 0.9, 0.4),
                vi = c(0.04, 0.09, 0.05, 0.02, 0.08, 0.03), out = c("x", "y", "z", "x", "y", "x"),
                kind = c("p", "p", "q", "p", "q", "p"), time = c(1, 2, 4, 1, 3.5, 2), time2 = c(1, 1, 1, 2, 2, 2),
                g1 = c("a", "b", "a", "a", "b", "a"), g2 = c("c", "c", "b", "c", "c", "b"),
                w1 = c(20, 30, 20, 15, 25, 40), w2 = c(25, 25, 30, 15, 15, 40))
v("struct=CS rho=0.6 cluster=study", transform(d, each = seq_along(yi)), obs = each, rho = 0.6)
v("struct=CAR phi=0.8 time=time cluster=study", d, time1 = time, phi = 0.8)
v("struct=VCALC rho=0.6 obs=out cluster=study", d, obs = out, rho = 0.6)
v("struct=VCALC rho-type=0.4 type=kind cluster=study", d, type = kind, rho = 0.4)
v("struct=VCALC rho=0.7 rho-type=0.4 obs=out type=kind cluster=study", d, obs = out, type = kind, rho = c(0.7, 0.4))
v("struct=VCALC rho=0.6 obs=out phi=0.9 time=time cluster=study", d, obs = out, rho = 0.6, time1 = time, phi = 0.9)
v("struct=VCALC group1=g1 group2=g2 cluster=study", d, grp1 = g1, grp2 = g2, checkpd = FALSE)
v("struct=VCALC group1=g1 group2=g2 weight1=w1 weight2=w2 cluster=study", d, grp1 = g1, grp2 = g2, w1 = w1, w2 = w2,
  checkpd = FALSE)
v("struct=VCALC rho=0.6 obs=out group1=g1 group2=g2 weight1=w1 weight2=w2 phi=0.9 time=time time2=time2 cluster=study", d,
  obs = out, rho = 0.6, grp1 = g1, grp2 = g2, w1 = w1, w2 = w2, time1 = time, time2 = time2, phi = 0.9, checkpd = FALSE)
b <- transform(d[c("study", "yi", "vi")], r1 = c(1, 0.3, 0.2, 1, -0.4, 1), r2 = c(0.3, 1, 0.6, -0.4, 1, NA),
               r3 = c(0.2, 0.6, 1, NA, NA, NA))
v("struct=RVARS rvars=r1,r2,r3 cluster=study", b, rvars = c(r1, r2, r3))
k <- cbind(transform(dat.berkey1998[c("yi", "vi")], study = rep(1:5, each = 2)), dat.berkey1998[c("v1i", "v2i")])
v("struct=VVARS vvars=v1i,v2i cluster=study", transform(k, vi = 1), rvars = c(v1i, v2i))
agg("struct=CS rho=0.5 cluster=study", d, struct = "CS", rho = 0.5)
agg("struct=CS rho=0.5 unweighted cluster=study", d, struct = "CS", rho = 0.5, weighted = FALSE)
agg("struct=ID cluster=study", d, struct = "ID")
agg("struct=ID unweighted cluster=study", d, struct = "ID", weighted = FALSE)
agg("struct=CAR phi=0.7 time=time cluster=study", d, struct = "CAR", phi = 0.7, time = time)
V <- vcalc(d$vi, cluster = d$study, obs = d$out, time1 = d$time, rho = 0.6, phi = 0.9)
agg("struct=VCALC rho=0.6 obs=out phi=0.9 time=time cluster=study", d, V = V)
k <- dat.konstantopoulos2011
names(k)[1] <- "study"
k$study <- paste0("d", k$study)
agg("struct=CS rho=0.5 cluster=study", k[c("study", "yi", "vi")], struct = "CS", rho = 0.5)

# Two arms, one control: by the formulas on raw data.
shared <- function(measure, data, cov, ...) {
  e <- eval(as.call(c(as.name("escalc"), measure = measure, data = quote(data), as.list(substitute(list(...)))[-1])))
  V <- diag(e$vi)
  for (i in seq_len(nrow(e))) for (j in seq_len(nrow(e)))
    if (i != j && data$study[i] == data$study[j]) V[i, j] <- cov(e, i, j)
  out("v", measure, "struct=ID shared-control cluster=study", data, lower(V))
}
b <- data.frame(study = c("A", "A", "B"), ai = c(4, 7, 5), n1i = c(30, 32, 20), ci = c(9, 9, 6), n2i = c(31, 31, 22))
c2 <- b$ci
n2 <- b$n2i
shared("OR", b, function(e, i, j) 1 / c2[i] + 1 / (n2 - c2)[i], ai = ai, n1i = n1i, ci = ci, n2i = n2i)
shared("RR", b, function(e, i, j) 1 / c2[i] - 1 / n2[i], ai = ai, n1i = n1i, ci = ci, n2i = n2i)
shared("RD", b, function(e, i, j) (c2 / n2 * (1 - c2 / n2) / n2)[i], ai = ai, n1i = n1i, ci = ci, n2i = n2i)
r <- data.frame(study = c("A", "A", "B"), x1i = c(4, 7, 5), t1i = c(100, 120, 80), x2i = c(9, 9, 6), t2i = c(110, 110, 90))
shared("IRR", r, function(e, i, j) 1 / r$x2i[i], x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i)
m <- data.frame(study = c("A", "A", "B"), m1i = c(12, 14, 11), sd1i = c(3, 4, 3.5), n1i = c(20, 22, 18), m2i = c(9, 9, 10),
                sd2i = c(2.5, 2.5, 3), n2i = c(21, 21, 19))
shared("MD", m, function(e, i, j) m$sd2i[i]^2 / m$n2i[i],
       m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i)
shared("SMD", m, function(e, i, j) 1 / m$n2i[i] + e$yi[i] * e$yi[j] / (2 * (20 + 22 + 21)),
       m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i)
shared("ROM", m, function(e, i, j) m$sd2i[i]^2 / (m$n2i[i] * m$m2i[i]^2),
       m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i)
