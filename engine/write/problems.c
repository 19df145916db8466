/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages in the formats of compilers, code hosts and editors: text, gcc, jsonl, sarif, github. */
#include "write/problems.h"

#include "base/build.h"
#include "base/json.h"
#include "base/text.h"

#include <string.h>

/* Where a diagnostic is, as people count. */
struct problem_place {
    const char *path; /* NULL: nowhere */
    unsigned line;    /* 0: the file as a whole */
    unsigned column;  /* 0: the line as a whole */
    unsigned end_column;
    const char *text; /* of the line; NULL: not there */
    size_t length;
};

static struct problem_place place_of(const struct diagnostic *diagnostic, struct line_cursor *cursor)
{
    const struct mark *at = &diagnostic->at;
    struct problem_place place = {.path = at->source ? at->source->path : NULL};

    if (!place.path || !at->line)
        return place;
    place.line = at->line;
    place.text = line_at(cursor, at, &place.length);
    if (!at->column)
        return place;
    unsigned end = at->end_column > at->column ? at->end_column : at->column + 1;
    place.column = place.text ? line_characters(place.text, place.length, at->column) : at->column;
    place.end_column = place.text ? line_characters(place.text, place.length, end) : end;
    return place;
}

static void write_text(struct buf *out, const struct diagnostics *list, const struct writer_options *options)
{
    diagnostics_write(out, list, options->colour);
}

/* One line, which cannot steer a terminal. */
static void add_clean(struct buf *out, const char *text)
{
    for (size_t length; *text; text += length + (text[length] != '\0')) {
        length = strcspn(text, "\n\r\t");
        text_add_printable(out, text, length);
        if (text[length])
            buf_char(out, ' ');
    }
}

static void write_gcc(struct buf *out, const struct diagnostics *list, const struct writer_options *options)
{
    struct line_cursor cursor = {0};

    (void)options;
    for (size_t i = 0; i < list->list.count; i++) {
        const struct diagnostic *diagnostic = list->list.items[i];
        struct problem_place place = place_of(diagnostic, &cursor);

        add_clean(out, place.path ? place.path : "hvprobe");
        if (place.line)
            buf_printf(out, ":%u", place.line);
        if (place.column)
            buf_printf(out, ":%u", place.column);
        buf_printf(out, ": %s: ", severity_names[diagnostic->kind->severity]);
        add_clean(out, diagnostic->message);
        if (diagnostic->hint) {
            buf_add(out, "; ");
            add_clean(out, diagnostic->hint);
        }
        buf_printf(out, " [%s]\n", diagnostic->kind->id);
    }
}

/* "KEY":"TEXT" with a comma before it; nothing without a text. */
static void add_member(struct buf *out, const char *key, const char *text)
{
    if (!text)
        return;
    buf_printf(out, ",\"%s\":", key);
    json_text(out, text, strlen(text));
}

static void add_number(struct buf *out, const char *key, unsigned number)
{
    if (number)
        buf_printf(out, ",\"%s\":%u", key, number);
}

static void write_jsonl(struct buf *out, const struct diagnostics *list, const struct writer_options *options)
{
    struct line_cursor cursor = {0};

    (void)options;
    for (size_t i = 0; i < list->list.count; i++) {
        const struct diagnostic *diagnostic = list->list.items[i];
        struct problem_place place = place_of(diagnostic, &cursor);

        buf_printf(out, "{\"id\":\"%s\",\"name\":\"%s\",\"severity\":\"%s\"", diagnostic->kind->id,
                   diagnostic->kind->name, severity_names[diagnostic->kind->severity]);
        add_member(out, "file", place.path);
        add_number(out, "line", place.line);
        add_number(out, "column", place.column);
        add_number(out, "endColumn", place.end_column);
        add_member(out, "message", diagnostic->message);
        add_member(out, "hint", diagnostic->hint);
        if (place.text) {
            buf_add(out, ",\"source\":");
            json_text(out, place.text, place.length);
        }
        buf_add(out, "}\n");
    }
}

/* As workflow commands want it: properties may hold neither colons nor commas. */
static void add_command_text(struct buf *out, const char *text, bool property)
{
    const char *special = property ? "%\r\n:," : "%\r\n";

    for (; *text; text++) {
        if (strchr(special, *text))
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            buf_char(out, *text);
    }
}

