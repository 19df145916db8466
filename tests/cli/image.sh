#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# image.sh BINARY: a rule set that was kept gives the same answers as its files, and none when these have changed.
set -u
. "$(dirname "$0")/../results.sh"
cp -r rules "$work/rules"
mkdir "$work/site" "$work/other"
export HVPROBE_RULES=$work/rules:$work/site HVPROBE_SCHEMAS=$PWD/schemas NO_COLOR=1 LC_ALL=C
settle() { sleep 0.2; } # what changed a moment ago is not kept
images() { cat "$work"/cache/rules-* 2>/dev/null | wc -c; }
answer() { # OUT COMMAND...: output, messages and status; what the kernel says of the process itself may be longer next time
    local out=$1
    shift
    "$binary" "$@" >"$out" 2>&1
    echo "status $?" >>"$out"
    sed -i 's|\(/proc/self/status: read\) [0-9]* bytes|\1|' "$out"
}
same() { # NAME COMMAND...: three runs with a cache say what one without says
    local name=$1 run
    shift
    HVPROBE_CACHE='' answer "$work/want" "$@"
    for run in first second third; do
        HVPROBE_CACHE=$work/cache answer "$work/got" "$@"
        cmp -s "$work/want" "$work/got" || { not_ok "$name, $run run" "$(diff "$work/want" "$work/got")"; return; }
    done
    ok "$name"
}

settle
snapshot=$(dirname "$(find tests/rules/qemu -name snapshot.yaml | sort | head -n 1)")
for command in capabilities list detect checks machines domain 'checks cpu' 'paths loader' 'explain qemu' 'explain tables' rules \
    'list --driver nobody' 'list -D machine=nothing' 'capabilities --driver qemu' 'capabilities --arch aarch64'; do
    # shellcheck disable=SC2086
    same "live: $command" $command
    # shellcheck disable=SC2086
    same "snapshot: $command" --snapshot "$snapshot" $command
done
if [ "$(images)" -gt 0 ]; then ok 'sets are kept'; else not_ok 'sets are kept' "$(ls -l "$work/cache")"; fi

# One root after another: each has rules of its own.
for case in tests/rules/xen/*/snapshot.yaml tests/rules/bhyve/*/snapshot.yaml; do
    same "$case" --snapshot "$(dirname "$case")" list
done

# Rules change under it.
rule() { # TITLE: a site's rule with a check that always fails
    printf 'rule: site\ntitle: %s\nchecks:\n  - name: always\n    expect: {unset: host.arch}\n    title: %s\n' "$1" "$1"
}
kept() { # NAME: as same, and it is kept once it has settled
    same "$1" checks
    settle
    same "$1, settled" checks
}
kept 'before'
rule 'one' >"$work/site/site.yaml"
kept 'a new file'
grep -q one "$work/got" && ok 'which speaks' || not_ok 'which speaks' "$(cat "$work/got")"
rule 'two' >"$work/site/site.yaml"
kept 'an edited file of the same size'
grep -q two "$work/got" && ok 'which speaks again' || not_ok 'which speaks again' "$(cat "$work/got")"
touch "$work/site/site.yaml"
kept 'a touched file'
rule 'tri' >"$work/site/.new" && mv "$work/site/.new" "$work/site/site.yaml"
kept 'a replaced file'
mkdir "$work/site/deeper"
rule 'deep' | sed 's/rule: site/rule: deep/' >"$work/site/deeper/deep.yaml"
kept 'a file in a new folder'
echo '  broken: [' >>"$work/site/deeper/deep.yaml"
kept 'a broken file is told each time'
grep -q 'deep.yaml:' "$work/got" && ok 'and is' || not_ok 'and is' "$(cat "$work/got")"
rm "$work/site/deeper/deep.yaml"
kept 'a removed file'
ln -s /dev/null "$work/site/cpu.yaml"
kept 'a masked rule'
rm "$work/site/cpu.yaml"
kept 'and no more'
rule 'elsewhere' >"$work/other/site.yaml"
settle
same 'one more layer' --rules "$work/other" checks
HVPROBE_RULES=$work/rules:$work/other same 'other layers' checks
HVPROBE_RULES=$work/rules:$work/gone same 'a layer that is not there' checks
mkdir "$work/gone"
rule 'gone' >"$work/gone/site.yaml"
HVPROBE_RULES=$work/rules:$work/gone same 'and then is' checks
rm -r "$work/site"
same 'a layer that is taken away' checks

# A site's schema says something else of all rules under the set that was kept.
mkdir "$work/schemas"
HVPROBE_SCHEMAS=$work/schemas:$HVPROBE_SCHEMAS
for what in '' ' hv:tells="checks"' ' hv:tells="paths"' ' hv:tells="nonsense"' ''; do
    sed "s/ hv:tells=\"paths\"/$what/" schemas/paths.rng >"$work/schemas/paths.rng"
    settle
    same "a schema's root with '$what'" show paths --format xml
    [ "$(grep -c '<candidate' "$work/got")" -gt 9 ] && said=yes || said=no
    case $what in *paths*) want=yes ;; *) want=no ;; esac
    ! grep -q 'status 139' "$work/got" && [ $said = $want ] && ok 'and it counts' || not_ok 'and it counts' "$(head -c 600 "$work/got")"
done
exit $status
