/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From options to rules, a root, a run and documents: the one way for library and command line. */
#include "session/session.h"

#include "base/budget.h"
#include "base/file.h"
#include "base/libarchive.h"
#include "base/libxml.h"
#include "base/text.h"
#include "rules/load.h"
#include "session/architecture.h"
#include "session/places.h"

#include <string.h>
#include <unistd.h>

enum status status_worst(enum status one, enum status other)
{
    static const int ranks[] = {[STATUS_OK] = 0,      [STATUS_NO] = 1,          [STATUS_FAILED] = 2,
                                [STATUS_NO_ROOT] = 3, [STATUS_BROKEN_RULE] = 4, [STATUS_USAGE] = 5};
    return ranks[one] >= ranks[other] ? one : other;
}

const char *unknown_name(struct arena *arena, const char *what, const char *word, const char *const *names,
                         size_t count, const char *otherwise)
{
    const char *nearest = text_nearest(word, names, count);
    if (nearest)
        return arena_printf(arena, "there is no %s '%s'; did you mean '%s'?", what, word, nearest);
    return arena_printf(arena, "there is no %s '%s'; %s", what, word, otherwise);
}

const char *const *session_layers(const struct session_options *options, struct arena *arena)
{
    struct vec layers = {0};
    if (options->layers)
        places_add(arena, &layers, options->layers);
    else
        places_layers(arena, &layers);
    for (const char *const *more = options->rules; more && *more; more++)
        vec_push(arena, &layers, *more);
    vec_push(arena, &layers, NULL);
    return (const char *const *)layers.items;
}

const char *const *session_schemas(const struct session_options *options, struct arena *arena)
{
    struct vec directories = {0};
    if (options->schemas)
        places_add(arena, &directories, options->schemas);
    else
        places_schemas(arena, &directories);
    vec_push(arena, &directories, NULL);
    return (const char *const *)directories.items;
}

static const char *cache_file(const struct session_options *options, struct arena *arena, const char *name)
{
    const char *directory = options->cache;
    return directory && *directory ? arena_printf(arena, "%s/%s", directory, name) : NULL;
}

struct teller {
    struct arena *arena;
    const struct rulebook *book;
};

static const char *tells(void *context, const char *document)
{
    const struct teller *teller = context;
    return schema_tells(teller->arena, teller->book->schema_directories, document, teller->book->store);
}

static bool has_rule(const struct rule_set *set)
{
    for (size_t i = 0; i < set->files.count; i++) {
        const struct rule_file *file = set->files.items[i];
        if (file->state != FILE_MASK && file->state != FILE_MASKED)
            return true;
    }
    return false;
}

static const char *no_rules(struct arena *arena, const char *const *layers)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    buf_add(&out, "there are no rules in ");
    for (size_t i = 0; layers[i]; i++)
        buf_printf(&out, "%s%s", i > 0 ? ", " : "", layers[i]);
    return arena_printf(arena, "%s%s", buf_text(&out), layers[0] ? "" : "any directory");
}

struct store *session_store(const struct session_options *options, struct arena *arena)
{
    const char *build = places_build(arena);
    struct store *store = store_open(arena, options->lint ? NULL : cache_file(options, arena, "parsed"), build);
    if (!options->lint)
        store_back(store, store_open_shared(arena, places_compiled(arena), build));
    return store;
}

enum status session_open_rules(const struct session_options *options, struct arena *arena, struct root *root,
                               struct diagnostics *diagnostics, struct rulebook *ret_book, const char **ret_message)
{
    *ret_book = (struct rulebook){.schema_directories = session_schemas(options, arena),
                                  .store = options->store ? options->store : session_store(options, arena)};
    struct teller teller = {arena, ret_book};
    const struct load_options load = {
        .layers = session_layers(options, arena),
        .files = options->files,
        .documents = options->documents,
        .rules = options->named,
        .tells = tells,
        .tells_context = &teller,
        .also = options->arch ? architecture_rules : NULL,
        .may_exist = root ? root_any : NULL,
        .root = root,
        .root_name = root ? root_label(root) : NULL,
        .images = options->treeless && !options->lint ? cache_file(options, arena, "rules-") : NULL,
        .build = places_build(arena),
        .compiled = options->treeless ? store_behind(ret_book->store) : NULL,
        .store = ret_book->store,
        .identities = options->identities,
        .lint = options->lint,
        .texts_later = options->texts_later,
    };
    ret_book->set = rules_load(&load, &hvprobe_vocabulary, diagnostics);
    if (!has_rule(ret_book->set)) {
        *ret_message = no_rules(arena, load.layers);
        return STATUS_BROKEN_RULE;
    }
    return diagnostics->errors && !options->lint ? STATUS_BROKEN_RULE : STATUS_OK;
}

