#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# all.sh BINARY: every call of each kind fails once, for each command on a small host (make fault). No crash, no hang, no line that is not
# also said otherwise but what is unknown, and no status 0 with less than all of it. HVPROBE_FAULT_STEP=N: only each Nth.
set -u
binary=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
topic=fault
. tests/results.sh
export HVPROBE_CACHE= HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas
step=${HVPROBE_FAULT_STEP:-1}
${CC:-cc} -D_GNU_SOURCE -shared -fPIC -O1 -o "$work/shim.so" tests/fault/shim.c -ldl || exit 1

root=$work/root
mkdir -p "$root/usr/bin" "$root/bin" "$root/etc"
head -c 64 "$(command -v sh)" >"$root/bin/sh"
printf 'x\0pc-i440fx-9.9-machine\0\0pc-q35-9.9-machine\0' >"$root/usr/bin/qemu-system-x86_64"
chmod 755 "$root/usr/bin/qemu-system-x86_64"
printf 'ID=debian\nVERSION_ID="12"\n' >"$root/etc/os-release"

faulty() { # FAULT ARGS...
    local fault=$1
    shift
    timeout 20 env FAULT="$fault" FAULT_COUNT="$work/count" LD_PRELOAD="$work/shim.so" "$binary" "$@" >"$work/out" 2>"$work/err"
}

sweep() { # CALL ERROR ARGS...
    local call=$1 error=$2 number=1 count got bad=
    shift 2
    "$binary" "$@" >"$work/whole" 2>/dev/null
    sort -u "$work/whole" >"$work/lines"
    faulty "$call:x" "$@"
    count=$(cat "$work/count")
    [ "$count" -gt 0 ] || return 0 # there are none
    while [ "$number" -le "$count" ]; do
        faulty "$call:$error@$number" "$@"
        got=$?
        if [ $got -gt 5 ]; then
            bad+=" $number:status-$got"
        elif [ "${*: -2:1}" != explain ] && sort -u "$work/out" | comm -23 - "$work/lines" | grep -vi unknown | grep -q .; then
            bad+=" $number:says-more"
        elif [ $got = 0 ] && [ ! -s "$work/out" ] && [ -s "$work/whole" ] && [ ! -s "$work/err" ]; then
            bad+=" $number:empty"
        fi
        number=$((number + step))
    done
    if [ "$count" -gt 0 ] && [ -z "$bad" ]; then
        ok "$* : $call fails ($error) at each of $count calls"
    else
        not_ok "$* : $call fails ($error) at each of $count calls" "$bad"
    fi
}
for command in capabilities 'list --format lines' 'checks --format lines' 'machines --format lines' detect 'paths qemu' 'explain qemu'; do
    for fault in 'alloc 12' 'read 5' 'open 5' 'open 24' 'stat 5' 'stat 13' 'write 28'; do
        # shellcheck disable=SC2086
        sweep $fault --root "$root" $command
    done
done
exit $status
