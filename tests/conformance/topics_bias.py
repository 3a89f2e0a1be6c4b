# SPDX-License-Identifier: GPL-3.0-or-later
"""Small-study effects: tests, trim and fill, fail-safe numbers, excess of findings, limit meta-analysis, LFK index."""
import math

from common import CLOSED, LOOSE, META, ask, close, measures
from topics_pool import effects_of, pooled_options


def loose(case):
    return CLOSED if case.trust == "exact" else LOOSE


def bias(case, only, *options):
    """The row `only` of the table for the case's model, and the whole document."""
    columns, base = effects_of(case)
    doc = ask("bias", columns, *base, *pooled_options(case.call), "--only", only, *options)
    rows = doc["tests"] + doc["adjusted"] + doc["numbers"]
    return (rows[0] if rows else {}), doc


def steps(case):
    for post in case.call["post"]:
        want = case.expect.get(post["step"])
        if isinstance(want, dict):
            yield post["step"], post["args"], want


def regtest(case):
    if "mods" in case.call or case.call["measure"] not in measures:
        return False
    for step, args, want in steps(case):
        row, _ = bias(case, "egger" if args.get("model") == "lm" else "egger-re", "--predictor",
                      args.get("predictor", "sei"))
        for theirs, ours in (("zval", "statistic"), ("pval", "pval"), ("dfs", "df"), ("est", "estimate"),
                             ("ci.lb", "ci_lb"), ("ci.ub", "ci_ub")):
            if theirs in want and want[theirs] is not None:
                close(case, f"{step} {theirs}", row.get(ours), want[theirs], loose(case), 0.1)
    return True


def ranktest(case):
    for step, _, want in steps(case):
        row, _ = bias(case, "begg")
        close(case, f"{step} tau", row["slope"], want["tau"])
        close(case, f"{step} pval", row["pval"], want["pval"])
    return True


def trimfill(case):
    for step, args, want in steps(case):
        options = ["--k0", args.get("estimator", "L0")]
        if args.get("side"):
            options += ["--side", args["side"]]
        row, doc = bias(case, "trimfill", *options)
        if "k0" in want:
            close(case, f"{step} k0", row["value"], want["k0"])
            close(case, f"{step} side", {"left": 0, "right": 1}[doc["filled_side"]], want["side"] == "right")
        for theirs, ours in (("beta", "estimate"), ("se", "se"), ("ci.lb", "ci_lb"), ("ci.ub", "ci_ub"), ("tau2", "tau2")):
            value = want[theirs][0] if isinstance(want[theirs], list) else want[theirs]
            close(case, f"{step} {theirs}", row[ours], value, loose(case), 0.1)
    return True


def fsn(case):
    if case.call["function"] == "fsn":
        columns = {"yi": case.call["x"], "vi": case.data["vi"] if "vi" in case.data else case.columns["vi"]}
        doc = ask("bias", columns, "--measure", "GEN", "--profile", "metafor", "--only", "rosenthal")
        close(case, "Rosenthal", doc["numbers"][0]["value"], case.expect["fit"]["fsnum"])
        return True
    for step, args, want in steps(case):
        options = ["--alpha", args.get("alpha", 0.05)]
        if want.get("target") is not None:
            target = want["target"] if case.call["measure"] == "GEN" else math.exp(want["target"])
            options += ["--target", repr(target)]
        row, _ = bias(case, "general", *options)
        close(case, f"{step} fsnum", row["value"], want["fsnum"])
        if want["fsnum"] > 0:
            close(case, f"{step} est.fsn", row["estimate"], want["est.fsn"], loose(case))
    return True


def tes(case):
    for step, args, want in steps(case):
        kind = {"exact": "tes", "chi2": "tes-chisq", "binom": "tes-binomial"}[want["test"]]
        row, _ = bias(case, kind, "--alternative", args.get("alternative", "two-sided"))
        close(case, f"{step} O", row["value"], want["O"])
        close(case, f"{step} E", row["expected"], want["E"], max(loose(case), 1e-7))
        close(case, f"{step} pval", row["pval"], want["pval"], max(loose(case), 1e-7))
        if want.get("theta.lim") is not None:
            close(case, f"{step} theta.lim", row["estimate"], want["theta.lim"], LOOSE)
    return True


