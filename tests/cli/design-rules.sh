#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# design-rules.sh BINARY: what DESIGN 3 and 4 promise of rules and documents, sentence by sentence.
#
# A line {n: 'PROMISE = VALUE', text: TEMPLATE} in a rule is one test: the template gives the value. "unset" means that nothing
# is emitted; of several elements with one name the values stand side by side.
set -u
. "$(dirname "$0")/../results.sh"
tree=$PWD
mkdir "$work/schemas" "$work/rules"
cp -r schemas/. "$work/schemas/"
cp rules/tables.yaml "$work/tables.yaml"
cd "$work" || exit 2
export HVPROBE_SCHEMAS=$work/schemas HVPROBE_CACHE= NO_COLOR=1 LC_ALL=C

# A document that takes any answer: many <a>, one <once>, boxes.
cat >schemas/capabilities-answers.rng <<'XML'
<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><element name="answers">
  <optional><element name="once"><optional><attribute name="a"/></optional><text/></element></optional>
  <zeroOrMore><element name="box"><attribute name="id"/>
    <optional><element name="one"><text/></element></optional>
    <zeroOrMore><element name="many"><optional><attribute name="a"/></optional><text/></element></zeroOrMore></element></zeroOrMore>
  <zeroOrMore><element name="a"><optional><attribute name="n"/></optional><text/></element></zeroOrMore>
</element></start></grammar>
XML

has() { # NAME TEXT PART...: each part is in the text, or with a ! before it is not
    local name=$1 text=$2 part
    shift 2
    for part; do
        case $part in
        !*) [[ $text != *"${part#!}"* ]] || { not_ok "$name: has ${part#!}" "$text"; return; } ;;
        *) [[ $text == *"$part"* ]] || { not_ok "$name: lacks $part" "$text"; return; } ;;
        esac
    done
    ok "$name"
}

# Tests a rule whose promises are in it, as the head of this file says.
promises() { # [OPTION...] <RULE
    { printf 'rule: t\ndocument: capabilities-answers\n'; cat; } >rules/t.yaml
    HVPROBE_RULES=rules "$binary" capabilities --dialect answers --root root "$@" >out.xml 2>errors
    # shellcheck disable=SC2016
    awk '
        function show(name, got) {
            at = index(name, " = "); want = substr(name, at + 3)
            if (got == "") got = "unset"
            if (got == want) { print "ok " substr(name, 1, at - 1); return }
            print "not ok " substr(name, 1, at - 1); print "    expected: " want; print "    got:      " got; bad = 1
        }
        FNR == 1 { file++ }
        file == 1 { rest = $0
            gsub(/\$\$/, "$", rest)
            while ((at = index(rest, "{n: \047")) > 0) {
                rest = substr(rest, at + 5); name = substr(rest, 1, index(rest, "\047") - 1)
                if (index(name, " = ") && !(name in known)) { known[name] = 1; names[++count] = name } } }
        file == 2 && (at = index($0, "<a n=\047")) > 0 { rest = substr($0, at + 6)
            end = index(rest, "\047"); name = substr(rest, 1, end - 1); value = substr(rest, end + 2)
            value = substr(rest, end + 1, 1) == "/" ? "(empty)" : substr(value, 1, index(value, "</a>") - 1)
            if (name in got) value = got[name] " " value
            got[name] = value }
        END { for (i = 1; i <= count; i++) show(names[i], got[names[i]]); exit bad }' rules/t.yaml out.xml || {
        status=1
        sed 's/^/    /' errors | head -n 5
    }
}
# The document of a rule, its indentation and empty lines gone.
emitted() { # <RULE
    { printf 'rule: t\ndocument: capabilities-answers\n'; cat; } >rules/t.yaml
    HVPROBE_RULES=rules "$binary" capabilities --dialect answers --root root 2>errors | sed 's/^ *//; /^$/d' | tr -d '\n'
}
explained() { # RULE NAME: what explain says of it
    HVPROBE_RULES=rules "$binary" explain t --root root 2>&1
}
program() { # PATH...: executable files
    local path
    for path; do
        mkdir -p "$(dirname "$path")"
        echo x >"$path"
        chmod 755 "$path"
    done
}

mkdir -p root/bin root/etc root/dir root/attr root/node/node{1,2,10}
head -c 64 "$(command -v sh)" >root/bin/sh
printf 'hello world\n' >root/f
chmod 644 root/f
: >root/empty
printf 'a,b,,c\n' >root/csv
printf '  a  b\tc \n' >root/words
printf '0-3,8\n' >root/cpus
printf '\n' >root/no-cpus
printf '0-\n' >root/bad-cpus
printf '\001\002\003\004\377\377\377\377\377\377\377\377' >root/binary
printf '\0a-machine\0b-machine\0c-machine\0' >root/strings
printf '{"return": [{"name": "a", "n": 1, "yes": true, "none": null, "part": {"x": 2}}, {"name": "b"}], "x": [5, 6]}' >root/json
printf '{"a": 1}\n{"a": 2}\n' >root/stream
printf 'x:\n- {n: 1}\n- {n: two}\nk: {z: q}\n' >root/yaml
printf '<r><e a="1" b="x">one</e><e a="2">two</e></r>' >root/xml
printf ' v1 \n' >root/attr/one
printf 'v2' >root/attr/two
ln -s ../f root/etc/link
ln -s nowhere root/dangling

# ---- 3.1 sources and extracts

promises <<'YAML'
facts:
  file: {file: /f}
  linked: {file: /etc/link}
  dangling: {file: /dangling}
  dir: {file: /dir, type: dir}
  not_dir: {file: /f, type: dir}
  not_x: {file: /f, access: x}
  unset: {file: '/${param.nothing}'}
  glob: {glob: '/node/node[0-9]*', match: 'node(?<id>\d+)$'}
  plain_glob: {glob: '/node/*'}
  no_glob: {glob: '/none/*'}
  link: {link: /etc/link}
  no_link: {link: /f}
  rows: {rows: [{a: '1', b: x}, {a: '2'}]}
  from: {from: [rows, glob]}
  attributes: {attributes: /attr, names: [one, two, three]}
  no_attributes: {attributes: /none, names: [one]}
  text: {text: 'a=1 b=2', match: '(?<k>\w)=(?<v>\w)'}
  match: {file: /csv, match: '(?<x>\w),(?<y>z)?'}
  no_match: {file: /f, match: 'q'}
  lines: {file: /stream, match: '^\{(?<inner>.*)\}$'}
  split: {file: /csv, split: ','}
  words: {file: /words, split: ' '}
  split_empty: {file: /empty, split: ','}
  cpus: {file: /cpus, cpuset: yes}
  no_cpus: {file: /no-cpus, cpuset: yes}
  bad_cpus: {file: /bad-cpus, cpuset: yes}
  json: {file: /json, json: 'return[*]'}
  json_text: {file: /json, json: 'return[*].name'}
  json_part: {file: /json, json: 'return[0].part'}
  json_list: {file: /json, json: 'x[*]'}
  json_none: {file: /json, json: 'none[*]'}
  json_stream: {file: /stream, json: '[*]'}
  json_bad: {file: /f, json: 'x'}
  yaml: {file: /yaml, yaml: 'x[*]'}
  yaml_text: {file: /yaml, yaml: 'k.z'}
  xpath: {file: /xml, xpath: '//e'}
  xpath_attribute: {file: /xml, xpath: '//e/@a'}
  xpath_number: {file: /xml, xpath: 'count(//e)'}
  xpath_bad: {file: /f, xpath: '//e'}
  little: {file: /binary, bytes: {offset: 0, size: 2, endian: little}}
  big: {file: /binary, bytes: {offset: 0, size: 2, endian: big}}
  all_bits: {file: /binary, bytes: {offset: 4, size: 8, endian: big}}
  behind: {file: /binary, bytes: {offset: 8, size: 8}}
  strings: {file: /strings, strings: '(?<=\0)(?<name>[a-z]+)-machine(?=\0)'}
  uname: {uname: yes}
  exec: {exec: [/bin/true]}
