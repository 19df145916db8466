/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documents and grids as JSON and YAML, from plain data. */
#include "base/json.h"
#include "base/text.h"
#include "write/data.h"

static void add_scalar(struct json_writer *json, const struct yaml_node *data)
{
    int64_t number = 0;
    if (data->style != YAML_STYLE_PLAIN)
        json_text(json->out, data->value, data->length);
    else if (text_equal(data->value, "true") || text_number(data->value, &number))
        json_raw(json, data->value);
    else
        json_raw(json, "{}"); /* an empty element that could have had parts */
}

static void add_data(struct json_writer *json, const struct yaml_node *data)
{
    const char bracket = data->kind == YAML_NODE_MAPPING ? '{' : '[';
    if (data->kind == YAML_NODE_SCALAR)
        return add_scalar(json, data);
    json_open(json, bracket);
    for (size_t i = 0; i < data->count; i++) {
        if (data->kind == YAML_NODE_MAPPING)
            json_key(json, data->keys[i]->value);
        else
            json_item(json);
        add_data(json, data->items[i]);
    }
    json_close(json, bracket);
}

void json_document(struct json_writer *json, const xmlDoc *xml, const struct schema *schema)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    add_data(json, data_of_document(arena, xml, schema));
}

static const char *write_data(struct buf *out, const struct yaml_node *data)
{
    struct json_writer json = {.out = out};
    add_data(&json, data);
    buf_char(out, '\n');
    return NULL;
}

const char *write_json(struct buf *out, const xmlDoc *xml, const struct schema *schema)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    return write_data(out, data_of_document(arena, xml, schema));
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
    return write_data(out, data_of_grid(arena, grid));
}

const char *write_grid_yaml(struct buf *out, const struct grid *grid, const struct writer_options *options)
{
    (void)options;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    yaml_write(out, data_of_grid(arena, grid), NULL, NULL);
    return NULL;
}
