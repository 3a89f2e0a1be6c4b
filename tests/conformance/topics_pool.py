# SPDX-License-Identifier: GPL-3.0-or-later
"""Effect sizes, pooled fits, subgroups, meta-regression; and the same by the package meta."""
import math
import re

from common import (CLOSED, CLOSED_METHODS, ESCALC_OPTIONS, LOOSE, META, TESTS, TIGHT, TRUE, Refused, ask, measures,
                    methods, predictions, roles, verdict)
from topics_counts import meta_counts, meta_models


def effect_options(call):
    options = ["--measure", call["measure"]]
    for name, option in ESCALC_OPTIONS.items():
        if name in call:
            options += [option, call[name]]
    if call.get("drop00"):
        options.append("--drop00")
    if call.get("correct") is False:
        options.append("--no-correct")
    if "flip" in call["columns"]:
        options += ["--flip", "flip"]
    return options


def escalc(case):
    measure = case.call.setdefault("measure", "GEN")  # theirs where yi and vi are given
    if measure not in measures or not set(case.columns) <= roles | {"flip"}:
        return False
    doc = ask("effects", case.columns, *effect_options(case.call))
    got = {study["row"]: study for study in doc["studies"]}
    fit = getattr(case, "expect_true", case.expect)["fit"]
    tol = TRUE if hasattr(case, "expect_true") else CLOSED
    for i, (yi, vi) in enumerate(zip(fit["yi"], fit["vi"])):
        study = got.get(i + 1)
        if yi is None or vi is None:
            verdict(case, f"row {i + 1}", study is None, f"got {study}, want no effect")
        elif study is None:
            verdict(case, f"row {i + 1}", False, f"no effect, want {yi}")
        else:
            case.compare(f"yi[{i + 1}]", study["yi"], (yi, tol))
            case.compare(f"vi[{i + 1}]", study["vi"], (vi, tol))
    return True


def pooled_options(call):
    test = call.get("test", "z")
    # Their prediction interval goes with the test: normal beside z, else t with its standard error.
    options = ["--profile", "metafor", "--method", call["method"], "--test", TESTS[test],
               "--pi", "S" if test == "z" else "auto", "--level", call.get("level", 95)]
    if "tau2" in call:
        options += ["--tau2", repr(float(call["tau2"]))]
    if call.get("weighted") is False:
        options += ["--weights", "equal"]
    elif "weights" in call["columns"]:
        options += ["--weights", "given"]
    if call.get("i2def") == "2":
        options += ["--i2-def", "harmonic"]
    return options


def effects_of(case):
    """Columns and options: the raw data if the program knows the measure, else the effects the reference computed."""
    if case.call["measure"] in measures and set(case.columns) <= roles:
        return case.columns, effect_options(case.call)
    fit = case.expect["fit"]
    return {"yi": fit["yi"], "vi": fit["vi"]}, ["--measure", "GEN"]


# Their name in a fit -> where it is in our JSON.
FIT = {"beta": "estimate", "se": "se", "zval": "statistic", "pval": "pval", "ci.lb": "ci_lb", "ci.ub": "ci_ub"}
HETEROGENEITY = {"tau2": "tau2", "se.tau2": "se_tau2", "I2": "i2", "H2": "h2", "QE": "q", "QEdf": "q_df",
                 "QEp": "q_pval"}
CONFINT = {"tau^2": "tau2", "tau": "tau", "I^2(%)": "i2", "H^2": "h2"}


def confint_wanted(case, row, side):
    for part, tol in (("expect_true", TRUE), ("expect", LOOSE)):
        # the interval of a generalised Q with weights of the user's choice goes by another name here
        step = getattr(case, part, {}).get("confint.qp" if case.call["method"].startswith("GENQ") else "confint")
        if not step:
            continue
        if "rows" in step:
            value = step[side][step["rows"].index(row)] if row in step["rows"] else None
            return (value, tol) if value is not None else None
        m = step["random"]
        if row in m["rownames"] and not step.get("ci.null"):
            return m["m"][m["rownames"].index(row)][1 if side == "lb" else 2], tol
    return None


