/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where hvprobe's own files are. The only place that reads the environment for that. */
#include "base/text.h"
#include "cli/command.h"
#include "cli/fixtures.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef HVPROBE_DATADIR
#define HVPROBE_DATADIR "/usr/share/hvprobe"
#endif
#ifndef HVPROBE_SYSCONFDIR
#define HVPROBE_SYSCONFDIR "/etc"
#endif

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* The source tree when the program runs from its build folder (TREE/build/hvprobe, TREE/build/asan/hvprobe), else NULL.
 */
static const char *build_tree(struct arena *arena)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return NULL;
    path[length] = '\0';
    for (int level = 0; level < 3; level++) {
        char *slash = strrchr(path, '/');
        if (!slash || slash == path)
            return NULL;
        *slash = '\0';
        if (level > 0 && access(arena_printf(arena, "%s/rules/tables.yaml", path), F_OK) == 0 &&
            is_directory(arena_printf(arena, "%s/schemas", path)))
            return arena_strdup(arena, path);
    }
    return NULL;
}

const char *rules_of_build_tree(struct arena *arena)
{
    const char *tree = build_tree(arena);
    return tree ? arena_printf(arena, "%s/rules", tree) : NULL;
}

const char *fixtures_of_build_tree(struct arena *arena)
{
    const char *tree = build_tree(arena);
    const char *tests = tree ? arena_printf(arena, "%s/tests/rules", tree) : NULL;
    return tests && is_directory(tests) ? tests : NULL;
}

/* Adds the parts of a colon-separated list. */
static void add_list(struct arena *arena, struct vec *directories, const char *list)
{
    while (*list) {
        size_t length = strcspn(list, ":");
        if (length)
            vec_push(arena, directories, arena_strndup(arena, list, length));
        list += length + (list[length] == ':');
    }
}

static void add_standard_layers(struct arena *arena, struct vec *layers)
{
    const char *tree = build_tree(arena);
    vec_push(arena, layers, tree ? arena_printf(arena, "%s/rules", tree) : HVPROBE_DATADIR "/rules");
    if (tree || !text_equal(HVPROBE_DATADIR, "/usr/local/share/hvprobe"))
        vec_push(arena, layers, "/usr/local/share/hvprobe/rules");
    vec_push(arena, layers, "/run/hvprobe/rules.d");
    vec_push(arena, layers, HVPROBE_SYSCONFDIR "/hvprobe/rules.d");
}

const char *const *rule_layers(struct arena *arena, const struct invocation *invocation)
{
    struct vec layers = {0};
    const char *replaced = getenv("HVPROBE_RULES");
    if (replaced && *replaced)
        add_list(arena, &layers, replaced);
    else
        add_standard_layers(arena, &layers);
    const char *const *given = invocation_values(invocation, "rules");
    for (; given && *given; given++)
        vec_push(arena, &layers, *given);
    vec_push(arena, &layers, NULL);
    return (const char *const *)layers.items;
}

const char *const *schema_directories(struct arena *arena)
{
    struct vec directories = {0};
    const char *first = getenv("HVPROBE_SCHEMAS");
    const char *tree = build_tree(arena);
    if (first)
        add_list(arena, &directories, first);
    if (tree)
        vec_push(arena, &directories, arena_printf(arena, "%s/schemas", tree));
    else
        vec_push(arena, &directories, HVPROBE_DATADIR "/schemas");
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
    struct stat status = {0};
    stat("/proc/self/exe", &status);
    return arena_printf(arena, "%s %lld %lld.%ld", HVPROBE_VERSION, (long long)status.st_size,
                        (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}
