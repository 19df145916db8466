/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/yaml_pack.h"

#include "base/pack.h"

void yaml_pack(struct buf *out, const struct yaml_node *tree)
{
    pack_number(out, tree->kind);
    pack_number(out, tree->style);
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

static struct yaml_node *read_node(struct reader *reader);

static void read_children(struct reader *reader, struct yaml_node *node)
{
    const bool mapping = node->kind == YAML_NODE_MAPPING;

    node->count = unpack_count(&reader->unpack);
    reader->unpack.failed = reader->unpack.failed || ++reader->depth > YAML_DEPTH;
    node->items = arena_alloc(reader->arena, node->count * (mapping ? 2 : 1) * sizeof(struct yaml_node *));
    node->keys = mapping ? node->items + node->count : NULL;
    for (size_t i = 0; i < node->count && !reader->unpack.failed; i++) {
        if (mapping)
            node->keys[i] = read_node(reader);
        if (mapping && node->keys[i]->kind != YAML_NODE_SCALAR)
            reader->unpack.failed = true;
        node->items[i] = read_node(reader);
    }
    reader->depth--;
}

static struct yaml_node *read_node(struct reader *reader)
{
    struct unpack *unpack = &reader->unpack;
    struct yaml_node *node = arena_new_object(reader->arena, struct yaml_node);

    node->kind = (enum yaml_kind)unpack_below(unpack, YAML_NODE_MAPPING + 1);
    node->style = (enum yaml_style)unpack_below(unpack, YAML_STYLE_FOLDED + 1);
    node->at.source = reader->source;
    node->at.line = (unsigned)unpack_number(unpack);
    node->at.column = (unsigned)unpack_number(unpack);
    node->at.end_column = (unsigned)unpack_number(unpack);
    node->offset = (size_t)unpack_below(unpack, reader->source->length + 1);
    if (node->kind != YAML_NODE_SCALAR)
        read_children(reader, node);
    else if ((node->value = unpack_bytes(unpack, &node->length)) == NULL)
        unpack->failed = true;
    return node;
}

struct yaml_node *yaml_unpack(struct arena *arena, const struct source *source, const char *data, size_t length)
{
    struct reader reader = {.unpack = {data, data + length, false}, .arena = arena, .source = source};
    struct yaml_node *tree = read_node(&reader);

    return reader.unpack.failed || reader.unpack.at != reader.unpack.end ? NULL : tree;
}
