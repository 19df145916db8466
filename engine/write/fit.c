/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a table fit a terminal: cells are wrapped between words, the widest columns first, where that is not enough
 * long paths behind slashes, and where not even that is the last columns are left out.
 */
#include "write/align.h"
#include "write/wrap.h"

enum { GAP = 1 }; /* between columns */

struct grid_layout {
    size_t *widths, *least; /* of each column: as it is, and that of its longest word */
    size_t count;
};

static void measure(const struct grid *grid, struct grid_layout *layout, bool paths)
{
    for (size_t j = 0; j < layout->count; j++) {
        layout->widths[j] = layout->least[j] = text_width(grid->columns[j].name);
        for (size_t i = 0; i < grid->rows.count; i++) {
            const char *cell = ((const char *const *)grid->rows.items[i])[j];
            const size_t line = cell ? widest_line(cell) : 0;
            const size_t word = cell ? widest_word(cell, paths && grid->columns[j].path) : 0;
            layout->widths[j] = line > layout->widths[j] ? line : layout->widths[j];
            layout->least[j] = word > layout->least[j] ? word : layout->least[j];
        }
    }
}

static size_t sum(const size_t *widths, size_t count)
{
    size_t total = count > 0 ? (count - 1) * GAP : 0;
    for (size_t i = 0; i < count; i++)
        total += widths[i];
    return total;
}

/* The widest column that can be narrower; count: none can. */
static size_t widest(const struct grid_layout *layout)
{
    size_t found = layout->count;
    for (size_t j = 0; j < layout->count; j++)
        if (layout->widths[j] > layout->least[j] &&
            (found == layout->count || layout->widths[j] > layout->widths[found]))
            found = j;
    return found;
}

static void shrink(struct grid_layout *layout, size_t width)
{
    while (layout->count > 1 && sum(layout->least, layout->count) > width)
        layout->count--;
    for (size_t total = sum(layout->widths, layout->count); total > width; total--) {
        const size_t column = widest(layout);
        if (column == layout->count)
            return;
        layout->widths[column]--;
    }
}

static const char *wrapped(struct arena *arena, const char *cell, size_t width, bool paths)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    if (!cell || widest_line(cell) <= width)
        return cell;
    add_wrapped(&out, cell, width, 0, paths);
    return arena_strdup(arena, buf_text(&out));
}

struct grid grid_fit(struct arena *arena, const struct grid *grid, size_t width)
{
    AUTO(utf8_leave) struct utf8_locale locale = utf8_enter();
    const size_t room = grid->column_count + 1;
    struct grid_layout layout = {arena_alloc(arena, room * sizeof(size_t)), arena_alloc(arena, room * sizeof(size_t)),
                                 grid->column_count};
    struct grid fitted = *grid;

    (void)locale;
    measure(grid, &layout, false);
    if (sum(layout.least, layout.count) > width)
        measure(grid, &layout, true);
    shrink(&layout, width);
    fitted.column_count = layout.count;
    fitted.rows = (struct vec){0};
    for (size_t i = 0; i < grid->rows.count; i++) {
        const char *const *cells = grid->rows.items[i];
        const char **narrow = arena_alloc(arena, room * sizeof(*narrow));
        for (size_t j = 0; j < layout.count; j++)
            narrow[j] = wrapped(arena, cells[j], layout.widths[j], grid->columns[j].path);
        vec_push(arena, &fitted.rows, narrow);
    }
    return fitted;
}
