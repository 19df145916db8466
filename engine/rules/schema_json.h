/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grammar of rule files as a JSON Schema (draft 2020-12), written from the tables that the loader uses. */
#ifndef HVPROBE_RULES_SCHEMA_JSON_H
#define HVPROBE_RULES_SCHEMA_JSON_H

#include "rules/kinds.h"

struct buf;

/* What a schema cannot say (names that must exist, templates, patterns that must compile) is lint's. */
void rules_json_schema(struct buf *out, const struct vocabulary *vocabulary);

#endif
