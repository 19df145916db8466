/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements of a document or schema that count, past remarks of other namespaces. */
#include "base/text.h"
#include "base/xml.h"
#include "schema/private.h"

#include <string.h>

static bool is_relaxng(const xmlNode *node)
{
    return node->ns && strcmp((const char *)node->ns->href, "http://relaxng.org/ns/structure/1.0") == 0;
}

/* Documentation and the like: what a schema has in other namespaces. */
static bool is_annotation(const xmlNode *node)
{
    return node->ns && !is_relaxng(node) && is_relaxng(xml_root(node->doc));
}

bool element_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           (!name || (node->name[0] == (xmlChar)name[0] && strcmp((const char *)node->name, name) == 0)) &&
           !is_annotation(node);
}

xmlNode *element_from(xmlNode *node, const char *name)
{
    while (node && !element_is(node, name))
        node = node->next;
    return node;
}

xmlNode *element_child(const xmlNode *parent, const char *name)
{
    return element_from(parent->children, name);
}
