#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Takes a snapshot of this host for hvprobe (hvprobe-snapshot(5)) and writes it to standard output as tar. Made by
# 'hvprobe capture --script', from rules that say what to look at; meant for a pipe: ... | ssh HOST sh -s > host.tar
#
# It reads nothing from standard input, needs POSIX tools and tar, runs as any user and changes nothing but a folder of
# its own in ${TMPDIR:-/tmp}, which is gone in the end. What it could not read it names on standard error and in the
# snapshot.
#
# All is in functions: half of a script, of a connection that broke, does nothing.

# An hvprobe of this version and with these rules, which can ask for more, is left the work; quiet: left out is said by others.
version=''
rules=''
options=''
quiet=''
@SETTINGS@
limit=4194304    # bytes of a file that is copied whole
small=1048576    # of a program
matches=4096     # of a pattern
tokens=512       # words of a file that are taken for names

say() {
    printf 'hvprobe: %s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 5
}

# ---- records: lines of text in files of the folder; no name of a record has a line break ----

# What was not read, and why. PATH REASON
left_out() {
    printf '%s\t%s\n' "$1" "$2" >>"$work/left"
}

what_is() { # PATH: its type and what this user may do with it
    type=''
    [ -d "$1" ] && type=dir || { [ -f "$1" ] && type=file; } || { [ -c "$1" ] && type=char; } ||
        { [ -b "$1" ] && type=block; } || { [ -S "$1" ] && type=socket; } || { [ -p "$1" ] && type=fifo; }
    access=''
    [ -r "$1" ] && access=r
    [ -w "$1" ] && access=${access}w
    [ -x "$1" ] && access=${access}x
}

# Names with other characters than ASCII's printable ones are in the snapshot's folder alone.
odd_name() {
    if [ "$type" = file ] && [ "${access#r}" != "$access" ]; then
        mkdir -p "$work/root${1%/*}" && [ ! -e "$work/root$1" ] && cp -- "$1" "$work/root$1" 2>/dev/null && return
    elif [ "$type" = dir ]; then
        mkdir -p "$work/root$1" && return
    fi
    say "left out: a name that is not plain ASCII, in ${1%/*}"
}

# PATH without links, that exists; KINDS of asking
found() {
    what_is "$1"
    case $1 in
    *[!\ -~]*) odd_name "$1" ;;
    *) printf '%s\t%s\t%s\t%s\n' "$2" "${type:-other}" "${access:--}" "$1" >>"$work/found" ;;
    esac
}

# A directory that hides what is below from this user.
closed() {
    found "$1" 0
    left_out "$1" 'Permission denied'
}

link_target() { # PATH; the part of what ls says behind the name
    target=$(LC_ALL=C ls -ld -- "$1" && echo .)
    target=${target%?.}
    target=${target#*"$1 -> "}
}

# Keeps a link, and says in target where it leads to.
keep_link() {
    case $1 in
    /proc/self) target=${self#/proc/} ;;
    *) link_target "$1" ;;
    esac
    [ -L "$work/root$1" ] && return
    [ -d "$work/root${1%/*}" ] || mkdir -p "$work/root${1%/*}"
    ln -s -- "$target" "$work/root$1"
}

