/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One test case from its folder to an outcome. */
#include "base/budget.h"
#include "test/test.h"

#include <string.h>
#include <time.h>

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
        trial_diagnostics(&outcome->details, &trial.diagnostics);
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
