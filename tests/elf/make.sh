#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# make.sh: writes the programs of fixtures anew, of which make-elf.py makes small ones that look like QEMU's: types that are
# machines and types that are not, names of no type, and every way in which an ELF file says where its pointers are.
set -eu
cd "$(dirname "$0")/../rules"

# make FILE ARCH FORM TYPE...
make()
{
    local file=$1 arch=$2 form=$3
    shift 3
    python3 ../elf/make-elf.py "$file" --arch "$arch" --form "$form" --text query-current-machine ${text:+--text "$text"} "$@"
}

make kvm/ppc64le-hv/snapshot/root/usr/bin/qemu-system-ppc ppc64le rela \
    'none-machine<machine' 'g3beige-machine<machine' 'machine<object!'
make kvm/ppc64le-hv/snapshot/root/usr/bin/qemu-system-ppc64 ppc64le rela \
    'none-machine<machine' 'spapr-machine<machine!' 'pseries-7.2-machine<spapr-machine' 'machine<object!'
make kvm/ppc64le-pr/snapshot/root/usr/bin/qemu-system-ppc ppc64le rela \
    'none-machine<machine' 'g3beige-machine<machine' 'machine<object!'
make kvm/ppc64le-pr/snapshot/root/usr/bin/qemu-system-ppc64 ppc64le rela \
    'none-machine<machine' 'spapr-machine<machine!' 'pseries-7.2-machine<spapr-machine' 'machine<object!'
make kvm/s390x-zvm/snapshot/root/usr/bin/qemu-system-s390x s390x rela \
    'none-machine<machine' 's390-ccw-machine<machine!' 's390-ccw-virtio-7.2-machine<s390-ccw-machine' \
    's390-ccw-virtio-7.1-machine<s390-ccw-machine' 'machine<object!'
make kvm/s390x/snapshot/root/usr/bin/qemu-system-s390x s390x rela \
    'none-machine<machine' 's390-ccw-machine<machine!' 's390-ccw-virtio-7.2-machine<s390-ccw-machine' \
    's390-ccw-virtio-7.1-machine<s390-ccw-machine' 'machine<object!'
make qemu/debian-12/root/usr/bin/qemu-system-arm x86_64 rela \
    'none-machine<machine' 'aspeed-machine<machine!' 'raspi-common-machine<machine!' 'npcm7xx-machine<machine!' \
    'virt-machine<machine!' 'virt-7.2-machine<virt-machine' 'virt-7.1-machine<virt-machine' \
    'raspi2b-machine<raspi-common-machine' 'ast2600-evb-machine<machine' 'machine<object!'
make qemu/debian-12/root/usr/bin/qemu-system-avr x86_64 rela \
    'none-machine<machine' 'arduino-machine<machine!' 'arduino-uno-machine<arduino-machine' \
    'arduino-mega-machine<arduino-machine' 'arduino-mega-2560-v3-machine<arduino-machine' \
    'arduino-duemilanove-machine<arduino-machine' 'machine<object!'
make qemu/debian-12/root/usr/bin/qemu-system-ppc64 x86_64 rela \
    'none-machine<machine' 'spapr-machine<machine!' 'pseries-7.2-machine<spapr-machine' \
    'pseries-7.1-machine<spapr-machine' 'pseries-2.12-sxxm-machine<spapr-machine' 'powernv-machine<machine!' \
    'powernv8-machine<powernv-machine' 'powernv9-machine<powernv-machine' 'powernv10-machine<powernv-machine' \
    'ppc405-machine<machine!' 'ppce500-base-machine<machine!' 'g3beige-machine<machine' 'machine<object!'
make qemu/debian-12/root/usr/bin/qemu-system-riscv64 x86_64 rela \
    'none-machine<machine' 'spike-machine<machine' 'virt-machine<machine' 'sifive_u-machine<machine' 'machine<object!'
