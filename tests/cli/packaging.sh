#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# packaging.sh BINARY: what those who make packages rely on: the tools of a cross build, an installation that can be checked, a
# tarball that needs no scdoc. Link-time optimisation: tests/releases/lto.sh.
set -u
. "$(dirname "$0")/../results.sh"
build=$(dirname "$binary")
unset MAKEFLAGS MFLAGS MAKELEVEL WERROR

# A compiler that knows the names of its tools, and tools with the plain names that must not be used.
mkdir "$work/tools" "$work/cross"
for tool in ar ld objcopy pkg-config; do
    printf '#!/bin/sh\necho "the plain %s ran" >&2\nexit 1\n' $tool >"$work/tools/$tool"
done
cat >"$work/cross/x-cc" <<'END'
#!/bin/sh
case $1 in -print-prog-name=*) echo "x-${1#*=}" ;; esac
END
printf '#!/bin/sh\necho -I/cross/include\n' >"$work/cross/x-pkg-config"
chmod +x "$work"/tools/* "$work"/cross/*
commands() { PATH="$work/tools:$work/cross:$PATH" make -n B="$work/b" CC=x-cc PKG_CONFIG=x-pkg-config "$@" all units 2>&1; }
commands >"$work/commands"
check 'PKG_CONFIG is asked' grep -q -- '^x-cc .* -I/cross/include .* -c -o ' "$work/commands"
for tool in ar ld objcopy; do check "$tool is the compiler's" grep -qE "^x-$tool " "$work/commands"; done
check 'no plain tool is called' none <(grep -nE '^(cc|gcc|ar|ld|objcopy|pkg-config) |the plain' "$work/commands")
commands AR=my-ar LD=my-ld OBJCOPY=my-objcopy >"$work/commands"
for tool in ar ld objcopy; do check "$tool that is asked for" grep -qE "^my-$tool " "$work/commands"; done

case $build in */asan) exit $status ;; esac # the rest takes long, and is not about sanitizers

# What is installed can be checked; documentation is among it.
make -s -o all B="$build" DESTDIR="$work/root" prefix=/usr install >"$work/err" 2>&1
result $? 'make install'
for file in README.md CHANGES.md LICENSE rules/README.md; do
    check "installed: $file" cmp -s "$file" "$work/root/usr/share/doc/hvprobe/$file"
done
says 'make installcheck' 0 'passed, 0 failed' make -s DESTDIR="$work/root" prefix=/usr installcheck
rm "$work/root/usr/share/hvprobe/rules/hypervisor/lxc.yaml"
says 'it finds what is missing' 2 'not ok lxc/' make -s DESTDIR="$work/root" prefix=/usr CASES=lxc/absent installcheck
make -s B="$build" DESTDIR="$work/root" PREFIX=/usr uninstall >"$work/err" 2>&1
result $? 'make uninstall'
check 'nothing is left' none <(find "$work/root" -type f)

# A tarball has the manuals; with them scdoc is not needed.
if git rev-parse --verify -q HEAD >/dev/null 2>&1 && can 'make dist' scdoc; then
    make -s -o dist-deps B="$work/d" dist >"$work/err" 2>&1 && cp "$work"/d/*.tar.gz "$work/first.tar.gz"
    result $? 'make dist'
    make -s -o dist-deps B="$work/d" dist >"$work/err" 2>&1 && cmp -s "$work"/d/*.tar.gz "$work/first.tar.gz"
    result $? 'make dist: the same bytes again'
    tar -xzf "$work/first.tar.gz" -C "$work"
    mkdir "$work/bin"
    for program in make sh awk cp mv rm mkdir cmp cc; do ln -s "$(command -v $program)" "$work/bin/"; done
    (cd "$work"/hvprobe-*/ && PATH=$work/bin make -s B="$work/t" man) >"$work/err" 2>&1
    result $? 'manuals without scdoc'
    for page in hvprobe.1 libhvprobe.3 hvprobe-rules.5 hvprobe-snapshot.5; do
        check "$page: as scdoc makes it" cmp -s "$work/t/man/$page" "$work/d/man/$page"
    done
else
    skip 'make dist' 'this is no clone'
fi
exit $status
