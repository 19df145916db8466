/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of snapshot.yaml as tables: its loader and its JSON Schema read them. Only for root/. */
#ifndef HVPROBE_ROOT_SNAPSHOT_KEYS_H
#define HVPROBE_ROOT_SNAPSHOT_KEYS_H

#include "root/snapshot.h"

enum { SNAPSHOT_VERSION = 1 };

struct loader;

struct value_kind {
    const char *expected; /* for messages */
    bool (*parse)(struct loader *loader, const struct yaml_node *node, void *target);
    const char *schema; /* the same as members of a JSON Schema */
};

struct record_key {
    const char *name;
    const struct value_kind *kind;
    size_t offset;
    bool required;
    const char *help;
};

/* A section: a list of records, or (list false) one; without keys a mapping by path. */
struct section {
    const char *name;
    const struct record_key *keys; /* ended by a NULL name */
    size_t size;
    bool list;
    size_t offset; /* in struct snapshot */
    void (*finish)(struct loader *loader, const struct yaml_node *node, void *record);
    const char *help;
    const char *schema; /* without keys: of a value, as members of a JSON Schema */
};
extern const struct section snapshot_sections[]; /* ended by a NULL name */

#endif