make qemu/debian-12/root/usr/bin/qemu-system-s390x x86_64 rela \
    'none-machine<machine' 's390-ccw-machine<machine!' 's390-ccw-virtio-7.2-machine<s390-ccw-machine' \
    's390-ccw-virtio-2.10-machine<s390-ccw-machine' 's390-ccw-virtio-2.9-machine<s390-ccw-machine' 'machine<object!'
make qemu/debian-12/root/usr/bin/qemu-system-x86_64 x86_64 rela \
    'none-machine<machine' 'generic-pc-machine<x86-machine!' 'x86-machine<machine!' \
    'pc-i440fx-7.2-machine<generic-pc-machine' 'pc-i440fx-7.1-machine<generic-pc-machine' \
    'pc-q35-7.2-machine<generic-pc-machine' 'pc-q35-7.1-machine<generic-pc-machine' 'isapc-machine<generic-pc-machine' \
    'microvm-machine<x86-machine' 'machine<object!'
make qemu/debian-12/root/usr/libexec/qemu-system-i386 x86_64 rela \
    'none-machine<machine' 'generic-pc-machine<x86-machine!' 'x86-machine<machine!' \
    'pc-i440fx-7.2-machine<generic-pc-machine' 'pc-i440fx-7.1-machine<generic-pc-machine' \
    'pc-q35-7.2-machine<generic-pc-machine' 'pc-q35-7.1-machine<generic-pc-machine' 'isapc-machine<generic-pc-machine' \
    'microvm-machine<x86-machine' 'machine<object!'
make qemu/fedora-39/root/usr/bin/qemu-system-aarch64 aarch64 relr \
    'none-machine<machine' 'aspeed-machine<machine!' 'raspi-common-machine<machine!' 'npcm7xx-machine<machine!' \
    'virt-machine<machine!' 'virt-8.2-machine<virt-machine' 'virt-8.1-machine<virt-machine' \
    'raspi2b-machine<raspi-common-machine' 'ast2600-evb-machine<machine' 'machine<object!'
make qemu/fedora-39/root/usr/bin/qemu-system-m68k aarch64 relr \
    'none-machine<machine' 'virt-machine<machine!' 'virt-8.1-machine<virt-machine' 'virt-8.0-machine<virt-machine' \
    'mcf5208evb-machine<machine' 'q800-machine<machine' 'machine<object!'
make qemu/nixos-profile/snapshot/root/run/current-system/sw/bin/.qemu-system-riscv64-wrapped x86_64 rela \
    'none-machine<machine' 'spike-machine<machine' 'virt-machine<machine' 'sifive_u-machine<machine' 'machine<object!'
make qemu/nixos/root/nix/store/0a1b2c3d4e5f6g7h8i9j0k1l2m3n4p5q-qemu-8.2.4/bin/.qemu-system-x86_64-wrapped x86_64 relr \
    'none-machine<machine' 'pc-i440fx-8.2-machine<machine' 'pc-i440fx-8.1-machine<machine' 'pc-q35-8.2-machine<machine' \
    'machine<object!'
make qemu/nixos/root/nix/store/0a1b2c3d4e5f6g7h8i9j0k1l2m3n4p5q-qemu-8.2.4/bin/qemu-system-riscv64 x86_64 relr \
    'none-machine<machine' 'spike-machine<machine' 'virt-machine<machine' 'machine<object!'
make qemu/only-microvm/root/usr/bin/qemu-system-x86_64-microvm x86_64 rela \
    'none-machine<machine' 'x86-machine<machine!' 'microvm-machine<x86-machine' 'pc-q35-7.2-machine<machine' \
    'machine<object!'
make qemu/powernv-old/root/usr/bin/qemu-system-ppc64 x86_64 fixed \
    'none-machine<machine' 'spapr-machine<machine!' 'pseries-3.1-machine<spapr-machine' 'powernv-machine<machine' \
    '40p-machine<machine' 'machine<object!'
