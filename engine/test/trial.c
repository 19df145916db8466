/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host of a test case, and a run on it. */
#include "test/test.h"

#include <string.h>

void trial_diagnostics(struct buf *problems, struct diagnostics *list)
{
    diagnostics_sort(list);
    diagnostics_cap(list, DIAGNOSTICS_LIMIT);
    diagnostics_write(problems, list, false);
    *list = (struct diagnostics){.arena = list->arena};
}

struct root *test_case_root(struct arena *arena, const struct test_case *test, struct buf *problems)
{
    struct diagnostics diagnostics = {.arena = arena};
    const char *error = NULL;
    struct root *root = NULL;
    if (test->sections)
        root = root_open_sections(test->fixture->name, test->sections, &diagnostics);
    else if (test->snapshot)
        root = root_open_snapshot(arena, test->snapshot, &diagnostics, &error);
    else
        root = root_open_directory(arena, test->root, &error);
    if (error)
        buf_printf(problems, "%s\n", error);
    trial_diagnostics(problems, &diagnostics);
    if (root && test->arch)
        root_set_arch(root, test->arch);
    return root;
}

static const struct named_text *parameters_of(struct arena *arena, const struct test_case *test)
{
    struct named_text *parameters = arena_alloc(arena, (test->parameters.count + 1) * sizeof *parameters);
    for (size_t i = 0; i < test->parameters.count; i++)
        parameters[i] = *(const struct named_text *)test->parameters.items[i];
    return parameters;
}

struct run *test_case_run(struct arena *arena, const struct test_case *test, const struct rule_set *rules,
                          struct root *root, struct diagnostics *diagnostics)
{
    const struct run_options options = {
        .exec = test->exec, .trace = true, .parameters = parameters_of(arena, test), .lang = test->lang};
    return run_new(rules, root, &options, diagnostics);
}

static const char *const *list_of(struct arena *arena, const struct vec *texts)
{
    const char **list = arena_alloc(arena, (texts->count + 1) * sizeof *list);
    memcpy(list, texts->items, texts->count * sizeof *list);
    return list;
}

/* struct trial as a watch: conditions go to the coverage, rules are looked up among those that may speak. */
static void see_condition(void *data, const struct condition *condition, enum verdict verdict)
{
    struct trial *trial = data;
    struct coverage *coverage = &trial->worker->coverage;
    struct number_map *set = verdict == VERDICT_YES ? &coverage->held : &coverage->failed;
    if (trial->worker->plan->coverage && verdict != VERDICT_UNKNOWN)
        pointer_set_add(coverage->arena, set, condition);
}

static bool may_speak(void *data, const struct rule *rule)
{
    const struct trial *trial = data;
    return !trial->speakers || pointer_set_has(trial->speakers, rule);
}

bool trial_start(struct trial *trial, struct root *root, struct buf *problems)
{
    const struct test_plan *plan = trial->worker->plan;
    const struct run_watch watch = {see_condition, may_speak, trial};
    const char *error = NULL;
    struct document_options documents = plan->documents;
    if (trial->test->checks.count)
        documents.rules = list_of(trial->arena, &trial->test->checks);
    trial->root = root;
    trial->diagnostics = (struct diagnostics){.arena = trial->arena};
    trial->run = test_case_run(trial->arena, trial->test, plan->rules, root, &trial->diagnostics);
    run_set_watch(trial->run, &watch);
    trial->document = document_build(trial->run, trial->test->document, &documents, &error);
    if (!trial->document)
        buf_printf(problems, "%s\n", error);
    return trial->document != NULL;
}
