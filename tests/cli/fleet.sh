#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fleet.sh BINARY: what many hosts have in common, and what not.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
top=$PWD
can 'lines are JSON' jq || exit 0
cd "$work" || exit 2
fleet() { "$binary" fleet "$@" 2>err; }

guest() { # MACHINES
    echo "{\"os_type\":\"hvm\",\"arch\":{\"name\":\"x86_64\",\"wordsize\":64,\"emulator\":\"/usr/bin/one\",\"machine\":[$1],\"domain\":[{\"type\":\"qemu\"},{\"type\":\"kvm\"}]},\"features\":{\"acpi\":{\"default\":\"on\",\"toggle\":\"yes\"}}}"
}
host() { # NAME UUID MODEL FEATURES GUESTS
    echo "{\"host\":\"$1\",\"status\":0,\"documents\":{\"capabilities\":{\"host\":{\"uuid\":\"$2\",\"cpu\":{\"arch\":\"x86_64\",\"model\":\"$3\",\"feature\":[$4]}},\"guest\":[$5]}},\"messages\":[]}"
}
first='{"maxCpus":255,"text":"board-7.2"},{"canonical":"board-7.2","maxCpus":255,"text":"board"},{"maxCpus":288,"text":"other-7.2"}'
second='{"maxCpus":255,"text":"board-9.1"},{"canonical":"board-9.1","maxCpus":255,"text":"board"},{"maxCpus":255,"text":"board-7.2"},{"maxCpus":240,"text":"other-7.2"}'
container='{"os_type":"exe","arch":{"name":"x86_64","wordsize":64,"domain":[{"type":"lxc"}]}}'
host a c7a5fdbd-edaf-9455-926a-d65c16db1809 Older '{"name":"vmx"},{"name":"avx2"}' "$(guest "$first")" >lines
host b c7a5fdbd-edaf-9455-926a-d65c16db1810 Newer '{"name":"svm"},{"name":"avx2"}' "$(guest "$second"),$container" >>lines
cp lines broken
echo '{"host":"c","status":4,"documents":{},"messages":[{"level":"error","text":"c: does not exist","file":null,"line":null}]}' >>broken

common=$(fleet intersect lines)
is 'intersect: status 0' 0 $?
printf '%s\n' "$common" >common.xml
says 'what is common is a valid document' 0 '' "$binary" validate common.xml
has_not() { if grep -qF -- "$2" common.xml; then not_ok "$1" "$common"; else ok "$1"; fi; }
has 'a machine is common by what it stands for' "$common" "      <machine maxCpus='255'>board-7.2</machine>"
has 'of numbers the least counts' "$common" "      <machine maxCpus='240'>other-7.2</machine>"
has_not 'an alias that stands for two machines is none' '>board<'
has 'domain types' "$common" "      <domain type='kvm'/>"
has 'features of processors' "$common" "      <feature name='avx2'/>"
has_not 'not of one of them' vmx
has_not 'nor a model that differs' model
has_not "nor what is one host's own" uuid
has_not 'nor a guest of one host' exe
says 'intersect --why tells what is not common' 0 'not everywhere: /capabilities/host/cpu/model (otherwise on b)' "$binary" fleet intersect --why lines
is 'intersect as JSON' '["qemu","kvm"]' "$(fleet intersect lines --format json | jq -c '[.guest[0].arch.domain[].type]')"
says 'an unknown host makes the answer incomplete' 5 'c is unknown' "$binary" fleet intersect broken
is 'and is not taken for one that has nothing' "$common" "$(fleet intersect broken)"

table=$(fleet group --by domain broken)
has 'group: a line a group' "$table" 'kvm         2'
has 'an unknown host is a group of its own' "$table" 'unknown     1'
is 'group as JSON has names' '["a","b"]' "$(fleet group --by domain --by arch broken --format json | jq -c '.[] | select(.domain == "kvm") | .names')"
is 'columns with commas, in any letters' '2' "$(fleet group --by HOST-ARCH,Model lines --format json | jq length)"
says 'no such column' 2 'HOST_ARCH' "$binary" fleet group --by colour lines
says 'no column' 2 'group needs --by' "$binary" fleet group lines

