# SPDX-License-Identifier: GPL-3.0-or-later
# Which variance of SMDH, SMD1H and SMCRH: metafor 3.8 multiplies Bonett's by the square of the correction J, 5.1 does
# not. Rscript smd_heteroscedastic.R compares both with the variance of g in a million simulated studies.
#
# Bonett (2008, Psychol Methods 13:99-109; 2009, 14:225-238) gives the variance of the uncorrected d. For g = J d the
# factor J^2 belongs to it, and with it the mean of the estimates is nearer to the variance of g (R 4.2.2, seed 1):
#   groups of 10, SD 1 and 1: without J^2 +10% (SMDH), +20% (SMD1H); with it +1% and +1%
#   groups of 20 and 22, SD 3 and 2.5: without +4%, +9%; with it 0% and +1%
#   groups of 8 and 16, SD 2 and 1: without 0%, +22%; with it -7% and +10%
#   groups of 40: without +2%, +4%; with it 0%
# So the form of 5.1 is too large in small groups, and never too small here. It is the one computed (vtype LS, as
# in the conformance cases); --no-correct gives d with the variance that Bonett gave for it.
set.seed(1)
R <- 1e6
J <- function(m) exp(lgamma(m / 2) - log(sqrt(m / 2)) - lgamma((m - 1) / 2))
bias <- function(v, g) sprintf("%+.1f%%", 100 * (mean(v) / var(g) - 1))
for (x in list(c(10, 10, 1, 1, 0.5), c(20, 22, 3, 2.5, 2), c(8, 16, 2, 1, 1.5), c(40, 40, 1, 1.5, 0.5))) {
  n1 <- x[1]; n2 <- x[2]
  m1 <- rnorm(R, x[5], x[3] / sqrt(n1)); m2 <- rnorm(R, 0, x[4] / sqrt(n2))
  v1 <- x[3]^2 * rchisq(R, n1 - 1) / (n1 - 1); v2 <- x[4]^2 * rchisq(R, n2 - 1) / (n2 - 1)
  s2 <- (v1 + v2) / 2
  j <- J(n1 + n2 - 2)
  g <- j * (m1 - m2) / sqrt(s2)
  v <- g^2 * (v1^2 / (n1 - 1) + v2^2 / (n2 - 1)) / (8 * s2^2) + (v1 / (n1 - 1) + v2 / (n2 - 1)) / s2
  j1 <- J(n2 - 1)
  g1 <- j1 * (m1 - m2) / sqrt(v2)
  w <- v1 / v2 / (n1 - 1) + (1 + g1^2 / 2) / (n2 - 1)
  cat(sprintf("n %g, %g; SD %g, %g: SMDH %s, with J^2 %s; SMD1H %s, with J^2 %s\n", n1, n2, x[3], x[4], bias(v, g),
              bias(j^2 * v, g), bias(w, g1), bias(j1^2 * w, g1)))
}
