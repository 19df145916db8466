#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# inputs.sh BINARY: all hosts, rules, schemas and documents that want too much; see inputs.bash for what is asked of them.
set -u
. "$(dirname "$0")/../results.sh"
topic=hostile
this_tree
. tests/hostile/inputs.bash

host plain
plain=$work/plain
"$binary" --root "$plain" capabilities >"$work/good"

# Hosts.
host islands
truncate -s 15T "$emulator" 2>/dev/null
if [ "$(stat -c %s "$emulator")" = 16492674416640 ]; then
    for i in {1..400}; do printf '\0island%d-machine\0' "$i" | dd of="$emulator" bs=1M seek=$((i * 35000)) conv=notrunc 2>/dev/null; done
    ends 'a sparse file of 15 TiB with 400 machines all over it' 0 '' --root "$work/islands" capabilities
    [ "$(grep -c 'island[0-9]*<' "$work/out")" -ge 400 ]
    result $? 'which are found'
else
    skip 'a sparse file of 15 TiB' 'the file system has no room for it'
fi
host names
{ printf x; seq -f '\0m%.0f-9.9-machine\0' 1 99000 | tr -d '\n' | sed 's/\\0/\x00/g'; } >"$emulator"
ends '99,000 machine names' 5 'HV047' --root "$work/names" capabilities
for command in machines list 'doctor --as nova' 'domain' 'checks qemu' 'explain qemu'; do
    # shellcheck disable=SC2086
    ends "99,000 machine names: $command" 5 'HV047' --root "$work/names" $command
done
host crowded
for i in {1..200}; do mkdir -p "$work/crowded/sys/devices/system/node/node$i/cpu"{1..100}; done
ends '20,000 directories' 0 '' --root "$work/crowded" capabilities

# Rules.
join() { # NAME FACT MESSAGE: a rule with two facts of 8,000 rows, and one that joins them
    rule "$1" <<END
rule: $1
title: Join
facts:
  a: {text: '$(words a 8000)', split: ' '}
  b: {text: '$(words b 8000)', split: ' '}
  j: $2
emit: [{for: j, at: "guest[os_type='hvm'][arch/@name='\${text}']", set: {arch/wordsize: '64'}}]
END
    ends "8,000 x 8,000: $1" "$3" "$4" --rules "$layer" --root "$plain" capabilities
}
join all '{for: a, from: b}' 5 'j: it has more than 100,000 rows'
join equal "{for: a, from: b, where: {text: '\${a.text}'}}" 5 'HV047'
join like "{for: a, from: b, where: {text: '~ ^\${a.text}\$'}}" 5 'HV047'
join in '{from: a, where: {text: {in: b.text}}}' 0 ''
join columns "{for: a, from: b, with: {w: '\${text}\${a.text}'}, where: {w: nothing}}" 5 'HV047'
join texts "{from: a, with: {w: \"\${b|join:, }\"}}" 5 'HV047'
rule gigabyte <<END
rule: gigabyte
title: Gigabyte
facts:
  a: {text: '$(words a 300)', split: ' '}
  b: {for: a, rows: [$(words '{z: ' 300 | sed 's/{z: \([0-9]*\)/{z: "\1"},/g')]}
  c: {from: b, with: {y: '\${z}$(printf 'x%.0s' {1..200})'}}
  d: {from: c, with: {x: '$(printf '${y}%.0s' {1..20})'}}
  e: {from: d, with: {w: '$(printf '${x}%.0s' {1..20})'}}
emit: [{for: e, at: "guest[os_type='hvm'][arch/@name='\${z}']", set: {arch/wordsize: '64'}}]
END
ends 'a rule that would take a gigabyte' 5 'gigabyte.yaml:7:.*d: it takes more than 128 MiB' --rules "$layer" --root "$plain" capabilities
cmp -s "$work/out" "$work/good"
result $? 'the rest of the answer stands'
for i in {1..8}; do
    sed "s/^rule: gigabyte/rule: gigabyte$i/" "$layer/gigabyte.yaml" >"$layer/gigabyte$i.yaml"
done
rm "$layer/gigabyte.yaml"
ends 'eight such rules' 5 'HV047' --rules "$layer" --root "$plain" capabilities
rule wide <<END
rule: wide
title: Wide
facts:
  a: {text: '$(words a 50000)', split: ' '}
