/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a program again and again, each time another call of a kind fails (shim.c makes it), and judges what it says.
 *
 * sweep SHIM STEP CALL ERROR MADE PROGRAM ARGUMENTS...
 * The first call fails, then the one STEP later. Of each run is asked that it ends within 20 seconds with a status of
 * ours; that it says no line that is not said otherwise, but that something is unknown, or the line without some of its
 * fields (explanations, lint and the long lines of batch differ honestly, and so does what is said with status 3, that
 * rules were left out); that there is not nothing, without a word
 * and with status 0, where there is something; and of MADE ("": none), the file or folder that it writes, gone before
 * each run, that it is there only when status and error output do not say that it failed, and nothing else beside it
 * (but after a lack of memory).
 * SWEEP_CACHE=FOLDER: each run has a copy of that folder for a cache, which is FOLDER.used; a run after it, without
 * faults, must say what is said without them: what a fault did to the cache may cost time, and change no answer. Prints
 * the number of calls, then NUMBER:PROBLEM for each run that is not so.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 20, LATE = 1000, LEFT_OUT = 3, LAST_STATUS = 5, FAULT_SIZE = 64, WALK = 16 };

static pid_t running;

struct output {
    int fd;
    char *text; /* NUL-terminated */
};

struct lines {
    char **items;
    size_t count;
};

struct sweep {
    const char *shim, *call, *error, *made, *counter;
    const char *kept; /* what the cache is a copy of; NULL: there is none */
    char cache[PATH_MAX];
    char **program;
    struct output out, err;
    struct lines whole;
    bool explains;
    int unchanged; /* the status without faults */
};

static void stop(int number)
{
    (void)number;
    kill(running, SIGKILL);
}

static void begin_output(struct output *output)
{
    free(output->text);
    output->text = NULL;
    if (ftruncate(output->fd, 0) < 0 || lseek(output->fd, 0, SEEK_SET) < 0)
        abort();
}

static void take_output(struct output *output)
{
    struct stat status;

    if (fstat(output->fd, &status) < 0 || !(output->text = calloc(1, (size_t)status.st_size + 1)) ||
        pread(output->fd, output->text, (size_t)status.st_size, 0) != status.st_size)
        abort();
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static void copy_file(const char *from, const char *to)
{
    char block[4096];
    const int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    for (ssize_t length; (length = read(in, block, sizeof(block))) > 0;)
        if (write(out, block, (size_t)length) != length)
            abort();
    close(in);
    close(out);
}

/* The files of a folder. */
static void renew_cache(const struct sweep *sweep)
{
    char from[PATH_MAX * 2], to[PATH_MAX * 2];
    DIR *directory = opendir(sweep->kept);

    nftw(sweep->cache, remove_one, WALK, FTW_DEPTH | FTW_PHYS);
    mkdir(sweep->cache, 0700);
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        snprintf(from, sizeof(from), "%s/%s", sweep->kept, entry->d_name);
        snprintf(to, sizeof(to), "%s/%s", sweep->cache, entry->d_name);
        if (*entry->d_name != '.')
            copy_file(from, to);
    }
    if (directory)
        closedir(directory);
}

/* The status as a shell has it. */
static int run(struct sweep *sweep, long number)
{
    char fault[FAULT_SIZE];
    int status;

    if (*sweep->made)
        nftw(sweep->made, remove_one, WALK, FTW_DEPTH | FTW_PHYS);
    begin_output(&sweep->out);
    begin_output(&sweep->err);
    snprintf(fault, sizeof(fault), "%s:%s@%ld", sweep->call, number ? sweep->error : "0", number);
    const pid_t child = fork();
    if (child == 0) {
        setenv("FAULT", fault, 1);
        setenv("FAULT_COUNT", sweep->counter, 1);
        setenv("LD_PRELOAD", sweep->shim, 1);
        if (sweep->kept)
            setenv("HVPROBE_CACHE", sweep->cache, 1);
        dup2(sweep->out.fd, STDOUT_FILENO);
        dup2(sweep->err.fd, STDERR_FILENO);
        execv(sweep->program[0], sweep->program);
        _exit(127);
    }
    running = child;
    alarm(SECONDS);
    while (waitpid(child, &status, 0) < 0)
        continue;
    const bool late = alarm(0) == 0;
    take_output(&sweep->out);
    take_output(&sweep->err);
    return late ? LATE : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Without the comma of JSON, which only says that more follows. */
static char *next_line(char **rest)
{
    char *line = strsep(rest, "\n");
    const size_t length = line ? strlen(line) : 0;

    if (length && line[length - 1] == ',')
        line[length - 1] = '\0';
    return line;
}

static struct lines sorted_lines(const char *text)
{
    struct lines lines = {calloc(strlen(text) + 1, sizeof(char *)), 0};

    for (char *rest = strdup(text), *line; (line = next_line(&rest));)
        lines.items[lines.count++] = line;
    qsort(lines.items, lines.count, sizeof(char *), compare_lines);
    return lines;
}

/* Is it the line without some of its fields or attributes: are its characters there, in their order? */
static bool is_part_of(const char *line, const char *whole)
{
    for (; *line && *whole; whole++)
        line += *line == *whole;
    return !*line;
}

static bool is_said_otherwise(const struct lines *whole, const char *line)
{
    if (bsearch(&line, whole->items, whole->count, sizeof(char *), compare_lines) || strcasestr(line, "unknown"))
        return true;
    for (size_t i = 0; i < whole->count; i++)
        if (is_part_of(line, whole->items[i]))
            return true;
    return false;
}

static bool says_more(const struct sweep *sweep)
{
    bool more = false;
    char *rest = strdup(sweep->out.text), *const start = rest;

    for (char *line; !more && (line = next_line(&rest));)
        more = !is_said_otherwise(&sweep->whole, line);
    free(start);
    return more;
}

/* How many things lie in the folder of what is made. */
static int beside(const char *made)
{
    char folder[PATH_MAX];
    struct dirent *entry;
    int count = 0;

    snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(made, '/') - made), made);
    DIR *directory = opendir(folder);
    while (directory && (entry = readdir(directory)))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (directory)
        closedir(directory);
    return count;
}

