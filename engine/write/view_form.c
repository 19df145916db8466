/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A view as text of its own form: TAP, a textfile of Prometheus, or whatever a view file says, a template a line. */
#include "base/text.h"
#include "write/write.h"

#include <string.h>

/* One line. What cannot be said for want of a name is left out. */
static void add_line(struct buf *out, struct run *run, const struct row *row, const struct template *line)
{
    const struct scope scope = {.row = row};
    const char *text = NULL;

    if (template_expand(run, &scope, line, &text, NULL) != TEXT_SET)
        return;
    /* A line stays one, whatever the host says; the template of a block ends in a line break. */
    char *whole = text_trim(run_arena(run), text, strlen(text));
    for (char *at = whole; (at = strchr(at, '\n'));)
        *at = ' ';
    text_add_printable(out, whole, strlen(whole));
    buf_char(out, '\n');
}

static void set_number(struct arena *arena, struct row *row, const char *name, size_t number)
{
    row_set(arena, row, name, arena_printf(arena, "%zu", number));
}

/* The view with the form's own columns, all of which are asked for. */
static struct view with_columns(struct arena *arena, const struct view *view, const struct view_form *form)
{
    struct view wide = *view;

    wide.column_count = view->column_count + form->with.count;
    wide.columns = arena_alloc(arena, (wide.column_count + 1) * sizeof(*wide.columns));
    memcpy(wide.columns, view->columns, view->column_count * sizeof(*wide.columns));
    for (size_t i = 0; i < form->with.count; i++)
        wide.columns[view->column_count + i] = *(const struct view_column *)form->with.items[i];
    return wide;
}

bool view_write_form(struct buf *out, struct run *run, const struct view *view, const struct view_form *form,
                     const xmlDoc *xml, const struct filter_value *filters, size_t filter_count, const char **ret_error)
{
    struct arena *arena = run_arena(run);
    const struct view wide = with_columns(arena, view, form);
    struct grid grid = {0};
    struct row head = {0};

    if (!view_grid(arena, &wide, xml, filters, filter_count, "*", &grid, ret_error))
        return false;
    set_number(arena, &head, "count", grid.rows.count);
    for (size_t i = 0; i < form->head_count; i++)
        add_line(out, run, &head, form->head[i]);
    for (size_t i = 0; i < grid.rows.count; i++) {
        const char *const *cells = grid.rows.items[i];
        struct row row = {0};

        set_number(arena, &row, "count", grid.rows.count);
        set_number(arena, &row, "number", i + 1);
        for (size_t j = 0; j < grid.column_count; j++)
            if (cells[j])
                row_set(arena, &row, text_lower(arena, grid.columns[j].name), cells[j]);
        for (size_t j = 0; j < form->line_count; j++)
            add_line(out, run, &row, form->lines[j]);
    }
    return true;
}
