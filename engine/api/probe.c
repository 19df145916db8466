/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host for callers of the library: opened once, asked for any number of documents, values and explanations. */
#include "api/api.h"
#include "base/budget.h"
#include "base/text.h"
#include "facts/describe.h"
#include "session/answer.h"
#include "write/write.h"

#include <string.h>

struct root *root_open(const struct session_options *options, struct arena *arena, struct diagnostics *diagnostics,
                       hvp_error *error)
{
    const char *message = NULL;
    struct root *root = NULL;
    const enum status status = session_open_root(options, arena, diagnostics, &root, &message);
    const struct diagnostic *first = diagnostics->list.count ? diagnostics->list.items[0] : NULL;
    if (!root)
        error_set(error, (hvp_status)status, "%s",
                  message ? message
                  : first ? first->message
                          : "the host cannot be looked at");
    return root;
}

hvp_probe *probe_open(const hvp_rules *rules, const struct session_options *options, struct arena *arena,
                      struct root *root)
{
    hvp_probe *probe = arena_new_object(arena, hvp_probe);
    probe->arena = arena;
    probe->rules = rules;
    probe->root = root;
    probe->milliseconds = options->milliseconds;
    probe->diagnostics.arena = arena;
    probe->document_options = session_document_options(options, &rules->book);
    probe->document_options.store = NULL; /* for many documents, by many threads, the schemas is better */
    probe->document_options.schemas = rules->schemas;
    probe->run = session_open_run(options, arena, &rules->book, root, &probe->diagnostics);
    return probe;
}

/* Rules that were loaded for some documents only do not tell what others know. */
static bool check_names(const hvp_rules *rules, const struct session_options *options, struct arena *arena,
                        hvp_error *error)
{
    const char *message = NULL;
    if (rules->book.set->documents || session_check_names(options, arena, &rules->book, &message) == STATUS_OK)
        return true;
    error_set(error, HVP_USAGE, "%s", message);
    return false;
}

hvp_probe *hvp_probe_new(const hvp_rules *rules, const hvp_options *options, hvp_error *error)
{
    struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const struct session_options given = options_read(options, arena);
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, given.milliseconds);
    error_clear(error);
    struct root *root = check_names(rules, &given, arena, error) ? root_open(&given, arena, &diagnostics, error) : NULL;
    if (root && budget_spent())
        error_set(error, HVP_FAILED, "%s", budget_spent());
    if (!root || budget_spent()) {
        root_close(root);
        arena_free(arena);
        return NULL;
    }
    hvp_probe *probe = probe_open(rules, &given, arena, root);
    for (size_t i = 0; i < diagnostics.list.count; i++)
        diagnostics_add(&probe->diagnostics, diagnostics.list.items[i]);
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

/* Where bounds on work cut the answer short it is given, but said to be incomplete. */
static void tell_incomplete(const hvp_probe *probe, hvp_error *error)
{
    const struct vec *list = &probe->diagnostics.list;
    for (size_t i = 0; probe->diagnostics.incomplete && i < list->count; i++) {
        const struct diagnostic *each = list->items[i];
        const char *path = each->at.source ? each->at.source->path : "rules";
        if (each->kind != diagnostic_kind(DIAG_INCOMPLETE))
            continue;
        error_set(error, HVP_FAILED, "%s:%u: %s [%s]", path, each->at.line, each->message, each->kind->id);
        return;
    }
}

static const struct document *build(hvp_probe *probe, const char *name, hvp_error *error)
{
    const char *message = NULL;
    const struct document *document = NULL;
    error_clear(error);
    const enum status status = session_build(probe->run, name, &probe->document_options, &document, &message);
    if (status != STATUS_OK)
        error_set(error, (hvp_status)status, "%s", message);
    else if (document->unseen)
        error_set(error, HVP_FAILED, "%s", document->unseen);
    else
        tell_incomplete(probe, error);
    return document;
}

char *hvp_probe_document(hvp_probe *probe, const char *name, const char *format, hvp_error *error)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct format_kind *kind = format_kinds;
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, probe->milliseconds);
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
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, probe->milliseconds);
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
    const struct writer_options options = {.all = true};
    const struct rule *rule = what ? rule_set_find(probe->rules->book.set, what) : NULL;
    const char *message = NULL;
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, probe->milliseconds);
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

static char *text_of(const struct answer *answer)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    buf_add_n(&out, answer->text, answer->length);
    return take_text(&out);
}

/* The document of a probe that is made for it alone; frees all that is given. */
static char *document_once(hvp_rules *rules, const struct session_options *options, struct arena *arena,
                           struct root *root, struct answers *answers, const char *name, hvp_error *error)
{
    hvp_error failed = {.status = HVP_OK};
    struct answer answer;
    const char *message = NULL;
    char *text = NULL;
    hvp_probe *probe = probe_open(rules, options, arena, root);
    probe->document_options.schemas = NULL; /* for one document the store is faster */
    probe->document_options.store = rules->book.store;
    if (answers_hold(answers, probe->run, &answer))
        text = text_of(&answer);
    else if (session_check_names(options, arena, &rules->book, &message) == STATUS_OK)
        text = hvp_probe_document(probe, name, NULL, &failed);
    else
        error_set(&failed, HVP_USAGE, "%s", message);
    if (text && !failed.status && probe->diagnostics.list.count + rules->diagnostics.list.count == 0)
        answers_keep(answers, probe->run, &(struct answer){text, strlen(text), STATUS_OK});
    if (error && failed.status)
        *error = failed;
    store_save(rules->book.store);
    hvp_probe_free(probe);
    hvp_rules_free(rules);
    return text;
}

/* The document in its default format is all that is asked here. */
static struct answers *open_answers(struct session_options *options, struct arena *arena, struct root *root,
                                    const char *name)
{
    AUTO(buf_free) struct buf question = BUF_INIT;
    buf_printf(&question, "document %s", name);
    struct answers *answers = answers_open(options, arena, root, &question);
    options->identities = answers_identities(answers);
    return answers;
}

static char *known_answer(const struct answers *answers)
{
    struct answer answer;
    return answers_known(answers, &answer) ? text_of(&answer) : NULL;
}

/* The root is opened before the rules: those that can say nothing about it need not be linked. */
char *hvp_document(const hvp_options *options, const char *name, hvp_error *error)
{
    struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    struct session_options given = options_read(options, arena);
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, given.milliseconds);
    const char *const documents[] = {name, NULL};
    given.documents = documents;
    given.store = session_store(&given, arena);
    given.treeless = !given.parameters; /* which names there are, only trees tell */
    error_clear(error);
    struct root *root = root_open(&given, arena, &diagnostics, error);
    struct answers *answers = root ? open_answers(&given, arena, root, name) : NULL;
    char *known = known_answer(answers);
    hvp_rules *rules = root && !known ? rules_open(&given, root, error) : NULL;
    if (rules)
        return document_once(rules, &given, arena, root, answers, name, error);
    root_close(root);
    arena_free(arena);
    return known;
}

char *hvp_capabilities(const hvp_options *options, hvp_error *error)
{
    return hvp_document(options, DEFAULT_DOCUMENT, error);
}

char *hvp_machine_description(const hvp_rules *rules, const char *machine, const char *lang)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf out = BUF_INIT;
    const char *text = machine_description(rules->book.set, machine, option_language(lang), arena);
    if (!text)
        return NULL;
    buf_add(&out, text);
    return take_text(&out);
}
