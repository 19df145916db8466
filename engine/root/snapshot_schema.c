/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "root/snapshot_schema.h"

#include "base/json.h"
#include "root/snapshot_keys.h"

struct vec snapshot_key_names(struct arena *arena)
{
    struct vec names = {0};
    vec_push(arena, &names, "hvprobe-snapshot");
    vec_push(arena, &names, "taken");
    for (const struct section *section = snapshot_sections; section->name; section++)
        vec_push(arena, &names, section->name);
    return names;
}

static void write_record(struct json_writer *writer, const struct record_key *keys, struct arena *arena)
{
    struct vec required = {0};
    json_member(writer, "type", "object");
    json_key(writer, "properties");
    json_open(writer, '{');
    for (const struct record_key *key = keys; key->name; key++) {
        json_key(writer, key->name);
        json_open(writer, '{');
        json_member(writer, "description", key->help);
        json_item(writer);
        json_raw(writer, key->kind->schema);
        json_close(writer, '{');
        if (key->required)
            vec_push(arena, &required, key->name);
    }
    json_close(writer, '{');
    vec_push(arena, &required, NULL);
    json_key(writer, "required");
    json_texts(writer, (const char *const *)required.items);
    json_key(writer, "additionalProperties");
    json_raw(writer, "false");
}

static void write_by_path(struct json_writer *writer, const struct section *section)
{
    json_raw(writer, "\"type\": [\"object\", \"null\"], \"propertyNames\": {\"pattern\": \"^/\"}");
    json_key(writer, "additionalProperties");
    json_open(writer, '{');
    json_item(writer);
    json_raw(writer, section->schema);
    json_close(writer, '{');
}

static void write_section(struct json_writer *writer, const struct section *section, struct arena *arena)
{
    json_key(writer, section->name);
    json_open(writer, '{');
    json_member(writer, "description", section->help);
    if (section->list) {
        json_item(writer);
        json_raw(writer, "\"type\": [\"array\", \"null\"]");
        json_key(writer, "items");
        json_open(writer, '{');
        write_record(writer, section->keys, arena);
        json_close(writer, '{');
    } else if (section->keys) {
        write_record(writer, section->keys, arena);
    } else {
        json_item(writer);
        write_by_path(writer, section);
    }
    json_close(writer, '{');
}

void snapshot_json_schema(struct buf *out)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct json_writer writer = {.out = out};
    json_open(&writer, '{');
    json_member(&writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_member(&writer, "title", "hvprobe snapshot");
    json_member(&writer, "description", "What was recorded of a host, beside the files below root/.");
    json_member(&writer, "type", "object");
    json_key(&writer, "properties");
    json_open(&writer, '{');
    json_key(&writer, "hvprobe-snapshot");
    json_raw(&writer,
             arena_printf(arena, "{\"description\": \"version of the format\", \"const\": %d}", SNAPSHOT_VERSION));
    json_key(&writer, "taken");
    json_raw(&writer, "{\"description\": \"when, for people\"}");
    for (const struct section *section = snapshot_sections; section->name; section++)
        write_section(&writer, section, arena);
    json_close(&writer, '{');
    json_key(&writer, "required");
    json_raw(&writer, "[\"hvprobe-snapshot\"]");
    json_key(&writer, "additionalProperties");
    json_raw(&writer, "false");
    json_close(&writer, '{');
    buf_char(out, '\n');
}
