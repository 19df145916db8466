/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The results of checks, as the document of that name. */
#include "document/builder.h"
#include "document/schema_private.h"

#include <string.h>

/* One check in one row of its loop. */
struct inspection {
    struct builder *builder;
    const struct rule *rule;
    const struct check *check;
    const struct scope *scope;
};

static const char *const level_words[] = {[CHECK_FAIL] = "fail", [CHECK_WARN] = "warn", [CHECK_NOTE] = "note"};

static void add_text(struct builder *builder, xmlNode *parent, const char *name, const char *text)
{
    if (text)
        node_set_word(builder, node_create(builder, parent, name), text_word(builder, text));
}

static const char *title_of(const struct inspection *inspection)
{
    const struct template *title = inspection->check->title;
    const char *text = NULL;
    return template_expand(inspection->builder->run, inspection->scope, title, &text, NULL) == TEXT_SET ? text
                                                                                                        : title->text;
}

/* What to do about it on this distribution. */
static const char *hint_of(const struct inspection *inspection)
{
    struct candidate *candidates;
    if (!inspection->check->hint)
        return NULL;
    size_t count = choice_candidates(inspection->builder->run, inspection->scope, inspection->check->hint, &candidates);
    return count > 0 ? candidates[0].text : NULL;
}

static void add_result(const struct inspection *inspection, const char *result, const char *reason, const char *hint)
{
    struct builder *builder = inspection->builder;
    const struct check *check = inspection->check;
    xmlNode *node = node_create(builder, xml_root(builder->document->xml), "check");
    node_set_attribute(builder, node, "rule", inspection->rule->id);
    node_set_attribute(builder, node, "name", check->name ? check->name : check->title->text);
    node_set_attribute(builder, node, "result", result);
    add_text(builder, node, "title", title_of(inspection));
    add_text(builder, node, "reason", reason);
    add_text(builder, node, "hint", hint);
}

static void inspect(const struct inspection *inspection)
{
    struct run *run = inspection->builder->run;
    const struct check *check = inspection->check;
    const char *reason = NULL;
    enum verdict verdict = condition_eval(run, inspection->scope, check->when, &reason);
    if (verdict == VERDICT_NO)
        return;
    if (verdict == VERDICT_YES)
        verdict = condition_eval(run, inspection->scope, check->expect, &reason);
    if (verdict == VERDICT_YES)
        return add_result(inspection, "pass", NULL, NULL);
    if (verdict == VERDICT_UNKNOWN)
        return add_result(inspection, "unknown", reason, NULL);
    add_result(inspection, level_words[check->otherwise], reason, hint_of(inspection));
}

static void inspect_rows(struct inspection *inspection)
{
    const struct table *table = run_fact(inspection->builder->run, inspection->check->loop);
    if (table->verdict == VERDICT_UNKNOWN)
        return add_result(inspection, "unknown", table->reason, NULL);
    for (size_t i = 0; i < table->count; i++) {
        const struct scope scope = {.row = table->rows[i]};
        inspection->scope = &scope;
        inspect(inspection);
    }
    inspection->scope = NULL;
}

static void inspect_rule(struct builder *builder, const struct rule *rule)
{
    for (size_t i = 0; i < rule->check_count; i++) {
        struct inspection inspection = {.builder = builder, .rule = rule, .check = rule->checks[i]};
        if (inspection.check->loop)
            inspect_rows(&inspection);
        else
            inspect(&inspection);
    }
}

static bool is_named(const char *const *rules, const char *id)
{
    for (; *rules; rules++) {
        if (strcmp(*rules, id) == 0)
            return true;
    }
    return false;
}

/* A rule that nobody named speaks up where there is a trace of what it is about, or where a site changed it. */
static bool is_relevant(struct builder *builder, const struct rule *rule, const struct document_options *options)
{
    if (options->rules)
        return is_named(options->rules, rule->id);
    return rule->check_count > 0 && rule_is_wanted(rule, options) &&
           (!rule->traces || rule->overlays.count > 0 || root_any(run_root(builder->run), rule->traces));
}

void checks_add(struct builder *builder, const struct document_options *options)
{
    const struct map *rules = &run_rules(builder->run)->rules;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        if (is_relevant(builder, rule, options))
            inspect_rule(builder, rule);
    }
}