make qemu/powernv/root/usr/bin/qemu-system-ppc64 x86_64 rela \
    'none-machine<machine' 'spapr-machine<machine!' 'pseries-9.1-machine<spapr-machine' \
    'pseries-9.0-machine<spapr-machine' 'powernv-machine<machine!' 'powernv8-machine<powernv-machine' \
    'powernv9-machine<powernv-machine' 'powernv10-machine<powernv-machine' 'machine<object!'
make qemu/rhel-9/root/usr/libexec/qemu-kvm x86_64 relr \
    'none-machine<machine' 'generic-pc-machine<x86-machine!' 'x86-machine<machine!' \
    'pc-i440fx-rhel7.6.0-machine<generic-pc-machine' 'pc-q35-rhel7.6.0-machine<generic-pc-machine' \
    'pc-q35-rhel8.6.0-machine<generic-pc-machine' 'pc-q35-rhel9.2.0-machine<generic-pc-machine' \
    'pc-q35-rhel9.4.0-machine<generic-pc-machine' 'machine<object!'
make qemu/rocky-8-ppc64le/root/usr/libexec/qemu-kvm ppc64le rela \
    'none-machine<machine' 'spapr-machine<machine!' 'pseries-rhel8.5.0-machine<spapr-machine' \
    'pseries-rhel7.6.0-machine<spapr-machine' 'pseries-rhel7.6.0-sxxm-machine<spapr-machine' 'machine<object!'
make qemu/ubuntu-22.04/root/usr/bin/qemu-system-s390x x86_64 rela \
    'none-machine<machine' 's390-ccw-machine<machine!' 's390-ccw-virtio-6.2-machine<s390-ccw-machine' \
    's390-ccw-virtio-jammy-machine<s390-ccw-machine' 's390-ccw-virtio-focal-machine<s390-ccw-machine' 'machine<object!'
make qemu/ubuntu-22.04/root/usr/bin/qemu-system-x86_64 x86_64 rela \
    'none-machine<machine' 'pc-i440fx-6.2-machine<machine' 'pc-i440fx-jammy-machine<machine' \
    'pc-i440fx-bionic-machine<machine' 'pc-i440fx-artful-machine<machine' 'pc-i440fx-bionic-hpb-machine<machine' \
    'pc-q35-6.2-machine<machine' 'pc-q35-zesty-machine<machine' 'pc-q35-jammy-machine<machine' 'machine<object!'

# Each way in which a file says where its pointers are, on a host that has it: tests/rules/qemu/elf-*.
pc=('machine<object!' 'x86-machine<machine!' 'generic-pc-machine<x86-machine!' 'none-machine<machine' 'isapc-machine<generic-pc-machine')
make qemu/elf-i686-rel/root/usr/bin/qemu-system-i386 i686 rel "${pc[@]}" 'pc-i440fx-7.2-machine<generic-pc-machine' \
    'pc-i440fx-1.7-machine<generic-pc-machine' 'pc-i440fx-2.0-machine<generic-pc-machine'
make qemu/elf-x86_64-relr/root/usr/bin/qemu-system-x86_64 x86_64 relr "${pc[@]}" 'pc-q35-11.1-machine<generic-pc-machine' \
    'pc-q35-8.2-machine<generic-pc-machine' 'pc-q35-8.1-machine<generic-pc-machine' 'x-remote-machine<machine@target-info-arm-machine' \
    'target-info-x86_64-machine<interface'
make qemu/elf-ppc-fixed/root/usr/bin/qemu-system-ppc ppc fixed 'machine<object!' 'none-machine<machine' 'g3beige-machine<machine' \
    'ppce500-base-machine<machine!' 'ppce500-machine<ppce500-base-machine' 'mac99-machine<machine'
make qemu/elf-s390x-rela/root/usr/bin/qemu-system-s390x s390x rela 'machine<object!' 'none-machine<machine' \
    's390-ccw-machine<machine!' 's390-ccw-virtio-10.0-machine<s390-ccw-machine' 's390-ccw-virtio-7.1-machine<s390-ccw-machine' \
    's390-ccw-virtio-7.0-machine<s390-ccw-machine'
