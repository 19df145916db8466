/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading XML under limits: no network, no entities, nothing printed. */
#include "base/xml.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <string.h>

enum { TEXT_LIMIT = 64 * 1024 * 1024 };

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

static void take_first(void *data, xmlErrorPtr error)
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

xmlDoc *xml_parse(struct arena *arena, const char *path, const char *text, size_t length, const char **ret_error)
{
    enum { OPTIONS = XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_BIG_LINES };
    if (length > TEXT_LIMIT) {
        *ret_error = arena_printf(arena, "%s: %s", path, file_error(-EFBIG));
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
    if (xml && !first.message && xmlDocGetRootElement(xml))
        return xml;
    *ret_error = arena_printf(arena, "%s:%d: %s", path, first.line, first.message ? first.message : "not XML");
    xmlFreeDoc(xml);
    return NULL;
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
