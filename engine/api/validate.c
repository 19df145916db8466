/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a text is a valid document, for callers of the library. */
#include "schema/validate.h"
#include "api/api.h"
#include "base/budget.h"

static void write_error(struct buf *out, const struct validation_error *error)
{
    buf_printf(out, "%u: ", error->line);
    if (error->element)
        buf_printf(out, "%s: ", error->element);
    buf_add(out, error->message);
    if (error->expected)
        buf_printf(out, "; expected: %s", error->expected);
    buf_char(out, '\n');
}

static hvp_status validate(const hvp_options *options, struct arena *arena, const xmlDoc *xml, char **ret_report,
                           hvp_error *error)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    struct vec errors = {0};
    const char *message = NULL;
    const char *root = (const char *)xml_root(xml)->name;
    const struct session_options given = options_read(options, arena);
    const char *schema = schema_find(arena, session_schemas(&given, arena), root);
    if (!schema)
        return error_set(error, HVP_USAGE, "there is no schema for documents that start with <%s>", root);
    if (!schema_validate(arena, xml, schema, &errors, &message))
        return error_set(error, HVP_FAILED, "%s", message);
    if (errors.count == 0)
        return HVP_OK;
    for (size_t i = 0; i < errors.count; i++)
        write_error(&out, errors.items[i]);
    if (ret_report)
        *ret_report = take_text(&out);
    return error_set(error, HVP_NO, "the document is not valid: %zu errors", errors.count);
}

hvp_status hvp_validate(const hvp_options *options, const char *xml, size_t length, char **ret_report, hvp_error *error)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *message = NULL;
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, options_read(options, arena).milliseconds);
    error_clear(error);
    AUTO(xml_free) xmlDoc *document = xml_parse(arena, "document", xml, length, &message);
    if (!document)
        return error_set(error, HVP_FAILED, "%s", message);
    return validate(options, arena, document, ret_report, error);
}
