/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening a path below a directory so that no link leads out of it, also where the kernel has no openat2. */
#include "root/confined.h"

#include <errno.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINK_LIMIT = 40, LENGTH_LIMIT = 64 * 1024, RACE_LIMIT = 16 };

static int kernel_open(int root, const char *path, int flags, bool links)
{
    struct open_how how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (links ? 0 : RESOLVE_NO_SYMLINKS),
    };

    for (int i = 0; i < RACE_LIMIT; i++) {
        long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

        if (fd >= 0) {
            return (int)fd;
        }
        if (errno != EAGAIN && errno != EINTR) {
            return -errno;
        }
    }
    return -EAGAIN;
}

void confined_init(struct confined *confined, int fd)
{
    int probe = kernel_open(fd, ".", O_PATH | O_DIRECTORY, true);

    confined->fd = fd;
    confined->by_hand = probe < 0;
    files_close(&probe);
}

void confined_close(struct confined *confined)
{
    files_close(&confined->fd);
}

/* Opens a path without . and .. step by step; a link on the way is an error. */
static int open_steps(int root, const char *path, int flags)
{
    AUTO(files_close) int directory = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

    path += strspn(path, "/");
    while (directory >= 0 && *path) {
        char name[NAME_MAX + 1];
        size_t length = strcspn(path, "/");
        int next;

        if (length > NAME_MAX) {
            return -ENAMETOOLONG;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        path += length + strspn(path + length, "/");
        if (!*path) {
            int fd = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC);

            return fd < 0 ? -errno : fd;
        }
        next = openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0) {
            return -errno;
        }
        close(directory);
        directory = next;
    }
    if (directory >= 0) {
        int fd = openat(directory, ".", flags | O_CLOEXEC);

        return fd < 0 ? -errno : fd;
    }
    return -errno;
}

static int read_step(void *data, struct arena *scratch, const char *path, char **ret_target)
{
    const int *root = data;
    AUTO(files_close) int fd = open_steps(*root, path, O_PATH);
    int error;

    if (fd < 0) {
        return fd;
    }
    error = files_readlink(scratch, fd, "", ret_target);
    if (error == 0) {
        return 1;
    }
    return error == -ENOENT || error == -EINVAL ? 0 : error; /* what readlinkat says of no link */
}

static int manual_open(int root, const char *path, int flags, bool links)
{
    AUTO(arena_cleanup) struct arena *scratch = NULL;
    char *resolved;
    int error;

    if (!links) {
        int fd = open_steps(root, path, flags);

        return fd == -ENOTDIR ? -ELOOP : fd; /* may be a link: the caller resolves it */
    }
    scratch = arena_new();
    error = path_resolve(scratch, path, !(flags & O_NOFOLLOW), read_step, &root, &resolved);
    return error < 0 ? error : open_steps(root, resolved, flags);
}

int confined_open(const struct confined *confined, const char *path, int flags, bool links)
{
    if (confined->fd < 0) {
        return -ENOENT;
    }
    if (confined->by_hand) {
        return manual_open(confined->fd, path, flags, links);
    }
    return kernel_open(confined->fd, path, flags, links);
}

int confined_stat(const struct confined *confined, const char *path, bool follow, struct root_stat *ret_stat)
{
    AUTO(files_close) int fd = confined_open(confined, path, O_PATH | (follow ? 0 : O_NOFOLLOW), true);
    struct stat status;

    if (fd < 0) {
        return fd;
    }
    if (fstat(fd, &status) < 0) {
        return -errno;
    }
    files_stat(&status, ret_stat);
    return 0;
}

int confined_open_file(const struct confined *confined, struct consent *consent, const char *path, int *ret_fd)
{
    int checked = -1;
    int error = files_verify(confined_open(confined, path, O_PATH, true), consent, path, &checked);

    if (error < 0) {
        return error;
    }
    close(checked);
    return files_verify(confined_open(confined, path, FILES_READ_FLAGS, true), consent, path, ret_fd);
}

int confined_list(const struct confined *confined, struct arena *arena, const char *path, struct vec *ret_names)
{
    return files_list(arena, confined_open(confined, path, O_RDONLY | O_DIRECTORY, true), ret_names);
}

int confined_readlink(const struct confined *confined, struct arena *arena, const char *path, char **ret_target)
{
    AUTO(files_close) int fd = confined_open(confined, path, O_PATH | O_NOFOLLOW, true);
    int error;

    if (fd < 0) {
        return fd;
    }
    error = files_readlink(arena, fd, "", ret_target);
    return error == -ENOENT ? -EINVAL : error; /* as readlink(2) says it */
}

static void cut(struct buf *text, size_t length)
{
    text->length = length;
    if (text->data) {
        text->data[length] = '\0';
    }
}

static void leave_directory(struct buf *done)
{
    size_t length = done->length;

    while (length > 0 && done->data[length - 1] != '/') {
        length--;
    }
    cut(done, length > 0 ? length - 1 : 0);
}

struct resolving {
    struct buf done; /* resolved; empty is the root itself */
    struct buf rest; /* still to do, from at */
    size_t at;
    unsigned links;
    bool follow;
    link_reader reader;
    void *data;
};

static void resolving_free(struct resolving *resolving)
{
    buf_free(&resolving->done);
    buf_free(&resolving->rest);
}

static int enter_link(struct resolving *resolving, const char *target, size_t before)
{
    struct buf rest = BUF_INIT;

    if (++resolving->links > LINK_LIMIT) {
        return -ELOOP;
    }
    cut(&resolving->done, target[0] == '/' ? 0 : before);
    buf_add(&rest, target);
    buf_add(&rest, resolving->rest.data + resolving->at);
    buf_free(&resolving->rest);
    resolving->rest = rest;
    resolving->at = 0;
    return rest.length > LENGTH_LIMIT ? -ENAMETOOLONG : 0;
}

static int enter_name(struct resolving *resolving, struct arena *scratch, const char *name, size_t length)
{
    const char *rest = resolving->rest.data + resolving->at;
    size_t before = resolving->done.length;
    char *target = NULL;
    int is_link = 0;

    buf_char(&resolving->done, '/');
    buf_add_n(&resolving->done, name, length);
    if (!resolving->follow && rest[strspn(rest, "/")] == '\0') {
        return 0;
    }
    if (resolving->reader) {
        is_link = resolving->reader(resolving->data, scratch, resolving->done.data, &target);
    }
    return is_link <= 0 ? is_link : enter_link(resolving, target, before);
}

int path_resolve(struct arena *arena, const char *path, bool follow, link_reader reader, void *data, char **ret_path)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    AUTO(resolving_free) struct resolving resolving = {.follow = follow, .reader = reader, .data = data};

    buf_add(&resolving.rest, path);
    for (;;) {
        const char *name = buf_text(&resolving.rest) + resolving.at;
        size_t length;
        int error = 0;

        name += strspn(name, "/");
        length = strcspn(name, "/");
        if (length == 0) {
            break;
        }
        resolving.at = (size_t)(name - resolving.rest.data) + length;
        if (length == 2 && memcmp(name, "..", 2) == 0) {
            leave_directory(&resolving.done);
        } else if (length != 1 || name[0] != '.') {
            error = enter_name(&resolving, scratch, name, length);
        }
        if (error < 0) {
            return error;
        }
    }
    *ret_path = arena_strdup(arena, resolving.done.length > 0 ? resolving.done.data : "/");
    return 0;
}
