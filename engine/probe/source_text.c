/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source text: a template as one row, for an extract to work on. */
#include "probe/registry.h"
#include "probe/support.h"

#include <string.h>

static const char *const columns[] = {"text", NULL};

static const struct field fields[] = {
    {"text", FIELD_TEMPLATE, FIELD_REQUIRED, NULL, "the text", NULL},
    {0},
};

static enum verdict eval(struct probe *probe)
{
    const char *text = probe->arguments[0].text;

    return probe_text_item(probe, text, strlen(text)) ? VERDICT_YES : VERDICT_UNKNOWN;
}

const struct source_kind source_text = {
    .name = "text",
    .help = "One row with the text of a template, for an extract to work on.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_EXTRACT,
    .eval = eval,
};
