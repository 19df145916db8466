#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# all.sh BINARY [COMMAND]: every call of each kind fails once, for each command on a small host (make fault). HVPROBE_FAULT_STEP=N:
# each Nth; COMMAND: only the commands that begin so.
set -u
. "$(dirname "$0")/../results.sh"
topic=fault
this_tree
step=${HVPROBE_FAULT_STEP:-1} only=${2-}
. tests/fault/faults.bash

"$binary" --root "$root" capabilities >"$work/good.xml"
sed 's/<guest>/<gast>/' "$work/good.xml" >"$work/bad.xml"
"$binary" --root "$root" capture -o "$work/snapshot" 2>/dev/null
"$binary" --root "$root" capture -o "$work/snapshot.tar.gz" 2>/dev/null
mkdir "$work/layer"
printf 'extends: qemu\npaths:\n  emulator:\n    any: [/opt/qemu]\n' >"$work/layer/90-site.yaml"
printf 'rule: more\ntitle: More\nfacts:\n  a: {file: /etc/os-release, match: "^ID=(?<id>.+)$"}\navailable: a\n' >"$work/layer/more.yaml"

commands=( # what explanations and hints say more about may differ: verdicts may not
    "capabilities --root $root"
    "capabilities --snapshot $work/snapshot"
    "capabilities --snapshot $work/snapshot.tar.gz"
    "capabilities --root $root --format json"
    "capabilities --root $root --compat libvirt-9.0"
    "list --root $root --format lines"
    "list --root $root --rules $work/layer --format lines"
    "checks qemu qemu-firmware kvm --root $root --format lines --columns result,rule,name"
    "machines --root $root --format lines"
    "detect --root $root --format lines"
    "paths qemu --root $root --format lines"
    "show cpus --root $root --format lines"
    "domain --root $root"
    "domcapabilities --root $root"
    "explain qemu --root $root"
    "explain /capabilities/guest --root $root"
    "doctor --as nova --root $root --format lines --columns result,client,check"
    "capture --root $root -o MADE"
    "capture --root $root -o MADE.tar.gz"
    "rules more --rules $work/layer"
    "validate $work/good.xml"
    "validate $work/bad.xml"
    "batch -j 1 $work/snapshot $work/snapshot.tar.gz"
)
few=( # these read every rule there is, and so have few
    "rules --compile -o MADE"
    "rules"
    "lint"
    "capabilities --root $root"
)
calls=('alloc 12' 'read 5' 'open 5' 'open 24' 'stat 5' 'stat 13' 'list 5' 'write 28' 'create 28' 'rename 28' 'remove 13' 'map 12' 'start 11')

sweep_all() { # COMMAND...
    local command call
    for command; do
        [[ $command == "$only"* ]] || continue
        for call in "${calls[@]}"; do
            # shellcheck disable=SC2086
            sweep "$step" $call $command
        done
    done
}
sweep_all "${commands[@]}"
mkdir "$work/few"
cp rules/tables.yaml "$work/layer/more.yaml" "$work/few/"
HVPROBE_RULES=$work/few
sweep_all "${few[@]}"

# What is kept between runs on this host itself: nothing yet, an answer, and an answer that does not hold.
HVPROBE_RULES=$PWD/rules
for SWEEP_CACHE in "$work/none" "$work/warm" "$work/stale"; do
    mkdir "$SWEEP_CACHE"
    export SWEEP_CACHE
    for command in 'capabilities' 'list --format lines' 'checks --format lines --columns result,rule,name' 'detect --format lines'; do
        # shellcheck disable=SC2086
        case $SWEEP_CACHE in
        */warm) for _ in 1 2; do HVPROBE_CACHE=$SWEEP_CACHE "$binary" $command >"$work/out" 2>&1; done ;;
        */stale) cp "$work"/warm/* "$SWEEP_CACHE" && printf garbage | dd of="$SWEEP_CACHE/answers" bs=1 seek=4000 conv=notrunc 2>"$work/err" ;;
        esac
        sweep_all "$command"
    done
done
exit $status
