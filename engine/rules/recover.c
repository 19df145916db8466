/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is left of a file with errors when what they are about is taken away: enough to find its other errors in one go.
 * Such a tree is never used.
 */
#include "rules/layers.h"

#include "base/text.h"

/* A file with more errors is no rule that a person wrote. */
enum { ROUNDS = 16, ERROR_LIMIT = 200 };

struct recovery {
    struct arena *arena;
    const struct diagnostics *found;
    struct vec *lost; /* keys that were taken away */
    size_t removed;
};

static bool is_wrong(const struct recovery *recovery, const struct mark *at)
{
    for (size_t i = 0; i < recovery->found->list.count; i++) {
        const struct diagnostic *diagnostic = recovery->found->list.items[i];
        if (diagnostic->kind->severity == SEVERITY_ERROR && diagnostic->at.line == at->line &&
            diagnostic->at.column == at->column)
            return true;
    }
    return false;
}

/* A block mapping or list starts where its first part does: what is wrong there is looked for inside. */
static bool is_wrong_value(const struct recovery *recovery, const struct yaml_node *node)
{
    const char first = node->at.source->text[node->offset];

    return (node->kind == YAML_NODE_SCALAR || first == '[' || first == '{') && is_wrong(recovery, &node->at);
}

static struct yaml_node *recover(struct recovery *recovery, struct yaml_node *node);

/* Nothing is left of it. */
static bool is_bare(const struct yaml_node *node)
{
    return node->kind != YAML_NODE_SCALAR && node->count == 0;
}

static void lose(struct recovery *recovery, const struct yaml_node *key)
{
    recovery->removed++;
    vec_push(recovery->arena, recovery->lost, key->value);
}

/* whole: a value with anything wrong in it goes as a whole. */
static struct yaml_node *recover_mapping(struct recovery *recovery, const struct yaml_node *node, bool whole)
{
    struct yaml_node *copy = yaml_new_mapping(recovery->arena, node->at);

    copy->offset = node->offset;
    for (size_t i = 0; i < node->count; i++) {
        const size_t before = recovery->removed;
        struct yaml_node *value = node->items[i];
        if (is_wrong(recovery, &node->keys[i]->at) || is_wrong_value(recovery, value)) {
            lose(recovery, node->keys[i]);
            continue;
        }
        value = recover(recovery, value);
        if (recovery->removed > before && (whole || is_bare(value)))
            lose(recovery, node->keys[i]);
        else
            yaml_append_pair(recovery->arena, copy, node->keys[i], value);
    }
    return copy;
}

static struct yaml_node *recover_sequence(struct recovery *recovery, const struct yaml_node *node)
{
    struct yaml_node *copy = yaml_new_sequence(recovery->arena, node->at);

    copy->offset = node->offset;
    for (size_t i = 0; i < node->count; i++) {
        const size_t before = recovery->removed;
        struct yaml_node *item = is_wrong_value(recovery, node->items[i]) ? NULL : recover(recovery, node->items[i]);
        if (item == NULL)
            recovery->removed++;
        else if (recovery->removed == before || !is_bare(item))
            yaml_append(recovery->arena, copy, item);
    }
    return copy;
}

static struct yaml_node *recover(struct recovery *recovery, struct yaml_node *node)
{
    if (node->kind == YAML_NODE_MAPPING)
        return recover_mapping(recovery, node, false);
    return node->kind == YAML_NODE_SEQUENCE ? recover_sequence(recovery, node) : node;
}

/* A fact of which a part is gone has columns that nobody knows, so that it goes too. */
static struct yaml_node *recover_root(struct recovery *recovery, const struct yaml_node *root)
{
    struct yaml_node *copy = recover_mapping(recovery, root, false);
    const struct yaml_node *facts = yaml_get(root, "facts");

    for (size_t i = 0; facts != NULL && facts->kind == YAML_NODE_MAPPING && i < copy->count; i++)
        if (text_equal(copy->keys[i]->value, "facts"))
            copy->items[i] = recover_mapping(recovery, facts, true);
    return copy;
}

struct yaml_node *recover_tree(struct arena *arena, struct yaml_node *tree, const struct vocabulary *vocabulary,
                               const struct diagnostics *found, struct vec *ret_lost)
{
    struct diagnostics left = *found;

    if (found->errors > ERROR_LIMIT)
        return NULL;
    for (unsigned round = 0; round < ROUNDS && tree->kind == YAML_NODE_MAPPING; round++) {
        struct recovery recovery = {.arena = arena, .found = &left, .lost = ret_lost};
        tree = recover_root(&recovery, tree);
        left = (struct diagnostics){.arena = arena};
        if (grammar_check(tree, vocabulary, &left))
            return tree;
        if (round > 0 && recovery.removed == 0)
            return NULL;
    }
    return NULL;
}