static void write_github(struct buf *out, const struct diagnostics *list, const struct writer_options *options)
{
    static const char *const commands[] = {"notice", "warning", "error"};
    struct line_cursor cursor = {0};

    (void)options;
    for (size_t i = 0; i < list->list.count; i++) {
        const struct diagnostic *diagnostic = list->list.items[i];
        struct problem_place place = place_of(diagnostic, &cursor);

        buf_printf(out, "::%s ", commands[diagnostic->kind->severity]);
        if (place.path) {
            buf_add(out, "file=");
            add_command_text(out, place.path, true);
            buf_char(out, ',');
        }
        if (place.line)
            buf_printf(out, "line=%u,", place.line);
        if (place.column)
            buf_printf(out, "col=%u,endColumn=%u,", place.column, place.end_column);
        buf_printf(out, "title=%s %s::", diagnostic->kind->id, diagnostic->kind->name);
        add_command_text(out, diagnostic->message, false);
        if (diagnostic->hint) {
            buf_add(out, "%0A");
            add_command_text(out, diagnostic->hint, false);
        }
        buf_char(out, '\n');
    }
}

static void add_sarif_rules(struct buf *out)
{
    for (unsigned id = 0; id < DIAG_MAX; id++) {
        const struct diagnostic_kind *kind = diagnostic_kind((enum diagnostic_id)id);

        buf_printf(out, "%s{\"id\":\"%s\",\"name\":\"%s\"", id ? "," : "", kind->id, kind->name);
        buf_add(out, ",\"shortDescription\":{\"text\":");
        json_text(out, kind->summary, strlen(kind->summary));
        buf_add(out, "},\"fullDescription\":{\"text\":");
        json_text(out, kind->explanation, strlen(kind->explanation));
        buf_printf(out, "},\"defaultConfiguration\":{\"level\":\"%s\"}}", severity_names[kind->severity]);
    }
}

/* A relative path stays one; others become file: URIs. */
static void add_uri(struct buf *out, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";

    buf_add(out, *path == '/' ? "\"file://" : "\"");
    for (; *path; path++) {
        if (strchr(plain, *path))
            buf_char(out, *path);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*path);
    }
    buf_char(out, '"');
}

static void add_sarif_place(struct buf *out, const struct problem_place *place)
{
    if (!place->path)
        return;
    buf_add(out, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
    add_uri(out, place->path);
    buf_char(out, '}');
    if (place->line) {
        buf_printf(out, ",\"region\":{\"startLine\":%u", place->line);
        add_number(out, "startColumn", place->column);
        add_number(out, "endColumn", place->end_column);
        if (place->text) {
            buf_add(out, ",\"snippet\":{\"text\":");
            json_text(out, place->text, place->length);
            buf_char(out, '}');
        }
        buf_char(out, '}');
    }
    buf_add(out, "}}]");
}

static void write_sarif(struct buf *out, const struct diagnostics *list, const struct writer_options *options)
{
    struct line_cursor cursor = {0};
    AUTO(buf_free) struct buf message = BUF_INIT;

    (void)options;
    buf_add(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"
                 "\"tool\":{\"driver\":{\"name\":\"hvprobe\",\"version\":\"" HVPROBE_VERSION "\",\"rules\":[");
    add_sarif_rules(out);
    buf_add(out, "]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[");
    for (size_t i = 0; i < list->list.count; i++) {
        const struct diagnostic *diagnostic = list->list.items[i];
        struct problem_place place = place_of(diagnostic, &cursor);

        message.length = 0;
        buf_printf(&message, "%s%s%s", diagnostic->message, diagnostic->hint ? "\n" : "",
                   diagnostic->hint ? diagnostic->hint : "");
        buf_printf(out,
                   "%s\n{\"ruleId\":\"%s\",\"ruleIndex\":%zu,\"level\":\"%s\",\"message\":{\"text\":", i ? "," : "",
                   diagnostic->kind->id, (size_t)(diagnostic->kind - diagnostic_kind(0)),
                   severity_names[diagnostic->kind->severity]);
        json_text(out, buf_text(&message), message.length);
        buf_char(out, '}');
        add_sarif_place(out, &place);
        buf_char(out, '}');
    }
    buf_add(out, "]}]}\n");
}

const struct problem_format problem_formats[] = {
    {"text", write_text},   {"gcc", write_gcc},       {"jsonl", write_jsonl},
    {"sarif", write_sarif}, {"github", write_github}, {NULL, NULL},
};
