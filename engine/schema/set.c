/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas that threads share: read when first asked for, then the same for all runs. */
#include "schema/set.h"

#include <pthread.h>

struct schema_set {
    struct arena *arena;
    pthread_mutex_t lock;
    struct map schemas; /* of const struct schema, by path */
};

struct schema_set *schema_set_new(void)
{
    struct arena *arena = arena_new();
    struct schema_set *set = arena_new_object(arena, struct schema_set);
    set->arena = arena;
    pthread_mutex_init(&set->lock, NULL);
    return set;
}

void schema_set_free(struct schema_set *set)
{
    if (!set)
        return;
    pthread_mutex_destroy(&set->lock);
    arena_free(set->arena);
}

const struct schema *schema_set_get(struct schema_set *set, const char *path, struct arena *arena,
                                    const char **ret_error)
{
    const char *error = NULL;
    pthread_mutex_lock(&set->lock);
    const struct schema *schema = map_get(&set->schemas, path);
    if (!schema) {
        const char *own = arena_strdup(set->arena, path);
        schema = schema_load(own, set->arena, NULL, &error);
        if (schema)
            map_put(set->arena, &set->schemas, own, schema);
        else
            *ret_error = arena_strdup(arena, error);
    }
    pthread_mutex_unlock(&set->lock);
    return schema;
}
