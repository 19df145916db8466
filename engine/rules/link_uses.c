/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a linked thing refers to: for cycles, order, fingerprints and lint. */
#include "rules/link.h"

static void use_fact(const struct use_visitor *visitor, const struct fact *fact)
{
    if (fact && visitor->fact)
        visitor->fact(visitor, fact);
}

static void use_name(const struct use_visitor *visitor, const struct part *part)
{
    use_fact(visitor, part->fact);
    if (part->kind == PART_BUILTIN && visitor->builtin)
        visitor->builtin(visitor, part->name);
    if (part->kind == PART_COLUMN && visitor->column)
        visitor->column(visitor, part->name);
}

static void uses_of_filter(const struct use_visitor *visitor, const struct filter_use *filter)
{
    if (filter->table && visitor->lookup)
        visitor->lookup(visitor, filter->table);
    if (filter->operand)
        use_name(visitor, filter->operand);
}

static void uses_of_template(const struct use_visitor *visitor, const struct template *template)
{
    for (size_t i = 0; template && i < template->count; i++) {
        const struct part *part = &template->parts[i];

        use_name(visitor, part);
        for (size_t filter = 0; filter < part->filter_count; filter++)
            uses_of_filter(visitor, &part->filters[filter]);
    }
}

void uses_of_condition(const struct use_visitor *visitor, const struct condition *condition)
{
    if (!condition)
        return;
    use_fact(visitor, condition->fact);
    uses_of_template(visitor, condition->left);
    for (size_t i = 0; i < condition->value_count; i++)
        uses_of_template(visitor, condition->values[i]);
    for (size_t i = 0; i < condition->count; i++)
        uses_of_condition(visitor, condition->items[i]);
}

static void uses_of_fields(const struct use_visitor *visitor, const struct field *fields,
                           const struct field_value *values)
{
    for (size_t i = 0; fields[i].key; i++) {
        const struct field_value *value = &values[i];

        for (size_t item = 0; value->templates && item < value->count; item++)
            uses_of_template(visitor, value->templates[item]);
        for (size_t item = 0; value->facts && item < value->count; item++)
            use_fact(visitor, value->facts[item]);
        for (size_t item = 0; value->rows && item < value->count; item++)
            for (const struct named_template *cell = value->rows[item]; cell->name; cell++)
                uses_of_template(visitor, cell->value);
        if (value->table && visitor->choice)
            visitor->choice(visitor, value->table);
        if (value->sub)
            uses_of_fields(visitor, fields[i].sub, value->sub);
    }
}

void uses_of_fact(const struct use_visitor *visitor, const struct fact *fact)
{
    use_fact(visitor, fact->loop);
    if (fact->source)
        uses_of_fields(visitor, fact->source->fields, fact->source_values);
    if (fact->extract)
        uses_of_fields(visitor, fact->extract->fields, fact->extract_values);
    for (size_t i = 0; i < fact->with_count; i++)
        uses_of_template(visitor, fact->with[i].value);
    uses_of_condition(visitor, fact->where);
}

static void uses_of_choice(const struct use_visitor *visitor, const struct choice_table *table)
{
    for (size_t row = 0; table && row < table->count; row++)
        for (size_t i = 0; i < table->rows[row].count; i++)
            uses_of_template(visitor, table->rows[row].values[i]);
}

void uses_of_choosing(const struct use_visitor *visitor, const struct choice_table *table)
{
    use_fact(visitor, table->releases);
    uses_of_choice(visitor, table);
}

static void uses_of_path(const struct use_visitor *visitor, const struct node_path *path)
{
    for (size_t i = 0; path && i < path->count; i++)
        for (size_t predicate = 0; predicate < path->steps[i].predicate_count; predicate++) {
            uses_of_path(visitor, path->steps[i].predicates[predicate].path);
            uses_of_template(visitor, path->steps[i].predicates[predicate].value);
        }
}

static void uses_of_assignment(const struct use_visitor *visitor, const struct assignment *assignment)
{
    uses_of_path(visitor, assignment->path);
    for (size_t i = 0; i < assignment->count; i++) {
        const struct emit_value *value = &assignment->values[i];

        uses_of_template(visitor, value->text);
        for (size_t attribute = 0; attribute < value->attribute_count; attribute++)
            uses_of_template(visitor, value->attributes[attribute].value);
    }
}

static void uses_of_emit(const struct use_visitor *visitor, const struct emit_entry *entry)
{
    use_fact(visitor, entry->loop);
    if (entry->each)
        uses_of_path(visitor, entry->each);
    uses_of_condition(visitor, entry->when);
    uses_of_path(visitor, entry->path);
    for (size_t i = 0; i < entry->assignment_count; i++)
        uses_of_assignment(visitor, &entry->assignments[i]);
    for (size_t i = 0; i < entry->child_count; i++)
        uses_of_emit(visitor, entry->children[i]);
}

static void uses_of_check(const struct use_visitor *visitor, const struct check *check)
{
    use_fact(visitor, check->loop);
    uses_of_condition(visitor, check->expect);
    uses_of_condition(visitor, check->when);
    uses_of_template(visitor, check->title);
    uses_of_choice(visitor, check->hint);
}

void uses_of_observation(const struct use_visitor *visitor, const struct rule *rule)
{
    for (size_t i = 0; i < rule->facts.count; i++)
        uses_of_fact(visitor, rule->facts.entries[i].value);
    for (size_t i = 0; i < rule->paths.count; i++)
        uses_of_choice(visitor, rule->paths.entries[i].value);
}

void uses_of_emission(const struct use_visitor *visitor, const struct rule *rule)
{
    uses_of_condition(visitor, rule->available);
    for (size_t i = 0; i < rule->emit_count; i++)
        uses_of_emit(visitor, rule->emits[i]);
}

void uses_of_checks(const struct use_visitor *visitor, const struct rule *rule)
{
    for (size_t i = 0; i < rule->check_count; i++)
        uses_of_check(visitor, rule->checks[i]);
}

void uses_of_rule(const struct use_visitor *visitor, const struct rule *rule)
{
    uses_of_observation(visitor, rule);
    uses_of_emission(visitor, rule);
    uses_of_checks(visitor, rule);
}
