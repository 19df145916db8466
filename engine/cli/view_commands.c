/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that are a view of a document and nothing else: the view file says all. */
#include "base/text.h"
#include "cli/command.h"

static bool has_filter(const struct view *view, const char *option)
{
    for (size_t i = 0; view && i < view->filter_count; i++)
        if (text_equal(view->filters[i].option, option))
            return true;
    return false;
}

/* Columns in data are told apart by name: more of them disturb nobody. */
const char *chosen_columns(const struct invocation *invocation)
{
    const char *format = invocation_value(invocation, "format");
    const char *columns = invocation_value(invocation, "columns");
    for (const struct grid_format *kind = grid_formats; kind->name; kind++)
        if (text_equal(kind->name, format) && kind->data)
            return columns ? columns : "*";
    return columns;
}

static enum status show(struct session *session, const struct view *view)
{
    enum status status;
    const struct document *document = session_document(session, view->document, &status);
    if (!document)
        return status;
    struct invocation *invocation = session->invocation;
    if (text_equal(invocation_value(invocation, "format"), "xml"))
        return output_document(session, document);
    struct filter_value *filters = arena_alloc(session->arena, (invocation->given.count + 1) * sizeof *filters);
    for (size_t i = 0; i < invocation->given.count; i++)
        filters[i] = *(const struct filter_value *)invocation->given.items[i];
    struct grid grid = {0};
    const char *error = NULL;
    if (!view_grid(session->arena, view, document->xml, filters, invocation->given.count, chosen_columns(invocation),
                   &grid, &error)) {
        complain("%s", error);
        return STATUS_USAGE;
    }
    return output_grid(session, &grid, view->format ? view->format : "table");
}

static enum status view_command(struct invocation *invocation)
{
    struct session session;
    const struct view *view = invocation->view;
    const char *const documents[] = {view->document, NULL};
    invocation->own_arch = has_filter(view, "arch");
    enum status status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_LEAN, documents);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, show(&session, view));
}

static const struct option_kind options[] = {
    {"columns", 0, "NAMES", "show these columns, comma-separated", false},
    {"driver", 0, "DRIVER", "only what this driver offers", true},
    {"format", 0, "FORMAT", "table, lines, json, yaml or xml", false},
    {NULL, 0, NULL, NULL, false},
};

extern const struct command command_list, command_machines, command_detect;
const struct command command_list = {"list",  "",     "one line per os type, architecture and domain type",
                                     options, "list", view_command};
const struct command command_machines = {"machines", "", "the machine types", options, "machines", view_command};
const struct command command_detect = {"detect", "", "what this host itself runs on", options, "detect", view_command};
