/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* YAML trees as bytes, to keep between runs: reading them back costs a tenth of parsing the text again. */
#ifndef HVPROBE_BASE_YAML_PACK_H
#define HVPROBE_BASE_YAML_PACK_H

#include "base/yaml.h"

void yaml_pack(struct buf *out, const struct yaml_node *tree);
/*
 * The tree again, with places in source; NULL when the bytes are not those of yaml_pack. Texts of scalars stay in data,
 * which must live as long as the arena.
 */
struct yaml_node *yaml_unpack(struct arena *arena, const struct source *source, const char *data, size_t length);

#endif
