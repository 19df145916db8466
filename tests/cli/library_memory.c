/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The library where memory ends: library_memory ROOT [STEP]. In processes of its own, each with STEP KiB more than the
 * one before until there is enough, it asks for the capabilities of ROOT. A whole answer, an error, or abort() where
 * the header says so: never another signal, a wrong answer, or a part of one that is said to be all. Prints how many of
 * each.
 */
#include <hvprobe.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WHOLE, INCOMPLETE, REFUSED, WRONG, KINDS, MOST_KIB = 64 * 1024 };

static int ask(const hvp_options *options, const char *good)
{
    hvp_error error;
    char *text = hvp_capabilities(options, &error);

    if (error.status == HVP_OK)
        return text && strcmp(text, good) == 0 ? WHOLE : WRONG;
    if (error.status != HVP_FAILED || !*error.message)
        return WRONG;
    return text ? INCOMPLETE : REFUSED;
}

/* What the process has of data now, in bytes: VmData of proc_pid_status(5). */
static rlim_t data_now(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long kib = 0;

    while (file && fgets(line, sizeof(line), file) && sscanf(line, "VmData: %lu", &kib) != 1)
        continue;
    if (file)
        fclose(file);
    return (rlim_t)kib * 1024;
}

static int try(const hvp_options *options, const char *good, long kib)
{
    int status = 0;
    const pid_t child = fork();

    if (child == 0) {
        const rlim_t limit = data_now() + (rlim_t)kib * 1024;
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setrlimit(RLIMIT_DATA, &(struct rlimit){limit, limit});
        if (!freopen("/dev/null", "w", stderr))
            _exit(WRONG);
        _exit(ask(options, good));
    }
    if (waitpid(child, &status, 0) != child)
        return WRONG;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGABRT ? KINDS : WRONG;
    return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    hvp_options *options = hvp_options_new();
    const long step = argc > 2 ? atol(argv[2]) : 64;
    int counts[KINDS + 1] = {0}, kind = KINDS;

    if (argc < 2)
        return 2;
    hvp_options_set(options, HVP_OPTION_ROOT, argv[1], NULL);
    hvp_options_set(options, HVP_OPTION_CACHE, "", NULL);
    char *good = hvp_capabilities(options, NULL);
    if (!good)
        return 2;
    for (long kib = 0; kib < MOST_KIB && kind != WHOLE; kib += step)
        counts[kind = try(options, good, kib)]++;
    printf("whole %d, incomplete %d, refused %d, aborted %d, wrong %d\n", counts[WHOLE], counts[INCOMPLETE],
           counts[REFUSED], counts[KINDS], counts[WRONG]);
    hvp_free(good);
    hvp_options_free(options);
    return counts[WRONG] > 0 || kind != WHOLE;
}
