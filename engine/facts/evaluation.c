/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is noted while a fact is evaluated, and the rows that it has of other facts. */
#include "facts/evaluation.h"

#include "base/number_map.h"
#include "base/text.h"

struct unknown *evaluation_add_unknown(struct evaluation *evaluation, struct vec *list, const struct row *row,
                                       const char *reason)
{
    struct unknown *unknown = arena_new_object(evaluation->run->arena, struct unknown);

    unknown->row = row;
    unknown->fact = evaluation->fact;
    unknown->reason = reason != NULL ? reason : "it could not be looked at";
    vec_push(evaluation->run->arena, list, unknown);
    return unknown;
}

/* The row is there, but this column of it (NULL: each that it lacks) is not known. */
void evaluation_add_partial(struct evaluation *evaluation, const struct row *row, const char *column,
                            const char *reason)
{
    evaluation_add_unknown(evaluation, &evaluation->slot->partial, row, reason)->column = column;
    evaluation->run->partial++;
}

void evaluation_note_nothing(struct evaluation *evaluation, const char *reason)
{
    if (evaluation->nothing == NULL)
        evaluation->nothing = reason;
}

/* What is not known of a fact is not known of those that build on its rows either. */
void evaluation_inherit(struct evaluation *evaluation, const struct fact *fact)
{
    const struct table *table = run_fact(evaluation->run, fact);
    const struct slot *slot = run_slot(evaluation->run, fact);

    for (size_t i = 0; i < slot->unknowns.count; i++)
        vec_push(evaluation->run->arena, &evaluation->slot->unknowns, slot->unknowns.items[i]);
    if (slot->unknowns.count == 0 && table->verdict == VERDICT_UNKNOWN)
        evaluation_add_unknown(evaluation, &evaluation->slot->unknowns, NULL, table->reason);
    if (table->count == 0 && evaluation->nothing == NULL) {
        evaluation->nothing = table->reason == NULL
                                  ? arena_printf(evaluation->run->arena, "no %s", fact->name)
                                  : arena_printf(evaluation->run->arena, "no %s: %s", fact->name, table->reason);
    }
}

/* Files a verdict of a source or extract; row is what would have had the rows that it did not give. */
void evaluation_settle(struct evaluation *evaluation, enum verdict verdict, const struct row *row)
{
    const char *reason = evaluation->probe.reason;

    switch (verdict) {
    case VERDICT_NO:
        evaluation_note_nothing(evaluation, reason);
        break;
    case VERDICT_UNKNOWN:
        evaluation_add_unknown(evaluation, &evaluation->slot->unknowns, row, reason);
        break;
    case VERDICT_YES:
        if (evaluation->part == NULL)
            evaluation->part = reason;
        break;
    }
}

/* One more row to look at; false: no more, and what is missing is unknown. */
bool evaluation_goes_on(struct evaluation *evaluation)
{
    if (probe_step(&evaluation->probe))
        return true;
    if (!evaluation->stopped)
        evaluation_add_unknown(evaluation, &evaluation->slot->unknowns, NULL, evaluation->probe.reason);
    evaluation->stopped = true;
    return false;
}

/* What is missing is unknown. */
void evaluation_give_up(struct evaluation *evaluation, const char *why)
{
    probe_stop(&evaluation->probe, why);
    evaluation_settle(evaluation, VERDICT_UNKNOWN, NULL);
}

bool evaluation_is_full(struct evaluation *evaluation)
{
    const bool full = evaluation->rows.count >= FACT_ROWS;

    if (full)
        evaluation_give_up(evaluation, "it has more than 100,000 rows");
    return full;
}

void evaluation_adopt(struct evaluation *evaluation, struct row *row, const struct row *from)
{
    row->fact = evaluation->fact;
    row->parents[0] = evaluation->probe.loop_row;
    row->parents[1] = from;
}

/* A row of another fact, with the columns of the loop's row where it has none of its own: for an extract to work on, or
 * found as it is. */
static bool copy_row(struct evaluation *evaluation, const struct row *from)
{
    struct probe *probe = &evaluation->probe;

    if (probe->items.count + probe->rows.count >= probe->limits.rows) {
        probe_stop(probe, "it has more than 100,000 rows");
        return false;
    }
    struct row *row = row_new(probe->arena, from);
    for (size_t i = 0; i < evaluation->loop_count; i++) {
        const struct column *column = &evaluation->loop_columns[i];
        if (row_get(from, column->name) == NULL && !row_hides(from, column->name))
            row_set(probe->arena, row, column->name, column->value);
    }
    row->number = 0;
    evaluation_adopt(evaluation, row, from);
    if (evaluation->fact->extract == NULL) {
        vec_push(probe->arena, &probe->rows, row);
        return true;
    }
    struct item *item = arena_new_object(probe->arena, struct item);
    item->row = row;
    vec_push(probe->arena, &probe->items, item);
    return true;
}

enum verdict evaluation_copy_rows(struct evaluation *evaluation, const struct scope *scope)
{
    const struct field_value *from = &evaluation->fact->source_values[0];
    const struct row *loop_row = evaluation->probe.loop_row;
    size_t copied = 0;

    if (loop_row != NULL)
        evaluation->loop_count = row_columns(evaluation->run->arena, loop_row, &evaluation->loop_columns);
    for (size_t i = 0; i < from->count; i++) {
        struct row *const *rows;
        const size_t count = scope_rows(evaluation->run, scope, from->facts[i], &rows);
        if (!evaluation->inherited)
            evaluation_inherit(evaluation, from->facts[i]);
        for (size_t row = 0; row < count; row++)
            if (!evaluation_goes_on(evaluation) || !copy_row(evaluation, rows[row]))
                return VERDICT_UNKNOWN;
        copied += count;
    }
    evaluation->inherited = true;
    return copied > 0 ? VERDICT_YES : VERDICT_NO;
}

/* Each row that a fact may have, once. What nobody knows in which rows to look for stays unknown. */
enum verdict evaluation_copy_unknown_rows(struct evaluation *evaluation)
{
    const struct field_value *from = &evaluation->fact->source_values[0];
    struct probe *probe = &evaluation->probe;
    struct number_map seen = {0};

    for (size_t i = 0; i < from->count; i++) {
        const struct table *table = run_fact(evaluation->run, from->facts[i]);
        const struct vec *unknowns = &run_slot(evaluation->run, from->facts[i])->unknowns;
        if (table->count == 0 && table->verdict == VERDICT_UNKNOWN)
            probe->reason = table->reason;
        for (size_t each = 0; each < unknowns->count && evaluation_goes_on(evaluation); each++) {
            const struct unknown *unknown = unknowns->items[each];
            if (unknown->row == NULL || pointer_set_has(&seen, unknown->row))
                continue;
            pointer_set_add(probe->arena, &seen, unknown->row);
            struct row *row = row_new(probe->arena, unknown->row);
            row_set(probe->arena, row, "why", unknown->reason);
            evaluation_adopt(evaluation, row, NULL);
            vec_push(probe->arena, &probe->rows, row);
        }
    }
    if (probe->rows.count > 0)
        return VERDICT_YES;
    return probe->reason != NULL ? VERDICT_UNKNOWN : VERDICT_NO;
}
