#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-command.sh BINARY: 'hvprobe test': forms of cases, expectations, update, coverage, mutations, reports, threads.
set -u
. "$(dirname "$0")/../results.sh"
topic=test
schemas=$PWD/schemas
cd "$work" || exit 2
export HVPROBE_RULES=$work/none HVPROBE_SCHEMAS=$schemas HVPROBE_CACHE= NO_COLOR=1

# A tree of two rules.
mkdir -p tree/rules tree/tests/rules
printf 'rule: tables\ntables: {wordsize: {x86_64: 64, ppc64le: 64, aarch64: 64}}\n' >tree/rules/tables.yaml
cat >tree/rules/alpha.yaml <<'END'
rule: alpha
driver: alpha
paths:
  emulator:
    debian>=12: [/usr/libexec/alpha]
    any: [/usr/bin/alpha]
facts:
  token: {file: /proc/alpha, match: '^(?<kind>hvm|xen)$'}
  emulator: {path: emulator}
  noise: {file: /etc/alpha.conf, match: '^level=(?<level>\d+)$'}
available: token
emit:
  - for: token
    at: guest[os_type='${kind}'][arch/@name='${host.arch}']
    set: {arch/wordsize: '${host.arch|map:tables.wordsize}', arch/emulator: '${emulator}', arch/domain: {type: alpha}}
  - when: {all: [noise, {param.extra: 'yes'}]}
    at: guest[os_type='exe'][arch/@name='${host.arch}']
    set: {arch/wordsize: '64', arch/domain: {type: alpha}}
END
sed 's/alpha/beta/g' tree/rules/alpha.yaml >tree/rules/beta.yaml

new_case() { # RULE/CASE: its case.yaml is standard input
    mkdir -p "tree/tests/rules/$1"
    cat >"tree/tests/rules/$1/case.yaml"
}
new_case alpha/inline <<'END'
about: everything in one page
uname: {machine: x86_64}
files:
  /etc/os-release: "ID=debian\nVERSION_ID=12\n"
  /proc/alpha: "hvm\nxen\n"
  /usr/libexec/alpha: {text: '', mode: '0755'}
