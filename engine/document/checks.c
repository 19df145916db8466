/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the checks of rules say of a host, and the document that holds it. */
#include "document/builder.h"
#include "schema/private.h"

#include <string.h>

const char *const check_outcome_words[] = {[CHECK_PASSED] = "pass",
                                           [CHECK_NOTED] = "note",
                                           [CHECK_WARNED] = "warn",
                                           [CHECK_FAILED] = "fail",
                                           [CHECK_UNKNOWN] = "unknown"};

static const enum check_outcome outcomes[] = {
    [CHECK_FAIL] = CHECK_FAILED, [CHECK_WARN] = CHECK_WARNED, [CHECK_NOTE] = CHECK_NOTED};

/* One check in one row of its loop. */
struct inspection {
    struct run *run;
    const struct check *check;
    const struct scope *scope;
    struct vec *results;
};

static const char *title_of(const struct inspection *inspection)
{
    const struct template *title = inspection->check->title;
    const char *text = NULL;
    return template_expand(inspection->run, inspection->scope, title, &text, NULL) == TEXT_SET ? text : title->text;
}

/* What to do about it on this distribution. */
static const char *hint_of(const struct inspection *inspection)
{
    struct candidate *candidates;
    if (!inspection->check->hint)
        return NULL;
    size_t count = choice_candidates(inspection->run, inspection->scope, inspection->check->hint, &candidates);
    return count > 0 ? candidates[0].text : NULL;
}

static void add_result(const struct inspection *inspection, enum check_outcome outcome, const char *reason,
                       const char *hint)
{
    struct arena *arena = run_arena(inspection->run);
    struct check_result *result = arena_new_object(arena, struct check_result);
    *result = (struct check_result){inspection->check, outcome, title_of(inspection), reason, hint};
    vec_push(arena, inspection->results, result);
}

static void inspect(const struct inspection *inspection)
{
    struct run *run = inspection->run;
    const struct check *check = inspection->check;
    const char *reason = NULL;
    enum verdict verdict = condition_eval(run, inspection->scope, check->when, &reason);
    if (verdict == VERDICT_NO)
        return;
    if (verdict == VERDICT_YES)
        verdict = condition_eval(run, inspection->scope, check->expect, &reason);
    if (verdict == VERDICT_YES)
        return add_result(inspection, CHECK_PASSED, NULL, NULL);
    if (verdict == VERDICT_UNKNOWN)
        return add_result(inspection, CHECK_UNKNOWN, reason, NULL);
    add_result(inspection, outcomes[check->otherwise], reason, hint_of(inspection));
}

static void inspect_rows(struct inspection *inspection)
{
    const struct table *table = run_fact(inspection->run, inspection->check->loop);
    if (table->verdict == VERDICT_UNKNOWN)
        return add_result(inspection, CHECK_UNKNOWN, table->reason, NULL);
    for (size_t i = 0; i < table->count; i++) {
        const struct scope scope = {.row = table->rows[i]};
        inspection->scope = &scope;
        inspect(inspection);
    }
    inspection->scope = NULL;
}

struct vec checks_of_rule(struct run *run, const struct rule *rule)
{
    struct vec results = {0};
    for (size_t i = 0; i < rule->check_count; i++) {
        struct inspection inspection = {.run = run, .check = rule->checks[i], .results = &results};
        if (inspection.check->loop)
            inspect_rows(&inspection);
        else
            inspect(&inspection);
    }
    return results;
}

bool checks_concern(struct run *run, const struct rule *rule)
{
    return rule->check_count > 0 &&
           (!rule->traces || rule->overlays.count > 0 || root_any(run_root(run), rule->traces));
}

/* ---- as a document ---- */

bool rule_is_named(const char *const *rules, const char *id)
{
    for (; *rules; rules++) {
        if (strcmp(*rules, id) == 0)
            return true;
    }
    return false;
}

static bool is_relevant(struct builder *builder, const struct rule *rule, const struct document_options *options)
{
    if (options->rules)
        return rule_is_named(options->rules, rule->id);
    return rule_is_wanted(rule, options) && checks_concern(builder->run, rule);
}

static void add_text(struct builder *builder, xmlNode *parent, const char *name, const char *text)
{
    if (text)
        node_set_word(builder, node_create(builder, parent, name), text_word(builder, text));
}

static void write_result(struct builder *builder, const struct rule *rule, const struct check_result *result)
{
    const struct check *check = result->check;
    xmlNode *node = node_create(builder, xml_root(builder->document->xml), "check");
    node_set_attribute(builder, node, "rule", rule->id);
    node_set_attribute(builder, node, "name", check->name ? check->name : check->title->text);
    node_set_attribute(builder, node, "result", check_outcome_words[result->outcome]);
    add_text(builder, node, "title", result->title);
    add_text(builder, node, "reason", result->reason);
    add_text(builder, node, "hint", result->hint);
}

void checks_add(struct builder *builder, const struct document_options *options)
{
    const struct map *rules = &run_rules(builder->run)->rules;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        if (!is_relevant(builder, rule, options))
            continue;
        const struct vec results = checks_of_rule(builder->run, rule);
        for (size_t j = 0; j < results.count; j++)
            write_result(builder, rule, results.items[j]);
    }
}
