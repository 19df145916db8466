#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# domcaps.sh BINARY: domain capabilities beside those of a real libvirt, which runs the emulators of a Debian 12 for them: of its pairs of
# path and value at least 99 of 100, and at most 5 of 1,000 that it does not claim. HVPROBE_LIBVIRT_COMPAT: the generation of the
# libvirt in HVPROBE_LIBVIRT_ROOT where that is another (libvirt-11.3 of Debian 13).
set -u
. "$(dirname "$0")/../results.sh"
this_tree
. tests/libvirt/system.bash
here=$PWD/tests/libvirt
compat=${HVPROBE_LIBVIRT_COMPAT:-libvirt-9.0}
rmdir "$work"
work=$root/src/domcaps # the programs in $root reach it, too
rm -rf "$work"
mkdir -p "$work"

# KVM is in neither list where this machine has none: libvirt then refuses.
cat >"$work/list" <<'END'
x86_64 kvm pc
x86_64 kvm q35
x86_64 qemu pc
x86_64 qemu q35
x86_64 qemu microvm
x86_64 qemu isapc
i686 qemu pc
aarch64 qemu virt
aarch64 qemu raspi3b
armv7l qemu virt
ppc64 qemu pseries
ppc qemu g3beige
s390x qemu s390-ccw-virtio
riscv64 qemu virt
mips qemu malta
sparc qemu SS-5
sparc64 qemu sun4u
alpha qemu clipper
m68k qemu virt
loongarch64 qemu virt
END
cat >"$work/ask.sh" <<'END'
mkdir -p /run/libvirt && rm -f /run/libvirtd.pid /run/virtlogd.pid
virtlogd -d && libvirtd -d
for wait in $(seq 30); do virsh -q -c qemu:///system uri >/dev/null 2>&1 && break; sleep 1; done
while read -r arch type machine; do
    virsh -q -c qemu:///system domcapabilities --arch "$arch" --virttype "$type" --machine "$machine" </dev/null \
        >"$arch-$type-$machine.theirs" 2>"$arch-$type-$machine.errors" || rm "$arch-$type-$machine.theirs"
done <list
kill "$(cat /run/libvirtd.pid)" "$(cat /run/virtlogd.pid)"
END
inside "$root" 'cd domcaps && sh ask.sh' >"$work/errors" 2>&1
while read -r arch type machine; do
    name=$arch-$type-$machine
    [ -e "$work/$name.theirs" ] || { skip "$name" "libvirt says nothing of it: $(head -1 "$work/$name.errors" 2>/dev/null)"; continue; }
    "$binary" domcapabilities --root "$root" --arch "$arch" --type "$type" --machine "$machine" --compat "$compat" \
        >"$work/$name.ours" 2>"$work/$name.notes" || { not_ok "$name: there are some" "$(cat "$work/$name.notes")"; continue; }
    if differences=$(python3 "$here/domcaps.py" "$work/$name.theirs" "$work/$name.ours"); then
        ok "$name: $(head -1 <<<"$differences")"
    else
        not_ok "$name" "$differences"
    fi
done <"$work/list"
exit $status
