/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts: kinds, columns, stems, modifiers. */
#include "rules/link.h"

#include "base/text.h"

#include <string.h>

static bool has_field(const struct field *field, const char *key)
{
    while (field->key && strcmp(field->key, key) != 0)
        field++;
    return field->key != NULL;
}

/* The number of the first kind that a key names; 0: none. Keys that are fields of the source (may be NULL) name none.
 */
static size_t find_kind(const struct map *kinds, const struct source_kind *source, const struct yaml_node *node)
{
    size_t first = 0;

    for (size_t i = 0; node->kind == YAML_NODE_MAPPING && i < node->count; i++) {
        size_t number = (size_t)map_get(kinds, node->keys[i]->value);

        if (number && (!first || number < first) && !(source && has_field(source->fields, node->keys[i]->value)))
            first = number;
    }
    return first;
}

static const struct source_kind *find_source(const struct linker *linker, const struct yaml_node *node)
{
    size_t number = find_kind(&linker->sources, NULL, node);

    return number ? linker->vocabulary->sources[number - 1] : NULL;
}

/* A key such as xpath may be a field of the source. */
static const struct extract_kind *find_extract(const struct linker *linker, const struct source_kind *source,
                                               const struct yaml_node *node)
{
    size_t number = find_kind(&linker->extracts, source, node);

    return number ? linker->vocabulary->extracts[number - 1] : NULL;
}

static void shape_with(struct linker *linker, struct fact *fact, const struct yaml_node *node)
{
    if (!node || node->kind != YAML_NODE_MAPPING)
        return;
    fact->with = arena_alloc(linker->arena, node->count * sizeof(struct named_template));
    fact->with_count = node->count;
    for (size_t i = 0; i < node->count; i++)
        fact->with[i].name = node->keys[i]->value;
}

static bool flag(const struct yaml_node *node)
{
    bool value = false;

    return node && yaml_bool(node, &value) && value;
}

static void shape_modifiers(struct linker *linker, struct fact *fact, const struct yaml_node *node)
{
    const struct yaml_node *timeout = yaml_get(node, "timeout");
    int64_t seconds = 0;

    shape_with(linker, fact, yaml_get(node, "with"));
    fact->first = flag(yaml_get(node, "first"));
    fact->cache = flag(yaml_get(node, "cache"));
    if (timeout && text_number(timeout->value, &seconds))
        fact->timeout = (unsigned)seconds;
}

void link_fact_shape(struct linker *linker, struct fact_state *state)
{
    struct fact *fact = state->fact;
    const struct yaml_node *loop = yaml_get(state->node, "for");

    if (loop)
        fact->loop = link_fact_name(linker, span_of(loop));
    fact->open_columns = loop && !fact->loop;
    fact->source = find_source(linker, state->node);
    shape_modifiers(linker, fact, state->node);
    if (!fact->source) {
        diagnose(linker->diagnostics, DIAG_SEVERAL_SOURCES, fact->at, NULL, "fact '%s' has no source", fact->name);
        return;
    }
    fact->source_values = link_field_shapes(linker, state, fact->source->fields, state->node);
    fact->open_columns |= (fact->source->flags & SOURCE_OPEN_COLUMNS) != 0;
    fact->extract = find_extract(linker, fact->source, state->node);
    if (!fact->extract)
        return;
    fact->extract_values = link_field_shapes(linker, state, fact->extract->fields, state->node);
    fact->open_columns |= (fact->extract->flags & SOURCE_OPEN_COLUMNS) != 0;
}

/* The facts that are read row by row: the loop and those of from:. */
static void collect_parents(struct linker *linker, struct fact_state *state)
{
    const struct fact *fact = state->fact;
    const struct field *field = fact->source ? fact->source->fields : NULL;

    if (fact->loop)
        vec_push(linker->scratch, &state->parents, fact->loop);
    for (size_t i = 0; field && field[i].key; i++)
        for (size_t j = 0; fact->source_values[i].facts && j < fact->source_values[i].count; j++)
            vec_push(linker->scratch, &state->parents, fact->source_values[i].facts[j]);
}

