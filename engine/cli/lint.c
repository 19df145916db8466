/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/text.h"
#include "cli/command.h"

/* Only what concerns the files that were named; everything when none was. */
static bool is_wanted(const struct invocation *invocation, const struct diagnostic *diagnostic)
{
    if (invocation->word_count == 0 || !diagnostic->at.source)
        return true;
    for (size_t i = 0; i < invocation->word_count; i++)
        if (text_equal(diagnostic->at.source->path, invocation->words[i]))
            return true;
    return false;
}

static void keep_wanted(struct session *session)
{
    struct diagnostics kept = {.arena = session->arena};
    for (size_t i = 0; i < session->diagnostics.list.count; i++) {
        const struct diagnostic *diagnostic = session->diagnostics.list.items[i];
        if (!is_wanted(session->invocation, diagnostic))
            continue;
        vec_push(session->arena, &kept.list, diagnostic);
        kept.errors += diagnostic->kind->severity == SEVERITY_ERROR;
        kept.warnings += diagnostic->kind->severity == SEVERITY_WARNING;
    }
    session->diagnostics = kept;
}

static enum status run(struct invocation *invocation)
{
    struct session session;
    enum status status = session_open(&session, invocation, SESSION_RULES | SESSION_LINT, NULL);
    if (status != STATUS_OK)
        return status;
    document_lint(session.rules, &session.document_options, &session.diagnostics);
    keep_wanted(&session);
    diagnostics_sort(&session.diagnostics);
    diagnostics_cap(&session.diagnostics, DIAGNOSTICS_LIMIT);
    diagnostics_print(stdout, &session.diagnostics, session.writer_options.colour);
    status = session.diagnostics.errors ? STATUS_NO : STATUS_OK;
    session.diagnostics = (struct diagnostics){.arena = session.arena};
    return session_close(&session, status);
}

extern const struct command command_lint;
const struct command command_lint = {"lint", "[FILE ...]", "errors and doubtful places in rules", NULL, NULL, run};
