/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer before its details: yes, no or unknown, why, and the one thing that would change it. */
#include "base/text.h"
#include "write/explain.h"
#include "write/wrap.h"

#include <stdlib.h>
#include <string.h>

/* Paths, titles and reasons come from others: names of files may hold anything. */
void explain_text(struct buf *out, const char *text)
{
    text_add_printable(out, text, strlen(text));
}

enum { LABEL = 14, OUTCOMES = CHECK_UNKNOWN + 1 };

struct explained_answer {
    const struct rule *rule;
    enum verdict verdict;
    const char *reason;                  /* of no and unknown; NULL: a check tells */
    const struct check_result *decisive; /* what to mend first; NULL: nothing, or nobody knows */
    size_t outcomes[OUTCOMES];           /* how often, by enum check_outcome */
};

static const char *const verdict_colours[] = {
    [VERDICT_NO] = "\033[31m", [VERDICT_YES] = "\033[32m", [VERDICT_UNKNOWN] = "\033[33m"};
static const char *const colours_of_verdicts = "yes=green no=red unknown=yellow";

void explain_verdict(const struct explanation *explanation, enum verdict verdict)
{
    if (explanation->options->colour)
        buf_printf(explanation->out, "%s%s\033[0m", verdict_colours[verdict], verdict_name(verdict));
    else
        buf_add(explanation->out, verdict_name(verdict));
}

size_t explain_count(const struct explanation *explanation, const struct rule *rule, enum emission_result result)
{
    size_t count = 0;
    for (size_t i = 0; explanation->document && i < explanation->document->emissions.count; i++) {
        const struct emission *emission = explanation->document->emissions.items[i];
        count += emission->entry && emission->entry->rule == rule && emission->result == result;
    }
    return count;
}

/* ---- why ---- */

/* The fact that a condition failed for; NULL: it asks none by itself. */
static const struct fact *failed_fact(struct run *run, const struct condition *condition)
{
    if (condition && condition->kind == CONDITION_FACT)
        return condition->fact;
    if (!condition || (condition->kind != CONDITION_ALL && condition->kind != CONDITION_ANY))
        return NULL;
    for (size_t i = 0; i < condition->count; i++)
        if (condition_eval(run, NULL, condition->items[i], NULL) != VERDICT_YES)
            return failed_fact(run, condition->items[i]);
    return NULL;
}

/* Facts are made of facts: the one that was the first to find nothing has the reason, the others only pass it on. */
static const struct fact *first_cause(struct run *run, const struct fact *fact)
{
    const enum verdict verdict = run_fact(run, fact)->verdict;
    for (size_t i = 0; i < fact->stem_count; i++)
        if (run_fact(run, fact->stems[i])->verdict == verdict)
            return first_cause(run, fact->stems[i]);
    return fact;
}

/* "REASON (fact NAME)"; NULL: there is none. */
static const char *cause_text(struct run *run, const struct rule *rule, const struct fact *fact)
{
    const struct fact *cause = first_cause(run, fact);
    const char *reason = run_fact(run, cause)->reason;
    const bool own = cause->rule == rule;
    if (!reason)
        return NULL;
    return arena_printf(run_arena(run), "%s (fact %s%s%s)", reason, own ? "" : cause->rule->id, own ? "" : ".",
                        cause->name);
}

static const char *reason_of(struct run *run, const struct rule *rule)
{
    const char *reason = NULL;
    const struct fact *fact = failed_fact(run, rule->available);
    if (fact)
        return cause_text(run, rule, fact);
    condition_eval(run, NULL, rule->available, &reason);
    return reason;
}

/* Why an available rule put nothing into the document: what it would have told of is not there, or nobody knows. */
static void answer_by_silence(const struct explanation *explanation, struct explained_answer *answer)
{
    const struct rule *rule = answer->rule;
    answer->verdict = VERDICT_NO;
    answer->reason = "it found nothing to say";
    for (size_t i = 0; explanation->document && i < explanation->document->emissions.count; i++) {
        const struct emission *emission = explanation->document->emissions.items[i];
        if (!emission->entry || emission->entry->rule != rule || !emission->reason)
            continue;
        const struct fact *loop = emission->entry->loop;
        const bool empty = !emission->row && loop && run_fact(explanation->run, loop)->count == 0;
        answer->reason = empty ? cause_text(explanation->run, rule, loop) : emission->reason;
        if (empty && run_fact(explanation->run, loop)->verdict == VERDICT_UNKNOWN)
            answer->verdict = VERDICT_UNKNOWN;
        return;
    }
}

/* ---- the answer ---- */

