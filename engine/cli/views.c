/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that are a view: what they are called, take and print stands in the view's file, here is how that is done.
 */
#include "base/text.h"
#include "cli/command.h"

#include <string.h>

/* ---- finding them ---- */

const struct view *view_open(struct arena *arena, const char *name, enum status *ret_status)
{
    struct diagnostics diagnostics = {.arena = arena};
    const char *error = NULL;
    const struct view *view = view_load(arena, schema_directories(arena), name, &diagnostics, &error);
    if (view)
        return view;
    diagnostics_print(stderr, &diagnostics, false);
    if (error)
        complain("%s", error);
    *ret_status = STATUS_BROKEN_RULE;
    return NULL;
}

/* "[RULE...]" */
static const char *usage_of(struct arena *arena, const struct view *view)
{
    AUTO(buf_free) struct buf usage = BUF_INIT;
    for (size_t i = 0; i < view->argument_count; i++)
        buf_printf(&usage, "%s[%s%s]", i > 0 ? " " : "", view->arguments[i].name,
                   view->arguments[i].repeat ? "..." : "");
    return arena_strdup(arena, buf_text(&usage));
}

/* The words that --format takes, the view's own forms before XML. */
static struct vec formats_of(struct arena *arena, const struct view *view)
{
    struct vec names = {0};
    for (const struct grid_format *format = grid_formats; view->rows && format->name; format++)
        vec_push(arena, &names, format->name);
    for (size_t i = 0; i < view->form_count; i++)
        if (!text_equal(view->forms[i].name, "lines"))
            vec_push(arena, &names, view->forms[i].name);
    for (const struct format_kind *format = format_kinds; format->name; format++)
        if (!view->rows || text_equal(format->name, format_kinds[0].name))
            vec_push(arena, &names, format->name);
    return names;
}

/* "table (default), lines and xml"; fallback NULL: without a word about it. */
static const char *format_words(struct arena *arena, const struct view *view, const char *last, const char *fallback)
{
    const struct vec names = formats_of(arena, view);
    AUTO(buf_free) struct buf words = BUF_INIT;
    for (size_t i = 0; i < names.count; i++) {
        buf_add(&words, i == 0 ? "" : i + 1 < names.count ? ", " : last);
        buf_printf(&words, "%s%s", (const char *)names.items[i],
                   text_equal(names.items[i], fallback) ? " (default)" : "");
    }
    return arena_strdup(arena, buf_text(&words));
}

static const struct option_kind *options_of(struct arena *arena, const struct view *view)
{
    static const struct option_kind compat = COMPAT_OPTION;
    struct option_kind *options = arena_alloc(arena, 7 * sizeof *options);
    size_t count = 0;
    if (view->rows)
        options[count++] = (struct option_kind){"columns", 0, "NAMES", "show these columns, comma-separated", false};
    options[count++] =
        (struct option_kind){"driver", 0, "DRIVER", "only what rules of this driver say, and those without one", true};
    options[count++] =
        (struct option_kind){"format", 0, "FORMAT", format_words(arena, view, " or ", view->format), false};
    if (view->collect)
        options[count++] = (struct option_kind){view->collect->option, 0, NULL, view->collect->help, false};
    if (view->instead)
        options[count++] = (struct option_kind){view->instead, 0, NULL, view->instead_help, false};
    if (view->compat)
        options[count] = compat;
    return options;
}

static struct command *command_of(struct arena *arena, const struct view *view)
{
    struct command *command = arena_new_object(arena, struct command);
    *command = (struct command){
        .name = view->command,
        .arguments = usage_of(arena, view),
        .summary = view->help ? view->help : arena_printf(arena, "the document %s as a table", view->document),
        .options = options_of(arena, view),
        .view = view,
        .run = view_run,
    };
    return command;
}

