#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# skeletons.sh BINARY [ARCH/MACHINE...]: a domain of every machine type that the emulators of a Debian 12 have, defined in a real
# libvirtd there and started for three seconds without KVM. A domain runs, or `domain` said what it wants; what libvirt cannot
# start is refused.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
. tests/libvirt/system.bash
chosen=${*:2}

# --- what domain says of each
rmdir "$work"
work=$root/src/skeletons # the programs in $root reach it, too
rm -rf "$work"
mkdir -p "$work/cache"
export HVPROBE_CACHE=$work/cache
while IFS=$'\t' read -r arch machine; do
    case " avr loongarch64 nios2 openrisc parisc rx tricore " in *" $arch "*) continue ;; esac # libvirt 9.0 starts no program of theirs
    name=$arch-$machine
    case " $chosen " in '  ' | *" $arch/$machine "*) ;; *) continue ;; esac
    "$binary" domain --root "$root" -D "arch=$arch" -D type=qemu -D "machine=$machine" -D "name=$name" -D disk=none \
        -D network=none >"$work/$name.xml" 2>"$work/$name.notes" || rm "$work/$name.xml"
    # With a disk and a network it only has to be defined.
    "$binary" domain --root "$root" -D "arch=$arch" -D type=qemu -D "machine=$machine" -D "name=$name" \
        >"$work/$name.full" 2>/dev/null || rm "$work/$name.full"
done < <("$binary" machines --root "$root" --format lines --columns ARCH,MACHINE 2>/dev/null | sort -u | awk -F'\t' '
    { family = $2; sub(/-[0-9]+\.[0-9]+$/, "", family); if (family == $2 || !seen[$1 FS family]++) print }')

# --- what libvirtd says
cat >"$work/try.sh" <<'END'
# No other mounts, groups of processes and users for a guest: a chroot has not got what that needs.
printf '%s\n' 'namespaces = []' 'cgroup_controllers = []' 'security_driver = "none"' 'user = "root"' 'group = "root"' >/etc/libvirt/qemu.conf
mkdir -p /run/libvirt && rm -f /run/libvirtd.pid /run/virtlogd.pid
virtlogd -d && libvirtd -d
for wait in $(seq 30); do virsh -q -c qemu:///system uri >/dev/null 2>&1 && break; sleep 1; done
export LIBVIRT_DEFAULT_URI=qemu:///system
set -- *.xml
while [ $# -gt 0 ]; do
    batch=
    while [ $# -gt 0 ] && [ "$(echo $batch | wc -w)" -lt 8 ]; do
        name=${1%.xml}
        shift
        if virsh -q define --validate "$name.full" 2>"$name.error" >/dev/null; then
            virsh -q undefine --nvram "$name" >/dev/null 2>&1 || virsh -q undefine "$name" >/dev/null 2>&1
        else
            echo "$name undefined $(tr '\n' ' ' <"$name.error")"
        fi
        if ! virsh -q define --validate "$name.xml" 2>"$name.error" >/dev/null; then
            echo "$name undefined $(tr '\n' ' ' <"$name.error")"
        elif virsh -q start "$name" 2>"$name.error" >/dev/null; then
            batch="$batch $name"
        else
            echo "$name unstarted $(tr '\n' ' ' <"$name.error" | cut -c1-400)"
        fi
    done
    sleep 3
    for name in $batch; do
        echo "$name $(virsh -q domstate "$name" --reason)"
        virsh -q destroy "$name" >/dev/null 2>&1
    done
    for name in $(virsh -q list --all --name); do
        virsh -q undefine --nvram "$name" >/dev/null 2>&1 || virsh -q undefine "$name" >/dev/null 2>&1
    done
done
kill "$(cat /run/libvirtd.pid)" "$(cat /run/virtlogd.pid)"
END
inside "$root" 'cd skeletons && sh try.sh' >"$work/results" 2>"$work/errors"

# --- together
for notes in "$work"/*.notes; do
    name=${notes##*/}
    name=${name%.notes}
    answer=$(grep -F "$name " "$work/results" | grep "^$name ")
    if [ ! -e "$work/$name.xml" ]; then
        check "$name: is refused with a reason" grep -q 'libvirt cannot start' "$notes"
    elif grep -q "^$name undefined" <<<"$answer"; then
        not_ok "$name: is defined" "$answer"
    elif grep -q "^$name running" <<<"$answer"; then
        ok "$name: runs"
    elif grep -qv 'wait for a kernel' "$notes"; then
        ok "$name: does not run, as domain says ($(sed 's/^hvprobe: //;q' "$notes"))"
    else
        not_ok "$name: runs" "${answer:-$(head -5 "$work/errors")}"
    fi
done
exit $status
