/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One fact: its loop, source, extract, columns and condition, row by row. */
#include "base/text.h"
#include "facts/evaluation.h"

/* What is found in a file is kept under its path and the text that the extract is given. What the rule says without
 * templates, such as a regex, is in the fact's fingerprint. */
static bool file_key(const struct evaluation *evaluation, const struct item *item, struct cache_key *ret_key)
{
    const struct fact *fact = evaluation->fact;

    if (!fact->cache || evaluation->run->cache == NULL || item->path == NULL || item->text != NULL)
        return false;
    const char *words[2] = {item->path, evaluation->probe.extract_arguments[0].text};
    const bool expanded = fact->extract->fields[0].type == FIELD_TEMPLATE;
    return cache_key_make(evaluation->run->cache, fact, words, expanded ? 2 : 1, ret_key);
}

/* Are rows of this kind what a snapshot has in place of the file, and is this one, or does it become one? */
static bool travels(const struct evaluation *evaluation, const struct item *item)
{
    return item->path != NULL && item->text == NULL && (evaluation->fact->extract->flags & EXTRACT_TRAVELS) &&
           root_keeps_rows(evaluation->probe.root);
}

static enum verdict extract_travelling(struct probe *probe, const struct item *item)
{
    const char *digest = extract_digest(probe);
    const size_t before = probe->rows.count;
    enum verdict verdict;

    if (kept_rows_recall(probe, item, digest, &verdict))
        return verdict;
    verdict = probe->fact->extract->eval(probe, item);
    if (verdict != VERDICT_UNKNOWN)
        kept_rows_store(probe, item, digest, before);
    return verdict;
}

static enum verdict extract(struct evaluation *evaluation, const struct item *item)
{
    struct cache *cache = evaluation->run->cache;
    struct probe *probe = &evaluation->probe;
    const size_t before = probe->rows.count;
    struct cache_key key;
    const bool keyed = file_key(evaluation, item, &key);

    if (keyed && cache_recall(cache, &key, probe, item->row))
        return probe->rows.count > before ? VERDICT_YES : VERDICT_NO;
    const enum verdict verdict =
        travels(evaluation, item) ? extract_travelling(probe, item) : evaluation->fact->extract->eval(probe, item);
    if (keyed && verdict != VERDICT_UNKNOWN)
        cache_store(cache, &key, probe, before, item->row);
    return verdict;
}

static void take_item(struct evaluation *evaluation, const struct item *item)
{
    struct probe *probe = &evaluation->probe;
    const struct row *from = evaluation->fact->source->flags & SOURCE_FROM_ROWS ? item->row->parents[1] : NULL;
    const size_t before = probe->rows.count;

    evaluation_adopt(evaluation, item->row, from);
    if (evaluation->fact->extract == NULL) {
        vec_push(probe->arena, &probe->rows, item->row);
        return;
    }
    probe->reason = NULL;
    evaluation_settle(evaluation, extract(evaluation, item), item->row);
    for (size_t i = before; i < probe->rows.count; i++)
        evaluation_adopt(evaluation, probe->rows.items[i], from);
}

/* Reasons are made only when they are needed: for what is unknown, and for the first row that is rejected at the end.
 */
static bool where_holds(struct evaluation *evaluation, const struct row *row, const char **ret_reason)
{
    const struct scope scope = {.row = row};
    const char *reason = NULL;

    switch (condition_eval(evaluation->run, &scope, evaluation->fact->where, ret_reason)) {
    case VERDICT_YES:
        return true;
    case VERDICT_NO:
        evaluation->rejected = evaluation->rejected != NULL ? evaluation->rejected : row;
        return false;
    default:
        condition_eval(evaluation->run, &scope, evaluation->fact->where, &reason);
        evaluation_add_unknown(evaluation, &evaluation->slot->unknowns, row, reason);
        return false;
    }
}

/* With first: and no order to find out, the first row that passes is all that is asked for. */
static bool satisfied(const struct evaluation *evaluation)
{
    const struct fact *fact = evaluation->fact;

    return fact->first && fact->sort_count == 0 && fact->below.root == NULL && evaluation->rows.count > 0;
}

/* Is it told by the rows of other facts themselves which of them pass? Then only those are copied. */
static bool only_sifts(const struct fact *fact)
{
    return (fact->source->flags & (SOURCE_FROM_ROWS | SOURCE_UNKNOWN_ROWS)) == SOURCE_FROM_ROWS && fact->loop == NULL &&
           fact->extract == NULL && !fact->where_of_with;
}

/* The columns of with:. What is not known of them does not become "no" where they are asked for. */
static void add_columns(struct evaluation *evaluation, struct row *row)
{
    const struct scope scope = {.row = row};

    row_reserve(evaluation->run->arena, row, evaluation->fact->with_count);
    for (size_t i = 0; i < evaluation->fact->with_count; i++) {
        const struct named_template *column = &evaluation->fact->with[i];
        const char *text, *reason = NULL;
        const enum text_status status = template_expand(evaluation->run, &scope, column->value, &text, NULL);

        if (status == TEXT_SET)
            row_set(evaluation->run->arena, row, column->name, text);
        else
            row_unset(evaluation->run->arena, row, column->name);
        if (status != TEXT_UNKNOWN)
            continue;
        template_expand(evaluation->run, &scope, column->value, &text, &reason);
        evaluation_add_partial(evaluation, row, column->name, reason);
    }
}

