#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# quick.sh BUILD [EMULATOR]: unit tests, bad rules and fixtures of what was built in BUILD, if need be under an emulator of
# another machine's programs. Prints "ok NAME", "not ok NAME", "skip NAME: REASON".
set -u
build=$(realpath "$1")
emulator=${2-}
cd "$(dirname "$0")/.." || exit 2
export HVPROBE_CACHE=
binary=$build/hvprobe
status=0
if [ -n "$emulator" ]; then
    binary=$build/emulated
    printf '#!/bin/sh\nexec %s %s "$@"\n' "$emulator" "$build/hvprobe" >"$binary"
    chmod +x "$binary"
fi

# cmocka's TAP lines begin with "ok" and "not ok" too.
for test in "$build"/unit/test_*; do
    [ -x "$test" ] && [ -f "$test" ] || continue
    # shellcheck disable=SC2086
    CMOCKA_MESSAGE_OUTPUT=TAP $emulator "$test" || { status=1; echo "not ok ${test##*/} ended with an error"; }
done
bash tests/bad-rules.sh "$binary" || status=1
bash tests/fixtures.sh "$binary" || status=1
exit $status
