/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How much a schema stands for, before anybody works on it: definitions that refer to others twice, which do so again,
 * double with each step, and libxml2 as our own model follows each reference anew.
 */
#include "base/budget.h"
#include "base/tree.h"
#include "base/xml.h"
#include "schema/private.h"

#include <string.h>

/* Patterns in one element once all references are followed. The largest known schema (a domain's) has some thousands.
 */
enum { PATTERNS_LIMIT = 1000 * 1000 };

struct measured {
    const xmlNode *first; /* of the definitions of this name */
    size_t size;          /* 0: not known yet */
    bool busy;
    struct vec nodes; /* of xmlNode: each definition of it */
};

struct measuring {
    struct arena *arena;
    struct map defines; /* of struct measured */
    const xmlNode *worst;
};

static const char *name_attribute(const xmlNode *node)
{
    for (const xmlAttr *each = node->properties; each; each = each->next)
        if (strcmp((const char *)each->name, "name") == 0 && each->children && each->children->content)
            return (const char *)each->children->content;
    return "";
}

static bool is(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

static void find_defines(struct measuring *measuring, const xmlNode *node)
{
    for (const xmlNode *each = xml_element_from(node->children); each; each = xml_element_from(each->next)) {
        find_defines(measuring, each);
        if (!is(each, "define"))
            continue;
        const char *name = name_attribute(each);
        struct measured *known = map_get(&measuring->defines, name);
        if (!known) {
            known = arena_new_object(measuring->arena, struct measured);
            known->first = each;
            map_put(measuring->arena, &measuring->defines, name, known);
        }
        vec_push(measuring->arena, &known->nodes, each);
    }
}

static size_t size_of(struct measuring *measuring, const xmlNode *node);

static size_t size_of_children(struct measuring *measuring, const xmlNode *node)
{
    size_t size = 1;
    for (const xmlNode *each = xml_element_from(node->children); each; each = xml_element_from(each->next)) {
        size += size_of(measuring, each);
        if (size > PATTERNS_LIMIT)
            return PATTERNS_LIMIT + 1;
    }
    return size;
}

static size_t size_of_define(struct measuring *measuring, const char *name)
{
    struct measured *known = map_get(&measuring->defines, name);
    if (!known || known->busy)
        return 1;
    known->busy = true;
    for (size_t i = 0; known->size <= PATTERNS_LIMIT && i < known->nodes.count && (i > 0 || !known->size); i++)
        known->size += size_of_children(measuring, known->nodes.items[i]);
    known->busy = false;
    if (known->size > PATTERNS_LIMIT && !measuring->worst)
        measuring->worst = known->first;
    return known->size;
}

/* What stands in an element is its own affair: it is worked on once. */
static size_t size_of(struct measuring *measuring, const xmlNode *node)
{
    if (is(node, "ref") || is(node, "parentRef"))
        return size_of_define(measuring, name_attribute(node));
    if (!is(node, "element"))
        return size_of_children(measuring, node);
    return 1;
}

/* Of each element on its own, wherever it stands. */
static bool elements_fit(struct measuring *measuring, const xmlNode *node)
{
    for (const xmlNode *each = xml_element_from(node->children); each; each = xml_element_from(each->next)) {
        if (!elements_fit(measuring, each))
            return false;
        if ((is(each, "element") || is(each, "start") || is(each, "define")) &&
            size_of_children(measuring, each) > PATTERNS_LIMIT) {
            measuring->worst = measuring->worst ? measuring->worst : each;
            return false;
        }
    }
    return true;
}

bool schema_fits(struct arena *arena, const xmlDoc *xml, const char *path, const char **ret_error)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct measuring measuring = {.arena = scratch};
    find_defines(&measuring, (const xmlNode *)xml);
    if (elements_fit(&measuring, (const xmlNode *)xml))
        return true;
    *ret_error = arena_printf(
        arena, "%s:%u: '%s' stands for more than a million patterns, once all references are followed",
        schema_file(measuring.worst, path), (unsigned)measuring.worst->line, name_attribute(measuring.worst));
    budget_exceed(*ret_error);
    return false;
}

const char *schema_file(const xmlNode *node, const char *path)
{
    for (; node && node->type == XML_ELEMENT_NODE; node = node->parent)
        if (tree_attribute(node, "base") && tree_attribute(node, "base")->ns)
            return tree_value(node, "base");
    return path;
}
