/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording as a tar file: what record_write.c makes a directory of, for one that is sent somewhere. */
#include "base/file.h"
#include "base/libarchive.h"
#include "base/text.h"
#include "root/files.h"
#include "root/record.h"
#include "root/recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

/* What a name ends in, and what that means for libarchive. */
struct compression {
    const char *suffixes[3];
    int (*add_filter)(struct archive *archive); /* NULL: none */
};

struct taring {
    const struct libarchive *library;
    struct archive *archive;
    struct archive_entry *entry;
    struct recording *recording;
    const volatile sig_atomic_t *stop;
    struct arena *arena;
    const char *failed; /* what could not be read */
};

static void taring_close(struct taring *taring)
{
    if (taring->entry)
        taring->library->archive_entry_free(taring->entry);
    if (taring->archive)
        taring->library->archive_write_free(taring->archive);
}

static const struct compression *find_compression(const char *path, struct compression *found)
{
    const struct libarchive *library = libarchive();
    const struct compression known[] = {
        {{".tar"}, NULL},
        {{".tar.gz", ".tgz"}, library->archive_write_add_filter_gzip},
        {{".tar.xz", ".txz"}, library->archive_write_add_filter_xz},
        {{".tar.zst", ".tzst"}, library->archive_write_add_filter_zstd},
        {{".tar.bz2", ".tbz2"}, library->archive_write_add_filter_bzip2},
        {{".tar.lz4"}, library->archive_write_add_filter_lz4},
    };

    for (size_t i = 0; path && i < ARRAY_SIZE(known); i++)
        for (const char *const *suffix = known[i].suffixes; *suffix; suffix++)
            if (text_ends(path, *suffix)) {
                *found = known[i];
                return found;
            }
    return NULL;
}

bool root_record_is_tar(const char *path, const char **ret_problem)
{
    static const char tar[] = ".tar.";
    const char *name = text_base_name(path), *last = NULL;
    struct compression compression;

    *ret_problem = NULL;
    if (find_compression(path, &compression))
        return true;
    for (const char *at = name; (at = strstr(at, tar)) != NULL; at++)
        last = at;
    if (!last || strchr(last + strlen(tar), '.'))
        return false;
    *ret_problem = "of this compression no archive can be written; there are .tar, .tar.gz, .tar.xz, .tar.zst, "
                   ".tar.bz2 and .tar.lz4";
    return true;
}

static int archive_error(const struct taring *taring, int result)
{
    const int error = result == ARCHIVE_OK || result == ARCHIVE_WARN ? 0 : errno;

    if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
        return taring->stop && *taring->stop ? -EINTR : 0;
    return error > 0 ? -error : -EIO;
}

/* A new entry; its size, content and target are the caller's. */
static struct archive_entry *begin(const struct taring *taring, const char *path, unsigned type, unsigned mode)
{
    const struct libarchive *library = taring->library;

    library->archive_entry_clear(taring->entry);
    library->archive_entry_set_pathname(taring->entry, path);
    library->archive_entry_set_filetype(taring->entry, type);
    library->archive_entry_set_perm(taring->entry, (mode_t)mode);
    library->archive_entry_set_mtime(taring->entry, time(NULL), 0);
    return taring->entry;
}

static int write_header(const struct taring *taring)
{
    errno = 0;
    return archive_error(taring, taring->library->archive_write_header(taring->archive, taring->entry));
}

static int write_data(const struct taring *taring, const char *data, size_t length)
{
    errno = 0;
    const la_ssize_t written = taring->library->archive_write_data(taring->archive, data, length);
    return archive_error(taring, written < 0 ? (int)written : ARCHIVE_OK);
}

static int write_text(const struct taring *taring, const char *path, unsigned mode, const char *text, size_t length)
{
    taring->library->archive_entry_set_size(begin(taring, path, AE_IFREG, mode), (la_int64_t)length);
    int error = write_header(taring);
    return error < 0 || length == 0 ? error : write_data(taring, text, length);
}

/* Holes of the file are holes in the archive, where all of it is kept. */
static void add_parts(const struct taring *taring, const struct recorded_path *entry)
{
    if (entry->ranges.count == 0)
        taring->library->archive_entry_sparse_add_entry(taring->entry, 0, 0);
    for (size_t i = 0; i < entry->ranges.count; i++) {
        const struct kept_range *range = entry->ranges.items[i];
        taring->library->archive_entry_sparse_add_entry(taring->entry, (la_int64_t)range->offset,
                                                        (la_int64_t)(range->end - range->offset));
    }
}

static int copy_content(const struct taring *taring, int fd, uint64_t size)
{
    char data[CHUNK];

    for (uint64_t offset = 0; offset < size;) {
        const size_t wanted = size - offset < sizeof(data) ? (size_t)(size - offset) : sizeof(data);
        ssize_t got = pread(fd, data, wanted, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0) { /* it became shorter meanwhile */
            memset(data, 0, sizeof(data));
            got = (ssize_t)wanted;
        }
        int error = write_data(taring, data, (size_t)got);
        if (error < 0)
            return error;
        offset += (uint64_t)got;
    }
    return 0;
}

