/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas that threads share: read when first asked for, then the same for all runs. */
#include "document/shelf.h"

#include <pthread.h>

struct schema_shelf {
    struct arena *arena;
    pthread_mutex_t lock;
    struct map schemas; /* of const struct schema, by path */
};

struct schema_shelf *shelf_new(void)
{
    struct arena *arena = arena_new();
    struct schema_shelf *shelf = arena_new_object(arena, struct schema_shelf);
    shelf->arena = arena;
    pthread_mutex_init(&shelf->lock, NULL);
    return shelf;
}

void shelf_free(struct schema_shelf *shelf)
{
    if (!shelf)
        return;
    pthread_mutex_destroy(&shelf->lock);
    arena_free(shelf->arena);
}

const struct schema *shelf_schema(struct schema_shelf *shelf, const char *path, struct arena *arena,
                                  const char **ret_error)
{
    const char *error = NULL;
    pthread_mutex_lock(&shelf->lock);
    const struct schema *schema = map_get(&shelf->schemas, path);
    if (!schema) {
        const char *own = arena_strdup(shelf->arena, path);
        schema = schema_load(own, shelf->arena, NULL, &error);
        if (schema)
            map_put(shelf->arena, &shelf->schemas, own, schema);
        else
            *ret_error = arena_strdup(arena, error);
    }
    pthread_mutex_unlock(&shelf->lock);
    return schema;
}
