/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was not measured is not written: in elements that the schema marks as whole, those that lack what it requires of
 * them go, inner ones first. Elsewhere a rule's word is kept as it is; whether it makes a valid document is for
 * validate to say.
 */
#include "document/builder.h"
#include "schema/private.h"

static const char *removal_reason(struct builder *builder, const xmlNode *node)
{
    struct vec lacking = schema_lacking(builder->arena, node_model(node), node);
    if (lacking.count == 0)
        return arena_printf(builder->arena, "nothing is left in %s", (const char *)node->name);
    return arena_printf(builder->arena, "%s needs %s", (const char *)node->name,
                        schema_join(builder->arena, &lacking, ", "));
}

/* The root cannot go, so what it cannot do without stays, incomplete as it is. */
static bool may_go(const xmlNode *node)
{
    const xmlNode *parent = node->parent;
    const char *name = (const char *)node->name;
    if (!parent || parent->type != XML_ELEMENT_NODE)
        return false;
    if (parent->parent->type == XML_ELEMENT_NODE || !schema_child(node_model(parent), name, NULL)->required)
        return true;
    const xmlNode *first = element_child(parent, name);
    return first != node || element_from(first->next, name);
}

/* Has to go, as it lacks something; or should, as all that was in it went and nobody needs it. */
static bool is_husk(const xmlNode *node, bool emptied)
{
    if (!schema_satisfied(node_model(node), node))
        return true;
    return emptied && node->parent->type == XML_ELEMENT_NODE &&
           !schema_child(node_model(node->parent), (const char *)node->name, NULL)->required;
}

static void prune(struct builder *builder, xmlNode *node, bool inside)
{
    inside = inside || node_model(node)->whole;
    bool was_empty = node_is_empty(node);
    xmlNode *next;
    for (xmlNode *each = element_child(node, NULL); each; each = next) {
        next = element_from(each->next, NULL);
        prune(builder, each, inside);
    }
    if (!inside || !is_husk(node, !was_empty && node_is_empty(node)) || !may_go(node))
        return;
    if (builder->trace)
        emissions_gone(builder->document, 0, node, EMIT_REMOVED, removal_reason(builder, node));
    gap_of_removed(builder, node);
    tree_take(node);
}

void prune_document(struct builder *builder)
{
    prune(builder, xml_root(builder->document->xml), false);
}
