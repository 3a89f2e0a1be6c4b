# SPDX-License-Identifier: GPL-3.0-or-later
"""same_bytes.py METAPOOL TEST_LOCALE: the same input gives the same bytes under any locale, time zone, folder and run.

A German locale, with its decimal comma, is compiled into a temporary folder, so that the machine need not have one.
"""
import os
import subprocess
import sys
import tempfile

from check import check, done, run

METAPOOL, TEST_LOCALE = map(os.path.abspath, sys.argv[1:3])
COMMANDS = [["pool", "bcg", "--format", f] for f in ("text", "json", "csv", "tsv", "markdown")] + [
    ["pool", "bcg", "--subgroup", "alloc", "--tau2-pooling", "common", "--format", "json"],
    ["effects", "bcg", "--format", "csv"],
    ["pool", "iief-change", "--ri-grid", "0,0.5,0.7"],
    ["data", "show", "bcg"],
    ["list", "measures", "--format", "json"],
    ["help", "pool"],
    ["help", "--man", "pool"],
]
FIGURES = ["svg", "gp", "dat", "json", "csv", "text"]


def german(folder):
    """LOCPATH of a de_DE.UTF-8 made on the spot; None where localedef or its sources are missing."""
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(folder, "de_DE.UTF-8")],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder if made.returncode == 0 else None


def surroundings(locpath):
    yield "C", {"LC_ALL": "C"}
    yield "C.UTF-8 again", {"LC_ALL": "C.UTF-8"}
    yield "another time zone and home", {"TZ": "Asia/Kolkata", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    yield "a locale that does not exist", {"LC_ALL": "xx_XX.UTF-8"}
    if locpath:
        yield "de_DE.UTF-8", {"LC_ALL": "de_DE.UTF-8", "LOCPATH": locpath}


def figures(folder, env):
    """The bytes of each figure the program draws."""
    made = {}
    for ending in FIGURES:
        args = [METAPOOL, "plot", "forest", "bcg", "-o", "forest." + ending]
        result = run(args, env=env, cwd=folder)
        check(result.returncode == 0, f"{' '.join(args)}: {result.stderr.decode()}")
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            with open(path, "rb") as f:
                made[ending, name] = f.read()
            os.remove(path)
    return made


with tempfile.TemporaryDirectory() as top:
    locpath = german(top)
    if not locpath:
        print("no localedef here: de_DE.UTF-8 is left out")
    first, first_figures = {}, None
    for what, env in surroundings(locpath):
        for args in COMMANDS:
            result = run([METAPOOL, *args], env=env, cwd=top)
            check(result.returncode == 0, f"{' '.join(args)} under {what}: {result.stderr.decode()}")
            check(first.setdefault(tuple(args), result.stdout) == result.stdout,
                  f"{' '.join(args)}: other bytes under {what}")
        with tempfile.TemporaryDirectory() as folder:
            made = figures(folder, env)
        first_figures = first_figures or made
        check(made == first_figures, f"figures: other bytes under {what}")
    # The library inside a program that did call setlocale(), which metapool itself never does.
    locale = run([TEST_LOCALE, "C"]).stdout
    check(len(locale) > 1000, f"{TEST_LOCALE} wrote {len(locale)} bytes")
    if locpath:
        check(run([TEST_LOCALE, "de_DE.UTF-8"], env={"LOCPATH": locpath}).stdout == locale,
              "library: other bytes under setlocale(de_DE.UTF-8)")
done()
