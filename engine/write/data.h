/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documents and grids as plain data, which JSON and YAML are written from. Only for write/. */
#ifndef HVPROBE_WRITE_DATA_H
#define HVPROBE_WRITE_DATA_H

#include "write/write.h"

/*
 * Elements become mappings (attributes first, then children; text beside them is the key "text"), repeatable ones
 * sequences, by the schema; elements with text only become texts or numbers, empty ones true. An attribute that shares
 * a child's name gets "@" in front. Plain scalars are numbers and true; texts are quoted.
 */
struct yaml_node *data_of_document(struct arena *arena, const xmlDoc *xml, const struct schema *schema);
/* A sequence of mappings with lower-case keys; empty cells are left out. */
struct yaml_node *data_of_grid(struct arena *arena, const struct grid *grid);

#endif
