# SPDX-License-Identifier: GPL-3.0-or-later
"""sum.py TESTLOG STATUS: adds up the closing lines of all tests that meson ran; a test without one counts as failed."""
import json
import os
import re
import sys

passed = failed = 0
log, status = sys.argv[1], int(sys.argv[2])
if os.path.exists(log):
    for line in open(log, encoding="utf-8"):
        test = json.loads(line)
        lines = (test.get("stdout") or "").rstrip().rsplit("\n", 1)
        found = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1].strip())
        if test["result"] == "SKIP":
            print(f"{test['name']}: {lines[-1]}")
        elif found and (test["result"] == "OK" or int(found[2]) > 0):
            passed += int(found[1])
            failed += int(found[2])
        else:
            print(f"{test['name']}: ended without its closing line ({test['result']}, status {test['returncode']})")
            failed += 1
if passed + failed == 0:
    print("no test was run")
    failed = 1
elif status != 0 and failed == 0:
    print(f"meson test ended with status {status}")
    failed = 1
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
