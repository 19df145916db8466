#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kept-answers.sh BINARY: an answer of an earlier run is given again as long as the host says the same to every question that led to it,
# and never otherwise.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
export NO_COLOR=1 LC_ALL=C
umask 022
host=$work/host rules=$work/rules schemas=$work/schemas
mkdir -p "$host/d" "$rules" "$schemas"
export HVPROBE_RULES=$rules HVPROBE_SCHEMAS=$schemas:$PWD/schemas HVPROBE_CACHE=$work/cache
echo first >"$host/value"
echo 'spare 1' >"$host/noise"
echo 'a b' >"$host/d/one"
ln -s d/one "$host/link"

cat >"$schemas/probe-test.rng" <<'EOF'
<grammar xmlns="http://relaxng.org/ns/structure/1.0">
  <start><element name="test"><zeroOrMore><element name="item"><attribute name="kind"/><text/></element></zeroOrMore></element></start>
</grammar>
EOF
cat >"$rules/asking.yaml" <<EOF
rule: asking
title: what is at some places
reference: none, it is made up for this test
document: probe-test
facts:
  value: {file: '$host/value', match: '(?<word>\\w+)'}
  noise: {file: '$host/noise', match: '(?<word>[a-z]+)'}
  name: {glob: '$host/d/*', match: '(?<word>[^/]+)\$'}
  link: {link: '$host/link'}
  rights: {file: '$host/value', with: {bits: '\${mode}'}}
emit:
  - {for: value, at: "item[@kind='value \${word}']"}
  - {for: noise, at: "item[@kind='noise \${word}']"}
  - {for: name, at: "item[@kind='name \${word}']"}
  - {for: link, at: "item[@kind='link \${text}']"}
  - {for: rights, at: "item[@kind='mode \${bits}']"}
EOF
settle() { sleep 0.1; } # files that changed a moment ago are not trusted
ask() { "$binary" show probe-test "$@" 2>&1; echo "status $?"; }
fresh() { HVPROBE_CACHE='' ask "$@"; }
kept() { stat -c %i "$HVPROBE_CACHE/answers" 2>&1; } # another file each time that something is kept
# NAME: the next two runs agree with one that knows nothing, and the second of them keeps nothing new
settled() {
    local first second before
    first=$(ask) before=$(kept) second=$(ask)
    is "$1" "$(fresh)" "$first"
    is "$1: the same again" "$first" "$second"
    is "$1: as it was kept" "$before" "$(kept)"
}
fresh | grep -q 'value first' || not_ok 'the rule of this test speaks' "$(fresh)"
settle
settled 'first'
echo 'spare 2' >"$host/noise"
before=$(kept)
is 'what changed and is of no weight' "$(fresh)" "$(ask)"
is 'is no reason to keep it again' "$before" "$(kept)"

