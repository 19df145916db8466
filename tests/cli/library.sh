#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# library.sh BINARY: the C library beside the program: its header, symbols, the README's example, every function, threads.
set -u
. "$(dirname "$0")/../results.sh"
build=$(dirname "$binary")
unset MAKEFLAGS MFLAGS MAKELEVEL
this_tree
export LC_ALL=C
header=engine/include/hvprobe.h
strict="-Wall -Wextra -Werror -pedantic"
cc=${CC:-cc}
sanitize=
case $build in */asan) sanitize='-fsanitize=address,undefined' ;; esac

succeeds() { # NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$work/said" 2>&1; then ok "$name"; else not_ok "$name" "$(cat "$work/said")"; fi
}
same() { # NAME FILE FILE
    if diff -u "$2" "$3" >"$work/said"; then ok "$1"; else not_ok "$1" "$(cat "$work/said")"; fi
}

if [ ! -e "$build/libhvprobe.so" ]; then
    not_ok "there is a library beside $binary"
    exit 1
fi

# The header, alone.
echo '#include <hvprobe.h>' >"$work/alone.c"
cp "$work/alone.c" "$work/alone.cc"
# shellcheck disable=SC2086
succeeds 'the header compiles alone as C11' $cc -std=c11 $strict -Iengine/include -fsyntax-only "$work/alone.c"
# shellcheck disable=SC2086
succeeds 'the header compiles alone as C99' $cc -std=c99 $strict -Iengine/include -fsyntax-only "$work/alone.c"
if can 'the header compiles alone as C++' g++; then
    # shellcheck disable=SC2086
    succeeds 'the header compiles alone as C++' g++ -std=c++11 $strict -Iengine/include -fsyntax-only "$work/alone.cc"
fi

# Symbols: declared, exported and in the manual, all the same.
sed -nE 's/^HVP_API.*[ *](hvp_[a-z_]+)\(.*/\1/p' $header | sort >"$work/declared"
nm -D --defined-only "$build/libhvprobe.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/exported"
same 'what is exported is what is declared' "$work/declared" "$work/exported"
if [ -f engine/man/libhvprobe.3.scd ]; then
    grep -oE 'hvp_[a-z_]+\(' engine/man/libhvprobe.3.scd | tr -d '(' | sort -u >"$work/documented"
    same 'the manual page has every function' "$work/declared" "$work/documented"
fi
nm -D --defined-only "$build/libhvprobe.so" | grep ' T ' | grep -v '@@HVPROBE_0\.1$' >"$work/unversioned"
if [ -s "$work/unversioned" ]; then not_ok 'every symbol has a version' "$(cat "$work/unversioned")"; else ok 'every symbol has a version'; fi
nm -g --defined-only "$build/libhvprobe.a" | awk '$2 == "T" { print $3 }' | sort >"$work/exported"
[ -n "$sanitize" ] || same 'the static library keeps its names to itself' "$work/declared" "$work/exported"
if objdump -p "$build/libhvprobe.so" | grep -q 'SONAME *libhvprobe\.so\.0$'; then ok 'soname'; else not_ok 'soname'; fi
# Each declaration has a comment, before it or before the group that it is in.
awk '/^HVP_API/ { if (previous !~ /\*\/$/ && previous !~ /^HVP_API/ && previous !~ /^typedef struct/ && previous !~ /;$/) print } { if ($0 != "") previous = $0 }' \
    $header >"$work/undocumented"
if [ -s "$work/undocumented" ]; then not_ok 'every function has its comment' "$(cat "$work/undocumented")"; else ok 'every function has its comment'; fi

# An installation of what was built ("-o all": nothing is built anew), and pkg-config.
prefix=$work/dest/usr
succeeds 'make install' make -s -o all B="$build" DESTDIR="$work/dest" prefix=/usr install
for file in bin/hvprobe lib/libhvprobe.so lib/libhvprobe.so.0 lib/libhvprobe.a lib/pkgconfig/hvprobe.pc include/hvprobe.h \
    share/hvprobe/rules/tables.yaml share/hvprobe/schemas/capabilities.rng share/hvprobe/schemas/views/list.yaml \
    share/bash-completion/completions/hvprobe share/zsh/site-functions/_hvprobe share/fish/vendor_completions.d/hvprobe.fish; do
    [ -s "$prefix/$file" ] || { not_ok "installed: $file"; }
done
if can 'the manuals are installed' scdoc; then
    for page in man1/hvprobe.1 man5/hvprobe-rules.5 man5/hvprobe-snapshot.5 man3/libhvprobe.3; do
        [ -s "$prefix/share/man/$page" ] || not_ok "installed: $page"
    done
fi
sed -i "s|^prefix=.*|prefix=$prefix|; s|^libdir=.*|libdir=$prefix/lib|; s|^includedir=.*|includedir=$prefix/include|" "$prefix/lib/pkgconfig/hvprobe.pc"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
succeeds 'pkg-config knows it' pkg-config --exact-version 0.1.0 hvprobe

# The example of the README, against both libraries.
sed -n '/^```c$/,/^```$/p' README.md | sed '/^```/d' >"$work/drivers.c"
[ -s "$work/drivers.c" ] || not_ok 'the README has an example'
# shellcheck disable=SC2046,SC2086
succeeds 'the example of the README compiles' $cc -std=c11 $strict $sanitize -o "$work/drivers" "$work/drivers.c" $(pkg-config --cflags --libs hvprobe)
# shellcheck disable=SC2046,SC2086
succeeds 'the example links statically' $cc -std=c11 $strict $sanitize -o "$work/drivers-static" -Iengine/include "$work/drivers.c" "$build/libhvprobe.a" \
    $(pkg-config --libs yaml-0.1 libpcre2-8) -ldl -lpthread
