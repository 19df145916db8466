#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# readers.sh BINARY: Nova and libvirt-glib read our documents. Nova 26 cannot write out again a guest without an emulator, whoever
# wrote it; libvirt-glib knows libvirt's words only, so it gets what --compat writes.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh clients
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas
export HVPROBE_CACHE=$work/cache

# Every fixture by both ways; a document with a guest is what a client would be given.
for directory in tests/rules/*/*/; do
    [ -d "$directory/snapshot" ] || continue
    name=$(tr / - <<<"${directory#tests/rules/}")
    "$binary" --snapshot "$directory/snapshot" capabilities >"$work/nova-$name.xml" 2>/dev/null
    "$binary" --snapshot "$directory/snapshot" capabilities --compat libvirt-9.0 >"$work/glib-$name.xml" 2>/dev/null || rm "$work/glib-$name.xml"
done
read_all() { # CLIENT
    /usr/bin/python3 tests/clients/readers.py "$1" "$work/$1"-*.xml >"$work/$1.out" 2>"$work/err"
    result $? "$1 reads to the end"
    awk -F '\t' '$2 == "-" && $3 !~ /NoneType|must be str|cannot.*None/' "$work/$1.out" >"$work/bad"
    check "$1 reads every document" none "$work/bad"
    [ "$(wc -l <"$work/$1.out")" -ge 100 ]
    result $? "$1: a hundred documents and more"
}
if /usr/bin/python3 -c 'import nova.virt.libvirt.config' 2>/dev/null; then
    read_all nova
    has "nova takes KVM's guest first" "$(grep -F "$work/nova-kvm-x86_64-.xml" "$work/nova.out" | cut -f2 | cut -d' ' -f1)" 'hvm/x86_64:kvm+qemu:2'
else
    skip 'nova' 'python3-nova is not installed'
fi
if /usr/bin/python3 -c 'import gi; gi.require_version("LibvirtGConfig", "1.0")' 2>/dev/null; then
    G_DEBUG=fatal-criticals read_all glib
else
    skip 'libvirt-glib' 'gir1.2-libvirt-glib-1.0 is not installed'
fi
skip 'libvirt-go-xml' 'Debian has no package of it'
exit $status
