/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --compat: a document as readers of an older generation know it. What that leaves out goes to standard error. */
#include "base/build.h"
#include "base/text.h"
#include "cli/command.h"
#include "schema/validate.h"

enum status compat_schema(struct invocation *invocation, const char **ret_schema)
{
    const char *wanted = compat_name(invocation);
    *ret_schema = NULL;
    if (!wanted)
        return STATUS_OK;
    *ret_schema =
        named_schema(invocation->arena, "compat", wanted, schema_directories_below(invocation->arena, "compat"));
    return *ret_schema ? STATUS_OK : STATUS_USAGE;
}

/* How many in a row from the first-th on have its reason: hundreds of processors may lack a word in the same way. */
static size_t alike(const struct vec *left_out, size_t first)
{
    const struct left_out *one = left_out->items[first];
    size_t count = 1;
    while (first + count < left_out->count &&
           text_equal(((const struct left_out *)left_out->items[first + count])->reason, one->reason))
        count++;
    return count;
}

static void tell(const struct vec *left_out, const struct vec *errors)
{
    for (size_t i = 0, count; i < left_out->count; i += count) {
        const struct left_out *one = left_out->items[i];
        count = alike(left_out, i);
        if (count == 1)
            complain("left out %s: %s", one->path, one->reason);
        else
            complain("left out %s and %zu more: %s", one->path, count - 1, one->reason);
    }
    for (size_t i = 0; i < errors->count; i++) {
        const struct validation_error *one = errors->items[i];
        complain("still not valid: %s: %s", one->element, one->message);
    }
}

enum status compatible_document(struct arena *arena, const struct document **document, const char *schema,
                                bool *ret_told)
{
    struct vec left_out, errors = {0};
    const char *error = NULL;
    if (!schema)
        return STATUS_OK;
    struct document *reduced = arena_new_object(arena, struct document);
    *reduced = (struct document){.name = (*document)->name, .schema = (*document)->schema};
    reduced->xml =
        schema_reduce(arena, reduced->name, reduced->schema, (*document)->xml, schema, &left_out, &errors, &error);
    *document = reduced->xml ? reduced : NULL;
    if (!*document) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    tell(&left_out, &errors);
    *ret_told = left_out.count + errors.count > 0;
    return errors.count ? STATUS_NO : STATUS_OK;
}

enum status output_compatible(struct session *session, const struct document *document, const char *schema,
                              const char *fallback)
{
    bool told = false;
    const enum status status = compatible_document(session->arena, &document, schema, &told);
    session->told = session->told || told;
    return document ? status_worst(output_document(session, document, fallback), status) : status;
}
