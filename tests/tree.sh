#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tree.sh BUILD: promises about the source tree itself.
set -u
status=0

expect_nothing() { # NAME, lines on standard input
    local lines
    lines=$(cat)
    if [ -z "$lines" ]; then
        echo "ok $1"
    else
        echo "not ok $1"
        printf '%s\n' "$lines" | head -n 20
        status=1
    fi
}

grep -rniE 'xen|qemu|kvm|libvirt|guest|emulator|debian|fedora|ubuntu|vmware|virtualbox|openvz|lxc|hvm|cpuinfo|hypervisor' \
    engine --include='*.[ch]' --include='*.def' | expect_nothing 'the engine names no platform'

find engine rules schemas tests -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.yaml' -o -name '*.rng' \) \
    ! -path 'tests/rules/*' ! -path 'tests/bad-rules/*' ! -path 'tests/lint/*' ! -path '*/root/*' -print0 |
    xargs -0 grep -L 'SPDX-License-Identifier: LGPL-2.1-or-later' | expect_nothing 'every file names its licence'

# A newcomer reads why a file is there before what is in it.
find engine tests -type f \( -name '*.[ch]' -o -name '*.def' \) | while read -r file; do
    sed -n 2p "$file" | grep -q '^/\*' || echo "$file"
done | expect_nothing 'every C file says on line 2 why it is there'
find engine tests -type f -name '*.sh' ! -path 'tests/rules/*' ! -path '*/root/*' | while read -r file; do
    sed -n 3p "$file" | grep -q '^# ' || echo "$file"
done | expect_nothing 'every script says on line 3 what it does'

# For what says nothing, REUSE.toml speaks.
grep -rhoE 'SPDX-License-Identifier[: =]+"?[A-Za-z0-9.-]+' . --exclude-dir=.git --exclude-dir='build*' | sed 's/.*[ "]//' | sort -u |
    while read -r licence; do [ -s "LICENSES/$licence.txt" ] || echo "LICENSES/$licence.txt"; done | expect_nothing 'every licence has its text'
grep -q '^path = "\*\*"$' REUSE.toml && grep -q '^SPDX-FileCopyrightText' REUSE.toml || echo REUSE.toml | expect_nothing 'every file has a copyright'
if command -v reuse >/dev/null; then reuse lint -q 2>&1 | expect_nothing 'reuse lint'; else echo 'skip tree: reuse lint: there is no reuse'; fi

# A regex has no place to be broken at.
find rules -name '*.yaml' -exec awk 'length > 140 && !/^ *match: [^ ]+$/ { print FILENAME ":" FNR }' {} + |
    expect_nothing 'no line of a rule is over 140 characters'
grep -rhoE '^struct [a-z_]+ \{' engine --include='*.[ch]' | sort | uniq -d | expect_nothing 'a struct tag means one thing'
find engine -name '*.[ch]' -exec wc -l {} + | awk '$2 != "total" && $1 > 500' | expect_nothing 'no file is over 500 lines'

git ls-files 2>/dev/null | cut -d/ -f1 | sort -u |
    grep -vxE 'engine|rules|schemas|tests|Makefile|README\.md|LICENSE|LICENSES|REUSE\.toml|CHANGES\.md|\..*' | expect_nothing 'the top level holds what was agreed'

# Dependencies point one way: a folder includes only itself and those before it.
before=
for folder in base rules root probe facts schema document write session test api cli; do
    before="$before|$folder"
    grep -rnE '^#include "[a-z]+/' engine/$folder --include='*.[ch]' |
        grep -vE "#include \"(${before#|})/" | grep -v '#include "hvprobe.h"' | expect_nothing "$folder includes only what comes before it"
done

grep -rn 'getenv(' engine --include='*.c' | grep -vE '^engine/(cli|session)/' | expect_nothing 'the environment is read by session/ and the command line only'
grep -rlE '#include <yaml\.h>' engine | grep -v '^engine/base/yaml' | expect_nothing 'one file knows libyaml'
grep -rlE '#include <pcre2\.h>' engine | grep -v '^engine/base/regex' | expect_nothing 'one file knows PCRE2'

# Functions: a line "name(...)" at column 0 up to the next "}" at column 0.
for file in $(find engine -name '*.c'); do
    awk -v file="$file" '/^[a-z].*\)$/ || /^[a-z].*[(,]$/ { start = NR; name = $0 } /^\}/ { if (start && NR - start > 50) print file ":" start ": " NR - start " lines: " name; start = 0 }' "$file"
done | expect_nothing 'no function is over 50 lines'
exit $status
