/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules that a layer takes away are named as that when somebody asks for them. */
#include "session/session.h"

#include "base/text.h"
#include "rules/load.h"

const struct yaml_node *session_file_tree(struct arena *arena, const struct rule_file *file)
{
    const char *const files[] = {file->source.path, NULL};
    const struct load_options options = {.files = files};
    struct diagnostics ignored = {.arena = arena};
    if (file->tree)
        return file->tree;
    struct rule_set *set = rules_load(&options, &hvprobe_vocabulary, &ignored);
    arena_defer(arena, (void (*)(void *))rule_set_free, set);
    return set->files.count > 0 ? ((const struct rule_file *)set->files.items[0])->tree : NULL;
}

static bool says(const struct yaml_node *tree, const char *key, const char *value)
{
    const struct yaml_node *node = tree && tree->kind == YAML_NODE_MAPPING ? yaml_get(tree, key) : NULL;
    return node && node->kind == YAML_NODE_SCALAR && text_equal(node->value, value);
}

const char *session_masked(struct arena *arena, const struct rule_set *set, const char *key, const char *value)
{
    for (size_t i = 0; i < set->files.count; i++) {
        const struct rule_file *file = set->files.items[i];
        if (file->state == FILE_MASKED && says(session_file_tree(arena, file), key, value))
            return arena_printf(arena, "the %s '%s' is masked by %s", key, value, file->other->source.path);
    }
    return NULL;
}
