# SPDX-License-Identifier: LGPL-2.1-or-later
# mutate.awk -v out=DIRECTORY DOCUMENT: writes well-formed variants of a document that has one tag, or one element, a line.
function write_all(name, number,    file, i) {
    file = sprintf("%s/%s-%03d.xml", out, name, number)
    for (i = 1; i <= NR; i++)
        if (changed[i] != "")
            print changed[i] >file
    close(file)
    for (i = 1; i <= NR; i++)
        changed[i] = line[i]
}
function variant(name, number, text) {
    if (text == line[number])
        return
    changed[number] = text
    write_all(name, number)
}
function replaced(text, pattern, by) {
    sub(pattern, by, text)
    return text
}
function name_of(text) {
    sub(/^ *</, "", text)
    sub(/[ \/>].*/, "", text)
    return text
}
# The line of the end tag of an element that begins there; 0: it is no begin tag.
function end_of(number,    i, indent, name) {
    if (line[number] !~ /^ *<[^\/][^>]*[^\/]>$/)
        return 0
    indent = match(line[number], /</)
    name = name_of(line[number])
    for (i = number + 1; i <= NR; i++)
        if (match(line[i], /</) == indent && index(line[i], "</" name ">") == indent)
            return i
    return 0
}
{ line[NR] = changed[NR] = $0 }
END {
    for (n = 2; n < NR; n++) {
        whole = line[n] ~ /^ *<.*(\/>|<\/[^>]*>)$/ && line[n] !~ /^ *<\//
        end = end_of(n)
        if (whole) {
            variant("without", n, "")
            variant("twice", n, line[n] line[n])
            name = name_of(line[n])
            variant("renamed", n, replaced(replaced(line[n], "<" name, "<unheard"), "</" name ">", "</unheard>"))
            variant("child", n, replaced(line[n], "/>", "><odd/></" name ">"))
            variant("text", n, replaced(line[n], ">[^<]+<", ">odd one<"))
            variant("empty", n, replaced(line[n], ">[^<]+<", "><"))
            if (line[n] ~ /<\//)
                variant("blanks", n, replaced(replaced(line[n], ">", "> \t"), "</", "\t </"))
            variant("comment", n, line[n] "<!-- a comment -->")
            if (n + 1 < NR && line[n + 1] !~ /^ *<\// && line[n + 1] ~ /(\/>|<\/[^>]*>)$/) {
                changed[n + 1] = line[n]
                variant("swapped", n, line[n + 1])
            }
        }
        if (end) {
            for (i = n; i <= end; i++)
                changed[i] = ""
            write_all("gone", n)
            for (i = n + 1; i < end; i++)
                changed[i] = ""
            write_all("hollow", n)
            variant("words", n, line[n] "words")
        }
        variant("attribute", n, replaced(line[n], "='[^']*'", "='odd one'"))
        variant("zero", n, replaced(line[n], "='[0-9]+'", "='0'"))
        variant("big", n, replaced(line[n], "='[0-9]+'", "='99999999999'"))
        variant("huge", n, replaced(line[n], ">[0-9]+<", ">99999999999999999999999<"))
        variant("plus", n, replaced(line[n], "='[0-9]", "='+1"))
        variant("spaced", n, replaced(line[n], "='[^']*'", "=' 1 '"))
        variant("none", n, replaced(line[n], " [a-z_A-Z]*='[^']*'", ""))
        variant("more", n, replaced(line[n], "<[a-z_A-Z]+", "& odd='1'"))
    }
}
