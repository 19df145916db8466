#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# manual.sh BINARY [--update]: manual pages and completions say what --help says. --update writes the generated parts.
set -u
. "$(dirname "$0")/../results.sh"
update=${2-}
this_tree
export NO_COLOR=1 LC_ALL=C.UTF-8
mkdir "$work/bin"
ln -s "$binary" "$work/bin/hvprobe"
export PATH=$work/bin:$PATH

same() { # NAME FILE FILE
    if diff -u "$2" "$3" >"$work/said"; then ok "$1"; else not_ok "$1 (make update-golden)" "$(cat "$work/said")"; fi
}
nothing() { # NAME FILE
    if [ -s "$2" ]; then not_ok "$1" "$(cat "$2")"; else ok "$1"; fi
}

# What is generated is what the program says today.
for page in engine/man/*.scd; do
    bash engine/man/generate.sh "$binary" "$page" >"$work/page"
    [ -z "$update" ] || cp "$work/page" "$page"
    same "${page##*/} is up to date" "$page" "$work/page"
done
bash engine/completions/generate.sh "$binary" "$work/completions"
for file in hvprobe.bash _hvprobe hvprobe.fish; do
    [ -z "$update" ] || cp "$work/completions/$file" engine/completions/
    same "$file is up to date" "engine/completions/$file" "$work/completions/$file"
done
[ -z "$update" ] || exit 0

