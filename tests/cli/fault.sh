#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fault.sh BINARY: input and output fail; nothing crashes, nothing is claimed that was not seen, nothing is half-written.
set -u
. "$(dirname "$0")/../results.sh"
chmod 755 "$work"
this_tree
. tests/fault/faults.bash

"$binary" --root "$root" capabilities >"$work/good"
grep -q '<emulator>/usr/bin/qemu-system-x86_64' "$work/good"
result $? 'the host is as it should be'

# What a kernel may do at any time changes nothing.
for fault in read:short read:EINTR write:short write:EINTR; do
    faulty $fault '' --root "$root" capabilities && cmp -s "$work/out" "$work/good"
    result $? "$fault: the same answer"
done
faulty write:28@0 '' --root "$root" capabilities
[ $? = 5 ] && grep -q 'cannot write' "$work/err"
result $? 'a full disk is said'
"$binary" --root "$root" list >/dev/full 2>"$work/err"
[ $? = 5 ]
result $? 'a full device too'

# Calls fail one after the other; make fault tries them all.
sweep 7 read 5 --root "$root" capabilities
sweep 23 open 5 --root "$root" capabilities
sweep 23 open 24 --root "$root" list --format lines --columns os_type,arch,domain
mkdir "$work/more" # directories are listed where rules are added to those that are compiled
sweep 1 list 5 --rules "$work/more" --root "$root" list --format lines --columns os_type,arch,domain
sweep 211 alloc 12 --root "$root" machines --format lines
sweep 173 stat 13 --root "$root" checks --format lines --columns result,rule,name
sweep 97 open 5 --root "$root" domain
sweep 1 read 5 validate "$work/good"
sweep 1 write 28 validate "$work/good"
for made in MADE MADE.tar.gz; do
    sweep 997 alloc 12 --root "$root" capture -o $made
    for call in create rename remove write; do
        sweep 3 $call 28 --root "$root" capture -o $made
    done
done

# A file that cannot be read: what it says is unknown, never no.
verdict() { # RULE FACT ARGS...
    local rule=$1 fact=$2
    shift 2
    faulty "$@" explain "$rule"
    sed -n "s/^    $fact  *\([a-z]*\).*/\1/p" "$work/out"
}
for call in read:5@0 open:5@0 open:13@0; do
    [ "$(verdict cpu first $call /proc/cpuinfo --snapshot tests/rules/cpu/amd/snapshot)" = unknown ]
    result $? "$call: unknown is not no"
done

# Nor is a distribution that cannot be told another one: what depends on it is unknown.
faulty open:5@0 etc/os-release --root "$root" explain xen
grep -qE '^    own_loader +unknown: /etc/os-release: input/output error' "$work/out"
result $? 'an os-release that cannot be read'

# Snapshots are whole or not there.
snapshot() { # NAME
    [ $? = 5 ] && [ -s "$work/err" ] && [ ! -e "$work/snapshot" ]
    result $? "$1: no half snapshot"
    rm -rf "$work/snapshot"
}
faulty create:x '' --root "$root" capture -o "$work/snapshot"
total=$(cat "$work/count")
rm -rf "$work/snapshot"
for number in 1 2 3 $((total / 2)) $((total - 1)) "$total"; do
    faulty "create:28@$number" '' --root "$root" capture -o "$work/snapshot"
    snapshot "call $number of $total that creates fails"
done
faulty write:28@2 '' --root "$root" capture -o "$work/snapshot"
snapshot 'a write fails'
mkdir "$work/snapshot"
faulty write:28@1 '' --root "$root" capture -o "$work/snapshot"
[ -d "$work/snapshot" ] && [ -z "$(ls -A "$work/snapshot")" ]
result $? 'a directory that was there stays, empty'

