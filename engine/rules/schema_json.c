/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule language as a JSON Schema for editors, from the same tables as the loader. */
#include "rules/schema_json.h"

#include "base/keys_schema.h"
#include "base/text.h"
#include "rules/grammar.h"
#include "rules/merge.h"

static const struct vocabulary *vocabulary_of(const struct schema_writer *writer)
{
    return writer->head->context;
}

/* SECTION, SECTION.NAME or SECTION.NAME.KEY, as far as each section has them. */
void schema_write_drop(struct schema_writer *writer)
{
    AUTO(buf_free) struct buf pattern = BUF_INIT;
    for (const struct section *section = merge_sections; section->name; section++) {
        if (!section->drop)
            continue;
        buf_printf(&pattern, "%s%s", pattern.length ? "|" : "^(", section->name);
        if (section->most > 0)
            buf_printf(&pattern, "(\\.[^.]+%s)%s", section->most > 1 ? ".*" : "", section->least > 0 ? "" : "?");
    }
    buf_add(&pattern, ")$");
    json_member(&writer->json, "type", "string");
    json_member(&writer->json, "pattern", buf_text(&pattern));
}

#define NAME   "[A-Za-z_][A-Za-z0-9_-]*"
#define NUMBER "(0[xX][0-9a-fA-F]+|[0-9]+)"

/* Filters and what their argument is; as in the linker. */
static void add_filter_pattern(struct buf *pattern, const struct filter_kind *filter)
{
    static const char *const arguments[] = {
        [FILTER_NO_ARGUMENT] = "",
        [FILTER_TEXT] = ":[^|}]*",
        [FILTER_NUMBER] = ":(-?" NUMBER "|" NAME "(\\.[A-Za-z0-9_-]+)*)",
        [FILTER_TABLE] = ":" NAME "(\\." NAME ")?",
        [FILTER_NAME] = ":" NAME "(\\.[A-Za-z0-9_-]+)*",
    };
    buf_printf(pattern, "|%s%s", filter->name, arguments[filter->argument]);
}

/* Text, and ${name|filter:argument} with filters that there are. $$ is a dollar sign, one alone is too. */
static void schema_write_template(struct schema_writer *writer)
{
    AUTO(buf_free) struct buf pattern = BUF_INIT;
    AUTO(buf_free) struct buf filters = BUF_INIT;
    for (const struct filter_kind *filter = vocabulary_of(writer)->filters; filter->name; filter++)
        add_filter_pattern(&filters, filter);
    buf_printf(&pattern, "^([^$]|\\$\\$|\\$(?!\\{)|\\$\\{" NAME "(\\.[A-Za-z0-9_-]+)*(\\|(%s))*\\})*$",
               buf_text(&filters) + 1);
    json_member(&writer->json, "pattern", buf_text(&pattern));
    json_member(&writer->json, "patternErrorMessage",
                "This is not a template: ${name}, ${fact.column} or ${name|filter:argument}; $$ is a dollar sign.");
}

/* ---- facts: one source, at most one extract, modifiers ---- */

/* {"required": ["a"]} */
static void write_requires(struct schema_writer *writer, const char *name)
{
    json_raw(&writer->json, arena_printf(writer->arena, "{\"required\": [\"%s\"]}", name));
}

static void write_fields(struct schema_writer *writer, const struct field *fields, const char *kind_help,
                         struct map *written)
{
    for (const struct field *field = fields; field->key; field++) {
        if (map_get(written, field->key))
            continue;
        map_put(writer->arena, written, field->key, field);
        bool main = field == fields;
        const char *help = main ? arena_printf(writer->arena, "%s (%s)", kind_help, field->help) : field->help;
        json_key(&writer->json, field->key);
        schema_write(writer, field_shape(writer->arena, field, main), help);
    }
}

static void write_fact_properties(struct schema_writer *writer)
{
    const struct vocabulary *vocabulary = vocabulary_of(writer);
    struct map written = {0};
    json_key(&writer->json, "properties");
    json_open(&writer->json, '{');
    for (const struct source_kind *const *source = vocabulary->sources; *source; source++)
        write_fields(writer, (*source)->fields, (*source)->help, &written);
    for (const struct extract_kind *const *extract = vocabulary->extracts; *extract; extract++)
        write_fields(writer, (*extract)->fields, (*extract)->help, &written);
    for (const struct key *key = modifier_keys; key->name; key++) {
        if (map_get(&written, key->name))
            continue;
        json_key(&writer->json, key->name);
        schema_write(writer, key->shape, key->help);
    }
    json_close(&writer->json, '{');
}

/* Whose field it is: for each name those kinds, in order. */
static void add_owners(struct schema_writer *writer, struct map *owners, const struct field *fields)
{
    for (const struct field *field = fields + 1; field->key; field++) {
        struct vec *names = map_get(owners, field->key);
        if (!names) {
            names = arena_new_object(writer->arena, struct vec);
            map_put(writer->arena, owners, field->key, names);
        }
        vec_push(writer->arena, names, fields->key);
    }
}

static struct map field_owners(struct schema_writer *writer)
{
    struct map owners = {0};
    for (const struct source_kind *const *source = vocabulary_of(writer)->sources; *source; source++)
        add_owners(writer, &owners, (*source)->fields);
    for (const struct extract_kind *const *extract = vocabulary_of(writer)->extracts; *extract; extract++)
        add_owners(writer, &owners, (*extract)->fields);
    return owners;
}

