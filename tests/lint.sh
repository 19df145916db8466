#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# lint.sh FLAG...: clang-format, cppcheck and clang-tidy over the engine, compiled with FLAGs; those that are installed.
set -u
flags=$*
status=0
files=$(find engine tests/unit tests/bench -name '*.[ch]')
if command -v clang-format >/dev/null; then
    # shellcheck disable=SC2086
    clang-format --dry-run -Werror $files || status=1
fi
# cppcheck 2.10 does not see that memory_exhausted() never returns, and takes a function of two files away for one of numbers.
if command -v cppcheck >/dev/null; then
    cppcheck --quiet -j"$(nproc)" --enable=warning,performance,portability --inline-suppr --error-exitcode=1 --std=c11 \
        --suppress=missingIncludeSystem --suppress=nullPointerRedundantCheck \
        --suppress=nullPointerArithmeticRedundantCheck --suppress=ctunullpointer \
        --suppress=CastIntegerToAddressAtReturn -Iengine -Iengine/include engine || status=1
fi
# Left out: checks of clang-tidy 14 that take AUTO() for a leak, ret_ arguments for uninitialised when a function failed, va_start
# for nothing, and arrays of pointers, literals that are joined and pieces of a text for slips of the pen.
checks='-*,bugprone-*,clang-analyzer-deadcode.*,clang-analyzer-security.*,clang-analyzer-unix.*'
for check in bugprone-easily-swappable-parameters bugprone-reserved-identifier bugprone-macro-parentheses \
    bugprone-narrowing-conversions bugprone-implicit-widening-of-multiplication-result bugprone-assignment-in-if-condition \
    bugprone-suspicious-missing-comma bugprone-not-null-terminated-result bugprone-sizeof-expression bugprone-suspicious-string-compare bugprone-branch-clone clang-analyzer-unix.Malloc \
    clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling clang-analyzer-deadcode.DeadStores; do
    checks="$checks,-$check"
done
if command -v clang-tidy >/dev/null; then
    # shellcheck disable=SC2016
    find engine -name '*.c' -print0 |
        xargs -0 -n 8 -P "$(nproc)" sh -c 'checks=$1; flags=$2; shift 2; clang-tidy --quiet --warnings-as-errors="*" --checks="$checks" "$@" -- $flags 2>/dev/null' \
            sh "$checks" "$flags" || status=1
fi
exit $status
