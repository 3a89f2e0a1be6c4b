# SPDX-License-Identifier: GPL-3.0-or-later
"""On a terminal text is coloured and as wide as the window; nowhere else, and never with NO_COLOR. terminal.py PROGRAM"""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

from check import check, done

program = os.path.abspath(sys.argv[1])


def on_terminal(*args, columns=80, **env):
    """What a program writes to a terminal of that many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM", "COLUMNS")}
    child = subprocess.Popen([program, *args], stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.PIPE,
                             env={**kept, "TERM": "xterm", **env})
    os.close(slave)
    text = b""
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        text += more
    os.close(master)
    _, err = child.communicate()
    check(child.returncode == 0 and not err, f"{args}: {child.returncode} {err.decode()}")
    return text.decode().replace("\r\n", "\n")


def plain(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


for command in (["pool", "bcg"], ["plot", "forest", "bcg"]):
    name = " ".join(command)
    piped = subprocess.run([program, *command, "--width", "80"], stdout=subprocess.PIPE, check=True).stdout.decode()
    check("\x1b" not in piped, f"{name}: escapes in a pipe")
    coloured = on_terminal(*command)
    check("\x1b[" in coloured, f"{name}: no colour on a terminal")
    check(plain(coloured) == piped, f"{name}: on a terminal the text differs by more than colour")
    for why, env, options in (("NO_COLOR", {"NO_COLOR": "1"}, []), ("TERM=dumb", {"TERM": "dumb"}, []),
                              ("--no-color", {}, ["--no-color"])):
        check(on_terminal(*command, *options, **env) == piped, f"{name}: not plain with {why}")
    check("\x1b[" in on_terminal(*command, NO_COLOR=""), f"{name}: an empty NO_COLOR counts as one")
    for columns in (70, 120):
        wide = max(len(line) for line in plain(on_terminal(*command, columns=columns)).splitlines())
        check(wide <= columns, f"{name}: {wide} columns on a terminal of {columns}")
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "x.txt")
        check(on_terminal(*command, "-o", target) == "", f"{name}: -o prints")
        with open(target, encoding="utf-8") as f:
            check("\x1b" not in f.read(), f"{name}: escapes in a file")
check("\x1b" not in on_terminal("pool", "bcg", "--format", "json"), "escapes in JSON")
check("\x1b" not in on_terminal("plot", "forest", "bcg", "--format", "svg"), "escapes in SVG")
done()
