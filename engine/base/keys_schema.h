/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a file as a JSON Schema (draft 2020-12), for editors: from the tables that its reader uses. */
#ifndef HVPROBE_BASE_KEYS_SCHEMA_H
#define HVPROBE_BASE_KEYS_SCHEMA_H

#include "base/json.h"
#include "base/keys.h"

struct schema_head {
    const char *title;
    const char *description;
    /* Writes the members of the definition "template"; NULL: no shape of this file is a template. */
    void (*write_template)(struct schema_writer *writer);
    const void *context; /* for functions of shapes */
};

struct schema_writer {
    struct arena *arena;
    struct json_writer json;
    const struct schema_head *head;
    struct vec named; /* of struct shape: definitions that something refers to */
};

void keys_json_schema(struct buf *out, const struct shape *shape, const struct schema_head *head);

/* A schema as a value: what it is for (NULL: not said), then what it has to be. */
void schema_write(struct schema_writer *writer, const struct shape *shape, const char *help);

#endif
