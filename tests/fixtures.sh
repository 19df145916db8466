#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fixtures.sh BINARY [--update] [RULE/CASE...]: every tests/rules/RULE/CASE/ is a host and what hvprobe must say about it.
#   root/ or snapshot/   the host             expect.xml   the whole document      README   where the host comes from
#   args                 more options         document     a document other than capabilities; capabilities-X: the dialect X
#   drivers              drivers, beside the rule's own, that may offer guests here
# --update writes what comes out to expect.xml (look at the difference before you keep it). Prints "ok NAME", "not ok NAME".
set -u
cd "$(dirname "$0")/.." || exit 2
binary=$1
shift
update=no
[ "${1-}" = --update ] && { update=yes; shift; }
case $binary in */*) binary=$(realpath "$binary") ;; esac
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas HVPROBE_CACHE=
libvirt_schema=/usr/share/libvirt/schemas/capability.rng
libvirt_drivers=" xen qemu lxc openvz "
drivers=$(sed -n 's/^driver: *\([^ #]*\).*/\1/p' rules/*.yaml rules/*/*.yaml | sort -u)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

bad() { # NAME [FILE]
    echo "not ok $1"
    [ -z "${2-}" ] || sed 's/^/    /' "$2"
    status=1
}

# The words that choose the host and the document of a case, into the array "words".
case_words() { # DIRECTORY
    words=()
    if [ -d "$1/snapshot" ]; then words+=(--snapshot "$1/snapshot"); else words+=(--root "$1/root"); fi
    if [ -f "$1/args" ]; then
        local more
        read -ra more <"$1/args"
        words+=("${more[@]}")
    fi
}

run_case() { # DIRECTORY NAME
    local document=capabilities out=$work/out words
    [ -f "$1/README" ] || bad "$2: no README"
    [ -f "$1/document" ] && document=$(cat "$1/document")
    case_words "$1"
    case $document in capabilities-*) words+=(--dialect "${document#*-}") ;; esac
    "$binary" "${document%%-*}" "${words[@]}" >"$out" 2>"$work/errors"
    local result=$?
    # Checks that fail are an answer, too.
    if [ $result -gt 1 ] || { [ $result = 1 ] && [ "$document" != checks ]; }; then
        bad "$2" "$work/errors"
        return
    fi
    if [ $update = yes ]; then cp "$out" "$1/expect.xml"; fi
    if diff -u "$1/expect.xml" "$out" >"$work/diff" 2>&1; then echo "ok $2"; else bad "$2" "$work/diff"; fi
    if [ -s "$work/errors" ]; then bad "$2: says nothing on standard error" "$work/errors"; fi
    if "$binary" validate --schema "schemas/$document.rng" "$out" >"$work/errors" 2>&1; then echo "ok $2: valid"; else bad "$2: valid" "$work/errors"; fi
    [ "$document" != capabilities ] || cross "$1" "$2"
}

# Each driver alone: those that the case is not about must offer no guest here.
cross() { # DIRECTORY NAME
    local driver own claimed=""
    own=" $(sed -n 's/^driver: *\([^ #]*\).*/\1/p' rules/"${2%/*}".yaml rules/*/"${2%/*}".yaml 2>/dev/null | tr '\n' ' ')"
    [ ! -f "$1/drivers" ] || own="$own$(tr '\n' ' ' <"$1/drivers")"
    [ "$own" != " " ] || own=" none "
    for driver in $drivers; do
        "$binary" capabilities --driver "$driver" "${words[@]}" >"$work/$driver.xml" 2>/dev/null
        case $own in
        *" $driver "*) libvirt_accepts "$driver" "$2" ;;
        *) ! grep -q '<guest>' "$work/$driver.xml" || claimed="$claimed $driver" ;;
        esac
    done
    if [ -z "$claimed" ]; then echo "ok $2: claimed by its own only"; else bad "$2: claimed by$claimed too"; fi
}

# What libvirt's own drivers could have said must be valid for libvirt's tools too.
libvirt_accepts() { # DRIVER NAME
    case $libvirt_drivers in *" $1 "*) ;; *) return ;; esac
    [ -f "$libvirt_schema" ] && command -v xmllint >/dev/null || return
    # Its schema wants a host even where nothing is known of it, and an architecture that this release has heard of.
    local arch
    arch=$(sed -n 's,^ *<arch>\(.*\)</arch>,\1,p' "$work/$1.xml")
    [ -n "$arch" ] && grep -q "<value>$arch</value>" "${libvirt_schema%/*}/basictypes.rng" || return
    if xmllint --noout --relaxng "$libvirt_schema" "$work/$1.xml" 2>"$work/errors"; then
        echo "ok $2: libvirt accepts driver $1"
    else
        bad "$2: libvirt accepts driver $1" "$work/errors"
    fi
}

for directory in tests/rules/*/*/; do
    directory=${directory%/}
    name=${directory#tests/rules/}
    [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
    run_case "$directory" "$name"
done
exit $status
