/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one file that calls libyaml: events to a tree whose nodes know where they stand. */
#include "base/yaml.h"

#include "base/text.h"
#include "base/yaml_problem.h"

#include <string.h>
#include <yaml.h>

enum { KEYS_WITHOUT_MAP = 16 };

/* From characters, in which the parser counts, to lines and bytes. It remembers the last place, as the next is near. */
struct cursor {
    size_t index;      /* in characters */
    size_t offset;     /* the same in bytes */
    size_t searched;   /* line and line_start are right for this offset */
    size_t line_start; /* offset */
    unsigned line;
};

struct yaml_reader {
    yaml_parser_t parser;
    yaml_event_t event;
    struct arena *arena;
    const struct source *source;
    struct diagnostics *diagnostics;
    struct cursor cursor;
    bool ascii; /* characters are bytes */
};

static void reader_close(struct yaml_reader *reader)
{
    yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
}

static bool is_ascii(const char *text, size_t length)
{
    unsigned char bits = 0;

    for (size_t i = 0; i < length; i++)
        bits |= (unsigned char)text[i];
    return bits < 0x80;
}

static bool starts_character(const struct source *source, size_t offset)
{
    return offset >= source->length || ((unsigned char)source->text[offset] & 0xc0U) != 0x80;
}

static size_t offset_of(struct yaml_reader *reader, size_t index)
{
    struct cursor *cursor = &reader->cursor;
    const struct source *source = reader->source;

    if (reader->ascii)
        return index < source->length ? index : source->length;
    for (; cursor->index < index && cursor->offset < source->length; cursor->index++)
        do
            cursor->offset++;
        while (!starts_character(source, cursor->offset));
    for (; cursor->index > index; cursor->index--)
        do
            cursor->offset--;
        while (!starts_character(source, cursor->offset));
    return cursor->offset;
}

static void find_line(struct yaml_reader *reader, size_t offset)
{
    struct cursor *cursor = &reader->cursor;
    const char *text = reader->source->text;

    while (cursor->searched < offset) {
        const char *newline = memchr(text + cursor->searched, '\n', offset - cursor->searched);

        if (!newline) {
            cursor->searched = offset;
            break;
        }
        cursor->searched = cursor->line_start = (size_t)(newline + 1 - text);
        cursor->line++;
    }
    while (offset < cursor->line_start) {
        const char *newline = memrchr(text, '\n', cursor->line_start - 1);

        cursor->line_start = newline ? (size_t)(newline + 1 - text) : 0;
        cursor->searched = cursor->line_start;
        cursor->line--;
    }
}

/* The place from one offset to another, or to the end of the first line. */
static struct mark mark_between(struct yaml_reader *reader, size_t begin, size_t end)
{
    struct mark mark = {.source = reader->source};
    const char *text = reader->source->text, *newline;

    if (begin > reader->source->length)
        begin = reader->source->length;
    if (end <= begin)
        end = begin + 1;
    else if ((newline = memchr(text + begin, '\n', end - begin)))
        end = (size_t)(newline - text) + (newline == text + begin);
    find_line(reader, begin);
    mark.line = reader->cursor.line;
    mark.column = (unsigned)(begin - reader->cursor.line_start) + 1;
    mark.end_column = (unsigned)(end - reader->cursor.line_start) + 1;
    return mark;
}

static char character_at(const struct yaml_reader *reader, size_t offset)
{
    return offset < reader->source->length ? reader->source->text[offset] : '\0';
}

static void report_problem(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *words = parser->problem ? parser->problem : "cannot be parsed";
    size_t offset = parser->problem_offset;
    const struct yaml_problem *problem;
    bool at_end;

    if (parser->error == YAML_MEMORY_ERROR)
        memory_exhausted();
    if (parser->error != YAML_READER_ERROR)
        offset = offset_of(reader, parser->problem_mark.index);
    at_end = offset >= reader->source->length;
    problem = yaml_problem_find(words, parser->context, at_end ? YAML_AT_END : reader->source->text[offset]);
    if (parser->context && parser->error != YAML_READER_ERROR && problem && problem->at_context)
        offset = offset_of(reader, parser->context_mark.index);
    if (problem)
        diagnose(reader->diagnostics, DIAG_SYNTAX, mark_between(reader, offset, offset), problem->hint, "%s",
                 problem->message);
    else
        diagnose(reader->diagnostics, DIAG_SYNTAX, mark_between(reader, offset, offset), NULL, "%s%s%s%s", words,
                 at_end ? " before the end of the file" : "", parser->context ? " " : "",
                 parser->context ? parser->context : "");
}

/* False when nothing more can be read. */
static bool next_event(struct yaml_reader *reader)
{
    yaml_event_delete(&reader->event);
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return true;
    memset(&reader->event, 0, sizeof(reader->event));
    report_problem(reader);
    return false;
}

