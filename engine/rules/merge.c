/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Merging overlays into rules.
 *
 * Trees of files are never changed, as merging may be repeated without one of them: what changes is copied first, as
 * deep as it changes. Every node keeps the place where it was written.
 */
#include "rules/merge.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct merger {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct yaml_node *tree; /* of the draft */
    struct vec *hidden;     /* of the draft */
};

/* Notes that a part is replaced, or, with by NULL, dropped at a place. */
static void hide(struct merger *merger, const char *part, const struct yaml_node *was, const struct yaml_node *by,
                 struct mark at)
{
    struct hidden_part *hidden = arena_new_object(merger->arena, struct hidden_part);

    *hidden = (struct hidden_part){.part = part, .was = was, .by = by, .at = at};
    vec_push(merger->arena, merger->hidden, hidden);
}

struct yaml_node *merge_copy(struct arena *arena, const struct yaml_node *node)
{
    struct yaml_node *copy = yaml_new_mapping(arena, node->at);

    for (size_t i = 0; i < node->count; i++)
        yaml_append_pair(arena, copy, node->keys[i], node->items[i]);
    return copy;
}

static size_t find_key(const struct yaml_node *mapping, const char *key)
{
    size_t i = 0;

    while (i < mapping->count && strcmp(mapping->keys[i]->value, key) != 0)
        i++;
    return i;
}

/* Like yaml_put, but the place of a replaced key is that of the new one. within: what the mapping is called, NULL: the
 * rule. */
static void put(struct merger *merger, const char *within, struct yaml_node *mapping, const struct yaml_node *key,
                struct yaml_node *value)
{
    size_t i = find_key(mapping, key->value);

    if (i == mapping->count) {
        yaml_put(merger->arena, mapping, (struct yaml_node *)key, value);
        return;
    }
    hide(merger, within != NULL ? arena_printf(merger->arena, "%s.%s", within, key->value) : key->value,
         mapping->items[i], value, value->at);
    mapping->keys[i] = (struct yaml_node *)key;
    mapping->items[i] = value;
}

/* Puts what has been made of the old value and the overlay's. */
static void put_merged(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    size_t i = find_key(merger->tree, key->value);

    if (i == merger->tree->count)
        yaml_put(merger->arena, merger->tree, (struct yaml_node *)key, value);
    else
        merger->tree->items[i] = value;
}

/* Gives the value that is taken away; NULL: none. */
static const struct yaml_node *remove_key(struct yaml_node *mapping, const char *key)
{
    size_t i = find_key(mapping, key);
    const struct yaml_node *value = i < mapping->count ? mapping->items[i] : NULL;

    if (value == NULL)
        return NULL;
    mapping->count--;
    for (; i < mapping->count; i++) {
        mapping->keys[i] = mapping->keys[i + 1];
        mapping->items[i] = mapping->items[i + 1];
    }
    return value;
}

/* The value of a mapping's key as a mapping of its own that may be changed; NULL when the key is not there. */
static struct yaml_node *own_mapping(struct arena *arena, struct yaml_node *mapping, const char *key)
{
    size_t i = find_key(mapping, key);

    if (i == mapping->count)
        return NULL;
    mapping->items[i] = merge_copy(arena, mapping->items[i]);
    return mapping->items[i];
}

static void merge_replace(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    put(merger, NULL, merger->tree, key, value);
}

/* The draft's section as a mapping that may be changed, made when there is none. */
static struct yaml_node *own_section(struct merger *merger, const struct yaml_node *key, const struct yaml_node *value)
{
    struct yaml_node *section = own_mapping(merger->arena, merger->tree, key->value);

    if (section != NULL)
        return section;
    section = yaml_new_mapping(merger->arena, value->at);
    put_merged(merger, key, section);
    return section;
}

static void merge_facts(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    struct yaml_node *facts = own_section(merger, key, value);

    for (size_t i = 0; i < value->count; i++)
        put(merger, key->value, facts, value->keys[i], value->items[i]);
}

static void merge_tables(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    struct yaml_node *tables = own_section(merger, key, value);

    for (size_t i = 0; i < value->count; i++) {
        struct yaml_node *table = own_mapping(merger->arena, tables, value->keys[i]->value);
        const struct yaml_node *entries = value->items[i];
        const char *name = arena_printf(merger->arena, "%s.%s", key->value, value->keys[i]->value);

        if (table == NULL)
            put(merger, key->value, tables, value->keys[i], value->items[i]);
        for (size_t j = 0; table != NULL && j < entries->count; j++)
            put(merger, name, table, entries->keys[j], entries->items[j]);
    }
}

