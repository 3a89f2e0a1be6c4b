# SPDX-License-Identifier: GPL-3.0-or-later
"""tables.py OUT HEADER...: the option tables and registries that the public headers declare, as C for test_tables.c."""
import re
import sys

out, headers = sys.argv[1], sys.argv[2:]
text = "".join(open(h, encoding="utf-8").read() for h in headers)
with open(out, "w", encoding="utf-8") as f:
    for name in re.findall(r"const mpl_option \*(mpl_\w+_option_table)\(void\)", text):
        f.write(f"TABLE({name})\n")
    for name in re.findall(r"const mpl_method \*(mpl_\w+_method)\(size_t i\)", text):
        f.write(f"REGISTRY({name})\n")
