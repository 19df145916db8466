/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which parts of the rules the cases exercise. */
#include "base/text.h"
#include "test/test.h"

/* The candidates that a fact took, one for each of its rows. */
static void take_candidates(struct coverage *coverage, struct run *run, const struct table *table)
{
    for (size_t i = 0; i < table->count && fact_path_table(table->fact); i++) {
        struct candidate taken;
        if (choice_of_row(run, table->rows[i], &taken))
            pointer_set_add(coverage->arena, &coverage->candidates, taken.template);
    }
}

static void take_fact(struct coverage *coverage, struct run *run, const struct fact *fact)
{
    const struct table *table = run_peek(run, fact);
    if (!table || table->verdict != VERDICT_YES)
        return;
    pointer_set_add(coverage->arena, &coverage->facts, fact);
    take_candidates(coverage, run, table);
}

void coverage_take(struct coverage *coverage, struct trial *trial)
{
    const struct map *rules = &run_rules(trial->run)->rules;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        for (size_t j = 0; j < rule->facts.count; j++)
            take_fact(coverage, trial->run, rule->facts.entries[j].value);
    }
    for (size_t i = 0; i < trial->document->emissions.count; i++) {
        const struct emission *emission = trial->document->emissions.items[i];
        const void *what = emission->assignment ? (const void *)emission->assignment : emission->entry;
        if (emission->result == EMITTED)
            pointer_set_add(coverage->arena, &coverage->entries, what);
    }
}

static void merge(struct arena *arena, struct number_map *into, const struct number_map *from)
{
    for (size_t i = 0; i < from->slot_count; i++)
        if (from->slots[i].number)
            pointer_set_add(arena, into, from->slots[i].value);
}

void coverage_merge(struct coverage *into, const struct coverage *from)
{
    merge(into->arena, &into->facts, &from->facts);
    merge(into->arena, &into->candidates, &from->candidates);
    merge(into->arena, &into->held, &from->held);
    merge(into->arena, &into->failed, &from->failed);
    merge(into->arena, &into->entries, &from->entries);
}

/* Counts of one kind, and the lines about those that are missing. */
struct tally {
    size_t seen, all;
};
struct coverage_survey {
    struct buf *out;
    const struct coverage *coverage;
    const struct vec *layers; /* of char: what stands elsewhere does not count */
    struct tally facts, candidates, conditions, entries;
};

static void count(struct coverage_survey *survey, struct tally *tally, bool seen, struct mark at, const char *problem)
{
    if (!layers_have(survey->layers, at.source ? at.source->layer : NULL))
        return;
    tally->all++;
    tally->seen += seen;
    if (!seen && at.source)
        buf_printf(survey->out, "%s:%u:%u: %s\n", at.source->path, at.line, at.column, problem);
}

/* Only what asks something by itself: any, all and not follow from it. */
static void survey_condition(struct coverage_survey *survey, const struct condition *condition)
{
    if (!condition)
        return;
    for (size_t i = 0; i < condition->count; i++)
        survey_condition(survey, condition->items[i]);
    if (condition->count)
        return;
    bool held = pointer_set_has(&survey->coverage->held, condition);
    bool failed = pointer_set_has(&survey->coverage->failed, condition);
    count(survey, &survey->conditions, held && failed, condition->at,
          held     ? "condition fails in no case"
          : failed ? "condition holds in no case"
                   : "condition is asked for in no case");
}

static void survey_entry(struct coverage_survey *survey, const struct emit_entry *entry)
{
    const struct number_map *entries = &survey->coverage->entries;
    survey_condition(survey, entry->when);
    count(survey, &survey->entries, pointer_set_has(entries, entry), entry->at, "entry emits in no case");
    for (size_t i = 0; i < entry->assignment_count; i++)
        count(survey, &survey->entries, pointer_set_has(entries, &entry->assignments[i]),
              entry->assignments[i].path->at, "this is set in no case");
    for (size_t i = 0; i < entry->child_count; i++)
        survey_entry(survey, entry->children[i]);
}

static void survey_table(struct coverage_survey *survey, const struct choice_table *table)
{
    for (size_t row = 0; row < table->count; row++)
        for (size_t i = 0; i < table->rows[row].count; i++) {
            const struct template *candidate = table->rows[row].values[i];
            count(survey, &survey->candidates, pointer_set_has(&survey->coverage->candidates, candidate), candidate->at,
                  "candidate is taken in no case");
        }
}

static void survey_rule(struct coverage_survey *survey, const struct rule *rule)
{
    for (size_t i = 0; i < rule->paths.count; i++)
        survey_table(survey, rule->paths.entries[i].value);
    for (size_t i = 0; i < rule->facts.count; i++) {
        const struct fact *fact = rule->facts.entries[i].value;
        count(survey, &survey->facts, pointer_set_has(&survey->coverage->facts, fact), fact->at,
              "fact is found in no case");
        survey_condition(survey, fact->where);
    }
    survey_condition(survey, rule->available);
    for (size_t i = 0; i < rule->check_count; i++) {
        survey_condition(survey, rule->checks[i]->when);
        survey_condition(survey, rule->checks[i]->expect);
    }
    for (size_t i = 0; i < rule->emit_count; i++)
        survey_entry(survey, rule->emits[i]);
}

void coverage_report(struct buf *out, const struct coverage *coverage, const struct rule_set *rules,
                     const struct vec *layers)
{
    struct coverage_survey survey = {.out = out, .coverage = coverage, .layers = layers};
    for (size_t i = 0; i < rules->rules.count; i++)
        survey_rule(&survey, rules->rules.entries[i].value);
    buf_printf(out,
               "coverage: facts %zu of %zu, candidates %zu of %zu, conditions %zu of %zu (both ways), emit entries %zu "
               "of %zu\n",
               survey.facts.seen, survey.facts.all, survey.candidates.seen, survey.candidates.all,
               survey.conditions.seen, survey.conditions.all, survey.entries.seen, survey.entries.all);
}
