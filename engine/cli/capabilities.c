/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

static const struct option_kind options[] = {
    {"driver", 0, "DRIVER", "only what this driver offers, and the host", true},
    {"format", 0, "FORMAT", "xml (default), json or yaml", false},
    {"dialect", 0, "NAME", "the same in another format: the document capabilities-NAME", false},
    {"compat", 0, "NAME", "leave out what the schema compat/NAME (or a file) does not know, and say what", false},
    {NULL, 0, NULL, NULL, false},
};

/* A document for readers that know less. What is left out goes to standard error. */
static const struct document *reduced(struct session *session, const struct document *document, const char *schema,
                                      enum status *ret_status)
{
    struct vec left_out, errors;
    const char *error = NULL;
    const struct document *result = document_reduce(session->arena, document, schema, &left_out, &errors, &error);
    if (!result) {
        complain("%s", error);
        *ret_status = STATUS_USAGE;
        return NULL;
    }
    for (size_t i = 0; i < left_out.count; i++) {
        const struct left_out *one = left_out.items[i];
        complain("left out %s: %s", one->path, one->reason);
    }
    for (size_t i = 0; i < errors.count; i++) {
        const struct validation_error *one = errors.items[i];
        complain("still not valid: %s: %s", one->element, one->message);
    }
    *ret_status = errors.count ? STATUS_NO : STATUS_OK;
    return result;
}

static enum status write_document(struct session *session, const char *name, const char *schema)
{
    const struct document *document = session_document(session, name);
    enum status status = document ? STATUS_OK : STATUS_USAGE;
    if (document && schema)
        document = reduced(session, document, schema, &status);
    if (!document)
        return status;
    enum status written = output_document(session, document);
    return written ? written : status;
}

static enum status run(struct invocation *invocation)
{
    const char *dialect = invocation_value(invocation, "dialect");
    const char *name = dialect ? arena_printf(invocation->arena, "capabilities-%s", dialect) : "capabilities";
    const char *const documents[] = {name, dialect ? "capabilities" : NULL, NULL};
    const char *compat = invocation_value(invocation, "compat");
    const char *schema = NULL;
    struct session session;
    if (compat && dialect) {
        complain("--compat and --dialect exclude each other");
        return STATUS_USAGE;
    }
    const char *const *directories = schema_directories_below(invocation->arena, "compat");
    if (compat && !(schema = named_schema(invocation->arena, "compat", compat, directories)))
        return STATUS_USAGE;
    enum status status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_TRACED, documents);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, write_document(&session, name, schema));
}

extern const struct command command_capabilities;
const struct command command_capabilities = {"capabilities", "",   "what this host can virtualise, as a document",
                                             options,        NULL, run};
