/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON through jansson, loaded on use, as the trees that YAML gives: rules need not know which of them a host wrote. */
#include "base/json.h"

#include "base/text.h"

#include <string.h>

enum { INDENT = 2 };

void json_text(struct buf *out, const char *text, size_t length)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();

    buf_char(out, '"');
    for (const char *at = text_sanitise(arena, text, length); *at; at++) {
        if (*at == '"' || *at == '\\')
            buf_printf(out, "\\%c", *at);
        else if (*at == '\n' || *at == '\t' || *at == '\r')
            buf_add(out, *at == '\n' ? "\\n" : *at == '\t' ? "\\t" : "\\r");
        else if ((unsigned char)*at < 0x20 || *at == 0x7f)
            buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*at);
        else
            buf_char(out, *at);
    }
    buf_char(out, '"');
}

static void new_line(struct json_writer *writer)
{
    if (writer->compact)
        return;
    buf_char(writer->out, '\n');
    buf_pad(writer->out, ' ', (size_t)writer->depth * INDENT);
}

void json_open(struct json_writer *writer, char bracket)
{
    buf_char(writer->out, bracket);
    writer->depth++;
    writer->filled = false;
}

void json_close(struct json_writer *writer, char bracket)
{
    writer->depth--;
    if (writer->filled)
        new_line(writer);
    buf_char(writer->out, bracket == '{' ? '}' : ']');
    writer->filled = true;
}

void json_item(struct json_writer *writer)
{
    if (writer->filled)
        buf_char(writer->out, ',');
    new_line(writer);
    writer->filled = true;
}

void json_key(struct json_writer *writer, const char *key)
{
    json_item(writer);
    json_string(writer, key);
    buf_add(writer->out, writer->compact ? ":" : ": ");
}

void json_string(struct json_writer *writer, const char *text)
{
    json_text(writer->out, text, strlen(text));
}

void json_raw(struct json_writer *writer, const char *json)
{
    buf_add(writer->out, json);
}

void json_member(struct json_writer *writer, const char *key, const char *text)
{
    if (!text)
        return;
    json_key(writer, key);
    json_string(writer, text);
}

void json_texts(struct json_writer *writer, const char *const *texts)
{
    buf_char(writer->out, '[');
    for (size_t i = 0; texts[i]; i++) {
        buf_add(writer->out, i == 0 ? "" : writer->compact ? "," : ", ");
        json_string(writer, texts[i]);
    }
    buf_char(writer->out, ']');
}
