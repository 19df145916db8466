/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grids for people, by libsmartcols (loaded on use), and for scripts, as lines. */
#include "base/library.h"
#include "write/align.h"
#include "write/write.h"

#include <libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define SONAME "libsmartcols.so.1"
LIBRARY_NOTE(SONAME, "tables", "tables for people", "recommended");

struct smartcols {
    struct libscols_table *(*new_table)(void);
    struct libscols_column *(*new_column)(struct libscols_table *, const char *, double, int);
    struct libscols_line *(*new_line)(struct libscols_table *, struct libscols_line *);
    int (*set_data)(struct libscols_line *, size_t, const char *);
    struct libscols_cell *(*get_cell)(struct libscols_line *, size_t);
    int (*set_colour)(struct libscols_cell *, const char *);
    int (*enable_colours)(struct libscols_table *, int);
    int (*print)(struct libscols_table *, char **);
    void (*unref)(struct libscols_table *);
};

static const char *load(struct arena *arena, struct smartcols *cols)
{
    const struct library_symbol symbols[] = {{"scols_new_table", &cols->new_table},
                                             {"scols_table_new_column", &cols->new_column},
                                             {"scols_table_new_line", &cols->new_line},
                                             {"scols_line_set_data", &cols->set_data},
                                             {"scols_line_get_cell", &cols->get_cell},
                                             {"scols_cell_set_color", &cols->set_colour},
                                             {"scols_table_enable_colors", &cols->enable_colours},
                                             {"scols_print_table_to_string", &cols->print},
                                             {"scols_unref_table", &cols->unref},
                                             {NULL, NULL}};
    return library_load(arena, SONAME, symbols);
}

/* The colour of a cell: what stands behind "TEXT="; NULL: none. */
static const char *colour_of(struct arena *arena, const char *colours, const char *text)
{
    size_t length = strlen(text);
    for (const char *word = colours; word && *word; word += strspn(word, " ")) {
        size_t end = strcspn(word, " ");
        if (length > 0 && end > length && strncmp(word, text, length) == 0 && word[length] == '=')
            return arena_strndup(arena, word + length + 1, end - length - 1);
        word += end;
    }
    return NULL;
}

static void fill_cell(const struct smartcols *cols, struct libscols_line *line, size_t column, const char *text,
                      const char *colour)
{
    cols->set_data(line, column, text);
    if (colour)
        cols->set_colour(cols->get_cell(line, column), colour);
}

/* The last column takes what room there is on a terminal, in several lines if need be. */
static bool add_columns(const struct smartcols *cols, struct libscols_table *table, const struct grid *grid)
{
    for (size_t i = 0; i < grid->column_count; i++) {
        int flags = (grid->columns[i].number ? SCOLS_FL_RIGHT : 0) | (i + 1 == grid->column_count ? SCOLS_FL_WRAP : 0);
        if (!cols->new_column(table, grid->columns[i].name, 0, flags))
            return false;
    }
    return true;
}

static bool fill(const struct smartcols *cols, struct libscols_table *table, const struct grid *grid, bool colour)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    if (!add_columns(cols, table, grid))
        return false;
    if (colour)
        cols->enable_colours(table, 1);
    for (size_t i = 0; i < grid->rows.count; i++) {
        const char *const *cells = grid->rows.items[i];
        struct libscols_line *line = cols->new_line(table, NULL);
        if (!line)
            return false;
        for (size_t j = 0; j < grid->column_count; j++) {
            const char *text = cells[j] ? cells[j] : "";
            fill_cell(cols, line, j, text, colour ? colour_of(arena, grid->colours, text) : NULL);
        }
    }
    return true;
}

/* Without the blanks that fill up the last column; every line is ended. */
static void add_lines(struct buf *out, const char *text)
{
    for (size_t length; *text; text += length + (text[length] != '\0')) {
        length = strcspn(text, "\n");
        size_t end = length;
        while (end > 0 && text[end - 1] == ' ')
            end--;
        buf_add_n(out, text, end);
        buf_char(out, '\n');
    }
}

/* libsmartcols measures and escapes by the thread's locale, and all text here is UTF-8. */
static int print_table(const struct smartcols *cols, struct libscols_table *table, char **ret_text)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    int error = cols->print(table, ret_text);
    if (utf8) {
        uselocale(before);
        freelocale(utf8);
    }
    return error;
}

const char *write_table(struct buf *out, const struct grid *grid, const struct writer_options *options)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct smartcols cols;
    if (grid->rows.count == 0)
        return NULL;
    if (!options->terminal && !options->colour && grid_is_plain(grid)) {
        write_plain_table(out, arena, grid);
        return NULL;
    }
    if (load(arena, &cols))
        return write_grid_lines(out, grid, options);
    struct libscols_table *table = cols.new_table();
    char *text = NULL;
    bool filled = table && fill(&cols, table, grid, options->colour) && print_table(&cols, table, &text) == 0;
    if (filled && text)
        add_lines(out, text);
    free(text);
    cols.unref(table);
    return filled ? NULL : "libsmartcols could not build the table";
}

/* A list's values are one line here, and a tab is between cells only. */
static void add_line(struct buf *out, const char *cell)
{
    for (; *cell; cell++) {
        if (*cell == '\n')
            buf_add(out, "; ");
        else
            buf_char(out, *cell == '\t' || *cell == '\r' ? ' ' : *cell);
    }
}

const char *write_grid_lines(struct buf *out, const struct grid *grid, const struct writer_options *options)
{
    (void)options;
    for (size_t i = 0; i < grid->rows.count; i++) {
        const char *const *cells = grid->rows.items[i];
        for (size_t j = 0; j < grid->column_count; j++) {
            if (j)
                buf_char(out, '\t');
            add_line(out, cells[j] ? cells[j] : "");
        }
        buf_char(out, '\n');
    }
    return NULL;
}