text='QEMU emulator version 5.2.0' make qemu/elf-mips64el-rel/snapshot/root/usr/bin/qemu-system-mips64el mips64el rel \
    'machine<object!' 'none-machine<machine' 'malta-machine<machine' 'fuloong2e-machine<machine' 'loongson3-virt-machine<machine'
make qemu/elf-mips64el-rel/snapshot/root/bin/sh mips64el rel 'sh<object'
both=target-info-arm-machine,target-info-aarch64-machine
arm=('machine<object!' 'none-machine<machine@target-info-aarch64-machine,target-info-arm-machine' 'virt-machine<machine!@hotplug-handler'
    "virt-11.1-machine<virt-machine@$both" "virt-8.1-machine<virt-machine@$both" 'mps2<machine!' "mps2-an385-machine<mps2@$both"
    'raspi-base-machine<machine!' 'raspi-common-machine<raspi-base-machine!' "raspi2b-machine<raspi-common-machine@$both"
    'raspi3b-machine<raspi-common-machine@target-info-aarch64-machine' 'target-info-arm-machine<interface')
make qemu/elf-arm-interfaces/root/usr/bin/qemu-system-arm arm relr "${arm[@]}"
make qemu/elf-arm-interfaces/root/usr/bin/qemu-system-aarch64 aarch64 rela "${arm[@]}"
text='QEMU emulator version 10.0.13 (Debian)' make qemu/elf-riscv64-10.0/root/usr/bin/qemu-system-riscv64 riscv64 rela \
    'machine<object!' 'none-machine<machine' 'virt-machine<machine' 'spike-machine<machine' 'shakti_c-machine<machine'
text='QEMU emulator version 11.1.3 (Debian)' make qemu/elf-riscv64-11.1/root/usr/bin/qemu-system-riscv64 riscv64 rela \
    'machine<object!' 'none-machine<machine' 'virt-machine<machine' 'spike-machine<machine' 'shakti_c-machine<machine'

make domain/raspi3b-kvm/snapshot/root/usr/bin/qemu-system-aarch64 aarch64 relr "${arm[@]}"
make domain/sifive-kvm/snapshot/root/usr/bin/qemu-system-riscv64 riscv64 rela 'machine<object!' 'virt-machine<machine' \
    'sifive_u-machine<machine'

# Emulators with devices, modules and a schema: tests/rules/domcaps*.
schema='[{"name": "query-vnc", "meta-type": "command", "arg-type": "0", "ret-type": "3"},
 {"name": "query-spice", "meta-type": "command", "arg-type": "0", "ret-type": "4"},
 {"meta-type": "command", "name": "query-display-options", "arg-type": "0", "ret-type": "1"},
 {"meta-type": "command", "name": "netdev_add", "arg-type": "2", "ret-type": "0"},
 {"meta-type": "command", "name": "query-cpu-definitions", "arg-type": "0", "ret-type": "[5]"},
 {"meta-type": "command", "name": "blockdev-reopen", "arg-type": "0", "ret-type": "0"},
 {"meta-type": "object", "name": "0", "members": []},
 {"meta-type": "object", "name": "1", "members": [{"name": "type", "type": "6"}], "tag": "type",
  "variants": [{"case": "sdl", "type": "0"}, {"case": "egl-headless", "type": "7"}, {"case": "dbus", "type": "8"}]},
 {"meta-type": "object", "name": "2", "members": [{"name": "id", "type": "str"}],
  "variants": [{"case": "user", "type": "0"}, {"case": "stream", "type": "0"}]},
 {"meta-type": "event", "name": "DEVICE_DELETED", "arg-type": "9"}]'
