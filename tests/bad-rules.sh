#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bad rules: each folder of tests/bad-rules/ has rule files and expect.txt, what `hvprobe lint` says about them.
# Usage: tests/bad-rules.sh BINARY [--update]
#
# A folder's *.yaml are linted by name; a folder with layers/ instead is linted as these layers, in order of name.
set -u

binary=${1:?usage: $0 BINARY [--update]}
update=${2:-}
case $binary in
/*) ;;
*) binary=$PWD/$binary ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export HVPROBE_SCHEMAS="${HVPROBE_TEST_DATA:-$here/..}/schemas"
export NO_COLOR=1
failed=0

lint() {
    cd "$1" || exit 2
    if [ -d layers ]; then
        HVPROBE_RULES=$(printf '%s:' layers/*) "$binary" lint
    else
        HVPROBE_RULES=none "$binary" lint *.yaml
    fi
}

for folder in "$here"/bad-rules/*; do
    name=$(basename "$folder")
    (lint "$folder") >"$work/output" 2>&1
    if [ "$update" = --update ]; then
        cp "$work/output" "$folder/expect.txt"
    fi
    if diff -u "$folder/expect.txt" "$work/output" >"$work/difference" 2>&1; then
        echo "ok bad-rules $name"
    else
        echo "not ok bad-rules $name"
        cat "$work/difference"
        failed=1
    fi
done
exit $failed
