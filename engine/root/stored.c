/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the files of a snapshot are makes no difference to what asks for them. */
#include "root/stored.h"

#include <errno.h>
#include <string.h>

enum { PATH_ROOM = 1024 };

/* What a directory holds. */
struct directory {
    bool listed;      /* false: it is none, or behind a link, or not to be read */
    struct map names; /* to struct name */
};
struct name {
    bool is_link;            /* or may be one */
    struct directory *below; /* NULL: not asked for yet */
};
struct stored_stat {
    int error;
    struct root_stat stat;
};

static struct directory *list_directory(struct stored *stored, const char *path)
{
    struct directory *directory = arena_new_object(stored->arena, struct directory);
    struct vec names = {0};
    struct map links = {0};

    if (files_list_types(stored->arena, confined_open(&stored->directory, path, O_RDONLY | O_DIRECTORY, false), &names,
                         &links) < 0)
        return directory;
    directory->listed = true;
    for (size_t i = 0; i < names.count; i++) {
        struct name *name = arena_new_object(stored->arena, struct name);
        name->is_link = map_get(&links, names.items[i]) != NULL;
        map_put(stored->arena, &directory->names, names.items[i], name);
    }
    return directory;
}

/* What the directories on the way tell of a path. Each is listed once, as most of what rules ask for is not there. */
enum knowledge { IS_ABSENT, IS_PLAIN, IS_LINK, BEHIND_LINK, NOT_TOLD };

static enum knowledge examine(struct stored *stored, const char *path)
{
    char copy[PATH_ROOM];
    const size_t length = strlen(path);
    struct directory *directory = stored->arena && length < sizeof(copy) ? stored->top : NULL;

    if (stored->arena && !stored->top)
        directory = stored->top = list_directory(stored, "/");
    memcpy(copy, path, directory && length < sizeof(copy) ? length + 1 : 0);
    for (size_t start = 1, end; directory && directory->listed && start < length; start = end + 1) {
        end = start + strcspn(copy + start, "/");
        copy[end] = '\0';
        struct name *name = map_get(&directory->names, copy + start);
        if (!name)
            return IS_ABSENT;
        if (name->is_link)
            return end < length ? BEHIND_LINK : IS_LINK;
        if (end == length)
            return IS_PLAIN;
        if (!name->below)
            name->below = list_directory(stored, copy);
        copy[end] = '/';
        directory = name->below;
    }
    return directory && directory->listed ? IS_PLAIN : NOT_TOLD;
}

bool stored_is_absent(struct stored *stored, const char *path)
{
    return !stored->tree && (!stored->arena || examine(stored, path) == IS_ABSENT);
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
    if (stored->tree)
        return file_tree_is_plain(stored->tree, path, follow);
    enum knowledge known = examine(stored, path);
    return known == NOT_TOLD ? directory_is_plain(&stored->directory, path, follow)
                             : known == IS_ABSENT || known == IS_PLAIN || (known == IS_LINK && !follow);
}

int stored_stat(struct stored *stored, const char *path, struct root_stat *ret_stat)
{
    if (stored->tree)
        return file_tree_stat(stored->tree, path, ret_stat);
    if (!stored->arena)
        return confined_stat(&stored->directory, path, false, ret_stat);
    struct stored_stat *known = map_get(&stored->stats, path);
    if (!known && examine(stored, path) == IS_ABSENT)
        return -ENOENT;
    if (!known) {
        known = arena_new_object(stored->arena, struct stored_stat);
        known->error = confined_stat(&stored->directory, path, false, &known->stat);
        map_put(stored->arena, &stored->stats, arena_strdup(stored->arena, path), known);
    }
    if (known->error == 0)
        *ret_stat = known->stat;
    return known->error;
}

int stored_readlink(struct stored *stored, struct arena *arena, const char *path, char **ret_target)
{
    if (stored->tree)
        return file_tree_readlink(stored->tree, arena, path, ret_target);
    enum knowledge known = examine(stored, path);
    return known == IS_ABSENT  ? -ENOENT
           : known == IS_PLAIN ? -EINVAL
                               : confined_readlink(&stored->directory, arena, path, ret_target);
}

int stored_list(const struct stored *stored, struct arena *arena, const char *path, struct vec *ret_names)
{
    return stored->tree ? file_tree_list(stored->tree, arena, path, ret_names)
                        : confined_list(&stored->directory, arena, path, ret_names);
}

/* Looks before opening, at what is known by now: opening a FIFO or a device can already have an effect. */
int stored_open_file(struct stored *stored, struct consent *consent, const char *path, int *ret_fd)
{
    struct root_stat status;

    if (stored->tree)
        return file_tree_open(stored->tree, path, ret_fd);
    if (stored_stat(stored, path, &status) < 0 || status.type != ROOT_FILE)
        return confined_open_file(&stored->directory, consent, path, ret_fd);
    return files_verify(confined_open(&stored->directory, path, FILES_READ_FLAGS, true), consent, path, ret_fd);
}
