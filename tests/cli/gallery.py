# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the gallery: gallery.py METAPOOL SCRIPT. Every plot type and layout is there, every figure is well formed, and
nothing is fetched. The page in examples/ has the same figures: run the script again where it has not."""
import csv
import os
import re
import sys
import tempfile
import xml.etree.ElementTree as xml

from check import check, done, run

metapool, script = map(os.path.abspath, sys.argv[1:3])
CODE = re.compile("<code>(metapool plot [^<]*)</code>")


def read(folder):
    with open(os.path.join(folder, "gallery.html"), encoding="utf-8") as f:
        return f.read()


with tempfile.TemporaryDirectory() as scratch:
    result = run([script, scratch], env={"METAPOOL": metapool, "PATH": os.environ["PATH"]})
    check(result.returncode == 0 and not result.stderr, f"{script}: {result.returncode}, {result.stderr.decode()}")
    page = read(scratch)
    check(sorted(os.listdir(scratch)) == ["forest.svg", "gallery.html"], f"files: {os.listdir(scratch)}")
commands = CODE.findall(page)
figures = re.findall("<svg.*?</svg>", page, re.S)
check(len(figures) >= 25, f"{len(figures)} figures")
for figure in figures:
    check(xml.fromstring(figure).get("role") == "img", "a figure without a role")
for kind in ("plots", "layouts"):
    listed = run([metapool, "list", kind, "--format", "csv"]).stdout.decode()
    for row in csv.DictReader(listed.splitlines()):
        named = f"metapool plot {row['id']} " if kind == "plots" else f"--layout {row['id']} "
        check(row["id"] == "metapool" or any(named in c + " " for c in commands) or
              f"<code>metapool plot {row['id']}</code> needs" in page, f"{kind}: {row['id']} is not in the gallery")
check(not re.search(r"(src|href)=|@import|url\(", page), "something is fetched")
missing = [c for c in CODE.findall(read(os.path.dirname(script))) if c not in commands]
check(not missing, f"examples/gallery.html has figures that the script does not draw: {missing}")
done()
