/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of rules: finds the cases, shares them out among threads, reports in order. */
#include "cli/test.h"
#include "base/file.h"
#include "base/text.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { JOB_LIMIT = 256 };

static const struct option_kind options[] = {
    {"format", 0, "FORMAT", "text (default), tap or junit", false},
    {"update", 0, NULL,
     "write what comes out to expect.xml and into case.yaml (look at the difference before you keep it)", false},
    {"coverage", 0, NULL, "say which facts, candidates, conditions and entries no case exercises", false},
    {"mutate", 0, NULL, "take away one observed file at a time; say whose files nobody misses", false},
    {NULL, 0, NULL, NULL, false},
};

/* All that the threads work on. */
struct team {
    struct test_plan plan;
    struct vec fixtures; /* of struct fixture */
    struct outcome *outcomes;
    const struct test_format *format;
    atomic_size_t next;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool *done; /* with the lock */
    size_t done_count;
};

struct member {
    struct team *team;
    struct worker worker;
    pthread_t thread;
};

static void *work(void *data)
{
    struct member *member = data;
    struct team *team = member->team;
    for (;;) {
        size_t number = atomic_fetch_add(&team->next, 1);
        if (number >= team->fixtures.count)
            return NULL;
        test_run(&member->worker, team->fixtures.items[number], &team->outcomes[number]);
        pthread_mutex_lock(&team->lock);
        team->done[number] = true;
        team->done_count++;
        pthread_cond_signal(&team->changed);
        pthread_mutex_unlock(&team->lock);
    }
}

static void show_progress(const struct team *team, size_t done, size_t failed)
{
    fprintf(stderr, "\r%zu of %zu%s", done, team->fixtures.count, failed ? "" : "\033[K");
    if (failed)
        fprintf(stderr, ", %zu failed\033[K", failed);
    if (done == team->fixtures.count)
        fputs("\r\033[K", stderr);
}

/* Outcomes in order, as they come. */
static void report(struct team *team, struct buf *out)
{
    bool progress = isatty(STDERR_FILENO) && !terminal_is_dumb();
    size_t failed = 0;
    team->format->start(out, team->fixtures.count);
    for (size_t number = 0; number < team->fixtures.count; number++) {
        pthread_mutex_lock(&team->lock);
        while (!team->done[number])
            pthread_cond_wait(&team->changed, &team->lock);
        size_t done = team->done_count;
        pthread_mutex_unlock(&team->lock);
        failed += !team->outcomes[number].passed;
        team->format->add(out, &team->outcomes[number], number + 1);
        if (progress)
            show_progress(team, done, failed);
    }
}

static void add_notes(struct team *team, struct arena *arena, struct member *members, size_t count, struct buf *notes)
{
    struct worker *workers = arena_alloc(arena, count * sizeof *workers);
    for (size_t i = 0; i < count; i++) {
        workers[i] = members[i].worker;
        if (i > 0)
            coverage_merge(&workers[0].coverage, &workers[i].coverage);
    }
    if (team->plan.coverage)
        coverage_report(notes, &workers[0].coverage, team->plan.rules);
    if (team->plan.mutate)
        mutations_report(notes, arena, workers, count);
}

