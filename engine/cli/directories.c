/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the program's files are, by its options and the environment. */
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "session/places.h"
#include "test/fixtures.h"

#include <limits.h>
#include <stdlib.h>

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

/* Directories: from the environment, the build tree that the program runs from, or the installation. */
static const char *const *rule_layers(struct arena *arena, const struct invocation *invocation)
{
    const struct session_options options = {.rules = invocation_values(invocation, "rules")};
    return session_layers(&options, arena);
}

const char *layer_of_directory(const struct invocation *invocation, const char *directory)
{
    char wanted[PATH_MAX], found[PATH_MAX];
    const char *const *layer = rule_layers(invocation->arena, invocation);
    for (; realpath(directory, wanted) && *layer; layer++)
        if (realpath(*layer, found) && text_equal(wanted, found))
            return *layer;
    return NULL;
}

enum status layers_asked(const struct invocation *invocation, struct vec *ret_layers)
{
    const char *const *given = invocation_values(invocation, "layer");
    for (; given && *given; given++) {
        const char *layer = layer_of_directory(invocation, *given);
        if (!layer) {
            complain("--layer %s is none of the directories that rules are read from; --rules adds one", *given);
            return STATUS_USAGE;
        }
        vec_push(invocation->arena, ret_layers, layer);
    }
    return STATUS_OK;
}

const char *const *schema_directories(struct arena *arena)
{
    return session_schemas(&(struct session_options){0}, arena);
}
