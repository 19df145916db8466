/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A snapshot: everything that the rules ask of this host, and what it answered. */
#include "cli/command.h"
#include "root/record.h"

#include <string.h>

static const struct option_kind options[] = {
    {"output", 'o', "DIR", "where to write the snapshot: a new or empty directory; default: ./NODENAME.snapshot",
     false},
    {"whole", 0, NULL, "programs as they are, in place of what was found in them", false},
    {NULL, 0, NULL, NULL, false},
};

static void observe_everything(struct session *session)
{
    const struct map *rules = &session->rules->rules;
    const char *arch = NULL;
    root_arch(session->root, &arch);
    root_os(session->root);
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        for (size_t j = 0; j < rule->facts.count; j++)
            run_fact(session->run, rule->facts.entries[j].value);
        if (rule->traces)
            root_any(session->root, rule->traces);
    }
}

/* A recorded host's name may be anything: it must not lead elsewhere. */
static const char *default_directory(struct session *session)
{
    struct root_uname names = {0};
    const char *name = root_uname(session->root, &names) == 0 && names.nodename ? names.nodename : "";
    bool is_host = name[0] && name[0] != '.' && !strpbrk(name, "/\n");
    return arena_printf(session->arena, "%s.snapshot", is_host ? name : "host");
}

static enum status run(struct invocation *invocation)
{
    struct session session;
    const char *error = NULL;
    enum status status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_RECORD, NULL);
    if (status != STATUS_OK)
        return status;
    const char *directory = invocation_value(invocation, "output");
    if (!directory)
        directory = default_directory(&session);
    observe_everything(&session);
    if (root_record_write(session.root, directory, invocation_has(invocation, "whole"), &error)) {
        complain("%s", error);
        return session_close(&session, STATUS_FAILED);
    }
    fprintf(stderr, "written: %s\n", directory);
    return session_close(&session, STATUS_OK);
}

extern const struct command command_capture;
const struct command command_capture = {"capture", "", "records this host as a snapshot", options, NULL, run};
