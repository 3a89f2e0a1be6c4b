# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden figures as other programs see them: XML parsers, JSON and CSV readers, gnuplot.

What is written in a figure agrees with the numbers in it; every gnuplot script runs as it is, to svg, png and pdf,
without a word, without running anything, and draws its marks where the SVG has them.
"""
import csv
import json
import math
import os
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree as xml

from check import ROOT, check, close, done, run

GOLDEN = os.path.join(ROOT, "tests", "golden")
SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")


def read(name):
    with open(os.path.join(GOLDEN, name), encoding="utf-8") as f:
        return f.read()


def numbers(text):
    return [float(n.replace("−", "-")) for n in NUMBER.findall(text)]


def agree(shown, want, what):
    """A shown number is `want` rounded to the digits shown."""
    text = NUMBER.findall(shown)
    for got, value in zip(text, want):
        digits = len(got.partition(".")[2])
        check(abs(float(got.replace("−", "-")) - value) <= 0.5000001 * 10**-digits, f"{what}: {got} is not {value}")
    check(len(text) == len(want), f"{what}: {shown!r} has not {len(want)} numbers")


def place(axis, value):
    """Share of an axis from left to right, or from bottom to top."""
    scale = {"linear": float, "log": math.log, "sqrt": math.sqrt}[axis["scale"]]
    share = (scale(value) - scale(axis["min"])) / (scale(axis["max"]) - scale(axis["min"]))
    return 1 - share if axis.get("reversed") else share


def centre(mark):
    """Middle of a marker, in points."""
    if mark.tag == SVG + "circle":
        return float(mark.get("cx")), float(mark.get("cy"))
    if mark.tag == SVG + "rect":
        return tuple(float(mark.get(k)) + float(mark.get(s)) / 2 for k, s in (("x", "width"), ("y", "height")))
    return None


def chart(name, tree, model):
    """A chart: CSV has the model's points, and the SVG has its markers where they belong."""
    table = list(csv.DictReader(read(name + ".csv").splitlines()))
    points = [(p["key"], s, i) for p in model["panels"] for s in p["series"] for i in range(len(s["x"]))]
    check(len(table) == len(points), f"{name}: {len(table)} lines of CSV for {len(points)} points")
    for line, (panel, s, i) in zip(table, points):
        check((line["panel"], line["series"], line["kind"]) == (panel, s["key"], s["kind"]), f"{name}: {line}")
        for key in ("x", "y", "x2", "y2", "area"):
            close(float(line[key]) if line[key] else None, s[key][i] if key in s else None, 0, f"{name} CSV {key}")
    drawn = [g for g in tree.findall(SVG + "g") if g.get("class", "").startswith("panel ")]
    check(len(drawn) == len(model["panels"]), f"{name}: {len(drawn)} panels")
    for g, panel in zip(drawn, model["panels"]):
        frame = g.find(f"{SVG}g[@class='axes']/{SVG}rect")
        left, top, wide, tall = (float(frame.get(k)) for k in ("x", "y", "width", "height"))
        marks = [e for e in g.findall(SVG + "g") if e.get("class").startswith("points ")]
        for marked, s in zip(marks, [s for s in panel["series"] if s["kind"] == "points"]):
            check(len(marked) == len(s["x"]), f"{name} {s['key']}: {len(marked)} markers for {len(s['x'])} points")
            for i, mark in enumerate(marked):
                at = centre(mark)
                if at is None or (s.get("clip") and s["clip"][i]):
                    continue
                want = (left + wide * place(panel["x_axis"], s["x"][i]),
                        top + tall * (1 - place(panel["y_axis"], s["y"][i])))
                check(max(abs(at[0] - want[0]), abs(at[1] - want[1])) < 0.011, f"{name} {s['key']} {i}: {at}, {want}")


def figure(name):
    """One case: the SVG, its metadata, the model in JSON and CSV, and the terminal figure say the same."""
    tree = xml.fromstring(read(name + ".svg").encode())
    model = json.loads(read(name + ".json"))
    check(tree.get("role") == "img" and tree[0].tag == SVG + "title" and tree[1].tag == SVG + "desc",
          f"{name}: no role, title and desc for a screen reader")
    check(json.loads(tree.find(SVG + "metadata").text) == model, f"{name}: metadata are not the model")
    tags = {e.tag.replace(SVG, "") for e in tree.iter()}
    check(tags <= {"svg", "title", "desc", "metadata", "rect", "g", "text", "line", "polygon", "circle", "path"},
          f"{name}: {tags}")
    check(not any("on" == a[:2] or "href" in a for e in tree.iter() for a in e.attrib), f"{name}: active content")
    wide = max(len(line) for line in read(name + "-ascii.text").splitlines())
    check(wide <= 80, f"{name}: {wide} columns where 80 were asked for")
    if "panels" in model:
        chart(name, tree, model)
        return tree
    shown = {"estimate": ("x", "lb", "ub"), "effect": ("x",), "interval": ("lb", "ub")}
    columns = [(i, shown[c["key"]]) for i, c in enumerate(model["columns"]) if c["key"] in shown]
    table = list(csv.reader(read(name + ".csv").splitlines()))
    rows = [r for r in model["rows"] if r["kind"] != "blank"]
    check([r[0] for r in table[1:]] == [r["kind"] for r in rows], f"{name}: other rows in CSV")
    text = read(name + ".text")
    for line, row in zip(table[1:], rows):
        if "mark" not in row:
            continue
        for i, keys in columns:
            want = [row[key] for key in keys if row[key] is not None]
            agree(row["cells"][i], want if row["cells"][i] else [], f"{name} {row['cells'][0]}")
            check("x" not in keys or "lb" not in keys or all(part in text for part in row["cells"][i].split()),
                  f"{name}: {row['cells']} not in the text")
        in_csv = dict(zip(table[0], line))
        for key in ("x", "lb", "ub", *(k for k in row if k.startswith("fit_"))):
            close(float(in_csv[key]) if in_csv[key] else None, row[key], 0, f"{name} CSV {key}")
    return tree


