#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check.sh BUILD: builds everything (plain and with sanitizers), runs all tests, counts their "ok", "not ok" and "skip" lines.
# Ends with what was skipped and "N passed, N failed, N skipped"; exit 1 when something failed. WERROR=1: warnings are errors.
set -u
build=$1
jobs=$(nproc)
log=$build/check.log
mkdir -p "$build"
: >"$log"
export HVPROBE_CACHE=
. tests/count.sh

builds() { # NAME TARGET...
    local name=$1
    shift
    if make -j"$jobs" B="$build" "$@" >"$build/make.log" 2>&1; then
        echo "ok $name"
    else
        echo "not ok $name"
        tail -n 40 "$build/make.log"
        return 1
    fi
}

count "build" builds "build${WERROR:+ without warnings}" all units || { totals; exit 1; }
count "build (asan)" builds "build with sanitizers" asan

# What takes longest comes first, so that no processor is idle at the end.
for kind in asan ""; do
    directory=$build${kind:+/$kind}
    suffix=${kind:+ ($kind)}
    begin "quick$suffix" bash tests/quick.sh "$directory"
    for script in tests/cli/*.sh; do
        begin "$(basename "$script" .sh)$suffix" bash "$script" "$directory/hvprobe"
    done
done
begin "tree" bash tests/tree.sh "$build"
counted

totals
