/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads, a ring of slots, and who may do what when. */
#include "base/team.h"

#include "base/text.h"

#include <pthread.h>
#include <unistd.h>

enum { JOB_LIMIT = 256 };

struct team {
    const struct team_task *task;
    struct arena *arena;
    pthread_mutex_t taking; /* whoever takes the next thing, which may have to be waited for */
    pthread_mutex_t lock;   /* of all below */
    pthread_cond_t changed;
    size_t taken, done, given;
    bool ended;  /* nothing more is to be taken */
    bool *ready; /* by slot: worked on and not handed over */
};

struct member {
    struct team *team;
    size_t number;
    pthread_t thread;
};

size_t team_size(const char *given)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t jobs = online > 0 ? online : 1;
    if (given)
        text_number(given, &jobs);
    return jobs > JOB_LIMIT ? JOB_LIMIT : (size_t)jobs;
}

static void wait_for_slot(struct team *team)
{
    pthread_mutex_lock(&team->lock);
    while (!team->ended && team->taken - team->given >= team->task->slots)
        pthread_cond_wait(&team->changed, &team->lock);
    pthread_mutex_unlock(&team->lock);
}

static void end(struct team *team)
{
    pthread_mutex_lock(&team->lock);
    team->ended = true;
    pthread_cond_broadcast(&team->changed);
    pthread_mutex_unlock(&team->lock);
}

/* Only who takes changes taken, and nobody else may take meanwhile. */
static bool take(struct team *team, size_t *ret_slot)
{
    pthread_mutex_lock(&team->taking);
    wait_for_slot(team);
    *ret_slot = team->taken % team->task->slots;
    const bool more = !team->ended && team->task->take(team->task->context, team->taken, *ret_slot);
    if (more) {
        pthread_mutex_lock(&team->lock);
        team->taken++;
        pthread_mutex_unlock(&team->lock);
    } else {
        end(team);
    }
    pthread_mutex_unlock(&team->taking);
    return more;
}

static void *work(void *data)
{
    const struct member *member = data;
    struct team *team = member->team;
    memory_reuse();
    for (size_t slot; take(team, &slot);) {
        team->task->work(team->task->context, member->number, slot);
        pthread_mutex_lock(&team->lock);
        team->ready[slot] = true;
        team->done++;
        pthread_cond_broadcast(&team->changed);
        pthread_mutex_unlock(&team->lock);
    }
    memory_reuse_end();
    return NULL;
}

/* Is the next thing ready, or will there be none? */
static bool wait_for_next(struct team *team, size_t *ret_done)
{
    const size_t slot = team->given % team->task->slots;
    pthread_mutex_lock(&team->lock);
    while (!team->ready[slot] && !(team->ended && team->given == team->taken))
        pthread_cond_wait(&team->changed, &team->lock);
    const bool ready = team->ready[slot];
    *ret_done = team->done;
    pthread_mutex_unlock(&team->lock);
    return ready;
}

static void give_all(struct team *team)
{
    for (size_t done; wait_for_next(team, &done);) {
        const size_t slot = team->given % team->task->slots;
        const bool more = team->task->give(team->task->context, slot, done);
        pthread_mutex_lock(&team->lock);
        team->ready[slot] = false;
        team->given++;
        team->ended = team->ended || !more;
        pthread_cond_broadcast(&team->changed);
        pthread_mutex_unlock(&team->lock);
        if (!more)
            return;
    }
}

static bool run_members(struct team *team)
{
    struct member *members = arena_alloc(team->arena, team->task->members * sizeof *members);
    size_t started = 0;
    for (; started < team->task->members; started++) {
        members[started] = (struct member){.team = team, .number = started};
        if (pthread_create(&members[started].thread, NULL, work, &members[started]) != 0)
            break;
    }
    if (started > 0)
        give_all(team);
    for (size_t i = 0; i < started; i++)
        pthread_join(members[i].thread, NULL);
    return started > 0;
}

bool team_run(const struct team_task *task)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct team team = {.task = task, .arena = arena, .ready = arena_alloc(arena, task->slots * sizeof(bool))};
    pthread_mutex_init(&team.taking, NULL);
    pthread_mutex_init(&team.lock, NULL);
    pthread_cond_init(&team.changed, NULL);
    const bool ran = run_members(&team);
    pthread_cond_destroy(&team.changed);
    pthread_mutex_destroy(&team.lock);
    pthread_mutex_destroy(&team.taking);
    return ran;
}
