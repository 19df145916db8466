#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# lint.sh BINARY: formats, places inside scalars, directories, rules without a fixture, many messages.
set -u
. "$(dirname "$0")/../results.sh"
schemas=$PWD/schemas
cd "$work" || exit 2
export HVPROBE_RULES=none HVPROBE_SCHEMAS=$schemas HVPROBE_CACHE= NO_COLOR=1

cat >slip.yaml <<'END'
rule: slip
facts:
  a: {flie: "/ü,x"}
END
text=$("$binary" lint slip.yaml)
has 'text: place with its end' "$text" "slip.yaml:3:7-11: error: unknown key 'flie' [HV005]"
has 'text: caret' "$text" '          ^~~~'
has 'text: nearest name' "$text" "    hint: did you mean 'file'?"
has 'gcc: one line' "$("$binary" lint --format gcc slip.yaml)" \
    "slip.yaml:3:7: error: unknown key 'flie'; did you mean 'file'? [HV005]"
has 'github' "$("$binary" lint --format=github slip.yaml)" \
    "::error file=slip.yaml,line=3,col=7,endColumn=11,title=HV005 unknown-key::unknown key 'flie'%0Adid you mean 'file'?"
has 'jsonl' "$("$binary" lint --format jsonl slip.yaml)" \
    '{"id":"HV005","name":"unknown-key","severity":"error","file":"slip.yaml","line":3,"column":7,"endColumn":11,"message":"unknown key '"'flie'"'","hint":"did you mean '"'file'"'?","source":"  a: {flie: \"/ü,x\"}"}'
"$binary" lint --format sarif slip.yaml >slip.sarif
if can 'sarif by jq' jq; then
    has 'sarif' "$(jq -c '[.version, .runs[0].tool.driver.name, .runs[0].tool.driver.rules[.runs[0].results[0].ruleIndex].id,
        .runs[0].results[0].level, .runs[0].results[0].locations[0].physicalLocation.region.endColumn]' slip.sarif)" \
        '["2.1.0","hvprobe","HV005","error",11]'
elif grep -q '"version":"2.1.0"' slip.sarif && grep -q '"ruleId":"HV005"' slip.sarif; then
    ok 'sarif'
else
    not_ok 'sarif' "$(cat slip.sarif)"
fi
says 'every shipped rule says where it knows from (lint --strict has nothing to say)' 0 '' env HVPROBE_RULES="$schemas/../rules" "$binary" lint --strict
[ -z "$(HVPROBE_RULES=$schemas/../rules "$binary" lint --strict 2>&1)" ]
result $? 'and nothing else of them to complain about'
gives 'status 1 for an error' 1 "$binary" lint slip.yaml
gives 'status 2 for an unknown format' 2 "$binary" lint --format yaml slip.yaml
gives 'status 1 for a file that is not there' 1 "$binary" lint nothing.yaml

# Places inside block scalars and quoted strings, in every style.
cat >places.yaml <<'END'
rule: places
facts:
  folded:
    file: >-
      /proc/one/
      two/${nothing}
  literal:
    text: |
      one ${host.arch}
        two ${host.arsh} ${host.arch|uper}
    split: "\n"
  double: {text: "\ttab \u00fc ${nix}"}
  single: {text: 'it''s ${nix}'}
  plain:
    file: /proc/ü/${nix}
  regex:
    file: /proc/x
    match: "a\tb\\b(c"
END
text=$("$binary" lint places.yaml)
has 'column in a folded block' "$text" "places.yaml:6:13-20: error: no column or fact is called 'nothing' here [HV010]"
has 'column in a literal block' "$text" "places.yaml:10:38-42: error: no filter is called 'uper' [HV016]"
if grep -q '^places.yaml:10:15-24: error:' <<<"$text"; then ok 'column of an indented line'; else not_ok 'column of an indented line' "$text"; fi
has 'column behind escapes' "$text" "places.yaml:12:34-37: error: no column or fact is called 'nix' here [HV010]"
has 'column behind a doubled quote' "$text" "places.yaml:13:27-30: error: no column or fact is called 'nix' here [HV010]"
has 'column behind two bytes' "$text" "places.yaml:15:22-25: error: no column or fact is called 'nix' here [HV010]"
has 'column inside an escaped pattern' "$text" "places.yaml:18:22-23: error: missing closing parenthesis [HV013]"
has 'columns count characters in jsonl' "$("$binary" lint --format jsonl places.yaml | grep '"line":15' | cut -d, -f5-7)" \
    '"line":15,"column":21,"endColumn":24'

# Directories, and what is a rule in them.
mkdir -p tree/deep tests/good/case tree/kept/case/root
cat >tree/deep/good.yaml <<'END'
rule: good
facts: {here: {file: /here}}
checks: [{expect: here, title: it is here}]
END
sed 's/good/other/' tree/deep/good.yaml >tree/other.yaml
echo 'files: {/here: ""}' >tests/good/case/case.yaml
cp tests/good/case/case.yaml tree/kept/case/
text=$("$binary" lint tree)
if [ -z "$text" ]; then ok 'a sound directory'; else not_ok 'a sound directory' "$text"; fi
text=$("$binary" lint --tests tests --format gcc tree)
if [[ $text == "tree/other.yaml:1:7: warning: no test case covers the rule 'other';"*' [HV033]' ]]; then
    ok 'a rule without a fixture'
else
    not_ok 'a rule without a fixture' "$text"
fi
echo 'rule: other' >>tests/good/case/case.yaml
text=$("$binary" lint --tests tests --format gcc tree)
if [ -z "$text" ]; then ok 'a case can name its rule'; else not_ok 'a case can name its rule' "$text"; fi
gives 'status 0 for warnings' 0 "$binary" lint --tests none tree

# Many messages: soon, and not all of them.
{
    echo 'rule: many'
    echo 'facts:'
    seq -f '  f%.0f: {file: /x}' 40000
} >many.yaml
text=$(timeout 120 "$binary" lint many.yaml)
has 'only the first of a kind' "$text" 'many.yaml:103:3-7: warning: 39900 more of this kind in this file: fact is never used [HV025]'

# Every id explains itself with more than its summary.
missing=
for id in $(jq -r '.runs[0].tool.driver.rules[].id' slip.sarif 2>/dev/null || grep -o '"id":"HV[0-9]*"' slip.sarif | grep -o 'HV[0-9]*'); do
    [ "$("$binary" explain "$id" | wc -w)" -gt 25 ] || missing="$missing $id"
done
if [ -z "$missing" ]; then ok 'every id is explained'; else not_ok "every id is explained:$missing"; fi
exit $status