pc=('object!' 'machine<object!' 'x86-machine<machine!' 'generic-pc-machine<x86-machine!' 'none-machine<machine'
    'pc-i440fx-7.2-machine<generic-pc-machine' 'pc-q35-7.2-machine<generic-pc-machine' 'pc-q35-7.1-machine<generic-pc-machine'
    'isapc-machine<generic-pc-machine' 'device<object!' 'pci-device<device!' 'VGA<pci-device' 'cirrus-vga<pci-device' 'ich9-ahci<pci-device'
    'usb-storage<device' 'iothread<object' 'vmcoreinfo<device' 'vmgenid<device' 'memory-backend-memfd<object' 'rng-random<object'
    'rng-builtin<object' 'tpm-tis<device' 'tpm-passthrough<object' 'tpm-emulator<object' 'pvpanic<device' 'pvpanic-pci<pci-device'
    'bochs-display<pci-device!' 'interface!' 'ramfb<interface' 'qemu-xhci<pci-device' 'vfio-pci<pci-device' 'sev-guest<object'
    'sev-snp-guest<object' 'sgx-epc<device' 'max-x86_64-cpu<device' 'cryptodev-backend-builtin<object')
x86_64=(--virtio virtio-rng-pci-base,virtio-rng-pci,virtio-rng-pci-transitional,virtio-rng-pci-non-transitional
    --virtio virtio-gpu-pci-base,,,virtio-gpu-pci --virtio vhost-user-fs-pci-base,,,vhost-user-fs-pci --virtio ,virtio-crypto-pci,,
    --module hw-display-qxl:x86_64:qxl,qxl-vga:ui-spice-core --module ui-spice-core::: --module chardev-spice::chardev-spicevmc:ui-spice-core
    --module hw-usb-redirect::usb-redir: --module hw-s390x-virtio-gpu-ccw:s390x:virtio-gpu-ccw:
    --module hw-usb-smartcard::usb-ccid:audio-missing --point piix3-usb-uhci)
for case in domcaps-program/q35 domcaps/kvm; do
    make $case/snapshot/root/usr/bin/qemu-system-x86_64 x86_64 rela --schema "$schema" "${x86_64[@]}" "${pc[@]}"
done
make domcaps-program/q35/snapshot/root/usr/lib/x86_64-linux-gnu/qemu/hw-display-qxl.so x86_64 rela 'qxl<pci-device' 'qxl-vga<pci-device'
make domcaps-program/q35/snapshot/root/usr/lib/x86_64-linux-gnu/qemu/ui-spice-core.so x86_64 rela 'spice-core<object!'
make domcaps-program/q35/snapshot/root/usr/lib/x86_64-linux-gnu/qemu/chardev-spice.so x86_64 rela 'chardev-spicevmc<object'
make domcaps-program/q35/snapshot/root/usr/lib/x86_64-linux-gnu/qemu/hw-usb-smartcard.so x86_64 rela 'usb-redir<device'
make domcaps-program/q35/snapshot/root/usr/lib/x86_64-linux-gnu/qemu/hw-s390x-virtio-gpu-ccw.so x86_64 rela 'vmware-svga<device'
make domcaps-devices/i686-rel/root/usr/bin/qemu-system-i386 i686 rel --schema "$schema" --point run-with "${pc[@]}"
arm=('object!' 'machine<object!' 'none-machine<machine' 'virt-machine<machine!' 'virt-9.2-machine<virt-machine' 'raspi3b-machine<machine'
    'device<object!' 'usb-storage<device' 'iothread<object' 'tpm-tis-device<device' 'tpm-passthrough<object' 'ramfb<device')
make domcaps-machine/arm-relr/root/usr/bin/qemu-system-arm arm relr --schema "$schema" --virtio ,virtio-rng-device,, "${arm[@]}"
make domcaps-host/s390x/root/usr/bin/qemu-system-s390x s390x rela --schema "$schema" 'object!' 'machine<object!' 'none-machine<machine' \
    's390-ccw-machine<machine!' 's390-ccw-virtio-10.2-machine<s390-ccw-machine' 'device<object!' 's390-pv-guest<object' \
    'virtio-gpu-ccw<device' 'virtio-rng-ccw<device'

