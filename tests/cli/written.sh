#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# written.sh BINARY: what is written is whole, goes nowhere else, and cannot steer a terminal.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
export NO_COLOR=1
root=$PWD/tests/rules/qemu/debian-12/root
[ -d "$root" ] || root=$(find "$PWD/tests/rules" -maxdepth 3 -name root -type d | sort | head -n 1)

# ---- capture: what was killed is not in the way
mkdir "$work/there"
mkdir -p "$work/there/.hvprobe-capture.1-0.tmp/root" "$work/new.1-0.tmp/root"
gives 'leftovers in a directory do not count' 0 "$binary" --root "$root" capture -o "$work/there"
gives 'nor beside it' 0 "$binary" --root "$root" capture -o "$work/new/"
[ "$(cd "$work/new" && echo *)" = 'root snapshot.yaml' ] && cmp -s <(cd "$work/new" && find . | sort) <(cd "$work/there" && rm -r .hvprobe* && find . | sort)
result $? 'both are whole, with nothing else in them'
gives 'it can be read' 0 "$binary" --snapshot "$work/there" capabilities
gives 'what is not empty stays' 5 "$binary" --root "$root" capture -o "$work/new"
mkdir -m 700 "$work/private"
"$binary" --root "$root" capture -o "$work/private" 2>/dev/null
[ "$(stat -c %a "$work/private")" = 700 ]
result $? 'a directory that was there keeps its mode'
# Many files take a while to copy: it is stopped meanwhile.
mkdir -p "$work/rules" "$work/big/proc" "$work/out-TERM" "$work/out-INT" # one may be quicker than its signal
for i in $(seq 1 100); do head -c 1000000 /dev/zero >"$work/big/proc/f$i"; done
cat >"$work/rules/big.yaml" <<'END'
rule: big
facts:
  all: {glob: '/proc/f*', strings: '(?<n>zzzz)'}
checks: [{title: T, expect: all}]
END
for signal in TERM INT; do
    # A shell lets its background jobs ignore SIGINT, which a program then should, too.
    HVPROBE_RULES=$work/rules python3 - "$binary" "$work" "$signal" <<'END'
import glob, os, signal, subprocess, sys, time
binary, work, name = sys.argv[1:]
run = subprocess.Popen([binary, "--root", work + "/big", "capture", "-o", work + "/out-" + name + "/stopped"], stderr=subprocess.DEVNULL)
while run.poll() is None and not glob.glob(work + "/out-" + name + "/stopped*"):
    time.sleep(0.001)
if run.poll() is None:
    run.send_signal(getattr(signal, "SIG" + name))
run.wait()
left = os.listdir(work + "/out-" + name)
stopped = run.returncode == -getattr(signal, "SIG" + name)
sys.exit(0 if (stopped and not left) or (run.returncode == 0 and left == ["stopped"]) else 1)
END
    result $? "SIG$signal leaves nothing"
    rm -rf "$work/out/stopped"
done

# ---- test --update: not through a link that leads out
mkdir -p "$work/tests/sample/a" "$work/tests/sample/b" "$work/tests/sample/c"
cat >"$work/rules/sample.yaml" <<'END'
rule: sample
facts:
  f: {file: /there}
available: f
emit: [{set: {host/cpu/arch: x86_64}}]
END
rm "$work/rules/big.yaml"
for case in a b c; do printf 'files: {/there: x}\n' >"$work/tests/sample/$case/case.yaml"; done
echo outside >"$work/outside"
ln -s "$work/outside" "$work/tests/sample/a/expect.xml"
echo shared >"$work/tests/shared"
ln -s ../../shared "$work/tests/sample/b/expect.xml"
ln -s "$work/nowhere" "$work/tests/sample/c/expect.xml"
HVPROBE_RULES=$work/rules "$binary" test --update "$work/tests" >"$work/said" 2>&1
[ "$(cat "$work/outside")" = outside ] && [ ! -e "$work/nowhere" ]
result $? 'nothing outside is written'
grep -q 'sample/a/expect.xml: is a link that leads out of the test cases' "$work/said"
result $? 'and that is said'
grep -q '<capabilities' "$work/tests/shared" && [ -L "$work/tests/sample/b/expect.xml" ]
result $? 'a link that stays is followed'

# ---- names of files cannot steer a terminal
cd "$work" || exit 2
odd=$(printf 'odd\033]0;x\007\302\233name')
echo '<capabilities/>' >"$odd.xml"
printf '<x>' >"$odd-cut.xml"
mkdir "$odd" "$odd/rules"
printf 'rule: nothing\nfacts: [\n' >"$odd/rules/r$odd.yaml"
cp -r tests "$odd/tests"
mv "$odd/tests/sample/a" "$odd/tests/sample/$odd"
clean() { # NAME COMMAND...: prints no control characters but ends of lines and tabs
    local name=$1
    shift
    "$@" >"$work/said" 2>&1
    [ -s "$work/said" ] && ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$work/said"
    result $? "$name"
}
clean 'validate' "$binary" validate "$odd.xml"
clean 'validate of what is no XML' "$binary" validate "$odd-cut.xml"
clean 'validate --schema' "$binary" validate --schema "$odd.rng" "$odd.xml"
clean 'lint' "$binary" lint "$odd/rules"
clean 'test' env HVPROBE_RULES="$work/rules" "$binary" test "$odd/tests"
clean 'test as TAP' env HVPROBE_RULES="$work/rules" "$binary" test --format tap "$odd/tests"
cp rules/sample.yaml "$odd/rules/sample.yaml"
clean 'rules' env HVPROBE_RULES="$work/rules" "$binary" --rules "$odd/rules" rules
clean 'rules NAME' env HVPROBE_RULES="$work/rules" "$binary" --rules "$odd/rules" rules sample
clean 'rules delta' env HVPROBE_RULES="$work/rules" "$binary" --rules "$odd/rules" rules delta
clean 'explain' env HVPROBE_RULES="$work/rules" "$binary" --rules "$odd/rules" explain sample
clean 'explain of a rule that is not' "$binary" explain "$odd"
clean 'a command that is not' "$binary" "$odd"
clean 'a root that is not' "$binary" --root "$odd/none" detect
exit $status