def rma_uni(case):
    if case.call["function"] != "rma.uni" or "mods" in case.call or case.call["method"] not in methods:
        return False
    columns, options = effects_of(case)
    options += pooled_options(case.call)
    if case.trust == "error-no-truth":
        try:
            ask("pool", columns, *options)
            verdict(case, "refused", False, "a result where there is none")
        except Refused as e:
            verdict(case, "refused", str(e).startswith("exit 4"), str(e))
        return True
    doc = ask("pool", columns, *options)
    mean, het = doc["model"]["coefficients"][0], doc["heterogeneity"]
    scale = abs(mean["estimate"]) + mean["se"]
    for theirs, ours in FIT.items():
        case.compare(theirs, mean[ours], case.wanted("fit", theirs), floor=scale if theirs.startswith("ci") else 0)
    case.compare("pval.log10", mean["log_pval"] / math.log(10), case.wanted("fit", "pval.log10"), floor=1e-6)
    for theirs, ours in HETEROGENEITY.items():
        case.compare(theirs, het[ours], case.wanted("fit", theirs))
    case.compare("QEp.log10", het["q_log_pval"] / math.log(10), case.wanted("fit", "QEp.log10"), floor=1e-6)
    case.compare("k", doc["model"]["k"], case.wanted("fit", "k"))
    for side in ("lb", "ub"):
        case.compare(f"pi.{side}", doc["prediction"][f"pi_{side}"], case.wanted("predict", f"pi.{side}"), floor=scale)
        for theirs, ours in CONFINT.items():
            case.compare(f"{theirs} {side}", het[f"{ours}_ci_{side}"], confint_wanted(case, theirs, side))
    if case.call["method"] in ("ML", "REML"):
        for theirs, ours in (("ll", "ll"), ("AIC", "aic"), ("BIC", "bic"), ("AICc", "aicc")):
            case.compare(theirs, doc["model"][ours], case.wanted("fit", f"{theirs}.{case.call['method']}"))
    return True


def hard(case):
    """Any of these; designs that the reference makes smaller by itself must be so on request, and refused without."""
    if "mods" not in case.call:
        return rma_uni(case)
    if case.call["function"] != "rma.uni":
        return False
    columns, options = effects_of(case)
    columns = {**columns, **{name: values for name, values in case.data.items() if name in case.call["mods"]}}
    options += pooled_options(case.call) + ["--mods", case.call["mods"]]
    terms = {"beta": [0, 0]} if case.trust == "error-no-truth" else case.expect_true["fit"]
    if case.trust == "error-no-truth" or len(terms["beta"]) < case.call["mods"].count("+") + 2:
        try:
            ask("regress", columns, *options)
            verdict(case, "refused", False, "a result where there is none")
        except Refused as e:
            verdict(case, "refused", str(e).startswith("exit 4"), str(e))
    if case.trust != "error-no-truth":
        if abs(terms["QE"]) < 1e-50: # what rounding leaves of 0 in the reference
            terms["QE"] = 0
        regression(case, ["--drop-redundant"])
    return True


def henmi_copas(case):
    columns, options = effects_of(case)
    doc = ask("pool", columns, *options, "--test", "hc", "--pi", "none", "--level", case.call["level"])
    mean, want = doc["model"]["coefficients"][0], case.expect["hc"]
    for theirs, ours in (("beta", "estimate"), ("se", "se")):
        case.compare(theirs, mean[ours], (want[theirs], CLOSED))
    for theirs, ours in (("ci.lb", "ci_lb"), ("ci.ub", "ci_ub")): # their root is to 1e-4
        case.compare(theirs, mean[ours], (want[theirs], LOOSE), floor=abs(mean["estimate"]) + mean["se"])
    case.compare("tau2", doc["heterogeneity"]["tau2"], (want["tau2"], CLOSED))
    row = ask("bias", columns, *options, "--only", "henmi-copas", "--level", case.call["level"])["adjusted"][0]
    for key in ("estimate", "se", "ci_lb", "ci_ub"):
        case.compare(f"{key} in the table of bias", row[key], (mean[key], CLOSED))
    return True


