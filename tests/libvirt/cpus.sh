#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# cpus.sh HVPROBE: the model and features of the processors whose CPUID libvirt 9.0 keeps recordings of (tests/cputestdata of its
# source package), beside what libvirt makes of them. HVPROBE_CPUTESTDATA: a folder that has them.
set -u
. "$(dirname "$0")/../results.sh"
data=${HVPROBE_CPUTESTDATA-}
if [ -z "$data" ]; then
    wget -qO "$work/source.tar.xz" http://deb.debian.org/debian/pool/main/libv/libvirt/libvirt_9.0.0.orig.tar.xz ||
        { skip 'all of it' 'the source of libvirt 9.0 cannot be had'; exit 0; }
    tar -C "$work" -xf "$work/source.tar.xz" --strip-components=1 libvirt-9.0.0/tests/cputestdata libvirt-9.0.0/src/cpu_map
    data=$work/tests/cputestdata
fi
this_tree
python3 tests/libvirt/cpus.py "$binary" "$data" "$work"