is 'missing: hosts that lack it, and those that nobody knows' '[["a","missing"],["c","unknown"]]' \
    "$(fleet missing "//domain[@type='lxc']" broken --format json | jq -c '[.[] | [.host, .state]]')"
says 'missing nothing' 0 '!missing' "$binary" fleet missing //domain lines
says 'a broken XPath' 2 'bad XPath' "$binary" fleet missing '//[' lines

out=$(fleet differ a b lines)
is 'differ: status 1 where they differ' 1 $?
is 'differ: by node path, what each side says' '{"path":"/capabilities/host/cpu/model","a":"Older","b":"Newer"}' \
    "$(fleet differ a b lines --format json | jq -c '.[] | select(.path | endswith("model"))')"
is 'what only one has is said once' 1 "$(grep -c "os_type='exe'" <<<"$out")"
says 'a path is XPath' 0 '' bash -c "'$binary' fleet missing \"/capabilities/guest[os_type='exe'][arch/@name='x86_64']\" lines | grep -q '^a'"
head -1 lines >one
says 'differ: status 0 where they do not' 0 '!uuid' "$binary" fleet differ one one
says 'differ needs two' 2 'needs two hosts' "$binary" fleet differ one
says 'no such host' 2 "no host 'x'" "$binary" fleet differ a x lines
says 'an unknown host differs in nobody knows what' 5 'c is unknown' "$binary" fleet differ a c broken

# Snapshots are asked, and give the same as their lines.
for name in debian-12 elf-arm-interfaces; do "$binary" --root "$top/tests/rules/qemu/$name/root" capture -o $name.tar.gz 2>/dev/null; done
"$binary" batch debian-12.tar.gz elf-arm-interfaces.tar.gz >made
for question in 'group --by domain,arch --names' intersect 'missing //guest' 'differ'; do
    # shellcheck disable=SC2086
    is "$question: of snapshots what of their lines" "$(fleet $question $([ "$question" != differ ] || echo debian-12.tar.gz elf-arm-interfaces.tar.gz) made)" \
        "$(fleet $question debian-12.tar.gz elf-arm-interfaces.tar.gz)"
done
is 'lines from a pipe' "$(fleet group --by arch made)" "$("$binary" batch debian-12.tar.gz elf-arm-interfaces.tar.gz | fleet group --by arch -)"
is 'a line holds all that XML has' "$("$binary" --snapshot debian-12.tar.gz | sed '/<uuid>/d')" "$(fleet intersect debian-12.tar.gz)"
says 'what is no line' 4 "other:1: this is no line" bash -c "echo '{\"a\": 1}' >other; '$binary' fleet group --by arch other"

# A page that needs nothing else.
fleet group --by arch,domain broken --html page.html >table.txt
fleet group --by arch,domain broken --format html >page2.html
check '--format html and --html are one page' cmp -s page.html page2.html
says '--html prints the table, too' 0 kvm cat table.txt
is 'it loads nothing' 0 "$(grep -cE '(src|href)=|@import|url\(|<script' page.html)"
sed 1d page.html | sed 's/<meta[^>]*>//g; s/<br>//g' >page.xml
if can 'it is well-formed' xmllint; then
    check 'it is well-formed, but for HTML itself' xmllint --noout page.xml
    is 'with a plot' 1 "$(xmllint --xpath 'count(//*[local-name() = "svg"]/*[local-name() = "g"]/*[local-name() = "rect"]) > 2' page.xml | sed 's/true/1/')"
fi
sed 's/"host":"a"/"host":"<b>\&"/' lines >odd
is 'a name is no markup' 0 "$(fleet group --by arch --names odd --format html | grep -c '<b>')"
is 'a phone scrolls the tables, not the page' "$(grep -c '<table>' page.html)" "$(grep -c '<div><table>' page.html)"
says 'intersect is no page' 2 'no page of HTML' "$binary" fleet intersect lines --format html
says 'no question' 2 'needs a question' "$binary" fleet
says 'another question' 2 "did you mean 'group'" "$binary" fleet grup lines
exit $status
