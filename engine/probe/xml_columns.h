/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML nodes as rows, for the extract xpath and the source document. */
#ifndef HVPROBE_PROBE_XML_COLUMNS_H
#define HVPROBE_PROBE_XML_COLUMNS_H

#include "base/xml.h"
#include "probe/probe.h"

/*
 * Sets a row's columns to what a node has: its attributes, the first of each child element that is only text, `text`,
 * which is all text in it, and `node`, its place as an XPath for facts that go on from there. Returns the text. The
 * columns live as long as the node's document. trail: where the node before was found.
 */
const char *xml_columns(struct arena *arena, struct row *row, const xmlNode *node, struct xml_trail *trail);

#endif
