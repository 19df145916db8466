/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fact does with the rows that were found: where, with, below, sort, distinct, first. */
#include "base/text.h"
#include "facts/internal.h"

#include <stdlib.h>
#include <string.h>

enum { COMPARED = 1024 * 1024 * 1024 }; /* characters, when rows are sorted */

/* They lie side by side in the order in which the rows were, and pointers to them are sorted. */
struct sortable {
    struct row *row;
    const char *values[]; /* one for each sort key */
};

static int compare_values(const char *a, const char *b, bool bytes)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return bytes ? strcmp(a, b) : text_compare_natural(a, b);
}

static int compare_rows(const void *left, const void *right, void *data)
{
    const struct sortable *a = *(const struct sortable *const *)left;
    const struct sortable *b = *(const struct sortable *const *)right;
    const struct fact *fact = data;

    for (size_t i = 0; i < fact->sort_count; i++) {
        const int order = compare_values(a->values[i], b->values[i], fact->sort[i].bytes);
        if (order != 0)
            return (order < 0) == fact->sort[i].descending ? 1 : -1;
    }
    return a < b ? -1 : a > b;
}

/* Would so many characters of so many rows take seconds to compare? */
static bool is_long_to_sort(uint64_t length, size_t count)
{
    unsigned rounds = 1;

    for (; count > 1; count /= 2)
        rounds++;
    return length * rounds > COMPARED;
}

/* false, and the rows as they are: it would take too long. */
static bool sort_rows(struct arena *arena, const struct fact *fact, struct vec *rows)
{
    const size_t size = sizeof(struct sortable) + fact->sort_count * sizeof(const char *);
    uint64_t length = 0;
    char *room = arena_alloc(arena, rows->count * size);

    for (size_t i = 0; i < rows->count; i++) {
        struct sortable *sortable = (struct sortable *)(void *)(room + i * size);
        sortable->row = rows->items[i];
        for (size_t key = 0; key < fact->sort_count; key++) {
            sortable->values[key] = row_get(sortable->row, fact->sort[key].column);
            length += sortable->values[key] != NULL ? strlen(sortable->values[key]) : 0;
        }
        rows->items[i] = sortable;
    }
    const bool can = !is_long_to_sort(length, rows->count);
    if (can)
        qsort_r(rows->items, rows->count, sizeof(*rows->items), compare_rows, (void *)fact);
    for (size_t i = 0; i < rows->count; i++)
        rows->items[i] = ((const struct sortable *)rows->items[i])->row;
    return can;
}

/* A text that is equal for rows that are equal in the distinct columns, and only for them. In key, if it must be made.
 */
static const char *distinct_key(const struct fact *fact, const struct row *row, struct buf *key)
{
    key->length = 0;
    for (size_t i = 0; i < fact->distinct_count; i++) {
        const char *value = row_get(row, fact->distinct[i]);
        if (value != NULL && fact->distinct_count == 1)
            return value;
        buf_add(key, value != NULL ? value : "\x1e");
        buf_char(key, '\x1f');
    }
    return key->data;
}

static void keep_distinct(struct arena *arena, const struct fact *fact, struct vec *rows)
{
    AUTO(buf_free) struct buf made = BUF_INIT;
    struct map seen = {0};
    size_t kept = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const char *key = distinct_key(fact, rows->items[i], &made);
        if (map_get(&seen, key) != NULL)
            continue;
        map_put(arena, &seen, key == made.data ? arena_strdup(arena, key) : key, rows->items[i]);
        rows->items[kept++] = rows->items[i];
    }
    rows->count = kept;
}

/* The rows of one row of the loop, as a tree. */
struct family {
    struct row *const *rows;
    size_t count;
    struct map children; /* of struct vec: by their parent's name, positions among the rows and one more */
    bool *kept;
};

static void add_child(struct arena *arena, struct family *family, size_t position, const char *parent)
{
    struct vec *children = map_get(&family->children, parent);

    if (children == NULL) {
        children = arena_new_object(arena, struct vec);
        map_put(arena, &family->children, parent, children);
    }
    vec_push(arena, children, (void *)(position + 1));
}

/* From the root down, each name once: rows that are their own ancestors are never come to. */
static void keep_descendants(struct arena *arena, const struct descent *below, struct family *family)
{
    struct vec names = {0};

    vec_push(arena, &names, below->root);
    for (size_t next = 0; next < names.count; next++) {
        struct vec *children = map_get(&family->children, names.items[next]);
        for (size_t i = 0; children != NULL && i < children->count; i++) {
            const size_t position = (size_t)children->items[i] - 1;
            const char *name = row_get(family->rows[position], below->name);
            family->kept[position] = true;
            if (name != NULL)
                vec_push(arena, &names, name);
        }
        if (children != NULL)
            children->count = 0;
    }
}

/* Rows that were found for one row of the loop lie side by side. */
static size_t family_end(const struct vec *rows, size_t start)
{
    const struct row *loop = ((const struct row *)rows->items[start])->parents[0];
    size_t end = start + 1;

    while (end < rows->count && ((const struct row *)rows->items[end])->parents[0] == loop)
        end++;
    return end;
}

static void keep_below(struct arena *arena, const struct descent *below, struct vec *rows)
{
    bool *kept = arena_alloc(arena, rows->count * sizeof(*kept));
    size_t count = 0;

    for (size_t start = 0, end; start < rows->count; start = end) {
        end = family_end(rows, start);
        struct family family = {(struct row *const *)rows->items + start, end - start, {0}, kept + start};
        for (size_t i = 0; i < family.count; i++) {
            const char *parent = row_get(family.rows[i], below->parent);
            if (parent != NULL)
                add_child(arena, &family, i, parent);
        }
        keep_descendants(arena, below, &family);
    }
    for (size_t i = 0; i < rows->count; i++)
        if (kept[i])
            rows->items[count++] = rows->items[i];
    rows->count = count;
}

bool rows_modify(struct arena *arena, const struct fact *fact, struct vec *rows)
{
    if (fact->below.root != NULL && rows->count > 0)
        keep_below(arena, &fact->below, rows);
    if (fact->sort_count > 0 && rows->count > 1 && !sort_rows(arena, fact, rows))
        return false;
    if (fact->distinct_count > 0 && rows->count > 1)
        keep_distinct(arena, fact, rows);
    if (fact->first && rows->count > 1)
        rows->count = 1;
    return true;
}
