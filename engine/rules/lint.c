/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lint finds in a linked rule set. */
#include "base/xml.h"
#include "rules/link.h"

#include <stdlib.h>
#include <string.h>

struct lint {
    const struct rule_set *set;
    struct diagnostics *diagnostics;
    struct arena *scratch;
    bool *facts;       /* used, by index */
    struct vec tables; /* used: of struct lookup and struct choice_table, sorted by address */
};

static void mark_fact(const struct use_visitor *visitor, const struct fact *fact)
{
    ((struct lint *)visitor->data)->facts[fact->index] = true;
}

static void mark_lookup(const struct use_visitor *visitor, const struct lookup *lookup)
{
    struct lint *lint = visitor->data;

    vec_push(lint->scratch, &lint->tables, lookup);
}

static void mark_choice(const struct use_visitor *visitor, const struct choice_table *table)
{
    struct lint *lint = visitor->data;

    vec_push(lint->scratch, &lint->tables, table);
    if (table->releases)
        mark_fact(visitor, table->releases);
}

static int compare_addresses(const void *a, const void *b)
{
    const char *first = *(char *const *)a, *second = *(char *const *)b;

    return (first > second) - (first < second);
}

static void mark_uses(struct lint *lint)
{
    struct use_visitor visitor = {.fact = mark_fact, .lookup = mark_lookup, .choice = mark_choice, .data = lint};

    for (size_t i = 0; i < lint->set->rules.count; i++)
        uses_of_rule(&visitor, lint->set->rules.entries[i].value);
    if (lint->tables.count)
        qsort(lint->tables.items, lint->tables.count, sizeof(void *), compare_addresses);
}

static bool table_is_used(const struct lint *lint, const void *table)
{
    return lint->tables.count &&
           bsearch(&table, lint->tables.items, lint->tables.count, sizeof(void *), compare_addresses);
}

/* What an overlay was to change; in a rule of one file names may be alike. */
static const char *near(const struct lint *lint, const struct rule *rule, const char *section, const char *name)
{
    return rule->overlays.count > 0 ? near_part(lint->diagnostics, yaml_get(rule->merged, section), name) : NULL;
}

static void lint_unused(struct lint *lint, const struct rule *rule)
{
    for (size_t i = 0; i < rule->tables.count; i++) {
        const struct lookup *lookup = rule->tables.entries[i].value;

        if (!table_is_used(lint, lookup) && !table_is_for_engine(lookup))
            diagnose(lint->diagnostics, DIAG_UNUSED_TABLE, lookup->at, near(lint, rule, "tables", lookup->name),
                     "table '%s' is never used", lookup->name);
    }
    for (size_t i = 0; i < rule->paths.count; i++) {
        const struct choice_table *table = rule->paths.entries[i].value;

        if (!table_is_used(lint, table))
            diagnose(lint->diagnostics, DIAG_UNUSED_TABLE, table->at, near(lint, rule, "paths", table->name),
                     "path table '%s' is never used", table->name);
    }
    for (size_t i = 0; i < rule->facts.count; i++) {
        const struct fact *fact = rule->facts.entries[i].value;

        if (!lint->facts[fact->index])
            diagnose(lint->diagnostics, DIAG_UNUSED_FACT, fact->at, near(lint, rule, "facts", fact->name),
                     "fact '%s' is never used", fact->name);
    }
}

static void lint_candidates(struct lint *lint, const struct choice_row *row)
{
    struct map seen = {0};

    for (size_t i = 0; i < row->count; i++) {
        const struct template *value = row->values[i];

        if (map_get(&seen, value->text))
            diagnose(lint->diagnostics, DIAG_UNREACHABLE_CANDIDATE, value->at, NULL,
                     "'%s' stands earlier in this row already", value->text);
        else
            map_put(lint->scratch, &seen, value->text, value);
    }
}

static void lint_pattern(struct lint *lint, const char *pattern, struct mark at)
{
    if (pattern_is_explosive(pattern))
        diagnose(lint->diagnostics, DIAG_NESTED_QUANTIFIER, at, "repeat the group or what is in it, not both",
                 "a quantifier inside a quantified group can take exponential time");
}

