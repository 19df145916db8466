/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef HVPROBE_DOCUMENT_PARSE_H
#define HVPROBE_DOCUMENT_PARSE_H

#include "base/memory.h"

#include <libxml/tree.h>

/* As document_parse, of a text; path is what messages call it. */
xmlDoc *document_parse_text(struct arena *arena, const char *path, const char *text, size_t length,
                            const char **ret_error);

#endif
