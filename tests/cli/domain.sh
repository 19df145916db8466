#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# domain.sh BINARY: the command domain, by this tree's schema and libvirt's own, for every guest of every recorded host.
# HVPROBE_TEST_LIBVIRTD=1 also defines what this host offers with a libvirtd of its own (minutes: it asks each emulator).
set -u
. "$(dirname "$0")/../results.sh"
this_tree
libvirt_schema=/usr/share/libvirt/schemas/domain.rng
can 'domains' xmllint || exit $status
domain() { "$binary" domain "$@" 2>"$work/errors"; }
xpath() { # EXPRESSION OPTION...
    local expression=$1
    shift
    domain "$@" >"$work/one.xml" && xmllint --xpath "$expression" "$work/one.xml" 2>/dev/null
}
refused() { # TEXT OPTION...
    local text=$1 code
    shift
    domain "$@" >"$work/out"
    code=$?
    [ $code = 1 ] && [ ! -s "$work/out" ] && [ "$(cat "$work/errors")" = "hvprobe: $text" ] && return
    echo "    status $code: $(cat "$work/errors")"
    return 1
}
host_words() { # CASE: into the array "words"
    words=()
    if [ -d "tests/rules/$1/root" ]; then words+=(--root "tests/rules/$1/root"); else words+=(--snapshot "tests/rules/$1/snapshot"); fi
}

# --- every guest of every host: a valid domain, or a refusal that says something
: >"$work/invalid" && : >"$work/foreign" && : >"$work/mute"
count=0
for case in kvm/x86_64 kvm/s390x kvm/ppc64le-hv kvm/aarch64-64bit-only kvm/riscv64 kvm/i686 kvm/only-program qemu/debian-12 \
    qemu-firmware/debian-12 qemu-firmware/no-descriptors xen/x86_64-hvm xen/aarch64 xen/i686-pae xen/ia64-be lxc/debian-12 openvz/node \
    vz/virtuozzo-7 bhyve/freebsd-14 vbox/ubuntu vmware/workstation hvf/macos cloud-hypervisor/fedora lxd/debian-12 \
    systemd-nspawn/debian-12 kqemu/present acrn/service-vm; do
    [ -d "tests/rules/$case" ] || continue
    host_words "$case"
    while IFS=$'\t' read -r os arch type; do
        options=("${words[@]}" -D "os=$os" -D "arch=$arch" -D "type=$type")
        count=$((count + 1))
        if domain "${options[@]}" >"$work/domain.xml"; then
            "$binary" validate "$work/domain.xml" >/dev/null 2>"$work/why" || { echo "$case $os $arch $type"; cat "$work/why"; } >>"$work/invalid"
            # An architecture that this release has not heard of is not the domain's fault.
            grep -q "<value>$arch</value>" "${libvirt_schema%/*}/basictypes.rng" 2>/dev/null || continue
            xmllint --noout --relaxng "$libvirt_schema" "$work/domain.xml" 2>"$work/why" ||
                { echo "$case $os $arch $type"; cat "$work/why"; } >>"$work/foreign"
        else
            grep -qE '^hvprobe: (this host cannot run|libvirt has no domains of) ' "$work/errors" || echo "$case $os $arch $type" >>"$work/mute"
        fi
    done < <("$binary" list "${words[@]}" --format lines --columns OS_TYPE,ARCH,DOMAIN 2>/dev/null | sort -u)
done
check "there are hosts to try ($count guests)" test "$count" -gt 60
check "each domain is valid by this tree's schema" none "$work/invalid"
if [ -f "$libvirt_schema" ]; then
    check "each domain is valid by libvirt's schema" none "$work/foreign"
else
    skip "each domain is valid by libvirt's schema" 'it is not installed'
fi
check "each refusal says why" none "$work/mute"

# --- this host
if domain >"$work/here.xml"; then
    check "this host's domain is valid" test "$("$binary" validate "$work/here.xml" >/dev/null 2>&1; echo $?)" = 0
    [ ! -f "$libvirt_schema" ] ||
        check "virt-xml-validate agrees" xmllint --noout --relaxng "$libvirt_schema" "$work/here.xml" 2>/dev/null
else
    check "this host's refusal says why" grep -q '^hvprobe: this host cannot run' "$work/errors"
fi

