#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fuzz.sh BINARY: what strangers write, as it is and changed some thousand times (the same changes each run), on the objects of
# the binary's build: with sanitizers where it has them. Whatever once ended in a crash is among it. make fuzz goes on from here.
set -u
. "$(dirname "$0")/../results.sh"
. tests/fuzz/seeds.bash
build_fuzzer || exit 1
for mode in "${modes[@]}"; do
    make_seeds "$mode"
    replay "$mode" "${changes[$mode]}"
done
exit $status
