/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas by name on the command line. */
#include "base/text.h"
#include "cli/command.h"

#include <string.h>

const char *named_schema(struct arena *arena, const char *option, const char *value, const char *const *directories)
{
    size_t length = strlen(value);
    if (strchr(value, '/') || (length > 4 && strcmp(value + length - 4, ".rng") == 0))
        return schema_place(arena, schema_directories(arena), value);
    const char *path = schema_find(arena, directories, value);
    if (path)
        return schema_place(arena, schema_directories(arena), path);
    struct vec names = schema_names(arena, directories, "");
    const char *nearest = text_nearest(value, (const char *const *)names.items, names.count);
    if (nearest)
        complain("--%s: there is no schema '%s'; did you mean '%s'?", option, value, nearest);
    else
        complain("--%s: there is no schema '%s' in %s", option, value,
                 directories[0] ? directories[0] : "any directory");
    return NULL;
}

const char *const *schema_directories_below(struct arena *arena, const char *name)
{
    const char *const *above = schema_directories(arena);
    size_t count = 0;
    while (above[count])
        count++;
    const char **directories = arena_alloc(arena, (count + 1) * sizeof *directories);
    for (size_t i = 0; i < count; i++)
        directories[i] = arena_printf(arena, "%s/%s", above[i], name);
    return directories;
}
