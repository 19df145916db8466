/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From drafts to a rule set. */
#include "rules/link.h"
#include "rules/layers.h"

static const char *text_of(const struct yaml_node *tree, const char *key, const char *otherwise)
{
    const struct yaml_node *node = yaml_get(tree, key);

    return node && node->kind == YAML_NODE_SCALAR && !yaml_is_null(node) ? node->value : otherwise;
}

const char *const *list_texts(struct arena *arena, const struct yaml_node *node)
{
    size_t count = node ? list_count(node) : 0;
    const char **texts = node ? arena_alloc(arena, (count + 1) * sizeof(*texts)) : NULL;

    for (size_t i = 0; i < count; i++)
        texts[i] = list_item(node, i)->value;
    return texts;
}

/* The pairs of a mapping under a key; an empty mapping when it is not there. */
static const struct yaml_node *section(const struct rule *rule, const char *key)
{
    static const struct yaml_node empty = {.kind = YAML_NODE_MAPPING};
    const struct yaml_node *node = yaml_get(rule->merged, key);

    return node && node->kind == YAML_NODE_MAPPING ? node : &empty;
}

void link_tables(struct linker *linker, struct rule *rule)
{
    const struct yaml_node *tables = section(rule, "tables");

    for (size_t i = 0; i < tables->count; i++) {
        const struct yaml_node *node = tables->items[i];
        struct lookup *lookup = arena_new_object(linker->arena, struct lookup);

        lookup->name = tables->keys[i]->value;
        lookup->at = pair_mark(tables->keys[i], node);
        for (size_t entry = 0; node->kind == YAML_NODE_MAPPING && entry < node->count; entry++)
            if (node->items[entry]->value)
                map_put(linker->arena, &lookup->entries, node->keys[entry]->value,
                        yaml_is_null(node->items[entry]) ? "" : node->items[entry]->value);
        map_put(linker->arena, &rule->tables, lookup->name, lookup);
    }
}

static void create_paths(struct linker *linker, struct rule *rule)
{
    const struct yaml_node *paths = section(rule, "paths");

    for (size_t i = 0; i < paths->count; i++) {
        struct choice_state *state = arena_new_object(linker->arena, struct choice_state);

        state->node = paths->items[i];
        state->table.name = paths->keys[i]->value;
        state->table.at = pair_mark(paths->keys[i], paths->items[i]);
        state->table.rule = rule;
        map_put(linker->arena, &rule->paths, state->table.name, &state->table);
        vec_push(linker->scratch, &linker->choices, state);
    }
}

static void create_facts(struct linker *linker, struct rule *rule)
{
    const struct yaml_node *facts = section(rule, "facts");

    for (size_t i = 0; i < facts->count; i++) {
        struct fact_state *state = arena_new_object(linker->scratch, struct fact_state);
        struct fact *fact = state->fact = arena_new_object(linker->arena, struct fact);

        state->node = facts->items[i];
        fact->name = facts->keys[i]->value;
        fact->rule = rule;
        fact->at = pair_mark(facts->keys[i], facts->items[i]);
        fact->index = linker->facts.count;
        map_put(linker->arena, &rule->facts, fact->name, fact);
        vec_push(linker->scratch, &linker->facts, state);
    }
}

static void create_kinds(struct linker *linker)
{
    const struct vocabulary *vocabulary = linker->vocabulary;

    for (size_t i = 0; vocabulary->sources[i]; i++)
        map_put(linker->scratch, &linker->sources, vocabulary->sources[i]->name, (void *)(i + 1));
    for (size_t i = 0; vocabulary->extracts[i]; i++)
        map_put(linker->scratch, &linker->extracts, vocabulary->extracts[i]->name, (void *)(i + 1));
}

static void create_rule(struct linker *linker, const struct draft *draft)
{
    struct rule *rule = arena_new_object(linker->arena, struct rule);
    const struct yaml_node *id = yaml_get(draft->tree, "rule");

    rule->id = draft->id;
    rule->title = text_of(draft->tree, "title", draft->id);
    rule->driver = text_of(draft->tree, "driver", NULL);
    rule->document = text_of(draft->tree, "document", DEFAULT_DOCUMENT);
    rule->traces = list_texts(linker->arena, yaml_get(draft->tree, "traces"));
    rule->merged = draft->tree;
    rule->at = id ? id->at : draft->tree->at;
    for (size_t i = 0; i < draft->overlays.count; i++)
        vec_push(linker->arena, &rule->overlays, &((const struct rule_file *)draft->overlays.items[i])->source);
    rule->hidden = draft->hidden;
    rule->muted = draft->muted;
    link_tables(linker, rule);
    create_paths(linker, rule);
    create_facts(linker, rule);
    map_put(linker->arena, rule->muted ? &linker->set->muted : &linker->set->rules, rule->id, rule);
}

static void each_fact(struct linker *linker, void (*step)(struct linker *linker, struct fact_state *state))
{
    for (size_t i = 0; i < linker->facts.count; i++) {
        struct fact_state *state = linker->facts.items[i];

        linker->rule = state->fact->rule;
        step(linker, state);
    }
}

static void link_columns(struct linker *linker, struct fact_state *state)
{
    link_fact_columns(linker, state, 0);
}

static void link_rule(struct linker *linker, struct rule *rule)
{
    linker->rule = rule;
    if (!linker->set->documents || linker->set->with_checks)
        link_checks(linker, yaml_get(rule->merged, "checks"), rule);
    if (!set_has_document(linker->set, rule->document))
        return;
    rule->available = link_condition(linker, yaml_get(rule->merged, "available"), NULL);
    link_emits(linker, yaml_get(rule->merged, "emit"), NULL, &rule->emits, &rule->emit_count);
}

void link_drafts(struct rule_set *set, const struct vec *drafts, struct store *store, struct diagnostics *diagnostics)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct linker linker = {
        .set = set,
        .arena = set->arena,
        .scratch = scratch,
        .vocabulary = set->vocabulary,
        .diagnostics = diagnostics,
        .store = store,
    };

    create_kinds(&linker);
    set->rules = set->muted = (struct map){0};
    for (size_t i = 0; i < drafts->count; i++)
        create_rule(&linker, drafts->items[i]);
    set->fact_count = linker.facts.count;
    each_fact(&linker, link_fact_shape);
    each_fact(&linker, link_columns);
    each_fact(&linker, link_fact_stems);
    link_choices(&linker);
    each_fact(&linker, link_fact_names);
    for (size_t i = 0; i < set->rules.count; i++)
        link_rule(&linker, set->rules.entries[i].value);
    link_fact_order(&linker);
    link_rule_order(&linker);
}
