#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# all.sh BINARY [MODE...]: what strangers write, changed in MINUTES (of the environment; 10 unless it says otherwise) in all, shared by
# the modes (make fuzz MINUTES=N): by libFuzzer with sanitizers where clang has it, else on the objects of the build. What a crash
# needs is kept in BUILD/fuzz-MODE: put it into tests/fuzz/crashes/MODE, where make check tries it from then on.
set -u
. "$(dirname "$0")/../results.sh"
topic=fuzz
. tests/fuzz/seeds.bash
shift
[ $# = 0 ] || modes=("$@")
seconds=$((${MINUTES:-10} * 60 / ${#modes[@]}))

build_libfuzzer() { # in $work/fuzz, with a build of the engine of its own
    local flags='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=pointer-overflow -fno-sanitize-recover=all' source objects=()
    echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -fsanitize=fuzzer,address -x c - -o "$work/fuzz" 2>/dev/null || return 1
    make B="$build/libfuzzer" CC="${CLANG:-clang}" CFLAGS="$flags" all >"$work/err" 2>&1 || return 1
    for source in engine/*/*.c; do
        [ "$source" = engine/cli/main.c ] || objects+=("$build/libfuzzer/${source%.c}.o")
    done
    # shellcheck disable=SC2046
    clang -std=c11 -D_GNU_SOURCE -DLIBFUZZER -Iengine -Iengine/include -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fno-sanitize=pointer-overflow \
        $(pkg-config --cflags libxml-2.0 yaml-0.1 libpcre2-8) -o "$work/fuzz" tests/fuzz/{fuzz,targets,answers}.c "${objects[@]}" \
        $(pkg-config --libs yaml-0.1 libpcre2-8) -ldl -lpthread >"$work/err" 2>&1
}

# Goes on from the seeds, and from what earlier times found. What lives in mapped arenas would be taken for leaks: the replay looks for them.
fuzz() { # MODE
    local corpus=$build/corpus/$1 runs
    mkdir -p "$corpus" "$work/found-$1"
    ASAN_OPTIONS=detect_leaks=0 FUZZ_MODE=$1 FUZZ_DIRECTORY=$work "$work/fuzz" -detect_leaks=0 -max_total_time="$seconds" -timeout=30 -rss_limit_mb=1500 -max_len=262144 \
        -artifact_prefix="$work/found-$1/" -print_final_stats=1 "$corpus" "$seeds" >"$work/out" 2>&1
    local got=$?
    runs=$(sed -n 's/.*number_of_executed_units: *//p' "$work/out")
    [ $got != 0 ] || { ok "$1: ${runs:-0} inputs in $seconds s"; return; }
    cp "$work/found-$1"/* "$build/fuzz-$1" 2>/dev/null
    not_ok "$1 (input: $build/fuzz-$1)" "$(grep -m 12 -E 'ERROR|rror:|^ +#[0-9]' "$work/out")"
}

fuzz_plainly() { # MODE: other changes each time
    local last=$((SECONDS + seconds)) round=0
    while [ $SECONDS -lt $last ]; do
        FUZZ_SEED=$((++round)) replay "$1" 20 >"$work/round" || break
        grep -q '^ok' "$work/round" || break
    done
    cat "$work/round"
}

if build_libfuzzer; then
    try=fuzz maker=$build/libfuzzer/hvprobe
else
    try=fuzz_plainly
    build_fuzzer || exit 1
fi
for mode in "${modes[@]}"; do
    make_seeds "$mode"
    $try "$mode"
done
exit $status