static void add_candidate(struct arena *arena, struct yaml_node *list, struct yaml_node *candidate)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i]->value, candidate->value) == 0)
            return;
    }
    yaml_append(arena, list, candidate);
}

/* The candidates of both rows, the first row's first; one that is in both stands where the first row has it. */
static struct yaml_node *join_rows(struct arena *arena, struct yaml_node *first, struct yaml_node *second)
{
    struct yaml_node *list = yaml_new_sequence(arena, first->at);
    struct yaml_node *rows[] = {first, second};

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i]->kind == YAML_NODE_SCALAR)
            add_candidate(arena, list, rows[i]);
        for (size_t j = 0; j < rows[i]->count; j++)
            add_candidate(arena, list, rows[i]->items[j]);
    }
    return list;
}

/* New rows go first, as rows that are equally specific are tried in their order. */
static struct yaml_node *join_path_tables(struct arena *arena, const struct yaml_node *earlier,
                                          const struct yaml_node *overlay)
{
    struct yaml_node *table = yaml_new_mapping(arena, earlier->at);

    for (size_t i = 0; i < overlay->count; i++) {
        if (find_key(earlier, overlay->keys[i]->value) == earlier->count)
            yaml_put(arena, table, overlay->keys[i], overlay->items[i]);
    }
    for (size_t i = 0; i < earlier->count; i++) {
        struct yaml_node *added = yaml_get(overlay, earlier->keys[i]->value);
        yaml_put(arena, table, earlier->keys[i],
                 added != NULL ? join_rows(arena, added, earlier->items[i]) : earlier->items[i]);
    }
    return table;
}

static void merge_paths(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    struct yaml_node *paths = own_section(merger, key, value);

    for (size_t i = 0; i < value->count; i++) {
        size_t at = find_key(paths, value->keys[i]->value);

        if (at == paths->count)
            put(merger, key->value, paths, value->keys[i], value->items[i]);
        else
            paths->items[at] = join_path_tables(merger->arena, paths->items[at], value->items[i]);
    }
}

static const char *text_of(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node = yaml_get(mapping, key);

    return node != NULL ? node->value : NULL;
}

/* Does an overlay's check or entry replace an earlier one? Checks without a name are known by their title. */
static bool is_same(const struct yaml_node *earlier, const struct yaml_node *overlay, const char *title)
{
    const char *name = text_of(overlay, "name");

    if (name != NULL)
        return text_equal(text_of(earlier, "name"), name);
    return title != NULL && text_of(overlay, title) != NULL &&
           text_equal(text_of(earlier, title), text_of(overlay, title));
}

static bool is_named(const struct yaml_node *entry, const char *name)
{
    if (text_of(entry, "name") != NULL)
        return strcmp(text_of(entry, "name"), name) == 0;
    return text_of(entry, "title") != NULL && strcmp(text_of(entry, "title"), name) == 0;
}

/* A list where, at any depth of emit, the first entry that is named is replaced, or dropped when with is NULL. */
struct replacement {
    struct arena *arena;
    const char *name;                /* dropped: this name */
    const struct yaml_node *overlay; /* replaced: what is the same as this, by this */
    const char *title;
    const struct yaml_node *was; /* what was replaced or dropped; NULL: nothing yet */
};

static struct yaml_node *replace_in_list(struct replacement *replacement, const struct yaml_node *list);

static struct yaml_node *replace_in_entry(struct replacement *replacement, struct yaml_node *entry)
{
    const struct yaml_node *children = yaml_get(entry, "emit");
    struct yaml_node *changed, *copy;
    size_t at;

    if (children == NULL || replacement->was != NULL)
        return entry;
    changed = replace_in_list(replacement, children);
    if (replacement->was == NULL)
        return entry;
    copy = merge_copy(replacement->arena, entry);
    at = find_key(copy, "emit");
    copy->items[at] = changed;
    if (changed->count == 0)
        remove_key(copy, "emit");
    return copy;
}

static struct yaml_node *replace_in_list(struct replacement *replacement, const struct yaml_node *list)
{
    struct yaml_node *copy = yaml_new_sequence(replacement->arena, list->at);

