/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules for callers of the library, loaded once and shared by their threads; and what is wrong with them. */
#include "api/api.h"
#include "base/budget.h"
#include "base/text.h"
#include "probe/lint_consent.h"
#include "rules/load.h"
#include "write/problems.h"

#include <stdlib.h>
#include <string.h>

/* The first error, and how many more there are. */
static void report(const hvp_rules *rules, hvp_error *error)
{
    const struct vec *list = &rules->diagnostics.list;
    const struct diagnostic *first = NULL;
    for (size_t i = 0; i < list->count && !first; i++) {
        const struct diagnostic *each = list->items[i];
        first = each->kind->severity == SEVERITY_ERROR ? each : NULL;
    }
    if (!first)
        return;
    const char *path = first->at.source ? first->at.source->path : "rules";
    size_t more = rules->diagnostics.errors - 1;
    if (more > 0)
        error_set(error, HVP_BROKEN_RULE, "%s:%u: %s [%s], and %zu more", path, first->at.line, first->message,
                  first->kind->id, more);
    else
        error_set(error, HVP_BROKEN_RULE, "%s:%u: %s [%s]", path, first->at.line, first->message, first->kind->id);
}

hvp_rules *rules_open(const struct session_options *options, struct root *root, hvp_error *error)
{
    struct arena *arena = arena_new();
    hvp_rules *rules = arena_new_object(arena, hvp_rules);
    const char *message = NULL;
    rules->arena = arena;
    rules->diagnostics.arena = arena;
    rules->schemas = schema_set_new();
    session_open_rules(options, arena, root, &rules->diagnostics, &rules->book, &message);
    if (options->lint && !message)
        consent_lint(rules->book.set, session_consent(arena, NULL), &rules->diagnostics);
    if (options->lint && !message)
        document_lint(rules->book.set, &(struct document_options){.schema_directories = rules->book.schema_directories},
                      &rules->diagnostics);
    diagnostics_sort(&rules->diagnostics);
    if (message)
        error_set(error, HVP_BROKEN_RULE, "%s", message);
    report(rules, error);
    if (!message && (!rules->diagnostics.errors || !options->strict))
        return rules;
    hvp_rules_free(rules);
    return NULL;
}

hvp_rules *hvp_rules_load(const hvp_options *options, hvp_error *error)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const struct session_options given = options_read(options, arena);
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, 0);
    error_clear(error);
    hvp_rules *rules = rules_open(&given, NULL, error);
    if (rules && budget_spent()) {
        error_set(error, HVP_FAILED, "%s", budget_spent());
        hvp_rules_free(rules);
        return NULL;
    }
    if (rules)
        store_save(rules->book.store);
    return rules;
}

void hvp_rules_free(hvp_rules *rules)
{
    if (!rules)
        return;
    rule_set_free(rules->book.set);
    schema_set_free(rules->schemas);
    arena_free(rules->arena);
}

/* Pointers and texts in one block, sorted, each text once. */
static char **make_list(struct vec *texts)
{
    size_t size = (texts->count + 1) * sizeof(char *);
    for (size_t i = 0; i < texts->count; i++)
        size += strlen(texts->items[i]) + 1;
    char **list = calloc(1, size);
    if (!list)
        memory_exhausted();
    char *end = (char *)(list + texts->count + 1);
    texts_sort(texts);
    for (size_t i = 0, count = 0; i < texts->count; i++) {
        if (count && text_equal(list[count - 1], texts->items[i]))
            continue;
        list[count++] = end;
        end = stpcpy(end, texts->items[i]) + 1;
    }
    return list;
}

static const char *id_of(const struct rule *rule)
{
    return rule->id;
}

static const char *driver_of(const struct rule *rule)
{
    return rule->driver;
}

static const char *document_of(const struct rule *rule)
{
    return rule->emit_count ? rule->document : NULL;
}

static char **list_rules(const hvp_rules *rules, const char *(*part)(const struct rule *rule))
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct vec texts = {0};
    for (size_t i = 0; i < rules->book.set->rules.count; i++) {
        const char *text = part(rules->book.set->rules.entries[i].value);
        if (text)
            vec_push(arena, &texts, text);
    }
    return make_list(&texts);
}

char **hvp_rules_list(const hvp_rules *rules)
{
    return list_rules(rules, id_of);
}

char **hvp_drivers_list(const hvp_rules *rules)
{
    return list_rules(rules, driver_of);
}

char **hvp_documents_list(const hvp_rules *rules)
{
    return list_rules(rules, document_of);
}

char *hvp_rules_show(const hvp_rules *rules, const char *id, hvp_error *error)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct rule *rule = rule_set_find(rules->book.set, id);
    error_clear(error);
    if (!rule) {
        error_set(error, HVP_USAGE, "there is no rule '%s'", id);
        return NULL;
    }
    rule_write(&out, rules->book.set, rule, arena);
    return take_text(&out);
}

hvp_status hvp_rules_problem(const hvp_rules *rules, size_t index, hvp_problem *ret_problem)
{
    if (index >= rules->diagnostics.list.count)
        return HVP_NO;
    const struct diagnostic *found = rules->diagnostics.list.items[index];
    *ret_problem = (hvp_problem){
        .severity = (hvp_severity)found->kind->severity,
        .id = found->kind->id,
        .name = found->kind->name,
        .message = found->message,
        .hint = found->hint,
        .file = found->at.source ? found->at.source->path : NULL,
        .line = found->at.line,
        .column = found->at.column,
        .end_column = found->at.end_column,
    };
    return HVP_OK;
}

char *write_problems(const struct diagnostics *diagnostics, const char *format, hvp_error *error)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct problem_format *kind = problem_formats;
    error_clear(error);
    while (format && kind->name && !text_equal(kind->name, format))
        kind++;
    if (!kind->name) {
        error_set(error, HVP_USAGE, "there is no format '%s' of problems", format);
        return NULL;
    }
    kind->write(&out, diagnostics, &(struct writer_options){0});
    return take_text(&out);
}

char *hvp_rules_problems(const hvp_rules *rules, const char *format, hvp_error *error)
{
    return write_problems(&rules->diagnostics, format, error);
}
