/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with a document, said in the words of its schema's element model. */
#include "schema/validate_walk.h"

#include "base/budget.h"
#include "base/libxml.h"
#include "base/text.h"
#include "schema/private.h"
#include "schema/validate.h"

#include <string.h>

static const char white_space[] = " \t\r\n";

struct validation {
    struct arena *arena;
    struct vec *errors; /* of struct validation_error */
    struct xml_trail trail;
};

static struct validation_error *report(struct validation *walk, const xmlNode *node, const char *expected,
                                       const char *message)
{
    struct validation_error *error = arena_new_object(walk->arena, struct validation_error);
    const xmlNode *element = node->type == XML_ATTRIBUTE_NODE ? node->parent : node;
    error->line = (unsigned)xmlGetLineNo(element);
    error->element = xml_path_after(walk->arena, &walk->trail, node);
    error->message = message;
    error->expected = expected;
    error->node = node;
    vec_push(walk->arena, walk->errors, error);
    return error;
}

/* A name that is not there: with the nearest one that is. */
static void report_unknown(struct validation *walk, const xmlNode *node, const struct schema_element *parent,
                           const char *what, const struct vec *names)
{
    const char *name = (const char *)node->name;
    const char *nearest = text_nearest(name, (const char *const *)names->items, names->count);
    const char *hint = nearest ? arena_printf(walk->arena, "; did you mean '%s'?", nearest) : "";
    report(walk, node, names->count > 0 ? schema_join(walk->arena, names, ", ") : "nothing",
           arena_printf(walk->arena, "'%s' has no %s '%s'%s", parent->name, what, name, hint));
}

static void check_value(struct validation *walk, const xmlNode *node, const struct pattern *pattern, bool required)
{
    const char *what = node->type == XML_ATTRIBUTE_NODE ? "attribute" : "element";
    const char *text = xml_text(walk->arena, node);
    bool empty = text[strspn(text, white_space)] == '\0';
    if ((empty && required) || !schema_value_fits(pattern, text))
        report(walk, node, schema_value_expected(walk->arena, pattern),
               empty ? arena_printf(walk->arena, "%s '%s' has no value", what, (const char *)node->name)
                     : arena_printf(walk->arena, "%s '%s' cannot be '%.80s'", what, (const char *)node->name, text));
}

static void check_attributes(struct validation *walk, const xmlNode *node, const struct schema_element *element)
{
    for (const xmlAttr *each = node->properties; each; each = each->next) {
        const char *name = (const char *)each->name;
        const struct schema_attribute *attribute = each->ns ? NULL : schema_attribute(element, name);
        if (attribute) {
            size_t index = (size_t)(attribute - element->attributes);
            check_value(walk, (const xmlNode *)each, element_model(element)->values[index], false);
            continue;
        }
        struct vec names = schema_attribute_names(walk->arena, element);
        report_unknown(walk, (const xmlNode *)each, element, "attribute", &names);
    }
}

static void check_lacking(struct validation *walk, const xmlNode *node, const struct schema_element *element)
{
    bool satisfied = schema_satisfied(element, node);
    struct vec lacking =
        satisfied ? schema_half_done(walk->arena, element, node) : schema_lacking(walk->arena, element, node);
    for (size_t i = 0; i < lacking.count; i++) {
        const char *name = lacking.items[i];
        if (strcmp(name, "text") == 0)
            continue; /* reported as a bad value, with what it may be */
        report(walk, node, NULL, arena_printf(walk->arena, "'%s' needs %s", element->name, name))->lacking = true;
    }
}

static bool is_blank(const xmlNode *node)
{
    for (const xmlNode *each = node->children; each; each = each->next) {
        bool text = each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE;
        if (text && each->content && each->content[strspn((const char *)each->content, white_space)])
            return false;
    }
    return true;
}

static void check_text(struct validation *walk, const xmlNode *node, const struct schema_element *element)
{
    bool only_text = !element_child(node, NULL);
    if (!element->text && !is_blank(node))
        report(walk, node, NULL, arena_printf(walk->arena, "'%s' has text, but may have none", element->name));
    else if (element->text && only_text && (element->text_required || !is_blank(node)))
        check_value(walk, node, element_model(element)->content, element->text_required);
}

