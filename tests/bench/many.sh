#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# many.sh BINARY [COUNT...]: times lint and test over trees of COUNT rule files and COUNT cases (default: 500 1000 2000).
# A case is a folder with root/ and expect.xml, or a page of YAML, in turns.
set -eu
binary=$(realpath "$1")
shift
[ $# != 0 ] || set -- 500 1000 2000
cd "$(dirname "$0")/../.."
export HVPROBE_SCHEMAS=$PWD/schemas HVPROBE_CACHE= NO_COLOR=1
tables=$PWD/rules/tables.yaml
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT

rule() { # NAME
    cat <<END
rule: $1
title: Number ${1#r}
driver: $1
tables:
  arch: {x86_32: i686, x86_64: x86_64}
paths:
  emulator:
    debian>=12: [/usr/libexec/$1-system]
    any: [/usr/bin/$1-system, /usr/lib/$1/bin/system]
facts:
  loaded: {file: /proc/$1/capabilities, match: '\bcontrol\b'}
  token:
    file: /sys/$1/properties/capabilities
    match: '\b(?<type>hvm|xen)-(?<version>\d+\.\d+)-(?<cpu>x86_32|x86_64)\b'
    with: {arch: '\${cpu|map:arch}'}
  emulator: {path: emulator}
available: [loaded, token]
checks:
  - {expect: loaded, title: it is loaded, otherwise: warn, hint: load it}
emit:
  - for: token
    at: guest[os_type='\${type}'][arch/@name='\${arch}']
    set:
      arch/wordsize: '\${arch|map:tables.wordsize}'
      arch/emulator: '\${emulator}'
      arch/domain[@type='$1']:
    emit:
      - when: {cpu: x86_32}
        set: {features/pae: }
END
}

page() { # NAME
    cat <<END
uname: {sysname: Linux, machine: x86_64}
files:
  /etc/os-release: "ID=debian\nVERSION_ID=12\n"
  /proc/$1/capabilities: control
  /sys/$1/properties/capabilities: hvm-4.17-x86_32 hvm-4.17-x86_64
  /usr/libexec/$1-system: {text: '', mode: '0755'}
expect:
  count(//guest): 2
  //domain[1]/@type: $1
  //arch[@name='x86_64']/emulator: /usr/libexec/$1-system
END
}

folder() { # DIRECTORY NAME
    mkdir -p "$1/root/proc/$2" "$1/root/sys/$2/properties" "$1/root/usr/bin"
    echo control >"$1/root/proc/$2/capabilities"
    echo hvm-4.17-x86_64 >"$1/root/sys/$2/properties/capabilities"
    : >"$1/root/usr/bin/$2-system"
    chmod +x "$1/root/usr/bin/$2-system"
    cat >"$1/expect.xml" <<END
<capabilities>

  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <wordsize>64</wordsize>
      <emulator>/usr/bin/$2-system</emulator>
      <domain type='$2'/>
    </arch>
  </guest>

</capabilities>
END
}

tree() { # DIRECTORY COUNT
    local number name
    mkdir -p "$1/rules"
    cp "$tables" "$1/rules/"
    for ((number = 1; number <= $2; number++)); do
        name=r$number
        rule $name >"$1/rules/$name.yaml"
        mkdir -p "$1/tests/rules/$name/present"
        if ((number % 2)); then page $name >"$1/tests/rules/$name/present/case.yaml"; else folder "$1/tests/rules/$name/present" $name; fi
    done
}

milliseconds() { # COMMAND...: what it takes; its output to standard error when it fails
    local start end
    start=$(date +%s%N)
    "$@" >"$top/output" 2>&1 || { tail -n 20 "$top/output" >&2; return 1; }
    end=$(date +%s%N)
    echo $(((end - start) / 1000000))
}

printf '%6s %10s %10s\n' rules 'lint ms' 'test ms'
for count; do
    tree "$top/$count" "$count"
    export HVPROBE_RULES=$top/$count/rules
    lint=$(milliseconds "$binary" lint --tests "$top/$count/tests/rules")
    tests=$(milliseconds "$binary" test "$top/$count")
    grep -q "^$count passed, 0 failed" "$top/output" || { tail -n 20 "$top/output" >&2; exit 1; }
    printf '%6d %10d %10d\n' "$count" "$lint" "$tests"
    rm -rf "${top:?}/$count"
done
