/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening what a command needs, by the global options. */
#include "base/file.h"
#include "base/pack.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/remote.h"
#include "root/record.h"
#include "session/places.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_WIDTH = 80 };

static const char *const colour_words[] = {"auto", "always", "never", NULL};

/* COLUMNS is for terminals that do not know their own width. */
static size_t terminal_width(int descriptor)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int64_t width = 0;
    if (!isatty(descriptor))
        return 0;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return columns && text_number(columns, &width) && width > 0 ? (size_t)width : DEFAULT_WIDTH;
}

bool terminal_is_dumb(void)
{
    const char *kind = getenv("TERM");
    return !kind || !*kind || text_equal(kind, "dumb");
}

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
    session->writer_options.width = terminal_width(STDOUT_FILENO);
    bool automatic = session->writer_options.width > 0 && !terminal_is_dumb() && !(no_colour && *no_colour);
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

static enum status check_parameters(const struct invocation *invocation)
{
    const char *const *given = invocation_values(invocation, "D");
    for (; given && *given; given++) {
        const char *equals = strchr(*given, '=');
        if (equals && text_is_name(*given, (size_t)(equals - *given)))
            continue;
        complain("-D takes NAME=VALUE, not '%s'", *given);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* Those of -D, then those that options of the view are. */
static const char *const *parameters_of(const struct invocation *invocation)
{
    const struct view *view = invocation->view;
    const char *const *given = invocation_values(invocation, "D");
    struct vec parameters = {0};
    for (; given && *given; given++)
        vec_push(invocation->arena, &parameters, (char *)*given);
    for (size_t i = 0; view && i < view->filter_count; i++) {
        const struct view_filter *filter = &view->filters[i];
        const char *value = invocation_value(invocation, filter->option);
        if (filter->parameter && invocation_has(invocation, filter->option))
            vec_push(invocation->arena, &parameters,
                     arena_printf(invocation->arena, "%s=%s", filter->parameter, value ? value : "yes"));
    }
    vec_push(invocation->arena, &parameters, NULL);
    return (const char *const *)parameters.items;
}

static struct session_options options_of(const struct invocation *invocation, unsigned needs,
                                         const char *const *documents)
{
    const char *language = invocation_value(invocation, "lang");
    const bool lint = (needs & SESSION_LINT) != 0;
    return (struct session_options){
        .rules = invocation_values(invocation, "rules"),
        .files = lint ? (const char *const *)invocation->words : NULL,
        .cache = needs & SESSION_RECORD ? NULL : places_cache(invocation->arena), /* a recording must see all */
        .documents = documents,
        .named = needs & SESSION_NAMED ? invocation->words : NULL,
        .strict = invocation_has(invocation, "strict"),
        .lint = lint,
        .texts_later = (needs & SESSION_ROOT) != 0, /* others may show lines whenever they like */
        .treeless = needs & (SESSION_LEAN | SESSION_NAMED) && !invocation_has(invocation, "D"),
        .root = invocation_value(invocation, "root"),
        .snapshot = invocation_value(invocation, "snapshot"),
        .arch = invocation->arch,
        .drivers = invocation_values(invocation, "driver"),
        .parameters = invocation_values(invocation, "D"),
        .lang = language && *language ? language : places_locale(),
        .compat = compat_name(invocation),
        .exec = invocation_has(invocation, "exec"),
        .runner = invocation->runner,
        .trace = (needs & SESSION_TRACE) != 0,
    };
}

/* Another machine is a snapshot of it. */
static enum status reach_host(struct session *session)
{
    const char *uri = invocation_value(session->invocation, "host");
    if (!uri)
        return STATUS_OK;
    if (session->options.root || session->options.snapshot) {
        complain("--host excludes --root and --snapshot");
        return STATUS_USAGE;
    }
    session->options.label = uri;
    enum status status = remote_snapshot(session->invocation, uri, &session->options.snapshot);
    guard_begin(session->invocation); /* which has waited, for ssh to have all rights and its own time */
    return status;
}

static enum status told(enum status status, const char *message)
{
    if (status != STATUS_OK && message)
        complain("%s", message);
    return status;
}

static enum status open_root(struct session *session, unsigned needs)
{
    const char *message = NULL;
    const enum status status =
        session_open_root(&session->options, session->arena, &session->diagnostics, &session->root, &message);
    if (status == STATUS_OK && (needs & SESSION_RECORD)) {
        session->recorded = session->root;
        session->root = root_open_recording(session->recorded);
    }
    return told(status, message);
}

static enum status open_rules(struct session *session, unsigned needs)
{
    const char *message = NULL;
    session->status = session_open_rules(&session->options, session->arena, needs & SESSION_LEAN ? session->root : NULL,
                                         &session->diagnostics, &session->book, &message);
    session->rules = session->book.set;
    session->document_options = session_document_options(&session->options, &session->book);
    if (message || (session->status != STATUS_OK && session->options.strict))
        return told(session->status, message);
    const enum status status = session_check_names(&session->options, session->arena, &session->book, &message);
    return told(status, message);
}

/* All of a call that what is written depends on, but for what options say of rules and root. */
static void write_question(struct buf *out, const struct session *session)
{
    const struct invocation *invocation = session->invocation;
    buf_printf(out, "%s %s %zu %d", invocation->command->name, invocation->view ? invocation->view->name : "-",
               session->writer_options.width, session->writer_options.colour);
    for (size_t i = 0; i < invocation->given.count; i++) {
        const struct filter_value *given = invocation->given.items[i];
        pack_text(out, given->option);
        pack_text(out, given->value);
    }
    for (size_t i = 0; i < invocation->word_count; i++)
        pack_text(out, invocation->words[i]);
}

/* On this host by what it says, of a snapshot before that is even read. */
static void look_for_answer(struct session *session, unsigned needs)
{
    AUTO(buf_free) struct buf question = BUF_INIT;
    if (!(needs & SESSION_ANSWER) || session->answers || session->options.label ||
        (!session->root && !session->options.snapshot))
        return;
    write_question(&question, session);
    session->answers = answers_open(&session->options, session->arena, session->root, &question);
    session->options.identities = answers_identities(session->answers);
    session->answered = answers_known(session->answers, &session->answer);
}

enum status session_answer(struct session *session)
{
    const struct buf text = {(char *)session->answer.text, session->answer.length, session->answer.length};
    return output(&text, session->answer.status);
}

static void keep_answer(struct session *session, enum status status)
{
    const bool whole = session->outputs == 1 && !session->told && session->diagnostics.list.count == 0;
    if (session->answered || !whole || session->status != STATUS_OK || (status != STATUS_OK && status != STATUS_NO))
        return;
    session->answer.status = status;
    answers_keep(session->answers, session->run, &session->answer);
}

enum status session_open(struct session *session, struct invocation *invocation, unsigned needs,
                         const char *const *documents)
{
    *session = (struct session){.arena = invocation->arena, .invocation = invocation};
    session->diagnostics.arena = session->arena;
    session->options = options_of(invocation, needs, documents);
    session->options.store = session_store(&session->options, session->arena);
    enum status status = choose_colour(session);
    if (status == STATUS_OK)
        status = check_rule_directories(invocation);
    if (status == STATUS_OK)
        status = check_parameters(invocation);
    if (status == STATUS_OK && (needs & SESSION_ROOT))
        status = reach_host(session);
    if (status == STATUS_OK && !session->options.root)
        look_for_answer(session, needs);
    if (status == STATUS_OK && !session->answered && (needs & SESSION_ROOT))
        status = open_root(session, needs);
    if (status == STATUS_OK && !session->options.snapshot)
        look_for_answer(session, needs);
    if (session->answered)
        return status;
    if (status == STATUS_OK && (needs & SESSION_RULES))
        status = open_rules(session, needs);
    session->options.parameters = parameters_of(invocation);
    if (status == STATUS_OK && (needs & SESSION_ROOT))
        session->run =
            session_open_run(&session->options, session->arena, &session->book, session->root, &session->diagnostics);
    session->answered = status == STATUS_OK && answers_hold(session->answers, session->run, &session->answer);
    if (status != STATUS_OK)
        status = session_close(session, status);
    return status;
}

enum status session_close(struct session *session, enum status status)
{
    keep_answer(session, status);
    if (session->diagnostics.list.count > 0)
        rules_read_texts(session->rules);
    diagnostics_sort(&session->diagnostics);
    diagnostics_cap(&session->diagnostics, DIAGNOSTICS_LIMIT);
    const bool incomplete = session->diagnostics.incomplete > 0;
    bool colour = session->writer_options.colour && isatty(STDERR_FILENO);
    diagnostics_print(stderr, &session->diagnostics, colour);
    store_save(session->book.store);
    run_free(session->run);
    root_close(session->root);
    root_close(session->recorded);
    rule_set_free(session->rules);
    *session = (struct session){.status = session->status};
    return status_worst(session->status, status_worst(incomplete ? STATUS_FAILED : STATUS_OK, status));
}

/* A file that was to make a rule of this id, but does not. */
static bool is_broken(const struct rule_set *set, const char *id)
{
    for (size_t i = 0; i < set->files.count; i++) {
        const struct rule_file *file = set->files.items[i];
        if (file->state == FILE_BROKEN && !file->extends && text_equal(file->id, id))
            return true;
    }
    return false;
}

/* The nearest name is one of all rules that there are, loaded or not. */
static void unknown_rule(struct session *session, const char *id)
{
    const struct vec *files = &session->rules->files;
    const char **names = arena_alloc(session->arena, (files->count + 1) * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        if (file->id && (file->state == FILE_USED || file->state == FILE_SKIPPED))
            names[count++] = file->id;
    }
    complain_unknown("rule", id, names, count, "'hvprobe rules' lists them");
}

const struct rule *session_rule(struct session *session, const char *id, enum status *ret_status)
{
    const struct rule *rule = rule_set_find(session->rules, id);
    *ret_status = STATUS_OK;
    if (rule)
        return rule;
    const char *masked = session_masked(session->arena, session->rules, "rule", id);
    const bool broken = !masked && is_broken(session->rules, id);
    *ret_status = broken ? STATUS_BROKEN_RULE : STATUS_USAGE;
    if (masked)
        complain("%s", masked);
    else if (broken)
        complain("the rule '%s' is broken and was left out", id);
    else
        unknown_rule(session, id);
    return NULL;
}

const struct document *session_document(struct session *session, const char *name, enum status *ret_status)
{
    const char *message = NULL;
    const struct document *document = NULL;
    *ret_status = session_build(session->run, name, &session->document_options, &document, &message);
    told(*ret_status, message);
    return document;
}

enum status tell_unseen(const struct document *document)
{
    return told(document->unseen ? STATUS_FAILED : STATUS_OK, document->unseen);
}

const char *rules_digest(struct session *session)
{
    struct digesting digesting;
    digest_start(&digesting);
    rules_read_texts(session->rules);
    for (size_t i = 0; i < session->rules->files.count; i++) {
        const struct rule_file *file = session->rules->files.items[i];
        if (file->state != FILE_USED)
            continue;
        digest_add(&digesting, file->name, strlen(file->name) + 1);
        digest_add(&digesting, file->source.text, file->source.length);
    }
    const struct digest digest = digest_end(&digesting);
    char *hex = arena_alloc(session->arena, 2 * DIGEST_SIZE + 1);
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest.bytes[i]);
    return hex;
}
