/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions: when, where, available, expect. */
#include "rules/link.h"

#include <string.h>

static struct condition *condition_new(struct linker *linker, enum condition_kind kind, struct mark at)
{
    struct condition *condition = arena_new_object(linker->arena, struct condition);

    condition->kind = kind;
    condition->at = at;
    return condition;
}

static void bad_condition(struct linker *linker, struct mark at, const char *hint, const char *message)
{
    diagnose(linker->diagnostics, DIAG_BAD_CONDITION, at, hint, "%s", message);
}

static struct condition *link_fact_condition(struct linker *linker, const struct yaml_node *node)
{
    struct condition *condition = condition_new(linker, CONDITION_FACT, node->at);

    if (yaml_is_null(node) || node->length == 0)
        bad_condition(linker, node->at, NULL, "a condition is missing here");
    else if (strstr(node->value, "${"))
        bad_condition(linker, node->at, "compare it: {'${name}': value}", "a template alone is not a condition");
    else
        condition->fact = link_fact_name(linker, span_of(node));
    return condition;
}

/* all and any */
static struct condition *link_list(struct linker *linker, enum condition_kind kind, const struct yaml_node *node,
                                   const struct name_scope *scope)
{
    struct condition *condition = condition_new(linker, kind, node->at);

    if (node->kind != YAML_NODE_SEQUENCE || node->count == 0) {
        bad_condition(linker, node->at, NULL, "a list of conditions is wanted here");
        return condition;
    }
    condition->items = arena_alloc(linker->arena, node->count * sizeof(struct condition *));
    condition->count = node->count;
    for (size_t i = 0; i < node->count; i++)
        condition->items[i] = link_condition(linker, node->items[i], scope);
    return condition;
}

static struct condition *link_not(struct linker *linker, enum condition_kind kind, const struct yaml_node *node,
                                  const struct name_scope *scope)
{
    struct condition *condition = condition_new(linker, kind, node->at);

    condition->items = arena_alloc(linker->arena, sizeof(struct condition *));
    condition->items[0] = link_condition(linker, node, scope);
    condition->count = 1;
    return condition;
}

/* {in: FACT.COLUMN} */
static struct condition *link_in(struct linker *linker, const struct yaml_node *node)
{
    struct condition *condition = condition_new(linker, CONDITION_IN, node->at);
    struct span span;

    if (node->count != 1 || strcmp(node->keys[0]->value, "in") != 0 || node->items[0]->kind != YAML_NODE_SCALAR) {
        bad_condition(linker, node->at, "compare with text, a list of texts, or {in: FACT.COLUMN}",
                      "a mapping as value has the one key 'in'");
        return condition;
    }
    span = span_of(node->items[0]);
    condition->fact = link_fact_column(linker, span, &condition->column);
    if (condition->fact && !condition->column)
        link_default_column(linker, condition->fact, span);
    return condition;
}

static struct span skip_blanks(struct span span, size_t start)
{
    while (start < span.length && (span_start(span)[start] == ' ' || span_start(span)[start] == '\t'))
        start++;
    return span_part(span, start, span.length - start);
}

static void set_value(struct linker *linker, struct condition *condition, struct template *value)
{
    condition->values = arena_alloc(linker->arena, sizeof(struct template *));
    condition->values[0] = value;
    condition->value_count = 1;
}

/* '~ REGEX'. The pattern is kept as text for explanations; one with templates is compiled when they are known. */
static void link_pattern(struct linker *linker, struct condition *condition, struct span pattern,
                         const struct name_scope *scope)
{
    condition->kind = CONDITION_REGEX;
    if (memmem(span_start(pattern), pattern.length, "${", 2)) {
        set_value(linker, condition, link_template(linker, pattern, scope));
        return;
    }
    if (!pattern.length)
        bad_condition(linker, condition->at, NULL, "a pattern is missing after '~'");
    else
        condition->regex = link_regex(linker, pattern, 0);
    set_value(linker, condition, link_literal(linker, span_copy(linker, pattern), pattern.node->at));
}

/* The width of the operator that a text begins with; 0: none. Other texts may begin with "=", but not with "= 4". */
static size_t version_operator(const char *text, size_t length, enum version_operator *ret_operator)
{
    const size_t width = link_operator(text, length, ret_operator);
    const char *version = text + width + strspn(text + width, " \t");

    return width > 0 && *ret_operator == VERSION_EQ && strchr("0123456789$", *version) == NULL ? 0 : width;
}

/* Left compared with one text: '>= 4.2', '~ REGEX' or the text itself. */
static struct condition *link_value(struct linker *linker, struct template *left, const struct yaml_node *node,
                                    const struct name_scope *scope)
{
    struct condition *condition = condition_new(linker, CONDITION_EQUAL, node->at);
    struct span span = span_of(node);
    size_t skip;

    condition->left = left;
    if (node->kind != YAML_NODE_SCALAR || yaml_is_null(node)) {
        bad_condition(linker, node->at, "'' is the empty text", "a text to compare with is wanted here");
        return condition;
    }
    if (span.length && span_start(span)[0] == '~') {
        link_pattern(linker, condition, skip_blanks(span, 1), scope);
        return condition;
    }
    skip = version_operator(span_start(span), span.length, &condition->version_operator);
    if (skip) {
        condition->kind = CONDITION_VERSION;
        span = skip_blanks(span, skip);
        if (!span.length)
            bad_condition(linker, node->at, NULL, "a version is missing after the operator");
    }
    set_value(linker, condition, link_template(linker, span, scope));
    return condition;
}

