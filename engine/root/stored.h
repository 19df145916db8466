/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files of a snapshot: below a directory, or in memory. Only for root/. Paths are as of the recorded host, without
 * links on the way; functions give 0 or a negative errno.
 */
#ifndef HVPROBE_ROOT_STORED_H
#define HVPROBE_ROOT_STORED_H

#include "root/confined.h"
#include "root/file_tree.h"

struct stored {
    struct confined directory;
    const struct file_tree *tree; /* NULL: they are in the directory */
    struct arena *arena;          /* of the following; NULL: the directory is empty */
    struct directory *top;        /* of stored.c: what is known of what is in directories; NULL: nothing yet */
    struct map stats;             /* of paths */
};

/* Whether no part of the path is a link; follow: nor the whole of it. Where that is not easily told it may say no. */
bool stored_is_plain(struct stored *stored, const char *path, bool follow);
/* Whether it is known that there is nothing, nor a link on the way. Where that is not easily told it may say no. */
bool stored_is_absent(struct stored *stored, const char *path);
int stored_stat(struct stored *stored, const char *path, struct root_stat *ret_stat);
int stored_readlink(struct stored *stored, struct arena *arena, const char *path, char **ret_target);
int stored_list(const struct stored *stored, struct arena *arena, const char *path, struct vec *ret_names);
int stored_open_file(struct stored *stored, struct consent *consent, const char *path, int *ret_fd);

#endif
