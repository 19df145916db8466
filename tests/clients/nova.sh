#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# nova.sh BINARY: what Nova's own classes read from the capabilities of every fixture, held against `hvprobe doctor --as nova`.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh clients
this_tree
if ! /usr/bin/python3 -c 'import nova.virt.libvirt.config' 2>/dev/null; then
    skip 'all of it' 'python3-nova is not installed'
    exit 0
fi

said() { xmllint --xpath "string(//check[@name='$1']/choice)" "$work/doctor.xml"; }
machine() { # the default, and whether the guest has it
    xmllint --xpath "concat(//check[@name='machine']/choice, substring(' is not there', 1, 13 * (//check[@name='machine']/@result = 'fail')))" \
        "$work/doctor.xml"
}
number=0
for directory in tests/rules/*/*/; do
    [ -d "$directory/snapshot" ] || continue
    number=$((number + 1))
    "$binary" --snapshot "$directory/snapshot" capabilities >"$work/$number.xml" 2>/dev/null || continue
    "$binary" --snapshot "$directory/snapshot" doctor --as nova --format xml >"$work/doctor.xml" 2>/dev/null
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$work/$number.xml" "$(said arch)" "$(said uuid)" "$(said model)" "$(said topology)" \
        "$(said cells)" "$(said type)" "$(machine)" >>"$work/told"
    echo "$work/$number.xml $directory" >>"$work/names"
done
cut -f1 "$work/told" | xargs /usr/bin/python3 tests/clients/nova_choices.py 2>"$work/err" >"$work/raw"
# A document without a host is one that it cannot read, and doctor has no choice there.
awk -F '\t' -v OFS='\t' '$2 == "-" { print $1, "", "", "", "", "", "", ""; next } { print }' "$work/raw" >"$work/theirs"
diff "$work/told" "$work/theirs" >"$work/differences"
[ ! -s "$work/differences" ] || grep -oE "$work/[0-9]+.xml" "$work/differences" | sort -u | grep -Ff - "$work/names" >&2
check "doctor tells what Nova reads of $number hosts" none "$work/differences"
check 'forty of them with a type' test "$(awk -F '\t' '$7 != ""' "$work/told" | wc -l)" -ge 40
exit $status
