/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source rows: what a rule knows without looking. */
#include "probe/registry.h"

static const char *const columns[] = {NULL};

static const struct field fields[] = {
    {"rows", FIELD_ROWS, FIELD_REQUIRED | FIELD_COLUMNS, NULL, "a list of mappings from column to text", NULL},
    {0},
};

static enum verdict eval(struct probe *probe)
{
    const struct argument *argument = &probe->arguments[0];

    for (size_t i = 0; i < argument->count; i++) {
        struct item *item = probe_item(probe);

        if (!item)
            return VERDICT_UNKNOWN;
        for (const struct column *column = argument->rows[i]; column->name; column++)
            row_set(probe->arena, item->row, column->name, column->value);
    }
    probe->reason = argument->unknown; /* what part of it is not known */
    return argument->count ? VERDICT_YES : probe_no(probe, "no rows are written there");
}

const struct source_kind source_rows = {
    .name = "rows",
    .help = "The rows written in the rule.",
    .fields = fields,
    .columns = columns,
    .eval = eval,
};
