/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of our own: rules, schemas, caches. (What is observed of a host goes through root/.) */
#include "base/file.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 16 * 1024, NAME_ATTEMPTS = 100 };
/* Within so many seconds a file may change twice and have the same times. */
enum { FRESH = 2, NANOSECONDS = 1000000000, IDENTITY_NUMBERS = 8 };

static void close_descriptor(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

static void free_text(char **text)
{
    free(*text);
}

static void close_directory(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

static int check_regular(const struct stat *status)
{
    if (S_ISDIR(status->st_mode))
        return -EISDIR;
    return S_ISREG(status->st_mode) ? 0 : -ENOTSUP;
}

/* A descriptor or a negative errno. Opening a FIFO or device can block or act, so the type is looked at first. */
static int open_regular(const char *path, struct stat *ret_status)
{
    int descriptor, result;

    if (stat(path, ret_status) < 0)
        return -errno;
    result = check_regular(ret_status);
    if (result < 0)
        return result;
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0)
        return -errno;
    result = fstat(descriptor, ret_status) < 0 ? -errno : check_regular(ret_status); /* it may have changed meanwhile */
    if (result < 0)
        close(descriptor);
    return result < 0 ? result : descriptor;
}

static int read_all(int descriptor, size_t limit, struct buf *text)
{
    char block[READ_SIZE];

    for (;;) {
        ssize_t got = read(descriptor, block, sizeof(block));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            return 0;
        if ((size_t)got > limit - text->length)
            return -EFBIG;
        buf_add_n(text, block, (size_t)got);
    }
}

/* One read, which asks for a byte more than there should be. NULL: the file is not as long as it says, as in /proc. */
static char *read_at_once(struct arena *arena, int descriptor, size_t size)
{
    char *text = arena_alloc(arena, size + 2);
    ssize_t got = pread(descriptor, text, size + 1, 0);

    return got >= 0 && (size_t)got == size ? text : NULL;
}

/* Of size bytes, as it says itself; 0: not known. */
static int file_read_opened(struct arena *arena, int descriptor, size_t size, size_t limit, char **ret_text,
                            size_t *ret_length)
{
    AUTO(buf_free) struct buf text = BUF_INIT;
    int result;

    *ret_length = size;
    if (size > 0 && size <= limit && (*ret_text = read_at_once(arena, descriptor, size)) != NULL)
        return 0;
    result = read_all(descriptor, limit, &text);
    if (result < 0)
        return result;
    *ret_text = arena_strndup(arena, text.data, text.length);
    *ret_length = text.length;
    return 0;
}

/* The descriptor that a path stands for, by the shell's names, or -1. What we were given open may be a pipe. */
int file_inherited(const char *path)
{
    static const char directory[] = "/dev/fd/";
    const char *number = path + sizeof(directory) - 1;

    if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0)
        return STDIN_FILENO;
    if (strncmp(path, directory, sizeof(directory) - 1) != 0 || !*number || strspn(number, "0123456789") > 6)
        return -1;
    return number[strspn(number, "0123456789")] ? -1 : (int)strtol(number, NULL, 10);
}

int file_read(struct arena *arena, const char *path, size_t limit, char **ret_text, size_t *ret_length)
{
    int inherited = file_inherited(path);
    struct stat status = {.st_size = 0};
    AUTO(close_descriptor) int opened = inherited >= 0 ? -1 : open_regular(path, &status);

    if (inherited < 0 && opened < 0)
        return opened;
    return file_read_opened(arena, inherited >= 0 ? inherited : opened, (size_t)status.st_size, limit, ret_text,
                            ret_length);
}

