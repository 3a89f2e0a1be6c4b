# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py METAPOOL FIT REGRESS: speed and memory, beside R's metafor where it is installed. Prints figures; judges none.

Everything is measured in one run on one machine, so the ratios mean more than the seconds.
"""
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

METAPOOL, FIT, REGRESS = map(os.path.abspath, sys.argv[1:4])
HERE = os.path.dirname(os.path.abspath(__file__))
RSCRIPT = shutil.which("Rscript")
if RSCRIPT and subprocess.run([RSCRIPT, "-e", "library(metafor)"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode != 0:
    RSCRIPT = None


def measure(args, repeats):
    """Median wall seconds from start to exit, and peak resident memory in MiB."""
    walls, peak = [], 0
    for _ in range(repeats):
        start = time.perf_counter()
        child = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        walls.append(time.perf_counter() - start)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(args)} ended with status {child.returncode}")
        peak = max(peak, usage.ru_maxrss / 1024)
    return statistics.median(walls), peak


def show(what, seconds, memory=None, base=None):
    line = f"  {what:<44} {seconds * 1e3:12.3f} ms"
    line += f" {memory:8.1f} MiB" if memory else " " * 13
    if base:
        line += f"   {seconds / base:10.0f} x"
    print(line, flush=True)


print("13 studies, REML with Hartung-Knapp, from start to exit (median of 100)")
ours, memory = measure([METAPOOL, "pool", "bcg", "--format", "json"], 100)
show("metapool pool bcg", ours, memory)
show("/bin/true", *measure(["/bin/true"], 100))
if RSCRIPT:
    code = "suppressMessages(library(metafor)); d <- escalc(measure='RR', ai=tpos, bi=tneg, ci=cpos, di=cneg, " \
           "data=dat.bcg); print(predict(rma(yi, vi, data=d, test='knha')))"
    show("Rscript metafor", *measure([RSCRIPT, "-e", code], 5), ours)

print("1,000,000 rows of yi and vi as one analysis")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "big.csv")
    rng = random.Random(1)
    with open(path, "w", encoding="ascii") as f:
        f.write("yi,vi\n")
        f.writelines(f"{rng.gauss(0.2, 0.5):.6f},{rng.uniform(0.01, 0.5):.6f}\n" for _ in range(1000000))
    show("reading the file: wc -l", *measure(["wc", "-l", path], 3))
    ours, memory = measure([METAPOOL, "pool", path, "--format", "json", "--studies", "none"], 3)
    show("metapool pool, REML", ours, memory)
    show("metapool pool, DL", *measure([METAPOOL, "pool", path, "--method", "DL", "--studies", "none"], 3))
    if RSCRIPT:
        code = f"d <- read.csv('{path}')"
        show("R: read.csv alone (metafor needs k x k)", *measure([RSCRIPT, "-e", code], 1), ours)

print("1,000,000 rows of means as standardized mean differences, CSV to CSV; 2,000,000 for the memory of each row")
with tempfile.TemporaryDirectory() as folder:
    path, twice = os.path.join(folder, "means.csv"), os.path.join(folder, "twice.csv")
    rng = random.Random(1)
    rows = [f"S{i + 1},{rng.gauss(10, 2):.2f},{rng.uniform(1, 4):.2f},{rng.randint(8, 200)},{rng.gauss(9.5, 2):.2f},"
            f"{rng.uniform(1, 4):.2f},{rng.randint(8, 200)}\n" for i in range(1000000)]
    for name, n in ((path, 1), (twice, 2)):
        with open(name, "w", encoding="ascii") as f:
            f.write("study,m1i,sd1i,n1i,m2i,sd2i,n2i\n")
            for _ in range(n):
                f.writelines(rows)
    base, _ = measure(["wc", "-l", path], 3)
    show("reading the file: wc -l", base)
    for form in ("csv", "json", "text"):
        ours, memory = measure([METAPOOL, "effects", path, "--measure", "SMD", "--format", form], 3)
        show(f"metapool effects, {form}", ours, memory)
        if form == "csv":
            csv, row = ours, memory
    ours, memory = measure([METAPOOL, "effects", twice, "--measure", "SMD", "--format", "csv"], 3)
    show("metapool effects, csv, twice the rows", ours, memory)
    print(f"  {(memory - row) * 1.048576:.0f} bytes for each row")
    if RSCRIPT:
        code = f"suppressMessages(library(metafor)); d <- read.csv('{path}'); d <- escalc(measure='SMD', m1i=m1i, " \
               "sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i, data=d); write.csv(d, '/dev/null')"
        show("R: read.csv, metafor's escalc, write.csv", *measure([RSCRIPT, "-e", code], 1), csv)

print("one fit inside a process: REML, Hartung-Knapp, Q-profile and prediction interval")
for k, repeats, slow in ((10, 20000, 200), (50, 5000, 100), (500, 500, 3)):
    ours, tau2 = map(float, subprocess.check_output([FIT, str(k), str(repeats)]).split())
    show(f"metapool, k = {k}", ours)
    if RSCRIPT:
        theirs, check = map(float, subprocess.check_output([RSCRIPT, os.path.join(HERE, "fit.R"), str(k), str(slow)])
                            .split())
        show(f"metafor, k = {k} (tau2 {tau2:.6g} and {check:.6g})", theirs, None, ours)

print("one regression inside a process: REML, Hartung-Knapp, Q-profile")
for k, p, repeats, slow in ((10000, 5, 20, 0), (300, 5, 500, 1), (13, 2, 5000, 100)):
    ours, tau2 = map(float, subprocess.check_output([REGRESS, str(k), str(p), str(repeats)]).split())
    show(f"metapool, k = {k}, p = {p}", ours)
    if RSCRIPT and slow:  # with k = 10,000 its k x k matrices need more memory than most machines have
        theirs, check = map(float, subprocess.check_output([RSCRIPT, os.path.join(HERE, "regress.R"), str(k), str(p),
                                                            str(slow)]).split())
        show(f"metafor, k = {k}, p = {p} (tau2 {tau2:.6g} and {check:.6g})", theirs, None, ours)

print("10,000 permutations of a regression of 13 studies, one thread")
ours, pval = map(float, subprocess.check_output([REGRESS, "bcg", "10000", "10"]).split())
show("metapool", ours)
if RSCRIPT:
    theirs, check = map(float, subprocess.check_output([RSCRIPT, os.path.join(HERE, "regress.R"), "bcg", "500",
                                                        "1"]).split())
    show(f"metafor, 500 of them, taken 20 times (p {pval:.3g} and {check:.3g})", 20 * theirs, None, ours)

print("1,000,000 rows and two moderators from start to exit")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "moderators.csv")
    rng = random.Random(4)
    with open(path, "w", encoding="ascii") as f:
        f.write("yi,vi,a,b\n")
        f.writelines(f"{rng.gauss(0.2, 0.5):.6f},{rng.uniform(0.01, 0.5):.6f},{rng.gauss(0, 1):.5f},"
                     f"{rng.gauss(0, 1):.5f}\n" for _ in range(1000000))
    show("metapool effects alone: reading and checking", *measure([METAPOOL, "effects", path, "--studies", "none"], 3))
    show("metapool regress, REML", *measure([METAPOOL, "regress", path, "--mods", "a + b", "--studies", "none"], 3))
    show("metapool pool, JSON with every study", *measure([METAPOOL, "pool", path, "--format", "json"], 3))

print("GOSH: one model for each subset, from start to exit")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "twenty.csv")
    rng = random.Random(2)
    with open(path, "w", encoding="ascii") as f:
        f.write("yi,vi\n")
        f.writelines(f"{rng.gauss(0.2, 0.5):.6f},{rng.uniform(0.01, 0.5):.6f}\n" for _ in range(20))
    for method in ("EE", "DL", "REML"):
        ours, memory = measure([METAPOOL, "gosh", path, "--method", method, "--points", "1"], 3)
        show(f"metapool, 2^20 subsets, {method}", ours, memory)
        if RSCRIPT:
            code = f"""suppressMessages(library(metafor)); d <- read.csv('{path}')
                fit <- rma(yi, vi, data=d, method='{method}')
                start <- proc.time()[[3]]; set.seed(1); invisible(gosh(fit, subsets=500, progbar=FALSE))
                cat((proc.time()[[3]] - start) / 500)"""
            theirs = float(subprocess.check_output([RSCRIPT, "-e", code])) * 2 ** 20
            show(f"metafor, 500 of them, taken 2^20/500 times, {method}", theirs, None, ours)

print("leave-one-out of 500 studies, REML with Hartung-Knapp, from start to exit")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "many.csv")
    rng = random.Random(3)
    with open(path, "w", encoding="ascii") as f:
        f.write("yi,vi\n")
        f.writelines(f"{rng.gauss(0.2, 0.5):.6f},{rng.uniform(0.01, 0.5):.6f}\n" for _ in range(500))
    ours, memory = measure([METAPOOL, "loo", path, "--format", "csv"], 5)
    show("metapool loo", ours, memory)
    if RSCRIPT:
        code = f"""suppressMessages(library(metafor)); d <- read.csv('{path}')
            fit <- rma(yi, vi, data=d, test='knha'); start <- proc.time()[[3]]
            for (i in 1:10) rma(yi, vi, data=d, test='knha', subset=-i)
            cat((proc.time()[[3]] - start) / 10 * 500)"""
        show("metafor, 10 of them, taken 50 times", float(subprocess.check_output([RSCRIPT, "-e", code])), None, ours)
