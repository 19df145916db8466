/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Path tables and hints: choices by distribution. */
#include "rules/link.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *text;
    enum version_operator version_operator;
} operators[] = {
    {">=", VERSION_GE}, {"<=", VERSION_LE}, {"!=", VERSION_NE}, {">", VERSION_GT}, {"<", VERSION_LT}, {"=", VERSION_EQ},
};

size_t link_operator(const char *text, size_t length, enum version_operator *ret_operator)
{
    for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
        size_t width = strlen(operators[i].text);

        if (width > length || strncmp(text, operators[i].text, width) != 0)
            continue;
        *ret_operator = operators[i].version_operator;
        return width;
    }
    return 0;
}

static struct span trim(struct span span)
{
    while (span.length && isspace((unsigned char)span_start(span)[0]))
        span = span_part(span, 1, span.length - 1);
    while (span.length && isspace((unsigned char)span_start(span)[span.length - 1]))
        span.length--;
    return span;
}

static bool bad_selector(struct linker *linker, struct span span, const char *hint, const char *message)
{
    diagnose(linker->diagnostics, DIAG_BAD_SELECTOR, span_mark(span), hint, "%s", message);
    return false;
}

/* The characters of an os-release ID, and of VERSION_ID besides. */
static size_t id_length(struct span span, const char *more)
{
    size_t length = 0;

    while (length < span.length) {
        char character = span_start(span)[length];

        if (!islower((unsigned char)character) && !isdigit((unsigned char)character) && !strchr(more, character))
            break;
        length++;
    }
    return length;
}

static bool check_id(struct linker *linker, struct span span)
{
    size_t length = id_length(span, "._-");

    if (!span.length)
        return bad_selector(linker, span, "any, ID, ID>=VERSION or ID<VERSION", "a distribution's ID is missing");
    if (length == span.length)
        return true;
    if (isupper((unsigned char)span_start(span)[length]))
        return bad_selector(linker, span, "write it in lower case", "the ID of os-release has no capitals");
    return bad_selector(linker, span_part(span, length, span.length - length), "any, ID, ID>=VERSION or ID<VERSION",
                        "this is not part of a selector");
}

/* ID, or ID OPERATOR VERSION. */
static bool link_selector(struct linker *linker, struct span span, struct selector *selector)
{
    size_t position = strcspn(span_start(span), "<>=!");
    struct span id, version;
    size_t width;

    if (position > span.length)
        position = span.length;
    id = trim(span_part(span, 0, position));
    selector->id = arena_strndup(linker->arena, span_start(id), id.length);
    if (!check_id(linker, id))
        return false;
    if (position == span.length)
        return true;
    version = span_part(span, position, span.length - position);
    width = link_operator(span_start(version), version.length, &selector->version_operator);
    if (!width)
        return bad_selector(linker, version, "one of >= > <= < = !=", "this is not an operator");
    version = trim(span_part(version, width, version.length - width));
    selector->versioned = true;
    selector->version = arena_strndup(linker->arena, span_start(version), version.length);
    if (!version.length || id_length(version, "._+~-") != version.length)
        return bad_selector(linker, version.length ? version : span, NULL, "a version is wanted after the operator");
    if (strcmp(selector->id, "any") == 0)
        return bad_selector(linker, span, NULL, "'any' has no version");
    return true;
}

static void link_selectors(struct linker *linker, struct choice_row *row, const struct yaml_node *key)
{
    struct span whole = span_of(key);
    size_t count = 1;

    for (size_t i = 0; i < whole.length; i++)
        count += key->value[i] == ',';
    row->selectors = arena_alloc(linker->arena, count * sizeof(struct selector));
    for (size_t start = 0; row->selector_count < count;) {
        struct span rest = span_part(whole, start, whole.length - start);

        rest.length = span_find(rest, ',');
        link_selector(linker, trim(rest), &row->selectors[row->selector_count++]);
        start += rest.length + 1;
    }
}

static void link_choice_row(struct linker *linker, struct choice_row *row, const struct yaml_node *key,
                            const struct yaml_node *value, const struct name_scope *scope)
{
    size_t count = list_count(value);

    row->at = key->at;
    row->key = key->value;
    link_selectors(linker, row, key);
    row->values = arena_alloc(linker->arena, count * sizeof(struct template *));
    for (size_t i = 0; i < count; i++)
        row->values[row->count++] = link_template(linker, span_of(list_item(value, i)), scope);
}

