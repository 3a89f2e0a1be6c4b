# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of `metapool report`: what they must show in every format and style, numbers as in the JSON of `pool`,
labels of any kind as text, nothing fetched, accessible, the same bytes each time. document.py PROGRAM

UPDATE=1 writes the golden documents in tests/golden/report-*, without figures, which have goldens of their own. With
MPL_TEST_LONG=1, and where they are installed, LaTeX compiles the documents and Chromium renders and prints them."""
import hashlib
import html.parser
import json
import os
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree as xml

from check import ROOT, check, done, run, without_versions

program = os.path.abspath(sys.argv[1])
work = tempfile.mkdtemp()
GOLDEN = os.path.join(ROOT, "tests", "golden")
SVG = "{http://www.w3.org/2000/svg}"
ALL = ["lidocaine", "--with", "forest,funnel,loo", "--baseline-risk", "5%,median", "--outcome", "death"]
HOSTILE = ['</svg><script>alert(1)</script>', '$x_1$ \\input{/etc/passwd} % & ^ ~ # {y} `date`',
           '|pipe| *star* [l](u) <b>', "中文 日本語", "עברית عربي",
           "e\u0301 a\u030a 👍🏽 --dash ,,x <<y>> 'q' \"p\"", "tab\there \x01\x1b[31m bell\x07 \u202e rtl",
           "&lt;b&gt; &amp;", "x" * 500]


def report(*args, **more):
    result = run([program, "report", *args], **more)
    check(result.returncode == 0, f"{' '.join(args)}: exit {result.returncode}, {result.stderr.decode()}")
    return result.stdout.decode()


class Page(html.parser.HTMLParser):
    """Tags with attributes, headings, ids, links, the text of elements outside figures, cells by caption of table."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.headings, self.ids, self.links, self.paragraphs = [], [], [], [], []
        self.tables, self.open, self.buffer, self.in_svg = {}, [], None, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.in_svg += tag == "svg"
        self.tags.append((tag, attrs))
        if attrs.get("id"):
            self.ids.append(attrs["id"])
        if tag == "a":
            self.links.append(attrs.get("href", ""))
        if tag == "table":
            self.caption, self.rows = None, []
        if tag == "tr":
            self.rows.append([])
        if tag in ("p", "caption", "th", "td", "li", "dd", "dt", "figcaption") or re.fullmatch("h[1-6]", tag):
            self.buffer = ""

    def handle_data(self, data):
        if self.buffer is not None and not self.in_svg:
            self.buffer += data

    def handle_endtag(self, tag):
        self.in_svg -= tag == "svg"
        if self.buffer is None or self.in_svg:
            return
        if tag == "caption":
            self.caption = self.buffer
        elif tag in ("th", "td"):
            self.rows[-1].append(self.buffer)
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), self.buffer))
        elif tag in ("p", "li", "dd", "dt", "figcaption"):
            self.paragraphs.append(self.buffer)
        if tag == "table":
            self.tables[self.caption] = self.rows

    def table(self, words):
        return next((rows for caption, rows in self.tables.items() if caption and words in caption), [[]])


# ---- golden documents

def without_figures(text):
    text = re.sub(r"<svg.*?</svg>", "<svg/>", text, flags=re.S)
    text = re.sub(r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}", r"\\tikzpicture", text, flags=re.S)
    return without_versions(text.encode()).decode()


def goldens():
    rows = [("html", "prisma"), ("md", "prisma"), ("tex", "prisma"), ("html", "apa"), ("md", "bmj"), ("tex", "jama"),
            ("md", "cochrane")]
    for form, style in rows:
        name = f"report-{style}.{form}"
        got = without_figures(report(*ALL, "--style", style, "--format", form))
        path = os.path.join(GOLDEN, name)
        if os.environ.get("UPDATE"):
            with open(path, "w", encoding="utf-8", newline="\n") as f:
                f.write(got)
        with open(path, encoding="utf-8", newline="\n") as f:
            want = f.read()
        first = next((f"line {i + 1}: {g!r}, was {w!r}" for i, (g, w) in
                      enumerate(zip(got.split("\n"), want.split("\n"))) if g != w), "another length")
        check(got == want, f"{name}: {first}")


# ---- numbers

def number(text):
    return float(re.sub(r"[%\s]", "", text).replace("−", "-").replace("∞", "inf"))


