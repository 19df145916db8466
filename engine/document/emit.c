/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Emit entries: loops, conditions, places; assign.c does the values. */
#include "document/builder.h"

#include <string.h>

static void emit_entries(struct builder *builder, struct emit_entry *const *entries, size_t count,
                         const struct scope *scope, xmlNode *base);

/* An entry that came to nothing leaves no empty node behind, nor those that were created to hold it. */
static void undo_empty(const struct turn *turn, const struct place *place, size_t first_emission)
{
    const struct emit_entry *entry = turn->entry;
    bool wanted = entry->assignment_count > 0 || entry->child_count > 0;
    xmlNode *node = place->created && wanted ? place->node : NULL;
    while (node && node_is_empty(node)) {
        xmlNode *parent = node == place->created ? NULL : node->parent;
        emissions_gone(turn->builder->document, first_emission, node, EMIT_SKIPPED, "nothing was set in it");
        tree_take(node);
        node = parent;
    }
}

static void emit_inside(struct turn *turn)
{
    const struct emit_entry *entry = turn->entry;
    assign_all(turn);
    emit_entries(turn->builder, entry->children, entry->child_count, turn->scope, turn->node);
}

static void emit_at(struct turn *turn)
{
    struct builder *builder = turn->builder;
    const struct node_path *at = turn->entry->path;
    const struct schema_element *unused;
    struct path_problem problem;
    struct bound_path path;
    const char *reason = NULL;
    if (!path_known(node_model(turn->node), at, &unused, &problem))
        return emission_skip(turn, NULL, NULL, path_problem_text(builder->arena, &problem));
    if (!path_bind(builder, turn->scope, at, &path, wanted_reason(builder, &reason)))
        return emission_skip(turn, NULL, NULL, reason);
    struct emission emission = {.result = EMITTED};
    struct place place = path_place(builder, turn->node, &path, at->count);
    size_t number = builder->document->emissions.count;
    turn->node = place.node;
    emission.node = place.node;
    emission.path = builder->trace ? path_text(builder->arena, &path) : NULL;
    emission_record(turn, &emission);
    emit_inside(turn);
    undo_empty(turn, &place, number);
}

static void take_turn(struct turn *turn)
{
    const char *reason = NULL;
    const char **wanted = wanted_reason(turn->builder, &reason);
    if (condition_eval(turn->builder->run, turn->scope, turn->entry->when, wanted) != VERDICT_YES)
        return emission_skip(turn, NULL, NULL, reason);
    if (turn->entry->path)
        return emit_at(turn);
    struct emission emission = {.result = EMITTED, .node = turn->node};
    emission_record(turn, &emission);
    emit_inside(turn);
}

static void emit_turn(struct turn *turn)
{
    struct builder *builder = turn->builder;
    const struct origin *outer = builder->origin;
    if (builder->trace) {
        struct origin *origin = arena_new_object(builder->arena, struct origin);
        *origin = (struct origin){turn->entry, turn->row ? turn->row : turn->scope ? turn->scope->row : NULL};
        builder->origin = origin;
    }
    take_turn(turn);
    builder->origin = outer;
}

static void emit_loop(struct builder *builder, const struct emit_entry *entry, const struct scope *outer, xmlNode *base)
{
    struct row *const *rows = NULL;
    size_t count = scope_rows(builder->run, outer, entry->loop, &rows);
    for (size_t i = 0; i < count; i++) {
        struct scope scope = {rows[i], outer};
        struct turn turn = {builder, entry, &scope, rows[i], base};
        emit_turn(&turn);
    }
    if (count > 0 || !builder->trace)
        return;
    struct turn none = {builder, entry, outer, NULL, base};
    const char *reason = run_fact(builder->run, entry->loop)->reason;
    emission_skip(&none, NULL, NULL, reason ? reason : arena_printf(builder->arena, "no %s here", entry->loop->name));
}

static void emit_entries(struct builder *builder, struct emit_entry *const *entries, size_t count,
                         const struct scope *scope, xmlNode *base)
{
    for (size_t i = 0; i < count; i++) {
        struct turn turn = {builder, entries[i], scope, NULL, base};
        if (entries[i]->loop)
            emit_loop(builder, entries[i], scope, base);
        else
            emit_turn(&turn);
    }
}

bool rule_is_wanted(const struct rule *rule, const struct document_options *options)
{
    if (!options->drivers || !rule->driver)
        return true;
    for (const char *const *driver = options->drivers; *driver; driver++) {
        if (strcmp(rule->driver, *driver) == 0)
            return true;
    }
    return false;
}

void emit_rule(struct builder *builder, const struct rule *rule)
{
    builder->rule = rule;
    emit_entries(builder, rule->emits, rule->emit_count, NULL, xml_root(builder->document->xml));
    builder->rule = NULL;
}
