#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# sizes.sh BINARY [COUNT...]: what one rule takes that makes COUNT of something (default: 2000 4000 8000): milliseconds of processor time
# and MiB at most. What grows faster than the count is not linear.
set -eu
binary=$(realpath "$1")
shift
[ $# != 0 ] || set -- 2000 4000 8000
cd "$(dirname "$0")/../.."
export HVPROBE_SCHEMAS=$PWD/schemas HVPROBE_CACHE= NO_COLOR=1
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT

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
available: c"
join="  c: {for: all, from: all, where: {text: '\${all.text}x'}}
available: c"
counted="  c: {from: all, with: {n: '\${all|count}'}, where: {n: '> 1'}}
available: c"

printf '%-10s %8s %10s %8s\n' what count ms MiB
for what in guests machines cells within counted join; do
    for count; do
        mkdir -p "$top/rules" "$top/root"
        seq "$count" >"$top/root/list"
        { printf 'rule: big\ntitle: Big\nfacts:\n  all: {file: /list, match: "[0-9]+"}\n'; printf '%s\n' "${!what}"; } >"$top/rules/big.yaml"
        python3 - "$binary" "$top" "$what" "$count" <<'END'
import os, resource, subprocess, sys
binary, top, what, count = sys.argv[1:]
status = subprocess.run([binary, "--root", top + "/root"], env={**os.environ, "HVPROBE_RULES": top + "/rules"}, stdout=subprocess.DEVNULL,
                        stderr=open(top + "/said", "w")).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
said = open(top + "/said").readline().strip()
print(f"{what:10} {count:>8} {1000 * (used.ru_utime + used.ru_stime):10.0f} {used.ru_maxrss / 1024:8.0f}" + (f"  status {status}: {said}" if status else ""))
END
    done
done
