/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where rules and schemas are: of the source tree that the program was built in, or installed. */
#include "session/places.h"
#include "base/build.h"
#include "base/file.h"
#include "base/text.h"
#include "build_id.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file that this code is in: the shared library, or the program. The loader knows a program by argv[0] only. */
static bool own_path(char path[PATH_MAX])
{
    static const char anchor;
    Dl_info found;
    if (dladdr(&anchor, &found) && found.dli_fname && strstr(found.dli_fname, ".so") && realpath(found.dli_fname, path))
        return true;
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    return true;
}

const char *places_program(struct arena *arena)
{
    char path[PATH_MAX];
    return own_path(path) ? arena_strdup(arena, path) : NULL;
}

const char *places_tree(struct arena *arena)
{
    char path[PATH_MAX];
    if (!own_path(path))
        return NULL;
    for (int level = 0; level < 3; level++) {
        char *slash = strrchr(path, '/');
        if (!slash || slash == path)
            return NULL;
        *slash = '\0';
        if (level > 0 && access(arena_printf(arena, "%s/rules/tables.yaml", path), F_OK) == 0 &&
            file_is_directory(arena_printf(arena, "%s/schemas", path), true))
            return arena_strdup(arena, path);
    }
    return NULL;
}

void places_add(struct arena *arena, struct vec *directories, const char *list)
{
    while (*list) {
        size_t length = strcspn(list, ":");
        if (length)
            vec_push(arena, directories, arena_strndup(arena, list, length));
        list += length + (list[length] == ':');
    }
}

void places_layers(struct arena *arena, struct vec *ret_layers)
{
    const char *replaced = getenv("HVPROBE_RULES");
    if (replaced && *replaced) {
        places_add(arena, ret_layers, replaced);
        return;
    }
    const char *tree = places_tree(arena);
    vec_push(arena, ret_layers, tree ? arena_printf(arena, "%s/rules", tree) : HVPROBE_DATADIR "/rules");
    if (tree || !text_equal(HVPROBE_DATADIR, "/usr/local/share/hvprobe"))
        vec_push(arena, ret_layers, "/usr/local/share/hvprobe/rules");
    vec_push(arena, ret_layers, "/run/hvprobe/rules.d");
    vec_push(arena, ret_layers, HVPROBE_SYSCONFDIR "/hvprobe/rules.d");
}

void places_schemas(struct arena *arena, struct vec *ret_directories)
{
    const char *first = getenv("HVPROBE_SCHEMAS");
    const char *tree = places_tree(arena);
    if (first)
        places_add(arena, ret_directories, first);
    vec_push(arena, ret_directories, tree ? arena_printf(arena, "%s/schemas", tree) : HVPROBE_DATADIR "/schemas");
}

/* Beside a program or library that was installed elsewhere than it was built for: DIR/../share, or one further up. */
static const char *share_beside(struct arena *arena, const char *name)
{
    char path[PATH_MAX];
    if (!own_path(path))
        return NULL;
    for (int level = 0; level < 3; level++) {
        char *slash = strrchr(path, '/');
        if (!slash)
            return NULL;
        *slash = '\0';
        const char *found = arena_printf(arena, "%s/share/hvprobe/%s", path, name);
        if (level > 0 && access(found, F_OK) == 0)
            return found;
    }
    return NULL;
}

const char *places_consent(struct arena *arena)
{
    static const char name[] = "schemas/consent.yaml";
    const char *tree = places_tree(arena);
    const char *installed = HVPROBE_DATADIR "/schemas/consent.yaml";
    const char *chosen = getenv("HVPROBE_SCHEMAS");
    if (tree)
        return arena_printf(arena, "%s/%s", tree, name);
    if (access(installed, F_OK) == 0)
        return installed;
    const char *beside = share_beside(arena, name);
    if (beside || !chosen)
        return beside ? beside : installed;
    return arena_printf(arena, "%.*s/consent.yaml", (int)strcspn(chosen, ":"), chosen);
}

const char *places_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(variables) && !(locale && *locale); i++)
        locale = getenv(variables[i]);
    return locale;
}

const char *places_build(struct arena *arena)
{
    return arena_printf(arena, "%s %s %zu", HVPROBE_VERSION, HVPROBE_BUILD, sizeof(void *));
}

const char *places_compiled(struct arena *arena)
{
    char path[PATH_MAX];
    if (!places_tree(arena) || !own_path(path))
        return HVPROBE_LIBDIR "/hvprobe/rules.bin";
    return arena_printf(arena, "%.*s/rules.bin", (int)(strrchr(path, '/') - path), path);
}

const char *places_cache(struct arena *arena)
{
    const char *chosen = secure_getenv("HVPROBE_CACHE");
    const char *cache = secure_getenv("XDG_CACHE_HOME");
    const char *home = secure_getenv("HOME");
    if (chosen)
        return *chosen ? chosen : NULL;
    if (geteuid() == 0)
        return "/var/cache/hvprobe";
    if (cache && *cache == '/')
        return arena_printf(arena, "%s/hvprobe", cache);
    return home && *home == '/' ? arena_printf(arena, "%s/.cache/hvprobe", home) : NULL;
}
