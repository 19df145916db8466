/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening what a command needs, by the global options. */
#include "api/places.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "root/record.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const colour_words[] = {"auto", "always", "never", NULL};

static enum status choose_colour(struct session *session)
{
    const char *when = invocation_value(session->invocation, "color");
    const char *no_colour = getenv("NO_COLOR");
    size_t choice = 0;
    while (when && colour_words[choice] && !text_equal(when, colour_words[choice]))
        choice++;
    if (!colour_words[choice]) {
        complain("--color is auto, always or never, not '%s'", when);
        return STATUS_USAGE;
    }
    session->writer_options.terminal = isatty(STDOUT_FILENO);
    bool automatic = session->writer_options.terminal && !(no_colour && *no_colour);
    session->writer_options.colour = choice == 1 || (choice == 0 && automatic);
    return STATUS_OK;
}

static enum status check_rule_directories(const struct invocation *invocation)
{
    const char *const *directories = invocation_values(invocation, "rules");
    for (; directories && *directories; directories++) {
        if (file_is_directory(*directories, true))
            continue;
        complain("--rules %s is not a directory", *directories);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static enum status open_rules(struct session *session, unsigned needs, const char *const *documents)
{
    enum status status = check_rule_directories(session->invocation);
    if (status != STATUS_OK)
        return status;
    bool lint = (needs & SESSION_LINT) != 0;
    const struct load_options options = {
        .layers = rule_layers(session->arena, session->invocation),
        .files = lint ? (const char *const *)session->invocation->words : NULL,
        .documents = documents,
        .store = session->document_options.store,
        .rules = needs & SESSION_NAMED ? session->invocation->words : NULL,
        .may_exist = needs & SESSION_TRACED ? root_any : NULL,
        .root = session->root,
        .lint = lint,
        .texts_later = (needs & SESSION_ROOT) != 0, /* others may show lines whenever they like */
    };
    session->rules = rules_load(&options, &hvprobe_vocabulary, &session->diagnostics);
    if (lint)
        return STATUS_OK;
    if (!session->diagnostics.errors) {
        warn_of_drivers(session);
        return STATUS_OK;
    }
    session->status = STATUS_BROKEN_RULE;
    return invocation_has(session->invocation, "strict") ? STATUS_BROKEN_RULE : STATUS_OK;
}

static enum status open_root(struct session *session)
{
    const char *directory = invocation_value(session->invocation, "root");
    const char *snapshot = invocation_value(session->invocation, "snapshot");
    const char *error = NULL;
    if (directory && snapshot) {
        complain("--root and --snapshot exclude each other");
        return STATUS_USAGE;
    }
    if (directory)
        session->root = root_open_directory(session->arena, directory, &error);
    else if (snapshot)
        session->root = root_open_snapshot(session->arena, snapshot, &session->diagnostics, &error);
    else
        session->root = root_open_live();
    if (!session->root) {
        if (error)
            complain("%s", error);
        return STATUS_NO_ROOT;
    }
    const char *arch = invocation_value(session->invocation, "arch");
    if (arch && !session->invocation->own_arch)
        root_set_arch(session->root, arch);
    return STATUS_OK;
}

static enum status read_parameters(struct session *session, const struct named_text **ret_parameters)
{
    const char *const *given = invocation_values(session->invocation, "D");
    size_t count = 0;
    while (given && given[count])
        count++;
    struct named_text *parameters = arena_alloc(session->arena, (count + 1) * sizeof *parameters);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(given[i], '=');
        if (!equals || !text_is_name(given[i], (size_t)(equals - given[i]))) {
            complain("-D takes NAME=VALUE, not '%s'", given[i]);
            return STATUS_USAGE;
        }
        parameters[i].name = arena_strndup(session->arena, given[i], (size_t)(equals - given[i]));
        parameters[i].value = equals + 1;
    }
    *ret_parameters = parameters;
    return STATUS_OK;
}

static enum status open_run(struct session *session, unsigned needs)
{
    const char *language = invocation_value(session->invocation, "lang");
    const struct named_text *parameters = NULL;
    enum status status = read_parameters(session, &parameters);
    if (status != STATUS_OK)
        return status;
    const struct run_options options = {
        .exec = invocation_has(session->invocation, "exec"),
        .trace = (needs & SESSION_TRACE) != 0,
        .cache = needs & SESSION_RECORD ? NULL : cache_file(session->arena, "results"), /* a recording must see all */
        .parameters = parameters,
        .lang = language && *language ? language : places_locale(),
    };
    session->run = run_new(session->rules, session->root, &options, &session->diagnostics);
    return STATUS_OK;
}

enum status session_open(struct session *session, struct invocation *invocation, unsigned needs,
                         const char *const *documents)
{
    *session = (struct session){.arena = invocation->arena, .invocation = invocation};
    session->diagnostics.arena = session->arena;
    session->document_options.schema_directories = schema_directories(session->arena);
    session->document_options.store =
        store_open(session->arena, needs & SESSION_LINT ? NULL : cache_file(session->arena, "parsed"),
                   program_build(session->arena));
    session->document_options.drivers = invocation_values(invocation, "driver");
    enum status status = choose_colour(session);
    if (status == STATUS_OK && (needs & SESSION_TRACED))
        status = open_root(session);
    if (status == STATUS_OK && (needs & SESSION_RULES))
        status = open_rules(session, needs, documents);
    if (status == STATUS_OK && (needs & SESSION_ROOT) && !session->root)
        status = open_root(session);
    if (status == STATUS_OK && (needs & SESSION_RECORD)) {
        session->recorded = session->root;
        session->root = root_open_recording(session->recorded);
    }
    if (status == STATUS_OK && (needs & SESSION_ROOT))
        status = open_run(session, needs);
    if (status != STATUS_OK)
        session_close(session, status);
    return status;
}

enum status session_close(struct session *session, enum status status)
{
    if (session->diagnostics.list.count > 0)
        rules_read_texts(session->rules);
    diagnostics_sort(&session->diagnostics);
    diagnostics_cap(&session->diagnostics, DIAGNOSTICS_LIMIT);
    bool colour = session->writer_options.colour && isatty(STDERR_FILENO);
    diagnostics_print(stderr, &session->diagnostics, colour);
    store_save(session->document_options.store);
    run_free(session->run);
    root_close(session->root);
    root_close(session->recorded);
    rule_set_free(session->rules);
    *session = (struct session){.status = session->status};
    return session->status == STATUS_OK || status == STATUS_NO_ROOT ? status : session->status;
}

/* The nearest name is one of all rules that there are, loaded or not. */
const struct rule *session_rule(struct session *session, const char *id)
{
    const struct rule *rule = rule_set_find(session->rules, id);
    const struct vec *files = &session->rules->files;
    if (rule)
        return rule;
    const char **names = arena_alloc(session->arena, (files->count + 1) * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        if (file->id && (file->state == FILE_USED || file->state == FILE_SKIPPED))
            names[count++] = file->id;
    }
    complain_unknown("rule", id, names, count, "'hvprobe rules' lists them");
    return NULL;
}

const struct document *session_document(struct session *session, const char *name)
{
    const char *error = NULL;
    const struct document *document = document_build(session->run, name, &session->document_options, &error);
    if (!document)
        complain("%s", error);
    return document;
}
