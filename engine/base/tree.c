/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML trees in a run's arena: thousands of nodes, and not one to be freed by itself. */
#include "base/tree.h"

#include "base/xml.h"

#include <string.h>

xmlDoc *tree_new(struct arena *arena)
{
    xmlDoc *xml = arena_new_object(arena, xmlDoc);

    xml->type = XML_DOCUMENT_NODE;
    xml->version = (xmlChar *)"1.0";
    xml->compression = -1;
    xml->standalone = -1;
    xml->charset = XML_CHAR_ENCODING_UTF8;
    xml->properties = XML_DOC_USERBUILT;
    xml->doc = xml;
    return xml;
}

static xmlNode *new_node(struct arena *arena, xmlDoc *xml, xmlElementType type)
{
    xmlNode *node = arena_new_object(arena, xmlNode);

    node->type = type;
    node->doc = xml;
    return node;
}

xmlNode *tree_element(struct arena *arena, xmlDoc *xml, const xmlChar *name)
{
    xmlNode *node = new_node(arena, xml, XML_ELEMENT_NODE);

    node->name = name;
    return node;
}

void tree_set_namespace(struct arena *arena, xmlNode *element, const char *prefix, const char *namespace)
{
    element->ns = arena_new_object(arena, xmlNs);
    element->ns->type = XML_NAMESPACE_DECL;
    element->ns->prefix = (const xmlChar *)prefix;
    element->ns->href = (const xmlChar *)namespace;
}

xmlNode *tree_text(struct arena *arena, xmlDoc *xml, const xmlChar *content)
{
    xmlNode *node = new_node(arena, xml, XML_TEXT_NODE);

    node->name = (const xmlChar *)"text"; /* what libxml2 calls them */
    node->content = (xmlChar *)content;
    return node;
}

void tree_put(xmlNode *parent, xmlNode *node, xmlNode *behind)
{
    xmlNode *before = behind ? behind->next : parent->children;

    node->parent = parent;
    node->prev = behind;
    node->next = before;
    *(behind ? &behind->next : &parent->children) = node;
    *(before ? &before->prev : &parent->last) = node;
}

static void take_attribute(xmlAttr *attribute)
{
    *(attribute->prev ? &attribute->prev->next : &attribute->parent->properties) = attribute->next;
    if (attribute->next)
        attribute->next->prev = attribute->prev;
}

void tree_take(xmlNode *node)
{
    if (node->type == XML_ATTRIBUTE_NODE) {
        take_attribute((xmlAttr *)node);
    } else {
        *(node->prev ? &node->prev->next : &node->parent->children) = node->next;
        *(node->next ? &node->next->prev : &node->parent->last) = node->prev;
    }
    node->parent = node->prev = node->next = NULL;
}

xmlAttr *tree_attribute(const xmlNode *element, const char *name)
{
    xmlAttr *each = element->properties;

    while (each && strcmp((const char *)each->name, name) != 0)
        each = each->next;
    return each;
}

static void put_attribute(xmlNode *element, xmlAttr *attribute)
{
    xmlAttr *last = element->properties;

    while (last && last->next)
        last = last->next;
    attribute->doc = element->doc;
    attribute->parent = element;
    attribute->prev = last;
    attribute->next = NULL;
    *(last ? &last->next : &element->properties) = attribute;
}

static void set_value(struct arena *arena, xmlAttr *attribute, const char *value)
{
    xmlNode *text = tree_text(arena, attribute->doc, (const xmlChar *)value);

    text->parent = (xmlNode *)attribute;
    attribute->children = attribute->last = text;
}

static xmlAttr *add_attribute(struct arena *arena, xmlNode *element, const char *name)
{
    xmlAttr *attribute = arena_new_object(arena, xmlAttr);

    attribute->type = XML_ATTRIBUTE_NODE;
    attribute->name = (const xmlChar *)arena_strdup(arena, name);
    put_attribute(element, attribute);
    return attribute;
}

xmlAttr *tree_set_attribute(struct arena *arena, xmlNode *element, const char *name, const char *value)
{
    xmlAttr *known = tree_attribute(element, name);
    xmlAttr *attribute = known ? known : add_attribute(arena, element, name);

    set_value(arena, attribute, arena_strdup(arena, value));
    return attribute;
}

static void copy_attributes(struct arena *arena, xmlNode *copy, const xmlNode *node)
{
    copy->properties = NULL;
    for (const xmlAttr *each = node->properties; each; each = each->next) {
        xmlAttr *attribute = arena_memdup(arena, each, sizeof(*each));
        put_attribute(copy, attribute);
        set_value(arena, attribute, xml_text(arena, (const xmlNode *)each));
        if (each->children)
            attribute->children->name = each->children->name; /* libxml2 knows its own texts by the pointer */
    }
}

static void copy_children(struct arena *arena, xmlNode *parent, const xmlNode *node)
{
    parent->children = parent->last = NULL;
    for (const xmlNode *each = node->children; each; each = each->next) {
        bool text = each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE;
        if (!text && each->type != XML_ELEMENT_NODE)
            continue;
        xmlNode *copy = arena_memdup(arena, each, sizeof(*each));
        copy->doc = parent->doc;
        tree_put(parent, copy, parent->last);
        if (text)
            continue;
        copy_attributes(arena, copy, each);
        copy_children(arena, copy, each);
    }
}

xmlDoc *tree_copy(struct arena *arena, const xmlDoc *xml)
{
    xmlDoc *copy = tree_new(arena);

    copy_children(arena, (xmlNode *)copy, (const xmlNode *)xml);
    return copy;
}

void tree_graft(struct arena *arena, xmlNode *parent, const xmlNode *element)
{
    const xmlChar *name = (const xmlChar *)arena_strdup(arena, (const char *)element->name);
    xmlNode *copy = tree_element(arena, parent->doc, name);

    copy->_private = element->_private;
    if (element->ns)
        tree_set_namespace(arena, copy, arena_strdup(arena, (const char *)element->ns->prefix),
                           arena_strdup(arena, (const char *)element->ns->href));
    tree_put(parent, copy, parent->last);
    for (const xmlAttr *each = element->properties; each; each = each->next)
        tree_set_attribute(arena, copy, (const char *)each->name, xml_text(arena, (const xmlNode *)each));
    for (const xmlNode *each = element->children; each; each = each->next) {
        if (each->type == XML_ELEMENT_NODE)
            tree_graft(arena, copy, each);
        else if (each->content)
            tree_put(copy,
                     tree_text(arena, parent->doc, (const xmlChar *)arena_strdup(arena, (const char *)each->content)),
                     copy->last);
    }
}

const char *tree_value(const xmlNode *node, const char *name)
{
    const xmlAttr *attribute = tree_attribute(node, name);
    const xmlNode *text = attribute ? attribute->children : NULL;
    return attribute ? (text && text->content ? (const char *)text->content : "") : NULL;
}
