/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The extract xpath: rows out of XML files. */
#include "probe/registry.h"
#include "probe/support.h"
#include "probe/xml_columns.h"

#include "base/libxml.h"
#include "base/xml.h"

static void free_document(void *xml)
{
    xmlFreeDoc(xml);
}

static bool add_row(struct probe *probe, const struct item *item, const xmlNode *node, struct xml_trail *trail)
{
    struct row *row = probe_row(probe, item);
    if (!row)
        return false;
    xml_columns(probe->arena, row, node, trail);
    row->line = node->type == XML_ELEMENT_NODE ? (unsigned)xmlGetLineNo(node) : 0;
    return true;
}

static enum verdict add_rows(struct probe *probe, const struct item *item, const struct xpath_result *result)
{
    const size_t before = probe->rows.count;
    struct xml_trail trail = {0};
    for (size_t i = 0; i < result->count; i++)
        if (!add_row(probe, item, result->nodes[i], &trail))
            return probe_drop_rows(probe, before);
    if (result->scalar && *result->text) {
        struct row *row = probe_row(probe, item);
        if (!row)
            return VERDICT_UNKNOWN;
        row_set(probe->arena, row, "text", result->text);
    }
    return probe_found(probe, item, before, "node");
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    struct xpath_result result = {0};
    const char *text, *error = NULL;
    size_t length;
    const enum verdict verdict = probe_content(probe, item, &text, &length);

    if (verdict != VERDICT_YES)
        return verdict;
    xmlDoc *xml = xml_parse(probe->arena, probe_item_name(item), text, length, &error);
    if (!xml)
        return libxml_missing() ? probe_lacks(probe, error) : probe_unknown(probe, "%s", error);
    arena_defer(probe->arena, free_document, xml);
    if (!document_xpath(probe->arena, xml, NULL, probe->extract_arguments[0].text, NULL, &result, &error))
        return probe_unknown(probe, "%s: %s", probe_item_name(item), error);
    return add_rows(probe, item, &result);
}

static const char *const columns[] = {"text", NULL};

static const struct field fields[] = {
    {"xpath", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_XPATH, NULL, "XPath 1.0 expression, without namespaces", NULL},
    {0},
};

const struct extract_kind extract_xpath = {
    .name = "xpath",
    .help =
        "One row a node found in XML, columns its attributes, the children that are only text, and text; a number or "
        "text that the expression gives is one row.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_OPEN_COLUMNS,
    .eval = eval,
};
