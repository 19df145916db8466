/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * YAML as a tree with places. The only file that knows libyaml.
 *
 * Refused with a diagnostic: aliases, anchors, tags that are not of the core schema, repeated keys, keys that are not
 * scalars, more than one document, more than YAML_DEPTH levels, what libyaml itself refuses (tabs, bad indentation,
 * invalid UTF-8).
 */
#ifndef HVPROBE_BASE_YAML_H
#define HVPROBE_BASE_YAML_H

#include "base/diagnostic.h"

enum { YAML_DEPTH = 64 };

enum yaml_kind { YAML_NODE_SCALAR, YAML_NODE_SEQUENCE, YAML_NODE_MAPPING };
enum yaml_style {
    YAML_STYLE_PLAIN,
    YAML_STYLE_SINGLE_QUOTED,
    YAML_STYLE_DOUBLE_QUOTED,
    YAML_STYLE_LITERAL,
    YAML_STYLE_FOLDED
};

/* There are thousands, so they are kept small: no text is as long as 4 GiB. */
struct yaml_node {
    struct mark at;
    const char *value;        /* scalars: NUL-terminated */
    struct yaml_node **keys;  /* mappings */
    struct yaml_node **items; /* items, or the values of a mapping */
    uint32_t length;
    uint32_t count;  /* sequences: items; mappings: pairs */
    uint32_t offset; /* of that place in the source's text; 0 in built nodes */
    enum yaml_kind kind : 8;
    enum yaml_style style : 8; /* scalars */
};

/* What a whole text says, or NULL after adding diagnostics (also for an empty text: *ret_empty, no diagnostic). */
struct yaml_node *yaml_parse(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                             bool *ret_empty);

/* The same, but of a text with repeated keys, aliases and the like it gives what was read. */
struct yaml_node *yaml_read(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                            bool *ret_empty);

/* The value of a key of a mapping, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
bool yaml_is_null(const struct yaml_node *node); /* plain and empty, "~" or "null" */
bool yaml_bool(const struct yaml_node *node,
               bool *ret_value); /* yes no true false on off; false when it is none of them */
/* The place of length bytes at an offset of a scalar's value, also inside quoted and block scalars. */
struct mark yaml_mark_at(const struct yaml_node *scalar, size_t offset, size_t length);

/* Building: new nodes in the arena, at the given place. */
struct yaml_node *yaml_new_scalar(struct arena *arena, const char *value, struct mark at);
struct yaml_node *yaml_new_mapping(struct arena *arena, struct mark at);
struct yaml_node *yaml_new_sequence(struct arena *arena, struct mark at);
void yaml_put(struct arena *arena, struct yaml_node *mapping, struct yaml_node *key,
              struct yaml_node *value); /* replaces */
/* A new pair; the caller knows that the key is not there yet. */
void yaml_append_pair(struct arena *arena, struct yaml_node *mapping, struct yaml_node *key, struct yaml_node *value);
void yaml_append(struct arena *arena, struct yaml_node *sequence, struct yaml_node *item);

/*
 * Writes a node as YAML text, two spaces a level. comment (may be NULL) gives a line's comment, or NULL; it is called
 * for each mapping pair and sequence item with the value's node.
 */
void yaml_write(struct buf *out, const struct yaml_node *node,
                const char *(*comment)(const struct yaml_node *node, void *data), void *data);
/* A comment for yaml_write whose data is an arena: FILE:LINE of the node. */
const char *yaml_origin(const struct yaml_node *node, void *arena);

#endif