# The cache only saves work.
export HVPROBE_CACHE=$work/cache
"$binary" --root "$root" capabilities >/dev/null 2>&1
ls "$work/cache"/* >/dev/null 2>&1
result $? 'there is a cache'
for file in "$work"/cache/*; do
    size=$(stat -c %s "$file")
    for position in 0 9 $((size / 3)) $((size / 2)) $((size - 1)); do
        cp "$file" "$work/kept"
        printf '\377' | dd of="$file" bs=1 seek="$position" conv=notrunc 2>/dev/null
        "$binary" --root "$root" capabilities 2>"$work/err" | cmp -s - "$work/good" && [ ! -s "$work/err" ]
        result $? "$(basename "$file") damaged at $position of $size"
        cp "$work/kept" "$file"
    done
    truncate -s $((size / 2)) "$file"
    "$binary" --root "$root" capabilities 2>"$work/err" | cmp -s - "$work/good"
    result $? "$(basename "$file") cut"
done
for fault in write:28@0 create:13@0 open:5@0; do
    rm -rf "$work/cache"
    faulty $fault /parsed --root "$root" capabilities && cmp -s "$work/out" "$work/good"
    result $? "cache: $fault changes nothing"
done
for cache in /dev/null/x /proc/1/x "$root/etc/os-release"; do
    HVPROBE_CACHE=$cache "$binary" --root "$root" capabilities 2>"$work/err" | cmp -s - "$work/good" && [ ! -s "$work/err" ]
    result $? "a cache in $cache"
done
export HVPROBE_CACHE=

# As somebody who may do less.
can_be_root 'as somebody who may do less' || exit $status
install -m 755 "$binary" "$work/hvprobe"
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$work/hvprobe" "$@" >"$work/out" 2>"$work/err"; }
if ! setpriv --reuid=65534 --clear-groups test -r rules/tables.yaml; then
    cp -r rules schemas "$work"
    chmod -R go+rX "$work/rules" "$work/schemas"
    HVPROBE_RULES=$work/rules HVPROBE_SCHEMAS=$work/schemas
fi
mkdir -m 700 "$work/closed"
mkdir "$work/layer" "$work/open"
printf 'rule: hidden\n' >"$work/layer/hidden.yaml"
chmod 600 "$work/layer/hidden.yaml"
nobody --rules "$work/layer" --root "$root" capabilities
[ $? = 3 ] && grep -q 'hidden.yaml.*permission denied' "$work/err" && cmp -s "$work/out" "$work/good"
result $? 'a rule file that may not be read is named and left out'
nobody --rules "$work/closed" --root "$root" capabilities
[ $? = 3 ] && grep -q 'closed' "$work/err" && cmp -s "$work/out" "$work/good"
result $? 'so is a rule directory'
nobody --root "$work/closed" capabilities
[ $? = 4 ] && grep -q 'permission denied' "$work/err"
result $? 'a root that may not be read'
nobody --snapshot "$work/closed" capabilities
[ $? = 4 ]
result $? 'a snapshot that may not be read'
nobody --root "$root" capture -o "$work/closed/snapshot"
[ $? = 5 ]
result $? 'a directory that may not be written'
chmod 700 "$root/usr/bin"
nobody --root "$root" list
[ $? = 0 ] && [ ! -s "$work/out" ]
result $? 'a directory that may not be searched gives no emulator'
nobody --root "$root" explain qemu
grep -qE '^    emulator +unknown: .*denied' "$work/out"
result $? 'and is unknown, not no'

# /dev/kvm that this user may not open
mkdir -p "$root/dev"
if mknod -m 600 "$root/dev/kvm" c 10 232 2>/dev/null && [ -c /dev/kvm ] && [ "$(stat -c %a /dev/kvm)" = 600 ]; then
    nobody explain kvm
    grep -qE '^    usable +unknown: .*permission denied' "$work/out"
    result $? '/dev/kvm that may not be opened is unknown'
    nobody list --domain kvm
    [ ! -s "$work/out" ]
    result $? 'and no domain type'
    nobody checks --format lines --columns name,result,hint kvm
    [ $? = 1 ] && grep -q 'accessible	FAIL	no group may use it' "$work/out"
    result $? 'checks says what to do'
else
    skip '/dev/kvm that may not be opened' 'this machine has none of mode 600'
fi
exit $status