# Follows PATH from / on, keeping links. 0: 'real' is where it is; 1: nothing is there, or nobody may look.
walk() {
    rest=${1#/} real='' links=0
    while [ -n "$rest" ]; do
        part=${rest%%/*}
        case $rest in
        */*) rest=${rest#*/} ;;
        *) rest='' ;;
        esac
        case $part in
        '' | .) continue ;;
        ..) real=${real%/*} && continue ;;
        esac
        if [ -L "$real/$part" ]; then
            links=$((links + 1))
            [ $links -le 40 ] || return 1
            keep_link "$real/$part"
            case $target in
            /*) rest=${target#/}/$rest real='' ;;
            *) rest=$target/$rest ;;
            esac
        elif [ -e "$real/$part" ]; then
            real=$real/$part
        else
            if [ -d "${real:-/}" ] && [ ! -x "${real:-/}" ]; then closed "${real:-/}"; fi
            return 1
        fi
    done
    real=${real:-/}
}

# One path that was asked for. The directory of the one before it need not be followed again.
note() { # PATH KINDS
    case $1 in
    /proc/self/*) set -- "$self/${1#/proc/self/}" "$2" && keep_link /proc/self ;;
    esac
    if [ "${1%/*}" = "$last_directory" ] && [ ! -L "$1" ] && [ -n "$last_real" ]; then
        real=$last_real/${1##*/}
        [ -e "$real" ] || return
        found "$real" "$2"
        return
    fi
    last_directory=${1%/*} last_real=''
    if [ -n "$last_directory" ] && walk "$last_directory" && [ "$real" != / ]; then
        last_real=$real
    fi
    walk "$1" && found "$real" "$2"
}

is_plain() {
    case $1 in
    *[*?[]*) return 1 ;;
    esac
}

# A pattern that matches nothing may be hidden by a directory that cannot be listed.
hidden() { # PATTERN
    part=${1%%[*?[]*}
    walk "${part%/*}" && [ -d "$real" ] && [ ! -r "$real" ] && closed "$real"
}

# Paths that match a pattern; IFS is empty, so that names are not split.
ask() { # KINDS PATTERN
    if is_plain "$2"; then
        note "$2" "$1"
        return
    fi
    kinds=$1 pattern=$2
    # shellcheck disable=SC2086
    set -- $pattern
    if [ $# -eq 1 ] && [ ! -e "$1" ] && [ ! -L "$1" ]; then
        hidden "$pattern"
    elif [ $# -gt "$matches" ]; then
        left_out "${pattern%%/[!/]*[*?[]*}" "$# names are more than $matches"
    else
        for path; do
            note "$path" "$kinds"
        done
    fi
}

asks() { # KINDS PATTERN...
    asked_kinds=$1
    shift
    for asked_path; do
        ask "$asked_kinds" "$asked_path"
    done
}

# ---- what is known only here: paths that stand in files, where links lead to, words ----

# Words that may be paths: between quotes, or between anything that is usual around them.
paths_in() { # FILE
    for path_separators in '"\000\n' "\"'"' \t\000\n,;:=(){}<>|'; do
        LC_ALL=C tr "$path_separators" '[\n*]' <"$1" 2>/dev/null
    done | LC_ALL=C grep '^/[ -~]*$' | grep -v '[*?[\\]' | LC_ALL=C sort -u | sed "${tokens}q"
}

# A path and all above it.
above() {
    above=$1
    while [ -n "$above" ]; do
        printf '%s\n' "$above"
        above=${above%/*}
    done
}

# Each function says paths, one a line, of what is at one path.
stands_in() {
    [ -f "$1" ] && [ -r "$1" ] && ! is_refused "$1" && paths_in "$1"
}

leads_to() {
    [ -L "$1" ] && walk "$1" && above "$real"
}

# Asks for what is behind the paths that FUNCTION finds at each path of PATTERN, and so on. A shell of its own: it calls itself.
follow() ( # KINDS FUNCTION PATTERN SUFFIX [FUNCTION SUFFIX]...
    kinds=$1 function=$2 pattern=$3 suffix=$4
    shift 4
    for start in $pattern; do
        [ -e "$start" ] || [ -L "$start" ] || continue
        "$function" "$start" >"$work/follow.$$.$#"
        while IFS= read -r next; do
            if [ $# -gt 0 ]; then
                follow "$kinds" "$1" "$next$suffix" "$2"
            else
                ask "$kinds" "$next$suffix"
            fi
        done <"$work/follow.$$.$#"
    done
)

# The same, of one step, for many patterns of which few are there.
follows() { # KINDS FUNCTION SUFFIX PATTERN...
    follows_kinds=$1 follows_function=$2 follows_suffix=$3
    shift 3
    for follows_pattern; do
        for follows_start in $follows_pattern; do
            if [ -L "$follows_start" ] || { [ "$follows_function" != leads_to ] && [ -f "$follows_start" ]; }; then
                follow "$follows_kinds" "$follows_function" "$follows_start" "$follows_suffix"
            fi
        done
    done
}

words() { # KINDS FILE BEFORE AFTER: a path with each of the words in a file
    [ -f "$2" ] && [ -r "$2" ] || return
    LC_ALL=C tr -cs 'A-Za-z0-9_.+-' '[\n*]' <"$2" | LC_ALL=C sort -u | sed "${tokens}q" >"$work/words"
    while IFS= read -r word; do
        [ -z "$word" ] || ask "$1" "$3$word$4"
    done <"$work/words"
}

# Reading them has effects, takes away what others wait for, or does not end.
is_refused() {
    case $1 in
    @REFUSED@) return 0 ;;
    esac
    return 1
}

# What the rules ask for: 1 content, 2 a program's data, 0 neither.
ask_all() {
    :
    @ASKED@
}

# ---- what was found, in full ----

# Mode, owner and size of all that was found, many in one call.
statuses() {
    LC_ALL=C sort -u "$work/found" >"$work/sorted"
    set --
    while IFS= read -r line; do
        set -- "$@" "${line##*	}"
        if [ $# -ge 200 ]; then
            LC_ALL=C ls -lnd -- "$@"
            set --
        fi
    done <"$work/sorted" 2>/dev/null
    [ $# -eq 0 ] || LC_ALL=C ls -lnd -- "$@" 2>/dev/null
}

# One line for each path: kinds, type, access, path, mode, size, group.
join_statuses() {
    awk '
        function octal(letters, sum) {
            sum = 0
            if (letters ~ /^.r/) sum += 4
            if (letters ~ /^..w/) sum += 2
            if (letters ~ /^...[xst]/) sum += 1
            return sum
        }
        function mode(text, special) {
            special = 0
            if (substr(text, 4, 1) ~ /[sS]/) special += 4
            if (substr(text, 7, 1) ~ /[sS]/) special += 2
            if (substr(text, 10, 1) ~ /[tT]/) special += 1
            return special octal("-" substr(text, 2, 3)) octal("-" substr(text, 5, 3)) octal("-" substr(text, 8, 3))
        }
        FILENAME == ARGV[1] {
            start = index($(0), " /")
            if (start) {
                name = substr($(0), start + 1)
                modes[name] = mode($1)
                sizes[name] = $5 ~ /,$/ ? 0 : $5
                groups[name] = $4
            }
            next
        }
        {
            tab = index($(0), "\t"); kinds = substr($(0), 1, tab - 1); rest = substr($(0), tab + 1)
            tab = index(rest, "\t"); type = substr(rest, 1, tab - 1); rest = substr(rest, tab + 1)
            tab = index(rest, "\t"); access = substr(rest, 1, tab - 1); path = substr(rest, tab + 1)
            if (!(path in asked)) { order[++count] = path; asked[path] = "00" }
            if (kinds == 1 || kinds == 3) asked[path] = "1" substr(asked[path], 2)
            if (kinds == 2 || kinds == 3) asked[path] = substr(asked[path], 1, 1) "1"
            types[path] = type; accesses[path] = access
        }
        END {
            for (i = 1; i <= count; i++) {
                path = order[i]
                if (path in modes)
                    printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", asked[path], types[path], accesses[path], path, modes[path], sizes[path], groups[path]
            }
        }' "$work/ls" "$work/sorted"
}

# ---- contents ----

reason_of() { # FILE with what a tool said
    sed -n '$s/.*: //p' "$1"
}

copy_one() { # PATH
    cat -- "$1" >"$work/root$1" 2>"$work/said" && return
    rm -f -- "$work/root$1"
    left_out "$1" "$(reason_of "$work/said")"
}

# Files of one directory, which most are, with one call.
copy() { # PATH...
    [ $# -gt 0 ] || return
    folder=$work/root${1%/*}
    [ -d "$folder" ] || mkdir -p "$folder"
    cp -- "$@" "$folder/" 2>/dev/null && return
    for copied; do
        rm -f -- "$work/root$copied"
        copy_one "$copied"
    done
}

# For awk: what od prints as b[0], b[1] ..., and numbers of several of these bytes.
bytes='
    { for (i = 1; i <= NF; i++) b[n++] = $i }
    function number(at, size, value, i) {
        value = 0
        for (i = 0; i < size; i++)
            value = value * 256 + (big ? b[at + i] : b[at + size - 1 - i])
        return value
    }'

# The header of an ELF file: where its table of sections is, how many, which has their names, the size of words, the order of bytes.
elf_header() { # FILE
    od -A n -v -t u1 -N 64 "$1" | awk "$bytes"'
        END {
            if (n < 52 || b[0] != 127 || b[1] != 69 || b[2] != 76 || b[3] != 70) exit
            wide = b[4] == 2; big = b[5] == 2
            if (wide) print number(40, 8), number(58, 2), number(60, 2), number(62, 2), 8, big
            else print number(32, 4), number(46, 2), number(48, 2), number(50, 2), 4, big
        }'
}

# Blocks of 4096 bytes with what can be found in a program, as lines "first count": its header, its tables of sections and their
# names, and of what is in its memory all but code and the tables of compilers.
elf_windows() { # FILE SIZE OFFSET ENTRY COUNT NAMES WORD BIG
    od -A n -v -t u1 -j "$3" -N $(($4 * $5)) "$1" |
        program="$1" awk -v size="$2" -v offset="$3" -v entry="$4" -v count="$5" -v names="$6" -v word="$7" -v big="$8" "$bytes"'
        function field(section, wide, narrow, bytes) {
            return number(section * entry + (word == 8 ? wide : narrow), bytes ? bytes : word)
        }
        function take(from, bytes, i) {
            if (from + bytes > size) return
            for (i = int(from / 4096); i <= int((from + bytes - 1) / 4096); i++) wanted[i] = 1
        }
        function name(section, at, text) {
            text = ""
            for (at = field(section, 0, 0, 4); c[at] > 0; at++) text = text sprintf("%c", c[at])
            return text
        }
        END {
            if (n < entry * count || count == 0) exit
            take(0, 64); take(offset, entry * count)
            from = field(names, 24, 16); bytes = field(names, 32, 20); take(from, bytes)
            copy = ENVIRON["program"]; gsub(/\047/, "\047\\\047\047", copy)
            command = "od -A n -v -t u1 -j " from " -N " bytes " \047" copy "\047"
            while ((command | getline) > 0) for (i = 1; i <= NF; i++) c[k++] = $i + 0
            for (s = 0; s < count; s++) {
                type = field(s, 4, 4, 4); flags = field(s, 8, 8)
                if (int(flags / 2) % 2 == 0 || int(flags / 4) % 2 || field(s, 32, 20) == 0) continue
                if (type != 1 && type != 3 && type != 4 && type != 9 && type != 19) continue
                if (type == 1 && name(s) ~ /^\.(eh_frame|gcc_except_table|got|plt|note)/) continue
                take(field(s, 24, 16) > 0 ? field(s, 24, 16) - 1 : 0, field(s, 32, 20) + 1)
            }
            last = int((size - 1) / 4096); start = -1
            for (i = 0; i <= last + 1; i++) {
                if (i <= last && (i in wanted)) { if (start < 0) start = i }
                else if (start >= 0) { print start, i - start; start = -1 }
            }
        }'
}

# Of windows those parts that are no long runs of zeros, which most tables of pointers are: od says a star for equal lines.
without_zeros() { # FILE
    while IFS=' ' read -r first count; do
        od -A d -t x4 -j $((first * 4096)) -N $((count * 4096)) "$1" | awk -v first="$first" -v count="$count" '
            $1 == "*" { star = previous ~ /^[0-9]+[ 0]+$/; next }
            {
                if (star) {
                    from = int((start + 4095) / 4096); to = int($1 / 4096)
                    for (i = from; to - from >= 4 && i < to; i++) zero[i] = 1
                    star = 0
                }
                start = $1; previous = $(0)
            }
            END {
                begin = -1
                for (i = first; i <= first + count; i++) {
                    if (i < first + count && !(i in zero)) { if (begin < 0) begin = i }
                    else if (begin >= 0) { print begin, i - begin; begin = -1 }
                }
            }'
    done
}

# A program's pieces, one after the other, in a file in its place.
pieces() { # PATH SIZE
    header=$(elf_header "$1" 2>/dev/null)
    [ -n "$header" ] || return 1
    IFS=' '
    # shellcheck disable=SC2086
    elf_windows "$1" "$2" $header >"$work/all" 2>/dev/null
    IFS=
    without_zeros "$1" <"$work/all" >"$work/windows" 2>/dev/null
    [ -s "$work/windows" ] || return 1
    [ -d "$work/root${1%/*}" ] || mkdir -p "$work/root${1%/*}"
    while IFS=' ' read -r first count; do
        dd if="$1" bs=4096 skip="$first" count="$count" 2>"$work/said" || { reason_of "$work/said" >&2 && return 1; }
        printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$((first * 4096))" "$((count * 4096))" >>"$work/pieces"
    done <"$work/windows" >"$work/root$1"
}

program() { # PATH SIZE
    if [ "$2" -le "$small" ]; then
        copy "$1"
    elif ! pieces "$1" "$2"; then
        if [ "$2" -le "$limit" ]; then copy "$1"; else left_out "$1" 'larger than what is copied, and no program whose data could be told'; fi
    fi
}

# KINDS TYPE ACCESS PATH MODE SIZE GROUP, a line each
contents() {
    tab=$(printf '\t')
    directory=''
    set --
    while IFS=$tab read -r kinds type access path mode size group; do
        case $kinds/$type in
        00/* | */[!f]* | */fifo) continue ;;
        esac
        if is_refused "$path"; then
            left_out "$path" 'reading it has effects'
        elif [ ! -r "$path" ]; then
            left_out "$path" 'Permission denied'
        elif [ "$kinds" = 01 ]; then
            program "$path" "$size"
        elif [ "$size" -gt "$limit" ]; then
            left_out "$path" "larger than $limit bytes"
        else
            if [ "${path%/*}" != "$directory" ] || [ $# -ge 200 ]; then
                copy "$@"
                set --
                directory=${path%/*}
            fi
            set -- "$@" "$path"
        fi
    done <"$work/joined"
    copy "$@"
}

# ---- snapshot.yaml ----

quoted() {
    printf '"%s"' "$(printf '%s' "$1" | LC_ALL=C tr -cd '\040-\176' | sed 's/[\\"]/\\&/g')"
}

yaml() {
    printf 'hvprobe-snapshot: 1\ntaken: %s\nunasked: [cpuid, ioctl, exec]\n' "$(date -u '+%Y-%m-%dT%H:%M:%SZ')"
    printf 'uname: {sysname: %s, nodename: %s, ' "$(quoted "$uname_sysname")" "$(quoted "$uname_nodename")"
    printf 'release: %s, version: %s, machine: %s}\n' "$(quoted "$uname_release")" "$(quoted "$uname_version")" "$(quoted "$uname_machine")"
    awk '
        BEGIN {
            FS = "\t"
            error["Permission denied"] = "EACCES"; error["Operation not permitted"] = "EPERM"
            error["Invalid argument"] = "EINVAL"; error["Input/output error"] = "EIO"; error["I/O error"] = "EIO"
            error["No such device"] = "ENODEV"; error["No such device or address"] = "ENXIO"
            error["Operation not supported"] = "EOPNOTSUPP"; error["Not supported"] = "EOPNOTSUPP"
            error["No data available"] = "ENODATA"; error["Resource temporarily unavailable"] = "EAGAIN"
            error["No such file or directory"] = "ENOENT"; error["Device or resource busy"] = "EBUSY"
            error["Resource busy"] = "EBUSY"; error["No such process"] = "ESRCH"
        }
        function quote(text) {
            gsub(/["\\]/, "\\\\&", text)
            return "\"" text "\""
        }
        FILENAME == ARGV[1] { if (!($1 in left)) { left[$1] = $2; names[++count] = $1 }; next }
        FILENAME == ARGV[2] {
            if ($1 != piece) { pieces = pieces (piece == "" ? "" : "]}\n") "  - {path: " quote($1) ", size: " $2 ", windows: [" }
            pieces = pieces ($1 == piece ? ", " : "") "{offset: " $3 ", size: " ($3 + $4 > $2 ? $2 - $3 : $4) "}"
            piece = $1
            next
        }
        {
            nodes = nodes "  - {path: " quote($4) ", type: " $2 ", mode: \047" $5 "\047, access: " ($3 == "-" ? "\047\047" : $3)
            if ($2 == "file") nodes = nodes ", size: " $6
            nodes = nodes ", group: " $7
            if ($4 in left && $2 == "file" && left[$4] in error && left[$4] != "Permission denied") nodes = nodes ", error: " error[left[$4]]
            nodes = nodes "}\n"
            if (length(nodes) > 8192) { all[++chunks] = nodes; nodes = "" }
        }
        END {
            print "nodes:"
            for (i = 1; i <= chunks; i++) printf "%s", all[i]
            printf "%s", nodes
            if (piece != "") printf "pieces:\n%s]}\n", pieces
            if (count) print "unread:"
            for (i = 1; i <= count; i++) print "  - " quote(names[i]) "  # " left[names[i]]
        }' "$work/left" "$work/pieces" "$work/joined"
}

tell() {
    [ -z "$quiet" ] || return 0
    sort -u "$work/left" | sed -n "s/^\(.*\)$(printf '\t')\(.*\)/hvprobe: left out: \1: \2/p" >&2
    say "left out: what only a program can ask of the processor, devices and other programs (cpuid, ioctl, exec)"
}

make_folder() {
    umask 077
    attempt=0
    until work=${TMPDIR:-/tmp}/hvprobe-capture.$$.$attempt && mkdir "$work" 2>/dev/null; do
        attempt=$((attempt + 1))
        [ $attempt -lt 100 ] || fail "cannot make a folder in ${TMPDIR:-/tmp}"
    done
    trap 'cd / && rm -rf "$work"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

has_hvprobe() {
    [ -n "$version" ] && [ "$(hvprobe --version 2>/dev/null | sed 1q)" = "$version" ] && [ "$(hvprobe rules --digest 2>/dev/null)" = "$rules" ]
}

main() {
    # shellcheck disable=SC2086
    if has_hvprobe && hvprobe $options capture -o -; then exit; fi
    IFS=
    LC_ALL=C
    export LC_ALL
    make_folder
    umask 022
    mkdir "$work/root" && : >"$work/found" && : >"$work/left" && : >"$work/pieces" || fail "cannot write in $work"
    self=''
    cd -P /proc/self 2>/dev/null && self=$PWD
    cd / && last_directory='' last_real=''
    uname_sysname=$(uname -s) uname_nodename=$(uname -n) uname_release=$(uname -r) uname_version=$(uname -v) uname_machine=$(uname -m)
    ask_all
    statuses >"$work/ls"
    join_statuses >"$work/joined"
    contents
    yaml >"$work/snapshot.yaml" || fail 'cannot write the snapshot'
    chmod -R u+rwX "$work/root"
    tell
    cd "$work" && tar -cf - snapshot.yaml root || fail 'tar failed'
}

main </dev/null
