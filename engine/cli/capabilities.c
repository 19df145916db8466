/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The default command. It does no more than it must: people run it on each start of their own program. */
#include "cli/command.h"

static const struct option_kind options[] = {
    {"driver", 0, "DRIVER", "only what this driver offers, and the host", true},
    {"format", 0, "FORMAT", "xml (default), json or yaml", false},
    {"dialect", 0, "NAME", "the same in another format: the document capabilities-NAME", false},
    COMPAT_OPTION,
    {NULL, 0, NULL, NULL, false},
};

static enum status write_document(struct session *session, const char *name, const char *schema)
{
    enum status status;
    const struct document *document = session_document(session, name, &status);
    if (!document)
        return status;
    return status_worst(tell_unseen(document), output_compatible(session, document, schema, format_kinds[0].name));
}

static enum status run(struct invocation *invocation)
{
    const char *dialect = invocation_value(invocation, "dialect");
    const char *name = dialect ? arena_printf(invocation->arena, "capabilities-%s", dialect) : "capabilities";
    const char *const documents[] = {name, dialect ? "capabilities" : NULL, NULL};
    const char *schema = NULL;
    struct session session;
    if (dialect && invocation_has(invocation, "compat")) {
        complain("--compat and --dialect exclude each other");
        return STATUS_USAGE;
    }
    enum status status = dialect ? STATUS_OK : compat_schema(invocation, &schema);
    if (status != STATUS_OK)
        return status;
    status =
        session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_LEAN | SESSION_ANSWER, documents);
    if (status != STATUS_OK)
        return status;
    if (session.answered)
        return session_close(&session, session_answer(&session));
    return session_close(&session, write_document(&session, name, schema));
}

extern const struct command command_capabilities;
const struct command command_capabilities = {"capabilities", "",   "what this host can virtualise, as a document",
                                             options,        NULL, run};
