# SPDX-License-Identifier: GPL-3.0-or-later
"""Case diagnostics, leave-one-out and cumulative results, and what is drawn from them."""
import math

from common import CLOSED, CLOSED_METHODS, LOOSE, TIGHT, TRUE, ask, methods, verdict
from topics_pool import effects_of, pooled_options

# Their name in a row -> ours.
ROWS = {"estimate": "estimate", "se": "se", "zval": "statistic", "tval": "statistic", "pval": "pval",
        "pvals": "pval", "ci.lb": "ci_lb", "ci.ub": "ci_ub", "Q": "q", "Qp": "q_pval", "tau2": "tau2", "I2": "i2",
        "H2": "h2"}
DIAGNOSTICS = {"rstudent": "rstudent", "dffits": "dffits", "cook.d": "cook", "cov.r": "covratio",
               "tau2.del": "tau2_del", "QE.del": "q_del", "hat": "hat", "weight": "weight"}


def setup(case):
    """Columns and options of the analysis; None if the program does not know the method."""
    call = dict(case.call)
    if call["function"] in ("rma.mh", "rma.peto"):
        call["method"] = call["function"][4:].upper()
        if call["method"] not in methods:
            return None
        options = ["--profile", "metafor", "--measure", call.get("measure", "PETO"), "--method", call["method"]]
        return case.columns, options
    if call["method"] not in methods:
        return None
    columns, options = effects_of(case)
    if "mods" in call:
        options = options + ["--mods", call["mods"]]
        columns = {**columns, **{name: values for name, values in case.data.items() if name in call["mods"]}}
    return columns, options + pooled_options(call)


def lists(case, step, *path):
    """Every list of a step with its tolerance: the best answer there is for each name."""
    best = {}
    for part, tol in (("expect", None), ("expect_tight", TIGHT), ("expect_true", TRUE)):
        values = getattr(case, part, {}).get(step, {})
        for key in path:
            values = values.get(key, {}) if isinstance(values, dict) else {}
        if tol is None:
            closed = case.call.get("method", "MH") in CLOSED_METHODS or "method" not in case.call
            tol = CLOSED if closed else LOOSE
        for name, numbers in values.items():
            if isinstance(numbers, list):
                best[name] = numbers, tol
    return best


def compare(case, what, rows, wanted, names):
    for theirs, ours in names.items():
        numbers, tol = wanted.get(theirs, ([], 0))
        size = max((abs(x) for x in numbers if isinstance(x, (int, float))), default=0)
        for i, want in enumerate(numbers):
            name = f"{what} {theirs}[{i + 1}]"
            if isinstance(want, (int, float)) and not isinstance(want, bool) and math.isfinite(want):
                # Small changes of estimates are compared at the size of their column: a tau2 that stops at an
                # absolute 1e-5, as theirs does by default, shows in the smallest of them.
                floor = 0 if theirs in ("pval", "pvals", "Qp") else (0.1 if tol == LOOSE else 1e-3) * size
                case.compare(name, rows[i].get(ours), (want, tol), floor)


def leave1out(case):
    ready = setup(case)
    if not ready:
        return False
    for post in case.call["post"]:
        step = post["step"]
        if step in ("leave1out", "cumul"):
            rows = ask({"leave1out": "loo", "cumul": "cumulative"}[step], *ready[:1], *ready[1])["rows"]
            compare(case, step, rows, lists(case, step), ROWS)
        else:
            compare(case, step, ask("influence", ready[0], *ready[1])["studies"], lists(case, step), {"z": step})
    return True


def cumul(case):
    ready = setup(case)
    if not ready:
        return False
    columns, options = ready
    order = next(post["args"]["order"] for post in case.call["post"] if post["args"])
    for step, more in (("cumul", []), ("cumul.order", ["--order", "ranked"])):
        rows = ask("cumulative", {**columns, "ranked": order}, *options, *more)["rows"]
        compare(case, step, rows, lists(case, step), ROWS)
    return True


def influence(case):
    ready = setup(case)
    if not ready:
        return False
    doc = ask("influence", ready[0], *ready[1])
    rows = doc["studies"]
    compare(case, "inf", rows, lists(case, "influence", "inf"), DIAGNOSTICS)
    for i, flagged in enumerate(case.expect["influence"]["is.infl"]):
        if isinstance(flagged, bool):
            verdict(case, f"flag[{i + 1}]", bool(rows[i]["flags"]) == flagged, f"got {rows[i]['flags']}")
    for j, term in enumerate(name for name in case.expect["influence"]["dfbs"] if name not in ("slab", "digits")):
        ours = [row for row in doc["coefficients"] if row["term"] == doc["coefficients"][j]["term"]]
        compare(case, "dfbs", ours, lists(case, "influence", "dfbs"), {term: "dfbetas"})
    for step, ours in (("rstandard", "rstandard"), ("rstudent", "rstudent")):
        compare(case, step, rows, lists(case, step), {"z": ours})
    for step, ours in (("hatvalues", "hat"), ("hat", "hat"), ("cooks", "cook"), ("weights", "weight")):
        compare(case, step, rows, lists(case, step), {"value": ours})
    return True


def gosh(case):
    ready = setup(case)
    if not ready:
        return False
    doc = ask("gosh", ready[0], *ready[1], "--points", 4000)
    want = case.expect["gosh"]
    case.compare("nsub", doc["gosh"]["n_subsets"], (want["nsub"], 0))
    tol = CLOSED if case.call["method"] in CLOSED_METHODS else LOOSE
    for name, ours in (("k", "k"), ("QE", "q"), ("I2", "i2"), ("tau2", "tau2"), ("estimate", "estimate")):
        if name not in want["summary"]:
            continue
        numbers = dict(zip(want["summary.order"], want["summary"][name]))
        # One study says nothing about heterogeneity: null in ours, 0 in theirs. With 0 in its place it is the same.
        values = [subset[ours] if subset[ours] is not None else 0 for subset in doc["subsets"]]
        mean = sum(values) / len(values)
        case.compare(f"{name} mean", mean, (numbers["mean"], tol))
        sd = math.sqrt(sum((x - mean) ** 2 for x in values) / (len(values) - 1))
        case.compare(f"{name} sd", sd, (numbers["sd"], tol))
        if name in ("k", "QE", "estimate"):
            got = next(row for row in doc["gosh"]["statistics"] if row["statistic"] == ours)
            for theirs, key in (("mean", "mean"), ("sd", "sd"), ("min", "min"), ("median", "median"), ("max", "max"),
                                ("q25", "q25"), ("q75", "q75")):
                if theirs in numbers:
                    case.compare(f"{name} {theirs}", got[key], (numbers[theirs], tol), floor=1e-3)
    return True


TOPICS = {"gosh": gosh, "leave1out": leave1out, "cumul": cumul, "influence": influence}
