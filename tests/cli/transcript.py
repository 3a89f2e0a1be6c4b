# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays transcripts of the program: transcript.py PROGRAM FILE... [--update]

    Lines that begin otherwise are remarks.

    $ metapool pool nosuch.csv        a command for sh; more lines of it begin with "> "
    | what it prints
    ! what it prints on standard error
    ? 5                               its exit status, if not 0

The commands of a file run one after another in one new folder, with `metapool` in the PATH and $FILES for tests/cli/.
Versions of other software are printed as X.Y.Z. --update writes what was seen; a person then reads the diff.
"""
import os
import shutil
import sys
import tempfile

from check import ROOT, check, done, run, without_versions

HERE = os.path.join(ROOT, "tests", "cli")


def read(path):
    """Remarks and commands in order: a remark is a line, a command is [text, stdout, stderr, status]."""
    items = []
    with open(path, encoding="utf-8", newline="\n") as f:
        for line in f.read().split("\n")[:-1]:
            mark, text = line[:2], line[2:]
            last = items[-1] if items and isinstance(items[-1], list) else None
            if mark == "$ ":
                items.append([text, [], [], 0])
            elif last and mark == "> ":
                last[0] += "\n" + text
            elif last and mark.rstrip() == "|":
                last[1].append(text)
            elif last and mark.rstrip() == "!":
                last[2].append(text)
            elif last and mark == "? ":
                last[3] = int(text)
            else:
                items.append(line)
    return items


def lines_of(output):
    lines = without_versions(output).decode("utf-8", "backslashreplace").split("\n")
    return lines[:-1] if lines[-1] == "" else lines[:-1] + [lines[-1] + "\\"]  # a last line without its end


def write(path, items):
    text = []
    for item in items:
        if isinstance(item, str):
            text.append(item)
            continue
        command, out, err, status = item
        text += [("> " if i else "$ ") + line for i, line in enumerate(command.split("\n"))]
        text += [f"| {line}".rstrip() if not line else f"| {line}" for line in out]
        text += [f"! {line}".rstrip() if not line else f"! {line}" for line in err]
        text += [f"? {status}"] if status else []
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write("\n".join(text) + "\n")


def replay(program, path, update):
    items = read(path)
    folder = tempfile.mkdtemp()
    tools = os.path.join(folder, "bin")
    work = os.path.join(folder, "work")
    os.mkdir(tools)
    os.mkdir(work)
    os.symlink(os.path.abspath(program), os.path.join(tools, "metapool"))
    env = {"PATH": tools + ":" + os.environ["PATH"], "HOME": work, "FILES": HERE}
    for item in items:
        if isinstance(item, str):
            continue
        result = run(["sh", "-c", item[0]], cwd=work, env=env, timeout=60)
        seen = [item[0], lines_of(result.stdout), lines_of(result.stderr), result.returncode]
        if not update:
            name = f"{os.path.basename(path)}: $ {item[0]}"
            check(seen[3] == item[3], f"{name}\n  status {seen[3]}, expected {item[3]}\n  " + "\n  ".join(seen[2]))
            for at, what in ((1, "output"), (2, "standard error")):
                check(seen[at] == item[at], f"{name}\n  {what}:\n" + difference(item[at], seen[at]))
        item[:] = seen
    shutil.rmtree(folder)
    if update:
        write(path, items)


def difference(want, got):
    for i in range(max(len(want), len(got))):
        if i >= len(want) or i >= len(got) or want[i] != got[i]:
            return (f"    line {i + 1} of {len(got)}, expected {len(want)}\n"
                    f"    want {want[i] if i < len(want) else '(end)'}\n    got  {got[i] if i < len(got) else '(end)'}")
    return "    the same"


def main(args):
    update = "--update" in args
    program, *paths = [a for a in args if a != "--update"]
    for path in paths:
        replay(program, path, update)
    if not update:
        done()


main(sys.argv[1:])
