/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees in the cache, so that unchanged rules are not parsed again. */
#include "base/yaml_pack.h"

#include "base/pack.h"

enum { KINDS = YAML_NODE_MAPPING + 1, STYLES = YAML_STYLE_FOLDED + 1 };

/* Places are kept as steps from the node before, which mostly fit into a byte each. */
struct packed_place {
    uint32_t line;
    uint32_t offset;
};

static void pack_node(struct buf *out, const struct yaml_node *node, struct packed_place *before)
{
    pack_number(out, node->kind + KINDS * (uint64_t)node->style);
    pack_number(out, (uint32_t)(node->at.line - before->line));
    pack_number(out, node->at.column);
    pack_number(out, (uint32_t)(node->at.end_column - node->at.column));
    pack_number(out, (uint32_t)(node->offset - before->offset));
    *before = (struct packed_place){node->at.line, node->offset};
    if (node->kind == YAML_NODE_SCALAR) {
        pack_bytes(out, node->value, node->length);
        return;
    }
    pack_number(out, node->count);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_NODE_MAPPING)
            pack_node(out, node->keys[i], before);
        pack_node(out, node->items[i], before);
    }
}

void yaml_pack(struct buf *out, const struct yaml_node *tree)
{
    pack_node(out, tree, &(struct packed_place){0});
}

struct yaml_unpacking {
    struct unpack unpack;
    struct arena *arena;
    const struct source *source;
    struct packed_place before;
    unsigned depth;
};

static void read_node(struct yaml_unpacking *reader, struct yaml_node *node);

/* All of them in one piece, keys and items in turns. */
static void read_children(struct yaml_unpacking *reader, struct yaml_node *node)
{
    const bool mapping = node->kind == YAML_NODE_MAPPING;
    const size_t count = unpack_count(&reader->unpack);
    const size_t nodes = mapping ? 2 * count : count;
    struct yaml_node *child = arena_alloc(reader->arena, nodes * sizeof(*child));

    reader->unpack.failed = reader->unpack.failed || ++reader->depth > YAML_DEPTH;
    node->count = (uint32_t)count;
    node->items = arena_alloc(reader->arena, nodes * sizeof(*node->items));
    node->keys = mapping ? node->items + count : NULL;
    for (size_t i = 0; i < count && !reader->unpack.failed; i++) {
        if (mapping)
            read_node(reader, node->keys[i] = child++);
        if (mapping && node->keys[i]->kind != YAML_NODE_SCALAR)
            reader->unpack.failed = true;
        read_node(reader, node->items[i] = child++);
    }
    reader->depth--;
}

static void read_node(struct yaml_unpacking *reader, struct yaml_node *node)
{
    struct unpack *unpack = &reader->unpack;
    const uint64_t form = unpack_below(unpack, KINDS * STYLES);
    size_t length = 0;

    node->kind = (enum yaml_kind)(form % KINDS);
    node->style = (enum yaml_style)(form / KINDS);
    node->at.source = reader->source;
    node->at.line = reader->before.line += (uint32_t)unpack_number(unpack);
    node->at.column = (uint32_t)unpack_number(unpack);
    node->at.end_column = node->at.column + (uint32_t)unpack_number(unpack);
    node->offset = reader->before.offset += (uint32_t)unpack_number(unpack);
    unpack->failed = unpack->failed || node->offset > reader->source->length;
    if (node->kind != YAML_NODE_SCALAR)
        read_children(reader, node);
    else if ((node->value = unpack_bytes(unpack, &length)) == NULL)
        unpack->failed = true;
    node->length = (uint32_t)length;
}

struct yaml_node *yaml_unpack(struct arena *arena, const struct source *source, const char *data, size_t length)
{
    struct yaml_unpacking reader = {.unpack = {data, data + length, false}, .arena = arena, .source = source};
    struct yaml_node *tree = arena_new_object(arena, struct yaml_node);

    read_node(&reader, tree);
    return reader.unpack.failed || reader.unpack.at != reader.unpack.end ? NULL : tree;
}
