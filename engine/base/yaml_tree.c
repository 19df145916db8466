/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking at trees and building them. */
#include "base/text.h"
#include "base/yaml.h"

#include <string.h>
#include <strings.h>

enum { FIRST_CAPACITY = 4 };

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != YAML_NODE_MAPPING)
        return NULL;
    const size_t length = strlen(key);
    for (size_t i = 0; i < mapping->count; i++) {
        const struct yaml_node *other = mapping->keys[i];
        if (other->length == length && memcmp(other->value, key, length) == 0)
            return mapping->items[i];
    }
    return NULL;
}

static bool is_plain(const struct yaml_node *node)
{
    return node && node->kind == YAML_NODE_SCALAR && node->style == YAML_STYLE_PLAIN;
}

bool yaml_is_null(const struct yaml_node *node)
{
    return is_plain(node) &&
           (node->length == 0 || text_equal(node->value, "~") || strcasecmp(node->value, "null") == 0);
}

bool yaml_bool(const struct yaml_node *node, bool *ret_value)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"yes", true}, {"no", false}, {"true", true}, {"false", false}, {"on", true}, {"off", false}};

    for (size_t i = 0; is_plain(node) && i < ARRAY_SIZE(words); i++) {
        if (strcasecmp(node->value, words[i].word) != 0)
            continue;
        *ret_value = words[i].value;
        return true;
    }
    return false;
}

static struct yaml_node *new_node(struct arena *arena, enum yaml_kind kind, struct mark at)
{
    struct yaml_node *node = arena_new_object(arena, struct yaml_node);

    node->kind = kind;
    node->at = at;
    return node;
}

struct yaml_node *yaml_new_scalar(struct arena *arena, const char *value, struct mark at)
{
    struct yaml_node *node = new_node(arena, YAML_NODE_SCALAR, at);

    node->value = arena_strdup(arena, value);
    node->length = strlen(value);
    return node;
}

struct yaml_node *yaml_new_mapping(struct arena *arena, struct mark at)
{
    return new_node(arena, YAML_NODE_MAPPING, at);
}

struct yaml_node *yaml_new_sequence(struct arena *arena, struct mark at)
{
    return new_node(arena, YAML_NODE_SEQUENCE, at);
}

/* Arrays are as long as the smallest power of two that holds the count, so that no capacity needs to be kept. */
static struct yaml_node **with_room(struct arena *arena, struct yaml_node **nodes, size_t count)
{
    struct yaml_node **longer;

    if (count && (count < FIRST_CAPACITY || (count & (count - 1))))
        return nodes;
    longer = arena_alloc(arena, (count ? 2 * count : FIRST_CAPACITY) * sizeof(struct yaml_node *));
    if (count)
        memcpy(longer, nodes, count * sizeof(struct yaml_node *));
    return longer;
}

void yaml_append(struct arena *arena, struct yaml_node *sequence, struct yaml_node *item)
{
    sequence->items = with_room(arena, sequence->items, sequence->count);
    sequence->items[sequence->count++] = item;
}

void yaml_append_pair(struct arena *arena, struct yaml_node *mapping, struct yaml_node *key, struct yaml_node *value)
{
    mapping->keys = with_room(arena, mapping->keys, mapping->count);
    mapping->keys[mapping->count] = key;
    yaml_append(arena, mapping, value);
}

void yaml_put(struct arena *arena, struct yaml_node *mapping, struct yaml_node *key, struct yaml_node *value)
{
    for (size_t i = 0; i < mapping->count; i++) {
        if (!text_equal(mapping->keys[i]->value, key->value))
            continue;
        mapping->items[i] = value;
        return;
    }
    yaml_append_pair(arena, mapping, key, value);
}
