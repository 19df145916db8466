/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock, memory and children: kernel calls that end what nobody else would. */
#include "cli/guard.h"

#include "base/budget.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/confine.h"
#include "root/runner.h"
#include "session/places.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Memory beside the budget: the program itself and its libraries. The clock strikes after all others had their say. */
enum { OWN_MIB = 48, LATE = 1000, CHILD_EXHAUSTED = 99, CHILD_UNHEARD };

static char time_up[96];

static void say(const char *message)
{
    if (write(STDERR_FILENO, message, strlen(message)) < 0)
        return;
}

static void on_alarm(int number)
{
    (void)number;
    say(time_up);
    _exit(STATUS_FAILED);
}

static void on_exhausted(void)
{
    say("hvprobe: out of memory: a run may take 512 MiB of it\n");
    _exit(STATUS_FAILED);
}

static void on_child_exhausted(void)
{
    _exit(CHILD_EXHAUSTED);
}

enum status guard_time(const struct invocation *invocation, int64_t *ret_milliseconds)
{
    const char *given = invocation_value(invocation, "timeout");
    *ret_milliseconds = (int64_t)BUDGET_SECONDS * 1000;
    if (!given || text_milliseconds(given, ret_milliseconds))
        return STATUS_OK;
    complain("--timeout takes seconds, 0 for no end, not '%s'", given);
    return STATUS_USAGE;
}

static bool finished;

/* A library that has no memory may end the process with a status of its own, which would be an answer of ours. */
static void on_exit_of_others(void)
{
    if (!finished)
        _exit(STATUS_FAILED);
}

void guard_memory(void)
{
    memory_set_handler(on_exhausted);
    atexit(on_exit_of_others);
}

void guard_finish(void)
{
    finished = true;
}

/* Bounds memory, and the time until guard_stop unless milliseconds is 0. Exhausted memory and time end with
 * STATUS_FAILED. */
static void guard_start(int64_t milliseconds, bool many)
{
    const rlim_t bytes = (rlim_t)(BUDGET_MIB + OWN_MIB) * 1024 * 1024;
    if (!many && !confine_is_watched()) /* many share the process, each with a budget of its own */
        setrlimit(RLIMIT_DATA, &(struct rlimit){bytes, bytes});
    if (milliseconds == 0)
        return;
    const int64_t last = milliseconds + budget_grace_of(milliseconds) + LATE;
    snprintf(time_up, sizeof(time_up), "hvprobe: the time is up (--timeout %g)\n", (double)milliseconds / 1000);
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {last / 1000, last % 1000 * 1000}}, NULL);
}

void guard_add_parent(struct arena *arena, struct vec *places, const char *path)
{
    const char *slash = strrchr(path, '/');
    while (slash && slash > path && !file_is_directory(path = arena_strndup(arena, path, (size_t)(slash - path)), true))
        slash = strrchr(path, '/');
    vec_push(arena, places, !slash ? "." : slash == path || !*path ? "/" : path);
}

/* The cache, and what the command says. */
static const char *const *writable_places(const struct invocation *invocation)
{
    struct arena *arena = invocation->arena;
    const struct command *command = invocation->command;
    const char *cache = places_cache(arena);
    struct vec places = {0};
    if (cache && file_is_directory(cache, true))
        vec_push(arena, &places, cache);
    else if (cache)
        guard_add_parent(arena, &places, cache);
    for (const struct option_kind *option = command ? command->options : NULL; option && option->name; option++)
        if (option->writes && invocation_has(invocation, option->name))
            guard_add_parent(arena, &places, invocation_value(invocation, option->name));
    if (command && command->places)
        command->places(invocation, &places);
    vec_push(arena, &places, NULL);
    return (const char *const *)places.items;
}

struct confinement guard_confine(struct invocation *invocation)
{
    if (confine_is_watched())
        return (struct confinement){0};
    if (invocation_has(invocation, "exec"))
        invocation->runner = runner_start();
    return confine(writable_places(invocation));
}

void guard_begin(struct invocation *invocation)
{
    const int64_t whole = invocation->command->many ? 0 : invocation->milliseconds;
    budget_begin(&invocation->budget, whole);
    guard_start(whole, invocation->command->many);
    guard_confine(invocation);
}

void guard_stop(void)
{
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
}

_Noreturn static void be_child(int pipe, enum status (*work)(void *data), void *data, const struct buf *out)
{
    const size_t before = out->length;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    memory_set_handler(on_child_exhausted);
    enum status status = work(data);
    if (file_write_all(pipe, out->data + before, out->length - before) < 0)
        _exit(CHILD_UNHEARD);
    fflush(NULL);
    _exit((int)status);
}

static int wait_left(void)
{
    const int64_t left = budget_left();
    return left > 60 * 1000 ? 60 * 1000 : (int)left;
}

/* Takes over what it writes. NULL: it ended; else why nobody waits for that. */
static const char *collect(int pipe, struct buf *out)
{
    char data[16 * 1024];
    for (;;) {
        struct pollfd waiting = {.fd = pipe, .events = POLLIN};
        int ready = poll(&waiting, 1, wait_left());
        if (ready == 0 && budget_left() == 0)
            return budget_spent() ? budget_spent() : "the time is up";
        ssize_t got = ready > 0 ? read(pipe, data, sizeof(data)) : -1;
        if (got == 0)
            return NULL;
        if (ready > 0 && got < 0 && errno != EINTR)
            return file_error(-errno);
        if (got > 0)
            buf_add_n(out, data, (size_t)got);
    }
}

static enum status status_of(const char *name, int ended)
{
    if (WIFEXITED(ended) && WEXITSTATUS(ended) <= STATUS_FAILED)
        return (enum status)WEXITSTATUS(ended);
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == CHILD_EXHAUSTED)
        complain("%s: takes more than %d MiB of memory", name, BUDGET_MIB);
    else if (WIFSIGNALED(ended))
        complain("%s: ended by signal %d", name, WTERMSIG(ended));
    else
        complain("%s: ended with an error", name);
    return STATUS_FAILED;
}

enum status guard_child(const char *name, enum status (*work)(void *data), void *data, struct buf *out)
{
    int ends[2], ended = 0;
    fflush(NULL);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return work(data);
    const pid_t child = fork();
    if (child == 0)
        be_child(ends[1], work, data, out);
    close(ends[1]);
    const char *why = child < 0 ? NULL : collect(ends[0], out);
    close(ends[0]);
    if (child < 0)
        return work(data);
    if (why)
        kill(child, SIGKILL);
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
        continue;
    if (!why)
        return status_of(name, ended);
    complain("%s: %s", name, why);
    return STATUS_FAILED;
}
