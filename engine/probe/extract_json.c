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

static enum verdict broken(struct probe *probe, const struct item *item, const char *text, size_t offset,
                           const char *message)
{
    size_t line = 1, column = 1;

    for (size_t i = 0; i < offset && text[i]; i++) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n';
    }
    return probe_unknown(probe, "%s: line %zu, column %zu: not JSON: %s", probe_item_name(item), line, column, message);
}

static enum verdict load_stream(struct probe *probe, const struct item *item, const char *text, size_t length,
                                struct data_tree *tree)
{
    const struct jansson *library = tree->context;
    json_error_t error;
    size_t at = skip_space(text, length, 0);

    while (at < length) {
        json_t *value =
            library->load(text + at, length - at, JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

        if (!value)
            return broken(probe, item, text, at + (size_t)error.position - (error.position > 0), error.text);
        vec_push(probe->arena, &tree->values, value);
        at = skip_space(text, length, at + (size_t)error.position);
    }
    return VERDICT_YES;
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    struct jansson library;
    struct data_tree tree = {&methods, &library, {0}};
    size_t length;
    const char *text, *problem;
    enum verdict verdict = probe_content(probe, item, &text, &length);

    if (verdict != VERDICT_YES)
        return verdict;
    if (length > JSON_LIMIT) {
        probe_refuse(probe, "%s: more than %d MiB of JSON", probe_item_name(item), JSON_LIMIT >> 20);
        return VERDICT_UNKNOWN;
    }
    problem = load_library(probe->arena, &library);
    if (problem)
        return probe_unknown(probe, "%s", problem);
    verdict = load_stream(probe, item, text, length, &tree);
    if (verdict == VERDICT_YES)
        verdict = data_rows(probe, item, &tree, probe->extract_arguments[0].text);
    for (size_t i = 0; i < tree.values.count; i++)
        library.release(tree.values.items[i]);
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