links: {/usr/bin/alpha: ../libexec/alpha}
expect:
  count(//guest): 2
  //os_type: [hvm, xen]
  //arch[1]/emulator: /usr/libexec/alpha
  //host/power_management:
explain:
  alpha: [found path=/usr/libexec/alpha, 'available          yes']
  beta: 'available          no'
absent: beta
END
mkdir -p tree/tests/rules/alpha/folder/root/proc tree/tests/rules/beta/recorded/snapshot/root/proc tree/tests/rules/beta/nothing
echo hvm >tree/tests/rules/alpha/folder/root/proc/alpha
echo '--arch ppc64le' >tree/tests/rules/alpha/folder/args
echo hvm >tree/tests/rules/beta/recorded/snapshot/root/proc/beta
printf 'hvprobe-snapshot: 1\nuname: {machine: aarch64}\n' >tree/tests/rules/beta/recorded/snapshot/snapshot.yaml
printf 'expect: {count(//guest): 0}\n' >tree/tests/rules/beta/nothing/case.yaml

says 'a case without expectations fails' 1 'nothing is expected of this case' "$binary" test tree
says 'update writes them' 0 'updated alpha/folder' "$binary" test --update tree
if grep -q "<arch name='ppc64le'>" tree/tests/rules/alpha/folder/expect.xml && [ -z "$(find tree -name '*.tmp')" ]; then
    ok 'the golden file is whole'
else
    not_ok 'the golden file is whole'
fi
says 'update leaves alone what is right' 0 '!updated' "$binary" test --update tree
says 'all pass' 0 '4 passed, 0 failed' "$binary" test tree
says 'a case alone' 0 '1 passed, 0 failed' "$binary" test tree/tests/rules/alpha/inline --rules tree/rules
says 'two directories' 0 '4 passed, 0 failed' "$binary" test --rules tree/rules tree/tests/rules/alpha tree/tests/rules/beta
(cd tree && "$binary" test >"$work/here" 2>&1)
if grep -qx '4 passed, 0 failed' here; then ok 'the tree around'; else not_ok 'the tree around' "$(cat here)"; fi

# Values in case.yaml, each where it stands.
new_case alpha/values <<'END'
# Kept: comments, order, quotes.
files: {/proc/alpha: "xen\nhvm\n"}
arch: x86_64
expect:
  //arch/@name: i686             # plain
  "count(//guest)": '7'          # of two
  //os_type: ["old", hvm]        # a list
  //guest[1]/os_type: "xen"      # right
END
sed -e "s/: i686 /: 'x86_64' /" -e "s/'7'/'2'/" -e "s/\"old\"/'xen'/" tree/tests/rules/alpha/values/case.yaml >"$work/corrected"
says 'update corrects values' 0 'updated alpha/values' "$binary" test --update tree
if diff -u "$work/corrected" tree/tests/rules/alpha/values/case.yaml >"$work/diff"; then ok 'only values changed'; else not_ok 'only values changed' "$(cat "$work/diff")"; fi
says 'and then all pass' 0 '5 passed, 0 failed' "$binary" test tree
sed -i 's/hvm\]/hvm, more]/' tree/tests/rules/alpha/values/case.yaml
cp tree/tests/rules/alpha/values/case.yaml "$work/corrected"
says 'how many there are is for a person' 1 "gives 'xen' 'hvm', not 'xen' 'hvm' 'more'" "$binary" test --update tree
if cmp -s "$work/corrected" tree/tests/rules/alpha/values/case.yaml; then ok 'so nothing is written'; else not_ok 'so nothing is written'; fi
rm -r tree/tests/rules/alpha/values

# Failures, each with what is wrong.
fails() { # NAME TEXT: the case on standard input fails with that text
    new_case alpha/broken
    says "$1" 1 "$2" "$binary" test tree
    rm -r tree/tests/rules/alpha/broken
}
fails 'another value' "//os_type gives 'hvm', not 'xen'" <<'END'
files: {/proc/alpha: hvm}
arch: x86_64
expect: {//os_type: xen}
END
fails 'another list' "//os_type gives 'xen' 'hvm', not 'hvm' 'xen'" <<'END'
files: {/proc/alpha: "xen\nhvm\n"}
arch: x86_64
expect: {//os_type: [hvm, xen]}
END
fails 'too much' "//guest should match nothing, but matches 1 nodes" <<'END'
files: {/proc/alpha: hvm}
arch: x86_64
expect: {//guest: }
END
fails 'more nodes than a list of one has' "gives 'hvm' 'x86_64', not 'hvm'" <<'END'
arch: x86_64
files: {/proc/alpha: hvm}
expect: {"//arch/@name|//os_type": [hvm]}
END
fails 'a bad XPath' "bad XPath '//['" <<'END'
expect: {'//[': a}
END
fails 'a missing explanation' "explain alpha does not say 'no such words'" <<'END'
explain: {alpha: no such words}
END
fails 'a rule that must be absent' 'rule alpha must not speak here, but emits' <<'END'
files: {/proc/alpha: hvm}
arch: x86_64
absent: [alpha]
END
fails 'a rule of another driver' 'it is of driver beta; if that is right, add it to drivers' <<'END'
files: {/proc/beta: hvm}
arch: x86_64
expect: {count(//guest): 1}
END
fails 'an unknown key' "unknown key 'expects' [HV038]" <<'END'
expects: {count(//guest): 1}
END
fails 'a wrong type' 'drivers should be a list of drivers, not a mapping [HV038]' <<'END'
drivers: {a: b}
END
fails 'a bad host' "unknown key 'txt' [HV035]" <<'END'
files: {/a: {txt: b}}
expect: {count(//guest): 0}
END
fails 'an unknown document' "there is no document 'nothing'" <<'END'
document: nothing
expect: {count(//guest): 0}
END
fails 'a golden file that differs' '-<capabilities/>' <<END
root: ../folder/root
arch: x86_64
expect: {count(//guest): 1}
$(mkdir -p tree/tests/rules/alpha/broken && echo '<capabilities/>' >tree/tests/rules/alpha/broken/expect.xml)
END
new_case alpha/others <<'END'
files: {/proc/beta: hvm, /etc/alpha.conf: level=3}
arch: x86_64
drivers: [beta]
expect: {count(//guest): 1}
END
new_case alpha/parameters <<'END'
files: {/proc/alpha: hvm, /etc/alpha.conf: level=3}
arch: x86_64
parameters: {extra: 'yes'}
expect: {"count(//guest[os_type='exe'])": 1}
END
says 'drivers and parameters' 0 '6 passed, 0 failed' "$binary" test tree

# What the cases leave out.
out=$("$binary" test --coverage tree)
for line in 'tree/rules/beta.yaml:6:11: candidate is taken in no case' 'tree/rules/beta.yaml:9:3: fact is found in no case' \
    'tree/rules/beta.yaml:16:18: condition holds in no case'; do
    if grep -qF "$line" <<<"$out"; then ok "coverage: $line"; else not_ok "coverage: $line" "$out"; fi
done
if grep -q 'alpha.yaml:8:3' <<<"$out"; then not_ok 'coverage: what is exercised' "$out"; else ok 'coverage: what is exercised'; fi
says 'coverage: the sums' 0 'coverage: facts 4 of 6, candidates ' "$binary" test --coverage tree
says 'mutations that are noticed' 0 'mutations: 1 of 1 noticed' "$binary" test --mutate --rules tree/rules tree/tests/rules/beta
new_case beta/noise <<'END'
files: {/proc/beta: hvm, /etc/beta.conf: level=2}
arch: x86_64
expect: {count(//guest): 1}
END
says 'mutations that nobody notices' 0 'nobody misses the files of fact beta.noise: 1 taken away' "$binary" test --mutate tree
says 'mutations that somebody notices' 0 '!fact beta.token' "$binary" test --mutate tree

# Reports.
says 'tap: plan' 0 '1..7' "$binary" test --format tap tree
says 'tap: a case' 0 'ok 3 - alpha/others' "$binary" test --format tap tree
says 'junit: a case' 0 '<testcase classname="alpha" name="inline" time="' "$binary" test --format junit tree
"$binary" test --format junit tree >junit.xml
! can 'junit: well-formed' xmllint || check 'junit: well-formed' xmllint --noout junit.xml
new_case alpha/zz <<'END'
expect: {'count(//guest) < 1': 'false & <wrong>'}
END
"$binary" test --format junit tree >junit.xml
! can 'junit: a failure is well-formed' xmllint || check 'junit: a failure is well-formed' xmllint --noout junit.xml
says 'tap: a failure' 1 'not ok 5 - alpha/zz' "$binary" test --format tap tree
rm -r tree/tests/rules/alpha/zz
for jobs in 1 2 7; do
    "$binary" test -j $jobs --format tap --coverage tree >"jobs.$jobs"
    if cmp -s jobs.1 "jobs.$jobs"; then ok "$jobs jobs say the same"; else not_ok "$jobs jobs say the same" "$(diff jobs.1 "jobs.$jobs")"; fi
done

# Usage.
says 'an unknown format' 2 'test has no format' "$binary" test --format xml tree
says 'no number of jobs' 2 '-j takes a number' "$binary" test -j 0 tree
says 'no cases' 2 'there is no test case in' "$binary" test tree/rules
says 'no directory' 2 'is not a directory' "$binary" test nowhere
printf 'rule: gamma\nfacts: {a: {flie: x}}\n' >tree/rules/gamma.yaml
says 'a broken rule file' 3 '7 passed, 0 failed' "$binary" test tree
exit $status
