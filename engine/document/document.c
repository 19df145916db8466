/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The documents of a run: each built once, and what rules can ask of another one. */
#include "base/libxml.h"
#include "base/text.h"
#include "document/builder.h"
#include "probe/xml_columns.h"
#include "schema/private.h"

#include <string.h>

/* One document, finished or not. */
struct document_slot {
    const char *name;
    const struct document_options *options;
    struct document *document;
    bool building;
};

/* What a run keeps of its documents. */
struct documents {
    struct run *run;
    struct vec slots;                       /* of struct document_slot */
    const struct document_options *options; /* those of the document being built, else the last */
};

static bool lists_equal(const char *const *a, const char *const *b)
{
    if (!a || !b)
        return a == b;
    for (; *a && *b; a++, b++) {
        if (strcmp(*a, *b) != 0)
            return false;
    }
    return *a == *b;
}

static struct document_slot *find_slot(const struct documents *documents, const char *name,
                                       const struct document_options *options)
{
    for (size_t i = 0; i < documents->slots.count; i++) {
        struct document_slot *slot = documents->slots.items[i];
        if (strcmp(slot->name, name) == 0 && lists_equal(slot->options->drivers, options->drivers) &&
            lists_equal(slot->options->rules, options->rules) &&
            lists_equal(slot->options->schema_directories, options->schema_directories))
            return slot;
    }
    return NULL;
}

static const char *const *copy_list(struct arena *arena, const char *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    const char **copy = list ? arena_alloc(arena, (count + 1) * sizeof(*copy)) : NULL;
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_strdup(arena, list[i]);
    return copy;
}

static struct document_slot *new_slot(struct documents *documents, const char *name,
                                      const struct document_options *options)
{
    struct arena *arena = run_arena(documents->run);
    struct document_slot *slot = arena_new_object(arena, struct document_slot);
    struct document_options *copy = arena_new_object(arena, struct document_options);
    copy->schema_directories = copy_list(arena, options->schema_directories);
    copy->store = options->store;
    copy->schemas = options->schemas;
    copy->drivers = copy_list(arena, options->drivers);
    copy->rules = copy_list(arena, options->rules);
    slot->name = arena_strdup(arena, name);
    slot->options = copy;
    vec_push(arena, &documents->slots, slot);
    return slot;
}

static struct document *new_document(struct arena *arena, const struct schema *schema, const char *name)
{
    struct document *document = arena_new_object(arena, struct document);
    document->name = name;
    document->schema = schema;
    document->xml = tree_new(arena);
    return document;
}

static void emit_available(struct builder *builder, const struct rule *rule, bool each)
{
    const char *reason = NULL;
    const enum verdict verdict = condition_eval(builder->run, NULL, rule->available, NULL);
    if (verdict == VERDICT_YES)
        return emit_rule(builder, rule, each);
    if (verdict != VERDICT_UNKNOWN)
        return;
    condition_eval(builder->run, NULL, rule->available, &reason);
    rule_gap(builder, rule, reason);
}

/* What completes others' nodes is not among the rules that a test case names, but belongs to each of them. */
static void emit_rules(struct builder *builder, const struct document_slot *slot, bool each)
{
    const struct rule_set *set = run_rules(builder->run);
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->order[i];
        if (strcmp(rule->document, slot->name) == 0 && rule_has_entries(rule, each) &&
            rule_is_wanted(rule, slot->options) && (each || run_emits(builder->run, rule)))
            emit_available(builder, rule, each);
    }
}

/* What the engine itself puts into a document whose schema asks for it, of all rules. */
enum { TOLD_ELEMENTS = 4 };
static const struct {
    const char *what;
    void (*add)(struct builder *builder, const struct document_options *options);
    const char *elements[TOLD_ELEMENTS][2]; /* of the root, and of that one: the schema has to have them */
} tellers[] = {
    {"checks", checks_add, {{"check"}, {"check", "title"}, {"check", "reason"}, {"check", "hint"}}},
    {"paths", paths_add, {{"candidate"}}},
    {"path-tables", path_tables_add, {{"selector"}, {"candidate"}, {"candidate", "tried"}}},
};

/* A site's schema may be anything. NULL: what it wants to be told has a place in it. */
static const char *untellable(struct arena *arena, const struct schema *schema)
{
    const char *what = schema->root->tells;
    bool known = !what;
    for (size_t i = 0; i < ARRAY_SIZE(tellers); i++) {
        const bool this = what && strcmp(tellers[i].what, what) == 0;
        known = known || this;
        for (size_t j = 0; this && j < TOLD_ELEMENTS && tellers[i].elements[j][0]; j++) {
            const char *const *names = tellers[i].elements[j];
            const struct schema_child *child = schema_child(schema->root, names[0], NULL);
            if (!child || (names[1] && !schema_child(child->element, names[1], NULL)))
                return arena_printf(arena, "%s: its root tells of %s, but there is no %s in %s", schema->path, what,
                                    names[1] ? names[1] : names[0], names[1] ? names[0] : schema->root->name);
        }
    }
    return known ? NULL : arena_printf(arena, "%s: nobody can tell of '%s'", schema->path, what);
}

/* Empty because nothing is there, or because nobody could look? */
static const char *unseen(struct run *run, const struct document *document)
{
    bool all = false;
    const struct table *first = xml_root(document->xml)->children ? NULL : run_unseen(run, &all);
    if (!all)
        return NULL;
    return arena_printf(run_arena(run), "nothing here could be looked at: %s (fact %s.%s)", first->reason,
                        first->fact->rule->id, first->fact->name);
}

