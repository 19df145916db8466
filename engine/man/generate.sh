#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# generate.sh BINARY PAGE: prints the page with what stands between its marks written anew, from what the program prints.
#   ; options of COMMAND ... ; end        (a COMMAND of "-": the options of every command)
#   ; commands ... ; end
#   ; reference ... ; end                 the tables of `hvprobe rules --reference`
set -eu
binary=$1
page=$2
lines=$(bash "$(dirname "$0")/../completions/generate.sh" "$binary" --table)

options() { # COMMAND
    awk -F'\t' -v wanted="$1" '
        function escape(text) { gsub(/[\\_*]/, "\\\\&", text); return text }
        $1 == "option" && $2 == wanted {
            names = ($4 == "-" ? "" : "*" $4 "*") ($3 == "-" || $4 == "-" ? "" : ", ") ($3 == "-" ? "" : "*" $3 "*")
            printf "%s%s%s\n\t%s\n\n", names, $5 == "-" ? "" : " _" $5 "_", $6 == "-" ? "" : " ...", escape($7)
        }
        $1 == "parameter" && $2 == wanted {
            if (!parameters++)
                printf "Parameters:\n\n"
            printf "*-D* %s\n\t%s\n\n", escape($3), escape($4)
        }
        $1 == "column" && $2 == wanted {
            if (!columns++)
                printf "Columns:\n\n"
            printf "*%s*\n\t%s\n\n", escape($3), escape($4)
        }' <<<"$lines"
}
commands() {
    awk -F'\t' '
        function escape(text) { gsub(/[\\_*]/, "\\\\&", text); return text }
        FNR == NR { if ($1 == "usage") usage[$2] = $3; next }
        $1 == "command" { printf "*%s*%s\n\t%s\n\n", $2, usage[$2] == "-" ? "" : " " escape(usage[$2]), escape($3) }' <(echo "$lines") <(echo "$lines")
}
reference() {
    "$binary" rules --reference | awk '
        function plain(text) { gsub(/\\\|/, "\001", text); gsub(/\\/, "", text); return text }
        function escape(text) { gsub(/\001/, "|", text); gsub(/`/, "", text); gsub(/[\\_*]/, "\\\\&", text); sub(/^ +/, "", text); sub(/ +$/, "", text); return text }
        /^## / || /^This part is written/ || /^\|---/ || /^\| (key|filter|name|section|id) \|/ { next }
        /^### / { printf "\n## %s\n\n", substr($0, 5); next }
        /^#### / { printf "\n*%s*\n\n", escape(substr($0, 6)); next }
        /^\| / {
            line = plain($0)
            count = split(line, cells, "|")
            name = cells[2]
            required = sub(/ \(required\)/, "", name)
            if (count == 5) printf "*%s* (%s%s)\n\t%s\n\n", escape(name), escape(cells[3]), required ? ", required" : "", escape(cells[4])
            else printf "*%s*\n\t%s\n\n", escape(name), escape(cells[3])
            next
        }
        /^$/ { next }
        { printf "%s\n\n", escape(plain($0)) }' | cat -s
}

skip=no
while IFS= read -r line; do
    case $line in '; end') skip=no ;; esac
    [ $skip = yes ] || printf '%s\n' "$line"
    case $line in
    '; options of '*) echo; options "${line#'; options of '}"; skip=yes ;;
    '; commands') echo; commands; skip=yes ;;
    '; reference') reference; skip=yes ;;
    esac
done <"$page"