emit:
  - set:
      a:
        - {n: 'file: its path = /f', text: '${file}'}
        - {n: 'file: type mode size = file 0644 12', text: '${file.type} ${file.mode} ${file.size}'}
        - {n: 'file: links are followed = /etc/link', text: '${linked}'}
        - {n: 'file: a dangling link is not there = unset', text: '${dangling}'}
        - {n: 'file: type narrows = /dir', text: '${dir}'}
        - {n: 'file: another type is none = unset', text: '${not_dir}'}
        - {n: 'file: access narrows = unset', text: '${not_x}'}
        - {n: 'file: an unset path is no file = unset', text: '${unset}'}
        - {n: 'glob: sorted the way a person counts = 1 2 10', text: '${glob.id|join: }'}
        - {n: 'glob: path = /node/node1', text: '${plain_glob}'}
        - {n: 'glob: none = unset', text: '${no_glob}'}
        - {n: 'link: the target as written = ../f', text: '${link}'}
        - {n: 'link: a file is none = unset', text: '${no_link}'}
        - {n: 'rows: the rows written there = 1 2', text: '${rows.a|join: }'}
        - {n: 'from: one fact after the other = 5', text: '${from|count}'}
        - {n: 'attributes: trimmed, one row = v1 v2 1', text: '${attributes.one} ${attributes.two} ${attributes.one|count}'}
        - {n: 'attributes: a missing one is unset = unset', text: '${attributes.three}'}
        - {n: 'attributes: no directory, no row = unset', text: '${no_attributes.one}'}
        - {n: 'text: one row for an extract = a:1', text: '${text.k}:${text.v}'}
        - {n: 'match: text is the whole match = a=1 b=2', text: '${text|join: }'}
        - {n: 'match: a column a group = a', text: '${match.x}'}
        - {n: 'match: a group that took no part is unset = unset', text: '${match.y}'}
        - {n: 'match: none = unset', text: '${no_match}'}
        - {n: 'match: multi-line = 2', text: '${lines.inner|count}'}
        - {n: 'split: fields, empty ones too = [a][b][][c]', text: '[${split|join:][}]'}
        - {n: 'split: index from 0 = 0,1,2,3', text: '${split.index|join:,}'}
        - {n: 'split: a blank is any white space = a+b+c', text: '${words|join:+}'}
        - {n: 'split: nothing in nothing = 0', text: '${split_empty|count}'}
        - {n: 'cpuset: one a CPU = 0 1 2 3 8', text: '${cpus|join: }'}
        - {n: 'cpuset: an empty list = 0', text: '${no_cpus|count}'}
        - {n: 'cpuset: what is no list is unknown = unset', text: '${bad_cpus|count}'}
        - {n: 'json: a column a scalar member = a 1 true', text: '${json.name} ${json.n} ${json.yes}'}
        - {n: 'json: null is unset = unset', text: '${json.none}'}
        - {n: 'json: one an object = 2', text: '${json|count}'}
        - {n: 'json: one a value = a b', text: '${json_text|join: }'}
        - {n: 'json: a member = 2', text: '${json_part.x}'}
        - {n: 'json: a list = 5 6', text: '${json_list|join: }'}
        - {n: 'json: nothing there = unset', text: '${json_none}'}
        - {n: 'json: a stream is a list = 1 2', text: '${json_stream.a|join: }'}
        - {n: 'json: no JSON is unknown = unset', text: '${json_bad|count}'}
        - {n: 'yaml: the same = 1 two', text: '${yaml.n|join: }'}
        - {n: 'yaml: a value = q', text: '${yaml_text}'}
        - {n: 'xpath: attributes and text = 1 x one', text: '${xpath.a} ${xpath.b} ${xpath.text}'}
        - {n: 'xpath: one a node = one two', text: '${xpath|join: }'}
        - {n: 'xpath: attributes are nodes = 1 2', text: '${xpath_attribute|join: }'}
        - {n: 'xpath: a number = 2', text: '${xpath_number}'}
        - {n: 'xpath: no XML is unknown = unset', text: '${xpath_bad|count}'}
        - {n: 'bytes: little = 513', text: '${little}'}
        - {n: 'bytes: big = 258', text: '${big}'}
        - {n: 'bytes: all 64 bits = 18446744073709551615', text: '${all_bits}'}
        - {n: 'bytes: behind the end = unset', text: '${behind}'}
        - {n: 'strings: names that share a NUL = a b c', text: '${strings.name|join: }'}
        - {n: 'uname: a directory cannot tell = unset', text: '${uname.machine|count}'}
        - {n: 'exec: never without --exec = unset', text: '${exec|count}'}
  - {when: {not: uname}, set: {a: {n: 'unknown is not no = unset', text: bad}}}
  - {when: {not: no_match}, set: {a: {n: 'no is no = good', text: good}}}
YAML

promises -D name=sh <<'YAML'
facts: {template: {file: '/bin/${param.name}', access: r, type: file}}
emit: [{set: {a: {n: 'file: a template = /bin/sh', text: '${template}'}}}]
YAML

# ---- 3.1 modifiers, 3.2 templates and conditions

promises -D want=b -D twice=1 -D twice=2 -D empty= <<'YAML'
tables:
  word: {a: Alpha, 'b c': Beta}
facts:
  none: {file: /none}
  dark: {uname: yes}
  sys: {rows: [{n: a, v: '1'}, {n: b, v: '2'}, {n: c, v: '10'}]}
  pair: {for: sys, text: 'x y', split: ' ', where: {not: {n: b}}}
  last: {for: pair, text: '${text}${sys.v}'}
  with: {from: sys, with: {up: '${n|upper}', more: '${up}!', gone: '${none}'}}
  where: {from: sys, where: {v: '>= 2'}}
  sort: {from: sys, sort: [-v]}
  version: {rows: [{k: p, v: '1.10'}, {k: q, v: '2'}, {k: p, v: '1.9'}, {k: p, v: '1.10.1'}, {k: q, v: '8.0'}]}
  by_version: {from: version, sort: [-v]}
  newest: {from: version, sort: [-v], distinct: [k]}
  by_two: {from: version, sort: [k, -v]}
  first: {from: version, sort: [v], first: yes}
  first_each: {for: sys, text: 'x y', split: ' ', first: yes}
  dark_rows: {from: sys, where: dark}
  not_dark_rows: {from: sys, where: {not: dark}}
  numbers: {rows: [{v: '3'}, {v: '1'}, {v: '0-1'}]}
