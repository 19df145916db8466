/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions in three-valued logic. What cannot be looked at is neither so nor not so. */
#include "base/text.h"
#include "facts/internal.h"

#include <string.h>

/* ret_reason NULL: nobody asks, and no reason is made. */
struct condition_question {
    struct run *run;
    const struct scope *scope;
    const struct condition *condition;
    const char **ret_reason;
};

static const enum verdict both[3][3] = {
    [VERDICT_NO] = {VERDICT_NO, VERDICT_NO, VERDICT_NO},
    [VERDICT_YES] = {VERDICT_NO, VERDICT_YES, VERDICT_UNKNOWN},
    [VERDICT_UNKNOWN] = {VERDICT_NO, VERDICT_UNKNOWN, VERDICT_UNKNOWN},
};
static const enum verdict either[3][3] = {
    [VERDICT_NO] = {VERDICT_NO, VERDICT_YES, VERDICT_UNKNOWN},
    [VERDICT_YES] = {VERDICT_YES, VERDICT_YES, VERDICT_YES},
    [VERDICT_UNKNOWN] = {VERDICT_UNKNOWN, VERDICT_YES, VERDICT_UNKNOWN},
};
static const enum verdict opposite[3] = {
    [VERDICT_NO] = VERDICT_YES, [VERDICT_YES] = VERDICT_NO, [VERDICT_UNKNOWN] = VERDICT_UNKNOWN};

static const struct {
    const char *text;
    bool accepts[3]; /* less, equal, greater */
} version_operators[] = {
    [VERSION_EQ] = {"=", {false, true, false}}, [VERSION_NE] = {"!=", {true, false, true}},
    [VERSION_LT] = {"<", {true, false, false}}, [VERSION_LE] = {"<=", {true, true, false}},
    [VERSION_GT] = {">", {false, false, true}}, [VERSION_GE] = {">=", {false, true, true}},
};

bool version_accepts(enum version_operator version_operator, int comparison)
{
    return version_operators[version_operator].accepts[comparison < 0 ? 0 : comparison == 0 ? 1 : 2];
}

#define SAY(question, ...)                                                                                             \
    do {                                                                                                               \
        if ((question)->ret_reason != NULL)                                                                            \
            *(question)->ret_reason = arena_printf((question)->run->arena, __VA_ARGS__);                               \
    } while (0)

/* How a person calls what a template stands for: its name, or the template in quotes. */
static const char *left_label(struct run *run, const struct template *template)
{
    const char *text = template->text != NULL ? template->text : "";
    const size_t length = strlen(text);

    if (template->count == 1 && template->parts[0].filter_count == 0 && template->parts[0].kind != PART_TEXT)
        return part_label(run->arena, &template->parts[0]);
    if (template->count == 1 && text_starts(text, "${") && text_ends(text, "}"))
        return arena_strndup(run->arena, text + 2, length - 3);
    return arena_printf(run->arena, "'%s'", text);
}

/* yes: *ret_text is set. */
static enum verdict left_value(const struct condition_question *question, const char **ret_text)
{
    static const enum verdict verdicts[] = {
        [TEXT_SET] = VERDICT_YES, [TEXT_UNSET] = VERDICT_NO, [TEXT_UNKNOWN] = VERDICT_UNKNOWN};

    return verdicts[template_expand(question->run, question->scope, question->condition->left, ret_text,
                                    question->ret_reason)];
}

static enum verdict eval_item(const struct condition_question *question, size_t index, const char **ret_reason)
{
    return condition_eval(question->run, question->scope, question->condition->items[index], ret_reason);
}

/* scope NULL: any row will do. */
static enum verdict find_rows(const struct condition_question *question, const struct scope *scope)
{
    const struct fact *fact = question->condition->fact;
    struct row *const *rows;

    if (scope_rows(question->run, scope, fact, &rows) > 0)
        return VERDICT_YES;
    const char *unknown = scope_unknown(question->run, scope, fact);
    if (unknown != NULL) {
        SAY(question, "fact %s: unknown (%s)", fact->name, unknown);
        return VERDICT_UNKNOWN;
    }
    const struct table *table = run_fact(question->run, fact);
    if (table->verdict == VERDICT_NO && table->reason != NULL)
        SAY(question, "fact %s: no (%s)", fact->name, table->reason);
    else
        SAY(question, "fact %s: no (none of its rows belongs to this one)", fact->name);
    return VERDICT_NO;
}

static enum verdict eval_fact(const struct condition_question *question)
{
    return find_rows(question, question->scope);
}

static enum verdict eval_exists(const struct condition_question *question)
{
    return find_rows(question, NULL);
}

static enum verdict eval_set(const struct condition_question *question)
{
    const char *text;

    return left_value(question, &text);
}

static enum verdict eval_unset(const struct condition_question *question)
{
    const char *text;
    const enum verdict verdict = opposite[left_value(question, &text)];

    if (verdict == VERDICT_NO && question->ret_reason != NULL)
        SAY(question, "%s is '%s'", left_label(question->run, question->condition->left), text);
    return verdict;
}

