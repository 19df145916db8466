# SPDX-License-Identifier: LGPL-2.1-or-later
# faults.bash: sourced after results.sh by what lets calls fail: the shim that does it, a small host, and sweeps over all calls.
# shellcheck shell=bash disable=SC2034,SC2154
export ASAN_OPTIONS=verify_asan_link_order=0
sanitized=
case $binary in */asan/*) sanitized=-DSANITIZED ;; esac
# shellcheck disable=SC2086
if ! ${CC:-cc} -D_GNU_SOURCE $sanitized -shared -fPIC -O1 -o "$work/shim.so" tests/fault/shim.c -ldl 2>"$work/err"; then
    result 1 'the shim builds'
    exit 1
fi

# A run in which calls fail; PATH empty: for all files.
faulty() { # FAULT PATH ARGS...
    local fault=$1 path=$2
    shift 2
    timeout 20 env FAULT="$fault" FAULT_COUNT="$work/count" ${path:+FAULT_PATH="$path"} LD_PRELOAD="$work/shim.so" \
        "$binary" "$@" >"$work/out" 2>"$work/err"
}

# A host with an emulator, in $root.
root=$work/root
mkdir -p "$root/usr/bin" "$root/bin" "$root/etc"
head -c 64 "$(command -v sh)" >"$root/bin/sh"
printf 'x\0pc-i440fx-9.9-machine\0\0pc-q35-9.9-machine\0' >"$root/usr/bin/qemu-system-x86_64"
chmod 755 "$root/usr/bin/qemu-system-x86_64"
printf 'ID=debian\nVERSION_ID="12"\n' >"$root/etc/os-release"

# The first call fails, then the one STEP later ...: none ends in a crash, says a line that is not said otherwise but that something
# is unknown, or gives nothing without a word where there is something. Explanations differ honestly.
sweep() { # STEP CALL ERROR ARGS...
    local step=$1 call=$2 error=$3 number count got bad=
    shift 3
    "$binary" "$@" >"$work/whole" 2>/dev/null
    sort -u "$work/whole" >"$work/lines"
    faulty "$call:x" '' "$@"
    count=$(cat "$work/count")
    for ((number = 1; number <= count; number += step)); do
        faulty "$call:$error@$number" '' "$@"
        got=$?
        if [ $got -gt 5 ]; then
            bad+=" $number:status-$got"
        elif [[ " $* " != *' explain '* ]] && sort -u "$work/out" | comm -23 - "$work/lines" | grep -vi unknown | grep -q .; then
            bad+=" $number:says-more"
        elif [ $got = 0 ] && [ ! -s "$work/out" ] && [ -s "$work/whole" ] && [ ! -s "$work/err" ]; then
            bad+=" $number:empty"
        fi
    done
    [ -z "$bad" ] || { not_ok "$*: $call fails ($error) at each of $count calls" "$bad"; return; }
    [ "$count" = 0 ] || ok "$*: $call fails ($error) at each of $count calls"
}
