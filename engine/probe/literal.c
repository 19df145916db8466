/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The letters that a pattern cannot match without: files that lack them need no regex. */
#include "probe/literal.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum {
    SHORTEST = 3, /* shorter ones are too common to save anything */
};

struct deriver {
    const char *at;
    struct buf run; /* literal characters one after the other up to here */
    struct buf best;
    unsigned depth; /* of groups */
    unsigned look;  /* depth of the outermost look-around around here, 0: none */
    bool text_only;
    bool failed;
};

bool literal_is_text(unsigned char character)
{
    return (character >= ' ' && character <= '~') || (character >= '\t' && character <= '\r');
}

static void end_run(struct deriver *deriver)
{
    if (deriver->run.length > deriver->best.length) {
        buf_free(&deriver->best);
        buf_add_n(&deriver->best, deriver->run.data, deriver->run.length);
    }
    buf_free(&deriver->run);
}

/* The last character is optional or repeated: it may not be there. */
static void end_run_before_last(struct deriver *deriver)
{
    if (deriver->run.length)
        deriver->run.length--;
    end_run(deriver);
}

static void not_text(struct deriver *deriver)
{
    if (!deriver->look)
        deriver->text_only = false;
}

static void literal_character(struct deriver *deriver, char character)
{
    if (!literal_is_text((unsigned char)character))
        not_text(deriver);
    if (!deriver->depth)
        buf_char(&deriver->run, character);
}

/* \xHH, \x{...} and octal: numbers that would otherwise look like literal characters. */
static void skip_number(struct deriver *deriver, char kind)
{
    const char *digits = kind == 'x' ? "0123456789abcdefABCDEF" : "01234567";
    size_t most = kind == 'x' ? 2 : 3;

    if (kind == 'x' && *deriver->at == '{') {
        deriver->at += strcspn(deriver->at, "}");
        deriver->at += *deriver->at == '}';
        return;
    }
    for (size_t i = 0; i < most && *deriver->at && strchr(digits, *deriver->at); i++)
        deriver->at++;
}

/* After the backslash. In a class only text_only matters, and \b is a backspace. */
static void escape(struct deriver *deriver, bool in_class)
{
    char kind = *deriver->at;

    if (!kind) {
        deriver->failed = true;
        return;
    }
    deriver->at++;
    if (!isalnum((unsigned char)kind)) {
        if (!in_class)
            literal_character(deriver, kind);
        else if (!literal_is_text((unsigned char)kind))
            not_text(deriver);
        return;
    }
    end_run(deriver);
    if (strchr(in_class ? "dwsntrf" : "dwsntrfbB", kind))
        return;
    not_text(deriver);
    if (kind == 'x' || (kind >= '0' && kind <= '7'))
        skip_number(deriver, kind);
    else if (!strchr("DWSNVvHhRbaeA", kind))
        deriver->failed = true;
}

/* After the opening bracket. */
static void class(struct deriver *deriver)
{
    end_run(deriver);
    if (*deriver->at == '^') {
        not_text(deriver);
        deriver->at++;
    }
    for (bool first = true; !deriver->failed && *deriver->at && (first || *deriver->at != ']'); first = false) {
        char character = *deriver->at++;

        if (character == '\\') {
            escape(deriver, true);
        } else if (character == '[' && text_starts(deriver->at, ":")) {
            not_text(deriver);
            deriver->at += strcspn(deriver->at, "]") + 1;
        } else if (!literal_is_text((unsigned char)character)) {
            not_text(deriver);
        }
    }
    deriver->at += *deriver->at == ']';
}

/* What may stand between a parenthesis and the inside of its group, longest first. */
static const struct opening {
    const char *start;
    bool look; /* asserts only */
    char end;  /* of the name that follows, 0: none */
} openings[] = {
    {"?<=", true, 0}, {"?<!", true, 0},    {"?=", true, 0},    {"?!", true, 0},     {"?:", false, 0},
    {"?>", false, 0}, {"?P<", false, '>'}, {"?<", false, '>'}, {"?'", false, '\''},
};

