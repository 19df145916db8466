/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * median RUNS COMMAND...: times whole processes. Each COMMAND is one string, split at spaces, run without a shell, its
 * output thrown away. The commands take turns, so that a machine's change of pace hits all alike. Prints for each the
 * median of its wall-clock times, its ratio to the first, and its peak memory.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MAX_WORDS = 32 };

struct subject {
    const char *text;
    char *words[MAX_WORDS + 1];
    double *times;
    long peak_kib;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void split(struct subject *subject, char *text)
{
    size_t count = 0;
    subject->text = strdup(text);
    for (char *word = strtok(text, " "); word && count < MAX_WORDS; word = strtok(NULL, " "))
        subject->words[count++] = word;
}

static int run(struct subject *subject, double *ret_time)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    struct rusage usage;
    double start = now();
    int error = posix_spawnp(&child, subject->words[0], &actions, NULL, subject->words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        return error;
    wait4(child, NULL, 0, &usage);
    *ret_time = now() - start;
    if (usage.ru_maxrss > subject->peak_kib)
        subject->peak_kib = usage.ru_maxrss;
    return 0;
}

static int compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static double median(struct subject *subject, int runs)
{
    qsort(subject->times, (size_t)runs, sizeof *subject->times, compare);
    return subject->times[runs / 2];
}

int main(int argc, char **argv)
{
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    int count = argc - 2;
    if (runs < 1 || count < 1) {
        fprintf(stderr, "usage: median RUNS COMMAND...\n");
        return 2;
    }
    struct subject *subjects = calloc((size_t)count, sizeof *subjects);
    for (int i = 0; i < count; i++) {
        split(&subjects[i], argv[i + 2]);
        subjects[i].times = calloc((size_t)runs, sizeof(double));
        double warm_up = 0;
        if (run(&subjects[i], &warm_up))
            fprintf(stderr, "cannot run %s\n", subjects[i].text);
    }
    for (int round = 0; round < runs; round++)
        for (int i = 0; i < count; i++)
            if (run(&subjects[i], &subjects[i].times[round]))
                subjects[i].times[round] = 0;
    double first = median(&subjects[0], runs);
    printf("%10s %8s %10s  command (median of %d)\n", "ms", "ratio", "peak KiB", runs);
    for (int i = 0; i < count; i++) {
        double time = median(&subjects[i], runs);
        printf("%10.3f %8.2f %10ld  %s\n", time, time / first, subjects[i].peak_kib, subjects[i].text);
    }
    return 0;
}
