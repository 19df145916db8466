/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Node paths: are they in the schema, which nodes do they name, how to make them hold. */
#include "base/text.h"
#include "document/builder.h"
#include "schema/private.h"

#include <string.h>

static bool step_known(const struct schema_element *parent, const struct node_step *step,
                       const struct schema_element **ret_element, struct path_problem *ret_problem)
{
    const struct schema_child *child = step->attribute ? NULL : schema_child(parent, step->name, NULL);
    if (child ? false : !step->attribute || !schema_attribute(parent, step->name)) {
        *ret_problem = (struct path_problem){parent, step->name, step->attribute};
        return false;
    }
    *ret_element = child ? child->element : parent;
    for (size_t i = 0; i < step->predicate_count; i++) {
        const struct schema_element *unused;
        if (!path_known(*ret_element, step->predicates[i].path, &unused, ret_problem))
            return false;
    }
    return true;
}

bool path_known(const struct schema_element *element, const struct node_path *path,
                const struct schema_element **ret_element, struct path_problem *ret_problem)
{
    for (size_t i = 0; i < path->count; i++) {
        if (!step_known(element, &path->steps[i], &element, ret_problem))
            return false;
    }
    *ret_element = element;
    return true;
}

const char *path_problem_text(struct arena *arena, const struct path_problem *problem)
{
    return arena_printf(arena, "the schema has no %s '%s' in '%s'", problem->attribute ? "attribute" : "element",
                        problem->name, problem->parent->name);
}

static enum text_status bind_step(struct builder *builder, const struct scope *scope, const struct node_step *step,
                                  struct bound_step *ret_step, const char **ret_reason)
{
    ret_step->step = step;
    if (step->predicate_count == 0)
        return TEXT_SET;
    ret_step->predicates = arena_alloc(builder->arena, step->predicate_count * sizeof(*ret_step->predicates));
    for (size_t i = 0; i < step->predicate_count; i++) {
        const struct node_predicate *predicate = &step->predicates[i];
        struct bound_predicate *bound = &ret_step->predicates[i];
        enum text_status status = template_expand(builder->run, scope, predicate->value, &bound->value, ret_reason);
        if (status == TEXT_SET)
            status = path_bind(builder, scope, predicate->path, &bound->path, ret_reason);
        if (status != TEXT_SET)
            return status;
    }
    return TEXT_SET;
}

enum text_status path_bind(struct builder *builder, const struct scope *scope, const struct node_path *path,
                           struct bound_path *ret_path, const char **ret_reason)
{
    ret_path->path = path;
    ret_path->steps = arena_alloc(builder->arena, path->count * sizeof(*ret_path->steps));
    for (size_t i = 0; i < path->count; i++) {
        const enum text_status status = bind_step(builder, scope, &path->steps[i], &ret_path->steps[i], ret_reason);
        if (status != TEXT_SET)
            return status;
    }
    return TEXT_SET;
}

static void write_path(struct buf *out, const struct bound_path *path)
{
    for (size_t i = 0; i < path->path->count; i++) {
        const struct bound_step *bound = &path->steps[i];
        buf_printf(out, "%s%s%s", i > 0 ? "/" : "", bound->step->attribute ? "@" : "", bound->step->name);
        for (size_t j = 0; j < bound->step->predicate_count; j++) {
            buf_add(out, bound->predicates[j].path.path->count > 0 ? "[" : "[.");
            write_path(out, &bound->predicates[j].path);
            buf_printf(out, "='%s']", bound->predicates[j].value);
        }
    }
}

const char *path_text(struct arena *arena, const struct bound_path *path)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    write_path(&out, path);
    return arena_strdup(arena, buf_text(&out));
}

bool node_text_is(const xmlNode *node, const char *text)
{
    const xmlNode *child = node->children;
    if (!child)
        return *text == '\0';
    if (child->type == XML_TEXT_NODE && !child->next)
        return strcmp((const char *)child->content, text) == 0;
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    return strcmp(xml_text(scratch, node), text) == 0;
}

size_t attributes_said(const xmlNode *node)
{
    const struct schema_attribute *filled = node_model(node)->filled;
    size_t count = 0;
    for (const xmlAttr *each = node->properties; each; each = each->next)
        count += !filled || strcmp((const char *)each->name, filled->name) != 0;
    return count;
}

bool node_is_empty(const xmlNode *node)
{
    return !node->children && (!node->properties || attributes_said(node) == 0);
}

