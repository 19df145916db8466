/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walker for all files of keys. What their keys are stands beside what reads each kind of file. */
#include "base/keys.h"
#include "base/text.h"

#include <string.h>

static const struct {
    unsigned accept;
    const char *words;
} accept_words[] = {
    {ACCEPT_TEXT, "text"},
    {ACCEPT_LIST, "a list"},
    {ACCEPT_MAPPING, "a mapping"},
    {ACCEPT_NOTHING, "nothing"},
};

const struct shape shape_text = {.accepts = ACCEPT_TEXT};
const struct shape shape_texts = {.accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_text};
const struct shape shape_name = {.accepts = ACCEPT_TEXT, .check = check_name, .pattern = NAME_PATTERN};
const struct shape shape_flag = {.accepts = ACCEPT_TEXT,
                                 .text = "yes or no",
                                 .parse = parse_flag,
                                 .types = "string boolean",
                                 .pattern = FLAG_PATTERN};
const struct shape shape_anything = {.accepts =
                                         ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING | ACCEPT_NOTHING | ACCEPT_EMPTY};

void problem(struct checker *checker, enum diagnostic_id id, struct mark at, const char *hint, const char *format, ...)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    va_list arguments;

    va_start(arguments, format);
    const char *message = arena_vprintf(diagnostics->arena, format, arguments);
    va_end(arguments);
    diagnose(diagnostics, checker->only == DIAG_MAX ? id : checker->only, at, hint, "%s", message);
}

static bool enough(const struct checker *checker)
{
    return checker->diagnostics->errors >= checker->error_limit;
}

static unsigned node_accept(const struct yaml_node *node)
{
    static const unsigned accepts[] = {
        [YAML_NODE_SCALAR] = ACCEPT_TEXT,
        [YAML_NODE_SEQUENCE] = ACCEPT_LIST,
        [YAML_NODE_MAPPING] = ACCEPT_MAPPING,
    };
    return yaml_is_null(node) ? ACCEPT_NOTHING : accepts[node->kind];
}

const char *place_label(const struct checker *checker, const struct place *place)
{
    if (!place->key)
        return checker->whole;
    return arena_printf(checker->diagnostics->arena, "%s%s%s%s", place->item ? "an item of " : "", checker->quote,
                        place->key->value, checker->quote);
}

/* "text, a list or a mapping" */
static const char *accept_text(struct arena *arena, unsigned accepts, const char *text_words)
{
    const char *text = NULL;

    for (size_t i = ARRAY_SIZE(accept_words); i-- > 0;) {
        const char *words = accept_words[i].words;

        if (!(accepts & accept_words[i].accept))
            continue;
        if (accept_words[i].accept == ACCEPT_TEXT && text_words)
            words = text_words;
        text = !text ? words : arena_printf(arena, strstr(text, " or ") ? "%s, %s" : "%s or %s", words, text);
    }
    return text;
}

/* Where a value is missing. */
static struct mark missing_mark(const struct place *place)
{
    return place->key && !place->item ? place->key->at : place->node->at;
}

static void wrong_type(struct checker *checker, const struct shape *shape, const struct place *place, unsigned accept)
{
    struct arena *arena = checker->diagnostics->arena;
    const char *words = shape->words ? shape->words : accept_text(arena, shape->accepts, shape->text);

    if (accept == ACCEPT_NOTHING)
        problem(checker, DIAG_EMPTY, missing_mark(place), arena_printf(arena, "it should be %s", words),
                "%s has nothing in it", place_label(checker, place));
    else
        problem(checker, DIAG_WRONG_TYPE, place->node->at, NULL, "%s should be %s, not %s", place_label(checker, place),
                words, accept_text(arena, accept, NULL));
}

const struct key *key_find(const struct key *keys, const char *name)
{
    for (const struct key *key = keys; key && key->name; key++)
        if (strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

bool key_misspelt(const struct yaml_node *mapping, const struct key *keys, const char *name)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const char *key = mapping->keys[i]->value;

        if (!key_find(keys, key) && text_nearest(key, &name, 1))
            return true;
    }
    return false;
}

