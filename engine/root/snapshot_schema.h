/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What snapshot.yaml may hold, from the tables that its loader uses. */
#ifndef HVPROBE_ROOT_SNAPSHOT_SCHEMA_H
#define HVPROBE_ROOT_SNAPSHOT_SCHEMA_H

#include "base/memory.h"

/* The keys at the top. */
struct vec snapshot_key_names(struct arena *arena);
/* As a JSON Schema (draft 2020-12). */
void snapshot_json_schema(struct buf *out);

#endif