static void lint_xpath(struct lint *lint, const struct template *template)
{
    const char *problem = template->literal ? xpath_problem(lint->scratch, template->literal) : NULL;

    if (problem)
        diagnose(lint->diagnostics, DIAG_BAD_XPATH, template->at, NULL, "%s", problem);
}

static void lint_fields(struct lint *lint, const struct field *fields, const struct field_value *values, bool file)
{
    for (size_t i = 0; fields[i].key; i++) {
        if (values[i].sub)
            lint_fields(lint, fields[i].sub, values[i].sub, file);
        if (fields[i].flags & FIELD_XPATH && values[i].given)
            lint_xpath(lint, values[i].templates[0]);
        if (fields[i].type != FIELD_REGEX || !values[i].regex)
            continue;
        lint_pattern(lint, values[i].text, values[i].at);
        if (file && !(fields[i].flags & FIELD_BINARY) && pattern_is_loose(values[i].text))
            diagnose(lint->diagnostics, DIAG_UNANCHORED_REGEX, values[i].at, "write it between \\b and \\b",
                     "'%s' is also found inside longer words", values[i].text);
    }
}

/* Does it compare what default: gives with that word, to find out that there is nothing else? */
static bool asks_for_default(const struct condition *condition)
{
    const struct template *left = condition->left;
    const struct part *part = left && left->count == 1 ? left->parts : NULL;
    const struct filter_use *last = part && part->filter_count > 0 ? &part->filters[part->filter_count - 1] : NULL;
    const char *wanted = condition->value_count == 1 ? condition->values[0]->literal : NULL;

    return condition->kind == CONDITION_EQUAL && last && strcmp(last->kind->name, "default") == 0 && wanted &&
           wanted[0] != '\0' && !strpbrk(wanted, "abcdefghijklmnopqrstuvwxyz0123456789") &&
           strcmp(wanted, last->argument) == 0;
}

/* The operand that is meant: without default:, and a lone name without its braces. */
static const char *without_default(const struct lint *lint, const struct template *left)
{
    const char *end = strstr(left->text, "|default:");
    const int length = end ? (int)(end - left->text) : 0;

    if (left->parts[0].filter_count == 1)
        return arena_printf(lint->scratch, "%.*s", length - 2, left->text + 2);
    return arena_printf(lint->scratch, "'%.*s}'", length, left->text);
}

static void lint_sentinel(struct lint *lint, const struct condition *condition)
{
    if (condition->kind == CONDITION_REGEX && strcmp(condition->values[0]->text, ".") == 0)
        diagnose(lint->diagnostics, DIAG_OLD_SPELLING, condition->at,
                 arena_printf(lint->scratch, "write {set: %s}; the empty text is a value too", condition->left->text),
                 "'~ .' asks whether there is a value");
    else if (asks_for_default(condition))
        diagnose(lint->diagnostics, DIAG_OLD_SPELLING, condition->at,
                 arena_printf(lint->scratch,
                              "write {unset: %s}, or with a word, default:unknown, to mean what is not known too",
                              without_default(lint, condition->left)),
                 "a default that nothing else is asks whether there is a value");
}

static void lint_condition(struct lint *lint, const struct condition *condition)
{
    if (!condition)
        return;
    lint_sentinel(lint, condition);
    if (condition->kind == CONDITION_REGEX && condition->value_count)
        lint_pattern(lint, condition->values[0]->text, condition->values[0]->at);
    for (size_t i = 0; i < condition->count; i++)
        lint_condition(lint, condition->items[i]);
}

static void lint_fact(struct lint *lint, const struct fact *fact)
{
    if (fact->source)
        lint_fields(lint, fact->source->fields, fact->source_values, false);
    if (fact->source && fact->extract)
        lint_fields(lint, fact->extract->fields, fact->extract_values, strcmp(fact->source->name, "file") == 0);
    lint_condition(lint, fact->where);
}

