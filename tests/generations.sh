# SPDX-License-Identifier: LGPL-2.1-or-later
# generations.sh: sourced after results.sh. What `--compat GENERATION` writes for every recorded host, held against a schema of that
# generation: ours, or libvirt's own.
# shellcheck shell=bash disable=SC2154

# The generation that a published capability.rng is of, by what it knows.
generation_of() { # SCHEMA
    if grep -q '"energy"' "$1"; then
        echo libvirt-12.8
    elif grep -q cluster_id "$1"; then
        echo libvirt-11.3
    else
        echo libvirt-9.0
    fi
}

processors() { grep -c '<cpu id=' "$1"; } # FILE

# Writes all documents of that generation to a folder: this host's, and those of all fixtures (with sanitizers, which is about
# the program and not about the documents, of every eighth). A host of which the architecture is
# unknown, or unknown to that generation, is status 1 and says so; all others are status 0 and keep their processors.
write_generation() { # GENERATION FOLDER
    local directory name words code
    local HVPROBE_CACHE=$work/cache
    export HVPROBE_CACHE
    mkdir -p "$2" "$work/newest"
    local number=0 stride=1
    case $binary in */asan/*) stride=8 ;; esac
    for directory in . tests/rules/*/*/; do
        [ $((number++ % stride)) = 0 ] || continue
        name=$(tr / - <<<"${directory#tests/rules/}")
        words=()
        if [ -d "$directory/snapshot" ]; then words=(--snapshot "$directory/snapshot")
        elif [ "$directory" = . ]; then name=this-host
        elif [ -d "$directory/root" ]; then words=(--root "$directory/root")
        else continue; fi
        [ -f "$work/newest/$name.xml" ] || "$binary" capabilities "${words[@]}" >"$work/newest/$name.xml" 2>/dev/null
        "$binary" capabilities --compat "$1" "${words[@]}" >"$2/$name.xml" 2>"$work/errors"
        code=$?
        if [ $code = 1 ] && grep -qE "still not valid: /capabilities(/host(/cpu(/arch)?)?)?: " "$work/errors"; then
            rm "$2/$name.xml"
        elif [ $code != 0 ]; then
            not_ok "$1: $name: status $code" "$(cat "$work/errors")"
        elif [ "$(processors "$work/newest/$name.xml")" != "$(processors "$2/$name.xml")" ]; then
            not_ok "$1: $name: processors were lost"
        fi
    done
}

generation_is_valid() { # GENERATION SCHEMA TITLE
    local out
    [ -d "$work/$1" ] || write_generation "$1" "$work/$1"
    out=$(xmllint --noout --relaxng "$2" "$work/$1"/*.xml 2>&1 | grep -v ' validates$')
    if [ -z "$out" ]; then ok "$1: $3 accepts every fixture and this host"; else not_ok "$1: $3" "$out"; fi
}

generation_is_valid_by_jing() { # GENERATION SCHEMA TITLE: after generation_is_valid
    local out
    out=$(jing "$2" "$work/$1"/*.xml 2>&1 | grep -v '^\[warning\]')
    if [ -z "$out" ]; then ok "$1: $3 accepts them by jing"; else not_ok "$1: $3 by jing" "$out"; fi
}
