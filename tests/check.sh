#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check.sh BUILD: builds everything (plain and with sanitizers), runs all tests, counts their "ok" and "not ok" lines.
# Ends with "N passed, N failed"; exit 1 when something failed.
set -u
build=$1
jobs=$(nproc)
log=$build/check.log
mkdir -p "$build"
: >"$log"
passed=0
failed=0
export HVPROBE_CACHE=

result() { # STATUS NAME
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok $2"
    fi
}

# Runs a program that prints "ok NAME" and "not ok NAME" lines.
count() { # TITLE COMMAND...
    local title=$1 output status ok bad
    shift
    output=$("$@" 2>&1)
    status=$?
    printf '## %s\n%s\n' "$title" "$output" >>"$log"
    ok=$(grep -c '^ok ' <<<"$output")
    bad=$(grep -c '^not ok ' <<<"$output")
    if [ $((ok + bad)) = 0 ] || { [ $status != 0 ] && [ "$bad" = 0 ]; }; then
        bad=$((bad + 1))
        output="$output
$title ended with status $status"
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    printf '%-28s %4d passed, %d failed\n' "$title" "$ok" "$bad"
    [ "$bad" = 0 ] || grep -v '^ok ' <<<"$output" | head -n 200
}

# cmocka's TAP lines begin with "ok" and "not ok" too.
unit_tests() { # DIRECTORY
    local test status=0
    for test in "$1"/unit/test_*; do
        [ -x "$test" ] && [ -f "$test" ] || continue
        CMOCKA_MESSAGE_OUTPUT=TAP "$test" || { status=1; echo "not ok $test ended with an error"; }
    done
    return $status
}

make -j"$jobs" B="$build" WERROR=1 all units >"$build/make.log" 2>&1
status=$?
result $status "build with -Wall -Wextra -Werror"
[ $status = 0 ] || { tail -n 40 "$build/make.log"; echo "$passed passed, $failed failed"; exit 1; }
make -j"$jobs" B="$build" WERROR=1 asan >"$build/make-asan.log" 2>&1
status=$?
result $status "build with sanitizers"
[ $status = 0 ] || tail -n 40 "$build/make-asan.log"

for kind in "" asan; do
    directory=$build${kind:+/$kind}
    suffix=${kind:+ ($kind)}
    count "unit$suffix" unit_tests "$directory"
    count "bad rules$suffix" bash tests/bad-rules.sh "$directory/hvprobe"
    count "fixtures$suffix" bash tests/fixtures.sh "$directory/hvprobe"
    for script in tests/cli/*.sh; do
        count "$(basename "$script" .sh)$suffix" bash "$script" "$directory/hvprobe"
    done
done
count "tree" bash tests/tree.sh "$build"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