# Without trust in the generator: every command, and every word of its help that begins with a hyphen, is in the page and offered
# by each shell.
commands=$("$binary" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 11 ] || not_ok 'the help lists the commands'
options_of() { # COMMAND or nothing
    "$binary" ${1:+"$1"} --help | sed -nE 's/^  ((-[A-Za-z]), )?((--[a-z-]+)|-[A-Za-z]).*/\2 \3/p' | tr ' ' '\n' | grep . | sort -u
}
section() { # COMMAND: its part of the page, and the options of all
    sed -n "/^## hvprobe $1\$/,/^\(##* \|; end\)/p; /^; options of -\$/,/^; end/p" engine/man/hvprobe.1.scd | sed 's/^## hvprobe.*//'
    sed -n "/^; options of $1\$/,/^; end/p" engine/man/hvprobe.1.scd
}
bash_offers() { # WORD...: what bash offers for the last word
    bash -c 'source engine/completions/hvprobe.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _hvprobe; printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}
fish_offers() {
    fish --no-config -c 'set -p fish_complete_path engine/completions; source engine/completions/hvprobe.fish; complete -C (string join " " -- $argv)' -- "$@" | cut -f1
}
: >"$work/missing"
for command in $commands; do
    grep -q "^## hvprobe $command\$" engine/man/hvprobe.1.scd || echo "page: $command" >>"$work/missing"
    section "$command" >"$work/section"
    bash_offers hvprobe "$command" - >"$work/bash"
    for option in $(options_of "$command"); do
        grep -qF -- "*$option*" "$work/section" || echo "page: $command $option" >>"$work/missing"
        grep -qxF -- "$option" "$work/bash" || echo "bash: $command $option" >>"$work/missing"
        grep -qE -- "^ *'?[^\[]*${option}[=+[]" engine/completions/_hvprobe || echo "zsh: $command $option" >>"$work/missing"
    done
done
nothing 'every command and option is in the page, bash and zsh' "$work/missing"
# And the other way round: nothing is offered that does not exist.
: >"$work/extra"
for command in $commands; do
    options_of "$command" | sort >"$work/real"
    bash_offers hvprobe "$command" - | sort -u | comm -23 - "$work/real" | sed "s/^/bash: $command /" >>"$work/extra"
done
nothing 'bash offers nothing that does not exist' "$work/extra"

offers() { # SHELL EXPECTED WORD...: is it among what is offered?
    local shell=$1 expected=$2
    shift 2
    "${shell}_offers" "$@" >"$work/offered" 2>&1
    if grep -qxF -- "$expected" "$work/offered"; then ok "$shell: $* offers $expected"; else not_ok "$shell: $* offers $expected" "$(cat "$work/offered")"; fi
}
offers bash checks hvprobe che
offers bash list hvprobe --root /tmp ""
offers bash --driver hvprobe list --d
offers bash lxc hvprobe list --driver l
offers bash lxc hvprobe list --driver = l
offers bash kvm hvprobe explain kv
offers bash HV012 hvprobe explain HV01
offers bash xen hvprobe rules xe
offers bash checks hvprobe explain --document che
offers bash sarif hvprobe lint --format sa
offers bash xml hvprobe --format x
offers bash OS_TYPE,BITS hvprobe list --columns OS_TYPE,B
offers bash s390x hvprobe machines --arch s39
offers bash engine/man hvprobe lint engine/ma
mkdir -p "$work/more"
printf 'rule: wombat\ntables: {a: {b: c}}\n' >"$work/more/wombat.yaml"
offers bash wombat hvprobe --rules "$work/more" explain wom
if bash_offers hvprobe list --bits "" | grep -q .; then not_ok 'bash: a number is not guessed'; else ok 'bash: a number is not guessed'; fi

if can 'zsh reads its file' zsh; then
    if zsh -n engine/completions/_hvprobe 2>"$work/said"; then ok 'zsh reads its file'; else not_ok 'zsh reads its file' "$(cat "$work/said")"; fi
fi
if can 'every option is offered by fish' fish; then
    : >"$work/missing"
    for command in $commands; do
        fish_offers hvprobe "$command" - >"$work/fish"
        fish_offers hvprobe "$command" -- >>"$work/fish"
        for option in $(options_of "$command"); do
            grep -qxF -- "$option" "$work/fish" || echo "fish: $command $option" >>"$work/missing"
        done
    done
    nothing 'every option is offered by fish' "$work/missing"
    offers fish checks hvprobe che
    offers fish lxc hvprobe list --driver l
    offers fish sarif hvprobe lint --format s
    offers fish HV012 hvprobe explain HV01
    offers fish checks hvprobe explain --document che
fi

# The pages, as mandoc sees them.
if can 'the manuals are made' scdoc; then
    for page in engine/man/*.scd; do
        name=$(basename "$page" .scd)
        if scdoc <"$page" 2>"$work/said" | awk -f engine/man/tidy.awk >"$work/$name" && [ ! -s "$work/said" ]; then
            ok "$name is made"
        else
            not_ok "$name is made" "$(cat "$work/said")"
        fi
        can "mandoc finds nothing in $name" mandoc || continue
        mandoc -Tlint "$work/$name" >"$work/said" 2>&1
        nothing "mandoc finds nothing in $name" "$work/said"
    done
fi
grep -oE '\*[A-Z_\\]+\*' engine/man/libhvprobe.3.scd | tr -d '*\\' | grep '^HVP_OPTION_' | sort -u >"$work/named"
grep -oE '^ *HVP_OPTION_[A-Z]+' engine/include/hvprobe.h | tr -d ' ' | sort -u >"$work/declared"
same 'libhvprobe(3) has every option' "$work/declared" "$work/named"
if "$binary" rules --schema snapshot >"$work/schema" 2>/dev/null; then
    : >"$work/missing"
    # Names of properties: what is quoted before ": {" and is no word of JSON Schema itself.
    for key in $(grep -oE '"[a-z-]+": \{' "$work/schema" | tr -d '":{ ' | grep -vxE 'properties|items|additionalProperties|patternProperties|propertyNames|not' | sort -u); do
        grep -qF -- "*$key*" engine/man/hvprobe-snapshot.5.scd || echo "$key" >>"$work/missing"
    done
    nothing 'hvprobe-snapshot(5) has every key' "$work/missing"
fi
for variable in $(grep -ohE 'getenv\("[A-Z_]+"\)|"(LC_[A-Z]+|LANG)"' engine/cli/*.c engine/api/*.c | grep -oE '[A-Z_]{4,}' | sort -u); do
    case $variable in HOME | XDG_*) continue ;; esac
    if grep -qF "*${variable//_/\\_}*" engine/man/hvprobe.1.scd; then ok "the page has $variable"; else not_ok "the page has $variable"; fi
done
exit $status
