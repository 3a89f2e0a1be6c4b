# SPDX-License-Identifier: GPL-3.0-or-later
"""What every command writes as JSON is what the published schema says, and the schema notices mistakes.
schema.py PROGRAM SCHEMA"""
import copy
import json
import os
import sys

from check import check, done, run, skip

try:
    import jsonschema
except ImportError:
    skip("no python3-jsonschema")

program, schema_path = os.path.abspath(sys.argv[1]), sys.argv[2]
with open(schema_path, encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def first_error(report):
    best = jsonschema.exceptions.best_match(validator.iter_errors(report))
    return best and f"{'/'.join(map(str, best.absolute_path))}: {best.message[:300]}"


def report_of(*args, status=(0,)):
    """The report of a command that is valid; None where it refuses as expected."""
    result = run([program, *args, "--format", "json"])
    name = " ".join(args)
    if not check(result.returncode in status, f"{name}: exit {result.returncode}, {result.stderr.decode()[:300]}"):
        return None
    if result.returncode > 1:  # 1 says that a check found something
        check(not result.stdout, f"{name}: refused, and yet it wrote something")
        return None
    report = json.loads(result.stdout, parse_constant=lambda word: check(False, f"{name}: {word} is no JSON"))
    error = first_error(report)
    check(error is None, f"{name}: {error}")
    return report


def broken(report):
    """The report with one mistake each, and what it is."""
    def at(*path):
        spoilt = copy.deepcopy(report)
        parent = spoilt
        for step in path[:-1]:
            parent = parent[step]
        return spoilt, parent, path[-1]

    for path in (["schema"], ["command"], ["data"], ["model"], ["model", "coefficients"], ["heterogeneity", "tau2"],
                 ["excluded"], ["notes"], ["provenance", "version"], ["studies", 0, "yi"],
                 ["model", "coefficients", 0, "se"], ["subgroups", "groups", 0, "k"]):
        spoilt, parent, key = at(*path)
        del parent[key]
        yield spoilt, f"without {path}"
    for path, value in ((["more"], 1), (["model", "tau2"], 0.1), (["studies", 0, "Yi"], 0.1), (["data", "host"], "a"),
                        (["model", "coefficients", 0, "p"], 0.1), (["subgroups", "groups", 0, "more"], 1),
                        (["schema"], "metapool.report/2"), (["studies", 0, "yi"], "0.1"), (["studies", 0, "vi"], -1),
                        (["studies", 0, "weight"], 101), (["heterogeneity", "i2"], -3), (["heterogeneity", "q_pval"], 2),
                        (["model", "level"], 95), (["model", "k"], 0), (["studies"], []), (["data", "kind"], "real"),
                        (["provenance", "options", "level"], 0.95)):
        spoilt, parent, key = at(*path)
        parent[key] = value
        yield spoilt, f"with {path} = {value!r}"


datasets = report_of("data", "list")["datasets"]
for dataset in datasets:
    name = dataset["id"]
    report_of("data", "describe", name)
    report_of("data", "show", name)
    report_of("effects", name, status=(0, 2, 3))
    report_of("check", name, status=(0, 1, 2, 3))
    report_of("convert", name, "--to", "one-group", status=(0, 3))
    report_of("covariance", name, "--rho", "0.5", status=(0, 2, 3))
    report_of("aggregate", name, "--struct", "ID", status=(0, 2, 3))
    # What holds no effects by itself, or needs a correlation, is refused.
    report_of("pool", name, status=(0, 2, 3, 4))

entries = report_of("list")
for entry in entries["entries"] if entries else []:
    report_of("list", entry["id"])

for method in report_of("list", "methods")["entries"]:
    report_of("pool", "bcg", "--method", method["id"], "--measure", "PETO" if method["id"] == "PETO" else "OR",
              "--subgroup", "alloc", "--columns", "weights=ablat")
for test in report_of("list", "tests")["entries"]:
    report_of("pool", "bcg", "--test", test["id"], status=(0, 2, 4))
for pi in report_of("list", "pi")["entries"]:
    report_of("pool", "bcg", "--pi", pi["id"])
for profile in report_of("list", "profiles")["entries"]:
    report_of("pool", "bcg", "--profile", profile["id"], "--subgroup", "alloc")
for pooling in report_of("list", "pooling")["entries"]:
    report_of("pool", "bcg", "--subgroup", "alloc", "--tau2-pooling", pooling["id"])
for column in ("cell_source", "model"):
    report_of("pool", "icp-map-simulated", "--subgroup", column)
report_of("pool", "iief-change", "--ri", "0.5")
report_of("pool", "iief-change", "--ri-grid", "0,0.5,0.7")
report_of("pool", "iief-change", "--ri-grid", "0,0.5", "--subgroup", "scale")
report_of("pool", "bcg", "--where", "year > 1970", "--level", "90")
report_of("pool", "bcg", "--where", "trial = 1")  # one study
report_of("pool", "bcg", "--where", "trial in (1, 2)")
report_of("pool", "bcg", "--tau2", "0")

for test in ("z", "t", "hksj"):
    report_of("regress", "bcg", "--mods", "ablat * alloc", "--method", "ML", "--test", test, "--predict",
              "ablat=30,alloc=random")
report_of("regress", "bcg", "--mods", "0 + ablat", "--method", "EE")
report_of("regress", "bcg", "--scale", "alloc", "--scale-ci", "profile", "--predict", "alloc=random")
report_of("regress", "bcg", "--mods", "ablat", "--scale", "alloc", "--scale-link", "identity")
report_of("regress", "bcg", "--mods", "ablat + center(ablat)", "--drop-redundant", "--tau2", "0.1")

for command in ("influence", "loo", "cumulative"):
    report_of(command, "bcg")
    report_of(command, "iief-change", "--ri", "0.5")
report_of("influence", "bcg", "--mods", "alloc", "--method", "EE")  # a factor level that only one study has
report_of("influence", "bcg", "--where", "trial in (1, 2)", "--threshold", "0.8")
report_of("loo", "bcg", "--cluster", "alloc", "--method", "DL")
report_of("loo", "bcg", "--where", "trial in (1, 2)")
report_of("blup", "bcg")
report_of("blup", "bcg", "--mods", "ablat + alloc", "--test", "z")
report_of("blup", "bcg", "--mods", "ablat", "--scale", "ablat")
report_of("regress", "bcg", "--mods", "ablat + alloc", "--scale", "ablat", "--means", "alloc", "--predict-grid", "ablat",
          "--residuals")
report_of("regress", "bcg", "--mods", "ablat + alloc", "--test", "kr", "--means", "alloc", "--pairwise", "alloc",
          "--residuals", "--contrast", "ablat; alloc=random", "--test-terms", "ablat + alloc; alloc=random", "--versus",
          "ablat")
report_of("blup", "bcg", "--where", "trial = 1", "--method", "EE")
report_of("bias", "bcg", "--only", "egger,peters", "--power", "--power-draws", "50")
report_of("tipping", "bcg", "--subgroup", "alloc")
report_of("tipping", "expectancy", "--severities", "2")
report_of("tipping", "bcg", "--measure", "RD", "--where", "trial in (2, 4)")
for chart in ("baujat", "radial", "doi", "labbe", "qq"):
    report_of(chart, "bcg")
report_of("compare", "bcg")
report_of("compare", "bcg", "--measures", "OR,RD,PHI", "--zeros", "all", "--leave-one-out", "--tests", "hksj,kr")
report_of("compare", "bcg", "--where", "trial = 1", "--method", "EE")
report_of("compare", "bcg", "--curve-test", "100", "--measures", "OR")
report_of("compare", "bcg", "--mods", "ablat + alloc", "--coef", "alloc=random", "--methods", "usual,UWLS")
report_of("compare", "bcg", "-m", "OR", "--method", "GLMM", "--glmm-model", "CM.AL", "--methods", "GLMM:UM.FS,MH:corrected")
report_of("pvalues", "bcg", "--alternative", "less", "--weight", "year")
report_of("pvalues", "bcg", "--where", "trial = 1")
report_of("profile", "bcg")
report_of("profile", "bcg", "--parameter", "mean", "--values", "3")
report_of("profile", "bcg", "--mods", "ablat + alloc", "--parameter", "ablat", "--method", "ML", "--test", "z")
report_of("gosh", "bcg")
report_of("gosh", "bcg", "--method", "DL", "--subsets", "200", "--points", "5")
report_of("gosh", "bcg", "--where", "trial in (1, 2)", "--method", "EE")
report_of("cumulative", "bcg", "--order", "-year", "--collapse", "--test", "z")

for spoilt, mistake in broken(report_of("pool", "bcg", "--subgroup", "alloc")):
    check(first_error(spoilt) is not None, f"the schema accepts a report {mistake}")
done()
