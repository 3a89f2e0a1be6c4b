#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, runs every test. The last line is "N passed, N failed", summed over all checks.
set -eu
cd "$(dirname "$0")/.."

usage() {
    cat <<'END'
usage: tests/run.sh [--sanitize] [--long] [--suite NAME]
  --sanitize    build with AddressSanitizer and UndefinedBehaviorSanitizer (in build-sanitize/) and run everything there
  --long        also run what takes minutes: longer sweeps, every conformance case
  --suite NAME  only one suite: unit, prop, ref, cli, plot, fail, fuzz, lint, conformance
END
}

dir=build suite= setup= multiplier=1
while [ $# -gt 0 ]; do
    case $1 in
    --sanitize) dir=build-sanitize setup=-Db_sanitize=address,undefined multiplier=6 ;;
    --long) MPL_TEST_LONG=1 && export MPL_TEST_LONG ;;
    --suite) [ $# -gt 1 ] || { usage >&2; exit 2; }; suite=$2; shift ;;
    --suite=*) suite=${1#*=} ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done

# The left column is what to look for where packages have other names.
install_missing() {
    missing=
    while read -r file package; do
        [ -n "$file" ] || continue
        if command -v dpkg-query >/dev/null 2>&1; then
            dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed && continue
        else
            case $file in *.h) echo "#include <$file>" | cc -E - >/dev/null 2>&1 && continue ;;
            *) command -v "$file" >/dev/null 2>&1 && continue ;; esac
        fi
        missing="$missing $package"
    done <<END
${MPL_TEST_LONG:+chromium chromium
pdftotext poppler-utils
pdflatex texlive-latex-base
xelatex texlive-xetex
lualatex texlive-luatex
pzdr texlive-fonts-recommended
latexmk texlive-latex-recommended
tikz texlive-pictures
lmodern lmodern}
meson meson
ninja ninja-build
gcc gcc
g++ g++
pkg-config pkg-config
gsl/gsl_math.h libgsl-dev
cjson/cJSON.h libcjson-dev
nettle/sha2.h nettle-dev
Rmath.h r-mathlib
gnuplot gnuplot-nox
python3 python3
jsonschema python3-jsonschema
xmllint libxml2-utils
rsvg-convert librsvg2-bin
localedef locales
mandoc mandoc
END
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "tests/run.sh: please install what Debian calls:$missing" >&2
        return 0
    fi
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    echo "installing:$missing"
    # Package lists may be stale or absent: try first with what is there, then once more with fresh ones.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 ||
        { $as_root apt-get update -q &&
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing; }
}

install_missing
# Debian's own tools, whatever else the PATH would find first.
[ -x /usr/bin/meson ] && PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C.UTF-8

[ "${CI:-}" = true ] && setup="$setup -Dwerror=true"
if [ -f "$dir/build.ninja" ]; then
    # shellcheck disable=SC2086
    [ -z "$setup" ] || meson configure "$dir" $setup
else
    # shellcheck disable=SC2086
    meson setup "$dir" $setup
fi
ninja -C "$dir"

rm -f "$dir/meson-logs/testlog.json"
status=0
meson test -C "$dir" --no-rebuild --print-errorlogs --timeout-multiplier "$multiplier" ${suite:+--suite "$suite"} ||
    status=$?
exec python3 tests/sum.py "$dir/meson-logs/testlog.json" "$status"
