/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML in the layout that clients of such documents know: two spaces, single quotes, blank lines between the main parts.
 */
#include "base/text.h"
#include "write/write.h"

#include <string.h>

/* What stands for a character that cannot stand for itself. */
static void write_reference(struct buf *out, char character, bool attribute)
{
    switch (character) {
    case '&':
        buf_add(out, "&amp;");
        break;
    case '<':
        buf_add(out, "&lt;");
        break;
    case '>':
        buf_add(out, "&gt;");
        break;
    case '\'':
        buf_add(out, attribute ? "&apos;" : "'");
        break;
    default:
        if (attribute || character == '\r')
            buf_printf(out, "&#%d;", character);
        else
            buf_char(out, character);
    }
}

void write_escaped(struct buf *out, const char *text, bool attribute)
{
    for (;;) {
        size_t plain = strcspn(text, "&<>'\n\t\r");
        buf_add_n(out, text, plain);
        text += plain;
        if (!*text)
            return;
        write_reference(out, *text++, attribute);
    }
}

/* Documents that rules made know their model; those that were read from a file have none, and hide nothing. */
static bool is_hidden(const xmlNode *node, const xmlAttr *attribute)
{
    const struct schema_element *model = node->_private;
    const struct schema_attribute *known =
        model && model->hides ? schema_attribute(model, (const char *)attribute->name) : NULL;
    return known && known->hidden;
}

static void write_attributes(struct buf *out, const xmlNode *node)
{
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        if (is_hidden(node, attribute))
            continue;
        buf_char(out, ' ');
        buf_add(out, (const char *)attribute->name);
        buf_add(out, "='");
        for (const xmlNode *text = attribute->children; text; text = text->next)
            write_escaped(out, (const char *)text->content, true);
        buf_char(out, '\'');
    }
}

static void write_node(struct buf *out, const xmlNode *node, unsigned depth);

/* The children of the root that have parts of their own stand apart from each other. */
static void write_children(struct buf *out, const xmlNode *node, unsigned depth)
{
    bool apart = false;
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        apart = depth == 0 && xml_element_from(child->children);
        if (apart)
            buf_char(out, '\n');
        write_node(out, child, depth + 1);
    }
    if (apart)
        buf_char(out, '\n');
}

static void write_name(struct buf *out, const xmlNode *node)
{
    if (node->ns && node->ns->prefix) {
        buf_add(out, (const char *)node->ns->prefix);
        buf_char(out, ':');
    }
    buf_add(out, (const char *)node->name);
}

/* The outermost element of a namespace says which it is. */
static void write_namespace(struct buf *out, const xmlNode *node)
{
    const xmlNs *own = node->ns, *outer = node->parent->type == XML_ELEMENT_NODE ? node->parent->ns : NULL;
    if (!own || !own->prefix || (outer && text_equal((const char *)outer->prefix, (const char *)own->prefix)))
        return;
    buf_printf(out, " xmlns:%s='", (const char *)own->prefix);
    write_escaped(out, (const char *)own->href, true);
    buf_char(out, '\'');
}

static void write_node(struct buf *out, const xmlNode *node, unsigned depth)
{
    buf_pad(out, ' ', (size_t)2 * depth);
    buf_char(out, '<');
    write_name(out, node);
    write_namespace(out, node);
    write_attributes(out, node);
    if (!node->children) {
        buf_add(out, "/>\n");
        return;
    }
    buf_char(out, '>');
    if (xml_element_from(node->children)) {
        buf_char(out, '\n');
        write_children(out, node, depth);
        buf_pad(out, ' ', (size_t)2 * depth);
    } else {
        for (const xmlNode *text = node->children; text; text = text->next)
            if (text->content)
                write_escaped(out, (const char *)text->content, false);
    }
    buf_add(out, "</");
    write_name(out, node);
    buf_add(out, ">\n");
}

const char *write_xml(struct buf *out, const xmlDoc *xml, const struct schema *schema)
{
    (void)schema;
    const xmlNode *root = xml_root(xml);
    if (root)
        write_node(out, root, 0);
    return NULL;
}
