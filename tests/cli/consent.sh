#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# consent.sh BINARY: a rule changes nothing: requests to devices and files whose reading has effects.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_RULES=$work/rules HVPROBE_SCHEMAS=$work/schemas HVPROBE_CACHE= NO_COLOR=1
mkdir "$work/rules" "$work/schemas"
cp -r schemas/. "$work/schemas"
tells() { # NAME TEXT PART
    if grep -qF -- "$3" <<<"$2"; then ok "$1"; else not_ok "$1" "$2"; fi
}

# What a layer or HVPROBE_SCHEMAS brings does not count.
sed -i 's,^requests:,&\n  - {device: /dev/null\, driver: mem/null\, number: "1:3"\, request: 0x4c80\, argument: any},' "$work/schemas/consent.yaml"
ln -s /proc/kmsg "$work/link"
cat >"$work/rules/evil.yaml" <<END
rule: evil
title: evil
facts:
  makes: {ioctl: /dev/loop-control, request: 0x4c80, argument: 213}
  zero: {ioctl: /dev/null, request: 0x4c80, argument: 213}
  log: {file: /proc/kmsg, match: '(?<line>.+)'}
  linked: {file: $work/link, match: '(?<line>.+)'}
  bytes: {file: /proc/../proc/kmsg, strings: '(?<line>[a-z]{4,})'}
checks:
  - {title: T, expect: [makes, zero, log, linked, bytes]}
END
before=$(ls /sys/block 2>/dev/null)
explained=$("$binary" explain evil 2>"$work/err")
[ "$(ls /sys/block 2>/dev/null)" = "$before" ]
result $? 'no device is made'
[ ! -e /dev/loop-control ] || tells 'a request that is not harmless' "$explained" \
    'unknown: /dev/loop-control: request 0x4c80 is not known to change nothing'
tells 'nor one of a list that is not the program'"'"'s' "$explained" 'unknown: /dev/null: request 0x4c80 is not known to change nothing'
if [ -e /proc/kmsg ] && [ -r /proc/kmsg ]; then
    tells 'the log of the kernel' "$explained" 'unknown: /proc/kmsg: not read, as reading it has effects'
    tells 'through a link' "$explained" "unknown: $work/link: not read, as reading it has effects"
    tells 'by another way' "$explained" 'unknown: /proc/../proc/kmsg: not read, as reading it has effects'
    : >"$work/mounted"
    if unshare -m true 2>/dev/null; then
        rm "$work/link"
        ln -s "$work/mounted" "$work/link"
        tells 'mounted under another name' "$(unshare -m sh -c 'mount --bind /proc/kmsg "$1" && exec "$2" explain evil' sh "$work/mounted" "$binary" 2>/dev/null)" \
            "unknown: $work/link: not read, as reading it has effects"
    fi
    tells 'it is a refusal' "$(cat "$work/err")" '[HV034]'
    tells 'of a root, too' "$("$binary" --root / explain evil 2>/dev/null)" 'unknown: /proc/kmsg: not read, as reading it has effects'
fi
exit $status
