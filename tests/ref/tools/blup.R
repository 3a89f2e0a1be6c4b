# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript blup.R > ../blup.csv: shrunken effects and random parts of BCG log risk ratios, with and without a moderator.
suppressMessages(library(metafor))
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cat("# metafor ", as.character(packageVersion("metafor")), ", R ", as.character(getRversion()),
    ": blup, ranef(rma(yi, vi, mods, method, test, control = list(threshold = 1e-14, maxiter = 20000, tol = 1e-15))) of ",
    "dat.bcg, log risk ratios\n", sep = "")
cat("method,test,mods,study,kind,estimate,se,ci_lb,ci_ub\n")
for (mods in c("", "ablat")) for (method in c("REML", "DL", "PM", "SJ")) for (test in c("z", "knha", "t")) {
    fit <- rma(yi, vi, mods = if (mods == "") ~ 1 else ~ ablat, data = dat, method = method, test = test,
               control = list(threshold = 1e-14, maxiter = 20000, tol = 1e-15))
    for (kind in c("blup", "ranef")) {
        x <- get(kind)(fit)
        for (i in 1:13)
            cat(sprintf("%s,%s,%s,%d,%s,%.17g,%.17g,%.17g,%.17g\n", method, sub("knha", "hksj", test), mods, i, kind,
                        x$pred[i], x$se[i], x$pi.lb[i], x$pi.ub[i]))
    }
}
