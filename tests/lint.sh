#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# lint.sh: clang-format, cppcheck and clang-tidy over the engine; those that are installed.
set -u
status=0
files=$(find engine tests/unit tests/bench -name '*.[ch]')
if command -v clang-format >/dev/null; then
    # shellcheck disable=SC2086
    clang-format --dry-run -Werror $files || status=1
fi
flags="-std=c11 -D_GNU_SOURCE -Iengine -Iengine/include $(pkg-config --cflags libxml-2.0 smartcols)"
if command -v cppcheck >/dev/null; then
    cppcheck --quiet --enable=warning,performance,portability --inline-suppr --error-exitcode=1 --std=c11 \
        --suppress=missingIncludeSystem -Iengine engine || status=1
fi
if command -v clang-tidy >/dev/null; then
    # shellcheck disable=SC2046,SC2086
    clang-tidy --quiet --warnings-as-errors='*' --checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-macro-parentheses,-bugprone-narrowing-conversions,-bugprone-implicit-widening-of-multiplication-result,-bugprone-assignment-in-if-condition' \
        $(find engine -name '*.c') -- $flags 2>/dev/null || status=1
fi
exit $status
