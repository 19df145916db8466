#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# debian.sh [BINARY [SUITE-ARCHITECTURE...]]: builds, with warnings as errors, and runs unit tests, bad rules and fixtures in Debian 13
# and sid, and in a 32-bit one.
set -u
. "$(dirname "$0")/../results.sh"
topic=releases
. tests/releases/chroot.sh

chosen=${*:2}
try() { # SUITE ARCHITECTURE COMPILER...
    local name=$1-$2 suite=$1 architecture=$2 root=$roots/$1-$2 compiler
    case " $chosen " in '  ' | *" $name "*) ;; *) return ;; esac
    shift 2
    enter "$root" "$suite" "$architecture" || return
    if ! inside "$root" "sh tests/install-packages.sh build && apt-get -q -y --no-install-recommends install libcmocka-dev $*" \
        >"$roots/$name.log" 2>&1; then
        skip "$name" "its packages cannot be installed ($roots/$name.log)"
        return
    fi
    for compiler; do
        if inside "$root" "make -j\$(nproc) B=build-$compiler CC=$compiler WERROR=1 all units" >"$roots/$name-$compiler.log" 2>&1; then
            ok "$name: $compiler builds without warnings"
        else
            not_ok "$name: $compiler builds without warnings" "$(grep -E 'error|Error' "$roots/$name-$compiler.log")"
        fi
    done
    inside "$root" "bash tests/quick.sh build-$1" 2>&1 | named "$name"
}
try trixie amd64 gcc clang
try sid amd64 gcc clang
try trixie i386 gcc
exit $status
