/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Of a parent's many children, those in which a value stands. Among thousands of siblings, looking at each of them for
 * every row takes the square of their number; so the values below a parent that has many are kept by a hash of where
 * they stand, from the first search on. What is found is only what may be meant: values change, and hashes can be
 * equal, so the caller looks at each.
 */
#include "base/hash.h"
#include "document/builder.h"

#include <string.h>

/* All children that once got a value at a place. */
struct sibling_group {
    struct valued_node *first, *last;
    size_t count;
};

static uint64_t hash_text(uint64_t hash, const void *text)
{
    return hash_bytes(hash, text, strlen(text));
}

/* Where a value stands is hashed from the inside out, as nodes know their parents. */
static uint64_t hash_value(bool attribute, const char *value)
{
    return hash_text(attribute ? 2 : 1, value);
}

static uint64_t key_below(const xmlNode *parent, uint64_t place)
{
    return hash_bytes(place, &parent, sizeof(parent)) | 1;
}

static void add(struct builder *builder, uint64_t key, xmlNode *node)
{
    struct sibling_group *group = number_map_get(&builder->siblings, key);
    if (!group) {
        group = arena_new_object(builder->arena, struct sibling_group);
        number_map_put(builder->arena, &builder->siblings, key, group);
    }
    if (group->last && group->last->node == node)
        return;
    struct valued_node *member = arena_new_object(builder->arena, struct valued_node);
    member->node = node;
    *(group->last ? &group->last->next : &group->first) = member;
    group->last = member;
    group->count++;
}

/* That its children are kept is told by the parent alone. */
bool siblings_are_kept(const struct builder *builder, const xmlNode *parent)
{
    return number_map_has(&builder->siblings, key_below(parent, 0));
}

/* For each of the nodes around a value whose siblings are kept; only: for the child of this one alone. */
static void note(struct builder *builder, const xmlNode *only, xmlNode *node, uint64_t hash)
{
    for (xmlNode *parent; (parent = node->parent) && parent->type == XML_ELEMENT_NODE && node != only; node = parent) {
        hash = hash_text(hash, node->name);
        if (only ? parent == only : siblings_are_kept(builder, parent))
            add(builder, key_below(parent, hash), node);
    }
}

static void note_attribute(struct builder *builder, const xmlNode *only, const xmlAttr *attribute)
{
    if (attribute->children)
        note(builder, only, attribute->parent,
             hash_text(hash_value(true, (const char *)attribute->children->content), attribute->name));
}

static void note_below(struct builder *builder, const xmlNode *only, xmlNode *node)
{
    for (const xmlAttr *each = node->properties; each; each = each->next)
        note_attribute(builder, only, each);
    for (xmlNode *each = node->children; each; each = each->next) {
        if (each->type == XML_TEXT_NODE)
            note(builder, only, node, hash_value(false, (const char *)each->content));
        else
            note_below(builder, only, each);
    }
}

static void keep(struct builder *builder, const xmlNode *parent)
{
    if (siblings_are_kept(builder, parent))
        return;
    number_map_put(builder->arena, &builder->siblings, key_below(parent, 0), NULL);
    for (xmlNode *each = parent->children; each; each = each->next) {
        if (each->type == XML_ELEMENT_NODE)
            note_below(builder, parent, each);
    }
}

void siblings_note_text(struct builder *builder, xmlNode *node, const xmlChar *text)
{
    if (builder->siblings.count && text)
        note(builder, NULL, node, hash_value(false, (const char *)text));
}

void siblings_note_attribute(struct builder *builder, const xmlAttr *attribute)
{
    if (builder->siblings.count)
        note_attribute(builder, NULL, attribute);
}

struct siblings siblings_with(struct builder *builder, const xmlNode *parent, const char *name,
                              const struct sibling_value *value)
{
    keep(builder, parent);
    uint64_t hash =
        value->attribute ? hash_text(hash_value(true, value->text), value->attribute) : hash_value(false, value->text);
    for (size_t i = value->count; i > 0; i--)
        hash = hash_text(hash, value->steps[i - 1].step->name);
    const struct sibling_group *group = number_map_get(&builder->siblings, key_below(parent, hash_text(hash, name)));
    return group ? (struct siblings){group->first, group->count} : (struct siblings){NULL, 0};
}
