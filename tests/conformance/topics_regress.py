# SPDX-License-Identifier: GPL-3.0-or-later
"""Location-scale models, variance inflation."""
import re

from common import LOOSE, TESTS, ask, close
from topics_pool import FIT, effects_of, pooled_options

SCALE = {"alpha": "estimate", "se.alpha": "se", "zval.alpha": "statistic", "pval.alpha": "pval", "ci.lb.alpha": "ci_lb",
         "ci.ub.alpha": "ci_ub"}


def as_list(x):
    return x if isinstance(x, list) else [x]


def location_scale(case):
    call, fit = case.call, case.expect["fit"]
    columns, options = effects_of(case)
    options += ["--profile", "metafor", "--method", call["method"], "--test", TESTS[call["test"]], "--level",
                call["level"], "--scale", call["scale"]]
    if "mods" in call:
        options += ["--mods", call["mods"]]
    columns = dict(columns, **{name: values for name, values in case.data.items() if name not in ("yi", "vi")})
    doc = ask("regress", columns, *options)
    model, scale = doc["model"], doc["scale"]
    for rows, names in ((model["coefficients"], FIT), (scale["coefficients"], SCALE)):
        for theirs, ours in names.items():
            for j, want in enumerate(as_list(fit[theirs])):
                size = abs(rows[j]["estimate"] or 0) + (rows[j]["se"] or 0)
                close(case, f"{theirs}[{j}]", rows[j][ours], want, LOOSE, 0 if theirs.startswith("se") else size)
    for i, want in enumerate(as_list(fit["tau2"])):
        close(case, f"tau2[{i}]", doc["studies"][i]["tau2"], want, LOOSE, 1e-6)
    close(case, "QE", doc["heterogeneity"]["q"], fit["QE"])
    if "mods" in call:
        close(case, "QM", model["qm"], fit["QM"], LOOSE)
    if len(as_list(fit["alpha"])) > 1:
        close(case, "QS", scale["q"], fit["QS"], LOOSE)
        close(case, "QSp", scale["pval"], fit["QSp"], LOOSE)
    for theirs, ours in (("ll", "ll"), ("AIC", "aic"), ("BIC", "bic"), ("AICc", "aicc")):
        close(case, theirs, model[ours], fit[f"{theirs}.{call['method']}"], 1e-6)
    if "confint" in case.expect:
        doc = ask("regress", columns, *options, "--scale-ci", "profile")
        for j, (_, lb, ub) in enumerate(case.expect["confint"]["random"]["m"]):
            close(case, f"confint lb[{j}]", doc["scale"]["coefficients"][j]["ci_lb"], lb, LOOSE)
            close(case, f"confint ub[{j}]", doc["scale"]["coefficients"][j]["ci_ub"], ub, LOOSE)
    return True


def inflation(case):
    """Of each coefficient, and of all those of a factor."""
    columns, options = effects_of(case)
    moderators = {name: case.data[name] for name in re.findall(r"\w+", case.call["mods"])}
    doc = ask("regress", {**columns, **moderators}, *options, *pooled_options(case.call), "--mods", case.call["mods"])
    if "vifbtt" in case.expect:
        for want in case.expect["vifbtt"]["vif"].values():
            term = next(m for m in doc["moderators"] if m["term"] == want["spec"][0])
            close(case, "GVIF", term["gvif"], want["vif"][0], LOOSE)
            close(case, "GSIF", term["gsif"], want["sif"][0], LOOSE)
        return True
    for j, (row, want) in enumerate(zip(doc["model"]["coefficients"][1:], case.expect["vif"]["vifs"])):
        close(case, f"vif[{j}]", row["vif"], want, LOOSE)
    return True


TOPICS = {"rma.ls": location_scale, "vif": inflation}
