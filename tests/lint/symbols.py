# SPDX-License-Identifier: GPL-3.0-or-later
"""symbols.py LIBRARY: the shared library exports exactly what the public headers declare with MPL_API."""
import re
import sys

from check import check, done, run
from source import code_only, files, read

declared = set()
for path in files("include", ".h"):
    for m in re.finditer(r"\bMPL_API\b([^;{]*);", code_only(read(path))):
        names = re.findall(r"\b(mpl_\w+)\s*\(", m[1])
        check(len(names) >= 1, f"{path}: MPL_API without a function: {m[1].strip()[:60]}")
        declared.update(names[:1])
result = run(["nm", "-D", "--defined-only", sys.argv[1]])
check(result.returncode == 0, result.stderr.decode())
exported = {line.split()[-1].split("@")[0] for line in result.stdout.decode().splitlines()}
exported = {name for name in exported if not name.startswith(("__asan", "__ubsan", "__odr_asan", "_init", "_fini"))}
for name in sorted(declared - exported):
    check(False, f"{name} is declared in a public header but not exported: is it defined?")
for name in sorted(exported - declared):
    check(False, f"{name} is exported but declared in no public header")
for name in declared & exported:
    check(True, name)
done()