emit:
  - set:
      a:
        - {n: 'for: once for each row = xyxy', text: '${pair|join:}'}
        - {n: 'for: rows inherit = aacc', text: '${pair.n|join:}'}
        - {n: 'for: FACT.column of any ancestor = x1y1x10y10', text: '${last|join:}'}
        - {n: 'with: adds columns, in order = A!', text: '${with.more}'}
        - {n: 'with: an unset one stays unset = unset', text: '${with.gone}'}
        - {n: 'where: keeps rows = bc', text: '${where.n|join:}'}
        - {n: 'where: unknown keeps none = unset', text: '${dark_rows.n}'}
        - {n: 'where: nor does not unknown = unset', text: '${not_dark_rows.n}'}
        - {n: 'where: unknown rows are not counted as none = unset', text: '${dark_rows|count}'}
        - {n: 'sort: numbers, turned round = 10 2 1', text: '${sort.v|join: }'}
        - {n: 'sort: versions = 8.0 2 1.10.1 1.10 1.9', text: '${by_version.v|join: }'}
        - {n: 'sort: by two columns = 1.10.1 1.10 1.9 8.0 2', text: '${by_two.v|join: }'}
        - {n: 'distinct: the first of each = 8.0 1.10.1', text: '${newest.v|join: }'}
        - {n: 'first: the first row = 1.9', text: '${first.v|join: }'}
        - {n: 'first: of all, not of each for = x', text: '${first_each|join: }'}
        - {n: 'no row is current: the first of all = a', text: '${sys.n}'}
        - {n: 'a dollar sign = $$', text: '$$'}
        - {n: 'a dollar sign before a brace = $${x}', text: '$${x}'}
        - {n: 'an unset name makes all unset = unset', text: 'x${none}'}
        - {n: 'default sets what is unset = d', text: '${none|default:d}'}
        - {n: 'count of none = 0', text: '${none|count}'}
        - {n: 'count of rows = 3', text: '${sys|count}'}
        - {n: 'lower = ab', text: '${param.AB|default:AB|lower}'}
        - {n: 'upper = AB', text: '${param.AB|default:ab|upper}'}
        - {n: 'trim = a b', text: '${param.x|default: a b |trim}'}
        - {n: 'basename = b', text: '${param.x|default:/a/b/|basename}'}
        - {n: 'basename of the root = /', text: '${param.x|default:/|basename}'}
        - {n: 'dirname = /a', text: '${param.x|default:/a/b|dirname}'}
        - {n: 'dirname of a name = .', text: '${param.x|default:a|dirname}'}
        - {n: 'hex = 0xff', text: '${param.x|default:255|hex}'}
        - {n: 'hex of all bits = 0xffffffffffffffff', text: '${param.x|default:18446744073709551615|hex}'}
        - {n: 'hex of less than nothing = unset', text: '${param.x|default:-1|hex}'}
        - {n: 'dec = 255', text: '${param.x|default:0xff|dec}'}
        - {n: 'dec of no number = unset', text: '${param.x|default:zz|dec}'}
        - {n: 'map = Alpha', text: '${sys.n|map:word}'}
        - {n: 'map of what is not there = unset', text: '${param.want|map:word}'}
        - {n: 'map, then default = none', text: '${param.want|map:word|default:none}'}
        - {n: 'join = a,b,c', text: '${sys.n|join:,}'}
        - {n: 'cpuset = 0-1,3', text: '${numbers.v|cpuset}'}
        - {n: 'cpuset of no numbers = unset', text: '${sys.n|cpuset}'}
        - {n: 'add = 4', text: '${param.x|default:5|add:-1}'}
        - {n: 'add takes hexadecimal = 17', text: '${param.x|default:0x10|add:1}'}
        - {n: 'add too much = unset', text: '${param.x|default:9223372036854775807|add:1}'}
        - {n: 'sub = -2', text: '${param.x|default:5|sub:7}'}
        - {n: 'mul = 48', text: '${param.x|default:3|mul:16}'}
        - {n: 'mul too much = unset', text: '${param.x|default:4611686018427387904|mul:2}'}
        - {n: 'div = -3', text: '${param.x|default:-7|div:2}'}
        - {n: 'div by nothing = unset', text: '${param.x|default:7|div:0}'}
        - {n: 'arithmetic with no number = unset', text: '${sys.n|add:1}'}
        - {n: 'bytes = 32768', text: '${param.x|default:32K|bytes}'}
        - {n: 'bytes of a kernel size = 15728640', text: '${param.x|default:15360 kB|bytes}'}
        - {n: 'bytes too many = unset', text: '${param.x|default:16E|bytes}'}
        - {n: 'bytes of no size = unset', text: '${param.x|default:-1K|bytes}'}
        - {n: 'scale and unit = 15 MiB', text: '${param.x|default:15728640|scale} ${param.x|default:15728640|unit}'}
        - {n: 'scale only what divides = 1536 B', text: '${param.x|default:1536|scale} ${param.x|default:1536|unit}'}
        - {n: 'scale of nothing = 0 B', text: '${param.x|default:0|scale} ${param.x|default:0|unit}'}
        - {n: 'popcount of a mask = 12', text: '${param.x|default:000000ff,0000000f|popcount}'}
        - {n: 'popcount of no mask = unset', text: '${sys.n|map:word|popcount}'}
        - {n: 'a parameter = b', text: '${param.want}'}
        - {n: 'the last parameter counts = 2', text: '${param.twice}'}
        - {n: 'a parameter that is not given = unset', text: '${param.nothing}'}
        - {n: 'an empty one is set = (empty)', text: '${param.empty}'}
  - for: sys
    set: {a: {n: 'rows that belong to the current one = xy1 xy10', text: '${pair|join:}${v}'}}
  - for: pair
    emit:
      - for: sort
        set: {a: {n: 'a nested for: those of the current row = 1a 10c', text: '${sort.v}${n}'}}
  - for: sys
    set: {a: {n: 'a fact that does not belong: all of its rows = pa pb pc', text: '${version.k}${n}'}}
YAML

conditions() { # lines PROMISE = ROWS: CONDITION, on rows n=a v=4.2 e='', n=b v=4.10, n=c v=4.2.0, n=d
    {
        cat <<'YAML'
facts:
  some: {file: /f}
  none: {file: /none}
  dark: {uname: yes}
  sys: {rows: [{n: a, v: '4.2', e: ''}, {n: b, v: '4.10'}, {n: c, v: '4.2.0'}, {n: d}]}
  old: {from: sys, where: {v: '< 4.9'}}
emit:
YAML
        sed "s|^\([^:]*\): \(.*\)\$|  - {for: sys, when: \2, set: {a: {n: '\1', text: '\${n}'}}}|"
    } | promises -D want=b
}
conditions <<'LINES'
a fact that has rows = a b c d: some
a fact that has none = unset: none
a fact that is unknown = unset: dark
not of none = a b c d: {not: none}
not of unknown = unset: {not: dark}
a list, all of which hold = b: [some, {n: b}]
a list with an unknown one = unset: [some, dark]
any = a b c d: {any: [none, some]}
any with an unknown one = a b c d: {any: [dark, some]}
any of none and unknown = unset: {any: [dark, none]}
not any of none and unknown = unset: {not: {any: [dark, none]}}
all = a b c d: {all: [some, {not: none}]}
not all of none and unknown = a b c d: {not: {all: [dark, none]}}
a column = a: {n: a}
a column with one of a list = a c: {n: [a, c]}
two columns = b: {n: [a, b], v: '4.10'}
a text is no version = a: {v: '4.2'}
an empty text = a: {e: ''}
an unset column is nothing = b c d: {not: {v: '4.2'}}
a version or later = a b c: {v: '>= 4.2'}
a later version = b: {v: '> 4.2'}
an earlier version = a c: {v: '< 4.9'}
that version or earlier = a c: {v: '<= 4.2'}
that version = a c: {v: '= 4.2'}
another version = b: {v: '!= 4.2'}
a version of a list = a b: {v: ['> 4.9', '4.2']}
a regex = a b: {n: '~ ^[ab]$'}
a regex with a template = b: {n: '~ ^${param.want}$'}
a regex with an unset template = unset: {n: '~ ^${param.nothing}'}
not a regex that is none = unset: {not: {n: '~ (${param.want}'}}
a value is a template = b: {n: '${param.want}'}
a template in place of a column = a b: {'${n}/${v}': [a/4.2, b/4.10]}
an unset template = unset: {'${n}/${param.nothing}': [a/4.2]}
one of the values of a fact = a c: {n: {in: old.n}}
not one of them = b d: {not: {n: {in: old.n}}}
one of those of an unknown fact = unset: {n: {in: dark.machine}}
not one of those of an unknown fact = unset: {not: {n: {in: dark.machine}}}
a parameter = a b c d: {param.want: b}
LINES