# --- which guest
host_words kvm/x86_64
kvm=("${words[@]}")
check "KVM before emulation, the host's architecture first" test "$(xpath 'concat(/domain/@type, " ", /domain/os/type/@arch)' "${kvm[@]}")" = "kvm x86_64"
check "-D type=" test "$(xpath 'string(/domain/@type)' "${kvm[@]}" -D type=qemu)" = qemu
check "-D arch=" test "$(xpath 'concat(/domain/@type, " ", /domain/os/type/@arch)' "${kvm[@]}" -D arch=riscv64)" = "qemu riscv64"
check "what kernels call an architecture" test "$(xpath 'string(/domain/os/type/@arch)' "${kvm[@]}" -D arch=amd64)" = x86_64
check "-D machine=" test "$(xpath 'string(/domain/os/type/@machine)' "${kvm[@]}" -D machine=q35)" = q35
check "-D name=" test "$(xpath 'concat(/domain/name, " ", /domain/devices/disk/source/@file)' "${kvm[@]}" -D 'name=my guest')" = "my guest /var/lib/libvirt/images/my guest.qcow2"
check "a name that XML must escape" test "$(xpath 'string(/domain/name)' "${kvm[@]}" -D 'name=<&>')" = "<&>"
check "an empty word asks for nothing" test "$(xpath 'string(/domain/@type)' "${kvm[@]}" -D type= -D arch=)" = kvm
check "the last of several counts" test "$(xpath 'string(/domain/@type)' "${kvm[@]}" -D type=kvm -D type=qemu)" = qemu
check "--driver" refused "this host cannot run any guest that libvirt has domains for" "${kvm[@]}" --driver xen
check "JSON" grep -q '"emulator": *"/usr/bin/qemu-system-x86_64"' <(domain "${kvm[@]}" --format json)

# --- what one just knows
check "a PC's features" test "$(xpath 'count(/domain/features/acpi | /domain/features/apic)' "${kvm[@]}")" = 2
check "PAE for 32-bit PCs" test "$(xpath 'count(/domain/features/pae)' "${kvm[@]}" -D arch=i686)" = 1
host_words kvm/s390x
check "IBM Z: console of sclp, no ACPI" test "$(xpath 'concat(/domain/devices/console/target/@type, count(/domain/features))' "${words[@]}")" = sclp0
host_words qemu-firmware/debian-12
check "Arm: UEFI, then ACPI" test "$(xpath 'concat(/domain/os/loader/@type, count(/domain/features/acpi), /domain/devices/serial/target/model/@name)' "${words[@]}" -D arch=aarch64)" = pflash1pl011
host_words xen/x86_64-hvm
check "Xen: hvmloader" test "$(xpath 'string(/domain/os/loader)' "${words[@]}" -D os=hvm)" = /usr/lib/xen-4.17/boot/hvmloader
check "Xen: a paravirtual guest needs a kernel" test "$(xpath 'count(/domain/os/kernel)' "${words[@]}" -D os=xen)" = 1
host_words lxc/debian-12
check "a container's root and first program" test "$(xpath 'concat(/domain/devices/filesystem/target/@dir, /domain/os/init)' "${words[@]}" -D type=lxc)" = //sbin/init

# --- what was asked for, and what the board has
host_words domain-boards/raspi3b
boards=("${words[@]}" --arch x86_64)
check "-D memory=, vcpus=, disk=, network=, console=" test "$(xpath 'concat(/domain/memory, " ", /domain/vcpu, " ", //disk/@type, " ", //disk/source/@dev, " ", //interface/source/@bridge, " ", //graphics/@type)' \
    "${boards[@]}" -D memory=2GiB -D vcpus=3 -D disk=/dev/vg/a -D network=bridge:br1 -D console=graphics)" = "2048 3 block /dev/vg/a br1 vnc"
check "a board's own memory and processors" test "$(xpath 'concat(/domain/memory, " ", /domain/vcpu)' "${boards[@]}" -D arch=aarch64 -D machine=raspi3b)" = "1024 4"
check "what a board wants is said beside it" grep -qx 'hvprobe: machines of type axis-dev88 start nothing but a kernel: put one at /var/lib/libvirt/boot/guest-kernel' \
    <(domain "${boards[@]}" -D arch=cris; cat "$work/errors")
check "what libvirt cannot start" refused 'libvirt cannot start machines of type x-remote: no processor object' "${boards[@]}" -D machine=x-remote
check "what a board cannot have" refused 'machines of type raspi3b have at least 4 processors, not 1' "${boards[@]}" -D arch=aarch64 -D machine=raspi3b -D vcpus=1
says "a word that is none of a parameter's" 2 "-D console= takes serial or graphics, not 'grafics'; did you mean 'graphics'?" "$binary" domain "${boards[@]}" -D console=grafics
says "a value that is no size" 2 "-D memory= takes MiB, or a size with a unit such as 2GiB or 512M, not 'big'" "$binary" domain "${boards[@]}" -D memory=big
says "a value of show" 2 "-D vcpus= takes a number of processors, not '0'" "$binary" show domain "${boards[@]}" -D vcpus=0
says "a parameter that is none" 2 "there is no parameter 'memroy'; did you mean 'memory'?" "$binary" domain "${boards[@]}" -D memroy=1
says "parameters in --help" 0 '-D console=               serial or graphics' "$binary" domain --help

