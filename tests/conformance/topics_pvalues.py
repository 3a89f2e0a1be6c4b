# SPDX-License-Identifier: GPL-3.0-or-later
"""Combined p-values, as the package metap does them."""
from common import CLOSED, ask, close

# Their function -> our id, their name of the statistic.
FUNCTIONS = {"sumlog": ("fisher", "chisq"), "sumz": ("stouffer", "z"), "sump": ("edgington", None),
             "meanp": ("mean-p", "z"), "meanz": ("mean-z", "z"), "logitp": ("logit", "t"),
             "minimump": ("tippett", "pr"), "maximump": ("maximum", "pr"), "wilkinsonp": ("wilkinson", "pr"),
             "votep": ("sign", "pos"), "truncated": ("truncated", "stat")}


def number(x):
    while isinstance(x, list):
        x = x[0]
    return float(x)


def combined(case):
    want = case.expect["fit"]
    ours, statistic = FUNCTIONS[case.call["function"]]
    options = ["--pvalue", "p", "--truncation", case.call.get("ptrunc", 0.05)]
    if ours == "wilkinson":
        options += ["--rank", want["r"]]
    tests = ask("pvalues", case.columns, *options)["combined"]["tests"]
    test = next(t for t in tests if t["combination"] == ours)
    if statistic:
        close(case, "statistic", test["statistic"], number(want[statistic]), CLOSED, 1e-2)
    close(case, "p", test["pval"], number(want["p"]), CLOSED)
    if "df" in want:
        close(case, "df", test["df"], number(want["df"]), CLOSED)
    return True


TOPICS = {"pvalue-combination": combined}
