#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# virtinst.sh BINARY: what virt-install makes of our documents, by its own test connection, held against `hvprobe doctor` and `domain`.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh clients
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas
export HVPROBE_CACHE=$work/cache
if ! /usr/bin/python3 -c 'import sys; sys.path.insert(0, "/usr/share/virt-manager"); import virtinst' 2>/dev/null; then
    skip 'all of it' 'virtinst is not installed'
    exit 0
fi

install() { # FILE: the guest that virt-install would define with these capabilities
    virt-install --connect "__virtinst_test__test:///default,predictable,fakeuri=qemu:///system,caps=$1" --name first --memory 512 \
        --disk none --boot network --osinfo detect=off,require=off --print-xml 2>"$work/err"
}
what() { xmllint --xpath 'concat(/domain/@type, " ", /domain/os/type, " ", /domain/os/type/@arch, " ", /domain/devices/emulator)' -; }

host=(--snapshot tests/rules/kvm/x86_64/snapshot)
"$binary" "${host[@]}" capabilities >"$work/kvm.xml"
made=$(install "$work/kvm.xml" | what)
has "a host with KVM gives KVM's guest" "$made" 'kvm hvm x86_64 /usr/bin/qemu-system-x86_64'

# --- the default choice of every fixture, by virtinst itself, as `doctor` tells it, and as `domain` makes it
said() { xmllint --xpath "string(//check[@name='$1']/choice)" "$work/doctor.xml"; }
number=0
for directory in tests/rules/*/*/; do
    [ -d "$directory/snapshot" ] || continue
    host=(--snapshot "$directory/snapshot")
    number=$((number + 1))
    "$binary" "${host[@]}" capabilities >"$work/$number.xml" 2>/dev/null || continue
    "$binary" "${host[@]}" doctor --as virt-install --format xml >"$work/doctor.xml" 2>/dev/null
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$work/$number.xml" "$(said type)" "$(said os_type)" "$(said arch)" "$(said machine)" \
        "$(said emulator)" | sed 's/\t*$//' >>"$work/told"
    "$binary" "${host[@]}" domain 2>/dev/null >"$work/domain.xml" &&
        printf '%s\t%s\t%s\n' "$work/$number.xml" "$directory" "$(xmllint --xpath 'concat(/domain/@type, " ", /domain/os/type)' \
            "$work/domain.xml")" >>"$work/made"
done
cut -f1 "$work/told" | xargs /usr/bin/python3 tests/clients/choices.py 2>"$work/err" >"$work/raw"
# Where there is nothing to choose from it raises an error, and `doctor` has no choice.
awk -F '\t' -v OFS='\t' '$2 == "-" { print $1; next } { print }' "$work/raw" | sed 's/\t*$//' >"$work/theirs"
diff "$work/told" "$work/theirs" >"$work/differences"
check "doctor tells the choices of $number hosts" none "$work/differences"
check 'there are eighty with one' test "$(awk -F '\t' 'NF > 3' "$work/told" | wc -l)" -ge 80
# What libvirt has no driver for `domain` refuses, and virtinst cannot know.
while IFS=$'\t' read -r file directory ours; do
    theirs=$(grep -F "$file" "$work/theirs" | cut -f2,3 | tr '\t' ' ')
    case $theirs in
    "$ours") echo "$directory" >>"$work/same" ;;
    *) [[ " kvm qemu xen lxc openvz vbox vmware bhyve vz parallels hyperv hvf " != *" ${theirs%% *} "* ]] ||
        not_ok "$directory: virtinst takes $theirs, domain $ours" ;;
    esac
done <"$work/made"
check 'domain makes that choice, for 60 hosts and more' test "$(wc -l <"$work/same")" -ge 60
exit $status