static void answer_by_document(const struct explanation *explanation, struct explained_answer *answer)
{
    const struct rule *rule = answer->rule;
    answer->verdict = condition_eval(explanation->run, NULL, rule->available, NULL);
    if (answer->verdict != VERDICT_YES) {
        answer->reason = reason_of(explanation->run, rule);
    } else if (explanation->document && explain_count(explanation, rule, EMITTED) == 0) {
        answer_by_silence(explanation, answer);
    }
}

static void answer_by_checks(struct explained_answer *answer)
{
    const size_t *outcomes = answer->outcomes;
    answer->verdict = outcomes[CHECK_FAILED] + outcomes[CHECK_WARNED] > 0 ? VERDICT_NO
                      : outcomes[CHECK_UNKNOWN] > 0                       ? VERDICT_UNKNOWN
                                                                          : VERDICT_YES;
}

/* A rule of facts for other rules is there where it found something. */
static void answer_by_facts(const struct explanation *explanation, struct explained_answer *answer)
{
    const struct map *facts = &answer->rule->facts;
    size_t found = 0;
    for (size_t i = 0; i < facts->count; i++)
        found += run_fact(explanation->run, facts->entries[i].value)->verdict == VERDICT_YES;
    answer->verdict = found > 0 ? VERDICT_YES : VERDICT_NO;
    answer->reason =
        arena_printf(run_arena(explanation->run), "%zu of its %zu facts found something", found, facts->count);
}

/* The worst result, the first of its kind: checks stand in the order in which one needs the other. */
static const struct check_result *worst_of(const struct vec *results, enum verdict verdict)
{
    static const enum check_outcome ranks[] = {CHECK_FAILED, CHECK_WARNED, CHECK_UNKNOWN, CHECK_NOTED};
    const size_t count = ARRAY_SIZE(ranks) - (verdict == VERDICT_YES); /* where all is well, a note is no matter */
    for (size_t rank = 0; rank < count; rank++)
        for (size_t i = 0; i < results->count; i++) {
            const struct check_result *result = results->items[i];
            if (result->outcome == ranks[rank])
                return result;
        }
    return NULL;
}

/* checked: its checks are of interest here. */
static struct explained_answer answer_of(const struct explanation *explanation, const struct rule *rule, bool checked)
{
    struct explained_answer answer = {.rule = rule};
    const struct vec results = checked ? checks_of_rule(explanation->run, rule) : (struct vec){0};
    for (size_t i = 0; i < results.count; i++)
        answer.outcomes[((const struct check_result *)results.items[i])->outcome]++;
    if (rule->emit_count > 0)
        answer_by_document(explanation, &answer);
    else if (results.count > 0)
        answer_by_checks(&answer);
    else
        answer_by_facts(explanation, &answer);
    answer.decisive = worst_of(&results, answer.verdict);
    return answer;
}

static const char *count_text(const struct explanation *explanation, const struct rule *rule)
{
    const size_t removed = explain_count(explanation, rule, EMIT_REMOVED);
    struct arena *arena = run_arena(explanation->run);
    const char *counts = arena_printf(arena, "%zu emitted, %zu skipped", explain_count(explanation, rule, EMITTED),
                                      explain_count(explanation, rule, EMIT_SKIPPED));
    return removed > 0 ? arena_printf(arena, "%s, %zu removed", counts, removed) : counts;
}

static const char *outcome_text(struct arena *arena, const struct check_result *result)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    for (const char *word = check_outcome_words[result->outcome]; *word; word++)
        buf_char(&out, (char)(*word - 'a' + 'A'));
    return arena_strdup(arena, buf_text(&out));
}

/* ---- of one rule ---- */

static void write_labelled(const struct explanation *explanation, const char *label, const char *text)
{
    struct buf *out = explanation->out;
    AUTO(utf8_leave) struct utf8_locale locale = utf8_enter();
    AUTO(buf_free) struct buf safe = BUF_INIT;
    (void)locale;
    if (!text)
        return;
    explain_text(&safe, text);
    buf_printf(out, "    %s", label);
    buf_pad(out, ' ', LABEL - 4 - strlen(label));
    if (explanation->options->width > 2 * LABEL)
        add_wrapped(out, buf_text(&safe), explanation->options->width - LABEL, LABEL, false);
    else
        buf_add(out, buf_text(&safe));
    buf_char(out, '\n');
}

static void write_rest(const struct explanation *explanation, const struct explained_answer *answer)
{
    const size_t bad =
        answer->outcomes[CHECK_FAILED] + answer->outcomes[CHECK_WARNED] + answer->outcomes[CHECK_UNKNOWN];
    if (bad > 1)
        write_labelled(
            explanation, "more",
            arena_printf(run_arena(explanation->run), "hvprobe checks %s has %zu more", answer->rule->id, bad - 1));
}

