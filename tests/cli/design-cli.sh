#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# design-cli.sh BINARY: the promises of DESIGN 5, 7 and 9, as somebody outside sees them.
set -u
. "$(dirname "$0")/../results.sh"
chmod 755 "$work"
this_tree
. tests/fault/faults.bash
escape=$(printf '\033')

hv() { timeout 20 "$binary" "$@" >"$work/out" 2>"$work/err" </dev/null; }
# expect STATUS NAME ARGS...: a usage error prints nothing but a message.
expect() {
    local wanted=$1 name=$2 got
    shift 2
    hv "$@"
    got=$?
    [ $got = "$wanted" ] && { [ "$wanted" != 2 ] || { [ ! -s "$work/out" ] && [ -s "$work/err" ]; }; }
    result $? "$name"
}
says() { grep -q -- "$1" "$work/err"; }
prints() { grep -qE -- "$1" "$work/out"; }

# --- Commands and options (5)
hv --help
for command in capabilities list detect checks explain machines domain paths rules lint test validate capture; do
    grep -q "^  $command  *[A-Za-z]" "$work/out"
    result $? "help lists $command"
done
for option in root snapshot rules arch format exec lang color strict version help; do
    grep -q -- "--$option" "$work/out"
    result $? "help lists --$option"
done
host=tests/rules/kvm/x86_64/snapshot
hv --snapshot $host && cp "$work/out" "$work/default"
hv --snapshot $host capabilities && cmp -s "$work/out" "$work/default"
result $? 'without a command: capabilities'
hv --driver qemu --snapshot $host && cmp -s "$work/out" "$work/default"
result $? 'whose options may be given then'
hv --driver xen --snapshot $host && [ ! -s "$work/err" ]
result $? 'a driver whose rules are not loaded is one all the same'
expect 2 'a driver that no rule has is refused' --driver qemuu --snapshot $host
grep -qxF "hvprobe: there is no driver 'qemuu'; did you mean 'qemu'?" "$work/err"
result $? 'a driver that no rule has is named'

hv explain --snapshot $host guest/os_type && grep -q '^/capabilities/guest\[1\]/os_type$' "$work/out"
result $? 'explain takes paths as rules write them'
grep -q 'rule qemu, for ' "$work/out" && grep -qE '^    made +os_type  \[.*qemu.yaml:[0-9]+\]$' "$work/out"
result $? 'and says who made what stands in a path only'
hv explain --snapshot $host '//arch/@name' && [ "$(sed -n 2p "$work/out" | cut -c1-14)" = '    rule qemu,' ]
result $? 'also of attributes'
hv explain --snapshot $host / && [ "$(cat "$work/out")" = / ]
result $? 'of the document itself there is nothing to say'
expect 2 'explain has one format' explain --snapshot $host --format json
hv list --snapshot $host --fullvirt && cp "$work/out" "$work/full" && hv list --snapshot $host --fullvirt --container && cmp -s "$work/out" "$work/full" && grep -q hvm "$work/out"
result $? 'filters of one group add up'

mkdir -p "$work/schemas/views"
cat >"$work/schemas/views/list.yaml" <<'YAML'
view: list
document: capabilities
rows: /capabilities/guest/arch
columns:
  - {name: ARCH, xpath: '@name', upper: yes}
  - {name: LOADER, xpath: loader, else: emulator}
  - {name: NOTHING, xpath: none, else: neither}
  - {name: FIRST, xpath: machine}
  - {name: SECOND, xpath: 'machine[2]'}
YAML
HVPROBE_SCHEMAS=$work/schemas:$PWD/schemas hv list --snapshot $host --format lines
first=$(head -n 1 "$work/out" | tr '\t' '|')
result "$([[ $first =~ ^X86_64\|/[^|]*\|\|pc[^|]*\|[^|]+$ ]]; echo $?)" 'a view of one'"'"'s own: upper, else, the first of many, other XPath'
sed -i 's/upper: yes/upper: 1/' "$work/schemas/views/list.yaml"
HVPROBE_SCHEMAS=$work/schemas:$PWD/schemas expect 3 'and one that is wrong' list --snapshot $host
says "'upper' should be yes or no"
result $? 'which is told with what is wrong'
hv capabilities --snapshot=$host && cmp -s "$work/out" "$work/default"
result $? 'options may stand after the command, and have ='
hv --snapshot $host -- capabilities >/dev/null
[ $? = 2 ] || cmp -s "$work/out" "$work/default"
result $? 'after -- there are only words'
expect 2 'a format that a command does not have' --snapshot $host capabilities --format table
for jobs in 0 -1 x ''; do
    expect 2 "-j '$jobs'" -j "$jobs" --snapshot $host list
