/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An XML node as a row: its attributes and its text. */
#include "probe/xml_columns.h"

/* More of either no rule names; a hostile file may have millions. */
enum { PART_LIMIT = 1024 };

static const xmlNode *last_of(const xmlNode *element)
{
    const xmlNode *each = element->children;
    for (unsigned i = 0; each && each->next && i < PART_LIMIT; i++)
        each = each->next;
    return each;
}

/* From the last to the first, so that the first of a name stays. */
static void add_children(struct arena *arena, struct row *row, const xmlNode *element)
{
    for (const xmlNode *each = last_of(element); each; each = each->prev) {
        const xmlNode *text = each->children;
        if (each->type == XML_ELEMENT_NODE && text && text->type == XML_TEXT_NODE && !text->next)
            row_set(arena, row, (const char *)each->name, (const char *)text->content);
    }
}

static void add_attributes(struct arena *arena, struct row *row, const xmlNode *element)
{
    unsigned count = 0;
    for (const xmlAttr *each = element->properties; each && count < PART_LIMIT; each = each->next, count++) {
        const xmlNode *text = each->children;
        row_set(arena, row, (const char *)each->name, text ? (const char *)text->content : "");
    }
}

const char *xml_columns(struct arena *arena, struct row *row, const xmlNode *node, struct xml_trail *trail)
{
    const char *text = xml_text(arena, node);
    if (node->type == XML_ELEMENT_NODE) {
        add_children(arena, row, node);
        add_attributes(arena, row, node);
    }
    row_set(arena, row, "text", text);
    row_set(arena, row, "node", xml_path_after(arena, trail, node));
    return text;
}