/*
 * The part of an ordered content that a name stands in: -1 none or several. Parts are what a group lists, with groups
 * and references inside counted through.
 */
struct part_search {
    const char *name;
    int part;
    int found;
    bool several;
};

static bool mentions(const struct pattern *pattern, const char *name)
{
    if (pattern->kind == PATTERN_ELEMENT)
        return strcmp(pattern->name, name) == 0;
    if (pattern->kind == PATTERN_REF)
        return mentions(pattern->target->pattern, name);
    for (size_t i = 0; i < pattern->items.count && pattern->kind != PATTERN_ATTRIBUTE; i++) {
        if (mentions(pattern->items.items[i], name))
            return true;
    }
    return false;
}

static void search_part(struct part_search *search, const struct pattern *pattern)
{
    if (pattern->kind == PATTERN_REF)
        return search_part(search, pattern->target->pattern);
    bool through = pattern->kind == PATTERN_GROUP || pattern->kind == PATTERN_OPTIONAL;
    for (size_t i = 0; through && i < pattern->items.count; i++)
        search_part(search, pattern->items.items[i]);
    if (through)
        return;
    search->part++;
    if (!mentions(pattern, search->name))
        return;
    search->several |= search->found >= 0;
    search->found = search->part;
}

static int part_of(const struct schema_element *element, const xmlNode *child)
{
    struct part_search search = {.name = (const char *)child->name, .found = -1};
    search_part(&search, element_model(element)->content);
    return search.several ? -1 : search.found;
}

static void check_order(struct validation *walk, const xmlNode *node, const struct schema_element *element)
{
    const xmlNode *before = NULL;
    int before_part = -1;
    for (xmlNode *each = element_child(node, NULL); each; each = element_from(each->next, NULL)) {
        int part = part_of(element, each);
        if (part >= 0 && part < before_part) {
            struct vec names = schema_child_names(walk->arena, element);
            report(walk, each, arena_printf(walk->arena, "in this order: %s", schema_join(walk->arena, &names, ", ")),
                   arena_printf(walk->arena, "'%s' has to come before '%s'", (const char *)each->name,
                                (const char *)before->name));
            return;
        }
        if (part > before_part) {
            before = each;
            before_part = part;
        }
    }
}

static void check_element(struct validation *walk, const xmlNode *node, const struct schema_element *element);

static bool is_repeated(const xmlNode *node)
{
    for (const xmlNode *each = node->prev; each; each = each->prev) {
        if (each->type == XML_ELEMENT_NODE && strcmp((const char *)each->name, (const char *)node->name) == 0)
            return true;
    }
    return false;
}

static void check_child(struct validation *walk, const xmlNode *node, const struct schema_element *parent)
{
    const char *name = (const char *)node->name;
    const struct schema_child *child = schema_child(parent, name, NULL);
    if (child && !text_equal(child->element->namespace, node->ns ? (const char *)node->ns->href : NULL))
        child = NULL;
    if (!child) {
        struct vec names = schema_child_names(walk->arena, parent);
        return report_unknown(walk, node, parent, "element", &names);
    }
    if (!child->many && is_repeated(node))
        report(walk, node, NULL, arena_printf(walk->arena, "'%s' may be in '%s' only once", name, parent->name));
    check_element(walk, node, child->element);
}

static void check_element(struct validation *walk, const xmlNode *node, const struct schema_element *element)
{
    check_attributes(walk, node, element);
    check_text(walk, node, element);
    check_lacking(walk, node, element);
    check_order(walk, node, element);
    for (xmlNode *each = element_child(node, NULL); each && !budget_spent(); each = element_from(each->next, NULL))
        check_child(walk, each, element);
}

void validate_walk(struct arena *arena, const struct schema *schema, const xmlDoc *xml, struct vec *errors)
{
    struct validation walk = {.arena = arena, .errors = errors};
    const xmlNode *root = xml_root(xml);
    if (!root->ns && strcmp((const char *)root->name, schema->root->name) == 0)
        return check_element(&walk, root, schema->root);
    report(&walk, root, arena_printf(arena, "'%s'", schema->root->name),
           arena_printf(arena, "the document is a '%s'", (const char *)root->name));
}
