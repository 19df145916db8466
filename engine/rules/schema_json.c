/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules/schema_json.h"

#include "base/json.h"
#include "base/text.h"
#include "rules/grammar.h"
#include "rules/merge.h"

#include <string.h>

struct generator {
    struct arena *arena;
    struct json_writer writer;
    const struct vocabulary *vocabulary;
    struct vec named; /* of struct shape: definitions that something refers to */
};

static void write_members(struct generator *generator, const struct shape *shape);

/* "a b" as a JSON list of texts, or as one text. */
static void write_words(struct generator *generator, struct vec *words)
{
    vec_push(generator->arena, words, NULL);
    if (words->count == 2)
        json_string(&generator->writer, words->items[0]);
    else
        json_texts(&generator->writer, (const char *const *)words->items);
}

static void write_types(struct generator *generator, const struct shape *shape)
{
    struct vec types = {0};
    bool plain = shape->choices || shape->pattern;
    const char *word = shape->types ? shape->types : plain ? "string" : "string number boolean";
    for (size_t length; (shape->accepts & ACCEPT_TEXT) && *word; word += length + (word[length] == ' ')) {
        length = strcspn(word, " ");
        vec_push(generator->arena, &types, arena_strndup(generator->arena, word, length));
    }
    if (shape->accepts & ACCEPT_LIST)
        vec_push(generator->arena, &types, "array");
    if (shape->accepts & ACCEPT_MAPPING)
        vec_push(generator->arena, &types, "object");
    if (shape->accepts & ACCEPT_NOTHING)
        vec_push(generator->arena, &types, "null");
    json_key(&generator->writer, "type");
    write_words(generator, &types);
}

static void remember(struct generator *generator, const struct shape *shape)
{
    for (size_t i = 0; i < generator->named.count; i++) {
        if (generator->named.items[i] == shape)
            return;
    }
    vec_push(generator->arena, &generator->named, shape);
}

/* A schema as a value: what it is for (NULL: not said), then what it has to be. */
static void write_schema(struct generator *generator, const struct shape *shape, const char *help)
{
    struct json_writer *writer = &generator->writer;
    json_open(writer, '{');
    json_member(writer, "description", help);
    if (shape->name) {
        json_member(writer, "$ref", arena_printf(generator->arena, "#/$defs/%s", shape->name));
        remember(generator, shape);
    } else {
        write_members(generator, shape);
    }
    json_close(writer, '{');
}

static void write_required(struct generator *generator, const struct key *keys)
{
    struct vec names = {0};
    for (; keys && keys->name; keys++) {
        if (keys->required)
            vec_push(generator->arena, &names, keys->name);
    }
    if (names.count == 0)
        return;
    vec_push(generator->arena, &names, NULL);
    json_key(&generator->writer, "required");
    json_texts(&generator->writer, (const char *const *)names.items);
}

static void write_mapping(struct generator *generator, const struct shape *shape)
{
    struct json_writer *writer = &generator->writer;
    if (shape->keys) {
        json_key(writer, "properties");
        json_open(writer, '{');
        for (const struct key *key = shape->keys; key->name; key++) {
            json_key(writer, key->name);
            write_schema(generator, key->shape, key->help);
        }
        json_close(writer, '{');
        write_required(generator, shape->keys);
    }
    if (shape->keys_pattern) {
        json_key(writer, "propertyNames");
        json_open(writer, '{');
        json_member(writer, "pattern", shape->keys_pattern);
        json_close(writer, '{');
    }
    json_key(writer, "minProperties");
    json_raw(writer, "1");
    if (!shape->keys && !shape->others)
        return;
    json_key(writer, "additionalProperties");
    if (shape->others)
        write_schema(generator, shape->others, NULL);
    else
        json_raw(writer, "false");
}

/* SECTION, SECTION.NAME or SECTION.NAME.KEY, as far as each section has them. */
static void write_drop(struct generator *generator)
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
    json_member(&generator->writer, "type", "string");
    json_member(&generator->writer, "pattern", buf_text(&pattern));
}

static void write_fact(struct generator *generator);

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
    };
    buf_printf(pattern, "|%s%s", filter->name, arguments[filter->argument]);
}

/* Text, and ${name|filter:argument} with filters that there are. $$ is a dollar sign, one alone is too. */
static void write_template(struct generator *generator)
{
    AUTO(buf_free) struct buf pattern = BUF_INIT;
    AUTO(buf_free) struct buf filters = BUF_INIT;
    for (const struct filter_kind *filter = generator->vocabulary->filters; filter->name; filter++)
        add_filter_pattern(&filters, filter);
    buf_printf(&pattern, "^([^$]|\\$\\$|\\$(?!\\{)|\\$\\{" NAME "(\\.[A-Za-z0-9_-]+)*(\\|(%s))*\\})*$",
               buf_text(&filters) + 1);
    json_member(&generator->writer, "pattern", buf_text(&pattern));
    json_member(&generator->writer, "patternErrorMessage",
                "This is not a template: ${name}, ${fact.column} or ${name|filter:argument}; $$ is a dollar sign.");
}

