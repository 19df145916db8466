/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documents about path tables: how each resolves on this root, and how they are written for all distributions. */
#include "base/text.h"
#include "document/builder.h"
#include "rules/load.h"

#include <errno.h>
#include <string.h>

/* A candidate as one fact asks for it. */
enum { RULE, TABLE, FOR, SELECTOR, PATH, STATE, ORIGIN, LAYER, NOTE, ATTRIBUTES };
static const char *const attributes[ATTRIBUTES] = {"rule",  "table",  "for",   "selector", "path",
                                                   "state", "origin", "layer", "note"};

struct listing {
    struct builder *builder;
    struct arena *arena;
    struct map seen; /* several facts may ask a table the same thing */
};

static bool is_asked_for(const struct rule *rule, const struct document_options *options)
{
    return rule_is_wanted(rule, options) && (!options->rules || rule_is_named(options->rules, rule->id));
}

static void add_line(struct listing *listing, const char **values, struct mark at)
{
    struct builder *builder = listing->builder;
    values[ORIGIN] = at.source ? arena_printf(listing->arena, "%s:%u", at.source->path, at.line) : NULL;
    values[LAYER] = at.source ? at.source->layer : NULL;
    const char *key = arena_printf(listing->arena, "%s.%s %s %s %s", values[RULE], values[TABLE],
                                   values[FOR] ? values[FOR] : "", values[PATH], values[STATE]);
    if (map_get(&listing->seen, key))
        return;
    map_put(listing->arena, &listing->seen, key, key);
    xmlNode *node = node_create(builder, xml_root(builder->document->xml), "candidate");
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (values[i])
            node_set_attribute(builder, node, attributes[i], values[i]);
}

/* ---- as resolved here ---- */

static const char *state_of(struct listing *listing, const char *path)
{
    struct root_stat status;
    const int error = root_stat(run_root(listing->builder->run), path, true, &status);
    if (error == -ENOENT || error == -ENOTDIR)
        return "missing";
    return error ? "unknown" : "exists";
}

static void add_candidate(struct listing *listing, const struct choice_table *table, const struct row *loop_row,
                          const struct candidate *candidate, bool taken)
{
    struct column *columns;
    const struct mark at = candidate->template->at;
    const char *hidden = rules_hidden_files(listing->arena, run_rules(listing->builder->run), at.source);
    const char *values[ATTRIBUTES] = {
        [RULE] = table->rule->id,
        [TABLE] = table->name,
        [FOR] = loop_row && row_columns(listing->arena, loop_row, &columns) > 0 ? columns[0].value : NULL,
        [SELECTOR] = candidate->row->key,
        [PATH] = candidate->text,
        [STATE] = taken ? "taken" : state_of(listing, candidate->text),
        [NOTE] = hidden ? arena_printf(listing->arena, "hides %s", hidden) : NULL,
    };
    add_line(listing, values, at);
}

/* The path that the fact took for this loop row. */
static const char *taken_path(const struct table *table, const struct row *loop_row)
{
    for (size_t i = 0; i < table->count; i++)
        if (!loop_row || table->rows[i]->parents[0] == loop_row)
            return row_get(table->rows[i], "path");
    return NULL;
}

static void add_candidates(struct listing *listing, const struct fact *fact, const struct row *loop_row)
{
    const struct choice_table *table = fact_path_table(fact);
    const struct scope scope = {loop_row, NULL};
    struct run *run = listing->builder->run;
    struct candidate *candidates = NULL;
    const size_t count = choice_candidates(run, loop_row ? &scope : NULL, table, &candidates);
    const char *taken = taken_path(run_fact(run, fact), loop_row);
    for (size_t i = 0; i < count; i++) {
        const bool is_taken = taken && text_equal(taken, candidates[i].text);
        add_candidate(listing, table, loop_row, &candidates[i], is_taken);
        taken = is_taken ? NULL : taken;
    }
}

static void add_fact(struct listing *listing, const struct fact *fact)
{
    if (!fact_path_table(fact))
        return;
    if (!fact->loop) {
        add_candidates(listing, fact, NULL);
        return;
    }
    const struct table *loop = run_fact(listing->builder->run, fact->loop);
    for (size_t i = 0; i < loop->count; i++)
        add_candidates(listing, fact, loop->rows[i]);
}

