#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# qemu.sh BINARY: machine types, aliases, deprecation and defaults of every program of QEMU 5.2, 7.2, 10.0 and 11.1 as Debian packages
# them, against what those programs said themselves (qemu-machines.txt). The packages are unpacked in a folder, nothing is installed
# or run. HVPROBE_QEMU: a folder that keeps them between runs. A release that has moved on to another version is skipped by name.
set -u
. "$(dirname "$0")/../results.sh"
binary=$(realpath "${1:-build/hvprobe}")
export HVPROBE_CACHE=
work=${HVPROBE_QEMU:-$(mktemp -d)}
[ -n "${HVPROBE_QEMU-}" ] || trap 'rm -rf "$work"' EXIT
topic=releases


# The lists of one release, apart from the machine's own.
configure() { # SUITE FOLDER
    mkdir -p "$2/state/lists/partial" "$2/cache/archives/partial" "$2/debs" "$2/root/etc"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${HVPROBE_MIRROR:-http://deb.debian.org/debian} $1 main" >"$2/sources.list"
    cat >"$2/apt.conf" <<CONF
Dir::Etc::sourcelist "$2/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$2/state";
Dir::State::status "/dev/null";
Dir::Cache "$2/cache";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Sandbox::User "root";
CONF
}

# Newer releases have packages of their own for some targets.
unpack() { # FOLDER
    local package file
    export APT_CONFIG=$1/apt.conf
    apt-get -q update || return 1
    for package in x86 arm mips misc ppc sparc riscv s390x; do
        (cd "$1/debs" && apt-get -q download "qemu-system-$package")
    done
    unset APT_CONFIG
    for file in "$1"/debs/qemu-system-*.deb; do
        dpkg -x "$file" "$1/root" || return 1
    done
    touch "$1/done"
}

try() { # SUITE RELEASE VERSION
    local folder=$work/$1 found
    if [ ! -e "$folder/done" ]; then
        configure "$1" "$folder"
        printf 'ID=debian\nVERSION_ID="%s"\n' "$2" >"$folder/root/etc/os-release"
        if ! unpack "$folder" >"$folder/log" 2>&1; then
            skip "qemu $3" "the packages of Debian $1 are not to be had ($(tail -n 1 "$folder/log"))"
            return
        fi
    fi
    found=$(dpkg-deb -f "$folder"/debs/qemu-system-x86_*.deb Version | sed 's/^[0-9]*://; s/^\([0-9]*\.[0-9]*\).*/\1/')
    if [ "$found" != "$3" ]; then
        skip "qemu $3" "Debian $1 has $found now"
        return
    fi
    "$binary" --root "$folder/root" --format json machines >"$folder/machines.json" 2>"$folder/errors"
    python3 tests/releases/compare.py tests/releases/qemu-machines.txt "$3" "$folder/machines.json" || status=1
}

for tool in apt-get dpkg-deb python3; do
    command -v $tool >/dev/null || { skip qemu "there is no $tool"; exit 0; }
done
try bullseye 11 5.2
try bookworm 12 7.2
try trixie 13 10.0
try sid '' 11.1
exit $status
