#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzes one target with libFuzzer under ASan and UBSan; a crash is left as a file, to be put into its corpus.
set -eu
cd "$(dirname "$0")/../.."
[ $# -ge 1 ] || { echo "usage: tests/fuzz/run.sh TARGET [SECONDS] (needs clang; targets: tests/fuzz/fuzz_*.c)" >&2; exit 2; }
target=$1 seconds=${2:-60} dir=build-fuzz
if [ ! -f $dir/build.ninja ]; then
    CC=clang meson setup $dir -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link \
        -Dc_link_args=-fsanitize=fuzzer-no-link
fi
ninja -C $dir src/libmetapool_test.a
extra=
# What reads and explains command lines; the target brings a command of its own.
for file in src/cli/*.c; do
    case $target$file in option*/cmd_* | option*/commands.c | option*/main.c) ;; option*) extra="$extra $file" ;; esac
done
libs=$(pkg-config --libs gsl libcjson libRmath)
# shellcheck disable=SC2086
clang -std=c11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Iinclude -Isrc \
    "tests/fuzz/fuzz_$target.c" $extra $dir/src/libmetapool_test.a $libs -lm -lpthread -o "$dir/fuzz_$target"
# New inputs go to the build folder; what is worth keeping is copied into the corpus by hand.
mkdir -p "$dir/found/$target"
dict=tests/fuzz/$target.dict
[ -f "$dict" ] && set -- -dict="$dict" || set --
exec "$dir/fuzz_$target" "$@" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$dir/found/crash-$target-" "$dir/found/$target" "tests/fuzz/corpus/$target"
