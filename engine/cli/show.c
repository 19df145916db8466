/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any document or view by its name, so that a new one needs no command of its own. */
#include "base/text.h"
#include "cli/command.h"

static const struct option_kind options[] = {
    {"columns", 0, "NAMES", "of a view: show these columns, comma-separated", false},
    {"driver", 0, "DRIVER", "only what rules of this driver say, and those without one", true},
    {"format", 0, "FORMAT", "xml, json or yaml; of a view table, lines and its own too", false},
    COMPAT_OPTION,
    {NULL, 0, NULL, NULL, false},
};

static const struct view_column columns[] = {
    {.name = "NAME", .help = "of the document or view"}, {.name = "KIND", .help = "document, or view of a document"},
    {.name = "DOCUMENT", .help = "what it shows"},       {.name = "COMMAND", .help = "that prints it, too"},
    {.name = "TITLE", .help = "what a view tells"},
};

static void add_row(struct arena *arena, struct grid *grid, const char *name, const struct view *view)
{
    const char *cells[ARRAY_SIZE(columns)] = {name, view ? "view" : "document", view ? view->document : name,
                                              view ? view->command : NULL, view ? view->help : NULL};
    vec_push(arena, &grid->rows, arena_memdup(arena, cells, sizeof cells));
}

/* Views, then the documents that have none of their name. */
static enum status list_all(struct invocation *invocation)
{
    struct session session;
    struct grid grid = {.columns = columns, .column_count = ARRAY_SIZE(columns)};
    struct arena *arena = invocation->arena;
    const char *const *directories = schema_directories(arena);
    struct vec names = {0}, documents = schema_names(arena, directories, "");
    enum status status = session_open(&session, invocation, 0, NULL);
    enum status broken = STATUS_OK;
    if (status != STATUS_OK)
        return status;
    view_names(arena, directories, &names);
    for (size_t i = 0; i < names.count; i++) {
        const struct view *view = view_open(arena, names.items[i], &broken);
        if (view)
            add_row(arena, &grid, view->name, view);
    }
    for (size_t i = 0; i < documents.count; i++)
        if (!view_exists(arena, directories, documents.items[i]))
            add_row(arena, &grid, documents.items[i], NULL);
    status = output_grid(&session, &grid, "table");
    return session_close(&session, status == STATUS_OK ? broken : status);
}

static enum status unknown(struct arena *arena, const char *name)
{
    const char *const *directories = schema_directories(arena);
    struct vec names = schema_names(arena, directories, "");
    AUTO(buf_free) struct buf list = BUF_INIT;
    struct vec all = {0};
    struct map seen = {0};
    view_names(arena, directories, &names);
    for (size_t i = 0; i < names.count; i++)
        map_put(arena, &seen, names.items[i], names.items[i]);
    for (size_t i = 0; i < seen.count; i++)
        vec_push(arena, &all, seen.entries[i].key);
    texts_sort(&all);
    for (size_t i = 0; i < all.count; i++)
        buf_printf(&list, "%s%s", i > 0 ? ", " : "there are ", (const char *)all.items[i]);
    complain_unknown("document or view", name, (const char *const *)all.items, all.count, buf_text(&list));
    if (text_nearest(name, (const char *const *)all.items, all.count))
        complain("%s", buf_text(&list));
    return all.count > 0 ? STATUS_USAGE : STATUS_BROKEN_RULE;
}

static enum status no_generations(const char *name)
{
    complain("--compat: the view '%s' has no generations", name);
    return STATUS_USAGE;
}

static enum status show(struct invocation *invocation)
{
    struct arena *arena = invocation->arena;
    const char *name = invocation->words[0];
    if (!name)
        return list_all(invocation);
    if (!invocation->view && !schema_find(arena, schema_directories(arena), name))
        return unknown(arena, name);
    /* A document is shown as a view that has no table. */
    struct view *document = arena_new_object(arena, struct view);
    *document = (struct view){.name = name, .document = name, .format = format_kinds[0].name};
    /* A build's own generation is that of the first document; of others one may be asked for. */
    document->compat = text_equal(name, DEFAULT_DOCUMENT) || invocation_value(invocation, "compat");
    if (!invocation->view)
        invocation->view = document;
    else if (!invocation->view->compat && invocation_value(invocation, "compat"))
        return no_generations(name);
    invocation->words++;
    invocation->word_count--;
    enum status status = view_check(invocation, (const char *const *)invocation->words, invocation->word_count);
    return status == STATUS_OK ? view_run(invocation) : status;
}

extern const struct command command_show;
const struct command command_show = {
    "show", "[NAME [ARG...]]", "any document or view by its name; without NAME, what there is", options, NULL, show};
