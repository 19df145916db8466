/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where nodes are, as XPath: libxml2 counts all siblings again for each of many nodes, and may not be there where we
 * made them. */
#include "base/libxml.h"
#include "base/xml.h"

#include <string.h>

/* Of what only libxml2 makes: with namespaces, comments. */
static const char *path_by_libxml(struct arena *arena, const xmlNode *node)
{
    xmlChar *path = xmlGetNodePath(node);
    const char *copy = arena_strdup(arena, path ? (const char *)path : "/");
    xmlFree(path);
    return copy;
}

/* So many siblings are looked at for the numbers of elements among those of their names; then places have to do. */
enum { STEPS = 10 * 1000 * 1000 };

static const xmlNode *next_of_name(struct xml_trail *trail, const xmlNode *node, const xmlChar *name)
{
    for (; node && (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, (const char *)name) != 0);
         node = node->next)
        trail->steps++;
    return node;
}

/* The number of an element among those of its name, counted on from one before it. 0: it is not behind that. */
static size_t count_from(struct xml_trail *trail, const xmlNode *from, size_t number, const xmlNode *node)
{
    for (; from && from != node; number++)
        from = next_of_name(trail, from->next, node->name);
    return from ? number : 0;
}

static size_t number_of(struct xml_trail *trail, size_t depth, const xmlNode *node)
{
    struct xml_footprint none = {NULL, 0}, *print = depth < XML_TRAIL ? &trail->prints[depth] : &none;
    size_t number = 0;
    if (print->node && print->node->parent == node->parent &&
        strcmp((const char *)print->node->name, (const char *)node->name) == 0)
        number = count_from(trail, print->node, print->number, node);
    if (!number)
        number = count_from(trail, next_of_name(trail, node->parent->children, node->name), 1, node);
    *print = (struct xml_footprint){node, number};
    return number;
}

/* The number of an element among all of its parent, counted on from the one that was asked for before. */
static size_t place_of(struct xml_trail *trail, size_t depth, const xmlNode *node)
{
    struct xml_footprint none = {NULL, 0}, *print = depth < XML_TRAIL ? &trail->places[depth] : &none;
    const xmlNode *from = print->node && print->node->parent == node->parent ? print->node : NULL;
    size_t place = from ? print->number : 0;
    while (from && from != node)
        place += (from = from->next) && from->type == XML_ELEMENT_NODE;
    for (place = from ? place : 0, from = from ? NULL : node->parent->children; from; from = from->next) {
        place += from->type == XML_ELEMENT_NODE;
        if (from == node)
            break;
    }
    *print = (struct xml_footprint){node, place};
    return place;
}

/* Elements without namespace only. The depth of the element. */
static size_t add_element(struct buf *out, struct xml_trail *trail, const xmlNode *node)
{
    if (!node || node->type != XML_ELEMENT_NODE)
        return 0;
    const size_t depth = add_element(out, trail, node->parent);
    if (trail->steps > STEPS && node->parent->type == XML_ELEMENT_NODE) {
        buf_printf(out, "/*[%zu]", place_of(trail, depth, node));
        return depth + 1;
    }
    const size_t number = node->parent ? number_of(trail, depth, node) : 1;
    buf_printf(out, "/%s", (const char *)node->name);
    if (number > 1 || next_of_name(trail, node->next, node->name))
        buf_printf(out, "[%zu]", number);
    return depth + 1;
}

static bool has_namespace(const xmlNode *node)
{
    for (; node && node->type == XML_ELEMENT_NODE; node = node->parent)
        if (node->ns)
            return true;
    return false;
}

static void add_text(struct buf *out, const xmlNode *node)
{
    size_t number = 0, count = 0;
    for (const xmlNode *each = node->parent->children; each; each = each->next) {
        count += each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE;
        number = each == node ? count : number;
    }
    buf_add(out, "/text()");
    if (count > 1)
        buf_printf(out, "[%zu]", number);
}

const char *xml_path_after(struct arena *arena, struct xml_trail *trail, const xmlNode *node)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const bool attribute = node->type == XML_ATTRIBUTE_NODE && !node->ns;
    const bool text = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
    const xmlNode *element = attribute || text ? node->parent : node;
    if (!element || element->type != XML_ELEMENT_NODE || has_namespace(element))
        return path_by_libxml(arena, node);
    add_element(&out, trail, element);
    if (attribute)
        buf_printf(&out, "/@%s", (const char *)node->name);
    if (text)
        add_text(&out, node);
    return arena_strdup(arena, buf_text(&out));
}

const char *xml_path(struct arena *arena, const xmlNode *node)
{
    struct xml_trail nothing_before = {0};
    return xml_path_after(arena, &nothing_before, node);
}
