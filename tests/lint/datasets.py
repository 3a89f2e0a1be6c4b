# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated data are what their generator writes; every file in datasets/ is a resource and the other way round."""
import json
import os
import sys

from check import ROOT, check, done, run

FOLDER = os.path.join(ROOT, "datasets")
with open(os.path.join(FOLDER, "datapackage.json"), encoding="utf-8") as f:
    package = json.load(f)
paths = [r["path"] for r in package["resources"]]
files = [f for f in os.listdir(FOLDER) if f.endswith(".csv")]
check(sorted(paths) == sorted(files), f"files and resources differ: {set(paths) ^ set(files)}")
for resource in package["resources"]:
    if resource["kind"] != "simulated":
        continue
    with open(os.path.join(FOLDER, resource["path"]), "rb") as f:
        written = f.read()
    made = run([sys.executable, os.path.join(FOLDER, resource["name"] + ".py")])
    check(made.returncode == 0 and made.stdout == written, f"{resource['path']}: the generator writes something else")
    check("simulated" in resource["name"] and "SIMULATED" in resource["title"], f"{resource['name']}: not marked")
done()