available() { emitted <<<"facts: {some: {file: /f}, none: {file: /none}, dark: {uname: yes}}
available: $1
emit: [{set: {a: x}}]"; }
is 'available: a fact' '<answers><a>x</a></answers>' "$(available some)"
is 'available: else the rule emits nothing' '<answers/>' "$(available '[some, none]')"
is 'available: unknown emits nothing' '<answers/>' "$(available '[some, dark]')"
is 'available: not of unknown emits nothing' '<answers/>' "$(available '{not: dark}')"
available '[some, dark]' >/dev/null
has 'explain tells the reason of unknown' "$(explained)" 'dark' 'unknown: uname: cannot be known from root'
emitted >/dev/null <<<'facts: {none: {file: /none}}
emit: [{set: {a: "x${none}"}}]'
has 'explain tells what was skipped, and why' "$(explained)" 'skipped  a: ${none} is unset: /none: not there'

# ---- 3.2 built in, 3.3 path tables

os() { printf '%s\n' "$@" >root/etc/os-release; }
distribution() { # NAME = VALUE: os-release's lines are set before
    promises <<YAML
paths:
  p:
    any: [/opt/any]
    fedora: [/opt/fedora]
    rhel: [/opt/rhel]
    debian: [/opt/debian]
    debian>=12: [/opt/debian12]
    debian>=13: [/opt/debian13]
    ubuntu<22.04: [/opt/old]
    'ubuntu>=22.04, arch': [/opt/comma]
facts: {p: {path: p}}
emit:
  - set: {a: {n: '$1', text: '\${p|basename} \${os.id} \${os.version|default:-} \${os.like|default:-}'}}
YAML
}
program root/opt/{any,fedora,rhel,debian,debian12,debian13,old,comma}
os ID=debian 'VERSION_ID="12"' && distribution 'paths: ID and version = debian12 debian 12 -'
os ID=debian 'VERSION_ID="11"' && distribution 'paths: ID = debian debian 11 -'
os ID=debian 'VERSION_ID="13"' && distribution 'paths: the most specific version = debian13 debian 13 -'
os ID=debian && distribution 'paths: a rolling release is newer than all = debian13 debian - -'
os ID=ubuntu ID_LIKE=debian VERSION_ID=22.04 && distribution 'paths: several with commas = comma ubuntu 22.04 debian'
os ID=ubuntu ID_LIKE=debian VERSION_ID=20.04 && distribution 'paths: ID before ID_LIKE = old ubuntu 20.04 debian'
os 'ID="rocky"' 'ID_LIKE="rhel centos fedora"' VERSION_ID=9.3 && distribution 'paths: ID_LIKE in its order = rhel rocky 9.3 rhel centos fedora'
os ID=arch && distribution 'paths: a version and no version = comma arch - -'
os ID=other && distribution 'paths: any is for all = any other - -'
rm root/etc/os-release
distribution 'paths: no os-release = any linux - -'
rm root/opt/debian12
os ID=debian VERSION_ID=12
distribution 'paths: less specific ones are tried then = debian debian 12 -'

program root/usr/bin/prog-a root/usr/bin/prog-c
echo x >root/usr/bin/prog-b
mkdir root/usr/bin/prog-d
ln -s prog-a root/usr/bin/prog-e
promises <<'YAML'
paths:
  prog: {any: ['/usr/bin/prog-${alt}', '/usr/bin/prog-${t}']}
  data: {any: [/none, /usr/bin/prog-b]}
facts:
  sys: {rows: [{t: a}, {t: b}, {t: b, alt: c}, {t: d}, {t: e}]}
  prog: {for: sys, path: prog}
  data: {path: data, executable: no}
  not_data: {path: data}
emit:
  - set:
      a:
        - {n: 'path: candidates are templates = prog-a prog-c prog-e', text: '${prog|basename|join: }'}
        - {n: 'path: executable no for data = /usr/bin/prog-b', text: '${data}'}
        - {n: 'path: else it must be executable = unset', text: '${not_data}'}
  - for: prog
    set: {a: {n: 'path: for each row, no directories = a:prog-a b:prog-c e:prog-e', text: '${t}:${path|basename}'}}
YAML

# ---- 3.4 emit

is 'emit: once is replaced' '<answers><once a='"'x'"'>third</once></answers>' "$(emitted <<'YAML'
emit:
  - set: {once: {text: first, a: x}}
  - set: {once: [second, third]}
YAML
)"
is 'emit: an equal one is not repeated' "<answers><a>x</a><a n='1'>x</a><a>y</a><a/></answers>" "$(emitted <<'YAML'
emit:
  - set: {a: [x, {text: x, n: '1'}, x, y]}
  - set: {a: {n: '1', text: x}}
  - set: {a: }
  - set: {a: ~}
YAML
)"
is 'emit: each completes the nodes that are there, also by later entries and other rules' \
    "<answers><box id='a'><one>a!</one><many>x</many></box><box id='b'><one>b!</one></box></answers>" "$(emitted <<'YAML'
facts: {name: {rows: [{id: b}]}}
emit:
  - {each: box, set: {one: '${id}!'}}
  - {at: "box[@id='a']", set: {many: x}}
  - {for: name, at: "box[@id='${id}']"}
  - {each: "box[many='y']", set: {many: z}}
YAML
)"
is 'emit: each inside an entry takes what is in its node by then' \
    "<answers><box id='a'><many a='seen'>x</many><many>x</many></box></answers>" "$(emitted <<'YAML'
emit:
  - at: box[@id='a']
    set: {many: x}
    emit: [{each: "many[.='x']", set: {'@a': seen}}]
  - {at: "box[@id='a']", set: {many: x}}
YAML
)"
is 'emit: paths are created so that they hold, and found again' \
    "<answers><box id='a'><one>1</one><many>x</many></box><box id='it&apos;s'/></answers>" "$(emitted <<'YAML'
emit:
  - at: "box[@id='a'][one='1']"
    set: {many: x}
  - at: box[@id="a"]
    set: {one: '1', many: x}
  - at: box[@id="it's"]
YAML
)"
is 'emit: attributes, predicates on the leaf, the order of the schema' \
    "<answers><once a='2'>t</once><box id='b'><one>t</one><many a='1'/></box><a n='p'/></answers>" "$(emitted <<'YAML'
emit:
  - set:
      "a[@n='p']":
      "box[@id='b']/many/@a": '1'
      "box[@id='b']/one": t
      once: t
      once/@a: '2'
YAML
)"
is 'emit: what is unset is skipped' "<answers><a>y</a><a>z</a></answers>" "$(emitted <<'YAML'
facts: {none: {file: /none}}
emit:
  - set: {a: ['x${none}', y, {n: n, text: '${none}'}, {n: '${none}', text: z}, {n: '${none}'}]}
  - {at: "box[@id='${none}']", set: {one: x}}
  - {when: none, at: "box[@id='b']", set: {one: x}, emit: [{set: {many: x}}]}
YAML
)"
is 'emit: for, nested for, lists' \
    "<answers><box id='a'><one>1</one><many>x</many><many a='x1'/><many>y</many><many a='y1'/></box><box id='b'><one>2</one></box></answers>" \
    "$(emitted <<'YAML'
facts:
  sys: {rows: [{t: a, v: '1'}, {t: b, v: '2'}]}
  sub: {for: sys, text: 'x y', split: ' ', where: {t: a}}
emit:
  - for: sys
    at: box[@id='${t}']
    set: {one: '${v}'}
    emit:
      - for: sub
        set: {many: ['${text}', {a: '${text}${v}'}]}
YAML
)"

# Two rules that know nothing of each other; other rules' facts; the order of rules.
mkdir two
cat >two/one.yaml <<'YAML'
rule: one
document: capabilities-answers
driver: one
facts: {sys: {rows: [{t: a, v: '1'}, {t: b, v: '2'}]}, word: {text: hello}}
emit: [{for: sys, at: "box[@id='${t}']", set: {one: '${v}'}}]
YAML
cat >two/another.yaml <<'YAML'
rule: another
document: capabilities-answers
driver: another
facts: {mine: {from: one.sys, where: {v: '2'}}}
emit:
  - {for: one.sys, when: {t: {in: mine.t}}, at: "box[@id='${t}']", set: {many: '${one.word} ${one.sys.v}'}}
  - set: {a: '${one.word.text} ${mine.t} ${one.sys|count}'}
