/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule file refers to: found by walking its tree, kept in the index between runs. */
#include "base/pack.h"
#include "rules/layers.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST_ID = 127 };

/* What a reference is to. */
enum reference_kind {
    REFERENCE_RULE,     /* maybe: a word where the id of a rule may stand */
    REFERENCE_DOCUMENT, /* that a fact reads */
    REFERENCE_KINDS
};

/* What only checks use, or only what is emitted, is not needed where these are not. */
enum reference_group { GROUP_ALWAYS, GROUP_CHECKS, GROUP_EMITTED, GROUPS };

struct reference {
    enum reference_kind kind;
    enum reference_group group;
    const char *name;
};

struct collector {
    struct arena *arena;
    struct vec *references;
    enum reference_group group;
};

static void add(struct collector *collector, enum reference_kind kind, const char *name)
{
    struct reference *reference;

    for (size_t i = 0; i < collector->references->count; i++) {
        reference = collector->references->items[i];
        if (reference->kind == kind && reference->group == collector->group && strcmp(reference->name, name) == 0)
            return;
    }
    reference = arena_new_object(collector->arena, struct reference);
    *reference = (struct reference){kind, collector->group, arena_strdup(collector->arena, name)};
    vec_push(collector->arena, collector->references, reference);
}

static bool is_word(char character)
{
    return isalnum((unsigned char)character) || character == '_' || character == '-';
}

bool mentions_rule(const char *text, size_t length, const char *id)
{
    size_t id_length = strlen(id);

    for (size_t i = 0; i + id_length < length; i++) {
        if (text[i + id_length] == '.' && memcmp(text + i, id, id_length) == 0 && (i == 0 || !is_word(text[i - 1])))
            return true;
    }
    return false;
}

/* A word before a dot may be the id of a rule where names stand: at the start, in ${NAME}, in ${...|filter:NAME}. */
static void collect_scalar(struct collector *collector, const struct yaml_node *scalar)
{
    char word[LONGEST_ID + 1];
    const char *end = scalar->value + scalar->length;

    for (const char *dot = scalar->value; (dot = memchr(dot, '.', (size_t)(end - dot))) != NULL; dot++) {
        const char *start = dot;
        while (start > scalar->value && is_word(start[-1]))
            start--;
        size_t length = (size_t)(dot - start);
        if (length == 0 || length > LONGEST_ID || (start > scalar->value && start[-1] != '{' && start[-1] != ':'))
            continue;
        memcpy(word, start, length);
        word[length] = '\0';
        add(collector, REFERENCE_RULE, word);
    }
}

static void collect(struct collector *collector, const struct yaml_node *node)
{
    if (node->kind == YAML_NODE_SCALAR)
        collect_scalar(collector, node);
    for (size_t i = 0; node->kind != YAML_NODE_SCALAR && i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        if (node->kind == YAML_NODE_MAPPING) {
            collect(collector, node->keys[i]);
            if (strcmp(node->keys[i]->value, "paths") == 0 || strcmp(node->keys[i]->value, "hint") == 0)
                add(collector, REFERENCE_RULE, RELEASES_RULE);
            if (strcmp(node->keys[i]->value, "document") == 0 && item->kind == YAML_NODE_SCALAR)
                add(collector, REFERENCE_DOCUMENT, item->value);
        }
        collect(collector, item);
    }
}

static enum reference_group group_of(const struct yaml_node *tree, const char *section)
{
    if (strcmp(section, "checks") == 0)
        return GROUP_CHECKS;
    if (yaml_get(tree, "rule") != NULL && (strcmp(section, "emit") == 0 || strcmp(section, "available") == 0))
        return GROUP_EMITTED;
    return GROUP_ALWAYS;
}

void references_collect(struct arena *arena, struct layer_file *layer)
{
    const struct yaml_node *tree = layer->file.tree;
    struct collector collector = {.arena = arena, .references = &layer->references};

    for (size_t i = 0; i < tree->count; i++) {
        collector.group = group_of(tree, tree->keys[i]->value);
        collect(&collector, tree->items[i]);
    }
}

void references_pack(struct buf *out, const struct layer_file *layer)
{
    const struct vec *references = &layer->references;

    pack_number(out, references->count);
    for (size_t i = 0; i < references->count; i++) {
        const struct reference *reference = references->items[i];
        pack_number(out, reference->kind);
        pack_number(out, reference->group);
        pack_text(out, reference->name);
    }
}

void references_unpack(struct unpack *unpack, struct arena *arena, struct layer_file *layer)
{
    const size_t count = unpack_count(unpack);
    struct reference *references = arena_alloc(arena, count * sizeof(*references));

    for (size_t i = 0; i < count; i++) {
        references[i].kind = (enum reference_kind)unpack_below(unpack, REFERENCE_KINDS);
        references[i].group = (enum reference_group)unpack_below(unpack, GROUPS);
        references[i].name = unpack_text(unpack);
        if (references[i].name != NULL)
            vec_push(arena, &layer->references, &references[i]);
    }
}

static bool is_needed(const struct wanted *wanted, const struct layer_file *layer, enum reference_group group)
{
    if (group == GROUP_CHECKS)
        return wanted->set->with_checks;
    return group == GROUP_ALWAYS ||
           set_has_document(wanted->set, layer->document != NULL ? layer->document : DEFAULT_DOCUMENT);
}

void references_follow(struct wanted *wanted, const struct layer_file *layer)
{
    const struct vec *references = &layer->references;

    for (size_t i = 0; i < references->count && !wanted->everything; i++) {
        const struct reference *reference = references->items[i];
        if (!is_needed(wanted, layer, reference->group))
            continue;
        if (reference->kind == REFERENCE_DOCUMENT)
            wanted_add_document(wanted, reference->name);
        else if (map_get(&wanted->known, reference->name) != NULL || map_get(&wanted->muted, reference->name) != NULL)
            wanted_add(wanted, &wanted->ids, reference->name);
    }
}
