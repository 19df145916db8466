/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests and answers over a pair of sockets: the length of each, then numbers and texts as base/pack.h writes them.
 */
#include "root/runner.h"

#include "base/budget.h"
#include "base/file.h"
#include "base/pack.h"
#include "root/backend.h"
#include "root/files.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE_LIMIT = 64 * 1024 * 1024 };

static bool read_all(int fd, char *data, size_t length)
{
    while (length > 0) {
        const ssize_t done = read(fd, data, length);
        if (done == 0 || (done < 0 && errno != EINTR))
            return false;
        data += done > 0 ? done : 0;
        length -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

static bool send_message(int fd, const struct buf *message)
{
    uint64_t length = message->length;
    return file_write_all(fd, (const char *)&length, sizeof(length)) == 0 &&
           file_write_all(fd, message->data, message->length) == 0;
}

static bool receive(int fd, struct arena *arena, struct unpack *ret_message)
{
    uint64_t length = 0;
    if (!read_all(fd, (char *)&length, sizeof(length)) || length > MESSAGE_LIMIT)
        return false;
    char *data = arena_alloc(arena, (size_t)length + 1);
    *ret_message = (struct unpack){data, data + length, false};
    return read_all(fd, data, (size_t)length);
}

/* One request. false: nobody asks any more. */
static bool serve(int fd)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf answer = BUF_INIT;
    struct root_exec_result result = {0};
    struct root_exec request = {0};
    struct unpack message;
    struct vec words = {0};
    if (!receive(fd, arena, &message))
        return false;
    request.timeout = (unsigned)unpack_number(&message);
    request.input = unpack_text(&message);
    for (size_t count = unpack_count(&message); count > 0 && !message.failed; count--)
        vec_push(arena, &words, unpack_text(&message));
    vec_push(arena, &words, NULL);
    request.argv = (const char *const *)words.items;
    const int error = message.failed ? -EINVAL : exec_run(arena, &request, &result);
    pack_number(&answer, (uint64_t)-error);
    pack_number(&answer, (uint64_t)result.status);
    pack_bytes(&answer, result.output ? result.output : "", result.length);
    return send_message(fd, &answer);
}

int runner_start(void)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return 0;
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        signal(SIGPIPE, SIG_IGN);
        prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
        while (serve(ends[1]))
            continue;
        _exit(0);
    }
    close(ends[1]);
    if (child > 0)
        return ends[0];
    close(ends[0]);
    return 0;
}

int runner_run(int runner, struct arena *arena, const struct root_exec *request, struct root_exec_result *ret_result)
{
    AUTO(buf_free) struct buf message = BUF_INIT;
    struct unpack answer;
    size_t count = 0;
    while (request->argv[count])
        count++;
    const int64_t left = budget_left() / 1000 + 1;
    pack_number(&message, left < request->timeout ? (uint64_t)left : request->timeout);
    pack_text(&message, request->input);
    pack_number(&message, count);
    for (size_t i = 0; i < count; i++)
        pack_text(&message, request->argv[i]);
    if (!send_message(runner, &message) || !receive(runner, arena, &answer))
        return -EIO;
    const int error = -(int)unpack_number(&answer);
    ret_result->status = (int)unpack_number(&answer);
    ret_result->output = unpack_bytes(&answer, &ret_result->length);
    if (answer.failed)
        return -EIO;
    return error == -ETIMEDOUT && budget_spent() ? -ETIME : error;
}
