#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fixtures.sh BINARY [--update] [RULE/CASE...]: every tests/rules/RULE/CASE/ is a host and what hvprobe must say about it.
#   root/ or snapshot/   the host             expect.xml   the whole document      README   where the host comes from
#   args                 more options         document     a document other than the rule's; capabilities-X: the dialect X
#   drivers              drivers, beside the rule's own, that may offer guests here
#   case.yaml            all of this and more in one page: see 'hvprobe explain HV038'
# 'hvprobe test' judges them; here is what only this tree asks of them: where they come from, and that libvirt's own schema
# accepts what libvirt's own drivers could have said. --update writes what comes out to expect.xml (look at the difference
# before you keep it). Prints "ok NAME", "not ok NAME".
set -u
cd "$(dirname "$0")/.." || exit 2
binary=$1
shift
update=
[ "${1-}" = --update ] && { update=--update; shift; }
case $binary in */*) binary=$(realpath "$binary") ;; esac
data=${HVPROBE_TEST_DATA:-$PWD} # whose rules and schemas
export HVPROBE_RULES=$data/rules HVPROBE_SCHEMAS=$data/schemas HVPROBE_CACHE=
libvirt_schema=/usr/share/libvirt/schemas/capability.rng
libvirt_drivers=" xen qemu lxc openvz "
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
. tests/generations.sh
[ ! -f "$libvirt_schema" ] || generation=$(generation_of "$libvirt_schema")

[ -f "$libvirt_schema" ] || echo "skip fixtures: what libvirt's own schema accepts: it is not installed"
command -v xmllint >/dev/null || echo "skip fixtures: what libvirt's own schema accepts: there is no xmllint"

bad() { # NAME [FILE]
    echo "not ok $1"
    [ -z "${2-}" ] || sed 's/^/    /' "$2"
    status=1
}

# The words that choose the host of a case, into the array "words".
case_words() { # DIRECTORY
    words=()
    if [ -d "$1/snapshot" ]; then words+=(--snapshot "$1/snapshot"); else words+=(--root "$1/root"); fi
    if [ -f "$1/args" ]; then
        local more
        read -ra more <"$1/args"
        words+=("${more[@]}")
    fi
}

# What libvirt's own drivers could have said must be valid for libvirt's tools too.
libvirt_accepts() { # DIRECTORY NAME
    local driver own arch words
    own="$(sed -n 's/^driver: *\([^ #]*\).*/\1/p' rules/"${2%/*}".yaml rules/*/"${2%/*}".yaml 2>/dev/null)"
    [ ! -f "$1/drivers" ] || own="$own $(tr '\n' ' ' <"$1/drivers")"
    case_words "$1"
    for driver in $own; do
        case $libvirt_drivers in *" $driver "*) ;; *) continue ;; esac
        "$binary" capabilities --compat "$generation" --driver "$driver" "${words[@]}" >"$work/$driver.xml" 2>/dev/null
        # Its schema wants a host even where nothing is known of it, and an architecture that this release has heard of.
        arch=$(sed -n 's,^ *<arch>\(.*\)</arch>,\1,p' "$work/$driver.xml")
        [ -n "$arch" ] && grep -q "<value>$arch</value>" "${libvirt_schema%/*}/basictypes.rng" || continue
        if xmllint --noout --relaxng "$libvirt_schema" "$work/$driver.xml" 2>"$work/errors"; then
            echo "ok $2: libvirt accepts driver $driver"
        else
            bad "$2: libvirt accepts driver $driver" "$work/errors"
        fi
    done
}

directories=("${@/#/tests/rules/}")
[ $# != 0 ] || directories=(tests/rules)
"$binary" test $update --format tap "${directories[@]}" 2>"$work/errors" | sed -E 's/^((not )?ok) [0-9]+ - /\1 /; /^TAP |^1\.\./d'
[ "${PIPESTATUS[0]}" = 0 ] || status=1
[ ! -s "$work/errors" ] || bad 'tests say nothing on standard error' "$work/errors"
while read -r directory; do
    name=${directory#tests/rules/}
    [ -f "$directory/README" ] || [ -f "$directory/case.yaml" ] || bad "$name: no README"
    [ -f "$directory/document" ] || [ -f "$directory/case.yaml" ] || [ ! -f "$libvirt_schema" ] ||
        ! command -v xmllint >/dev/null || libvirt_accepts "$directory" "$name"
done < <(find "${directories[@]}" \( -name expect.xml -o -name case.yaml \) -printf '%h\n' | sort -u)
exit $status
