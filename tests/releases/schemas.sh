#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# schemas.sh BINARY: libvirt's own schemas of Debian 12, 13 and sid as measures of what --compat writes for all fixtures and this
# host, by xmllint and jing. The packages are fetched into a folder and unpacked there.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
. tests/generations.sh

fetch_schema() { # RELEASE: libvirt's capability.rng of that release, its path in $schema
    local at=$work/$1
    mkdir -p "$at"/{lists/partial,cache/archives/partial,debs}
    echo "deb http://deb.debian.org/debian $1 main" >"$at/sources.list"
    cat >"$at/apt.conf" <<CONF
Dir::State::lists "$at/lists";
Dir::Cache "$at/cache";
Dir::Etc::sourcelist "$at/sources.list";
Dir::Etc::sourceparts "-";
CONF
    (cd "$at/debs" && export APT_CONFIG=$at/apt.conf && apt-get -q update && { apt-get -q download libvirt-common || apt-get -q download libvirt0; } &&
        { find . -name '*.deb' -exec dpkg -x {} ../root \; ; }) >"$at/log" 2>&1
    schema=$at/root/usr/share/libvirt/schemas/capability.rng
    [ -f "$schema" ] || (cd "$at/debs" && APT_CONFIG=$at/apt.conf apt-get -q download libvirt0 && dpkg -x libvirt0*.deb ../root) >>"$at/log" 2>&1
    [ -f "$schema" ]
}

measured=
for release in bookworm trixie sid; do
    if ! command -v xmllint >/dev/null || ! fetch_schema $release; then
        skip "$release" "its libvirt cannot be fetched, or xmllint is missing"
        continue
    fi
    generation=$(generation_of "$schema")
    measured="$measured $generation"
    for measure in "schemas/compat/$generation.rng" "$schema"; do
        generation_is_valid "$generation" "$measure" "$release, ${measure#"$work/"}"
        if command -v jing >/dev/null; then
            generation_is_valid_by_jing "$generation" "$measure" "$release, ${measure#"$work/"}"
        else
            skip "$release by jing" "it is not installed"
        fi
    done
done
for generation in libvirt-9.0 libvirt-11.3 libvirt-12.8; do
    case " $measured " in *" $generation "*) ;; *) skip "$generation" "no release has its schema any more" ;; esac
done
exit $status
