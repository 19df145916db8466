/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of YAML share. Only for base/yaml*.c and their test. */
#ifndef HVPROBE_BASE_YAML_PRIVATE_H
#define HVPROBE_BASE_YAML_PRIVATE_H

#include "base/yaml.h"

/* yaml_lines.c: yaml_read() of a text that is plainly written; NULL: it is to be read by libyaml, which says what is
 * wrong, if anything is. */
struct yaml_node *yaml_read_lines(struct arena *arena, const struct source *source);
/* yaml.c: yaml_read() by libyaml. */
struct yaml_node *yaml_read_events(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                                   bool *ret_empty);
/* yaml_tree.c: the key of the same text that the mapping has already, or NULL. Long mappings are looked up by hash:
 * known is theirs, empty at first. */
const struct yaml_node *yaml_find_key(struct arena *arena, const struct yaml_node *mapping, struct map *known,
                                      const char *key);

#endif
