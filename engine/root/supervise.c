/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A subreaper: what a program starts in a session of its own, and leaves, becomes our child, so that it is found and
 * ended. Formats: proc_pid_stat(5), getdents(2), prctl(2).
 */
#include "root/supervise.h"

#include "base/budget.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 4096, TICK = 20 * 1000 * 1000, ROUNDS = 2000, FIELD_PARENT = 4, FIELD_PAGES = 24 };

struct process {
    int number;
    int parent;
    uint64_t pages;
    bool ours;
};

/* On no heap, as that may be another thread's. */
struct census {
    struct process processes[PROCESSES];
    size_t count;
};

struct directory_entry { /* of getdents64 */
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static int number_of(const char *text)
{
    int number = 0;

    for (; *text >= '0' && *text <= '9'; text++)
        number = number * 10 + (*text - '0');
    return *text ? 0 : number;
}

/* The number in a field of a line; fields are counted behind the program's name, which may hold anything. */
static uint64_t field(const char *line, int wanted)
{
    const char *at = strrchr(line, ')');
    uint64_t number = 0;

    for (int i = 2; at && i < wanted; i++)
        at = strchr(at + 1, ' ');
    for (at = at ? at + 1 : ""; *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    return number;
}

static void count_process(struct census *census, int proc, const char *name)
{
    char path[32] = "", line[1024];
    const int number = number_of(name);

    if (number == 0 || census->count == PROCESSES || strlen(name) > 16)
        return;
    snprintf(path, sizeof(path), "%.16s/stat", name);
    const int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
    if (fd >= 0)
        close(fd);
    if (got <= 0)
        return;
    line[got] = '\0';
    census->processes[census->count++] =
        (struct process){number, (int)field(line, FIELD_PARENT), field(line, FIELD_PAGES), false};
}

static void count_all(struct census *census)
{
    _Alignas(struct directory_entry) char room[16 * 1024];
    const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long got;

    census->count = 0;
    while (proc >= 0 && (got = syscall(SYS_getdents64, proc, room, sizeof(room))) > 0)
        for (long at = 0; at < got; at += ((const struct directory_entry *)(const void *)(room + at))->length)
            count_process(census, proc, ((const struct directory_entry *)(const void *)(room + at))->name);
    if (proc >= 0)
        close(proc);
}

static bool is_ours(const struct census *census, int number)
{
    for (size_t i = 0; i < census->count; i++)
        if (census->processes[i].number == number)
            return census->processes[i].ours;
    return false;
}

/* Marks what stems from us, and gives their pages. */
static uint64_t mark(struct census *census)
{
    const int self = (int)getpid();
    uint64_t pages = 0;

    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < census->count; i++) {
            struct process *process = &census->processes[i];
            if (process->ours || (process->parent != self && !is_ours(census, process->parent)))
                continue;
            process->ours = more = true;
            pages += process->pages;
        }
    }
    return pages;
}

static bool takes_too_much(struct census *census)
{
    count_all(census);
    return mark(census) > (uint64_t)BUDGET_MIB * 1024 * 1024 / (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Until we have no child any more: those of the ended become ours. */
static void end_all(struct census *census, int child, int *ret_status)
{
    const struct timespec pause = {.tv_nsec = 1000000};

    kill(-child, SIGKILL);
    for (int round = 0; round < ROUNDS; round++) {
        int status = 0, ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
            *ret_status = ended == child ? status : *ret_status;
        if (ended < 0 && errno == ECHILD)
            return;
        count_all(census);
        mark(census);
        for (size_t i = 0; i < census->count; i++)
            if (census->processes[i].ours)
                kill(census->processes[i].number, SIGKILL);
        nanosleep(&pause, NULL);
    }
}

/* Has the child itself ended? It stays a zombie, so that its number stays its own. Others are forgotten. */
static bool has_ended(int child)
{
    siginfo_t info = {0};

    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0 && info.si_pid != child) {
        waitpid(info.si_pid, NULL, WNOHANG);
        info.si_pid = 0;
    }
    return info.si_pid == child;
}

static int follow(struct census *census, int child, const sigset_t *signals)
{
    const struct timespec tick = {.tv_nsec = TICK};

    while (!has_ended(child)) {
        siginfo_t got = {0};
        if (sigtimedwait(signals, &got, &tick) == SIGTERM)
            return -ETIMEDOUT;
        if (takes_too_much(census))
            return -ENOMEM;
    }
    return 0;
}

void supervise(int child, int failure, int report)
{
    struct census census;
    struct program_outcome outcome = {0, 0};
    sigset_t signals;
    int error = 0;

    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    const ssize_t got = read(failure, &error, sizeof(error));
    outcome.error = got == 0 ? follow(&census, child, &signals) : got > 0 && error < 0 ? error : -EIO;
    end_all(&census, child, &outcome.status);
    _exit(write(report, &outcome, sizeof(outcome)) == (ssize_t)sizeof(outcome) ? 0 : 1);
}
