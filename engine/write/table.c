/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grids for people, by libsmartcols (loaded on use), and for scripts, as lines. */
#include "base/file.h"
#include "write/write.h"

#include <libsmartcols.h>
#include <stdlib.h>

struct smartcols {
    struct libscols_table *(*new_table)(void);
    struct libscols_column *(*new_column)(struct libscols_table *, const char *, double, int);
    struct libscols_line *(*new_line)(struct libscols_table *, struct libscols_line *);
    int (*set_data)(struct libscols_line *, size_t, const char *);
    int (*print)(struct libscols_table *, char **);
    void (*unref)(struct libscols_table *);
};

static const char *load(struct arena *arena, struct smartcols *cols)
{
    const struct library_symbol symbols[] = {{"scols_new_table", &cols->new_table},
                                             {"scols_table_new_column", &cols->new_column},
                                             {"scols_table_new_line", &cols->new_line},
                                             {"scols_line_set_data", &cols->set_data},
                                             {"scols_print_table_to_string", &cols->print},
                                             {"scols_unref_table", &cols->unref},
                                             {NULL, NULL}};
    return library_load(arena, "libsmartcols.so.1", symbols);
}

static bool fill(const struct smartcols *cols, struct libscols_table *table, const struct grid *grid)
{
    for (size_t i = 0; i < grid->column_count; i++)
        if (!cols->new_column(table, grid->columns[i].name, 0, grid->columns[i].number ? SCOLS_FL_RIGHT : 0))
            return false;
    for (size_t i = 0; i < grid->rows.count; i++) {
        const char *const *cells = grid->rows.items[i];
        struct libscols_line *line = cols->new_line(table, NULL);
        if (!line)
            return false;
        for (size_t j = 0; j < grid->column_count; j++)
            cols->set_data(line, j, cells[j] ? cells[j] : "");
    }
    return true;
}

const char *write_table(struct buf *out, const struct grid *grid, const struct writer_options *options)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct smartcols cols;
    if (grid->rows.count == 0)
        return NULL;
    if (load(arena, &cols))
        return write_grid_lines(out, grid, options);
    struct libscols_table *table = cols.new_table();
    char *text = NULL;
    bool filled = table && fill(&cols, table, grid) && cols.print(table, &text) == 0;
    if (filled && text)
        buf_add(out, text);
    free(text);
    cols.unref(table);
    return filled ? NULL : "libsmartcols could not build the table";
}

const char *write_grid_lines(struct buf *out, const struct grid *grid, const struct writer_options *options)
{
    (void)options;
    for (size_t i = 0; i < grid->rows.count; i++) {
        const char *const *cells = grid->rows.items[i];
        for (size_t j = 0; j < grid->column_count; j++) {
            if (j)
                buf_char(out, '\t');
            buf_add(out, cells[j] ? cells[j] : "");
        }
        buf_char(out, '\n');
    }
    return NULL;
}
