# SPDX-License-Identifier: LGPL-2.1-or-later
# results.sh: what the scripts that test source first, as . "$(dirname "$0")/../results.sh". From then on they stand in the tree's
# folder and have $binary (the file that is their first word), $topic (their own name, for the lines below) and $work (a folder that
# goes when they end). They print lines "ok TOPIC: NAME", "not ok TOPIC: NAME" and, for what could not be tried here,
# "skip TOPIC: NAME: REASON"; $status, with which they exit, is 1 after a "not ok".
# shellcheck shell=bash disable=SC2034,SC2154
topic=$(basename "$0" .sh)
binary=${1:+$(realpath -m "$1")}
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
status=0

# The rules and schemas of this tree, and nothing that was kept by earlier runs.
this_tree() { export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas HVPROBE_CACHE=''; }

ok() { echo "ok $topic: $1"; }
not_ok() { # NAME [OUTPUT]
    echo "not ok $topic: $1"
    [ -z "${2-}" ] || printf '%s\n' "$2" | head -n 30 | sed 's/^/    /'
    status=1
}
skip() { echo "skip $topic: $1: $2"; } # NAME REASON
can() { # NAME PROGRAM...: the programs are here; else NAME is skipped
    local name=$1 program
    shift
    for program; do
        command -v "$program" >/dev/null || { skip "$name" "there is no $program"; return 1; }
    done
}
can_be_root() { # NAME: we are root and may become somebody else
    [ "$(id -u)" = 0 ] || { skip "$1" 'only root can'; return 1; }
    can "$1" setpriv
}
says() { # NAME STATUS TEXT COMMAND...: the status, and output that has the text ('!TEXT': has it not)
    local name=$1 want=$2 text=$3 got out
    shift 3
    out=$("$@" 2>&1)
    got=$?
    if [ $got != "$want" ]; then
        not_ok "$name: status $got, not $want" "$out"
    elif [ "${text#!}" != "$text" ]; then
        if grep -qF -- "${text#!}" <<<"$out"; then not_ok "$name: has ${text#!}" "$out"; else ok "$name"; fi
    elif grep -qF -- "$text" <<<"$out"; then
        ok "$name"
    else
        not_ok "$name: no $text" "$out"
    fi
}
is() { # NAME EXPECTED GOT
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2
got:      $3"; fi
}
has() { # NAME TEXT LINE: a whole line
    if grep -qxF -- "$3" <<<"$2"; then ok "$1"; else not_ok "$1" "$2"; fi
}
gives() { # NAME STATUS COMMAND...
    local name=$1 want=$2 got
    shift 2
    "$@" >/dev/null 2>&1
    got=$?
    if [ $got = "$want" ]; then ok "$name"; else not_ok "$name: status $got, not $want"; fi
}
check() { # NAME COMMAND...: it succeeds
    local name=$1
    shift
    if "$@"; then ok "$name"; else not_ok "$name"; fi
}
result() { # STATUS NAME: that was 0; else what the command said is in $work/err, if it was kept
    if [ "$1" = 0 ]; then ok "$2"; else not_ok "$2" "$([ ! -s "$work/err" ] || head -n 5 "$work/err" | cat -v)"; fi
}
none() { # FILE: nothing is in it
    [ ! -s "$1" ] && return
    sed 's/^/    /' "$1"
    return 1
}
