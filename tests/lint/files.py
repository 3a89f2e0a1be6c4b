# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source says its licence and what it is for; the version is the same everywhere; the top level stays fixed."""
import os
import re
import subprocess

from check import ROOT, check, done
from source import files, read

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
TOP = {"src", "include", "datasets", "examples", "tests", "meson.build", "README.md", "LICENSE", ".gitignore",
       ".clang-format", ".ci"}

sources = [f for folder in ("src", "include", "tests", "examples", "datasets")
           for f in files(folder, ".c", ".h", ".def", ".py", ".sh", ".R", "meson.build")] + ["meson.build", ".ci/run"]
for path in sources:
    lines = read(path).splitlines()
    check(any(SPDX in line for line in lines[:2]), f"{path}: no SPDX line at its head")
    if path.endswith((".c", ".h")):
        check(len(lines) > 1 and lines[1].startswith("/*"), f"{path}: line 2 does not say what the file is for")
    check(not any(line != line.rstrip() or "\t" in line for line in lines), f"{path}: trailing blanks or tabs")

base, meson = read("include/metapool/base.h"), read("meson.build")
version = re.search(r"version: '([0-9.]+)'", meson)[1]
check(f'#define MPL_VERSION "{version}"' in base, f"base.h: MPL_VERSION is not {version}")
parts = [re.search(rf"#define MPL_VERSION_{p} (\d+)", base)[1] for p in ("MAJOR", "MINOR", "PATCH")]
check(".".join(parts) == version, f"base.h: version parts are {parts}, not {version}")
soversion = re.search(r"soversion: '([0-9.]+)'", read("src/meson.build"))[1]
check(version.startswith(soversion + "."), f"src/meson.build: soversion {soversion} with version {version}")

umbrella = read("include/metapool.h")
for path in files("include/metapool", ".h"):
    check(f"#include <{path[len('include/'):]}>" in umbrella, f"metapool.h does not include {path}")

tracked = subprocess.run(["git", "-C", ROOT, "ls-tree", "--name-only", "HEAD"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True)
for name in tracked.stdout.split() if tracked.returncode == 0 else []:
    check(name in TOP, f"{name}: not one of the top-level names")
executables = [p for p in files("tests", ".sh") + files("examples", ".sh") + [".ci/run"]
               if not os.access(os.path.join(ROOT, p), os.X_OK)]
check(not executables, f"not executable: {executables}")
done()