int file_write_all(int descriptor, const char *data, size_t length)
{
    while (length) {
        ssize_t written = write(descriptor, data, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        data += written;
        length -= (size_t)written;
    }
    return 0;
}

static int write_and_close(int descriptor, const char *data, size_t length)
{
    int result = file_write_all(descriptor, data, length);

    if (close(descriptor) < 0 && result == 0)
        result = -errno;
    return result;
}

/* Creates "NAME.PID-N.tmp"; unlike mkstemp this honours the mode and the umask. */
static int open_temporary(int directory, const char *name, unsigned mode, struct buf *ret_name)
{
    for (unsigned i = 0; i < NAME_ATTEMPTS; i++) {
        int descriptor;

        ret_name->length = 0;
        buf_printf(ret_name, "%s.%ld-%u.tmp", name, (long)getpid(), i);
        descriptor = openat(directory, ret_name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor >= 0 ? descriptor : -errno;
    }
    return -EEXIST;
}

int file_temporary(const char *path, unsigned mode, struct buf *ret_name)
{
    return open_temporary(AT_FDCWD, path, mode, ret_name);
}

int file_replace(int directory, const char *name, const char *data, size_t length, unsigned mode)
{
    AUTO(buf_free) struct buf temporary = BUF_INIT;
    int descriptor = open_temporary(directory, name, mode, &temporary), result;

    if (descriptor < 0)
        return descriptor;
    result = write_and_close(descriptor, data, length);
    if (result == 0 && renameat(directory, temporary.data, directory, name) < 0)
        result = -errno;
    if (result < 0)
        unlinkat(directory, temporary.data, 0);
    return result;
}

int file_write(const char *path, const char *data, size_t length, unsigned mode)
{
    AUTO(free_text) char *target = realpath(path, NULL); /* a link stays, what it points to is replaced */
    struct stat status;
    int descriptor;

    if (stat(path, &status) < 0 || S_ISREG(status.st_mode))
        return file_replace(AT_FDCWD, target ? target : path, data, length, mode);
    descriptor = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC); /* /dev/null and pipes are written to, not replaced */
    return descriptor < 0 ? -errno : write_and_close(descriptor, data, length);
}

const char *file_error(int error)
{
    static const struct {
        int error;
        const char *sentence;
    } sentences[] = {
        {-ENOENT, "no such file or directory"},
        {-ENOTDIR, "a part of the path is not a directory"},
        {-EACCES, "permission denied; a more privileged user may be able to look"},
        {-EPERM, "not permitted; a more privileged user may be able to look"},
        {-EISDIR, "is a directory, not a file"},
        {-EFBIG, "is larger than the limit"},
        /* One number with EOPNOTSUPP here, by which a root says that it can never tell. */
        {-ENOTSUP, "a FIFO, device or socket (never opened), or nothing that this kind of root can tell"},
        {-EIO, "input/output error"},
        {-ELOOP, "too many symbolic links"},
        {-ENAMETOOLONG, "the path is too long"},
        {-EXDEV, "the path leaves the root"},
        {-EINVAL, "not a valid request for this file"},
        {-ENOTTY, "the device does not know this request"},
        {-ENODEV, "no such device"},
        {-ENXIO, "no such device or address"},
        {-EBUSY, "the device is in use"},
        {-ECANCELED, "refused, as asking would or might change something"},
        {-ETIMEDOUT, "took longer than its time limit"},
        {-EMFILE, "too many open files"},
        {-ENFILE, "too many open files in the system"},
        {-ENOSPC, "no space left on the device"},
        {-EROFS, "the file system is read-only"},
        {-EEXIST, "exists already"},
        {-ENOEXEC, "is not a program for this machine"},
        {-EPIPE, "the reader has gone away"},
        {-EDQUOT, "the disk quota is used up"},
        {-ESTALE, "the file has vanished from its server"},
        {-EAGAIN, "not available at the moment; try again"},
        {-EBADMSG, "is damaged or not in the expected format"},
        {-ENOSYS, "the kernel cannot do this"},
        {-ESRCH, "no such process"},
        {-ENOMEM, "out of memory"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(sentences); i++)
        if (sentences[i].error == error)
            return sentences[i].sentence;
    return "could not be read";
}

bool file_is_directory(const char *path, bool follow)
{
    struct stat status;

    return (follow ? stat(path, &status) : lstat(path, &status)) == 0 && S_ISDIR(status.st_mode);
}

int64_t file_identity(struct buf *out, const char *path, unsigned type)
{
    struct stat status;

    if (stat(path, &status) < 0)
        status = (struct stat){.st_mode = 0};
    const int64_t numbers[IDENTITY_NUMBERS] = {status.st_mode,        (int64_t)status.st_dev, (int64_t)status.st_ino,
                                               status.st_size,        status.st_mtim.tv_sec,  status.st_mtim.tv_nsec,
                                               status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
    buf_add_n(out, path, strlen(path) + 1);
    buf_add_n(out, (const char *)numbers, sizeof(numbers));
    return type == 0 || (status.st_mode & S_IFMT) == type
               ? (int64_t)status.st_ctim.tv_sec * NANOSECONDS + status.st_ctim.tv_nsec
               : 0;
}

void file_no_identity(struct buf *out, const char *path)
{
    static const int64_t numbers[IDENTITY_NUMBERS] = {-1};

    buf_add_n(out, path, strlen(path) + 1);
    buf_add_n(out, (const char *)numbers, sizeof(numbers));
}

int64_t file_identities(struct buf *out, const char *identities, size_t length)
{
    const size_t before = out->length;
    int64_t newest = 0;

    while (out->length - before < length) {
        const int64_t changed = file_identity(out, identities + (out->length - before), 0);
        newest = changed > newest ? changed : newest;
    }
    return newest;
}

bool file_identities_hold(const char *identities, size_t length)
{
    AUTO(buf_free) struct buf now = BUF_INIT;

    file_identities(&now, identities, length);
    return now.length == length && (length == 0 || memcmp(now.data, identities, length) == 0);
}

int64_t file_now(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return (int64_t)now.tv_sec * NANOSECONDS + now.tv_nsec;
}

bool file_is_fresh(int64_t changed)
{
    return !file_is_settled(changed / NANOSECONDS, (uint32_t)(changed % NANOSECONDS));
}

bool file_is_settled(int64_t seconds, uint32_t nanoseconds)
{
    struct timespec now;

    if (nanoseconds == 0 || clock_gettime(CLOCK_REALTIME_COARSE, &now) < 0)
        return seconds + FRESH <= time(NULL);
    return seconds < now.tv_sec || (seconds == now.tv_sec && (long)nanoseconds < now.tv_nsec);
}

int file_list(struct arena *arena, const char *path, struct vec *ret_names)
{
    AUTO(close_directory) DIR *directory = opendir(path);
    struct vec names = {0};
    const struct dirent *entry;

    if (!directory)
        return -errno;
    while (errno = 0, (entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            vec_push(arena, &names, arena_strdup(arena, entry->d_name));
    }
    if (errno)
        return -errno;
    texts_sort(&names);
    *ret_names = names;
    return 0;
}
