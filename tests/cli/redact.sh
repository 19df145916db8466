#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# redact.sh BINARY: 'capture --redact' keeps to itself whose machine it is; the rest is as it was, and what is left out unknown.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
host=$work/host
mkdir -p "$host"/{etc,proc/self,proc/1,sys/class/dmi,sys/devices/virtual/dmi/id,home/alice/.config/qemu/firmware,usr/bin} || exit 2
cd "$host" || exit 2 # all below is relative, so that nothing can land elsewhere
ln -s ../../devices/virtual/dmi/id sys/class/dmi/id
echo 'root=UUID=6ba7b810-9dad-11d1-80b4-00c04fd430c8 ip=192.168.7.5::192.168.7.1 rd.luks.key=abcdef password=hunter2 ds_token="o p" intel_iommu=on BOOTIF=01-52-54-00-12-34-56 dns=2001:db8::17 repo=http://me:word@host/' >proc/cmdline
# shellcheck disable=SC2016
printf '%s\n' 'root:x:0:0:The Boss:/root:/bin/sh' 'libvirt-qemu:x:64055:107:Libvirt:/var/lib/libvirt:/usr/sbin/nologin' \
    'alice:$6$abcdef:1000:1000:Alice Smith:/home/alice:/bin/sh' >etc/passwd
printf 'kvm:x:107:alice,bob\nlibvirt-qemu:x:64055:alice\nalice:x:1000:\n' >etc/group
printf 'alice:100000:65536\n' >etc/subuid
echo 6ba7b8109dad11d180b400c04fd430c8 >etc/machine-id
printf '10.20.30.40 host7 # mine\n# --- BEGIN PVE ---\n' >etc/hosts
echo 6ba7b810-9dad-11d1-80b4-00c04fd430c8 >sys/devices/virtual/dmi/id/product_uuid
echo SN12345 >sys/devices/virtual/dmi/id/board_serial
echo 'Standard PC (Q35 + ICH9, 2009)' >sys/devices/virtual/dmi/id/product_name
printf 'container=lxc\0KEY=xyzzy\0' >proc/1/environ
printf 'Uid:\t1000\t1000\n' >proc/self/status
printf '/dev/sda /home/alice ext4 rw 0 0\n10.1.2.3:/vol /mnt nfs rw 0 0\n' >proc/mounts
printf 'processor\t: 0\nSerial\t\t: 10000000abcdef01\n' >proc/cpuinfo
printf '{}' >home/alice/.config/qemu/firmware/10-a.json
printf 'ID=debian\nVERSION_ID=12\n' >etc/os-release
printf '#!/bin/sh\n' >usr/bin/qemu-system-x86_64
chmod +x usr/bin/qemu-system-x86_64
cd - >/dev/null || exit 2

said=$("$binary" --root "$host" capture --redact -o "$work/out" 2>&1)
for kind in uuids accounts secrets addresses serials; do
    check "it says that it left out $kind" grep -q "^redacted: the host's name, .*$kind (" <<<"$said"
done
is 'nobody is in it' '' "$(grep -raoE 'alice|bob|Smith|Boss|SN12345|6ba7b8|abcdef|hunter2|o p"|me:word|192\.168|10\.20|10\.1\.2|xyzzy|52-54|2001:|host7' "$work/out")"
check 'nor in the names of its files' test -z "$(find "$work/out" -name '*alice*')"
"$binary" --root "$host" capture --redact -o "$work/out.tar" 2>/dev/null && mkdir "$work/tar" && tar -C "$work/tar" -xf "$work/out.tar" && sed -i '/^taken/d' "$work"/{out,tar}/snapshot.yaml
is 'a tar file has the same' '' "$(diff -r "$work/out" "$work/tar")"
check 'what rules need is' grep -q '^kvm:x:107:$' "$work/out/root/etc/group"
check 'services are' grep -q '^libvirt-qemu:x:64055' "$work/out/root/etc/passwd"
check 'options of the kernel are' grep -q ' intel_iommu=on ' "$work/out/root/proc/cmdline"
check 'a home is unknown, and not named' grep -qxF '  - /home' "$work/out/snapshot.yaml"
is 'the emulators are the same' "$("$binary" --root "$host" list 2>/dev/null)" "$("$binary" --snapshot "$work/out" list 2>/dev/null)"
says 'a uuid is unknown' 0 'UNKNOWN uuid' "$binary" --snapshot "$work/out" checks uuid
says 'a snapshot can be redacted, too' 0 redacted: "$binary" --snapshot tests/rules/kvm/x86_64/snapshot capture --redact -o "$work/second"
check 'its name is gone' grep -q 'nodename: "redacted"' "$work/second/snapshot.yaml"
says 'a script cannot' 2 'hvprobe --snapshot FILE.tar capture --redact' "$binary" capture --script --redact
mkdir "$work/list"
echo 'redact: [{what: x}]' >"$work/list/redact.yaml"
says 'a wrong list is named' 3 'redact.yaml:1: it says neither drop nor match' env HVPROBE_SCHEMAS="$work/list" "$binary" --root "$host" capture --redact -o "$work/third"
check 'then nothing is left behind' test ! -e "$work/third"
exit $status
