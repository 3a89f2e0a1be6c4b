# SPDX-License-Identifier: GPL-3.0-or-later
"""bundled.py METAPOOL: every bundled dataset with effects, pooled by every method and test, against R's metafor.

The numbers are in metafor_bundled.csv, made by tools/metafor.R under tight control; from the file on disk to the
printed JSON everything is ours.
"""
import csv
import json
import math
import os
import sys

from check import check, close, done, run

METAPOOL = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
TOLERANCE = 1e-10
NOTHING = 1e-12  # where tau2 is 0, metafor's scoring may stop a hair above it
TESTS = {"z": ("z", "S"), "knha": ("hksj", "HK")}  # with the prediction interval that metafor makes beside it
MODEL = ["estimate", "se", "statistic", "pval", "ci_lb", "ci_ub"]
HETEROGENEITY = ["tau2", "se_tau2", "i2", "h2", "q", "q_pval", "tau2_ci_lb", "tau2_ci_ub"]


def number(cell):
    return float(cell) if cell else None


def compare(row):
    name = f"{row['id']} {row['method']} {row['test']}"
    test, pi = TESTS[row["test"]]
    result = run([METAPOOL, "pool", row["id"], "--method", row["method"], "--test", test, "--pi", pi, "--profile",
                  "metafor", "--format", "json", *row["options"].split()])
    if not check(result.returncode == 0, f"{name}: {result.stderr.decode()}"):
        return
    doc = json.loads(result.stdout)
    check(doc["model"]["k"] == int(row["k"]), f"{name}: k = {doc['model']['k']}, want {row['k']}")
    for keys, part in ((MODEL, doc["model"]["coefficients"][0]), (HETEROGENEITY, doc["heterogeneity"]),
                       (["pi_lb", "pi_ub"], doc["prediction"])):
        for key in keys:
            want = number(row[key])
            got = math.nan if part[key] is None else part[key]
            if want is not None and not (got == 0 and abs(want) < NOTHING and key in ("tau2", "i2")):
                close(got, want, TOLERANCE, f"{name} {key}")


with open(os.path.join(HERE, "metafor_bundled.csv"), newline="", encoding="utf-8") as f:
    rows = list(csv.DictReader(line for line in f if not line.startswith("#")))
for row in rows:
    compare(row)
pooled = {row["id"] for row in rows}
check(len(pooled) >= 10, f"only {len(pooled)} datasets")
print(f"{len(pooled)} datasets, {len(rows)} fits, to {TOLERANCE:g}")
done()
