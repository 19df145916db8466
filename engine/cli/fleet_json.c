/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From JSON back to the document that it was written of: what is an attribute there the schema tells. */
#include "base/text.h"
#include "base/tree.h"
#include "cli/fleet.h"

struct making {
    struct arena *arena;
    xmlDoc *xml;
};

static void add_data(const struct making *making, xmlNode *element, const struct schema_element *model,
                     const struct yaml_node *data);

static void add_text(const struct making *making, xmlNode *element, const char *text)
{
    tree_put(element, tree_text(making->arena, making->xml, (const xmlChar *)text), element->last);
}

static void add_child(const struct making *making, xmlNode *element, const struct schema_element *model,
                      const char *name, const struct yaml_node *data)
{
    const struct schema_child *child = model ? schema_child(model, name, NULL) : NULL;
    xmlNode *node = tree_element(making->arena, making->xml, (const xmlChar *)name);
    tree_put(element, node, element->last);
    add_data(making, node, child ? child->element : NULL, data);
}

static bool is_attribute(const struct schema_element *model, const char *key)
{
    return key[0] == '@' || (model && schema_attribute(model, key) && !schema_child(model, key, NULL));
}

static bool is_text(const struct schema_element *model, const char *key)
{
    return text_equal(key, "text") && !(model && schema_child(model, key, NULL));
}

static void add_member(const struct making *making, xmlNode *element, const struct schema_element *model,
                       const char *key, const struct yaml_node *value)
{
    const bool scalar = value->kind == YAML_NODE_SCALAR;
    if (scalar && is_attribute(model, key))
        tree_set_attribute(making->arena, element, key + (key[0] == '@'), value->value);
    else if (scalar && is_text(model, key))
        add_text(making, element, value->value);
    else if (value->kind != YAML_NODE_SEQUENCE)
        add_child(making, element, model, key, value);
    for (size_t i = 0; value->kind == YAML_NODE_SEQUENCE && i < value->count; i++)
        add_child(making, element, model, key, value->items[i]);
}

/* true is an empty element. */
static void add_data(const struct making *making, xmlNode *element, const struct schema_element *model,
                     const struct yaml_node *data)
{
    element->_private = (void *)model; /* as documents that are built have it: writers ask */
    const bool empty = data->style == YAML_STYLE_PLAIN && text_equal(data->value, "true");
    if (data->kind == YAML_NODE_SCALAR && !empty && data->length > 0)
        add_text(making, element, data->value);
    for (size_t i = 0; data->kind == YAML_NODE_MAPPING && i < data->count; i++)
        add_member(making, element, model, data->keys[i]->value, data->items[i]);
}

xmlDoc *fleet_document(struct arena *arena, const struct schema *schema, const struct yaml_node *data)
{
    const struct making making = {arena, tree_new(arena)};
    if (!data || data->kind != YAML_NODE_MAPPING)
        return NULL;
    xmlNode *root = tree_element(arena, making.xml, (const xmlChar *)schema->root->name);
    tree_put((xmlNode *)making.xml, root, NULL);
    add_data(&making, root, schema->root, data);
    return making.xml;
}
