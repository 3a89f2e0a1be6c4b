# SPDX-License-Identifier: GPL-3.0-or-later
"""bad_inputs.py METAPOOL FOLDER: hostile and broken inputs from a catalogue; each ends with the exit code it should.

FOLDER holds bad_inputs.csv (a case, a command sketch, the exit code) and files/; it lies beside the project, so this test is
skipped where it is absent. Sketches are turned into this program's options. In every case the program ends within two
seconds and 256 MiB, a failure is one printable line on standard error with nothing on standard output, and no command
in a label is run. Where the project decided otherwise, bad_inputs.csv beside this script says so.
"""
import csv
import os
import re
import resource
import shlex
import sys
import tempfile
import time

from check import check, done, run, skip

METAPOOL, FOLDER = sys.argv[1], sys.argv[2]
HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(FOLDER, "files")
# Their option -> ours, with the value; None = a role given by its column.
RENAMED = {"--by": "--subgroup", "--test": "--test", "--measure": "--measure", "--method": "--method",
           "--level": "--level", "--format": "--format"}
ROLES = {"--yi": "yi", "--vi": "vi", "--sei": "sei", "--lci": "ci_lb", "--uci": "ci_ub", "--ai": "ai", "--ci": "ci",
         "--n1i": "n1i", "--n2i": "n2i", "--m1": "m1i", "--sd1": "sd1i", "--n1": "n1i", "--m2": "m2i",
         "--sd2": "sd2i", "--n2": "n2i", "--ri": "ri", "--ni": "ni", "--xi": "xi"}
DROPPED = {"--predict": 0, "--ci-tau2": 0, "--na": 1, "--format-in": 1, "--backend": 1}
SECONDS, MEMORY = 2.0, 256 << 10
SANITIZED = bool(os.environ.get("MPL_TEST_SANITIZED"))


def translate(command):
    """Our words for a command sketch, or None if it needs something this program does not have."""
    words = shlex.split(command)
    env = {}
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    if len(words) < 3 or words[0] != "metapool" or words[1] not in ("pool", "plot"):
        return None
    out, roles = (["pool"] if words[1] == "pool" else ["plot", "forest"]), []
    rest = iter(words[2:])
    for word in rest:
        if word in RENAMED:
            out += [RENAMED[word], next(rest)]
        elif word in ROLES and "exact" not in words:
            roles.append(f"{ROLES[word]}={next(rest)}")
        elif word in DROPPED:
            for _ in range(DROPPED[word]):
                next(rest)
        elif word == "--output":
            out += ["-o", next(rest)]
        elif word.startswith("-") or word in ("<&-", ">&-", ">/dev/full"):
            return None
        elif os.path.exists(os.path.join(FILES, word)) and not word.endswith(".gz"):
            out.append(os.path.join(FILES, word))
        else:
            return None
    if roles:
        out += ["--columns", ",".join(roles)]
    return env, out


def lower():
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))


def judge(row, exit_wanted, env, words, folder):
    what = f"{row['id']} ({row['input']})"
    start = time.monotonic()
    result = run([METAPOOL, *words], env=env, cwd=folder, preexec_fn=lower, timeout=60)
    seconds = time.monotonic() - start
    err = result.stderr.decode(errors="replace")
    check(result.returncode == exit_wanted, f"{what}: exit {result.returncode}, want {exit_wanted}: {err.strip()}")
    if result.returncode != 0:
        check(err.count("\n") == 1 and err.endswith("\n"), f"{what}: message {err!r}")
        check(not result.stdout, f"{what}: output in spite of the failure")
    shown = err + result.stdout.decode(errors="replace")
    raw = re.findall("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]", shown.replace("\r\n", "\n"))
    check(not raw, f"{what}: raw control characters {raw}")
    check(seconds <= SECONDS * (10 if SANITIZED else 1), f"{what}: took {seconds:.1f} s")
    check("pwned" not in os.listdir(folder), f"{what}: a command in the data was run")


if not os.path.isdir(FOLDER):
    skip(f"no bad inputs: {FOLDER} is not there")
with open(os.path.join(HERE, "bad_inputs.csv"), newline="", encoding="utf-8") as f:
    decided = {r["id"]: r for r in csv.DictReader(line for line in f if not line.startswith("#"))}
done_cases = 0
with open(os.path.join(FOLDER, "bad_inputs.csv"), newline="", encoding="utf-8") as f:
    rows = list(csv.DictReader(f))
for row in rows:
    ours = translate(row["command"].split(";")[0])
    if not ours:
        check(row["id"] not in decided, f"bad_inputs.csv: {row['id']} is not run at all")
        continue
    wanted = int(decided[row["id"]]["exit"] if row["id"] in decided else row["exit"])
    with tempfile.TemporaryDirectory() as folder:
        judge(row, wanted, *ours, folder)
    done_cases += 1
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
check(SANITIZED or peak <= MEMORY, f"a case took {peak} KiB")
print(f"bad inputs: {done_cases} of {len(rows)} cases; the others need files or commands that are not here")
done()
