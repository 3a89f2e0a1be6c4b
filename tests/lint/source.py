# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading C sources the way the lint tests need them: file lists, text without comments, calls with their arguments."""
import os
import re

from check import ROOT

LAYERS = ["base", "num", "data", "effect", "model", "diag", "plot", "report", "cli"]
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(folder, *endings):
    """Paths below `folder`, relative to the project, sorted."""
    found = []
    for base, dirs, names in os.walk(os.path.join(ROOT, folder)):
        dirs[:] = [d for d in dirs if not d.startswith((".", "build", "__pycache__"))]
        found += [os.path.relpath(os.path.join(base, n), ROOT) for n in names if n.endswith(endings)]
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def layer(path):
    """The layer that a path below src/ belongs to, or None."""
    parts = path.split(os.sep)
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def blank(text):
    """Everything but newlines as blanks, so that line numbers stay."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return TOKEN.sub(lambda m: blank(m[0]) if m[0].startswith("/") else m[0], text)


def code_only(text):
    """No comments, and strings emptied."""
    return TOKEN.sub(lambda m: blank(m[0]) if m[0].startswith("/") else m[0][0] + blank(m[0][1:-1]) + m[0][-1], text)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def calls(text, name):
    """(position, argument text) of each call of a function in text without comments."""
    for m in re.finditer(rf"\b{name}\s*\(", text):
        depth, end = 1, m.end()
        for part in re.finditer(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|[()]', text[m.end():]):
            depth += {"(": 1, ")": -1}.get(part[0], 0)
            if depth == 0:
                end = m.end() + part.start()
                break
        yield m.start(), text[m.end():end]
