/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of rules: finds the cases, has them run by a team of threads, reports. */
#include "test/test.h"
#include "base/file.h"
#include "base/team.h"
#include "base/text.h"
#include "cli/command.h"

#include <stdlib.h>
#include <unistd.h>

static const struct option_kind options[] = {
    {"format", 0, "FORMAT", "text (default), tap or junit", false},
    {"update", 0, NULL,
     "write what comes out to expect.xml and into case.yaml (look at the difference before you keep it)", false},
    {"coverage", 0, NULL, "say which facts, candidates, conditions and entries no case exercises", false},
    LAYER_OPTION("coverage of rules in this directory; default: those of --rules and beside the cases, else all"),
    {"mutate", 0, NULL, "take away one observed file at a time; say whose files nobody misses", false},
    {NULL, 0, NULL, NULL, false},
};

/* All that the threads work on. */
struct cases {
    struct test_plan plan;
    struct vec fixtures; /* of struct fixture */
    struct vec layers;   /* of char: whose coverage is told; none: all */
    struct outcome *outcomes;
    struct worker *workers;
    const struct test_format *format;
    struct buf out;
    bool progress;
    size_t failed;
};

static bool take_case(void *context, size_t number, size_t slot)
{
    const struct cases *cases = context;
    (void)slot; /* there is one for each */
    return number < cases->fixtures.count;
}

static void run_case(void *context, size_t member, size_t slot)
{
    const struct cases *cases = context;
    test_run(&cases->workers[member], cases->fixtures.items[slot], &cases->outcomes[slot]);
}

static void show_progress(const struct cases *cases, size_t done)
{
    fprintf(stderr, "\r%zu of %zu%s", done, cases->fixtures.count, cases->failed ? "" : "\033[K");
    if (cases->failed)
        fprintf(stderr, ", %zu failed\033[K", cases->failed);
    if (done == cases->fixtures.count)
        fputs("\r\033[K", stderr);
}

/* Outcomes in order, as they come. */
static bool report_case(void *context, size_t slot, size_t done)
{
    struct cases *cases = context;
    cases->failed += !cases->outcomes[slot].passed;
    cases->format->add(&cases->out, &cases->outcomes[slot], slot + 1);
    if (cases->progress)
        show_progress(cases, done);
    return true;
}

static void add_notes(const struct cases *cases, struct arena *arena, size_t count, struct buf *notes)
{
    for (size_t i = 1; i < count; i++)
        coverage_merge(&cases->workers[0].coverage, &cases->workers[i].coverage);
    if (cases->plan.coverage)
        coverage_report(notes, &cases->workers[0].coverage, cases->plan.rules, &cases->layers);
    if (cases->plan.mutate)
        mutations_report(notes, arena, cases->workers, count);
}

static void finish(struct cases *cases, struct arena *arena, size_t jobs)
{
    AUTO(buf_free) struct buf notes = BUF_INIT;
    add_notes(cases, arena, jobs, &notes);
    cases->format->finish(&cases->out, cases->outcomes, cases->fixtures.count, buf_text(&notes));
    for (size_t i = 0; i < cases->fixtures.count; i++)
        buf_free(&cases->outcomes[i].details);
}

static enum status run_team(struct cases *cases, struct arena *arena, size_t jobs)
{
    const size_t count = cases->fixtures.count;
    const struct team_task task = {cases, count, jobs, take_case, run_case, report_case};
    cases->workers = arena_alloc(arena, jobs * sizeof *cases->workers);
    cases->progress = isatty(STDERR_FILENO) && !terminal_is_dumb();
    for (size_t i = 0; i < jobs; i++) {
        struct arena *own = arena_new();
        cases->workers[i] =
            (struct worker){.plan = &cases->plan, .arena = own, .coverage = {.arena = own}, .grammars = {.arena = own}};
    }
    cases->format->start(&cases->out, count);
    const bool ran = team_run(&task);
    if (!ran)
        complain("no thread can be started");
    else
        finish(cases, arena, jobs);
    for (size_t i = 0; i < jobs; i++)
        arena_free(cases->workers[i].arena);
    enum status status = ran ? output_text(&cases->out, cases->failed ? STATUS_NO : STATUS_OK) : STATUS_FAILED;
    buf_free(&cases->out);
    return status;
}

static bool has_rule_files(struct arena *arena, const char *directory)
{
    struct vec names = {0};
    file_list(arena, directory, &names);
    for (size_t i = 0; i < names.count; i++)
        if (text_ends(names.items[i], ".yaml") && !text_equal(names.items[i], "case.yaml"))
            return true;
    return false;
}

