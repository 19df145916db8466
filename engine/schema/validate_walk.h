/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Only for schema/. */
#ifndef HVPROBE_SCHEMA_VALIDATE_WALK_H
#define HVPROBE_SCHEMA_VALIDATE_WALK_H

#include "schema/validate.h"

/* Adds everything in a document that its schema's model does not allow to errors, in document order. */
void validate_walk(struct arena *arena, const struct schema *schema, const xmlDoc *xml, struct vec *errors);

#endif