/* What may be a row is complete, for those who ask for it. */
static void complete_unknown(struct evaluation *evaluation, const struct row *from)
{
    const struct vec *unknowns = &evaluation->slot->unknowns;
    struct unknown *unknown = unknowns->items[unknowns->count - 1];
    struct row *row = row_new(evaluation->run->arena, from);

    evaluation_adopt(evaluation, row, from);
    add_columns(evaluation, row);
    unknown->row = row;
}

static void sift_rows(struct evaluation *evaluation, const struct fact *from)
{
    const struct table *table = run_fact(evaluation->run, from);
    struct arena *arena = evaluation->run->arena;

    evaluation_inherit(evaluation, from);
    for (size_t i = 0; i < table->count && !satisfied(evaluation) && evaluation_goes_on(evaluation); i++) {
        const size_t unknowns = evaluation->slot->unknowns.count;
        if (!where_holds(evaluation, table->rows[i], NULL)) {
            if (evaluation->slot->unknowns.count > unknowns)
                complete_unknown(evaluation, table->rows[i]);
            continue;
        }
        if (evaluation_is_full(evaluation))
            return;
        struct row *row = row_new(arena, table->rows[i]);
        evaluation_adopt(evaluation, row, table->rows[i]);
        add_columns(evaluation, row);
        vec_push(arena, &evaluation->rows, row);
    }
}

static void observe(struct evaluation *evaluation, const struct scope *scope)
{
    struct probe *probe = &evaluation->probe;
    const struct source_kind *source = evaluation->fact->source;
    const enum verdict verdict = source->flags & SOURCE_UNKNOWN_ROWS ? evaluation_copy_unknown_rows(evaluation)
                                 : source->flags & SOURCE_FROM_ROWS  ? evaluation_copy_rows(evaluation, scope)
                                                                     : source->eval(probe);
    const char *part = verdict == VERDICT_YES ? probe->reason : NULL;

    evaluation_settle(evaluation, verdict, probe->loop_row);
    for (size_t i = 0; i < probe->items.count && verdict != VERDICT_NO && evaluation_goes_on(evaluation); i++) {
        const struct item *item = probe->items.items[i];
        take_item(evaluation, item);
        if (part != NULL && evaluation->fact->extract == NULL) {
            evaluation_add_partial(evaluation, item->row, NULL, part);
        }
    }
}

static enum text_status expand_fields(struct evaluation *evaluation, const struct scope *scope, const char **ret_reason)
{
    const struct fact *fact = evaluation->fact;
    struct probe *probe = &evaluation->probe;
    const enum text_status status = arguments_expand(evaluation->run, scope, fact->source->fields, fact->source_values,
                                                     &probe->arguments, ret_reason);

    if (status != TEXT_SET || fact->extract == NULL)
        return status;
    return arguments_expand(evaluation->run, scope, fact->extract->fields, fact->extract_values,
                            &probe->extract_arguments, ret_reason);
}

/* The arguments in this scope; false: this row gives nothing, and it is noted why if that is still wanted. */
static bool expand_arguments(struct evaluation *evaluation, const struct scope *scope)
{
    const char **reason = &evaluation->probe.reason;
    const enum text_status status = expand_fields(evaluation, scope, evaluation->nothing == NULL ? reason : NULL);

    if (status == TEXT_SET)
        return true;
    if (status == TEXT_UNKNOWN && *reason == NULL)
        expand_fields(evaluation, scope, reason);
    evaluation_settle(evaluation, status == TEXT_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_NO, evaluation->probe.loop_row);
    return false;
}

/* What a run of a program is kept under: its arguments, and every other text that it is given. */
static bool exec_key(const struct evaluation *evaluation, struct cache_key *ret_key)
{
    const struct fact *fact = evaluation->fact;
    const struct argument *arguments = evaluation->probe.arguments;
    struct arena *arena = evaluation->run->arena;
    struct vec words = {0};

    if (!fact->cache || evaluation->run->cache == NULL || !evaluation->probe.exec_allowed ||
        !text_equal(fact->source->name, "exec") || arguments[0].count == 0)
        return false;
    for (size_t i = 0; i < arguments[0].count; i++)
        vec_push(arena, &words, arguments[0].texts[i]);
    for (size_t i = 1; fact->source->fields[i].key != NULL; i++)
        vec_push(arena, &words, arguments[i].text != NULL ? arguments[i].text : "");
    return cache_key_make(evaluation->run->cache, fact, (const char *const *)words.items, words.count, ret_key);
}

