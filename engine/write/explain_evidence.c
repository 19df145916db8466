/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a turn of an entry rests on: the rows that its condition and those of its row found, where they were found in a
 * file. */
#include "base/text.h"
#include "write/explain.h"

enum { EVIDENCE_LIMIT = 64 /* rows that are looked at */, SHOWN_LIMIT = 12 };

struct evidence {
    const struct explanation *explanation;
    struct vec seen; /* of struct row */
    size_t shown;
};

static bool is_new(struct evidence *evidence, const struct row *row)
{
    if (!row || !row->fact || evidence->seen.count >= EVIDENCE_LIMIT)
        return false;
    for (size_t i = 0; i < evidence->seen.count; i++)
        if (evidence->seen.items[i] == row)
            return false;
    vec_push(run_arena(evidence->explanation->run), &evidence->seen, row);
    return true;
}

/* The row that was read in a file, and only what was read there: other facts may have handed it on. */
static void write_source(struct evidence *evidence, const struct row *row)
{
    const struct explanation *explanation = evidence->explanation;
    while (row->parents[1] && row->parents[1]->path)
        row = row->parents[1];
    if (!row->path || evidence->shown++ >= SHOWN_LIMIT)
        return;
    struct row own = *row;
    own.inherited = NULL;
    buf_printf(explanation->out, "    because  fact %s.%s: ", row->fact->rule->id, row->fact->name);
    explain_row(explanation, &own);
    buf_char(explanation->out, '\n');
}

static void follow_condition(struct evidence *evidence, const struct scope *scope, const struct condition *condition);

/* What the row's fact, and those that it has the row from, asked of it. */
static void follow_row(struct evidence *evidence, const struct row *row)
{
    for (; row && row->fact; row = row->parents[1]) {
        const struct scope scope = {.row = row};
        follow_condition(evidence, &scope, row->fact->where);
    }
}

static void take_row(struct evidence *evidence, const struct row *row)
{
    if (!is_new(evidence, row))
        return;
    write_source(evidence, row);
    follow_row(evidence, row);
}

static const struct row *row_in(struct run *run, const struct scope *scope, const struct condition *condition)
{
    const char *text;
    return template_expand(run, scope, condition->left, &text, NULL) == TEXT_SET
               ? scope_row_with(run, scope, condition->fact, condition->column, text)
               : NULL;
}

/* Of what holds, the rows because of which it does. */
static void follow_condition(struct evidence *evidence, const struct scope *scope, const struct condition *condition)
{
    struct run *run = evidence->explanation->run;
    struct row *const *rows;
    if (condition_eval(run, scope, condition, NULL) != VERDICT_YES || !condition)
        return;
    switch (condition->kind) {
    case CONDITION_FACT:
    case CONDITION_EXISTS:
        scope = condition->kind == CONDITION_FACT ? scope : NULL;
        if (scope_rows(run, scope, condition->fact, &rows) > 0)
            take_row(evidence, rows[0]);
        break;
    case CONDITION_IN:
        take_row(evidence, row_in(run, scope, condition));
        break;
    case CONDITION_ALL:
    case CONDITION_ANY:
        for (size_t i = 0; i < condition->count; i++)
            follow_condition(evidence, scope, condition->items[i]);
        break;
    default:
        break;
    }
}

void explain_evidence(const struct explanation *explanation, const struct emission *emission)
{
    struct evidence evidence = {.explanation = explanation};
    const struct scope scope = {.row = emission->row};
    follow_condition(&evidence, &scope, emission->entry->when);
    follow_row(&evidence, emission->row);
}
