# SPDX-License-Identifier: GPL-3.0-or-later
"""Selection models. Their optimiser stops early: ours may not be lower, and agrees where theirs is at the maximum."""
from common import LOOSE, ask, close, verdict
from topics_pool import effects_of


def selmodel(case):
    args, want = case.call["post"][0]["args"], case.expect["selmodel"]
    columns, options = effects_of(case)
    options += ["--selection", args["type"], "--alternative", args.get("alternative", "greater"), "--profile", "metafor"]
    if "steps" in args:
        steps = args["steps"] if isinstance(args["steps"], list) else [args["steps"]]
        options += ["--steps", ",".join(map(repr, steps))]
    if "delta" in args:
        options += ["--delta", ",".join(map(repr, args["delta"]))]
    doc = ask("select", columns, *options)
    mean, weights = doc["coefficients"][0], doc["weights"]
    verdict(case, "ll", mean["ll"] >= want["ll.ML"] - 1e-6, f"{mean['ll']} is below {want['ll.ML']}")
    if mean["ll"] > want["ll.ML"] + 1e-4:
        return True  # theirs is not the maximum
    # On a flat ridge the parameters follow the square root of what the likelihoods differ by.
    close(case, "beta", mean["estimate"], want["beta"][0], 10 * LOOSE, 0.1)
    close(case, "tau2", mean["tau2"], want["tau2"], 10 * LOOSE, 0.1)
    for i, delta in enumerate(want["delta"]):
        close(case, f"delta[{i + 1}]", weights[i]["value"], delta, 10 * LOOSE, max(0.5, want["se.delta"][i] or 0))
    for i, se in enumerate(want["se.delta"]):
        if isinstance(se, float) and weights[i]["se"] is not None:
            close(case, f"se.delta[{i + 1}]", weights[i]["se"], se, 0.05)
    close(case, "LRT", doc["hypotheses"][0]["statistic"], want["LRT"], LOOSE, 0.1)
    close(case, "LRT.tau2", doc["hypotheses"][1]["statistic"], want["LRT.tau2"], LOOSE, 0.1)
    return True


def weightr(case):
    """Their likelihood leaves out constants, so that differences are compared; tau2 first among their parameters."""
    want, steps = case.expect["fit"], [s for s in case.call["steps"] if s < 1]
    columns = {"yi": case.data["yi"], "vi": case.data["vi"]}
    equal = bool(case.call.get("fe"))
    doc = ask("select", columns, "--measure", "GEN", "--alternative", "greater", "--steps", ",".join(map(repr, steps)),
              *(["--tau2", "0"] if equal else []))
    mean, plain = doc["coefficients"]
    ours = [mean["estimate"], *(w["value"] for w in doc["weights"][1:])]
    errors = [mean["se"], *(w["se"] for w in doc["weights"][1:])]
    plain_ours = [plain["estimate"]]
    if not equal:
        ours, errors, plain_ours = [mean["tau2"], *ours], [mean["se_tau2"], *errors], [plain["tau2"], *plain_ours]
    listed = [w if isinstance(w, list) else [w] for w in (want["unadj.par"], want["adj.par"], want["adj.se"])]
    lrt = 2 * (mean["ll"] - plain["ll"])
    verdict(case, "ll", lrt >= want["LRT"] - 1e-5, f"twice {lrt} is below {want['LRT']}")
    for i, value in enumerate(listed[0]):
        close(case, f"unadj.par[{i + 1}]", plain_ours[i], value, LOOSE, 0.1)
    close(case, "LRT", lrt, want["LRT"], LOOSE, 0.1)
    for i, value in enumerate(listed[1]):
        close(case, f"adj.par[{i + 1}]", ours[i], value, 10 * LOOSE, 0.1)
    for i, value in enumerate(listed[2]):
        if value is not None and errors[i] is not None:
            close(case, f"adj.se[{i + 1}]", errors[i], value, 0.05)
    return True


TOPICS = {"selmodel": selmodel, "weightr": weightr}
