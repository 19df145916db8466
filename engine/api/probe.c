/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/api.h"
#include "base/text.h"
#include "facts/describe.h"
#include "write/write.h"

#include <string.h>

struct root *root_open(const hvp_options *options, struct arena *arena, struct diagnostics *diagnostics,
                       hvp_error *error)
{
    const char *directory = option_text(options, HVP_OPTION_ROOT);
    const char *snapshot = option_text(options, HVP_OPTION_SNAPSHOT);
    const char *message = NULL;
    struct root *root;
    if (directory && snapshot) {
        error_set(error, HVP_USAGE, "a root and a snapshot exclude each other");
        return NULL;
    }
    if (directory)
        root = root_open_directory(arena, directory, &message);
    else if (snapshot)
        root = root_open_snapshot(arena, snapshot, diagnostics, &message);
    else
        root = root_open_live();
    const struct diagnostic *first = diagnostics->list.count ? diagnostics->list.items[0] : NULL;
    if (!root)
        error_set(error, HVP_NO_ROOT, "%s",
                  message ? message
                  : first ? first->message
                          : "the host cannot be looked at");
    const char *arch = option_text(options, HVP_OPTION_ARCH);
    if (root && arch)
        root_set_arch(root, arena_strdup(arena, arch));
    return root;
}

static const struct named_text *read_parameters(const hvp_options *options, struct arena *arena)
{
    const char *const *given = option_list(options, HVP_OPTION_PARAMETER, arena);
    size_t count = 0;
    while (given && given[count])
        count++;
    struct named_text *parameters = arena_alloc(arena, (count + 1) * sizeof *parameters);
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(given[i], "=");
        parameters[i].name = arena_strndup(arena, given[i], length);
        parameters[i].value = given[i] + length + 1;
    }
    return parameters;
}

hvp_probe *probe_open(const hvp_rules *rules, const hvp_options *options, struct arena *arena, struct root *root)
{
    hvp_probe *probe = arena_new_object(arena, hvp_probe);
    const struct run_options run_options = {
        .exec = option_flag(options, HVP_OPTION_EXEC),
        .trace = option_flag(options, HVP_OPTION_TRACE),
        .cache = option_cache(options, arena, "results"),
        .parameters = read_parameters(options, arena),
        .lang = arena_strdup(arena, option_language(option_text(options, HVP_OPTION_LANG))),
    };
    probe->arena = arena;
    probe->rules = rules;
    probe->root = root;
    probe->diagnostics.arena = arena;
    probe->document_options.schema_directories = rules->schema_directories;
    probe->document_options.shelf = rules->shelf;
    probe->document_options.drivers = option_list(options, HVP_OPTION_DRIVER, arena);
    probe->run = run_new(rules->set, root, &run_options, &probe->diagnostics);
    return probe;
}

hvp_probe *hvp_probe_new(const hvp_rules *rules, const hvp_options *options, hvp_error *error)
{
    struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    error_clear(error);
    struct root *root = root_open(options, arena, &diagnostics, error);
    if (!root) {
        arena_free(arena);
        return NULL;
    }
    hvp_probe *probe = probe_open(rules, options, arena, root);
    probe->diagnostics = diagnostics;
    return probe;
}

void hvp_probe_free(hvp_probe *probe)
{
    if (!probe)
        return;
    run_free(probe->run);
    root_close(probe->root);
    arena_free(probe->arena);
}

static const struct document *build(hvp_probe *probe, const char *name, hvp_error *error)
{
    const char *message = NULL;
    error_clear(error);
    const struct document *document = document_build(probe->run, name, &probe->document_options, &message);
    if (!document)
        error_set(error, HVP_USAGE, "%s", message);
    return document;
}

char *hvp_probe_document(hvp_probe *probe, const char *name, const char *format, hvp_error *error)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct format_kind *kind = format_kinds;
    const struct document *document = build(probe, name, error);
    if (!document)
        return NULL;
    while (format && kind->name && !text_equal(kind->name, format))
        kind++;
    if (!kind->name) {
        error_set(error, HVP_USAGE, "there is no format '%s'", format);
        return NULL;
    }
    const char *message = kind->write(&out, document->xml, document->schema);
    if (!message)
        return take_text(&out);
    error_set(error, HVP_FAILED, "%s", message);
    return NULL;
}

char *hvp_probe_value(hvp_probe *probe, const char *name, const char *xpath, hvp_error *error)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf out = BUF_INIT;
    struct xpath_result result;
    const char *message = NULL;
    const struct document *document = build(probe, name, error);
    if (!document)
        return NULL;
    if (!document_xpath(arena, document->xml, NULL, xpath, NULL, &result, &message)) {
        error_set(error, HVP_USAGE, "%s", message);
        return NULL;
    }
    buf_add(&out, result.text ? result.text : "");
    return take_text(&out);
}

char *hvp_probe_explain(hvp_probe *probe, const char *what, hvp_error *error)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct writer_options options = {0};
    const struct rule *rule = what ? rule_set_find(probe->rules->set, what) : NULL;
    const char *message = NULL;
    error_clear(error);
    if (!run_options(probe->run)->trace) {
        error_set(error, HVP_USAGE, "HVP_OPTION_TRACE was not set for this probe");
        return NULL;
    }
    if (what && !rule && text_is_name(what, strlen(what))) {
        error_set(error, HVP_USAGE, "there is no rule '%s'", what);
        return NULL;
    }
    const struct document *document = build(probe, rule ? rule->document : DEFAULT_DOCUMENT, error);
    if (!document)
        return NULL;
    if (rule || !what) {
        write_explanation(&out, probe->run, document, rule, &options);
    } else if (!write_node_explanation(&out, probe->run, document, what, &options, &message)) {
        error_set(error, HVP_USAGE, "%s", message);
        return NULL;
    }
    return take_text(&out);
}

char *hvp_probe_problems(const hvp_probe *probe, const char *format, hvp_error *error)
{
    struct diagnostics copy = probe->diagnostics;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    copy.arena = arena;
    copy.list = (struct vec){0};
    for (size_t i = 0; i < probe->diagnostics.list.count; i++)
        vec_push(arena, &copy.list, probe->diagnostics.list.items[i]);
    diagnostics_sort(&copy);
    return write_problems(&copy, format, error);
}

/* The root is opened before the rules: those that have no trace on it need not be read. */
char *hvp_capabilities(const hvp_options *options, hvp_error *error)
{
    static const char name[] = "capabilities";
    const char *const documents[] = {name, NULL};
    struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    hvp_error broken, failed;
    error_clear(error);
    error_clear(&broken);
    struct root *root = root_open(options, arena, &diagnostics, error);
    hvp_rules *rules = root ? rules_open(options, documents, root, &broken) : NULL;
    if (error && broken.status)
        *error = broken;
    if (!rules) {
        root_close(root);
        arena_free(arena);
        return NULL;
    }
    hvp_probe *probe = probe_open(rules, options, arena, root);
    probe->document_options.shelf = NULL; /* for one document the store is faster */
    probe->document_options.store = rules->store;
    char *text = hvp_probe_document(probe, name, NULL, &failed);
    if (error && failed.status)
        *error = failed;
    store_save(rules->store);
    hvp_probe_free(probe);
    hvp_rules_free(rules);
    return text;
}

char *hvp_machine_description(const hvp_rules *rules, const char *machine, const char *lang)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf out = BUF_INIT;
    const char *text = machine_description(rules->set, machine, option_language(lang), arena);
    if (!text)
        return NULL;
    buf_add(&out, text);
    return take_text(&out);
}
