# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program says about itself: help, manual pages, completion. All examples are run. pages.py PROGRAM"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from check import check, done, run

program = os.path.abspath(sys.argv[1])
# What mandoc would say of any page that is not part of a BSD, or not installed yet.
HARMLESS = re.compile(r"operating system explicitly|referenced manual not found|function name without markup")


def metapool(*args, **more):
    result = run([program, *args], **more)
    check(result.returncode == 0, f"metapool {' '.join(args)}: exit {result.returncode}, {result.stderr.decode()}")
    return result.stdout.decode()


def words(*before):
    return [line.split("\t") for line in metapool("__complete", *before).splitlines() if not line.startswith(":")]


def commands():
    found = []
    for word, what in words(""):
        found += [[word, second] for second, _ in words(word, "")] if what == "see its commands" else [[word]]
    return found


def check_help(command):
    """Returns the names of the options and the examples."""
    name = " ".join(command)
    text = metapool("help", *command)
    lines = text.splitlines()
    check(text == metapool(*command, "--help") == metapool(*command, "-h"), f"{name}: help, --help and -h differ")
    check(re.fullmatch(rf"metapool {name}: [a-z].*[^.]", lines[0]) is not None, f"{name}: first line {lines[0]!r}")
    check(lines[1].startswith(f"  metapool {name}"), f"{name}: second line {lines[1]!r} is no example")
    examples = [line[2:] for line in text.split("\nExamples:\n")[1].splitlines() if line.startswith("  metapool ")]
    check(lines[1][2:] == examples[0], f"{name}: the first example is not the one at the top")
    wide = [line for line in lines if len(line) > 79 and not line.startswith("  metapool ")]
    check(not wide, f"{name}: wider than 79 columns: {wide}")
    check(text.isascii(), f"{name}: help is not ASCII")
    options = re.findall(r"^  (?:-(\w), |    )--([\w-]+)(=\S+)?", text, re.M)
    letters = [letter for letter, _, _ in options if letter] + ["h"]
    check(len(set(letters)) == len(letters), f"{name}: letters {sorted(letters)}")
    names = [option for _, option, _ in options]
    check(len(set(names)) == len(names), f"{name}: options {sorted(names)}")
    offered = [word for word, _ in words(*command, "--")]
    check(sorted(offered) == sorted([f"--{o}" for o in names] + ["--help"]), f"{name}: completion offers {offered}")
    return names, examples


def check_man(command, names):
    name = " ".join(command)
    page = metapool("help", "--man", *command)
    for option in names:
        check(f"Fl -{option}" in page, f"{name}: --{option} is not in the manual page")
    if shutil.which("mandoc"):
        lint = run(["mandoc", "-T", "lint"], input=page.encode()).stdout.decode().splitlines()
        wrong = [line for line in lint if not HARMLESS.search(line)]
        check(not wrong, f"{name}: mandoc: {wrong}")


def check_examples(name, examples):
    for example in examples:
        with tempfile.TemporaryDirectory() as folder:
            env = {"PATH": os.path.dirname(program) + ":" + os.environ["PATH"]}
            result = run(["sh", "-c", example], cwd=folder, env=env)
            check(result.returncode == 0, f"{name}: {example}: {result.stderr.decode()}")
            check(result.stdout or os.listdir(folder), f"{name}: {example}: no output")


def check_bash():
    """The script, as bash would call it."""
    script = metapool("help", "--completion", "bash")
    asks = [
        ("metapool po", 1, "pool"),
        ("metapool data sh", 2, "show"),
        ("metapool pool --meth", 2, "--method"),
        ("metapool pool --method RE", 3, "REML"),
        ("metapool pool --method = RE", 4, "REML"),
        ("metapool pool bc", 2, "bcg"),
        ("metapool pool some", 2, "some file.csv"),
    ]
    for line, cword, want in asks:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "some file.csv"), "w", encoding="utf-8"):
                pass
            result = subprocess.run(
                ["bash", "-c", script + f'\nCOMP_WORDS=({line}); COMP_CWORD={cword}; _metapool 2>/dev/null\n'
                 'printf "%s\\n" "${COMPREPLY[@]}"'], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=dict(os.environ, PATH=os.path.dirname(program) + ":" + os.environ["PATH"]))
            check(want in result.stdout.decode().splitlines(), f"bash: {line}: {result.stdout} {result.stderr}")
    for shell, flags in (("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")):
        if shutil.which(shell):
            text = metapool("help", "--completion", shell).encode()
            check(run([shell, flags], input=text).returncode == 0, f"{shell} cannot read its script")


found = commands()
check(len(found) >= 9, f"commands: {found}")
for each in found:
    options, examples_of = check_help(each)
    check_man(each, options)
    check_examples(" ".join(each), examples_of)
top = metapool()
check(top == metapool("--help") == metapool("-h") == metapool("help"), "metapool alone and its --help differ")
for each in found:
    check(f"  {' '.join(each)}" in top, f"metapool alone does not show {each}")
check_man([], [])
check_bash()
done()
