/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rules --compile: for who installs rules, so that no host and no user has to parse and link them again. */
#include "base/file.h"
#include "base/text.h"
#include "cli/rules.h"
#include "session/places.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MODE = 0644, FOLDER_MODE = 0755 };

/* The folder of a path that the installation knows may not be there yet; its own parent is. */
static void make_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash && slash != path)
        mkdir(arena_strndup(arena, path, (size_t)(slash - path)), FOLDER_MODE);
}

const char *rules_compiled_path(const struct invocation *invocation)
{
    const char *root = invocation_value(invocation, "root");
    return arena_printf(invocation->arena, "%s%s", root ? root : "", places_compiled(invocation->arena));
}

static enum status write_compiled(struct invocation *invocation, const struct buf *bytes)
{
    struct arena *arena = invocation->arena;
    const char *chosen = invocation_value(invocation, "output");
    const char *path = chosen ? chosen : rules_compiled_path(invocation);
    if (text_equal(chosen, "-"))
        return output(bytes, STATUS_OK);
    if (!chosen)
        make_folder(arena, path);
    const int error = file_write(path, bytes->data, bytes->length, FILE_MODE);
    if (error < 0)
        complain("%s: cannot be written: %s", path, file_error(error));
    return error < 0 ? STATUS_FAILED : STATUS_OK;
}

static enum status check_words(const struct invocation *invocation)
{
    const char *root = invocation_value(invocation, "root");
    if (invocation->word_count || invocation_has(invocation, "snapshot")) {
        complain("--compile takes all rules of the layers, and no %s",
                 invocation->word_count ? "names of some" : "snapshot");
        return STATUS_USAGE;
    }
    if (!root || file_is_directory(root, true))
        return STATUS_OK;
    complain("--root %s is not a directory", root);
    return STATUS_NO_ROOT;
}

/* The documents that commands ask for together, each list as session_compile takes it. */
static struct vec documents_together(struct arena *arena, const char *root)
{
    struct vec directories = {0}, names = {0}, lists = {0};
    for (const char *const *directory = schema_directories(arena); *directory; directory++)
        vec_push(arena, &directories, arena_printf(arena, "%s%s", root ? root : "", *directory));
    vec_push(arena, &directories, NULL);
    view_names(arena, (const char *const *)directories.items, &names);
    for (size_t i = 0; i < names.count; i++) {
        struct diagnostics ignored = {.arena = arena};
        const char *error = NULL;
        const struct view *view =
            view_load(arena, (const char *const *)directories.items, names.items[i], &ignored, &error);
        const char *const *documents = view ? view_documents(arena, view, false) : NULL;
        if (documents && documents[0] && documents[1])
            vec_push(arena, &lists, documents);
    }
    return lists;
}

enum status rules_compile(struct invocation *invocation)
{
    AUTO(buf_free) struct buf bytes = BUF_INIT;
    struct diagnostics diagnostics = {.arena = invocation->arena};
    const struct session_options options = {
        .rules = invocation_values(invocation, "rules"),
        .root = invocation_value(invocation, "root"),
    };
    const char *message = NULL;
    enum status status = check_words(invocation);
    if (status == STATUS_OK)
        status = session_compile(&options, documents_together(invocation->arena, options.root), invocation->arena,
                                 &diagnostics, &bytes, &message);
    diagnostics_print(stderr, &diagnostics, false);
    if (message)
        complain("%s", message);
    return status == STATUS_OK ? write_compiled(invocation, &bytes) : status;
}
