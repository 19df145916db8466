/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Emit entries: loops, conditions, places; assign.c does the values. */
#include "base/budget.h"
#include "base/xml.h"
#include "document/builder.h"
#include "schema/private.h"

#include <string.h>

/* What the entries of one rule may take, with the facts that they are the first to ask for. The largest honest hosts
 * stay below a tenth. */
enum { RULE_STEPS = 2 * 1000 * 1000, RULE_COMPARED = 100 * 1000 * 1000, RULE_MIB = 256 };

static void emit_entries(struct builder *builder, struct emit_entry *const *entries, size_t count,
                         const struct scope *scope, xmlNode *base);

static const char *share_taken(const struct work *work)
{
    if (work->steps > RULE_STEPS)
        return "its entries take more than 2,000,000 turns";
    if (work->compared > RULE_COMPARED)
        return "its nodes are more than can be compared with each other";
    if (memory_held() - work->held > (ptrdiff_t)RULE_MIB * 1024 * 1024)
        return "its entries take more than 256 MiB of memory";
    return budget_spent();
}

/* One more step of an entry; false: the rule, or the run, has had its share, which is told once. */
static bool emit_step(struct builder *builder, struct mark at)
{
    struct work *work = &builder->work;
    work->steps++;
    const char *why = work->stopped ? NULL : share_taken(work);
    if (!why)
        return !work->stopped;
    work->stopped = true;
    gap_add_all(builder, why);
    if (why != budget_spent() || budget_tell())
        run_tell_incomplete(builder->run, at, builder->rule ? builder->rule->id : builder->document->name, why);
    return false;
}

/* An entry that came to nothing leaves no empty node behind, nor those that were created to hold it. */
static void undo_empty(const struct turn *turn, const struct node_place *place, size_t first_emission)
{
    const struct emit_entry *entry = turn->entry;
    bool wanted = entry->assignment_count > 0 || entry->child_count > 0;
    xmlNode *node = place->created && wanted ? place->node : NULL;
    while (node && node_is_empty(node)) {
        xmlNode *parent = node == place->created ? NULL : node->parent;
        emissions_gone(turn->builder->document, first_emission, node, EMIT_SKIPPED, "nothing was set in it");
        gap_of_removed(turn->builder, node);
        tree_take(node);
        node = parent;
    }
}

/* What is not known of an entry's place. */
static void skip_unbound(const struct turn *turn, const struct node_path *path, enum text_status status,
                         const char *reason)
{
    struct builder *builder = turn->builder;
    struct bound_path unused;
    emission_skip(turn, NULL, NULL, reason);
    if (status != TEXT_UNKNOWN || gap_is_known(builder, turn->entry))
        return;
    path_bind(builder, turn->scope, path, &unused, &reason);
    gap_add(builder, turn->node, turn->entry, NULL, reason);
}

static void skip_unmet(const struct turn *turn, enum verdict verdict, const char *reason)
{
    struct builder *builder = turn->builder;
    emission_skip(turn, NULL, NULL, reason);
    if (verdict != VERDICT_UNKNOWN || gap_is_known(builder, turn->entry))
        return;
    condition_eval(builder->run, turn->scope, turn->entry->when, &reason);
    gap_add(builder, turn->node, turn->entry, NULL, reason);
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
    const enum text_status status = path_bind(builder, turn->scope, at, &path, wanted_reason(builder, &reason));
    if (status != TEXT_SET)
        return skip_unbound(turn, at, status, reason);
    struct emission emission = {.result = EMITTED};
    struct node_place place = path_place(builder, turn->node, &path, at->count);
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
    const enum verdict verdict = condition_eval(turn->builder->run, turn->scope, turn->entry->when, wanted);
    if (verdict != VERDICT_YES)
        return skip_unmet(turn, verdict, reason);
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
    for (size_t i = 0; i < count && emit_step(builder, entry->at); i++) {
        struct scope scope = {rows[i], outer};
        struct turn turn = {builder, entry, &scope, rows[i], base};
        emit_turn(&turn);
    }
    const char *unknown = scope_unknown(builder->run, outer, entry->loop);
    if (unknown && !gap_is_known(builder, entry))
        gap_add(builder, base, entry, NULL, unknown);
    if (count > 0 || !builder->trace)
        return;
    struct turn none = {builder, entry, outer, NULL, base};
    const char *reason = run_fact(builder->run, entry->loop)->reason;
    emission_skip(&none, NULL, NULL, reason ? reason : arena_printf(builder->arena, "no %s here", entry->loop->name));
}

