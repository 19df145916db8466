/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a document and a view to a grid: rows that pass the filters, cells by XPath. */
#include "base/text.h"
#include "write/write.h"

#include <string.h>

static const struct view_column *find_column(const struct view *view, const char *name, size_t length)
{
    for (size_t i = 0; i < view->column_count; i++)
        if (strlen(view->columns[i].name) == length && strncasecmp(view->columns[i].name, name, length) == 0)
            return &view->columns[i];
    return NULL;
}

static const char *no_column(struct arena *arena, const struct view *view, const char *name)
{
    AUTO(buf_free) struct buf names = BUF_INIT;
    for (size_t i = 0; i < view->column_count; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", view->columns[i].name);
    return arena_printf(arena, "no column '%s'; there are %s", name, buf_text(&names));
}

static bool choose_columns(struct arena *arena, const struct view *view, const char *names, struct grid *grid,
                           const char **ret_error)
{
    struct view_column *chosen =
        arena_alloc(arena, (strlen(names ? names : "") + view->column_count + 1) * sizeof *chosen);
    size_t count = 0;
    bool all = text_equal(names, "*");
    for (size_t i = 0; (!names || all) && i < view->column_count; i++)
        if (all || !view->columns[i].hidden)
            chosen[count++] = view->columns[i];
    while (names && !all && *names) {
        size_t length = strcspn(names, ",");
        const struct view_column *column = find_column(view, names, length);
        if (!column) {
            *ret_error = no_column(arena, view, arena_strndup(arena, names, length));
            return false;
        }
        chosen[count++] = *column;
        names += length + (names[length] == ',');
    }
    grid->columns = chosen;
    grid->colours = view->colours;
    grid->column_count = count;
    return true;
}

const char *view_wrong_column(struct arena *arena, const struct view *view, const char *names)
{
    struct grid ignored;
    const char *error = NULL;
    return choose_columns(arena, view, names, &ignored, &error) ? NULL : error;
}

struct selection {
    struct arena *arena;
    const struct view *view;
    struct questioner *questioner;
    const struct filter_value *values;
    size_t count;
};

/* What the values given for filters say of a row. */
struct opinion {
    bool given;
    bool passes; /* the condition holds for one of them */
};

static bool ask_filter(const struct selection *selection, const struct view_filter *filter, xmlNode *row,
                       struct opinion *opinion, const char **ret_error)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (!text_equal(selection->values[i].option, filter->option))
            continue;
        const char *value = selection->values[i].value;
        const struct named_text variables[] = {{"value", value ? value : ""}, {NULL, NULL}};
        struct xpath_result result = {0};
        if (!question(selection->questioner, row, filter->where, variables, &result, ret_error))
            return false;
        opinion->given = true;
        opinion->passes = opinion->passes || result.boolean;
    }
    return true;
}

/* Filters of a group speak together: a row needs to pass one of those that were given. */
static bool ask_group(const struct selection *selection, const struct view_filter *filter, xmlNode *row,
                      struct opinion *opinion, const char **ret_error)
{
    const struct view *view = selection->view;
    if (!filter->group)
        return ask_filter(selection, filter, row, opinion, ret_error);
    for (size_t i = 0; i < view->filter_count; i++)
        if (text_equal(view->filters[i].group, filter->group) &&
            !ask_filter(selection, &view->filters[i], row, opinion, ret_error))
            return false;
    return true;
}

static bool row_passes(const struct selection *selection, xmlNode *row, bool *ret_passes, const char **ret_error)
{
    *ret_passes = true;
    for (size_t i = 0; *ret_passes && i < selection->view->filter_count; i++) {
        struct opinion opinion = {0};
        if (!selection->view->filters[i].where) /* rules know of it */
            continue;
        if (!ask_group(selection, &selection->view->filters[i], row, &opinion, ret_error))
            return false;
        *ret_passes = !opinion.given || opinion.passes;
    }
    return true;
}

/* Words behind the command leave rows out as options do. */
static bool row_is_named(const struct selection *selection, xmlNode *row, bool *ret_passes, const char **ret_error)
{
    for (size_t i = 0; *ret_passes && i < selection->view->argument_count; i++) {
        const struct view_argument *argument = &selection->view->arguments[i];
        const struct view_filter filter = {.option = argument->name, .where = argument->where};
        struct opinion opinion = {0};
        if (argument->where && !ask_filter(selection, &filter, row, &opinion, ret_error))
            return false;
        *ret_passes = !opinion.given || opinion.passes;
    }
    return true;
}

