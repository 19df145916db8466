/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A snapshot: everything that the rules ask of this host, and what it answered. */
#include "cli/capture.h"
#include "base/libarchive.h"
#include "base/text.h"
#include "root/record.h"
#include "root/redact.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct option_kind options[] = {
    {"output", 'o', "PATH",
     "where to write the snapshot: a new or empty directory, or FILE.tar, .tar.gz, .tar.xz, .tar.zst; -: as tar to "
     "standard output; default: ./NODENAME.snapshot",
     false, true},
    {"whole", 0, NULL, "programs as they are, in place of what was found in them", false},
    {"redact", 0, NULL,
     "without accounts, serials, uuids, addresses and secrets of the command line; says what was left out", false},
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
static int write_guarded(struct session *session, const char *path, bool tar, const char **ret_error)
{
    const bool whole = invocation_has(session->invocation, "whole");
    struct sigaction before[ARRAY_SIZE(stop_signals)];
    const struct sigaction guard = {.sa_handler = stop};
    for (size_t i = 0; i < ARRAY_SIZE(stop_signals); i++) {
        sigaction(stop_signals[i], NULL, &before[i]);
        if (before[i].sa_handler == SIG_DFL)
            sigaction(stop_signals[i], &guard, NULL);
    }
    int error = tar ? root_record_tar(session->root, path, whole, &stop_signal, ret_error)
                    : root_record_write(session->root, path, whole, &stop_signal, ret_error);
    for (size_t i = 0; i < ARRAY_SIZE(stop_signals); i++)
        sigaction(stop_signals[i], &before[i], NULL);
    if (stop_signal)
        raise(stop_signal);
    return error;
}

/* The list of the strongest schema directory that has one. *ret_redaction: NULL where nobody asked. */
static enum status redact(struct session *session, struct redaction **ret_redaction)
{
    const char *const *directories = session->document_options.schema_directories;
    const char *error = "there is no redact.yaml beside the schemas";
    *ret_redaction = NULL;
    if (!invocation_has(session->invocation, "redact"))
        return STATUS_OK;
    for (; *directories && !*ret_redaction; directories++) {
        const char *path = arena_printf(session->arena, "%s/redact.yaml", *directories);
        if (access(path, F_OK) == 0 && !(*ret_redaction = redaction_load(session->arena, path, &error)))
            break;
    }
    if (*ret_redaction)
        root_record_redact(session->root, *ret_redaction);
    else
        complain("%s", error);
    return *ret_redaction ? STATUS_OK : STATUS_BROKEN_RULE;
}

static void tell_redaction(const struct session *session, const struct redaction *redaction)
{
    const char *summary = redaction ? redaction_summary(redaction, session->arena) : NULL;
    if (summary)
        fprintf(stderr, "redacted: the host's name, %s\n", summary);
    else if (redaction)
        fprintf(stderr, "redacted: the host's name; nothing else was found\n");
}

/* A tar file: by its name, or standard output. What stands in the way is said before anything is looked at. */
static enum status check_output(const char *path, bool *ret_tar)
{
    const bool standard = path && text_equal(path, "-");
    const char *problem = NULL;
    *ret_tar = path && (standard || root_record_is_tar(path, &problem));
    if (problem) {
        complain("%s: %s", path, problem);
        return STATUS_USAGE;
    }
    if (standard && isatty(STDOUT_FILENO)) {
        complain("an archive is nothing for a terminal; send it to a file or a program");
        return STATUS_USAGE;
    }
    if (*ret_tar && libarchive_missing()) {
        complain("%s", libarchive_missing());
        return STATUS_FAILED;
    }
    return STATUS_OK;
}

static enum status write_snapshot(struct session *session, const char *path, bool tar)
{
    const bool standard = tar && text_equal(path, "-");
    const char *error = NULL;
    struct redaction *redaction = NULL;
    const enum status status = redact(session, &redaction);
    if (status != STATUS_OK)
        return status;
    observe_everything(session);
    if (write_guarded(session, standard ? NULL : path, tar, &error)) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    if (!standard)
        fprintf(stderr, "written: %s\n", path);
    tell_redaction(session, redaction);
    return STATUS_OK;
}

static enum status run(struct invocation *invocation)
{
    struct session session;
    const char *path = invocation_value(invocation, "output");
    bool tar = false;
    if (invocation_has(invocation, "script"))
        return capture_script(invocation);
    enum status status = check_output(path, &tar);
    if (status == STATUS_OK)
        status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_RECORD, NULL);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, write_snapshot(&session, path ? path : default_directory(&session), tar));
}

static void add_places(const struct invocation *invocation, struct vec *places)
{
    vec_push(invocation->arena, places, ".");
}

extern const struct command command_capture;
const struct command command_capture = {
    "capture", "", "records this host as a snapshot", options, NULL, run, .places = add_places, .writes = "a snapshot"};
