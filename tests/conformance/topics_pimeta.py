# SPDX-License-Identifier: GPL-3.0-or-later
"""Prediction intervals as the package pimeta makes them."""
from common import LOOSE, ask, verdict

# Their method -> ours: estimator, test, prediction interval.
METHODS = {"APX": ("REML", "t", "HTS"), "CL": ("REML", "t", "HTS"), "HTS": ("DL", "t", "HTS"),
           "HK": ("REML", "hksj", "HK-PR"), "KR": ("REML", "kr", "KR-PR")}


def pima(case):
    call, want = case.call, case.expect["fit"]
    if call["method"] not in METHODS:
        verdict(case, "method", False, f"there is no {call['method']}")
        return True
    method, test, pi = METHODS[call["method"]]
    doc = ask("pool", {"yi": call["y"], "vi": call["v"]}, "--measure", "GEN", "--method", method, "--test", test,
              "--pi", pi)
    mean, scale = doc["model"]["coefficients"][0], abs(want["muhat"]) + want["vmuhat"] ** 0.5
    for name, got in (("muhat", mean["estimate"]), ("lci", mean["ci_lb"]), ("uci", mean["ci_ub"]),
                      ("lpi", doc["prediction"]["pi_lb"]), ("upi", doc["prediction"]["pi_ub"]),
                      ("tau2h", doc["heterogeneity"]["tau2"]), ("i2h", doc["heterogeneity"]["i2"])):
        case.compare(name, got, (want[name], LOOSE), 0 if name in ("tau2h", "i2h") else scale)
    return True


TOPICS = {"pimeta": pima}
