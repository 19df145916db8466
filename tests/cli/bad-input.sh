#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# bad-input.sh BINARY: whatever is wrong is named, takes bounded time and memory, and leaves the rest unharmed.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_CACHE=
mkdir -p "$work/rules" "$work/root/bin" "$work/root/data" "$work/layer"
head -c 64 "$(command -v sh)" >"$work/root/bin/sh"

# A sound rule that must always come through.
cat >"$work/rules/sound.yaml" <<'YAML'
rule: sound
title: a rule that works
emit:
  - set: {host/cpu/arch: x86_64, host/iommu/@support: 'yes'}
YAML

# run NAME EXIT MESSAGE: capabilities with the layer on top; exit status, message, the sound rule's output.
run() {
    local seconds=10
    timeout $seconds env HVPROBE_RULES="$work/rules" "$binary" --rules "$work/layer" --root "$work/root" capabilities \
        >"$work/out" 2>"$work/err"
    local got=$?
    [ $got = "$2" ] && { [ -z "$3" ] || grep -qF -- "$3" "$work/err"; } && grep -q "support='yes'" "$work/out"
    result $? "$1"
    rm -rf "$work/layer" && mkdir "$work/layer"
}

printf 'rule: broken\nfacts:\n  a: {flie: /x}\n' >"$work/layer/broken.yaml"
run 'a broken rule file' 3 'broken.yaml:3:7'
printf 'rule: broken\n\tfacts: 1\n' >"$work/layer/broken.yaml"
run 'tabs' 3 'broken.yaml:2:1'
mkdir "$work/layer/folder.yaml"
run 'a directory with the name of a rule file' 3 'folder.yaml'
mkfifo "$work/layer/pipe.yaml"
run 'a FIFO as a rule file' 3 'pipe.yaml'
: >"$work/layer/empty.yaml"
run 'an empty rule file' 0 ''
truncate -s 1G "$work/layer/huge.yaml"
run 'a rule file of 1 GB' 3 'huge.yaml'
head -c 65536 /dev/urandom >"$work/layer/rubbish.yaml"
run 'binary rubbish as a rule file' 3 'rubbish.yaml'
{
    printf 'rule: big\nfacts:\n'
    yes '  a: {file: /x}' | head -c 10485760
} >"$work/layer/big.yaml"
run 'a YAML of 10 MB' 3 'big.yaml'
{
    echo 'rule: bomb'
    echo 'a: &a [x, x, x, x, x, x, x, x, x]'
    previous=a
    for name in b c d e f g h i; do
        echo "$name: &$name [*$previous, *$previous, *$previous, *$previous, *$previous, *$previous, *$previous, *$previous]"
        previous=$name
    done
} >"$work/layer/bomb.yaml"
run 'an alias bomb' 3 'bomb.yaml:2'
{
    printf 'rule: deep\nfacts: '
    head -c 100000 /dev/zero | tr '\0' '['
} >"$work/layer/deep.yaml"
run 'deep nesting' 3 'deep.yaml'

printf 'rule: texts\nfacts:\n  t0: {text: xxxxxxxxxx}\n' >"$work/layer/texts.yaml"
for level in 1 2 3 4 5 6 7 8 9 10 11; do
    before="\${t$((level - 1))}"
    echo "  t$level: {text: '$before$before$before$before$before$before$before$before$before$before'}"
done >>"$work/layer/texts.yaml"
echo "emit: [{for: t11, at: host, set: {uuid: '\${t11}'}}]" >>"$work/layer/texts.yaml"
run 'texts of texts of texts' 0 ''
{
    printf 'rule: marked\nfacts: {it: {file: /data/it}}\n' | sed '1s/^/\xef\xbb\xbf/'
    echo "emit: [{when: it, at: host, set: {uuid: '\${it}'}}]"
} >"$work/layer/marked.yaml"
run 'a byte order mark' 0 ''

# What rules observe. The fact asks for the content, so what it is matters.
observe() { # NAME MESSAGE PATTERN
    cat >"$work/layer/look.yaml" <<YAML
rule: look
facts:
  it: {file: /data/it, match: '$3'}
available: it
emit:
  - set: {host/uuid: bad}
YAML
    run "$1" 0 "$2"
    rm -rf "$work/root/data/it"
}
mkfifo "$work/root/data/it"
observe 'observing a FIFO' 'look.yaml:3' 'x'
mkdir "$work/root/data/it"
observe 'observing a directory' '' 'x'
: >"$work/root/data/it"
observe 'observing an empty file' '' 'x'
truncate -s 1G "$work/root/data/it"
observe 'observing a file of 1 GB' 'look.yaml:3' 'x'
head -c 100000 /dev/urandom >"$work/root/data/it"
observe 'observing binary rubbish' '' 'xyzzy never there'
{
    head -c 60000 /dev/zero | tr '\0' 'a'
    echo b
} >"$work/root/data/it"
observe 'a regular expression that backtracks for ever' 'look.yaml:3' '(a+)+$'
ln -s /etc/hostname "$work/root/data/it"
observe 'a link out of the root' '' '.'
[ -e "$work/root/etc/hostname" ] && echo 'not ok the root was written to'

# Memory: the whole run stays small whatever it reads.
if [ -x /usr/bin/time ] && ! grep -q asan <<<"$binary"; then
    truncate -s 1G "$work/root/data/it"
    HVPROBE_RULES="$work/rules" /usr/bin/time -f %M "$binary" --root "$work/root" capabilities >/dev/null 2>"$work/err"
    [ "$(tail -n 1 "$work/err")" -lt 65536 ]
    result $? 'peak memory is bounded'
fi

# Exit statuses.
expect() { # STATUS NAME WORDS...
    local wanted=$1 name=$2
    shift 2
    "$binary" "$@" >"$work/out" 2>"$work/err"
    [ $? = "$wanted" ]
    result $? "$name"
}
expect 4 'a root that is not there' --root /nowhere/at/all capabilities
expect 4 'a root that is a file' --root /etc/passwd capabilities
expect 4 'a snapshot that is not there' --snapshot /nowhere/at/all capabilities
expect 2 'an unknown command' no-such-command
expect 2 'an unknown option' capabilities --no-such-option
expect 2 'an option without its argument' capabilities --root
expect 2 'an unknown format' capabilities --format xlm
expect 2 'root and snapshot at once' --root / --snapshot /x capabilities
expect 2 'rules that are no directory' --rules /nowhere capabilities
expect 2 'a parameter without a value' -D name capabilities
expect 0 'the version' --version
expect 0 'help' --help
for command in $("$binary" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    expect 0 "help of $command" "$command" --help
done
printf 'rule: broken\nfacts:\n  a: {flie: /x}\n' >"$work/layer/broken.yaml"
expect 3 'strict stops at a broken rule' --rules "$work/layer" --strict capabilities
[ ! -s "$work/out" ]
result $? 'strict prints no document'
expect 1 'lint of a broken rule' lint "$work/layer/broken.yaml"
"$binary" capabilities >/dev/full 2>"$work/err"
[ $? != 0 ]
result $? 'a full disk is an error'
exit $status
