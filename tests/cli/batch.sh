#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# batch.sh BINARY: many hosts, a line of JSON each.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
can 'lines are JSON' jq || exit 0

hosts=(tests/rules/qemu/elf-arm-interfaces tests/rules/qemu/debian-12 tests/rules/xen/debian-12)
for number in 0 1 2; do
    [ -d "${hosts[number]}/root" ] || hosts[number]=tests/rules/qemu/debian-12
    "$binary" --root "${hosts[number]}/root" capture -o "$work/h$number" 2>/dev/null
done
cd "$work" || exit 2
batch() { "$binary" batch "$@" 2>err; }
batch h0 h1 none h2 >lines
is 'status 0 though a host is broken' 0 $?
is 'a line a host, in the order of the input' 'h0 h1 none h2' "$(jq -r .host lines | paste -sd' ')"
is 'each has its status' '0 0 4 0' "$(jq .status lines | paste -sd' ')"
is 'these keys, in this order' '["host","status","documents","messages"]' "$(jq -c keys_unsorted lines | uniq)"
is 'nothing on standard error' '' "$(cat err)"
is 'a line is one line' 4 "$(wc -l <lines)"
is 'a message says what is wrong' '{"level":"error","text":"none: does not exist","file":null,"line":null}' "$(sed -n 3p lines | jq -c '.messages[0]')"
for number in 0 1 2; do
    is "documents.capabilities is what capabilities says of h$number" "$("$binary" --snapshot h$number capabilities --format json | jq -cS .)" \
        "$(jq -cS "select(.host == \"h$number\") | .documents.capabilities" lines)"
done
printf 'h0\n\nh1\nnone\nh2' | batch - >piped
check '- reads names from standard input' cmp -s lines piped
printf 'h1\nnone\n' | batch h0 - h2 >piped
check 'also between others' cmp -s lines piped
for jobs in 1 2 7; do batch -j $jobs h0 h1 none h2 h1 h0 none h2 h2 >"j$jobs"; done
check '-j changes nothing' cmp -s j1 j2
check 'nor more threads than hosts' cmp -s j1 j7
batch --document checks --document capabilities h0 >two
is '--document chooses, several times' '["checks","capabilities"]' "$(jq -c '.documents | keys_unsorted' two)"
is 'its status is what the command of the document exits with' "$("$binary" --snapshot h0 checks >/dev/null 2>&1; echo $?)" "$(jq .status two)"
is 'and its content what show says' "$("$binary" --snapshot h0 show checks --format xml 2>/dev/null | grep -c '<check ')" "$(jq '[.documents.checks.check[]?] | length' two)"
printf 'hvprobe-snapshot: 1\nnode: []\n' >h1/snapshot.yaml
is 'a broken snapshot: where, and what' '4 error h1/snapshot.yaml 2' "$(batch h1 | jq -r '"\(.status) \(.messages[0].level) \(.messages[0].file) \(.messages[0].line)"')"
tar cf h2.tar h2
is 'tar files are hosts, too' "$(sed -n 4p lines | jq -c .documents)" "$(batch h2.tar | jq -c .documents)"
is 'a name is JSON, whatever it is' '"a\t\"\\ü"' "$(batch "$(printf 'a\t"\\ü')" | jq -c .host)"
batch --resume odd "$(printf 'a\t"\\ü')"
batch --resume odd "$(printf 'a\t"\\ü')"
is 'and known again' 1 "$(wc -l <odd)"

# What was begun is gone on with.
batch --resume out h0 h2 >stdout
is '--resume writes into its file, not to standard output' '0 2' "$(wc -l <stdout) $(wc -l <out)"
head -c 1000 out >cut && cp cut out
batch --resume out h0 h2
is 'a half last line is cut off, and the host asked again' "$(grep -E '^.{9}h[02]' lines)" "$(cat out)"
batch --resume out h2 none h0
is 'hosts that are there are left out' 'h0 h2 none' "$(jq -r .host out | paste -sd' ')"
printf 'no such line\n' >other
says 'another file is not written to' 2 'other:1: this is no line that batch writes' "$binary" batch --resume other h0
is 'nor cut' 'no such line' "$(cat other)"
says 'nor a folder' 5 'cannot be opened' "$binary" batch --resume h0 h0
jq . -c out >compact && jq '{host,status,documents,messages}' -c out | sed 's/:/: /;s/{"host/{ "host/' >spaced
batch --resume spaced h0 h2 none
is 'what jq made of the lines will do' 3 "$(wc -l <spaced)"

says 'no host' 2 'batch needs snapshots' "$binary" batch
says 'a root is none' 2 'not by --root' "$binary" --root / batch h0
says 'a document that is none' 2 "did you mean 'capabilities'" "$binary" batch --document capabilites h0
says 'a full disk' 5 'No space left on device' bash -c "'$binary' batch h0 >/dev/full"
is 'no bar without a terminal' '' "$(batch h0 2>&1 >/dev/null)"
if can 'a bar on a terminal' script; then
    yes h0 | head -800 >many
    is 'a bar on a terminal: hosts, rate, failures, time left' 1 \
        "$(script -qec "'$binary' batch - <many >lots" /dev/null | tr '\r' '\n' | grep -cE '^\[#* +\] [0-9]+ of 800 hosts, [0-9]+/s, 0 failed, 0:[0-9]{2} left' | sed 's/[0-9]*/1/')"
fi
exit $status
