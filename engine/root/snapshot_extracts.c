/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows that a snapshot has in place of a file: from mappings, or a block of text, to one table. */
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

/* Puts right what is escaped in a cell; false: by another character. */
static bool unescape(char *cell)
{
    char *to = cell;

    for (const char *at = cell; *at; at++, to++) {
        *to = *at;
        if (*at != '\\')
            continue;
        at++;
        if (*at != 'n' && *at != 't' && *at != '\\')
            return false;
        *to = *at == 'n' ? '\n' : *at == 't' ? '\t' : '\\';
    }
    *to = '\0';
    return true;
}

/* Cuts a text at the next tab or end of line, whichever is due; false: it is the other, or the cell is none. */
static bool cut_cell(char **text, bool last, const char **ret_cell)
{
    char *cell = *text;
    char *end = cell + strcspn(cell, "\t\n");

    if (*end == '\0' || last != (*end == '\n'))
        return false;
    *text = end + 1;
    *end = '\0';
    if (strcmp(cell, UNSET_CELL) == 0)
        return true;
    *ret_cell = cell;
    return !memchr(cell, '\\', (size_t)(end - cell)) || unescape(cell);
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (const char *end; (end = strchr(text, '\n')); text = end + 1)
        count++;
    return count;
}

/* As many cells as lines of columns would have; but each takes a character, so no more than there are of these. */
static const char **new_cells(struct arena *arena, const char *text, size_t lines, size_t columns)
{
    const size_t most = strlen(text);

    return arena_alloc(arena, (lines < most / columns ? lines * columns : most) * sizeof(const char *));
}

bool snapshot_table(struct arena *arena, const struct yaml_node *node, struct root_rows *ret_rows, size_t *ret_problem)
{
    const bool ended = node->length > 0 && node->value[node->length - 1] == '\n';
    char *text = ended ? arena_strndup(arena, node->value, node->length) : arena_printf(arena, "%s\n", node->value);
    char *at = text;
    const size_t lines = count_lines(text);
    size_t columns = 1;

    for (const char *each = text; *each != '\n'; each++)
        columns += *each == '\t';
    const char **cells = new_cells(arena, text, lines, columns);
    for (size_t i = 0; i < lines * columns; i++) {
        *ret_problem = (size_t)(at - text);
        if (!cut_cell(&at, (i + 1) % columns == 0, &cells[i]) || (i < columns && (!cells[i] || !*cells[i])))
            return false;
    }
    *ret_rows = (struct root_rows){cells, columns, cells + columns, lines - 1, NULL};
    return true;
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
