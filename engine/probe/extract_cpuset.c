/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The extract cpuset: a row for each processor of a kernel list. */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"

static const char *const columns[] = {"text", NULL};

static const struct field fields[] = {
    {"cpuset", FIELD_FLAG, FIELD_REQUIRED, NULL, "always yes", NULL},
    {0},
};

static enum verdict eval(struct probe *probe, const struct item *item)
{
    size_t length, count, before = probe->rows.count;
    unsigned *values;
    const char *text;
    char *list;
    enum verdict verdict = probe_content(probe, item, &text, &length);

    if (verdict != VERDICT_YES)
        return verdict;
    list = text_trim(probe->arena, text, length);
    if (!list[0])
        return probe_no(probe, "%s: the list is empty", probe_item_name(item));
    if (!cpuset_parse(probe->arena, list, &values, &count))
        return probe_unknown(probe, "%s: not a list of numbers such as 0-3,8", probe_item_name(item));
    for (size_t i = 0; i < count; i++) {
        struct row *row = probe_row(probe, item);

        if (!row)
            return probe_drop_rows(probe, before);
        row_set(probe->arena, row, "text", arena_printf(probe->arena, "%u", values[i]));
    }
    return probe_found(probe, item, before, "number");
}

const struct extract_kind extract_cpuset = {
    .name = "cpuset",
    .help = "One row a number of a kernel list such as 0-3,8.",
    .fields = fields,
    .columns = columns,
    .eval = eval,
};
