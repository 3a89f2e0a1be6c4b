# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels that would break out of a figure: hostile.py METAPOOL. Every plot type draws them as text in every renderer;
gnuplot runs every script without a word and runs nothing that a label says."""
import csv
import io
import json
import os
import shutil
import sys
import tempfile
import xml.etree.ElementTree as xml

from check import check, done, run

metapool = os.path.abspath(sys.argv[1])
LABELS = ["`touch pwned`", "it's \"quoted\" \\n $(touch pwned)", "</svg><script>alert(1)</script>",
          "{/:Bold x}_1^2 @a&b", "漢字かな交じり文", "דוגמה بحث", "e\u0301\u0302\u0323 a\u030a", "🧪 👩‍🔬", "long " * 100,
          "a\x01\x1b[31m\x7fb", "-- | ; # '", "%d %s %n", "'", "=cmd()", "\u202egnp.exe", "last"]
OPTIONS = {"bubble": ["--mods", "x"], "summary": ["--by", "group"], "gosh": ["--subsets", "200"],
           "forest": ["--subgroup", "group", "--right", "estimate,group", "--favours-left", "`x` 'y' \"z\"",
                      "--notes", "</desc> `a`|'b'", "--lines", "0.1='`q`\"", "--title", "{/:Bold} `t` </title>"]}


def table():
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["study", "yi", "vi", "x", "group", "ai", "n1i", "ci", "n2i"])
    for i, label in enumerate(LABELS):
        rows.writerow([label, (i * 7 % 11 - 3) / 10, 0.02 + i * 5 % 9 / 50, i * 3 % 16, LABELS[i % 3], 3 + i % 4, 40 + i,
                       5 + i % 5, 41 + 2 * i])
    return out.getvalue()


def draw(kind, folder, *options):
    measure = "RR" if kind == "labbe" else "GEN"
    return run([metapool, "plot", kind, "data.csv", "--measure", measure, *OPTIONS.get(kind, []), *options], cwd=folder)


with tempfile.TemporaryDirectory() as scratch:
    with open(os.path.join(scratch, "data.csv"), "w", encoding="utf-8", newline="") as f:
        f.write(table())
    listed = run([metapool, "list", "plots", "--format", "csv"]).stdout.decode()
    n_drawn = 0
    for row in csv.DictReader(listed.splitlines()):
        kind = row["id"]
        tried = draw(kind, scratch, "-o", f"{kind}.svg")
        if tried.returncode == 2 and kind not in OPTIONS:  # needs options of its own, which its own test gives
            continue
        n_drawn += 1
        for ending in ("svg", "gp", "txt", "json", "csv"):
            told = draw(kind, scratch, "-o", f"{kind}.{ending}")
            check(told.returncode == 0, f"{kind}.{ending}: {told.returncode} {told.stderr.decode()}")
        told = draw(kind, scratch, "--ascii")
        check(told.returncode == 0 and max(told.stdout, default=0) < 128 and b"\x1b" not in told.stdout,
              f"{kind}: not ASCII, or control bytes")
        with open(os.path.join(scratch, f"{kind}.svg"), "rb") as f:
            svg = f.read()
        tree = xml.fromstring(svg)
        tags = {e.tag.rpartition("}")[2] for e in tree.iter()}
        check(not tags & {"script", "style", "a", "image", "foreignObject"}, f"{kind}: {tags}")
        check(not any(c < 32 and c != 10 for c in svg) and "\u202e" not in svg.decode(), f"{kind}: control characters")
        with open(os.path.join(scratch, f"{kind}.json"), encoding="utf-8") as f:
            json.load(f)
        if shutil.which("gnuplot"):
            told = run(["gnuplot", f"{kind}.gp"], cwd=scratch)
            check(told.returncode == 0 and not told.stderr and not told.stdout,
                  f"{kind}.gp: {told.returncode} {told.stderr.decode()[-300:]}")
    check(n_drawn >= 14, f"{n_drawn} plot types")
    check(not os.path.exists(os.path.join(scratch, "pwned")), "a label was run")
done()
