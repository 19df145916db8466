/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running host. */
#include "root/backend.h"
#include "root/files.h"
#include "root/runner.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

/* File systems by which the kernel tells of itself, and what is in each that is mounted. */
static const struct {
    const char *prefix;
    const char *proof;
} kernel_trees[] = {{"/proc/", "/proc/self"}, {"/sys/", "/sys/kernel"}};

/* What was asked once. */
struct live {
    struct utsname names;
    bool is_named;
    bool is_mounted[ARRAY_SIZE(kernel_trees)];
};

static bool is_mounted(struct live *live, size_t tree)
{
    struct stat status;

    live->is_mounted[tree] = live->is_mounted[tree] || lstat(kernel_trees[tree].proof, &status) == 0;
    return live->is_mounted[tree];
}

/* Where such a file system is not mounted, nothing in it is there, and that says nothing. */
static int not_there(struct root *root, const char *path, int error)
{
    for (size_t i = 0; error == -ENOENT && i < ARRAY_SIZE(kernel_trees); i++)
        if (text_starts(path, kernel_trees[i].prefix) && !is_mounted(root->state, i))
            return -EOPNOTSUPP;
    return error;
}

static int live_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    struct stat status;

    if (fstatat(AT_FDCWD, path, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0) {
        return not_there(root, path, -errno);
    }
    files_stat(&status, ret_stat);
    return 0;
}

static int live_access(struct root *root, const char *path, const char *want)
{
    int mode = F_OK;

    (void)root;
    mode |= strchr(want, 'r') ? R_OK : 0;
    mode |= strchr(want, 'w') ? W_OK : 0;
    mode |= strchr(want, 'x') ? X_OK : 0;
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS) < 0 ? -errno : 0;
}

static int open_path(const char *path, int flags)
{
    int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    return fd < 0 ? -errno : fd;
}

/* Looks before opening, mostly at what is known by now: opening a FIFO or a device can already have an effect. */
static int live_open_file(struct root *root, const char *path, int *ret_fd)
{
    struct root_stat status;
    int error = root_stat(root, path, true, &status);

    if (error < 0) {
        return error;
    }
    if (status.type != ROOT_FILE) {
        return status.type == ROOT_DIR ? -EISDIR : -ENOTSUP;
    }
    return files_verify(open_path(path, O_RDONLY), root->consent, path, ret_fd);
}

static int live_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names)
{
    return not_there(root, path, files_list(arena, open_path(path, O_RDONLY | O_DIRECTORY), ret_names));
}

static int live_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target)
{
    return not_there(root, path, files_readlink(arena, AT_FDCWD, path, ret_target));
}

static int live_uname(struct root *root, struct root_uname *ret_uname)
{
    struct live *live = root->state;
    const struct utsname *names = &live->names;

    if (!live->is_named && uname(&live->names) < 0) {
        return -errno;
    }
    live->is_named = true;
    *ret_uname = (struct root_uname){names->sysname, names->nodename, names->release, names->version, names->machine};
    return 0;
}

static int live_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    return cpuid_read(&root->cpuid, leaf, subleaf, registers);
}

/*
 * What is at a path is held by a descriptor that opens nothing; the device is opened through it, so that it is the one
 * that was looked at, and for reading only.
 */
static int open_device(struct root *root, const char *path, unsigned long request, unsigned long argument, int *ret_fd)
{
    AUTO(files_close) int held = open_path(path, O_PATH);
    char link[sizeof("/proc/self/fd/") + 3 * sizeof(held)];
    struct stat status;
    int error;

    if (held < 0) {
        return held;
    }
    if (fstat(held, &status) < 0) {
        return -errno;
    }
    if (!S_ISCHR(status.st_mode)) {
        return -ENOTTY;
    }
    error = consent_request(root->consent, status.st_rdev, request, argument);
    if (error < 0) {
        return error;
    }
    snprintf(link, sizeof(link), "/proc/self/fd/%d", held);
    *ret_fd = open_path(link, O_RDONLY);
    return *ret_fd < 0 ? *ret_fd : 0;
}

static int live_ioctl(struct root *root, const char *path, unsigned long request, unsigned long argument,
                      long *ret_result)
{
    AUTO(files_close) int fd = -1;
    const unsigned long number = _IOC_TYPE(request) << 8 | _IOC_NR(request); /* as on most architectures */
    int error = open_device(root, path, number, argument, &fd);
    int result;

    if (error < 0) {
        return error;
    }
    do {
        result = ioctl(fd, _IO(number >> 8, number & 0xff), argument); /* some have a bit for "no argument" */
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return -errno;
    }
    *ret_result = result;
    return 0;
}

static int live_exec(struct root *root, struct arena *arena, const struct root_exec *request,
                     struct root_exec_result *ret_result)
{
    return root->runner ? runner_run(root->runner, arena, request, ret_result) : exec_run(arena, request, ret_result);
}

static const struct root_methods live_methods = {
    .live = true,
    .stat = live_stat,
    .access = live_access,
    .open_file = live_open_file,
    .list = live_list,
    .readlink = live_readlink,
    .uname = live_uname,
    .cpuid = live_cpuid,
    .ioctl = live_ioctl,
    .exec = live_exec,
};

struct root *root_open_live(void)
{
    struct root *root = root_new(&live_methods, "this host");

    root->state = arena_new_object(root->arena, struct live);
    return root;
}
