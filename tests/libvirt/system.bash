# SPDX-License-Identifier: LGPL-2.1-or-later
# system.bash: sourced after results.sh by what needs a real libvirtd and the emulators that it starts: a Debian 12 with both, in the
# folder $root. HVPROBE_LIBVIRT_ROOT: such a system that is there already.
# shellcheck shell=bash disable=SC2034,SC2154
. tests/releases/chroot.sh
packages='libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu qemu-system-arm qemu-system-mips qemu-system-misc
    qemu-system-ppc qemu-system-sparc qemu-system-x86 ovmf qemu-efi-aarch64 qemu-efi-arm u-boot-qemu opensbi'
root=${HVPROBE_LIBVIRT_ROOT:-$roots/libvirt-amd64}
if [ ! -x "$root/usr/sbin/libvirtd" ]; then
    enter "$root" bookworm amd64 || exit $status
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    # shellcheck disable=SC2086
    inside "$root" "apt-get -q update && apt-get -q -y --no-install-recommends install $(echo $packages)" >"$roots/libvirt.log" 2>&1 ||
        { skip 'all of it' "packages cannot be installed ($roots/libvirt.log)"; exit $status; }
fi
