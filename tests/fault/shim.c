/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: makes system calls of the C library fail.
 *
 * FAULT=CALL:short      reads and writes do at most three bytes at once
 * FAULT=CALL:EINTR      every other call is interrupted before it does anything
 * FAULT=CALL:ERROR@N    the Nth call ends with ERROR, a number; @0: all do
 * CALL is read, write, open, openat2, stat, list, create (also folders, links, names), rename, remove, map, start (of
 * processes, and what they need), or alloc. FAULT_PATH: only of paths that end so. FAULT_COUNT names a file that tells
 * how many there were.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SHORT = 3 };

/* Threads would count together; what is tested here has none. */
static struct {
    bool ready, is_short, interrupts, counting;
    char call[16];
    int error;
    long at, count;
    int counter; /* the file that tells, opened before the program gives up rights; 0: none */
} fault;

static void get_ready(void)
{
    const char *text = getenv("FAULT");
    const char *what = text ? strchr(text, ':') : NULL;

    fault.ready = true;
    if (!what || (size_t)(what - text) >= sizeof(fault.call))
        return;
    memcpy(fault.call, text, (size_t)(what - text));
    what++;
    fault.is_short = strcmp(what, "short") == 0;
    fault.interrupts = strcmp(what, "EINTR") == 0;
    fault.error = atoi(what);
    fault.at = strchr(what, '@') ? atol(strchr(what, '@') + 1) : 0;
}

/* path NULL: what the descriptor is of. */
static bool is_meant(int fd, const char *path)
{
    const char *wanted = getenv("FAULT_PATH");
    char link[64], target[4096];
    ssize_t length;

    if (!wanted)
        return true;
    if (!path) {
        snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        length = readlink(link, target, sizeof(target) - 1);
        if (length < 0)
            return false;
        target[length] = '\0';
        path = target;
    }
    return strlen(path) >= strlen(wanted) && strcmp(path + strlen(path) - strlen(wanted), wanted) == 0;
}

/* Does this call fail? errno is set. Standard error stays, for messages. */
static bool fails(const char *call, int fd, const char *path)
{
    if (!fault.ready)
        get_ready();
    if (fd == STDERR_FILENO || strcmp(fault.call, call) != 0 || !is_meant(fd, path))
        return false;
    fault.count++;
    if (fault.interrupts && fault.count % 2) {
        errno = EINTR;
        return true;
    }
    if (!fault.error || (fault.at && fault.at != fault.count))
        return false;
    errno = fault.error;
    return true;
}

static size_t shortened(const char *call, size_t size)
{
    return fault.is_short && strcmp(fault.call, call) == 0 && size > SHORT ? SHORT : size;
}

__attribute__((destructor)) static void tell(void)
{
    char text[32];
    const int length = snprintf(text, sizeof(text), "%ld\n", fault.count);

    if (fault.counter > 0 && syscall(SYS_pwrite64, fault.counter, text, (size_t)length, 0) != length)
        abort();
}

__attribute__((constructor)) static void open_counter(void)
{
    const char *path = getenv("FAULT_COUNT");

    fault.counter = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : 0;
    fault.counting = true;
}

ssize_t read(int fd, void *data, size_t size)
{
    return fails("read", fd, NULL) ? -1 : syscall(SYS_read, fd, data, shortened("read", size));
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
    return fails("read", fd, NULL) ? -1 : syscall(SYS_pread64, fd, data, shortened("read", size), offset);
}

ssize_t write(int fd, const void *data, size_t size)
{
    return fails("write", fd, NULL) ? -1 : syscall(SYS_write, fd, data, shortened("write", size));
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return fails("write", fd, NULL) ? -1 : syscall(SYS_pwrite64, fd, data, shortened("write", size), offset);
}

static int open_at(int directory, const char *path, int flags, mode_t mode)
{
    return fails(flags & O_CREAT ? "create" : "open", -1, path)
               ? -1
               : (int)syscall(SYS_openat, directory, path, flags, mode);
}

#ifndef SANITIZED /* sanitizers allocate themselves */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

/* libarchive looks at few of its own, and crashes; the loader ends the process: nobody here can help that. */
static bool is_hopeless(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) && info.dli_fname &&
           (strstr(info.dli_fname, "libarchive") || strstr(info.dli_fname, "/ld-"));
}

