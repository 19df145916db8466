/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One test case from its folder to an outcome. */
#include "base/budget.h"
#include "test/test.h"

#include <string.h>
#include <time.h>

static void add_diagnostics(struct buf *problems, struct diagnostics *list)
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
    add_diagnostics(problems, &diagnostics);
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
    struct pointer_set *set = verdict == VERDICT_YES ? &coverage->held : &coverage->failed;
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

static void run_case(struct worker *worker, struct arena *arena, const struct test_case *test, struct outcome *outcome)
{
    struct test_plan *plan = worker->plan;
    struct root *root = test_case_root(arena, test, &outcome->details);
    struct trial trial = {.worker = worker, .arena = arena, .test = test};
    if (!root)
        return;
    trial.speakers = reach_speakers(plan->reach, arena, test, root, plan->coverage ? &worker->coverage : NULL);
    AUTO(budget_end) struct budget budget;
    budget_begin(&budget, plan->milliseconds);
    if (trial_start(&trial, root, &outcome->details)) {
        test_judge(&trial, &outcome->details, &outcome->updated);
        add_diagnostics(&outcome->details, &trial.diagnostics);
    }
    outcome->passed = outcome->details.length == 0;
    if (outcome->passed && plan->coverage)
        coverage_take(&worker->coverage, &trial);
    run_free(trial.run);
    if (outcome->passed && plan->mutate)
        test_mutate(worker, arena, test, root);
    root_close(root);
}

void test_run(struct worker *worker, const struct fixture *fixture, struct outcome *outcome)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    outcome->name = fixture->name;
    outcome->folder = fixture->folder;
    const struct test_case *test = test_case_load(arena, worker->plan->rules, fixture, &outcome->details);
    if (test)
        run_case(worker, arena, test, outcome);
    clock_gettime(CLOCK_MONOTONIC, &end);
    outcome->seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}
