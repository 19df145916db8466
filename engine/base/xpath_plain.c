/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths of names alone: a/b/@c, /a/b, ../c, and what is asked of them most often: PATH = 'text', not(PATH). Most
 * columns and conditions of views are such, and libxml2 takes longer to load than they take to follow. What they mean
 * is XPath's: https://www.w3.org/TR/1999/REC-xpath-19991116/#location-paths
 */
#include "base/text.h"
#include "base/xml.h"

#include <string.h>

/* "..", a name, or a name behind '@'. */
struct path_step {
    const char *name;
    size_t length;
    bool attribute;
};

/* false: it is something else. *ret_rest: what follows the slash behind it; NULL: nothing does. */
static bool read_step(const char *text, struct path_step *ret_step, const char **ret_rest)
{
    bool attribute = *text == '@';
    const char *name = text + attribute;
    size_t length = strcspn(name, "/");
    bool last = name[length] == '\0';

    *ret_step = (struct path_step){name, length, attribute};
    *ret_rest = last ? NULL : name + length + 1;
    if (length == 2 && strncmp(text, "..", 2) == 0)
        return true;
    return text_is_name(name, length) && (last || !attribute);
}

static bool is_named(const xmlChar *name, const struct path_step *step)
{
    return strncmp((const char *)name, step->name, step->length) == 0 && name[step->length] == '\0';
}

static void add_attributes(struct arena *arena, const xmlNode *node, const struct path_step *step, struct vec *found)
{
    for (const xmlAttr *each = node->properties; each; each = each->next) {
        if (is_named(each->name, step))
            vec_push(arena, found, each);
    }
}

static void add_children(struct arena *arena, const xmlNode *node, const struct path_step *step, struct vec *found)
{
    for (const xmlNode *each = xml_element_from(node->children); each; each = xml_element_from(each->next)) {
        if (is_named(each->name, step))
            vec_push(arena, found, each);
    }
}

static void take_step(struct arena *arena, const xmlNode *node, const struct path_step *step, struct vec *found)
{
    if (*step->name == '.')
        vec_push(arena, found, node->parent);
    else if (!step->attribute)
        add_children(arena, node, step, found);
    else if (node->type == XML_ELEMENT_NODE)
        add_attributes(arena, node, step, found);
}

static bool follow(struct arena *arena, const xmlNode *context, const char *expression, struct xpath_result *ret_result)
{
    const char *rest = *expression == '/' ? expression + 1 : expression;
    struct vec nodes = {0};

    vec_push(arena, &nodes, *expression == '/' ? (const xmlNode *)context->doc : context);
    while (rest) {
        struct vec found = {0};
        struct path_step step;
        if (!read_step(rest, &step, &rest))
            return false;
        /* Several nodes may have one parent, and the topmost has none. */
        if (*step.name == '.' && (nodes.count != 1 || !((xmlNode *)nodes.items[0])->parent))
            return false;
        for (size_t i = 0; i < nodes.count; i++)
            take_step(arena, nodes.items[i], &step, &found);
        nodes = found;
    }
    *ret_result = (struct xpath_result){.nodes = (xmlNode **)nodes.items, .count = nodes.count};
    ret_result->boolean = nodes.count > 0;
    ret_result->text = nodes.count > 0 ? xml_text(arena, nodes.items[0]) : "";
    return true;
}

static void set_truth(struct xpath_result *result, bool truth)
{
    *result = (struct xpath_result){.text = truth ? "true" : "false", .boolean = truth, .scalar = true};
}

/* PATH = 'text': is it the text of one of them? */
static bool compare(struct arena *arena, const xmlNode *context, const char *path, const char *literal,
                    struct xpath_result *ret_result)
{
    const size_t length = strlen(literal);
    struct xpath_result found;
    bool equal = false;

    if (length < 2 || literal[0] != '\'' || strchr(literal + 1, '\'') != literal + length - 1)
        return false;
    if (!follow(arena, context, path, &found))
        return false;
    const char *wanted = arena_strndup(arena, literal + 1, length - 2);
    for (size_t i = 0; i < found.count && !equal; i++)
        equal = text_equal(xml_text(arena, found.nodes[i]), wanted);
    set_truth(ret_result, equal);
    return true;
}

bool xpath_plain(struct arena *arena, const xmlNode *context, const char *expression, struct xpath_result *ret_result)
{
    const char *equals = strstr(expression, " = ");
    struct xpath_result found;

    if (equals)
        return compare(arena, context, arena_strndup(arena, expression, (size_t)(equals - expression)), equals + 3,
                       ret_result);
    if (!text_starts(expression, "not(") || !text_ends(expression, ")"))
        return follow(arena, context, expression, ret_result);
    if (!follow(arena, context, arena_strndup(arena, expression + 4, strlen(expression) - 5), &found))
        return false;
    set_truth(ret_result, found.count == 0);
    return true;
}