const struct command *view_command(struct arena *arena, const char *name, enum status *ret_status)
{
    const char *const *directories = schema_directories(arena);
    struct vec names = {0};
    /* Most often the view is called as its command is. */
    if (view_exists(arena, directories, name)) {
        const struct view *view = view_open(arena, name, ret_status);
        if (!view || text_equal(view->command, name))
            return view ? command_of(arena, view) : NULL;
    }
    view_names(arena, directories, &names);
    for (size_t i = 0; i < names.count; i++) {
        struct diagnostics ignored = {.arena = arena};
        const char *error = NULL;
        const struct view *view = view_load(arena, directories, names.items[i], &ignored, &error);
        if (view && text_equal(view->command, name))
            return command_of(arena, view);
    }
    return NULL;
}

void view_commands(struct arena *arena, struct vec *ret_commands)
{
    struct vec names = {0};
    enum status ignored = STATUS_OK;
    const int error = view_names(arena, schema_directories(arena), &names);
    if (error < 0)
        complain("a directory of views cannot be read: %s", strerror(-error));
    for (size_t i = 0; i < names.count; i++) {
        const struct view *view = view_open(arena, names.items[i], &ignored);
        if (view && view->command)
            vec_push(arena, ret_commands, command_of(arena, view));
    }
}

/* ---- what was given ---- */

static enum status check_value(const struct view_filter *filter, const char *value)
{
    int64_t number = 0;
    if (text_equal(filter->type, "number") && !text_number(value, &number)) {
        complain("--%s takes a whole number, not '%s'", filter->option, value);
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < filter->values.count; i++)
        if (text_equal(filter->values.items[i], value))
            return STATUS_OK;
    if (filter->values.count == 0)
        return STATUS_OK;
    AUTO(buf_free) struct buf list = BUF_INIT;
    for (size_t i = 0; i < filter->values.count; i++)
        buf_printf(&list, "%s%s", i > 0 ? ", " : "there are ", (const char *)filter->values.items[i]);
    complain_unknown(filter->option, value, (const char *const *)filter->values.items, filter->values.count,
                     buf_text(&list));
    return STATUS_USAGE;
}

enum status view_check(const struct invocation *invocation, const char *const *words, size_t count)
{
    const struct view *view = invocation->view;
    const size_t most = view->argument_count;
    enum status status = STATUS_OK;
    if (count > most && !(most > 0 && view->arguments[most - 1].repeat)) {
        if (most == 0)
            complain("%s takes no arguments, but there is '%s'; see 'hvprobe %s --help'", invocation->command->name,
                     words[0], invocation->command->name);
        else
            complain("%s takes %s and no more, but there is also '%s'", invocation->command->name,
                     view->arguments[most - 1].name, words[most]);
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < invocation->given.count && status == STATUS_OK; i++) {
        const struct filter_value *given = invocation->given.items[i];
        for (size_t j = 0; j < view->filter_count; j++)
            if (given->value && text_equal(view->filters[j].option, given->option))
                status = check_value(&view->filters[j], given->value);
    }
    return status == STATUS_OK ? view_check_given_parameters(invocation) : status;
}

/* Options, and words that leave rows out as these do. */
static size_t filters_of(const struct session *session, const char *const *words, struct filter_value **ret_filters)
{
    const struct invocation *invocation = session->invocation;
    const struct view *view = invocation->view;
    const size_t most = view->argument_count;
    struct filter_value *filters =
        arena_alloc(session->arena, (invocation->given.count + invocation->word_count + 1) * sizeof *filters);
    size_t count = 0;
    for (size_t i = 0; i < invocation->given.count; i++)
        filters[count++] = *(const struct filter_value *)invocation->given.items[i];
    for (size_t i = 0; words[i]; i++)
        filters[count++] = (struct filter_value){view->arguments[i < most ? i : most - 1].name, words[i]};
    *ret_filters = filters;
    return count;
}

