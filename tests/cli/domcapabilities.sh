#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# domcapabilities.sh BINARY: domain capabilities of a whole host in one document, of an older libvirt, and where a value comes from.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
xen=tests/rules/xen-pvh/debian-12/snapshot

"$binary" domcapabilities --snapshot $xen --all >"$work/all.xml" 2>"$work/notes"
result $? 'all of a Xen host'
is 'a document for each architecture' 'x86_64 i686' "$(xmllint --xpath '//domainCapabilities/arch/text()' "$work/all.xml" | xargs)"
check 'which is valid' "$binary" validate "$work/all.xml" >/dev/null
"$binary" domcapabilities --snapshot $xen --all --format json >"$work/all.json" 2>>"$work/notes"
is 'as JSON, too' 2 "$(python3 -c 'import json, sys; print(len(json.load(sys.stdin)["domainCapabilities"]))' <"$work/all.json")"

# An emulator that tests/elf/make.sh made: a value leads to the structure in it that proves it.
"$binary" explain --root tests/rules/domcaps-machine/arm-relr/root --arch x86_64 -D arch=armhf --document domain-capabilities \
    "//value[.='usb']" >"$work/explained" 2>>"$work/notes"
read -r file section offset < <(sed -n 's/^    because  fact domcaps-program.record: .*qom=usb-storage .*(\(.*\), \(.*\) at \(.*\))$/\1 \2 \3/p' "$work/explained")
is 'a value leads to a structure in a file' '/usr/bin/qemu-system-arm .data.rel.ro' "$file $section"
# The structure begins with a pointer to its name; the program's memory begins at 0x10000.
pointer=$(od -An -tu4 -j $((offset)) -N 4 "tests/rules/domcaps-machine/arm-relr/root$file" | tr -d ' ')
is 'where its first word points to its name' usb-storage "$(tail -c +$((pointer - 0x10000 + 1)) "tests/rules/domcaps-machine/arm-relr/root$file" | head -c 11)"

# Of that image nobody can tell what machine it is for: what its emulators play is known all the same.
image=tests/rules/domcaps-machine/arm-relr/root
says 'an image for an unknown machine' 0 '<machine>virt-9.2</machine>' "$binary" domcapabilities --root $image
says 'where KVM needs to know that' 1 'hvprobe --arch ARCH domcapabilities says it' "$binary" domcapabilities --root $image --type kvm
says 'and what it has no emulator for' 1 'what machine this image is for cannot be told' "$binary" domcapabilities --root $image --arch s390x

# What libvirt's generations say of the same emulator.
for compat in libvirt-11.3 libvirt-12.8; do
    "$binary" --arch x86_64 --compat $compat domcapabilities --root $image --arch armhf >"$work/$compat" 2>>"$work/notes"
done
values() { xmllint --xpath "//$2/enum[@name='$3']/value/text()" "$work/libvirt-$1" 2>/dev/null | xargs; }
is 'until 12.8 a floppy is always offered' 'disk cdrom floppy lun' "$(values 11.3 disk diskDevice)"
is 'then where there is a controller' 'disk cdrom lun' "$(values 12.8 disk diskDevice)"
is 'consoles are told of since' '' "$(values 11.3 console type)"
has 'pty among them' "$(values 12.8 console type | tr ' ' '\n')" pty
is 'handle is gone' 'path handle, path' "$(values 11.3 filesystem driverType), $(values 12.8 filesystem driverType)"
exit $status
