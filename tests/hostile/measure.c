/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* measure SECONDS FILE PROGRAM ARGUMENTS...: runs it; writes its status (124: killed when the time was up), milliseconds and
 * largest resident size in KiB, children included, to FILE. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;
static volatile sig_atomic_t late;

static void stop(int number)
{
    (void)number;
    late = 1;
    kill(-child, SIGKILL);
}

int main(int argc, char **argv)
{
    struct timespec start, end;
    struct rusage one, others;
    int status = 0;
    FILE *file = argc > 3 ? fopen(argv[2], "w") : NULL;

    if (!file)
        return 2;
    clock_gettime(CLOCK_MONOTONIC, &start);
    child = fork();
    if (child == 0) {
        setpgid(0, 0);
        execv(argv[3], argv + 3);
        _exit(127);
    }
    setpgid(child, child);
    signal(SIGALRM, stop);
    alarm((unsigned)atoi(argv[1]));
    while (wait4(child, &status, 0, &one) < 0)
        continue;
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_CHILDREN, &others);
    status = late ? 124 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    fprintf(file, "%d %ld %ld\n", status, (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000,
            others.ru_maxrss);
    return fclose(file) ? 2 : status;
}
