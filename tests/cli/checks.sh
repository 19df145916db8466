#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# checks.sh BINARY: formats, status and choice of checks; what virt-host-validate says of this host.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
hosts=tests/rules/kvm

# Runs checks; output in $work/out, complaints in $work/errors, status in $code.
checks() {
    "$binary" checks "$@" >"$work/out" 2>"$work/errors"
    code=$?
}

# Status
checks --snapshot $hosts/checks-ready/snapshot
is 'a ready host has status 0' 0 $code
checks --snapshot $hosts/checks-no-access/snapshot kvm
is 'a FAIL has status 1' 1 $code
checks --snapshot $hosts/checks-amd-half-ready/snapshot
is 'a WARN has status 0' 0 $code
checks --root $hosts/checks-image/root --arch x86_64
is 'an image has status 0' 0 $code
is 'an image is not asked for a running kernel' '' "$(grep -E '^(FAIL|WARN|UNKNOWN)' "$work/out")"
checks --root $hosts/checks-image/root --arch s390x kvm
is 'a rule that is named speaks about an image too' 1 "$([ -s "$work/out" ] && echo 1)"
checks kvn
is 'an unknown rule is a usage error' 2 $code
is 'the nearest rule is named' "hvprobe: there is no rule 'kvn'; did you mean 'kvm'?" "$(cat "$work/errors")"
is 'a usage error prints nothing else' '' "$(cat "$work/out")"
checks --format nonsense kvm
is 'an unknown format is a usage error' 2 $code
checks --columns nonsense kvm
is 'an unknown column is a usage error' 2 $code
checks --root /nonexistent-root kvm
is 'a root that is not there has status 4' 4 $code

# Choice
checks --snapshot $hosts/checks-ready/snapshot --format lines --columns rule
is 'without a rule only those with a trace speak' 'cgroups hugepages iommu kvm qemu qemu-firmware secure-guest' "$(sort -u "$work/out" | xargs)"
checks --snapshot $hosts/checks-ready/snapshot --format lines --columns rule lxc iommu
is 'rules that are named speak' 'iommu lxc' "$(sort -u "$work/out" | xargs)"
checks --snapshot $hosts/checks-ready/snapshot --format lines --columns rule --driver lxc
is 'a driver leaves out the others' 'cgroups hugepages iommu secure-guest' "$(sort -u "$work/out" | xargs)"
mkdir "$work/rules"
cat >"$work/rules/sample.yaml" <<'RULE'
rule: sample
title: Sample
document: checks
traces: ['/nonexistent/*', /proc/self/mountinfo]
facts:
  number: {rows: [{n: '1'}, {n: '2'}]}
  asked: {exec: [/bin/true]}
checks:
  - {name: row, for: number, expect: {n: '1'}, title: 'row # ${n}', otherwise: warn, hint: {opensuse-leap: for this one, debian: 'not for ${n}', any: any}}
  - {name: fails, expect: {not: number}, title: "it\nfails"}
  - {name: unsure, expect: asked, title: unsure}
  - {name: off, expect: number, when: {not: number}, title: not asked}
RULE
checks --snapshot $hosts/checks-ready/snapshot --rules "$work/rules" --format tap sample
cat >"$work/expected" <<'TAP'
TAP version 13
1..4
ok 1 - sample: row 1
not ok 2 - sample: row 2 # TODO not for 2
not ok 3 - sample: it fails
# fact number: yes
ok 4 - sample: unsure # SKIP fact asked: unknown (programs are run only with --exec)
TAP
is 'TAP' "$(cat "$work/expected")" "$(cat "$work/out")"
is 'TAP has the status too' 1 $code
checks --snapshot $hosts/checks-amd-half-ready/snapshot --rules "$work/rules" --format lines --columns result,advice sample
is 'hints are those of the distribution' 'WARN	for this one' "$(grep ^WARN "$work/out")"
sed -i 's,/proc/self/mountinfo,/nonexistent,' "$work/rules/sample.yaml"
checks --snapshot $hosts/checks-ready/snapshot --rules "$work/rules" --format lines --columns rule
is 'a rule without a trace is silent' '' "$(grep sample "$work/out")"
mkdir "$work/site"
printf 'extends: sample\ntraces: [/proc/self/mountinfo]\n' >"$work/site/90-site.yaml"
checks --snapshot $hosts/checks-ready/snapshot --rules "$work/rules" --rules "$work/site" --format lines --columns rule
is 'a site adds traces' 'sample' "$(grep sample "$work/out" | sort -u)"

# Formats
checks --snapshot $hosts/checks-no-access/snapshot --format xml kvm
is 'XML is the document' 0 "$("$binary" validate "$work/out" >/dev/null 2>&1; echo $?)"
checks --snapshot $hosts/checks-no-access/snapshot --format json kvm
if can 'JSON has all columns' python3; then
    is 'JSON has all columns' 'accessible FAIL join' "$(python3 -c '