/* Predicates of at: are made to hold, which sets something too. */
static bool entry_sets(const struct emit_entry *entry)
{
    for (size_t i = 0; entry->path && i < entry->path->count; i++)
        if (entry->path->steps[i].predicate_count > 0)
            return true;
    for (size_t i = 0; i < entry->child_count; i++)
        if (entry_sets(entry->children[i]))
            return true;
    return entry->assignment_count > 0;
}

/* The rows as written, when a column's values can come from nowhere else. */
static const struct field_value *constant_rows(const struct fact *fact, const char *column)
{
    const struct field *fields = fact->source ? fact->source->fields : NULL;

    if (!fields || fact->open_columns || fact->loop || fact->extract || fields[0].type != FIELD_ROWS)
        return NULL;
    for (size_t i = 0; i < fact->with_count; i++)
        if (strcmp(fact->with[i].name, column) == 0)
            return NULL;
    return &fact->source_values[0];
}

/* Does some row have a value there that the condition allows? Anything that is not literal might. */
static bool rows_allow(const struct field_value *rows, const char *column, const struct condition *condition)
{
    for (size_t i = 0; i < rows->count; i++)
        for (const struct named_template *cell = rows->rows[i]; cell->name; cell++) {
            if (strcmp(cell->name, column) != 0)
                continue;
            for (size_t value = 0; value < condition->value_count; value++) {
                const char *wanted = condition->values[value]->literal;

                if (!wanted || !cell->value || !cell->value->literal || strcmp(wanted, cell->value->literal) == 0)
                    return true;
            }
        }
    return false;
}

/* A comparison of a constant column of the loop with what it never is. */
static void lint_when(struct lint *lint, const struct fact *loop, const struct condition *condition)
{
    const struct part *part;
    const struct field_value *rows;

    if (condition && condition->kind == CONDITION_ALL)
        for (size_t i = 0; i < condition->count; i++)
            lint_when(lint, loop, condition->items[i]);
    if (!condition || !loop || condition->kind != CONDITION_EQUAL || !condition->left || condition->left->count != 1)
        return;
    part = condition->left->parts;
    if (part->kind != PART_COLUMN || part->filter_count)
        return;
    rows = constant_rows(loop, part->name);
    if (rows && !rows_allow(rows, part->name, condition))
        diagnose(lint->diagnostics, DIAG_NEVER_EMITS, condition->at, NULL,
                 "no row of fact '%s' has this value in column '%s'", loop->name, part->name);
}

static void lint_entry(struct lint *lint, const struct emit_entry *entry)
{
    lint_condition(lint, entry->when);
    lint_when(lint, entry->loop, entry->when);
    if (!entry_sets(entry)) {
        diagnose(lint->diagnostics, DIAG_NEVER_EMITS, entry->at, NULL, "this entry sets nothing");
        return;
    }
    for (size_t i = 0; i < entry->child_count; i++)
        lint_entry(lint, entry->children[i]);
}

static void lint_rule(struct lint *lint, const struct rule *rule)
{
    lint_unused(lint, rule);
    lint_words(lint->set, rule, lint->scratch, lint->diagnostics);
    for (size_t i = 0; i < rule->facts.count; i++)
        lint_fact(lint, rule->facts.entries[i].value);
    for (size_t i = 0; i < rule->paths.count; i++) {
        const struct choice_table *table = rule->paths.entries[i].value;

        for (size_t row = 0; row < table->count; row++)
            lint_candidates(lint, &table->rows[row]);
    }
    for (size_t i = 0; i < rule->emit_count; i++)
        lint_entry(lint, rule->emits[i]);
}

void lint_rules(const struct rule_set *set, struct diagnostics *diagnostics)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct lint lint = {.set = set, .diagnostics = diagnostics, .scratch = scratch};

    lint.facts = arena_alloc(scratch, set->fact_count * sizeof(bool));
    mark_uses(&lint);
    for (size_t i = 0; i < set->rules.count; i++)
        lint_rule(&lint, set->rules.entries[i].value);
}
