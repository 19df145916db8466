/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What must be there for a rule to emit anything, as far as its text alone tells: where none of these paths is, its
 * condition cannot hold, and the rule need not be linked to find that out. In doubt there is no gate.
 */
#include "rules/layers.h"
#include "rules/link.h"

#include <string.h>

enum { GATE_DEPTH = 8 }; /* facts that stem from facts */

struct gate {
    struct arena *arena;
    const struct yaml_node *rule;
    const struct vocabulary *vocabulary;
};

/* Adds to paths what must be there for a condition or fact to be yes. false: it may be yes wherever it is asked. */
static bool gate_condition(const struct gate *gate, const struct yaml_node *node, unsigned depth, struct vec *paths);

/* A path as it is written; patterns only where the source has them, too. */
static bool gate_path(const struct gate *gate, const struct yaml_node *node, bool pattern, struct vec *paths)
{
    if (node->kind != YAML_NODE_SCALAR || node->value[0] != '/' || strpbrk(node->value, pattern ? "$" : "$*?[") != NULL)
        return false;
    vec_push(gate->arena, paths, node->value);
    return true;
}

static const struct yaml_node *part(const struct gate *gate, const char *section, const struct yaml_node *name)
{
    const struct yaml_node *parts = yaml_get(gate->rule, section);

    return name->kind == YAML_NODE_SCALAR && parts != NULL ? yaml_get(parts, name->value) : NULL;
}

/* The candidates of all rows: which of them a distribution has does not matter here. */
static bool gate_table(const struct gate *gate, const struct yaml_node *name, struct vec *paths)
{
    const struct yaml_node *table = part(gate, "paths", name);

    for (size_t row = 0; table != NULL && row < table->count; row++) {
        const struct yaml_node *candidates = table->items[row];
        for (size_t i = 0; i < list_count(candidates); i++)
            if (!gate_path(gate, list_item(candidates, i), false, paths))
                return false;
    }
    return table != NULL;
}

/* Rows of several facts: each must have a gate, as each may be what has rows. */
static bool gate_facts(const struct gate *gate, const struct yaml_node *names, unsigned depth, struct vec *paths)
{
    for (size_t i = 0; i < list_count(names); i++) {
        const struct yaml_node *name = list_item(names, i);
        if (name->kind != YAML_NODE_SCALAR || !gate_condition(gate, name, depth, paths))
            return false;
    }
    return list_count(names) > 0;
}

static bool gate_source(const struct gate *gate, const struct source_kind *source, const struct yaml_node *value,
                        unsigned depth, struct vec *paths)
{
    if (source->flags & SOURCE_FROM_ROWS)
        return gate_facts(gate, value, depth, paths);
    if (!(source->flags & SOURCE_NEEDS_PATH))
        return false;
    if (source->fields[0].type == FIELD_PATH_TABLE)
        return gate_table(gate, value, paths);
    return gate_path(gate, value, (source->flags & SOURCE_PATTERN) != 0, paths);
}

/* Extracts and modifiers only take rows away. */
static bool gate_fact(const struct gate *gate, const struct yaml_node *fact, unsigned depth, struct vec *paths)
{
    for (const struct source_kind *const *source = gate->vocabulary->sources; *source != NULL; source++) {
        const struct yaml_node *value = yaml_get(fact, (*source)->name);
        if (value != NULL)
            return gate_source(gate, *source, value, depth, paths);
    }
    return false;
}

/* Of a list one part is enough: all of them must hold. */
static bool gate_all(const struct gate *gate, const struct yaml_node *list, unsigned depth, struct vec *paths)
{
    for (size_t i = 0; i < list->count; i++) {
        const size_t before = paths->count;
        if (gate_condition(gate, list->items[i], depth, paths))
            return true;
        paths->count = before;
    }
    return false;
}

static bool gate_any(const struct gate *gate, const struct yaml_node *list, unsigned depth, struct vec *paths)
{
    for (size_t i = 0; i < list->count; i++)
        if (!gate_condition(gate, list->items[i], depth, paths))
            return false;
    return list->count > 0;
}

static bool gate_mapping(const struct gate *gate, const struct yaml_node *mapping, unsigned depth, struct vec *paths)
{
    const struct yaml_node *all = yaml_get(mapping, "all"), *any = yaml_get(mapping, "any");

    if (all != NULL && all->kind == YAML_NODE_SEQUENCE && gate_all(gate, all, depth, paths))
        return true;
    return any != NULL && any->kind == YAML_NODE_SEQUENCE && gate_any(gate, any, depth, paths);
}

static bool gate_condition(const struct gate *gate, const struct yaml_node *node, unsigned depth, struct vec *paths)
{
    const struct yaml_node *fact;

    if (depth == GATE_DEPTH)
        return false;
    if (node->kind == YAML_NODE_SEQUENCE)
        return gate_all(gate, node, depth + 1, paths);
    if (node->kind == YAML_NODE_MAPPING)
        return gate_mapping(gate, node, depth + 1, paths);
    fact = part(gate, "facts", node);
    return fact != NULL && fact->kind == YAML_NODE_MAPPING && gate_fact(gate, fact, depth + 1, paths);
}

const char *const *gate_of_rule(struct arena *arena, const struct yaml_node *tree, const struct vocabulary *vocabulary)
{
    const struct gate gate = {arena, tree, vocabulary};
    const struct yaml_node *available = yaml_get(tree, "available");
    struct vec paths = {0};

    if (available == NULL || !gate_condition(&gate, available, 0, &paths))
        return NULL;
    vec_push(arena, &paths, NULL);
    return (const char *const *)paths.items;
}