def near(shown, want, what):
    """A shown number is the JSON's to its last digit."""
    decimals = len(shown.rstrip("%").split(".")[1]) if "." in shown and "e" not in shown else 0
    check(abs(number(shown) - want) <= 0.5001 * 10.0 ** -decimals, f"{what}: shown {shown}, is {want!r}")


N = r"([−\d.e-]+|−?∞)"


def numbers():
    for args in (["bcg"], ["bcg", "--measure", "OR", "--method", "MH"], ["icp-response-sem"], ["bcg", "--method", "EE"],
                 ["catheters", "--measure", "OR", "--method", "GLMM"], ["stroke-stay"], ["hiv-care"],
                 ["conscientiousness", "--method", "DL", "--test", "z"], ["vasospasm"], ["warfarin"]):
        what = " ".join(args)
        result = run([program, "pool", *args, "--format", "json"])
        if not check(result.returncode == 0, f"pool {what}: {result.stderr.decode()}"):
            continue
        want = json.loads(result.stdout)
        page = Page(report(*args, "--with", "forest,loo"))
        text = "\n".join(page.paragraphs)
        mean, het, pi = want["model"]["coefficients"][0], want["heterogeneity"], want["prediction"]
        got = re.search(rf"(?:pooled result of \d+ studies) is .*? {N}, 95% CI \[{N}, {N}\]", text)
        if check(got is not None, f"{what}: no pooled result in words"):
            for shown, key in zip(got.groups(), ("display_estimate", "display_ci_lb", "display_ci_ub")):
                near(shown.rstrip("."), mean[key], f"{what}: {key}")
        if het["tau2"] and not args[-1] == "EE":
            got = re.search(rf"variance τ² = {N}(?: \(95% CI \[{N}, {N}\]\))?, a standard deviation of τ = {N} on",
                            text)
            check(got and abs(number(got[1]) - het["tau2"]) <= 6e-4 * het["tau2"], f"{what}: tau2 {het['tau2']}")
        if het["i2"] is not None:
            got = re.search(rf"variability of the observed effects, I² = {N}%", text)
            check(got and abs(number(got[1]) - het["i2"]) <= 0.0501, f"{what}: I2 {het['i2']}")
        if het["q"] is not None:
            got = re.search(rf"Q\((\d+)\) = {N}, p", text)
            check(got and int(got[1]) == het["q_df"] and abs(number(got[2]) - het["q"]) <= 0.00501,
                  f"{what}: Q {het['q']}")
        if pi["pi_lb"] is not None:
            got = re.search(rf"lie within \[{N}, {N}\] \(95% prediction interval\)", text)
            if check(got is not None, f"{what}: no prediction interval in words"):
                near(got[1], pi["display_pi_lb"], f"{what}: lower prediction limit")
                near(got[2], pi["display_pi_ub"], f"{what}: upper prediction limit")
        rows = page.table("Studies")[1:]
        check(len(rows) == len(want["studies"]), f"{what}: {len(rows)} rows of {len(want['studies'])} studies")
        for row, study in zip(rows, want["studies"]):
            check(row[0] == study["study"], f"{what}: {row[0]} for {study['study']}")
            lb = study["display_ci_lb"]
            check(lb is None or any(cell.startswith("[") and abs(number(cell[1:].split(",")[0]) - lb) < 0.0051
                                    for cell in row[1:]), f"{what}: interval of {row[0]}: {row}")


def findings():
    """Absolute effects by hand."""
    rules = {"RR": lambda x, p: x * p, "OR": lambda x, p: p * x / (1 - p + p * x), "RD": lambda x, p: p + x}
    for measure, rule in rules.items():
        pooled = json.loads(run([program, "pool", "bcg", "--measure", measure, "--format", "json"]).stdout)
        mean = pooled["model"]["coefficients"][0]
        page = Page(report("bcg", "--measure", measure, "--with", "forest", "--baseline-risk", "0.3,45%"))
        rows = page.table("Absolute")[1:]
        for row, risk in zip(rows, (0.3, 0.45)):
            with_it = [1000 * min(max(rule(mean[key], risk), 0), 1) for key in ("display_estimate", "display_ci_lb",
                                                                              "display_ci_ub")]
            lb, ub = (number(x) for x in row[2].strip("[]").split(", "))
            for got, want in ((row[0], 1000 * risk), (row[1], with_it[0]), (row[3], with_it[0] - 1000 * risk)):
                check(abs(number(got) - want) <= 0.501, f"{measure} at {risk}: {got}, is {want}")
            check(abs(lb - with_it[1]) <= 0.501 and abs(ub - with_it[2]) <= 0.501,
                  f"{measure} at {risk}: {row[2]}, {with_it}")
        check(len(rows) == 2, f"{measure}: {len(rows)} risks")