emit: [{for: a, at: "guest[os_type='hvm'][arch/@name='\${text}']", set: {arch/wordsize: '64'}}]
END
ends '50,000 nodes that are looked for among each other' '[05]' '' --rules "$layer" --root "$plain" capabilities
ends 'the same, explained' '[05]' '' --rules "$layer" --root "$plain" explain wide
rule sorts <<END
rule: sorts
title: Sorts
facts:
  a: {range: 1-30000}
  b: {from: a, with: {k: '$(printf '9%.0s' {1..3000})\${text}'}, sort: [k]}
END
ends '30,000 rows sorted by 3,000 digits' '[05]' 'sorts.yaml:5:.*b: sorting it would compare' --rules "$layer" --root "$plain" explain sorts
{
    printf 'rule: patterns\ntitle: Patterns\nfacts:\n  a: {range: 1-20000}\n  b: {from: a, where: {text: ['
    seq -f '"~ ^%.0fx(a|b)+$", ' 1 3000 | tr -d '\n'
    echo 'x]}}'
} >"$work/patterns.yaml"
rule patterns <"$work/patterns.yaml"
ends '20,000 rows, each tried with 3,000 patterns' '[05]' 'patterns.yaml:5:.*b: it looks at more than 5,000,000' --rules "$layer" --root "$plain" explain patterns

# Documents and schemas.
document() { # NAME LINE: 20,000 lines in a capabilities document
    { echo '<capabilities><host/>'; yes "$2" | head -n 20000; echo '</capabilities>'; } >"$work/$1.xml"
    ends "20,000 errors: $1" 1 '' validate "$work/$1.xml"
    [ "$(grep -c ': error: ' "$work/out")" -ge 20000 ]
    result $? 'all of them'
}
document unknown '<foo/>'
document nested '<guest><os_typ>hvm</os_typ></guest>'
document values "<guest><os_type>hvm</os_type><arch name='x86_64'><wordsize>x</wordsize><domain type='qemu'/></arch></guest>"
document repeated '<host/>'
{ echo '<capabilities><host/>'; seq -f '<n%.0f/>' 1 40000; echo '</capabilities>'; } >"$work/names.xml"
ends '40,000 unknown names' 1 '' validate "$work/names.xml"
{ echo '<capabilities><host'; seq -f ' a%.0f="x"' 1 100000; echo '/></capabilities>'; } >"$work/attributes.xml"
ends '100,000 attributes' 1 'more than 256 attributes' validate "$work/attributes.xml"
echo '<a><x/></a>' >"$work/a.xml"
grammar() { # NAME STATUS MESSAGE: of what stands on standard input
    { echo '<grammar xmlns="http://relaxng.org/ns/structure/1.0">'; cat; echo '</grammar>'; } >"$work/$1.rng"
    ends "schema: $1" "$2" "$3" validate --schema "$work/$1.rng" "$work/a.xml" "$work/a.xml"
}
{
    echo '<start><element name="a"><ref name="d0"/></element></start><define name="d30"><optional><element name="x"><empty/></element></optional></define>'
    for i in {0..29}; do echo "<define name='d$i'><ref name='d$((i + 1))'/><ref name='d$((i + 1))'/></define>"; done
} | grammar doubled 5 'doubled.rng:[0-9]+: .d[0-9]+. stands for more than a million patterns'
{
    echo '<start><element name="a"><ref name="d0"/></element></start><define name="d30"><element name="x"><empty/></element></define>'
    for i in {0..29}; do echo "<define name='d$i'><choice><ref name='d$((i + 1))'/><ref name='d$((i + 1))'/></choice></define>"; done
} | grammar choices 5 'choices.rng:[0-9]+: .d[0-9]+. stands for more than a million patterns'
{
    echo '<start><element name="a">'
    for _ in {1..12}; do echo '<zeroOrMore><choice>'; done
    echo '<element name="x"><empty/></element>'
    for _ in {1..12}; do echo '<element name="x"><empty/></element></choice></zeroOrMore>'; done
    echo '</element></start>'
} | grammar ambiguous '[05]' ''
{
    echo '<start><element name="a"><interleave>'
    for i in {1..3000}; do echo "<optional><element name='x$i'><empty/></element></optional>"; done
    echo '<optional><element name="x"><empty/></element></optional></interleave></element></start>'
} | grammar interleaved '[05]' ''
exit $status
