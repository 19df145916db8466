#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# script.sh BINARY: 'capture --script' in dash and busybox: what its snapshot says is what this host says, whatever files are called.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
chmod 755 "$work"
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT

unpack() { # NAME
    rm -rf "$work/$1.d" && mkdir "$work/$1.d" && tar -C "$work/$1.d" -xf "$work/$1.tar"
}

# --- this host, by the shipped rules
"$binary" capture --script >"$work/script"
check 'a script is printed' grep -q '^#!/bin/sh' "$work/script"
is 'it does not use $0' '' "$(grep -nF "\$0" "$work/script")"
"$binary" capture --script -o "$work/file" && cmp -s "$work/file" "$work/script"
result $? 'it can be written to a file'
mkdir "$work/tmp"
for shell in dash 'busybox sh'; do
    name=${shell%% *}
    can "$shell takes a snapshot" "$name" || continue
    check "$shell has nothing against it" $shell -n "$work/script"
    { cat "$work/script" && echo 'echo the rest of standard input was read'; } >"$work/piped"
    TMPDIR=$work/tmp $shell -s <"$work/piped" >"$work/$name.tar" 2>"$work/$name.err"
    is "$shell reads nothing of standard input" 'the rest of standard input was read' "$(tail -c 40 "$work/$name.tar" | tr -d '\0')"
    is "$shell leaves nothing behind" '' "$(ls -A "$work/tmp")"
    check "$shell says what it left out" grep -q '^hvprobe: left out: what only a program can ask' "$work/$name.err"
    unpack "$name" 2>/dev/null
    for document in 'list --format json' machines; do
        # shellcheck disable=SC2086
        is "$shell: $document is this host's" "$("$binary" $document 2>/dev/null)" "$("$binary" --snapshot "$work/$name.d" $document 2>/dev/null)"
    done
    is "$shell: the document is this host's, but for what CPUID says" \
        "$("$binary" capabilities 2>/dev/null | sed '/<cpu>/,/<\/cpu>/d')" \
        "$("$binary" --snapshot "$work/$name.d" capabilities 2>/dev/null | sed '/<cpu>/,/<\/cpu>/d')"
done

# --- names, links, sizes, permissions: rules of our own
mkdir -p "$work/rules" "$work/host/odd" "$work/host/shut/in" "$work/host/real" "$work/host/here" "$work/host/later"
host=$work/host
for name in plain 'with space' "quote's" 'double"quote' 'back\slash' 'dollar$(touch hit)' 'semi;colon' '-dash' 'br[a]cket' 'ä'; do
    echo "yes of $name" >"$host/odd/$name"
done
printf 'yes of a line\n' >"$host/odd/line
break"
echo 'yes' >"$host/real/file"
ln -s ../real "$host/here/link"
ln -s file "$host/real/other"
ln -s nowhere "$host/real/broken"
echo 'yes' >"$host/shut/in/file"
chmod 640 "$host/real/file"
printf 'there = "%s/later"\nword 42\n' "$host" >"$host/conf"
echo 'yes' >"$host/later/found 42"
mkdir "$host/later/42" && echo 'yes' >"$host/later/42/number"
ln -s "$host/later/42/number" "$host/pointer"
head -c 5000000 /dev/zero >"$host/large"
{ head -c 2000000 /dev/zero | tr '\0' 'x'; echo; echo 'yes, in the end'; } >"$host/text"
cp "$binary" "$host/program"
chmod 4755 "$host/program"
cat >"$work/rules/try.yaml" <<R
rule: try
title: Try
document: checks
tables:
  name: {a: real, b: nothing}
facts:
  odd: {glob: '$host/odd/*'}
  word: {for: odd, file: '\${path}', match: 'yes of (?<name>.*)'}
  linked: {file: '$host/here/link/other', match: 'yes'}
  link: {link: '$host/here/link'}
  broken: {link: '$host/real/broken'}
  letters: {rows: [{letter: a}, {letter: b}]}
  mapped: {for: letters, file: '$host/\${letter|map:name}/file'}
  place: {file: '$host/conf', match: 'there = "(?<folder>.*)"'}
  behind: {for: place, glob: '\${folder}/found*'}
  behind_text: {for: behind, file: '\${path}', match: 'yes'}
  number: {file: '$host/conf', match: 'word (?<digits>\d+)'}
  numbered: {for: number, file: '$host/later/\${digits}/number', match: 'yes'}
  pointed: {link: '$host/pointer', match: '(?<target>.+)'}
  pointed_at: {for: pointed, file: '\${target}', match: 'yes'}
  beside: {for: pointed, file: '\${target|dirname}/../found 42', match: 'yes'}
  large: {file: '$host/large', match: 'x'}
  text: {file: '$host/text', strings: 'yes, in the (?<where>end)'}
  program: {file: '$host/program', strings: 'a POSIX sh (?<what>script) that'}
  head: {file: '$host/program', bytes: {offset: 1, size: 2, endian: big}}
  shut: {file: '$host/shut/in/file', match: 'yes'}