YAML
two() { HVPROBE_RULES=two "$binary" capabilities --dialect answers --root root "$@" 2>errors | sed 's/^ *//; /^$/d' | tr -d '\n'; }
is 'two rules meet in one node' \
    "<answers><box id='a'><one>1</one></box><box id='b'><one>2</one><many>hello 2</many></box><a>hello b 2</a></answers>" "$(two)"
is 'a rule uses facts of a driver that is left out' \
    "<answers><box id='b'><many>hello 2</many></box><a>hello b 2</a></answers>" "$(two --driver another)"
sed 's/answers/more/' <schemas/capabilities-answers.rng >schemas/capabilities-more.rng
cat >two/derived.yaml <<'YAML'
rule: derived
document: capabilities-more
facts:
  box: {document: capabilities-answers, xpath: //box}
  many: {for: box, document: capabilities-answers, xpath: "//box[@id='${id}']/many"}
  count: {document: capabilities-answers, xpath: count(//box)}
emit:
  - {for: box, set: {a: '${id} ${one} ${many|default:-}'}}
  - {set: {a: '${count}'}}
YAML
is 'a document derived from another' '<more><a>a 1 -</a><a>b 2 hello 2</a><a>2</a></more>' \
    "$(HVPROBE_RULES=two "$binary" capabilities --dialect more --root root 2>errors | sed 's/^ *//; /^$/d' | tr -d '\n')"

# ---- 3.5 layers

mkdir -p low/deep middle high
cat >low/alpha.yaml <<'YAML'
rule: alpha
title: Alpha
document: capabilities-answers
tables:
  t: {a: '1', b: '2'}
paths:
  p: {any: [/bin/one, /bin/two]}
  q: {any: [/bin/q]}
facts:
  x: {text: low}
  y: {text: y}
  p: {path: p}
  q: {path: q}
checks:
  - {name: c1, title: check one, expect: x}
  - {title: check two, expect: y}
emit:
  - {name: first, set: {a: 'first ${x}'}}
  - name: nest
    set: {a: nest}
    emit:
      - {name: inner, set: {a: 'inner ${y}'}}
  - set: {a: ['t ${param.k|map:t}', '${p}', 'q ${q}']}
YAML
for name in beta gamma delta epsilon; do
    printf 'rule: %s\ndocument: capabilities-answers\nemit: [{set: {a: %s low}}]\n' $name $name
done | awk '/^rule/ { name = $2; dir = name == "epsilon" ? "low/deep/" : "low/" } { print >(dir name ".yaml") }'
sed 's/low/middle/' low/beta.yaml >middle/beta.yaml
: >middle/gamma.yaml
ln -s /dev/null middle/delta.yaml
cat >middle/50-more.yaml <<'YAML'
extends: alpha
title: Alpha changed
tables: {t: {b: two}, n: {q: q}}
paths: {p: {any: [/bin/zero], fedora: [/bin/fedora]}}
facts: {x: {text: middle}}
checks:
  - {name: c1, title: check one anew, expect: y}
  - {title: check three, expect: y}
emit:
  - {name: inner, set: {a: inner anew}}
  - {set: {a: added}}
YAML
cat >high/60-less.yaml <<'YAML'
extends: alpha
drop: [emit.first, paths.q, facts.q, tables.t.a]
emit: [{set: {a: high}}]
YAML
sed -i '/q \${q}/s/, .q \${q}.//' low/alpha.yaml
program root/bin/one root/bin/two
layers() { # LAYERS OPTION...: the answers of these layers, on one line
    local rules=$1
    shift
    HVPROBE_RULES=$rules "$binary" capabilities --dialect answers --root root -D k=b "$@" 2>errors |
        sed -n "s/ *<a>\(.*\)<\/a>/\1/p" | tr '\n' ','
}
is 'layers: one' 'first low,nest,inner y,t 2,/bin/one,beta low,delta low,epsilon low,gamma low,' "$(layers low)"
is 'layers: replaced, masked by an empty file and by /dev/null, extended' \
    'first middle,nest,inner anew,t two,/bin/one,added,beta middle,epsilon low,' "$(layers low:middle)"
is 'layers: dropped; additions stay in order' 'nest,inner anew,t two,/bin/one,added,high,beta middle,epsilon low,' \
    "$(layers low:middle:high)"
is 'layers: --rules goes on top' 'nest,inner anew,t two,/bin/one,added,high,beta middle,epsilon low,' \
    "$(layers low --rules middle --rules high)"
program root/bin/zero
is 'layers: candidates go before the earlier ones' \
    'first middle,nest,inner anew,t two,/bin/zero,added,beta middle,epsilon low,' "$(layers low:middle)"
of() { HVPROBE_RULES=low:middle:high "$binary" "$@" --root root 2>&1; }
has 'layers: checks merge by name, else by title' "$(of checks alpha)" 'check one anew' 'check two' 'check three' "!check one
"
has 'layers: rules names each file and what hides it' "$(of rules)" 'hidden by middle/beta.yaml' \
    'hides low/beta.yaml' 'hidden by middle/gamma.yaml' 'hidden by middle/delta.yaml' 'changes alpha'
has 'layers: rules RULE tells the origin of each line, and what it hides' "$(of rules alpha)" \
    'title: Alpha changed  # middle/50-more.yaml:2, hides low/alpha.yaml:2' 'text: middle  # middle/50-more.yaml:5' \
    'text: y  # low/alpha.yaml:11' '- /bin/zero  # middle/50-more.yaml:4' '- /bin/one  # low/alpha.yaml:7' \
    '# high/60-less.yaml:2 drops emit.first of low/alpha.yaml:18'
has 'layers: explain names layers and what they hide' "$(of explain alpha; of explain beta)" 'changed by middle/50-more.yaml' \
    'replaces facts.x of low/alpha.yaml:10' 'drops paths.q of low/alpha.yaml:8' 'from middle/beta.yaml:1, hides low/beta.yaml'
has 'layers: paths names file, line and layer, and what is dropped' "$(of paths alpha | tr -s ' ')" \
    '/bin/zero taken middle/50-more.yaml:4 middle' '/bin/one exists low/alpha.yaml:7 low' \
    '/bin/q dropped low/alpha.yaml:8 low dropped by high/60-less.yaml:2'

mkdir broken
breaks() { # NAME FILE: the layer broken, with this file, is left out, and the exit status says so
    rm -f broken/*
    cat >"broken/$2"
    is "layers: $1 is left out, the rest works" 'first low,nest,inner y,t 2,/bin/one,beta low,delta low,epsilon low,gamma low,' \
        "$(layers low:broken)"
    HVPROBE_RULES=low:broken "$binary" capabilities --dialect answers --root root >out.xml 2>errors
    is "layers: $1: status 3" 3 $?
    has "layers: $1 is reported" "$(cat errors)" "broken/$2:"
    HVPROBE_RULES=low:broken "$binary" capabilities --dialect answers --root root --strict >out.xml 2>errors
    is "layers: $1: --strict stops" "3:" "$?:$(cat out.xml)"
}
breaks 'a syntax error' 90-x.yaml <<<'extends: alpha
facts: {x: ['
breaks 'a misspelt key' 90-x.yaml <<<'extends: alpha
facts: {x: {txt: x}}'
breaks 'an unknown name' 90-x.yaml <<<'extends: alpha
emit: [{set: {a: "${nothing}"}}]'
breaks 'an overlay of nothing' 90-x.yaml <<<'extends: alpa
title: x'
breaks 'a drop of what is needed' 90-x.yaml <<<'extends: alpha
drop: facts.y'
breaks 'a broken replacement' beta.yaml <<<'rule: beta
emit: [{set: {nothing: x}, wen: y}]'
breaks 'a broken new rule' new.yaml <<<'rule: new
available: nothing
emit: [{set: {host/cpu/arch: x}}]'

# ---- 3.6 errors

mkdir wrong
cat >wrong/keys.yaml <<'YAML'
rule: keys
titel: x
facts:
  one: {file: /x, match: '(?<c>a)'}
  one: {file: /y}
  alias: *anchor
  two: {flie: /x}
  many: {file: /x, match: 'x*'}
  regex: {file: /x, match: '('}
  circle: {for: round, text: x}
  round: {from: circle}
  type: {text: x, first: maybe}
available: oen
emit:
  - set: {host/cpu/arch: '${one.d}'}
YAML
cat >wrong/names.yaml <<'YAML'
rule: names
tables: {sizes: {a: b}}
paths: {p: {Debian: [/x]}}
facts:
  used: {rows: [{col: x}]}
  col: {text: x}
emit:
  - for: used
    set: {host/cpu/arch: '${col}'}
  - set: {host/cpu/arch: '${used.co} ${used.col|uper} ${used.col|map:size}'}
  - set: {host/cpu/arhc: x}
YAML
printf 'rule: empty\n' >wrong/empty.yaml
printf -- '- a\n' >wrong/list.yaml
printf 'rule: tab\n\ttitle: x\n' >wrong/tab.yaml
printf 'rule: other\nfacts: {x: {file: /x}}\n' >wrong/name.yaml
messages=$(HVPROBE_RULES=none "$binary" lint wrong 2>&1)
is 'lint: status 1' 1 "$(HVPROBE_RULES=none "$binary" lint wrong >out.xml 2>&1; echo $?)"
error() { # NAME PLACE WORD...: some message at that place has these words
    local name=$1 line=$2 word
    line=$(grep -F "wrong/$line" <<<"$messages")
    shift 2
    for word; do
        [[ $line == *"$word"* ]] || { not_ok "error: $name: lacks $word" "$line"; return; }
    done
    ok "error: $name"
}
error 'a misspelt key' keys.yaml:2:1 "'titel'"
error 'a repeated key' keys.yaml:5:3 "'one'" 'line 4'
error 'an alias' keys.yaml:6:10 'alias'
error 'a misspelt source' keys.yaml:7:9 "'flie'"
error 'a regex that matches the empty string' keys.yaml:8: 'empty string'
error 'a regex that does not compile' keys.yaml:9: 'parenthesis'
error 'a cycle' keys.yaml:10: 'circle' 'round'
error 'a wrong type' keys.yaml:12:26 "'maybe'"
error 'a misspelt fact' keys.yaml:13:12 "'oen'"
error 'an unknown column' keys.yaml:15:33 "'d'"
error 'a name that means two things' names.yaml:9:29 "'col'"
error 'a misspelt column' names.yaml:10:34 "'co'"
error 'a misspelt filter' names.yaml:10:49 "'uper'"
error 'a misspelt table' names.yaml:10:70 "'size'"
error 'a selector' names.yaml:3:13 'capitals'
error 'an empty rule' empty.yaml:1:1 'nothing in it'
error 'a list for a rule' list.yaml:1:1 'mapping'
error 'a tab' tab.yaml:2:1 'tab'
error 'a rule in a file of another name' name.yaml:1:7 "'name.yaml'"
has 'error: the line with a caret, and the nearest name' "$messages" "    titel: x
    ^~~~~
    hint: did you mean 'title'?" "did you mean 'file'?" "did you mean 'one'?" "did you mean 'upper'?" "did you mean 'sizes'?"
mkdir warn
cat >warn/warn.yaml <<'YAML'
rule: warn
tables: {unused: {a: b}}
facts:
  idle: {file: /x}
  never: {rows: [{a: '1'}], where: {a: '2'}}
emit:
  - set: {host/cpu/arch: x}
YAML
messages=$(HVPROBE_RULES=none "$binary" lint warn 2>&1)
is 'lint: warnings alone: status 0' 0 $?
has 'lint: unused tables and facts are warnings' "$messages" "warn.yaml:2:10" "warning: table 'unused'" "warning: fact 'idle'" '!error'
printf 'rule: element\nemit: [{set: {host/cpu/arhc: x}}]\n' >warn/element.yaml
has 'lint: elements that the schema does not have' "$(HVPROBE_RULES=none "$binary" lint warn/element.yaml 2>&1)" \
    "element.yaml:2:15" "arhc" "did you mean 'arch'?"

# ---- exec, timeout, cache: this host only

cat >rules/t.yaml <<YAML
rule: t
document: capabilities-answers
facts:
  run: {exec: [/bin/sh, -c, 'cat; echo "\$\$1"; env; exit 3', sh, 'a b; c'], input: "in\n"}
  match: {exec: [/bin/echo, 'n=5'], match: '=(?<n>\d)'}
  none: {exec: [/nonexistent/program]}
  kept: {exec: [/bin/date, '+%N'], cache: yes}
  names: {file: $work/names, strings: '[a-z]+', cache: yes}
emit:
  - set: {a: ['\${run}', '\${run.status} \${match.n}', 'none\${none|count}', 'kept\${kept|trim}', '\${names}']}
YAML
executed() { HVPROBE_RULES=rules HVPROBE_CACHE=$work/cache "$binary" capabilities --dialect answers "$@" 2>errors | tr '\n' ' '; }
printf 'old' >names
first=$(executed --exec)
second=$(executed --exec)
has 'exec: arguments, input, no environment, status' "$first" '<a>in a b; c' '<a>3 5</a>' '!HOME=' '!PATH=/usr'
has 'exec: a program that is not there is none' "$first" '<a>none0</a>'
is 'cache: what a program said' "$first" "$second"
printf 'newer' >names
has 'cache: a file that changed is read again' "$(executed --exec)" '<a>newer</a>' '!<a>old'
cat >rules/t.yaml.new <<'YAML'
rule: t
document: capabilities-answers
facts: {slow: {exec: [/bin/sleep, '9'], timeout: 1}}
emit: [{when: {not: slow}, set: {a: none}}, {when: slow, set: {a: some}}, {set: {a: over}}]
YAML
has 'exec: not without --exec' "$(executed)" '<answers>' '!<a>in' '!none0' '<a>newer</a>'
has 'exec: never on a directory' "$(executed --exec --root /)" '!<a>in' '!none0'

mv rules/t.yaml.new rules/t.yaml
is 'exec: what takes too long is unknown' '<answers>   <a>over</a> </answers> ' "$(executed --exec)"

# ---- the examples

mkdir -p examples/rules examples/site
cp tables.yaml examples/rules/
cat >examples/rules/xen.yaml <<'YAML'
rule: xen                      # unique id, same as the file name
title: Xen
driver: xen                    # selected with `hvprobe capabilities --driver xen`

tables:                        # named look-ups
  arch: {x86_32: i686, x86_64: x86_64, ia64: ia64, powerpc64: ppc64}

paths:                         # per-distribution path tables
  emulator:
    debian>=12: [/usr/libexec/xen-qemu-system-i386]
    any: [/usr/lib64/xen/bin/qemu-dm, /usr/lib/xen/bin/qemu-dm, /usr/lib/xen/bin/qemu-system-i386]
  loader:
    any: [/usr/lib/xen/boot/hvmloader, /usr/libexec/xen/boot/hvmloader]

facts:                         # observations; each is a table of rows
  control_domain: {file: /proc/xen/capabilities, match: control_d}
  token:
    file: /sys/hypervisor/properties/capabilities
    match: '\b(?<type>xen|hvm)-(?<version>\d+\.\d+)-(?<cpu>x86_32|x86_64|ia64|powerpc64)(?<mode>p|be)?\b'
    with: {arch: '${cpu|map:arch}'}
  emulator: {path: emulator}
  loader: {path: loader}

available: [control_domain, token]      # else the rule emits nothing

checks:
  - expect: control_domain
    title: this kernel is the Xen control domain
    otherwise: fail
    hint: boot the host through the Xen hypervisor entry of the boot loader

emit:
  - for: token
    at: guest[os_type='${type}'][arch/@name='${arch}']
    set:
      arch/wordsize: '${arch|map:tables.wordsize}'
      arch/emulator: '${emulator}'
      arch/domain[@type='xen']:
    emit:
      - when: {type: xen}
        set: {arch/machine: xenpv}
      - when: {type: hvm}
        set:
          arch/machine: xenfv
          arch/loader: '${loader}'
          features/acpi: {default: 'on', toggle: 'yes'}
          features/apic: {default: 'on', toggle: 'yes'}
      - when: {cpu: x86_32, mode: p}
        set: {features/pae: }
YAML
cat >examples/rules/kvm.yaml <<'YAML'
rule: kvm
title: KVM
driver: qemu

facts:
  device: {file: /dev/kvm, type: char}
  usable: {ioctl: /dev/kvm, request: 0xae00, where: {result: '12'}}      # KVM_GET_API_VERSION
  arm32: {ioctl: /dev/kvm, request: 0xae03, argument: 93, where: {not: {result: '0'}}}   # KVM_CAP_ARM_EL1_32BIT
  runs:
    rows:
      - {host: x86_64, arch: x86_64}
      - {host: x86_64, arch: i686}
      - {host: aarch64, arch: aarch64}
      - {host: s390x, arch: s390x}
    where: {host: '${host.arch}'}

available: usable

checks:
  - expect: device
    title: /dev/kvm exists
    otherwise: fail
    hint: load kvm_intel or kvm_amd; if that fails, switch virtualisation on in the firmware setup
  - expect: usable
    when: device
    title: /dev/kvm answers to this user
    otherwise: fail
    hint: join the group that owns /dev/kvm (often "kvm") and log in again

emit:
  - for: qemu.emulator
    when: {arch: {in: runs.arch}}
    at: guest[os_type='hvm'][arch/@name='${arch}']/arch
    set: {"domain[@type='kvm']": }
YAML
cat >examples/rules/qemu.yaml <<'YAML'
# Shortened: three targets of some thirty.
rule: qemu
title: QEMU
driver: qemu

tables:
  alias: {pc-i440fx: pc, pc-q35: q35, virt: virt, pseries: pseries, s390-ccw-virtio: s390-ccw-virtio}

paths:
  emulator:
    nixos: ['/run/libvirt/nix-emulators/qemu-system-${target}']
    any: ['/usr/bin/qemu-system-${target}', '/usr/local/bin/qemu-system-${target}']
  native:                                   # one binary for the host's own architectures
    rhel: [/usr/libexec/qemu-kvm]
  image:                                    # the ELF file behind a wrapper script
    debian: ['/usr/libexec/qemu-system-${target}']
    any: ['${emulator}']

facts:
  system:
    rows:
      - {target: x86_64, arch: x86_64, host: x86_64, favourite: pc-i440fx}
      - {target: i386, arch: i686, host: x86_64, favourite: pc-i440fx}
      - {target: aarch64, arch: aarch64, host: aarch64, favourite: virt}
  by_name: {for: system, path: emulator}
  by_host: {for: system, path: native, where: {host: '${host.arch}'}}
  emulator: {from: [by_name, by_host], distinct: [arch]}
  image: {for: emulator, path: image}

  # Machine types without running anything: names in the read-only data.
  machine:
    for: image
    file: '${path}'
    strings: '(?<=\0)(?<name>[A-Za-z0-9][\w.+-]*)-machine(?=\0)'
    cache: yes
    where:
      not: {any: [{name: [none, query-current, generic-pc, x86]}, {'${target}/${name}': [arm/virt, aarch64/virt]}]}
  versioned:
    for: machine
    text: '${name}'
    match: '^(?<family>pc-i440fx|pc-q35|virt|pseries|s390-ccw-virtio)-(?<version>\d[\d.]*)$'
  newest: {from: versioned, sort: [-version], distinct: [arch, family]}

available: emulator

emit:
  - for: emulator
    at: guest[os_type='hvm'][arch/@name='${arch}']
    set:
      arch/wordsize: '${arch|map:tables.wordsize}'
      arch/emulator: '${path}'
      arch/domain[@type='qemu']:
      features/cpuselection:
      features/deviceboot:
      features/disksnapshot: {default: 'on', toggle: 'no'}
    emit:
      - for: newest                         # the favourite family's newest, and its alias, come first
        when: {family: '${favourite}'}
        set: {arch/machine: [{text: '${name}'}, {text: '${family|map:alias}', canonical: '${name}'}]}
      - for: machine
        set: {arch/machine: '${name}'}
        emit:
          - for: newest                     # rows that stem from this name: none or one
            set: {arch/machine: {text: '${family|map:alias}', canonical: '${name}'}}
YAML
cat >examples/rules/topology.yaml <<'YAML'
rule: topology
title: NUMA cells and processors

facts:
  cell: {glob: '/sys/devices/system/node/node[0-9]*', match: 'node(?<id>\d+)$'}
  memory: {for: cell, file: '${path}/meminfo', match: 'MemTotal:\s+(?<kib>\d+) kB'}
  processor: {for: cell, file: '${path}/cpulist', cpuset: yes, with: {cpu: '${text}'}}
  place:
    for: processor
    attributes: '/sys/devices/system/cpu/cpu${cpu}/topology'
    names: [physical_package_id, die_id, core_id, thread_siblings_list]
  bank:
    glob: '/sys/devices/system/cpu/cpu[0-9]*/cache/index[0-9]*'
  cache:
    for: bank
    attributes: '${path}'
    names: [id, level, type, size, shared_cpu_list]
    where: {level: '>= 3'}
    distinct: [level, type, id]

emit:
  - for: cell
    at: host/topology/cells/cell[@id='${id}']
    set:
      memory: {unit: KiB, text: '${memory.kib}'}
      cpus/@num: '${processor|count}'
    emit:
      - for: processor
        at: cpus/cpu[@id='${cpu}']
        set:
          '@socket_id': '${place.physical_package_id|default:0}'
          '@die_id': '${place.die_id|default:0}'
          '@core_id': '${place.core_id}'
          '@siblings': '${place.thread_siblings_list|cpuset}'
  - when: cell
    at: host/topology/cells
    set: {'@num': '${cell|count}'}
  - for: cache
    at: host/cache/bank[@id='${id}'][@level='${level}']
    set:
      '@type': '${type|map:tables.cache_type}'
      '@size': '${size|bytes|scale}'
      '@unit': '${size|bytes|unit}'
      '@cpus': '${shared_cpu_list|cpuset}'
YAML
cat >examples/site/90-site.yaml <<'YAML'
# /etc/hvprobe/rules.d/90-site.yaml
extends: qemu
paths:
  emulator:
    any: ['/opt/qemu/bin/qemu-system-${target}']
YAML
host=$work/host
mkdir -p "$host"/{bin,etc,proc/xen,sys/hypervisor/properties} "$host"/sys/devices/system/{node/node{0,1},cpu}
head -c 64 "$(command -v sh)" >"$host/bin/sh"
printf 'ID=debian\nVERSION_ID="12"\n' >"$host/etc/os-release"
echo control_d >"$host/proc/xen/capabilities"
echo 'xen-3.0-x86_64 xen-3.0-x86_32p hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64' >"$host/sys/hypervisor/properties/capabilities"
program "$host"/usr/libexec/xen-qemu-system-i386 "$host"/usr/lib/xen/bin/qemu-dm "$host"/usr/lib/xen/boot/hvmloader \
    "$host"/usr/bin/qemu-system-{x86_64,i386,aarch64} "$host"/opt/qemu/bin/qemu-system-x86_64
printf '\0none-machine\0x86-machine\0isapc-machine\0pc-i440fx-9.1-machine\0pc-i440fx-10.0-machine\0pc-q35-9.1-machine\0' |
    tee "$host/usr/bin/qemu-system-x86_64" "$host/usr/bin/qemu-system-i386" >"$host/opt/qemu/bin/qemu-system-x86_64"
printf '\0virt-machine\0raspi3b-machine\0virt-9.1-machine\0virt-10.0-machine\0' >"$host/usr/bin/qemu-system-aarch64"
for node in 0 1; do
    echo "Node $node MemTotal:       $((node * 1000 + 1000)) kB" >"$host/sys/devices/system/node/node$node/meminfo"
    echo $((node * 2))-$((node * 2 + 1)) >"$host/sys/devices/system/node/node$node/cpulist"
done
for cpu in 0 1 2 3; do
    directory=$host/sys/devices/system/cpu/cpu$cpu
    mkdir -p "$directory/topology" "$directory/cache/index3"
    echo $((cpu / 2)) | tee "$directory/topology/physical_package_id" >"$directory/cache/index3/id"
    echo $((cpu % 2)) >"$directory/topology/core_id"
    echo $((cpu / 2 * 2)),$((cpu / 2 * 2 + 1)) | tee "$directory/topology/thread_siblings_list" >"$directory/cache/index3/shared_cpu_list"
    echo 3 >"$directory/cache/index3/level"
    echo Unified >"$directory/cache/index3/type"
    echo 16384K >"$directory/cache/index3/size"
done
examples() { HVPROBE_RULES=$work/examples/rules "$binary" "$@" 2>errors; }
on_one_line() { sed 's/^ *//; /^$/d' | tr -d '\n'; }
examples lint >out.xml
is 'examples: lint' '0 ' "$? $(grep -c error: out.xml errors | grep -v ':0' | tr '\n' ' ')"
whole=$(examples --root "$host" capabilities --driver xen | on_one_line)
has 'example xen: paravirtual' "$whole" \
    "<guest><os_type>xen</os_type><arch name='x86_64'><wordsize>64</wordsize><emulator>/usr/libexec/xen-qemu-system-i386</emulator><machine>xenpv</machine><domain type='xen'/></arch></guest>"
has 'example xen: PAE' "$whole" \
    "<os_type>xen</os_type><arch name='i686'><wordsize>32</wordsize><emulator>/usr/libexec/xen-qemu-system-i386</emulator><machine>xenpv</machine><domain type='xen'/></arch><features><pae/></features>"
has 'example xen: full' "$whole" \
    "<guest><os_type>hvm</os_type><arch name='x86_64'><wordsize>64</wordsize><emulator>/usr/libexec/xen-qemu-system-i386</emulator><loader>/usr/lib/xen/boot/hvmloader</loader><machine>xenfv</machine><domain type='xen'/></arch><features><acpi default='on' toggle='yes'/><apic default='on' toggle='yes'/></features></guest>"
has 'example xen: the check' "$(examples --root "$host" checks xen)" 'PASS' 'control domain'
rm "$host/proc/xen/capabilities"
has 'example xen: not in the control domain' "$(examples --root "$host" capabilities --driver xen)" '<topology>' '!<guest>'
examples --root "$host" checks xen >out.xml
is 'example xen: the check fails, status 1' 1 $?
machines="<machine>pc-i440fx-10.0</machine><machine canonical='pc-i440fx-10.0'>pc</machine><machine>isapc</machine><machine>pc-i440fx-9.1</machine><machine>pc-q35-9.1</machine><machine canonical='pc-q35-9.1'>q35</machine>"
has 'example qemu: the favourite first, an alias after what it stands for' "$(examples --root "$host" capabilities --driver qemu | on_one_line)" \
    "<arch name='x86_64'><wordsize>64</wordsize><emulator>/usr/bin/qemu-system-x86_64</emulator>$machines<domain type='qemu'/></arch><features><cpuselection/><deviceboot/><disksnapshot default='on' toggle='no'/></features>" \
    "<arch name='aarch64'><wordsize>64</wordsize><emulator>/usr/bin/qemu-system-aarch64</emulator><machine>virt-10.0</machine><machine canonical='virt-10.0'>virt</machine><machine>raspi3b</machine>" \
    '!none</machine>' '!>x86<'
has 'example 90-site: its candidate goes first' \
    "$(examples --root "$host" capabilities --driver qemu --rules examples/site | on_one_line)" \
    "<emulator>/opt/qemu/bin/qemu-system-x86_64</emulator>" "<emulator>/usr/bin/qemu-system-aarch64</emulator>"
topology="<cell id='1'><memory unit='KiB'>2000</memory><cpus num='2'><cpu id='2' socket_id='1' die_id='0' core_id='0' siblings='2-3'/><cpu id='3' socket_id='1' die_id='0' core_id='1' siblings='2-3'/></cpus></cell></cells></topology>"
has 'example topology' "$(examples --root "$host" capabilities | on_one_line)" "<cells num='2'><cell id='0'>" "$topology" \
    "<bank id='1' level='3' type='both' size='16' unit='MiB' cpus='2-3'/>"
mkdir -p snapshot
cp -r "$host" snapshot/root
cat >snapshot/snapshot.yaml <<'YAML'
hvprobe-snapshot: 1
uname: {sysname: Linux, nodename: n, release: 6.1.0, version: '#1', machine: x86_64}
nodes: [{path: /dev/kvm, type: char, mode: '0660', access: rw}]
ioctl: [{path: /dev/kvm, request: 0xae00, argument: 0, result: 12}]
YAML
kvm=$(examples --snapshot snapshot capabilities --driver qemu | on_one_line)
has 'example kvm: meets what qemu made, and comes after it' "$kvm" "<domain type='qemu'/><domain type='kvm'/></arch>"
has 'example kvm: only for the architectures of the host' "$kvm" \
    "<machine canonical='virt-10.0'>virt</machine><machine>raspi3b</machine><machine>virt-9.1</machine><domain type='qemu'/></arch>"
sed -i '/^ioctl/d' snapshot/snapshot.yaml
has 'example kvm: what was not recorded is unknown' "$(examples --snapshot snapshot capabilities --driver qemu; examples --snapshot snapshot checks kvm)" \
    "!domain type='kvm'" UNKNOWN '/dev/kvm answers'

# ---- 4 the shipped rules keep the order that clients read

shipped() { HVPROBE_RULES=$tree/rules "$binary" --root "$host" capabilities --driver qemu "$@" 2>errors | on_one_line; }
whole=$(shipped)
is "the host's own architecture comes first" x86_64 "$(grep -o "<arch name='[^']*" <<<"$whole" | head -n 1 | cut -d"'" -f2)"
is 'so it does on another host' aarch64 "$(shipped --arch aarch64 | grep -o "<arch name='[^']*" | head -n 1 | cut -d"'" -f2)"
has 'the favourite machine first, an alias right after what it stands for' "$whole" "</emulator><machine>pc-i440fx-10.0</machine><machine canonical='pc-i440fx-10.0'>pc</machine>" \
    "<machine>pc-q35-9.1</machine><machine canonical='pc-q35-9.1'>q35</machine>"
clustered=${topology#*</memory>}
clustered=${clustered//core_id/cluster_id=\'0\' core_id}
has 'a NUMA cell has all its parts' "$whole" "<cells num='2'><cell id='0'><memory unit='KiB'>1000</memory>" "$clustered"
rm "$host/sys/devices/system/node/node1/meminfo"
has 'or there is no topology' "$(shipped)" '!<topology>' '<bank '
exit $status