static enum verdict eval_all(const struct condition_question *question)
{
    enum verdict verdict = VERDICT_YES;

    for (size_t i = 0; i < question->condition->count && verdict != VERDICT_NO; i++) {
        const char *reason = NULL;
        const enum verdict item = eval_item(question, i, question->ret_reason != NULL ? &reason : NULL);
        const enum verdict next = both[verdict][item];
        if (next != verdict && reason != NULL)
            *question->ret_reason = reason;
        verdict = next;
    }
    return verdict;
}

/* no: the reasons of all, as each of them would have been enough. unknown: the first that is. */
static enum verdict eval_any(const struct condition_question *question)
{
    AUTO(buf_free) struct buf reasons = BUF_INIT;
    enum verdict verdict = VERDICT_NO;

    for (size_t i = 0; i < question->condition->count && verdict != VERDICT_YES; i++) {
        const char *reason = NULL;
        const enum verdict item = eval_item(question, i, question->ret_reason != NULL ? &reason : NULL);
        if (item == VERDICT_UNKNOWN && verdict == VERDICT_NO && reason != NULL)
            *question->ret_reason = reason;
        verdict = either[verdict][item];
        if (verdict == VERDICT_NO && reason != NULL) {
            buf_add(&reasons, reasons.length > 0 ? "; " : "");
            buf_add(&reasons, reason);
        }
    }
    if (verdict == VERDICT_NO)
        SAY(question, "%s", reasons.length > 0 ? reasons.data : "there is nothing to choose from");
    return verdict;
}

static const char *describe(const struct condition_question *question);

static enum verdict eval_not(const struct condition_question *question)
{
    const enum verdict verdict = opposite[eval_item(question, 0, question->ret_reason)];

    if (verdict == VERDICT_NO && question->ret_reason != NULL) {
        struct condition_question inner = *question;
        inner.condition = question->condition->items[0];
        *question->ret_reason = describe(&inner);
    }
    return verdict;
}

/* "'a'", "'a' or 'b'", "'a', 'b' or 'c'" */
static const char *list_values(const struct condition_question *question)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    const struct condition *condition = question->condition;

    for (size_t i = 0; i < condition->value_count; i++) {
        const char *text = condition->values[i]->text;
        template_expand(question->run, question->scope, condition->values[i], &text, NULL);
        buf_add(&list, i == 0 ? "" : i + 1 == condition->value_count ? " or " : ", ");
        buf_printf(&list, "'%s'", text != NULL ? text : "");
    }
    return arena_strdup(question->run->arena, buf_text(&list));
}

static enum verdict eval_equal(const struct condition_question *question)
{
    const struct condition *condition = question->condition;
    const char *unknown = NULL;
    const char *left;
    bool known = true;
    const enum verdict verdict = left_value(question, &left);

    if (verdict != VERDICT_YES)
        return verdict;
    for (size_t i = 0; i < condition->value_count; i++) {
        const char *value = condition->values[i]->literal; /* as most are */
        enum text_status status = TEXT_SET;
        if (value == NULL)
            status = template_expand(question->run, question->scope, condition->values[i], &value,
                                     question->ret_reason != NULL && known ? &unknown : NULL);
        if (status == TEXT_SET && *left == *value && strcmp(left, value) == 0)
            return VERDICT_YES;
        known = known && status != TEXT_UNKNOWN;
    }
    if (!known) {
        SAY(question, "%s", unknown);
        return VERDICT_UNKNOWN;
    }
    if (question->ret_reason != NULL)
        SAY(question, "%s is '%s', not %s", left_label(question->run, condition->left), left, list_values(question));
    return VERDICT_NO;
}

static enum verdict eval_version(const struct condition_question *question)
{
    const struct condition *condition = question->condition;
    const char *left;
    const char *right = NULL;
    const enum verdict verdict = left_value(question, &left);

    if (verdict != VERDICT_YES)
        return verdict;
    const enum text_status status =
        template_expand(question->run, question->scope, condition->values[0], &right, question->ret_reason);
    if (status != TEXT_SET)
        return status == TEXT_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_NO;
    if (version_accepts(condition->version_operator, text_compare_versions(left, right)))
        return VERDICT_YES;
    if (question->ret_reason != NULL) {
        SAY(question, "%s is '%s', not %s %s", left_label(question->run, condition->left), left,
            version_operators[condition->version_operator].text, right);
    }
    return VERDICT_NO;
}

/* NULL: it is no pattern. */
static const struct regex *run_pattern(struct run *run, const char *pattern, const char **ret_error)
{
    const struct regex *regex = map_get(&run->patterns, pattern);
    size_t offset = 0;

    if (regex != NULL)
        return regex;
    regex = regex_compile(run->arena, pattern, 0, ret_error, &offset);
    if (regex != NULL)
        map_put(run->arena, &run->patterns, arena_strdup(run->arena, pattern), regex);
    return regex;
}

/* The pattern of a condition, compiled; unset when a name in it is. */
static enum verdict pattern_value(const struct condition_question *question, const struct regex **ret_regex)
{
    const char *pattern = NULL, *error = NULL;

