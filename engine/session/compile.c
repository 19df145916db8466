/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything about rules that need not be found out on each host, or by each user, for one file that comes with them.
 */
#include "session/session.h"

#include "base/consent.h"
#include "rules/load.h"
#include "schema/schema.h"
#include "session/architecture.h"
#include "session/places.h"

#include <string.h>

struct compiling {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct store *store;
    const char *const *layers;
    const char *const *schemas;
    struct vec together; /* lists of names up to NULL */
    size_t staged;       /* so much of each directory is the root */
};

static const char *const *below(struct arena *arena, const char *root, const char *const *directories)
{
    struct vec all = {0};
    for (; *directories; directories++)
        vec_push(arena, &all, arena_printf(arena, "%s%s", root, *directories));
    vec_push(arena, &all, NULL);
    return (const char *const *)all.items;
}

static const char *tells(void *context, const char *document)
{
    const struct compiling *compiling = context;
    return schema_tells(compiling->arena, compiling->schemas, document, compiling->store);
}

/* The set for some documents, NULL for all. Files and patterns stay in the store, with documents the set as well. */
static struct rule_set *load(const struct compiling *compiling, const char *const *documents)
{
    const struct load_options load = {
        .layers = compiling->layers,
        .documents = documents,
        .tells = tells,
        .tells_context = (void *)compiling,
        .also = documents ? architecture_rules : NULL,
        .store = compiling->store,
        .compile = documents ? compiling->store : NULL,
        .staged = compiling->staged,
    };
    return rules_load(&load, &hvprobe_vocabulary, compiling->diagnostics);
}

static void compile_documents(const struct compiling *compiling, const char *const *documents)
{
    const char *error = NULL;
    struct diagnostics again = {.arena = compiling->arena}; /* what there is to say was said of the whole */
    struct compiling part = *compiling;
    part.diagnostics = &again;
    for (size_t i = 0; documents[i]; i++) {
        const char *schema = schema_find(compiling->arena, compiling->schemas, documents[i]);
        if (schema)
            schema_load(schema, compiling->arena, compiling->store, &error);
    }
    rule_set_free(load(&part, documents));
}

/* Such as one that says why another is empty: nobody asks for it alone. */
static bool goes_with_another(const struct compiling *compiling, const char *name)
{
    for (size_t i = 0; i < compiling->together.count; i++)
        for (const char *const *each = (const char *const *)compiling->together.items[i] + 1; *each; each++)
            if (!strcmp(*each, name))
                return true;
    return false;
}

/* Documents that rules emit into, those that tell of rules, and the default one. */
static struct map documents_of(const struct compiling *compiling, const struct rule_set *set)
{
    struct arena *arena = compiling->arena;
    const struct vec schemas = schema_names(arena, compiling->schemas, "");
    struct map names = {0};
    map_put(arena, &names, DEFAULT_DOCUMENT, DEFAULT_DOCUMENT);
    for (size_t i = 0; i < schemas.count; i++)
        if (tells((void *)compiling, schemas.items[i]))
            map_put(arena, &names, schemas.items[i], schemas.items[i]);
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->rules.entries[i].value;
        if (rule->emit_count)
            map_put(arena, &names, rule->document, rule->document);
    }
    return names;
}

static void free_set(void *set)
{
    rule_set_free(set);
}

static enum status compile_set(const struct compiling *compiling, const struct rule_set *set, const char **ret_message)
{
    if (compiling->diagnostics->errors)
        return STATUS_BROKEN_RULE;
    if (set->rules.count == 0) {
        *ret_message = "there are no rules to compile";
        return STATUS_BROKEN_RULE;
    }
    const struct map documents = documents_of(compiling, set);
    for (size_t i = 0; i < documents.count; i++) {
        const char *const alone[] = {documents.entries[i].key, NULL};
        if (!goes_with_another(compiling, alone[0]))
            compile_documents(compiling, alone);
    }
    for (size_t i = 0; i < compiling->together.count; i++)
        compile_documents(compiling, compiling->together.items[i]);
    return STATUS_OK;
}

enum status session_compile(const struct session_options *options, struct vec together, struct arena *arena,
                            struct diagnostics *diagnostics, struct buf *ret_bytes, const char **ret_message)
{
    const char *root = options->root ? options->root : "";
    const struct compiling compiling = {
        .arena = arena,
        .diagnostics = diagnostics,
        .store = store_open_new(arena, "", places_build(arena)),
        .layers = below(arena, root, session_layers(options, arena)),
        .schemas = below(arena, root, session_schemas(options, arena)),
        .together = together,
        .staged = strlen(root),
    };
    if (*root)
        store_set_portable(compiling.store);
    struct rule_set *set = load(&compiling, NULL);
    consent_keep(arena, arena_printf(arena, "%s%s", root, places_consent(arena)), compiling.store);
    arena_defer(arena, free_set, set); /* diagnostics point to its files */
    const enum status status = compile_set(&compiling, set, ret_message);
    if (status == STATUS_OK)
        store_write(ret_bytes, compiling.store);
    return status;
}
