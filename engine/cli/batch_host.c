/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One host, in memory of its own that is gone with it: what comes of it is a line of JSON. */
#include "base/budget.h"
#include "base/text.h"
#include "cli/batch.h"

#include <string.h>

/* What a host is asked, and said about it. */
struct host_asking {
    const struct batch_plan *plan;
    struct arena *arena;
    struct diagnostics diagnostics;
    struct vec messages; /* of char: that have no place in a file */
    struct run *run;
    enum status status;
};

static void fail(struct host_asking *asking, enum status status, const char *message)
{
    asking->status = status_worst(asking->status, status);
    if (message)
        vec_push(asking->arena, &asking->messages,
                 arena_strdup(asking->arena, message)); /* the run ends before it is told */
}

/* Does the document say no, by its view? */
static void judge(struct host_asking *asking, const struct view *view, const struct document *document)
{
    const char *error = NULL;
    bool fails = false;
    if (view && !view_fails(asking->arena, view, document, &fails, &error))
        fail(asking, STATUS_FAILED, error);
    else if (fails)
        fail(asking, STATUS_NO, NULL);
}

static void add_document(struct host_asking *asking, struct json_writer *json, size_t number)
{
    const struct batch_plan *plan = asking->plan;
    const struct document *document = NULL;
    const char *name = plan->documents[number], *message = NULL;
    const enum status status = session_build(asking->run, name, &plan->session->document_options, &document, &message);
    if (!document) {
        fail(asking, status, message);
        return;
    }
    judge(asking, plan->views[number], document);
    if (document->unseen)
        fail(asking, STATUS_FAILED, document->unseen);
    json_key(json, name);
    json_document(json, document->xml, document->schema);
}

static void add_documents(struct host_asking *asking, struct json_writer *json, struct root *root)
{
    struct session *session = asking->plan->session;
    asking->run = session_open_run(&session->options, asking->arena, &session->book, root, &asking->diagnostics);
    for (size_t i = 0; asking->plan->documents[i]; i++)
        add_document(asking, json, i);
    run_free(asking->run);
}

static struct root *open_host(struct host_asking *asking, struct consent *consent, const char *name)
{
    struct root *root = NULL;
    const char *message = NULL;
    const enum status status =
        session_open_snapshot(name, asking->arena, consent, &asking->diagnostics, &root, &message);
    if (!root)
        fail(asking, status, message);
    return root;
}

static void add_message(struct json_writer *json, const char *level, const char *text, const struct mark *at)
{
    json_item(json);
    json_open(json, '{');
    json_member(json, "level", level);
    json_member(json, "text", text);
    json_key(json, "file");
    if (at && at->source && at->source->path)
        json_string(json, at->source->path);
    else
        json_raw(json, "null");
    json_key(json, "line");
    buf_printf(json->out, at && at->source && at->line ? "%u" : "null", at ? at->line : 0);
    json_close(json, '{');
}

static void add_messages(struct host_asking *asking, struct json_writer *json)
{
    struct diagnostics *list = &asking->diagnostics;
    diagnostics_sort(list);
    diagnostics_cap(list, DIAGNOSTICS_LIMIT);
    json_key(json, "messages");
    json_open(json, '[');
    for (size_t i = 0; i < asking->messages.count; i++)
        add_message(json, severity_names[SEVERITY_ERROR], asking->messages.items[i], NULL);
    for (size_t i = 0; i < list->list.count; i++) {
        const struct diagnostic *each = list->list.items[i];
        const char *text =
            each->hint ? arena_printf(asking->arena, "%s; %s", each->message, each->hint) : each->message;
        add_message(json, severity_names[each->kind->severity], text, &each->at);
    }
    json_close(json, '[');
}

/* The status is known when the documents are there, and stands before them. */
static void write_line(struct host_asking *asking, struct batch_host *host, const char *documents)
{
    struct json_writer json = {.out = &host->line, .compact = true};
    json_open(&json, '{');
    json_member(&json, "host", buf_text(&host->name));
    json_key(&json, "status");
    buf_printf(&host->line, "%d", host->status);
    json_key(&json, "documents");
    json_raw(&json, documents);
    add_messages(asking, &json);
    json_close(&json, '{');
    buf_char(&host->line, '\n');
}

void batch_ask(const struct batch_plan *plan, struct consent *consent, struct batch_host *host)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf documents = BUF_INIT;
    struct json_writer json = {.out = &documents, .compact = true};
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, plan->session->invocation->milliseconds);
    struct host_asking asking = {
        .plan = plan, .arena = arena, .diagnostics = {.arena = arena}, .status = plan->session->status};
    struct root *root = open_host(&asking, consent, buf_text(&host->name));
    json_open(&json, '{');
    if (root)
        add_documents(&asking, &json, root);
    json_close(&json, '{');
    host->status = status_worst(asking.status, asking.diagnostics.incomplete ? STATUS_FAILED : STATUS_OK);
    host->line.length = 0;
    write_line(&asking, host, buf_text(&documents));
    root_close(root);
}
