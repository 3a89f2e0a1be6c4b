# SPDX-License-Identifier: GPL-3.0-or-later
"""io.py METAPOOL [SHIM]: full disks, closed outputs, missing files and too little memory, at the program's edge.

Every failure is one line on standard error, an exit code that says whose fault it was, nothing half-written, and never a
signal. SHIM is a library that makes the n-th system call or allocation fail; the sanitizer build goes without it.
"""
import os
import resource
import signal
import subprocess
import sys
import tempfile

from check import check, done, run

METAPOOL = os.path.abspath(sys.argv[1])
SHIM = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
LONG = bool(os.environ.get("MPL_TEST_LONG"))
OK, USAGE, IO, LIMIT = 0, 2, 5, 6

COMMANDS = {f"pool {f}": ["pool", "bcg", "--format", f] for f in ("text", "json", "csv", "tsv", "markdown")}
COMMANDS.update({
    "effects": ["effects", "bcg", "--format", "csv"],
    "convert": ["convert", "stroke-stay", "--to", "one-group"],
    "check": ["check", "bcg"],
    "covariance": ["covariance", "bcg", "--rho", "0.5", "--format", "json"],
    "aggregate": ["aggregate", "co2-plants", "--cluster", "paper", "--rho", "0.5"],
    "plot": ["plot", "forest", "bcg"],
    "data list": ["data", "list"],
    "data show": ["data", "show", "bcg"],
    "data describe": ["data", "describe", "bcg"],
    "list": ["list", "measures"],
    "help": ["help"],
    "help pool": ["help", "pool"],
    "--help": ["pool", "--help"],
    "man": ["help", "--man", "pool"],
    "version": ["--version"],
})


def failed(what, result, code, stdout_empty=True):
    """A failure as it must be: its code, one line that says what, nothing on standard output."""
    err = (result.stderr or b"").decode(errors="replace")
    check(result.returncode == code, f"{what}: exit {result.returncode}, want {code}: {err.strip()}")
    check(err.startswith("metapool") and err.endswith("\n") and err.count("\n") == 1, f"{what}: message {err!r}")
    check(not stdout_empty or not result.stdout, f"{what}: output in spite of the failure")


def outputs():
    for name, args in COMMANDS.items():
        good = run([METAPOOL, *args])
        check(good.returncode == OK and good.stdout and not good.stderr, f"{name}: {good.returncode} {good.stderr}")
        with open("/dev/full", "wb") as full:
            failed(f"{name} to a full disk", run([METAPOOL, *args], stdout=full), IO)
        closed = run(["sh", "-c", 'exec "$0" "$@" >&-', METAPOOL, *args])
        failed(f"{name} with standard output closed", closed, IO)
        reader, writer = os.pipe()
        os.close(reader)
        unread = run([METAPOOL, *args], stdout=writer)
        os.close(writer)
        if unread.returncode != -signal.SIGPIPE:  # the quiet end of every filter is as good
            failed(f"{name} to a pipe that nobody reads", unread, IO)


def files(folder):
    target = os.path.join(folder, "out.json")
    args = [METAPOOL, "pool", "bcg", "--format", "json", "-o"]
    good = run([*args, target])
    check(good.returncode == OK and not good.stdout and os.listdir(folder) == ["out.json"], f"-o FILE: {good.stderr}")
    check(open(target, "rb").read() == run(args[:-1]).stdout, "-o FILE: not the bytes of standard output")
    before = b"what was there before\n"

    def limited(size):
        def lower():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        return lower

    for size in (0, 1, 100, 4096):
        with open(target, "wb") as f:
            f.write(before)
        failed(f"-o FILE, disk full after {size} bytes", run([*args, target], preexec_fn=limited(size)), IO)
        check(open(target, "rb").read() == before, f"disk full after {size} bytes: the old file is gone")
        check(os.listdir(folder) == ["out.json"], f"disk full after {size} bytes: left {os.listdir(folder)}")
    for ending in ("svg", "gp", "png", "pdf"):
        plot = os.path.join(folder, "forest." + ending)
        result = run([METAPOOL, "plot", "forest", "bcg", "-o", plot], preexec_fn=limited(100))
        failed(f"plot to .{ending}, disk full", result, IO)
        check(os.listdir(folder) == ["out.json"], f"plot to .{ending}, disk full: left {os.listdir(folder)}")
    failed("-o in no folder", run([*args, os.path.join(folder, "none", "x.json")]), IO)
    failed("-o to a folder", run([*args, folder]), IO)
    failed("-o without a name", run([*args, ""]), USAGE)
    failed("-o to a device that is full", run([*args, "/dev/full"]), IO)
    check(run([*args, "/dev/null"]).returncode == OK and os.path.exists("/dev/null"), "-o /dev/null")
    link = os.path.join(folder, "link")
    os.symlink("out.json", link)
    check(run([*args, link]).returncode == OK and os.path.islink(link), "-o through a symbolic link replaced the link")
    os.remove(link)


