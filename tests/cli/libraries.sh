#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# libraries.sh BINARY: what only some commands need is loaded on use: missing, it harms only them, and they say so.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas
export HVPROBE_CACHE=$work/cache

for library in libxml2.so.2 libxml2.so.16 libjansson.so.4 libsmartcols.so.1; do
    mkdir -p "$work/without-$library"
    echo 'no library' >"$work/without-$library/$library"
done
without() { # SONAME ARGUMENTS...
    local library=$1
    shift
    LD_LIBRARY_PATH=$work/without-$library "$binary" "$@"
}
needed=$(readelf -d "$binary" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
for library in libxml2 libjansson libsmartcols libarchive; do
    if grep -q "^$library" <<<"$needed"; then not_ok "$library is not linked" "$needed"; else ok "$library is not linked"; fi
done
xml=$(readelf -p .note.dlopen "$binary" | grep -oE 'libxml2\.so\.[0-9]+')
says 'the program names it for packagers' 0 "$xml" readelf -p .note.dlopen "$binary"
says 'libjansson too' 0 libjansson.so.4 readelf -p .note.dlopen "$binary"
says 'libsmartcols too' 0 libsmartcols.so.1 readelf -p .note.dlopen "$binary"
says 'and libarchive' 0 libarchive.so readelf -p .note.dlopen "$binary"

host=(--root tests/rules/qemu/debian-12/root) # with guests to list, whatever this machine has
"$binary" capabilities >"$work/document" 2>/dev/null # fills the cache with the schemas, too
"$binary" detect >/dev/null
"$binary" checks >/dev/null
says 'the default command needs no libxml2' 0 '<capabilities>' without "$xml" capabilities
says 'nor does detect' 0 '!cannot be loaded' without "$xml" detect
says "nor do checks" 0 "!cannot be loaded" without "$xml" checks openvz
says 'nor does list' 0 MACHINE without "$xml" list "${host[@]}"
says 'validate does, and says so' 5 "$xml cannot be loaded" without "$xml" validate "$work/document"
says 'so does XPath' 2 "$xml cannot be loaded" without "$xml" explain 'count(//arch)'
cp -r "${HVPROBE_SCHEMAS:-schemas}" "$work/schemas"
echo '<!-- not the one that was compiled -->' >>"$work/schemas/capabilities.rng"
says 'and a schema that is not kept' 5 "$xml cannot be loaded" env HVPROBE_CACHE= HVPROBE_SCHEMAS="$work/schemas" LD_LIBRARY_PATH="$work/without-$xml" "$binary" capabilities
for command in machines paths domain domcapabilities cpus images 'capabilities --compat libvirt-9.0' 'capabilities --dialect 2007' \
    'explain /capabilities/host' 'doctor --as nova' 'test tests/rules/cpu' 'show detect' checks; do
    # shellcheck disable=SC2086
    "$binary" "${host[@]}" $command >"$work/whole" 2>&1
    # shellcheck disable=SC2086
    without "$xml" "${host[@]}" $command >"$work/out" 2>&1
    got=$?
    cmp -s "$work/whole" "$work/out" || { [ $got -le 5 ] && grep -q "$xml cannot be loaded" "$work/out"; }
    result $? "without it $command gives the whole answer, or says why not"
done
says 'facts that need it are unknown, and the answer is incomplete' 5 "$xml cannot be loaded" without "$xml" machines "${host[@]}"
says 'JSON is written without jansson' 0 '"host": {' without libjansson.so.4 capabilities --format json
says 'a table does without libsmartcols' 0 OS_TYPE without libsmartcols.so.1 list "${host[@]}"
says 'lines need none' 0 '!cannot be loaded' without libsmartcols.so.1 detect
exit $status