/* Columns in data are told apart by name: more of them disturb nobody. */
static const char *chosen_columns(const struct invocation *invocation, const char *format)
{
    const char *columns = invocation_value(invocation, "columns");
    for (const struct grid_format *kind = grid_formats; kind->name; kind++)
        if (text_equal(kind->name, format) && kind->data)
            return columns ? columns : "*";
    return columns;
}

/* ---- printing ---- */

/* Of the view, most often: then its file is told, with the place. */
static enum status failed(struct session *session, const char *error)
{
    struct diagnostics diagnostics = {.arena = session->arena};
    if (session->invocation->view->path)
        view_lint(session->arena, session->invocation->view->path, &diagnostics);
    if (diagnostics.errors == 0)
        complain("%s", error);
    diagnostics_print(stderr, &diagnostics, false);
    return diagnostics.errors > 0 ? STATUS_BROKEN_RULE : STATUS_FAILED;
}

static enum status print_form(struct session *session, const struct view_form *form, const struct document *document,
                              const struct filter_value *filters, size_t count)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const char *error = NULL;
    if (!view_write_form(&out, session->run, session->invocation->view, form, document->xml, filters, count, &error))
        return failed(session, error);
    return session_output(session, &out);
}

static enum status print(struct session *session, const struct document *document, const char *const *words,
                         const char *schema)
{
    const struct view *view = session->invocation->view;
    const char *wanted = invocation_value(session->invocation, "format");
    const char *format = wanted ? wanted : view->format;
    struct filter_value *filters;
    struct grid grid = {0};
    const char *error = NULL;
    bool known = false;
    const struct vec names = formats_of(session->arena, view);
    for (size_t i = 0; i < names.count; i++)
        known = known || text_equal(names.items[i], format);
    if (!known) {
        complain("%s has no format '%s'; there are %s", session->invocation->command->name, format,
                 format_words(session->arena, view, " and ", NULL));
        return STATUS_USAGE;
    }
    if (!view->rows || text_equal(format, format_kinds[0].name))
        return output_compatible(session, document, schema, format);
    const char *wrong = view_wrong_column(session->arena, view, invocation_value(session->invocation, "columns"));
    if (wrong) {
        complain("%s", wrong);
        return STATUS_USAGE;
    }
    enum status status = view_check_values(session, document);
    if (status != STATUS_OK)
        return status;
    const size_t count = filters_of(session, words, &filters);
    if (view_form(view, format))
        return print_form(session, view_form(view, format), document, filters, count);
    if (!view_grid(session->arena, view, document->xml, filters, count, chosen_columns(session->invocation, format),
                   &grid, &error))
        return failed(session, error);
    if (grid.rows.count == 0 && (status = view_check_parameters(session)) != STATUS_OK)
        return status;
    if (grid.rows.count == 0 && !document->unseen)
        view_tell_empty(session);
    return output_grid(session, &grid, format);
}

static enum status say_reason(struct session *session, const struct view *view)
{
    enum status status;
    const struct document *document = session_document(session, view->reason_document, &status);
    struct xpath_result reason = {0};
    const char *error = NULL;
    if (!document)
        return status;
    if (!question(questioner_new(session->arena, document->xml), NULL, view->reason_xpath, NULL, &reason, &error))
        return failed(session, error);
    const char *gap = *reason.text ? NULL : document_gap(session->arena, document, view->reason_xpath, false);
    if (gap) {
        complain("whether there is a %s is not known: %s", view->document, gap);
        return STATUS_FAILED;
    }
    if (*reason.text)
        complain("%s", reason.text);
    else
        complain("no rule says why there is no %s", view->document);
    return STATUS_NO;
}

/* What the rules say beside a document, a line each. */
static enum status say_notes(struct session *session, const struct view *view)
{
    enum status status = STATUS_OK;
    const struct document *document =
        view->notes_document ? session_document(session, view->notes_document, &status) : NULL;
    struct xpath_result notes = {0};
    const char *error = NULL;
    if (!document)
        return status;
    if (!question(questioner_new(session->arena, document->xml), NULL, view->notes_xpath, NULL, &notes, &error))
        return failed(session, error);
    for (size_t i = 0; i < notes.count; i++)
        complain("%s", xml_text(session->arena, notes.nodes[i]));
    session->told = session->told || notes.count > 0;
    return STATUS_OK;
}