def inputs(folder):
    failed("no such file", run([METAPOOL, "pool", os.path.join(folder, "none.csv")]), IO)
    failed("a folder as data", run([METAPOOL, "pool", folder]), IO)
    failed("standard input closed", run(["sh", "-c", 'exec "$0" pool - <&-', METAPOOL]), IO)
    data = run([METAPOOL, "data", "show", "bcg", "--format", "csv"]).stdout
    args = [METAPOOL, "effects", "-", "--columns", "ai=tpos,bi=tneg,ci=cpos,di=cneg", "--measure", "RR", "--format", "csv"]
    piped = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for i in range(len(data)):  # one byte at a time: short reads
        piped.stdin.write(data[i:i + 1])
        piped.stdin.flush()
    slow, _ = piped.communicate()
    fast = run(args, input=data)
    check(piped.returncode == OK and slow and slow == fast.stdout, "standard input byte by byte: another result")


def memory(folder):
    path = os.path.join(folder, "big.csv")
    with open(path, "w", encoding="ascii") as f:
        f.write("yi,vi\n" + "0.25,0.125\n-0.5,0.25\n" * 200000)

    def lower():
        resource.setrlimit(resource.RLIMIT_AS, (48 << 20, 48 << 20))

    failed("400,000 rows in 48 MiB", run([METAPOOL, "pool", path], preexec_fn=lower), LIMIT)


def take_all(folder):
    """The files of a folder by name; the folder is empty afterwards."""
    taken = {}
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        with open(path, "rb") as f:
            taken[name] = f.read()
        os.remove(path)
    return taken


def shim(folder, kind, code, most, sticky):
    """Runs one command with the n-th call failing, n = 0, 1, 2, ..., until none is left to fail."""
    command = [METAPOOL, "plot", "forest", "bcg", "-o", os.path.join(folder, "forest.svg")] if kind == "IO" else \
              [METAPOOL, "pool", "bcg", "--subgroup", "alloc", "--format", "json", "-o", os.path.join(folder, "out")]
    good = run(command)
    whole = take_all(folder)
    with tempfile.NamedTemporaryFile() as fired:
        for n in range(most):
            # Every allocation is swept in C; here a sample of them shows that the program passes the failure on.
            if kind == "MEMORY" and n > 50 and n % (1 + n // 25) and not LONG:
                continue
            fired.truncate(0)
            env = {"LD_PRELOAD": SHIM, "FAIL_AT": str(n), "FAIL_KIND": kind, "FAIL_STICKY": "1" if sticky else "",
                   "FAIL_MARKER": fired.name}
            result = run(command, env=env)
            left = take_all(folder)
            what = f"{kind} call {n + 1} failing{' and all after it' if sticky else ''}"
            if os.path.getsize(fired.name) == 0:
                check(result.returncode == OK and left == whole, f"{what}: did not happen, but the result is another")
                return
            if result.returncode == OK:  # what the C library can do without, such as the buffer of a stream
                check(kind == "MEMORY" and left == whole and result.stderr == good.stderr, f"{what}: unnoticed")
            else:
                check(result.returncode == code, f"{what}: exit {result.returncode}: {result.stderr.decode().strip()}")
                check(result.stderr.count(b"\n") == 1, f"{what}: message {result.stderr.decode()!r}")
                check(not left, f"{what}: left {list(left)}")
    check(False, f"{kind}: no end of calls")


signal.signal(signal.SIGPIPE, signal.SIG_DFL)
outputs()
for part in (files, inputs):
    with tempfile.TemporaryDirectory() as folder:
        part(folder)
if SHIM:
    with tempfile.TemporaryDirectory() as folder:
        memory(folder)
    for kind, code, most in (("IO", IO, 200), ("MEMORY", LIMIT, 20000)):
        for sticky in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                shim(folder, kind, code, most, sticky)
done()
