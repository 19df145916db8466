/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walker that checks a tree against shapes. What the shapes are is in grammar.c and grammar_fact.c. */
#include "base/text.h"
#include "rules/grammar.h"

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
    if (place->key == NULL)
        return "a rule file";
    return arena_printf(checker->diagnostics->arena, place->item ? "an item of '%s'" : "'%s'", place->key->value);
}

/* "text, a list or a mapping" */
static const char *accept_text(struct arena *arena, unsigned accepts, const char *text_words)
{
    const char *text = NULL;

    for (size_t i = ARRAY_SIZE(accept_words); i-- > 0;) {
        const char *words = accept_words[i].words;

        if ((accepts & accept_words[i].accept) == 0)
            continue;
        if (accept_words[i].accept == ACCEPT_TEXT && text_words != NULL)
            words = text_words;
        text = text == NULL ? words : arena_printf(arena, strstr(text, " or ") ? "%s, %s" : "%s or %s", words, text);
    }
    return text;
}

static void wrong_type(struct checker *checker, const struct shape *shape, const struct place *place, unsigned accept)
{
    struct diagnostics *diagnostics = checker->diagnostics;

    if (accept == ACCEPT_NOTHING) {
        struct mark at = place->key != NULL && !place->item ? place->key->at : place->node->at;
        const char *hint = arena_printf(diagnostics->arena, "it should be %s",
                                        accept_text(diagnostics->arena, shape->accepts, shape->text));
        diagnose(diagnostics, DIAG_EMPTY, at, hint, "%s has nothing in it", place_label(checker, place));
        return;
    }
    diagnose(diagnostics, DIAG_WRONG_TYPE, place->node->at, NULL, "%s should be %s, not %s",
             place_label(checker, place), accept_text(diagnostics->arena, shape->accepts, shape->text),
             accept_text(diagnostics->arena, accept, NULL));
}

const struct key *key_find(const struct key *keys, const char *name)
{
    for (const struct key *key = keys; key != NULL && key->name != NULL; key++) {
        if (strcmp(key->name, name) == 0)
            return key;
    }
    return NULL;
}

bool key_misspelt(const struct yaml_node *mapping, const struct key *keys, const char *name)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const char *key = mapping->keys[i]->value;
        if (key_find(keys, key) == NULL && text_nearest(key, &name, 1) != NULL)
            return true;
    }
    return false;
}

const char *known_names(struct diagnostics *diagnostics, const char *name, const struct vec *names)
{
    const char *hint = diagnose_nearest(diagnostics, name, (const char *const *)names->items, names->count);

    AUTO(buf_free) struct buf text = BUF_INIT;

    if (hint != NULL || names->count == 0)
        return hint;
    for (size_t i = 0; i < names->count; i++)
        buf_printf(&text, i > 0 ? ", %s" : "known here: %s", (const char *)names->items[i]);
    return arena_strdup(diagnostics->arena, buf_text(&text));
}

static void unknown_key(struct checker *checker, const struct key *keys, const struct yaml_node *key)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    struct vec names = {0};

    for (const struct key *known = keys; known->name != NULL; known++)
        vec_push(diagnostics->arena, &names, known->name);
    diagnose(diagnostics, DIAG_UNKNOWN_KEY, key->at, known_names(diagnostics, key->value, &names), "unknown key '%s'",
             key->value);
}

static void check_pair(struct checker *checker, const struct shape *shape, const struct yaml_node *key,
                       const struct yaml_node *value)
{
    const struct key *known = key_find(shape->keys, key->value);
    const struct place place = {value, key, false};

    if (known != NULL) {
        check_shape(checker, known->shape, &place);
        return;
    }
    if (shape->others == NULL) {
        unknown_key(checker, shape->keys, key);
        return;
    }
    if (shape->check_key != NULL)
        shape->check_key(checker, key);
    check_shape(checker, shape->others, &place);
}

static void check_mapping(struct checker *checker, const struct shape *shape, const struct place *place)
{
    const struct yaml_node *node = place->node;

    if (shape->keys == NULL && shape->others == NULL)
        return;
    for (size_t i = 0; i < node->count && !enough(checker); i++)
        check_pair(checker, shape, node->keys[i], node->items[i]);
    for (const struct key *key = shape->keys; key != NULL && key->name != NULL; key++) {
        if (!key->required || yaml_get(node, key->name) != NULL || key_misspelt(node, shape->keys, key->name))
            continue;
        diagnose(checker->diagnostics, DIAG_MISSING_KEY, place->key != NULL && !place->item ? place->key->at : node->at,
                 NULL, "%s lacks '%s'", place_label(checker, place), key->name);
    }
}

static void check_list(struct checker *checker, const struct shape *shape, const struct place *place)
{
    if (shape->items == NULL)
        return;
    for (size_t i = 0; i < place->node->count; i++)
        check_shape(checker, shape->items, &(struct place){place->node->items[i], place->key, true});
}

static void check_choice(struct checker *checker, const struct shape *shape, const struct place *place)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    const char *words = NULL;
    size_t count = 0;

    for (; shape->choices != NULL && shape->choices[count] != NULL; count++) {
        if (strcmp(shape->choices[count], place->node->value) == 0)
            return;
    }
    for (size_t i = count; i-- > 0;) {
        if (words == NULL)
            words = shape->choices[i];
        else
            words = arena_printf(diagnostics->arena, i == count - 2 ? "%s or %s" : "%s, %s", shape->choices[i], words);
    }
    if (count > 0)
        diagnose(diagnostics, DIAG_BAD_VALUE, place->node->at,
                 diagnose_nearest(diagnostics, place->node->value, shape->choices, count), "%s should be %s, not '%s'",
                 place_label(checker, place), words, place->node->value);
}

void check_shape(struct checker *checker, const struct shape *shape, const struct place *place)
{
    static void (*const by_kind[])(struct checker *, const struct shape *, const struct place *) = {
        [YAML_NODE_SCALAR] = check_choice,
        [YAML_NODE_SEQUENCE] = check_list,
        [YAML_NODE_MAPPING] = check_mapping,
    };
    unsigned accept = node_accept(place->node);

    if (enough(checker))
        return;
    if ((shape->accepts & accept) == 0) {
        wrong_type(checker, shape, place, accept);
        return;
    }
    if (accept == ACCEPT_NOTHING)
        return;
    if (place->node->kind != YAML_NODE_SCALAR && place->node->count == 0) {
        diagnose(checker->diagnostics, DIAG_EMPTY, place->node->at, NULL, "%s has nothing in it",
                 place_label(checker, place));
        return;
    }
    by_kind[place->node->kind](checker, shape, place);
    if (shape->check != NULL)
        shape->check(checker, place);
}
