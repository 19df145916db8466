/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grids for people, by libsmartcols (loaded on use), and for scripts, as lines. */
#include "base/library.h"
#include "write/align.h"
#include "write/wrap.h"

#include <libsmartcols.h>
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
    int (*set_wrap)(struct libscols_column *, size_t (*)(const struct libscols_column *, const char *, void *),
                    char *(*)(const struct libscols_column *, char *, void *), void *);
    size_t (*line_width)(const struct libscols_column *, const char *, void *);
    char *(*next_line)(const struct libscols_column *, char *, void *);
    int (*set_safe)(struct libscols_column *, const char *);
    int (*force_width)(struct libscols_table *, int);
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
                                             {"scols_column_set_wrapfunc", &cols->set_wrap},
                                             {"scols_wrapnl_chunksize", &cols->line_width},
                                             {"scols_wrapnl_nextchunk", &cols->next_line},
                                             {"scols_column_set_safechars", &cols->set_safe},
                                             {"scols_table_set_termforce", &cols->force_width},
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

/* For a terminal, cells have line breaks where they are to end. */
static bool add_columns(const struct smartcols *cols, struct libscols_table *table, const struct grid *grid,
                        size_t width)
{
    for (size_t i = 0; i < grid->column_count; i++) {
        const int flags = (grid->columns[i].number ? SCOLS_FL_RIGHT : 0) | (width > 0 ? SCOLS_FL_WRAP : 0);
        struct libscols_column *column = cols->new_column(table, grid->columns[i].name, 0, flags);
        if (!column)
            return false;
        if (width == 0)
            continue;
        cols->set_safe(column, "\n");
        cols->set_wrap(column, cols->line_width, cols->next_line, NULL);
    }
    return true;
}

static bool fill(const struct smartcols *cols, struct libscols_table *table, const struct grid *grid,
                 const struct writer_options *options)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    if (!add_columns(cols, table, grid, options->width))
        return false;
    if (options->colour)
        cols->enable_colours(table, 1);
    for (size_t i = 0; i < grid->rows.count; i++) {
        const char *const *cells = grid->rows.items[i];
        struct libscols_line *line = cols->new_line(table, NULL);
        if (!line)
            return false;
        for (size_t j = 0; j < grid->column_count; j++) {
            const char *text = cells[j] ? cells[j] : "";
            fill_cell(cols, line, j, text, options->colour ? colour_of(arena, grid->colours, text) : NULL);
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

/* A table is as wide as it was made, which is narrower than a terminal unless a single word is not. */
static int print_table(const struct smartcols *cols, struct libscols_table *table, char **ret_text)
{
    AUTO(utf8_leave) struct utf8_locale locale = utf8_enter();
    (void)locale;
    cols->force_width(table, SCOLS_TERMFORCE_NEVER);
    return cols->print(table, ret_text);
}

static void add_line(struct buf *out, const char *cell);

/* A row with the values of its lists in one line, as write_grid_lines has them. */
static const char *const *one_line(struct arena *arena, const struct grid *grid, const char *const *cells)
{
    const char **row = arena_memdup(arena, cells, grid->column_count * sizeof(*cells));
    for (size_t i = 0; i < grid->column_count; i++) {
        AUTO(buf_free) struct buf line = BUF_INIT;
        if (!grid->columns[i].list || !row[i])
            continue;
        add_line(&line, row[i]);
        row[i] = arena_strdup(arena, buf_text(&line));
    }
    return row;
}

static struct grid without_breaks(struct arena *arena, const struct grid *grid)
{
    struct grid copy = *grid;
    bool lists = false;
    for (size_t i = 0; i < grid->column_count; i++)
        lists = lists || grid->columns[i].list;
    if (!lists)
        return copy;
    copy.rows = (struct vec){0};
    for (size_t i = 0; i < grid->rows.count; i++)
        vec_push(arena, &copy.rows, one_line(arena, grid, grid->rows.items[i]));
    return copy;
}

const char *write_table(struct buf *out, const struct grid *given, const struct writer_options *options)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const struct grid flat = without_breaks(arena, given), *grid = &flat;
    struct smartcols cols;
    if (grid->rows.count == 0)
        return NULL;
    if (options->width == 0 && !options->colour && grid_is_plain(grid)) {
        write_plain_table(out, arena, grid);
        return NULL;
    }
    if (load(arena, &cols))
        return write_grid_lines(out, grid, options);
    const struct grid fitted = options->width > 0 ? grid_fit(arena, grid, options->width) : *grid;
    struct libscols_table *table = cols.new_table();
    char *text = NULL;
    bool filled = table && fill(&cols, table, &fitted, options) && print_table(&cols, table, &text) == 0;
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