const char *known_names(struct diagnostics *diagnostics, const char *name, const struct vec *names)
{
    AUTO(buf_free) struct buf text = BUF_INIT;
    const char *hint = diagnose_nearest(diagnostics, name, (const char *const *)names->items, names->count);

    if (hint || names->count == 0)
        return hint;
    for (size_t i = 0; i < names->count; i++)
        buf_printf(&text, i > 0 ? ", %s" : "known here: %s", (const char *)names->items[i]);
    return arena_strdup(diagnostics->arena, buf_text(&text));
}

static void unknown_key(struct checker *checker, const struct key *keys, const struct yaml_node *key)
{
    struct vec names = {0};

    for (const struct key *known = keys; known->name; known++)
        vec_push(checker->diagnostics->arena, &names, known->name);
    problem(checker, DIAG_UNKNOWN_KEY, key->at, known_names(checker->diagnostics, key->value, &names),
            "unknown key '%s'", key->value);
}

/* What an item or the value of another key fills: an object of its own, where its shape says how large that is. */
static void *new_target(struct checker *checker, const struct shape *shape, struct vec *objects)
{
    if (!objects || shape->size == 0)
        return objects;
    void *object = arena_alloc(checker->diagnostics->arena, shape->size);

    vec_push(checker->diagnostics->arena, objects, object);
    return object;
}

static void check_pair(struct checker *checker, const struct shape *shape, const struct yaml_node *key,
                       const struct yaml_node *value, void *target)
{
    const struct key *known = key_find(shape->keys, key->value);
    struct place place = {value, key, false, NULL};

    if (known) {
        place.target = target && known->fills ? (char *)target + known->fills - 1 : NULL;
        check_shape(checker, known->shape, &place);
        return;
    }
    if (!shape->others) {
        unknown_key(checker, shape->keys, key);
        return;
    }
    if (shape->check_key)
        shape->check_key(checker, key);
    place.target = shape->others->size ? new_target(checker, shape->others, target) : NULL;
    check_shape(checker, shape->others, &place);
}

static void check_mapping(struct checker *checker, const struct shape *shape, const struct place *place)
{
    const struct yaml_node *node = place->node;

    if (!shape->keys && !shape->others)
        return;
    for (size_t i = 0; i < node->count && !enough(checker); i++)
        check_pair(checker, shape, node->keys[i], node->items[i], place->target);
    for (const struct key *key = shape->keys; key && key->name; key++) {
        if (!key->required || yaml_get(node, key->name) || key_misspelt(node, shape->keys, key->name))
            continue;
        problem(checker, DIAG_MISSING_KEY, missing_mark(place), NULL, "%s lacks '%s'", place_label(checker, place),
                key->name);
    }
}

static void check_list(struct checker *checker, const struct shape *shape, const struct place *place)
{
    const struct yaml_node *node = place->node;

    for (size_t i = 0; shape->items && i < node->count; i++) {
        /* An object that is written as a list takes its items itself. */
        void *target = shape->size > 0 ? NULL : new_target(checker, shape->items, place->target);

        check_shape(checker, shape->items, &(struct place){node->items[i], place->key, true, target});
    }
}

/* "fail, warn or note" */
static const char *choice_words(struct arena *arena, const char *const *choices, size_t count)
{
    const char *words = choices[count - 1];

    for (size_t i = count - 1; i-- > 0;)
        words = arena_printf(arena, i == count - 2 ? "%s or %s" : "%s, %s", choices[i], words);
    return words;
}

static bool is_choice(struct checker *checker, const struct shape *shape, const struct place *place)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    const char *value = place->node->value;
    size_t count = 0;

    for (; shape->choices && shape->choices[count]; count++)
        if (strcmp(shape->choices[count], value) == 0)
            return true;
    if (!shape->choices)
        return true;
    problem(checker, DIAG_BAD_VALUE, place->node->at, diagnose_nearest(diagnostics, value, shape->choices, count),
            "%s should be %s, not '%s'", place_label(checker, place),
            choice_words(diagnostics->arena, shape->choices, count), value);
    return false;
}

