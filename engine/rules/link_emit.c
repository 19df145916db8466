/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Emit entries: where, when, what. */
#include "rules/link.h"

#include <string.h>

static void link_attributes(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope,
                            struct emit_value *value)
{
    value->attributes = arena_alloc(linker->arena, node->count * sizeof(struct named_template));
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = node->keys[i];
        const struct yaml_node *item = node->items[i];
        bool null = yaml_is_null(item);
        struct template *text = null ? link_literal(linker, "", item->at) : link_template(linker, span_of(item), scope);

        if (strcmp(key->value, "text") == 0) {
            value->text = null ? NULL : text;
            continue;
        }
        if (!link_path_name(key->value, key->length))
            diagnose(linker->diagnostics, DIAG_BAD_PATH, key->at,
                     key->value[0] == '@' ? "leave out the '@': the keys here are attributes, and 'text'" : NULL,
                     "'%s' is not the name of an attribute", key->value);
        value->attributes[value->attribute_count++] = (struct named_template){key->value, text};
    }
}

static void link_emit_value(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope,
                            struct emit_value *value)
{
    if (node->kind == YAML_NODE_MAPPING)
        link_attributes(linker, node, scope, value);
    else if (node->kind == YAML_NODE_SEQUENCE)
        diagnose(linker->diagnostics, DIAG_WRONG_TYPE, node->at, NULL, "a list cannot be inside a list here");
    else if (!yaml_is_null(node))
        value->text = link_template(linker, span_of(node), scope);
}

static bool is_attribute(const struct node_path *path)
{
    return path->count && path->steps[path->count - 1].attribute;
}

static void link_assignment(struct linker *linker, const struct yaml_node *key, const struct yaml_node *node,
                            const struct name_scope *scope, struct assignment *assignment)
{
    assignment->path = link_path(linker, span_of(key), scope);
    assignment->count = list_count(node);
    assignment->values = arena_alloc(linker->arena, assignment->count * sizeof(struct emit_value));
    for (size_t i = 0; i < assignment->count; i++)
        link_emit_value(linker, list_item(node, i), scope, &assignment->values[i]);
    if (is_attribute(assignment->path) && node->kind != YAML_NODE_SCALAR)
        diagnose(linker->diagnostics, DIAG_BAD_VALUE, node->at, NULL, "an attribute takes one text");
}

static void link_set(struct linker *linker, const struct yaml_node *set, const struct name_scope *scope,
                     struct emit_entry *entry)
{
    if (!set || set->kind != YAML_NODE_MAPPING)
        return;
    entry->assignment_count = set->count;
    entry->assignments = arena_alloc(linker->arena, set->count * sizeof(struct assignment));
    for (size_t i = 0; i < set->count; i++)
        link_assignment(linker, set->keys[i], set->items[i], scope, &entry->assignments[i]);
}

/* at: and each: are paths of elements. NULL for no node. */
static struct node_path *link_element(struct linker *linker, const struct yaml_node *node, const char *key,
                                      const struct name_scope *scope)
{
    struct node_path *path = node ? link_path(linker, span_of(node), scope) : NULL;

    if (path && is_attribute(path))
        diagnose(linker->diagnostics, DIAG_BAD_PATH, node->at,
                 "set the attribute with set:", "'%s' ends in an element, not in an attribute", key);
    return path;
}

/* What the entry is made for: the rows of a fact, or nodes, whose attributes are only known when they are there. */
static struct name_scope link_turns(struct linker *linker, const struct yaml_node *node, struct emit_entry *entry,
                                    const struct name_scope *outer)
{
    const struct yaml_node *loop = yaml_get(node, "for");
    const struct yaml_node *each = yaml_get(node, "each");

    if (loop && each)
        diagnose(linker->diagnostics, DIAG_BAD_VALUE, each->at, "put one of them into an entry inside the other",
                 "'for' and 'each' cannot stand in one entry");
    entry->each = link_element(linker, each, "each", outer);
    if (loop)
        entry->loop = link_fact_name(linker, span_of(loop));
    return link_fact_scope(linker, entry->loop, outer);
}

static struct emit_entry *link_emit(struct linker *linker, const struct yaml_node *node, const struct name_scope *outer)
{
    struct emit_entry *entry = arena_new_object(linker->arena, struct emit_entry);
    const struct yaml_node *name = yaml_get(node, "name");
    struct name_scope row = link_turns(linker, node, entry, outer);
    const struct name_scope *scope = yaml_get(node, "for") || entry->each ? &row : outer;

    entry->at = node->at;
    entry->rule = linker->rule;
    entry->name = name ? name->value : NULL;
    entry->when = link_condition(linker, yaml_get(node, "when"), scope);
    entry->path = link_element(linker, yaml_get(node, "at"), "at", scope);
    link_set(linker, yaml_get(node, "set"), scope, entry);
    link_emits(linker, yaml_get(node, "emit"), scope, &entry->children, &entry->child_count);
    return entry;
}

void link_emits(struct linker *linker, const struct yaml_node *list, const struct name_scope *scope,
                struct emit_entry ***ret_entries, size_t *ret_count)
{
    if (!list)
        return;
    *ret_count = list_count(list);
    *ret_entries = arena_alloc(linker->arena, *ret_count * sizeof(struct emit_entry *));
    for (size_t i = 0; i < *ret_count; i++)
        (*ret_entries)[i] = link_emit(linker, list_item(list, i), scope);
}
