/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A directory that nothing leaves: every path, with its links and .., is resolved inside it. Only for root/.
 *
 * fd -1 is a directory with nothing in it.
 */
#ifndef HVPROBE_ROOT_CONFINED_H
#define HVPROBE_ROOT_CONFINED_H

#include "root/files.h"

struct confined {
    int fd;
    bool by_hand; /* the kernel cannot do it: no openat2 */
};

/* Takes fd and finds out what the kernel can do. */
void confined_init(struct confined *confined, int fd);
void confined_close(struct confined *confined);

/* As openat(2); O_CLOEXEC is added. links: follow symbolic links (the last one unless O_NOFOLLOW), else -ELOOP. */
int confined_open(const struct confined *confined, const char *path, int flags, bool links);
int confined_stat(const struct confined *confined, const char *path, bool follow, struct root_stat *ret_stat);
int confined_open_file(const struct confined *confined, struct consent *consent, const char *path, int *ret_fd);
int confined_list(const struct confined *confined, struct arena *arena, const char *path, struct vec *ret_names);
int confined_readlink(const struct confined *confined, struct arena *arena, const char *path, char **ret_target);

/* Called with a path that has no links before its last component: 1 and the target of a link, 0 when it is none, or a
 * negative errno to stop. The target is in the scratch arena. */
typedef int (*link_reader)(void *data, struct arena *scratch, const char *path, char **ret_target);

/* The path without links, . and .., starting with a slash ("/" for the root itself). -ELOOP after 40 links.
 * reader NULL: nothing is a link. */
int path_resolve(struct arena *arena, const char *path, bool follow, link_reader reader, void *data, char **ret_path);

#endif
