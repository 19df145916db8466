/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From libarchive's entries to items: names are checked, amounts are counted. */
#include "root/tarball.h"

#include "base/libarchive.h"
#include "base/text.h"

#include <limits.h>
#include <string.h>

enum {
    READ_SIZE = 64 * 1024,
    KEPT_LIMIT = 256 * 1024 * 1024,
    ITEM_LIMIT = 200000,
    ITEM_COST = 256, /* of an item beside its content */
    PART_COST = 64,
    UNPACKED_MEBIBYTES = 2048
};

struct tar_reading {
    struct arena *arena;
    const struct libarchive *library;
    struct archive *archive;
    struct tarball *tarball;
    bool (*wanted)(const char *path);
    size_t kept;
    size_t count;      /* of items, those that are not kept, too */
    const char *error; /* what is wrong; NULL: nothing */
};

static void reading_close(struct tar_reading *reading)
{
    if (reading->archive) {
        reading->library->archive_read_free(reading->archive);
    }
}

PRINTF(2, 3) static bool fail(struct tar_reading *reading, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    reading->error = arena_vprintf(reading->arena, format, arguments);
    va_end(arguments);
    return false;
}

static bool fail_reading(struct tar_reading *reading)
{
    const char *why = reading->library->archive_error_string(reading->archive);

    return fail(reading, "cannot be read as a tar file: %s", why ? why : "nobody says why");
}

/* What libarchive can only do with another program is left out: nothing is executed to read a file. */
static void add_filters(struct tar_reading *reading)
{
    const struct libarchive *library = reading->library;
    int (*const filters[])(struct archive *) = {
        library->archive_read_support_filter_gzip,     library->archive_read_support_filter_xz,
        library->archive_read_support_filter_zstd,     library->archive_read_support_filter_bzip2,
        library->archive_read_support_filter_lz4,      library->archive_read_support_filter_lzma,
        library->archive_read_support_filter_compress, library->archive_read_support_filter_lzip,
    };
    struct archive *trial = library->archive_read_new();

    for (size_t i = 0; trial && i < ARRAY_SIZE(filters); i++) {
        if (filters[i](trial) == ARCHIVE_OK) {
            filters[i](reading->archive);
        }
    }
    library->archive_read_free(trial);
}

static bool keep(struct tar_reading *reading, size_t size)
{
    reading->kept = size > KEPT_LIMIT ? size : reading->kept + size;
    if (reading->kept > KEPT_LIMIT) {
        return fail(reading, "holds more than the %d MiB that are read of an archive", KEPT_LIMIT / 1024 / 1024);
    }
    return true;
}

static bool count_item(struct tar_reading *reading)
{
    const la_int64_t unpacked = reading->library->archive_filter_bytes(reading->archive, 0);

    if (++reading->count > ITEM_LIMIT) {
        return fail(reading, "holds more than the %d items that are read of an archive", ITEM_LIMIT);
    }
    if (unpacked / 1024 / 1024 >= UNPACKED_MEBIBYTES) {
        return fail(reading, "unpacks to more than the %d MiB that are read of an archive", UNPACKED_MEBIBYTES);
    }
    return true;
}

/* A name as a path from the archive's top, or NULL: it leads elsewhere. */
static const char *plain_path(struct tar_reading *reading, const char *name)
{
    AUTO(buf_free) struct buf path = BUF_INIT;

    if (!name || name[0] == '/' || strlen(name) >= PATH_MAX) {
        fail(reading, !name ? "has a name that cannot be read" : "has the name '%.200s', which is %s", name,
             name && name[0] == '/' ? "absolute" : "too long");
        return NULL;
    }
    for (size_t length; *name; name += length) {
        name += strspn(name, "/");
        length = strcspn(name, "/");
        if (length == 2 && memcmp(name, "..", 2) == 0) {
            fail(reading, "has a name with '..' in it, which would lead out of it");
            return NULL;
        }
        if (length > 0 && (length != 1 || name[0] != '.')) {
            buf_printf(&path, "/%.*s", (int)length, name);
        }
    }
    return arena_strdup(reading->arena, path.length > 0 ? path.data : "/");
}

static bool put(struct tar_reading *reading, const char *path, const struct file_item *item)
{
    struct arena *arena = reading->arena;
    struct map *items = &reading->tarball->items;

    if (!keep(reading, strlen(path) + ITEM_COST)) {
        return false;
    }
    map_put(arena, items, path, item);
    for (const char *slash; (slash = strrchr(path, '/')) != NULL && path[1];) {
        static const struct file_item implied = {.type = ROOT_DIR, .mode = 0755};

        path = slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
        if (map_get(items, path)) {
            break;
        }
        if (!count_item(reading) || !keep(reading, strlen(path) + ITEM_COST)) {
            return false;
        }
        map_put(arena, items, path, &implied);
    }
    return true;
}

