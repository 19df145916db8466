/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is the same thing on two hosts: by the paths that schemas/fleet.yaml gives, else by all that an element says. */
#include "base/text.h"
#include "cli/fleet.h"

#include <string.h>

static void add_predicate(struct buf *out, const char *path, const char *value)
{
    const char quote = strchr(value, '\'') ? '"' : '\'';
    buf_printf(out, "[%s=%c%s%c]", path, quote, value, quote);
}

static void add_known(struct buf *out, struct arena *arena, const xmlNode *node, const struct yaml_node *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct xpath_result found = {0};
        const char *path = paths->items[i]->value, *error = NULL;
        if (!xpath_plain(arena, node, path, &found) &&
            !document_xpath(arena, node->doc, node, path, NULL, &found, &error))
            continue;
        if (found.count > 0)
            add_predicate(out, path, found.text);
    }
}

/* Of a list of which nobody says what tells its elements apart: attributes and texts do. */
static void add_content(struct buf *out, struct arena *arena, const xmlNode *node)
{
    for (const xmlAttr *each = node->properties; each; each = each->next)
        add_predicate(out, arena_printf(arena, "@%s", (const char *)each->name),
                      xml_text(arena, (const xmlNode *)each));
    const char *text = xml_text(arena, node);
    if (*text)
        add_predicate(out, ".", text);
}

const char *fleet_identity(const struct fleet *fleet, struct arena *arena, const xmlNode *node,
                           const struct schema_child *child)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct yaml_node *paths = yaml_get(fleet->rules.same, (const char *)node->name);
    if (paths)
        add_known(&out, arena, node, paths);
    else if (!child || child->many)
        add_content(&out, arena, node);
    return arena_strdup(arena, buf_text(&out));
}

/* The names of the elements down to a node, without the root's. */
static void add_names(struct buf *out, const xmlNode *node)
{
    if (!node->parent || node->parent->type != XML_ELEMENT_NODE)
        return;
    add_names(out, node->parent);
    buf_printf(out, "%s%s", out->length ? "/" : "", (const char *)node->name);
}

static bool has(const struct yaml_node *list, const char *text)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (text_equal(list->items[i]->value, text))
            return true;
    return false;
}

bool fleet_is_own(const struct fleet *fleet, struct arena *arena, const xmlNode *node)
{
    AUTO(buf_free) struct buf names = BUF_INIT;
    (void)arena;
    add_names(&names, node);
    return has(fleet->rules.own, buf_text(&names));
}

bool fleet_is_least(const struct fleet *fleet, const char *element, const char *attribute)
{
    AUTO(buf_free) struct buf name = BUF_INIT;
    buf_printf(&name, "%s/@%s", element, attribute);
    return has(fleet->rules.least, buf_text(&name));
}
