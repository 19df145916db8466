/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Doubtful patterns. Both questions are about patterns that compile, and rather miss one than cry wolf. */
#include "rules/link.h"

#include <ctype.h>
#include <string.h>

enum { LOOSE_WORD = 5, /* longer words hardly stand inside others */ };

/* What an opening parenthesis begins. */
struct regex_group {
    bool zero_width; /* a look-around, flags, a comment or a verb */
    bool atomic;
};

static const char *skip_to(const char *at, char end)
{
    const char *found = strchr(at, end);

    return found ? found + 1 : at + strlen(at);
}

/* After the parenthesis; *ret_at is where the group's content starts, or its end when it has none. */
static struct regex_group open_group(const char *at, const char **ret_at)
{
    struct regex_group group = {false, false};

    *ret_at = at;
    if (at[0] == '*' || strncmp(at, "?#", 2) == 0) {
        *ret_at = at + strcspn(at, ")");
        return (struct regex_group){.zero_width = true};
    }
    if (at[0] != '?')
        return group;
    at++;
    if (at[0] == 'P')
        at++;
    group.zero_width = at[0] == '=' || at[0] == '!' || (at[0] == '<' && (at[1] == '=' || at[1] == '!'));
    group.atomic = at[0] == '>';
    if (group.zero_width)
        *ret_at = at + 1 + (at[0] == '<');
    else if (at[0] == '<' || at[0] == '\'')
        *ret_at = skip_to(at + 1, at[0] == '<' ? '>' : '\'');
    else if (at[0] == '(')
        *ret_at = skip_to(at, ')');
    else
        *ret_at = at + strspn(at, "abcdefghijklmnopqrstuvwxyzJU^-+0123456789");
    if (**ret_at == ':' || **ret_at == '|' || **ret_at == '>')
        (*ret_at)++;
    return group;
}

static const char *skip_class(const char *at)
{
    at += at[0] == '^';
    at += at[0] == ']';
    while (*at && *at != ']') {
        if (at[0] == '[' && at[1] == ':' && strstr(at, ":]"))
            at = strstr(at, ":]") + 1;
        else if (at[0] == '\\' && at[1])
            at++;
        at++;
    }
    return at + (*at == ']');
}

/* After the backslash. */
static const char *skip_escape(const char *at)
{
    char kind = *at;
    const char *end;

    if (!kind)
        return at;
    at++;
    if (kind == 'Q') {
        end = strstr(at, "\\E");
        return end ? end + 2 : at + strlen(at);
    }
    if (strchr("xopPgkN", kind) && *at == '{')
        return skip_to(at, '}');
    if (kind == 'k' && (*at == '<' || *at == '\''))
        return skip_to(at + 1, *at == '<' ? '>' : '\'');
    return at;
}

struct explosive_scan {
    const char *at;
    bool found;
};

struct quantifier {
    bool optional;
    bool unbounded; /* and not possessive */
};

static struct quantifier scan_quantifier(struct explosive_scan *scan)
{
    struct quantifier quantifier = {false, false};
    const char *at = scan->at;

    if (*at == '{' && at[strspn(at + 1, "0123456789,") + 1] == '}' && isdigit((unsigned char)at[1])) {
        quantifier.optional = at[1] == '0' && !isdigit((unsigned char)at[2]);
        at = skip_to(at, '}');
        quantifier.unbounded = at[-2] == ',';
    } else if (*at && strchr("*+?", *at)) {
        quantifier.optional = *at != '+';
        quantifier.unbounded = *at != '?';
        at++;
    } else {
        return quantifier;
    }
    if (*at == '+')
        quantifier.unbounded = false;
    scan->at = at + (*at == '+' || *at == '?');
    return quantifier;
}

struct atom {
    bool zero_width;
    bool varies; /* a group that can take the same text in many ways */
};

static bool scan_alternatives(struct explosive_scan *scan);

static struct atom scan_atom(struct explosive_scan *scan)
{
    struct atom atom = {false, false};
    struct regex_group group;

    switch (*scan->at++) {
    case '(':
        group = open_group(scan->at, &scan->at);
        atom.varies = scan_alternatives(scan) && !group.atomic && !group.zero_width;
        atom.zero_width = group.zero_width;
        scan->at += *scan->at == ')';
        break;
    case '[':
        scan->at = skip_class(scan->at);
        break;
    case '\\':
        atom.zero_width = *scan->at && strchr("bBAzZGK", *scan->at);
        scan->at = skip_escape(scan->at);
        break;
    case '^':
    case '$':
        atom.zero_width = true;
        break;
    }
    return atom;
}

/* Up to the closing parenthesis or the end: can one alternative be nothing but one repetition? */
static bool scan_alternatives(struct explosive_scan *scan)
{
    bool varies = false, repeats = false;
    unsigned fixed = 0, required = 0;

    for (;; repeats = false, fixed = required = 0) {
        while (*scan->at && !strchr("|)", *scan->at)) {
            struct atom atom = scan_atom(scan);
            struct quantifier quantifier = scan_quantifier(scan);
            bool loose = quantifier.unbounded || atom.varies;

            scan->found |= atom.varies && quantifier.unbounded;
            repeats |= !atom.zero_width && loose;
            required += !atom.zero_width && !quantifier.optional;
            fixed += !atom.zero_width && !quantifier.optional && !loose;
        }
        varies |= repeats && !fixed && required <= 1;
        if (*scan->at != '|')
            return varies;
        scan->at++;
    }
}

bool pattern_is_explosive(const char *pattern)
{
    struct explosive_scan scan = {pattern, false};

    scan_alternatives(&scan);
    return scan.found;
}

/* Words, groups and alternatives only, one of the words short. */
bool pattern_is_loose(const char *pattern)
{
    bool loose = false;
    size_t word = 0;

    for (const char *at = pattern;; at++) {
        if (isalnum((unsigned char)*at) || *at == '_') {
            word++;
            continue;
        }
        if (*at == '(') {
            if (word || open_group(at + 1, &at).zero_width)
                return false;
            at--;
            continue;
        }
        loose |= word >= 2 && word <= LOOSE_WORD;
        if (!*at)
            return loose;
        if (*at == '|')
            word = 0;
        else if (*at != ')')
            return false;
    }
}
