#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# extracts.sh BINARY: what was found in programs travels in snapshots, the programs do not.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
host=tests/rules/qemu/elf-arm-interfaces/root
program=root/usr/bin/qemu-system-aarch64
answer() { "$binary" --arch aarch64 "$@" 2>&1; }

capture() { # DIRECTORY OPTION...
    local directory=$1
    shift
    answer --root "$host" capture -o "$directory" "$@" >/dev/null
}
check 'a snapshot can be taken' capture "$work/rows"
check 'it has rows in place of programs' test ! -e "$work/rows/$program"
says 'each with the size of its file' 0 "size: $(stat -c %s "$host/usr/bin/qemu-system-aarch64")" cat "$work/rows/snapshot.yaml"
check 'a snapshot of whole programs can be taken' capture "$work/whole" --whole
check 'it has the programs' cmp -s "$work/whole/$program" "$host/usr/bin/qemu-system-aarch64"
says 'and no rows' 0 '!extracts:' cat "$work/whole/snapshot.yaml"
says 'a snapshot of a snapshot can be taken' 0 written answer --snapshot "$work/rows" capture -o "$work/again"
for document in capabilities machines checks; do
    for snapshot in rows whole again; do
        is "$document: $snapshot says what the host says" "$(answer --root "$host" $document)" "$(answer --snapshot "$work/$snapshot" $document)"
    done
done

# Rows are a table; those of any YAML say the same, and a table of another shape is none.
grep -q '^    rows: |$' "$work/rows/snapshot.yaml"
result $? 'rows are written as a table'
mkdir "$work/list"
cp -r "$work/rows/root" "$work/list/"
awk -F '\t' '/^    rows: \|$/ { print "    rows:"; getline; n = split(substr($0, 7), name); table = 1; next }
    table && /^      / { sub(/^      /, ""); line = "      - {"; comma = ""
        for (i = 1; i <= n; i++) if ($i != "\\N") { line = line comma name[i] ": \"" $i "\""; comma = ", " }
        print line "}"; next }
    { table = 0; print }' "$work/rows/snapshot.yaml" >"$work/list/snapshot.yaml"
is 'a list of mappings says the same' "$(answer --snapshot "$work/rows" machines)" "$(answer --snapshot "$work/list" machines)"
sed '0,/^    rows: |$/b; 0,/^      [a-z0-9-]*\t/s//&more\t/' "$work/rows/snapshot.yaml" >"$work/again/snapshot.yaml"
says 'a line with a cell too many is an error' 4 'a cell is missing' answer --snapshot "$work/again" capabilities

# A rule that asks another question of the same file gets no answer, and no wrong one.
mkdir "$work/rules"
cat >"$work/rules/other.yaml" <<'R'
rule: other
title: Another question
facts:
  found: {file: /usr/bin/qemu-system-aarch64, strings: 'raspi(?<number>\d)b-machine'}
checks:
  - {name: found, expect: found, title: it has a Raspberry Pi, otherwise: fail}
R
says 'another question is answered by the host' 0 PASS answer --root "$host" --rules "$work/rules" checks other
says 'it is unknown to the snapshot' 0 UNKNOWN answer --snapshot "$work/rows" --rules "$work/rules" checks other
says 'whole programs answer it' 0 PASS answer --snapshot "$work/whole" --rules "$work/rules" checks other

# Rows are used for the file that they were found in only.
sed 's/^    size: .*/    size: 1/' "$work/rows/snapshot.yaml" >"$work/again/snapshot.yaml"
says 'rows of a file of another size are not used' 0 '!raspi3b' answer --snapshot "$work/again" capabilities
sed '0,/^    rows:/s//    nothing: no\n    rows:/' "$work/rows/snapshot.yaml" >"$work/again/snapshot.yaml"
says 'rows and none at once are an error' 4 'an extract has rows, or says why there is nothing' answer --snapshot "$work/again" capabilities
exit $status
