/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only file that knows Jansson. */
#include "probe/data_path.h"
#include "probe/registry.h"
#include "probe/support.h"

#include "base/library.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

#define SONAME "libjansson.so.4"
LIBRARY_NOTE(SONAME, "JSON", "json extracts", "recommended");

/* A tree takes many times the memory of its text. */
enum { JSON_LIMIT = 16 * 1024 * 1024 };

struct jansson {
    json_t *(*load)(const char *buffer, size_t length, size_t flags, json_error_t *error);
    void (*release)(json_t *json);
    size_t (*array_size)(const json_t *array);
    json_t *(*array_get)(const json_t *array, size_t index);
    json_t *(*object_get)(const json_t *object, const char *key);
    void *(*object_iter)(json_t *object);
    void *(*object_iter_next)(json_t *object, void *iterator);
    const char *(*object_iter_key)(void *iterator);
    json_t *(*object_iter_value)(void *iterator);
    const char *(*string_value)(const json_t *string);
    size_t (*string_length)(const json_t *string);
    json_int_t (*integer_value)(const json_t *integer);
    double (*real_value)(const json_t *real);
};

static const char *load_library(struct arena *arena, struct jansson *library)
{
    const struct library_symbol symbols[] = {
        {"json_loadb", &library->load},
        {"json_delete", &library->release},
        {"json_array_size", &library->array_size},
        {"json_array_get", &library->array_get},
        {"json_object_get", &library->object_get},
        {"json_object_iter", &library->object_iter},
        {"json_object_iter_next", &library->object_iter_next},
        {"json_object_iter_key", &library->object_iter_key},
        {"json_object_iter_value", &library->object_iter_value},
        {"json_string_value", &library->string_value},
        {"json_string_length", &library->string_length},
        {"json_integer_value", &library->integer_value},
        {"json_real_value", &library->real_value},
        {NULL, NULL},
    };

    return library_load(arena, SONAME, symbols);
}

static enum data_kind kind_of(const void *context, const void *node)
{
    static const enum data_kind kinds[] = {
        [JSON_OBJECT] = DATA_OBJECT,  [JSON_ARRAY] = DATA_LIST,  [JSON_STRING] = DATA_SCALAR,
        [JSON_INTEGER] = DATA_SCALAR, [JSON_REAL] = DATA_SCALAR, [JSON_TRUE] = DATA_SCALAR,
        [JSON_FALSE] = DATA_SCALAR,   [JSON_NULL] = DATA_NULL,
    };

    (void)context;
    return kinds[json_typeof((const json_t *)node)];
}

static const char *text_of(const void *context, struct arena *arena, const void *node)
{
    const struct jansson *library = context;

    switch (json_typeof((const json_t *)node)) {
    case JSON_STRING:
        return text_sanitise(arena, library->string_value(node), library->string_length(node));
    case JSON_INTEGER:
        return arena_printf(arena, "%" JSON_INTEGER_FORMAT, library->integer_value(node));
    case JSON_REAL:
        return arena_printf(arena, "%.15g", library->real_value(node));
    case JSON_TRUE:
        return "true";
    default:
        return "false";
    }
}

static size_t count_of(const void *context, const void *list)
{
    return ((const struct jansson *)context)->array_size(list);
}

static const void *item_of(const void *context, const void *list, size_t index)
{
    return ((const struct jansson *)context)->array_get(list, index);
}

static const void *member_of(const void *context, const void *object, const char *key)
{
    return ((const struct jansson *)context)->object_get(object, key);
}

static bool members_of(const void *context, const void *object,
                       bool (*visit)(void *data, const char *key, const void *value), void *data)
{
    const struct jansson *library = context;
    json_t *json = (json_t *)object; /* iterators do not change it, but are declared as if they did */

    for (void *iterator = library->object_iter(json); iterator; iterator = library->object_iter_next(json, iterator))
        if (!visit(data, library->object_iter_key(iterator), library->object_iter_value(iterator)))
            return false;
    return true;
}

static const struct data_methods methods = {kind_of, text_of, count_of, item_of, member_of, members_of};

/* Between values of a stream: white space, and the record separator of RFC 7464. */
static size_t skip_space(const char *text, size_t length, size_t at)
{
    while (at < length && text[at] && strchr(" \t\r\n\x1e", text[at]))
        at++;
    return at;
}

/* Where a text is not JSON, and why. */
struct fault {
    size_t line, column; /* from 1 */
    const char *message; /* in the arena */
};

static struct fault fault_at(struct arena *arena, const char *text, size_t offset, const json_error_t *error)
{
    struct fault fault = {1, 1, text_sanitise(arena, error->text, strlen(error->text))};