checks:
  - {name: word, for: word, expect: word, title: '\${name}', otherwise: fail}
  - {name: linked, expect: linked, title: 'a link \${link}, and one to nothing \${broken}', otherwise: fail}
  - {name: mapped, for: mapped, expect: mapped, title: '\${mode} \${size} \${type}', otherwise: fail}
  - {name: behind, expect: [behind_text, numbered, pointed_at, beside], title: what a file says, otherwise: fail}
  - {name: large, expect: {not: large}, title: what is too large, otherwise: fail}
  - {name: text, expect: text, title: 'the \${text.where}', otherwise: fail}
  - {name: program, expect: program, title: 'the \${program.what} after \${head} in \${head.mode} \${head.size}', otherwise: fail}
  - {name: shut, expect: shut, title: what is shut, otherwise: fail}
R
export HVPROBE_RULES=$work/rules
"$binary" checks try --format lines >"$work/live"
"$binary" capture --script >"$work/script"
is 'the rules work' '' "$(grep -v '^PASS' "$work/live" | grep -v 'too large')"
for shell in dash 'busybox sh'; do
    name=${shell%% *}
    can "$shell: odd names" "$name" || continue
    (cd "$work" && $shell -s <"$work/script" >"$name.tar" 2>"$name.err")
    unpack "$name"
    "$binary" --snapshot "$work/$name.d" checks try --format lines >"$work/$name"
    is "$shell: a snapshot says what the host says, whatever files are called" "$(grep -v 'too large' "$work/live")" "$(grep -v 'too large' "$work/$name")"
    check "$shell: what is too large is unknown" grep -q '^UNKNOWN.*too large' "$work/$name"
    check "$shell: and said" grep -q "left out: $host/large: larger" "$work/$name.err"
    check "$shell: of a program there are pieces" grep -q "^  - {path: \"$host/program\", size: .* windows: \[{offset: 0, size: " "$work/$name.d/snapshot.yaml"
    [ "$(stat -c %s "$work/$name.d/root$host/program")" -lt "$(stat -c %s "$host/program")" ]
    result $? "$shell: which are smaller than the program"
    is "$shell: a name is never run" '' "$(cd "$work" && ls -d hit 2>/dev/null)"
    can_be_root "$shell: as a user" || continue
    chmod 700 "$host/shut" "$host/real/file"
    (cd / && setpriv --reuid 65534 --regid 65534 --clear-groups $shell -s <"$work/script" >"$work/$name.tar" 2>"$work/$name.err")
    unpack "$name"
    "$binary" --snapshot "$work/$name.d" checks try --format lines >"$work/$name"
    check "$shell: what a user may not look at is unknown" grep -q '^UNKNOWN.*what is shut' "$work/$name"
    check "$shell: what a user may not read is there" grep -q '^PASS.*0700 4 file' "$work/$name"
    check "$shell: and said, with the reason" grep -q "left out: $host/shut: Permission denied" "$work/$name.err"
    check "$shell: also in the snapshot" grep -qF "  - \"$host/shut\"  # Permission denied" "$work/$name.d/snapshot.yaml"
    chmod 755 "$host/shut" && chmod 640 "$host/real/file"
done

# --- pieces
piece() { # YAML
    mkdir -p "$work/p/root" && printf 'abcdef' >"$work/p/root/file"
    printf 'hvprobe-snapshot: 1\npieces:\n  - %s\n' "$1" >"$work/p/snapshot.yaml"
    cat >"$work/rules/try.yaml" <<'R'
rule: try
title: Try
facts:
  found: {file: /file, strings: 'abc(?<between>\0+)def'}
  content: {file: /file, match: abc}
checks:
  - {name: found, expect: found, title: 'of ${found.size} bytes', otherwise: fail}
  - {name: content, expect: content, title: as a text, otherwise: fail}
R
    "$binary" --snapshot "$work/p" checks try
}
says 'pieces stand where they were' 0 'of 100 bytes' piece '{path: /file, size: 100, windows: [{offset: 20, size: 3}, {offset: 30, size: 3}]}'
says 'the whole text of a file in pieces is unknown' 1 'UNKNOWN try  as a text' piece '{path: /file, size: 100, windows: [{offset: 20, size: 6}]}'
says 'a window outside of its file is an error' 4 'a window is a part of its file' piece '{path: /file, size: 100, windows: [{offset: 98, size: 3}]}'
says 'so is one far outside' 4 'a window is a part of its file' piece '{path: /file, size: 100, windows: [{offset: 9223372036854775807, size: 9223372036854775807}]}'
exit $status
