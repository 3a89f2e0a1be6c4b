# SPDX-License-Identifier: GPL-3.0-or-later
"""Includes point down only, each dependency stays in its room, and only the program talks to the outside."""
import re

from check import check, done
from source import LAYERS, calls, code_only, files, layer, line_of, read

# header -> where it may be included
ROOMS = {
    r"gsl/.*": {"src/num/"},
    r"Rmath\.h": {"src/num/"},
    r"nettle/.*": {"src/data/digest.c"},
    r"cjson/.*": {"src/data/read_json.c", "src/data/bundled.c"},
    r"locale\.h": {"src/base/number.c"},
    r"signal\.h|sys/wait\.h|termios\.h|sys/ioctl\.h": {"src/cli/"},
}
# Public headers belong to the layer that implements them.
PUBLIC = {"base": "base", "option": "base", "run": "base", "dataset": "data", "effect": "effect", "convert": "effect", "check": "effect",
          "tau2": "model", "model": "model", "regress": "model", "bias": "diag", "select": "diag", "influence": "diag", "gosh": "diag",
          "blup": "diag", "likelihood": "diag", "pvalues": "diag", "tipping": "diag", "multiverse": "diag", "power": "diag",
          "plot": "plot", "report": "report"}
CLI_ONLY = r"stdout|stderr|stdin|getenv|secure_getenv|setlocale|exit|_exit|isatty|signal|sigaction"

for path in files("src", ".c", ".h", ".def"):
    text = read(path)
    mine = layer(path)
    check(mine in LAYERS, f"{path}: not in a layer")
    for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', text, re.M):
        where, name = f"{path}:{line_of(text, m.start())}", m[2]
        for pattern, rooms in ROOMS.items():
            if re.fullmatch(pattern, name):
                check(any(path.startswith(room) for room in rooms), f"{where}: {name} belongs to {sorted(rooms)}")
        public = re.fullmatch(r"metapool/(\w+)\.h", name)
        if m[1] == '"':
            target = name.split("/")[0]
            check(target in LAYERS, f"{where}: private includes are by layer path, not \"{name}\"")
        elif public:
            target = PUBLIC.get(public[1])
            check(target is not None, f"{where}: {name} has no layer in lint/layers.py")
        else:
            target = "cli" if name == "metapool.h" else None
        if target in LAYERS and mine in LAYERS:
            check(LAYERS.index(target) <= LAYERS.index(mine), f"{where}: {mine} may not include {name}")
        if mine == "cli" and m[1] == '"':
            check(target == "cli", f"{where}: the program uses the public headers only, not \"{name}\"")
    if mine != "cli":
        code = code_only(text)
        for m in re.finditer(rf"(?<![\w.>-])({CLI_ONLY})\b", code):
            # src/data may read standard input when asked for "-".
            allowed = m[1] == "stdin" and mine == "data"
            check(allowed, f"{path}:{line_of(code, m.start())}: {m[1]} outside cli/")

for path in files("include", ".h"):
    text = read(path)
    mine = PUBLIC.get(path.split("/")[-1][:-2])
    for m in re.finditer(r'#include <(metapool/(\w+)\.h|[^>]+)>', text):
        if m[2] and mine:
            check(LAYERS.index(PUBLIC[m[2]]) <= LAYERS.index(mine), f"{path}: includes {m[1]}, which is above it")
        check(not m[1].startswith(("gsl", "cjson", "Rmath")), f"{path}: shows {m[1]} to the user")
done()