/* A row for everyone needs no release; the rule that tells releases is not asked about itself. */
static const struct fact *releases_for(const struct linker *linker, const struct choice_table *table)
{
    const struct rule *rule = map_get(&linker->set->rules, RELEASES_RULE);
    bool named = false;

    for (size_t i = 0; i < table->count; i++)
        for (size_t selector = 0; selector < table->rows[i].selector_count; selector++)
            named = named || strcmp(table->rows[i].selectors[selector].id, "any") != 0;
    return named && rule && rule != table->rule ? map_get(&rule->facts, RELEASES_FACT) : NULL;
}

static void link_choice_rows(struct linker *linker, struct choice_table *table, const struct yaml_node *node,
                             const struct name_scope *scope)
{
    table->rows = arena_alloc(linker->arena, node->count * sizeof(struct choice_row));
    for (size_t i = 0; i < node->count; i++)
        link_choice_row(linker, &table->rows[table->count++], node->keys[i], node->items[i], scope);
    table->releases = releases_for(linker, table);
}

static struct choice_row *any_row(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope)
{
    struct choice_row *row = arena_new_object(linker->arena, struct choice_row);

    row->at = node->at;
    row->key = "any";
    row->selectors = arena_new_object(linker->arena, struct selector);
    row->selectors[0].id = "any";
    row->selector_count = 1;
    row->values = arena_alloc(linker->arena, sizeof(struct template *));
    row->values[0] = link_template(linker, span_of(node), scope);
    row->count = 1;
    return row;
}

struct choice_table *link_hint(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope)
{
    struct choice_table *table;

    if (!node)
        return NULL;
    table = arena_new_object(linker->arena, struct choice_table);
    table->name = "hint";
    table->rule = linker->rule;
    table->at = node->at;
    if (node->kind == YAML_NODE_MAPPING) {
        link_choice_rows(linker, table, node, scope);
    } else {
        table->rows = any_row(linker, node, scope);
        table->count = 1;
    }
    return table;
}

/* A table that nobody uses may name any column: it can be meant for an overlay. */
static void link_choice_state(struct linker *linker, struct choice_state *state)
{
    struct name_scope scope = {.columns = &state->columns, .limit = SIZE_MAX, .open = state->open || !state->used};

    linker->rule = state->table.rule;
    link_choice_rows(linker, &state->table, state->node, &scope);
    for (size_t i = 0; state->node->kind == YAML_NODE_MAPPING && i < state->node->count; i++)
        for (size_t j = 0; j < list_count(state->node->items[i]); j++)
            link_absolute(linker, list_item(state->node->items[i], j));
}

struct choice_user {
    struct linker *linker;
    const struct fact *fact;
};

static void add_user(const struct use_visitor *visitor, const struct choice_table *table)
{
    struct linker *linker = ((const struct choice_user *)visitor->data)->linker;
    const struct fact *user = ((const struct choice_user *)visitor->data)->fact;
    struct choice_state *state = (struct choice_state *)table;
    const struct map *columns;

    state->used = true;
    if (!user->loop) {
        state->open |= yaml_get(link_state(linker, user)->node, "for") != NULL;
        return;
    }
    state->open |= user->loop->open_columns;
    columns = &link_state(linker, user->loop)->columns;
    for (size_t i = 0; i < columns->count && link_inherit(linker, user); i++)
        if (!map_get(&state->columns, columns->entries[i].key))
            map_put(linker->scratch, &state->columns, columns->entries[i].key, (void *)(state->columns.count + 1));
}

void link_choices(struct linker *linker)
{
    for (size_t i = 0; i < linker->facts.count; i++) {
        const struct fact_state *state = linker->facts.items[i];
        struct choice_user user = {linker, state->fact};
        struct use_visitor visitor = {.choice = add_user, .data = &user};

        uses_of_fact(&visitor, state->fact);
    }
    for (size_t i = 0; i < linker->choices.count; i++)
        link_choice_state(linker, linker->choices.items[i]);
}
