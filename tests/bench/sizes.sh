#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# sizes.sh BINARY [COUNT...]: what large things take, beside the peers: one rule that makes COUNT of something (default: 4000 8000),
# 10,000 rules, this host without a cache, a host recorded by capture. Milliseconds of processor time (the least of three runs), MiB at
# most, and what is asked of the last count. What grows faster than the count is not linear.
set -eu
binary=$(realpath "$1")
shift
[ $# != 0 ] || set -- 4000 8000
cd "$(dirname "$0")/../.."
export HVPROBE_SCHEMAS=$PWD/schemas HVPROBE_CACHE='' NO_COLOR=1
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT

# shellcheck disable=SC2034 # they are used by name
# Each takes the rows of 'all', with a column text.
guests="emit:
  - for: all
    at: guest[os_type='t\${text}'][arch/@name='x86_64']
    set:
      arch/wordsize: '64'
      arch/domain[@type='big']:"
machines="emit:
  - for: all
    at: guest[os_type='hvm'][arch/@name='x86_64']
    set:
      arch/wordsize: '64'
      arch/machine: 'm\${text}'
      arch/domain[@type='big']:"
cells="emit:
  - for: all
    at: host/topology/cells/cell[@id='\${text}']
    set:
      memory: {unit: KiB, text: '1'}
      cpus/cpu[@id='\${text}']:"
within="  b: {text: '\${all|join:,}', split: ','}
  c: {from: all, where: {text: {in: b.text}}}
emit: [{set: {host/uuid: '\${c|count}'}}]"
join="  c: {for: all, from: all, where: {text: '\${all.text}x'}}
emit: [{set: {host/uuid: '\${c|count}'}}]"
counted="  c: {from: all, with: {n: '\${all|count}'}, where: {n: '> 1'}}
emit: [{set: {host/uuid: '\${c|count}'}}]"

measure() { # WHAT COUNT ASKED COMMAND...: a line of the table
    python3 - "$top/said" "$@" <<'END'
import os, resource, subprocess, sys
said, what, count, asked, *command = sys.argv[1:]
best = status = None
for run in range(int(os.environ.get("runs", "3"))):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(said, "w") as errors:
        status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=errors).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    best = used if best is None else min(best, used)
words = open(said).readline().strip()
print(f"{what:26} {count:>6} {1000 * best:8.1f} {after.ru_maxrss / 1024:6.0f} {asked:>14}" + (f"  status {status}: {words}" if status else ""))
END
}

printf '%-26s %6s %8s %6s %14s\n' what count ms MiB 'at most'
if command -v lscpu >/dev/null; then measure lscpu 1 - lscpu; fi
if command -v virt-host-validate >/dev/null; then measure 'virt-host-validate (peer)' 1 - virt-host-validate -q || true; fi
for what in guests machines cells within counted join; do
    for count; do
        mkdir -p "$top/rules" "$top/root"
        seq "$count" >"$top/root/list"
        { printf 'rule: big\ntitle: Big\nfacts:\n  all: {file: /list, match: "[0-9]+"}\n'; printf '%s\n' "${!what}"; } >"$top/rules/big.yaml"
        HVPROBE_RULES=$top/rules measure "$what" "$count" '100 ms, 64 MiB' "$binary" --root "$top/root"
    done
done

rm "$top/rules/big.yaml"
for ((number = 1; number <= 10000; number++)); do
    echo "{rule: r$number, title: Number $number, driver: r$number, facts: {f: {file: /sys/r$number, match: '(?<v>[0-9]+)'}}, available: f,
  emit: [{at: \"guest[os_type='hvm'][arch/@name='x86_64']\", set: {arch/wordsize: '64', \"arch/domain[@type='r$number']\": }}]}" >"$top/rules/r$number.yaml"
done
mkdir -m 700 "$top/cache"
export HVPROBE_CACHE=$top/cache
HVPROBE_RULES=$top/rules runs=1 measure "rules, the first time" 10000 - "$binary" --root "$top/root"
HVPROBE_RULES=$top/rules measure 'rules, warm' 10000 '60 ms' "$binary" --root "$top/root"

# Without a cache, as on a host that is asked once; what is asked holds for one that has every QEMU. HVPROBE_BENCH_ROOT: a folder with such.
for command in capabilities domcapabilities; do
    HVPROBE_CACHE='' measure "$command, no cache" 1 "$([ $command = capabilities ] && echo 45 || echo 30) ms" \
        "$binary" ${HVPROBE_BENCH_ROOT:+--root "$HVPROBE_BENCH_ROOT"} $command
done

"$binary" capture -o "$top/host" 2>/dev/null
measure 'a host of capture, warm' 1 '4 ms' "$binary" --snapshot "$top/host" capabilities
mkdir "$top/many"
for ((number = 1; number <= 300; number++)); do ln -s ../host "$top/many/$number"; done
measure 'batch of it, one thread' 300 '2 s, 64 MiB' "$binary" batch -j 1 "$top"/many/*

# Small hosts, no two of which are the same.
mkdir "$top/small"
for ((number = 1; number <= 2000; number++)); do
    mkdir "$top/small/$number"
    cat >"$top/small/$number/snapshot.yaml" <<END
hvprobe-snapshot: 1
uname: {sysname: Linux, nodename: "host$number", release: "6.1.0-30-amd64", version: "#1 SMP", machine: "x86_64"}
cpuid: []
files:
  /etc/os-release: "ID=debian\nVERSION_ID=12\n"
  /proc/cpuinfo: "processor : 0\nvendor_id : GenuineIntel\nflags : fpu vmx pae nx lm\n"
  /proc/meminfo: "MemTotal: $((number + 8000000)) kB\n"
  /sys/devices/system/cpu/online: "0-3\n"
  /usr/bin/qemu-system-x86_64: {text: '', mode: '0755'}
nodes:
  - {path: /dev/kvm, type: char, mode: '0660', access: rw}
END
done
measure 'batch, one thread' 2000 '1.6 s, 64 MiB' "$binary" batch -j 1 "$top"/small/*
measure 'batch, two threads' 2000 '1.6 s, 64 MiB' "$binary" batch -j 2 "$top"/small/*
measure 'lint of all rules' 1 - "$binary" lint