# ---- what a page must be

def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(text):
    """Every text colour of the style sheet against every paper it may stand on: at least 4.5 (WCAG AA)."""
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    for rule in re.findall(r"{([^{}]*)}", style):
        ink = re.search(r"(?<![-\w])color: (#\w{6})", rule)
        paper = re.search(r"background: (#\w{6})", rule)
        for ground in [paper[1]] if paper else ["#ffffff", "#f4f4f4"]:
            a, b = sorted((luminance(ink[1] if ink else "#1a1a1a"), luminance(ground)))
            check((b + 0.05) / (a + 0.05) >= 4.5, f"contrast of {ink and ink[1]} on {ground}")


def accessible(text, what):
    try:
        tree = xml.fromstring(re.sub(r"^<!DOCTYPE html>", "", text))
    except xml.ParseError as e:
        check(False, f"{what}: not well-formed: {e}")
        return None
    page = Page(text)
    check(tree.get("lang") == "en", f"{what}: no language")
    check(tree.find(".//title").text, f"{what}: no title")
    check(any(t == "meta" and a.get("name") == "viewport" for t, a in page.tags), f"{what}: no viewport")
    levels = [level for level, _ in page.headings]
    check(levels.count(1) == 1 and levels[0] == 1, f"{what}: headings {levels}")
    check(all(b <= a + 1 for a, b in zip(levels, levels[1:])), f"{what}: a heading level is skipped: {levels}")
    check(all(words.strip() for _, words in page.headings), f"{what}: an empty heading")
    check(len(set(page.ids)) == len(page.ids), f"{what}: an id twice")
    check(len(tree.findall(".//main")) == 1, f"{what}: main")
    for link in page.links:
        check(link.startswith("#") and link[1:] in page.ids, f"{what}: link to {link}")
    for table in tree.iter("table"):
        check(table.find("caption") is not None and table.find("caption").text, f"{what}: a table without a caption")
        heads = table.findall("thead/tr/th")
        check(heads and all(h.get("scope") == "col" for h in heads), f"{what}: heads without scope")
        check(all(len(r) == len(heads) for r in table.findall("tbody/tr")), f"{what}: a ragged table")
    figures = list(tree.iter("figure"))
    for figure in figures:
        svg = figure.find(f".//{SVG}svg")
        check(figure.find("figcaption").text, f"{what}: a figure without a caption")
        check(svg.get("role") == "img" and svg.find(f"{SVG}title").text and len(svg.find(f"{SVG}desc").text) > 20,
              f"{what}: a figure without words")
    for region in tree.iter("div"):
        check(region.get("tabindex") == "0" and region.get("aria-label"), f"{what}: a region that no key reaches")
    return page


def self_contained(text, what):
    outside = re.sub(r'xmlns="http://www\.w3\.org/2000/svg"', "", text)
    asks = r"(?:src|srcset|poster|action|data)\s*=\s*[\"']|url\(|@import|<link|<iframe|<object|<img|fetch\(|XMLHttp"
    for m in re.finditer(asks, outside):
        check(False, f"{what}: asks for something outside: {outside[m.start():m.start() + 60]!r}")
    check(not re.search(r'(?:href|xlink:href)="(?!#)', outside), f"{what}: a link that leads outside")
    check(text.count("<script") == 1, f"{what}: {text.count('<script')} scripts")


