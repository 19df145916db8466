/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tree of a document that is being built. Its nodes are libxml2's structures, so that XPath and validation can read
 * them, but made here, in an arena: most commands then need nothing of the library, and nothing is freed by hand. So
 * libxml2's functions that free or reallocate must not be called on them.
 */
#ifndef HVPROBE_BASE_TREE_H
#define HVPROBE_BASE_TREE_H

#include "base/memory.h"

#include <libxml/tree.h>

xmlDoc *tree_new(struct arena *arena);
/* A node that is nowhere yet. Name and content are not copied. */
xmlNode *tree_element(struct arena *arena, xmlDoc *xml, const xmlChar *name);
xmlNode *tree_text(struct arena *arena, xmlDoc *xml, const xmlChar *content);
/* Puts an element into a namespace. Neither text is copied. */
void tree_set_namespace(struct arena *arena, xmlNode *element, const char *prefix, const char *namespace);
/* Puts such a node below a parent (an element or the document), behind a child of it or, with NULL, first. */
void tree_put(xmlNode *parent, xmlNode *node, xmlNode *behind);
/* Takes an element, text or attribute, with all that is in it, out of the tree. */
void tree_take(xmlNode *node);
/* NULL: the element has none of that name. */
xmlAttr *tree_attribute(const xmlNode *element, const char *name);
/* Its value, "" where it has none; NULL: there is no such attribute. */
const char *tree_value(const xmlNode *element, const char *name);
/* Adds or changes one. Name and value are copied. */
xmlAttr *tree_set_attribute(struct arena *arena, xmlNode *element, const char *name, const char *value);
/* The elements, attributes and texts of any document; their names, texts and namespaces stay those of the original. */
xmlDoc *tree_copy(struct arena *arena, const xmlDoc *xml);
/* Puts a copy of an element of another tree, which may go away, behind all that is below a parent (an element or the
 * document). What the element is in its schema the copy is too. */
void tree_graft(struct arena *arena, xmlNode *parent, const xmlNode *element);

#endif
