# SPDX-License-Identifier: GPL-3.0-or-later
"""Shrunken effects of studies; profile likelihoods."""
from common import CLOSED, LOOSE, ask, verdict
from topics_pool import effects_of, pooled_options, wanted_list

BLUP = {"pred": "estimate", "se": "se", "pi.lb": "ci_lb", "pi.ub": "ci_ub"}
RANEF = {"pred": "ranef", "se": "ranef_se", "pi.lb": "ranef_lb", "pi.ub": "ranef_ub"}


def blup(case):
    columns, options = effects_of(case)
    options += pooled_options(case.call)
    if "mods" in case.call:
        name = case.call["mods"].removeprefix("~")
        columns = {**columns, name: case.data[name]}
        options += ["--mods", name]
    rows = ask("blup", columns, *options)["studies"]
    for step, names in (("blup", BLUP), ("ranef", RANEF), ("fitted", {"value": "fitted"})):
        for theirs, ours in names.items():
            for i, want in enumerate(wanted_list(case, step, theirs)):
                # a limit near 0 is as good as the estimate and its standard error
                case.compare(f"{step} {theirs}[{i}]", rows[i][ours], want, abs(rows[i]["estimate"]) + rows[i]["se"])
    return True


POINT = {"ll": "ll", "I2": "i2", "H2": "h2"}
MEAN = {"beta": "estimate", "ci.lb": "ci_lb", "ci.ub": "ci_ub"}


def profile(case):
    columns, options = effects_of(case)
    options += pooled_options(case.call)
    for step in ("profile", "profile.x"):
        want = case.expect[step]
        grid = want["tau2"]
        doc = ask("profile", columns, *options, "--least", repr(grid[0]), "--most", repr(grid[-1]), "--values",
                  len(grid))["profile"]
        case.compare(f"{step} vc", doc["estimate"], (want["vc"], LOOSE))
        case.compare(f"{step} maxll", doc["ll"], (want["maxll"], LOOSE))
        for i, point in enumerate(doc["points"]):
            case.compare(f"{step} tau2[{i}]", point["x"], (grid[i], CLOSED), floor=1e-3)
            for theirs, ours in POINT.items():
                case.compare(f"{step} {theirs}[{i}]", point[ours], (want[theirs][i], CLOSED))
            for theirs, ours in MEAN.items():
                case.compare(f"{step} {theirs}[{i}]", point[ours], (want[theirs]["intrcpt"][i], CLOSED), floor=0.1)
        for side in ("lb", "ub"):
            limits = case.expect_true["confint.pl"]
            case.compare(f"tau^2 {side}", doc[side], (limits[side][limits["rows"].index("tau^2")], 1e-9))
    return True


def hettest(case):
    columns, options = effects_of(case)
    doc = ask("pool", columns, *options, *pooled_options(case.call), "--het-tests")
    rows = {row["hypothesis"]: row for row in doc["hypotheses"]}
    for step, ours in (("score", "tau2-same-score"), ("lrt", "tau2-same-lr")):
        for theirs, name in (("statistic", "statistic"), ("df", "df"), ("pval", "pval")):
            case.compare(f"{step} {theirs}", rows[ours][name], (case.expect[step][theirs], LOOSE))
    return True


TOPICS = {"blup": blup, "profile": profile, "hettest": hettest}