def pages():
    rows = (["bcg", "--subgroup", "alloc", "--mods", "ablat", "--with", "all", "--baseline-risk", "median"], ["bcg"],
            ["icp-map-simulated", "--with", "all"], ["bcg", "--where", "trial = 1", "--with", "all"],
            ["bcg", "--where", "trial <= 2", "--with", "all"], ["catheters", "--method", "MH", "--with", "all"],
            ["stroke-stay", "--style", "cochrane"], ["bcg", "--measure", "RD", "--style", "jama", "--with", "all"])
    for args in rows:
        what = " ".join(args)
        text = report(*args)
        self_contained(text, what)
        accessible(text, what)
        if args[0] == "icp-map-simulated":
            n = len(re.findall("<figure>", text))
            check('<p class="stamp">SIMULATED DATA</p>' in text, "simulated: no stamp on the page")
            stamped = len(re.findall(">[^<]*SIMULATED DATA[^<]*</text>", text))
            check(stamped >= n > 2, f"simulated: on {stamped} of {n} figures")
            check("@top-center { content: 'SIMULATED DATA'" in text, "simulated: not on every printed page")
            tex = report(*args, "--format", "tex")
            check("\\pagestyle{myheadings}" in tex and "\\markright{SIMULATED DATA}" in tex, "simulated: LaTeX pages")
            check("**SIMULATED DATA**" in report(*args, "--format", "md"), "simulated: Markdown")
        check(not re.search(r"\bsignificant", "\n".join(Page(text).paragraphs)), f"{what}: significance from p alone")
    contrast(text)
    plain = run([program, "pool", "bcg", "--subgroup", "alloc", "--format", "html"]).stdout.decode()
    self_contained(plain, "pool")
    check(xml.fromstring(plain.replace("<!DOCTYPE html>", "")) is not None, "pool: not well-formed")


# ---- labels

def visible(label):
    return re.sub("[\x00-\x1f\x7f]", lambda m: f"\\x{ord(m[0]):02X}", label).replace("\u202e", "\\u{202E}")


def hostile():
    path = os.path.join(work, "hostile.csv")
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write("slab,yi,vi,grp\n")
        for i, label in enumerate(HOSTILE):
            cells = [s.replace('"', '""') for s in (label, HOSTILE[i % 2])]
            f.write(f'"{cells[0]}",{0.1 + 0.03 * i:.2f},0.02,"{cells[1]}"\n')
    args = [path, "--subgroup", "grp", "--with", "all", "--title", HOSTILE[0]]
    text = report(*args)
    page = accessible(text, "hostile")
    self_contained(text, "hostile")
    rows = page.table("Studies")[1:]
    for row, label in zip(rows, HOSTILE):
        check(row[0] == visible(label), f"HTML: {row[0]!r} for {label!r}")
    tree = xml.fromstring(text.replace("<!DOCTYPE html>", ""))
    drawn = ["".join(t.itertext()) for t in tree.iter(f"{SVG}text")]
    check(any("</svg><script>" in t for t in drawn), "the figure does not show the first label")
    tex = report(*args, "--format", "tex")
    for bad in (r"\\input", r"(?<!\\)\$x", "`date`", "\x1b", "\x07", "中"):
        check(not re.search(bad, tex), f"LaTeX: {bad!r} as it is")
    check(re.sub(r"\\[{}]", "", tex).count("{") == re.sub(r"\\[{}]", "", tex).count("}"), "LaTeX: braces")
    begun = re.findall(r"\\begin{([\w*]+)}", tex.split("\\begin{document}")[1])
    ended = re.findall(r"\\end{([\w*]+)}", tex.split("\\begin{document}")[1])
    check(sorted(begun + ["document"]) == sorted(ended), "LaTeX: an environment that does not end")
    md = report(*args, "--format", "md")
    check(not re.search(r"(?<!\\)<script|(?<!\\)\|pipe|(?<!\\)`date|\x1b", md), "Markdown: markup from a label")
    return tex


# ---- bytes