def weighted(case):
    """As any fit; and the weights."""
    if not rma_uni(case):
        return False
    if "weights" in case.expect:
        columns, options = effects_of(case)
        doc = ask("pool", columns, *options, *pooled_options(case.call))
        for study, want in zip(doc["studies"], case.expect["weights"]["value"]):
            case.compare(f"weight {study['study']}", study["weight"], (want, CLOSED))
    return True


def subgroup(case):
    if case.call["method"] not in methods:
        return False
    columns, options = effects_of(case)
    columns = dict(columns, sg=case.data["sg"])
    options += pooled_options(case.call) + ["--subgroup", "sg"]
    want = getattr(case, "subgroup.expect")
    tol = CLOSED if case.call["method"] in CLOSED_METHODS else LOOSE
    for pooling in ("separate", "common"):
        doc = ask("pool", columns, *options, "--tau2-pooling", pooling)
        groups = {g["group"]: g for g in doc["subgroups"]["groups"]}
        between = doc["subgroups"]
        beta = getattr(case, "expect_true")["fit"]["beta"]
        for j, level in enumerate(want["levels"]):
            got = groups[level]
            case.compare(f"{pooling} k {level}", got["k"], (want["k"][j], 0))
            for theirs, ours in (("est", "estimate"), ("se", "se"), ("tau2", "tau2"), ("ci.lb", "ci_lb"),
                                 ("ci.ub", "ci_ub"), ("pval", "pval"), ("QE", "q"), ("QEp", "q_pval"), ("I2", "i2")):
                values = want[pooling].get(theirs)
                if isinstance(values, list) and values[j] is not None:
                    case.compare(f"{pooling} {theirs} {level}", got[ours], (values[j], tol),
                                 floor=abs(got["estimate"]) + got["se"] if theirs.startswith("ci") else 0)
            if pooling == "common":
                # Treatment contrasts of the meta-regression that the high-precision answer is for.
                case.compare(f"common mean {level}", got["estimate"], (beta[0] + (beta[j] if j else 0), TRUE), 1e-3)
        if pooling == "separate":
            case.compare("Q.between", between["q"], (want["separate"]["Q.between"], tol))
            case.compare("p", between["q_pval"], (want["separate"]["p"], tol))
        else:
            case.compare("common tau2", doc["subgroups"]["tau2"], case.wanted("fit", "tau2"))
            case.compare("QM", between["q"], case.wanted("fit", "QM"))
            case.compare("QMp", between["q_pval"], case.wanted("fit", "QMp"))
    return True


def wanted_list(case, step, key):
    """As Case.wanted, for the coefficients or rows of a step: (value, tolerance) each."""
    for part, tol in (("expect_true", TRUE), ("expect_tight", TIGHT), ("expect", None)):
        values = getattr(case, part, {}).get(step, {})
        values = values.get(key) if isinstance(values, dict) else None
        if values is None:
            continue
        values = values if isinstance(values, list) else [values]
        if tol is None:
            closed = case.call["method"] in CLOSED_METHODS and case.trust == "exact"
            tol = CLOSED if closed and step != "confint" else LOOSE
        return [(value, tol) for value in values]
    return []


def predicted_at(case, columns):
    """The rows of the data as --predict wants them."""
    rows = [study - 1 for study in case.expect["predict"]["slab"]] if "predict" in case.expect else [0]
    return ";".join(",".join(f"`{name}`='{columns[name][i]}'" for name in columns) for i in rows)


