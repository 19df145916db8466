# SPDX-License-Identifier: LGPL-2.1-or-later
# seeds.bash: sourced after results.sh by what tries inputs: the modes (see targets.c), what each begins with, and a program that
# replays that and changed copies. Seeds are our fixtures, and tests/fuzz/crashes/MODE/*, what once ended in a crash.
# shellcheck shell=bash disable=SC2034,SC2154
build=$(dirname "$binary")
export HVPROBE_CACHE=
modes=(rules overlay case view snapshot tar document schema cache answers extract devices host)
# How often each seed is changed in make check; what takes longer less often.
declare -A changes=([rules]=8 [overlay]=40 [case]=40 [view]=30 [snapshot]=20 [tar]=20 [document]=30 [schema]=10 [cache]=20 [answers]=60 [extract]=30
    [devices]=60 [host]=3)

build_fuzzer() { # ... in $work/fuzz, of the objects of the build
    local objects=() source sanitizers packages='yaml-0.1 libpcre2-8'
    for source in engine/*/*.c; do
        [ "$source" = engine/cli/main.c ] || objects+=("$build/${source%.c}.o")
    done
    sanitizers=$(grep -oE -- '-f(no-)?sanitize[^ ]*' "$build/flags")
    # shellcheck disable=SC2046,SC2086
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -Iengine -Iengine/include -O1 -g $sanitizers $(pkg-config --cflags libxml-2.0 $packages) \
        -o "$work/fuzz" tests/fuzz/{fuzz,targets,answers}.c "${objects[@]}" $(pkg-config --libs $packages) -ldl -lpthread \
        >"$work/err" 2>&1 || { not_ok 'the fuzzer builds' "$(tail -n 5 "$work/err")"; return 1; }
}

some() { awk "NR % $1 == 0"; } # each Nth

tars() { # COUNT FOLDER: of what lies in so many folders of fixtures
    local folder number=0
    for folder in $(find tests/rules -name "$2" -type d -path '*/*/*/*/*' | sort | some 23 | head -n "$1"); do
        [ "$(du -sk "$folder" | cut -f1)" -gt 300 ] || tar -cf "$seeds/$((number++)).tar" --format=ustar -C "$folder" .
    done
}

make_seeds() { # MODE: in the folder $seeds
    seeds=$work/seeds/$1
    mkdir -p "$seeds"
    case $1 in
    rules) find rules -name '*.yaml' -size -24k | sort | some 2 ;;
    overlay)
        printf 'extends: extract\nfacts:\n  words: {text: a b c, split: " "}\n  more: {from: words, where: {text: "~ [ab]"}}\ndrop: [facts.cpus]\n' >"$seeds/overlay.yaml"
        printf 'extends: extract\npaths: {p: {debian>=12: [/bin/sh], any: ["/opt/${os.id}"]}}\nfacts: {p: {path: p}}\ntables: {t: {a: b}}\n' >"$seeds/paths.yaml"
        ;;
    case) find tests/rules -name case.yaml | sort | some 90 ;;
    view) find schemas/views -name '*.yaml' ;;
    snapshot) find tests/rules -name snapshot.yaml -size -16k | sort | some 23 ;;
    tar) tars 6 snapshot ;;
    host) tars 6 root ;;
    document) find tests/rules -name expect.xml -size -16k | sort | some 50 ;;
    schema) find schemas -name '*.rng' -size -64k | sort | some 3 ;;
    cache)
        mkdir -p "$work/few"
        cp rules/tables.yaml tests/fuzz/extract.yaml "$work/few/"
        HVPROBE_CACHE=$seeds HVPROBE_RULES=$work/few "${maker:-$binary}" list >/dev/null 2>&1
        ;;
    extract) find tests/rules -path '*/usr/bin/qemu-system-*' -size -16k | sort | some 12; find tests/rules -name 'cpuinfo' | sort | some 23; echo schemas/case.schema.json ;;
    answers) printf '\0\1\1\0\200\377\1\0\0' >"$seeds/places" ;;
    devices) echo schemas/consent.yaml ;;
    esac | head -n 40 | while read -r file; do cp "$file" "$seeds/$(tr / _ <<<"$file")"; done
    cp tests/fuzz/crashes/"$1"/* "$seeds/" 2>/dev/null
    return 0
}

replay() { # MODE COUNT: the seeds, and so many changed copies of each
    if timeout 600 "$work/fuzz" "$work" "$1" "$2" "$seeds"/* >"$work/out" 2>&1; then
        ok "$1"
    else
        not_ok "$1 (input: $build/fuzz-$1)" "$(grep -m 8 -E 'rror|^ *#[0-9]' "$work/out")"
        cp "$work/last" "$build/fuzz-$1"
    fi
}