static enum status show_document(struct session *session, const char *const *words, const char *schema)
{
    const struct view *view = session->invocation->view;
    enum status status;
    const struct document *document = session_document(session, view->document, &status);
    const char *error = NULL;
    bool fails = false;
    if (!document)
        return status;
    if (!view_fails(session->arena, view, document, &fails, &error))
        return failed(session, error);
    const enum status seen = tell_unseen(document);
    if (fails && (status = view_check_parameters(session)) != STATUS_OK)
        return status;
    if (fails && view->reason_document)
        return seen == STATUS_OK ? say_reason(session, view) : seen;
    status = status_worst(print(session, document, words, schema), seen);
    status = status_worst(status, fails ? STATUS_NO : STATUS_OK);
    return status_worst(status, status == STATUS_OK ? say_notes(session, view) : STATUS_OK);
}

const char *const *view_documents(struct arena *arena, const struct view *view, bool many)
{
    struct vec documents = {0};
    vec_push(arena, &documents, (char *)view->document);
    if (many)
        vec_push(arena, &documents, (char *)view->collect->document);
    if (many)
        vec_push(arena, &documents, (char *)view->collect->into);
    if (view->reason_document)
        vec_push(arena, &documents, (char *)view->reason_document);
    if (view->notes_document)
        vec_push(arena, &documents, (char *)view->notes_document);
    for (size_t i = 0; i < view->parameter_count; i++)
        if (view->parameters[i].document)
            vec_push(arena, &documents, (char *)view->parameters[i].document);
    vec_push(arena, &documents, NULL);
    return (const char *const *)documents.items;
}

/* The other view where the option for it was given; NULL after a message. */
static const struct view *chosen_view(struct invocation *invocation, enum status *ret_status)
{
    const struct view *view = invocation->view;
    if (view->instead && invocation_has(invocation, view->instead))
        invocation->view = view_open(invocation->arena, view->instead_view, ret_status);
    return invocation->view;
}

/* Is the first word the id of a rule, beside which none need be loaded? */
static bool names_rules(const struct view *view, bool alone)
{
    return view->argument_count > 0 && view->arguments[0].rules && alone == !view->arguments[0].where;
}

enum status view_run(struct invocation *invocation)
{
    enum status status = STATUS_OK;
    const struct view *view = chosen_view(invocation, &status);
    if (!view)
        return status;
    const bool many = view->collect && invocation_has(invocation, view->collect->option);
    const char *const *documents = view_documents(invocation->arena, view, many);
    const char *const *words = (const char *const *)invocation->words;
    const bool named = words[0] && names_rules(view, true);
    const char *schema = NULL;
    struct session session;
    status = view->compat ? compat_schema(invocation, &schema) : STATUS_OK;
    if (status == STATUS_OK)
        status = session_open(&session, invocation,
                              SESSION_RULES | SESSION_ROOT | (many ? 0 : SESSION_ANSWER) |
                                  (named ? SESSION_NAMED : SESSION_LEAN),
                              named ? NULL : documents);
    if (status != STATUS_OK)
        return status;
    if (session.answered)
        return session_close(&session, session_answer(&session));
    session.document_options.rules = named ? words : NULL;
    for (size_t i = 0; (named || names_rules(view, false)) && words[i] && status == STATUS_OK; i++)
        session_rule(&session, words[i], &status);
    if (status == STATUS_OK)
        status = view_check_parameters_here(&session);
    if (status == STATUS_OK)
        status = many ? view_collect(&session, schema) : show_document(&session, words, schema);
    return session_close(&session, status);
}
