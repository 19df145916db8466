/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documents and tables in the format asked for. */
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/guard.h"

#include <string.h>
#include <unistd.h>

static enum status unknown_format(const struct session *session, const char *format, const char *offered)
{
    complain("%s has no format '%s'; there are %s", session->invocation->command->name, format, offered);
    return STATUS_USAGE;
}

enum status output_document(struct session *session, const struct document *document, const char *fallback)
{
    const char *wanted = invocation_value(session->invocation, "format");
    AUTO(buf_free) struct buf out = BUF_INIT;
    for (const struct format_kind *format = format_kinds; format->name; format++) {
        if (!text_equal(format->name, wanted ? wanted : fallback))
            continue;
        const char *error = format->write(&out, document->xml, document->schema);
        if (!error)
            return session_output(session, &out);
        complain("%s", error);
        return STATUS_FAILED;
    }
    return unknown_format(session, wanted, "xml, json and yaml");
}

enum status output_grid(struct session *session, const struct grid *grid, const char *fallback)
{
    const char *wanted = invocation_value(session->invocation, "format");
    AUTO(buf_free) struct buf out = BUF_INIT;
    for (const struct grid_format *format = grid_formats; format->name; format++) {
        if (!text_equal(format->name, wanted ? wanted : fallback))
            continue;
        const char *error = format->write(&out, grid, &session->writer_options);
        if (!error)
            return session_output(session, &out);
        complain("%s", error);
        return STATUS_FAILED;
    }
    return unknown_format(session, wanted, "table, lines, json and yaml");
}

enum status output_text(const struct buf *text, enum status status)
{
    AUTO(buf_free) struct buf safe = BUF_INIT;
    const char *line = buf_text(text), *end = line + text->length;
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        text_add_printable(&safe, line, (size_t)((newline ? newline : end) - line));
        if (newline)
            buf_char(&safe, '\n');
        line = newline ? newline + 1 : end;
    }
    return output(&safe, status);
}

enum status output(const struct buf *buf, enum status status)
{
    guard_stop();
    const int error = file_write_all(STDOUT_FILENO, buf->data, buf->length);
    if (error < 0)
        complain("cannot write the result: %s", strerror(-error));
    return error < 0 ? STATUS_FAILED : status;
}

enum status session_output(struct session *session, const struct buf *text)
{
    session->outputs++;
    if (session->answers)
        session->answer = (struct answer){arena_strndup(session->arena, buf_text(text), text->length), text->length, 0};
    return output(text, STATUS_OK);
}
