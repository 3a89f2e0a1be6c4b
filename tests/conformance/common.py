# SPDX-License-Identifier: GPL-3.0-or-later
"""What every topic of the conformance test uses: cases, questions to the program, comparisons that are counted."""
import collections
import csv
import json
import math
import os
import sys
import tempfile

from check import check, error, run

METAPOOL = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
TRUE, CLOSED, TIGHT, LOOSE, META = 1e-9, 1e-10, 1e-7, 2e-3, 1e-4
CLOSED_METHODS = {"EE", "FE", "DL", "HE", "HS", "HSk", "SJ"}
# Their names for tests of coefficients.
TESTS = {"z": "z", "t": "t", "knha": "hksj", "adhoc": "hksj-adhoc"}
ESCALC_OPTIONS = {"vtype": "--vtype", "add": "--add", "to": "--to"}

tally = collections.defaultdict(collections.Counter)


class Refused(Exception):
    """The program did not give a result."""


def listed(registry):
    """Every name that a registry of the program answers to."""
    answer = json.loads(run([METAPOOL, "list", registry, "--format", "json"]).stdout)
    return {name for row in answer["entries"] for name in [row["id"], *(row.get("aliases") or "").split()]}


def write_csv(path, columns):
    def cell(x):
        return "NA" if x is None else repr(x) if isinstance(x, float) else str(x)

    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(columns)
        out.writerows([cell(x) for x in row] for row in zip(*columns.values()))


def ask(command, columns, *options):
    """Runs `metapool COMMAND data.csv OPTIONS --format json` on these columns."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.csv")
        write_csv(path, columns)
        result = run([METAPOOL, command, path, *map(str, options), "--format", "json"])
    if result.returncode != 0:
        raise Refused(f"exit {result.returncode}: {result.stderr.decode().strip()}")
    return json.loads(result.stdout)


class Case:
    def __init__(self, line):
        self.__dict__.update(json.loads(line))
        self.columns = {role: self.data[name] for role, name in dict(self.call["columns"]).items()}

    def wanted(self, step, key):
        """(value, tolerance) of the best answer there is, or None."""
        for part, tol in (("expect_true", TRUE), ("expect_tight", TIGHT), ("expect", None)):
            value = getattr(self, part, {}).get(step, {})
            value = value.get(key) if isinstance(value, dict) else None
            if isinstance(value, list) and len(value) == 1:
                value = value[0]
            if value is None or isinstance(value, (list, str, bool)):
                continue
            if tol is None:
                closed = self.call.get("method") in CLOSED_METHODS or "tau2" in self.call
                tol = CLOSED if closed and step != "confint" and self.trust == "exact" else LOOSE
            return value, tol
        return None

    def compare(self, name, got, wanted, floor=0.0):
        """Relative error, with `floor` the size below which only the absolute error counts."""
        if wanted is None:
            return
        want, tol = wanted
        got = math.nan if got is None else got
        off = abs(got - want) / max(abs(want), floor) if floor and math.isfinite(got) else error(got, want)
        verdict(self, name, off <= tol, f"got {got!r}, want {want!r}, error {off:.2g}, allowed {tol:.2g}")


def verdict(case, name, ok, message):
    """Counts a comparison; a deliberate difference must still be one, or its row is stale."""
    key = case.id, name
    topic = tally[case.topic]
    if not ok and (key in differences or (case.id, "*") in differences):
        used.add(key if key in differences else (case.id, "*"))
        topic["different on purpose"] += 1
        return
    topic["equal" if ok else "FAILED"] += 1
    check(ok, f"{case.id} {name}: {message}")


def read_differences():
    with open(os.path.join(HERE, "differences.csv"), newline="", encoding="utf-8") as f:
        rows = csv.DictReader(line for line in f if not line.startswith("#"))
        return {(row["id"], row["name"]): row["reason"] for row in rows}


def close(case, name, got, want, tol=CLOSED, floor=0.0):
    """One number; what is not finite there must be missing here."""
    if not isinstance(want, (int, float)) or not math.isfinite(want):
        verdict(case, name, got is None, f"got {got!r}, want {want!r}")
    else:
        case.compare(name, got, (want, tol), floor)


def columns_equal(case, rows, names, tol=CLOSED, floor=0.0):
    """names: ours -> theirs, in the case's fit."""
    for ours, theirs in names.items():
        for i, want in enumerate(case.expect["fit"][theirs]):
            close(case, f"{theirs}[{i + 1}]", rows[i].get(ours), want, tol, floor)


differences, used = read_differences(), set()
measures, methods, roles, predictions = listed("measures"), listed("methods"), listed("roles"), listed("pi")
