# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the textbook datasets from R's metadat (Debian r-cran-metadat): Rscript datasets.R DIRECTORY
suppressMessages(library(metadat))
dir <- commandArgs(trailingOnly = TRUE)[1]

out <- function(id, d) {
    d[] <- lapply(d, function(x) {
        if (is.numeric(x))
            return(ifelse(is.na(x), "", formatC(x, digits = 15, width = -1, format = "g")))
        x <- ifelse(is.na(x) | x == ".", "", as.character(x))
        ifelse(grepl("[\",\n]", x), paste0("\"", gsub("\"", "\"\"", x), "\""), x)
    })
    lines <- c(paste(names(d), collapse = ","), do.call(paste, c(d, sep = ",")))
    con <- file(file.path(dir, paste0(id, ".csv")), "wb")
    writeLines(enc2utf8(lines), con, useBytes = TRUE)
    close(con)
}

out("bcg", dat.bcg)
out("magnesium", dat.egger2001[c("study", "year", "ai", "n1i", "ci", "n2i")])
out("stroke-stay", dat.normand1999[c("source", "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i")])
out("expectancy", dat.raudenbush1985[-1])
out("smoking-hackshaw1998", dat.hackshaw1998[-1])
out("conscientiousness", dat.molloy2014)
out("vasospasm", dat.pritz1997[-1])
out("catheters", dat.nielweise2007[-1])
out("catheter-days", dat.nielweise2008[-1])
out("warfarin", dat.hart1999[-1])
out("lidocaine", dat.hine1989[c("source", "ai", "n1i", "ci", "n2i")])
out("hiv-care", dat.debruin2009)
out("asthma-education", dat.gibson2002)
d <- dat.curtis1998
d$observation <- paste("Obs.", d$id)
d$species <- paste0(substr(d$genus, 1, 1), tolower(substring(d$genus, 2)), " ", tolower(d$species))
out("co2-plants", d[c("observation", "paper", "species", "fungrp", "time", "method", "xtrt", "level",
                      "m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")])
