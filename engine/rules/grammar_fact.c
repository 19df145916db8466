/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grammar of a fact: one source, at most one extract, modifiers. Sources and extracts come from the vocabulary. */
#include "base/text.h"
#include "rules/grammar.h"

#include <string.h>

static void check_yes(struct checker *checker, const struct place *place)
{
    bool value;

    if (yaml_bool(place->node, &value) && !value)
        diagnose(checker->diagnostics, DIAG_BAD_VALUE, place->node->at, "leave the key out", "%s can only be yes",
                 place_label(checker, place));
}

static void check_sort_key(struct checker *checker, const struct place *place)
{
    const struct yaml_node *node = place->node;

    if (node->kind != YAML_NODE_SCALAR)
        return;
    if (node->value[0] != '-' || !text_is_name(node->value + 1, node->length - 1))
        check_name(checker, place);
}

static const struct shape shape_column = {.accepts = ACCEPT_TEXT, .check = check_name, .pattern = NAME_PATTERN};
static const struct shape shape_columns = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_column, .check = check_name, .pattern = NAME_PATTERN};
static const struct shape shape_row = {.accepts = ACCEPT_MAPPING,
                                       .others = &shape_template,
                                       .check_key = check_key_name,
                                       .name = "row",
                                       .keys_pattern = NAME_PATTERN};
#define SORT_PATTERN "^-?[A-Za-z_][A-Za-z0-9_-]*$"
static const struct shape shape_sort_key = {.accepts = ACCEPT_TEXT, .check = check_sort_key, .pattern = SORT_PATTERN};
static const struct shape shape_sort_columns = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_sort_key, .check = check_sort_key, .pattern = SORT_PATTERN};
static const struct shape shape_number = {.accepts = ACCEPT_TEXT,
                                          .text = "a whole number",
                                          .hint = "decimal, or hexadecimal after 0x",
                                          .parse = parse_number,
                                          .types = "integer string",
                                          .pattern = NUMBER_PATTERN};
static const struct key sort_keys[] = {
    {"bytes", &shape_sort_columns, true, "columns, in the order of their bytes, as strcmp compares them"}, {0}};
static const struct shape shape_sort_item = {
    .accepts = ACCEPT_TEXT | ACCEPT_MAPPING, .keys = sort_keys, .check = check_sort_key, .pattern = SORT_PATTERN};
static const struct shape shape_sort = {.accepts = ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING,
                                        .keys = sort_keys,
                                        .items = &shape_sort_item,
                                        .check = check_sort_key,
                                        .pattern = SORT_PATTERN};
static const struct shape shape_timeout = {.accepts = ACCEPT_TEXT,
                                           .text = "a whole number",
                                           .hint = "decimal, or hexadecimal after 0x",
                                           .parse = parse_number,
                                           .least = 1,
                                           .most = PROGRAM_SECONDS_MAX,
                                           .unit = "seconds",
                                           .types = "integer string",
                                           .pattern = NUMBER_PATTERN};

static const struct key below_keys[] = {
    {"root", &shape_text, true, "the name that the chain of parents has to reach"},
    {"name", &shape_column, true, "the column with a row's own name"},
    {"parent", &shape_column, true, "the column with the name of its parent"},
    {0},
};
static const struct shape shape_below = {.accepts = ACCEPT_MAPPING, .keys = below_keys};

const struct key modifier_keys[] = {
    {"for", &shape_text, false,
     "a fact: evaluate once for each of its rows; what is found inherits that row's columns"},
    {"with", &shape_row, false, "column: template; adds columns, in order"},
    {"where", &shape_condition, false, "keep the rows for which it holds; rows where it is unknown are dropped"},
    {"below", &shape_below, false,
     "of rows that name a parent, keep those whose chain of parents reaches a root, within one row of the loop"},
    {"sort", &shape_sort, false,
     "columns, in the order in which a person counts and compares versions; -column turns it round; "
     "{bytes: COLUMNS} is the order of their bytes"},
    {"distinct", &shape_columns, false, "of rows that are equal in these columns keep the first"},
    {"first", &shape_flag, false, "keep the first row only"},
    {"cache", &shape_flag, false, "keep what was found in a file or by a program between runs, until it changes"},
    {"timeout", &shape_timeout, false, "seconds that a program may take, 10 unless said"},
    {"reference", &shape_texts, false, "where what it looks at is described: a URL or citation, or a list"},
    {0},
};

static const struct shape shape_templates = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_template, .template = true};
static const struct shape shape_rows = {.accepts = ACCEPT_LIST, .items = &shape_row};
static const struct shape shape_offsets = {
    .accepts = ACCEPT_MAPPING, .others = &shape_number, .check_key = check_key_name, .keys_pattern = NAME_PATTERN};
static const struct shape shape_mapping = {.accepts = ACCEPT_MAPPING};

