/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lint: emit paths that a document's schema does not have. */
#include "document/builder.h"
#include "schema/private.h"

struct path_lint {
    struct arena *arena;
    const struct document_options *options;
    struct diagnostics *diagnostics;
    struct map schemas; /* of struct schema, by document */
};

static void report(struct path_lint *lint, struct mark at, const struct path_problem *problem)
{
    struct vec names = problem->attribute ? schema_attribute_names(lint->arena, problem->parent)
                                          : schema_child_names(lint->arena, problem->parent);
    const char *hint =
        diagnose_nearest(lint->diagnostics, problem->name, (const char *const *)names.items, names.count);
    if (!hint && names.count > 0)
        hint = arena_printf(lint->arena, "'%s' has: %s", problem->parent->name, schema_join(lint->arena, &names, ", "));
    diagnose(lint->diagnostics, DIAG_UNKNOWN_ELEMENT, at, hint, "%s", path_problem_text(lint->arena, problem));
}

static void lint_value(struct path_lint *lint, const struct assignment *assignment, const struct emit_value *value,
                       const struct schema_element *element)
{
    const struct node_path *path = assignment->path;
    bool to_attribute = path->count > 0 && path->steps[path->count - 1].attribute;
    const char *literal = value->text ? value->text->literal : NULL;
    bool has_text = value->text && !(literal && *literal == '\0');
    if (to_attribute && (!value->text || value->attribute_count > 0))
        diagnose(lint->diagnostics, DIAG_UNKNOWN_ELEMENT, path->at, NULL, "an attribute takes a text");
    if (to_attribute)
        return;
    if (has_text && !element->text)
        diagnose(lint->diagnostics, DIAG_UNKNOWN_ELEMENT, value->text->at, NULL, "by the schema '%s' has no text",
                 element->name);
    for (size_t i = 0; i < value->attribute_count; i++) {
        const struct named_template *attribute = &value->attributes[i];
        struct path_problem problem = {element, attribute->name, true};
        if (!schema_attribute(element, attribute->name))
            report(lint, attribute->value->at, &problem);
    }
}

static void lint_assignment(struct path_lint *lint, const struct assignment *assignment,
                            const struct schema_element *base)
{
    const struct schema_element *element;
    struct path_problem problem;
    if (!path_known(base, assignment->path, &element, &problem))
        return report(lint, assignment->path->at, &problem);
    for (size_t i = 0; i < assignment->count; i++)
        lint_value(lint, assignment, &assignment->values[i], element);
}

static void lint_entry(struct path_lint *lint, const struct emit_entry *entry, const struct schema_element *base)
{
    struct path_problem problem;
    if (entry->each && !path_known(base, entry->each, &base, &problem))
        return report(lint, entry->each->at, &problem);
    if (entry->path && !path_known(base, entry->path, &base, &problem))
        return report(lint, entry->path->at, &problem);
    for (size_t i = 0; i < entry->assignment_count; i++)
        lint_assignment(lint, &entry->assignments[i], base);
    for (size_t i = 0; i < entry->child_count; i++)
        lint_entry(lint, entry->children[i], base);
}

/* NULL after a diagnostic, where the document is first named. */
static const struct schema *find_schema(struct path_lint *lint, const char *document, struct mark at)
{
    const struct schema *schema = map_get(&lint->schemas, document);
    if (schema)
        return schema->root ? schema : NULL;
    static const struct schema none;
    const char *path = schema_find(lint->arena, lint->options->schema_directories, document);
    const char *error = NULL;
    schema = path ? schema_load(path, lint->arena, NULL, &error) : NULL;
    if (!path)
        error = arena_printf(lint->arena, "there is no schema for the document '%s'", document);
    if (!schema)
        diagnose(lint->diagnostics, DIAG_UNKNOWN_ELEMENT, at, NULL, "%s", error);
    map_put(lint->arena, &lint->schemas, document, schema ? schema : &none);
    return schema;
}

/* Documents that a rule's facts ask. */
static void lint_asked(struct path_lint *lint, const struct rule *rule)
{
    for (size_t i = 0; i < rule->facts.count; i++) {
        const struct fact *fact = rule->facts.entries[i].value;
        for (size_t j = 0; fact->source && fact->source->fields[j].key; j++)
            if (fact->source->fields[j].flags & FIELD_DOCUMENT && fact->source_values[j].text)
                find_schema(lint, fact->source_values[j].text, fact->source_values[j].at);
    }
}

void document_lint(const struct rule_set *set, const struct document_options *options, struct diagnostics *diagnostics)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct path_lint lint = {.arena = arena, .options = options, .diagnostics = diagnostics};
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->rules.entries[i].value;
        const struct schema *schema = rule->emit_count > 0 ? find_schema(&lint, rule->document, rule->at) : NULL;
        lint_asked(&lint, rule);
        for (size_t j = 0; schema && j < rule->emit_count; j++)
            lint_entry(&lint, rule->emits[j], schema->root);
    }
}
