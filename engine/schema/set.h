/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas that many runs of one rule set share, each read when first asked for. Guards itself: for any number of
 * threads. */
#ifndef HVPROBE_SCHEMA_SET_H
#define HVPROBE_SCHEMA_SET_H

#include "schema/schema.h"

struct schema_set;

struct schema_set *schema_set_new(void);
void schema_set_free(struct schema_set *schemas); /* NULL is allowed; after all runs that used it */
/* As schema_load; a message is in the given arena, the schema in the set. */
const struct schema *schema_set_get(struct schema_set *schemas, const char *path, struct arena *arena,
                                    const char **ret_error);

#endif
