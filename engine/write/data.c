/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A document as a tree of values, for JSON and YAML alike: lists and numbers by its schema. */
#include "write/data.h"

#include "base/text.h"

#include <string.h>

static const struct mark nowhere;

static struct yaml_node *data_text(struct arena *arena, const char *text)
{
    struct yaml_node *node = yaml_new_scalar(arena, text, nowhere);
    node->style = YAML_STYLE_DOUBLE_QUOTED;
    return node;
}

static struct yaml_node *data_plain(struct arena *arena, const char *number_or_true)
{
    return yaml_new_scalar(arena, number_or_true, nowhere);
}

/* A number only when it is written as JSON writes one, whatever the schema promises. */
static struct yaml_node *data_value(struct arena *arena, const char *text, bool number)
{
    int64_t value = 0;
    if (number && text_number(text, &value) && text_equal(text, arena_printf(arena, "%lld", (long long)value)))
        return data_plain(arena, text);
    return data_text(arena, text);
}

static const char *content(struct arena *arena, const xmlNode *children)
{
    AUTO(buf_free) struct buf text = BUF_INIT;
    for (const xmlNode *child = children; child; child = child->next)
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
            buf_add(&text, (const char *)child->content);
    return arena_strdup(arena, buf_text(&text));
}

static struct yaml_node *data_of_element(struct arena *arena, const xmlNode *node,
                                         const struct schema_element *element);

static void put_attributes(struct arena *arena, struct yaml_node *mapping, const xmlNode *node,
                           const struct schema_element *element)
{
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        const struct schema_attribute *known = element ? schema_attribute(element, name) : NULL;
        bool clash = element && schema_child(element, name, NULL);
        const char *key = clash ? arena_printf(arena, "@%s", name) : name;
        yaml_put(arena, mapping, data_text(arena, key),
                 data_value(arena, content(arena, attribute->children), known && known->number));
    }
}

static void put_child(struct arena *arena, struct yaml_node *mapping, const xmlNode *child,
                      const struct schema_element *element)
{
    const char *name = (const char *)child->name;
    const struct schema_child *known = element ? schema_child(element, name, NULL) : NULL;
    struct yaml_node *value = data_of_element(arena, child, known ? known->element : NULL);
    struct yaml_node *list = yaml_get(mapping, name);
    if (known && known->many && !list) {
        list = yaml_new_sequence(arena, nowhere);
        yaml_put(arena, mapping, data_text(arena, name), list);
    }
    if (list && list->kind == YAML_NODE_SEQUENCE)
        yaml_append(arena, list, value);
    else
        yaml_put(arena, mapping, data_text(arena, name), value);
}

static struct yaml_node *data_of_element(struct arena *arena, const xmlNode *node, const struct schema_element *element)
{
    bool elements = xml_element_from(node->children) != NULL;
    if (!elements && !node->properties) {
        if (!node->children)
            return data_plain(arena, element && element->child_count ? "{}" : "true");
        return data_value(arena, content(arena, node->children), element && element->number);
    }
    struct yaml_node *mapping = yaml_new_mapping(arena, nowhere);
    put_attributes(arena, mapping, node, element);
    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            put_child(arena, mapping, child, element);
    if (!elements && node->children)
        yaml_put(arena, mapping, data_text(arena, "text"),
                 data_value(arena, content(arena, node->children), element && element->number));
    return mapping;
}

struct yaml_node *data_of_document(struct arena *arena, const xmlDoc *xml, const struct schema *schema)
{
    const xmlNode *root = xml_root(xml);
    if (!root || (!root->properties && !root->children))
        return yaml_new_mapping(arena, nowhere);
    return data_of_element(arena, root, schema ? schema->root : NULL);
}

static struct yaml_node *data_of_cell(struct arena *arena, const struct view_column *column, const char *cell)
{
    if (!column->list)
        return data_value(arena, cell, column->number);
    struct yaml_node *list = yaml_new_sequence(arena, nowhere);
    for (size_t length; *cell; cell += length + (cell[length] != '\0')) {
        length = strcspn(cell, "\n");
        yaml_append(arena, list, data_value(arena, arena_strndup(arena, cell, length), column->number));
    }
    return list;
}

struct yaml_node *data_of_grid(struct arena *arena, const struct grid *grid)
{
    struct yaml_node *list = yaml_new_sequence(arena, nowhere);
    for (size_t i = 0; i < grid->rows.count; i++) {
        const char *const *cells = grid->rows.items[i];
        struct yaml_node *row = yaml_new_mapping(arena, nowhere);
        for (size_t j = 0; j < grid->column_count; j++) {
            if (!cells[j])
                continue;
            const char *key = text_lower(arena, grid->columns[j].name);
            yaml_put(arena, row, data_text(arena, key), data_of_cell(arena, &grid->columns[j], cells[j]));
        }
        yaml_append(arena, list, row);
    }
    return list;
}
