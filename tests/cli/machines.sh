#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# machines.sh BINARY: machine types in words, in six languages. tests/machines.txt has the names: those that QEMU's programs
# have listed from 0.10 on, with the ones of RHEL and Ubuntu, and Xen's.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas
unset LC_ALL LC_MESSAGES LANG LANGUAGE
languages="en de fr es ja zh"
machines() { "$binary" machines "$@" 2>>"$work/errors"; }
describe() { # NAME [OPTION...]
    machines --columns description --format lines -D machine="$@"
}
describe_in() { # VARIABLE=LOCALE...: bash itself would complain of those that are not installed
    env "$@" "$binary" machines --columns description --format lines -D machine=q35
}

# --- every known name has words in every language
# A program that carries all the names, as the real ones do: no target leaves out fewer of them than this one.
mkdir -p "$work/root/usr/bin" "$work/root/etc"
{ printf '\177ELF\2\1\1'; sed 's/$/-machine/' tests/machines.txt | tr '\n' '\0' | sed 's/^/\x0/'; } >"$work/root/usr/bin/qemu-system-sh4"
chmod +x "$work/root/usr/bin/qemu-system-sh4"
for language in $languages; do
    machines --root "$work/root" --arch sh4 --lang "$language" --format lines --columns machine,description >"$work/$language"
    cut -f1 "$work/$language" | sort -u >"$work/names"
    sort -u tests/machines.txt | comm -13 "$work/names" - >"$work/left"
    # What that root does not offer is asked for by name.
    while read -r name; do printf '%s\t%s\n' "$name" "$(describe "$name" --lang "$language")"; done <"$work/left" >>"$work/$language"
    check "$language: about 600 names" test "$(wc -l <"$work/$language")" -ge 550
    awk -F'\t' '$2 == ""' "$work/$language" >"$work/wordless"
    check "$language: words for each" none "$work/wordless"
    check "$language: valid UTF-8" iconv -f UTF-8 -t UTF-8 "$work/$language" -o /dev/null
    awk -F'\t' 'length($2) > 150 || $2 ~ /[$|;]|  |^ | $/' "$work/$language" >"$work/odd"
    check "$language: short, nothing left of a template" none "$work/odd"
done
for language in de fr es ja zh; do
    cut -f2 "$work/en" | paste - <(cut -f2 "$work/$language") | awk -F'\t' '$1 == $2 && $1 !~ /Nitro/' >"$work/same"
    check "$language: translated" none "$work/same"
done
check "versions are told apart" test "$(grep -E '^(pc-q35-|virt-)[0-9]' "$work/en" | cut -f2 | sort | uniq -d | wc -l)" = 0

# --- what is installed here
"$binary" machines --format lines --columns machine,description 2>/dev/null >"$work/here"
awk -F'\t' '$2 == ""' "$work/here" >"$work/wordless"
check "words for each machine type of this host" none "$work/wordless"
for program in /usr/bin/qemu-system-*; do
    [ -x "$program" ] || continue
    timeout 20 "$program" -machine help 2>/dev/null | tail -n +2
done >"$work/help"
cut -d' ' -f1 "$work/help" | sort -u | comm -23 - <(cut -f1 "$work/en" | sort -u) >"$work/unlisted"
check "the list of names has all that the programs here know" none "$work/unlisted"
sed 's/^[^ ]* *//' "$work/help" | sort -u | comm -12 - <(cut -f2 "$work/en" | sort -u) >"$work/copied"
check "the words are our own" none "$work/copied"

# --- which language
check "--lang" test "$(describe pc-q35-9.2 --lang de)" = "Standard-PC mit Q35-Chipsatz, Version 9.2"
check "--lang takes a locale" test "$(describe pc-q35-9.2 --lang de_AT.UTF-8)" = "Standard-PC mit Q35-Chipsatz, Version 9.2"
check "no locale: English" test "$(describe q35)" = "Standard PC with Q35 chipset"
check "locale C: English" test "$(describe_in LC_ALL=C)" = "Standard PC with Q35 chipset"
check "an unknown language: English" test "$(describe q35 --lang tlh)" = "Standard PC with Q35 chipset"
check "LANG=de_AT.UTF-8: German" test "$(describe_in LANG=de_AT.UTF-8)" = "Standard-PC mit Q35-Chipsatz"
check "LANG=fr_CA@latin: French" test "$(describe_in LANG=fr_CA@latin)" = "PC standard à chipset Q35"
check "LANG=zh_CN.UTF-8: Chinese" test "$(describe_in LANG=zh_CN.UTF-8)" = "采用 Q35 芯片组的标准 PC"
check "LC_MESSAGES counts more than LANG" test "$(describe_in LANG=de_DE LC_MESSAGES=es_ES)" = "PC estándar con chipset Q35"
check "LC_ALL counts more than both" test "$(describe_in LANG=de_DE LC_MESSAGES=es_ES LC_ALL=ja_JP.UTF-8)" = "Q35 チップセットの標準 PC"
check "an empty variable is none" test "$(describe_in LC_ALL='' LC_MESSAGES='' LANG=de)" = "Standard-PC mit Q35-Chipsatz"
check "--lang counts more than the locale" test "$(env LC_ALL=de_DE.UTF-8 "$binary" machines --lang fr -D machine=q35 --columns description --format lines)" = "PC standard à chipset Q35"
check "LC_ALL=C beside LANG: English" test "$(describe_in LC_ALL=C LANG=de_DE.UTF-8)" = "Standard PC with Q35 chipset"

# --- names
check "a version to come" test "$(describe pc-q35-37.1)" = "Standard PC with Q35 chipset, version 37.1"
check "RHEL" test "$(describe virt-rhel9.4.0)" = "Generic virtual machine, RHEL 9.4.0"
check "RHEL 6" test "$(describe rhel6.6.0)" = "Standard PC with i440FX chipset, RHEL 6.6.0"
check "Ubuntu" test "$(describe pc-i440fx-bionic-hpb)" = "Standard PC with i440FX chipset, Ubuntu 18.04, address width of the host"
check "an unknown name has no words" test "$(describe frobnicator-7.2)" = ""
check "nor has an unknown version of a board" test "$(describe akita-frobnicated)" = ""
check "a name with odd characters" test "$(describe "x']|//*[\"")" = ""

# --- forms
root=$work/root
check "the table" test "$(machines --root "$root" --arch sh4 | sed -n '1p' | tr -s ' ')" = "ARCH MACHINE DESCRIPTION"
is "--arch chooses, and says when nothing is left" "hvprobe: nothing here matches --arch alpha" \
    "$("$binary" machines --root "$root" --arch alpha 2>&1)"
check "wide characters in the locale C" grep -q 'Q35 チップセット' <(machines --root "$root" --arch sh4 --lang ja)
machines --root "$root" --arch sh4 --lang de --format xml >"$work/machines.xml"
check "XML is a valid document" test "$("$binary" validate "$work/machines.xml" >/dev/null; echo $?)" = 0
check "it says the language" grep -q "<description language='de'>" "$work/machines.xml"
check "JSON" grep -q '"machine": *"akita"' <(machines --root "$root" --arch sh4 --format json)
if can 'capabilities need none of it' strace; then
    check "capabilities need none of it" test "$(strace -f -e trace=openat "$binary" capabilities --root "$root" 2>&1 >/dev/null | grep -c 'NO_SUCH\|machines\.rng')" = 0
fi
check "nothing on standard error" none "$work/errors"
exit $status
