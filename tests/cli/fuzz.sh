#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fuzz.sh BINARY: what strangers write, as it is and changed two thousand times (the same changes each run), on the objects of
# the binary's build: with sanitizers where it has them. An input that fails is kept in BUILD/fuzz-MODE.
# For a campaign: clang -DLIBFUZZER -fsanitize=fuzzer,address on tests/fuzz/fuzz.c and the engine's sources.
set -u
. "$(dirname "$0")/../results.sh"
build=$(dirname "$binary")

objects=()
for source in engine/*/*.c; do
    [ "$source" = engine/cli/main.c ] || objects+=("$build/${source%.c}.o")
done
sanitizers=$(grep -oE -- '-f(no-)?sanitize[^ ]*' "$build/flags")
packages='yaml-0.1 libpcre2-8'
# shellcheck disable=SC2046,SC2086
if ! ${CC:-cc} -std=c11 -D_GNU_SOURCE -Iengine -Iengine/include -O1 -g $sanitizers $(pkg-config --cflags libxml-2.0 $packages) \
    -o "$work/fuzz" tests/fuzz/fuzz.c "${objects[@]}" $(pkg-config --libs $packages) -ldl -lpthread >"$work/err" 2>&1; then
    not_ok 'the fuzzer builds' "$(tail -n 5 "$work/err")"
    exit 1
fi

fuzz() { # MODE COUNT FILE...
    if timeout 600 "$work/fuzz" "$work" "$@" >"$work/out" 2>&1; then
        ok "$1"
    else
        not_ok "$1 (input: $build/fuzz-$1)" "$(grep -m 8 -E 'rror|^ *#[0-9]' "$work/out")"
        cp "$work/last" "$build/fuzz-$1"
    fi
}

mapfile -t rules < <(find rules -name '*.yaml' -size -24k | sort)
mapfile -t snapshots < <(find tests/rules -name snapshot.yaml -size -16k | sort | awk 'NR % 8 == 0')
mapfile -t documents < <(find tests/rules -name expect.xml -size -16k | sort | awk 'NR % 20 == 0')
fuzz rules 12 "${rules[@]}"
fuzz snapshot 20 "${snapshots[@]}"
fuzz extract 40 rules/tables.yaml "${snapshots[@]:0:4}" "${documents[@]:0:4}" schemas/rule.schema.json
fuzz document 30 "${documents[@]}"
exit $status