    *ret_regex = question->condition->regex;
    if (*ret_regex != NULL)
        return VERDICT_YES;
    switch (template_expand(question->run, question->scope, question->condition->values[0], &pattern,
                            question->ret_reason)) {
    case TEXT_SET:
        *ret_regex = run_pattern(question->run, pattern, &error);
        if (*ret_regex != NULL)
            return VERDICT_YES;
        SAY(question, "'%s' is no pattern: %s", pattern, error);
        return VERDICT_UNKNOWN;
    case TEXT_UNSET:
        return VERDICT_NO;
    default:
        return VERDICT_UNKNOWN;
    }
}

static enum verdict eval_regex(const struct condition_question *question)
{
    const struct condition *condition = question->condition;
    const struct regex *regex;
    const char *left;
    enum verdict verdict = left_value(question, &left);

    if (verdict == VERDICT_YES)
        verdict = pattern_value(question, &regex);
    if (verdict != VERDICT_YES)
        return verdict;
    run_count(question->run, 1);
    switch (regex_test(regex, left, strlen(left))) {
    case REGEX_YES:
        return VERDICT_YES;
    case REGEX_NO:
        if (question->ret_reason != NULL) {
            SAY(question, "%s is '%s', which the pattern does not match", left_label(question->run, condition->left),
                left);
        }
        return VERDICT_NO;
    default:
        SAY(question, "the regular expression ran into its limit");
        return VERDICT_UNKNOWN;
    }
}

static enum verdict eval_in(const struct condition_question *question)
{
    const struct condition *condition = question->condition;
    const char *left;
    const enum verdict verdict = left_value(question, &left);

    if (verdict != VERDICT_YES)
        return verdict;
    if (scope_row_with(question->run, question->scope, condition->fact, condition->column, left) != NULL)
        return VERDICT_YES;
    const char *unknown = scope_unknown(question->run, question->scope, condition->fact);
    if (unknown != NULL) {
        SAY(question, "fact %s: unknown (%s)", condition->fact->name, unknown);
        return VERDICT_UNKNOWN;
    }
    if (question->ret_reason != NULL) {
        SAY(question, "%s is '%s', not in %s%s%s", left_label(question->run, condition->left), left,
            condition->fact->name, condition->column != NULL ? "." : "",
            condition->column != NULL ? condition->column : "");
    }
    return VERDICT_NO;
}

static enum verdict (*const evaluators[])(const struct condition_question *question) = {
    [CONDITION_FACT] = eval_fact,   [CONDITION_ALL] = eval_all,       [CONDITION_ANY] = eval_any,
    [CONDITION_NOT] = eval_not,     [CONDITION_EQUAL] = eval_equal,   [CONDITION_VERSION] = eval_version,
    [CONDITION_REGEX] = eval_regex, [CONDITION_IN] = eval_in,         [CONDITION_SET] = eval_set,
    [CONDITION_UNSET] = eval_unset, [CONDITION_EXISTS] = eval_exists,
};

enum verdict condition_eval(struct run *run, const struct scope *scope, const struct condition *condition,
                            const char **ret_reason)
{
    const char *reason = NULL;
    const struct condition_question question = {run, scope, condition, ret_reason != NULL ? &reason : NULL};
    const enum verdict verdict = condition == NULL ? VERDICT_YES : evaluators[condition->kind](&question);

    if (verdict != VERDICT_YES && ret_reason != NULL)
        *ret_reason = reason;
    if (condition != NULL && run->watch.condition != NULL)
        run->watch.condition(run->watch.data, condition, verdict);
    return verdict;
}

/* The items of a list that hold: all of them, or the first. */
static const char *describe_items(const struct condition_question *question, bool all)
{
    AUTO(buf_free) struct buf text = BUF_INIT;
    struct condition_question inner = *question;

    for (size_t i = 0; i < question->condition->count && (all || text.length == 0); i++) {
        inner.condition = question->condition->items[i];
        if (eval_item(question, i, NULL) == VERDICT_YES) {
            buf_add(&text, text.length > 0 ? ", and " : "");
            buf_add(&text, describe(&inner));
        }
    }
    return arena_strdup(question->run->arena, buf_text(&text));
}

/* Why a condition that holds does so, for the one who negates it. */
static const char *describe(const struct condition_question *question)
{
    const struct condition *condition = question->condition;
    const char *text = NULL;

    switch (condition->kind) {
    case CONDITION_FACT:
    case CONDITION_EXISTS:
        return arena_printf(question->run->arena, "fact %s: yes", condition->fact->name);
    case CONDITION_ALL:
    case CONDITION_ANY:
        return describe_items(question, condition->kind == CONDITION_ALL);
    case CONDITION_NOT:
        condition_eval(question->run, question->scope, condition->items[0], &text);
        return text != NULL ? text : "it does not hold";
    case CONDITION_UNSET:
        return arena_printf(question->run->arena, "%s is unset", left_label(question->run, condition->left));
    default:
        template_expand(question->run, question->scope, condition->left, &text, NULL);
        return arena_printf(question->run->arena, "%s is '%s'", left_label(question->run, condition->left),
                            text != NULL ? text : "");
    }
}
