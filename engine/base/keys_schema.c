/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the walker asks of a file, said once more for editors. */
#include "base/keys_schema.h"

#include "base/text.h"

#include <string.h>

static void write_members(struct schema_writer *writer, const struct shape *shape);

/* "a b" as a JSON list of texts, or as one text. */
static void write_words(struct schema_writer *writer, struct vec *words)
{
    vec_push(writer->arena, words, NULL);
    if (words->count == 2)
        json_string(&writer->json, words->items[0]);
    else
        json_texts(&writer->json, (const char *const *)words->items);
}

static void write_types(struct schema_writer *writer, const struct shape *shape)
{
    struct vec types = {0};
    bool plain = shape->choices || shape->pattern;
    const char *word = shape->types ? shape->types : plain ? "string" : "string number boolean";
    for (size_t length; (shape->accepts & ACCEPT_TEXT) && *word; word += length + (word[length] == ' ')) {
        length = strcspn(word, " ");
        vec_push(writer->arena, &types, arena_strndup(writer->arena, word, length));
    }
    if (shape->accepts & ACCEPT_LIST)
        vec_push(writer->arena, &types, "array");
    if (shape->accepts & ACCEPT_MAPPING)
        vec_push(writer->arena, &types, "object");
    if (shape->accepts & ACCEPT_NOTHING)
        vec_push(writer->arena, &types, "null");
    json_key(&writer->json, "type");
    write_words(writer, &types);
}

static void remember(struct schema_writer *writer, const struct shape *shape)
{
    for (size_t i = 0; i < writer->named.count; i++) {
        if (writer->named.items[i] == shape)
            return;
    }
    vec_push(writer->arena, &writer->named, shape);
}

void schema_write(struct schema_writer *writer, const struct shape *shape, const char *help)
{
    json_open(&writer->json, '{');
    json_member(&writer->json, "description", help);
    if (shape->name) {
        json_member(&writer->json, "$ref", arena_printf(writer->arena, "#/$defs/%s", shape->name));
        remember(writer, shape);
    } else {
        write_members(writer, shape);
    }
    json_close(&writer->json, '{');
}

static void write_required(struct schema_writer *writer, const struct key *keys)
{
    struct vec names = {0};
    for (; keys && keys->name; keys++) {
        if (keys->required)
            vec_push(writer->arena, &names, keys->name);
    }
    if (names.count == 0)
        return;
    vec_push(writer->arena, &names, NULL);
    json_key(&writer->json, "required");
    json_texts(&writer->json, (const char *const *)names.items);
}

static void write_properties(struct schema_writer *writer, const struct key *keys)
{
    json_key(&writer->json, "properties");
    json_open(&writer->json, '{');
    for (const struct key *key = keys; key->name; key++) {
        json_key(&writer->json, key->name);
        schema_write(writer, key->shape, key->help);
    }
    json_close(&writer->json, '{');
    write_required(writer, keys);
}

static void write_number(struct schema_writer *writer, const char *name, int64_t number)
{
    json_key(&writer->json, name);
    json_raw(&writer->json, arena_printf(writer->arena, "%lld", (long long)number));
}

static void write_mapping(struct schema_writer *writer, const struct shape *shape)
{
    struct json_writer *json = &writer->json;
    if (shape->keys)
        write_properties(writer, shape->keys);
    if (shape->keys_pattern) {
        json_key(json, "propertyNames");
        json_open(json, '{');
        json_member(json, "pattern", shape->keys_pattern);
        json_close(json, '{');
    }
    if (!(shape->accepts & ACCEPT_EMPTY))
        write_number(writer, "minProperties", 1);
    if (!shape->keys && !shape->others)
        return;
    json_key(json, "additionalProperties");
    if (shape->others)
        schema_write(writer, shape->others, NULL);
    else
        json_raw(json, "false");
}

static void write_list(struct schema_writer *writer, const struct shape *shape)
{
    if (!(shape->accepts & ACCEPT_EMPTY))
        write_number(writer, "minItems", 1);
    if (!shape->items)
        return;
    json_key(&writer->json, "items");
    schema_write(writer, shape->items, NULL);
}

static void write_text(struct schema_writer *writer, const struct shape *shape)
{
    struct json_writer *json = &writer->json;
    if (shape->choices) {
        json_key(json, "enum");
        json_texts(json, shape->choices);
    }
    json_member(json, "pattern", shape->pattern);
    if (shape->pattern && shape->text)
        json_member(json, "patternErrorMessage", arena_printf(writer->arena, "This should be %s.", shape->text));
    if (shape->most) {
        write_number(writer, "minimum", shape->least);
        if (shape->most < INT64_MAX)
            write_number(writer, "maximum", shape->most);
    }
    json_member(json, "$ref", shape->template ? "#/$defs/template" : NULL);
}

static void write_members(struct schema_writer *writer, const struct shape *shape)
{
    const unsigned anything = ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING | ACCEPT_NOTHING;
    if (shape->write_schema)
        return shape->write_schema(writer);
    if ((shape->accepts & anything) == anything && !shape->items && !shape->keys && !shape->others)
        return;
    write_types(writer, shape);
    write_text(writer, shape);
    if (shape->accepts & ACCEPT_LIST)
        write_list(writer, shape);
    if (shape->accepts & ACCEPT_MAPPING)
        write_mapping(writer, shape);
    if (shape->rest) {
        json_item(&writer->json);
        json_raw(&writer->json, shape->rest);
    }
}

static void write_definitions(struct schema_writer *writer)
{
    struct json_writer *json = &writer->json;
    json_key(json, "$defs");
    json_open(json, '{');
    if (writer->head->write_template) {
        json_key(json, "template");
        json_open(json, '{');
        writer->head->write_template(writer);
        json_close(json, '{');
    }
    for (size_t i = 0; i < writer->named.count; i++) {
        const struct shape *shape = writer->named.items[i];
        json_key(json, shape->name);
        json_open(json, '{');
        write_members(writer, shape);
        json_close(json, '{');
    }
    json_close(json, '{');
}

void keys_json_schema(struct buf *out, const struct shape *shape, const struct schema_head *head)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct schema_writer writer = {.arena = arena, .json = {.out = out}, .head = head};
    json_open(&writer.json, '{');
    json_member(&writer.json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_member(&writer.json, "title", head->title);
    json_member(&writer.json, "description", head->description);
    write_members(&writer, shape);
    if (head->write_template || writer.named.count > 0)
        write_definitions(&writer);
    json_close(&writer.json, '{');
    buf_char(out, '\n');
}