static void recall_or_observe(struct evaluation *evaluation, const struct scope *scope)
{
    struct probe *probe = &evaluation->probe;
    struct cache_key key;
    const bool keyed = exec_key(evaluation, &key);

    if (keyed && cache_recall(evaluation->run->cache, &key, probe, probe->loop_row)) {
        for (size_t i = 0; i < probe->rows.count; i++)
            evaluation_adopt(evaluation, probe->rows.items[i], NULL);
        return;
    }
    const size_t unknowns = evaluation->slot->unknowns.count;
    observe(evaluation, scope);
    /* A program that gave nothing may have failed for a reason that passes. */
    if (keyed && probe->rows.count > 0 && unknowns == evaluation->slot->unknowns.count)
        cache_store(evaluation->run->cache, &key, probe, 0, probe->loop_row);
}

static void keep_rows(struct evaluation *evaluation)
{
    const struct vec *found = &evaluation->probe.rows;

    for (size_t i = 0; i < found->count && !satisfied(evaluation) && evaluation_goes_on(evaluation); i++) {
        add_columns(evaluation, found->items[i]);
        if (where_holds(evaluation, found->items[i], NULL))
            vec_push(evaluation->run->arena, &evaluation->rows, found->items[i]);
    }
}

static void evaluate_row(struct evaluation *evaluation, const struct row *loop_row)
{
    struct probe *probe = &evaluation->probe;
    const struct scope scope = {.row = loop_row};

    probe->loop_row = loop_row;
    probe->limits.rows = FACT_ROWS - evaluation->rows.count;
    probe->items.count = 0;
    probe->rows.count = 0;
    probe->reason = NULL;
    if (only_sifts(evaluation->fact)) {
        for (size_t i = 0; i < evaluation->fact->source_values[0].count && !satisfied(evaluation); i++)
            sift_rows(evaluation, evaluation->fact->source_values[0].facts[i]);
    } else if (expand_arguments(evaluation, loop_row != NULL ? &scope : NULL)) {
        recall_or_observe(evaluation, loop_row != NULL ? &scope : NULL);
        keep_rows(evaluation);
    }
}

static void evaluate_rows(struct evaluation *evaluation)
{
    const struct fact *loop = evaluation->fact->loop;

    if (loop == NULL) {
        evaluate_row(evaluation, NULL);
        return;
    }
    const struct table *table = run_fact(evaluation->run, loop);
    evaluation_inherit(evaluation, loop);
    for (size_t i = 0; i < table->count && !satisfied(evaluation) && evaluation_goes_on(evaluation); i++) {
        if (evaluation_is_full(evaluation))
            return;
        evaluate_row(evaluation, table->rows[i]);
    }
}

static const char *reason_of(struct evaluation *evaluation, enum verdict verdict)
{
    const struct vec *unknowns = &evaluation->slot->unknowns;
    const char *reason = NULL;

    if (unknowns->count > 0)
        return ((const struct unknown *)unknowns->items[0])->reason;
    if (verdict == VERDICT_YES)
        return evaluation->part;
    if (evaluation->rejected != NULL)
        where_holds(evaluation, evaluation->rejected, &reason);
    if (reason == NULL)
        reason = evaluation->nothing;
    return reason != NULL ? reason : "nothing was found";
}

static struct table conclude(struct evaluation *evaluation)
{
    const struct vec *rows = &evaluation->rows;
    struct table table = {.fact = evaluation->fact, .rows = (struct row **)rows->items, .count = rows->count};

    for (size_t i = 0; i < rows->count; i++)
        table.rows[i]->number = i;
    table.verdict = VERDICT_YES;
    if (rows->count == 0)
        table.verdict = evaluation->slot->unknowns.count > 0 ? VERDICT_UNKNOWN : VERDICT_NO;
    table.reason = reason_of(evaluation, table.verdict);
    table.observations = evaluation->probe.observations;
    return table;
}

void fact_eval(struct run *run, const struct fact *fact, struct slot *slot)
{
    struct evaluation evaluation = {.run = run, .fact = fact, .slot = slot};
    const ptrdiff_t before = memory_held();
    struct probe *outer = run->probe;

    evaluation.probe = (struct probe){
        .root = run->root,
        .arena = run->arena,
        .fact = fact,
        .exec_allowed = run->options.exec,
        .timeout = fact->timeout,
        .limits = {.rows = FACT_ROWS, .read = ROOT_READ_LIMIT},
        .held = before,
        .trace = run->options.trace,
        .refusals = run->diagnostics,
        .document = run->document,
        .document_data = run->document_data,
        .programs = &run->programs,
    };
    run->probe = &evaluation.probe;
    if (fact->rule && fact->rule->muted)
        evaluation_note_nothing(&evaluation, fact->rule->muted);
    else
        evaluate_rows(&evaluation);
    if (!rows_modify(run->arena, fact, &evaluation.rows))
        evaluation_give_up(&evaluation, "sorting it would compare more than 1 GiB of text");
    if (fact->below.root != NULL && evaluation.rows.count == 0)
        evaluation_note_nothing(&evaluation, arena_printf(run->arena, "nothing is below '%s'", fact->below.root));
    if (fact->first && evaluation.rows.count > 0) /* one is all that it has, whatever else there may be */
        slot->unknowns.count = 0;
    slot->table = conclude(&evaluation);
    run->probe = outer;
    if (outer != NULL) /* what others took meanwhile is not its own */
        outer->held += memory_held() - before;
}
