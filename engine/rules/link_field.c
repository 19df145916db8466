/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fields of sources and extracts: one function a type for what needs no columns, one for what does. */
#include "rules/link.h"

#include "base/text.h"

typedef void shape_function(struct linker *linker, struct fact_state *state, const struct field *field,
                            const struct yaml_node *node, struct field_value *value);
typedef void link_function(struct linker *linker, const struct field *field, const struct yaml_node *node,
                           const struct name_scope *scope, struct field_value *value);

static void shape_text(struct linker *linker, struct fact_state *state, const struct field *field,
                       const struct yaml_node *node, struct field_value *value)
{
    (void)state;
    value->text = span_copy(linker, span_of(node));
    if (field->flags & FIELD_SOME && !*value->text)
        diagnose(linker->diagnostics, DIAG_BAD_VALUE, node->at, NULL, "'%s' is empty", field->key);
}

static void shape_names(struct linker *linker, struct fact_state *state, const struct field *field,
                        const struct yaml_node *node, struct field_value *value)
{
    (void)state;
    (void)field;
    value->count = list_count(node);
    value->names = arena_alloc(linker->arena, value->count * sizeof(char *));
    for (size_t i = 0; i < value->count; i++)
        value->names[i] = span_copy(linker, span_of(list_item(node, i)));
}

static void shape_regex(struct linker *linker, struct fact_state *state, const struct field *field,
                        const struct yaml_node *node, struct field_value *value)
{
    value->text = span_copy(linker, span_of(node));
    value->regex = link_regex(linker, span_of(node), field->flags & FIELD_BINARY ? REGEX_BINARY : 0);
    if (!value->regex)
        state->fact->open_columns = true;
}

static void shape_flag(struct linker *linker, struct fact_state *state, const struct field *field,
                       const struct yaml_node *node, struct field_value *value)
{
    (void)state;
    if (!yaml_bool(node, &value->flag))
        diagnose(linker->diagnostics, DIAG_WRONG_TYPE, node->at, NULL, "'%s' is yes or no", field->key);
}

static void not_whole(struct linker *linker, const struct field *field, const struct yaml_node *node)
{
    diagnose(linker->diagnostics, DIAG_BAD_VALUE, node->at, NULL, "'%s' is a whole number from 0 on, not '%s'",
             field->key, node->value);
}

static void shape_number(struct linker *linker, struct fact_state *state, const struct field *field,
                         const struct yaml_node *node, struct field_value *value)
{
    (void)state;
    if (node->kind != YAML_NODE_SCALAR || !text_number(node->value, &value->number))
        diagnose(linker->diagnostics, DIAG_WRONG_TYPE, node->at, NULL, "'%s' is a whole number", field->key);
    else if (field->flags & FIELD_WHOLE && value->number < 0)
        not_whole(linker, field, node);
}

/* Names now, as they are columns; values when all columns are known. A null is a column that this row lacks. */
static struct named_template *shape_row(struct linker *linker, const struct yaml_node *node)
{
    struct named_template *row = arena_alloc(linker->arena, (node->count + 1) * sizeof(struct named_template));

    for (size_t i = 0, count = 0; node->kind == YAML_NODE_MAPPING && i < node->count; i++)
        if (!yaml_is_null(node->items[i]))
            row[count++].name = node->keys[i]->value;
    return row;
}

static void shape_rows(struct linker *linker, struct fact_state *state, const struct field *field,
                       const struct yaml_node *node, struct field_value *value)
{
    (void)state;
    (void)field;
    value->count = list_count(node);
    value->rows = arena_alloc(linker->arena, value->count * sizeof(struct named_template *));
    for (size_t i = 0; i < value->count; i++)
        value->rows[i] = shape_row(linker, list_item(node, i));
}

static void shape_facts(struct linker *linker, struct fact_state *state, const struct field *field,
                        const struct yaml_node *node, struct field_value *value)
{
    (void)field;
    value->facts = arena_alloc(linker->arena, list_count(node) * sizeof(struct fact *));
    for (size_t i = 0; i < list_count(node); i++) {
        const struct fact *fact = link_fact_name(linker, span_of(list_item(node, i)));

        if (fact)
            value->facts[value->count++] = fact;
        else
            state->fact->open_columns = true;
    }
}

static void shape_path_table(struct linker *linker, struct fact_state *state, const struct field *field,
                             const struct yaml_node *node, struct field_value *value)
{
    (void)state;
    (void)field;
    value->table = link_choice_name(linker, span_of(node));
}

static void shape_offsets(struct linker *linker, struct fact_state *state, const struct field *field,
                          const struct yaml_node *node, struct field_value *value)
{
    (void)state;
    value->names = arena_alloc(linker->arena, node->count * sizeof(char *));
    value->numbers = arena_alloc(linker->arena, node->count * sizeof(int64_t));
    for (size_t i = 0; node->kind == YAML_NODE_MAPPING && i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        int64_t number = 0;

        if (item->kind != YAML_NODE_SCALAR || !text_number(item->value, &number) || number < 0)
            not_whole(linker, field, item);
        value->names[value->count] = node->keys[i]->value;
        value->numbers[value->count++] = number;
    }
}

static size_t field_count(const struct field *fields)
{
    size_t count = 0;

    while (fields[count].key)
        count++;
    return count;
}

static void shape_mapping(struct linker *linker, struct fact_state *state, const struct field *field,
                          const struct yaml_node *node, struct field_value *value)
{
    value->sub = link_field_shapes(linker, state, field->sub, node);
    value->sub_count = field_count(field->sub);
}

