/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML texts and XPath on them. */
#ifndef HVPROBE_BASE_XML_H
#define HVPROBE_BASE_XML_H

#include "base/memory.h"
#include "base/named_text.h"

#include <libxml/tree.h>

/* Parses a text under limits, no network, no entities; name is what messages call it. NULL after *ret_error with line.
 * The caller frees it with xml_free. */
xmlDoc *xml_parse(struct arena *arena, const char *name, const char *text, size_t length, const char **ret_error);

/* The same from a file, or "-" for standard input. */
xmlDoc *xml_read(struct arena *arena, const char *path, const char **ret_error);
void xml_free(xmlDoc **xml); /* for AUTO(); NULL is allowed */

/* The first element from a node on, among its siblings; NULL: there is none. */
static inline xmlNode *xml_element_from(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

static inline xmlNode *xml_root(const xmlDoc *xml)
{
    return xml_element_from(xml->children);
}

/* All text in an element, or that of an attribute or text node. */
const char *xml_text(struct arena *arena, const xmlNode *node);
/* Where a node is, as XPath: /rack/shelf[2]/@width. */
const char *xml_path(struct arena *arena, const xmlNode *node);
/* The same for many nodes of a document that changes no more: in its order, each costs little. Zero-initialised. */
enum { XML_TRAIL = 64 };
struct xml_footprint {
    const xmlNode *node;
    size_t number; /* among those of its name */
};
struct xml_trail {
    struct xml_footprint prints[XML_TRAIL]; /* by depth: what was asked for last */
    struct xml_footprint places[XML_TRAIL]; /* the same among all elements */
    size_t steps;                           /* siblings that were looked at */
};
const char *xml_path_after(struct arena *arena, struct xml_trail *trail, const xmlNode *node);

/* Nodes, numbers or texts of an XPath expression on a document. variables (may be NULL) end with a NULL name. */
struct xpath_result {
    xmlNode **nodes; /* attributes and texts too */
    size_t count;
    const char *text; /* string() of the result */
    bool boolean;
    bool scalar; /* it is no node set: a number, a text, a truth */
};
/* false after a message in *ret_error. context NULL: the document node. */
bool document_xpath(struct arena *arena, const xmlDoc *xml, const xmlNode *context, const char *expression,
                    const struct named_text *variables, struct xpath_result *ret_result, const char **ret_error);

/* The same for many questions about one document: expressions are compiled once. Freed with the arena. */
struct questioner *questioner_new(struct arena *arena, const xmlDoc *xml);
bool question(struct questioner *questioner, const xmlNode *context, const char *expression,
              const struct named_text *variables, struct xpath_result *ret_result, const char **ret_error);

/* What is wrong with an expression; NULL: nothing, or libxml2 is missing and cannot say. */
const char *xpath_problem(struct arena *arena, const char *expression);

/* The answer to a path of names alone, found without libxml2. false: the expression is more than that. */
bool xpath_plain(struct arena *arena, const xmlNode *context, const char *expression, struct xpath_result *ret_result);

#endif
