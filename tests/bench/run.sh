#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh BUILD: whole-process times, all in one run. The first line is what the others are compared with: a program that does nothing, with
# libyaml, libxml2 and PCRE2. The second has only what hvprobe is linked with; libxml2 is loaded by those commands that need it.
set -eu
build=$1
runs=${RUNS:-51}
mkdir -p "$build/bench"
cc -O2 -o "$build/bench/median" tests/bench/median.c
# shellcheck disable=SC2046
cc -O2 -DALL -o "$build/bench/nothing" tests/bench/nothing.c -Wl,--no-as-needed $(pkg-config --cflags --libs libxml-2.0 yaml-0.1 libpcre2-8)
# shellcheck disable=SC2046
cc -O2 -o "$build/bench/nothing-linked" tests/bench/nothing.c -Wl,--no-as-needed $(pkg-config --cflags --libs yaml-0.1 libpcre2-8)

commands=("$build/bench/nothing" "$build/bench/nothing-linked" "$build/hvprobe capabilities")
for command in list detect checks; do
    "$build/hvprobe" $command >/dev/null 2>&1 && commands+=("$build/hvprobe $command")
done
for peer in virt-what systemd-detect-virt 'virt-host-validate -q'; do
    if command -v "${peer%% *}" >/dev/null; then
        commands+=("$peer")
    else
        echo "${peer%% *} is not installed (Debian: virt-what, systemd, libvirt-clients)" >&2
    fi
done
"$build/bench/median" "$runs" "${commands[@]}"
