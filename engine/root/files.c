/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading what a root has: bounded, and never from what would wait or have effects. */
#include "root/files.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* In one directory; what has more of them is no part of an honest host. */
enum { NAMES_LIMIT = 1000 * 1000 };
enum { FIRST_READ = 16 * 1024 };

void files_close(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static enum root_type type_of(mode_t mode)
{
    static const struct {
        mode_t format;
        enum root_type type;
    } types[] = {
        {S_IFREG, ROOT_FILE},  {S_IFDIR, ROOT_DIR},     {S_IFLNK, ROOT_LINK}, {S_IFCHR, ROOT_CHAR},
        {S_IFBLK, ROOT_BLOCK}, {S_IFSOCK, ROOT_SOCKET}, {S_IFIFO, ROOT_FIFO},
    };

    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        if ((mode & S_IFMT) == types[i].format) {
            return types[i].type;
        }
    }
    return ROOT_FILE;
}

void files_stat(const struct stat *status, struct root_stat *ret_stat)
{
    *ret_stat = (struct root_stat){
        .type = type_of(status->st_mode),
        .mode = status->st_mode & 07777,
        .has_group = true,
        .group = status->st_gid,
        .size = S_ISREG(status->st_mode) ? (uint64_t)status->st_size : 0,
        .device = status->st_dev,
        .inode = status->st_ino,
        .ctime_seconds = status->st_ctim.tv_sec,
        .ctime_nanoseconds = (uint32_t)status->st_ctim.tv_nsec,
    };
}

/* 0 for a regular file, -EISDIR, or -ENOTSUP for what is never opened for reading. */
static int files_regular(mode_t mode)
{
    if (S_ISREG(mode)) {
        return 0;
    }
    return S_ISDIR(mode) ? -EISDIR : -ENOTSUP;
}

int files_verify(int fd, struct consent *consent, const char *path, int *ret_fd)
{
    struct stat status;
    int error;

    if (fd < 0) {
        return fd;
    }
    error = fstat(fd, &status) < 0 ? -errno : files_regular(status.st_mode);
    if (error == 0) {
        error = consent_file(consent, fd, path, &status);
    }
    if (error < 0) {
        close(fd);
        return error;
    }
    *ret_fd = fd;
    return 0;
}

/* Reads until size bytes are there or the file ends. */
static int read_some(int fd, char *data, size_t size, size_t *ret_length)
{
    size_t length = 0;

    while (length < size) {
        ssize_t got = read(fd, data + length, size - length);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -errno;
        }
        if (got == 0) {
            break;
        }
        length += (size_t)got;
    }
    *ret_length = length;
    return 0;
}

/* The rest of a file of which the first bytes are read. One byte over the limit tells that there is more. */
static int read_rest(struct arena *arena, int fd, size_t limit, const char *first, size_t length, char **ret_text,
                     size_t *ret_length)
{
    struct stat status;
    size_t capacity;
    size_t got = 0;
    char *text;

    if (fstat(fd, &status) < 0) {
        return -errno;
    }
    if (status.st_size > 0 && (uint64_t)status.st_size > limit) {
        return -EFBIG;
    }
    capacity = (size_t)status.st_size > length ? (size_t)status.st_size + 1 : length * 4;
    text = arena_alloc(arena, capacity + 1);
    memcpy(text, first, length);
    for (;;) {
        int error = read_some(fd, text + length, capacity - length, &got);

        if (error < 0) {
            return error;
        }
        length += got;
        if (length > limit) {
            return -EFBIG;
        }
        if (length < capacity) {
            break;
        }
        capacity *= 2;
        text = memcpy(arena_alloc(arena, capacity + 1), text, length);
    }
    text[length] = '\0';
    *ret_text = text;
    *ret_length = length;
    return 0;
}

int files_read(struct arena *arena, int fd, size_t limit, char **ret_text, size_t *ret_length)
{
    char first[FIRST_READ];
    size_t length = 0;
    int error;

    error = read_some(fd, first, sizeof(first), &length);
    if (error < 0) {
        return error;
    }
    if (length > limit) {
        return -EFBIG;
    }
    if (length == sizeof(first)) {
        return read_rest(arena, fd, limit, first, length, ret_text, ret_length);
    }
    *ret_text = arena_strndup(arena, "", 0);
    if (length > 0) {
        *ret_text = memcpy(arena_alloc(arena, length + 1), first, length);
    }
    *ret_length = length;
    return 0;
}

static void close_directory(DIR **directory)
{
    if (*directory) {
        closedir(*directory);
    }
}

int files_list_types(struct arena *arena, int fd, struct vec *ret_names, struct map *ret_links)
{
    AUTO(close_directory) DIR *directory = NULL;
    struct vec names = {0};
    const struct dirent *entry;

    if (fd < 0) {
        return fd;
    }
    directory = fdopendir(fd);
    if (!directory) {
        int error = -errno;

        close(fd);
        return error;
    }
    while (errno = 0, (entry = readdir(directory)) != NULL) {
        if (names.count == NAMES_LIMIT) {
            return -EFBIG;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            const char *name = arena_strdup(arena, entry->d_name);

            vec_push(arena, &names, name);
            if (ret_links && (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN)) {
                map_put(arena, ret_links, name, name);
            }
        }
    }
    if (errno != 0) {
        return -errno;
    }
    *ret_names = names;
    return 0;
}

int files_list(struct arena *arena, int fd, struct vec *ret_names)
{
    int error = files_list_types(arena, fd, ret_names, NULL);

    if (error == 0) {
        texts_sort_natural(ret_names);
    }
    return error;
}

int files_readlink(struct arena *arena, int directory, const char *path, char **ret_target)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(directory, path, target, sizeof(target));

    if (length < 0) {
        return -errno;
    }
    if ((size_t)length == sizeof(target)) {
        return -ENAMETOOLONG;
    }
    *ret_target = arena_strndup(arena, target, (size_t)length);
    return 0;
}

int files_mode_access(unsigned mode, const char *want)
{
    static const struct {
        char letter;
        unsigned bits;
    } letters[] = {{'r', 0444}, {'w', 0222}, {'x', 0111}};

    for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
        if (strchr(want, letters[i].letter) && !(mode & letters[i].bits)) {
            return -EACCES;
        }
    }
    return 0;
}
