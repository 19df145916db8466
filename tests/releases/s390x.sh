#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# s390x.sh: a cross build in Debian 12, for a machine with the other byte order, and its unit tests, bad rules and fixtures under
# an emulator. Compiler and pkg-config are all that is given.
set -u
. "$(dirname "$0")/../results.sh"
topic=releases
. tests/releases/chroot.sh
name=s390x
root=$roots/bookworm-cross

enter "$root" bookworm amd64 || exit $status
libraries=$(sh tests/install-packages.sh --list build check | grep -xE 'lib(yaml|xml2|pcre2|jansson|smartcols|cmocka)-dev' | sed 's/$/:s390x/' | tr '\n' ' ')
if ! inside "$root" "dpkg --add-architecture s390x && apt-get -q update &&
    apt-get -q -y --no-install-recommends install gcc-s390x-linux-gnu libc6-dev:s390x qemu-user pkgconf make $libraries" >"$roots/$name.log" 2>&1; then
    skip "$name" "its packages cannot be installed ($roots/$name.log)"
    exit $status
fi
printf '#!/bin/sh\nPKG_CONFIG_LIBDIR=/usr/lib/s390x-linux-gnu/pkgconfig:/usr/share/pkgconfig exec pkg-config "$@"\n' >"$root/usr/local/bin/cross-pkg-config"
chmod +x "$root/usr/local/bin/cross-pkg-config"
if inside "$root" "make -j\$(nproc) B=build-s390x CC=s390x-linux-gnu-gcc PKG_CONFIG=cross-pkg-config WERROR=1 all units" >"$roots/$name.log" 2>&1; then
    ok "$name: builds without warnings"
else
    not_ok "$name: builds without warnings" "$(grep -E 'error|Error' "$roots/$name.log")"
    exit $status
fi
inside "$root" "bash tests/quick.sh build-s390x qemu-s390x" 2>&1 | named "$name"
exit $status