# --- images
host_words domain-image/iso
media=("${words[@]}" --arch x86_64)
check "-D image= of another architecture" test "$(xpath 'concat(/domain/os/type/@arch, " ", /domain/os/kernel, " ", /domain/os/initrd)' "${media[@]}" -D image=arm64)" = \
    "aarch64 /srv/tftp/arm64/linux /srv/tftp/arm64/initrd.gz"
says "an image that is none" 2 "there is no image 'debian-12.5.0-amd64-netinst'; did you mean 'debian-12.5.0-amd64-netinst.iso'?" "$binary" domain "${media[@]}" \
    -D image=debian-12.5.0-amd64-netinst
says "images" 0 'debian-12.5.0-amd64-netinst.iso         ISO           debian 12.5.0  x86_64' "$binary" images "${media[@]:0:2}"
is "images of a kind, as JSON" arm64 "$("$binary" images "${media[@]:0:2}" --kind kernel+initrd --format json | sed -n 's/.*"name": *"\([^"]*\)".*/\1/p')"
says "images that no host could have" 2 "there is no kind 'disc'; did you mean 'disk'?" "$binary" images "${media[@]:0:2}" --kind disc

# --- refusals
check "another type is nearest" refused "this host cannot run arch=riscv64 type=kvm; nearest: os=hvm arch=riscv64 type=qemu" "${kvm[@]}" -D arch=riscv64 -D type=kvm
check "the newest of the family" refused "this host cannot run machine=pc-q35-99.0; nearest: os=hvm arch=x86_64 type=kvm machine=pc-q35-8.1" "${kvm[@]}" -D machine=pc-q35-99.0
check "the favourite when there is no such family" refused "this host cannot run machine=frobnicator; nearest: os=hvm arch=x86_64 type=kvm machine=pc-i440fx-8.1" "${kvm[@]}" -D machine=frobnicator
check "another architecture" refused "this host cannot run arch=vax; nearest: os=hvm arch=x86_64 type=kvm" "${kvm[@]}" -D arch=vax
check "another os type" refused "this host cannot run os=exe arch=riscv64; nearest: os=hvm arch=riscv64 type=qemu" "${kvm[@]}" -D os=exe -D arch=riscv64
check "quotes do no harm" refused "this host cannot run machine=x']|//*[\"; nearest: os=hvm arch=x86_64 type=kvm machine=pc-i440fx-8.1" "${kvm[@]}" -D "machine=x']|//*[\""
check "a name with a slash" refused "a domain cannot be called 'a/b': its name becomes a file's, without / and control characters" "${kvm[@]}" -D name=a/b
check "an empty name" refused "a domain cannot be called '': its name becomes a file's, without / and control characters" "${kvm[@]}" -D name=
check "words are no options" test "$("$binary" domain kvm 2>/dev/null; echo $?)" = 2

# What one driver can do is not known; what another cannot is.
printf 'hvprobe-snapshot: 1\nuname: {sysname: Linux, machine: x86_64}\nnodes: [{path: /dev/kvm, error: EACCES}]\n' >"$work/snapshot.yaml"
printf 'files: {/usr/bin/qemu-system-x86_64: {text: "", mode: "0755"}}\n' >>"$work/snapshot.yaml"
check "a type that is not there beside one that may be" refused "this host cannot run type=xen; nearest: os=hvm arch=x86_64 type=qemu" --snapshot "$work" -D type=xen
says "a type that may be there" 5 '/dev/kvm: permission denied' "$binary" domain --snapshot "$work" -D type=kvm

# --- libvirtd itself
if [ "${HVPROBE_TEST_LIBVIRTD-}" = 1 ] && [ "$(id -u)" = 0 ] && [ ! -S /run/libvirt/libvirt-sock ]; then
    libvirtd -d -p "$work/pid" && sleep 2
    for options in "-D name=hvprobe-test" "-D machine=q35" "-D type=qemu" "-D arch=aarch64" "-D arch=s390x" "-D arch=ppc64" "-D arch=riscv64"; do
        read -ra words <<<"$options"
        domain -D name=hvprobe-test "${words[@]}" >"$work/define.xml" || continue
        check "libvirtd defines $options" virsh -q -c qemu:///system define --validate "$work/define.xml"
        virsh -q -c qemu:///system undefine --nvram hvprobe-test
    done
    kill "$(cat "$work/pid")"
fi
exit $status
