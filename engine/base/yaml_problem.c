/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libyaml's complaints in words that say what to mend: a tab, a quote that is not closed, a missing blank. */
#include "base/yaml_problem.h"

#include "base/memory.h"
#include "base/text.h"

#define CANNOT_START "found character that cannot start any token"
#define ESCAPE_HINT  "in double quotes a backslash starts an escape; use single quotes for regular expressions"
#define FLOW_HINT    "close the bracket, or quote a value that holds any of [ ] { } , ' \""
#define INDENT_HINT  "check the indentation; quote a value that starts with [ { \" or '"

/* The first row that fits is taken. */
static const struct yaml_problem problems[] = {
    {CANNOT_START, NULL, '\t', false, "a tab in the indentation", "indent with spaces, not tabs"},
    {"found a tab character where an indentation space is expected", NULL, 0, false, "a tab in the indentation",
     "indent with spaces, not tabs"},
    {"found a tab character that violates indentation", NULL, 0, false, "a tab in the indentation",
     "indent with spaces, not tabs"},
    {CANNOT_START, NULL, '@', false, "a value cannot start with '@'", "quote the value"},
    {CANNOT_START, NULL, '`', false, "a value cannot start with '`'", "quote the value"},
    {CANNOT_START, NULL, '%', false, "a value cannot start with '%'", "quote the value"},
    {CANNOT_START, NULL, '>', false, "a value cannot start with '>' here", "quote the value, as in '>= 4.2'"},
    {CANNOT_START, NULL, '|', false, "a value cannot start with '|' here", "quote the value"},
    {CANNOT_START, NULL, 0, false, "nothing in YAML starts like this", "quote the value"},
    {"mapping values are not allowed in this context", NULL, 0, false, "':' is not expected here",
     "quote a value that holds ': ', or check the indentation of this line and the one before"},
    {"block sequence entries are not allowed in this context", NULL, 0, false, "'- ' is not expected here",
     "a list starts on a line of its own, indented below its key"},
    {"mapping keys are not allowed in this context", NULL, 0, false, "'? ' is not expected here", "quote the value"},
    {"could not find expected ':'", NULL, 0, true, "a line without ':' in a mapping",
     "write 'key: value'; there is a space after the colon"},
    {"found unexpected end of stream", "while scanning a quoted scalar", 0, true,
     "this quotation mark has no partner: the text is never closed", NULL},
    {"found unexpected document indicator", "while scanning a quoted scalar", 0, true,
     "this quotation mark has no partner: the text is never closed", NULL},
    {"found unknown escape character", NULL, 0, false, "unknown escape in double quotes", ESCAPE_HINT},
    {"did not find expected hexdecimal number", NULL, 0, false, "unknown escape in double quotes", ESCAPE_HINT},
    {"found invalid Unicode character escape code", NULL, 0, false, "this escape is no Unicode character", ESCAPE_HINT},
    {"did not find expected alphabetic or numeric character", "while scanning an alias", 0, true,
     "a value cannot start with '*'", "quote the value"},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor", 0, true,
     "a value cannot start with '&'", "quote the value"},
    {NULL, "while scanning a tag", 0, true, "a value cannot start with '!'", "quote the value"},
    {NULL, "while parsing a tag", 0, true, "a value cannot start with '!'", "quote the value"},
    {"found undefined tag handle", NULL, 0, true, "a value cannot start with '!'", "quote the value"},
    {NULL, "while scanning a block scalar", 0, false, "bad start of a text block",
     "a block is | or >, the end of the line, then indented lines; else quote the value"},
    {NULL, "while scanning a directive", 0, true, "a line cannot start with '%'", "quote the value"},
    {"did not find expected key", "while parsing a block mapping", 0, false, "expected a key here", INDENT_HINT},
    {"did not find expected '-' indicator", NULL, 0, false, "expected '- ' here, as in the list's other entries",
     INDENT_HINT},
    {"did not find expected ',' or ']'", NULL, YAML_AT_END, true, "this '[' is never closed", "add the missing ']'"},
    {"did not find expected ',' or '}'", NULL, YAML_AT_END, true, "this '{' is never closed", "add the missing '}'"},
    {"did not find expected ',' or ']'", NULL, 0, false, "expected ',' or ']' here", FLOW_HINT},
    {"did not find expected ',' or '}'", NULL, 0, false, "expected ',' or '}' here", FLOW_HINT},
    {"did not find expected node content", NULL, 0, false, "a value is missing here",
     "write the value; quote one that starts with one of ,[]{}#&*!|>'\"%@`"},
    {"did not find expected <document start>", NULL, 0, false, "text after the end of the YAML document",
     "check the indentation of this line"},
    {"control characters are not allowed", NULL, 0, false, "a control character",
     "remove it, or write it as an escape"},
    {"invalid leading UTF-8 octet", NULL, 0, false, "not UTF-8", "save the file as UTF-8"},
    {"invalid trailing UTF-8 octet", NULL, 0, false, "not UTF-8", "save the file as UTF-8"},
    {"incomplete UTF-8 octet sequence", NULL, 0, false, "not UTF-8", "save the file as UTF-8"},
    {"invalid length of a UTF-8 sequence", NULL, 0, false, "not UTF-8", "save the file as UTF-8"},
    {"invalid Unicode character", NULL, 0, false, "not UTF-8", "save the file as UTF-8"},
};

const struct yaml_problem *yaml_problem_find(const char *problem, const char *context, char character)
{
    for (size_t i = 0; i < ARRAY_SIZE(problems); i++) {
        const struct yaml_problem *row = &problems[i];

        if (row->problem && !text_equal(row->problem, problem))
            continue;
        if (row->context && !(context && text_starts(context, row->context)))
            continue;
        if (row->character && row->character != character)
            continue;
        return row;
    }
    return NULL;
}
