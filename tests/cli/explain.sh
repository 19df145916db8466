#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# explain.sh BINARY: the answer comes before its details, what is cut can be had, a chosen path says where it was chosen, and the
# host of a test case can be looked at.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
export NO_COLOR=1 LC_ALL=C.UTF-8
first() { "$binary" explain "$@" 2>&1 | sed '/^$/,$d'; } # the answer, without details
tells() { # NAME TEXT LINE...: all these lines
    local name=$1 text=$2 line
    shift 2
    for line; do grep -qxF -- "$line" <<<"$text" || { not_ok "$name: no '$line'" "$text"; return; }; done
    ok "$name"
}

tells 'no, why, and what to do' "$(first kvm --case tests/rules/kvm/checks-below)" 'kvm (KVM): no' \
    '    because   /dev/kvm: not there (fact version)' '    FAIL      this virtual machine was given virtualisation extensions'
tells 'unknown' "$(first kvm --case tests/rules/kvm/checks-no-access)" 'kvm (KVM): unknown' '    FAIL      this user may use /dev/kvm'
tells 'yes, and how much of it' "$(first kvm --case tests/rules/kvm/i686)" "kvm (KVM): yes, 2 emitted, 3 skipped"
tells 'a rule that is only checks' "$(first hugepages --case tests/rules/kvm/i686 | sed 's/:.*//')" 'hugepages (Huge pages)'

# A rule with as many rows as are cut; a path table in two layers.
mkdir -p "$work/a" "$work/b" "$work/more/odd/root/usr/bin" "$work/more/odd/root/opt"
cat >"$work/a/odd.yaml" <<'YAML'
rule: odd
title: Odd
paths:
  program: {any: ['/usr/bin/odd-${size}']}
facts:
  sizes: {rows: [{size: big}]}
  program: {for: sizes, path: program}
  many: {range: 1-40}
  long: {rows: [{text: 'begins 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 ends'}]}
available: program
emit:
  - for: program
    at: "guest[os_type='exe'][arch/@name='x86_64']/arch"
    set: {wordsize: '64', emulator: '${path}', "domain[@type='odd']": }
  - for: many
    at: "guest[os_type='exe'][arch/@name='x86_64']/arch"
    set: {machine: 'm${text}'}
checks:
  - {expect: program, title: the program is there, otherwise: fail, hint: install it}
YAML
printf 'extends: odd\npaths: {program: {any: [/opt/odd]}}\n' >"$work/b/50-odd.yaml"
printf '#!/bin/sh\n' | tee "$work/more/odd/root/opt/odd" >"$work/more/odd/root/usr/bin/odd-big"
chmod +x "$work/more/odd/root/opt/odd" "$work/more/odd/root/usr/bin/odd-big"
printf 'arch: x86_64\n' >"$work/more/odd/case.yaml"
odd() { "$binary" --rules "$work/a" --rules "$work/b" explain --case "$work/more/odd" "$@" 2>&1; }
text=$(odd odd)
tells 'rows are cut, and it says so' "$text" '        and 28 more (--all)' '    and 72 more (--all)'
check 'values too' grep -q 'begins .*\.\.\.$' <<<"$text"
text=$(odd odd --all)
check '--all cuts no rows' [ "$(grep -c '        found .*text=[0-9]' <<<"$text")" = 40 ]
check 'no value' grep -q 'begins .* ends$' <<<"$text"
check 'and says of nothing that it is' [ -z "$(grep -e --all <<<"$text")" ]
tells 'a path that was chosen' "$(odd '//guest[1]/arch/emulator')" \
    "    chosen   candidate /opt/odd of row 'any' in odd.paths.program  [$work/b/50-odd.yaml:2]" "             layer $work/b"
rm "$work/more/odd/root/opt/odd"
tells 'from the other layer, and how it is written' "$(odd '//guest[1]/arch/emulator')" \
    "    chosen   candidate /usr/bin/odd-big of row 'any' in odd.paths.program  [$work/a/odd.yaml:4]" \
    "             written /usr/bin/odd-\${size}, layer $work/a"
