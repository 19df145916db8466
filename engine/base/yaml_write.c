/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees as YAML, quoted where another reader would take a text for a number or a truth value. */
#include "base/text.h"
#include "base/yaml.h"

#include <string.h>

enum { INDENTATION = 2, SIMPLE_KEY_MAX = 1000 };

struct yaml_writer {
    struct buf *out;
    const char *(*comment)(const struct yaml_node *node, void *data);
    void *data;
    const char *pending; /* comment of a list item whose first line is still being written */
};

static const char *comment_of(const struct yaml_writer *writer, const struct yaml_node *node)
{
    return writer->comment ? writer->comment(node, writer->data) : NULL;
}

static void end_line(struct yaml_writer *writer, const char *comment)
{
    if (!comment)
        comment = writer->pending;
    writer->pending = NULL;
    if (comment)
        buf_printf(writer->out, "  # %s", comment);
    buf_char(writer->out, '\n');
}

/* Control characters, what YAML takes for line breaks, and what is no character at all. */
static bool needs_escape(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x2028 || character == 0x2029 ||
           character == 0xfeff || character == 0xfffe || character == 0xffff;
}

/* Whether the text can stand as it is, apart from those characters (a text) that are allowed besides. */
static bool is_printable(const char *text, size_t length, const char *allowed)
{
    for (size_t i = 0, size; i < length; i += size) {
        uint32_t character;

        size = text_utf8(text + i, length - i, &character);
        if (!size || (needs_escape(character) && !(size == 1 && character && strchr(allowed, text[i]))))
            return false;
    }
    return true;
}

static bool is_plain_safe(const char *text, size_t length)
{
    if (!length || strchr(",[]{}#&*!|>'\"%@` ", *text) || text[length - 1] == ' ' || text[length - 1] == ':')
        return false;
    if ((*text == '-' || *text == '?' || *text == ':') && (length == 1 || text[1] == ' '))
        return false;
    if (text_starts(text, "---") || text_starts(text, "..."))
        return false;
    return !strstr(text, ": ") && !strstr(text, " #") && is_printable(text, length, "");
}

static void write_single_quoted(struct buf *out, const char *text, size_t length)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            buf_char(out, '\'');
        buf_char(out, text[i]);
    }
    buf_char(out, '\'');
}

static void write_escape(struct buf *out, uint32_t character)
{
    static const char named[] = "\0\a\b\t\n\v\f\r\033\"\\";
    static const char names[] = "0abtnvfre\"\\";
    const char *found = character < 0x80 ? memchr(named, (int)character, sizeof(named) - 1) : NULL;

    if (found)
        buf_printf(out, "\\%c", names[found - named]);
    else
        buf_printf(out, character < 0x100 ? "\\x%02X" : "\\u%04X", character);
}

static void write_double_quoted(struct buf *out, const char *text, size_t length)
{
    buf_char(out, '"');
    for (size_t i = 0, size; i < length; i += size) {
        uint32_t character;

        size = text_utf8(text + i, length - i, &character);
        if (!size) {
            size = 1;
            write_escape(out, 0xfffd);
        } else if (needs_escape(character) || character == '"' || character == '\\') {
            write_escape(out, character);
        } else {
            buf_add_n(out, text + i, size);
        }
    }
    buf_char(out, '"');
}

static void write_flow_scalar(struct buf *out, const struct yaml_node *node)
{
    bool plain = node->style == YAML_STYLE_PLAIN;

    if (plain && (!node->length || is_plain_safe(node->value, node->length)))
        buf_add_n(out, node->value, node->length);
    else if (is_printable(node->value, node->length, ""))
        write_single_quoted(out, node->value, node->length);
    else
        write_double_quoted(out, node->value, node->length);
}

/* Lines that can be shown as lines: a block of text. */
static bool is_block(const struct yaml_node *node)
{
    return node->kind == YAML_NODE_SCALAR && node->style != YAML_STYLE_SINGLE_QUOTED &&
           node->style != YAML_STYLE_DOUBLE_QUOTED && memchr(node->value, '\n', node->length) &&
           !strchr(" \t\n", *node->value) && is_printable(node->value, node->length, "\t\n");
}