/* The shape of a field's value, by its type; choices, columns and sub-fields are added from the field itself. */
static const struct shape *const field_shapes[] = {
    [FIELD_TEMPLATE] = &shape_template, [FIELD_TEMPLATES] = &shape_templates, [FIELD_TEXT] = &shape_text,
    [FIELD_NAMES] = &shape_texts,       [FIELD_REGEX] = &shape_text,          [FIELD_FLAG] = &shape_flag,
    [FIELD_NUMBER] = &shape_number,     [FIELD_ROWS] = &shape_rows,           [FIELD_FACTS] = &shape_texts,
    [FIELD_PATH_TABLE] = &shape_text,   [FIELD_OFFSETS] = &shape_offsets,     [FIELD_MAPPING] = &shape_mapping,
};

/* A fact's mapping while it is checked. */
struct fact_check {
    struct checker *checker;
    const struct place *place;
    struct vec sources;  /* of struct source_kind that its keys name */
    struct vec extracts; /* of struct extract_kind */
    struct key *keys;    /* all that it may have, ended by a NULL name */
    size_t key_count;
};

static const struct yaml_node *find_key(const struct yaml_node *mapping, const char *name)
{
    for (size_t i = 0; i < mapping->count; i++) {
        if (strcmp(mapping->keys[i]->value, name) == 0)
            return mapping->keys[i];
    }
    return NULL;
}

static const struct field *find_field(const struct field *fields, const char *name)
{
    for (const struct field *field = fields; field->key != NULL; field++) {
        if (strcmp(field->key, name) == 0)
            return field;
    }
    return NULL;
}

/* Is the name another field of one of the chosen sources, such as xpath of document? */
static bool is_claimed(const struct vec *sources, const char *name)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct source_kind *source = sources->items[i];
        if (strcmp(source->name, name) != 0 && find_field(source->fields, name) != NULL)
            return true;
    }
    return false;
}

static void find_kinds(struct fact_check *check)
{
    const struct vocabulary *vocabulary = check->checker->context;
    struct arena *arena = check->checker->diagnostics->arena;
    struct vec named = {0};

    for (const struct source_kind *const *source = vocabulary->sources; *source != NULL; source++) {
        if (find_key(check->place->node, (*source)->name) != NULL)
            vec_push(arena, &named, *source);
    }
    for (size_t i = 0; i < named.count; i++) {
        if (!is_claimed(&named, ((const struct source_kind *)named.items[i])->name))
            vec_push(arena, &check->sources, named.items[i]);
    }
    for (const struct extract_kind *const *extract = vocabulary->extracts; *extract != NULL; extract++) {
        if (find_key(check->place->node, (*extract)->name) != NULL && !is_claimed(&check->sources, (*extract)->name))
            vec_push(arena, &check->extracts, *extract);
    }
}

static struct key *field_keys(struct arena *arena, const struct field *fields, size_t *ret_count)
{
    struct key *keys;
    size_t count = 0;

    while (fields[count].key != NULL)
        count++;
    keys = arena_alloc(arena, (count + 1) * sizeof(*keys));
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct key){fields[i].key, field_shape(arena, &fields[i], i == 0),
                               (fields[i].flags & FIELD_REQUIRED) != 0, fields[i].help};
    *ret_count = count;
    return keys;
}

const struct shape *field_shape(struct arena *arena, const struct field *field, bool main)
{
    struct shape *shape = arena_memdup(arena, field_shapes[field->type], sizeof(*shape));
    size_t count;

    if (field->type == FIELD_MAPPING)
        shape->keys = field_keys(arena, field->sub, &count);
    if (field->type == FIELD_FLAG && main) {
        shape->check = check_yes;
        shape->pattern = YES_PATTERN;
        shape->rest = "\"not\": {\"const\": false}";
    }
    if (field->type == FIELD_NAMES && (field->flags & FIELD_COLUMNS) != 0)
        *shape = shape_columns;
    if (field->choices != NULL) {
        struct shape *item = arena_memdup(arena, &shape_text, sizeof(*item));
        item->choices = field->choices;
        shape->choices = field->choices;
        shape->items = item;
    }
    return shape;
}

static void add_keys(struct fact_check *check, const struct key *keys, size_t count)
{
    struct arena *arena = check->checker->diagnostics->arena;
    struct key *all = arena_alloc(arena, (check->key_count + count + 1) * sizeof(*all));

    if (check->key_count > 0)
        memcpy(all, check->keys, check->key_count * sizeof(*all));
    memcpy(all + check->key_count, keys, count * sizeof(*all));
    check->keys = all;
    check->key_count += count;
}

static void add_fields(struct fact_check *check, const struct field *fields)
{
    size_t count;
    struct key *keys = field_keys(check->checker->diagnostics->arena, fields, &count);

    add_keys(check, keys, count);
}

static void build_keys(struct fact_check *check)
{
    for (size_t i = 0; i < check->sources.count; i++)
        add_fields(check, ((const struct source_kind *)check->sources.items[i])->fields);
    for (size_t i = 0; i < check->extracts.count; i++)
        add_fields(check, ((const struct extract_kind *)check->extracts.items[i])->fields);
    add_keys(check, modifier_keys, ARRAY_SIZE(modifier_keys) - 1);
}