/* Of the program: what the C library asks for before it begins is not counted. */
static bool alloc_fails(const void *caller)
{
    return fault.counting && fails("alloc", -1, NULL) && !is_hopeless(caller);
}

void *malloc(size_t size)
{
    return alloc_fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return alloc_fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return alloc_fails(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size);
}
#endif

int fstatat(int directory, const char *path, struct stat *status, int flags)
{
    return fails("stat", -1, path) ? -1 : (int)syscall(SYS_newfstatat, directory, path, status, flags);
}

int stat(const char *path, struct stat *status)
{
    return fstatat(AT_FDCWD, path, status, 0);
}

int lstat(const char *path, struct stat *status)
{
    return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

int fstatat64(int, const char *, struct stat64 *, int) __attribute__((alias("fstatat")));
int stat64(const char *, struct stat64 *) __attribute__((alias("stat")));
int lstat64(const char *, struct stat64 *) __attribute__((alias("lstat")));

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(arguments, unsigned) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(directory, path, flags, mode);
}

/* What large files make of those names. */
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));

int mkdir(const char *path, mode_t mode)
{
    return fails("create", -1, path) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int mkdirat(int directory, const char *path, mode_t mode)
{
    return fails("create", -1, path) ? -1 : (int)syscall(SYS_mkdirat, directory, path, mode);
}

int symlinkat(const char *target, int directory, const char *path)
{
    return fails("create", -1, path) ? -1 : (int)syscall(SYS_symlinkat, target, directory, path);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    return fails("create", -1, to) || fails("rename", -1, to)
               ? -1
               : (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, 0);
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int link(const char *from, const char *to)
{
    return fails("create", -1, to) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int directory, const char *path, int flags)
{
    return fails("remove", -1, path) ? -1 : (int)syscall(SYS_unlinkat, directory, path, flags);
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int fstat(int fd, struct stat *status)
{
    return fails("stat", fd, NULL) ? -1 : (int)syscall(SYS_newfstatat, fd, "", status, AT_EMPTY_PATH);
}

int fstat64(int, struct stat64 *) __attribute__((alias("fstat")));

int access(const char *path, int mode)
{
    return fails("stat", -1, path) ? -1 : (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

ssize_t readlink(const char *path, char *text, size_t size)
{
    return fails("stat", -1, path) ? -1 : syscall(SYS_readlinkat, AT_FDCWD, path, text, size);
}

ssize_t readlinkat(int directory, const char *path, char *text, size_t size)
{
    return fails("stat", -1, path) ? -1 : syscall(SYS_readlinkat, directory, path, text, size);
}

int ftruncate(int fd, off_t length)
{
    return fails("write", fd, NULL) ? -1 : (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));

int pipe2(int ends[2], int flags)
{
    return fails("start", -1, "") ? -1 : (int)syscall(SYS_pipe2, ends, flags);
}

int socketpair(int domain, int type, int protocol, int ends[2])
{
    return fails("start", -1, "") ? -1 : (int)syscall(SYS_socketpair, domain, type, protocol, ends);
}

int memfd_create(const char *name, unsigned flags)
{
    return fails("create", -1, name) ? -1 : (int)syscall(SYS_memfd_create, name, flags);
}

pid_t fork(void)
{
    static pid_t (*next)(void);

    next = next ? next : (pid_t(*)(void))dlsym(RTLD_NEXT, "fork");
    return fails("start", -1, "") ? -1 : next();
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    if (fault.counting && (fd >= 0 ? fails("map", fd, NULL) : fails("alloc", -1, NULL)))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

struct dirent *readdir(DIR *directory)
{
    struct dirent *(*next)(DIR *) = (struct dirent * (*)(DIR *)) dlsym(RTLD_NEXT, "readdir");

    return fails("list", dirfd(directory), NULL) ? NULL : next(directory);
}

struct dirent64 *readdir64(DIR *directory)
{
    struct dirent64 *(*next)(DIR *) = (struct dirent64 * (*)(DIR *)) dlsym(RTLD_NEXT, "readdir64");

    return fails("list", dirfd(directory), NULL) ? NULL : next(directory);
}

/* As openat2 has no function, the engine calls it by number; it takes six words at most. */
long syscall(long number, ...)
{
    long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    va_list arguments;
    long words[6];

    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        words[i] = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_openat2 && fails("openat2", -1, (const char *)words[1]))
        return -1;
    if (number == SYS_openat2 && fails("open", -1, (const char *)words[1]))
        return -1;
    return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
