#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh machine to a result: installs what is missing, builds, pools the bundled data, draws a forest plot.
# usage: examples/quickstart.sh [FOLDER]   figures go to FOLDER, or where you are
# With METAPOOL set to a program, nothing is installed or built.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-.}
packages='meson ninja-build gcc pkg-config libgsl-dev libcjson-dev nettle-dev r-mathlib gnuplot-nox'

say() {
    printf '\n== %s\n' "$*"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing() {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "Not a Debian system: you need what Debian calls $packages"
        return
    fi
    missing=
    for package in $packages; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            missing="$missing $package"
    done
    if [ -z "$missing" ]; then
        say "Everything needed is installed: $packages"
        return
    fi
    say "Installing$missing"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing || {
        say "Once more with fresh package lists"
        as_root apt-get update -q
        # shellcheck disable=SC2086
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
    }
}

build() {
    say "Building in $here/build"
    # Debian's meson needs Debian's python, whatever else comes first in the PATH.
    [ -x /usr/bin/meson ] && PATH=/usr/sbin:/usr/bin:/sbin:/bin && export PATH
    [ -f "$here/build/build.ninja" ] || meson setup "$here/build" "$here"
    ninja -C "$here/build"
}

metapool() {
    printf '\n$ metapool'
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_.,/=-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    "$METAPOOL" "$@"
}

if [ -z "${METAPOOL:-}" ]; then
    install_missing
    build
    METAPOOL=$here/build/src/cli/metapool
fi

say "Erectile function before and after cell therapy (IIEF), pooled"
echo "No source reports how the two measurements of a patient correlate, so we must assume it: here 0.5."
metapool pool iief-change --ri 0.5

say "How much does that assumption matter?"
metapool pool iief-change --ri-grid 0,0.5,0.7

say "Animal studies by source of the cells: AT-MSC against BM-MSC and others"
metapool pool icp-map-simulated --subgroup cell_source

say "The same studies by model of erectile dysfunction"
metapool pool icp-map-simulated --subgroup model

say "The forest plot, as a picture and as files for gnuplot"
cd "$folder"
metapool plot forest icp-map-simulated --subgroup cell_source -o forest.svg
metapool plot forest icp-map-simulated --subgroup cell_source -o forest.gp
say "Written: forest.svg, forest.gp, forest.dat. 'gnuplot forest.gp' draws the figure again."
