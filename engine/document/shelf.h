/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas that many runs of one rule set share, each read when first asked for. Guards itself: for any number of
 * threads. */
#ifndef HVPROBE_DOCUMENT_SHELF_H
#define HVPROBE_DOCUMENT_SHELF_H

#include "document/schema.h"

struct schema_shelf;

struct schema_shelf *shelf_new(void);
void shelf_free(struct schema_shelf *shelf); /* NULL is allowed; after all runs that used it */
/* As schema_load; a message is in the given arena, the schema on the shelf. */
const struct schema *shelf_schema(struct schema_shelf *shelf, const char *path, struct arena *arena,
                                  const char **ret_error);

#endif
