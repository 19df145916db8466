/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether files are valid documents, with every error and what the schema expects in its place. */
#include "cli/command.h"

#include "base/budget.h"
#include "base/file.h"
#include "base/json.h"
#include "base/libxml.h"
#include "base/text.h"
#include "cli/guard.h"
#include "schema/validate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option_kind options[] = {
    {"format", 0, "FORMAT", "text (default) or json: a list of file, valid, schema, errors with line and message",
     false},
    {"schema", 0, "SCHEMA", "a schema's name or a RELAX NG file; default: by the root element", false},
    {NULL, 0, NULL, NULL, false},
};

struct validator {
    struct arena *arena;
    const char *const *directories;
    const char *schema; /* file; NULL: by the root element */
    struct buf out;
    struct json_writer *json; /* NULL: text */
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

/* valid NULL: nobody could tell. errors: of struct validation_error. */
static void write_json_result(struct json_writer *json, const char *path, const char *valid, const char *schema,
                              const struct vec *errors)
{
    json_open(json, '{');
    json_member(json, "file", path);
    json_key(json, "valid");
    json_raw(json, valid ? valid : "null");
    json_member(json, "schema", schema);
    json_key(json, "errors");
    json_open(json, '[');
    for (size_t i = 0; i < errors->count; i++) {
        const struct validation_error *error = errors->items[i];
        json_item(json);
        json_open(json, '{');
        if (error->line > 0) {
            json_key(json, "line");
            buf_printf(json->out, "%u", error->line);
        }
        json_member(json, "element", error->element);
        json_member(json, "message", error->message);
        json_member(json, "expected", error->expected);
        json_close(json, '{');
    }
    json_close(json, '[');
    json_close(json, '{');
}

/* A file that no schema was asked about. */
static void write_refusal(struct validator *validator, const char *path, const char *valid, const char *message)
{
    struct validation_error error = {.message = message};
    struct vec errors = {0};
    unsigned line = 0;
    int length = 0;
    if (!validator->json)
        return;
    /* "FILE:LINE: what is wrong" */
    if (text_starts(message, path) && sscanf(message + strlen(path), ":%u: %n", &line, &length) == 1 && length > 0) {
        error.line = line;
        error.message = message + strlen(path) + length;
    }
    vec_push(validator->arena, &errors, &error);
    write_json_result(validator->json, path, valid, NULL, &errors);
}

static void write_judgement(struct validator *validator, const char *path, const struct judgement *judgement,
                            const struct vec *others)
{
    struct buf *out = &validator->out;
    if (validator->json) {
        write_json_result(validator->json, path, judgement->errors.count ? "false" : "true", judgement->name,
                          &judgement->errors);
        return;
    }
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
        if (!schema_validate(validator->arena, xml, one.schema, &one.errors, &error)) {
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
        const char *message = arena_printf(validator->arena, "there is no schema for documents that start with <%s>",
                                           (const char *)xml_root(xml)->name);
        complain("%s: %s; name one with --schema", path, message);
        write_refusal(validator, path, NULL, message);
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
struct validation_job {
    struct validator *validator;
    const char *path;
};

static enum status validate_file(void *data)
{
    const struct validation_job *job = data;
    struct validator *validator = job->validator;
    const char *path = job->path;
    const char *error = NULL;
    AUTO(xml_free) xmlDoc *xml = xml_read(validator->arena, path, &error);
    if (!xml) {
        const bool judged = !libxml_missing() && can_read(path);
        complain("%s", error);
        write_refusal(validator, path, judged ? "false" : NULL, error);
        return judged ? STATUS_NO : STATUS_FAILED;
    }
    return judge_document(validator, path, xml);
}

/* In a process of its own. Where that did not come to its end, nobody knows. */
static enum status validate_guarded(struct validator *validator, const char *path)
{
    struct validation_job job = {validator, path};
    struct buf *out = &validator->out;
    if (validator->json)
        json_item(validator->json);
    const size_t before = out->length;
    const enum status status = guard_child(path, validate_file, &job, out);
    if (!validator->json || (out->length > before && out->data[out->length - 1] == '}'))
        return status;
    out->length = before;
    write_refusal(validator, path, NULL, "it could not be judged to the end");
    return status;
}

static enum status check_arguments(const struct invocation *invocation)
{
    const char *format = invocation_value(invocation, "format");
    if (format && !text_equal(format, "text") && !text_equal(format, "json")) {
        complain("validate has no format '%s'; there are text and json", format);
        return STATUS_USAGE;
    }
    if (invocation->word_count > 0)
        return STATUS_OK;
    complain("validate needs files: hvprobe validate FILE ...; '-' is standard input");
    return STATUS_USAGE;
}

static enum status run(struct invocation *invocation)
{
    struct validator validator = {invocation->arena, schema_directories(invocation->arena), NULL, BUF_INIT, NULL};
    struct json_writer json = {.out = &validator.out};
    const char *schema = invocation_value(invocation, "schema");
    enum status status = check_arguments(invocation);
    if (status != STATUS_OK)
        return status;
    if (schema && !(validator.schema = named_schema(validator.arena, "schema", schema, validator.directories)))
        return STATUS_USAGE;
    if (text_equal(invocation_value(invocation, "format"), "json")) {
        validator.json = &json;
        json_open(&json, '[');
    }
    for (size_t i = 0; i < invocation->word_count; i++)
        status = status_worst(validate_guarded(&validator, invocation->words[i]), status);
    if (validator.json) {
        json_close(&json, '[');
        buf_char(&validator.out, '\n');
    }
    status = validator.json ? output(&validator.out, status) : output_text(&validator.out, status);
    buf_free(&validator.out);
    return status;
}

extern const struct command command_validate;
const struct command command_validate = {"validate", "FILE ...", "RELAX NG validity, with every error",
                                         options,    NULL,       run};
