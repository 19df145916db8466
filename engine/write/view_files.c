/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where views are: schemas/views/NAME.yaml of the strongest schema directory that has it. */
#include "base/file.h"
#include "base/text.h"
#include "write/view_read.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { VIEW_LIMIT = 1024 * 1024 };

static const char suffix[] = ".yaml";

static const char *view_path(struct arena *arena, const char *directory, const char *name)
{
    return arena_printf(arena, "%s/views/%s%s", directory, name, suffix);
}

/* -ENOENT: there is none; else 0, and NULL after diagnostics or *ret_error. */
static int load_file(struct arena *arena, const char *path, bool thorough, struct diagnostics *diagnostics,
                     struct view **ret_view, const char **ret_error)
{
    struct source *source = arena_new_object(arena, struct source);
    char *text = NULL;
    const int error = file_read(arena, path, VIEW_LIMIT, &text, &source->length);
    bool empty = false;

    *ret_view = NULL;
    if (error == -ENOENT)
        return error;
    source->path = path;
    source->text = text;
    struct yaml_node *tree = error ? NULL : yaml_parse(arena, source, diagnostics, &empty);
    if (error)
        *ret_error = arena_printf(arena, "%s: %s", path, file_error(error));
    else if (empty)
        *ret_error = arena_printf(arena, "%s is empty, not a view", path);
    *ret_view = tree ? view_read(arena, tree, thorough, diagnostics) : NULL;
    return 0;
}

/* A view in place of one that has a command is printed by that, unless it names another. */
static void inherit_command(struct arena *arena, const char *const *weaker, struct view *view)
{
    for (; *weaker && !view->command; weaker++) {
        struct diagnostics ignored = {.arena = arena};
        const char *error = NULL;
        struct view *hidden = NULL;

        load_file(arena, view_path(arena, *weaker, view->name), false, &ignored, &hidden, &error);
        view->command = hidden ? hidden->command : NULL;
    }
}

const struct view *view_load(struct arena *arena, const char *const *schema_directories, const char *name,
                             struct diagnostics *diagnostics, const char **ret_error)
{
    struct view *view = NULL;

    for (; *schema_directories; schema_directories++) {
        const char *path = view_path(arena, *schema_directories, name);

        if (load_file(arena, path, false, diagnostics, &view, ret_error) == -ENOENT)
            continue;
        if (view)
            inherit_command(arena, schema_directories + 1, view);
        return view;
    }
    *ret_error = arena_printf(arena, "no view '%s' in the schema directories", name);
    return NULL;
}

void view_lint(struct arena *arena, const char *path, struct diagnostics *diagnostics)
{
    const char *error = NULL;
    struct view *view = NULL;
    struct source *source = arena_new_object(arena, struct source);

    source->path = path;
    if (load_file(arena, path, true, diagnostics, &view, &error) == -ENOENT)
        error = "there is no such file";
    if (error)
        diagnose(diagnostics, DIAG_BAD_VIEW, (struct mark){.source = source}, NULL, "%s", error);
}

bool view_exists(struct arena *arena, const char *const *schema_directories, const char *name)
{
    for (; text_is_name(name, strlen(name)) && *schema_directories; schema_directories++)
        if (access(view_path(arena, *schema_directories, name), F_OK) == 0)
            return true;
    return false;
}

int view_names(struct arena *arena, const char *const *schema_directories, struct vec *ret_names)
{
    struct map seen = {0};
    int worst = 0;
    for (; *schema_directories; schema_directories++) {
        struct vec files = {0};
        int error = file_list(arena, arena_printf(arena, "%s/views", *schema_directories), &files);
        worst = error < 0 && error != -ENOENT ? error : worst;
        for (size_t i = 0; i < files.count; i++) {
            const char *file = files.items[i];
            size_t length = strlen(file);
            if (text_ends(file, suffix) && *file != '.')
                map_put(arena, &seen, arena_strndup(arena, file, length - strlen(suffix)), file);
        }
    }
    for (size_t i = 0; i < seen.count; i++)
        vec_push(arena, ret_names, seen.entries[i].key);
    texts_sort(ret_names);
    return worst;
}