/* Goes past the start of a group; true when it is a look-around. */
static bool skip_opening(struct deriver *deriver)
{
    for (size_t i = 0; i < ARRAY_SIZE(openings); i++) {
        const char *end;

        if (!text_starts(deriver->at, openings[i].start))
            continue;
        deriver->at += strlen(openings[i].start);
        end = openings[i].end ? strchr(deriver->at, openings[i].end) : NULL;
        if (end)
            deriver->at = end + 1;
        return openings[i].look;
    }
    if (*deriver->at == '?' || *deriver->at == '*')
        deriver->failed = true;
    return false;
}

/* After the opening parenthesis. */
static void open_group(struct deriver *deriver)
{
    bool look = skip_opening(deriver);

    end_run(deriver);
    deriver->depth++;
    if (look && !deriver->look)
        deriver->look = deriver->depth;
}

static void close_group(struct deriver *deriver)
{
    end_run(deriver);
    if (deriver->look == deriver->depth)
        deriver->look = 0;
    if (deriver->depth)
        deriver->depth--;
    else
        deriver->failed = true;
}

static void special(struct deriver *deriver, char character)
{
    switch (character) {
    case '|':
        end_run(deriver);
        if (!deriver->depth)
            deriver->failed = true;
        break;
    case '?':
    case '*':
        end_run_before_last(deriver);
        break;
    case '{':
        end_run_before_last(deriver);
        deriver->at += strspn(deriver->at, "0123456789, ");
        break;
    case '.':
        not_text(deriver);
        end_run(deriver);
        break;
    default: /* + ^ $ ) and the like: what is before them is there */
        end_run(deriver);
        break;
    }
}

static void step(struct deriver *deriver)
{
    char character = *deriver->at++;

    if (character == '\\')
        escape(deriver, false);
    else if (character == '[')
        class(deriver);
    else if (character == '(')
        open_group(deriver);
    else if (character == ')')
        close_group(deriver);
    else if (strchr("|?*{.+^$}", character))
        special(deriver, character);
    else
        literal_character(deriver, character);
}

/* How often a byte stands in a program's data, roughly: there are mostly zeros and words. */
static unsigned frequency(char byte)
{
    if (byte == '\0')
        return 4;
    if ((byte >= 'a' && byte <= 'z') || byte == ' ')
        return 3;
    return byte == '_' || (byte >= '0' && byte <= '9') ? 2 : 1;
}

static size_t rarest_of(const char *bytes, size_t length)
{
    size_t rarest = 0;

    for (size_t i = 1; i < length; i++)
        if (frequency(bytes[i]) < frequency(bytes[rarest]))
            rarest = i;
    return rarest;
}

struct literal literal_derive(struct arena *arena, const char *pattern)
{
    struct deriver deriver = {.at = pattern, .text_only = true};
    struct literal literal = {0};

    while (*deriver.at && !deriver.failed)
        step(&deriver);
    end_run(&deriver);
    if (!deriver.failed && deriver.best.length >= SHORTEST) {
        literal.bytes = arena_strndup(arena, deriver.best.data, deriver.best.length);
        literal.length = deriver.best.length;
        literal.rarest = rarest_of(literal.bytes, literal.length);
        literal.text_only = deriver.text_only;
    }
    buf_free(&deriver.best);
    return literal;
}

/* The library looks for one byte a dozen times as fast as for several; the last one tells most of the rest apart. */
const char *literal_find(const struct literal *literal, const char *data, size_t length)
{
    const size_t before = literal->rarest, last = literal->length - 1;

    if (!literal->length || length < literal->length)
        return NULL;
    const char *at = data + before, *end = data + length - (literal->length - before) + 1;
    for (; at < end && (at = memchr(at, literal->bytes[before], (size_t)(end - at))); at++)
        if (at[last - before] == literal->bytes[last] && !memcmp(at - before, literal->bytes, last))
            return at - before;
    return NULL;
}
