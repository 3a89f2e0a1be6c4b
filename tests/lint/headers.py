# SPDX-License-Identifier: GPL-3.0-or-later
"""Each public header compiles alone in C11 and C++17, each private one in C11, without a warning."""
import os
import shutil

from check import ROOT, check, done, run
from source import files

WARN = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-fsyntax-only"]
INCLUDE = ["-I" + os.path.join(ROOT, d) for d in ("include", "src")]


def alone(compiler, flags, path):
    name = path[len("include/"):] if path.startswith("include/") else path[len("src/"):]
    quote = "<>" if path.startswith("include/") else '""'
    # Twice: include guards hold.
    text = f"#include {quote[0]}{name}{quote[1]}\n" * 2 + "int main(void) { return 0; }\n"
    result = run([compiler, *flags, *WARN, *INCLUDE, "-"], input=text.encode())
    check(result.returncode == 0, f"{path} alone with {compiler} {' '.join(flags)}:\n{result.stderr.decode()}")


check(shutil.which("gcc") and shutil.which("g++"), "gcc and g++ are needed")
for path in ["include/metapool.h"] + files("include/metapool", ".h"):
    alone("gcc", ["-std=c11", "-x", "c"], path)
    alone("g++", ["-std=c++17", "-x", "c++"], path)
for path in files("src", ".h"):
    alone("gcc", ["-std=c11", "-D_GNU_SOURCE", "-x", "c"], path)
done()