static void check_range(struct checker *checker, const struct shape *shape, const struct place *place)
{
    int64_t number = 0;

    if (text_number(place->node->value, &number) && (number < shape->least || number > shape->most))
        problem(checker, DIAG_BAD_VALUE, place->node->at, NULL, "%s should be from %lld to %lld%s%s, not %s",
                place_label(checker, place), (long long)shape->least, (long long)shape->most, shape->unit ? " " : "",
                shape->unit ? shape->unit : "", place->node->value);
}

/* A text alone is a list of one, where a list may stand too. */
static bool store_text(struct checker *checker, const struct shape *shape, const struct place *place)
{
    const struct yaml_node *node = place->node;
    char scratch[64];

    if (shape->parse)
        return shape->parse(node, place->target ? place->target : scratch);
    if (!place->target || shape->size > 0 || shape->take)
        return true;
    if (strlen(node->value) != node->length)
        return false;
    if (place->item || (shape->accepts & ACCEPT_LIST))
        vec_push(checker->diagnostics->arena, place->target, node->value);
    else
        *(const char **)place->target = node->value;
    return true;
}

static void check_text(struct checker *checker, const struct shape *shape, const struct place *place)
{
    if (!is_choice(checker, shape, place))
        return;
    if (!store_text(checker, shape, place))
        problem(checker, DIAG_WRONG_TYPE, place->node->at, shape->hint, "%s should be %s, not '%s'",
                place_label(checker, place), shape->text ? shape->text : "text", place->node->value);
    else if (shape->most)
        check_range(checker, shape, place);
}

void check_shape(struct checker *checker, const struct shape *shape, const struct place *place)
{
    static void (*const by_kind[])(struct checker *, const struct shape *, const struct place *) = {
        [YAML_NODE_SCALAR] = check_text,
        [YAML_NODE_SEQUENCE] = check_list,
        [YAML_NODE_MAPPING] = check_mapping,
    };
    const struct yaml_node *node = place->node;
    unsigned accept = node_accept(node);
    size_t errors = checker->diagnostics->errors;

    if (enough(checker))
        return;
    if (!(shape->accepts & accept)) {
        wrong_type(checker, shape, place, accept);
        return;
    }
    if (node->kind != YAML_NODE_SCALAR && node->count == 0 && !(shape->accepts & ACCEPT_EMPTY)) {
        problem(checker, DIAG_EMPTY, node->at, NULL, "%s has nothing in it", place_label(checker, place));
        return;
    }
    if (accept != ACCEPT_NOTHING)
        by_kind[node->kind](checker, shape, place);
    if (accept != ACCEPT_NOTHING && shape->check)
        shape->check(checker, place);
    if (shape->take && place->target && errors == checker->diagnostics->errors)
        shape->take(checker, place);
}

bool keys_read(struct checker *checker, const struct shape *shape, const struct yaml_node *tree, void *object)
{
    size_t errors = checker->diagnostics->errors;

    check_shape(checker, shape, &(struct place){tree, NULL, false, object});
    return checker->diagnostics->errors == errors;
}

bool name_is_valid(struct checker *checker, const struct yaml_node *node)
{
    if (text_is_name(node->value, node->length))
        return true;
    problem(checker, DIAG_BAD_NAME, node->at, "a letter or underscore, then letters, digits, underscores and hyphens",
            "'%s' is not a name", node->value);
    return false;
}

void check_name(struct checker *checker, const struct place *place)
{
    if (place->node->kind == YAML_NODE_SCALAR)
        name_is_valid(checker, place->node);
}

void check_key_name(struct checker *checker, const struct yaml_node *key)
{
    name_is_valid(checker, key);
}

bool parse_flag(const struct yaml_node *node, void *target)
{
    return yaml_bool(node, target);
}

bool parse_number(const struct yaml_node *node, void *target)
{
    return text_number(node->value, target);
}
