# SPDX-License-Identifier: GPL-3.0-or-later
"""The same for tests in Python as unit/check.h for tests in C: counted checks and the closing line.

    from check import check, close, done, run
    check(condition, "row 3: the label is cut")
    done()                                       # prints "N passed, N failed" and exits

A script finds this module because tests/meson.build puts tests/ on PYTHONPATH.
"""
import math
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
counts = {"passed": 0, "failed": 0}
SHOWN = int(os.environ.get("CHECK_SHOWN", "60"))


def check(ok, message):
    """Counts one check; prints the message if it failed. Returns whether it held."""
    counts["passed" if ok else "failed"] += 1
    if not ok and counts["failed"] <= SHOWN:
        print("FAILED", message, flush=True)
    elif not ok and counts["failed"] == SHOWN + 1:
        print("... more failures are counted, not shown", flush=True)
    return ok


def error(got, want):
    """Relative error; the plain difference at want = 0; infinity where one of the two is no number."""
    if got is None or want is None:
        return 0 if got is want else math.inf
    if got == want or (math.isnan(got) and math.isnan(want)):
        return 0
    if not (math.isfinite(got) and math.isfinite(want)):
        return math.inf
    return abs(got - want) / (abs(want) if want != 0 else 1)


def close(got, want, tol, message):
    off = error(got, want)
    return check(off <= tol, f"{message}: got {got!r}, want {want!r}, error {off:.2g}, allowed {tol:.2g}")


def run(args, **more):
    """Runs a program with an empty standard input and no colours; returns it with stdout and stderr as bytes."""
    env = dict(os.environ, NO_COLOR="1", **more.pop("env", {}))
    if "input" not in more:
        more.setdefault("stdin", subprocess.DEVNULL)
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("stderr", subprocess.PIPE)
    return subprocess.run(args, env=env, timeout=more.pop("timeout", 300), **more)


def without_versions(output):
    """Versions of other software as X.Y.Z: what is printed must not depend on the machine."""
    return re.sub(rb"\b((?:GSL|cJSON|Rmath)[\" :=]+)\d+[.\d]*", rb"\1X.Y.Z", output)


def skip(why):
    """Ends a test that cannot be run here; nothing is counted."""
    print("skipped:", why)
    sys.exit(77)


def done():
    if sum(counts.values()) == 0:
        check(False, "no check was made")
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(counts["failed"] != 0)
