/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hosts, one at a time: snapshots are asked as batch asks them, so that both kinds of input are lines in the end. */
#include "base/file.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/fleet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct feeding {
    struct fleet *fleet;
    fleet_taker take;
    void *context;
    const char *path; /* of the file that lines come from; NULL: they are made here */
    size_t number;    /* of the line */
    enum status status;
};

static const char *first_message(struct arena *arena, const struct yaml_node *line)
{
    const struct yaml_node *messages = yaml_get(line, "messages");
    const bool some = messages && messages->kind == YAML_NODE_SEQUENCE && messages->count > 0;
    const struct yaml_node *first = some ? messages->items[0] : NULL;
    const struct yaml_node *text = first && first->kind == YAML_NODE_MAPPING ? yaml_get(first, "text") : NULL;
    return text && text->value ? arena_strdup(arena, text->value) : "nobody says why";
}

static bool broken(struct feeding *feeding, const char *what)
{
    complain("%s:%zu: %s", feeding->path ? feeding->path : "a host", feeding->number, what);
    feeding->status = STATUS_NO_ROOT;
    return false;
}

static void note_unknown(struct fleet *fleet, const char *name, const char *reason)
{
    struct fleet_unknown *unknown = arena_new_object(fleet->arena, struct fleet_unknown);
    unknown->name = arena_strdup(fleet->arena, name);
    unknown->reason = reason;
    vec_push(fleet->arena, &fleet->unknown, unknown);
}

/* false: enough, or the line is none; then status says so. */
static bool take_tree(struct feeding *feeding, struct arena *arena, const struct yaml_node *line)
{
    struct fleet *fleet = feeding->fleet;
    const struct yaml_node *name = yaml_get(line, "host"), *documents = yaml_get(line, "documents");
    if (!name || name->kind != YAML_NODE_SCALAR || !documents || documents->kind != YAML_NODE_MAPPING)
        return broken(feeding, "this is no line that batch writes");
    const struct yaml_node *data = yaml_get(documents, fleet->rules.document);
    if (!data && documents->count > 0)
        return broken(feeding, arena_printf(arena, "the document '%s' is not in this line", fleet->rules.document));
    struct fleet_host host = {name->value, fleet_document(arena, fleet->schema, data), arena};
    fleet->hosts++;
    if (!host.xml)
        note_unknown(fleet, host.name, first_message(fleet->arena, line));
    return feeding->take(feeding->context, &host);
}

/* JSON is YAML, too. */
static bool take_line(struct feeding *feeding, const char *text, size_t length)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const struct source source = {.path = feeding->path, .text = text, .length = length};
    struct diagnostics diagnostics = {.arena = arena};
    bool empty = false;
    const struct yaml_node *line = yaml_parse(arena, &source, &diagnostics, &empty);
    feeding->number++;
    if (empty)
        return true;
    if (!line || line->kind != YAML_NODE_MAPPING)
        return broken(feeding, "this is no line that batch writes");
    return take_tree(feeding, arena, line);
}

static bool take_host(void *context, const struct batch_host *host)
{
    return take_line(context, buf_text(&host->line), host->line.length);
}

static enum status cannot_read(const char *path)
{
    complain("%s: cannot be read: %s", path, strerror(errno));
    return STATUS_NO_ROOT;
}

static enum status feed_lines(struct feeding *feeding, const char *path)
{
    const bool standard = text_equal(path, "-");
    FILE *file = standard ? stdin : fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    if (!file)
        return cannot_read(path);
    feeding->path = standard ? "standard input" : path;
    feeding->number = 0;
    for (ssize_t length; (length = getline(&line, &room, file)) >= 0;)
        if (!take_line(feeding, line, (size_t)length))
            break;
    enum status status = ferror(file) ? cannot_read(feeding->path) : feeding->status;
    free(line);
    if (!standard)
        fclose(file);
    return status;
}

static enum status feed_snapshots(struct feeding *feeding, const char **paths)
{
    const char *const documents[] = {feeding->fleet->rules.document, NULL};
    struct batch_names names = {.words = paths};
    feeding->path = NULL;
    const enum status status = batch_run(feeding->fleet->session, documents, &names, take_host, feeding);
    return status == STATUS_OK ? feeding->status : status;
}

/* Lines are in a file that begins as each of them does; all else is a snapshot, or an error of one. */
static bool has_lines(const char *path)
{
    struct stat status;
    if (text_equal(path, "-"))
        return true;
    if (stat(path, &status) < 0 || S_ISDIR(status.st_mode))
        return false;
    if (!S_ISREG(status.st_mode))
        return true; /* a pipe of the shell */
    FILE *file = fopen(path, "re");
    int first = file ? getc(file) : EOF;
    if (file)
        fclose(file);
    return first == '{' || status.st_size == 0;
}

enum status fleet_each(struct fleet *fleet, const char *const *inputs, fleet_taker take, void *context)
{
    struct feeding feeding = {.fleet = fleet, .take = take, .context = context};
    enum status status = STATUS_OK;
    while (*inputs && status == STATUS_OK) {
        struct vec paths = {0};
        if (has_lines(*inputs)) {
            status = feed_lines(&feeding, *inputs++);
            continue;
        }
        while (*inputs && !has_lines(*inputs))
            vec_push(fleet->arena, &paths, *inputs++);
        vec_push(fleet->arena, &paths, NULL);
        status = feed_snapshots(&feeding, (const char **)paths.items);
    }
    return status;
}
