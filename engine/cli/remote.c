/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * --host: a script goes to the other host's sh through ssh, a snapshot as tar comes back. ssh uses what its user has
 * configured (keys, agent, known hosts) and never asks: there may be nobody to answer.
 */
#include "cli/remote.h"

#include "cli/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
    TIME_LIMIT = 300, /* seconds for all of it */
    CHUNK = 64 * 1024,
    SSH_FAILED = 255,
};
static const uint64_t size_limit = UINT64_C(4) * 1024 * 1024 * 1024;
#define CONNECT_SECONDS "10"

/* One call of ssh. */
struct call {
    const char *uri;
    pid_t process;
    int to;   /* its standard input, -1: closed */
    int from; /* its standard output */
    int file; /* what came */
    uint64_t size;
    const struct buf *script;
    size_t sent;
    time_t end;
};

static void call_close(struct call *call)
{
    const int descriptors[] = {call->to, call->from, call->file};

    for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
}

static char *const *arguments(struct arena *arena, const struct remote *remote)
{
    static const char *const fixed[] = {"ssh", "-T",
                                        "-a",  "-x",
                                        "-o",  "BatchMode=yes",
                                        "-o",  "ConnectTimeout=" CONNECT_SECONDS,
                                        "-o",  "ServerAliveInterval=15"};
    struct vec words = {0};

    for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
        vec_push(arena, &words, fixed[i]);
    if (remote->port) {
        vec_push(arena, &words, "-p");
        vec_push(arena, &words, remote->port);
    }
    if (remote->user) {
        vec_push(arena, &words, "-l");
        vec_push(arena, &words, remote->user);
    }
    vec_push(arena, &words, "--");
    vec_push(arena, &words, remote->host);
    vec_push(arena, &words, "sh -s");
    vec_push(arena, &words, NULL);
    return (char *const *)words.items;
}

/* 0 or a positive errno. A socket as its input, so that writing to one that has ended is no signal. */
static int start(struct call *call, char *const *words)
{
    posix_spawn_file_actions_t actions;
    int input[2], output[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) < 0)
        return errno;
    if (pipe2(output, O_CLOEXEC) < 0) {
        close(input[0]);
        close(input[1]);
        return errno;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    const int error = posix_spawnp(&call->process, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input[1]);
    close(output[1]);
    call->to = input[0];
    call->from = output[0];
    return error;
}

static void send_more(struct call *call)
{
    const ssize_t sent =
        send(call->to, call->script->data + call->sent, call->script->length - call->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

    call->sent += sent > 0 ? (size_t)sent : 0;
    if (call->sent < call->script->length && (sent >= 0 || errno == EAGAIN || errno == EINTR))
        return;
    close(call->to);
    call->to = -1;
}

/* 1: there may be more; 0: that was all; or a negative errno. */
static int receive_more(struct call *call)
{
    char bytes[CHUNK];
    const ssize_t got = read(call->from, bytes, sizeof(bytes));

    if (got < 0)
        return errno == EINTR ? 1 : -errno;
    if (call->size + (uint64_t)got > size_limit)
        return -EFBIG;
    if (got > 0 && pwrite(call->file, bytes, (size_t)got, (off_t)call->size) != got)
        return -EIO;
    call->size += (uint64_t)got;
    return got > 0;
}

/* Both ways at once, as either may wait for the other. 0 or a negative errno. */
static int exchange(struct call *call)
{
    for (int more = 1; more > 0;) {
        struct pollfd events[] = {{.fd = call->from, .events = POLLIN}, {.fd = call->to, .events = POLLOUT}};
        const time_t left = call->end - time(NULL);

        if (left <= 0)
            return -ETIMEDOUT;
        if (poll(events, ARRAY_SIZE(events), (int)left * 1000) < 0 && errno != EINTR)
            return -errno;
        if (call->to >= 0 && events[1].revents)
            send_more(call);
        if (events[0].revents)
            more = receive_more(call);
        if (more < 0)
            return more;
    }
    return 0;
}

/* ssh has said itself what it could not do. */
static enum status finish(struct call *call, int error)
{
    int status = 0;

    if (error)
        kill(call->process, SIGTERM);
    while (waitpid(call->process, &status, 0) < 0 && errno == EINTR)
        continue;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (error)
        complain("%s: %s", call->uri, error == -ETIMEDOUT ? "did not answer in time" : strerror(-error));
    else if (code == SSH_FAILED)
        complain("%s: ssh could not reach it", call->uri);
    else if (code)
        complain("%s: taking a snapshot there ended with status %d", call->uri, code);
    else if (!call->size)
        complain("%s: nothing came back; its shell does not run commands", call->uri);
    return error || code || !call->size ? STATUS_NO_ROOT : STATUS_OK;
}

static enum status run(struct call *call, char *const *words)
{
    const int error = start(call, words);

    if (error) {
        complain("%s: ssh cannot be started: %s", call->uri, error == ENOENT ? "it is not installed" : strerror(error));
        return STATUS_NO_ROOT;
    }
    return finish(call, exchange(call));
}

enum status remote_snapshot(struct invocation *invocation, const char *uri, const char **ret_path)
{
    AUTO(buf_free) struct buf script = BUF_INIT;
    struct remote remote;
    const char *problem = remote_parse(invocation->arena, uri, &remote);

    if (problem) {
        complain("--host %s: %s", uri, problem);
        return STATUS_USAGE;
    }
    enum status status = script_add(invocation, true, &script);
    if (!script.length)
        return status;
    AUTO(call_close)
    struct call call = {.uri = uri, .to = -1, .from = -1, .script = &script, .end = time(NULL) + TIME_LIMIT};
    call.file = memfd_create("snapshot", MFD_CLOEXEC);
    if (call.file < 0) {
        complain("%s: %s", uri, strerror(errno));
        return STATUS_FAILED;
    }
    status = run(&call, arguments(invocation->arena, &remote));
    if (status == STATUS_OK) {
        *ret_path = arena_printf(invocation->arena, "/proc/self/fd/%d", call.file);
        call.file = -1; /* it stays open as long as the process lives */
    }
    return status;
}
