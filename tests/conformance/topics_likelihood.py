# SPDX-License-Identifier: GPL-3.0-or-later
"""Shrunken effects of studies."""
from common import ask
from topics_pool import effects_of, pooled_options, wanted_list

BLUP = {"pred": "estimate", "se": "se", "pi.lb": "ci_lb", "pi.ub": "ci_ub"}
RANEF = {"pred": "ranef", "se": "ranef_se", "pi.lb": "ranef_lb", "pi.ub": "ranef_ub"}


def blup(case):
    columns, options = effects_of(case)
    options += pooled_options(case.call)
    if "mods" in case.call:
        name = case.call["mods"].removeprefix("~")
        columns = {**columns, name: case.data[name]}
        options += ["--mods", name]
    rows = ask("blup", columns, *options)["studies"]
    for step, names in (("blup", BLUP), ("ranef", RANEF), ("fitted", {"value": "fitted"})):
        for theirs, ours in names.items():
            for i, want in enumerate(wanted_list(case, step, theirs)):
                # a limit near 0 is as good as the estimate and its standard error
                case.compare(f"{step} {theirs}[{i}]", rows[i][ours], want, abs(rows[i]["estimate"]) + rows[i]["se"])
    return True


TOPICS = {"blup": blup}