done
expect 0 '-j 2' -j 2 --snapshot $host list
hv --color always --snapshot $host checks kvm
prints "$escape" && hv --snapshot $host checks kvm && ! prints "$escape"
result $? 'colours when wanted, never when not'
expect 2 '--color sometimes' --color sometimes list
expect 2 'a rule that is not there' --snapshot $host explain kwm
says "did you mean 'kvm'"
result $? 'the nearest rule is named'
hv --snapshot $host list --fullvirt --bits 64 --domain kvm --format lines
[ "$(cut -f 1-4 "$work/out")" = "$(printf 'hvm\tx86_64\t64\tkvm')" ]
result $? 'filters of list hold together'
hv --snapshot $host detect
[ $? = 0 ] && [ ! -s "$work/err" ]
result $? 'detect on bare metal'

# --- Results and everything else are apart
mkdir "$work/layer"
printf 'rule: broken\nfacts: {a: {flie: /x}}\n' >"$work/layer/broken.yaml"
hv --rules "$work/layer" --snapshot $host
[ $? = 3 ] && cmp -s "$work/out" "$work/default" && says 'broken.yaml:2:'
result $? 'a broken overlay: status 3, the same result, a message elsewhere'
expect 3 'a broken rule that is asked for' --rules "$work/layer" --snapshot $host explain broken
printf 'extends: kvm\nfacts: {a: {flie: /x}}\n' >"$work/layer/90-kvm.yaml"
hv --rules "$work/layer" --snapshot tests/rules/kvm/checks-no-access/snapshot checks kvm
[ $? = 3 ] && prints '^FAIL'
result $? 'a FAIL beside a broken rule'
hv --strict --rules "$work/layer" --snapshot $host
[ $? = 3 ] && [ ! -s "$work/out" ]
result $? '--strict stops'
rm "$work/layer"/*.yaml

# --- Snapshots (7)
shot=$work/shot
snapshot() { # reads snapshot.yaml
    rm -rf "$shot"
    mkdir -p "$shot"
    cat >"$shot/snapshot.yaml"
}
design() {
    snapshot <<'YAML'
hvprobe-snapshot: 1
taken: 2026-11-22T11:00:00Z
uname: {sysname: Linux, nodename: build7, release: 6.1.0-30-amd64, version: '#1 SMP', machine: x86_64}
cpuid:
  - {leaf: 0x40000000, subleaf: 0, eax: 0x40000001, ebx: 0x4b4d564b, ecx: 0x564b4d56, edx: 0x0000004d}
nodes:                       # what cannot be stored as a file
  - {path: /dev/kvm, type: char, mode: '0660', access: rw}
ioctl:
  - {path: /dev/kvm, request: 0xae00, argument: 0, result: 12}
exec:
  - {argv: [/usr/bin/qemu-system-x86_64, -machine, help], status: 0, stdout: "Supported machines are:\n…"}
YAML
    mkdir -p "$shot/root/usr/bin"
    printf 'x\0pc-i440fx-9.9-machine\0' >"$shot/root/usr/bin/qemu-system-x86_64"
    chmod 755 "$shot/root/usr/bin/qemu-system-x86_64"
}
has_kvm() { hv --snapshot "$shot" list --domain kvm --format lines && [ ! -s "$work/err" ] && [ -s "$work/out" ]; }
design
has_kvm
result $? "the design's own snapshot"
hv --snapshot "$shot" detect && [ "$(cat "$work/out")" = kvm ]
result $? 'its CPUID'
# edit NAME YES-OR-NO SED: with and without the domain type.
edit() {
    design
    sed -i "$3" "$shot/snapshot.yaml"
    has_kvm
    [ "$(($? == 0))" = "$2" ]
    result $? "$1"
}
edit 'ioctl in decimal' 1 's/0xae00/44544/; s/result: 12/result: 0xc/'
edit 'ioctl without argument' 1 's/argument: 0, //'
edit 'another spelling of the path' 1 's#path: /dev/kvm, request#path: //dev/./kvm, request#'
edit 'another version' 0 's/result: 12/result: 11/'
edit 'an error' 0 's/result: 12/error: EACCES/'
edit 'no record' 0 '/request/d; /^ioctl/d'
edit 'no access' 0 "s/access: rw/access: ''/"
edit 'keys in any order' 1 's/{path: \(.*\), type: char, mode: .0660., access: rw}/{access: rw, mode: "0660", type: char, path: \1}/'
# bad NAME MESSAGE SED: refused with a place.
bad() {
    design
    sed -i "$3" "$shot/snapshot.yaml"
    hv --snapshot "$shot"
    [ $? = 4 ] && says "$2" && says 'snapshot.yaml:[0-9]*:[0-9]*' && [ ! -s "$work/out" ]
    result $? "$1"
}
bad 'version 2' 'version 1 only' '1s/1/2/'
bad 'no version' "hvprobe-snapshot: 1" '1d'
bad 'an unknown section' "did you mean 'nodes'" 's/^nodes:/node:/'
bad 'an unknown key' "did you mean 'request'" 's/request/requets/'
bad 'text for a list' 'list' 's/argv: \[[^]]*\]/argv: ls/'
bad 'a list for a mapping' 'uname should be a mapping' 's/^uname: .*/uname: []/'
bad 'no number' 'leaf should be a number' 's/leaf: 0x40000000/leaf: high/'
bad 'a mode that is none' 'octal' 's/0660/0999/'
bad 'a path that is none' 'absolute path' 's#{path: /dev/kvm, type#{path: dev/kvm, type#'
bad 'an alias' 'anchors' 's/^taken: /taken: \&a /'
snapshot <<<'hvprobe-snapshot: 1'
hv --snapshot "$shot" && [ ! -s "$work/err" ] && hv --snapshot "$shot" list && [ ! -s "$work/out" ]
result $? 'the smallest snapshot has nothing'
hv --snapshot "$shot" detect && [ ! -s "$work/out" ]
result $? 'and runs on nothing'
rm -rf "$shot" && mkdir -p "$shot/root"
expect 4 'only root/' --snapshot "$shot"
design && rm -rf "$shot/root"
hv --snapshot "$shot" && prints '<arch>x86_64</arch>' && ! prints '<guest>'
result $? 'only snapshot.yaml'

