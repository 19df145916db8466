/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which rows of a fact belong to the current ones. */
#include "base/text.h"
#include "facts/internal.h"

/* Rows may have two parents each; hostile rules could make the ways up to a common ancestor too many to walk. */
enum { SEARCH_LIMIT = 4096, WORTH_AN_INDEX = 16 };

static bool fact_stems_from(const struct fact *fact, const struct fact *ancestor)
{
    for (size_t i = 0; i < fact->stem_count; i++)
        if (fact->stems[i] == ancestor)
            return true;
    return false;
}

static const struct row *search(const struct row *row, const struct fact *fact, unsigned *budget)
{
    if (row == NULL || row->fact == fact)
        return row;
    if (*budget == 0 || row->fact == NULL || !fact_stems_from(row->fact, fact))
        return NULL;
    --*budget;
    const struct row *found = search(row->parents[0], fact, budget);
    return found != NULL || row->parents[0] == row->parents[1] ? found : search(row->parents[1], fact, budget);
}

const struct row *row_ancestor(const struct row *row, const struct fact *fact)
{
    unsigned budget = SEARCH_LIMIT;

    return search(row, fact, &budget);
}

/* A counting sort of the table's rows by the number of their ancestor. */
static struct grouping *grouping_new(struct run *run, const struct table *table, const struct fact *ancestor)
{
    struct grouping *grouping = arena_new_object(run->arena, struct grouping);
    const size_t count = run_fact(run, ancestor)->count;
    const struct row **found = arena_alloc(run->arena, (table->count + 1) * sizeof(const struct row *));

    grouping->ancestor = ancestor;
    grouping->count = count;
    grouping->starts = arena_alloc(run->arena, (count + 2) * sizeof(size_t));
    grouping->rows = arena_alloc(run->arena, (table->count + 1) * sizeof(struct row *));
    size_t *ends = grouping->starts + 1;
    for (size_t i = 0; i < table->count; i++) {
        found[i] = row_ancestor(table->rows[i], ancestor);
        if (found[i] != NULL && found[i]->number < count)
            ends[found[i]->number + 1]++;
    }
    for (size_t i = 1; i <= count; i++)
        ends[i] += ends[i - 1];
    /* Each end moves up from its group's start while the rows are put in; after that starts[N + 1] is N's end. */
    for (size_t i = 0; i < table->count; i++)
        if (found[i] != NULL && found[i]->number < count)
            grouping->rows[ends[found[i]->number]++] = table->rows[i];
    return grouping;
}

static const struct grouping *grouping_of(struct run *run, const struct table *table, const struct fact *ancestor)
{
    struct slot *slot = run_slot(run, table->fact);

    for (struct grouping *grouping = slot->groupings; grouping != NULL; grouping = grouping->next)
        if (grouping->ancestor == ancestor)
            return grouping;
    struct grouping *grouping = grouping_new(run, table, ancestor);
    if (slot->state == SLOT_DONE) {
        grouping->next = slot->groupings;
        slot->groupings = grouping;
    }
    return grouping;
}

/* The nearest row that both the current row and rows of the fact stem from. */
struct common_row {
    bool related;               /* the facts have something in common, even if this row does not */
    const struct row *ancestor; /* NULL: none */
};

static struct common_row common_ancestor(const struct row *row, const struct fact *target)
{
    struct common_row common = {.related = false};
    const struct fact *fact = row->fact;

    for (size_t i = 0; fact != NULL && i <= fact->stem_count; i++) {
        const struct fact *stem = i == 0 ? fact : fact->stems[i - 1];
        if (stem != target && !fact_stems_from(target, stem))
            continue;
        common.related = true;
        common.ancestor = row_ancestor(row, stem);
        if (common.ancestor != NULL)
            break;
    }
    return common;
}

static struct common_row scope_common(const struct scope *scope, const struct fact *target)
{
    struct common_row common = {.related = false};

    for (; scope != NULL && !common.related; scope = scope->outer)
        if (scope->row != NULL)
            common = common_ancestor(scope->row, target);
    return common;
}

size_t scope_rows(struct run *run, const struct scope *scope, const struct fact *fact, struct row *const **ret_rows)
{
    const struct table *table = run_fact(run, fact);
    const struct common_row common = scope_common(scope, fact);

    *ret_rows = table->rows;
    if (!common.related)
        return table->count;
    if (common.ancestor == NULL)
        return 0;
    const size_t number = common.ancestor->number;
    if (common.ancestor->fact == fact) {
        const bool there = number < table->count && table->rows[number] == common.ancestor;
        *ret_rows = there ? table->rows + number : NULL;
        return there;
    }
    const struct grouping *grouping = grouping_of(run, table, common.ancestor->fact);
    if (number >= grouping->count)
        return 0;
    *ret_rows = grouping->rows + grouping->starts[number];
    return grouping->starts[number + 1] - grouping->starts[number];
}

static const struct map *index_of(struct run *run, const struct table *table, const char *column)
{
    struct slot *slot = run_slot(run, table->fact);
    struct value_index *index = slot->indexes;

    while (index != NULL && !text_equal(index->column, column))
        index = index->next;
    if (index != NULL)
        return &index->values;
    index = arena_new_object(run->arena, struct value_index);
    *index = (struct value_index){.column = column, .next = slot->indexes};
    for (size_t i = table->count; i-- > 0;) { /* the first row of a value is put in last */
        const char *value = row_value(table->rows[i], column);
        if (value != NULL)
            map_put(run->arena, &index->values, value, table->rows[i]);
    }
    slot->indexes = index;
    return &index->values;
}

