/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is left of a file with errors when what they are about is taken away: enough to find its other errors in one go.
 * Such a tree is never used.
 */
#include "rules/layers.h"

#include "base/text.h"

/* A file with more errors is no rule that a person wrote. */
enum { ROUNDS = 16, ERROR_LIMIT = 200 };

struct mending {
    struct arena *arena;
    const struct diagnostics *found;
    struct vec *lost; /* keys that were taken away */
    size_t removed;
};

static bool is_wrong(const struct mending *mending, const struct mark *at)
{
    for (size_t i = 0; i < mending->found->list.count; i++) {
        const struct diagnostic *diagnostic = mending->found->list.items[i];
        if (diagnostic->kind->severity == SEVERITY_ERROR && diagnostic->at.line == at->line &&
            diagnostic->at.column == at->column)
            return true;
    }
    return false;
}

/* A block mapping or list starts where its first part does: what is wrong there is looked for inside. */
static bool is_wrong_value(const struct mending *mending, const struct yaml_node *node)
{
    const char first = node->at.source->text[node->offset];

    return (node->kind == YAML_NODE_SCALAR || first == '[' || first == '{') && is_wrong(mending, &node->at);
}

static struct yaml_node *mend(struct mending *mending, struct yaml_node *node);

/* Nothing is left of it. */
static bool is_bare(const struct yaml_node *node)
{
    return node->kind != YAML_NODE_SCALAR && node->count == 0;
}

static void lose(struct mending *mending, const struct yaml_node *key)
{
    mending->removed++;
    vec_push(mending->arena, mending->lost, key->value);
}

/* whole: a value with anything wrong in it goes as a whole. */
static struct yaml_node *mend_mapping(struct mending *mending, const struct yaml_node *node, bool whole)
{
    struct yaml_node *copy = yaml_new_mapping(mending->arena, node->at);

    copy->offset = node->offset;
    for (size_t i = 0; i < node->count; i++) {
        const size_t before = mending->removed;
        struct yaml_node *value = node->items[i];
        if (is_wrong(mending, &node->keys[i]->at) || is_wrong_value(mending, value)) {
            lose(mending, node->keys[i]);
            continue;
        }
        value = mend(mending, value);
        if (mending->removed > before && (whole || is_bare(value)))
            lose(mending, node->keys[i]);
        else
            yaml_append_pair(mending->arena, copy, node->keys[i], value);
    }
    return copy;
}

static struct yaml_node *mend_sequence(struct mending *mending, const struct yaml_node *node)
{
    struct yaml_node *copy = yaml_new_sequence(mending->arena, node->at);

    copy->offset = node->offset;
    for (size_t i = 0; i < node->count; i++) {
        const size_t before = mending->removed;
        struct yaml_node *item = is_wrong_value(mending, node->items[i]) ? NULL : mend(mending, node->items[i]);
        if (item == NULL)
            mending->removed++;
        else if (mending->removed == before || !is_bare(item))
            yaml_append(mending->arena, copy, item);
    }
    return copy;
}

static struct yaml_node *mend(struct mending *mending, struct yaml_node *node)
{
    if (node->kind == YAML_NODE_MAPPING)
        return mend_mapping(mending, node, false);
    return node->kind == YAML_NODE_SEQUENCE ? mend_sequence(mending, node) : node;
}

/* A fact of which a part is gone has columns that nobody knows, so that it goes too. */
static struct yaml_node *mend_root(struct mending *mending, const struct yaml_node *root)
{
    struct yaml_node *copy = mend_mapping(mending, root, false);
    const struct yaml_node *facts = yaml_get(root, "facts");

    for (size_t i = 0; facts != NULL && facts->kind == YAML_NODE_MAPPING && i < copy->count; i++)
        if (text_equal(copy->keys[i]->value, "facts"))
            copy->items[i] = mend_mapping(mending, facts, true);
    return copy;
}

struct yaml_node *mend_tree(struct arena *arena, struct yaml_node *tree, const struct vocabulary *vocabulary,
                            const struct diagnostics *found, struct vec *ret_lost)
{
    struct diagnostics left = *found;

    if (found->errors > ERROR_LIMIT)
        return NULL;
    for (unsigned round = 0; round < ROUNDS && tree->kind == YAML_NODE_MAPPING; round++) {
        struct mending mending = {.arena = arena, .found = &left, .lost = ret_lost};
        tree = mend_root(&mending, tree);
        left = (struct diagnostics){.arena = arena};
        if (grammar_check(tree, vocabulary, &left))
            return tree;
        if (round > 0 && mending.removed == 0)
            return NULL;
    }
    return NULL;
}
