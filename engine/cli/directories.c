/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the program's files are, by its options and the environment. */
#include "api/places.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/fixtures.h"

#include <stdlib.h>
#include <unistd.h>

const char *rules_of_build_tree(struct arena *arena)
{
    const char *tree = places_tree(arena);
    return tree ? arena_printf(arena, "%s/rules", tree) : NULL;
}

const char *fixtures_of_build_tree(struct arena *arena)
{
    const char *tree = places_tree(arena);
    const char *tests = tree ? arena_printf(arena, "%s/tests/rules", tree) : NULL;
    return tests && file_is_directory(tests, true) ? tests : NULL;
}

const char *const *rule_layers(struct arena *arena, const struct invocation *invocation)
{
    struct vec layers = {0};
    places_layers(arena, &layers);
    const char *const *given = invocation_values(invocation, "rules");
    for (; given && *given; given++)
        vec_push(arena, &layers, *given);
    vec_push(arena, &layers, NULL);
    return (const char *const *)layers.items;
}

const char *const *schema_directories(struct arena *arena)
{
    struct vec directories = {0};
    places_schemas(arena, &directories);
    vec_push(arena, &directories, NULL);
    return (const char *const *)directories.items;
}

const char *cache_file(struct arena *arena, const char *name)
{
    const char *chosen = getenv("HVPROBE_CACHE");
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (chosen)
        return *chosen ? arena_printf(arena, "%s/%s", chosen, name) : NULL;
    if (geteuid() == 0)
        return arena_printf(arena, "/var/cache/hvprobe/%s", name);
    if (cache && *cache == '/')
        return arena_printf(arena, "%s/hvprobe/%s", cache, name);
    return home && *home == '/' ? arena_printf(arena, "%s/.cache/hvprobe/%s", home, name) : NULL;
}

const char *program_build(struct arena *arena)
{
    return places_build(arena);
}
