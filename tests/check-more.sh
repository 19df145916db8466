#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-more.sh NAME BUILD: runs the programs tests/NAME/*.sh, which install what they need, and counts their lines. Each is given
# BUILD/hvprobe. Ends with what was skipped and "N passed, N failed, N skipped".
set -u
name=$1
build=$2
cd "$(dirname "$0")/.." || exit 2
log=$build/check-$name.log
: >"$log"
. tests/count.sh
for script in tests/"$name"/*.sh; do
    [ ! -x "$script" ] || count "$(basename "$script" .sh)" "$script" "$build/hvprobe"
done
totals