static struct mark event_mark(struct yaml_reader *reader)
{
    size_t begin = offset_of(reader, reader->event.start_mark.index);

    return mark_between(reader, begin, offset_of(reader, reader->event.end_mark.index));
}

static struct yaml_node *new_node(struct yaml_reader *reader, enum yaml_kind kind)
{
    struct yaml_node *node = arena_new_object(reader->arena, struct yaml_node);

    node->kind = kind;
    node->offset = offset_of(reader, reader->event.start_mark.index);
    node->at = event_mark(reader);
    return node;
}

static bool is_core_tag(const char *tag)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    static const char *const names[] = {"str", "int", "float", "bool", "null", "map", "seq"};

    for (size_t i = 0; text_starts(tag, prefix) && i < ARRAY_SIZE(names); i++)
        if (text_equal(tag + strlen(prefix), names[i]))
            return true;
    return false;
}

/* The part of a node's properties that starts with a character, such as the anchor. */
static struct mark property_mark(struct yaml_reader *reader, char first)
{
    size_t begin = offset_of(reader, reader->event.start_mark.index);
    const char *found = memchr(reader->source->text + begin, first, reader->source->length - begin);

    if (found)
        begin = (size_t)(found - reader->source->text);
    return mark_between(reader, begin, begin + strcspn(reader->source->text + begin, " \t\r\n,]}"));
}

static void check_properties(struct yaml_reader *reader, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        diagnose(reader->diagnostics, DIAG_ALIAS, property_mark(reader, '&'),
                 "write the value out where it is used, or name it in tables; quote a text that starts with '&'",
                 "anchors are not allowed: '&%s'", (const char *)anchor);
    if (tag && !is_core_tag((const char *)tag))
        diagnose(reader->diagnostics, DIAG_SYNTAX, property_mark(reader, '!'), "quote a text that starts with '!'",
                 "tags are not allowed: '%s'", (const char *)tag);
}

static struct yaml_node *read_alias(struct yaml_reader *reader)
{
    struct yaml_node *node = new_node(reader, YAML_NODE_SCALAR);

    diagnose(reader->diagnostics, DIAG_ALIAS, node->at, "write the value out; quote a text that starts with '*'",
             "aliases are not allowed: '*%s'", (const char *)reader->event.data.alias.anchor);
    node->value = arena_printf(reader->arena, "*%s", (const char *)reader->event.data.alias.anchor);
    node->length = strlen(node->value);
    return node;
}

static struct yaml_node *read_scalar(struct yaml_reader *reader)
{
    static const enum yaml_style styles[] = {
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = YAML_STYLE_SINGLE_QUOTED,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = YAML_STYLE_DOUBLE_QUOTED,
        [YAML_LITERAL_SCALAR_STYLE] = YAML_STYLE_LITERAL,
        [YAML_FOLDED_SCALAR_STYLE] = YAML_STYLE_FOLDED,
    };
    struct yaml_node *node = new_node(reader, YAML_NODE_SCALAR);

    check_properties(reader, reader->event.data.scalar.anchor, reader->event.data.scalar.tag);
    node->style = styles[reader->event.data.scalar.style]; /* the first ones, "any" and plain, are plain */
    node->length = reader->event.data.scalar.length;
    node->value = arena_strndup(reader->arena, (const char *)reader->event.data.scalar.value, node->length);
    if (memchr(node->value, '\0', node->length))
        diagnose(reader->diagnostics, DIAG_SYNTAX, node->at, NULL, "a NUL character is not allowed");
    return node;
}

static struct yaml_node *read_node(struct yaml_reader *reader, unsigned depth);

/* Extends the place of [...] and {...} to the closing bracket when that is on the same line. */
static void close_collection(struct yaml_reader *reader, struct yaml_node *node)
{
    size_t end = offset_of(reader, reader->event.end_mark.index);
    char first = character_at(reader, node->offset);

    if (first == '[' || first == '{')
        node->at = mark_between(reader, node->offset, end);
    else if (node->count)
        node->at = node->kind == YAML_NODE_MAPPING ? node->keys[0]->at : node->at;
}

static struct yaml_node *read_sequence(struct yaml_reader *reader, unsigned depth)
{
    struct yaml_node *node = new_node(reader, YAML_NODE_SEQUENCE), *item;

    check_properties(reader, reader->event.data.sequence_start.anchor, reader->event.data.sequence_start.tag);
    for (;;) {
        if (!next_event(reader))
            return NULL;
        if (reader->event.type == YAML_SEQUENCE_END_EVENT)
            break;
        item = read_node(reader, depth + 1);
        if (!item)
            return NULL;
        yaml_append(reader->arena, node, item);
    }
    close_collection(reader, node);
    return node;
}

