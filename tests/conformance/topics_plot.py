# SPDX-License-Identifier: GPL-3.0-or-later
"""Coordinates of plots: funnel, Baujat, radial, L'Abbe, normal quantiles."""
import json
import math
import os
import tempfile

from common import CLOSED, METAPOOL, TESTS, Refused, close, verdict, write_csv

from check import run

READ = {"linear": float, "log": math.log}


def points(case, command, *options):
    """Coordinates of the studies, of `metapool COMMAND`, or of `metapool plot TYPE`, on linear scales."""
    call = case.call
    is_plot = command[0] == "plot"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.csv")
        write_csv(path, {**case.columns, "slab": [f"s{i}" for i in range(case.k)]})
        result = run([METAPOOL, *command, path, "--measure", call["measure"], "--method", call["method"], "--test",
                      TESTS[call["test"]], *options, "--format", "json"])
    if result.returncode != 0:
        raise Refused(result.stderr.decode().strip())
    doc = json.loads(result.stdout)
    if is_plot:
        panel = doc["panels"][0]
        studies = next(s for s in panel["series"] if s["key"] == "studies")
        scales = [panel[axis + "_axis"]["scale"] for axis in "xy"]
        xy = dict(zip(studies["texts"], zip(studies["x"], studies["y"])))
    else:
        scales = [doc["axes"][0][axis + "_scale"] for axis in "xy"]
        xy = {row["text"]: (row["x"], row["y"]) for row in doc["points"] if row["series"] == "studies"}
    return [[READ[scales[axis]](xy[f"s{i}"][axis]) for i in range(case.k)] for axis in (0, 1)]


def compare(case, step, xy, tol, floor=1e-3):
    for name, got in zip("xy", xy):
        want = case.expect[step][name]
        verdict(case, f"{step}.n", len(got) == len(want), f"{len(got)} points, want {len(want)}")
        for i, value in enumerate(want):
            close(case, f"{step}.{name}[{i + 1}]", got[i], value, tol, floor)
    return True


def tolerance(case):
    return CLOSED if case.call["method"] in ("EE", "FE", "DL") else 1e-6


def funnel(case):
    compare(case, "funnel", points(case, ["plot", "funnel"]), tolerance(case))
    return compare(case, "funnel.seinv", points(case, ["plot", "funnel"], "--yaxis", "seinv"), tolerance(case))


def baujat(case):
    return compare(case, "baujat", points(case, ["baujat"]), tolerance(case))


def radial(case):
    compare(case, "radial", points(case, ["radial"]), tolerance(case))
    return compare(case, "radialc", points(case, ["radial"], "--centre"), tolerance(case))


def labbe(case):
    risks = points(case, ["labbe"])
    return compare(case, "labbe", [[math.log(x) for x in axis] for axis in risks], CLOSED)


def qqnorm(case):
    return compare(case, "qqnorm", points(case, ["qq"]), tolerance(case))


TOPICS = {"funnel": funnel, "baujat": baujat, "radial": radial, "labbe": labbe, "qqnorm": qqnorm}
