#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# domcapabilities.sh BINARY: domain capabilities of a whole host in one document, of an older libvirt, and where a value comes from.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
xen=tests/rules/xen-pvh/debian-12/snapshot

"$binary" domcapabilities --snapshot $xen --all >"$work/all.xml" 2>"$work/notes"
result $? 'all of a Xen host'
is 'a document for each architecture' 'x86_64 i686' "$(xmllint --xpath '//domainCapabilities/arch/text()' "$work/all.xml" | xargs)"
check 'which is valid' "$binary" validate "$work/all.xml" >/dev/null
"$binary" domcapabilities --snapshot $xen --all --format json >"$work/all.json" 2>>"$work/notes"
is 'as JSON, too' 2 "$(python3 -c 'import json, sys; print(len(json.load(sys.stdin)["domainCapabilities"]))' <"$work/all.json")"

# An emulator that tests/elf/make.sh made: a value leads to the structure in the file, or module, that proves it.
program=tests/rules/domcaps-machine/arm-relr/root
because() { "$binary" explain --root $program --document domain-capabilities "$1" 2>>"$work/notes" | grep -m1 '^    because'; }
text=$(because "//enum[@name='bus']/value[.='usb']")
check 'a value leads to a structure' grep -q '  fact domcaps-program.record: .*qom=usb-storage' <<<"$text"
place=$(sed -n 's/.*(\(.*\), \(\..*\) at \(0x[0-9a-f]*\))$/\1 \2 \3/p' <<<"$text")
read -r file section offset <<<"$place"
check "in a section of the file" grep -q "^\.data" <<<"$section"
exit $status
