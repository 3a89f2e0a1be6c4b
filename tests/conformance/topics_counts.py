# SPDX-License-Identifier: GPL-3.0-or-later
"""Methods that pool counts: Mantel-Haenszel and Peto, as metafor and meta do them."""
import math

from common import CLOSED, LOOSE, ask, close

FIT = {"beta": "estimate", "se": "se", "zval": "statistic", "pval": "pval", "ci.lb": "ci_lb", "ci.ub": "ci_ub"}
HETEROGENEITY = {"I2": "i2", "H2": "h2", "QE": "q", "QEp": "q_pval"}
# Their name of a test -> ours, without "-uncorrected".
TESTS = {"MH": "cmh", "CO": "cochran"}
RATES = {"MH": "mh-rates"}
ALIKE = {"BD": "breslow-day", "TA": "tarone"}


def at_best(case, step, key):
    """Closed forms all: to 1e-10 where the true answer is not given."""
    wanted = case.wanted(step, key)
    return wanted if wanted is None or wanted[1] < CLOSED else (wanted[0], min(wanted[1], CLOSED))


def compare_fit(case, doc):
    mean, het = doc["model"]["coefficients"][0], doc["heterogeneity"]
    for theirs, ours in FIT.items():
        case.compare(theirs, mean[ours], at_best(case, "fit", theirs))
    case.compare("pval.log10", mean["log_pval"] / math.log(10), at_best(case, "fit", "pval.log10"), floor=1e-6)
    for theirs, ours in HETEROGENEITY.items():
        case.compare(theirs, het[ours], at_best(case, "fit", theirs), floor=1e-6 if theirs == "I2" else 0)
    case.compare("exp", mean["display_estimate"], at_best(case, "predict.exp", "pred"))
    case.compare("exp lb", mean["display_ci_lb"], at_best(case, "predict.exp", "ci.lb"))
    case.compare("exp ub", mean["display_ci_ub"], at_best(case, "predict.exp", "ci.ub"))


def rma_mh(case):
    call = case.call
    to, add = call.get("to", "only0"), call.get("add", 0.5)
    options = ["--measure", call["measure"], "--method", "MH", "--level", call.get("level", 95)]
    options += ["--to", to[0] if isinstance(to, list) else to, "--add", add[0] if isinstance(add, list) else add]
    in_sums = isinstance(to, list) and to[1] != "none" and add[1]
    if in_sums:
        options += ["--mh-counts", "corrected"]
    # Theirs leaves tables without events out of Q alone, ours out of everything: for ratios that is the same.
    # What they add in the sums they add to these tables, too.
    if call.get("drop00", True) and not call["measure"].endswith("D") and not in_sums:
        options.append("--drop00")
    doc = ask("pool", case.columns, *options)
    compare_fit(case, doc)
    tests = {h["hypothesis"]: h for h in doc["hypotheses"]}
    names = {theirs: ours + ("" if call.get("correct", True) else "-uncorrected")
             for theirs, ours in (RATES if call["measure"].startswith("IR") else TESTS).items()} | ALIKE
    for theirs, ours in names.items():
        if ours in tests:
            case.compare(theirs, tests[ours]["statistic"], at_best(case, "fit", theirs))
            case.compare(theirs + "p", tests[ours]["pval"], at_best(case, "fit", theirs + "p"))
    return True


def rma_peto(case):
    options = ["--measure", "PETO", "--method", "PETO", "--level", case.call.get("level", 95), "--drop00"]
    compare_fit(case, ask("pool", case.columns, *options))
    return True


def meta_counts(case):
    """The common-effect part of metabin and metainc; their increments are in the sums unless MH.exact."""
    call, fit = case.call, case.expect["fit"]
    roles = {"event.e": "ai", "n.e": "n1i", "event.c": "ci", "n.c": "n2i"}
    if call["function"] == "metainc":
        roles = {"event.e": "x1i", "time.e": "t1i", "event.c": "x2i", "time.c": "t2i"}
    method = fit["method"].upper()
    measure = "PETO" if method == "PETO" else call.get("sm", "RR")
    columns = {roles[role]: values for role, values in case.columns.items()}
    options = ["--measure", measure, "--to", call.get("method.incr", "only0")]
    if not measure.endswith("D") and not call.get("allstudies"):
        options.append("--drop00")
    reported = ask("pool", columns, *options, "--method", method)
    doc = reported
    if method == "MH":
        doc = ask("pool", columns, *options, "--method", "MH", "--rd-variance", "greenland-robins", "--mh-counts",
                  "reported" if call.get("MH.exact") else "corrected")
    # Q is about their Mantel-Haenszel estimate where tau2 is DerSimonian and Laird's (as RevMan has it), else about
    # the inverse-variance mean.
    about_mh = method == "PETO" or call.get("method.tau") == "DL"
    het = (doc if about_mh else ask("pool", columns, *options, "--method", "EE"))["heterogeneity"]
    mean = doc["model"]["coefficients"][0]
    for theirs, ours in (("TE.common", "estimate"), ("seTE.common", "se"), ("lower.common", "ci_lb"),
                         ("upper.common", "ci_ub"), ("statistic.common", "statistic"), ("pval.common", "pval")):
        close(case, theirs, mean[ours], fit[theirs])
    for theirs, ours in (("Q", "q"), ("df.Q", "q_df"), ("pval.Q", "q_pval")):
        close(case, theirs, het[ours], fit[theirs])
    if isinstance(fit.get("Q.CMH"), float) and method == "MH":
        tests = {h["hypothesis"]: h for h in reported["hypotheses"]}
        ours = tests["mh-rates-uncorrected" if measure.startswith("IR") else "cochran-uncorrected"]
        close(case, "Q.CMH", ours["statistic"], fit["Q.CMH"])
    weights = [w if isinstance(w, (int, float)) else 0 for w in fit["w.common"]]
    for study in doc["studies"]:
        close(case, f"weight {study['row']}", study["weight"], 100 * weights[study["row"] - 1] / sum(weights), floor=1)
    return True


def meta_models(case):
    """GLMMs and penalised logistic regression, which meta leaves to other packages' searches."""
    call, fit = case.call, case.expect["fit"]
    roles = {"event.e": "ai", "n.e": "n1i", "event.c": "ci", "n.c": "n2i", "event": "xi", "n": "ni"}
    columns = {roles[role]: values for role, values in case.columns.items()}
    options = ["--measure", {"PLOGIT": "PLO"}.get(call["sm"], call["sm"]), "--test", "z", "--drop00", "--pi", "none"]
    if fit["method"] == "LRP":
        mean = ask("pool", columns, *options, "--method", "Firth")["model"]["coefficients"][0]
        case.compare("TE.common", mean["estimate"], (fit["TE.common"], LOOSE))
        case.compare("seTE.common", mean["se"], (fit["seTE.common"], LOOSE))
        return True
    options += ["--method", "GLMM"] + (["--glmm-model", call["model.glmm"]] if "model.glmm" in call else [])
    for name, more in (("random", []), ("common", ["--tau2", 0])):
        doc = ask("pool", columns, *options, *more)
        mean = doc["model"]["coefficients"][0]
        case.compare(f"TE.{name}", mean["estimate"], (fit[f"TE.{name}"], LOOSE))
        case.compare(f"seTE.{name}", mean["se"], (fit[f"seTE.{name}"], LOOSE))
        if not more:
            case.compare("tau2", doc["heterogeneity"]["tau2"], (fit["tau2"], LOOSE))
    return True


TOPICS = {"rma.mh": rma_mh, "rma.peto": rma_peto}