static int compare_ranges(const void *one, const void *other)
{
    const struct kept_range *a = *(void *const *)one, *b = *(void *const *)other;

    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* Ranges as libarchive wants them: sorted, apart from each other, and within the file. */
static void tidy_ranges(struct arena *arena, struct recorded_path *entry, uint64_t size)
{
    struct vec ranges = entry->ranges;

    entry->ranges = (struct vec){0};
    qsort(ranges.items, ranges.count, sizeof(*ranges.items), compare_ranges);
    for (size_t i = 0; i < ranges.count; i++) {
        struct kept_range *range = ranges.items[i];
        struct kept_range *last = entry->ranges.count ? entry->ranges.items[entry->ranges.count - 1] : NULL;
        range->end = range->end < size ? range->end : size;
        if (range->offset >= range->end)
            continue;
        if (last && range->offset <= last->end)
            last->end = range->end > last->end ? range->end : last->end;
        else
            vec_push(arena, &entry->ranges, range);
    }
}

static int write_opened(const struct taring *taring, struct recorded_path *entry, const char *path, unsigned mode)
{
    AUTO(files_close) int fd = -1;
    struct stat status;
    int error = root_open_file(taring->recording->inner, entry->path, &fd);

    if (error < 0)
        return error;
    if (fstat(fd, &status) < 0)
        return -errno;
    taring->library->archive_entry_set_size(begin(taring, path, AE_IFREG, mode), status.st_size);
    if (status.st_size > RECORDING_WHOLE && !taring->recording->whole) {
        tidy_ranges(taring->arena, entry, (uint64_t)status.st_size);
        add_parts(taring, entry);
    }
    error = write_header(taring);
    return error < 0 ? error : copy_content(taring, fd, (uint64_t)status.st_size);
}

static int write_file(const struct taring *taring, struct recorded_path *entry, const char *path)
{
    const unsigned mode = (entry->status.mode & 0777) | 0400;

    if (!entry->exists) /* a name that was listed */
        return write_text(taring, path, 0600, "", 0);
    return entry->content ? write_text(taring, path, mode, entry->content, entry->length)
                          : write_opened(taring, entry, path, mode);
}

static int write_entry(const struct taring *taring, struct recorded_path *entry)
{
    const char *path = arena_printf(taring->arena, "root%s", entry->path);

    if (entry->hidden)
        return 0;
    if (entry->target) {
        taring->library->archive_entry_set_symlink(begin(taring, path, AE_IFLNK, 0777), entry->target);
        return write_header(taring);
    }
    if (entry->exists && entry->status.type == ROOT_DIR && entry->path[1]) {
        begin(taring, path, AE_IFDIR, (entry->status.mode & 0777) | 0700);
        return write_header(taring);
    }
    if (recording_stores(taring->recording, entry) || (!entry->exists && entry->named))
        return write_file(taring, entry, path);
    return 0;
}

static int write_entries(struct taring *taring, struct root *root)
{
    AUTO(buf_free) struct buf yaml = BUF_INIT;
    const struct map *entries = &taring->recording->entries;

    recording_add_listed(root);
    recording_yaml(root, &yaml);
    int error = write_text(taring, "snapshot.yaml", 0644, yaml.data, yaml.length);
    begin(taring, "root", AE_IFDIR, 0755);
    error = error < 0 ? error : write_header(taring);
    for (size_t i = 0; i < entries->count && error == 0; i++) {
        error = write_entry(taring, entries->entries[i].value);
        taring->failed = error < 0 ? entries->entries[i].key : NULL;
    }
    if (error < 0)
        return error;
    errno = 0;
    return archive_error(taring, taring->library->archive_write_close(taring->archive));
}

/* Nothing is run to compress: a filter that would need that is told of by a warning. */
static int write_archive(struct taring *taring, struct root *root, const char *path, int fd)
{
    const struct libarchive *library = taring->library;
    struct compression compression = {0};

    find_compression(path, &compression);
    taring->archive = library->archive_write_new();
    taring->entry = library->archive_entry_new();
    library->archive_write_set_format_pax_restricted(taring->archive);
    if (compression.add_filter && compression.add_filter(taring->archive) != ARCHIVE_OK)
        return -ENOSYS;
    errno = 0;
    int error = archive_error(taring, library->archive_write_open_fd(taring->archive, fd));
    return error < 0 ? error : write_entries(taring, root);
}

static int write_renamed(struct taring *taring, struct root *root, const char *path)
{
    AUTO(buf_free) struct buf temporary = BUF_INIT;
    AUTO(files_close) int fd = file_temporary(path, 0644, &temporary);

    if (fd < 0)
        return fd;
    int error = write_archive(taring, root, path, fd);
    if (error == 0 && rename(temporary.data, path) < 0)
        error = -errno;
    if (error < 0)
        unlink(temporary.data);
    return error;
}

int root_record_tar(struct root *recording, const char *path, bool whole, const volatile sig_atomic_t *stop,
                    const char **ret_error)
{
    AUTO(taring_close)
    struct taring taring = {
        .library = libarchive(), .recording = recording->state, .stop = stop, .arena = recording->arena};

    taring.recording->whole = whole;
    int error = path ? write_renamed(&taring, recording, path) : write_archive(&taring, recording, NULL, STDOUT_FILENO);
    if (error < 0)
        *ret_error = arena_printf(recording->arena, "%s%s%s: %s", path ? path : "standard output",
                                  taring.failed ? ": root" : "", taring.failed ? taring.failed : "", strerror(-error));
    return error;
}