const struct row *scope_row_with(struct run *run, const struct scope *scope, const struct fact *fact,
                                 const char *column, const char *text)
{
    const struct table *table = run_fact(run, fact);
    struct row *const *rows;
    const size_t count = scope_rows(run, scope, fact, &rows);

    if (count == table->count && count >= WORTH_AN_INDEX && run_slot(run, fact)->state == SLOT_DONE)
        return map_get(index_of(run, table, column), text);
    for (size_t i = 0; i < count; i++)
        if (text_equal(row_value(rows[i], column), text))
            return rows[i];
    return NULL;
}

/* Rows that are missing of what a row stems from, or of its own fact, are others than that row. */
static bool is_of_others(const struct unknown *unknown, const struct fact *ancestor)
{
    return unknown->row == NULL && (unknown->fact == ancestor || fact_stems_from(ancestor, unknown->fact));
}

/* Could an unknown part of a fact have stemmed from any row of another one? */
static bool unknown_relates(const struct slot *slot, const struct fact *ancestor)
{
    for (size_t i = 0; i < slot->unknowns.count; i++) {
        const struct unknown *unknown = slot->unknowns.items[i];
        if (is_of_others(unknown, ancestor))
            continue;
        if (unknown->row == NULL || unknown->row->fact == ancestor || unknown->row->fact == NULL ||
            fact_stems_from(unknown->row->fact, ancestor))
            return true;
    }
    return false;
}

static const char *unknown_reason(const struct slot *slot, const struct common_row *common)
{
    for (size_t i = 0; i < slot->unknowns.count; i++) {
        const struct unknown *unknown = slot->unknowns.items[i];
        if (common->ancestor != NULL && is_of_others(unknown, common->ancestor->fact))
            continue;
        if (!common->related || unknown->row == NULL ||
            (common->ancestor != NULL && row_ancestor(unknown->row, common->ancestor->fact) == common->ancestor))
            return unknown->reason;
    }
    return NULL;
}

const char *scope_unknown(struct run *run, const struct scope *scope, const struct fact *fact)
{
    const struct table *table = run_fact(run, fact);
    struct slot *slot = run_slot(run, fact);

    if (slot->unknowns.count == 0)
        return table->verdict == VERDICT_UNKNOWN ? table->reason : NULL;
    const struct common_row common = scope_common(scope, fact);
    const struct fact *ancestor = common.ancestor != NULL ? common.ancestor->fact : NULL;
    /* Asked for each of hundreds of rows, with the same answer for all of them: it is looked for once. */
    if (ancestor != NULL && slot->unrelated != ancestor && !unknown_relates(slot, ancestor))
        slot->unrelated = ancestor;
    return ancestor != NULL && slot->unrelated == ancestor ? NULL : unknown_reason(slot, &common);
}

static bool has_column(const struct fact *fact, const char *column)
{
    for (size_t i = 0; fact != NULL && i < fact->column_count; i++)
        if (text_equal(fact->columns[i], column))
            return true;
    return false;
}

static bool adds_column(const struct fact *fact, const char *column)
{
    for (size_t i = 0; i < fact->with_count; i++)
        if (text_equal(fact->with[i].name, column))
            return true;
    return false;
}

static const char *search_unknown(struct run *run, const struct row *row, const char *column, unsigned *budget)
{
    if (row == NULL || row->fact == NULL || *budget == 0 || !has_column(row->fact, column))
        return NULL;
    --*budget;
    const struct vec *partial = &run_slot(run, row->fact)->partial;
    const bool added = adds_column(row->fact, column);
    for (size_t i = 0; i < partial->count && (added || !has_column(row->fact->loop, column)); i++) {
        const struct unknown *unknown = partial->items[i];
        if (unknown->row == row && (unknown->column == NULL || text_equal(unknown->column, column)))
            return unknown->reason;
    }
    if (added) /* and hides what it would have inherited */
        return NULL;
    const char *reason = search_unknown(run, row->parents[0], column, budget);
    return reason != NULL ? reason : search_unknown(run, row->parents[1], column, budget);
}

const char *column_unknown(struct run *run, const struct row *row, const char *column)
{
    unsigned budget = SEARCH_LIMIT;

    return run->partial == 0 || column == NULL ? NULL : search_unknown(run, row, column, &budget);
}

static bool names_have(const char *const *names, const char *name)
{
    for (; names != NULL && *names != NULL; names++)
        if (text_equal(*names, name))
            return true;
    return false;
}

static bool adds_text(const struct fact *fact)
{
    return fact->extract != NULL || names_have(fact->source->columns, "text") || adds_column(fact, "text");
}

/* A text that only comes from the loop's row is not what a fact that finds paths stands for. */
static bool path_is_its_value(const struct row *row)
{
    while (row != NULL && row->fact != NULL && row->fact->source != NULL && !adds_text(row->fact)) {
        if (!(row->fact->source->flags & SOURCE_FROM_ROWS))
            return names_have(row->fact->source->columns, "path");
        row = row->parents[1];
    }
    return false;
}

const char *row_value(const struct row *row, const char *column)
{
    if (column != NULL)
        return row_get(row, column);
    const char *value = path_is_its_value(row) ? row_get(row, "path") : NULL;
    if (value == NULL)
        value = row_get(row, "text");
    if (value == NULL)
        value = row_get(row, "path");
    return value == NULL ? row_only(row) : value;
}
