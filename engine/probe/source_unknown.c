/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source unknown: what other facts may have, for rules to say that nobody knows, rather than nothing. */
#include "probe/registry.h"

static const char *const columns[] = {"why", NULL};

static const struct field fields[] = {
    {"unknown", FIELD_FACTS, FIELD_REQUIRED, NULL, "a fact, or a list of facts", NULL},
    {0},
};

const struct source_kind source_unknown = {
    .name = "unknown",
    .help = "The rows that other facts may have or not, as their `where` could not be looked at; column `why` tells "
            "why. They belong "
            "to no row.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_FROM_ROWS | SOURCE_UNKNOWN_ROWS,
};