/* Is there a node at the end of count steps with that value? */
static bool value_is_there(const xmlNode *node, const struct bound_step *steps, size_t count, const char *value)
{
    if (count == 0)
        return node_text_is(node, value);
    const char *name = steps->step->name;
    if (steps->step->attribute) {
        const xmlAttr *attribute = tree_attribute(node, name);
        return attribute && node_text_is((const xmlNode *)attribute, value);
    }
    for (xmlNode *each = element_child(node, name); each; each = element_from(each->next, name)) {
        if (step_holds(each, steps) && value_is_there(each, steps + 1, count - 1, value))
            return true;
    }
    return false;
}

bool step_holds(const xmlNode *node, const struct bound_step *step)
{
    for (size_t i = 0; i < step->step->predicate_count; i++) {
        const struct bound_predicate *predicate = &step->predicates[i];
        if (!value_is_there(node, predicate->path.steps, predicate->path.path->count, predicate->value))
            return false;
    }
    return true;
}

/* Of looking whether a step holds, in simple comparisons; siblings of which it is looked one by one. */
enum { COST = 16, MANY = 64 };

/* Does one that has many siblings come first? */
static bool stands_before(const xmlNode *one, const xmlNode *other)
{
    const xmlNode *behind = other;
    for (const xmlNode *each = one; each && behind; each = each->next, behind = behind->next) {
        if (each == other || behind == one)
            return each == other;
    }
    return !behind;
}

/* What the index knows of a predicate; false: nothing, as the value is empty, or is put together of several texts. */
static bool may_have(struct builder *builder, const xmlNode *parent, const char *name,
                     const struct bound_predicate *predicate, struct siblings *ret_siblings)
{
    const struct node_path *path = predicate->path.path;
    const struct schema_element *element = schema_child(node_model(parent), name, NULL)->element;
    struct sibling_value value = {.steps = predicate->path.steps, .text = predicate->value};
    for (; value.count < path->count && !path->steps[value.count].attribute; value.count++)
        element = schema_child(element, path->steps[value.count].name, NULL)->element;
    if (value.count < path->count)
        value.attribute = path->steps[value.count].name;
    if (!*predicate->value || (!value.attribute && element->child_count > 0))
        return false;
    *ret_siblings = siblings_with(builder, parent, name, &value);
    return true;
}

/* Those of which the rarest of the step's values is known. */
static bool may_hold(struct builder *builder, const xmlNode *parent, const struct bound_step *step,
                     struct siblings *ret_siblings)
{
    bool known = false;
    struct siblings each;
    for (size_t i = 0; i < step->step->predicate_count; i++) {
        if (!may_have(builder, parent, step->step->name, &step->predicates[i], &each))
            continue;
        if (!known || each.count < ret_siblings->count)
            *ret_siblings = each;
        known = true;
    }
    return known;
}

static xmlNode *find_among(struct builder *builder, const xmlNode *parent, const struct bound_step *step,
                           const struct valued_node *siblings)
{
    xmlNode *found = NULL;
    for (const struct valued_node *each = siblings; each; each = each->next) {
        builder->work.compared += COST;
        if (each->node->parent == parent && each->node != found && step_holds(each->node, step) &&
            (!found || stands_before(each->node, found)))
            found = each->node;
    }
    return found;
}

/* The first child for which a step holds; NULL: none. */
static xmlNode *step_find(struct builder *builder, const xmlNode *parent, const struct bound_step *step)
{
    const char *name = step->step->name;
    struct siblings siblings;
    size_t left = siblings_are_kept(builder, parent) ? 0 : MANY;
    for (xmlNode *each = parent->children; each; each = each->next) {
        if (left-- == 0 && may_hold(builder, parent, step, &siblings))
            return find_among(builder, parent, step, siblings.first);
        const bool named = element_is(each, name);
        builder->work.compared += named ? COST : 1;
        if (named && step_holds(each, step))
            return each;
    }
    return NULL;
}

/* After the last sibling that the schema does not put behind it. */
static void insert_in_order(xmlNode *parent, xmlNode *node, size_t position)
{
    const xmlChar *name = NULL;
    size_t other = 0;
    for (xmlNode *each = parent->last; each; name = each->name, each = each->prev) {
        if (each->type != XML_ELEMENT_NODE)
            other = 0;
        else if (each->name != name)
            schema_child(node_model(parent), (const char *)each->name, &other);
        if (other <= position)
            return tree_put(parent, node, each);
    }
    tree_put(parent, node, NULL);
}

static const xmlChar *word(struct builder *builder, const char *text)
{
    const char *known = map_get(&builder->words, text);
    if (known)
        return (const xmlChar *)known;
    known = arena_strdup(builder->arena, text);
    map_put(builder->arena, &builder->words, known, known);
    return (const xmlChar *)known;
}