root=$(find tests/rules/xen -mindepth 2 -maxdepth 2 -name root -path "*x86_64*" | sort | head -n 1)
for program in drivers drivers-static; do
    LD_LIBRARY_PATH=$prefix/lib "$work/$program" "$root" >"$work/output" 2>"$work/said"
    if grep -qE "^$root: [1-9][0-9]* kinds of guests, first of all [a-z]+$" "$work/output" && [ ! -s "$work/said" ]; then
        ok "$program runs"
    else
        cat "$work/output" >>"$work/said"
        not_ok "$program runs" "$(cat "$work/said")"
    fi
done

# Every function, also used wrongly; documents are what the program prints.
# shellcheck disable=SC2046,SC2086
succeeds 'the test of the interface compiles' $cc -std=c11 -D_GNU_SOURCE $strict $sanitize -o "$work/use" tests/cli/library_use.c $(pkg-config --cflags --libs hvprobe)
for case in $(find tests/rules/xen tests/rules/qemu tests/rules/lxc -mindepth 2 -maxdepth 2 \( -name root -o -name snapshot \) -printf '%h\n' | sort | awk 'NR % 4 == 1'); do
    where=root
    [ -d "$case/root" ] || where=snapshot
    [ ! -f "$case/args" ] || continue
    LD_LIBRARY_PATH=$prefix/lib "$work/use" document $where "$case/$where" >"$work/library" 2>&1
    "$binary" capabilities --$where "$case/$where" >"$work/program" 2>/dev/null
    same "the same document as the program: ${case#tests/rules/}" "$work/program" "$work/library"
done
mkdir "$work/broken"
printf 'rule: broken\nfacts: {a: {flie: /x}}\n' >"$work/broken/broken.yaml"
(cd "$work" && LD_LIBRARY_PATH=$prefix/lib ./use all "$OLDPWD/$root" "$work/broken" 2>&1) >"$work/output"
grep -E '^(ok|not ok) ' "$work/output"
if grep -q '^ok library: all done$' "$work/output"; then :; else not_ok 'all functions were called' "$(cat "$work/output")"; fi
! grep -q '^not ok' "$work/output" || status=1

# Threads: eight on one rule set, under ThreadSanitizer. libxml2 and PCRE2 are not instrumented, so what they do inside is not
# seen; what they get from us is. Once is enough: not for the build with other sanitizers.
echo 'int main(void) { return 0; }' >"$work/empty.c"
if [ -n "$sanitize" ]; then
    :
elif $cc -fsanitize=thread -o "$work/empty" "$work/empty.c" 2>/dev/null; then
    threads=$build/tsan
    flags='-O1 -g -fsanitize=thread -fno-omit-frame-pointer'
    if make -s -j2 B="$threads" CFLAGS="$flags" WERROR= "$threads/libhvprobe.a" >"$work/said" 2>&1; then
        # shellcheck disable=SC2046,SC2086
        succeeds 'the test of threads compiles' $cc -std=c11 -D_GNU_SOURCE $strict $flags -o "$work/threads" -Iengine/include tests/cli/library_threads.c "$threads/libhvprobe.a" \
            $(pkg-config --libs yaml-0.1 libpcre2-8) -ldl -lpthread
        mapfile -t roots < <(find tests/rules/xen tests/rules/qemu tests/rules/lxc tests/rules/topology -mindepth 2 -maxdepth 2 -name root | sort | head -n 12)
        succeeds 'eight threads on one rule set, under ThreadSanitizer' env TSAN_OPTIONS='halt_on_error=1 exitcode=66' timeout 120 "$work/threads" "${roots[@]}"
    else
        not_ok 'the library builds with ThreadSanitizer' "$(cat "$work/said")"
    fi
else
    skip 'eight threads on one rule set' 'the compiler has no ThreadSanitizer' # as on musl
fi

# Memory that ends (sanitizers need their own).
if [ -z "$sanitize" ]; then
    mkdir "$work/greedy"
    cat >"$work/greedy/greedy.yaml" <<END
rule: greedy
title: Greedy
facts:
  a: {range: 1-300}
  b: {for: a, range: 1-100}
  c: {from: b, with: {y: '$(printf 'x%.0s' {1..400})\${text}'}}
emit: [{for: c, at: "guest[os_type='hvm'][arch/@name='\${y}']", set: {arch/machine: '\${text}'}}]
END
    # shellcheck disable=SC2086,SC2046
    succeeds 'the test of memory compiles' $cc -std=c11 -D_GNU_SOURCE $strict -o "$work/memory" tests/cli/library_memory.c $(pkg-config --cflags --libs hvprobe)
    HVPROBE_RULES=$PWD/rules:$work/greedy LD_LIBRARY_PATH=$prefix/lib "$work/memory" "$PWD/tests/rules/qemu/debian-12/root" 2048 >"$work/said" 2>&1 &&
        grep -qE 'incomplete [1-9]+[0-9]*, .*wrong 0$' "$work/said"
    result $? 'where memory ends a call ends with an error, or aborts as the header says'
fi
exit $status
