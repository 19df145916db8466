/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where schemas are. */
#include "base/file.h"
#include "base/text.h"
#include "schema/schema.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char suffix[] = ".rng";

/* A link that leads nowhere, a FIFO or a directory of that name is no schema. */
static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

const char *schema_find(struct arena *arena, const char *const *directories, const char *name)
{
    if (*name == '.' || strchr(name, '/'))
        return NULL;
    for (; directories && *directories; directories++) {
        const char *path = arena_printf(arena, "%s/%s%s", *directories, name, suffix);
        if (is_file(path))
            return path;
    }
    return NULL;
}

const char *schema_place(struct arena *arena, const char *const *directories, const char *path)
{
    char real[PATH_MAX], whole[PATH_MAX];
    for (; realpath(path, real) && directories && *directories; directories++) {
        size_t length = realpath(*directories, whole) ? strlen(whole) : 0;
        if (length > 0 && strncmp(real, whole, length) == 0 && real[length] == '/' && strchr(real + length + 1, '/'))
            return arena_printf(arena, "%s" SCHEMA_FOLDER_END "%s", whole, real + length + 1);
    }
    return path;
}

static bool is_listed(const struct vec *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0)
            return true;
    }
    return false;
}

static void add_names(struct arena *arena, struct vec *names, const char *directory, const char *prefix)
{
    struct vec files = {0};
    if (file_list(arena, directory, &files) < 0)
        return;
    for (size_t i = 0; i < files.count; i++) {
        const char *file = files.items[i];
        size_t length = strlen(file);
        size_t stem = length > strlen(suffix) ? length - strlen(suffix) : 0;
        if (stem == 0 || strcmp(file + stem, suffix) != 0 || strncmp(file, prefix, strlen(prefix)) != 0)
            continue;
        const char *name = arena_strndup(arena, file, stem);
        if (!text_is_name(name, stem) || !is_file(text_path(arena, directory, file)))
            continue; /* schema_find does not know it either */
        if (!is_listed(names, name))
            vec_push(arena, names, name);
    }
}

struct vec schema_names(struct arena *arena, const char *const *directories, const char *prefix)
{
    struct vec names = {0};
    for (; directories && *directories; directories++)
        add_names(arena, &names, *directories, prefix);
    return names;
}