struct column_list {
    struct linker *linker;
    struct fact_state *state;
};

static void add_column(void *data, const char *name)
{
    struct column_list *list = data;

    struct map *columns = &list->state->columns;

    if (!map_get(columns, name) && link_inherit(list->linker, list->state->fact))
        map_put(list->linker->scratch, columns, name, (void *)(columns->count + 1));
}

static void add_columns(struct column_list *list, const char *const *names)
{
    for (; names && *names; names++)
        add_column(list, *names);
}

/* Those of a first stem are the same at the same positions. */
static void copy_columns(const struct column_list *list, const struct map *columns)
{
    struct linker *linker = list->linker;

    map_copy(linker->scratch, &list->state->columns, columns);
    linker->inherited += columns->count;
}

static void add_inherited(struct column_list *list, const struct map *columns)
{
    for (size_t i = 0; i < columns->count && list->linker->inherited <= LINK_INHERITED; i++)
        add_column(list, columns->entries[i].key);
}

static void inherit_columns(struct linker *linker, struct column_list *list, struct fact *fact, unsigned depth)
{
    collect_parents(linker, list->state);
    for (size_t i = 0; i < list->state->parents.count; i++) {
        const struct fact *stem = list->state->parents.items[i];
        struct fact_state *state = link_state(linker, stem);

        link_fact_columns(linker, state, depth + 1);
        if (list->state->columns.count == 0 && linker->inherited + state->columns.count <= LINK_INHERITED)
            copy_columns(list, &state->columns);
        else
            add_inherited(list, &state->columns);
        fact->open_columns |= stem->open_columns || linker->inherited > LINK_INHERITED;
    }
}

/* Columns of a cycle are left open, so that the cycle is the only thing reported. */
void link_fact_columns(struct linker *linker, struct fact_state *state, unsigned depth)
{
    struct fact *fact = state->fact;
    struct column_list list = {linker, state};

    if (state->columns_progress == LINK_DONE)
        return;
    if (state->columns_progress == LINK_BUSY || depth > LINK_CHAIN) {
        fact->open_columns = true;
        return;
    }
    state->columns_progress = LINK_BUSY;
    inherit_columns(linker, &list, fact, depth);
    if (fact->source) {
        add_columns(&list, fact->source->columns);
        link_field_columns(fact->source->fields, fact->source_values, add_column, &list);
    }
    state->source_limit = state->columns.count;
    if (fact->extract) {
        add_columns(&list, fact->extract->columns);
        link_field_columns(fact->extract->fields, fact->extract_values, add_column, &list);
    }
    state->found_limit = state->columns.count;
    for (size_t i = 0; i < fact->with_count; i++)
        add_column(&list, fact->with[i].name);
    fact->column_count = state->columns.count;
    fact->columns = arena_alloc(linker->arena, fact->column_count * sizeof(char *));
    for (size_t i = 0; i < fact->column_count; i++)
        fact->columns[i] = state->columns.entries[i].key;
    state->columns_progress = LINK_DONE;
}

static void add_stems(struct linker *linker, struct vec *stems, const struct fact *fact)
{
    const struct vec *parents = &link_state(linker, fact)->parents;

    for (size_t i = 0; i < parents->count; i++)
        if (link_take(linker, parents->items[i]) && link_inherit(linker, fact))
            vec_push(linker->scratch, stems, parents->items[i]);
}

/* Level by level, so that the nearest come first. */
void link_fact_stems(struct linker *linker, struct fact_state *state)
{
    struct fact *fact = state->fact;
    struct vec stems = {0};

    state->stamp = ++linker->stamp;
    add_stems(linker, &stems, fact);
    for (size_t i = 0; i < stems.count; i++)
        add_stems(linker, &stems, stems.items[i]);
    fact->stem_count = stems.count;
    if (stems.count)
        fact->stems = arena_memdup(linker->arena, stems.items, stems.count * sizeof(struct fact *));
}