static void write_choice(struct schema_writer *writer, const struct vec *names)
{
    json_open(&writer->json, '[');
    for (size_t i = 0; i < names->count; i++) {
        json_item(&writer->json);
        write_requires(writer, names->items[i]);
    }
    json_close(&writer->json, '[');
}

/* A kind that is also a field of another one does not count when that one is there. */
static void write_one_source(struct schema_writer *writer, const struct map *owners)
{
    struct json_writer *json = &writer->json;
    json_key(json, "oneOf");
    json_open(json, '[');
    for (const struct source_kind *const *source = vocabulary_of(writer)->sources; *source; source++) {
        const struct vec *others = map_get(owners, (*source)->name);
        json_item(json);
        if (!others) {
            write_requires(writer, (*source)->name);
            continue;
        }
        json_open(json, '{');
        json_key(json, "required");
        json_texts(json, (const char *const[]){(*source)->name, NULL});
        json_key(json, "not");
        json_open(json, '{');
        json_key(json, "anyOf");
        write_choice(writer, others);
        json_close(json, '{');
        json_close(json, '{');
    }
    json_close(json, '[');
}

/* All but those that a source (NULL: none) has as a field of its own. */
static struct vec extract_names(struct schema_writer *writer, const struct source_kind *source)
{
    struct vec names = {0};
    for (const struct extract_kind *const *extract = vocabulary_of(writer)->extracts; *extract; extract++) {
        const struct field *field = source ? source->fields + 1 : NULL;
        while (field && field->key && !text_equal(field->key, (*extract)->name))
            field++;
        if (!field || !field->key)
            vec_push(writer->arena, &names, (*extract)->name);
    }
    return names;
}

/* None of them, or one. */
static void write_one_extract(struct schema_writer *writer, const struct vec *extracts)
{
    struct json_writer *json = &writer->json;
    json_key(json, "allOf");
    json_open(json, '[');
    json_item(json);
    json_open(json, '{');
    json_key(json, "oneOf");
    json_open(json, '[');
    json_item(json);
    json_open(json, '{');
    json_key(json, "not");
    json_open(json, '{');
    json_key(json, "anyOf");
    write_choice(writer, extracts);
    json_close(json, '{');
    json_close(json, '{');
    for (size_t i = 0; i < extracts->count; i++) {
        json_item(json);
        write_requires(writer, extracts->items[i]);
    }
    json_close(json, '[');
    json_close(json, '{');
    json_close(json, '[');
}

/* What a source asks beside it, and that those with rows of their own take no extract. */
static void write_source_rules(struct schema_writer *writer, const struct source_kind *source)
{
    struct json_writer *json = &writer->json;
    struct vec required = {0};
    for (const struct field *field = source->fields + 1; field->key; field++) {
        if (field->flags & FIELD_REQUIRED)
            vec_push(writer->arena, &required, field->key);
    }
    if (required.count == 0 && (source->flags & SOURCE_EXTRACT))
        return;
    json_key(json, source->name);
    json_open(json, '{');
    if (required.count > 0) {
        vec_push(writer->arena, &required, NULL);
        json_key(json, "required");
        json_texts(json, (const char *const *)required.items);
    }
    if (!(source->flags & SOURCE_EXTRACT)) {
        const struct vec extracts = extract_names(writer, source);
        json_key(json, "not");
        json_open(json, '{');
        json_key(json, "anyOf");
        write_choice(writer, &extracts);
        json_close(json, '{');
    }
    json_close(json, '{');
}

static bool is_extract(const struct schema_writer *writer, const char *name)
{
    const struct extract_kind *const *extract = vocabulary_of(writer)->extracts;
    while (*extract && !text_equal((*extract)->name, name))
        extract++;
    return *extract != NULL;
}

/* A field that is an extract too needs none of its owners: sources say which extracts they take. */
static void write_dependents(struct schema_writer *writer, const struct map *owners)
{
    struct json_writer *json = &writer->json;
    json_key(json, "dependentSchemas");
    json_open(json, '{');
    for (const struct source_kind *const *source = vocabulary_of(writer)->sources; *source; source++)
        write_source_rules(writer, *source);
    for (size_t i = 0; i < owners->count; i++) {
        if (is_extract(writer, owners->entries[i].key))
            continue;
        json_key(json, owners->entries[i].key);
        json_open(json, '{');
        json_key(json, "anyOf");
        write_choice(writer, owners->entries[i].value);
        json_close(json, '{');
    }
    json_close(json, '{');
}

void schema_write_fact(struct schema_writer *writer)
{
    struct map owners = field_owners(writer);
    struct vec extracts = extract_names(writer, NULL);
    json_member(&writer->json, "type", "object");
    write_fact_properties(writer);
    json_key(&writer->json, "additionalProperties");
    json_raw(&writer->json, "false");
    write_one_source(writer, &owners);
    write_one_extract(writer, &extracts);
    write_dependents(writer, &owners);
}

void rules_json_schema(struct buf *out, const struct vocabulary *vocabulary)
{
    const struct schema_head head = {
        .title = "hvprobe rule",
        .description = "A rule: what to look at on a host, and what to write into a document.",
        .write_template = schema_write_template,
        .context = vocabulary,
    };
    keys_json_schema(out, &shape_rule, &head);
}
