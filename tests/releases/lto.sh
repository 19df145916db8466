#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# lto.sh BINARY: a build as distributions make it, with link-time optimisation.
set -u
. "$(dirname "$0")/../results.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL WERROR

# Link-time optimisation leaves the static library its interface, and no more.
sed -nE 's/^HVP_API.*[ *](hvp_[a-z_]+)\(.*/\1/p' engine/include/hvprobe.h | sort >"$work/declared"
if make -s -j2 B="$work/lto" CFLAGS='-O1 -flto' "$work/lto/libhvprobe.a" >"$work/err" 2>&1; then
    nm -g --defined-only "$work/lto/libhvprobe.a" | awk 'NF == 3 { print $3 }' | sort >"$work/names"
    is '-flto: only the interface has names' "$(cat "$work/declared")" "$(cat "$work/names")"
elif ${CC:-cc} -flto -xc -o "$work/empty" - <<<'int main(void) { return 0; }' 2>/dev/null; then
    not_ok '-flto builds' "$(tail -n 20 "$work/err")"
else
    skip '-flto' 'the compiler has none'
fi
exit $status