/* Names that a misspelt key may have meant: the fact's own keys, and kinds where one could still be chosen. */
static struct vec meant_names(const struct fact_check *check)
{
    struct arena *arena = check->checker->diagnostics->arena;
    const struct vocabulary *vocabulary = check->checker->context;
    struct vec names = {0};

    for (size_t i = 0; i < check->key_count; i++)
        vec_push(arena, &names, check->keys[i].name);
    for (size_t i = 0; check->sources.count == 0 && vocabulary->sources[i] != NULL; i++)
        vec_push(arena, &names, vocabulary->sources[i]->name);
    for (size_t i = 0; check->extracts.count == 0 && vocabulary->extracts[i] != NULL; i++)
        vec_push(arena, &names, vocabulary->extracts[i]->name);
    return names;
}

/* The kind that has a field of that name, or NULL. */
static const char *field_owner(const struct vocabulary *vocabulary, const char *name)
{
    for (const struct source_kind *const *source = vocabulary->sources; *source != NULL; source++) {
        if (find_field((*source)->fields, name) != NULL)
            return (*source)->name;
    }
    for (const struct extract_kind *const *extract = vocabulary->extracts; *extract != NULL; extract++) {
        if (find_field((*extract)->fields, name) != NULL)
            return (*extract)->name;
    }
    return NULL;
}

static void unknown_fact_key(struct fact_check *check, const struct yaml_node *key)
{
    struct diagnostics *diagnostics = check->checker->diagnostics;
    const char *owner = field_owner(check->checker->context, key->value);
    struct vec names = meant_names(check);
    const char *hint;

    if (owner != NULL)
        hint = arena_printf(diagnostics->arena, "it goes with '%s'", owner);
    else
        hint = known_names(diagnostics, key->value, &names);
    diagnose(diagnostics, DIAG_UNKNOWN_KEY, key->at, hint, "unknown key '%s'", key->value);
}

static bool source_misspelt(const struct fact_check *check)
{
    const struct vocabulary *vocabulary = check->checker->context;

    for (const struct source_kind *const *source = vocabulary->sources; *source != NULL; source++) {
        if (key_misspelt(check->place->node, check->keys, (*source)->name))
            return true;
    }
    return false;
}

static const char *source_names(const struct fact_check *check)
{
    const struct vocabulary *vocabulary = check->checker->context;
    const char *names = NULL;

    for (const struct source_kind *const *source = vocabulary->sources; *source != NULL; source++)
        names = arena_printf(check->checker->diagnostics->arena, names != NULL ? "%s, %s" : "%s%s",
                             names != NULL ? names : "it should be one of ", (*source)->name);
    return names;
}

static void check_one_source(struct fact_check *check)
{
    struct diagnostics *diagnostics = check->checker->diagnostics;
    const struct yaml_node *node = check->place->node;
    const struct source_kind *source = check->sources.count > 0 ? check->sources.items[0] : NULL;

    if (source == NULL && !source_misspelt(check))
        diagnose(diagnostics, DIAG_SEVERAL_SOURCES, check->place->key->at, source_names(check),
                 "fact '%s' has no source", check->place->key->value);
    for (size_t i = 1; i < check->sources.count; i++) {
        const struct source_kind *other = check->sources.items[i];
        diagnose(diagnostics, DIAG_SEVERAL_SOURCES, find_key(node, other->name)->at,
                 "make it two facts; 'from: [A, B]' has the rows of both",
                 "'%s' is a source beside '%s'; a fact has one", other->name, source->name);
    }
}

static void check_one_extract(struct fact_check *check)
{
    struct diagnostics *diagnostics = check->checker->diagnostics;
    const struct yaml_node *node = check->place->node;
    const struct source_kind *source = check->sources.count == 1 ? check->sources.items[0] : NULL;

    for (size_t i = 0; i < check->extracts.count; i++) {
        const struct extract_kind *extract = check->extracts.items[i];
        const struct extract_kind *other = check->extracts.items[0];
        struct mark at = find_key(node, extract->name)->at;

        if (i > 0)
            diagnose(diagnostics, DIAG_SEVERAL_SOURCES, at, "make a second fact, with 'for: FACT' and 'text: ${text}'",
                     "'%s' is an extract beside '%s'; a fact has at most one", extract->name, other->name);
        else if (source != NULL && (source->flags & SOURCE_EXTRACT) == 0)
            diagnose(diagnostics, DIAG_SEVERAL_SOURCES, at, "make a second fact, with 'for: FACT' and 'text: ${…}'",
                     "'%s' has rows of its own and takes no extract such as '%s'", source->name, extract->name);
    }
}

void check_fact(struct checker *checker, const struct place *place)
{
    struct fact_check check = {.checker = checker, .place = place};
    struct shape shape = {.accepts = ACCEPT_MAPPING, .others = &shape_anything};

    find_kinds(&check);
    build_keys(&check);
    shape.keys = check.keys;
    for (size_t i = 0; i < place->node->count; i++) {
        if (key_find(check.keys, place->node->keys[i]->value) == NULL)
            unknown_fact_key(&check, place->node->keys[i]);
    }
    check_one_source(&check);
    check_one_extract(&check);
    check_shape(checker, &shape, place);
}
