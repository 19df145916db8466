/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Path tables as a matrix: a row for each candidate, a column for each selector of distributions. */
#include "base/text.h"
#include "cli/path_tables.h"

#include <string.h>

enum { FIXED = 3 }; /* columns before those of the selectors */

struct matrix {
    struct session *session;
    struct vec names;  /* of char: the selectors, any last */
    struct vec tables; /* of struct choice_table */
};

static size_t find_name(const struct vec *names, const char *name)
{
    size_t i = 0;
    while (i < names->count && !text_equal(names->items[i], name))
        i++;
    return i;
}

static void add_selectors(struct matrix *matrix, const struct choice_table *table)
{
    struct arena *arena = matrix->session->arena;
    for (size_t row = 0; row < table->count; row++)
        if (!text_equal(table->rows[row].key, "any") &&
            find_name(&matrix->names, table->rows[row].key) == matrix->names.count)
            vec_push(arena, &matrix->names, table->rows[row].key);
    vec_push(arena, &matrix->tables, table);
}

static void add_rule(struct matrix *matrix, const struct rule *rule)
{
    for (size_t i = 0; i < rule->paths.count; i++)
        add_selectors(matrix, rule->paths.entries[i].value);
}

static const struct view_column *make_columns(struct matrix *matrix)
{
    static const struct view_column fixed[FIXED] = {
        {.name = "RULE", .help = "rule id"},
        {.name = "TABLE", .help = "path table"},
        {.name = "CANDIDATE", .help = "the path"},
    };
    struct view_column *columns = arena_alloc(matrix->session->arena, (FIXED + matrix->names.count) * sizeof *columns);
    memcpy(columns, fixed, sizeof fixed);
    for (size_t i = 0; i < matrix->names.count; i++)
        columns[FIXED + i] = (struct view_column){.name = matrix->names.items[i], .number = true};
    return columns;
}

/* The cells of a candidate, found again or new. */
static const char **line_of(struct matrix *matrix, struct grid *grid, size_t first, const struct choice_table *table,
                            const char *candidate)
{
    for (size_t i = first; i < grid->rows.count; i++) {
        const char **cells = grid->rows.items[i];
        if (text_equal(cells[2], candidate))
            return cells;
    }
    const char **cells = arena_alloc(matrix->session->arena, grid->column_count * sizeof *cells);
    cells[0] = table->rule->id;
    cells[1] = table->name;
    cells[2] = candidate;
    vec_push(matrix->session->arena, &grid->rows, cells);
    return cells;
}

/* A cell says when the candidate is tried there: 1 is the first. */
static void add_table(struct matrix *matrix, struct grid *grid, const struct choice_table *table)
{
    size_t first = grid->rows.count;
    for (size_t row = 0; row < table->count; row++) {
        size_t column = FIXED + find_name(&matrix->names, table->rows[row].key);
        for (size_t i = 0; i < table->rows[row].count; i++) {
            const char **cells = line_of(matrix, grid, first, table, table->rows[row].values[i]->text);
            if (!cells[column])
                cells[column] = arena_printf(matrix->session->arena, "%zu", i + 1);
        }
    }
}

enum status path_matrix(struct session *session, const char *rule)
{
    struct matrix matrix = {.session = session};
    const struct map *rules = &session->rules->rules;
    for (size_t i = 0; i < rules->count; i++)
        if (!rule || text_equal(rules->entries[i].key, rule))
            add_rule(&matrix, rules->entries[i].value);
    texts_sort_natural(&matrix.names);
    vec_push(session->arena, &matrix.names, "any");
    struct grid grid = {.columns = make_columns(&matrix), .column_count = FIXED + matrix.names.count};
    for (size_t i = 0; i < matrix.tables.count; i++)
        add_table(&matrix, &grid, matrix.tables.items[i]);
    return output_grid(session, &grid, "table");
}
