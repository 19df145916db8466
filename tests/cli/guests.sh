#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# guests.sh BINARY: what clients take from a document by its order, and who drives what.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
host() { "$binary" --snapshot "$work/host" "$@"; }

# A host with all kinds of programs: emulators of two architectures, containers, and what starts without libvirt.
mkdir "$work/host"
cat >"$work/host/snapshot.yaml" <<'HOST'
hvprobe-snapshot: 1
uname: {sysname: Linux, release: 6.1.0-30-amd64, machine: x86_64}
nodes: [{path: /dev/kvm, type: char, mode: '0660', access: rw}]
ioctl: [{path: /dev/kvm, request: 0xae00, result: 12}]
cpuid: [{leaf: 0, subleaf: 0, eax: 1, ebx: 0x68747541, ecx: 0x444d4163, edx: 0x69746e65}]
links: {/proc/self/ns/mnt: 'mnt:[1]', /proc/self/ns/pid: 'pid:[1]', /proc/self/ns/uts: 'uts:[1]', /proc/self/ns/ipc: 'ipc:[1]',
  /proc/self/ns/user: 'user:[1]'}
files:
  /etc/os-release: "ID=debian\nVERSION_ID=12"
  /usr/bin/qemu-system-x86_64: {mode: '0755'}
  /usr/bin/qemu-system-aarch64: {mode: '0755'}
  /usr/bin/firecracker: {mode: '0755'}
  /usr/bin/crosvm: {mode: '0755'}
  /usr/bin/lkvm: {mode: '0755'}
  /usr/bin/lxc-start: {mode: '0755'}
  /usr/bin/incusd: {mode: '0755'}
  /usr/bin/systemd-nspawn: {mode: '0755'}
  /usr/lib/libvirt/libvirt_lxc: {mode: '0755'}
HOST
host capabilities >"$work/one.xml" || not_ok 'the host is read'
order=$(host list --format lines | awk -F '\t' '{ print $2 ":" $4 }' | head -n 9 | tr '\n' ' ')
want='x86_64:qemu x86_64:kvm x86_64:crosvm x86_64:firecracker x86_64:kvmtool x86_64:lxc x86_64:incus x86_64:lxc-start x86_64:nspawn '
if [ "$order" = "$want" ]; then
    ok "the host's architecture, machines before containers, libvirt's own before others"
else
    not_ok "the host's architecture, machines before containers, libvirt's own before others" "$order"
fi
host list --format lines | awk -F '\t' '$3 != "" && $2 != "x86_64" { print $1 }' | uniq | tr '\n' ' ' >"$work/out"
has 'containers of other architectures come last' "$(cat "$work/out")" 'hvm exe '

# --- the driver: list's last column and a key of JSON, nowhere in XML
[ "$(host list --format lines | awk -F '\t' '$4 == "firecracker" { print $NF }')" = firecracker ]
result $? "the driver is list's last column"
[ "$(host list | head -n 1 | awk '{ print $NF }')" = DRIVER ]
result $? 'its head is DRIVER'
host list --format json >"$work/out"
jq -e 'all(.[]; .driver) and any(.[]; .domain == "kvm" and .driver == "qemu")' "$work/out" >/dev/null
result $? "list's JSON has it"
host capabilities --format json | jq -e '[.guest[].arch.domain[].driver] | index("qemu") and index("incus")' >/dev/null
result $? "each domain's JSON has it"
check 'XML has no place for it' bash -c "! grep -q driver= '$work/one.xml'"

# --- what stands in any order in libvirt's schema does so in ours
sed -e 's|<cpuselection/>||' -e 's|<features>|<features><cpuselection/>|' "$work/one.xml" >"$work/other.xml"
gives 'features of a guest stand in any order' 0 "$binary" validate "$work/other.xml"
if command -v jing >/dev/null; then gives 'jing agrees' 0 jing schemas/capabilities.rng "$work/other.xml"; fi
sed 's|<cpuselection/>|<cpuselection/><cpuselection/>|' "$work/one.xml" >"$work/other.xml"
says 'but once' 1 "may be in 'features' only once" "$binary" validate "$work/other.xml"
exit $status
