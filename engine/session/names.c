/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is what a caller names known to any rule? Those that are loaded are asked first, then all. */
#include "session/session.h"

#include "base/text.h"
#include "rules/load.h"

#include <string.h>

#define PARAMETER "param."

/* Names of one kind that rules have. */
struct names {
    struct arena *arena;
    struct map seen;
};

static void add_name(struct names *names, const char *name, size_t length)
{
    const char *copy = arena_strndup(names->arena, name, length);
    map_put(names->arena, &names->seen, copy, copy);
}

static void add_drivers(struct names *names, const struct rule *rule)
{
    if (rule->driver)
        add_name(names, rule->driver, strlen(rule->driver));
}

static void add_parameters_of_text(struct names *names, const char *text)
{
    for (; (text = strstr(text, PARAMETER)); text += strlen(PARAMETER)) {
        const char *name = text + strlen(PARAMETER);
        size_t length = 0;
        while (text_is_name(name, length + 1))
            length++;
        if (length)
            add_name(names, name, length);
    }
}

static void add_parameters_of_tree(struct names *names, const struct yaml_node *node)
{
    if (node->kind == YAML_NODE_SCALAR)
        add_parameters_of_text(names, node->value);
    for (size_t i = 0; node->kind != YAML_NODE_SCALAR && i < node->count; i++) {
        if (node->kind == YAML_NODE_MAPPING)
            add_parameters_of_text(names, node->keys[i]->value);
        add_parameters_of_tree(names, node->items[i]);
    }
}

static void add_parameters(struct names *names, const struct rule *rule)
{
    add_parameters_of_tree(names, rule->merged);
}

/* What can be named: how it is called, and how rules are asked for it. */
struct name_kind {
    const char *what;
    void (*add)(struct names *names, const struct rule *rule);
};
static const struct name_kind drivers = {"driver", add_drivers};
static const struct name_kind parameters = {"parameter", add_parameters};

static bool knows(const struct rule_set *set, const struct name_kind *kind, const char *name, struct names *names)
{
    for (size_t i = 0; i < set->rules.count; i++)
        kind->add(names, set->rules.entries[i].value);
    return map_get(&names->seen, name) != NULL;
}

static const char *refuse(struct arena *arena, const struct name_kind *kind, const char *name,
                          const struct names *names)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    struct vec sorted = {0};
    for (size_t i = 0; i < names->seen.count; i++)
        vec_push(arena, &sorted, names->seen.entries[i].key);
    texts_sort(&sorted);
    for (size_t i = 0; i < sorted.count; i++)
        buf_printf(&list, "%s%s", i > 0 ? ", " : "there are ", (const char *)sorted.items[i]);
    return unknown_name(arena, kind->what, name, (const char *const *)sorted.items, sorted.count,
                        sorted.count ? buf_text(&list) : "there are none");
}

const struct rule_set *session_all_rules(const struct session_options *options, struct arena *arena,
                                         const struct rulebook *book)
{
    struct diagnostics ignored = {.arena = arena};
    const struct load_options load = {.layers = session_layers(options, arena), .store = book->store};
    if (!book->set->documents)
        return book->set;
    struct rule_set *all = rules_load(&load, &hvprobe_vocabulary, &ignored);
    arena_defer(arena, (void (*)(void *))rule_set_free, all);
    return all;
}

/* Of a part of the rules others may have the name. */
static const char *check_name(const struct session_options *options, struct arena *arena, const struct rulebook *book,
                              const struct name_kind *kind, const char *name)
{
    struct names names = {.arena = arena}, all_names = {.arena = arena};
    if (knows(book->set, kind, name, &names))
        return NULL;
    const struct rule_set *all = session_all_rules(options, arena, book);
    return knows(all, kind, name, &all_names) ? NULL : refuse(arena, kind, name, &all_names);
}

enum status session_check_names(const struct session_options *options, struct arena *arena, const struct rulebook *book,
                                const char **ret_message)
{
    const char *message = NULL;
    for (const char *const *name = options->drivers; name && *name && !message; name++)
        if ((message = check_name(options, arena, book, &drivers, *name))) {
            const char *masked = session_masked(arena, book->set, "driver", *name);
            message = masked ? masked : message;
        }
    for (const char *const *given = options->parameters; given && *given && !message; given++)
        message = check_name(options, arena, book, &parameters, arena_strndup(arena, *given, strcspn(*given, "=")));
    if (message)
        *ret_message = message;
    return message ? STATUS_USAGE : STATUS_OK;
}

bool layers_have(const struct vec *layers, const char *layer)
{
    for (size_t i = 0; i < layers->count; i++)
        if (text_equal(layers->items[i], layer))
            return true;
    return layers->count == 0;
}
