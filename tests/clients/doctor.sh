#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# doctor.sh BINARY: what `hvprobe doctor --as virt-install` says that virt-install takes is what virtinst takes, on every fixture.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh clients
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas
export HVPROBE_CACHE=$work/cache
if ! /usr/bin/python3 -c 'import sys; sys.path.insert(0, "/usr/share/virt-manager"); import virtinst' 2>/dev/null; then
    skip 'as virt-install' 'virtinst is not installed'
    exit 0
fi

number=0
for directory in tests/rules/*/*/; do
    [ -d "$directory/snapshot" ] || continue
    number=$((number + 1))
    "$binary" --snapshot "$directory/snapshot" capabilities >"$work/$number.xml" 2>/dev/null || continue
    "$binary" --snapshot "$directory/snapshot" doctor --as virt-install --format xml >"$work/doctor.xml" 2>/dev/null
    said() { xmllint --xpath "string(//check[@name='$1']/choice)" "$work/doctor.xml"; }
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$work/$number.xml" "$(said type)" "$(said os_type)" "$(said arch)" "$(said machine)" \
        "$(said emulator)" | sed 's/\t*$//' >>"$work/ours"
done
cut -f1 "$work/ours" | xargs /usr/bin/python3 tests/clients/choices.py 2>"$work/err" >"$work/raw"
# Nothing to choose from: it raises an error, and `doctor` has no choice.
awk -F '\t' -v OFS='\t' '$2 == "-" { print $1; next } { print }' "$work/raw" | sed 's/\t*$//' >"$work/theirs"
diff "$work/ours" "$work/theirs" >"$work/differences"
check "virt-install: the choices of $number hosts" none "$work/differences"
check 'there are eighty with one' test "$(awk -F '\t' 'NF > 3' "$work/ours" | wc -l)" -ge 80
exit $status
