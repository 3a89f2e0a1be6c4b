# SPDX-License-Identifier: GPL-3.0-or-later
"""
Generalised linear mixed models of counts.

The independent answers are compared to 1e-9. The reference's own optimiser stops early (2e-3), its UM.RS is by
Laplace's approximation (one node), its log-likelihoods with more nodes lack constants, and UM.RS without a distribution
of effects has seven nodes there.
"""
from common import LOOSE, TRUE, ask, roles, verdict

TRUTH = {"beta": "beta", "tau2": "tau2", "se": "se.observed.information", "ll.ML": "ll.ML.exact"}
LIKELIHOOD = {"ll.ML": "ll", "AIC.ML": "aic", "BIC.ML": "bic", "AICc.ML": "aicc"}


def options_of(call):
    laplace = call.get("model") == "UM.RS" and call.get("method") != "EE" or call.get("nAGQ") == 1
    options = ["--method", "GLMM", "--measure", call["measure"], "--test", call.get("test", "z"), "--drop00",
               "--pi", "S" if call.get("test", "z") == "z" else "auto"]
    for name, option in (("model", "--glmm-model"), ("coding", "--glmm-coding")):
        if name in call:
            options += [option, call[name]]
    if call.get("method") == "EE":
        options += ["--tau2", 0]
    if call.get("cor"):
        options.append("--glmm-cor")
    return options + (["--quad-points", 1] if laplace else [])


def glmm(case):
    call = case.call
    if not set(case.columns) <= roles:
        return False
    if "mods" in call:
        verdict(case, "moderators", False, "there are none with counts")
        return True
    if call["measure"] in ("PLO", "IRLN"):
        call.pop("model", None)
    doc = ask("pool", case.columns, *options_of(call))
    mean, model, het = doc["model"]["coefficients"][0], doc["model"], doc["heterogeneity"]
    tests = {row["hypothesis"]: row for row in doc.get("hypotheses", [])}
    more = {row["quantity"]: row["value"] for row in doc.get("quantities", [])}
    got = {"beta": mean["estimate"], "se": mean["se"], "zval": mean["statistic"], "pval": mean["pval"],
           "ci.lb": mean["ci_lb"], "ci.ub": mean["ci_ub"], "tau2": het["tau2"], "I2": het["i2"], "H2": het["h2"],
           "QE.LRT": tests["heterogeneity-lr"]["statistic"], "QEp.LRT": tests["heterogeneity-lr"]["pval"],
           "QE.Wld": tests["heterogeneity-wald"]["statistic"], "QE.df": tests["heterogeneity-lr"]["df"],
           "sigma2": more.get("intercept-variance"), "rho": more.get("correlation")}
    truth = {name: value[0] if isinstance(value, list) else value
             for name, value in getattr(case, "expect_true", {}).get("fit", {}).items()}
    fit = case.expect["fit"]
    has_constants = call.get("model") == "UM.RS" and call.get("method") != "EE" or not het["tau2"]
    if has_constants and call.get("model") != "UM.RS" or call.get("method") != "EE" and call.get("model") == "UM.RS":
        got.update({theirs: model[ours] for theirs, ours in LIKELIHOOD.items()})
    scale = abs(mean["estimate"]) + mean["se"]
    for name, value in got.items():
        if TRUTH.get(name) in truth and TRUTH[name] != "ll.ML.exact":
            case.compare(name, value, (truth[TRUTH[name]], TRUE), scale if name == "beta" else 1e-9)
        elif isinstance(want := fit.get(name), list) and len(want) == 1 or isinstance(want, (int, float)):
            want = want[0] if isinstance(want, list) else want
            floor = {"tau2": 1e-3, "sigma2": 1e-3, "I2": 10, "QEp.LRT": 1e-3, "pval": 1e-2}.get(name, scale if "ci" in name else 0)
            case.compare(name, value, (want, LOOSE), floor)
    if "ll.ML.exact" in truth:
        case.compare("ll", model["ll"], (truth["ll.ML.exact"], TRUE))
    for side in ("lb", "ub"):
        case.compare(f"pi.{side}", doc["prediction"][f"pi_{side}"], case.wanted("predict", f"pi.{side}"), floor=scale)
    verdict(case, "converged", model.get("converged", True), "not converged")
    return True


TOPICS = {"rma.glmm": glmm}
