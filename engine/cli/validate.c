/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include "base/budget.h"
#include "base/file.h"
#include "base/libxml.h"
#include "base/text.h"
#include "cli/guard.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

static const struct option_kind options[] = {
    {"schema", 0, "SCHEMA", "a schema's name or a RELAX NG file; default: by the root element", false},
    {NULL, 0, NULL, NULL, false},
};

struct validator {
    struct arena *arena;
    const char *const *directories;
    const char *schema; /* file; NULL: by the root element */
    struct buf out;
};

/* What one schema says of a document. */
struct judgement {
    const char *schema; /* its file */
    const char *name;
    struct vec errors; /* of struct validation_error */
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

static void write_judgement(struct validator *validator, const char *path, const struct judgement *judgement,
                            const struct vec *others)
{
    struct buf *out = &validator->out;
    for (size_t i = 0; i < judgement->errors.count; i++)
        write_error(out, path, judgement->errors.items[i]);
    buf_printf(out, "%s: %s %s", path, judgement->errors.count ? "not valid by the schema" : "valid", judgement->name);
    for (size_t i = 0; judgement->errors.count && i < others->count; i++)
        buf_printf(out, "%s %s", i == 0 ? ", nor by" : ",", (const char *)others->items[i]);
    buf_char(out, '\n');
}

static const char *stem(struct arena *arena, const char *path)
{
    const char *name = text_base_name(path);
    const char *dot = strrchr(name, '.');
    return dot && dot > name ? arena_strndup(arena, name, (size_t)(dot - name)) : name;
}

/* "rose-garden" of roseGarden. */
static const char *dashed(struct arena *arena, const char *name)
{
    AUTO(buf_free) struct buf words = BUF_INIT;
    for (; *name; name++) {
        if (isupper((unsigned char)*name))
            buf_char(&words, '-');
        buf_char(&words, (char)tolower((unsigned char)*name));
    }
    return arena_strdup(arena, buf_text(&words));
}

/*
 * The files of the schemas that a document may be of: that of its root element's name, whichever way words are put
 * together in it, then ROOT-...: formats of other days begin with the same element.
 */
static struct vec candidates(const struct validator *validator, const xmlDoc *xml)
{
    struct vec files = {0};
    const char *root = (const char *)xml_root(xml)->name;
    if (validator->schema) {
        vec_push(validator->arena, &files, validator->schema);
        return files;
    }
    const char *first = schema_find(validator->arena, validator->directories, dashed(validator->arena, root));
    if (first)
        vec_push(validator->arena, &files, first);
    struct vec names =
        schema_names(validator->arena, validator->directories, arena_printf(validator->arena, "%s-", root));
    for (size_t i = 0; i < names.count; i++)
        vec_push(validator->arena, &files, schema_find(validator->arena, validator->directories, names.items[i]));
    return files;
}

/* Is the second judgement so much better that the document must have been meant for its schema? */
static bool is_nearer(const struct judgement *first, const struct judgement *second)
{
    return second->errors.count * 2 < first->errors.count;
}

/* The first schema by which it is valid, else that of its root element's name, unless another is much nearer. false
 * after a message. */
static bool judge(struct validator *validator, const xmlDoc *xml, const struct vec *files, struct judgement *ret_best)
{
    *ret_best = (struct judgement){0};
    for (size_t i = 0; i < files->count; i++) {
        struct judgement one = {.schema = files->items[i], .name = stem(validator->arena, files->items[i])};
        const char *error = NULL;
        if (!document_validate(validator->arena, xml, one.schema, &one.errors, &error)) {
            complain("%s", error);
            return false;
        }
        if (!ret_best->schema || one.errors.count == 0 || is_nearer(ret_best, &one))
            *ret_best = one;
        if (one.errors.count == 0)
            return true;
    }
    return true;
}

static enum status judge_document(struct validator *validator, const char *path, const xmlDoc *xml)
{
    struct vec files = candidates(validator, xml);
    struct vec others = {0};
    struct judgement best;
    if (files.count == 0) {
        complain("%s: there is no schema for documents that start with <%s>; name one with --schema", path,
                 (const char *)xml_root(xml)->name);
        return STATUS_USAGE;
    }
    if (!judge(validator, xml, &files, &best))
        return budget_spent() ? STATUS_FAILED : validator->schema ? STATUS_USAGE : STATUS_BROKEN_RULE;
    for (size_t i = 0; i < files.count; i++) {
        if (files.items[i] != best.schema)
            vec_push(validator->arena, &others, stem(validator->arena, files.items[i]));
    }
    write_judgement(validator, path, &best, &others);
    return best.errors.count ? STATUS_NO : STATUS_OK;
}

/* What cannot be read was not judged; what is not XML was. */
static bool can_read(const char *path)
{
    return text_equal(path, "-") || (access(path, R_OK) == 0 && !file_is_directory(path, true));
}

/* What is done in a process of its own: nobody bounds libxml2's work but the one who ends it. */
struct job {
    struct validator *validator;
    const char *path;
};

static enum status validate_file(void *data)
{
    const struct job *job = data;
    struct validator *validator = job->validator;
    const char *path = job->path;
    const char *error = NULL;
    AUTO(xml_free) xmlDoc *xml = xml_read(validator->arena, path, &error);
    if (!xml) {
        complain("%s", error);
        return libxml_missing() || !can_read(path) ? STATUS_FAILED : STATUS_NO;
    }
    return judge_document(validator, path, xml);
}

static enum status run(struct invocation *invocation)
{
    struct validator validator = {invocation->arena, schema_directories(invocation->arena), NULL, BUF_INIT};
    const char *schema = invocation_value(invocation, "schema");
    enum status status = STATUS_OK;
    if (invocation->word_count == 0) {
        complain("validate needs files: hvprobe validate FILE ...; '-' is standard input");
        return STATUS_USAGE;
    }
    if (schema && !(validator.schema = named_schema(validator.arena, "schema", schema, validator.directories)))
        return STATUS_USAGE;
    for (size_t i = 0; i < invocation->word_count; i++) {
        struct job job = {&validator, invocation->words[i]};
        enum status one = guard_child(job.path, validate_file, &job, &validator.out);
        status = status_worst(one, status);
    }
    status = output_text(&validator.out, status);
    buf_free(&validator.out);
    return status;
}

extern const struct command command_validate;
const struct command command_validate = {"validate", "FILE ...", "RELAX NG validity, with every error",
                                         options,    NULL,       run};
