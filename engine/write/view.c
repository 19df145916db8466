/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Views: tables over documents, described by schemas/views/NAME.yaml. */
#include "base/file.h"
#include "base/text.h"
#include "write/write.h"

#include <errno.h>

enum { VIEW_LIMIT = 1024 * 1024 };

struct reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
};

/* A key of a view file and where its text or flag goes. */
struct view_key {
    const char *name;
    size_t offset;
    bool flag;
    bool required;
};

static const struct view_key top_keys[] = {
    {"view", offsetof(struct view, name), false, true},
    {"document", offsetof(struct view, document), false, true},
    {"summary", offsetof(struct view, summary), false, false},
    {"rows", offsetof(struct view, rows), false, true},
    {"format", offsetof(struct view, format), false, false},
    {"colours", offsetof(struct view, colours), false, false},
    {NULL, 0, false, false},
};
static const struct view_key column_keys[] = {
    {"name", offsetof(struct view_column, name), false, true},
    {"help", offsetof(struct view_column, help), false, false},
    {"xpath", offsetof(struct view_column, xpath), false, true},
    {"else", offsetof(struct view_column, otherwise), false, false},
    {"hidden", offsetof(struct view_column, hidden), true, false},
    {"number", offsetof(struct view_column, number), true, false},
    {"upper", offsetof(struct view_column, upper), true, false},
    {"list", offsetof(struct view_column, list), true, false},
    {NULL, 0, false, false},
};
static const struct view_key filter_keys[] = {
    {"option", offsetof(struct view_filter, option), false, true},
    {"argument", offsetof(struct view_filter, argument), false, false},
    {"help", offsetof(struct view_filter, help), false, false},
    {"where", offsetof(struct view_filter, where), false, true},
    {"group", offsetof(struct view_filter, group), false, false},
    {NULL, 0, false, false},
};

static const struct view_key *find_key(const struct view_key *keys, const char *name)
{
    for (; keys->name; keys++)
        if (text_equal(keys->name, name))
            return keys;
    return NULL;
}

static void read_key(const struct reader *reader, const struct view_key *key, const struct yaml_node *value,
                     char *object)
{
    if (key->flag) {
        if (!yaml_bool(value, (bool *)(object + key->offset)))
            diagnose(reader->diagnostics, DIAG_BAD_VIEW, value->at, NULL, "'%s' should be yes or no", key->name);
        return;
    }
    if (value->kind != YAML_NODE_SCALAR) {
        diagnose(reader->diagnostics, DIAG_BAD_VIEW, value->at, NULL, "'%s' should be text", key->name);
        return;
    }
    *(const char **)(object + key->offset) = value->value;
}

/* Fills an object from a mapping; keys that are not in the table must be among the two lists of a view. */
static void read_mapping(const struct reader *reader, const struct yaml_node *mapping, const struct view_key *keys,
                         void *object)
{
    if (mapping->kind != YAML_NODE_MAPPING) {
        diagnose(reader->diagnostics, DIAG_BAD_VIEW, mapping->at, NULL, "this should be a mapping");
        return;
    }
    for (size_t i = 0; i < mapping->count; i++) {
        const char *name = mapping->keys[i]->value;
        const struct view_key *key = find_key(keys, name);
        bool list = keys == top_keys && (text_equal(name, "columns") || text_equal(name, "filters"));
        if (key)
            read_key(reader, key, mapping->items[i], object);
        else if (!list)
            diagnose(reader->diagnostics, DIAG_BAD_VIEW, mapping->keys[i]->at, NULL, "unknown key '%s'", name);
    }
    for (; keys->name; keys++)
        if (keys->required && !yaml_get(mapping, keys->name))
            diagnose(reader->diagnostics, DIAG_BAD_VIEW, mapping->at, NULL, "'%s' is missing", keys->name);
}

static size_t read_list(const struct reader *reader, const struct yaml_node *view, const char *name,
                        const struct view_key *keys, size_t size, void **ret_objects)
{
    const struct yaml_node *list = yaml_get(view, name);
    if (!list || list->kind != YAML_NODE_SEQUENCE)
        return 0;
    char *objects = arena_alloc(reader->arena, (list->count + 1) * size);
    for (size_t i = 0; i < list->count; i++)
        read_mapping(reader, list->items[i], keys, objects + i * size);
    *ret_objects = objects;
    return list->count;
}

static const struct view *read_view(const struct reader *reader, const struct yaml_node *tree)
{
    struct view *view = arena_new_object(reader->arena, struct view);
    size_t errors = reader->diagnostics->errors;
    read_mapping(reader, tree, top_keys, view);
    view->column_count =
        read_list(reader, tree, "columns", column_keys, sizeof(struct view_column), (void **)&view->columns);
    view->filter_count =
        read_list(reader, tree, "filters", filter_keys, sizeof(struct view_filter), (void **)&view->filters);
    if (view->column_count == 0)
        diagnose(reader->diagnostics, DIAG_BAD_VIEW, tree->at, NULL, "a view needs columns");
    return reader->diagnostics->errors == errors ? view : NULL;
}

const struct view *view_load(struct arena *arena, const char *const *schema_directories, const char *name,
                             struct diagnostics *diagnostics, const char **ret_error)
{
    for (; *schema_directories; schema_directories++) {
        struct source *source = arena_new_object(arena, struct source);
        source->path = arena_printf(arena, "%s/views/%s.yaml", *schema_directories, name);
        char *text = NULL;
        int error = file_read(arena, source->path, VIEW_LIMIT, &text, &source->length);
        if (error == -ENOENT)
            continue;
        if (error) {
            *ret_error = arena_printf(arena, "%s: %s", source->path, file_error(error));
            return NULL;
        }
        source->text = text;
        bool empty = false;
        struct yaml_node *tree = yaml_parse(arena, source, diagnostics, &empty);
        const struct reader reader = {arena, diagnostics};
        const struct view *view = tree ? read_view(&reader, tree) : NULL;
        if (!view)
            *ret_error = arena_printf(arena, "%s is not a view", source->path);
        return view;
    }
    *ret_error = arena_printf(arena, "no view '%s' in the schema directories", name);
    return NULL;
}
