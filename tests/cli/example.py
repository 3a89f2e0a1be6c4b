# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an example in a folder of its own: example.py EXPECTED METAPOOL COMMAND...; EXPECTED is what it prints, and then
the names of the files it writes. With UPDATE set in the environment EXPECTED is written instead."""
import os
import sys
import tempfile

from check import check, done, run, without_versions

expected, metapool, command = sys.argv[1], os.path.abspath(sys.argv[2]), [os.path.abspath(sys.argv[3])] + sys.argv[4:]
with tempfile.TemporaryDirectory() as folder:
    result = run(command, cwd=folder, env={"METAPOOL": metapool})
    text = without_versions(result.stdout).decode() + "".join(f"[{name}]\n" for name in sorted(os.listdir(folder)))
check(result.returncode == 0 and not result.stderr, f"{command[0]}: {result.returncode}, {result.stderr.decode()}")
if os.environ.get("UPDATE"):
    with open(expected, "w", encoding="utf-8") as f:
        f.write(text)
with open(expected, encoding="utf-8") as f:
    want = f.read().splitlines()
got = text.splitlines()
check(len(got) == len(want), f"{expected}: {len(got)} lines, expected {len(want)}")
for number, (one, other) in enumerate(zip(got, want), 1):
    check(one == other, f"{expected}:{number}:\n  want {other}\n  got  {one}")
done()
