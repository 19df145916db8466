/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists that come with the program: one error is enough, as nobody but their author makes any. */
#include "base/file.h"
#include "base/keys.h"

enum { LIST_LIMIT = 256 * 1024 };

static const char *first_error(struct arena *arena, const char *path, const struct diagnostics *diagnostics)
{
    if (diagnostics->list.count == 0)
        return arena_printf(arena, "%s: nothing is in it", path);
    const struct diagnostic *first = diagnostics->list.items[0];
    return arena_printf(arena, "%s:%u: %s%s%s", path, first->at.line, first->message, first->hint ? "; " : "",
                        first->hint ? first->hint : "");
}

const struct yaml_node *keys_read_file(struct arena *arena, const char *path, const struct shape *shape, void *object,
                                       const char **ret_error)
{
    struct source *source = arena_new_object(arena, struct source);
    struct diagnostics diagnostics = {.arena = arena};
    struct checker checker = {
        .diagnostics = &diagnostics, .error_limit = 1, .whole = "the list", .quote = "'", .only = DIAG_MAX};
    bool empty = false;
    char *text = NULL;
    const int error = file_read(arena, path, LIST_LIMIT, &text, &source->length);

    if (error < 0) {
        *ret_error = arena_printf(arena, "%s: %s", path, file_error(error));
        return NULL;
    }
    source->path = path;
    source->text = text;
    const struct yaml_node *tree = yaml_parse(arena, source, &diagnostics, &empty);
    if (tree && keys_read(&checker, shape, tree, object))
        return tree;
    *ret_error = first_error(arena, path, &diagnostics);
    return NULL;
}