static void write_block_scalar(struct yaml_writer *writer, const struct yaml_node *node, size_t indent,
                               const char *comment)
{
    const char *line = node->value, *end = line + node->length;
    bool ends = end[-1] == '\n';

    buf_add(writer->out, !ends ? "|-" : end[-2] == '\n' ? "|+" : "|");
    end_line(writer, comment);
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((newline ? newline : end) - line);

        if (length)
            buf_pad(writer->out, ' ', indent);
        buf_add_n(writer->out, line, length);
        buf_char(writer->out, '\n');
        line += length + 1;
    }
}

static bool is_open_collection(const struct yaml_node *node)
{
    return node->kind != YAML_NODE_SCALAR && node->count;
}

static void write_collection(struct yaml_writer *writer, const struct yaml_node *node, size_t indent);

/* Anything that starts on the current line, behind "key:" or "-" (or nothing, at the root). */
static void write_inline(struct yaml_writer *writer, const struct yaml_node *node, size_t indent, const char *comment)
{
    if (node->kind != YAML_NODE_SCALAR)
        buf_add(writer->out, node->kind == YAML_NODE_MAPPING ? "{}" : "[]");
    else if (is_block(node)) {
        write_block_scalar(writer, node, indent, comment);
        return;
    } else
        write_flow_scalar(writer->out, node);
    end_line(writer, comment);
}

static bool is_empty_text(const struct yaml_node *node)
{
    return node->kind == YAML_NODE_SCALAR && node->style == YAML_STYLE_PLAIN && !node->length;
}

static void write_key(struct yaml_writer *writer, const struct yaml_node *key, size_t indent)
{
    AUTO(buf_free) struct buf text = BUF_INIT;

    write_flow_scalar(&text, key);
    if (!text.length)
        buf_add(&text, "''");
    if (text.length > SIMPLE_KEY_MAX) {
        buf_printf(writer->out, "? %s\n", text.data);
        buf_pad(writer->out, ' ', indent);
    } else {
        buf_add_n(writer->out, text.data, text.length);
    }
    buf_char(writer->out, ':');
}

static void write_pair(struct yaml_writer *writer, const struct yaml_node *key, const struct yaml_node *value,
                       size_t indent)
{
    const char *comment = comment_of(writer, value);

    write_key(writer, key, indent);
    if (is_open_collection(value)) {
        end_line(writer, comment);
        buf_pad(writer->out, ' ', indent + INDENTATION);
        write_collection(writer, value, indent + INDENTATION);
        return;
    }
    if (!is_empty_text(value))
        buf_char(writer->out, ' ');
    write_inline(writer, value, indent + INDENTATION, comment);
}

static void write_item(struct yaml_writer *writer, const struct yaml_node *item, size_t indent)
{
    const char *comment = comment_of(writer, item);

    buf_add(writer->out, is_empty_text(item) ? "-" : "- ");
    if (is_open_collection(item)) {
        writer->pending = comment;
        write_collection(writer, item, indent + INDENTATION);
        return;
    }
    write_inline(writer, item, indent + INDENTATION, comment);
}

/* The first entry goes where the line is, which is indented already. */
static void write_collection(struct yaml_writer *writer, const struct yaml_node *node, size_t indent)
{
    for (size_t i = 0; i < node->count; i++) {
        if (i)
            buf_pad(writer->out, ' ', indent);
        if (node->kind == YAML_NODE_MAPPING)
            write_pair(writer, node->keys[i], node->items[i], indent);
        else
            write_item(writer, node->items[i], indent);
    }
}

void yaml_write(struct buf *out, const struct yaml_node *node,
                const char *(*comment)(const struct yaml_node *node, void *data), void *data)
{
    struct yaml_writer writer = {out, comment, data, NULL};

    if (is_open_collection(node))
        write_collection(&writer, node, 0);
    else
        write_inline(&writer, node, INDENTATION, NULL);
}

const char *yaml_origin(const struct yaml_node *node, void *arena)
{
    return node->at.source ? arena_printf(arena, "%s:%u", node->at.source->path, node->at.line) : NULL;
}
