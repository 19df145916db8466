/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

static const struct option_kind options[] = {
    {"driver", 0, "DRIVER", "only what this driver offers, and the host", true},
    {"dialect", 0, "NAME", "the same in another format: the document capabilities-NAME", false},
    {NULL, 0, NULL, NULL, false},
};

static enum status run(struct invocation *invocation)
{
    const char *dialect = invocation_value(invocation, "dialect");
    const char *name = dialect ? arena_printf(invocation->arena, "capabilities-%s", dialect) : "capabilities";
    const char *const documents[] = {name, dialect ? "capabilities" : NULL, NULL};
    struct session session;
    if (invocation->word_count) {
        complain("capabilities takes no arguments, but there is '%s'", invocation->words[0]);
        return STATUS_USAGE;
    }
    enum status status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_TRACED, documents);
    if (status != STATUS_OK)
        return status;
    const struct document *document = session_document(&session, name);
    status = document ? output_document(&session, document) : STATUS_USAGE;
    return session_close(&session, status);
}

extern const struct command command_capabilities;
const struct command command_capabilities = {"capabilities", "",   "what this host can virtualise, as a document",
                                             options,        NULL, run};
