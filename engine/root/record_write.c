/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording as a snapshot directory. */
#include "base/file.h"
#include "base/text.h"
#include "root/confined.h"
#include "root/record.h"
#include "root/recording.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, STAGE_ATTEMPTS = 100 };

/* In a directory that is there; a program that was killed may have left one, which counts for nothing. */
static const char stage_name[] = ".hvprobe-capture";

struct writing {
    struct root *root;
    struct recording *recording;
    const char *directory;
    bool exists;       /* the directory was there */
    const char *stage; /* where it is written until it is whole; NULL: nothing is */
    const volatile sig_atomic_t *stop;
    struct confined tree; /* root/ of the snapshot */
    const char *failed;   /* path of what could not be written */
};

static void writing_free(struct writing *writing)
{
    confined_close(&writing->tree);
}

/* Makes a directory below root/ with those above it; open for its owner, so that it can be filled. */
static int make_directory(const struct writing *writing, struct arena *scratch, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); path[1]; slash = strchr(slash + 1, '/')) {
        const char *part = slash ? arena_strndup(scratch, path, (size_t)(slash - path)) : path;

        if (mkdirat(writing->tree.fd, part + 1, 0755) < 0 && errno != EEXIST) {
            return -errno;
        }
        if (!slash) {
            break;
        }
    }
    return 0;
}

static int make_parent(const struct writing *writing, struct arena *scratch, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == path ? 0 : make_directory(writing, scratch, arena_strndup(scratch, path, (size_t)(slash - path)));
}

static int stopped(const struct writing *writing)
{
    return writing->stop && *writing->stop ? -EINTR : 0;
}

static int write_at(int fd, const char *data, size_t length, uint64_t offset)
{
    while (length > 0) {
        ssize_t done = pwrite(fd, data, length, (off_t)offset);

        if (done < 0 && errno != EINTR) {
            return -errno;
        }
        if (done > 0) {
            data += done;
            length -= (size_t)done;
            offset += (uint64_t)done;
        }
    }
    return 0;
}

static int copy_range(const struct writing *writing, int from, int to, uint64_t offset, uint64_t end)
{
    char data[CHUNK];
    int error = 0;

    while (offset < end && error == 0) {
        size_t wanted = end - offset < sizeof(data) ? (size_t)(end - offset) : sizeof(data);
        ssize_t got = pread(from, data, wanted, (off_t)offset);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? -errno : 0;
        }
        error = write_at(to, data, (size_t)got, offset);
        offset += (uint64_t)got;
        error = error < 0 ? error : stopped(writing);
    }
    return error;
}

/* Of a large file only what was kept, each at its place between holes: sizes and offsets stay true. */
static int copy_file(const struct writing *writing, const struct recorded_path *entry, int to)
{
    AUTO(files_close) int from = -1;
    struct stat status;
    int error = root_open_file(writing->recording->inner, entry->path, &from);

    if (error < 0) {
        return error;
    }
    if (fstat(from, &status) < 0) {
        return -errno;
    }
    if (status.st_size <= RECORDING_WHOLE || writing->recording->whole) {
        return copy_range(writing, from, to, 0, (uint64_t)status.st_size);
    }
    for (size_t i = 0; i < entry->ranges.count && error == 0; i++) {
        const struct kept_range *range = entry->ranges.items[i];

        error = copy_range(writing, from, to, range->offset, range->end);
    }
    return error < 0 ? error : ftruncate(to, status.st_size) < 0 ? -errno : 0;
}

static int write_file(const struct writing *writing, const struct recorded_path *entry)
{
    AUTO(files_close)
    int fd = openat(writing->tree.fd, entry->path + 1, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int error;

    if (fd < 0) {
        return -errno;
    }
    if (!entry->exists) {
        return 0;
    }
    error = entry->content ? write_at(fd, entry->content, entry->length, 0) : copy_file(writing, entry, fd);
    if (error < 0) {
        return error;
    }
    return fchmod(fd, (entry->status.mode & 0777) | 0400) < 0 ? -errno : 0;
}

static int write_entry(const struct writing *writing, struct arena *scratch, const struct recorded_path *entry)
{
    bool is_file = recording_stores(writing->recording, entry);
    bool is_name = !entry->exists && entry->named; /* empty, for the listing; a node tells the error */
    int error;

    if (entry->hidden) {
        return 0;
    }
    if (entry->exists && entry->status.type == ROOT_DIR) {
        return make_directory(writing, scratch, entry->path);
    }
    if (!is_file && !is_name) {
        return 0;
    }
    error = make_parent(writing, scratch, entry->path);
    return error < 0 ? error : write_file(writing, entry);
}

static int write_link(const struct writing *writing, struct arena *scratch, const struct recorded_path *entry)
{
    int error;

    if (!entry->target || entry->hidden) {
        return 0;
    }
    error = make_parent(writing, scratch, entry->path);
    if (error < 0) {
        return error;
    }
    return symlinkat(entry->target, writing->tree.fd, entry->path + 1) < 0 && errno != EEXIST ? -errno : 0;
}

static int write_directory_mode(const struct writing *writing, struct arena *scratch, const struct recorded_path *entry)
{
    unsigned mode = (entry->status.mode & 0777) | 0700;

    (void)scratch;
    if (!entry->exists || entry->hidden || entry->status.type != ROOT_DIR || !entry->path[1]) {
        return 0;
    }
    return fchmodat(writing->tree.fd, entry->path + 1, mode, 0) < 0 ? -errno : 0;
}

void recording_add_listed(struct root *root)
{
    struct recording *recording = root->state;

    for (size_t i = 0; i < recording->entries.count; i++) {
        const struct recorded_path *entry = recording->entries.entries[i].value;

        for (size_t j = 0; j < entry->names.count; j++) {
            const char *base = entry->path[1] ? entry->path : "";

            const char *path = arena_printf(root->arena, "%s/%s", base, (const char *)entry->names.items[j]);
            struct recorded_path *child = recording_entry(root, path, false);

            if (child) {
                child->named = true;
            }
        }
    }
}

static int each_entry(struct writing *writing,
                      int (*write_one)(const struct writing *, struct arena *, const struct recorded_path *))
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const struct map *entries = &writing->recording->entries;

    for (size_t i = 0; i < entries->count; i++) {
        int error = stopped(writing);

        error = error < 0 ? error : write_one(writing, scratch, entries->entries[i].value);
        if (error < 0) {
            writing->failed = entries->entries[i].key;
            return error;
        }
    }
    return 0;
}