/* Hundreds of nodes in a row may have the same name. */
const xmlChar *name_word(struct builder *builder, const struct schema_element *element)
{
    if (builder->named != element)
        builder->name = word(builder, element->name);
    builder->named = element;
    return builder->name;
}

xmlNode *node_new(struct builder *builder, const struct schema_element *element)
{
    xmlNode *node = tree_element(builder->arena, builder->document->xml, name_word(builder, element));
    node->_private = (void *)element;
    if (element->prefix)
        tree_set_namespace(builder->arena, node, element->prefix, element->namespace);
    node->psvi = (void *)builder->origin;
    return node;
}

xmlNode *node_create(struct builder *builder, xmlNode *parent, const char *name)
{
    size_t position = 0;
    const struct schema_child *child = schema_child(node_model(parent), name, &position);
    xmlNode *node = node_new(builder, child->element);
    insert_in_order(parent, node, position);
    const struct schema_attribute *filled = child->element->filled;
    if (filled && builder->rule && builder->rule->driver)
        node_set_attribute(builder, node, filled->name, builder->rule->driver);
    return node;
}

/* Values come from templates, whose literal parts may hold what XML does not allow. */
static const char *allowed_text(struct builder *builder, const char *text)
{
    for (const char *at = text; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte >= 0x7f || (byte < 0x20 && !strchr("\t\n\r", byte)))
            return text_sanitise(builder->arena, text, strlen(text));
    }
    return text;
}

const xmlChar *text_word(struct builder *builder, const char *text)
{
    return *text ? word(builder, allowed_text(builder, text)) : NULL;
}

void node_set_word(struct builder *builder, xmlNode *node, const xmlChar *text)
{
    xmlNode *next;
    for (xmlNode *each = node->children; each; each = next) {
        next = each->next;
        if (each->type == XML_TEXT_NODE)
            tree_take(each);
    }
    if (text)
        tree_put(node, tree_text(builder->arena, builder->document->xml, text), NULL);
    siblings_note_text(builder, node, text);
}

xmlAttr *node_set_attribute(struct builder *builder, xmlNode *node, const char *name, const char *value)
{
    xmlAttr *attribute = tree_set_attribute(builder->arena, node, name, allowed_text(builder, value));
    attribute->psvi = (void *)builder->origin;
    siblings_note_attribute(builder, attribute);
    return attribute;
}

static void make_value(struct builder *builder, xmlNode *node, const struct bound_step *steps, size_t count,
                       const char *value);

static void make_hold(struct builder *builder, xmlNode *node, const struct bound_step *step)
{
    for (size_t i = 0; i < step->step->predicate_count; i++) {
        const struct bound_predicate *predicate = &step->predicates[i];
        size_t count = predicate->path.path->count;
        if (!value_is_there(node, predicate->path.steps, count, predicate->value))
            make_value(builder, node, predicate->path.steps, count, predicate->value);
    }
}

/* An element that occurs many times is not changed to fit: a new one is added. */
static void make_value(struct builder *builder, xmlNode *node, const struct bound_step *steps, size_t count,
                       const char *value)
{
    if (count == 0)
        return node_set_word(builder, node, text_word(builder, value));
    if (steps->step->attribute) {
        node_set_attribute(builder, node, steps->step->name, value);
        return;
    }
    bool last = count == 1 || steps[1].step->attribute;
    bool many = schema_child(node_model(node), steps->step->name, NULL)->many;
    bool add = last && many && steps->step->predicate_count == 0;
    xmlNode *child = add ? node_create(builder, node, steps->step->name) : step_place(builder, node, steps).node;
    make_value(builder, child, steps + 1, count - 1, value);
}

struct node_place step_place(struct builder *builder, xmlNode *parent, const struct bound_step *step)
{
    struct node_place place = {.node = step_find(builder, parent, step)};
    if (place.node)
        return place;
    const char *name = step->step->name;
    if (!schema_child(node_model(parent), name, NULL)->many)
        place.node = element_child(parent, name);
    if (!place.node)
        place.node = place.created = node_create(builder, parent, name);
    make_hold(builder, place.node, step);
    return place;
}

struct node_place path_place(struct builder *builder, xmlNode *base, const struct bound_path *path, size_t count)
{
    struct node_place place = {.node = base};
    for (size_t i = 0; i < count; i++) {
        struct node_place next = step_place(builder, place.node, &path->steps[i]);
        place.node = next.node;
        place.created = place.created ? place.created : next.created;
    }
    return place;
}