cat >"$work/layer/look.yaml" <<'YAML'
rule: look
title: looks everywhere
facts:
  absolute: {file: /d/absolute, match: 'leak\w+'}
  relative: {file: /d/relative, match: 'leak\w+'}
  dots: {file: /d/dots, match: 'leak\w+'}
  directory: {file: /d/directory/f, match: 'leak\w+'}
  above: {file: /../../secret/f, match: 'leak\w+'}
  magic: {file: /d/magic, match: 'leak\w+'}
  listed: {glob: '/d/up/*', match: 'leak\w+'}
  strings: {file: /d/relative, strings: 'leak\w+'}
  column: {attributes: /d/directory, names: [f]}
  fifo: {file: /d/fifo, match: x}
  device: {file: /d/null, bytes: {offset: 0, size: 1, endian: little}}
  loop: {file: /d/loop, match: x}
  long: {file: /d/long, match: x}
  run: {exec: [/d/id], match: '\w+'}
  shell: {exec: [/bin/sh, -c, id], match: '\w+'}
  kernel: {uname: yes}
  processor: {cpuid: 0}
  request: {ioctl: /d/null, request: 0xae00}
  shadow: {file: /etc/shadow2}
  replay: {exec: [/usr/bin/tool, -v], match: '\d+'}
available: {any: [absolute, relative, dots, directory, above, magic, listed, strings, column]}
emit:
  - set: {host/uuid: leaked}
YAML
look() { hv --rules "$work/layer" "$@" explain look; }
verdict() { sed -n "s/^    $1  *\([a-z]*\).*/\1/p" "$work/out"; }
# verdicts NAME VERDICT FACT...
verdicts() {
    local name=$1 wanted=$2 fact bad=0
    shift 2
    for fact in "$@"; do
        [ "$(verdict "$fact")" = "$wanted" ] || bad=1
    done
    result $bad "$name"
}
snapshot <<'YAML'
hvprobe-snapshot: 1
nodes:
  - {path: /../../etc/shadow2, type: file}
exec:
  - {argv: [/usr/bin/tool, -v], status: 3, stdout: "version 7\n"}
YAML
look --snapshot "$shot"
verdicts 'a path of a node stays in the snapshot' yes shadow
verdicts 'records of programs want --exec too' unknown replay
look --snapshot "$shot" --exec
verdicts 'then they are replayed' yes replay
verdicts 'what has no record was not run' unknown run shell

