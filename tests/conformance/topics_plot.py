# SPDX-License-Identifier: GPL-3.0-or-later
"""Coordinates of plots: funnel, radial, L'Abbe, normal quantiles."""
import json
import math
import os
import tempfile

from common import CLOSED, METAPOOL, TESTS, Refused, close, verdict, write_csv

from check import run


def points(case, plot, *options):
    """The series of studies of `metapool plot`, with the scales of its axes."""
    call = case.call
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.csv")
        write_csv(path, {**case.columns, "slab": [f"s{i}" for i in range(case.k)]})
        result = run([METAPOOL, "plot", plot, path, "--measure", call["measure"], "--method", call["method"], "--test",
                      TESTS[call["test"]], *options, "--format", "json"])
    if result.returncode != 0:
        raise Refused(result.stderr.decode().strip())
    panel = json.loads(result.stdout)["panels"][0]
    studies = next(s for s in panel["series"] if s["key"] == "studies")
    by_name = {text: i for i, text in enumerate(studies["texts"])}
    order = [by_name[f"s{i}"] for i in range(case.k)]
    read = {"linear": float, "log": math.log}
    return [[read[panel[axis + "_axis"]["scale"]](studies[axis][i]) for i in order] for axis in "xy"]


def compare(case, step, xy, tol, floor=1e-3):
    for name, got in zip("xy", xy):
        want = case.expect[step][name]
        verdict(case, f"{step}.n", len(got) == len(want), f"{len(got)} points, want {len(want)}")
        for i, value in enumerate(want):
            close(case, f"{step}.{name}[{i + 1}]", got[i], value, tol, floor)


def tolerance(case):
    return CLOSED if case.call["method"] in ("EE", "FE", "DL") else 1e-6


def funnel(case):
    compare(case, "funnel", points(case, "funnel"), tolerance(case))
    compare(case, "funnel.seinv", points(case, "funnel", "--yaxis", "seinv"), tolerance(case))


def radial(case):
    compare(case, "radial", points(case, "radial"), tolerance(case))
    compare(case, "radialc", points(case, "radial", "--centre"), tolerance(case))


def labbe(case):
    risks = points(case, "labbe")
    compare(case, "labbe", [[math.log(x) for x in axis] for axis in risks], CLOSED)


def qqnorm(case):
    compare(case, "qqnorm", points(case, "qqnorm"), tolerance(case))


TOPICS = {"funnel": funnel, "radial": radial, "labbe": labbe, "qqnorm": qqnorm}
