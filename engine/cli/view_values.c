/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table that a filter leaves empty is not to be taken for the whole answer: was the value mistyped, or is there none?
 */
#include "base/text.h"
#include "cli/command.h"
#include "session/architecture.h"

static const struct view_filter *filter_of(const struct view *view, const char *option)
{
    for (size_t i = 0; i < view->filter_count; i++)
        if (text_equal(view->filters[i].option, option))
            return &view->filters[i];
    return NULL;
}

/* Is a value that no row has one that rules could give? */
static enum status check_value(struct session *session, const struct view_filter *filter, const char *value)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    const struct rule_set *all = session_all_rules(&session->options, session->arena, &session->book);
    struct vec values = {0};
    if (!session_values(session->arena, all, session->invocation->view->document, filter->from, &values))
        return STATUS_OK;
    const char *meant = architecture_synonym(all, value); /* which rules that read a parameter understand */
    bool known = false;
    for (size_t i = 0; i < values.count; i++) {
        known = known || (meant && text_equal(values.items[i], meant));
        if (text_equal(values.items[i], value) || (known && filter->parameter))
            return STATUS_OK;
        buf_printf(&list, "%s%s", i > 0 ? ", " : "there are ", (const char *)values.items[i]);
    }
    if (known)
        complain("there is no %s '%s'; did you mean '%s'?", filter->option, value, meant);
    else
        complain_unknown(filter->option, value, (const char *const *)values.items, values.count, buf_text(&list));
    return STATUS_USAGE;
}

enum status view_check_values(struct session *session, const struct document *document)
{
    const struct invocation *invocation = session->invocation;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < invocation->given.count; i++) {
        const struct filter_value *given = invocation->given.items[i];
        const struct view_filter *filter = filter_of(invocation->view, given->option);
        struct grid grid = {0};
        const char *error = NULL;
        if (filter && filter->from && filter->where &&
            view_grid(session->arena, invocation->view, document->xml, given, 1, NULL, &grid, &error) &&
            grid.rows.count == 0)
            status = check_value(session, filter, given->value);
    }
    return status;
}

enum status view_check_parameters(struct session *session)
{
    const struct invocation *invocation = session->invocation;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < invocation->given.count; i++) {
        const struct filter_value *given = invocation->given.items[i];
        const struct view_filter *filter = filter_of(invocation->view, given->option);
        if (filter && filter->parameter && filter->from && given->value)
            status = check_value(session, filter, given->value);
    }
    return status;
}

void view_tell_empty(struct session *session)
{
    AUTO(buf_free) struct buf words = BUF_INIT;
    const struct invocation *invocation = session->invocation;
    for (size_t i = 0; i < invocation->given.count; i++) {
        const struct filter_value *given = invocation->given.items[i];
        if (!filter_of(invocation->view, given->option) && !text_equal(given->option, "driver"))
            continue;
        buf_printf(&words, " --%s%s%s", given->option, given->value ? " " : "", given->value ? given->value : "");
    }
    bool all = false;
    const struct table *first = run_unseen(session->run, &all);
    const char *empty = invocation_has(invocation, "D") ? NULL : invocation->view->empty;
    const bool open = first && table_stands_alone(first);
    session->told = session->told || words.length > 0 || empty || open;
    if (words.length)
        complain("nothing here matches%s", buf_text(&words));
    else if (empty)
        complain("%s", empty);
    if (open)
        complain("not all could be looked at: %s (fact %s.%s)", first->reason, first->fact->rule->id,
                 first->fact->name);
}
