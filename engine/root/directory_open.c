/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host below a path: a directory, or such a directory in a tar file. */
#include "root/backend.h"
#include "root/confined.h"
#include "root/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static const char *why_not_opened(int error)
{
    static const struct {
        int error;
        const char *text;
    } reasons[] = {
        {ENOENT, "does not exist"},
        {ENOTDIR, "is not a directory"},
        {EACCES, "is not readable: permission denied"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
        if (reasons[i].error == error) {
            return reasons[i].text;
        }
    }
    return strerror(error);
}

static struct root *open_file(struct arena *arena, const char *path, const char **ret_error)
{
    AUTO(files_close) int fd = open(path, FILES_READ_FLAGS);

    if (fd < 0) {
        *ret_error = arena_printf(arena, "%s: %s", path, why_not_opened(errno));
        return NULL;
    }
    return root_open_tar(arena, path, fd, ret_error);
}

struct root *root_open_directory(struct arena *arena, const char *path, const char **ret_error)
{
    struct confined *confined;
    struct root *root;
    struct stat status;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0 && errno == ENOTDIR && stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        return open_file(arena, path, ret_error);
    }
    if (fd < 0) {
        *ret_error = arena_printf(arena, "%s: %s", path, why_not_opened(errno));
        return NULL;
    }
    root = root_new(&directory_methods, path);
    confined = arena_new_object(root->arena, struct confined);
    confined_init(confined, fd);
    root->state = confined;
    return root;
}
