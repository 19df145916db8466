/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files whose content stands in the YAML, and the paths that a snapshot says anything about. */
#include "base/text.h"
#include "root/backend.h"
#include "root/hiding.h"
#include "root/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int snapshot_inline_open(const struct snapshot_node *node, int *ret_fd)
{
    int fd = memfd_create("snapshot", MFD_CLOEXEC);

    if (fd < 0) {
        return -errno;
    }
    if (write(fd, node->text, node->length) != (ssize_t)node->length || lseek(fd, 0, SEEK_SET) != 0) {
        int error = -errno;

        close(fd);
        return error < 0 ? error : -EIO;
    }
    *ret_fd = fd;
    return 0;
}

void snapshot_paths(struct root *root, struct arena *arena, struct vec *paths)
{
    const struct snapshot *snapshot = root->state;

    for (size_t i = 0; i < snapshot->by_path.count; i++) {
        vec_push(arena, paths, snapshot->by_path.entries[i].key);
    }
    for (size_t i = 0; i < snapshot->execs.count; i++) {
        const struct snapshot_exec *item = snapshot->execs.items[i];

        vec_push(arena, paths, item->argv.items[0]);
    }
    for (size_t i = 0; i < snapshot->ioctls.count; i++) {
        vec_push(arena, paths, ((const struct snapshot_ioctl *)snapshot->ioctls.items[i])->path);
    }
    if (snapshot->cpuid.count > 0) {
        vec_push(arena, paths, HIDING_CPUID);
    }
}