/* A text without an operator. */
static bool is_plain(const struct yaml_node *node)
{
    enum version_operator operator_found;

    if (node->kind != YAML_NODE_SCALAR || yaml_is_null(node) || node->value[0] == '~')
        return false;
    return !version_operator(node->value, node->length, &operator_found);
}

static bool all_plain(const struct yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (!is_plain(node->items[i]))
            return false;
    return true;
}

/* Left compared with a list: any of them. */
static struct condition *link_values(struct linker *linker, struct template *left, const struct yaml_node *node,
                                     const struct name_scope *scope)
{
    bool plain = all_plain(node);
    struct condition *condition = condition_new(linker, plain ? CONDITION_EQUAL : CONDITION_ANY, node->at);

    if (!node->count)
        bad_condition(linker, node->at, NULL, "the list of texts to compare with is empty");
    if (plain) {
        condition->left = left;
        condition->values = arena_alloc(linker->arena, node->count * sizeof(struct template *));
        condition->value_count = node->count;
    } else {
        condition->items = arena_alloc(linker->arena, node->count * sizeof(struct condition *));
        condition->count = node->count;
    }
    for (size_t i = 0; i < node->count; i++)
        if (plain)
            condition->values[i] = link_template(linker, span_of(node->items[i]), scope);
        else
            condition->items[i] = link_value(linker, left, node->items[i], scope);
    return condition;
}

static struct condition *link_comparison(struct linker *linker, const struct yaml_node *key,
                                         const struct yaml_node *value, const struct name_scope *scope)
{
    struct template *left = link_operand(linker, key, scope);
    struct condition *condition;

    if (value->kind == YAML_NODE_SEQUENCE) {
        condition = link_values(linker, left, value, scope);
    } else if (value->kind == YAML_NODE_MAPPING) {
        condition = link_in(linker, value);
        condition->left = left;
    } else {
        condition = link_value(linker, left, value, scope);
    }
    condition->at = key->at;
    return condition;
}

/* set, unset, exists: of one name, or of each of a list. */
static struct condition *link_each(struct linker *linker, enum condition_kind kind, const struct yaml_node *node,
                                   const struct name_scope *scope)
{
    struct condition *condition = condition_new(linker, kind, node->at);

    if (node->kind == YAML_NODE_SEQUENCE && node->count > 0) {
        condition->kind = CONDITION_ALL;
        condition->items = arena_alloc(linker->arena, node->count * sizeof(struct condition *));
        condition->count = node->count;
        for (size_t i = 0; i < node->count; i++)
            condition->items[i] = link_each(linker, kind, node->items[i], scope);
    } else if (node->kind != YAML_NODE_SCALAR || yaml_is_null(node) || node->length == 0) {
        bad_condition(linker, node->at, NULL, "a name or a list of names is wanted here");
    } else if (kind == CONDITION_EXISTS) {
        condition->fact = link_fact_name(linker, span_of(node));
    } else {
        condition->left = link_operand(linker, node, scope);
    }
    return condition;
}

typedef struct condition *word_function(struct linker *linker, enum condition_kind kind, const struct yaml_node *node,
                                        const struct name_scope *scope);

static const struct {
    const char *name;
    enum condition_kind kind;
    word_function *link;
    bool late; /* columns had that name before it was a word, and are compared as they were */
} words[] = {
    {"not", CONDITION_NOT, link_not, false},     {"any", CONDITION_ANY, link_list, false},
    {"all", CONDITION_ALL, link_list, false},    {"set", CONDITION_SET, link_each, true},
    {"unset", CONDITION_UNSET, link_each, true}, {"exists", CONDITION_EXISTS, link_each, true},
};

static bool is_column(struct linker *linker, const struct yaml_node *key, const struct name_scope *scope)
{
    if (!link_has_column(scope, key->value))
        return false;
    diagnose(linker->diagnostics, DIAG_OLD_SPELLING, key->at,
             arena_printf(linker->scratch, "write {'${%s}': value}, or give the column another name", key->value),
             "'%s' is a word of conditions, but here it is a column of the row", key->value);
    return true;
}

static struct condition *link_pair(struct linker *linker, const struct yaml_node *key, const struct yaml_node *value,
                                   const struct name_scope *scope)
{
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (strcmp(key->value, words[i].name) == 0 && !(words[i].late && is_column(linker, key, scope)))
            return words[i].link(linker, words[i].kind, value, scope);
    return link_comparison(linker, key, value, scope);
}

static struct condition *link_mapping(struct linker *linker, const struct yaml_node *node,
                                      const struct name_scope *scope)
{
    struct condition *condition;

    if (node->count == 1)
        return link_pair(linker, node->keys[0], node->items[0], scope);
    condition = condition_new(linker, CONDITION_ALL, node->at);
    if (!node->count)
        bad_condition(linker, node->at, NULL, "the condition is empty");
    condition->items = arena_alloc(linker->arena, node->count * sizeof(struct condition *));
    condition->count = node->count;
    for (size_t i = 0; i < node->count; i++)
        condition->items[i] = link_pair(linker, node->keys[i], node->items[i], scope);
    return condition;
}

struct condition *link_condition(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope)
{
    if (!node)
        return NULL;
    if (node->kind == YAML_NODE_SCALAR)
        return link_fact_condition(linker, node);
    if (node->kind == YAML_NODE_SEQUENCE)
        return link_list(linker, CONDITION_ALL, node, scope);
    return link_mapping(linker, node, scope);
}