# Whatever was looked at changes.
change() { # NAME COMMAND...: the answer is another one at once
    local name=$1 old
    shift
    old=$(ask)
    "$@"
    is "$name" "$(fresh)" "$(ask)"
    [ "$(ask)" != "$old" ] || not_ok "$name: makes a difference" "$old"
}
write() { echo "$2" >"$1"; }
change 'a text' write "$host/value" second
change 'a file less' rm "$host/value"
change 'and again' write "$host/value" third
change 'a mode' chmod +x "$host/value"
change 'a name in a folder' write "$host/d/two" ''
change 'a link' ln -sfn d/two "$host/link"
rm -r "$HVPROBE_CACHE"
settle
settled 'after many changes'
change 'a rule' sed -i 's/value \${word}/worth ${word}/' "$rules/asking.yaml"
change 'a rule more' write "$rules/more.yaml" "{rule: more, title: more, reference: none, document: probe-test, emit: [{at: \"item[@kind='more']\"}]}"
change 'a schema' sed -i 's/<element name="item">/<element name="item" xmlns:hv="urn:hvprobe:schema"><optional><attribute name="more"\/><\/optional>/; s/item/thing/' "$schemas/probe-test.rng"
sed -i 's/item\[/thing[/' "$rules"/*.yaml
settle
settled 'after changes of its own files'

# A host that says something else each time is let alone for a while, and answered all the same.
for word in q r s t u v; do write "$host/value" $word && ask >/dev/null; done
before=$(kept)
write "$host/value" another
is 'an answer that does not last' "$(fresh)" "$(ask)"
is 'is not kept for now' "$before" "$(kept)"
rm -r "$HVPROBE_CACHE"

# What the text depends on beside the host.
is 'another format' "$(fresh --format json)" "$(ask --format json)"
is 'another format again' "$(fresh --format json)" "$(ask --format json)"
is 'the first one' "$(fresh)" "$(ask)"
# What is said beside an answer is said each time.
echo 'nonsense' >"$rules/odd.yaml"
settle
is 'a broken rule' "$(fresh)" "$(ask)"
is 'a broken rule again' "$(fresh)" "$(ask)"
rm "$rules/odd.yaml"

# A file that is damaged is one that is not there.
ask >/dev/null
size=$(stat -c %s "$HVPROBE_CACHE/answers")
for at in 70 200 $((size / 3)) $((size / 2)) $((size - 9)); do
    printf 'X' | dd of="$HVPROBE_CACHE/answers" bs=1 seek="$at" conv=notrunc 2>/dev/null
    is "damage at $at of $size" "$(fresh)" "$(ask)"
done
truncate -s $((size / 2)) "$HVPROBE_CACHE/answers"
is 'half a file' "$(fresh)" "$(ask)"
chmod 666 "$HVPROBE_CACHE/answers"
is 'one that others may write' "$(fresh)" "$(ask)"

# A recorded host: as long as its files are what they were.
shot=$work/shot
mkdir -p "$shot/root$host"
printf 'hvprobe-snapshot: 1\nuname: {sysname: Linux, machine: x86_64}\n' >"$shot/snapshot.yaml"
echo first >"$shot/root$host/value"
host=$shot/root$host HVPROBE_CACHE=$work/recorded
rm -rf "$HVPROBE_CACHE"
ask() { "$binary" --snapshot "$shot" show probe-test "$@" 2>&1; echo "status $?"; }
kept() { stat -c %i "$HVPROBE_CACHE/recorded" 2>&1; }
settle
settled 'a snapshot'
is 'an answer about it is kept' yes "$([ -s "$HVPROBE_CACHE/recorded" ] && echo yes)"
change 'a text of a snapshot' write "$host/value" second
settle
settled 'a snapshot that changed'
change 'a mode in it' chmod +x "$host/value"
settle
settled 'a snapshot that changed again'
mkdir "$host/d" && settle
settled 'a folder more'
change 'a file more, in a folder' write "$host/d/one" ''
settle
settled 'a file more, settled'
change 'a link in it' ln -sfn d/one "$host/link"
settle
settled 'a link in it, settled'
change 'a line of snapshot.yaml' sh -c "echo 'nodes: [{path: ${host#"$shot/root"}/value, type: char}]' >>'$shot/snapshot.yaml'"
mkdir "$work/linked" && ln -s "$shot/root" "$shot/snapshot.yaml" "$work/linked" && rm "$HVPROBE_CACHE/recorded" && settle
"$binary" --snapshot "$work/linked" show probe-test >/dev/null 2>&1
is 'of a snapshot that is links to another nothing is kept' no "$([ -e "$HVPROBE_CACHE/recorded" ] && echo yes || echo no)"
tar -C "$shot" -cf "$work/shot.tar" . && settle && shot=$work/shot.tar
settled 'a snapshot in a tar file'
change 'another tar file' sh -c "rm '$host/d/one'; tar -C '$work/shot' -cf '$work/shot.tar' ."
echo nonsense >"$shot" && settle
is 'a broken one' "$(fresh)" "$(ask)"
is 'a broken one again' "$(fresh)" "$(ask)"

# The commands of every day, with the rules that are shipped.
this_tree
export HVPROBE_CACHE=$work/cache
for command in capabilities list detect checks 'checks kvm' machines 'list --format json' 'capabilities --compat libvirt-9.0'; do
    # shellcheck disable=SC2086
    run() { "$binary" $command 2>&1; echo "status $?"; }
    want=$(HVPROBE_CACHE='' run)
    run >/dev/null
    is "$command" "$want" "$(run)"
done
exit $status
