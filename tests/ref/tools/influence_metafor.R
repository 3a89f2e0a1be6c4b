# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript influence_metafor.R > ../influence.csv: diagnostics of BCG log risk ratios, with and without a moderator.
suppressMessages(library(metafor))
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cat("# metafor ", as.character(packageVersion("metafor")), ", R ", as.character(getRversion()),
    ": influence(rma(yi, vi, mods, method, test, control = list(threshold = 1e-14, maxiter = 20000, tol = 1e-15))) of ",
    "dat.bcg, log risk ratios\n", sep = "")
cat("method,test,mods,study,diagnostic,value\n")
put <- function(method, test, mods, i, name, x)
    cat(sprintf("%s,%s,%s,%d,%s,%.17g\n", method, test, mods, i, name, x), sep = "")
for (mods in c("", "ablat")) for (method in c("REML", "ML", "DL", "PM", "HE", "SJ", "EE"))
    for (test in c("z", "knha", "adhoc")) {
        if (test != "z" && method %in% c("ML", "HE", "EE")) next
        control <- list(threshold = 1e-14, maxiter = 20000, tol = 1e-15)
        fit <- rma(yi, vi, mods = if (mods == "") ~ 1 else ~ ablat, data = dat, method = method, test = test,
                   control = control)
        inf <- influence(fit)
        ours <- c(rstudent = "rstudent", dffits = "dffits", cook.d = "cook", cov.r = "covratio", tau2.del = "tau2_del",
                  QE.del = "q_del", hat = "hat", weight = "weight")
        for (i in 1:13) {
            for (name in names(ours)) put(method, test, mods, i, ours[[name]], inf$inf[[name]][i])
            put(method, test, mods, i, "rstandard", rstandard(fit)$z[i])
            put(method, test, mods, i, "flagged", as.numeric(inf$is.infl[i]))
            for (j in seq_len(fit$p)) put(method, test, mods, i, paste0("dfbetas", j), inf$dfbs[[j]][i])
        }
    }