static enum status run_team(struct team *team, struct arena *arena, size_t jobs)
{
    struct member *members = arena_alloc(arena, jobs * sizeof *members);
    AUTO(buf_free) struct buf out = BUF_INIT;
    AUTO(buf_free) struct buf notes = BUF_INIT;
    size_t started = 0, failed = 0;
    for (; started < jobs; started++) {
        struct member *member = &members[started];
        struct arena *own = arena_new();
        member->team = team;
        member->worker =
            (struct worker){.plan = &team->plan, .arena = own, .coverage = {.arena = own}, .grammars = {.arena = own}};
        if (pthread_create(&member->thread, NULL, work, member) == 0)
            continue;
        arena_free(own);
        break;
    }
    if (started == 0) {
        complain("no thread can be started");
        return STATUS_FAILED;
    }
    report(team, &out);
    for (size_t i = 0; i < started; i++)
        pthread_join(members[i].thread, NULL);
    add_notes(team, arena, members, started, &notes);
    team->format->finish(&out, team->outcomes, team->fixtures.count, buf_text(&notes));
    for (size_t i = 0; i < team->fixtures.count; i++) {
        failed += !team->outcomes[i].passed;
        buf_free(&team->outcomes[i].details);
    }
    for (size_t i = 0; i < started; i++)
        arena_free(members[i].worker.arena);
    return output_text(&out, failed ? STATUS_NO : STATUS_OK);
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

static bool is_layer(struct invocation *invocation, const char *directory)
{
    char wanted[PATH_MAX], found[PATH_MAX];
    const char *const *layer = rule_layers(invocation->arena, invocation);
    for (; realpath(directory, wanted) && *layer; layer++)
        if (realpath(*layer, found) && text_equal(wanted, found))
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
    if (!rules || is_layer(invocation, rules))
        return;
    *given = (struct filter_value){"rules", rules};
    vec_push(arena, &invocation->given, given);
}

static enum status find_below(struct invocation *invocation, struct team *team, const char *directory)
{
    struct arena *arena = invocation->arena;
    const char *tests = arena_printf(arena, "%s/tests/rules", directory);
    if (!file_is_directory(directory, true)) {
        complain("%s is not a directory", directory);
        return STATUS_USAGE;
    }
    add_rules_of(invocation, directory);
    size_t before = team->fixtures.count;
    fixtures_find(arena, file_is_directory(tests, true) ? tests : directory, &team->fixtures);
    if (team->fixtures.count > before)
        return STATUS_OK;
    complain("there is no test case in %s; a case is a folder RULE/CASE with case.yaml, or with root/ or snapshot/ and "
             "expect.xml",
             directory);
    return STATUS_USAGE;
}

static enum status find_cases(struct invocation *invocation, struct team *team)
{
    const char *tree = fixtures_of_build_tree(invocation->arena);
    bool here = invocation->word_count > 0 || file_is_directory("tests/rules", true) || !tree;
    enum status status = STATUS_OK;
    if (invocation->word_count == 0)
        return find_below(invocation, team, here ? "." : tree);
    for (size_t i = 0; status == STATUS_OK && i < invocation->word_count; i++)
        status = find_below(invocation, team, invocation->words[i]);
    return status;
}

static size_t count_jobs(const struct invocation *invocation)
{
    const char *given = invocation_value(invocation, "jobs");
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t jobs = online > 0 ? online : 1;
    if (given)
        text_number(given, &jobs);
    return jobs > JOB_LIMIT ? JOB_LIMIT : (size_t)jobs;
}

static enum status run_cases(struct session *session, struct team *team, size_t jobs)
{
    struct arena *arena = session->arena;
    size_t count = team->fixtures.count;
    team->plan.rules = session->rules;
    team->plan.documents = session->document_options;
    team->plan.reach = reach_new(&team->plan);
    team->outcomes = arena_alloc(arena, count * sizeof *team->outcomes);
    team->done = arena_alloc(arena, count * sizeof *team->done);
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->changed, NULL);
    enum status status = run_team(team, arena, jobs < count ? jobs : count);
    pthread_cond_destroy(&team->changed);
    pthread_mutex_destroy(&team->lock);
    reach_free(team->plan.reach);
    return status;
}

static enum status run(struct invocation *invocation)
{
    struct team team = {.format = test_format_find(invocation_value(invocation, "format"))};
    struct session session;
    enum status status = team.format ? find_cases(invocation, &team) : STATUS_USAGE;
    if (status != STATUS_OK)
        return status;
    team.plan.update = invocation_has(invocation, "update");
    team.plan.coverage = invocation_has(invocation, "coverage");
    team.plan.mutate = invocation_has(invocation, "mutate");
    status = session_open(&session, invocation, SESSION_RULES, NULL);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, run_cases(&session, &team, count_jobs(invocation)));
}

extern const struct command command_test;
const struct command command_test = {
    "test", "[DIR ...]", "runs the test cases of rules: each a host, and what must be said of it", options, NULL, run};
