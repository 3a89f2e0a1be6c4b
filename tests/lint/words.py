# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that do not occur: unsafe calls, output from the library, allocation past the hook, locale-dependent numbers."""
import re

from check import check, done
from source import calls, code_only, files, layer, line_of, read, without_comments

EVERYWHERE = {
    "unsafe or locale-dependent": "strcpy strcat sprintf vsprintf gets scanf sscanf fscanf strtok atof atoi atol strncpy "
                                  "strncat alloca tmpnam mktemp",
    "runs other programs": "system popen",
    "random or dated": "rand srand random drand48 time localtime gmtime clock",
    "left open": "TODO FIXME XXX HACK",
}
LIBRARY = {
    "output is the caller's": "printf vprintf puts putchar perror fprintf vfprintf",
    "ends or changes the process": "exit _exit quick_exit abort setlocale signal setenv putenv chdir",
    "allocates past the hook of base/arena.c": "malloc calloc realloc free strdup strndup asprintf vasprintf getline "
                                               "getdelim reallocarray aligned_alloc open_memstream fmemopen",
    "depends on the locale": "strtod strtof strtold isalpha isalnum isspace isdigit isupper islower ispunct isprint "
                             "iscntrl toupper tolower strcoll strcasecmp strncasecmp wcwidth mbtowc mbrtowc",
}
# word -> files that are the one place for it
PLACES = {
    "malloc": {"src/base/arena.c"}, "calloc": {"src/base/arena.c"}, "realloc": {"src/base/arena.c"},
    "free": {"src/base/arena.c"},
    "strtod": {"src/base/number.c"},
}
FORMATS = ["mpl__fail", "mpl__fail_at", "mpl__within", "mpl__arena_format", "mpl__text_format", "mpl__note_add",
           "mpl__note_add_row", "snprintf", "vsnprintf"]
FLOAT = re.compile(r"%[-+ #0']*[\d*]*(?:\.[\d*]+)?[lL]?[aAeEfFgG]")

for path in files("src", ".c", ".h"):
    text = read(path)
    code, found = code_only(text), []
    groups = dict(EVERYWHERE, **({} if layer(path) == "cli" else LIBRARY))
    for why, words in groups.items():
        for m in re.finditer(rf"(?<![\w.>])({'|'.join(words.split())})\s*\(", code):
            if path not in PLACES.get(m[1], ()):
                found.append(f"{path}:{line_of(code, m.start())}: {m[1]}: {why}")
    for m in re.finditer(r"\b(TODO|FIXME|XXX|HACK)\b|not implemented", text):
        found.append(f"{path}:{line_of(text, m.start())}: {m[0]}: left open")
    plain = without_comments(text)
    for name in FORMATS if path != "src/base/number.c" else []:
        for at, args in calls(plain, name):
            literals = "".join(re.findall(r'"((?:\\.|[^"\\\n])*)"', args)).replace("%%", "")
            if FLOAT.search(literals):
                found.append(f"{path}:{line_of(plain, at)}: {name} with a float conversion; see base/number.h")
    check(not found, "\n  ".join(found))
done()