/* A directory that is there must be empty. */
static int check_directory(struct writing *writing)
{
    struct vec names = {0};
    int error = file_list(writing->root->arena, writing->directory, &names);

    writing->exists = error == 0;
    for (size_t i = 0; i < names.count; i++) {
        if (!text_starts(names.items[i], stage_name)) {
            return -ENOTEMPTY;
        }
    }
    return error == -ENOENT ? 0 : error;
}

static int make_stage(struct writing *writing)
{
    struct arena *arena = writing->root->arena;
    const char *base = writing->directory;

    if (writing->exists) {
        base = arena_printf(arena, "%s/%s", base, stage_name);
    }
    for (unsigned i = 0; i < STAGE_ATTEMPTS; i++) {
        const char *stage = arena_printf(arena, "%s.%ld-%u.tmp", base, (long)getpid(), i);

        if (mkdir(stage, 0755) == 0) {
            writing->stage = stage;
            return 0;
        }
        if (errno != EEXIST) {
            return -errno;
        }
    }
    return -EEXIST;
}

static int open_tree(struct writing *writing)
{
    int error = check_directory(writing), fd;

    error = error < 0 ? error : make_stage(writing);
    if (error < 0) {
        return error;
    }
    const char *tree = arena_printf(writing->root->arena, "%s/root", writing->stage);
    fd = mkdir(tree, 0755) < 0 ? -1 : open(tree, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    writing->tree.fd = fd;
    return 0;
}

static int move_part(const struct writing *writing, const char *name)
{
    struct arena *arena = writing->root->arena;
    const char *from = arena_printf(arena, "%s/%s", writing->stage, name);

    return rename(from, arena_printf(arena, "%s/%s", writing->directory, name)) < 0 ? -errno : 0;
}

/* What is whole goes to its place; snapshot.yaml last, as without it nothing is a snapshot. */
static int move_stage(const struct writing *writing)
{
    int error;

    if (!writing->exists) {
        return rename(writing->stage, writing->directory) < 0 ? -errno : 0;
    }
    error = move_part(writing, "root");
    error = error < 0 ? error : move_part(writing, "snapshot.yaml");
    if (error == 0) {
        rmdir(writing->stage);
    }
    return error;
}

static int write_all(struct writing *writing)
{
    AUTO(buf_free) struct buf yaml = BUF_INIT;
    int error = open_tree(writing);

    if (error < 0) {
        return error;
    }
    recording_add_listed(writing->root);
    error = each_entry(writing, write_entry);
    if (error == 0) {
        error = each_entry(writing, write_directory_mode);
    }
    if (error == 0) {
        error = each_entry(writing, write_link); /* last: nothing is ever written through one */
    }
    if (error < 0) {
        return error;
    }
    recording_yaml(writing->root, &yaml);
    const char *path = arena_printf(writing->root->arena, "%s/snapshot.yaml", writing->stage);
    error = file_write(path, yaml.data, yaml.length, 0644);
    error = error < 0 ? error : stopped(writing);
    return error < 0 ? error : move_stage(writing);
}

/* Removes what is in a directory. Takes fd; what cannot be removed stays. */
static void remove_content(struct arena *scratch, int fd)
{
    AUTO(files_close) int directory = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    struct vec names = {0};

    if (directory < 0 || files_list(scratch, fd, &names) < 0) {
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        int inner;

        if (unlinkat(directory, name, 0) == 0) {
            continue;
        }
        inner = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0) {
            remove_content(scratch, inner);
        }
        unlinkat(directory, name, AT_REMOVEDIR);
    }
}

/* Half a snapshot is of no use, wherever it got to. */
static void remove_partial(const struct writing *writing)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const char *moved = arena_printf(scratch, "%s/root", writing->directory);

    if (!writing->stage) {
        return;
    }
    if (writing->tree.fd >= 0) {
        remove_content(scratch, openat(writing->tree.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    if (writing->exists) {
        rmdir(moved);
    }
    remove_content(scratch, open(writing->stage, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    rmdir(writing->stage);
}

static const char *without_slashes(struct arena *arena, const char *path)
{
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    return arena_strndup(arena, path, length);
}

int root_record_write(struct root *recording, const char *directory, bool whole, const volatile sig_atomic_t *stop,
                      const char **ret_error)
{
    AUTO(writing_free) struct writing writing = {.root = recording, .recording = recording->state, .stop = stop};
    int error;

    writing.tree.fd = -1;
    writing.recording->whole = whole;
    writing.directory = without_slashes(recording->arena, directory);
    error = write_all(&writing);
    if (error < 0) {
        remove_partial(&writing);
        *ret_error = arena_printf(recording->arena, "%s%s%s: %s", directory, writing.failed ? "/root" : "",
                                  writing.failed ? writing.failed : "", strerror(-error));
    }
    return error;
}
