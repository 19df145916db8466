#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# compile.sh BINARY: 'rules --compile': what it writes is used when it is of exactly these files, gives the same answers, and is let alone
# when anything about it is odd.
set -u
. "$(dirname "$0")/../results.sh"
umask 022
unset HVPROBE_RULES HVPROBE_SCHEMAS
export HVPROBE_CACHE='' NO_COLOR=1 LC_ALL=C

# A build tree of our own: the program looks for the file beside itself.
mkdir -p "$work/tree/build" "$work/stage$work"
cp -rp rules schemas "$work/tree/"
cp "$binary" "$work/tree/build/hvprobe"
hvprobe=$work/tree/build/hvprobe
compiled=$work/tree/build/rules.bin
snapshot=$(dirname "$(find tests/rules/qemu -name snapshot.yaml | sort | head -n 1)")
answers() { # FILE: some documents, with status
    local command
    for command in capabilities detect checks 'explain qemu' 'list --arch aarch64'; do
        # shellcheck disable=SC2086
        "$hvprobe" --snapshot "$snapshot" $command
        echo "status $?"
    done >"$1" 2>&1
}
opened() { # how many rule files a run opens
    strace -f -e trace=open,openat -o "$work/trace" "$hvprobe" capabilities >/dev/null 2>&1
    grep -cE '/rules/.*\.yaml"' "$work/trace"
}
uses() { # NAME: no rule file is opened
    can "$1" strace && is "$1" 0 "$(opened)"
}
reads_all() { # NAME: they are
    can "$1" strace && check "$1" test "$(opened)" -gt 20
}

answers "$work/want"
reads_all 'without it files are read'
says 'it is compiled' 0 '' env -C / "$hvprobe" rules --compile
is 'others may read it' 644 "$(stat -c %a "$compiled")"
answers "$work/got"
check 'the same answers' cmp "$work/want" "$work/got"
uses 'no rule file is opened'
"$hvprobe" rules --compile -o "$work/chosen" && cmp -s "$work/chosen" "$compiled"
result $? '-o FILE, the same bytes'
"$hvprobe" rules --compile -o - | cmp -s - "$compiled"
result $? '-o -'
library=$(dirname "$binary")/libhvprobe.so.0
# Python would have to be built with the sanitizers, too.
if [ -e "$library" ] && [[ $binary != */asan/* ]] && can 'the library' strace python3; then
    cp "$library" "$work/tree/build/libhvprobe.so.0"
    strace -f -e trace=open,openat -o "$work/trace" python3 -c "import ctypes
library = ctypes.CDLL('$work/tree/build/libhvprobe.so.0')
library.hvp_capabilities.restype = ctypes.c_char_p
assert b'<capabilities>' in library.hvp_capabilities(None, None)" >"$work/err" 2>&1
    result $? 'the library'
    grep -qE '/rules/.*\.yaml"' "$work/trace"
    is 'uses it' 1 $?
fi

# Who else could write it decides what others believe.
chmod 666 "$compiled"
reads_all 'not what others may write'
chmod 644 "$compiled"
chmod 777 "$work/tree/build"
reads_all 'nor in their folder'
chmod 755 "$work/tree/build"
mv "$compiled" "$work/away" && ln -s "$work/away" "$compiled"
reads_all 'nor a link'
rm "$compiled" && mv "$work/away" "$compiled"
uses 'it is as before'
dd if=/dev/zero of="$compiled" bs=1 seek=300000 count=2000 conv=notrunc 2>/dev/null
answers "$work/got"
check 'damaged: the same answers' cmp "$work/want" "$work/got"
head -c 100000 "$work/chosen" >"$compiled"
answers "$work/got"
check 'cut off: the same answers' cmp "$work/want" "$work/got"
cp "$work/chosen" "$compiled"

# Files that were copied: their texts count.
cp -rp "$work/tree/rules" "$work/copy" && rm -r "$work/tree/rules" && mv "$work/copy" "$work/tree/rules"
answers "$work/got"
check 'copied rules: the same answers' cmp "$work/want" "$work/got"
"$hvprobe" checks --format lines >/dev/null 2>&1
says 'compiled for elsewhere' 0 '' env HVPROBE_RULES="$work/tree/rules" "$hvprobe" rules --compile
sleep 0.1
HVPROBE_CACHE=$work/cache "$hvprobe" capabilities >/dev/null
cp -rp "$work/tree/rules" "$work/tree/schemas" "$work/stage$work/"
mkdir -p "$work/stage$work/tree" && mv "$work/stage$work/rules" "$work/stage$work/schemas" "$work/stage$work/tree/"
says 'below --root' 0 '' "$hvprobe" rules --compile --root "$work/stage" -o "$work/staged"
grep -qaF "$work/stage" "$work/staged"
is 'which it does not name' 1 $?
cp "$work/staged" "$compiled"
answers "$work/got"
check 'the same answers' cmp "$work/want" "$work/got"
export HVPROBE_CACHE=$work/cache
"$hvprobe" capabilities >/dev/null
uses 'with a cache they are read once'
export HVPROBE_CACHE=

# An installation that is being made: the folder is there or not.
mkdir -p "$work/dest$work/tree/build" && cp -rp "$work/tree/rules" "$work/tree/schemas" "$work/dest$work/tree/"
says 'into an installation' 0 '' env -C / "$hvprobe" rules --compile --root "$work/dest"
check 'the same bytes' cmp "$work/staged" "$work/dest$compiled"

# Rules change under it, and it is made again.
sed -i 's/^title: .*/title: Changed/' "$work/tree/rules/hypervisor/xen.yaml"
says 'an edited rule counts' 0 'Changed' "$hvprobe" rules
mkdir "$work/site"
printf 'extends: qemu\nchecks:\n  - {name: always, expect: {unset: host.arch}, title: a check of the site}\n' >"$work/site/site.yaml"
says 'so does an overlay' 1 'a check of the site' "$hvprobe" checks qemu --rules "$work/site"
says 'compiled again' 0 '' "$hvprobe" rules --compile
uses 'it is used again'
echo 'broken: [' >>"$work/tree/rules/hypervisor/xen.yaml"
cp "$compiled" "$work/before"
says 'broken rules are not compiled' 3 'xen.yaml:' "$hvprobe" rules --compile
check 'what was there stays' cmp "$work/before" "$compiled"
cp rules/hypervisor/xen.yaml "$work/tree/rules/hypervisor/xen.yaml"
says 'a place that is not there' 5 "$work/none/x" "$hvprobe" rules --compile -o "$work/none/x"
says 'names' 2 'all rules' "$hvprobe" rules --compile qemu
exit $status