# Emulators with processor models, in structures and in arrays: tests/rules/cpus*.
machines=('object!' 'machine<object!' 'none-machine<machine' 'board-machine<machine' 'device<object!' 'cpu<device!')
pc=(--processor qemu64:AuthenticAMD: --processor 486:GenuineIntel: --processor Haswell:GenuineIntel:-,Haswell-noTSX,Haswell-IBRS
    --processor EPYC:AuthenticAMD:-,EPYC-IBPB --processor Dhyana:HygonGenuine:-,- "${machines[@]}" 'pc-q35-7.2-machine<machine')
make cpus-qemu/x86_64-rela/root/usr/bin/qemu-system-x86_64 x86_64 rela "${pc[@]}" 'x86_64-cpu<cpu!' 'max-x86_64-cpu<x86_64-cpu' \
    'host-x86_64-cpu<max-x86_64-cpu' 'base-x86_64-cpu<x86_64-cpu' 'decoy-x86_64-cpu<device'
make cpus-qemu/i686-rel/root/usr/bin/qemu-system-i386 i686 rel "${pc[@]}" 'i386-cpu<cpu!' 'max-i386-cpu<i386-cpu'
make cpus/intel/snapshot/root/usr/bin/qemu-system-x86_64 x86_64 relr --schema "$schema" "${pc[@]}" 'pc-i440fx-7.2-machine<machine' \
    'x86_64-cpu<cpu!' 'max-x86_64-cpu<x86_64-cpu'
make cpus-qemu/arm-relr/root/usr/bin/qemu-system-arm arm relr --row arm926,,, --row cortex-a15,,, --row 'cortex-a7,a note,,' \
    --row midr,=5,=6,=7 --row cortex-m0,, --row cortex-m3,, --row fpsr,, --row=,, "${machines[@]}" 'arm-cpu<cpu!'
make cpus-qemu/ppc64-rela/root/usr/bin/qemu-system-ppc64 ppc64 rela --row 405,405d4 --row conan/doyle,750p --row power9,power9_v2.0 \
    --row g3,750 --row 750,750_v3.1 --row odd,nowhere --row=, "${machines[@]}" 'powerpc64-cpu<cpu!' \
    'POWER9-family-powerpc64-cpu<powerpc64-cpu!' 'power9_v2.0-powerpc64-cpu<POWER9-family-powerpc64-cpu' '750_v3.1-powerpc64-cpu<powerpc64-cpu' \
    '750p-powerpc64-cpu<powerpc64-cpu'
make cpus-qemu/s390x-rela/root/usr/bin/qemu-system-s390x s390x rela --row 'z900,IBM zSeries 900 GA1,=1,=2,=3' \
    --row 'z16A,IBM 3931 GA1,=1,=2,=3' --row 'other,no machine,=1,=2,=3' "${machines[@]}" 's390x-cpu<cpu!' 'qemu-s390x-cpu<s390x-cpu'
make cpus-qemu/sparc-fixed/root/usr/bin/qemu-system-sparc sparc fixed --row 'Fujitsu MB86904,=4,=5,=6,=7' --row 'LEON2,=4,=5,=6,=7' \
    --row 'swap,=4,=5,=6,=7' "${machines[@]}" 'sparc-cpu<cpu!'
make cpus-qemu/mips-rela/root/usr/bin/qemu-system-mips64el mips64el rel --row "4Kc,$(printf '=1,%.0s' {1..20})=2" \
    --row "R4000,$(printf '=1,%.0s' {1..20})=2" "${machines[@]}" 'mips-cpu<cpu!'
make cpus-qemu/riscv64-rela/root/usr/bin/qemu-system-riscv64 riscv64 rela "${machines[@]}" 'riscv-cpu<cpu!' \
    'riscv-dynamic-cpu<riscv-cpu!' 'rv64-riscv-cpu<riscv-dynamic-cpu' 'max-riscv-cpu<riscv-dynamic-cpu'
