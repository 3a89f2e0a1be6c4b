# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversions, dependent rows, transformations."""
import os
import re
import tempfile

from common import CLOSED, LOOSE, META, ask, close, columns_equal, write_csv


def conv_2x2(case):
    ours = {"n2i": "xi", "x2i": "chi2i"}  # their second margin counts all events
    columns = {ours.get(role, role): values for role, values in case.columns.items()}
    columns_equal(case, ask("convert", columns, "--to", "2x2")["rows"], {cell: cell for cell in ("ai", "bi", "ci", "di")})
    return True


def conv_wald(case):
    columns = {"yi" if role == "out" else role: values for role, values in case.columns.items()}
    rows = ask("convert", columns, "--to", "sei")["rows"]
    for row in rows:
        row["vi"] = row["sei"] ** 2
    columns_equal(case, rows, {"yi": "yi", "vi": "vi"})
    return True


def conv_fivenum(case):
    names = {"min": "mini", "q1": "q1i", "median": "medi", "q3": "q3i", "max": "maxi", "n": "ni"}
    method = {"bland2015": "bland", "hozo2005": "hozo", "wan2014": "wan"}.get(case.call.get("method"))
    if not method:
        return False
    columns = {names[role]: values for role, values in case.columns.items()}
    columns_equal(case, ask("convert", columns, "--conversion", method)["rows"], {"mi": "mean", "sdi": "sd"})
    return True


def conv_delta(case):
    formulas = {"transf.lnortod.logis": "yi*sqrt(3)/pi", "transf.exp": "exp(yi)"}
    rows = ask("convert", case.columns, "--to", "formula", "--formula", formulas[case.call["transf"]])["rows"]
    columns_equal(case, rows, {"yi": "yi", "vi": "vi"})
    return True


def deltamethod(case):
    """Functions of the coefficients b1, b2 of a meta-regression."""
    call = case.call
    names = dict(zip(("b1", "b2"), ("intercept", *case.expect["fit"]["coef.names"][1:])))
    steps = {post["step"]: re.sub(r"\bb[12]\b", lambda m: names[m[0]], post["args"]["fun"].split(")", 1)[1])
             for post in call["post"]}
    columns = {**case.columns, "ablat": case.data["ablat"]}
    doc = ask("regress", columns, "--measure", call["measure"], "--method", call["method"], "--test", call["test"],
              "--mods", call["mods"].lstrip("~"), "--delta", ";".join(steps.values()))
    for step, row in zip(steps, doc["functions"], strict=True):
        tab = case.expect[step]["tab"]
        for theirs, ours in (("coef", "estimate"), ("se", "se"), ("zval", "statistic"), ("pval", "pval"),
                             ("ci.lb", "ci_lb"), ("ci.ub", "ci_ub")):
            close(case, f"{step}.{theirs}", row[ours], tab[theirs][0], LOOSE)
    return True


def vcalc(case):
    if "rvars" in case.call:  # their vi = 1 makes covariances of "correlations"
        k, values = case.k, case.call["rvars"]
        given = {f"v{j + 1}": values[j * k:(j + 1) * k] for j in range(len(values) // k)}
        columns = dict(case.columns, yi=[0] * k, vi=[1] * k, **given)
        options = ["--cluster", "cluster", "--vvars", ",".join(given)]
    else:
        columns = dict(case.columns, yi=[0] * len(case.columns["vi"]))
        options = ["--struct", "VCALC", "--cluster", "cluster", "--rho", case.call["rho"], "--obs", "obs"]
    v = ask("covariance", columns, *options)["V"]
    for i, row in enumerate(case.expect["fit"]["V"]):
        for j, want in enumerate(row):
            close(case, f"V[{i + 1},{j + 1}]", v[i][j], want)
    return True


def aggregate(case):
    call, options = case.call, ["--cluster", case.call["cluster"]]
    with tempfile.TemporaryDirectory() as folder:
        if "V" in call:
            v = case.matrices[call["V"]["matrix"]] if hasattr(case, "matrices") else call["V"]
            path = os.path.join(folder, "v.csv")
            write_csv(path, {f"v{j}": column for j, column in enumerate(zip(*v))})
            options += ["--struct", "V", "--v", path]
        else:
            options += ["--struct", call["struct"]]
        if "rho" in call:
            options += ["--rho", call["rho"]]
        if call.get("weighted") is False:
            options.append("--unweighted")
        rows = ask("aggregate", {name: call["x"][name] for name in ("yi", "vi", call["cluster"])}, *options)["rows"]
    columns_equal(case, rows, {"yi": "yi", "vi": "vi"})
    return True


def transf(case):
    names, fit = {"xi": "yi"}, case.expect["fit"]["value"]
    args = dict(case.call.get("targs", {}))
    if isinstance(args.get("ni"), list):
        args = {"n": len(args["ni"]) / sum(1 / n for n in args["ni"])}
    args.update({ours: case.call[theirs] for theirs, ours in (("pc", "baseline"), ("pi", "share")) if theirs in case.call})
    options = ["--to", "transform", "--transform", case.call["function"].removeprefix("transf.")]
    if args:
        options += ["--transform-args", ",".join(f"{name}={value!r}" for name, value in args.items())]
    rows = ask("convert", {names.get(role, role): values for role, values in case.columns.items()}, *options)["rows"]
    # Their integrals stop at 1e-7 or so, and their search for a mode at 1e-4 (ours: tests/ref/transform.csv).
    tol = 1e-7 if ".int" in case.call["function"] else META if ".mode" in case.call["function"] else CLOSED
    for i, want in enumerate(fit if isinstance(fit, list) else [fit]):
        close(case, f"value[{i + 1}]", rows[i]["transformed"], want, tol, 1e-3)
    return True


TOPICS = {"conv.2x2": conv_2x2, "conv.wald": conv_wald, "conv.fivenum": conv_fivenum, "conv.delta": conv_delta,
          "deltamethod": deltamethod, "vcalc": vcalc, "aggregate": aggregate, "transf": transf}
