/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a program with nothing of ours: no environment, descriptors, privileges or terminal; bounded in time, output,
 * memory, files and processes, of all that it starts. */
#include "base/budget.h"
#include "base/file.h"
#include "root/backend.h"
#include "root/files.h"
#include "root/supervise.h"
#include "rules/kinds.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OUTPUT_LIMIT = 16 * 1024 * 1024, NOBODY = 65534, MOVED = 16 };
/* What is reserved is not used: programs that emulate a machine map a GiB for its code. What is used, supervise()
 * measures. */
enum { RESERVED_MIB = 2048, FILES = 256, FILE_SIZE = OUTPUT_LIMIT, PROCESSES_MORE = 64, PROCESSES_UNKNOWN = 4096 };

struct execution {
    int input;      /* the child's standard input */
    int null;       /* its standard error */
    int output[2];  /* pipe */
    int failure[2]; /* pipe: errno of what failed before the program ran */
    int report[2];  /* pipe: what became of it */
    rlim_t processes;
    unsigned timeout;
    bool is_root;
    long descriptors; /* how many there can be */
    pid_t pid;
    struct timespec deadline;
    struct buf text;
};

static void execution_free(struct execution *execution)
{
    files_close(&execution->input);
    files_close(&execution->null);
    for (int i = 0; i < 2; i++) {
        files_close(&execution->output[i]);
        files_close(&execution->failure[i]);
        files_close(&execution->report[i]);
    }
    buf_free(&execution->text);
}

static int open_input(const char *text)
{
    AUTO(files_close) int fd = -1;
    int result;

    if (!text) {
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        result = fd < 0 ? -errno : fd;
    } else {
        fd = memfd_create("input", MFD_CLOEXEC);
        result = fd < 0 ? -errno : file_write_all(fd, text, strlen(text));
        if (result == 0) {
            result = lseek(fd, 0, SEEK_SET) < 0 ? -errno : fd;
        }
    }
    if (result >= 0) {
        fd = -1;
    }
    return result;
}

/* The limit counts all of a user's, whoever started them: so many more than there are on the machine. */
static rlim_t processes_limit(void)
{
    char line[128] = "";
    AUTO(files_close) int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
    const char *slash = got > 0 ? strchr(line, '/') : NULL;

    return (rlim_t)(slash ? strtoul(slash + 1, NULL, 10) + PROCESSES_MORE : PROCESSES_UNKNOWN);
}

static int execution_prepare(struct execution *execution, const struct root_exec *request)
{
    execution->timeout = request->timeout > 0 ? request->timeout : PROGRAM_SECONDS;
    if (execution->timeout > PROGRAM_SECONDS_MAX) {
        execution->timeout = PROGRAM_SECONDS_MAX;
    }
    execution->is_root = geteuid() == 0;
    execution->descriptors = sysconf(_SC_OPEN_MAX);
    execution->processes = processes_limit();
    execution->input = open_input(request->input);
    if (execution->input < 0) {
        return execution->input;
    }
    execution->null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (execution->null < 0 || pipe2(execution->output, O_CLOEXEC) < 0 || pipe2(execution->failure, O_CLOEXEC) < 0 ||
        pipe2(execution->report, O_CLOEXEC) < 0) {
        return -errno;
    }
    clock_gettime(CLOCK_MONOTONIC, &execution->deadline);
    execution->deadline.tv_sec += execution->timeout;
    return 0;
}

/*
 * From here to child_run: the child, between fork and exec. The process may have threads, so only plain system calls.
 */

/* Puts descriptors at 0 to 3, whatever their numbers were, and closes all others. */
static int child_descriptors(const struct execution *execution)
{
    const int wanted[] = {execution->input, execution->output[1], execution->null, execution->failure[1]};
    int moved[ARRAY_SIZE(wanted)];

    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        moved[i] = fcntl(wanted[i], F_DUPFD_CLOEXEC, MOVED);
        if (moved[i] < 0) {
            return -errno;
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        if (dup3(moved[i], (int)i, i == 3 ? O_CLOEXEC : 0) < 0) {
            return -errno;
        }
    }
    if (syscall(SYS_close_range, 4U, ~0U, 0U) < 0) {
        for (int fd = 4; fd < execution->descriptors; fd++) {
            close(fd);
        }
    }
    return 0;
}

static void child_signals(void)
{
    sigset_t none;

    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Never more than it was. */
static int limit_set(int kind, const struct rlimit *wanted)
{
    struct rlimit limit;

    if (getrlimit(kind, &limit) == 0 && limit.rlim_max < wanted->rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        return setrlimit(kind, &limit);
    }
    return setrlimit(kind, wanted);
}

static int child_limits(const struct execution *execution)
{
    const struct rlimit processor = {execution->timeout + 1, execution->timeout + 1};
    const rlim_t memory = (rlim_t)RESERVED_MIB * 1024 * 1024;
    const struct {
        int kind;
        struct rlimit limit;
    } limits[] = {
        {RLIMIT_CPU, processor},
        {RLIMIT_CORE, {0, 0}},
        {RLIMIT_DATA, {memory, memory}},
        {RLIMIT_NOFILE, {FILES, FILES}},
        {RLIMIT_FSIZE, {FILE_SIZE, FILE_SIZE}},
        {RLIMIT_NPROC, {execution->processes, execution->processes}},
    };

    for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
        if (limit_set(limits[i].kind, &limits[i].limit) < 0) {
            return -errno;
        }
    }
    if (chdir("/") < 0) {
        return -errno;
    }
    umask(077);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

/* By system call: the C library's functions would look for other threads. */
static int child_drop_root(const struct execution *execution)
{
    if (!execution->is_root) {
        return 0;
    }
    if (syscall(SYS_setgroups, 0, NULL) < 0 || syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY) < 0 ||
        syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY) < 0) {
        return -errno;
    }
    return 0;
}