# --- Nothing leaves an offline root (9)
tree=$work/tree/root
mkdir -p "$tree/d" "$tree/etc" "$work/tree/secret"
echo 'SECRET leaked' >"$work/tree/secret/f"
ln -s "$work/tree/secret/f" "$tree/d/absolute"
ln -s ../../secret/f "$tree/d/relative"
ln -s "../../../../../../../../../..$work/tree/secret/f" "$tree/d/dots"
ln -s ../../secret "$tree/d/directory"
ln -s ../.. "$tree/d/up"
ln -s "/proc/self/root$work/tree/secret/f" "$tree/d/magic"
ln -s loop "$tree/d/loop"
mkfifo "$tree/d/fifo"
truncate -s 100M "$tree/d/long"
cp "$(command -v id)" "$tree/d/id"
mknod "$tree/d/null" c 1 3 2>/dev/null
offline() { # NAME ARGS...
    local name=$1
    shift
    look --exec "$@"
    verdicts "$name: links do not leave it" no absolute relative dots directory above magic listed strings column
    verdicts "$name: nothing is opened that should not be" unknown fifo loop long
    verdicts "$name: nothing is run" unknown run shell
    [ "$(verdict request)" != yes ] && [ "$(verdict processor)" != yes ] && [ "$(verdict kernel)" != yes ] &&
        { [ ! -c "$tree/d/null" ] || [ "$(verdict device)" = unknown ]; }
    result $? "$name: nothing of this machine"
    says 'look.yaml:[0-9]*:[0-9]*'
    result $? "$name: refusals have a place"
}
offline 'a directory' --root "$tree"
cp -a "$work/tree" "$work/taken" && mv "$work/taken/root" "$shot"
offline 'a snapshot' --snapshot "$shot"
rm -rf "$shot/root" && ln -s / "$shot/root"
look --snapshot "$shot"
verdicts 'root/ may be no link' no relative absolute
FAULT=openat2:38@0 LD_PRELOAD=$work/shim.so offline 'a kernel without openat2' --root "$tree"

# --- Programs (9)
cat >"$work/layer/run.yaml" <<'YAML'
rule: run
title: runs
facts:
  environment: {exec: [/usr/bin/env], match: '.+'}
  user: {exec: [/usr/bin/id, -u], match: '^65534$'}
  groups: {exec: [/usr/bin/id, -G], match: '^65534$'}
  fourth: {exec: [/bin/sh, -c, 'ls -l /proc/self/fd/ | grep -c hosts'], match: '^[1-9]'}
  directory: {exec: [/bin/pwd], match: '^/$'}
  slow: {exec: [/bin/sleep, '60'], timeout: 1, match: x}
  flood: {exec: [/usr/bin/yes], timeout: 5, match: y, first: yes}
  input: {exec: [/bin/cat], input: 'in', match: '^in$'}
  failed: {exec: [/bin/sh, -c, 'echo out; exit 7'], match: out, where: {status: '7'}}
  missing: {exec: [/no/such/program], match: x}
  relative: {exec: ['${input}'], match: x}
available: user
emit:
  - set: {host/uuid: x}
YAML
exec 9</etc/hosts
SECRET=1 hv --rules "$work/layer" --exec explain run
exec 9<&-
verdicts 'the environment is empty' no environment
verdicts 'descriptors are closed' no fourth
verdicts 'programs run in /, with their input and status' yes directory input failed
verdicts 'their time and output are limited' unknown slow flood
verdicts 'what is not there is not there' no missing
verdicts 'paths are absolute' unknown relative
[ "$(id -u)" != 0 ] || verdicts 'root runs them as nobody' yes user groups
hv --rules "$work/layer" explain run
verdicts 'without --exec nothing runs' unknown user directory input
printf 'rule: late\nfacts: {a: {exec: [id], match: x}}\nchecks: [{title: t, expect: a}]\n' >"$work/late.yaml"
expect 1 'a relative program is an error' lint "$work/late.yaml"
prints 'late.yaml:2:20-22: error'
result $? 'at its place'