/* What is gone is shown as it was written. */
static void add_dropped_row(struct listing *listing, const struct rule *rule, const struct hidden_part *part,
                            const char *table, const char *selector, const struct yaml_node *row)
{
    for (size_t i = 0; i < (row->kind == YAML_NODE_SCALAR ? 1 : row->count); i++) {
        const struct yaml_node *candidate = row->kind == YAML_NODE_SCALAR ? row : row->items[i];
        const char *values[ATTRIBUTES] = {
            [RULE] = rule->id,
            [TABLE] = table,
            [SELECTOR] = selector,
            [PATH] = candidate->value,
            [STATE] = "dropped",
            [NOTE] = arena_printf(listing->arena, "dropped by %s:%u", part->at.source->path, part->at.line),
        };
        add_line(listing, values, candidate->at);
    }
}

/* paths.TABLE, or paths.TABLE.SELECTOR. */
static void add_dropped(struct listing *listing, const struct rule *rule, const struct hidden_part *part)
{
    if (!text_starts(part->part, "paths."))
        return;
    const char *name = part->part + strlen("paths.");
    const char *dot = strchr(name, '.');
    const char *table = dot ? arena_strndup(listing->arena, name, (size_t)(dot - name)) : name;
    if (dot)
        add_dropped_row(listing, rule, part, table, dot + 1, part->was);
    for (size_t i = 0; !dot && i < part->was->count; i++)
        add_dropped_row(listing, rule, part, table, part->was->keys[i]->value, part->was->items[i]);
}

void paths_add(struct builder *builder, const struct document_options *options)
{
    struct listing listing = {.builder = builder, .arena = builder->arena};
    const struct map *rules = &run_rules(builder->run)->rules;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        if (!is_asked_for(rule, options))
            continue;
        for (size_t j = 0; j < rule->facts.count; j++)
            add_fact(&listing, rule->facts.entries[j].value);
        for (size_t j = 0; j < rule->hidden.count; j++)
            add_dropped(&listing, rule, rule->hidden.items[j]);
    }
}

/* ---- as written ---- */

static void add_selector(struct builder *builder, const char *name)
{
    node_set_attribute(builder, node_create(builder, xml_root(builder->document->xml), "selector"), "name", name);
}

/* Of all tables, each once, that for everybody last. */
static void add_selectors(struct builder *builder, const struct vec *tables)
{
    struct map seen = {0};
    struct vec names = {0};
    for (size_t i = 0; i < tables->count; i++) {
        const struct choice_table *table = tables->items[i];
        for (size_t row = 0; row < table->count; row++)
            if (!text_equal(table->rows[row].key, "any"))
                map_put(builder->arena, &seen, table->rows[row].key, table);
    }
    for (size_t i = 0; i < seen.count; i++)
        vec_push(builder->arena, &names, seen.entries[i].key);
    texts_sort_natural(&names);
    for (size_t i = 0; i < names.count; i++)
        add_selector(builder, names.items[i]);
    add_selector(builder, "any");
}

static xmlNode *new_candidate(struct builder *builder, const struct choice_table *table, const char *path)
{
    xmlNode *node = node_create(builder, xml_root(builder->document->xml), "candidate");
    node_set_attribute(builder, node, "rule", table->rule->id);
    node_set_attribute(builder, node, "table", table->name);
    node_set_attribute(builder, node, "path", path);
    return node;
}

/* Its candidates, each with the rows that have it, and as which. */
static void add_table(struct builder *builder, const struct choice_table *table)
{
    struct map nodes = {0}, tried = {0};
    for (size_t row = 0; row < table->count; row++) {
        for (size_t i = 0; i < table->rows[row].count; i++) {
            const char *path = table->rows[row].values[i]->text, *selector = table->rows[row].key;
            const char *key = arena_printf(builder->arena, "%s %s", selector, path);
            if (!map_get(&nodes, path))
                map_put(builder->arena, &nodes, path, new_candidate(builder, table, path));
            if (map_get(&tried, key))
                continue;
            map_put(builder->arena, &tried, key, key);
            xmlNode *node = node_create(builder, map_get(&nodes, path), "tried");
            node_set_attribute(builder, node, "selector", selector);
            node_set_attribute(builder, node, "order", arena_printf(builder->arena, "%zu", i + 1));
        }
    }
}

void path_tables_add(struct builder *builder, const struct document_options *options)
{
    const struct map *rules = &run_rules(builder->run)->rules;
    struct vec tables = {0};
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        for (size_t j = 0; is_asked_for(rule, options) && j < rule->paths.count; j++)
            vec_push(builder->arena, &tables, rule->paths.entries[j].value);
    }
    add_selectors(builder, &tables);
    for (size_t i = 0; i < tables.count; i++)
        add_table(builder, tables.items[i]);
}