_Noreturn static void child_run(const struct execution *execution, const char *const *argv)
{
    static const char *const environment[] = {NULL};
    int error;

    setsid();
    child_signals();
    error = child_descriptors(execution);
    if (error < 0) {
        _exit(127);
    }
    error = child_limits(execution);
    if (error == 0) {
        error = child_drop_root(execution);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* after the change of user, which resets it */
    if (error == 0) {
        execve(argv[0], (char *const *)argv, (char *const *)environment);
        error = -errno;
    }
    if (write(3, &error, sizeof(error)) < 0) {
        _exit(127);
    }
    _exit(126);
}

/* Between us and the program: see supervise.h. It is gone when we are. */
_Noreturn static void be_supervisor(struct execution *execution, const char *const *argv)
{
    sigset_t blocked;

    setsid();
    sigfillset(&blocked);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    const pid_t child = fork();
    if (child == 0) {
        child_run(execution, argv);
    }
    close(execution->output[1]);
    close(execution->output[0]);
    close(execution->failure[1]);
    if (child < 0) {
        _exit(1);
    }
    supervise(child, execution->failure[0], execution->report[1]);
}

static int milliseconds_left(const struct execution *execution)
{
    struct timespec now;
    int64_t left;
    const int64_t run = budget_left();

    clock_gettime(CLOCK_MONOTONIC, &now);
    left = (int64_t)(execution->deadline.tv_sec - now.tv_sec) * 1000 +
           (execution->deadline.tv_nsec - now.tv_nsec) / 1000000;
    left = run < left ? run : left;
    return left > 0 ? (int)left : 0;
}

/* Reads what is there by the deadline: a count, 0 at the end, or a negative errno. */
static ssize_t read_in_time(const struct execution *execution, int fd, void *data, size_t size)
{
    for (;;) {
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        int ready = poll(&waiting, 1, milliseconds_left(execution));
        ssize_t got;

        if (ready == 0) {
            return -ETIMEDOUT;
        }
        got = ready < 0 ? -1 : read(fd, data, size);
        if (got >= 0) {
            return got;
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
}

static int collect_output(struct execution *execution)
{
    char data[16 * 1024];
    ssize_t got;

    while ((got = read_in_time(execution, execution->output[0], data, sizeof(data))) > 0) {
        buf_add_n(&execution->text, data, (size_t)got);
        if (execution->text.length > OUTPUT_LIMIT) {
            return -EFBIG;
        }
    }
    return (int)got;
}

/* What became of it, once its output has ended. */
static int await_report(const struct execution *execution, int *ret_status)
{
    struct program_outcome outcome = {0, 0};
    ssize_t got = read_in_time(execution, execution->report[0], &outcome, sizeof(outcome));

    *ret_status = outcome.status;
    return got < 0 ? (int)got : got != (ssize_t)sizeof(outcome) ? -EIO : outcome.error;
}

/* The supervisor ends the program and all that it started, then itself. */
static int end_supervisor(const struct execution *execution)
{
    if (kill(execution->pid, SIGTERM) < 0 && errno != ESRCH) {
        return -errno;
    }
    while (waitpid(execution->pid, NULL, 0) < 0) {
        if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

static int execution_follow(struct execution *execution, int *ret_status)
{
    int error, ended;

    files_close(&execution->output[1]);
    files_close(&execution->failure[1]);
    files_close(&execution->report[1]);
    error = collect_output(execution);
    if (error == 0) {
        error = await_report(execution, ret_status);
    }
    ended = end_supervisor(execution);
    if (error == -ETIMEDOUT && budget_spent()) {
        return -ETIME;
    }
    return error < 0 ? error : ended;
}

int exec_run(struct arena *arena, const struct root_exec *request, struct root_exec_result *ret_result)
{
    AUTO(execution_free)
    struct execution execution = {
        .input = -1, .null = -1, .output = {-1, -1}, .failure = {-1, -1}, .report = {-1, -1}, .text = BUF_INIT};
    int error = execution_prepare(&execution, request);
    int status = 0;

    if (error < 0) {
        return error;
    }
    execution.pid = fork();
    if (execution.pid < 0) {
        return -errno;
    }
    if (execution.pid == 0) {
        be_supervisor(&execution, request->argv);
    }
    error = execution_follow(&execution, &status);
    if (error < 0) {
        return error;
    }
    ret_result->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    ret_result->output = arena_strndup(arena, "", 0);
    if (execution.text.length > 0) {
        ret_result->output = arena_memdup(arena, execution.text.data, execution.text.length + 1);
    }
    ret_result->length = execution.text.length;
    return 0;
}