    for (size_t i = 0; i < offset && text[i]; i++) {
        fault.column = text[i] == '\n' ? 1 : fault.column + 1;
        fault.line += text[i] == '\n';
    }
    return fault;
}

/* Reads values until the end, or a fault: then false. */
static bool load_stream(struct arena *arena, const char *text, size_t length, struct data_tree *tree,
                        struct fault *ret_fault)
{
    const struct jansson *library = tree->context;
    json_error_t error;
    size_t at = skip_space(text, length, 0);

    while (at < length) {
        json_t *value =
            library->load(text + at, length - at, JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

        if (!value) {
            *ret_fault = fault_at(arena, text, at + (size_t)error.position - (error.position > 0), &error);
            return false;
        }
        vec_push(arena, &tree->values, value);
        at = skip_space(text, length, at + (size_t)error.position);
    }
    return true;
}

/* The text of an item, and the library to read it; else no or unknown. */
static enum verdict prepare(struct probe *probe, const struct item *item, const char **ret_text, size_t *ret_length,
                            struct jansson *library)
{
    const enum verdict verdict = probe_content(probe, item, ret_text, ret_length);

    if (verdict != VERDICT_YES)
        return verdict;
    if (*ret_length > JSON_LIMIT) {
        probe_refuse(probe, "%s: more than %d MiB of JSON", probe_item_name(item), JSON_LIMIT >> 20);
        return VERDICT_UNKNOWN;
    }
    const char *problem = load_library(probe->arena, library);
    return problem ? probe_lacks(probe, problem) : VERDICT_YES;
}

static void release(struct data_tree *tree)
{
    const struct jansson *library = tree->context;

    for (size_t i = 0; i < tree->values.count; i++)
        library->release(tree->values.items[i]);
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    struct jansson library;
    struct data_tree tree = {&methods, &library, {0}};
    struct fault fault;
    size_t length;
    const char *text;
    enum verdict verdict = prepare(probe, item, &text, &length, &library);

    if (verdict != VERDICT_YES)
        return verdict;
    if (load_stream(probe->arena, text, length, &tree, &fault))
        verdict = data_rows(probe, item, &tree, probe->extract_arguments[0].text);
    else
        verdict = probe_unknown(probe, "%s: line %zu, column %zu: not JSON: %s", probe_item_name(item), fault.line,
                                fault.column, fault.message);
    release(&tree);
    return verdict;
}

static enum verdict add_fault(struct probe *probe, const struct item *item, const struct fault *fault)
{
    struct row *row = probe_row(probe, item);

    if (!row)
        return VERDICT_UNKNOWN;
    row->line = (unsigned)fault->line;
    row_set(probe->arena, row, "line", arena_printf(probe->arena, "%zu", fault->line));
    row_set(probe->arena, row, "column", arena_printf(probe->arena, "%zu", fault->column));
    row_set(probe->arena, row, "text", fault->message);
    return VERDICT_YES;
}

static enum verdict eval_malformed(struct probe *probe, const struct item *item)
{
    struct jansson library;
    struct data_tree tree = {&methods, &library, {0}};
    struct fault fault = {1, 1, "nothing but white space"};
    size_t length;
    const char *text;
    enum verdict verdict = prepare(probe, item, &text, &length, &library);

    if (verdict != VERDICT_YES)
        return verdict;
    if (load_stream(probe->arena, text, length, &tree, &fault) && tree.values.count > 0)
        verdict = probe_no(probe, "%s: well-formed", probe_item_name(item));
    else
        verdict = add_fault(probe, item, &fault);
    release(&tree);
    return verdict;
}

static const char *const columns[] = {"text", "index", NULL};

static const struct field fields[] = {
    {"json", FIELD_TEMPLATE, FIELD_REQUIRED, NULL, "path to the values: a.b[*].c, [0], \"a key\"; . is the root", NULL},
    {0},
};

const struct extract_kind extract_json = {
    .name = "json",
    .help =
        "One row a value or object found in JSON, a column a scalar member, text a scalar, index its place in the last "
        "[*]; several values are a list.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_OPEN_COLUMNS,
    .eval = eval,
};

static const char *const languages[] = {"json", NULL};
static const char *const malformed_columns[] = {"text", "line", "column", NULL};

static const struct field malformed_fields[] = {
    {"malformed", FIELD_TEXT, FIELD_REQUIRED, languages, "the language that the text should be in", NULL},
    {0},
};

const struct extract_kind extract_malformed = {
    .name = "malformed",
    .help =
        "One row where the text is not what it should be: line and column of the first fault, text says what is wrong.",
    .fields = malformed_fields,
    .columns = malformed_columns,
    .flags = 0,
    .eval = eval_malformed,
};