mv "$work/more/odd" "$work/more/case" && mkdir "$work/more/odd" && mv "$work/more/case" "$work/more/odd"
text=$("$binary" --rules "$work/a" explain --case "$work/more/odd/case/" | head -n 1)
is 'without RULE: the rule whose case it is' 'odd (Odd): yes, 84 emitted, 0 skipped' "$text"

# The host as a whole.
text=$("$binary" explain --snapshot tests/rules/kvm/checks-below/snapshot)
is 'what failed comes first' 'kvm no' "$(awk 'NR == 2 { print $1, $2 }' <<<"$text")"
check 'what is there next' [ "$(awk 'NR > 1 && NF && $1 !~ /^[0-9]/ { print $2 }' <<<"$text" | uniq | tail -n 1)" = yes ]
check 'not what does not apply' [ -z "$(grep -E '^(xen|lxc|vbox) ' <<<"$text")" ]
check 'but how much that is' grep -qE '^[0-9]+ rules have nothing to say of this host \(--all\)$' <<<"$text"
check '--all has it' grep -qE '^vbox +no ' <<<"$("$binary" explain --all --snapshot tests/rules/kvm/checks-below/snapshot)"

# One layer of several.
own() { "$binary" --rules "$work/a" --rules "$work/b" "$@" 2>/dev/null; }
is 'rules of a layer' 'odd used' "$(own rules --layer "$work/b" --format lines | cut -f 1,2 | tr '\t' ' ')"
is 'and as they are merged' 'rule: odd' "$(own rules cat --layer "$work/b" | grep '^rule: ' | sed 's/ *#.*//')"
check 'lint of a layer' [ "$(own lint --layer "$work/a" --tests "$work/b" | grep -c '^/.*HV')" = "$(own lint --layer "$work/a" --tests "$work/b" | grep -c "^$work/a/.*HV")" ]
text=$(own test --coverage "$work/more")
check 'coverage is of the rules that were given' [ "$(grep -c "^$work/[ab]/" <<<"$text")" -gt 0 ] && [ "$(grep -c "^$PWD/rules" <<<"$text")" = 0 ]
check 'or of one layer of them' [ -z "$(own test --layer "$work/b" "$work/more" | grep "^$work/a/")" ]
says 'a directory that is no layer' 2 'is none of the directories that rules are read from' "$binary" lint --layer "$work"

says 'a folder that is no case' 2 'is no test case' "$binary" explain --case tests/rules
says 'a case says what its host is' 2 '--case says what --root would' "$binary" explain --case tests/rules/kvm/i686 --root /

# Every node of a document comes from somewhere, those that each: completed too; what nobody could look at is unknown.
for host in tests/rules/kvm/x86_64/snapshot tests/rules/topology/two-sockets/snapshot tests/rules/qemu-firmware/debian-12/snapshot; do
    text=$("$binary" --snapshot "$host" explain '//*' 2>&1)
    is "every node of $host is explained" "0 $("$binary" --snapshot "$host" capabilities | xmllint --xpath 'count(//*)' -)" \
        "$? $(grep -c '^/' <<<"$text")"
done
tells 'a node that each: completed' "$("$binary" --snapshot tests/rules/kvm/x86_64/snapshot explain '//guest[1]/arch/wordsize')" \
    '    rule wordsize, for guest/arch: name=x86_64'
mkdir "$work/silent" "$work/closed"
printf 'rule: silent\ntitle: Silent\nfacts: {seen: {file: /proc/secret, match: .+}}\nemit: [{for: seen, set: {host/uuid: "${text}"}}]\n' \
    >"$work/silent/silent.yaml"
printf 'hvprobe-snapshot: 1\nuname: {sysname: Linux, machine: x86_64}\nunread: [/proc]\n' >"$work/closed/snapshot.yaml"
tells 'a rule of which nobody knows whether it has something to say' \
    "$("$binary" --rules "$work/silent" --snapshot "$work/closed" explain silent)" 'silent (Silent): unknown'
exit $status