    for (size_t i = 0; i < list->count; i++) {
        struct yaml_node *entry = list->items[i];
        bool drop = replacement->name != NULL && is_named(entry, replacement->name);
        bool replace = replacement->overlay != NULL && is_same(entry, replacement->overlay, replacement->title);
        bool first = replacement->was == NULL;

        if (first && replace)
            yaml_append(replacement->arena, copy, (struct yaml_node *)replacement->overlay);
        else if (!first || !drop)
            yaml_append(replacement->arena, copy, replace_in_entry(replacement, entry));
        if (first && (drop || replace))
            replacement->was = entry;
    }
    return copy;
}

static void merge_list(struct merger *merger, const struct yaml_node *key, struct yaml_node *value, const char *title)
{
    struct yaml_node *earlier = yaml_get(merger->tree, key->value);
    struct yaml_node *list = yaml_new_sequence(merger->arena, earlier != NULL ? earlier->at : value->at);

    for (size_t i = 0; earlier != NULL && i < earlier->count; i++)
        yaml_append(merger->arena, list, earlier->items[i]);
    for (size_t i = 0; i < value->count; i++) {
        struct replacement replacement = {.arena = merger->arena, .overlay = value->items[i], .title = title};
        struct yaml_node *changed = replace_in_list(&replacement, list);

        if (replacement.was == NULL) {
            yaml_append(merger->arena, list, value->items[i]);
            continue;
        }
        const char *name = text_of(value->items[i], "name");
        hide(merger, arena_printf(merger->arena, "%s.%s", key->value, name ? name : text_of(value->items[i], title)),
             replacement.was, value->items[i], value->items[i]->at);
        list = changed;
    }
    put_merged(merger, key, list);
}

static void merge_checks(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    merge_list(merger, key, value, "title");
}

static void merge_added(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    size_t at = find_key(merger->tree, key->value);

    put_merged(merger, key,
               at == merger->tree->count ? value : join_rows(merger->arena, merger->tree->items[at], value));
}

static void merge_emit(struct merger *merger, const struct yaml_node *key, struct yaml_node *value)
{
    merge_list(merger, key, value, NULL);
}

static const struct yaml_node *drop_section(struct merger *merger, const struct drop_part *part)
{
    return remove_key(merger->tree, part->section->name);
}

/* A named part of a section, or a key of it; what becomes empty goes too, as an empty section would be an error. */
static const struct yaml_node *drop_entry(struct merger *merger, const struct drop_part *part)
{
    struct yaml_node *section = own_mapping(merger->arena, merger->tree, part->section->name);
    const struct yaml_node *was = NULL;
    struct yaml_node *entry;

    if (section == NULL)
        return NULL;
    if (part->key == NULL) {
        was = remove_key(section, part->name);
    } else {
        entry = own_mapping(merger->arena, section, part->name);
        was = entry != NULL ? remove_key(entry, part->key) : NULL;
        if (was != NULL && entry->count == 0)
            remove_key(section, part->name);
    }
    if (section->count == 0)
        drop_section(merger, part);
    return was;
}

static const struct yaml_node *drop_from_list(struct merger *merger, const struct drop_part *part)
{
    struct replacement replacement = {.arena = merger->arena, .name = part->name};
    size_t at = find_key(merger->tree, part->section->name);

    if (at == merger->tree->count)
        return NULL;
    if (part->name == NULL)
        return drop_section(merger, part);
    merger->tree->items[at] = replace_in_list(&replacement, merger->tree->items[at]);
    if (merger->tree->items[at]->count == 0)
        drop_section(merger, part);
    return replacement.was;
}

static const char replaces[] = "replaces it";

