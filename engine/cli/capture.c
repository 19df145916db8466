/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A snapshot: everything that the rules ask of this host, and what it answered. */
#include "cli/capture.h"
#include "root/record.h"

#include <signal.h>
#include <string.h>

static const struct option_kind options[] = {
    {"output", 'o', "DIR", "where to write the snapshot: a new or empty directory; default: ./NODENAME.snapshot",
     false},
    {"whole", 0, NULL, "programs as they are, in place of what was found in them", false},
    {"script", 0, NULL,
     "a POSIX sh script that takes a snapshot where hvprobe is not: capture --script | ssh HOST sh -s > HOST.tar",
     false},
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

/* A signal's handler can tell nobody but a variable. */
static volatile sig_atomic_t stop_signal;

static void stop(int number)
{
    stop_signal = number;
}

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};

/* While it is written a signal to stop only says so; then it does what it always does. */
static int write_guarded(struct session *session, const char *directory, const char **ret_error)
{
    struct sigaction before[ARRAY_SIZE(stop_signals)];
    const struct sigaction guard = {.sa_handler = stop};
    for (size_t i = 0; i < ARRAY_SIZE(stop_signals); i++) {
        sigaction(stop_signals[i], NULL, &before[i]);
        if (before[i].sa_handler == SIG_DFL)
            sigaction(stop_signals[i], &guard, NULL);
    }
    int error = root_record_write(session->root, directory, invocation_has(session->invocation, "whole"), &stop_signal,
                                  ret_error);
    for (size_t i = 0; i < ARRAY_SIZE(stop_signals); i++)
        sigaction(stop_signals[i], &before[i], NULL);
    if (stop_signal)
        raise(stop_signal);
    return error;
}

static enum status run(struct invocation *invocation)
{
    struct session session;
    const char *error = NULL;
    if (invocation_has(invocation, "script"))
        return capture_script(invocation);
    enum status status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_RECORD, NULL);
    if (status != STATUS_OK)
        return status;
    const char *directory = invocation_value(invocation, "output");
    if (!directory)
        directory = default_directory(&session);
    observe_everything(&session);
    if (write_guarded(&session, directory, &error)) {
        complain("%s", error);
        return session_close(&session, STATUS_FAILED);
    }
    fprintf(stderr, "written: %s\n", directory);
    return session_close(&session, STATUS_OK);
}

extern const struct command command_capture;
const struct command command_capture = {"capture", "", "records this host as a snapshot", options, NULL, run};
