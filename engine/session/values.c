/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which values rules can give at all: a filter that asks for another one was mistyped. */
#include "session/session.h"

#include "base/text.h"

#include <string.h>

/* Values that were found; open: any other may come, too. */
struct possible_values {
    struct arena *arena;
    struct map found;
    bool open;
    const char *element, *attribute;
};

static void add_template(struct possible_values *values, const struct template *template)
{
    if (template && template->literal)
        map_put(values->arena, &values->found, template->literal, template->literal);
    values->open |= template && !template->literal;
}

static bool is_element(const struct possible_values *values, const struct node_path *path, size_t step)
{
    return step < path->count && text_equal(path->steps[step].name, values->element);
}

static bool is_attribute(const struct possible_values *values, const struct node_path *path)
{
    const struct node_step *last = path->count ? &path->steps[path->count - 1] : NULL;
    return last && last->attribute && text_equal(last->name, values->attribute);
}

/* ELEMENT[@ATTRIBUTE='value'] and [.../ELEMENT/@ATTRIBUTE='value'] */
static void add_predicates(struct possible_values *values, const struct node_path *path)
{
    for (size_t i = 0; path && i < path->count; i++)
        for (size_t j = 0; j < path->steps[i].predicate_count; j++) {
            const struct node_predicate *predicate = &path->steps[i].predicates[j];
            const size_t count = predicate->path->count;
            const bool here = count == 1 && is_element(values, path, i);
            if (is_attribute(values, predicate->path) && (here || is_element(values, predicate->path, count - 2)))
                add_template(values, predicate->value);
        }
}

/* ELEMENT/@ATTRIBUTE: value, and ELEMENT: {ATTRIBUTE: value} */
static void add_assigned(struct possible_values *values, const struct assignment *assignment)
{
    const struct node_path *path = assignment->path;
    const bool attribute = is_attribute(values, path) && is_element(values, path, path->count - 2);
    const bool element = path->count && is_element(values, path, path->count - 1);
    for (size_t i = 0; i < assignment->count; i++) {
        const struct emit_value *value = &assignment->values[i];
        if (attribute)
            add_template(values, value->text);
        for (size_t j = 0; element && j < value->attribute_count; j++)
            if (text_equal(value->attributes[j].name, values->attribute))
                add_template(values, value->attributes[j].value);
    }
}

static void add_entries(struct possible_values *values, struct emit_entry *const *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_predicates(values, entries[i]->path);
        for (size_t j = 0; j < entries[i]->assignment_count; j++) {
            add_predicates(values, entries[i]->assignments[j].path);
            add_assigned(values, &entries[i]->assignments[j]);
        }
        add_entries(values, entries[i]->children, entries[i]->child_count);
    }
}

/* RULE.TABLE */
static void add_table(struct possible_values *values, const struct rule_set *set, const char *name, bool keys)
{
    const char *dot = strchr(name, '.');
    const struct rule *rule = dot ? rule_set_find(set, arena_strndup(values->arena, name, (size_t)(dot - name))) : NULL;
    const struct lookup *table = rule ? map_get(&rule->tables, dot + 1) : NULL;
    values->open |= !table;
    for (size_t i = 0; table && i < table->entries.count; i++) {
        const struct map_entry *entry = &table->entries.entries[i];
        map_put(values->arena, &values->found, keys ? entry->key : entry->value, entry->value);
    }
}

bool session_values(struct arena *arena, const struct rule_set *set, const char *document, const char *where,
                    struct vec *ret_values)
{
    struct possible_values values = {.arena = arena};
    const char *slash = strstr(where, "/@");
    if (text_starts(where, "keys ") || text_starts(where, "values "))
        add_table(&values, set, strchr(where, ' ') + 1, text_starts(where, "keys "));
    else if (slash) {
        values.element = arena_strndup(arena, where, (size_t)(slash - where));
        values.attribute = slash + 2;
        for (size_t i = 0; i < set->rules.count; i++) {
            const struct rule *rule = set->rules.entries[i].value;
            if (text_equal(rule->document, document))
                add_entries(&values, rule->emits, rule->emit_count);
        }
    } else
        values.open = true;
    for (size_t i = 0; i < values.found.count; i++)
        vec_push(arena, ret_values, values.found.entries[i].key);
    texts_sort(ret_values);
    return !values.open;
}
