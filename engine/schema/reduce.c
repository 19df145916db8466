/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A document for readers of another generation: without what they do not know. */
#include "base/libxml.h"
#include "base/text.h"
#include "base/tree.h"
#include "schema/private.h"
#include "schema/validate.h"
#include "schema/validate_walk.h"

enum { LABEL_WORDS = 2 };

struct reducer {
    struct arena *arena;
    const struct schema *schema;
    xmlDoc *xml;
    struct vec *left_out; /* of struct left_out */
    size_t taken;         /* number of nodes */
};

static bool is_element(const xmlNode *node)
{
    return node && node->type == XML_ELEMENT_NODE;
}

/* NULL: the schema has no such element there. */
static const struct schema_element *model_of(const struct reducer *reducer, const xmlNode *node)
{
    if (!is_element(node->parent))
        return reducer->schema->root;
    const struct schema_element *parent = model_of(reducer, node->parent);
    const struct schema_child *child = parent ? schema_child(parent, (const char *)node->name, NULL) : NULL;
    return child ? child->element : NULL;
}

static bool has_twin(const xmlNode *node)
{
    const char *name = (const char *)node->name;
    const xmlNode *first = element_child(node->parent, name);
    return first != node || element_from(first->next, name);
}

static bool may_go(const struct reducer *reducer, const xmlNode *node)
{
    if (!is_element(node->parent))
        return false;
    const struct schema_element *parent = model_of(reducer, node->parent);
    if (!parent)
        return true;
    if (node->type == XML_ATTRIBUTE_NODE) {
        const struct schema_attribute *attribute = schema_attribute(parent, (const char *)node->name);
        return !attribute || !attribute->required;
    }
    const struct schema_child *child = schema_child(parent, (const char *)node->name, NULL);
    return !child || !child->required || has_twin(node);
}

static bool is_attached(const xmlNode *node)
{
    while (node->parent)
        node = node->parent;
    return node->type == XML_DOCUMENT_NODE;
}

/* What tells a node from others of its name: its first attributes, or the first texts in it. */
static void label(struct buf *out, const xmlNode *node, unsigned *left)
{
    for (const xmlAttr *each = node->properties; each && *left > 0; each = each->next) {
        const xmlNode *text = each->children;
        buf_printf(out, "%s%s", out->length ? ", " : "", text ? (const char *)text->content : "");
        --*left;
    }
    for (const xmlNode *each = node->children; each && *left > 0; each = each->next) {
        if (each->type == XML_ELEMENT_NODE)
            label(out, each, left);
        if (each->type != XML_TEXT_NODE || xmlIsBlankNode((xmlNode *)each))
            continue;
        buf_printf(out, "%s%s", out->length ? ", " : "", (const char *)each->content);
        --*left;
    }
}

static bool may_repeat(const struct reducer *reducer, const xmlNode *node)
{
    const struct schema_element *parent = is_element(node->parent) ? model_of(reducer, node->parent) : NULL;
    const struct schema_child *child = parent ? schema_child(parent, (const char *)node->name, NULL) : NULL;
    return child && child->many;
}

static void write_path(const struct reducer *reducer, struct buf *out, const xmlNode *node)
{
    if (is_element(node->parent))
        write_path(reducer, out, node->parent);
    bool attribute = node->type == XML_ATTRIBUTE_NODE;
    buf_printf(out, "/%s%s", attribute ? "@" : "", (const char *)node->name);
    if (attribute || !may_repeat(reducer, node))
        return;
    AUTO(buf_free) struct buf words = BUF_INIT;
    unsigned left = LABEL_WORDS;
    label(&words, node, &left);
    if (words.length)
        buf_printf(out, " (%s)", buf_text(&words));
}

static void take(struct reducer *reducer, xmlNode *node)
{
    tree_take(node);
    reducer->taken++;
}

/* What held nothing else and need not be there goes too. */
static void take_emptied(struct reducer *reducer, xmlNode *node)
{
    while (is_element(node) && !element_child(node, NULL) && !node->properties && !node->children &&
           may_go(reducer, node)) {
        xmlNode *parent = node->parent;
        take(reducer, node);
        node = parent;
    }
}

static void leave_out(struct reducer *reducer, xmlNode *node, const char *reason)
{
    AUTO(buf_free) struct buf path = BUF_INIT;
    xmlNode *parent = node->parent;
    struct left_out *left_out = arena_new_object(reducer->arena, struct left_out);
    write_path(reducer, &path, node);
    left_out->path = arena_strdup(reducer->arena, buf_text(&path));
    left_out->reason = reason;
    vec_push(reducer->arena, reducer->left_out, left_out);
    take(reducer, node);
    take_emptied(reducer, parent);
}

/* What is wrong goes, with as much around it as cannot be without it. */
static void take_wrong(struct reducer *reducer, const struct validation_error *error)
{
    xmlNode *node = (xmlNode *)error->node;
    if (!is_attached(node) || (error->lacking && may_repeat(reducer, node)))
        return;
    while (is_element(node->parent) && !may_go(reducer, node))
        node = node->parent;
    if (is_element(node->parent))
        leave_out(reducer, node, error->message);
}

/* What goes may leave its parent with less than that needs: until nothing more can be done. */
static void reduce(struct reducer *reducer, struct vec *ret_errors)
{
    size_t before;
    do {
        *ret_errors = (struct vec){0};
        before = reducer->taken;
        validate_walk(reducer->arena, reducer->schema, reducer->xml, ret_errors);
        for (size_t i = 0; i < ret_errors->count; i++)
            take_wrong(reducer, ret_errors->items[i]);
    } while (reducer->taken > before);
}

static bool take_newer(struct reducer *reducer, const struct schema_newer *newer, const char **ret_error)
{
    struct xpath_result found;
    if (!document_xpath(reducer->arena, reducer->xml, NULL, newer->path, NULL, &found, ret_error))
        return false;
    for (size_t i = 0; i < found.count; i++)
        if (is_attached(found.nodes[i]))
            leave_out(reducer, found.nodes[i], newer->reason);
    return true;
}

static bool take_all_newer(struct reducer *reducer, const struct schema *generation, const char *name,
                           const char **ret_error)
{
    for (size_t i = 0; i < generation->newer.count; i++) {
        const struct schema_newer *newer = generation->newer.items[i];
        if (text_equal(newer->document, name) && !take_newer(reducer, newer, ret_error))
            return false;
    }
    return true;
}

xmlDoc *schema_reduce(struct arena *arena, const char *name, const struct schema *own, const xmlDoc *xml,
                      const char *schema_path, struct vec *ret_left_out, struct vec *ret_errors, const char **ret_error)
{
    const struct schema *generation = schema_load(schema_path, arena, NULL, ret_error);
    if (!generation)
        return NULL;
    bool other = !text_equal(generation->root->name, own->root->name);
    struct reducer reducer = {.arena = arena, .left_out = ret_left_out};
    reducer.schema = other ? own : generation;
    reducer.xml = tree_copy(arena, xml);
    *ret_left_out = (struct vec){0};
    if (!take_all_newer(&reducer, generation, name, ret_error))
        return NULL;
    reduce(&reducer, ret_errors);
    return reducer.xml;
}
