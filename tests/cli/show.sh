#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# show.sh BINARY: any document or view by its name; a document with a command and text forms of its own, without any C; what is
# said of views that are wrong.
set -u
. "$(dirname "$0")/../results.sh"
host=$PWD/tests/rules/kvm/checks-no-access/snapshot
this_tree
export NO_COLOR=1 LC_ALL=C.UTF-8
hv() { "$binary" --snapshot "$host" "$@"; }

# What is shipped: show NAME and the command of the view say the same.
for name in list detect checks machines domain; do
    hv show $name >"$work/shown" 2>&1
    code=$?
    hv $name >"$work/own" 2>&1
    [ $? = $code ] && cmp -s "$work/shown" "$work/own"
    check "show $name is $name" [ $? = 0 ]
done
says 'a document that has no view' 0 '<capabilities>' hv show capabilities
says 'in another format' 0 '"host": {' hv show capabilities --format json
says 'the document behind a view' 1 "<check rule='kvm'" hv show checks --format xml kvm
says 'the options of a view' 0 i686 hv show list --arch i686 --format lines
says 'and only those' 0 '!	x86_64	' hv show list --arch i686 --format lines
says 'its words' 1 'kvm' hv show checks --columns RULE kvm
says 'without a name: what there is' 0 'checks	view	checks	checks' hv show --format lines
says 'documents too' 0 'refusal	document	refusal' hv show --format lines
says 'an unknown name' 2 "there is no document or view 'lsit'; did you mean 'list'?" hv show lsit
says 'and all that there are' 2 'there are capabilities, capabilities-2007' hv show lsit
says 'a name that is a path' 2 "there is no document or view '../views/list'" hv show ../views/list
says 'a format that it has not' 2 'show has no format' hv show list --format tap
"$binary" capabilities --snapshot "$host" --compat libvirt-9.0 >"$work/own" 2>&1
hv show capabilities --compat libvirt-9.0 >"$work/shown" 2>&1
check 'a document of a generation' cmp -s "$work/own" "$work/shown"
says 'a view has none' 2 "the view 'list' has no generations" hv show list --compat libvirt-9.0
says 'a number that is none' 2 "--bits takes a whole number, not 'x'" hv list --bits x
says 'a value that there is not' 2 "there is no kind 'vmm'; did you mean 'vm'?" hv detect --kind vmm
says 'a word too many' 2 "list takes no arguments, but there is 'x'" hv list x

# A document of one's own: rule, schema, view; a command with options, an argument, a status and two text forms.
mkdir -p "$work/rules" "$work/schemas/views"
cat >"$work/rules/garden.yaml" <<'YAML'
rule: garden
document: garden
facts:
  bed: {rows: [{name: 'north "A"', soil: clay, depth: '30', state: dry}, {name: south, soil: sand, depth: '12', state: fine}, {name: east, soil: sand}]}
emit:
  - for: bed
    at: bed[@name='${name}']
    set: {soil: '${soil}', depth: '${depth}', state: '${state}'}
YAML
cat >"$work/schemas/garden.rng" <<'RNG'
<grammar xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="garden"><zeroOrMore><element name="bed">
    <attribute name="name"/>
    <element name="soil"><text/></element>
    <optional><element name="depth"><data type="unsignedInt"/></element></optional>
    <optional><element name="state"><text/></element></optional>
  </element></zeroOrMore></element></start>
