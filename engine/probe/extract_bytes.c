/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The extract bytes: a number out of a binary file. */
#include "probe/registry.h"
#include "probe/support.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { PART_OFFSET, PART_SIZE, PART_ENDIAN };
enum { LARGEST = 8 };

static const char *const endians[] = {"little", "big", NULL};
static const char *const columns[] = {"text", NULL};

static const struct field parts[] = {
    {"offset", FIELD_NUMBER, FIELD_REQUIRED | FIELD_WHOLE, NULL, "bytes before the number", NULL},
    {"size", FIELD_NUMBER, FIELD_REQUIRED | FIELD_WHOLE, NULL, "bytes of the number, 1 to 8", NULL},
    {"endian", FIELD_TEXT, 0, endians, "order of its bytes, little unless given", NULL},
    {0},
};

static const struct field fields[] = {
    {"bytes", FIELD_MAPPING, FIELD_REQUIRED, NULL, "where the number is", parts},
    {0},
};

static void close_descriptor(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/* Reads up to size bytes at an offset; *ret_got is less at the end of the file. */
static int read_at(struct probe *probe, const char *path, uint64_t offset, unsigned char *bytes, size_t size,
                   size_t *ret_got)
{
    AUTO(close_descriptor) int descriptor = -1;
    size_t filled = 0;
    int error = root_open_file(probe->root, path, &descriptor);

    if (error)
        return error;
    while (filled < size) {
        ssize_t got = pread(descriptor, bytes + filled, size - filled, (off_t)(offset + filled));

        if (got < 0 && errno != EINTR)
            return -errno;
        if (got == 0)
            break;
        filled += got > 0 ? (size_t)got : 0;
    }
    *ret_got = filled;
    return 0;
}

static size_t copy_at(const struct item *item, uint64_t offset, unsigned char *bytes, size_t size)
{
    size_t rest = offset < item->length ? item->length - (size_t)offset : 0;
    size_t got = rest < size ? rest : size;

    if (got)
        memcpy(bytes, item->text + offset, got);
    return got;
}

static uint64_t number_of(const unsigned char *bytes, size_t size, bool big)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes[big ? i : size - 1 - i];
    return number;
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    const struct argument *sub = probe->extract_arguments[0].sub;
    int64_t offset = sub[PART_OFFSET].number, size = sub[PART_SIZE].number;
    bool big = sub[PART_ENDIAN].given && !strcmp(sub[PART_ENDIAN].text, "big");
    unsigned char bytes[LARGEST];
    struct row *row;
    size_t got = 0;
    int error;

    if (offset < 0 || size < 1 || size > LARGEST) {
        probe_refuse(probe, "bytes: size is 1 to 8, and offset not negative");
        return VERDICT_UNKNOWN;
    }
    if (item->text || !item->path) {
        got = copy_at(item, (uint64_t)offset, bytes, (size_t)size);
    } else {
        error = read_at(probe, item->path, (uint64_t)offset, bytes, (size_t)size, &got);
        if (error)
            return probe_error(probe, item->path, error);
        if (got)
            root_keep(probe->root, item->path, (uint64_t)offset, got);
    }
    if (got < (size_t)size)
        return probe_no(probe, "%s: ends before byte %" PRId64, probe_item_name(item), offset + size);
    row = probe_row(probe, item);
    if (!row)
        return VERDICT_UNKNOWN;
    row_set(probe->arena, row, "text", arena_printf(probe->arena, "%" PRIu64, number_of(bytes, (size_t)size, big)));
    return VERDICT_YES;
}

const struct extract_kind extract_bytes = {
    .name = "bytes",
    .help = "A number out of a binary file, in decimal.",
    .fields = fields,
    .columns = columns,
    .eval = eval,
};
