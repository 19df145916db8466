#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# domcaps.sh BINARY: what virt-install, Nova and KubeVirt's node labeller make of our domain capabilities, of each generation.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh clients
this_tree

# A host with an emulator, KVM, SEV, models of processors, and UEFI that the emulator can start.
cp -r tests/rules/cpus/intel/snapshot "$work/models"
cp -r tests/rules/domcaps/kvm/snapshot "$work/host"
mkdir -p "$work/host/root/usr/share/qemu/firmware" "$work/host/root/usr/share/OVMF"
printf 'UEFI\n' | tee "$work/host/root/usr/share/OVMF/CODE.fd" >"$work/host/root/usr/share/OVMF/VARS.fd"
cat >"$work/host/root/usr/share/qemu/firmware/60-uefi.json" <<'END'
{"description": "UEFI", "interface-types": ["uefi"], "features": [], "tags": [],
 "mapping": {"device": "flash", "executable": {"filename": "/usr/share/OVMF/CODE.fd", "format": "raw"},
             "nvram-template": {"filename": "/usr/share/OVMF/VARS.fd", "format": "raw"}},
 "targets": [{"architecture": "x86_64", "machines": ["pc-i440fx-*", "pc-q35-*"]}]}
END
for generation in 9.0 11.3 12.8; do
    "$binary" --snapshot "$work/host" capabilities --compat libvirt-$generation >"$work/caps-$generation.xml" 2>/dev/null
    "$binary" --snapshot "$work/host" domcapabilities --compat libvirt-$generation >"$work/domcaps-$generation.xml" 2>/dev/null
done
"$binary" --snapshot "$work/models" domcapabilities --type qemu >"$work/models.xml" 2>/dev/null

install() { # GENERATION WITH OPTION...
    virt-install --connect "__virtinst_test__test:///default,predictable,fakeuri=qemu:///system,caps=$work/caps-$1.xml$2" --name first \
        --memory 512 --disk none --osinfo detect=off,require=off --print-xml "${@:3}" 2>"$work/err"
}
if /usr/bin/python3 -c 'import sys; sys.path.insert(0, "/usr/share/virt-manager"); import virtinst' 2>/dev/null; then
    install 9.0 '' --boot uefi >"$work/guest.xml"
    is 'virt-install: no UEFI without domain capabilities' '' "$(cat "$work/guest.xml")"
    for generation in 9.0 11.3 12.8; do
        install $generation ",domcaps=$work/domcaps-$generation.xml" --boot uefi >"$work/guest.xml"
        is "virt-install: --boot uefi, $generation" 'efi kvm host-passthrough' \
            "$(xmllint --xpath 'concat(/domain/os/@firmware, " ", /domain/@type, " ", /domain/cpu/@mode)' "$work/guest.xml")"
    done
    install 9.0 ",domcaps=$work/domcaps-9.0.xml" --boot network --tpm emulator --filesystem /srv,share,driver.type=virtiofs \
        --memorybacking source.type=memfd,access.mode=shared >"$work/guest.xml"
    is 'virt-install: other devices' 'tpm virtiofs memfd' "$(xmllint --xpath 'concat(name(//tpm), " ", //filesystem/driver/@type, " ",
        //memoryBacking/source/@type)' "$work/guest.xml")"
else
    skip 'virt-install' 'virtinst is not installed'
fi

if /usr/bin/python3 -c 'import nova.virt.libvirt.config' 2>/dev/null; then
    for generation in 9.0 11.3 12.8; do
        is "nova: $generation" "pc-i440fx-7.2 True ['/usr/share/OVMF/CODE.fd'] True 51 scsi" \
            "$(/usr/bin/python3 tests/clients/readers.py domcaps "$work/domcaps-$generation.xml" 2>"$work/err" | cut -f2)"
    done
else
    skip 'nova' 'python3-nova is not installed'
fi

# KubeVirt is no package of Debian's, and its module brings hundreds with it.
if can 'KubeVirt' go; then
    GOCACHE=$work/go GO111MODULE=off go build -o "$work/nodelabeller" tests/clients/nodelabeller.go >"$work/err" 2>&1
    result $? 'KubeVirt: the reader can be built'
    is 'KubeVirt: modes' 'host-passthrough yes 0 0;maximum yes 0 0;host-model yes 0 0;custom yes 0 0' \
        "$("$work/nodelabeller" "$work/domcaps-12.8.xml" | head -n 4 | paste -sd';')"
    is 'KubeVirt: models' 'custom yes 17 0' "$("$work/nodelabeller" "$work/models.xml" | grep custom)"
    is 'KubeVirt: memory encryption' 'sev yes 51 5 410 99' "$("$work/nodelabeller" "$work/domcaps-12.8.xml" | grep ^sev)"
    is 'KubeVirt: launch security' 'launchSecurity yes sev,sev-snp' "$("$work/nodelabeller" "$work/domcaps-12.8.xml" | grep ^launch)"
fi
exit $status
