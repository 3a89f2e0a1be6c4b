# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that is wrong: bad_inputs.py PROGRAM. The table is tests/bad_inputs/cases.csv; see README.md there.

Whatever is done to it, the program ends by itself, within two seconds of processor time and 256 MB, with the exit
code of the table; if that is not 0, standard output is empty and standard error is one line that says what and where.
"""
import csv
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

from check import ROOT, check, done

FOLDER = os.path.join(ROOT, "tests", "bad_inputs")
SECONDS, MEGABYTES = 2, 256
SANITIZED = bool(os.environ.get("MPL_TEST_SANITIZED"))

# Files too large or too regular to be kept.
MADE = {
    "wide.csv": lambda: ",".join(f"c{i}" for i in range(1000000)) + "\n" + ",".join("1" * 1000000) + "\n",
    "bigfield.csv": lambda: 'study,yi,vi\n"' + "x" * 200000000 + '",0.1,0.2\n',
    "k2321.csv": lambda: "yi,vi\n" + "".join(f"{i % 7 / 10},{(i % 5 + 1) / 10}\n" for i in range(2321)),
    "k50000.json": lambda: "[" + ",".join(f'{{"yi":{i % 9},"vi":{i % 4 + 1}}}' for i in range(50000)) + "]",
    "keys.json": lambda: "[{" + ",".join(f'"k{i}":{i}' for i in range(100000)) + "}]",
    "deep.json": lambda: "[" * 100000,
    "groups.csv": lambda: "yi,vi,g\n" + "".join(f"0.{i % 10},0.1,g{i}\n" for i in range(1000)),
}


def prepare(command, folder):
    for name in set(re.findall(r"\bB\d+_\w+\.\w+", command)):
        shutil.copy(os.path.join(FOLDER, "files", name), folder)
    for name, make in MADE.items():
        if name in command:
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(make())


def execute(command, program, folder, limit):
    """Exit code, both outputs, seconds of processor time, megabytes."""
    tools = os.path.join(folder, ".bin")
    os.mkdir(tools)
    os.symlink(os.path.abspath(program), os.path.join(tools, "metapool"))
    env = dict(os.environ, PATH=tools + ":" + os.environ["PATH"], HOME=folder, NO_COLOR="1")
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        # bash: the commands use its quoting; PIPE is Python's to ignore, not the program's.
        child = subprocess.Popen(["bash", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=err, restore_signals=True,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1)))
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return (child.returncode, out.read(), err.read().decode("utf-8", "backslashreplace"),
                used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def judge(row, program, outputs):
    name = f"{row['id']} ({row['what']}): {row['command']}"
    limit = SECONDS * (20 if SANITIZED else 1)
    with tempfile.TemporaryDirectory() as folder:
        prepare(row["command"], folder)
        code, out, err, seconds, megabytes = execute(row["command"], program, folder, limit + 1)
        check(not os.path.exists(os.path.join(folder, "pwned")), f"{name}: a command in the data was run")
        left = [f for f in os.listdir(folder) if f.startswith(".metapool")]
        check(not left, f"{name}: left behind: {left}")
    check(code == int(row["exit"]), f"{name}: exit {code}, expected {row['exit']}\n  {err}")
    check(seconds <= limit, f"{name}: {seconds:.1f} s of processor time")
    check(SANITIZED or megabytes <= MEGABYTES, f"{name}: {megabytes:.0f} MB")
    check(re.search(row["stderr"] or r"\A(metapool: note: .*\n)*\Z", err) is not None,
          f"{name}: standard error\n  got  {err!r}\n  want {row['stderr']!r}")
    if code not in (0, 141):
        check(out == b"", f"{name}: standard output is not empty")
        # If no row is left, each one is told before the error.
        errors = [line for line in err.splitlines() if not line.startswith("metapool: left out: ")]
        check(len(errors) == 1 and err.endswith("\n"), f"{name}: not one line: {err!r}")
        check(err.startswith("metapool"), f"{name}: {err!r}")
    check(not re.search(r"[^\n -~\x80-\U0010ffff]", err), f"{name}: control bytes in {err!r}")
    if row["stdout"]:
        check(re.search(row["stdout"].encode(), out, re.S) is not None,
              f"{name}: standard output\n  want {row['stdout']!r}\n  got  {out.decode('utf-8', 'replace')}")
    # The file's own name is the only thing that may differ between equal inputs.
    outputs[row["id"]] = re.sub(rb"B\d+_\w+\.\w+|stdin", b"FILE", out)
    if row["same_as"]:
        check(outputs[row["id"]] == outputs[row["same_as"]], f"{name}: not as {row['same_as']}")


def main(program):
    with open(os.path.join(FOLDER, "cases.csv"), encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    outputs, only = {}, os.environ.get("ONLY")
    for row in rows:
        if SANITIZED and "ulimit -v" in row["command"]:  # sanitizers need a large address space
            continue
        if not only or row["id"] in only.split(",") or row["id"] == "B001":
            judge(row, program, outputs)
    used = {name for row in rows for name in re.findall(r"\bB\d+_\w+\.\w+", row["command"])}
    kept = set(os.listdir(os.path.join(FOLDER, "files")))
    check(used == kept, f"files without a case, or the reverse: {sorted(used ^ kept)}")
    done()


main(sys.argv[1])
