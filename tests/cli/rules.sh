#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# rules.sh BINARY: 'rules new', 'rules delta', 'rules cat', 'paths --all-distros'.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_SCHEMAS=$PWD/schemas HVPROBE_CACHE= NO_COLOR=1
shipped=$PWD/rules xen=$PWD/tests/rules/xen/i686-pae/snapshot
cd "$work" || exit 2

# new: a rule that lints and passes as it is.
export HVPROBE_RULES=$shipped
mkdir new
cd new || exit 2
says 'new says what it writes' 0 'widget/present/case.yaml' "$binary" rules new widget
out=$("$binary" lint --tests . . 2>&1)
if [ -z "$out" ]; then ok 'new passes lint'; else not_ok 'new passes lint' "$out"; fi
says 'new passes its tests' 0 '2 passed, 0 failed' "$binary" test .
says 'new misses nothing' 0 '!nobody misses' "$binary" test --mutate .
cp -r . ../before
says 'new does not overwrite' 1 'is not overwritten' "$binary" rules new widget
if diff -r . ../before >/dev/null; then ok 'new changed nothing'; else not_ok 'new changed nothing'; fi
says 'new elsewhere' 0 'deep/er/gadget.yaml' "$binary" rules new gadget --output deep/er
says 'new: bad name' 2 'cannot be the name of a rule' "$binary" rules new 9lives
says 'new: path as a name' 2 'cannot be the name of a rule' "$binary" rules new ../evil
says 'new: no name' 2 'takes the name' "$binary" rules new
mkdir taken
touch taken/thing
says 'new: a folder of that name' 1 'is not overwritten' "$binary" rules new thing -o taken
: >file
says 'new: nowhere to write' 5 'cannot be written' "$binary" rules new thing -o file
if [ -z "$(find . -name '*.tmp' -o -name 'thing.yaml')" ]; then ok 'new leaves nothing half'; else not_ok 'new leaves nothing half' "$(find .)"; fi
cd ..

# delta and cat, over layers.
mkdir -p layers/1 layers/2 layers/3
cat >layers/1/one.yaml <<'END'
rule: one
paths: {tool: {any: [/usr/bin/one], debian: [/usr/lib/one]}}
facts: {tool: {path: tool}}
available: tool
END
cat >layers/1/two.yaml <<'END'
rule: two
facts: {a: {file: /two}}
available: a
END
sed 's/two/three/g' layers/1/two.yaml >layers/1/three.yaml
sed 's/two/four/g' layers/1/two.yaml >layers/1/four.yaml
printf 'extends: one\npaths: {tool: {any: [/opt/one]}}\n' >layers/2/90-one.yaml
printf 'extends: one\ndrop: [paths.tool.debian]\n' >layers/3/95-one.yaml
sed 's,/two,/second,' layers/1/two.yaml >layers/2/two.yaml
ln -s /dev/null layers/2/three.yaml
{ echo '# the same'; cat layers/1/four.yaml; } >layers/2/four.yaml
export HVPROBE_RULES=layers/1:layers/2:layers/3
out=$("$binary" rules delta)
for line in '[EXTENDED] layers/2/90-one.yaml -> layers/1/one.yaml' '+      - /opt/one' '[MASKED] layers/2/three.yaml -> layers/1/three.yaml' \
    '[OVERRIDDEN] layers/2/two.yaml -> layers/1/two.yaml' '-    file: /two' '+    file: /second' '-    debian:' \
    '[EQUIVALENT] layers/2/four.yaml -> layers/1/four.yaml' '5 changes'; do
    if grep -qxF -- "$line" <<<"$out"; then ok "delta: $line"; else not_ok "delta: $line" "$out"; fi
