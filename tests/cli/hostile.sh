#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# hostile.sh BINARY: hosts, rules and schemas that want too much; a quick slice, all of them are in tests/hostile (make check-hostile).
set -u
. "$(dirname "$0")/../results.sh"
this_tree
. tests/hostile/inputs.bash

host host
"$binary" --root "$work/host" capabilities >"$work/good"
grep -q '<emulator>/usr/bin/qemu-system-x86_64' "$work/good"
result $? 'the host is as it should be'
stands() { cmp -s "$work/out" "$work/good"; result $? 'the rest of the answer stands'; }

rule pairs <<END
rule: pairs
title: Pairs
facts:
  a: {text: '$(words a 3000)', split: ' '}
  b: {for: a, text: '$(words b 40)', split: ' '}
emit: [{for: b, at: "guest[os_type='hvm'][arch/@name='\${text}']", when: {text: never}, set: {arch/wordsize: '64'}}]
END
ends 'more rows than any honest fact has' 5 'pairs.yaml:5:.*b: it has more than 100,000 rows \[HV047\]' --rules "$layer" --root "$work/host" capabilities
stands
rule turns <<END
rule: turns
title: Turns
facts:
  a: {text: '$(words a 10000)', split: ' '}
  b: {text: '$(words b 10000)', split: ' '}
emit: [{for: a, emit: [{for: b, when: {text: never}, at: "guest[os_type='hvm'][arch/@name='x']", set: {arch/wordsize: '64'}}]}]
END
ends 'loops of ten thousand rows in each other' 5 'turns.yaml:6:.*turns: its entries take more than 2,000,000 turns' --rules "$layer" --root "$work/host" capabilities
stands
rule slow <<END
rule: slow
title: Slow
facts:
  a: {text: '$(words aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 3000)', split: ' '}
  b: {from: a, where: {text: '~ ^(a+)+\$'}}
emit: [{for: b, at: "guest[os_type='hvm'][arch/@name='\${text}']", set: {arch/wordsize: '64'}}]
END
ends 'time that is up' 5 'slow.yaml:5:.*b: the time is up \(--timeout 0.3\)' --timeout 0.3 --rules "$layer" --root "$work/host" capabilities
[ -s "$work/out" ]
result $? 'what was found by then is said'
ends '--timeout of no number' 2 "not 'soon'" --timeout soon capabilities
ends '--timeout 0' 0 '' --timeout 0 --root "$work/host" capabilities
stands

# A case of a test that takes too long fails, others do not.
mkdir -p "$work/cases/rules" "$work/cases/tests/rules/slow"/{long,short}
sed 's|^  a: .*|  a: {file: /etc/slow, split: " "}|' "$layer/slow.yaml" >"$work/cases/rules/slow.yaml"
printf 'about: long\nfiles: {/etc/slow: %s}\nexpect: {count(//guest): 0}\n' "$(words aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 3000)" >"$work/cases/tests/rules/slow/long/case.yaml"
printf 'about: short\nfiles: {/etc/a: x}\nexpect: {count(//guest): 0}\n' >"$work/cases/tests/rules/slow/short/case.yaml"
ends 'a case that takes too long' 1 '' --timeout 0.3 test "$work/cases"
grep -q 'the time is up' "$work/out" && grep -q '1 of 2\|1 passed' "$work/out"
result $? 'is the only one that fails'

{ echo '<capabilities><host/>'; yes '<foo/>' | head -n 20000; echo '</capabilities>'; } >"$work/errors.xml"
ends '20,000 errors' 1 '' validate "$work/errors.xml"
[ "$(grep -c 'error: .*no element .foo.' "$work/out")" = 20000 ]
result $? 'all of them'
{
    echo '<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><element name="a"><ref name="d0"/></element></start>'
    for i in {0..29}; do echo "<define name='d$i'><ref name='d$((i + 1))'/><ref name='d$((i + 1))'/></define>"; done
    echo '<define name="d30"><optional><element name="x"><empty/></element></optional></define></grammar>'
} >"$work/doubled.rng"
echo '<a><x/></a>' >"$work/a.xml"
ends 'references doubled thirty times' 5 'doubled.rng:[0-9]+: .d[0-9]+. stands for more than a million patterns' validate --schema "$work/doubled.rng" "$work/a.xml"

truncate -s 15T "$emulator" 2>/dev/null
if [ "$(stat -c %s "$emulator")" = 16492674416640 ]; then
    ends 'a sparse file of 15 TiB' 0 '' --root "$work/host" capabilities
    stands
else
    skip 'a sparse file of 15 TiB' 'the file system has no room for it'
fi
exit $status