/* Each node's text, on a line of its own. */
static const char *list_text(struct arena *arena, const struct xpath_result *result)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    for (size_t i = 0; i < result->count; i++) {
        buf_printf(&list, "%s%s", i ? "\n" : "", xml_text(arena, result->nodes[i]));
    }
    return arena_strdup(arena, buf_text(&list));
}

static const char *upper_text(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *at = copy; *at; at++)
        *at = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    return copy;
}

/* NULL: it is empty. */
static bool read_cell(const struct selection *selection, xmlNode *row, const struct view_column *column,
                      const char **ret_cell, const char **ret_error)
{
    const char *text = "";
    for (const char *xpath = column->xpath; xpath && !*text;
         xpath = xpath == column->xpath ? column->otherwise : NULL) {
        const struct named_text variables[] = {{"name", column->name}, {NULL, NULL}};
        struct xpath_result result = {0};
        if (!question(selection->questioner, row, xpath, column->across ? variables : NULL, &result, ret_error))
            return false;
        text = column->list ? list_text(selection->arena, &result) : result.text;
    }
    text = column->upper ? upper_text(selection->arena, text) : text;
    *ret_cell = *text ? text : NULL;
    return true;
}

static bool add_row(const struct selection *selection, xmlNode *row, struct grid *grid, const char **ret_error)
{
    const char **cells = arena_alloc(selection->arena, (grid->column_count + 1) * sizeof *cells);
    for (size_t i = 0; i < grid->column_count; i++) {
        if (!read_cell(selection, row, &grid->columns[i], &cells[i], ret_error))
            return false;
    }
    vec_push(selection->arena, &grid->rows, cells);
    return true;
}

bool view_fails(struct arena *arena, const struct view *view, const struct document *document, bool *ret_fails,
                const char **ret_error)
{
    struct xpath_result fails = {0};
    if (view->fails && !question(questioner_new(arena, document->xml), NULL, view->fails, NULL, &fails, ret_error))
        return false;
    *ret_fails = fails.boolean;
    return true;
}

/* Columns that the document names, behind those of the view. */
static bool add_across(const struct selection *selection, struct grid *grid, const char **ret_error)
{
    const struct view *view = selection->view;
    struct xpath_result names = {0};
    if (!view->across_names)
        return true;
    if (!question(selection->questioner, NULL, view->across_names, NULL, &names, ret_error))
        return false;
    struct view_column *columns =
        arena_alloc(selection->arena, (grid->column_count + names.count + 1) * sizeof *columns);
    memcpy(columns, grid->columns, grid->column_count * sizeof *columns);
    for (size_t i = 0; i < names.count; i++)
        columns[grid->column_count++] = (struct view_column){.name = xml_text(selection->arena, names.nodes[i]),
                                                             .xpath = view->across_xpath,
                                                             .number = true,
                                                             .across = true};
    grid->columns = columns;
    return true;
}

static bool is_empty(const struct grid *grid, size_t column)
{
    for (size_t i = 0; i < grid->rows.count; i++)
        if (((const char *const *)grid->rows.items[i])[column])
            return false;
    return true;
}

bool view_grid(struct arena *arena, const struct view *view, const xmlDoc *xml, const struct filter_value *filters,
               size_t filter_count, const char *columns, struct grid *ret_grid, const char **ret_error)
{
    const struct selection selection = {arena, view, questioner_new(arena, xml), filters, filter_count};
    struct xpath_result rows = {0};
    if (!choose_columns(arena, view, columns, ret_grid, ret_error) || !add_across(&selection, ret_grid, ret_error) ||
        !question(selection.questioner, NULL, view->rows, NULL, &rows, ret_error))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        bool passes = false;
        if (!row_passes(&selection, rows.nodes[i], &passes, ret_error) ||
            !row_is_named(&selection, rows.nodes[i], &passes, ret_error))
            return false;
        if (passes && !add_row(&selection, rows.nodes[i], ret_grid, ret_error))
            return false;
    }
    while (ret_grid->column_count > 0 && ret_grid->columns[ret_grid->column_count - 1].optional &&
           is_empty(ret_grid, ret_grid->column_count - 1))
        ret_grid->column_count--;
    return true;
}
