#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# confined.sh BINARY: what programs leave behind is ended, and commands that write still can while the program is confined.
set -u
. "$(dirname "$0")/../results.sh"
this_tree

"$binary" --version >"$work/version"
head -n 1 "$work/version" | grep -qxE 'hvprobe [0-9.]+' && sed -n 2p "$work/version" | grep -q '^confined by '
result $? '--version says what is in force'

# A name that only the processes of this test have.
mark=$((700000 + RANDOM))
mkdir "$work/layer"
cat >"$work/layer/leaver.yaml" <<END
rule: leaver
title: Leaver
facts:
  quick: {exec: [/bin/sh, -c, 'setsid sleep $mark & echo left; exit 3']}
  slow: {exec: [/bin/sh, -c, 'setsid sh -c "sleep $mark & sleep $mark" & sleep $mark'], timeout: 1}
  reads: {exec: [/bin/cat], input: given}
  missing: {exec: [/nonexistent/program]}
  greedy: {exec: [/bin/sh, -c, 'tail /dev/zero & tail /dev/zero & sleep $mark']}
emit: [{when: quick, at: "guest[os_type='hvm'][arch/@name='x']", set: {arch/wordsize: '64'}}]
END
"$binary" --exec --rules "$work/layer" explain leaver >"$work/out" 2>"$work/err"
grep -q 'found text=left.* status=3' "$work/out"
result $? 'a program runs, and its output and status are known though it left another behind'
grep -q 'slow .*unknown: .*did not end within 1 s' "$work/out"
result $? 'one that does not end is unknown'
grep -q 'found text=given status=0' "$work/out"
result $? 'one that reads is given its input'
grep -q 'missing .*no: .*not there' "$work/out"
result $? 'one that is not there is no'
grep -q 'greedy .*unknown: .*memory' "$work/out"
result $? 'one that takes more than 512 MiB, its children counted too, is unknown'
! grep -qsF "sleep"$'\0'"$mark" /proc/[0-9]*/cmdline
result $? 'nothing is left of them, in other sessions neither'

# What commands write is where they were told, or here.
mkdir -p "$work/root/etc" "$work/here/tests/rules"
echo 'ID=debian' >"$work/root/etc/os-release"
cd "$work/here" || exit 2
"$binary" --root "$work/root" capture -o "$work/here/a.snapshot" >/dev/null 2>"$work/err" && [ -s a.snapshot/snapshot.yaml ]
result $? 'capture -o'
"$binary" --root "$work/root" capture >/dev/null 2>"$work/err" && ls ./*.snapshot >/dev/null
result $? 'capture'
"$binary" rules new fresh -o "$work/here/new/rules" >/dev/null 2>"$work/err" && [ -s new/rules/fresh.yaml ]
result $? 'rules new -o'
HVPROBE_CACHE=$work/cache "$binary" --root "$work/root" list >/dev/null 2>"$work/err" && [ -n "$(ls "$work/cache")" ]
result $? 'the cache'
exit $status
