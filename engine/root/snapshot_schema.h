/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot.yaml as a JSON Schema (draft 2020-12), written from the tables that its loader uses. */
#ifndef HVPROBE_ROOT_SNAPSHOT_SCHEMA_H
#define HVPROBE_ROOT_SNAPSHOT_SCHEMA_H

struct buf;

void snapshot_json_schema(struct buf *out);

#endif
