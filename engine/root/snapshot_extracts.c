/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows that a snapshot has in place of a file: from mappings to one table. */
#include "root/backend.h"
#include "root/snapshot.h"

#include <errno.h>
#include <string.h>

static void add_names(struct arena *arena, struct map *names, const struct yaml_node *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (!map_get(names, row->keys[i]->value)) {
            map_put(arena, names, row->keys[i]->value, row);
        }
    }
}

static const struct root_rows *extract_rows(struct arena *arena, struct snapshot_extract *extract)
{
    const struct yaml_node *rows = extract->rows;
    struct map names = {0};
    const char **columns, **cells;

    if (extract->read || !rows) {
        extract->found.reason = extract->nothing;
        return &extract->found;
    }
    for (size_t i = 0; i < rows->count; i++) {
        add_names(arena, &names, rows->items[i]);
    }
    columns = arena_alloc(arena, (names.count + 1) * sizeof(*columns));
    cells = arena_alloc(arena, (rows->count * names.count + 1) * sizeof(*cells));
    for (size_t column = 0; column < names.count; column++) {
        columns[column] = names.entries[column].key;
        for (size_t i = 0; i < rows->count; i++) {
            const struct yaml_node *cell = yaml_get(rows->items[i], columns[column]);

            cells[i * names.count + column] = cell ? cell->value : NULL;
        }
    }
    extract->found = (struct root_rows){columns, names.count, cells, rows->count, NULL};
    extract->read = true;
    return &extract->found;
}

int snapshot_extract(struct root *root, const char *path, uint64_t size, const char *digest, struct root_rows *ret_rows)
{
    const struct snapshot *snapshot = root->state;

    for (size_t i = 0; i < snapshot->extracts.count; i++) {
        struct snapshot_extract *extract = snapshot->extracts.items[i];

        if (strcmp(extract->digest, digest) == 0 && strcmp(extract->path, path) == 0 &&
            (uint64_t)extract->size.value == size) {
            *ret_rows = *extract_rows(root->arena, extract);
            return 0;
        }
    }
    return -ENOENT;
}
