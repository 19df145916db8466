/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers one after the other, for what is counted rather than listed: leaves of CPUID, units without a directory. */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"

#include <inttypes.h>

static const char *const columns[] = {"text", NULL};

static const struct field fields[] = {
    {"range", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_RANGE, NULL,
     "A-B, the first number and the last, decimal or after 0x; with A above B there are no rows", NULL},
    {0},
};

static enum verdict eval(struct probe *probe)
{
    const char *text = probe->arguments[0].text;
    uint64_t first, last;

    if (!text_range(text, &first, &last)) {
        probe_refuse(probe, "'%s' is not a range such as 0-15", text);
        return VERDICT_UNKNOWN;
    }
    if (first > last)
        return probe_no(probe, "there are no numbers in the range %s", text);
    if (last - first >= probe->limits.rows) {
        probe_refuse(probe, "the range %s has more than %zu numbers", text, probe->limits.rows);
        return VERDICT_UNKNOWN;
    }
    for (uint64_t number = first; number <= last; number++) {
        const struct item *item = probe_item(probe);

        if (!item)
            return VERDICT_UNKNOWN;
        row_set(probe->arena, item->row, "text", arena_printf(probe->arena, "%" PRIu64, number));
    }
    return VERDICT_YES;
}

const struct source_kind source_range = {
    .name = "range",
    .help = "One row a number of a range, in decimal.",
    .fields = fields,
    .columns = columns,
    .eval = eval,
};