def regression(case, more=()):
    call = case.call
    if call["method"] not in methods:
        return False
    columns, options = effects_of(case)
    moderators = {name: values for name, values in case.data.items()
                  if re.search(rf"\b{re.escape(name)}\b", call["mods"])}
    if any(None in values for values in moderators.values()):
        return False
    options = options + pooled_options(call) + ["--r2", call.get("r2def", "1"), "--mods", call["mods"],
                         "--predict", predicted_at(case, moderators), *more]
    doc = ask("regress", {**columns, **moderators}, *options)
    model, het, terms = doc["model"], doc["heterogeneity"], doc["model"]["coefficients"]
    for theirs, ours in FIT.items():
        for j, want in enumerate(wanted_list(case, "fit", theirs)):
            scale = abs(terms[j]["estimate"]) + terms[j]["se"]
            case.compare(f"{theirs}[{j}]", terms[j][ours], want, floor=0 if theirs in ("se", "pval") else scale)
    for theirs, ours in HETEROGENEITY.items():
        case.compare(theirs, het[ours], case.wanted("fit", theirs))
    for theirs, got in (("QM", model["qm"]), ("QMp", model["qm_pval"]), ("k", model["k"]), ("p", model["p"]),
                        ("s2w", model["hksj_factor"] if call.get("test") == "knha" else None)):
        if got is not None:
            case.compare(theirs, got, case.wanted("fit", theirs))
    if call["method"] in ("ML", "REML"):
        for theirs, ours in (("ll", "ll"), ("AIC", "aic"), ("BIC", "bic"), ("AICc", "aicc")):
            case.compare(theirs, model[ours], case.wanted("fit", f"{theirs}.{call['method']}"))
    case.compare("R2", doc["explained"]["r2"], case.wanted("fit", "R2"))
    for theirs, ours in (("pred", "estimate"), ("se", "se"), ("ci.lb", "ci_lb"), ("ci.ub", "ci_ub"),
                         ("pi.lb", "pi_lb"), ("pi.ub", "pi_ub")):
        for i, want in enumerate(wanted_list(case, "predict", theirs)):
            row = doc["predictions"][i]
            case.compare(f"predict {theirs}[{i}]", row[ours], want, floor=abs(row["estimate"]) + row["se"])
    for side in ("lb", "ub"):
        for theirs, ours in CONFINT.items():
            case.compare(f"{theirs} {side}", het[f"{ours}_ci_{side}"], confint_wanted(case, theirs, side))
    for theirs, ours in (("LRT", "lrt"), ("pval", "lrt_pval")):
        case.compare(f"lrt {theirs}", doc["explained"][ours], case.wanted("lrt", theirs))
    return True


# Names of R's meta.
META_TESTS = {"classic": "z", "HK": "hksj", "KR": "kr"}
META_PI = {"V": "V", "HTS": "HTS", "HK": "HK", "HK-PR": "HK-PR", "KR": "KR", "S": "S"}
META_KNOWN = {"function", "method", "sm", "prediction", "method.tau", "method.random.ci", "method.predict", "method.I2",
              "columns", "tau.common", "adhoc.hakn.ci", "method.ci", "pooledvar", "method.smd", "exact.smd", "incr",
              "method.incr", "allstudies", "method.tau.ci"}