META_TESTS = {"Begg": "begg", "Egger": "egger", "Thompson": "thompson", "Harbord": "harbord", "Macaskill": "macaskill",
              "Peters": "peters", "Schwarzer": "schwarzer", "Deeks": "deeks"}


def meta_columns(case):
    c = case.columns
    if case.call["function"] == "metagen":
        return {"yi": c["TE"], "sei": c["seTE"]}, ["--measure", "GEN"]
    return ({"ai": c["event.e"], "n1i": c["n.e"], "ci": c["event.c"], "n2i": c["n.c"]},
            ["--measure", case.call["sm"], "--drop00"])


def metabias(case):
    columns, options = meta_columns(case)
    for step, args, want in steps(case):
        if step not in META_TESTS:
            continue
        doc = ask("bias", columns, *options, "--profile", "metafor", "--only", META_TESTS[step])
        row = doc["tests"][0]
        tol = META if step == "Thompson" else CLOSED
        close(case, f"{step} statistic", row["statistic"], want["statistic"], tol, 0.1)
        close(case, f"{step} pval", row["pval"], want["pval"], LOOSE if step == "Thompson" else tol)
        if step not in ("Begg", "Schwarzer"):
            close(case, f"{step} slope", row["slope"], want["estimate"][0], tol)
            close(case, f"{step} se", row["slope_se"], want["estimate"][1], tol)
    return True


LIMITS = {"beta0": "limit", "betalim": "limit-slope", "mulim": "limit-mean"}


def metasens(case):
    columns, options = meta_columns(case)
    for step, args, want in steps(case):
        method = case.call.get("method.tau", "REML")
        if step == "lfk":
            row = ask("bias", columns, *options, "--only", "lfk")["numbers"][0]
            close(case, "lfk", row["value"], want["lfkindex"])
        elif step == "limitmeta":
            doc = ask("bias", columns, *options, "--profile", "metafor", "--method", method, "--only",
                      LIMITS[args["method.adjust"]] + ",limit-test")
            row, test = doc["adjusted"][0], doc["tests"][0]
            for theirs, ours in (("TE", "estimate"), ("seTE", "se"), ("lower", "ci_lb"), ("upper", "ci_ub")):
                close(case, f"{step} {theirs}", row[ours], want[f"{theirs}.adjust"], META)
            close(case, f"{step} pval", row["estimate_pval"], want["pval.adjust"], LOOSE)
            close(case, f"{step} Q.small", test["statistic"], want["Q.small"], CLOSED)
            close(case, f"{step} G.squared", test["value"] / 100, want["G.squared"], META)
        elif step == "orbbound":
            return False  # outcome reporting bias
    return True


def puniform(case):
    """Their roots are to 1e-4. The moment estimators of p-uniform* are not offered."""
    want, method = case.expect["fit"], case.call["method"]
    is_star = case.call["function"] == "puni_star"
    if method not in (("ML",) if is_star else ("P", "LNP", "KS", "AD")):
        return False
    base = ["--measure", "GEN", "--alternative", "less" if case.call["side"] == "left" else "greater"]
    columns = {"yi": case.data["yi"], "vi": case.data["vi"]}
    doc = ask("bias", columns, *base, "--only", "puniform-star" if is_star else "puniform,puniform-test",
              *([] if is_star else ["--puniform", method]))
    row = doc["adjusted"][0]
    for theirs, ours in (("est", "estimate"), ("ci.lb", "ci_lb"), ("ci.ub", "ci_ub"), ("pval.0", "estimate_pval")):
        close(case, theirs, row[ours], want[theirs], LOOSE, 0.1)
    if method in ("KS", "AD"):
        close(case, "ksig", row["k"], want["ksig"])
    elif is_star:
        close(case, "tau2", row["tau2"], want["tau2"], LOOSE, 0.1)
    else:
        close(case, "ksig", row["k"], want["ksig"])
        close(case, "L.pb", doc["tests"][0]["statistic"], want["L.pb"], LOOSE)
        close(case, "pval.pb", doc["tests"][0]["pval"], want["pval.pb"], LOOSE)
    return True


TOPICS = {"puniform": puniform, "regtest": regtest, "ranktest": ranktest, "trimfill": trimfill, "fsn": fsn, "tes": tes,
          "meta.metabias": metabias, "metasens": metasens}
