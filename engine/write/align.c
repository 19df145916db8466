/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plain tables: what libsmartcols prints when there is no terminal, without loading it. */
#include "write/align.h"

#include <string.h>

static const char *cell_text(const struct grid *grid, size_t row, size_t column)
{
    const char *const *cells = grid->rows.items[row];
    return cells[column] ? cells[column] : "";
}

static bool is_plain(const char *text)
{
    for (; *text; text++) {
        if (*text < ' ' || *text > '~')
            return false;
    }
    return true;
}

bool grid_is_plain(const struct grid *grid)
{
    for (size_t i = 0; i < grid->rows.count; i++) {
        for (size_t j = 0; j < grid->column_count; j++) {
            if (!is_plain(cell_text(grid, i, j)))
                return false;
        }
    }
    return true;
}

static size_t width_of(const struct grid *grid, size_t column)
{
    size_t width = strlen(grid->columns[column].name);
    for (size_t i = 0; i < grid->rows.count; i++) {
        size_t length = strlen(cell_text(grid, i, column));
        width = length > width ? length : width;
    }
    return width;
}

static void add_cell(struct buf *out, const struct grid *grid, const size_t *widths, size_t column, const char *text)
{
    bool last = column + 1 == grid->column_count;
    size_t length = strlen(text);
    size_t blanks = widths[column] - length;
    bool right = grid->columns[column].number;
    for (size_t i = 0; right && i < blanks; i++)
        buf_char(out, ' ');
    buf_add_n(out, text, length);
    for (size_t i = 0; !right && !last && i < blanks; i++)
        buf_char(out, ' ');
    if (!last)
        buf_char(out, ' ');
}

static void end_line(struct buf *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    buf_char(out, '\n');
}

void write_plain_table(struct buf *out, struct arena *arena, const struct grid *grid)
{
    size_t *widths = arena_alloc(arena, (grid->column_count + 1) * sizeof *widths);
    for (size_t j = 0; j < grid->column_count; j++)
        widths[j] = width_of(grid, j);
    for (size_t j = 0; j < grid->column_count; j++)
        add_cell(out, grid, widths, j, grid->columns[j].name);
    end_line(out);
    for (size_t i = 0; i < grid->rows.count; i++) {
        for (size_t j = 0; j < grid->column_count; j++)
            add_cell(out, grid, widths, j, cell_text(grid, i, j));
        end_line(out);
    }
}
