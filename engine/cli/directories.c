/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the program's files are, by its options and the environment. */
#include "base/file.h"
#include "cli/command.h"
#include "cli/fixtures.h"
#include "session/places.h"

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
    const struct session_options options = {.rules = invocation_values(invocation, "rules")};
    return session_layers(&options, arena);
}

const char *const *schema_directories(struct arena *arena)
{
    return session_schemas(&(struct session_options){0}, arena);
}
