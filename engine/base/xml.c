/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading XML under limits: no network, no entities, nothing printed. */
#include "base/xml.h"

#include "base/file.h"
#include "base/libxml.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

enum { TEXT_LIMIT = 64 * 1024 * 1024 };

static void add_text(struct buf *out, const xmlNode *node)
{
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
        buf_add(out, (const char *)node->content);
    if (node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE && node->type != XML_DOCUMENT_NODE)
        return;
    for (const xmlNode *each = node->children; each; each = each->next)
        add_text(out, each);
}

const char *xml_text(struct arena *arena, const xmlNode *node)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    add_text(&out, node);
    return arena_strdup(arena, buf_text(&out));
}

static void free_parser(xmlParserCtxt **parser)
{
    xmlFreeParserCtxt(*parser);
}

/* The first thing that is wrong with a text; what follows it is mostly its consequence. */
struct first_error {
    struct arena *arena;
    const char *message;
    int line;
};

static void take_first(void *data, libxml_error *error)
{
    struct first_error *first = ((xmlParserCtxt *)data)->_private;
    if (first->message || error->level < XML_ERR_ERROR)
        return;
    first->line = error->line;
    first->message = error->message ? text_trim(first->arena, error->message, strlen(error->message)) : "not XML";
}

static void refuse_entity(void *data, const xmlChar *name, int type, const xmlChar *public_id, const xmlChar *system_id,
                          xmlChar *content)
{
    xmlParserCtxt *parser = data;
    struct first_error *first = parser->_private;
    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
    if (!first->message)
        first->message = arena_printf(first->arena, "entity declarations (%s) are not allowed", (const char *)name);
    first->line = xmlSAX2GetLineNumber(parser);
    xmlStopParser(parser);
}

/* Is there a tag of more attributes than any honest one has? libxml2 compares each with all before it. */
static bool has_wide_tag(const char *text, size_t length)
{
    enum { ATTRIBUTES = 256 };
    unsigned count = 0;
    bool inside = false;
    char quote = '\0';
    for (const char *at = text, *end = text + length; at < end && count <= ATTRIBUTES; at++) {
        if (!inside) {
            inside = *at == '<' && at + 1 < end && !strchr("!?/", at[1]);
            count = 0;
        } else if (quote || *at == '"' || *at == '\'') {
            quote = !quote ? *at : quote == *at ? '\0' : quote;
        } else {
            inside = *at != '>';
            count += *at == '=';
        }
    }
    return count > ATTRIBUTES;
}

xmlDoc *xml_parse(struct arena *arena, const char *path, const char *text, size_t length, const char **ret_error)
{
    /* Without NOERROR: since 2.13 that would keep errors from our handler, too, and with a handler nothing is printed.
     */
    enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_BIG_LINES };
    if (length > TEXT_LIMIT) {
        *ret_error = arena_printf(arena, "%s: %s", path, file_error(-EFBIG));
        return NULL;
    }
    if (libxml_missing()) {
        *ret_error = libxml_missing();
        return NULL;
    }
    if (has_wide_tag(text, length)) {
        *ret_error = arena_printf(arena, "%s: an element has more than 256 attributes", path);
        return NULL;
    }
    AUTO(free_parser) xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser)
        memory_exhausted();
    struct first_error first = {.arena = arena};
    parser->_private = &first;
    parser->sax->entityDecl = refuse_entity;
    parser->sax->serror = take_first;
    xmlDoc *xml = xmlCtxtReadMemory(parser, text, (int)length, path, NULL, OPTIONS);
    if (xml && !first.message && xml_root(xml))
        return xml;
    *ret_error = arena_printf(arena, "%s:%d: %s", path, first.line, first.message ? first.message : "not XML");
    xml_free(&xml);
    return NULL;
}

void xml_free(xmlDoc **xml)
{
    if (*xml)
        xmlFreeDoc(*xml);
}

xmlDoc *xml_read(struct arena *arena, const char *path, const char **ret_error)
{
    char *text;
    size_t length;
    int error = file_read(arena, path, TEXT_LIMIT, &text, &length);
    if (error >= 0)
        return xml_parse(arena, path, text, length, ret_error);
    *ret_error = arena_printf(arena, "%s: %s", path, file_error(error));
    return NULL;
}
