/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/tree.h"

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

void tree_take(xmlNode *node)
{
    *(node->prev ? &node->prev->next : &node->parent->children) = node->next;
    *(node->next ? &node->next->prev : &node->parent->last) = node->prev;
    node->parent = node->prev = node->next = NULL;
}

xmlAttr *tree_attribute(const xmlNode *element, const char *name)
{
    xmlAttr *each = element->properties;

    while (each && strcmp((const char *)each->name, name) != 0)
        each = each->next;
    return each;
}

static xmlAttr *add_attribute(struct arena *arena, xmlNode *element, const char *name)
{
    xmlAttr *attribute = arena_new_object(arena, xmlAttr);
    xmlAttr *last = element->properties;

    attribute->type = XML_ATTRIBUTE_NODE;
    attribute->name = (const xmlChar *)arena_strdup(arena, name);
    attribute->doc = element->doc;
    attribute->parent = element;
    while (last && last->next)
        last = last->next;
    attribute->prev = last;
    *(last ? &last->next : &element->properties) = attribute;
    return attribute;
}

xmlAttr *tree_set_attribute(struct arena *arena, xmlNode *element, const char *name, const char *value)
{
    xmlAttr *known = tree_attribute(element, name);
    xmlAttr *attribute = known ? known : add_attribute(arena, element, name);
    xmlNode *text = tree_text(arena, element->doc, (const xmlChar *)arena_strdup(arena, value));

    text->parent = (xmlNode *)attribute;
    attribute->children = attribute->last = text;
    return attribute;
}