def meta_case(case):
    """Pooling by inverse variance of the effects that `meta` computed, or of counts."""
    call, fit = case.call, case.expect["fit"]
    if fit.get("method") in ("MH", "Peto"):
        return meta_counts(case)
    if fit.get("method") in ("GLMM", "LRP"):
        return meta_models(case)
    if fit.get("method") in ("SSW", "Cochran"):
        verdict(case, "method", False, "not among the methods")
        return True
    method = call.get("method.tau", "REML")
    test = "hksj-adhoc" if call.get("adhoc.hakn.ci") == "se" else META_TESTS.get(call.get("method.random.ci", "classic"))
    if (not set(call) <= META_KNOWN or "cluster" in call["columns"] or call.get("method", "Inverse") != "Inverse" or
            fit.get("method") != "Inverse" or test is None or method not in methods):
        return False
    used = [i for i, sei in enumerate(fit["seTE"]) if isinstance(sei, (int, float)) and fit["TE"][i] is not None]
    columns = {"yi": [fit["TE"][i] for i in used], "sei": [fit["seTE"][i] for i in used]}
    base = ["--profile", "metafor", "--level", 95, "--measure", "GEN"]
    if "subgroup" in call["columns"]:
        columns["sg"] = [case.data["subgroup"][i] for i in used]
        return meta_subgroup(case, columns, base + ["--method", method, "--test", test])
    doc = ask("pool", columns, *base, "--method", method, "--test", test)
    tol = CLOSED
    if method not in CLOSED_METHODS:
        # Their tau2 stops at an absolute 1e-5. What follows from it is compared at their value where that can be given.
        off = abs(doc["heterogeneity"]["tau2"] - fit["tau2"])
        verdict(case, "tau2", off <= max(1e-5, META * fit["tau2"]), f"{doc['heterogeneity']['tau2']}, {fit['tau2']}")
        if test == "kr" or fit.get("method.predict") == "KR":
            tol = LOOSE
        else:
            base += ["--tau2", repr(float(fit["tau2"]))]
            doc = ask("pool", columns, *base, "--method", method, "--test", test)
    mean, het = doc["model"]["coefficients"][0], doc["heterogeneity"]
    scale = abs(mean["estimate"]) + mean["se"]
    for theirs, got in (("TE.random", mean["estimate"]), ("seTE.random", mean["se"]), ("lower.random", mean["ci_lb"]),
                        ("upper.random", mean["ci_ub"]), ("pval.random", mean["pval"]), ("tau2", het["tau2"]),
                        ("Q", het["q"]), ("df.Q", het["q_df"]), ("pval.Q", het["q_pval"])):
        if isinstance(fit.get(theirs), (int, float)):
            case.compare(theirs, got, (fit[theirs], tol), scale if "er.r" in theirs else 0.01 if theirs == "tau2" else 0)
    common = ask("pool", columns, *base[:6], "--method", "EE")["model"]["coefficients"][0]
    for theirs, ours in (("TE.common", "estimate"), ("seTE.common", "se"), ("lower.common", "ci_lb"),
                         ("upper.common", "ci_ub"), ("pval.common", "pval")):
        if isinstance(fit.get(theirs), (int, float)):
            case.compare(theirs, common[ours], (fit[theirs], CLOSED), floor=scale if "er.c" in theirs else 0)
    variant = META_PI.get(fit.get("method.predict"))
    if call.get("prediction") and variant in predictions:
        doc = ask("pool", columns, *base, "--method", method, "--test", test, "--pi", variant)
        for side, theirs in (("lb", "lower.predict"), ("ub", "upper.predict")):
            case.compare(theirs, doc["prediction"][f"pi_{side}"], (fit[theirs], tol), floor=scale)
    return True


def meta_subgroup(case, columns, options):
    fit = case.expect["fit"]
    pooling = "common" if case.call.get("tau.common") else "separate"
    doc = ask("pool", columns, *options, "--subgroup", "sg", "--tau2-pooling", pooling)
    groups = {g["group"]: g for g in doc["subgroups"]["groups"]}
    for j, level in enumerate(fit["subgroup.levels"]):
        for theirs, ours in (("TE.random.w", "estimate"), ("seTE.random.w", "se"), ("tau2.w", "tau2"), ("Q.w", "q")):
            if isinstance(fit[theirs], list) and isinstance(fit[theirs][j], (int, float)):
                case.compare(f"{theirs} {level}", groups[level][ours], (fit[theirs][j], META), floor=0.1)
    case.compare("Q.b.random", doc["subgroups"]["q"], (fit["Q.b.random"], META))
    case.compare("pval.Q.b.random", doc["subgroups"]["q_pval"], (fit["pval.Q.b.random"], META))
    return True


TOPICS = {"hc": henmi_copas, "rma.uni.weights": weighted, "rma.uni.genq": rma_uni, "rma.uni.i2def": rma_uni,
          "escalc": escalc, "rma.uni": rma_uni, "rma.uni.fixtau2": rma_uni, "hard": hard, "subgroup": subgroup,
          "meta-regression": regression, "meta-regression.r2def": regression, "meta-regression.lrt": regression,
          "meta.metagen": meta_case, "meta.metabin": meta_case, "meta.metacont": meta_case, "meta.metacor": meta_case,
          "meta.metainc": meta_case, "meta.metamean": meta_case, "meta.metaprop": meta_case, "meta.metarate": meta_case,
          "meta.subgroup": meta_case}
