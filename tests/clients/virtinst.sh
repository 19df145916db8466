#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# virtinst.sh BINARY: what virt-install makes of our documents, by its own test connection, held against `hvprobe domain`.
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

# --- the default choice of every fixture. What libvirt has no driver for `domain` refuses, and virtinst cannot know.
number=0
: >"$work/ours"
for directory in tests/rules/*/*/; do
    [ -d "$directory/snapshot" ] || continue
    number=$((number + 1))
    "$binary" --snapshot "$directory/snapshot" capabilities >"$work/$number.xml" 2>/dev/null
    "$binary" --snapshot "$directory/snapshot" domain 2>/dev/null >"$work/domain.xml" || continue
    printf '%s\t%s\t%s\n' "$work/$number.xml" "$directory" "$(xmllint --xpath \
        'concat(/domain/@type, " ", /domain/os/type)' "$work/domain.xml")" >>"$work/ours"
done
cut -f1 "$work/ours" | xargs /usr/bin/python3 tests/clients/choices.py 2>"$work/err" | cut -f1-3 >"$work/theirs"
while IFS=$'\t' read -r file directory ours; do
    theirs=$(grep -F "$file" "$work/theirs" | cut -f2,3 | tr '\t' ' ')
    case $theirs in
    "$ours") echo "$directory" >>"$work/same" ;;
    *) [[ " kvm qemu xen lxc openvz vbox vmware bhyve vz parallels hyperv hvf " != *" ${theirs%% *} "* ]] ||
        not_ok "$directory: virtinst takes $theirs, domain $ours" ;;
    esac
done <"$work/ours"
check 'the default choice is that of domain, for 60 hosts and more' test "$(wc -l <"$work/same")" -ge 60
exit $status