static bool read_content(struct tar_reading *reading, struct file_item *item)
{
    for (;;) {
        struct file_part *part = arena_new_object(reading->arena, struct file_part);
        const void *data;
        la_int64_t offset;
        const int result = reading->library->archive_read_data_block(reading->archive, &data, &part->length, &offset);

        if (result == ARCHIVE_EOF) {
            return true;
        }
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            return fail_reading(reading);
        }
        if (offset < 0 || (uint64_t)offset > item->size || part->length > item->size - (uint64_t)offset) {
            return fail(reading, "has a file that goes on after its end");
        }
        if (part->length == 0) {
            continue;
        }
        if (!keep(reading, part->length + PART_COST)) {
            return false;
        }
        part->offset = (uint64_t)offset;
        part->data = arena_memdup(reading->arena, data, part->length);
        vec_push(reading->arena, &item->parts, part);
    }
}

static bool add_hard_link(struct tar_reading *reading, const char *path, const char *name)
{
    const char *target = plain_path(reading, name);
    const struct file_item *item = target ? map_get(&reading->tarball->items, target) : NULL;

    if (!target) {
        return false;
    }
    if (!item || item->type == ROOT_DIR) {
        return fail(reading, "has a hard link, %.200s, to what is no file before it", path);
    }
    return put(reading, path, item);
}

static bool add_item(struct tar_reading *reading, struct archive_entry *entry, const char *path, enum root_type type)
{
    const struct libarchive *library = reading->library;
    struct file_item *item = arena_new_object(reading->arena, struct file_item);
    const la_int64_t size = type == ROOT_FILE ? library->archive_entry_size(entry) : 0;

    item->type = type;
    item->mode = (unsigned)library->archive_entry_perm(entry) & 07777;
    item->size = size < 0 ? 0 : (uint64_t)size;
    if (type == ROOT_LINK) {
        const char *target = library->archive_entry_symlink(entry);

        item->target = arena_strdup(reading->arena, target && *target ? target : ".");
        if (!keep(reading, strlen(item->target))) {
            return false;
        }
    }
    return put(reading, path, item) && (type != ROOT_FILE || read_content(reading, item));
}

/* A device, FIFO or socket is in the way of nothing: it is not looked at. */
static bool add_other(struct tar_reading *reading, const char *path)
{
    map_remove(&reading->tarball->items, path);
    vec_push(reading->arena, &reading->tarball->others, path);
    return keep(reading, strlen(path) + ITEM_COST);
}

static bool add_entry(struct tar_reading *reading, struct archive_entry *entry)
{
    const struct libarchive *library = reading->library;
    const char *path = plain_path(reading, library->archive_entry_pathname(entry));
    const char *hard_link = library->archive_entry_hardlink(entry);

    if (!path || !count_item(reading)) {
        return false;
    }
    if (!reading->wanted(path)) {
        return true;
    }
    if (hard_link) {
        return add_hard_link(reading, path, hard_link);
    }
    switch (library->archive_entry_filetype(entry)) {
    case AE_IFREG:
        return add_item(reading, entry, path, ROOT_FILE);
    case AE_IFDIR:
        return add_item(reading, entry, path, ROOT_DIR);
    case AE_IFLNK:
        return add_item(reading, entry, path, ROOT_LINK);
    default:
        return add_other(reading, path);
    }
}

static bool read_entries(struct tar_reading *reading)
{
    for (;;) {
        struct archive_entry *entry;
        const int result = reading->library->archive_read_next_header(reading->archive, &entry);

        if (result == ARCHIVE_EOF) {
            return true;
        }
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            return fail_reading(reading);
        }
        if (!add_entry(reading, entry)) {
            return false;
        }
    }
}

bool tarball_read(struct arena *arena, int fd, const char *label, bool (*wanted)(const char *path),
                  struct tarball *ret_tarball, const char **ret_error)
{
    AUTO(reading_close)
    struct tar_reading reading = {.arena = arena, .library = libarchive(), .tarball = ret_tarball, .wanted = wanted};

    *ret_tarball = (struct tarball){0};
    reading.archive = reading.library->archive_read_new();
    if (!reading.archive) {
        memory_exhausted();
    }
    add_filters(&reading);
    reading.library->archive_read_support_format_tar(reading.archive);
    if (reading.library->archive_read_open_fd(reading.archive, fd, READ_SIZE) == ARCHIVE_OK ? read_entries(&reading)
                                                                                            : fail_reading(&reading)) {
        return true;
    }
    *ret_error = arena_printf(arena, "%s: %s", label, reading.error);
    return false;
}
