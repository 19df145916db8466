/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many documents of one kind in one: a view's collect: says of what. The rows of another document are the parameters,
 * each row is a run of its own on the same root with the same rules.
 */
#include "base/text.h"
#include "base/tree.h"
#include "cli/command.h"
#include "schema/set.h"

struct collection {
    struct session *session;
    const struct view *view;
    const char *schema; /* of --compat; NULL: none */
    xmlNode *list;      /* what they are put into */
    enum status status;
};

static const char *const *parameters_of(const struct collection *collection, const xmlNode *row)
{
    struct arena *arena = collection->session->arena;
    struct vec parameters = {0};
    for (const char *const *given = collection->session->options.parameters; given && *given; given++)
        vec_push(arena, &parameters, *given);
    for (const xmlAttr *each = row->properties; each; each = each->next)
        vec_push(arena, &parameters,
                 arena_printf(arena, "%s=%s", (const char *)each->name, xml_text(arena, (const xmlNode *)each)));
    vec_push(arena, &parameters, NULL);
    return (const char *const *)parameters.items;
}

/* One whose answer is no is left out. */
static enum status take(struct collection *collection, const struct document *document)
{
    struct arena *arena = collection->session->arena;
    const char *error = NULL;
    bool fails = false;
    if (!view_fails(arena, collection->view, document, &fails, &error)) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    if (fails)
        return STATUS_OK;
    bool told; /* which nobody keeps: many documents make no answer that is kept */
    enum status status = compatible_document(arena, &document, collection->schema, &told);
    if (document)
        tree_graft(arena, collection->list, xml_root(document->xml));
    return status;
}

static void take_row(struct collection *collection, const xmlNode *row)
{
    struct session *session = collection->session;
    struct session_options options = session->options;
    const struct document *document = NULL;
    const char *message = NULL;
    options.parameters = parameters_of(collection, row);
    struct run *run = session_open_run(&options, session->arena, &session->book, session->root, &session->diagnostics);
    enum status status =
        session_build(run, collection->view->document, &session->document_options, &document, &message);
    if (message)
        complain("%s", message);
    if (document)
        status = take(collection, document);
    collection->status = status_worst(collection->status, status);
    run_free(run);
}

enum status view_collect(struct session *session, const char *schema)
{
    const struct view *view = session->invocation->view;
    const struct view_collect *collect = view->collect;
    struct collection collection = {session, view, schema, NULL, STATUS_OK};
    enum status status;
    const struct document *rows = session_document(session, collect->document, &status);
    const struct document *list = rows ? session_document(session, collect->into, &status) : NULL;
    struct xpath_result found = {0};
    const char *error = NULL;
    if (!list)
        return status;
    if (!question(questioner_new(session->arena, rows->xml), NULL, collect->rows, NULL, &found, &error)) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    struct document whole = *list;
    whole.xml = tree_copy(session->arena, list->xml);
    collection.list = xml_root(whole.xml);
    session->document_options.schemas = schema_set_new(); /* what nodes are in it outlives the runs that made them */
    for (size_t i = 0; i < found.count; i++)
        take_row(&collection, found.nodes[i]);
    status = status_worst(output_document(session, &whole, view->format),
                          status_worst(collection.status, tell_unseen(rows)));
    schema_set_free(session->document_options.schemas);
    session->document_options.schemas = NULL;
    return status;
}
