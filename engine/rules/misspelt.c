/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A name that an overlay adds, that nothing mentions and that is near one of the rule's own was probably to change
 * that one: without a word the overlay would do nothing.
 */
#include "rules/link.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *section;
    const char *what;
    enum diagnostic_id id;
} sections[] = {
    {"tables", "table", DIAG_UNUSED_TABLE},
    {"paths", "path table", DIAG_UNUSED_TABLE},
    {"facts", "fact", DIAG_UNUSED_FACT},
};

static bool is_word(char character)
{
    return isalnum((unsigned char)character) || character == '_' || character == '-';
}

static bool text_mentions(const char *text, const char *name)
{
    const size_t length = strlen(name);

    for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
        if ((at == text || !is_word(at[-1])) && !is_word(at[length]))
            return true;
    return false;
}

/* Anywhere but as the key that it is. */
static bool tree_mentions(const struct yaml_node *node, const struct yaml_node *name)
{
    if (node->kind == YAML_NODE_SCALAR)
        return node != name && text_mentions(node->value, name->value);
    for (size_t i = 0; i < node->count; i++)
        if ((node->kind == YAML_NODE_MAPPING && tree_mentions(node->keys[i], name)) ||
            tree_mentions(node->items[i], name))
            return true;
    return false;
}

const char *near_part(struct diagnostics *diagnostics, const struct yaml_node *parts, const char *name)
{
    const char **names = arena_alloc(diagnostics->arena, (parts->count + 1) * sizeof(*names));
    size_t count = 0;

    for (size_t i = 0; i < parts->count; i++)
        if (!text_equal(parts->keys[i]->value, name))
            names[count++] = parts->keys[i]->value;
    return diagnose_nearest(diagnostics, name, names, count);
}

static bool is_added(const struct rule *rule, const struct yaml_node *key)
{
    for (size_t i = 0; i < rule->overlays.count; i++)
        if (rule->overlays.items[i] == key->at.source)
            return true;
    return false;
}

static void check_section(const struct rule *rule, size_t section, struct diagnostics *diagnostics)
{
    const struct yaml_node *parts = yaml_get(rule->merged, sections[section].section);

    for (size_t i = 0; parts != NULL && parts->kind == YAML_NODE_MAPPING && i < parts->count; i++) {
        const struct yaml_node *key = parts->keys[i];
        const bool idle = is_added(rule, key) && !tree_mentions(rule->merged, key);
        const char *hint = idle ? near_part(diagnostics, parts, key->value) : NULL;
        if (hint != NULL)
            diagnose(diagnostics, sections[section].id, key->at, hint, "%s '%s' is never used", sections[section].what,
                     key->value);
    }
}

void warn_of_misspelt_parts(const struct rule_set *set, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->rules.entries[i].value;
        for (size_t section = 0; rule->overlays.count > 0 && section < ARRAY_SIZE(sections); section++)
            check_section(rule, section, diagnostics);
    }
}
