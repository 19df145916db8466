/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong or doubtful in rules and views, before anybody runs them on a host. */
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "probe/lint_consent.h"
#include "test/fixtures.h"
#include "write/problems.h"

#include <string.h>

static const struct option_kind options[] = {
    {"format", 0, "FORMAT", "text (default), gcc, jsonl, sarif or github", false},
    LAYER_OPTION("only what stands in this directory of rules"),
    {"tests", 0, "DIR", "warn about rules that have no test case below this directory", false},
    {NULL, 0, NULL, NULL, false},
};

static bool is_below(const char *path, const char *directory)
{
    size_t length = strlen(directory);
    while (length > 1 && directory[length - 1] == '/')
        length--;
    return strncmp(path, directory, length) == 0 && path[length] == '/';
}

/* Only what concerns the files and directories that were named; everything when none was. */
static bool is_wanted(const struct invocation *invocation, const struct diagnostic *diagnostic,
                      const struct vec *layers)
{
    if (layers->count > 0 && !(diagnostic->at.source && layers_have(layers, diagnostic->at.source->layer)))
        return false;
    if (invocation->word_count == 0 || !diagnostic->at.source)
        return true;
    for (size_t i = 0; i < invocation->word_count; i++) {
        const char *path = diagnostic->at.source->path;
        if (text_equal(path, invocation->words[i]) || is_below(path, invocation->words[i]))
            return true;
    }
    return false;
}

static void keep_wanted(struct session *session, const struct vec *layers)
{
    struct diagnostics kept = {.arena = session->arena};
    for (size_t i = 0; i < session->diagnostics.list.count; i++) {
        const struct diagnostic *diagnostic = session->diagnostics.list.items[i];
        if (!is_wanted(session->invocation, diagnostic, layers))
            continue;
        vec_push(session->arena, &kept.list, diagnostic);
        kept.errors += diagnostic->kind->severity == SEVERITY_ERROR;
        kept.warnings += diagnostic->kind->severity == SEVERITY_WARNING;
    }
    session->diagnostics = kept;
}

/* Does the rule observe or say anything that a test could look at? */
static bool can_be_tested(const struct rule *rule)
{
    return rule->facts.count > 0 || rule->emit_count > 0 || rule->check_count > 0;
}

/* Most rules have a folder of their own: only where one has not, all cases are asked which rules they are of. */
static bool is_covered(struct session *session, const struct rule *rule, const char *tests, struct map *covered)
{
    if (fixtures_any(session->arena, arena_printf(session->arena, "%s/%s", tests, rule->id)))
        return true;
    if (covered->count == 0)
        fixtures_rules(session->arena, tests, covered);
    return map_get(covered, rule->id) != NULL;
}

static void lint_fixtures(struct session *session)
{
    const char *named = invocation_value(session->invocation, "tests");
    const char *tests = named ? named : fixtures_of_build_tree(session->arena);
    const char *rules = named ? NULL : rules_of_build_tree(session->arena);
    struct map covered = {0};
    if (!tests)
        return;
    for (size_t i = 0; i < session->rules->rules.count; i++) {
        const struct rule *rule = session->rules->rules.entries[i].value;
        if (!can_be_tested(rule) || (rules && !is_below(rule->at.source->path, rules)) ||
            is_covered(session, rule, tests, &covered))
            continue;
        diagnose(&session->diagnostics, DIAG_NO_FIXTURE, rule->at,
                 arena_printf(session->arena, "add a test case: a folder %s/%s/CASE", tests, rule->id),
                 "no test case covers the rule '%s'", rule->id);
    }
}

/* What a rule claims comes from somewhere, and who mends it has to find that again. */
static void lint_references(struct session *session)
{
    for (size_t i = 0; i < session->rules->rules.count; i++) {
        const struct rule *rule = session->rules->rules.entries[i].value;
        if (!yaml_get(rule->merged, "reference"))
            diagnose(&session->diagnostics, DIAG_NO_REFERENCE, rule->at, "add 'reference: URL or citation', or a list",
                     "the rule '%s' does not say where it comes from", rule->id);
    }
}

static const struct problem_format *find_format(const char *name)
{
    for (const struct problem_format *format = problem_formats; format->name; format++)
        if (!name || text_equal(format->name, name))
            return format;
    complain("lint has no format '%s'; there are text, gcc, jsonl, sarif and github", name);
    return NULL;
}

/* Those of the schema directories, where lint looks at what is installed. */
static void lint_views(struct session *session)
{
    const char *const *directory = schema_directories(session->arena);
    for (; session->invocation->word_count == 0 && *directory; directory++) {
        struct vec files = {0};
        const char *views = arena_printf(session->arena, "%s/views", *directory);
        file_list(session->arena, views, &files);
        for (size_t i = 0; i < files.count; i++)
            if (text_ends(files.items[i], ".yaml"))
                view_lint(session->arena, text_path(session->arena, views, files.items[i]), &session->diagnostics);
    }
}

static enum status run(struct invocation *invocation)
{
    const struct problem_format *format = find_format(invocation_value(invocation, "format"));
    AUTO(buf_free) struct buf out = BUF_INIT;
    struct vec layers = {0};
    struct session session;
    enum status status = format ? layers_asked(invocation, &layers) : STATUS_USAGE;
    if (status != STATUS_OK)
        return status;
    status = session_open(&session, invocation, SESSION_RULES | SESSION_LINT, NULL);
    if (status != STATUS_OK)
        return status;
    document_lint(session.rules, &session.document_options, &session.diagnostics);
    lint_views(&session);
    consent_lint(session.rules, session_consent(session.arena, NULL), &session.diagnostics);
    lint_fixtures(&session);
    if (invocation_has(invocation, "strict"))
        lint_references(&session);
    keep_wanted(&session, &layers);
    diagnostics_sort(&session.diagnostics);
    status = session.diagnostics.errors ? STATUS_NO : STATUS_OK;
    diagnostics_cap(&session.diagnostics, DIAGNOSTICS_LIMIT);
    format->write(&out, &session.diagnostics, &session.writer_options);
    status = output(&out, status);
    session.diagnostics = (struct diagnostics){.arena = session.arena};
    return session_close(&session, status);
}

extern const struct command command_lint;
const struct command command_lint = {"lint", "[FILE | DIR ...]", "errors and doubtful places in rules", options, NULL,
                                     run};