# --- What is observed is text, wherever it goes
mkdir -p "$tree/names"
printf 'v=<a & "b" %s>]]> \001\033[31m \377 \355\240\200 \357\277\277 \302\233 \ttab\r\n' "'c'" >"$tree/etc/v"
touch "$tree/names/$(printf 'na\033[2Jme\nnew')" "$tree/names/<b>&'\""
cat >"$work/layer/odd.yaml" <<'YAML'
rule: odd
title: odd
driver: odd
facts:
  v: {file: /etc/v, match: '(?s)v=(?<it>.*)'}
  name: {glob: '/names/*'}
available: v
checks:
  - {name: c, expect: {not: v}, otherwise: fail, title: 'check ${v.it}', hint: 'hint ${v.it}'}
emit:
  - at: guest[os_type='hvm'][arch/@name='x86_64']
    set: {arch/wordsize: '64', arch/emulator: '${v.it}', "arch/domain[@type='odd']": }
    emit:
      - for: name
        set: {arch/machine: '${path}'}
YAML
clean() { # NAME ARGS...
    local name=$1
    shift
    hv --rules "$work/layer" --root "$tree" "$@"
    ! LC_ALL=C grep -q "$escape" "$work/out" "$work/err" &&
        ! LC_ALL=C grep -q "$(printf '\302\233')" "$work/out" "$work/err" && iconv -f UTF-8 -t UTF-8 <"$work/out" >/dev/null
    result $? "$name steers no terminal"
}
clean 'XML' --driver odd
if can 'XML is XML' xmllint; then
    [ "$(xmllint --xpath 'count(//machine)' "$work/out" 2>"$work/err")" = 2 ]
    result $? 'XML is XML'
fi
clean 'JSON' --driver odd --format json
if can 'JSON is JSON' python3; then
    python3 -c 'import json, sys; assert "\u003ca & \"b\"" in json.load(sys.stdin)["guest"][0]["arch"]["emulator"]' \
        <"$work/out" 2>"$work/err"
    result $? 'JSON is JSON'
fi
clean 'YAML' --driver odd --format yaml
clean 'a table' list --driver odd
clean 'lines' list --driver odd --format lines
[ "$(awk -F '\t' '{ print NF }' "$work/out" | sort -u)" = 7 ]
result $? 'a cell holds no tab and no newline'
for format in table tap json; do
    clean "checks as $format" checks odd --format $format
done
clean 'explain' explain odd
clean 'explain of a node' explain '//machine'
odd=$(printf 'x\033[31m')
for words in "$odd" "--$odd" "--root /$odd" "validate /$odd" "explain $odd" "list --columns $odd"; do
    # shellcheck disable=SC2086
    clean "a message about '$(cat -v <<<"$words")'" $words
done
printf 'rule: %s\nfacts: {}\n' "$odd" >"$work/layer/odd2.yaml"
clean 'a broken rule'
rm "$work/layer/odd2.yaml"

# --- Files that the shell makes
"$binary" --snapshot $host | hv validate -
[ -s "$work/err" ] || prints 'valid'
"$binary" --snapshot $host | "$binary" validate - >"$work/out" 2>"$work/err" && prints 'valid capabilities'
result $? 'validate reads standard input'
"$binary" --snapshot $host | "$binary" validate /dev/stdin >"$work/out" 2>"$work/err"
result $? 'by its other name'
"$binary" validate <("$binary" --snapshot $host) >"$work/out" 2>"$work/err"
result $? 'and what bash puts in its place'
mkfifo "$work/fifo"
expect 1 'but opens no FIFO' validate "$work/fifo"

# --- Capture (7)
"$binary" --snapshot tests/rules/kvm/checks-ready/snapshot capture -o "$work/again" 2>"$work/err"
result $? 'a snapshot of a snapshot'
for command in capabilities 'capabilities --format json' list checks detect machines explain paths; do
    # shellcheck disable=SC2086
    hv --snapshot tests/rules/kvm/checks-ready/snapshot $command
    cp "$work/out" "$work/first"
    # shellcheck disable=SC2086
    hv --snapshot "$work/again" $command
    cmp -s "$work/out" "$work/first"
    result $? "says the same: $command"
done
expect 5 'capture into what is not empty' capture -o "$work/again"
snapshot <<'YAML'
hvprobe-snapshot: 1
uname: {nodename: ../../escape, machine: x86_64}
YAML
(mkdir "$work/here" && cd "$work/here" && "$binary" --snapshot "$shot" capture 2>"$work/err")
[ -e "$work/here/host.snapshot/snapshot.yaml" ] && [ ! -e "$work/../escape.snapshot" ]
result $? "a host's name leads nowhere else"
exit $status