/* The key of the same text that the mapping has already, or NULL. Long mappings are looked up by hash. */
static const struct yaml_node *find_key(struct yaml_reader *reader, const struct yaml_node *mapping, struct map *known,
                                        const char *key)
{
    if (mapping->count >= KEYS_WITHOUT_MAP) {
        for (size_t i = known->count; i < mapping->count; i++)
            map_put(reader->arena, known, mapping->keys[i]->value, mapping->keys[i]);
        return map_get(known, key);
    }
    for (size_t i = 0; i < mapping->count; i++)
        if (text_equal(mapping->keys[i]->value, key))
            return mapping->keys[i];
    return NULL;
}

static void add_pair(struct yaml_reader *reader, struct yaml_node *mapping, struct map *known, struct yaml_node *key,
                     struct yaml_node *value)
{
    const struct yaml_node *earlier;

    if (key->kind != YAML_NODE_SCALAR) {
        diagnose(reader->diagnostics, DIAG_WRONG_TYPE, key->at, "quote a key that starts with [ or {",
                 "a key must be text, not a %s", key->kind == YAML_NODE_MAPPING ? "mapping" : "list");
        return;
    }
    earlier = find_key(reader, mapping, known, key->value);
    if (earlier)
        diagnose(reader->diagnostics, DIAG_REPEATED_KEY, key->at, NULL, "key '%s' is already on line %u", key->value,
                 earlier->at.line);
    else
        yaml_append_pair(reader->arena, mapping, key, value);
}

static struct yaml_node *read_mapping(struct yaml_reader *reader, unsigned depth)
{
    struct yaml_node *node = new_node(reader, YAML_NODE_MAPPING), *key, *value;
    struct map known = {0};

    check_properties(reader, reader->event.data.mapping_start.anchor, reader->event.data.mapping_start.tag);
    for (;;) {
        if (!next_event(reader))
            return NULL;
        if (reader->event.type == YAML_MAPPING_END_EVENT)
            break;
        key = read_node(reader, depth + 1);
        if (!key || !next_event(reader))
            return NULL;
        value = read_node(reader, depth + 1);
        if (!value)
            return NULL;
        add_pair(reader, node, &known, key, value);
    }
    close_collection(reader, node);
    return node;
}

/* The node that the current event starts; NULL when the rest cannot be read. */
static struct yaml_node *read_node(struct yaml_reader *reader, unsigned depth)
{
    if (reader->event.type == YAML_ALIAS_EVENT)
        return read_alias(reader);
    if (reader->event.type == YAML_SCALAR_EVENT)
        return read_scalar(reader);
    if (depth > YAML_DEPTH) {
        diagnose(reader->diagnostics, DIAG_SYNTAX, event_mark(reader), NULL, "nested more than %d levels deep",
                 YAML_DEPTH);
        return NULL;
    }
    return reader->event.type == YAML_SEQUENCE_START_EVENT ? read_sequence(reader, depth) : read_mapping(reader, depth);
}

static bool skip_to(struct yaml_reader *reader, yaml_event_type_t type)
{
    while (next_event(reader)) {
        if (reader->event.type == type)
            return true;
        if (reader->event.type == YAML_STREAM_END_EVENT)
            return false;
    }
    return false;
}

static struct yaml_node *read_document(struct yaml_reader *reader)
{
    struct yaml_node *root;

    if (!next_event(reader))
        return NULL;
    root = read_node(reader, 1);
    if (root && skip_to(reader, YAML_DOCUMENT_START_EVENT))
        diagnose(reader->diagnostics, DIAG_SYNTAX, event_mark(reader), "put it into a file of its own",
                 "a second YAML document in the same file");
    return root;
}

struct yaml_node *yaml_read(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                            bool *ret_empty)
{
    AUTO(reader_close)
    struct yaml_reader reader = {.arena = arena, .source = source, .diagnostics = diagnostics, .cursor = {.line = 1}};
    size_t errors = diagnostics->errors;
    struct yaml_node *root = NULL;

    if (!yaml_parser_initialize(&reader.parser))
        memory_exhausted();
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)source->text, source->length);
    reader.ascii = is_ascii(source->text, source->length);
    if (skip_to(&reader, YAML_DOCUMENT_START_EVENT))
        root = read_document(&reader);
    *ret_empty = !root && diagnostics->errors == errors;
    return root;
}

struct yaml_node *yaml_parse(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                             bool *ret_empty)
{
    const size_t errors = diagnostics->errors;
    struct yaml_node *root = yaml_read(arena, source, diagnostics, ret_empty);

    return diagnostics->errors == errors ? root : NULL;
}
