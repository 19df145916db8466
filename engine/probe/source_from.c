/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source from: the rows of other facts, to choose and complete them. */
#include "probe/registry.h"

static const char *const columns[] = {NULL};

static const struct field fields[] = {
    {"from", FIELD_FACTS, FIELD_REQUIRED, NULL, "a fact, or a list of facts", NULL},
    {0},
};

const struct source_kind source_from = {
    .name = "from",
    .help = "The rows of other facts, one fact after the other, for the modifiers to work on.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_FROM_ROWS,
};
