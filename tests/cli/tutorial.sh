#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tutorial.sh BINARY [--update]: follows the tutorial of rules/README.md to the letter, in an empty directory, and compares
# the reference there with what the program prints. --update writes what comes out into the page.
#   ```yaml with "# FILE" first      the file; "# more of FILE": appended to it
#   ```sh                            run, in the directory that the tutorial starts in
#   ```console                       "$ COMMAND" and what it prints
set -u
. "$(dirname "$0")/../results.sh"
update=${2-}
page=$PWD/rules/README.md
this_tree
export NO_COLOR=1 LC_ALL=C.UTF-8
mkdir "$work/bin" "$work/home"
ln -s "$binary" "$work/bin/hvprobe"
export PATH=$work/bin:$PATH

write_file() { # BLOCK
    local first name
    first=$(head -n 1 "$1")
    case $first in
    '# more of '*)
        name=${first#'# more of '}
        { echo; tail -n +2 "$1"; } >>"$work/home/$name"
        ;;
    '# '*)
        name=${first#'# '}
        mkdir -p "$work/home/$(dirname "$name")"
        cat "$1" >"$work/home/$name"
        ;;
    esac
}

run_commands() { # BLOCK NAME
    if (cd "$work/home" && bash -e "$1") >"$work/output" 2>&1; then ok "$2"; else not_ok "$2" "$(cat "$work/output")"; fi
}

run_console() { # BLOCK NAME: writes BLOCK.new with what is printed now
    local command
    : >"$1.new"
    while IFS= read -r command; do
        printf '$ %s\n' "$command"
        (cd "$work/home" && bash -c "$command") 2>&1 </dev/null
    done < <(sed -n 's/^\$ //p' "$1") >"$1.new"
    if diff -u "$1" "$1.new" >"$work/output"; then ok "$2"; else [ "$update" ] || not_ok "$2" "$(cat "$work/output")"; fi
}

# Copies the page to $work/page, each block replaced by what it is now.
kind=
number=0
tutorial=no
while IFS= read -r line; do
    case $line in
    '<!-- tutorial: begin -->') tutorial=yes ;;
    '<!-- tutorial: end -->') tutorial=no ;;
    esac
    if [ $tutorial = yes ] && [ -z "$kind" ] && [[ $line = '```'?* ]]; then
        kind=${line#'```'}
        number=$((number + 1))
        block=$work/block$number
        : >"$block"
        echo "$line"
    elif [ -n "$kind" ] && [ "$line" = '```' ]; then
        case $kind in
        yaml) write_file "$block" ;;
        sh) run_commands "$block" "step $number runs" >&3 ;;
        console) run_console "$block" "step $number: $(sed -n '1s/^\$ //p' "$block")" >&3 && mv "$block.new" "$block" ;;
        *) echo "not ok tutorial: step $number is neither yaml, sh nor console" >&3 ;;
        esac
        cat "$block"
        kind=
        echo "$line"
    elif [ -n "$kind" ]; then
        printf '%s\n' "$line" >>"$block"
    else
        printf '%s\n' "$line"
    fi
done <"$page" 3>"$work/said" >"$work/page"
cat "$work/said"
[ "$number" -ge 10 ] || { echo "not ok tutorial: only $number blocks were found"; status=1; }
grep -q '^not ok' "$work/said" 2>/dev/null && status=1

# The reference is what the program prints.
{
    sed '/^<!-- reference: begin -->$/q' "$work/page"
    "$binary" rules --reference
    sed -n '/^<!-- reference: end -->$/,$p' "$work/page"
} >"$work/whole"
if [ "$update" ]; then
    cat "$work/whole" >"$page"
fi
if diff -u "$page" "$work/whole" >"$work/output"; then ok 'the page has the reference that the program prints'; else not_ok 'the page has the reference that the program prints (--update)' "$(cat "$work/output")"; fi

# Keys of case.yaml are in no registry that the program prints.
for key in $(sed -n '/^static const struct key case_keys/,/^};/s/^    {"\([a-z-]*\)".*/\1/p' engine/test/case.c); do
    if grep -q "^| .*\`$key\`.* |" rules/README.md && grep -qF "*$key*" engine/man/hvprobe-rules.5.scd; then
        ok "page and manual have the key $key of case.yaml"
    else
        not_ok "page and manual have the key $key of case.yaml"
    fi
done
exit $status
