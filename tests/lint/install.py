# SPDX-License-Identifier: GPL-3.0-or-later
"""install.py BUILD: what `meson install` puts down is enough: the examples compile through pkg-config alone and run,
the program works where it was installed, and its manual pages and completions are there."""
import glob
import os
import re
import shlex
import shutil
import sys
import tempfile

from check import ROOT, check, done, run, skip

BUILD = sys.argv[1]
if os.environ.get("MPL_TEST_SANITIZED"):
    skip("a library with sanitizers needs programs with sanitizers")


def find(folder, pattern):
    return sorted(glob.glob(os.path.join(folder, "**", pattern), recursive=True))


def compile_and_run(source, flags, folder, env):
    program = os.path.join(folder, "program")
    built = run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", source, "-o", program, *flags])
    if not check(built.returncode == 0, f"{source} through pkg-config:\n{built.stderr.decode()}"):
        return
    result = run([program], env=env, cwd=folder)
    check(result.returncode == 0 and result.stdout and not result.stderr,
          f"{source}: exit {result.returncode}, {len(result.stdout)} bytes, {result.stderr.decode()}")


with tempfile.TemporaryDirectory() as folder:
    installed = run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", folder])
    check(installed.returncode == 0, installed.stderr.decode())
    pc = find(folder, "metapool.pc")
    check(len(pc) == 1, f"pkg-config files: {pc}")
    lib = os.path.dirname(find(folder, "libmetapool.so")[0])
    env = {"PKG_CONFIG_PATH": os.path.dirname(pc[0]), "LD_LIBRARY_PATH": lib}
    flags = run(["pkg-config", "--cflags", "--libs", "metapool"], env=dict(env, PKG_CONFIG_SYSROOT_DIR=folder))
    check(flags.returncode == 0, flags.stderr.decode())
    examples = find(os.path.join(ROOT, "examples"), "*.c")
    check(examples, "no example in C")
    for source in examples:
        compile_and_run(source, shlex.split(flags.stdout.decode()), folder, env)

    program = find(folder, "metapool")[0]
    result = run([program, "pool", "bcg", "--format", "json"], env=env, cwd=folder)
    check(result.returncode == 0, f"installed program: {result.stderr.decode()}")
    for name in ("metapool.1", "metapool-pool.1", "metapool.h"):
        check(find(folder, name), f"{name} is not installed")
    for page in find(folder, "man1/*.1"):
        judged = run(["mandoc", "-T", "lint", "-W", "warning", page]) if shutil.which("mandoc") else None
        check(judged is None or judged.returncode == 0, f"{page}: {judged.stdout.decode() if judged else ''}")
    for header in find(folder, "*.h"):
        text = open(header, encoding="utf-8").read()
        check(not re.search(r"#include \"", text), f"{header} includes what is not installed")
done()