</grammar>
RNG
garden() {
    cat >"$work/schemas/views/garden.yaml" <<'YAML'
view: garden
document: garden
command: beds
help: the beds of this garden
fails: /garden/bed/state = 'dry'
rows: /garden/bed
columns:
  - {name: BED, xpath: '@name', help: its name}
  - {name: SOIL, xpath: soil, help: what it is made of}
  - {name: DEPTH, xpath: depth, number: yes, help: in centimetres}
  - {name: STATE, xpath: state, hidden: yes}
arguments:
  - {name: BED, where: '@name = $value', repeat: yes, help: only this bed}
filters:
  - {option: soil, argument: SOIL, values: [clay, sand], where: soil = $value, help: only this soil}
  - {option: deeper, argument: CM, type: number, where: depth > $value, help: only deeper ones}
tables:
  dry: {dry: '1', fine: '0'}
lines: '${bed} (${soil})'
formats:
  prometheus:
    help: for the textfile collector
    with: {place: 'count(preceding-sibling::bed)'}
    head:
      - '# HELP garden_bed_slugs how many slugs were counted'
      - '# TYPE garden_bed_slugs gauge'
      - '# HELP garden_bed_dry whether it wants water'
      - '# TYPE garden_bed_dry gauge'
      - '# rows ${count}'
    lines:
      - 'garden_bed_slugs{bed=${bed|quote},soil=${soil|upper|quote},place="${place}"} ${depth}'
      - 'garden_bed_dry{bed=${bed|quote}} ${state|map:dry}'
YAML
}
garden
export HVPROBE_RULES=$PWD/rules:$work/rules HVPROBE_SCHEMAS=$work/schemas
hv beds >"$work/out" 2>&1
code=$?
printf 'BED       SOIL DEPTH\nnorth "A" clay    30\nsouth     sand    12\neast      sand\n' >"$work/expected"
check 'a new command prints its table' diff "$work/expected" "$work/out"
check 'status 1 where fails holds' [ $code = 1 ]
says 'and 0 where it does not' 0 '' env HVPROBE_RULES="$PWD/rules" "$binary" --snapshot "$host" beds
says 'show NAME too' 1 'north' hv show garden
says 'its option' 1 '!north' hv beds --soil sand
says 'checks the value' 2 "there is no soil 'snad'; did you mean 'sand'?" hv beds --soil snad
says 'and its type' 2 "--deeper takes a whole number, not 'x'" hv beds --deeper x
says 'an option before the command' 1 south hv --deeper 5 beds south
says 'its argument' 1 '!north' hv beds south east
says 'one that nothing matches' 1 '' hv beds west
says 'JSON has all columns' 1 '"state": "dry"' hv beds --format json
says 'XML is the document' 1 "<bed name='south'>" hv beds --format xml
hv beds --format lines >"$work/out"
printf 'north "A" (clay)\nsouth (sand)\neast (sand)\n' >"$work/expected"
check 'lines: a template a row' diff "$work/expected" "$work/out"
hv beds --format prometheus >"$work/out"
cat >"$work/expected" <<'END'
# HELP garden_bed_slugs how many slugs were counted
# TYPE garden_bed_slugs gauge
# HELP garden_bed_dry whether it wants water
# TYPE garden_bed_dry gauge
# rows 3
garden_bed_slugs{bed="north \"A\"",soil="CLAY",place="0"} 30
garden_bed_dry{bed="north \"A\""} 1
garden_bed_slugs{bed="south",soil="SAND",place="1"} 12
garden_bed_dry{bed="south"} 0
END
check 'a textfile for Prometheus is data' diff "$work/expected" "$work/out"
if command -v promtool >/dev/null; then says 'promtool reads it' 0 '' promtool check metrics <"$work/out"; fi
says 'the help names the command' 0 '  beds                      the beds of this garden' hv --help
says 'and its options' 0 '--soil SOIL' hv beds --help
says 'its argument' 0 'only this bed' hv beds --help
says 'its formats' 0 'table (default), lines, json, yaml, prometheus or xml' hv beds --help
says 'its usage' 0 'hvprobe beds [OPTIONS] [BED...]' hv beds --help
says 'a format that it has not' 2 'beds has no format' hv beds --format tap
says 'show lists it' 0 'garden	view	garden	beds	the beds of this garden' hv show --format lines
says 'a misspelt command' 2 "there is no command 'bads'; did you mean 'beds'?" hv bads
says 'the name of a view that has a command of another name' 2 "'hvprobe show garden' prints that view" hv garden

# reason: another document is said in place of the first.
sed -i "s/^fails:.*/&\nreason: {document: garden, xpath: \/garden\/bed\/soil}/" "$work/schemas/views/garden.yaml"
hv beds >"$work/out" 2>"$work/err"
check 'a reason is said, and nothing printed' [ "$? $(cat "$work/err") $(cat "$work/out")" = '1 hvprobe: clay ' ]

# A view in place of a shipped one keeps its command.
cat >"$work/schemas/views/list.yaml" <<'YAML'
view: list
document: capabilities
rows: /capabilities/guest/arch
columns: [{name: ONLY, xpath: '@name'}]
YAML
says 'a view in place of a shipped one' 0 ONLY hv list
rm "$work/schemas/views/list.yaml"

