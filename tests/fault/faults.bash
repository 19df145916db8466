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
${CC:-cc} -D_GNU_SOURCE -O1 -o "$work/sweep" tests/fault/sweep.c || exit 1

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

# Each of the calls that a command makes fails, or each STEPth: none ends in a crash, or says what is wrong (see sweep.c). What the
# command writes is $work/made/IT, the word "MADE" of its arguments.
sweep() { # STEP CALL ERROR ARGS...
    local step=$1 call=$2 error=$3 made='' count bad
    shift 3
    local name="$*${SWEEP_CACHE:+, with a cache: $(basename "$SWEEP_CACHE")}: $call fails ($error)"
    if [[ " $* " == *' MADE'* ]]; then
        rm -rf "$work/made"
        mkdir "$work/made"
        made=$(sed 's/.* MADE\([^ ]*\).*/\1/' <<<" $* ")
        made=$work/made/it$made
        set -- "${@/#MADE/$work/made/it}"
    fi
    "$work/sweep" "$work/shim.so" "$step" "$call" "$error" "$made" "$binary" "$@" >"$work/swept" || { not_ok "$name: the command does not work"; return; }
    { read -r count && bad=$(tr '\n' ' '); } <"$work/swept"
    [ -z "$bad" ] || { not_ok "$name at each of $count calls" "$bad"; return; }
    [ "$count" = 0 ] || ok "$name at each of $count calls"
}