static void link_with(struct linker *linker, struct fact_state *state, struct name_scope scope)
{
    const struct yaml_node *with = yaml_get(state->node, "with");
    struct fact *fact = state->fact;

    scope.limit = state->found_limit;
    for (size_t i = 0; i < fact->with_count; i++) {
        size_t position = (size_t)map_get(&state->columns, fact->with[i].name);

        fact->with[i].value = link_template(linker, span_of(with->items[i]), &scope);
        if (position > scope.limit)
            scope.limit = position;
    }
}

static void link_sort_key(struct linker *linker, struct fact_state *state, struct span span, bool bytes)
{
    struct fact *fact = state->fact;
    bool descending = span.length && span_start(span)[0] == '-';
    const char *column = link_column_name(linker, state, span_part(span, descending, span.length - descending));

    if (column)
        fact->sort[fact->sort_count++] = (struct sort_key){column, descending, bytes};
}

/* A column, {bytes: COLUMNS}, or a list of both. */
static size_t count_sort_keys(const struct yaml_node *node)
{
    size_t count = node->kind == YAML_NODE_SCALAR;

    for (size_t i = 0; i < node->count; i++)
        count += count_sort_keys(node->items[i]);
    return count;
}

static void link_sort_keys(struct linker *linker, struct fact_state *state, const struct yaml_node *node, bool bytes)
{
    if (node->kind == YAML_NODE_SCALAR)
        link_sort_key(linker, state, span_of(node), bytes);
    for (size_t i = 0; i < node->count; i++)
        link_sort_keys(linker, state, node->items[i], bytes || node->kind == YAML_NODE_MAPPING);
}

static void link_sort(struct linker *linker, struct fact_state *state, const struct yaml_node *node)
{
    if (!node)
        return;
    state->fact->sort = arena_alloc(linker->arena, count_sort_keys(node) * sizeof(struct sort_key));
    link_sort_keys(linker, state, node, false);
}

static void link_below(struct linker *linker, struct fact_state *state, const struct yaml_node *node)
{
    const struct yaml_node *root = yaml_get(node, "root"), *name = yaml_get(node, "name");
    const struct yaml_node *parent = yaml_get(node, "parent");
    struct descent below;

    if (!root || !name || !parent)
        return;
    below.root = span_copy(linker, span_of(root));
    below.name = link_column_name(linker, state, span_of(name));
    below.parent = link_column_name(linker, state, span_of(parent));
    if (below.name && below.parent)
        state->fact->below = below;
}

static void link_distinct(struct linker *linker, struct fact_state *state, const struct yaml_node *node)
{
    struct fact *fact = state->fact;

    if (!node)
        return;
    fact->distinct = arena_alloc(linker->arena, list_count(node) * sizeof(char *));
    for (size_t i = 0; i < list_count(node); i++) {
        const char *column = link_column_name(linker, state, span_of(list_item(node, i)));

        if (column)
            fact->distinct[fact->distinct_count++] = column;
    }
}

static void note_column(const struct use_visitor *visitor, const char *name)
{
    struct fact *fact = visitor->data;

    for (size_t i = 0; i < fact->with_count; i++)
        fact->where_of_with |= strcmp(fact->with[i].name, name) == 0;
}

void link_fact_names(struct linker *linker, struct fact_state *state)
{
    struct fact *fact = state->fact;
    struct name_scope loop = link_fact_scope(linker, fact->loop, NULL);
    struct name_scope row = link_fact_scope(linker, fact, NULL);

    loop.open = fact->loop ? fact->loop->open_columns : yaml_get(state->node, "for") != NULL;
    if (fact->source)
        link_field_templates(linker, fact->source->fields, fact->source_values, state->node, &loop);
    row.limit = state->source_limit;
    if (fact->extract)
        link_field_templates(linker, fact->extract->fields, fact->extract_values, state->node, &row);
    link_with(linker, state, row);
    row.limit = SIZE_MAX;
    fact->where = link_condition(linker, yaml_get(state->node, "where"), &row);
    uses_of_condition(&(struct use_visitor){.column = note_column, .data = fact}, fact->where);
    link_below(linker, state, yaml_get(state->node, "below"));
    link_sort(linker, state, yaml_get(state->node, "sort"));
    link_distinct(linker, state, yaml_get(state->node, "distinct"));
}
