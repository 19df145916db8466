/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kinds of root share about descriptors: 0 or a negative errno. Only for root/. */
#ifndef HVPROBE_ROOT_FILES_H
#define HVPROBE_ROOT_FILES_H

#include "root/root.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { FILES_READ_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

void files_close(int *fd); /* for AUTO(); -1 is allowed */

void files_stat(const struct stat *status, struct root_stat *ret_stat);
/* Passes fd on when it is a regular file that may be read, else closes it. A negative fd is an errno and stays one. */
int files_verify(int fd, struct consent *consent, const char *path, int *ret_fd);
/* Everything to the end of the file, NUL-terminated; st_size is only a hint. -EFBIG over limit bytes. */
int files_read(struct arena *arena, int fd, size_t limit, char **ret_text, size_t *ret_length);
/* The names in a directory, in the order in which a person counts. Takes fd, which may be a negative errno. */
int files_list(struct arena *arena, int fd, struct vec *ret_names);
/* The same in no order, and (may be NULL) which of them are symbolic links, or may be. */
int files_list_types(struct arena *arena, int fd, struct vec *ret_names, struct map *ret_links);
/* As readlinkat(2). */
int files_readlink(struct arena *arena, int directory, const char *path, char **ret_target);
/* 0 or -EACCES: whether all letters of want are permission bits of anybody. For roots where the caller's own
 * permissions say nothing. */
int files_mode_access(unsigned mode, const char *want);

#endif