static void fill(struct run *run, const struct document_slot *slot)
{
    struct builder builder = {
        .run = run, .arena = run_arena(run), .document = slot->document, .trace = run_options(run)->trace};
    tree_put((xmlNode *)slot->document->xml, node_new(&builder, slot->document->schema->root), NULL);
    emit_rules(&builder, slot, false);
    emit_rules(&builder, slot, true);
    for (size_t i = 0; i < ARRAY_SIZE(tellers); i++)
        if (text_equal(tellers[i].what, slot->document->schema->root->tells))
            tellers[i].add(&builder, slot->options);
    prune_document(&builder);
    sort_document(&builder);
    slot->document->unseen = unseen(run, slot->document);
}

static const char *no_schema(struct arena *arena, const char *name, const struct document_options *options)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const char *const *directory = options->schema_directories;
    buf_printf(&out, "there is no document '%s': no %s.rng in", name, name);
    for (; directory && *directory; directory++)
        buf_printf(&out, "%s %s", directory == options->schema_directories ? "" : ",", *directory);
    return arena_strdup(arena, buf_text(&out));
}

static struct document *build(struct documents *documents, struct document_slot *slot, const char **ret_error)
{
    struct arena *arena = run_arena(documents->run);
    const char *path = schema_find(arena, slot->options->schema_directories, slot->name);
    if (!path) {
        *ret_error = no_schema(arena, slot->name, slot->options);
        return NULL;
    }
    struct schema_set *schemas = slot->options->schemas;
    const struct schema *schema = schemas ? schema_set_get(schemas, path, arena, ret_error)
                                          : schema_load(path, arena, slot->options->store, ret_error);
    if (schema)
        *ret_error = untellable(arena, schema);
    if (!schema || *ret_error)
        return NULL;
    const struct document_options *outer = documents->options;
    documents->options = slot->options;
    slot->building = true;
    slot->document = new_document(arena, schema, slot->name);
    fill(documents->run, slot);
    slot->building = false;
    documents->options = outer ? outer : slot->options;
    return slot->document;
}

/* One node, or, with node NULL, the number or text that the expression gives. false at the row limit. */
static bool add_item(struct probe *probe, const xmlNode *node, const char *text, struct xml_trail *trail)
{
    struct item *item = probe_item(probe);
    if (!item)
        return false;
    if (!node)
        row_set(probe->arena, item->row, "text", text);
    item->text = node ? xml_columns(probe->arena, item->row, node, trail) : text;
    item->length = strlen(item->text);
    return true;
}

/* Where something may be missing, what is there need not be asked for again. */
static void note_given(const struct probe *probe, struct document *document, const struct xpath_result *result)
{
    for (size_t i = 0; document->gaps.count > 0 && i < result->count; i++) {
        const char *path = row_get(((const struct item *)probe->items.items[i])->row, "node");
        if (result->nodes[i]->type == XML_ELEMENT_NODE)
            map_put(probe->arena, &document->given, path, result->nodes[i]);
    }
}

static enum verdict ask(struct probe *probe, struct document *document, const char *expression, bool derived)
{
    struct xpath_result result;
    struct xml_trail trail = {0};
    const char *error = NULL;
    if (!document_xpath(probe->arena, document->xml, NULL, expression, NULL, &result, &error))
        return libxml_missing() ? probe_lacks(probe, error) : probe_unknown(probe, "%s", error);
    for (size_t i = 0; i < result.count; i++)
        if (!add_item(probe, result.nodes[i], NULL, &trail))
            return VERDICT_UNKNOWN;
    probe_note(probe, NULL, "%s in the document '%s': %zu nodes", expression, document->name, result.count);
    const char *gap = document_gap(probe->arena, document, expression, derived);
    note_given(probe, document, &result);
    if (gap) /* there may be more of them, and a number may be another */
        return probe_unknown(probe, "the document '%s' may lack some of it: %s", document->name, gap);
    if (result.scalar && *result.text && !add_item(probe, NULL, result.text, NULL))
        return VERDICT_UNKNOWN;
    if (probe->items.count > 0)
        return VERDICT_YES;
    if (document->unseen)
        return probe_unknown(probe, "%s", document->unseen);
    return probe_no(probe, "the document '%s' has no %s", document->name, expression);
}

static enum verdict document_source(struct probe *probe, const char *name, const char *xpath, bool derived)
{
    struct documents *documents = probe->document_data;
    const struct document_slot *slot = find_slot(documents, name, documents->options);
    const char *error = NULL;
    if (slot && slot->building)
        return probe_unknown(probe, "the document '%s' needs itself", name);
    if (!document_build(documents->run, name, documents->options, &error))
        return probe_unknown(probe, "%s", error);
    return ask(probe, find_slot(documents, name, documents->options)->document, xpath, derived);
}

static struct documents *documents_of(struct run *run)
{
    struct documents *documents = run_document_data(run);
    if (documents)
        return documents;
    documents = arena_new_object(run_arena(run), struct documents);
    documents->run = run;
    run_set_document_source(run, document_source, documents);
    return documents;
}

const struct document *document_build(struct run *run, const char *name, const struct document_options *options,
                                      const char **ret_error)
{
    struct documents *documents = documents_of(run);
    struct document_slot *slot = find_slot(documents, name, options);
    if (slot && slot->building) {
        *ret_error = arena_printf(run_arena(run), "the document '%s' needs itself", name);
        return NULL;
    }
    if (slot && slot->document)
        return slot->document;
    return build(documents, slot ? slot : new_slot(documents, name, options), ret_error);
}
