#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes icp-map-simulated.csv to standard output. SIMULATED: no animal, study or laboratory stands behind it.

Each of 30 invented comparisons has a control and a treated arm of 6 to 12 rats. A control rat's ICP/MAP is normal
around the level of its ED model; a treated rat's is higher by the effect of its cell source, shifted by its model and
by a normal deviate of the comparison. Mean and SD of each arm are those of the rats drawn, rounded as papers round.
The parameters below are chosen to look like published experiments, and are estimates of nothing.
"""
from random import Random
from statistics import NormalDist, mean, stdev

SEED = 20240201
LEVEL = {"CNI": 0.28, "T1DM": 0.30, "T2DM": 0.32, "arterial": 0.34, "ageing": 0.36}  # untreated ICP/MAP
EFFECT = {"AT-MSC": 0.17, "BM-MSC": 0.13, "UC-MSC": 0.12, "USC": 0.15}  # true mean rise by cell source
SHIFT = {"CNI": 0.00, "T1DM": -0.01, "T2DM": -0.01, "arterial": 0.02, "ageing": -0.02}  # added to it by model
COUNT = {"AT-MSC": 10, "BM-MSC": 9, "UC-MSC": 6, "USC": 5}
BETWEEN_SD, TREATED_SD, CONTROL_SD = 0.04, 0.09, 0.07

random = Random(SEED).random  # the one stream whose values Python promises to keep


def normal(mu, sd):
    return mu + sd * NormalDist().inv_cdf(random())


def arm(mu, sd):
    rats = [normal(mu, sd) for _ in range(6 + int(7 * random()))]
    return f"{mean(rats):.3f},{stdev(rats):.3f},{len(rats)}"


print("study,cell_source,model,weeks,m1i,sd1i,n1i,m2i,sd2i,n2i")
models, number = list(LEVEL), 0
for source, count in COUNT.items():
    for _ in range(count):
        model = models[number % len(models)]
        number += 1
        rise = EFFECT[source] + SHIFT[model] + normal(0, BETWEEN_SD)
        weeks = 2 + 2 * int(4 * random())
        treated, control = arm(LEVEL[model] + rise, TREATED_SD), arm(LEVEL[model], CONTROL_SD)
        print(f"Sim {number:02d},{source},{model},{weeks},{treated},{control}")
