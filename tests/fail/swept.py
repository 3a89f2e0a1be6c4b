# SPDX-License-Identifier: GPL-3.0-or-later
"""Every public call that makes or writes something is in the out-of-memory sweep of test_nomem.c."""
import os
import re

from check import ROOT, check, done

text = ""
for name in sorted(os.listdir(os.path.join(ROOT, "include/metapool"))):
    with open(os.path.join(ROOT, "include/metapool", name), encoding="utf-8") as f:
        text += f.read()
with open(os.path.join(ROOT, "tests/fail/test_nomem.c"), encoding="utf-8") as f:
    swept = f.read()
# What makes an object hands it out through a pointer to a pointer; what writes takes a FILE.
for m in re.finditer(r"MPL_API MPL_NODISCARD mpl_status (mpl_\w+)\(([^;]*)\);", text):
    makes = re.search(r"\bmpl_\w+ \*\*out\b|FILE \*", m[2]) and "const mpl_column **out" not in m[2]
    if makes:
        check(re.search(rf"\b{m[1]}\(", swept), f"{m[1]} is not in the sweep of test_nomem.c")
done()