void explain_answer(const struct explanation *explanation, const struct rule *rule)
{
    struct arena *arena = run_arena(explanation->run);
    const struct explained_answer answer = answer_of(explanation, rule, true);
    const struct check_result *decisive = answer.decisive;
    buf_add(explanation->out, rule->id);
    if (rule->title) {
        buf_add(explanation->out, " (");
        explain_text(explanation->out, rule->title);
        buf_char(explanation->out, ')');
    }
    buf_add(explanation->out, ": ");
    explain_verdict(explanation, answer.verdict);
    if (answer.verdict == VERDICT_YES && rule->emit_count > 0)
        buf_printf(explanation->out, ", %s", count_text(explanation, rule));
    buf_char(explanation->out, '\n');
    write_labelled(explanation, "because", answer.reason);
    if (decisive) {
        write_labelled(explanation, outcome_text(arena, decisive), decisive->title);
        write_labelled(explanation, decisive->hint ? "to do" : "reason",
                       decisive->hint ? decisive->hint : decisive->reason);
        write_rest(explanation, &answer);
    }
    buf_char(explanation->out, '\n');
}

/* ---- of the host ---- */

static const struct view_column columns[] = {
    {.name = "RULE"},
    {.name = "HERE"},
    {.name = "WHY"},
    {.name = "ADVICE", .path = true},
};

/* What is missing or failed comes first, what cannot be known next, then what is there; 0: it does not matter here. */
static unsigned rank_of(const struct explained_answer *answer)
{
    const size_t *outcomes = answer->outcomes;
    if (outcomes[CHECK_FAILED] > 0)
        return 5;
    if (outcomes[CHECK_WARNED] > 0)
        return 4;
    if (answer->verdict == VERDICT_UNKNOWN || outcomes[CHECK_UNKNOWN] > 0)
        return 3;
    if (answer->verdict == VERDICT_NO && outcomes[CHECK_NOTED] > 0)
        return 2;
    return answer->verdict == VERDICT_YES;
}

static int compare(const void *a, const void *b)
{
    const struct explained_answer *const *first = a, *const *second = b;
    const unsigned ranks[] = {rank_of(*first), rank_of(*second)};
    return ranks[0] != ranks[1] ? (ranks[0] < ranks[1] ? 1 : -1) : strcmp((*first)->rule->id, (*second)->rule->id);
}

static void add_answer(const struct explanation *explanation, const struct explained_answer *answer, struct grid *grid)
{
    struct arena *arena = run_arena(explanation->run);
    const struct check_result *decisive = answer->decisive;
    const char **cells = arena_alloc(arena, ARRAY_SIZE(columns) * sizeof *cells);
    const char *plain = answer->reason;
    if (answer->verdict == VERDICT_YES && answer->rule->emit_count > 0)
        plain = count_text(explanation, answer->rule);
    cells[0] = answer->rule->id;
    cells[1] = verdict_name(answer->verdict);
    cells[2] = decisive ? arena_printf(arena, "%s: %s", outcome_text(arena, decisive), decisive->title) : plain;
    cells[3] = decisive ? decisive->hint ? decisive->hint : decisive->reason : NULL;
    vec_push(arena, &grid->rows, cells);
}

/* Rules that say something by themselves: of the document that is asked for, or by their checks. */
static bool speaks(const struct explanation *explanation, const struct rule *rule)
{
    const struct document *document = explanation->document;
    const bool own = !document || text_equal(rule->document, document->name);
    return own && (rule->emit_count > 0 || checks_concern(explanation->run, rule));
}

static struct vec all_answers(const struct explanation *explanation)
{
    const struct rule_set *set = run_rules(explanation->run);
    struct arena *arena = run_arena(explanation->run);
    struct vec answers = {0};
    for (size_t i = 0; i < set->rules.count; i++) {
        if (!speaks(explanation, set->order[i]))
            continue;
        const struct explained_answer answer =
            answer_of(explanation, set->order[i], checks_concern(explanation->run, set->order[i]));
        vec_push(arena, &answers, arena_memdup(arena, &answer, sizeof answer));
    }
    if (answers.count > 0)
        qsort(answers.items, answers.count, sizeof *answers.items, compare);
    return answers;
}

void explain_host(const struct explanation *explanation)
{
    const struct vec answers = all_answers(explanation);
    struct grid grid = {.columns = columns, .column_count = ARRAY_SIZE(columns), .colours = colours_of_verdicts};
    size_t left = 0;
    for (size_t i = 0; i < answers.count; i++) {
        const bool matters = rank_of(answers.items[i]) > 0 || explanation->options->all;
        left += !matters;
        if (matters)
            add_answer(explanation, answers.items[i], &grid);
    }
    write_table(explanation->out, &grid, explanation->options);
    if (left > 0)
        buf_printf(explanation->out, "%s%zu rules have nothing to say of this host (--all)\n",
                   grid.rows.count > 0 ? "\n" : "", left);
}
