/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Node paths: steps, @attribute, predicates [path='literal']. */
#include "rules/link.h"

#include <ctype.h>
#include <string.h>

enum { PATH_LENGTH = 4096, PATH_DEPTH = 8 };

struct path_reader {
    struct linker *linker;
    struct span span; /* the whole text */
    const struct name_scope *scope;
    size_t position;
    unsigned depth;
};

static char peek(const struct path_reader *reader)
{
    return reader->position < reader->span.length ? span_start(reader->span)[reader->position] : '\0';
}

static bool accept(struct path_reader *reader, char character)
{
    if (reader->position >= reader->span.length || peek(reader) != character)
        return false;
    reader->position++;
    return true;
}

static void skip_blanks(struct path_reader *reader)
{
    while (accept(reader, ' '))
        ;
}

static bool bad_path(const struct path_reader *reader, size_t start, const char *hint, const char *message)
{
    size_t length = reader->position > start ? reader->position - start : start < reader->span.length;

    diagnose(reader->linker->diagnostics, DIAG_BAD_PATH, span_mark(span_part(reader->span, start, length)), hint, "%s",
             message);
    return false;
}

static bool name_start(char character)
{
    return isalpha((unsigned char)character) || character == '_' || (unsigned char)character >= 0x80;
}

static bool name_character(char character)
{
    return name_start(character) || isdigit((unsigned char)character) || (character && strchr(".-:", character));
}

bool link_path_name(const char *text, size_t length)
{
    if (!length || !name_start(text[0]))
        return false;
    for (size_t i = 1; i < length; i++)
        if (!name_character(text[i]))
            return false;
    return true;
}

static bool missing_name(const struct path_reader *reader)
{
    if (peek(reader) == '/' && reader->position == 0)
        return bad_path(reader, reader->position, "leave out the first '/'",
                        "a node path is relative to the entry around it");
    if (peek(reader) == '.')
        return bad_path(reader, reader->position, "steps are names of elements", "a node path has no '.' or '..'");
    return bad_path(reader, reader->position, NULL, "the name of an element or @attribute is wanted here");
}

static bool read_path(struct path_reader *reader, struct node_path *path);

static bool read_literal(struct path_reader *reader, struct node_predicate *predicate)
{
    size_t start = reader->position;
    char quote = peek(reader);
    size_t length;

    if (quote != '\'' && quote != '"')
        return bad_path(reader, start, "[path='literal']", "a quoted literal is wanted after '='");
    reader->position++;
    length = span_find(span_part(reader->span, reader->position, reader->span.length - reader->position), quote);
    if (reader->position + length == reader->span.length)
        return bad_path(reader, start, NULL, "the quote is not closed");
    predicate->value = link_template(reader->linker, span_part(reader->span, reader->position, length), reader->scope);
    reader->position += length + 1;
    return true;
}

/* [.='text']: the text of the element itself, a path of no steps. */
static bool accept_self(struct path_reader *reader)
{
    const char *rest = span_start(reader->span) + reader->position;
    size_t left = reader->span.length - reader->position;

    return left > 1 && rest[0] == '.' && (rest[1] == '=' || rest[1] == ' ') && accept(reader, '.');
}

/* After the opening bracket. */
static bool read_predicate(struct path_reader *reader, struct node_predicate *predicate)
{
    if (reader->depth >= PATH_DEPTH)
        return bad_path(reader, reader->position, NULL, "predicates are nested too deeply");
    predicate->path = arena_new_object(reader->linker->arena, struct node_path);
    skip_blanks(reader);
    reader->depth++;
    if (!accept_self(reader) && !read_path(reader, predicate->path))
        return false;
    reader->depth--;
    skip_blanks(reader);
    if (!accept(reader, '='))
        return bad_path(reader, reader->position, "[path='literal']",
                        "'=' and a quoted literal are wanted in a predicate");
    skip_blanks(reader);
    if (!read_literal(reader, predicate))
        return false;
    skip_blanks(reader);
    return accept(reader, ']') || bad_path(reader, reader->position, NULL, "']' is wanted here");
}

static size_t count_rest(const struct path_reader *reader, char character)
{
    return span_count(span_part(reader->span, reader->position, reader->span.length - reader->position), character);
}

static bool read_step(struct path_reader *reader, struct node_step *step)
{
    size_t start;

    step->attribute = accept(reader, '@');
    start = reader->position;
    if (!name_start(peek(reader)))
        return missing_name(reader);
    while (name_character(peek(reader)))
        reader->position++;
    step->name = arena_strndup(reader->linker->arena, span_start(reader->span) + start, reader->position - start);
    if (peek(reader) != '[')
        return true;
    if (step->attribute)
        return bad_path(reader, reader->position, NULL, "an attribute has no predicates");
    step->predicates = arena_alloc(reader->linker->arena, count_rest(reader, '[') * sizeof(struct node_predicate));
    while (accept(reader, '['))
        if (!read_predicate(reader, &step->predicates[step->predicate_count++]))
            return false;
    return true;
}

static bool read_path(struct path_reader *reader, struct node_path *path)
{
    size_t start = reader->position;

    path->steps = arena_alloc(reader->linker->arena, (count_rest(reader, '/') + 1) * sizeof(struct node_step));
    do {
        if (path->count && path->steps[path->count - 1].attribute)
            return bad_path(reader, reader->position - 1, NULL, "an attribute can only be the last step");
        if (!read_step(reader, &path->steps[path->count++]))
            return false;
    } while (accept(reader, '/'));
    path->text = arena_strndup(reader->linker->arena, span_start(reader->span) + start, reader->position - start);
    path->at = reader->span.node->at;
    return true;
}

static bool read_whole(struct path_reader *reader, struct node_path *path)
{
    if (reader->span.length > PATH_LENGTH)
        return bad_path(reader, 0, NULL, "the node path is too long");
    if (!reader->span.length)
        return bad_path(reader, 0, NULL, "the node path is empty");
    if (!read_path(reader, path))
        return false;
    return reader->position == reader->span.length ||
           bad_path(reader, reader->position, "steps, @attribute and predicates [path='literal']",
                    "this is not part of a node path");
}

struct node_path *link_path(struct linker *linker, struct span span, const struct name_scope *scope)
{
    struct path_reader reader = {.linker = linker, .span = span, .scope = scope};
    struct node_path *path = arena_new_object(linker->arena, struct node_path);

    path->text = span_copy(linker, span);
    path->at = span.node->at;
    if (read_whole(&reader, path))
        return path;
    path->count = 0;
    return path;
}