done
if [ "$(grep -cxF -- '+      - /opt/one' <<<"$out")" = 1 ]; then ok 'delta: each overlay its own'; else not_ok 'delta: each overlay its own' "$out"; fi
says 'delta of one rule' 0 '1 change' "$binary" rules delta two
says 'delta of nothing' 0 '0 changes' env HVPROBE_RULES=layers/1 "$binary" rules delta
says 'cat: origins' 0 '- /opt/one  # layers/2/90-one.yaml:2' "$binary" rules cat one
says 'cat: all' 0 'rule: two' "$binary" rules cat
says 'cat: several' 0 '---' "$binary" rules cat one two
says 'cat: unknown' 2 "there is no rule 'five'" "$binary" rules cat five
says 'a rule alone is cat' 0 'rule: one' "$binary" rules one

# The matrix of path tables.
out=$("$binary" paths --all-distros --format lines | tr '\t' '|')
if [ "$out" = 'one|tool|/opt/one|1
one|tool|/usr/bin/one|2' ]; then ok 'matrix'; else not_ok 'matrix' "$out"; fi
export HVPROBE_RULES=layers/1
out=$("$binary" paths one --all-distros --format lines | tr '\t' '|')
if [ "$out" = 'one|tool|/usr/bin/one||1
one|tool|/usr/lib/one|1|' ]; then ok 'matrix: a column a distribution'; else not_ok 'matrix: a column a distribution' "$out"; fi
says 'matrix: unknown rule' 2 "there is no rule 'six'" "$binary" paths six --all-distros
# Both are documents, and what their schemas say of themselves makes them so: another of such a schema is filled as well.
for document in paths path-tables; do
    "$binary" show $document --format xml >"$work/$document.xml" && says "a document: $document" 0 '' "$binary" validate "$work/$document.xml"
done
mkdir "$work/schemas"
cp "$HVPROBE_SCHEMAS/paths.rng" "$work/schemas/ways.rng"
is 'a schema says what is told' "$("$binary" show paths --format xml)" "$(HVPROBE_SCHEMAS=$work/schemas "$binary" show ways)"
mkdir -p "$work/shut"
printf 'hvprobe-snapshot: 1\nunread: [/usr]\n' >"$work/shut/snapshot.yaml"
says 'what cannot be looked at is not missing' 0 'unknown' "$binary" paths one --snapshot "$work/shut"
# A site masks and replaces what it likes: no other rule breaks by that.
export HVPROBE_RULES=$shipped
mkdir "$work/site"
for rule in xen qemu kvm lxc tables os machine; do
    ln -s /dev/null "$work/site/$rule.yaml"
    told=$(for command in list checks domain machines domcapabilities 'doctor --as nova'; do
        # shellcheck disable=SC2086
        "$binary" $command --rules "$work/site" --snapshot "$xen" 2>&1 >/dev/null; [ $? -le 1 ] || echo "status of $command"
    done | grep -E 'error|warning|status')
    is "$rule can be masked" '' "$told"
    rm "$work/site/$rule.yaml"
done
ln -s /dev/null "$work/site/xen.yaml"
says 'what was masked is gone' 0 '!xen' "$binary" list --rules "$work/site" --snapshot "$xen"
says 'and its name says so' 2 "the rule 'xen' is masked by" "$binary" explain xen --rules "$work/site" --snapshot "$xen"
says 'and who needs it does' 0 "its rule was masked by $work/site/xen.yaml" "$binary" explain xen-pvh --rules "$work/site" --snapshot "$xen"
rm "$work/site/xen.yaml"
printf 'rule: xen\nfacts: {found: {file: /proc/xen}}\navailable: found\n%s\n' \
    "emit: [{at: \"guest[os_type='xen'][arch/@name='x86_64']\", set: {\"arch/domain[@type='xen']\": }}]" >"$work/site/xen.yaml"
says 'a rule that others build on can be replaced' 0 'xen' "$binary" list --rules "$work/site" --snapshot "$xen"
says 'which breaks nothing' 0 '!error' "$binary" domain --rules "$work/site" --snapshot "$xen"
says 'matrix: as json' 0 '"debian": 1' "$binary" paths --all-distros --format json
exit $status
