# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py METAPOOL CASES: compares the program with numbers that other software gave for the same data and options.

CASES is a folder with one JSON object a line, one file a topic (its README says what the members mean); it lies beside
the project and not in it, so this test is skipped where it is absent. A case becomes a CSV file and a command line.
What is compared, and how closely, follows the case: an independent high-precision answer to 1e-9, closed forms to
1e-10, tightly converged ones to 1e-7, loosely converged ones to 2e-3. Deliberate differences are in differences.csv.

Every topics_*.py beside this file has a table TOPICS from the name of a topic to a function, which returns False for a
case that is not in scope.
"""
import glob
import importlib
import os
import sys

from check import check, done, skip

CASES = sys.argv[2]
if not os.path.isdir(CASES):
    skip(f"no conformance cases: {CASES} is not there")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from common import Case, Refused, differences, tally, used, verdict  # noqa: E402  (asks the program)

topics = {}
for path in sorted(glob.glob(os.path.join(HERE, "topics_*.py"))):
    topics.update(importlib.import_module(os.path.basename(path)[:-3]).TOPICS)
for topic, compare in topics.items():
    for line in open(os.path.join(CASES, topic + ".jsonl"), encoding="utf-8"):
        case = Case(line)
        try:
            tally[topic]["cases" if compare(case) else "not in scope"] += 1
        except Refused as e:
            tally[topic]["cases"] += 1
            verdict(case, "refused", False, str(e))
for topic, counts in tally.items():
    print(f"{topic}: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
for key in differences:
    check(key in used, f"differences.csv: {key} agrees now; remove the row")
done()