static shape_function *const shapes[] = {
    [FIELD_TEMPLATE] = NULL,         [FIELD_TEMPLATES] = NULL,
    [FIELD_TEXT] = shape_text,       [FIELD_NAMES] = shape_names,
    [FIELD_REGEX] = shape_regex,     [FIELD_FLAG] = shape_flag,
    [FIELD_NUMBER] = shape_number,   [FIELD_ROWS] = shape_rows,
    [FIELD_FACTS] = shape_facts,     [FIELD_PATH_TABLE] = shape_path_table,
    [FIELD_OFFSETS] = shape_offsets, [FIELD_MAPPING] = shape_mapping,
};

struct field_value *link_field_shapes(struct linker *linker, struct fact_state *state, const struct field *fields,
                                      const struct yaml_node *node)
{
    size_t count = field_count(fields);
    struct field_value *values = arena_alloc(linker->arena, (count + 1) * sizeof(struct field_value));

    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = yaml_get(node, fields[i].key);

        if (!item)
            continue;
        values[i].given = true;
        values[i].at = item->at;
        if (shapes[fields[i].type])
            shapes[fields[i].type](linker, state, &fields[i], item, &values[i]);
    }
    return values;
}

/* What starts with a template is checked when it is known. */
void link_absolute(struct linker *linker, const struct yaml_node *node)
{
    if (node->kind == YAML_NODE_SCALAR && node->value[0] != '/' && !text_starts(node->value, "${"))
        diagnose(linker->diagnostics, DIAG_BAD_VALUE, node->at, "a path that begins with '/'",
                 "'%s' is not an absolute path", node->value);
}

/* literal: NULL: it is known later. */
static void link_whole(struct linker *linker, const struct field *field, const struct yaml_node *node,
                       const char *literal)
{
    int64_t number = 0;

    if (literal && (!text_number(literal, &number) || number < 0))
        not_whole(linker, field, node);
}

static void link_range(struct linker *linker, const struct field *field, const struct yaml_node *node,
                       const char *literal)
{
    uint64_t first, last;

    if (literal && !text_range(literal, &first, &last))
        diagnose(linker->diagnostics, DIAG_BAD_VALUE, node->at, "A-B, such as 0-15 or '0-${last}'",
                 "'%s' should be a range of whole numbers, not '%s'", field->key, literal);
}

static void link_templates(struct linker *linker, const struct field *field, const struct yaml_node *node,
                           const struct name_scope *scope, struct field_value *value)
{
    value->count = list_count(node);
    value->templates = arena_alloc(linker->arena, value->count * sizeof(struct template *));
    if (field->flags & FIELD_ABSOLUTE && value->count)
        link_absolute(linker, list_item(node, 0));
    for (size_t i = 0; i < value->count; i++)
        value->templates[i] = link_template(linker, span_of(list_item(node, i)), scope);
    if (field->flags & FIELD_WHOLE && value->count)
        link_whole(linker, field, list_item(node, 0), value->templates[0]->literal);
    if (field->flags & FIELD_RANGE && value->count)
        link_range(linker, field, list_item(node, 0), value->templates[0]->literal);
}

static void link_rows(struct linker *linker, const struct field *field, const struct yaml_node *node,
                      const struct name_scope *scope, struct field_value *value)
{
    (void)field;
    for (size_t i = 0; i < value->count; i++) {
        const struct yaml_node *row = list_item(node, i);

        for (size_t pair = 0, column = 0; value->rows[i][column].name; pair++)
            if (!yaml_is_null(row->items[pair]))
                value->rows[i][column++].value = link_template(linker, span_of(row->items[pair]), scope);
    }
}

static void link_sub(struct linker *linker, const struct field *field, const struct yaml_node *node,
                     const struct name_scope *scope, struct field_value *value)
{
    link_field_templates(linker, field->sub, value->sub, node, scope);
}

static link_function *const links[] = {
    [FIELD_TEMPLATE] = link_templates,
    [FIELD_TEMPLATES] = link_templates,
    [FIELD_ROWS] = link_rows,
    [FIELD_MAPPING] = link_sub,
};

void link_field_templates(struct linker *linker, const struct field *fields, struct field_value *values,
                          const struct yaml_node *node, const struct name_scope *scope)
{
    for (size_t i = 0; fields[i].key; i++)
        if (values[i].given && fields[i].type < ARRAY_SIZE(links) && links[fields[i].type])
            links[fields[i].type](linker, &fields[i], yaml_get(node, fields[i].key), scope, &values[i]);
}

static void field_columns(const struct field_value *value, void (*add)(void *data, const char *name), void *data)
{
    for (size_t i = 0; value->names && i < value->count; i++)
        add(data, value->names[i]);
    for (size_t i = 0; value->regex && i < regex_group_count(value->regex); i++)
        add(data, regex_group_name(value->regex, i));
    for (size_t i = 0; value->rows && i < value->count; i++)
        for (const struct named_template *cell = value->rows[i]; cell->name; cell++)
            add(data, cell->name);
}

void link_field_columns(const struct field *fields, const struct field_value *values,
                        void (*add)(void *data, const char *name), void *data)
{
    for (size_t i = 0; fields[i].key; i++) {
        if (fields[i].flags & FIELD_COLUMNS)
            field_columns(&values[i], add, data);
        if (values[i].sub)
            link_field_columns(fields[i].sub, values[i].sub, add, data);
    }
}