# Views that are wrong: status 3, and where.
bad() { # NAME LINE:COLUMN MESSAGE SED
    garden
    sed -i "$4" "$work/schemas/views/garden.yaml"
    hv show garden >"$work/out" 2>"$work/err"
    code=$?
    if [ $code = 3 ] && [ ! -s "$work/out" ] && grep -qF "garden.yaml:$2" "$work/err" && grep -qF -- "$3" "$work/err"; then
        ok "$1"
    else
        not_ok "$1: status $code" "$(cat "$work/out" "$work/err")"
    fi
}
bad 'an unknown key' 4:1-5 "did you mean 'help'?" 's/^help:/halp:/'
bad 'filters that are none' 14:10-18 "'filters' should be a list of filters, not text" '/^filters:/,/deeper/{s/^filters:/filters: nonsense/;/^  -/d}'
bad 'columns that are none' 7:10-11 "'columns' should be a list of columns, not text" '/^columns:/,/STATE/{s/^columns:/columns: x/;/^  -/d}'
bad 'an unknown key of a column' 8: "unknown key 'xpth'" '8s/xpath/xpth/'
bad 'a column without XPath' 8:5 "lacks 'xpath'" "8s/ xpath: '@name',//"
bad 'a flag that is none' 10:41 "'number' should be yes or no, not 'maybe'" 's/number: yes/number: maybe/'
bad 'an unknown type of a value' 16:42 "'type' should be text or number, not 'nmber'" 's/type: number/type: nmber/'
bad 'a column that is built in' 9:12 "'count' is built in" 's/name: SOIL/name: count/'
bad 'an option that is none' 15:14 "no name of a command or option" 's/option: soil/option: --soil/'
bad 'a command that is none' 3:10 "no name of a command or option" 's/command: beds/command: Beds!/'
bad 'a name that is not the file'"'"'s' 1:7-11 "view 'bads' should be in a file 'bads.yaml', not in 'garden.yaml'" '1s/garden/bads/'
bad 'no document' 1:1 "a view lacks 'document'" '2d'
bad 'rows without columns' 1:1 "a view lacks 'columns' beside 'rows'" '/^columns/,/STATE/d'
bad 'a template that names nothing' 19:11 "no column or fact is called 'bde' here" 's/^lines:.*/lines: '"'"'${bde}'"'"'/'
bad 'a row'"'"'s column in the head' 29: "no column or fact is called 'soil' here" 's/# rows ${count}/# rows ${soil}/'
bad 'a filter that there is not' 31: "no filter is called 'quot'" 's/soil|upper|quote/soil|upper|quot/'
bad 'a table that there is not' 32: "'wet'" 's/map:dry/map:wet/'
bad 'a form without lines' 21:3 "'prometheus' lacks 'lines'" '/^    lines:/,$d'
bad 'a repeated key' 3:1 "key 'document' is already on line 2" '2s/.*/&\ndocument: garden/'
bad 'an alias' 2: 'anchors' '2s/garden/\&a garden/'
bad 'a reason without fails' 3: "'reason' goes with 'fails'" "3s/.*/reason: {document: garden, xpath: x}/; /^fails/d"
bad 'a view that is a list' 1:1 'a view should be a mapping, not a list' '1s/.*/- x/; 2,$d'
garden
sed -i 's/^rows: .*/rows: "\/garden["/' "$work/schemas/views/garden.yaml"
says 'XPath that is none' 3 'garden.yaml:6:7-17: error: ' hv beds
says 'lint tells it, too' 1 'garden.yaml:6:7-17: error: ' "$binary" lint
garden
says 'and finds nothing in a sound one' 0 '!garden.yaml' "$binary" lint
: >"$work/schemas/views/garden.yaml"
says 'an empty view' 3 'garden.yaml is empty, not a view' hv show garden
garden
mkdir "$work/schemas/views/broken.yaml"
says 'one that cannot be read' 3 'broken.yaml' hv show broken
says 'it disturbs no other' 1 north hv beds
rmdir "$work/schemas/views/broken.yaml"
mkdir "$work/none"
cp "$binary" "$work/none/hvprobe"
says 'no views at all' 3 'there are no views in' env HVPROBE_SCHEMAS= "$work/none/hvprobe" --snapshot "$host" list
exit $status
