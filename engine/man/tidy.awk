# SPDX-License-Identifier: LGPL-2.1-or-later
# tidy.awk: makes what scdoc writes as mandoc -Tlint likes it: no empty paragraphs, no long lines, the title in capitals,
# a date without escapes.
function put(line) {
    while (!literal && line !~ /^[.'"]/ && length(line) > 80) {
        cut = 80
        while (cut > 1 && (substr(line, cut, 1) != " " || substr(line, cut + 1, 1) ~ /[.' ]/))
            cut--
        if (cut <= 1)
            break
        print substr(line, 1, cut - 1)
        line = substr(line, cut + 1)
    }
    print line
}
{ lines[NR] = $0 }
END {
    for (i = 1; i <= NR; i++) {
        line = lines[i]
        if (line == ".nf")
            literal = 1
        if (line == ".fi")
            literal = 0
        if (line ~ /^\.TH /) {
            gsub(/\\-/, "-", line) # in the date, where later scdoc writes so
            line = toupper(substr(line, 1, index(line, "\" \""))) substr(line, index(line, "\" \"") + 1)
        }
        if (line ~ /^\.(PP|P|LP)$/) {
            paragraph = 1
            continue
        }
        # A paragraph before a macro, after a heading, or between the entries of a list is empty or too much.
        entry = lines[i + 1] == ".RS 4" && line !~ /^\./
        if (paragraph && !heading && (line !~ /^\./ || line == ".nf") && !(entry && after_list))
            print ".P"
        if (line != ".RE" || !paragraph)
            paragraph = 0
        after_list = line == ".RE"
        heading = line ~ /^\.(SH|SS|TH|RS)/
        put(line)
    }
}
