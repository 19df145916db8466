# SPDX-License-Identifier: LGPL-2.1-or-later
# chroot.sh: sourced after results.sh by tests/releases/*.sh and tests/libvirt/system.bash: Debian's releases in folders below $roots, which stay there
# for the next time. What is mounted in them is seen by their own processes only, so that they can be deleted at any time.
# shellcheck shell=bash disable=SC2154
roots=${HVPROBE_RELEASES:-/var/cache/hvprobe-releases}
mirror=${HVPROBE_MIRROR:-http://deb.debian.org/debian}

# inside ROOT COMMAND: a shell there, in /src.
inside() {
    # shellcheck disable=SC2016
    unshare --mount --pid --fork sh -c 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount --rbind /sys "$1/sys" &&
        exec chroot "$1" env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
            sh -c "cd /src && $2"' sh "$1" "$2"
}

# Makes what is missing of a release, and the tree's files new in its /src; fails after a line that says why not.
enter() { # ROOT SUITE ARCHITECTURE
    local name=$2-$3
    [ "$(id -u)" = 0 ] || { skip "$name" 'only root can make a chroot'; return 1; }
    command -v debootstrap >/dev/null || sh tests/install-packages.sh releases
    can "$name" debootstrap unshare || return 1
    if [ ! -e "$1/made" ]; then
        rm -rf "$1"
        mkdir -p "$roots"
        debootstrap --variant=minbase --arch="$3" --include=ca-certificates,make "$2" "$1" "$mirror" >"$roots/$name.log" 2>&1 ||
            { skip "$name" "debootstrap failed ($roots/$name.log)"; return 1; }
        # The lists of a mirror that stands still are old, not wrong: they are signed all the same.
        echo 'Acquire::Check-Valid-Until "false";' >"$1/etc/apt/apt.conf.d/99mirror"
        touch "$1/made"
    fi
    cp /etc/resolv.conf "$1/etc/resolv.conf"
    rm -rf "$1/src" # objects too: they may be younger than sources that changed while they were made
    mkdir "$1/src"
    { git ls-files -z 2>/dev/null || find . -path ./build -prune -o -type f -print0; } | tar -c --null -T - | tar -x -C "$1/src"
}

# The lines of tests in a release, with its name.
named() { sed -E "s/^(ok|not ok|skip) ([0-9]+ - )?/\1 $1: /; s/^ok $1: [0-9]* *# SKIP */skip $1: /"; }
