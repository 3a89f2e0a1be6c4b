# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the datasets of a Frictionless data package as C constants: embed.py PACKAGE OUTPUT [DEPFILE]

A resource without what every dataset must say (title, sources, licence, kind, a field for each column) stops the build.
"""
import csv
import io
import json
import os
import sys

KINDS = {"published", "textbook", "simulated", "characteristics"}


def text(s):
    """A C string literal, or NULL."""
    if s is None:
        return "NULL"
    out = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in s.encode())
    return f'"{out}"'


def texts(items):
    return ", ".join(text(s) for s in items)


def need(ok, what):
    if not ok:
        sys.exit(f"{sys.argv[1]}: {what}")


def check(resource, raw):
    name = resource["name"]
    for key in ("title", "description", "path", "kind", "schema"):
        need(resource.get(key), f"{name}: no {key}")
    need(resource["kind"] in KINDS, f"{name}: kind is not one of {sorted(KINDS)}")
    need(resource.get("sources") and all(s.get("title") for s in resource["sources"]), f"{name}: no source")
    need(resource.get("licenses") and resource["licenses"][0].get("title"), f"{name}: no licence")
    need(resource["path"] == name + ".csv", f"{name}: path is not {name}.csv")
    need(("simulated" in name) == (resource["kind"] == "simulated"), f"{name}: id and kind disagree")
    header = next(csv.reader(io.StringIO(raw.decode("utf-8"))))
    fields = [f["name"] for f in resource["schema"]["fields"]]
    need(header == fields, f"{name}: the header is {header}, the schema says {fields}")
    need(b"\r" not in raw and raw.endswith(b"\n"), f"{name}: lines must end in LF")
    return fields


def embed(i, resource, raw, out):
    check(resource, raw)
    schema, warnings = resource["schema"], resource.get("warnings", [])
    sources = "; ".join(s["title"] for s in resource["sources"])
    doi = resource["sources"][0].get("path", "")
    doi = doi.split("doi.org/", 1)[1] if "doi.org/" in doi else None
    cells = [str(b if b < 128 else b - 256) for b in raw]
    lines = ",\n".join(",".join(cells[k:k + 100]) for k in range(0, len(cells), 100))
    out.append(f"static const char bytes_{i}[] = {{\n{lines}\n}};")
    out.append(f"static const char *const missing_{i}[] = {{ "
               f"{''.join(text(m) + ', ' for m in schema.get('missingValues', ['']) if m)}NULL }};")
    if warnings:
        out.append(f"static const char *const warnings_{i}[] = {{ {texts(warnings)} }};")
    out.append(f"static const mpl__schema_field fields_{i}[] = {{")
    for field in schema["fields"]:
        out.append(f"    {{ {text(field['name'])}, {text(field.get('role'))}, {text(field.get('title'))} }},")
    out.append("};")
    info = {"id": resource["name"], "title": resource["title"], "kind": resource["kind"], "source": sources, "doi": doi,
            "licence": resource["licenses"][0]["title"], "about": resource["description"],
            "measure": resource.get("measure"), "arms": resource.get("arms")}
    members = ", ".join(f".{key} = {text(value)}" for key, value in info.items())
    return (f"    {{ .schema = {{ .info = {{ {members},\n      .n_warnings = {len(warnings)}, "
            f".warnings = {f'warnings_{i}' if warnings else 'NULL'} }}, .missing = missing_{i},\n"
            f"      .n_fields = {len(schema['fields'])}, .fields = fields_{i} }}, .bytes = bytes_{i}, "
            f".size = {len(raw)} }},")


def main(package, output, depfile=None):
    with open(package, encoding="utf-8") as f:
        resources = json.load(f)["resources"]
    out, rows, inputs = ["/* Written by embed.py; not to be edited. */", '#include "data/bundled.h"', ""], [], []
    need(len({r["name"] for r in resources}) == len(resources), "a dataset appears twice")
    for i, resource in enumerate(resources):
        path = os.path.join(os.path.dirname(package), resource["path"])
        inputs.append(path)
        with open(path, "rb") as f:
            rows.append(embed(i, resource, f.read(), out))
    out += ["", "const mpl__bundled mpl__bundled_table[] = {", *rows, "};", "",
            "const size_t mpl__n_bundled = sizeof mpl__bundled_table / sizeof *mpl__bundled_table;", ""]
    with open(output, "w", encoding="ascii") as f:
        f.write("\n".join(out))
    if depfile:
        with open(depfile, "w", encoding="utf-8") as f:
            f.write(f"{output}: {' '.join(p.replace(' ', chr(92) + ' ') for p in inputs)}\n")


main(*sys.argv[1:])
