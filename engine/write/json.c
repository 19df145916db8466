/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON by jansson and YAML by base/yaml, both from plain data. jansson is loaded on use: the default output is XML. */
#include "base/library.h"
#include "base/text.h"
#include "write/data.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct jansson {
    json_t *(*object)(void);
    json_t *(*array)(void);
    json_t *(*string)(const char *);
    json_t *(*integer)(json_int_t);
    json_t *(*true_value)(void);
    int (*object_set_new)(json_t *, const char *, json_t *);
    int (*array_append_new)(json_t *, json_t *);
    char *(*dumps)(const json_t *, size_t);
    void (*delete_value)(json_t *);
};

static const char *load(struct arena *arena, struct jansson *json)
{
    const struct library_symbol symbols[] = {{"json_object", &json->object},
                                             {"json_array", &json->array},
                                             {"json_string", &json->string},
                                             {"json_integer", &json->integer},
                                             {"json_true", &json->true_value},
                                             {"json_object_set_new", &json->object_set_new},
                                             {"json_array_append_new", &json->array_append_new},
                                             {"json_dumps", &json->dumps},
                                             {"json_delete", &json->delete_value},
                                             {NULL, NULL}};
    return library_load(arena, "libjansson.so.4", symbols);
}

static json_t *convert_scalar(const struct jansson *json, const struct yaml_node *data)
{
    int64_t number = 0;
    if (data->style != YAML_STYLE_PLAIN)
        return json->string(data->value);
    if (text_equal(data->value, "true"))
        return json->true_value();
    if (text_number(data->value, &number))
        return json->integer(number);
    return json->object(); /* an empty element that could have had parts */
}

static json_t *convert(const struct jansson *json, const struct yaml_node *data)
{
    if (data->kind == YAML_NODE_SCALAR)
        return convert_scalar(json, data);
    json_t *result = data->kind == YAML_NODE_MAPPING ? json->object() : json->array();
    for (size_t i = 0; i < data->count; i++) {
        if (data->kind == YAML_NODE_MAPPING)
            json->object_set_new(result, data->keys[i]->value, convert(json, data->items[i]));
        else
            json->array_append_new(result, convert(json, data->items[i]));
    }
    return result;
}

const char *data_write_json(struct buf *out, const struct yaml_node *data, unsigned indent)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct jansson json;
    if (load(arena, &json))
        return "JSON needs libjansson.so.4, which cannot be loaded; install the package that has it";
    json_t *value = convert(&json, data);
    char *text = json.dumps(value, indent ? JSON_INDENT(indent) : JSON_COMPACT);
    if (text)
        buf_add(out, text);
    buf_char(out, '\n');
    free(text);
    /* json_decref() is inline and calls json_delete by name, which is not linked. */
    json.delete_value(value);
    return text ? NULL : "out of memory while writing JSON";
}

const char *write_json(struct buf *out, const xmlDoc *xml, const struct schema *schema)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    return data_write_json(out, data_of_document(arena, xml, schema), 2);
}

const char *write_yaml(struct buf *out, const xmlDoc *xml, const struct schema *schema)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    yaml_write(out, data_of_document(arena, xml, schema), NULL, NULL);
    return NULL;
}

const char *write_grid_json(struct buf *out, const struct grid *grid, const struct writer_options *options)
{
    (void)options;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    return data_write_json(out, data_of_grid(arena, grid), 2);
}

const char *write_grid_yaml(struct buf *out, const struct grid *grid, const struct writer_options *options)
{
    (void)options;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    yaml_write(out, data_of_grid(arena, grid), NULL, NULL);
    return NULL;
}
