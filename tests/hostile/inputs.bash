# SPDX-License-Identifier: LGPL-2.1-or-later
# Inputs that want too much, made in $work, and what is asked of each: an end within 10 seconds and 600 MiB, a message that
# names the place, the right status. Sourced by tests/hostile/*.sh and by the quick slice tests/cli/hostile.sh.

# A time to end in is no promise of speed: it is far above what any of these takes, for machines that are busy.
seconds=10 kib=$((600 * 1024))
case $(cat "$(dirname "$binary")/flags" 2>/dev/null) in *sanitize*) seconds=120 kib=$((4 * 1024 * 1024)) ;; esac
${CC:-cc} -O1 -o "$work/measure" tests/hostile/measure.c || exit 1

# ends NAME STATUS MESSAGE ARGUMENTS...: MESSAGE is an extended regular expression of standard error, "": any.
ends() {
    local name=$1 status=$2 message=$3 got milliseconds memory
    shift 3
    "$work/measure" "$seconds" "$work/measured" "$binary" "$@" >"$work/out" 2>"$work/err" </dev/null
    read -r got milliseconds memory <"$work/measured"
    if [[ $got == $status ]] && [ "$memory" -le "$kib" ] && { [ -z "$message" ] || grep -qE -- "$message" "$work/err"; }; then
        ok "$name"
    else
        not_ok "$name" "status $got, $milliseconds ms, $memory KiB
$(head -c 1000 "$work/err")"
    fi
}

words() { # PREFIX COUNT: a list of words
    seq -s ' ' -f "$1%.0f" 1 "$2"
}

host() { # NAME: an empty one, with an emulator's place
    mkdir -p "$work/$1/usr/bin" "$work/$1/bin" "$work/$1/etc"
    head -c 64 /bin/sh >"$work/$1/bin/sh"
    printf 'ID=debian\nVERSION_ID="12"\n' >"$work/$1/etc/os-release"
    emulator=$work/$1/usr/bin/qemu-system-x86_64
    printf 'x\0pc-i440fx-9.9-machine\0\0pc-q35-9.9-machine\0' >"$emulator"
    chmod 755 "$emulator"
}

rule() { # NAME: one more layer with this rule from standard input; $layer
    layer=$work/layer-$1
    mkdir -p "$layer"
    cat >"$layer/$1.yaml"
}
