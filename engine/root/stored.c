/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the files of a snapshot are makes no difference to what asks for them. */
#include "root/stored.h"

#include <errno.h>

/* One system call tells that most paths have no link. */
static bool directory_is_plain(const struct confined *directory, const char *path, bool follow)
{
    struct stat status;
    AUTO(files_close) int fd = confined_open(directory, path, O_PATH | O_NOFOLLOW, false);

    return fd != -ELOOP && !(fd >= 0 && follow && (fstat(fd, &status) < 0 || S_ISLNK(status.st_mode)));
}

bool stored_is_plain(const struct stored *stored, const char *path, bool follow)
{
    return stored->tree ? file_tree_is_plain(stored->tree, path, follow)
                        : directory_is_plain(&stored->directory, path, follow);
}

int stored_stat(const struct stored *stored, const char *path, struct root_stat *ret_stat)
{
    return stored->tree ? file_tree_stat(stored->tree, path, ret_stat)
                        : confined_stat(&stored->directory, path, false, ret_stat);
}

int stored_readlink(const struct stored *stored, struct arena *arena, const char *path, char **ret_target)
{
    return stored->tree ? file_tree_readlink(stored->tree, arena, path, ret_target)
                        : confined_readlink(&stored->directory, arena, path, ret_target);
}

int stored_list(const struct stored *stored, struct arena *arena, const char *path, struct vec *ret_names)
{
    return stored->tree ? file_tree_list(stored->tree, arena, path, ret_names)
                        : confined_list(&stored->directory, arena, path, ret_names);
}

int stored_open_file(const struct stored *stored, struct consent *consent, const char *path, int *ret_fd)
{
    return stored->tree ? file_tree_open(stored->tree, path, ret_fd)
                        : confined_open_file(&stored->directory, consent, path, ret_fd);
}