/* What is not whole yet has another name, and may lie about where it cannot be removed, or nobody is left to do so. */
static bool may_leave(const char *call)
{
    return strcmp(call, "remove") == 0 || strcmp(call, "alloc") == 0;
}

/* NULL: nothing is wrong. */
static const char *judge(const struct sweep *sweep, int got)
{
    const bool made = *sweep->made && access(sweep->made, F_OK) == 0;
    const bool failed = got > 1 && got != sweep->unchanged;

    if (got > LAST_STATUS)
        return got == LATE ? "hangs" : "crashes";
    if (!sweep->explains && got != LEFT_OUT && says_more(sweep))
        return "says-more";
    if (got == 0 && !*sweep->out.text && sweep->whole.count > 1 && !*sweep->err.text)
        return "empty";
    if (failed && !*sweep->err.text)
        return "fails-silently";
    if (made && failed && got != LEFT_OUT)
        return "half-written";
    if (*sweep->made && !made && !failed)
        return "not-written";
    if (*sweep->made && !may_leave(sweep->call) && beside(sweep->made) > made)
        return "leaves-something";
    return NULL;
}

/* The lines are the same, and so is the status; a cache that was not written is none. */
static const char *judge_after(struct sweep *sweep)
{
    const int got = run(sweep, 0);
    const struct lines now = sorted_lines(sweep->out.text);
    bool same = got == sweep->unchanged && now.count == sweep->whole.count;

    for (size_t i = 0; same && i < now.count; i++)
        same = strcmp(now.items[i], sweep->whole.items[i]) == 0;
    return same ? NULL : "remembers-wrong";
}

static const char *try(struct sweep *sweep, long number)
{
    if (sweep->kept)
        renew_cache(sweep);
    const char *problem = judge(sweep, run(sweep, number));
    return problem || !sweep->kept ? problem : judge_after(sweep);
}

static long counted(const char *path)
{
    FILE *file = fopen(path, "r");
    long count = 0;

    if (!file || fscanf(file, "%ld", &count) != 1)
        count = 0;
    if (file)
        fclose(file);
    return count;
}

int main(int argc, char **argv)
{
    char counter[] = "/tmp/sweep-XXXXXX";

    if (argc < 7)
        return 2;
    close(mkstemp(counter));
    struct sweep sweep = {.shim = argv[1],
                          .call = argv[3],
                          .error = argv[4],
                          .made = argv[5],
                          .program = argv + 6,
                          .counter = counter,
                          .out = {memfd_create("out", 0), NULL},
                          .err = {memfd_create("err", 0), NULL}};
    for (char **word = sweep.program; *word; word++)
        sweep.explains = sweep.explains || strcmp(*word, "explain") == 0 || strcmp(*word, "lint") == 0 ||
                         strcmp(*word, "batch") == 0;
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = stop}, NULL);
    sweep.kept = getenv("SWEEP_CACHE");
    if (sweep.kept) {
        snprintf(sweep.cache, sizeof(sweep.cache), "%s.used", sweep.kept);
        renew_cache(&sweep);
    }
    sweep.unchanged = run(&sweep, 0);
    sweep.whole = sorted_lines(sweep.out.text);
    const long count = counted(counter), step = atol(argv[2]);
    printf("%ld\n", count);
    for (long number = 1; number <= count; number += step) {
        const char *problem = try(&sweep, number);
        if (problem)
            printf("%ld:%s\n", number, problem);
    }
    unlink(counter);
    return sweep.unchanged > 1;
}
