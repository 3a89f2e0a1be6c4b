# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command in README.md runs and says what the README shows; "..." stands for lines left out there.

usage: readme.py METAPOOL    blocks that begin with "$ metapool" show output; sh blocks only have to succeed"""
import os
import re
import subprocess
import sys
import tempfile

from check import ROOT, check, done

program = os.path.abspath(sys.argv[1])
work = tempfile.mkdtemp()
environment = dict(os.environ, PATH=os.path.dirname(program) + os.pathsep + os.environ["PATH"], LC_ALL="C.UTF-8")


def run(command):
    return subprocess.run(command, shell=True, cwd=work, env=environment, capture_output=True, text=True)


def shown_in(want, got):
    """The lines of `want` stand in `got` in order, next to each other unless "..." is between them."""
    at, together = 0, False
    for line in want:
        if line == "...":
            together = False
            continue
        while at < len(got) and got[at] != line and not together:
            at += 1
        if at >= len(got) or got[at] != line:
            return line
        at, together = at + 1, True
    return None


text = open(os.path.join(ROOT, "README.md"), encoding="utf-8").read()
for kind, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.M | re.S):
    lines = [line.rstrip() for line in block.splitlines()]
    if kind == "" and lines and lines[0].startswith("$ "):
        result = run(lines[0][2:])
        got = [line.rstrip() for line in (result.stdout + result.stderr).splitlines()]
        missing = shown_in(lines[1:], got)
        check(missing is None, "%s: does not print (here): %s" % (lines[0], missing))
    elif kind == "sh":
        for line in lines:
            command = line.split("   #")[0].strip()
            if command.startswith("metapool") and (" -o " not in command or not command.endswith(".pdf")):
                result = run(command.replace("| jq '.model.coefficients[0].estimate'", "| cat"))
                check(result.returncode == 0, "%s: exit %d: %s" % (command, result.returncode, result.stderr))
with open(os.path.join(work, "forest.svg"), "rb") as drawn, open(os.path.join(ROOT, "examples/forest.svg"), "rb") as kept:
    check(drawn.read() == kept.read(), "examples/forest.svg is the figure that the README draws")
done()
