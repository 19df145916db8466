/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths such as return[*].name into structured data, whatever language it was written in. Only for probe/. */
#ifndef HVPROBE_PROBE_DATA_PATH_H
#define HVPROBE_PROBE_DATA_PATH_H

#include "probe/probe.h"

enum data_kind { DATA_NULL, DATA_SCALAR, DATA_LIST, DATA_OBJECT };

/* How a language's tree is read. context is the library's own. */
struct data_methods {
    enum data_kind (*kind)(const void *context, const void *node);
    /* The text of a scalar, in the arena. */
    const char *(*text)(const void *context, struct arena *arena, const void *node);
    size_t (*count)(const void *context, const void *list);
    const void *(*item)(const void *context, const void *list, size_t index);
    const void *(*get)(const void *context, const void *object, const char *key); /* NULL: no such member */
    /* Calls visit for each member until it gives false. */
    bool (*members)(const void *context, const void *object,
                    bool (*visit)(void *data, const char *key, const void *value), void *data);
};

struct data_tree {
    const struct data_methods *methods;
    const void *context;
    struct vec values; /* one after the other, as in a stream */
};

/* Adds a row for each scalar and object that the path leads to. The verdict of the extract. */
enum verdict data_rows(struct probe *probe, const struct item *item, const struct data_tree *tree, const char *path);

#endif
