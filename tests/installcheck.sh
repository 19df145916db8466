#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# installcheck.sh BINDIR LIBDIR DATADIR MANDIR [DESTDIR]: what 'make install' put there: the program with its own rules and schemas
# on the fixtures of this tree, and the library with the README's program. Ends with "N passed, N failed, N skipped".
# CASES: only these of the fixtures, such as "lxc/absent xen".
set -u
. "$(dirname "$0")/results.sh"
destination=${5-}
binary=$destination$1/hvprobe
libraries=$destination$2
data=$destination$3
manuals=$destination$4
topic=installed
log=$work/log
. tests/count.sh
export HVPROBE_CACHE= NO_COLOR=1

files() {
    local file
    says 'the program' 0 hvprobe "$binary" --version
    for file in "$libraries/libhvprobe.so.0" "$libraries/libhvprobe.a" "$data/rules/tables.yaml" "$data/schemas/capabilities.rng"; do
        check "$file" test -s "$file"
    done
    for file in man1/hvprobe.1 man3/libhvprobe.3 man5/hvprobe-rules.5 man5/hvprobe-snapshot.5; do
        if [ -s "$manuals/$file" ]; then ok "$file"; else skip "$file" 'it was installed without scdoc'; fi
    done
    # By itself the program looks below its prefix: that cannot be tried in another place.
    if [ -n "$destination" ]; then
        skip 'the program finds its rules' "they are in $destination for now"
    else
        says 'the program finds its rules' 0 "$data/rules/tables.yaml" env -u HVPROBE_RULES "$binary" rules --format lines
    fi
    says 'its rules have no errors' 0 '' env HVPROBE_RULES="$data/rules" HVPROBE_SCHEMAS="$data/schemas" "$binary" lint
    return $status
}

library() {
    local compiler=${CC:-cc}
    can "the README's program" "$compiler" || return 0
    sed -n '/^```c$/,/^```$/p' README.md | sed '/^```/d' >"$work/drivers.c"
    check "the README's program is built" "$compiler" -std=c11 -o "$work/drivers" -Iengine/include "$work/drivers.c" -L"$libraries" -lhvprobe
    says "the README's program runs" 0 'kinds of guests' env LD_LIBRARY_PATH="$libraries" HVPROBE_RULES="$data/rules" \
        HVPROBE_SCHEMAS="$data/schemas" "$work/drivers" tests/rules/qemu/debian-12/root
    return $status
}

if [ ! -x "$binary" ]; then
    echo "there is no $binary: 'make install' first" >&2
    exit 2
fi
count files files
count library library
count 'bad rules' env HVPROBE_TEST_DATA="$data" bash tests/bad-rules.sh "$binary"
# shellcheck disable=SC2086
count fixtures env HVPROBE_TEST_DATA="$data" bash tests/fixtures.sh "$binary" ${CASES-}
totals