const struct section merge_sections[] = {
    {"title", NULL, 0, 0, replaces, merge_replace, NULL},
    {"driver", "driver", 0, 0, replaces, merge_replace, drop_section},
    {"document", NULL, 0, 0, replaces, merge_replace, NULL},
    {"traces", "traces", 0, 0, "adds to it", merge_added, drop_section},
    {"reference", "reference", 0, 0, "adds to it", merge_added, drop_section},
    {"available", "available", 0, 0, replaces, merge_replace, drop_section},
    {"tables", "tables.NAME or tables.NAME.KEY", 1, 2, "adds and replaces single entries of a table", merge_tables,
     drop_entry},
    {"paths", "paths.NAME or paths.NAME.SELECTOR", 1, 2,
     "candidates go before the earlier ones of the same selector, new selectors before the others", merge_paths,
     drop_entry},
    {"facts", "facts.NAME", 1, 1, "adds and replaces whole facts", merge_facts, drop_entry},
    {"checks", "checks or checks.NAME", 0, 1, "adds; one with the name (else the title) of an earlier one replaces it",
     merge_checks, drop_from_list},
    {"emit", "emit or emit.NAME", 0, 1, "adds; one with the name of an earlier one, at any depth, replaces it",
     merge_emit, drop_from_list},
    {NULL, NULL, 0, 0, NULL, NULL, NULL},
};

/* NULL: no such */
static const struct section *section_find(const char *name)
{
    for (size_t i = 0; merge_sections[i].name != NULL; i++) {
        if (strcmp(merge_sections[i].name, name) == 0)
            return &merge_sections[i];
    }
    return NULL;
}

/* The text up to the next dot; *text moves behind it. NULL at the end. The last of most words takes all the rest. */
static const char *next_word(struct arena *arena, const char **text, bool last)
{
    const char *start = *text;
    size_t length = last ? strlen(start) : strcspn(start, ".");

    if (*start == '\0')
        return NULL;
    *text = start[length] == '.' ? start + length + 1 : start + length;
    return arena_strndup(arena, start, length);
}

bool drop_parse(struct arena *arena, const char *text, struct drop_part *ret_part)
{
    struct drop_part part = {.word = ""};
    const char *word = next_word(arena, &text, false);
    unsigned words = 0;

    if (word != NULL) {
        part.word = word;
        part.section = section_find(word);
    }
    if (part.section != NULL && part.section->drop == NULL)
        part.section = NULL;
    if (part.section != NULL && part.section->most > 0)
        part.name = next_word(arena, &text, part.section->most == 1);
    if (part.name != NULL && part.section->most > 1)
        part.key = next_word(arena, &text, true);
    words = (part.name != NULL) + (part.key != NULL);
    *ret_part = part;
    return part.section != NULL && words >= part.section->least && *text == '\0';
}

struct vec drop_sections(struct arena *arena)
{
    struct vec names = {0};

    for (size_t i = 0; merge_sections[i].name != NULL; i++) {
        if (merge_sections[i].drop != NULL)
            vec_push(arena, &names, merge_sections[i].name);
    }
    return names;
}

static const char *nearest_part(struct merger *merger, const struct drop_part *part)
{
    const struct yaml_node *section = yaml_get(merger->tree, part->section->name);
    struct vec names = {0};
    const char *nearest;

    if (part->name == NULL || section == NULL || section->kind != YAML_NODE_MAPPING)
        return NULL;
    for (size_t i = 0; i < section->count; i++)
        vec_push(merger->arena, &names, section->keys[i]->value);
    nearest = text_nearest(part->name, (const char *const *)names.items, names.count);
    return nearest != NULL ? arena_printf(merger->diagnostics->arena, "did you mean '%s.%s'?", part->word, nearest)
                           : NULL;
}

static void drop_one(struct merger *merger, const struct yaml_node *node)
{
    struct drop_part part;

    if (!drop_parse(merger->arena, node->value, &part))
        return;
    const struct yaml_node *was = part.section->drop(merger, &part);
    if (was != NULL)
        hide(merger, node->value, was, NULL, node->at);
    else
        diagnose(merger->diagnostics, DIAG_DROPS_NOTHING, node->at, nearest_part(merger, &part),
                 "there is no '%s' to drop", node->value);
}

void merge_overlay(struct arena *arena, struct draft *draft, const struct yaml_node *overlay,
                   struct diagnostics *diagnostics)
{
    struct merger merger = {arena, diagnostics, draft->tree, &draft->hidden};
    const struct yaml_node *drop = yaml_get(overlay, "drop");

    if (drop != NULL && drop->kind == YAML_NODE_SCALAR)
        drop_one(&merger, drop);
    for (size_t i = 0; drop != NULL && i < drop->count; i++)
        drop_one(&merger, drop->items[i]);
    for (size_t i = 0; i < overlay->count; i++) {
        const struct section *section = section_find(overlay->keys[i]->value);
        if (section != NULL)
            section->merge(&merger, overlay->keys[i], overlay->items[i]);
    }
}
