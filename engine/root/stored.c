/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the files of a snapshot are makes no difference to what asks for them. */
#include "root/stored.h"

#include <errno.h>
#include <string.h>

enum { PATH_ROOM = 1024 };

/* The names in a directory (NULL: it is none, or behind a link): each is listed once, as most of what rules ask for is
 * not there. */
static const struct map *names_in(struct stored *stored, const char *directory)
{
    const struct map *known = map_get(&stored->names, directory);
    struct vec names = {0};
    struct map *found;

    if (known) {
        return known->capacity > 0 ? known : NULL;
    }
    found = arena_new_object(stored->arena, struct map);
    map_put(stored->arena, &stored->names, arena_strdup(stored->arena, directory), found);
    if (files_list(stored->arena, confined_open(&stored->directory, directory, O_RDONLY | O_DIRECTORY, false), &names) <
        0) {
        return NULL;
    }
    map_put(stored->arena, found, "/", found); /* so that an empty directory is not taken for none */
    for (size_t i = 0; i < names.count; i++) {
        map_put(stored->arena, found, names.items[i], found);
    }
    return found;
}

/* Is it certain that a path is not there? */
static bool lacks(struct stored *stored, const char *path)
{
    char directory[PATH_ROOM];
    const size_t length = strlen(path);
    const struct map *names = stored->arena && length < sizeof(directory) ? names_in(stored, "/") : NULL;

    for (size_t start = 1, end; names && start < length; start = end + 1) {
        char *name = directory + start;

        end = start + strcspn(path + start, "/");
        memcpy(directory, path, end);
        directory[end] = '\0';
        if (!map_get(names, name)) {
            return true;
        }
        names = end < length ? names_in(stored, directory) : NULL;
    }
    return false;
}

/* One system call tells that most paths have no link. */
static bool directory_is_plain(const struct confined *directory, const char *path, bool follow)
{
    struct stat status;
    AUTO(files_close) int fd = confined_open(directory, path, O_PATH | O_NOFOLLOW, false);

    return fd != -ELOOP && !(fd >= 0 && follow && (fstat(fd, &status) < 0 || S_ISLNK(status.st_mode)));
}

bool stored_is_plain(struct stored *stored, const char *path, bool follow)
{
    if (stored->tree) {
        return file_tree_is_plain(stored->tree, path, follow);
    }
    return lacks(stored, path) || directory_is_plain(&stored->directory, path, follow);
}

int stored_stat(struct stored *stored, const char *path, struct root_stat *ret_stat)
{
    if (stored->tree) {
        return file_tree_stat(stored->tree, path, ret_stat);
    }
    return lacks(stored, path) ? -ENOENT : confined_stat(&stored->directory, path, false, ret_stat);
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