/* For a node that is there: its attributes are the columns. */
static void emit_for_node(struct builder *builder, const struct emit_entry *entry, const struct scope *outer,
                          xmlNode *node)
{
    struct row *row = row_new(builder->arena, NULL);
    for (const xmlAttr *each = node->properties; each; each = each->next)
        row_set(builder->arena, row, (const char *)each->name, xml_text(builder->arena, (const xmlNode *)each));
    struct scope scope = {row, outer};
    struct turn turn = {builder, entry, &scope, row, node};
    emit_turn(&turn);
}

static void emit_nodes(struct builder *builder, const struct emit_entry *entry, const struct scope *outer,
                       xmlNode *base, const struct bound_step *steps, size_t count)
{
    if (count == 0)
        return emit_for_node(builder, entry, outer, base);
    for (xmlNode *node = element_child(base, steps->step->name), *next; node && emit_step(builder, entry->at);
         node = next) {
        next = element_from(node->next, steps->step->name);
        if (step_holds(node, steps))
            emit_nodes(builder, entry, outer, node, steps + 1, count - 1);
    }
}

static void emit_each(struct builder *builder, const struct emit_entry *entry, const struct scope *outer, xmlNode *base)
{
    const char *reason = NULL;
    struct turn none = {builder, entry, outer, NULL, base};
    struct bound_path path;
    const enum text_status status = path_bind(builder, outer, entry->each, &path, wanted_reason(builder, &reason));
    if (status == TEXT_SET)
        emit_nodes(builder, entry, outer, base, path.steps, entry->each->count);
    else
        skip_unbound(&none, entry->each, status, reason);
}

static void emit_entry(struct builder *builder, const struct emit_entry *entry, const struct scope *scope,
                       xmlNode *base)
{
    struct turn turn = {builder, entry, scope, NULL, base};
    if (entry->each)
        emit_each(builder, entry, scope, base);
    else if (entry->loop)
        emit_loop(builder, entry, scope, base);
    else
        emit_turn(&turn);
}

static void emit_entries(struct builder *builder, struct emit_entry *const *entries, size_t count,
                         const struct scope *scope, xmlNode *base)
{
    for (size_t i = 0; i < count && emit_step(builder, entries[i]->at); i++)
        emit_entry(builder, entries[i], scope, base);
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

bool rule_has_entries(const struct rule *rule, bool each)
{
    for (size_t i = 0; i < rule->emit_count; i++) {
        if (!rule->emits[i]->each == !each)
            return true;
    }
    return false;
}

void rule_gap(struct builder *builder, const struct rule *rule, const char *reason)
{
    for (size_t i = 0; i < rule->emit_count; i++)
        if (!gap_is_known(builder, rule->emits[i]))
            gap_add(builder, xml_root(builder->document->xml), rule->emits[i], NULL, reason);
}

void emit_rule(struct builder *builder, const struct rule *rule, bool each)
{
    builder->rule = rule;
    builder->work = (struct work){.held = memory_held()};
    for (size_t i = 0; i < rule->emit_count; i++) {
        if (!rule->emits[i]->each == !each && emit_step(builder, rule->emits[i]->at))
            emit_entry(builder, rule->emits[i], NULL, xml_root(builder->document->xml));
    }
    builder->rule = NULL;
}
