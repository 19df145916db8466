#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# editor.sh BINARY: the JSON Schemas are those of the program's tables; ajv accepts by them what is right and rejects what is
# wrong; an editor's server completes and explains. ajv and yaml-language-server come from npm, once, into build/npm.
set -u
. "$(dirname "$0")/../results.sh"
modules=$PWD/build/npm/node_modules

for kind in rule snapshot case view; do
    if difference=$(diff -u schemas/$kind.schema.json <("$binary" rules --schema $kind)); then
        ok "$kind.schema.json is that of the tables"
    else
        not_ok "$kind.schema.json: run 'make schemas'" "$difference"
    fi
done

# No fact may be called what is built in: the pattern of names and the table of what is built in say the same words.
built_in=$("$binary" rules --reference | sed -nE '/^### Built-in names/,/^###? [^B]/s/^\| `\$\{([a-z]+).*/\1/p' | sort -u | paste -sd' ')
reserved=$(grep -oE '\(\?!\(([a-z|]+)\)' schemas/rule.schema.json | sort -u | tr -d '(?!)' | tr '|' '\n' | sort | paste -sd' ')
if [ -n "$built_in" ] && [ "$built_in" = "$reserved" ]; then ok 'built-in names are reserved'; else not_ok 'built-in names are reserved' "$built_in / $reserved"; fi

# What follows looks at the schemas only: once is enough.
case $binary in */asan/*) exit $status ;; esac
can 'the schemas in an editor' node npm || exit $status
if ! cmp -s tests/editor/package.json build/npm/installed.json; then
    mkdir -p build/npm
    cp tests/editor/package.json build/npm/package.json
    timeout 45 npm install --prefix build/npm --no-audit --no-fund --no-package-lock --ignore-scripts --fetch-retries=1 \
        >build/npm/log 2>&1 || {
        skip 'the schemas in an editor' 'npm has not installed ajv and yaml-language-server (build/npm/log)'
        exit $status
    }
    cp tests/editor/package.json build/npm/installed.json
fi

judge() { # SCHEMA FILE...: lines "valid FILE", "invalid FILE REASON"
    local schema=schemas/$1.schema.json
    shift
    node tests/editor/validate.js "$modules" "$schema" "$@" 2>&1
}

all_valid() { # SCHEMA WHAT FILE...
    local schema=$1 what=$2 verdicts wrong
    shift 2
    verdicts=$(judge "$schema" "$@")
    wrong=$(grep -v '^valid ' <<<"$verdicts")
    if [ -z "$wrong" ] && [ "$(grep -c '^valid ' <<<"$verdicts")" = $# ]; then
        ok "ajv accepts $# $what"
    else
        not_ok "ajv accepts every one of $what" "$wrong"
    fi
}
mapfile -t rules < <(find rules -name '*.yaml' | sort)
mapfile -t snapshots < <(find tests/rules -name snapshot.yaml | sort)
all_valid rule "shipped rules" "${rules[@]}"
all_valid snapshot "snapshots" "${snapshots[@]}"
mapfile -t cases < <(find tests/rules -name case.yaml | sort)
all_valid case "test cases" "${cases[@]}"
all_valid view "views" schemas/views/*.yaml

verdicts=$(judge rule $(find tests/bad-rules -name '*.yaml' -type f | sort))
for folder in tests/bad-rules/*/; do
    name=$(basename "$folder")
    grep -q "^$name " tests/editor/exceptions.txt && excepted=yes || excepted=no
    grep -q "^invalid $folder" <<<"$verdicts" && rejected=yes || rejected=no
    case $excepted$rejected in
    noyes) ok "ajv rejects $name" ;;
    nono) not_ok "ajv rejects $name; if no schema can, say why in tests/editor/exceptions.txt" ;;
    yesyes) not_ok "$name is rejected: take it out of tests/editor/exceptions.txt" ;;
    esac
done

node tests/editor/exchange.js "$modules" schemas || status=1
exit $status