def same_bytes():
    for form in ("html", "tex", "md"):
        args = [*ALL, "--format", form]
        first = report(*args)
        for env in ({"TZ": "Asia/Tokyo", "LC_ALL": "C"}, {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "HOME": "/"}):
            check(report(*args, env=env) == first, f"{form}: other bytes with {env}")
    path = os.path.join(work, "x.csv")
    with open(path, "wb") as f:
        f.write(b"\xef\xbb\xbfslab;yi;vi\r\na;0,1;0,02\r\nb;0,3;0,01\r\n")
    with open(path, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    check(digest in report(path), "the SHA-256 is not that of the bytes")
    with open(path, "rb") as f:
        check(digest in report("-", stdin=f), "the SHA-256 of standard input")


def files():
    """Figures beside Markdown; the ending says the format."""
    out = os.path.join(work, "a b.md")
    check(run([program, "report", "bcg", "-o", out]).returncode == 0, "a b.md")
    with open(out, encoding="utf-8") as f:
        text = f.read()
    links = re.findall(r"!\[[^\]]*\]\(<([^>]*)>\)", text)
    check(links == ["a b-1.svg", "a b-2.svg"], f"Markdown links to {links}")
    for link in links:
        check(os.path.exists(os.path.join(work, link)) and xml.parse(os.path.join(work, link)), f"{link} is no figure")
    for ending, start in (("html", "<!DOCTYPE html>"), ("tex", "\\documentclass"), ("txt", "<!DOCTYPE html>")):
        out = os.path.join(work, "x." + ending)
        check(run([program, "report", "bcg", "-o", out]).returncode == 0, out)
        with open(out, encoding="utf-8") as f:
            check(f.read().startswith(start), f"x.{ending} does not begin with {start}")


# ---- with other programs

def compiled(tex):
    """Every style by every engine that is there; no letter may be missing without a sign in its place."""
    listed = run([program, "list", "styles", "--format", "csv"]).stdout.decode().split("\n")[1:-1]
    styles = [row.split(",")[0] for row in listed]
    texts = [("hostile", tex)] + [(style, report(*ALL, "--style", style, "--format", "tex")) for style in styles]
    check(len(texts) >= 6, f"{len(texts)} documents")
    for engine in ("pdflatex", "xelatex", "lualatex"):
        for name, text in texts if shutil.which(engine) else ():
            with open(os.path.join(work, name + ".tex"), "w", encoding="utf-8") as f:
                f.write(text)
            for _ in range(2 if engine == "pdflatex" else 1):
                result = run([engine, "-interaction=nonstopmode", "-halt-on-error", name + ".tex"], cwd=work)
            check(result.returncode == 0, f"{engine}: {name}: " + result.stdout.decode("latin-1")[-600:])
            with open(os.path.join(work, name + ".log"), encoding="latin-1") as f:
                missing = [line for line in f if line.startswith("Missing character")]
            check(not missing, f"{engine}: {name}: {missing[:1]}")


def printed(chromium, *args):
    """The text of the pages that Chromium prints."""
    page, pdf = os.path.join(work, "page.html"), os.path.join(work, "page.pdf")
    with open(page, "w", encoding="utf-8") as f:
        f.write(report(*args))
    result = run([*chromium, "--no-pdf-header-footer", "--print-to-pdf=" + pdf, "file://" + page])
    check(os.path.exists(pdf), "chromium prints nothing: " + result.stderr.decode()[-300:])
    check(b"CONSOLE" not in result.stderr, "the console: " + result.stderr.decode())
    result = run([*chromium, "--window-size=390,2000", "--dump-dom", "file://" + page])
    buttons = result.stdout.decode().count('<button type="button"')
    check(buttons > 20, f"{buttons} heads of tables can be sorted")
    return run(["pdftotext", "-layout", pdf, "-"]).stdout.decode().split("\f")[:-1]


def rendered():
    chromium = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    text = "".join(printed(chromium, "bcg", "--subgroup", "alloc", "--with", "all", "--baseline-risk", "median"))
    for cell, n in (("Comstock", 15), ("6.53]", 2), ("systematic", 8), ("Frimodt", 5)):
        check(text.count(cell) >= n, f"{cell} is cut from the printed tables: {text.count(cell)}")
    sheets = printed(chromium, "icp-map-simulated", "--with", "all")
    check(len(sheets) > 5 and all("SIMULATED DATA" in s.lstrip()[:40] for s in sheets), "a page without the stamp")
    cut = [s for s in sheets if re.match(r"\s*SIMULATED DATA\s*Sim \d\d ", s)]
    check(not cut, f"{len(cut)} tables go on over a page without their heads")


goldens()
numbers()
findings()
pages()
tex = hostile()
same_bytes()
files()
if os.environ.get("MPL_TEST_LONG"):
    if shutil.which("pdflatex"):
        compiled(tex)
    if shutil.which("chromium") and shutil.which("pdftotext"):
        rendered()
shutil.rmtree(work)
done()
