# SPDX-License-Identifier: GPL-3.0-or-later
"""One result in every format: the numbers read back from text, CSV, TSV and Markdown are those of the JSON.
formats.py PROGRAM"""
import csv
import io
import json
import math
import os
import re
import statistics
import sys
import tempfile
import xml.etree.ElementTree

from check import check, close, done, run

program = os.path.abspath(sys.argv[1])
DIGITS = 3
SVG = "{http://www.w3.org/2000/svg}"
DISPLAYED = ("display_yi", "display_ci_lb", "display_ci_ub")
NUMBER = r"([−-]?[\d.]+(?:e[+-]\d+)?|[−-]?∞)"
INTERVAL = rf"\[ *{NUMBER}, +{NUMBER}\]"


def metapool(*args):
    result = run([program, *args])
    check(result.returncode == 0, f"{' '.join(args)}: exit {result.returncode}, {result.stderr.decode()}")
    return result.stdout.decode()


def number(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


def shown(text, want, what, digits=DIGITS):
    """A number for people agrees with the JSON to its last digit."""
    if want is None:
        check(math.isinf(number(text)), f"{what}: {text} for null")
        return
    got = number(text)
    fixed = re.fullmatch(r"[−-]?\d+\.(\d+)", text)
    if fixed:
        step = 10.0 ** -len(fixed[1])
    else:
        step = 10.0 ** (math.floor(math.log10(abs(got))) - 1) if got else 10.0 ** -digits
    check(abs(got - want) <= 0.5001 * step, f"{what}: shown {text}, is {want!r}")


def same(cell, want, what):
    """A cell of CSV is the JSON's value, exactly."""
    if want is None:
        check(cell in ("", "Inf", "-Inf"), f"{what}: '{cell}' for null")
    elif isinstance(want, bool):
        check(cell == str(want).lower(), f"{what}: '{cell}' for {want}")
    elif isinstance(want, str):
        check(cell == want, f"{what}: '{cell}' for '{want}'")
    else:
        check(cell != "" and float(cell) == want, f"{what}: '{cell}' for {want!r}")


def check_rows(rows, want, what, renamed=()):
    check(len(rows) == len(want), f"{what}: {len(rows)} rows for {len(want)}")
    for row, object_ in zip(rows, want):
        for key, value in object_.items():
            same(row[dict(renamed).get(key, key)], value, f"{what} {key}")


def check_sheet(text, delimiter, report, what):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines = list(reader)
    header = lines[0]
    check(len(set(header)) == len(header), f"{what}: columns {header}")
    check(all(len(line) == len(header) for line in lines), f"{what}: not a rectangle")
    rows = [dict(zip(header, line)) for line in lines[1:]]
    kind = {t: [r for r in rows if r["type"] == t] for t in {r["type"] for r in rows}}
    check(header[:5] == ["type", "study", "row", "group", "yi"], f"{what}: starts with {header[:5]}")
    check_rows(kind.get("study", []), report["studies"], f"{what} study")
    check_rows(kind.get("excluded", []), report["excluded"], f"{what} excluded")
    check_rows(kind.get("note", []), report["notes"], f"{what} note")
    check([r["text"] for r in kind.get("warning", [])] == report["data"]["warnings"], f"{what}: warnings")
    subgroups = report.get("subgroups", {"groups": [], "contrasts": [], "ungrouped": []})
    check_rows(kind.get("subgroup", []), subgroups["groups"], f"{what} subgroup")
    check_rows(kind.get("contrast", []), subgroups["contrasts"], f"{what} contrast")
    between = [{key: value for key, value in subgroups.items() if key in header and not isinstance(value, list)}]
    check_rows(kind.get("between", []), between if "column" in subgroups else [], f"{what} between")
    check_rows(kind.get("ungrouped", []), subgroups["ungrouped"], f"{what} ungrouped")
    overall = dict(report["model"]["coefficients"][0], k=report["model"]["k"])
    del overall["term"]
    for section in ("heterogeneity", "prediction"):
        overall.update({key: value for key, value in report[section].items() if key in header and key not in overall})
    check_rows(kind.get("overall", []), [overall], f"{what} overall")


def spoken(text):
    """Text without the places where lines were wrapped."""
    return re.sub(r"\n {4,}", " ", text)


def check_sentences(text, report, what):
    text = spoken(text)
    mean, het, pi = report["model"]["coefficients"][0], report["heterogeneity"], report["prediction"]
    line = re.search(rf"Pooled\W+\S+ {NUMBER}, [\d.]+% CI {INTERVAL}(?:, (?:z|t\(([\d.]+)\)) = {NUMBER}, p ([=<>]) "
                     rf"([\d.]+))?", text)
    if check(line is not None, f"{what}: no pooled line in\n{text}"):
        for i, key in enumerate(("display_estimate", "display_ci_lb", "display_ci_ub")):
            shown(line[i + 1], mean[key], f"{what} {key}")
        if line[4]:
            shown(line[4], mean["df"], f"{what} df")
        if line[5]:
            shown(line[5], mean["statistic"], f"{what} statistic")
            p, limit = mean["pval"], float(line[7])
            check({"=": abs(p - limit) <= 0.0005, "<": p < limit, ">": p > limit}[line[6]],
                  f"{what}: p {line[6]} {line[7]} for {p!r}")
    if pi["pi_lb"] is not None:
        line = re.search(rf"new study: [\d.]+% interval {INTERVAL}", text)
        if check(line is not None, f"{what}: no prediction interval"):
            shown(line[1], pi["display_pi_lb"], f"{what} pi_lb")
            shown(line[2], pi["display_pi_ub"], f"{what} pi_ub")
    line = re.search(rf"τ² = {NUMBER} {INTERVAL}, τ = {NUMBER}, I² = {NUMBER}% \[{NUMBER}%, {NUMBER}%\], "
                     rf"H² = {NUMBER}, Q\((\d+)\) = {NUMBER}", text)
    if het["tau2_ci_lb"] is not None and check(line is not None, f"{what}: no heterogeneity line in\n{text}"):
        for i, key in enumerate(("tau2", "tau2_ci_lb", "tau2_ci_ub", "tau", "i2", "i2_ci_lb", "i2_ci_ub", "h2", "q_df",
                                 "q")):
            shown(line[i + 1], het[key], f"{what} {key}")


def check_shown_row(row, object_, keys, what):
    """The estimate and interval in a line for people."""
    found = re.search(rf"{NUMBER}[ |]+{INTERVAL}", row)
    if check(found is not None, f"{what}: no interval in '{row}'"):
        for i, key in enumerate(keys):
            shown(found[i + 1], object_[key], f"{what} {key}")


def shows(line, label):
    """True if a line is about a study; the drawing cuts labels that are too long for it."""
    cut = re.search(r"(\S.{9,}?)…", line)
    return re.search(INTERVAL, line) and (label in line or (cut and label.startswith(cut[1])))


def check_lists(text, report, what):
    lines = text.splitlines()
    for study in report["studies"]:
        row = next((line for line in lines if shows(line, study["study"])), None)
        if check(row is not None, f"{what}: {study['study']} is not listed"):
            lines.remove(row)  # labels need not be unique
            check_shown_row(row, study, DISPLAYED, f"{what} {study['study']}")
    for left_out in report["excluded"]:
        check(left_out["study"] in text, f"{what}: {left_out['study']} has vanished")
        check(left_out["reason"].split()[0] in text.replace("\\", ""),  # Markdown escapes
              f"{what}: no reason for {left_out['study']}")
    table = text[text.find("Subgroups by"):]
    for group in report.get("subgroups", {"groups": []})["groups"]:
        row = next((line for line in table.splitlines() if line.lstrip("| ").startswith(group["group"] + " ")), None)
        if check(row is not None, f"{what}: no subgroup {group['group']}") and group["ci_lb"] is not None:
            check_shown_row(row, group, ("display_estimate", "display_ci_lb", "display_ci_ub"),
                            f"{what} {group['group']}")


def check_scales(report, what):
    """Both scales say the same, and weights are percentages."""
    studies, transform = report["studies"], report["effects"]["transform"]
    back = {None: float, "exp": math.exp, "tanh": math.tanh, "ilogit": lambda x: 1 / (1 + math.exp(-x))}[transform]
    pairs = [(s[key], s["display_" + key]) for s in studies for key in ("yi", "ci_lb", "ci_ub")]
    pairs += [(c[key], c["display_" + key]) for c in report["model"]["coefficients"]
              for key in ("estimate", "ci_lb", "ci_ub")]
    pairs += [(g[key], g["display_" + key]) for g in report.get("subgroups", {"groups": []})["groups"]
              for key in ("estimate", "ci_lb", "ci_ub", "pi_lb", "pi_ub")]
    for x, displayed in pairs:
        if x is None:
            check(displayed is None, f"{what}: {displayed} for null")
        else:
            close(displayed, back(x), 1e-14, f"{what}: {x} on the display scale")
    z = statistics.NormalDist().inv_cdf((1 + report["model"]["level"]) / 2)
    for s in studies:
        close(s["sei"] ** 2, s["vi"], 1e-14, f"{what} {s['study']}: sei")
        close(s["ci_ub"] - s["yi"], z * s["sei"], 1e-12, f"{what} {s['study']}: upper limit")
        close(s["yi"] - s["ci_lb"], z * s["sei"], 1e-12, f"{what} {s['study']}: lower limit")
    close(sum(s["weight"] for s in studies), 100, 1e-12, f"{what}: sum of the weights")


def check_svg(path, report, what):
    """Numbers in the words and in the places of a figure."""
    tree = xml.etree.ElementTree.parse(path).getroot()
    model = json.loads(tree.find(SVG + "metadata").text)
    groups = {g.get("class"): g for g in tree.findall(SVG + "g")}
    ticks = list(zip((float(t.get("x")) for t in groups["ticks"].findall(SVG + "text")), model["axis"]["ticks"]))
    scale = math.log if model["axis"]["scale"] == "log" else float
    (left, low), (right, high) = ticks[0], ticks[-1]
    size = (right - left) / (scale(high) - scale(low))

    def value(x):
        at = scale(low) + (x - left) / size
        return math.exp(at) if model["axis"]["scale"] == "log" else at

    def placed(x, want, key):
        check(abs(size * (scale(value(x)) - scale(want))) < 0.02, f"{what} {key}: at {value(x)}, is {want}")

    rows = {row["cells"][0]: row for row in model["rows"] if row["kind"] == "study"}
    drawn = {}
    for g in tree.findall(SVG + "g[@class='study']"):
        words = [t.text for t in g.findall(SVG + "text")]
        drawn[words[0]] = (" ".join(words[1:]), g)
    check(len(drawn) == len(report["studies"]), f"{what}: {len(drawn)} studies are drawn")
    for study in report["studies"]:
        label = study["study"]
        if not check(label in drawn, f"{what}: {label} is not drawn"):
            continue
        words, g = drawn[label]
        check_shown_row(words, study, DISPLAYED, f"{what} {label}")
        shown(words.split()[-1], study["weight"], f"{what} {label} weight")
        check([rows[label][key] for key in ("x", "lb", "ub")] == [study[key] for key in DISPLAYED],
              f"{what} {label}: {rows[label]}, {study}")
        line = g.find(f"{SVG}g[@class='mark']/{SVG}line")
        square = g.find(f"{SVG}g[@class='mark']/{SVG}rect")
        if square is not None:
            placed(float(square.get("x")) + float(square.get("width")) / 2, study["display_yi"], label)
        if line is not None and not rows[label]["clip_lb"] and not rows[label]["clip_ub"]:
            placed(float(line.get("x1")), study["display_ci_lb"], label)
            placed(float(line.get("x2")), study["display_ci_ub"], label)


CASES = [
    ["pool", "bcg", "--subgroup", "alloc"],
    ["pool", "bcg", "--where", "year > 1950", "--method", "DL", "--test", "z", "--level", "90"],
    ["pool", "iief-change", "--ri", "0.5"],
    ["pool", "icp-map-simulated", "--subgroup", "cell_source"],
    ["pool", "icp-map-simulated", "--subgroup", "model", "--tau2-pooling", "common"],
    ["pool", "icp-response"],
    ["pool", "magnesium", "--method", "EE"],
    ["pool", "stroke-stay"],
    ["pool", "expectancy"],
    ["pool", "smoking-hackshaw1998"],
]
for case in CASES:
    what = " ".join(case)
    people = [*case, "--digits", str(DIGITS)]
    report = json.loads(metapool(*case, "--format", "json"))
    check_scales(report, what)
    check_sheet(metapool(*case, "--format", "csv"), ",", report, f"{what} csv")
    check_sheet(metapool(*case, "--format", "tsv"), "\t", report, f"{what} tsv")
    for form in ("text", "markdown"):
        text = metapool(*people, "--format", form)
        check_sentences(text, report, f"{what} {form}")
        check_lists(text, report, f"{what} {form}")

with tempfile.TemporaryDirectory() as folder:
    for case in (["bcg"], ["icp-map-simulated", "--subgroup", "model"], ["magnesium"], ["vasospasm"]):
        path = os.path.join(folder, "forest.svg")
        metapool("plot", "forest", *case, "--digits", str(DIGITS), "-o", path)
        check_svg(path, json.loads(metapool("pool", *case, "--format", "json")), f"{case[0]} svg")

# Effect sizes in CSV are a dataset again: the same pool comes out of it, and the rows left out are still there.
with tempfile.TemporaryDirectory() as folder:
    for case in (["bcg"], ["icp-map-simulated"], ["magnesium"], ["expectancy"]):
        path = os.path.join(folder, case[0] + ".csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(metapool("effects", *case, "--format", "csv"))
        direct = json.loads(metapool("pool", *case, "--format", "json"))
        again = json.loads(metapool("pool", path, "--format", "json"))
        for key in ("coefficients", "wald", "hartung_knapp", "k", "ll"):
            check(again["model"][key] == direct["model"][key], f"{case[0]} from its effects: {key}")
        check(again["heterogeneity"] == direct["heterogeneity"], f"{case[0]} from its effects: heterogeneity")
        check(len(again["excluded"]) == len(direct["excluded"]), f"{case[0]} from its effects: rows left out")
done()
