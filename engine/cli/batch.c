/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many hosts, a line each: names in, lines out, so that whatever carries lines can share the work out. */
#include "cli/batch.h"

#include "base/file.h"
#include "base/team.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

/* So many hosts a thread may be ahead of the one that is written next: some take longer than others. */
enum { AHEAD = 16 };

static const struct option_kind options[] = {
    {"document", 0, "NAME", "this document of each host; default: capabilities", true},
    {"resume", 0, "FILE", "append to FILE, a former output, what it does not have yet; a half last line is cut off",
     false, true},
    {NULL, 0, NULL, NULL, false},
};

/* Hosts under way. */
struct batch {
    struct batch_plan plan;
    struct batch_names *names;
    struct batch_host *hosts;  /* one a slot */
    struct consent **consents; /* one a thread */
    bool (*take)(void *context, const struct batch_host *host);
    void *context;
};

static bool take_name(void *context, size_t number, size_t slot)
{
    struct batch *batch = context;
    (void)number;
    return batch_next(batch->names, &batch->hosts[slot].name);
}

static void ask(void *context, size_t member, size_t slot)
{
    struct batch *batch = context;
    batch_ask(&batch->plan, batch->consents[member], &batch->hosts[slot]);
}

static bool give(void *context, size_t slot, size_t done)
{
    struct batch *batch = context;
    (void)done;
    return batch->take(batch->context, &batch->hosts[slot]);
}

static bool run_team(struct batch *batch)
{
    struct session *session = batch->plan.session;
    const size_t members = team_size(invocation_value(session->invocation, "jobs"));
    const struct team_task task = {batch, members * AHEAD, members, take_name, ask, give};
    batch->hosts = arena_alloc(session->arena, task.slots * sizeof *batch->hosts);
    batch->consents = arena_alloc(session->arena, members * sizeof *batch->consents);
    for (size_t i = 0; i < members; i++) {
        struct arena *arena = arena_new();
        arena_defer(session->arena, (void (*)(void *))arena_free, arena);
        batch->consents[i] = session_consent(arena, NULL);
    }
    const bool ran = team_run(&task);
    if (!ran)
        complain("no thread can be started");
    for (size_t i = 0; i < task.slots; i++) {
        buf_free(&batch->hosts[i].name);
        buf_free(&batch->hosts[i].line);
    }
    return ran;
}

/* The view that says of a document when the answer is no. */
static enum status find_views(struct session *session, struct batch_plan *plan)
{
    enum status status = STATUS_OK;
    size_t count = 0;
    while (plan->documents[count])
        count++;
    plan->views = arena_alloc(session->arena, (count + 1) * sizeof *plan->views);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const char *name = plan->documents[i];
        const struct view *view = view_exists(session->arena, session->document_options.schema_directories, name)
                                      ? view_open(session->arena, name, &status)
                                      : NULL;
        plan->views[i] = view && view->fails && text_equal(view->document, name) ? view : NULL;
    }
    return status;
}

enum status batch_run(struct session *session, const char *const *documents, struct batch_names *names,
                      bool (*take)(void *context, const struct batch_host *host), void *context)
{
    struct schema_set *schemas = schema_set_new();
    const struct document_options before = session->document_options;
    struct batch batch = {
        .plan = {.session = session, .documents = documents}, .names = names, .take = take, .context = context};
    session->document_options.store = NULL; /* which is one thread's */
    session->document_options.schemas = schemas;
    enum status status = find_views(session, &batch.plan);
    if (status == STATUS_OK && !run_team(&batch))
        status = STATUS_FAILED;
    session->document_options = before;
    batch_names_free(names);
    schema_set_free(schemas);
    return status;
}

/* Where lines go. */
struct output {
    const char *path; /* for messages */
    int fd;
    struct batch_progress progress;
    bool failed;
};

static bool write_line(void *context, const struct batch_host *host)
{
    struct output *out = context;
    const int error = file_write_all(out->fd, host->line.data, host->line.length);
    if (error < 0) {
        batch_progress_end(&out->progress);
        complain("%s cannot be written: %s", out->path, strerror(-error));
        out->failed = true;
        return false;
    }
    batch_progress_step(&out->progress, host->status > STATUS_NO);
    return true;
}

static enum status check(const struct invocation *invocation, const char *const *documents)
{
    struct arena *arena = invocation->arena;
    const char *const *directories = schema_directories(arena);
    if (invocation_has(invocation, "root") || invocation_has(invocation, "snapshot")) {
        complain("batch takes its hosts as arguments, not by --root or --snapshot");
        return STATUS_USAGE;
    }
    if (invocation->word_count == 0) {
        complain("batch needs snapshots, or - for names on standard input; see 'hvprobe batch --help'");
        return STATUS_USAGE;
    }
    for (; *documents; documents++) {
        const struct vec names = schema_names(arena, directories, "");
        if (schema_find(arena, directories, *documents))
            continue;
        complain_unknown("document", *documents, (const char *const *)names.items, names.count,
                         "'hvprobe show' lists them");
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static enum status write_lines(struct session *session, const char *const *documents, struct batch_names *names,
                               struct output *out)
{
    const bool shown =
        isatty(STDERR_FILENO) && !terminal_is_dumb() && (out->fd != STDOUT_FILENO || !isatty(STDOUT_FILENO));
    out->progress = batch_progress_new(batch_count(names), shown);
    const enum status status = batch_run(session, documents, names, write_line, out);
    if (!out->failed)
        batch_progress_end(&out->progress);
    session->status = STATUS_OK; /* each line has its host's */
    return out->failed ? STATUS_FAILED : status;
}

static enum status run(struct invocation *invocation)
{
    static const char *const usual[] = {DEFAULT_DOCUMENT, NULL};
    const char *const *documents = invocation_values(invocation, "document");
    const char *resume = invocation_value(invocation, "resume");
    struct batch_names names = {.words = invocation->words};
    struct output out = {.path = resume ? resume : "standard output", .fd = STDOUT_FILENO};
    struct session session;
    documents = documents ? documents : usual;
    enum status status = check(invocation, documents);
    if (status == STATUS_OK)
        status = session_open(&session, invocation, SESSION_RULES | SESSION_LEAN, documents);
    if (status != STATUS_OK)
        return status;
    if (resume)
        status = batch_resume(invocation->arena, resume, &names.known, &out.fd);
    return session_close(&session, status == STATUS_OK ? write_lines(&session, documents, &names, &out) : status);
}

extern const struct command command_batch;
const struct command command_batch = {"batch",
                                      "SNAPSHOT...|-",
                                      "asks many recorded hosts: a line of JSON each, in their order",
                                      options,
                                      NULL,
                                      run,
                                      .many = true,
                                      .writes = "lines of JSON"};
