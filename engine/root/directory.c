/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A directory that holds a host's file system. What is not a file is not known, and never the running machine's. */
#include "root/backend.h"
#include "root/confined.h"

#include <errno.h>
#include <string.h>

static int directory_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    return confined_stat(root->state, path, follow, ret_stat);
}

/* By anybody's permission bits: whoever evaluates an image is not who will run it. */
static int directory_access(struct root *root, const char *path, const char *want)
{
    struct root_stat status;
    int error = confined_stat(root->state, path, true, &status);

    return error < 0 ? error : files_mode_access(status.mode, want);
}

static int directory_open_file(struct root *root, const char *path, int *ret_fd)
{
    return confined_open_file(root->state, root->consent, path, ret_fd);
}

static int directory_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names)
{
    return confined_list(root->state, arena, path, ret_names);
}

static int directory_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target)
{
    return confined_readlink(root->state, arena, path, ret_target);
}

static int directory_uname(struct root *root, struct root_uname *ret_uname)
{
    (void)root;
    (void)ret_uname;
    return -EOPNOTSUPP;
}

static int directory_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    (void)root;
    (void)leaf;
    (void)subleaf;
    (void)registers;
    return -EOPNOTSUPP;
}

static int directory_ioctl(struct root *root, const char *path, unsigned long request, unsigned long argument,
                           long *ret_result)
{
    struct root_stat status;
    int error = root_stat(root, path, true, &status);

    (void)request;
    (void)argument;
    (void)ret_result;
    return error < 0 ? error : -EOPNOTSUPP;
}

static int directory_exec(struct root *root, struct arena *arena, const struct root_exec *request,
                          struct root_exec_result *ret_result)
{
    (void)root;
    (void)arena;
    (void)request;
    (void)ret_result;
    return -EOPNOTSUPP;
}

static void directory_close(struct root *root)
{
    confined_close(root->state);
}

const struct root_methods directory_methods = {
    .live = false,
    .stat = directory_stat,
    .access = directory_access,
    .open_file = directory_open_file,
    .list = directory_list,
    .readlink = directory_readlink,
    .uname = directory_uname,
    .cpuid = directory_cpuid,
    .ioctl = directory_ioctl,
    .exec = directory_exec,
    .close = directory_close,
};
