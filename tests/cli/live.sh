#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# live.sh BINARY: this host, a snapshot of it, a site's override, and what the emulators here say of themselves.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_CACHE="$work/cache"

"$binary" capabilities >"$work/live.xml" 2>"$work/live.err"
result $? 'capabilities of this host'
"$binary" validate "$work/live.xml" >/dev/null
result $? 'they are valid'
[ ! -s "$work/live.err" ]
result $? 'nothing on standard error'
"$binary" capabilities | cmp -s - "$work/live.xml"
result $? 'the same from the cache'
HVPROBE_CACHE='' "$binary" capabilities | cmp -s - "$work/live.xml"
result $? 'the same without a cache'
for format in json yaml; do
    "$binary" capabilities --format $format >"$work/live.$format" && [ -s "$work/live.$format" ]
    result $? "capabilities as $format"
done
if can 'the JSON is JSON' python3; then
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))["host"]["cpu"]["arch"]' "$work/live.json"
    result $? 'the JSON is JSON'
fi

# A snapshot answers as the host did.
"$binary" capture -o "$work/snapshot" 2>/dev/null
result $? 'capture'
# Memory that is free of huge pages changes from one moment to the next.
steady() { sed -E "s#(<pages unit='KiB' size='[0-9]+'>)[0-9]+#\1#"; }
for command in capabilities 'capabilities --format json' list detect machines; do
    # shellcheck disable=SC2086
    "$binary" $command 2>&1 | steady >"$work/a"
    # shellcheck disable=SC2086
    "$binary" --snapshot "$work/snapshot" $command 2>&1 | steady >"$work/b"
    cmp -s "$work/a" "$work/b"
    result $? "$command: the snapshot answers as the host"
done

# A packager's overlay: seen in capabilities, paths, rules and explain.
mkdir -p "$work/root/opt/site/bin" "$work/root/bin" "$work/rules.d"
head -c 64 "$(command -v sh)" >"$work/root/bin/sh"
printf 'x\0pc-i440fx-9.9-machine\0' >"$work/root/opt/site/bin/qemu-system-x86_64"
chmod +x "$work/root/opt/site/bin/qemu-system-x86_64"
cat >"$work/rules.d/90-site.yaml" <<'YAML'
extends: qemu
paths:
  emulator:
    any: ['/opt/site/bin/qemu-system-${target}']
YAML
site() { "$binary" --rules "$work/rules.d" --root "$work/root" --arch x86_64 "$@"; }
site capabilities | grep -q '<emulator>/opt/site/bin/qemu-system-x86_64</emulator>'
result $? 'an overlay shows in capabilities'
site paths qemu | grep -E '/opt/site/bin/qemu-system-x86_64 +taken' | grep -q "$work/rules.d"
result $? 'an overlay shows in paths, with its layer'
site explain qemu | grep -q "changed by $work/rules.d/90-site.yaml"
result $? 'an overlay shows in explain'
site rules qemu | grep -q '90-site.yaml:4'
result $? 'an overlay shows in rules, line by line'

# Machine types are read, not asked for; they are exactly those that the programs list.
"$binary" list --columns ARCH,EMULATOR,MACHINE --format lines >"$work/list"
for emulator in /usr/bin/qemu-system-*; do
    [ -x "$emulator" ] || { skip 'machine types of the emulators here' 'there are none'; continue; }
    case $emulator in *-microvm) continue ;; esac
    "$emulator" -machine help 2>/dev/null | sed 1d | awk '$1 != "none" {print $1}' | sort -u >"$work/theirs"
    [ -s "$work/theirs" ] || continue
    "$binary" capabilities >"$work/all.xml"
    awk -v e="<emulator>$emulator</emulator>" '/<arch name/ {ours = 0} index($0, e) && !/^ {8}/ {ours = 1} ours && /<machine/ {print}' \
        "$work/all.xml" | sed -E 's/.*>([^<]+)<.*/\1/' | sort -u >"$work/ours"
    cmp -s "$work/ours" "$work/theirs"
    result $? "machine types of $(basename "$emulator")"
done

# Drivers that libvirt knows print what its own schema accepts.
schema=/usr/share/libvirt/schemas/capability.rng
if [ ! -r $schema ]; then
    skip "drivers are valid against libvirt's schema" "it is not installed"
elif can "drivers are valid against libvirt's schema" xmllint; then
    . tests/generations.sh
    for driver in qemu xen lxc; do
        "$binary" capabilities --compat "$(generation_of $schema)" --driver $driver 2>/dev/null | xmllint --noout --relaxng $schema - 2>/dev/null
        result $? "driver $driver is valid against libvirt's schema"
    done
fi
exit $status
