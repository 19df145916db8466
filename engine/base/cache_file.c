/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the cache, read and written so that nobody but the user and root can have a hand in them. */
#include "base/cache_file.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWNER_FILE = 0600, OWNER_DIRECTORY = 0700, OTHERS_WRITE = 0022 };

static void close_descriptor(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

static bool is_trusted(const struct stat *status)
{
    return status->st_uid == geteuid() || status->st_uid == 0;
}

static bool is_private(const struct stat *status)
{
    return is_trusted(status) && !(status->st_mode & OTHERS_WRITE);
}

/* Where a cache is: its folder's parent and name, and its own name. */
struct cache_place {
    char *parent;
    char *folder;
    const char *name;
};

static bool find_place(struct arena *arena, const char *path, struct cache_place *ret_place)
{
    char *copy = arena_strdup(arena, path);
    char *slash = strrchr(copy, '/');

    if (slash == NULL || slash == copy)
        return false;
    *slash = '\0';
    ret_place->name = slash + 1;
    while (slash > copy + 1 && slash[-1] == '/')
        *--slash = '\0';
    ret_place->folder = copy;
    slash = strrchr(copy, '/');
    ret_place->parent =
        slash == NULL ? arena_strdup(arena, ".") : arena_strndup(arena, copy, (size_t)(slash - copy) + 1);
    return true;
}

/* A descriptor or -1. */
static int open_folder(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;

    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && is_private(&status))
        return descriptor;
    close_descriptor(&descriptor);
    return -1;
}

/* A descriptor and what it is of, or -1. */
static int open_trusted(struct arena *arena, const char *path, struct stat *ret_status)
{
    struct cache_place place;

    if (!find_place(arena, path, &place))
        return -1;
    AUTO(close_descriptor) int folder = open_folder(place.folder);
    int file = folder < 0 ? -1 : openat(folder, place.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file >= 0 && fstat(file, ret_status) == 0 && S_ISREG(ret_status->st_mode) && is_private(ret_status))
        return file;
    close_descriptor(&file);
    return -1;
}

struct mapping {
    void *data;
    size_t length;
};

static void unmap(void *object)
{
    const struct mapping *mapping = object;

    munmap(mapping->data, mapping->length);
}

bool cache_file_map(struct arena *arena, const char *path, size_t limit, const char **ret_data, size_t *ret_length)
{
    struct stat status;
    AUTO(close_descriptor) int file = open_trusted(arena, path, &status);
    struct mapping *mapping = arena_new_object(arena, struct mapping);

    if (file < 0 || status.st_size == 0 || (uint64_t)status.st_size > limit)
        return false;
    *mapping = (struct mapping){NULL, (size_t)status.st_size};
    mapping->data = mmap(NULL, mapping->length, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapping->data == MAP_FAILED)
        return false;
    arena_defer(arena, unmap, mapping);
    *ret_data = mapping->data;
    *ret_length = mapping->length;
    return true;
}

/* In another user's directory that user would decide what it is a moment later. */
static bool make_folder(const struct cache_place *place)
{
    AUTO(close_descriptor) int parent = open(place->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat status;

    return parent >= 0 && fstat(parent, &status) == 0 && is_trusted(&status) &&
           mkdirat(parent, text_base_name(place->folder), OWNER_DIRECTORY) == 0;
}

void cache_file_write(const char *path, const char *data, size_t length)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct cache_place place;

    if (!find_place(arena, path, &place))
        return;
    make_folder(&place);
    AUTO(close_descriptor) int folder = open_folder(place.folder);
    if (folder >= 0)
        file_replace(folder, place.name, data, length, OWNER_FILE);
}