struct consent *session_consent(struct arena *arena, struct store *store)
{
    return consent_open(arena, places_consent(arena), store);
}

static bool is_archive(const char *path)
{
    return file_inherited(path) >= 0 || (access(path, F_OK) == 0 && !file_is_directory(path, true));
}

enum status session_open_snapshot(const char *path, struct arena *arena, struct consent *consent,
                                  struct diagnostics *diagnostics, struct root **ret_root, const char **ret_message)
{
    *ret_root = root_open_snapshot(arena, path, diagnostics, ret_message);
    if (*ret_root) {
        root_set_consent(*ret_root, consent);
        return STATUS_OK;
    }
    return is_archive(path) && libarchive_missing() ? STATUS_FAILED : STATUS_NO_ROOT;
}

/* A message that begins with a path, with the name that a person knows in its place. */
static const char *relabelled(struct arena *arena, const struct session_options *options, const char *message)
{
    if (!options->label || !message || !text_starts(message, options->snapshot))
        return message;
    return arena_printf(arena, "%s%s", options->label, message + strlen(options->snapshot));
}

enum status session_open_root(const struct session_options *options, struct arena *arena,
                              struct diagnostics *diagnostics, struct root **ret_root, const char **ret_message)
{
    struct consent *consent = session_consent(arena, options->store);
    if (options->root && options->snapshot) {
        *ret_message = "a root and a snapshot exclude each other";
        return STATUS_USAGE;
    }
    enum status status = STATUS_NO_ROOT;
    if (options->snapshot)
        status = session_open_snapshot(options->snapshot, arena, consent, diagnostics, ret_root, ret_message);
    else
        *ret_root = options->root ? root_open_directory(arena, options->root, ret_message) : root_open_live();
    if (!*ret_root && options->root && is_archive(options->root) && libarchive_missing())
        status = STATUS_FAILED;
    if (!*ret_root) {
        *ret_message = relabelled(arena, options, *ret_message);
        return status;
    }
    root_set_consent(*ret_root, consent);
    if (options->label)
        root_set_label(*ret_root, options->label);
    root_set_runner(*ret_root, options->runner);
    return STATUS_OK;
}

static const struct named_text *read_parameters(const struct session_options *options, struct arena *arena)
{
    size_t count = 0;
    while (options->parameters && options->parameters[count])
        count++;
    struct named_text *parameters = arena_alloc(arena, (count + 1) * sizeof *parameters);
    for (size_t i = 0; i < count; i++) {
        const char *given = options->parameters[i];
        const size_t length = strcspn(given, "=");
        parameters[i].name = arena_strndup(arena, given, length);
        parameters[i].value = given + length + (given[length] == '=');
    }
    return parameters;
}

struct run *session_open_run(const struct session_options *options, struct arena *arena, const struct rulebook *book,
                             struct root *root, struct diagnostics *diagnostics)
{
    const struct run_options run_options = {
        .exec = options->exec,
        .trace = options->trace,
        .cache = options->trace ? NULL : cache_file(options, arena, "results"), /* who explains looks himself */
        .parameters = read_parameters(options, arena),
        .lang = options->lang,
        .compat = options->compat,
    };
    if (options->arch)
        root_set_arch(root, architecture_name(book->set, options->arch, diagnostics));
    return run_new(book->set, root, &run_options, diagnostics);
}

struct document_options session_document_options(const struct session_options *options, const struct rulebook *book)
{
    return (struct document_options){
        .schema_directories = book->schema_directories,
        .store = book->store,
        .drivers = options->drivers,
        .rules = options->named,
    };
}

/* A document that rules make must have a schema; of another name there is none. */
static bool is_made(const struct rule_set *set, const char *name)
{
    for (size_t i = 0; i < set->rules.count; i++)
        if (text_equal(((const struct rule *)set->rules.entries[i].value)->document, name))
            return true;
    return text_equal(name, DEFAULT_DOCUMENT);
}

enum status session_build(struct run *run, const char *name, const struct document_options *options,
                          const struct document **ret_document, const char **ret_message)
{
    struct arena *arena = run_arena(run);
    *ret_document = document_build(run, name, options, ret_message);
    if (!*ret_document && budget_spent())
        return STATUS_FAILED;
    budget_grace();
    if (*ret_document)
        return STATUS_OK;
    if (!schema_find(arena, options->schema_directories, name) && !is_made(run_rules(run), name) &&
        schema_names(arena, options->schema_directories, "").count > 0)
        return STATUS_USAGE;
    return libxml_missing() ? STATUS_FAILED : STATUS_BROKEN_RULE;
}