def centres(tree):
    """Middles of the studies' squares, in points."""
    for mark in tree.iter(SVG + "rect"):
        if mark.get("x") and mark.get("class") != "band":
            yield (float(mark.get("x")) + float(mark.get("width")) / 2, float(mark.get("y")) + float(mark.get("height")) / 2)


def gnuplot_centres(text, colour):
    """The same of what gnuplot drew in a colour, whose pixels are 3/4 point."""
    rgb = ",".join(f"{int(colour[i:i + 2], 16):3d}" for i in (0, 2, 4)).replace(",", ", ?")
    for points in re.findall(r"<polygon fill = 'rgb\( ?" + rgb + r"\)' points = '([^']*)'", text):
        xy = [tuple(map(float, p.split(","))) for p in points.split()]
        yield (0.375 * (min(x for x, _ in xy) + max(x for x, _ in xy)),
               0.375 * (min(y for _, y in xy) + max(y for _, y in xy)))


def run_gnuplot(name, tree, folder):
    script = read(name + ".gp")
    for ending in ("svg", "pdf", "png"):
        lines = [re.sub("^(#?)(?=set terminal)", "#", line) for line in script.splitlines()]
        lines = [line[1:] if re.match(f"#set terminal {ending}", line) else line for line in lines]
        lines = [line.replace(".gp.svg'", f".gp.{ending}'") for line in lines]
        with open(os.path.join(folder, "figure.gp"), "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        told = run(["gnuplot", "figure.gp"], cwd=folder)
        check(told.returncode == 0 and not told.stderr and not told.stdout,
              f"{name}: gnuplot says {told.returncode} {told.stderr.decode()[-300:]}")
        made = os.path.join(folder, f"{name}.gp.{ending}")
        with open(made, "rb") as f:
            head = f.read(8)
        check(head.startswith({"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}[ending]), f"{name}: no {ending}")
        check(os.path.getsize(made) > 5000, f"{name}: {ending} has {os.path.getsize(made)} bytes")
    with open(os.path.join(folder, f"{name}.gp.svg"), encoding="utf-8") as f:
        drawn = f.read()
    texts = {"".join(e.itertext()).strip() for e in xml.fromstring(drawn.encode()).iter(SVG + "text")}
    for element in tree.iter(SVG + "text"):
        want = element.text.replace('"', "”").replace("\\", "∖").strip() if element.text else ""
        alike = "’" + want[1:] if want.startswith("'") else want
        check(not want or {want, alike, element.text} & texts, f"{name}: gnuplot's figure lacks {want!r}")
    if tree.find(f"{SVG}g[@class='legend']") is not None:
        return
    colour = re.search("^square_colour = '#(.*)'$", script, re.M).group(1)
    ours, theirs = list(centres(tree)), list(gnuplot_centres(drawn, colour))
    check(len(ours) == len(theirs) > 0, f"{name}: {len(ours)} squares, gnuplot has {len(theirs)}")
    for a, b in zip(ours, theirs):
        check(abs(a[0] - b[0]) < 0.6 and abs(a[1] - b[1]) < 0.6, f"{name}: square at {a}, gnuplot's at {b}")


names = sorted(n[:-4] for n in os.listdir(GOLDEN) if n.endswith(".svg"))
with_gnuplot = shutil.which("gnuplot")
for case in names:
    drawn_tree = figure(case)
    if with_gnuplot:
        with tempfile.TemporaryDirectory() as scratch:
            shutil.copy(os.path.join(GOLDEN, case + ".dat"), scratch)
            run_gnuplot(case, drawn_tree, scratch)
            made_files = set(os.listdir(scratch))
            check(made_files == {"figure.gp", case + ".dat"} | {f"{case}.gp.{e}" for e in ("svg", "pdf", "png")},
                  f"{case}: files {made_files}")
if not with_gnuplot:
    print("gnuplot is not installed: its scripts were not run", file=sys.stderr)
done()