/* Rules that lie beside the cases are tested too: DIR/rules, or rule files in DIR. */
static void add_rules_of(struct invocation *invocation, const char *directory)
{
    struct arena *arena = invocation->arena;
    const char *rules = arena_printf(arena, "%s/rules", directory);
    struct filter_value *given = arena_new_object(arena, struct filter_value);
    if (!file_is_directory(rules, true))
        rules = has_rule_files(arena, directory) ? directory : NULL;
    if (!rules || layer_of_directory(invocation, rules))
        return;
    *given = (struct filter_value){"rules", rules};
    vec_push(arena, &invocation->given, given);
}

static enum status find_below(struct invocation *invocation, struct cases *cases, const char *directory)
{
    struct arena *arena = invocation->arena;
    const char *tests = arena_printf(arena, "%s/tests/rules", directory);
    if (!file_is_directory(directory, true)) {
        complain("%s is not a directory", directory);
        return STATUS_USAGE;
    }
    add_rules_of(invocation, directory);
    size_t before = cases->fixtures.count;
    fixtures_find(arena, file_is_directory(tests, true) ? tests : directory, &cases->fixtures);
    if (cases->fixtures.count > before)
        return STATUS_OK;
    complain("there is no test case in %s; a case is a folder RULE/CASE with case.yaml, or with root/ or snapshot/ and "
             "expect.xml",
             directory);
    return STATUS_USAGE;
}

static enum status find_cases(struct invocation *invocation, struct cases *cases)
{
    const char *tree = fixtures_of_build_tree(invocation->arena);
    bool here = invocation->word_count > 0 || file_is_directory("tests/rules", true) || !tree;
    enum status status = STATUS_OK;
    if (invocation->word_count == 0)
        return find_below(invocation, cases, here ? "." : tree);
    for (size_t i = 0; status == STATUS_OK && i < invocation->word_count; i++)
        status = find_below(invocation, cases, invocation->words[i]);
    return status;
}

static enum status run_cases(struct session *session, struct cases *cases, size_t jobs)
{
    struct arena *arena = session->arena;
    const size_t count = cases->fixtures.count;
    cases->plan.rules = session->rules;
    cases->plan.documents = session->document_options;
    cases->plan.reach = reach_new(&cases->plan);
    cases->outcomes = arena_alloc(arena, count * sizeof *cases->outcomes);
    enum status status = run_team(cases, arena, jobs < count ? jobs : count);
    reach_free(cases->plan.reach);
    return status;
}

/* Who has rules of their own wants to hear of these. */
static enum status choose_layers(const struct invocation *invocation, struct cases *cases)
{
    const char *const *given = invocation_values(invocation, "rules");
    const enum status status = layers_asked(invocation, &cases->layers);
    if (status != STATUS_OK || cases->layers.count > 0)
        return status;
    for (; given && *given; given++) {
        const char *layer = layer_of_directory(invocation, *given);
        if (layer)
            vec_push(invocation->arena, &cases->layers, layer);
    }
    return STATUS_OK;
}

static enum status run(struct invocation *invocation)
{
    struct cases cases = {.format = test_format_find(invocation_value(invocation, "format"))};
    struct session session;
    if (!cases.format) {
        complain("test has no format '%s'; there are text, tap and junit", invocation_value(invocation, "format"));
        return STATUS_USAGE;
    }
    enum status status = find_cases(invocation, &cases);
    if (status == STATUS_OK)
        status = choose_layers(invocation, &cases);
    if (status != STATUS_OK)
        return status;
    cases.plan.milliseconds = invocation->milliseconds;
    cases.plan.update = invocation_has(invocation, "update");
    cases.plan.coverage = invocation_has(invocation, "coverage") || invocation_value(invocation, "layer");
    cases.plan.mutate = invocation_has(invocation, "mutate");
    status = session_open(&session, invocation, SESSION_RULES, NULL);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, run_cases(&session, &cases, team_size(invocation_value(invocation, "jobs"))));
}

/* --update writes beside the cases. */
static void add_places(const struct invocation *invocation, struct vec *places)
{
    const char *tests = fixtures_of_build_tree(invocation->arena);
    vec_push(invocation->arena, places, ".");
    for (size_t i = 0; i < invocation->word_count; i++)
        vec_push(invocation->arena, places, invocation->words[i]);
    if (tests)
        vec_push(invocation->arena, places, tests);
}

extern const struct command command_test;
const struct command command_test = {"test",
                                     "[DIR ...]",
                                     "runs the test cases of rules: each a host, and what must be said of it",
                                     options,
                                     NULL,
                                     run,
                                     .many = true,
                                     .places = add_places};
