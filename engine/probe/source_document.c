/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source document: nodes of another document of the same run, from which dialects are made. */
#include "probe/registry.h"

enum { ARGUMENT_DOCUMENT, ARGUMENT_XPATH };

static const char *const columns[] = {"text", NULL};

static const struct field fields[] = {
    {"document", FIELD_TEXT, FIELD_REQUIRED | FIELD_DOCUMENT, NULL, "name of the document", NULL},
    {"xpath", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_XPATH, NULL, "XPath expression that selects the nodes", NULL},
    {0},
};

static enum verdict eval(struct probe *probe)
{
    if (!probe->document)
        return probe_unknown(probe, "there are no documents in this run");
    const struct template *xpath = probe->fact->source_values[ARGUMENT_XPATH].templates[0];
    const bool derived = xpath->count > 0 && xpath->parts[0].kind != PART_TEXT;
    return probe->document(probe, probe->arguments[ARGUMENT_DOCUMENT].text, probe->arguments[ARGUMENT_XPATH].text,
                           derived);
}

const struct source_kind source_document = {
    .name = "document",
    .help = "Nodes of another document of the same run, columns their attributes and text: how dialects are derived.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_OPEN_COLUMNS,
    .eval = eval,
};
