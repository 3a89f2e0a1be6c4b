# SPDX-License-Identifier: GPL-3.0-or-later
"""Permutation tests."""
from common import CLOSED, ask, close
from topics_pool import effects_of, pooled_options


def permutest(case):
    columns, options = effects_of(case)
    of_fit = pooled_options(case.call)
    of_fit[of_fit.index("--test") + 1] = "permutation"
    options += [*of_fit, "--draws", 400000]
    want = case.expect["permutest"]
    if "mods" in case.call:
        name = case.call["mods"].removeprefix("~")
        doc = ask("regress", {**columns, name: case.data[name]}, *options, "--mods", name)
    else:
        doc = ask("pool", columns, *options)
    pval = want["pval"] if isinstance(want["pval"], list) else [want["pval"]]
    for j, p in enumerate(pval):
        close(case, f"permutest pval[{j}]", doc["model"]["coefficients"][j]["pval"], p, CLOSED)
    if "mods" in case.call:
        close(case, "permutest QMp", doc["model"]["qm_pval"], want["QMp"], CLOSED)
    n = doc["model"]["draws"] + 1
    close(case, "exact.iter", n if "mods" in case.call else 2 * n, want["exact.iter"], CLOSED)
    close(case, "exact", float(doc["model"]["draws_exact"]), 1, CLOSED)
    return True


TOPICS = {"permutest": permutest}
