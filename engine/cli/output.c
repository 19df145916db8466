/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documents and tables in the format asked for. */
#include "base/text.h"
#include "cli/command.h"

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