/* What the grammar checks by a function of its own, from tables of its own. */
static const struct {
    const struct shape *shape;
    void (*write)(struct generator *generator);
} special_shapes[] = {
    {&shape_fact, write_fact},
    {&shape_drop_part, write_drop},
};

static void write_members(struct generator *generator, const struct shape *shape)
{
    struct json_writer *writer = &generator->writer;
    for (size_t i = 0; i < ARRAY_SIZE(special_shapes); i++) {
        if (special_shapes[i].shape == shape)
            return special_shapes[i].write(generator);
    }
    write_types(generator, shape);
    if (shape->choices) {
        json_key(writer, "enum");
        json_texts(writer, shape->choices);
    }
    json_member(writer, "pattern", shape->pattern);
    if (shape->pattern && shape->text)
        json_member(writer, "patternErrorMessage", arena_printf(generator->arena, "This should be %s.", shape->text));
    json_member(writer, "$ref", shape->template ? "#/$defs/template" : NULL);
    if (shape->accepts & ACCEPT_LIST) {
        json_key(writer, "minItems");
        json_raw(writer, "1");
        json_key(writer, "items");
        write_schema(generator, shape->items, NULL);
    }
    if (shape->accepts & ACCEPT_MAPPING)
        write_mapping(generator, shape);
    if (shape->rest) {
        json_item(writer);
        json_raw(writer, shape->rest);
    }
}

/* ---- facts: one source, at most one extract, modifiers ---- */

/* {"required": ["a"]} */
static void write_requires(struct generator *generator, const char *name)
{
    json_raw(&generator->writer, arena_printf(generator->arena, "{\"required\": [\"%s\"]}", name));
}

static void write_fields(struct generator *generator, const struct field *fields, const char *kind_help,
                         struct map *written)
{
    for (const struct field *field = fields; field->key; field++) {
        if (map_get(written, field->key))
            continue;
        map_put(generator->arena, written, field->key, field);
        bool main = field == fields;
        const char *help = main ? arena_printf(generator->arena, "%s (%s)", kind_help, field->help) : field->help;
        json_key(&generator->writer, field->key);
        write_schema(generator, field_shape(generator->arena, field, main), help);
    }
}

static void write_fact_properties(struct generator *generator)
{
    const struct vocabulary *vocabulary = generator->vocabulary;
    struct map written = {0};
    json_key(&generator->writer, "properties");
    json_open(&generator->writer, '{');
    for (const struct source_kind *const *source = vocabulary->sources; *source; source++)
        write_fields(generator, (*source)->fields, (*source)->help, &written);
    for (const struct extract_kind *const *extract = vocabulary->extracts; *extract; extract++)
        write_fields(generator, (*extract)->fields, (*extract)->help, &written);
    for (const struct key *key = modifier_keys; key->name; key++) {
        if (map_get(&written, key->name))
            continue;
        json_key(&generator->writer, key->name);
        write_schema(generator, key->shape, key->help);
    }
    json_close(&generator->writer, '{');
}

/* Whose field it is: for each name those kinds, in order. */
static void add_owners(struct generator *generator, struct map *owners, const struct field *fields)
{
    for (const struct field *field = fields + 1; field->key; field++) {
        struct vec *names = map_get(owners, field->key);
        if (!names) {
            names = arena_new_object(generator->arena, struct vec);
            map_put(generator->arena, owners, field->key, names);
        }
        vec_push(generator->arena, names, fields->key);
    }
}

static struct map field_owners(struct generator *generator)
{
    struct map owners = {0};
    for (const struct source_kind *const *source = generator->vocabulary->sources; *source; source++)
        add_owners(generator, &owners, (*source)->fields);
    for (const struct extract_kind *const *extract = generator->vocabulary->extracts; *extract; extract++)
        add_owners(generator, &owners, (*extract)->fields);
    return owners;
}

static void write_choice(struct generator *generator, const struct vec *names)
{
    json_open(&generator->writer, '[');
    for (size_t i = 0; i < names->count; i++) {
        json_item(&generator->writer);
        write_requires(generator, names->items[i]);
    }
    json_close(&generator->writer, '[');
}

/* A kind that is also a field of another one does not count when that one is there. */
static void write_one_source(struct generator *generator, const struct map *owners)
{
    struct json_writer *writer = &generator->writer;
    json_key(writer, "oneOf");
    json_open(writer, '[');
    for (const struct source_kind *const *source = generator->vocabulary->sources; *source; source++) {
        const struct vec *others = map_get(owners, (*source)->name);
        json_item(writer);
        if (!others) {
            write_requires(generator, (*source)->name);
            continue;
        }
        json_open(writer, '{');
        json_key(writer, "required");
        json_texts(writer, (const char *const[]){(*source)->name, NULL});
        json_key(writer, "not");
        json_open(writer, '{');
        json_key(writer, "anyOf");
        write_choice(generator, others);
        json_close(writer, '{');
        json_close(writer, '{');
    }
    json_close(writer, '[');
}

