/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which nodes of a document an XPath expression asks for, as far as the names in it tell: some are too many. */
#ifndef HVPROBE_DOCUMENT_MENTIONS_H
#define HVPROBE_DOCUMENT_MENTIONS_H

#include "base/memory.h"

#include <libxml/tree.h>

/* [NAME='VALUE'] behind a step. */
struct restriction {
    const char *path; /* of the step */
    const char *name, *value;
    bool attribute;
    const struct restriction *next; /* of an earlier step, or before it */
};

/* Nodes by a path of names in which * is any name and ** are any. */
struct mention {
    const char *path;
    const xmlNode *base; /* at the beginning of the path, which is there; NULL: none is known to be */
    const struct restriction *restrictions;
};

/* Of struct mention. root: of the document as it is; NULL: not known. given: nodes that are there by their paths, which
 * need not be asked for; NULL: none is known. */
struct vec mentions_of(struct arena *arena, const char *expression, const xmlNode *root, const struct map *given);

#endif
