/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/yaml_pack.h"

#include "base/pack.h"

enum { KINDS = YAML_NODE_MAPPING + 1, STYLES = YAML_STYLE_FOLDED + 1 };

void yaml_pack(struct buf *out, const struct yaml_node *tree)
{
    pack_number(out, tree->kind + KINDS * (uint64_t)tree->style);
    pack_number(out, tree->at.line);
    pack_number(out, tree->at.column);
    pack_number(out, tree->at.end_column);
    pack_number(out, tree->offset);
    if (tree->kind == YAML_NODE_SCALAR) {
        pack_bytes(out, tree->value, tree->length);
        return;
    }
    pack_number(out, tree->count);
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->kind == YAML_NODE_MAPPING)
            yaml_pack(out, tree->keys[i]);
        yaml_pack(out, tree->items[i]);
    }
}

struct reader {
    struct unpack unpack;
    struct arena *arena;
    const struct source *source;
    unsigned depth;
};

static void read_node(struct reader *reader, struct yaml_node *node);

/* All of them in one piece, keys and items in turns. */
static void read_children(struct reader *reader, struct yaml_node *node)
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

static void read_node(struct reader *reader, struct yaml_node *node)
{
    struct unpack *unpack = &reader->unpack;
    const uint64_t form = unpack_below(unpack, KINDS * STYLES);
    size_t length = 0;

    node->kind = (enum yaml_kind)(form % KINDS);
    node->style = (enum yaml_style)(form / KINDS);
    node->at.source = reader->source;
    node->at.line = (unsigned)unpack_number(unpack);
    node->at.column = (unsigned)unpack_number(unpack);
    node->at.end_column = (unsigned)unpack_number(unpack);
    node->offset = (uint32_t)unpack_below(unpack, reader->source->length + 1);
    if (node->kind != YAML_NODE_SCALAR)
        read_children(reader, node);
    else if ((node->value = unpack_bytes(unpack, &length)) == NULL)
        unpack->failed = true;
    node->length = (uint32_t)length;
}

struct yaml_node *yaml_unpack(struct arena *arena, const struct source *source, const char *data, size_t length)
{
    struct reader reader = {.unpack = {data, data + length, false}, .arena = arena, .source = source};
    struct yaml_node *tree = arena_new_object(arena, struct yaml_node);

    read_node(&reader, tree);
    return reader.unpack.failed || reader.unpack.at != reader.unpack.end ? NULL : tree;
}