/* All but those that a source (NULL: none) has as a field of its own. */
static struct vec extract_names(struct generator *generator, const struct source_kind *source)
{
    struct vec names = {0};
    for (const struct extract_kind *const *extract = generator->vocabulary->extracts; *extract; extract++) {
        const struct field *field = source ? source->fields + 1 : NULL;
        while (field && field->key && !text_equal(field->key, (*extract)->name))
            field++;
        if (!field || !field->key)
            vec_push(generator->arena, &names, (*extract)->name);
    }
    return names;
}

/* None of them, or one. */
static void write_one_extract(struct generator *generator, const struct vec *extracts)
{
    struct json_writer *writer = &generator->writer;
    json_key(writer, "allOf");
    json_open(writer, '[');
    json_item(writer);
    json_open(writer, '{');
    json_key(writer, "oneOf");
    json_open(writer, '[');
    json_item(writer);
    json_open(writer, '{');
    json_key(writer, "not");
    json_open(writer, '{');
    json_key(writer, "anyOf");
    write_choice(generator, extracts);
    json_close(writer, '{');
    json_close(writer, '{');
    for (size_t i = 0; i < extracts->count; i++) {
        json_item(writer);
        write_requires(generator, extracts->items[i]);
    }
    json_close(writer, '[');
    json_close(writer, '{');
    json_close(writer, '[');
}

/* What a source asks beside it, and that those with rows of their own take no extract. */
static void write_source_rules(struct generator *generator, const struct source_kind *source)
{
    struct json_writer *writer = &generator->writer;
    struct vec required = {0};
    for (const struct field *field = source->fields + 1; field->key; field++) {
        if (field->flags & FIELD_REQUIRED)
            vec_push(generator->arena, &required, field->key);
    }
    if (required.count == 0 && (source->flags & SOURCE_EXTRACT))
        return;
    json_key(writer, source->name);
    json_open(writer, '{');
    if (required.count > 0) {
        vec_push(generator->arena, &required, NULL);
        json_key(writer, "required");
        json_texts(writer, (const char *const *)required.items);
    }
    if (!(source->flags & SOURCE_EXTRACT)) {
        const struct vec extracts = extract_names(generator, source);
        json_key(writer, "not");
        json_open(writer, '{');
        json_key(writer, "anyOf");
        write_choice(generator, &extracts);
        json_close(writer, '{');
    }
    json_close(writer, '{');
}

static bool is_extract(const struct generator *generator, const char *name)
{
    const struct extract_kind *const *extract = generator->vocabulary->extracts;
    while (*extract && !text_equal((*extract)->name, name))
        extract++;
    return *extract != NULL;
}

/* A field that is an extract too needs none of its owners: sources say which extracts they take. */
static void write_dependents(struct generator *generator, const struct map *owners)
{
    struct json_writer *writer = &generator->writer;
    json_key(writer, "dependentSchemas");
    json_open(writer, '{');
    for (const struct source_kind *const *source = generator->vocabulary->sources; *source; source++)
        write_source_rules(generator, *source);
    for (size_t i = 0; i < owners->count; i++) {
        if (is_extract(generator, owners->entries[i].key))
            continue;
        json_key(writer, owners->entries[i].key);
        json_open(writer, '{');
        json_key(writer, "anyOf");
        write_choice(generator, owners->entries[i].value);
        json_close(writer, '{');
    }
    json_close(writer, '{');
}

static void write_fact(struct generator *generator)
{
    struct map owners = field_owners(generator);
    struct vec extracts = extract_names(generator, NULL);
    json_member(&generator->writer, "type", "object");
    write_fact_properties(generator);
    json_key(&generator->writer, "additionalProperties");
    json_raw(&generator->writer, "false");
    write_one_source(generator, &owners);
    write_one_extract(generator, &extracts);
    write_dependents(generator, &owners);
}

void rules_json_schema(struct buf *out, const struct vocabulary *vocabulary)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct generator generator = {.arena = arena, .writer = {.out = out}, .vocabulary = vocabulary};
    struct json_writer *writer = &generator.writer;
    json_open(writer, '{');
    json_member(writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_member(writer, "title", "hvprobe rule");
    json_member(writer, "description", "A rule: what to look at on a host, and what to write into a document.");
    write_members(&generator, &shape_rule);
    json_key(writer, "$defs");
    json_open(writer, '{');
    json_key(writer, "template");
    json_open(writer, '{');
    write_template(&generator);
    json_close(writer, '{');
    for (size_t i = 0; i < generator.named.count; i++) {
        const struct shape *shape = generator.named.items[i];
        json_key(writer, shape->name);
        json_open(writer, '{');
        write_members(&generator, shape);
        json_close(writer, '{');
    }
    json_close(writer, '{');
    json_close(writer, '{');
    buf_char(out, '\n');
}
