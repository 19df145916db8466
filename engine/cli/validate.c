/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include "base/text.h"

static const struct option_kind options[] = {
    {"schema", 0, "FILE", "validate against this RELAX NG schema; default: by the root element", false},
    {NULL, 0, NULL, NULL, false},
};

struct validator {
    struct arena *arena;
    const char *schema; /* NULL: by the root element */
    struct buf out;
};

static void write_error(struct buf *out, const char *path, const struct validation_error *error)
{
    buf_printf(out, "%s:%u: error: ", path, error->line);
    if (error->element)
        buf_printf(out, "%s: ", error->element);
    buf_printf(out, "%s\n", error->message);
    if (error->expected)
        buf_printf(out, "    expected: %s\n", error->expected);
}

static const char *schema_for(const struct validator *validator, const char *path, const xmlDoc *xml)
{
    if (validator->schema)
        return validator->schema;
    const char *name = (const char *)xmlDocGetRootElement(xml)->name;
    const char *schema = schema_find(validator->arena, schema_directories(validator->arena), name);
    if (!schema)
        complain("%s: there is no schema for documents that start with <%s>; name one with --schema", path, name);
    return schema;
}

static enum status validate_file(struct validator *validator, const char *path)
{
    const char *error = NULL;
    xmlDoc *xml = document_parse(validator->arena, path, &error);
    if (!xml) {
        complain("%s", error);
        return STATUS_NO;
    }
    const char *schema = schema_for(validator, path, xml);
    struct vec errors = {0};
    bool done = schema && document_validate(validator->arena, xml, schema, &errors, &error);
    if (schema && !done)
        complain("%s", error);
    for (size_t i = 0; i < errors.count; i++)
        write_error(&validator->out, path, errors.items[i]);
    if (done && errors.count == 0)
        buf_printf(&validator->out, "%s: valid %s\n", path, (const char *)xmlDocGetRootElement(xml)->name);
    xmlFreeDoc(xml);
    return !done ? STATUS_USAGE : errors.count ? STATUS_NO : STATUS_OK;
}

static enum status run(struct invocation *invocation)
{
    struct validator validator = {invocation->arena, invocation_value(invocation, "schema"), BUF_INIT};
    enum status status = STATUS_OK;
    if (invocation->word_count == 0) {
        complain("validate needs files: hvprobe validate FILE ...; '-' is standard input");
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < invocation->word_count; i++) {
        enum status one = validate_file(&validator, invocation->words[i]);
        status = one > status ? one : status;
    }
    status = output(&validator.out, status);
    buf_free(&validator.out);
    return status;
}

extern const struct command command_validate;
const struct command command_validate = {"validate", "FILE ...", "RELAX NG validity, with every error",
                                         options,    NULL,       run};
