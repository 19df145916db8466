/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The YAML that programs write, and most that people do, line by line: a tenth of what libyaml takes for it. Whatever
 * is not plainly one of these forms (YAML 1.1, https://yaml.org/spec/1.1/) is left to libyaml, and so is all that is
 * wrong: mappings and lists by indentation, flow collections and quoted texts that end on their line, plain texts of
 * one line, literal blocks, comments; ASCII.
 */
#include "base/yaml_private.h"

#include "base/text.h"

#include <string.h>

enum { DEPTH = 32, KEY_LIMIT = 1000 };

struct yaml_lines {
    struct arena *arena;
    const struct source *source;
    const char *at;         /* the next byte, never past the end, where a NUL is */
    const char *line_start; /* of the line that it is in */
    unsigned line;
};

static struct yaml_node *new_node(const struct yaml_lines *lines, enum yaml_kind kind, const char *begin,
                                  const char *end)
{
    struct yaml_node *node = arena_new_object(lines->arena, struct yaml_node);
    const unsigned column = (unsigned)(begin - lines->line_start) + 1;
    node->kind = kind;
    node->offset = (uint32_t)(begin - lines->source->text);
    node->at = (struct mark){lines->source, lines->line, column, column + (end > begin ? (unsigned)(end - begin) : 1)};
    return node;
}

static struct yaml_node *new_scalar(const struct yaml_lines *lines, const char *begin, const char *end)
{
    struct yaml_node *node = new_node(lines, YAML_NODE_SCALAR, begin, end);
    node->value = arena_strndup(lines->arena, begin, (size_t)(end - begin));
    node->length = (uint32_t)(end - begin);
    return node;
}

static void skip_spaces(struct yaml_lines *lines)
{
    lines->at += strspn(lines->at, " ");
}

/* To the first line from here on that says something; false: there is something behind what was read of this one. */
static bool next_line(struct yaml_lines *lines)
{
    const char *const before = lines->at;
    skip_spaces(lines);
    if (*lines->at == '#' && lines->at == before && before != lines->line_start)
        return false;
    for (; *lines->at == '#' || *lines->at == '\n'; skip_spaces(lines)) {
        lines->at += strcspn(lines->at, "\n");
        lines->line_start = ++lines->at; /* the text ends with its last line */
        lines->line++;
    }
    return *lines->at == '\0' || lines->at == lines->line_start + strspn(lines->line_start, " ");
}

static unsigned indent_here(const struct yaml_lines *lines)
{
    return (unsigned)(lines->at - lines->line_start);
}

static bool is_end(char character)
{
    return character == ' ' || character == '\n' || character == '\0';
}

static bool is_item(const struct yaml_lines *lines)
{
    return lines->at[0] == '-' && is_end(lines->at[1]);
}

/* ---- texts ---- */

static bool starts_plain(const char *at)
{
    static const char others[] = "/_$~(^=<;+\\";
    const bool is_word = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
    return is_word || (*at && strchr(others, *at)) || (*at == '-' && at[1] >= '0' && at[1] <= '9');
}

/* What ends a plain text. */
static const char *find_plain_end(const char *at, bool flow)
{
    static const char in_block[] = "\n\t:#", in_flow[] = "\n\t:#,[]{}?";
    const char *const stops = flow ? in_flow : in_block;
    for (const char *begin = at;; at++) {
        at += strcspn(at, stops);
        if (*at == ':' && !flow && !is_end(at[1]))
            continue;
        if (*at == '#' && at > begin && at[-1] != ' ')
            continue;
        return at;
    }
}

static struct yaml_node *read_plain(struct yaml_lines *lines, bool flow)
{
    const char *begin = lines->at, *end = find_plain_end(begin, flow);
    if (!starts_plain(begin) || *end == '\t' || (*end == ':' && !is_end(end[1])) || *end == '?')
        return NULL;
    while (end[-1] == ' ')
        end--;
    lines->at = end;
    return new_scalar(lines, begin, end);
}

static struct yaml_node *read_single_quoted(struct yaml_lines *lines)
{
    const char *begin = lines->at, *at = begin + 1;
    size_t length = 0;
    while (*at && *at != '\n' && *at != '\t' && (*at != '\'' || at[1] == '\''))
        at += *at == '\'' ? 2 : 1;
    if (*at != '\'')
        return NULL;
    struct yaml_node *node = new_node(lines, YAML_NODE_SCALAR, begin, at + 1);
    char *value = arena_strndup(lines->arena, begin + 1, (size_t)(at - begin - 1));
    for (const char *from = begin + 1; from < at; from += *from == '\'' ? 2 : 1)
        value[length++] = *from;
    value[length] = '\0';
    node->style = YAML_STYLE_SINGLE_QUOTED;
    node->value = value;
    node->length = (uint32_t)length;
    lines->at = at + 1;
    return node;
}

/* What a backslash and this character stand for; '\0': that is not known here. */
static char unescaped(char character)
{
    return character == 'n' ? '\n' : character == 't' ? '\t' : character == '"' || character == '\\' ? character : '\0';
}

static struct yaml_node *read_double_quoted(struct yaml_lines *lines)
{
    const char *begin = lines->at, *at = begin + 1;
    while (*at && *at != '\n' && *at != '\t' && *at != '"')
        at += *at == '\\' && at[1] ? 2 : 1;
    if (*at != '"')
        return NULL;
    struct yaml_node *node = new_node(lines, YAML_NODE_SCALAR, begin, at + 1);
    char *value = arena_strndup(lines->arena, begin + 1, (size_t)(at - begin - 1)), *to = value;
    for (const char *from = begin + 1; from < at; from++) {
        *to = *from == '\\' ? unescaped(*++from) : *from;
        if (*to++ == '\0')
            return NULL;
    }
    *to = '\0';
    node->style = YAML_STYLE_DOUBLE_QUOTED;
    node->value = value;
    node->length = (uint32_t)(to - value);
    lines->at = at + 1;
    return node;
}

static struct yaml_node *read_text(struct yaml_lines *lines, bool flow)
{
    return *lines->at == '"'    ? read_double_quoted(lines)
           : *lines->at == '\'' ? read_single_quoted(lines)
                                : read_plain(lines, flow);
}

/* The end of a block's line, with what of its indentation is more than the block's. NULL: it is no line of it. */
static const char *block_line(const char *line, size_t indent, const char **ret_text)
{
    const size_t spaces = strspn(line, " ");
    *ret_text = line + (spaces < indent ? spaces : indent);
    return spaces < indent && line[spaces] != '\n' ? NULL : *ret_text + strcspn(*ret_text, "\n");
}

/* After the last of its lines that has a text, or with all of them. */
static size_t block_length(const char *value, size_t length, char chomping)
{
    while (chomping != '+' && length > 1 && value[length - 1] == '\n' && value[length - 2] == '\n')
        length--;
    return length - (chomping == '-' && length > 0);
}

/* |, with its lines, which are indented more than parent. */
static struct yaml_node *read_literal(struct yaml_lines *lines, unsigned parent)
{
    const char *begin = lines->at, chomping = begin[1], *head_end = begin + strcspn(begin, "\n");
    const char *at = head_end + (*head_end == '\n'), *text, *end;
    const size_t indent = strspn(at, " ");
    if (head_end - begin > 2 || (head_end - begin == 2 && chomping != '-' && chomping != '+') || indent <= parent ||
        at[indent] == '\n' || at[indent] == '\t' || at[indent] == '\0')
        return NULL;
    struct yaml_node *node = new_node(lines, YAML_NODE_SCALAR, begin, head_end);
    const char *first = at;
    for (lines->line++; *at && (end = block_line(at, indent, &text)); at = end + 1, lines->line++)
        ;
    char *value = arena_alloc(lines->arena, (size_t)(at - first) + 1), *to = value;
    for (const char *line = first; line < at; line = end + 1) {
        end = block_line(line, indent, &text);
        memcpy(to, text, (size_t)(end + 1 - text));
        to += end + 1 - text;
    }
    node->length = (uint32_t)block_length(value, (size_t)(to - value), chomping);
    value[node->length] = '\0';
    node->value = value;
    node->style = YAML_STYLE_LITERAL;
    lines->at = lines->line_start = at;
    return node;
}

/* ---- collections ---- */

static struct yaml_node *read_flow(struct yaml_lines *lines, unsigned depth);

/* NULL: the mapping has it already, or it is none. */
static struct yaml_node *read_key(struct yaml_lines *lines, const struct yaml_node *mapping, struct map *known,
                                  bool flow)
{
    const char *begin = lines->at;
    struct yaml_node *key = read_text(lines, flow);
    const bool is_key = key && *lines->at == ':' && lines->at - begin < KEY_LIMIT &&
                        (is_end(lines->at[1]) || (flow && key->style != YAML_STYLE_PLAIN));
    if (!is_key || yaml_find_key(lines->arena, mapping, known, key->value))
        return NULL;
    lines->at++;
    return key;
}

static bool read_flow_item(struct yaml_lines *lines, struct yaml_node *node, struct map *known, unsigned depth)
{
    struct yaml_node *key = NULL, *value;
    if (node->kind == YAML_NODE_MAPPING) {
        key = read_key(lines, node, known, true);
        if (!key)
            return false;
        skip_spaces(lines);
    }
    value = read_flow(lines, depth);
    if (!value)
        return false;
    if (key)
        yaml_append_pair(lines->arena, node, key, value);
    else
        yaml_append(lines->arena, node, value);
    skip_spaces(lines);
    return true;
}

/* [...] and {...} on one line, and the texts in them. */
static struct yaml_node *read_flow(struct yaml_lines *lines, unsigned depth)
{
    const char *begin = lines->at, close = *begin == '{' ? '}' : ']';
    struct map known = {0};
    if (*begin != '{' && *begin != '[')
        return read_text(lines, true);
    struct yaml_node *node =
        depth < DEPTH ? new_node(lines, *begin == '{' ? YAML_NODE_MAPPING : YAML_NODE_SEQUENCE, begin, begin) : NULL;
    lines->at++;
    skip_spaces(lines);
    while (node && *lines->at != close) {
        if (!read_flow_item(lines, node, &known, depth + 1) || (*lines->at != close && *lines->at != ','))
            return NULL;
        if (*lines->at == ',') {
            lines->at++;
            skip_spaces(lines);
            if (*lines->at == close)
                return NULL;
        }
    }
    lines->at++;
    if (node)
        node->at.end_column = node->at.column + (unsigned)(lines->at - begin);
    return node;
}

static struct yaml_node *read_block(struct yaml_lines *lines, unsigned depth);

static bool starts_flow(char character)
{
    return character == '{' || character == '[';
}

/* Is there a key, and not a text of its own? */
static bool is_key_here(const struct yaml_lines *lines)
{
    struct yaml_lines ahead = *lines;
    const char quote = *ahead.at;
    if (quote == '"' || quote == '\'')
        ahead.at = strchr(ahead.at + 1, quote) ? strchr(ahead.at + 1, quote) + 1 : ahead.at;
    else
        ahead.at = find_plain_end(ahead.at, false);
    return *ahead.at == ':';
}

/* Behind a key or a dash at this indentation, on its line; what goes on below must be indented less, or as much. */
static struct yaml_node *read_value(struct yaml_lines *lines, unsigned indent, unsigned depth)
{
    struct yaml_node *node = starts_flow(*lines->at) ? read_flow(lines, depth)
                             : *lines->at == '|'     ? read_literal(lines, indent)
                                                     : read_text(lines, false);
    return node && next_line(lines) && (*lines->at == '\0' || indent_here(lines) <= indent) ? node : NULL;
}

/* Behind "key:", what it stands for: on this line, or below, or nothing. */
static struct yaml_node *read_pair_value(struct yaml_lines *lines, unsigned indent, unsigned depth)
{
    const char *const end = lines->at;
    struct yaml_node *nothing = new_node(lines, YAML_NODE_SCALAR, end, end);
    const unsigned line = lines->line;
    nothing->value = "";
    skip_spaces(lines);
    if (*lines->at != '\n' && *lines->at != '#')
        return read_value(lines, indent, depth);
    if (!next_line(lines) || lines->line == line)
        return NULL;
    const bool below = *lines->at && (indent_here(lines) > indent || (indent_here(lines) == indent && is_item(lines)));
    return below ? read_block(lines, depth) : nothing;
}

static struct yaml_node *read_mapping(struct yaml_lines *lines, unsigned depth)
{
    const unsigned indent = indent_here(lines);
    struct yaml_node *node = new_node(lines, YAML_NODE_MAPPING, lines->at, lines->at);
    struct map known = {0};
    while (*lines->at && indent_here(lines) == indent) {
        struct yaml_node *key = is_item(lines) ? NULL : read_key(lines, node, &known, false);
        struct yaml_node *value = key ? read_pair_value(lines, indent, depth + 1) : NULL;
        if (!value)
            return NULL;
        yaml_append_pair(lines->arena, node, key, value);
    }
    node->at = node->keys[0]->at;
    return *lines->at == '\0' || indent_here(lines) < indent ? node : NULL;
}

/* A list may stand as far left as the key that it belongs to. */
static struct yaml_node *read_list(struct yaml_lines *lines, unsigned depth)
{
    const unsigned indent = indent_here(lines);
    struct yaml_node *node = new_node(lines, YAML_NODE_SEQUENCE, lines->at, lines->at);
    while (*lines->at && indent_here(lines) == indent && is_item(lines)) {
        lines->at++;
        skip_spaces(lines);
        struct yaml_node *item = !starts_flow(*lines->at) && is_key_here(lines) ? read_mapping(lines, depth + 1)
                                                                                : read_value(lines, indent, depth + 1);
        if (!item)
            return NULL;
        yaml_append(lines->arena, node, item);
    }
    return *lines->at == '\0' || indent_here(lines) <= indent ? node : NULL;
}

static struct yaml_node *read_block(struct yaml_lines *lines, unsigned depth)
{
    if (depth >= DEPTH)
        return NULL;
    if (is_item(lines))
        return read_list(lines, depth);
    if (!starts_flow(*lines->at))
        return is_key_here(lines) ? read_mapping(lines, depth) : NULL;
    struct yaml_node *node = read_flow(lines, depth);
    return node && next_line(lines) ? node : NULL;
}

static bool is_ascii(const struct source *source)
{
    bool is = source->length > 0 && source->text[source->length - 1] == '\n' && source->length < UINT32_MAX;
    for (size_t i = 0; i < source->length; i++) {
        const unsigned char byte = (unsigned char)source->text[i];
        is &= (byte >= ' ' && byte < 0x7f) || byte == '\n' || byte == '\t';
    }
    return is;
}

struct yaml_node *yaml_read_lines(struct arena *arena, const struct source *source)
{
    struct yaml_lines lines = {arena, source, source->text, source->text, 1};
    if (!is_ascii(source) || !next_line(&lines) || indent_here(&lines) > 0)
        return NULL;
    struct yaml_node *root = read_block(&lines, 1);
    return root && *lines.at == '\0' ? root : NULL;
}
