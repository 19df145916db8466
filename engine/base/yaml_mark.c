/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Places inside scalars: a value is found again in the source text by walking along both. */
#include "base/text.h"
#include "base/yaml.h"

#include <string.h>

struct mark_walk {
    const struct yaml_node *scalar;
    const char *source; /* the next byte to read */
    const char *end;
    size_t done; /* bytes of the value */
};

static bool is_white(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

static const char *skip_line(const char *source, const char *end)
{
    const char *newline = memchr(source, '\n', (size_t)(end - source));

    return newline ? newline + 1 : end;
}

static const char *skip_white_and_comments(const char *source, const char *end)
{
    while (source < end && (is_white(*source) || *source == '#'))
        source = *source == '#' ? skip_line(source, end) : source + 1;
    return source;
}

/* The first byte of a scalar's text, behind tags, quotation marks and the head of a block. */
static const char *text_start(const struct yaml_node *scalar, const char *source, const char *end)
{
    while (source < end && (*source == '!' || *source == '&')) {
        while (source < end && !is_white(*source))
            source++;
        source = skip_white_and_comments(source, end);
    }
    if (scalar->style == YAML_STYLE_LITERAL || scalar->style == YAML_STYLE_FOLDED)
        return skip_line(source, end);
    return source + (source < end && scalar->style != YAML_STYLE_PLAIN);
}

static size_t utf8_size(unsigned long character)
{
    return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
}

static unsigned long read_hex(const char *digits, size_t count)
{
    unsigned long number = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned char digit = (unsigned char)digits[i];

        number = number << 4 | (digit <= '9' ? digit & 0x0fU : (digit & 0x0fU) + 9U);
    }
    return number & 0xffffffffU;
}

/* An escape in double quotes: \n, \x41, or a backslash at the end of a line, which joins the lines. */
static bool walk_escape(struct mark_walk *walk)
{
    static const char wide[] = "N_LP";
    static const unsigned char wide_sizes[] = {2, 2, 3, 3};
    const char *source = walk->source + 1, *found;
    size_t digits;

    if (source >= walk->end)
        return false;
    if (*source == '\n' || *source == '\r') {
        walk->source = skip_line(source, walk->end);
        while (walk->source < walk->end && is_white(*walk->source))
            walk->source++;
        return true;
    }
    digits = *source == 'x' ? 2 : *source == 'u' ? 4 : *source == 'U' ? 8 : 0;
    if ((size_t)(walk->end - source) <= digits)
        return false;
    found = memchr(wide, *source, sizeof(wide) - 1);
    if (digits)
        walk->done += utf8_size(read_hex(source + 1, digits));
    else
        walk->done += found ? wide_sizes[found - wide] : 1;
    walk->source = source + 1 + digits;
    return true;
}

/* Passes one piece of the source and the bytes of the value it stands for, which are none for folded white space. */
static bool walk_step(struct mark_walk *walk)
{
    char expected = walk->scalar->value[walk->done], here;

    if (walk->source >= walk->end)
        return false;
    here = *walk->source;
    if (here == '\\' && walk->scalar->style == YAML_STYLE_DOUBLE_QUOTED)
        return walk_escape(walk);
    if (here == expected) {
        walk->source += here == '\'' && walk->scalar->style == YAML_STYLE_SINGLE_QUOTED ? 2 : 1;
        walk->done++;
        return true;
    }
    if (!is_white(here))
        return false;
    walk->done += here == '\n' && expected == ' ';
    walk->source++;
    return true;
}

static bool walk_to(struct mark_walk *walk, size_t target)
{
    while (walk->done < target)
        if (!walk_step(walk))
            return false;
    return true;
}

/* Passes white space that stands for nothing, up to the next byte proper. */
static void skip_folded(struct mark_walk *walk)
{
    struct mark_walk ahead = *walk;

    while (walk->done < walk->scalar->length && walk_step(&ahead) && ahead.done == walk->done)
        *walk = ahead;
}

static unsigned count_lines(const char *from, const char *to)
{
    unsigned lines = 0;

    while (from < to && (from = memchr(from, '\n', (size_t)(to - from)))) {
        lines++;
        from++;
    }
    return lines;
}

/* The place in the scalar's source between two points, or to the end of the line. */
static struct mark mark_between(const struct yaml_node *scalar, const char *begin, const char *end)
{
    const struct source *source = scalar->at.source;
    const char *newline = memrchr(source->text, '\n', (size_t)(begin - source->text));
    const char *line = newline ? newline + 1 : source->text;
    struct mark mark = scalar->at;

    mark.line += count_lines(source->text + scalar->offset, begin);
    newline = end > begin ? memchr(begin, '\n', (size_t)(end - begin)) : NULL;
    if (newline)
        end = newline;
    if (end <= begin)
        end = begin + 1;
    mark.column = (unsigned)(begin - line) + 1;
    mark.end_column = (unsigned)(end - line) + 1;
    return mark;
}

struct mark yaml_mark_at(const struct yaml_node *scalar, size_t offset, size_t length)
{
    const struct source *source = scalar->at.source;
    struct mark_walk walk = {.scalar = scalar};
    const char *begin;

    if (scalar->kind != YAML_NODE_SCALAR || !source || !source->text || scalar->offset > source->length)
        return scalar->at;
    if (!scalar->offset && (scalar->at.line != 1 || scalar->at.column != 1))
        return scalar->at; /* built, not read */
    if (offset > scalar->length)
        offset = scalar->length;
    if (length > scalar->length - offset)
        length = scalar->length - offset;
    walk.end = source->text + source->length;
    walk.source = text_start(scalar, source->text + scalar->offset, walk.end);
    if (!walk_to(&walk, offset))
        return scalar->at;
    skip_folded(&walk);
    begin = walk.source;
    return walk_to(&walk, offset + length) ? mark_between(scalar, begin, walk.source) : scalar->at;
}
