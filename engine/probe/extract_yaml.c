/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The extract yaml: rows out of YAML files. */
#include "probe/data_path.h"
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"
#include "base/yaml.h"

/* A tree takes many times the memory of its text. */
enum { YAML_LIMIT = 4 * 1024 * 1024 };

static enum data_kind kind_of(const void *context, const void *node)
{
    static const enum data_kind kinds[] = {
        [YAML_NODE_SCALAR] = DATA_SCALAR, [YAML_NODE_SEQUENCE] = DATA_LIST, [YAML_NODE_MAPPING] = DATA_OBJECT};

    (void)context;
    return yaml_is_null(node) ? DATA_NULL : kinds[((const struct yaml_node *)node)->kind];
}

static const char *text_of(const void *context, struct arena *arena, const void *node)
{
    const struct yaml_node *scalar = node;

    (void)context;
    return text_sanitise(arena, scalar->value, scalar->length);
}

static size_t count_of(const void *context, const void *list)
{
    (void)context;
    return ((const struct yaml_node *)list)->count;
}

static const void *item_of(const void *context, const void *list, size_t index)
{
    (void)context;
    return ((const struct yaml_node *)list)->items[index];
}

static const void *member_of(const void *context, const void *object, const char *key)
{
    (void)context;
    return yaml_get(object, key);
}

static bool members_of(const void *context, const void *object,
                       bool (*visit)(void *data, const char *key, const void *value), void *data)
{
    const struct yaml_node *mapping = object;

    (void)context;
    for (size_t i = 0; i < mapping->count; i++)
        if (!visit(data, mapping->keys[i]->value, mapping->items[i]))
            return false;
    return true;
}

static const struct data_methods methods = {kind_of, text_of, count_of, item_of, member_of, members_of};

static enum verdict broken(struct probe *probe, const struct item *item, const struct diagnostics *problems)
{
    const struct diagnostic *first = problems->list.count ? problems->list.items[0] : NULL;

    if (!first)
        return probe_no(probe, "%s: there is no value", probe_item_name(item));
    return probe_unknown(probe, "%s: line %u, column %u: %s", probe_item_name(item), first->at.line, first->at.column,
                         first->message);
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    struct diagnostics problems = {.arena = probe->arena};
    struct data_tree tree = {&methods, NULL, {0}};
    struct source *source = arena_new_object(probe->arena, struct source);
    struct yaml_node *root;
    size_t length;
    const char *text;
    bool empty = false;
    enum verdict verdict = probe_content(probe, item, &text, &length);

    if (verdict != VERDICT_YES)
        return verdict;
    if (length > YAML_LIMIT) {
        probe_refuse(probe, "%s: more than %d MiB of YAML", probe_item_name(item), YAML_LIMIT >> 20);
        return VERDICT_UNKNOWN;
    }
    *source = (struct source){probe_item_name(item), NULL, text, length};
    root = yaml_parse(probe->arena, source, &problems, &empty);
    if (!root)
        return broken(probe, item, &problems);
    vec_push(probe->arena, &tree.values, root);
    return data_rows(probe, item, &tree, probe->extract_arguments[0].text);
}

static const char *const columns[] = {"text", "index", NULL};

static const struct field fields[] = {
    {"yaml", FIELD_TEMPLATE, FIELD_REQUIRED, NULL, "path to the values: a.b[*].c, [0], \"a key\"; . is the root", NULL},
    {0},
};

const struct extract_kind extract_yaml = {
    .name = "yaml",
    .help =
        "One row a value or object found in YAML, a column a scalar member, text a scalar, index its place in the last "
        "[*].",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_OPEN_COLUMNS,
    .eval = eval,
};
