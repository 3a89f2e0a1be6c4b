# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions over 60 lines and files over 500 need a line with the reason in lint/sizes.txt; stale lines fail too."""
import re

from check import ROOT, check, done
from source import files, read

LONGEST_FUNCTION, LONGEST_FILE, WIDEST = 60, 500, 120

reasons = {}
for line in read("tests/lint/sizes.txt").splitlines():
    if line and not line.startswith("#"):
        what, _, why = line.partition(": ")
        check(len(why.split()) >= 3, f"sizes.txt: {what} gives no reason")
        reasons[what] = False


def judge(what, size, limit):
    if size > limit and what in reasons:
        reasons[what] = True
    else:
        check(size <= limit, f"{what}: {size} lines, limit {limit}; split it, or give the reason in lint/sizes.txt")


for path in files("src", ".c", ".h") + files("include", ".h") + files("tests", ".c", ".h") + files("examples", ".c"):
    lines = read(path).splitlines()
    judge(path, len(lines), LONGEST_FILE)
    wide = [number + 1 for number, line in enumerate(lines) if len(line) > WIDEST]
    check(not wide, f"{path}: wider than {WIDEST} columns in lines {wide}")
    start = None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            head = " ".join(lines[max(0, start - 6):start])
            names = re.findall(r"(\w+)\(", head.rsplit("}", 1)[-1])
            judge(f"{path} {names[0] if names else '?'}", number - start + 1, LONGEST_FUNCTION)
            start = None
for what, used in reasons.items():
    check(used, f"sizes.txt: {what} is not too long any more")
done()
