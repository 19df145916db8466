/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* -D NAME=VALUE of a command whose view says what it takes: a mistyped value is refused before anything is looked at.
 */
#include "base/regex.h"
#include "base/text.h"
#include "cli/command.h"

#include <string.h>

static const struct view_parameter *parameter_of(const struct view *view, const char *name, size_t length)
{
    for (size_t i = 0; i < view->parameter_count; i++)
        if (strlen(view->parameters[i].name) == length && strncmp(view->parameters[i].name, name, length) == 0)
            return &view->parameters[i];
    return NULL;
}

/* Without values and expression any text is; an empty one asks for nothing. */
static bool takes(struct arena *arena, const struct view_parameter *parameter, const char *value)
{
    const char *error = NULL;
    size_t offset = 0;
    if (!*value || (!parameter->values.count && !parameter->match))
        return true;
    for (size_t i = 0; i < parameter->values.count; i++)
        if (text_equal(parameter->values.items[i], value))
            return true;
    if (!parameter->match)
        return false;
    const char *whole = arena_printf(arena, "\\A(?:%s)\\z", parameter->match);
    const struct regex *regex = regex_compile(arena, whole, 0, &error, &offset);
    return regex && regex_test(regex, value, strlen(value)) == REGEX_YES;
}

static void refuse(const struct view_parameter *parameter, const char *value)
{
    const char *const *values = (const char *const *)parameter->values.items;
    const char *nearest = text_nearest(value, values, parameter->values.count);
    if (nearest)
        complain("-D %s= takes %s, not '%s'; did you mean '%s'?", parameter->name, parameter->help, value, nearest);
    else
        complain("-D %s= takes %s, not '%s'", parameter->name, parameter->help, value);
}

static enum status check_here(struct session *session, const struct view_parameter *parameter, const char *value)
{
    enum status status;
    const struct document *document = session_document(session, parameter->document, &status);
    struct xpath_result found = {0};
    struct vec names = {0};
    const char *error = NULL;
    if (!document)
        return status;
    if (!question(questioner_new(session->arena, document->xml), NULL, parameter->xpath, NULL, &found, &error)) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    for (size_t i = 0; i < found.count; i++) {
        const char *name = xml_text(session->arena, found.nodes[i]);
        if (text_equal(name, value))
            return STATUS_OK;
        vec_push(session->arena, &names, (char *)name);
    }
    complain_unknown(parameter->name, value, (const char *const *)names.items, names.count,
                     arena_printf(session->arena, "'hvprobe show %s' lists what is here", parameter->document));
    return STATUS_USAGE;
}

enum status view_check_parameters_here(struct session *session)
{
    const struct view *view = session->invocation->view;
    const char *const *given = invocation_values(session->invocation, "D");
    enum status status = STATUS_OK;
    for (; given && *given && status == STATUS_OK; given++) {
        const size_t length = strcspn(*given, "=");
        const struct view_parameter *parameter = parameter_of(view, *given, length);
        if (parameter && parameter->document && (*given)[length] && (*given)[length + 1])
            status = check_here(session, parameter, *given + length + 1);
    }
    return status;
}

enum status view_check_given_parameters(const struct invocation *invocation)
{
    const char *const *given = invocation_values(invocation, "D");
    for (; given && *given; given++) {
        const size_t length = strcspn(*given, "=");
        const struct view_parameter *parameter = parameter_of(invocation->view, *given, length);
        const char *value = *given + length + ((*given)[length] == '=');
        if (!parameter || takes(invocation->arena, parameter, value))
            continue;
        refuse(parameter, value);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}