import json, sys
for each in json.load(sys.stdin):
    if each["result"] == "FAIL":
        print(each["name"], each["result"], each["hint"].split()[0])' <"$work/out")"
fi
checks --snapshot $hosts/checks-no-access/snapshot --format yaml kvm
is 'YAML' 1 "$(grep -cE "result'?: .?FAIL" "$work/out")"
checks --snapshot $hosts/checks-no-access/snapshot kvm
is 'the table has a heading' 'RESULT RULE CHECK ADVICE' "$(head -n 1 "$work/out" | xargs)"
is 'the table is plain when nobody looks' '' "$(grep "$(printf '\033')" "$work/out")"
is 'no line ends in blanks' '' "$(grep ' $' "$work/out")"
checks --snapshot $hosts/checks-no-access/snapshot --color always kvm
is 'colour on demand' "$(printf '\033[31mFAIL')" "$(grep -o "$(printf '\033')\[31mFAIL" "$work/out")"

# A snapshot of this host says what this host says.
"$binary" capture -o "$work/snapshot" >/dev/null 2>&1
checks --format lines
cp "$work/out" "$work/live"
checks --format lines --snapshot "$work/snapshot"
is 'a snapshot says what the host says' "$(cat "$work/live")" "$(cat "$work/out")"

# virt-host-validate, line by line. Where we differ on purpose:
#   flags   it fails a host whose processor lists no vmx, svm or sie even when /dev/kvm works
#   grade   what a machine does not have, as an IOMMU or an encrypting processor, is a NOTE; it warns
#   freezer it does not know that version 2 of cgroups always freezes
can 'what virt-host-validate says' virt-host-validate || exit $status
ours() { # RULE NAME [TEXT in the title]
    awk -F '\t' -v rule="$1" -v name="$2" -v text="${3-}" \
        '$1 == rule && $2 ~ ("^(" name ")$") && (text == "" || $3 ~ ("(^| )" text "( |$)")) { print $4; exit }' "$work/out"
}
checks --format lines --columns rule,name,check,result kvm qemu lxc bhyve iommu secure-guest
lines=0
while IFS=: read -r driver text result; do
    driver=${driver// /}
    text=$(sed 's/^ *Checking *//; s/ *$//' <<<"$text")
    result=$(awk '{ print $1 }' <<<"$result")
    case $driver in QEMU) rule=qemu ;; LXC) rule=lxc ;; BHYVE) rule=bhyve ;; *) rule=kvm ;; esac
    name=$(sed -n "s/.*'\(.*\)'.*/\1/p; s/^for namespace //p" <<<"$text")
    case $text in
    'for hardware virtualization')
        answer=$(ours kvm 'processor|processor-below')
        [ "$answer $(ours kvm version)" = 'PASS PASS' ] && result=PASS
        # who may not ask the device does not know
        [ "$answer" = UNKNOWN ] && [ -e /dev/kvm ] && ! [ -w /dev/kvm ] && result=UNKNOWN ;;
    *'/dev/kvm exists') answer=$(ours kvm 'device|device-node') ;;
    *'/dev/kvm is accessible') answer=$(ours kvm accessible) ;;
    'for PowerPC KVM module loaded') answer=${result} ;;
    *'/dev/vhost-net exists') answer=$(ours qemu vhost-net) ;;
    *'/dev/net/tun exists') answer=$(ours qemu tun) ;;
    'for cgroup '*)
        answer=$(ours "$rule" cgroup "$name")
        [ "$name$answer" = freezerPASS ] && result=PASS ;;
    'for device assignment IOMMU support') answer=$(ours iommu 'iommu|iommu-off'); [ "$answer" = NOTE ] && answer=WARN ;;
    'if IOMMU is enabled by kernel') answer=$(ours iommu iommu-off) ;;
    'for secure guest support') answer=$(ours secure-guest '.*'); [ "$answer" = NOTE ] && answer=WARN ;;
    'for Linux >= 2.6.26') answer=$(ours lxc kernel) ;;
    'for namespace '*) answer=$(ours lxc 'namespace|namespace-wanted' "$name") ;;
    *'/sys/fs/fuse/connections exists') answer=$(ours lxc fuse) ;;
    'for vmm module') answer=$(ours bhyve module) ;;
    *) answer="no check for it" ;;
    esac
    # QEMU's own checks are made where QEMU is; a device behind an IOMMU table is one check here, two there.
    [ "$rule" = qemu ] && [ -z "$answer" ] && [ "$(ours qemu emulator)" != PASS ] && continue
    is "virt-host-validate $driver $text" "$result" "$answer"
    lines=$((lines + 1))
done < <(virt-host-validate 2>/dev/null)
is 'virt-host-validate said something' yes "$([ $lines -gt 5 ] && echo yes)"
exit $status
