# SPDX-License-Identifier: LGPL-2.1-or-later
# options.awk: what --help prints (of the program, or of a command: -v command=NAME) as lines of fields between tabs:
#   command NAME SUMMARY
#   usage COMMAND ARGUMENTS
#   option COMMAND --LONG -LETTER ARGUMENT REPEAT HELP KIND     ("-" for what is not there and for the COMMAND of all commands)
# KIND says what the argument can be: "words A B C", or one of drivers, documents, dialects, columns, archs, directory, file, any.
#   column COMMAND NAME HELP
#   parameter COMMAND NAME= HELP
function words_of(help,    list, count, parts, i, words) {
    list = help
    sub(/^[^:]*: */, "", list)
    gsub(/ or /, ", ", list)
    gsub(/ \([^)]*\)/, "", list)
    count = split(list, parts, /, */)
    words = ""
    for (i = 1; i <= count; i++) {
        sub(/ *;.*/, "", parts[i])
        sub(/ +$/, "", parts[i])
        if (parts[i] ~ /^[a-z0-9-]+$/)
            words = words " " parts[i]
    }
    return words
}
# Words in brackets: "the schema of rule files (rule) or of snapshots (snapshot)".
function bracketed(help,    words) {
    while (match(help, /\([a-z]+\)/)) {
        words = words " " substr(help, RSTART + 1, RLENGTH - 2)
        help = substr(help, RSTART + RLENGTH)
    }
    return words
}
function kind_of(long, argument, help) {
    if (argument == "")
        return "-"
    if (argument ~ /^(FORMAT|WHEN|KIND)$/)
        return "words" words_of(help)
    if (argument == "WHAT")
        return "words" bracketed(help)
    if (argument ~ /^DIR/)
        return "directory"
    if (argument ~ /^(PATH|FILE|SCHEMA|SNAPSHOT)$/ || long == "--compat")
        return "file"
    if (long == "--dialect")
        return "dialects"
    if (long == "--document")
        return "documents"
    if (long == "--columns")
        return "columns"
    if (argument == "DRIVER")
        return "drivers"
    return argument == "ARCH" ? "archs" : "any"
}
function field(text) {
    return text == "" ? "-" : text
}
function flush(    text, names, rest, letter, long, argument, repeat) {
    if (left == "")
        return
    if (section == "Commands")
        print "command\t" left "\t" help
    if (section == "Columns")
        print "column\t" command "\t" left "\t" help
    if (section == "Parameters")
        print "parameter\t" command "\t" substr(left, 4) "\t" help
    if (section == "Options" || section == "Options of this command") {
        text = left
        repeat = sub(/ \.\.\.$/, "", text) ? "repeat" : ""
        letter = long = argument = ""
        if (match(text, /^-[A-Za-z]/)) {
            letter = substr(text, 1, 2)
            text = substr(text, 3)
            sub(/^, /, "", text)
        }
        if (match(text, /^--[a-z0-9-]+/)) {
            long = substr(text, 1, RLENGTH)
            text = substr(text, RLENGTH + 1)
        }
        sub(/^ /, "", text)
        argument = text
        print "option\t" field(command) "\t" field(long) "\t" field(letter) "\t" field(argument) "\t" field(repeat) "\t" help "\t" kind_of(long, argument, help)
    }
    left = ""
}
NR == 1 && command != "" {
    arguments = $0
    sub(/^[^]]*\] */, "", arguments)
    print "usage\t" command "\t" field(arguments)
}
/^[A-Z][A-Za-z ]*:$/ { flush(); section = substr($0, 1, length($0) - 1); next }
/^$/ { flush(); next }
/^  [^ ]/ {
    flush()
    line = substr($0, 3)
    if (match(line, /  +/)) {
        left = substr(line, 1, RSTART - 1)
        help = substr(line, RSTART + RLENGTH)
    } else {
        left = line
        help = ""
    }
    next
}
/^   / { help = $0; sub(/^ +/, "", help); next }
END { flush() }
