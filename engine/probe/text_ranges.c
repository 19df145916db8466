/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections and holes as ranges of a file. */
#include "probe/text_ranges.h"

#include "probe/elf_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXTENTS_LIMIT = 65536 };

struct range_list {
    struct arena *arena;
    struct text_range *items;
    size_t count;
    size_t capacity;
};

static void add_range(struct range_list *list, uint64_t start, uint64_t end)
{
    struct text_range *last = list->count ? &list->items[list->count - 1] : NULL;

    if (last && start <= last->end) {
        last->end = end > last->end ? end : last->end;
        return;
    }
    if (list->count == list->capacity) {
        struct text_range *items;

        list->capacity = list->capacity ? 2 * list->capacity : 4;
        items = arena_alloc(list->arena, list->capacity * sizeof(*items));
        if (list->count)
            memcpy(items, list->items, list->count * sizeof(*items));
        list->items = items;
    }
    list->items[list->count++] = (struct text_range){start, end};
}

static int compare_offsets(const void *left, const void *right)
{
    const struct elf_section *a = left, *b = right;

    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void add_sections(struct range_list *list, const struct elf_file *file)
{
    struct elf_section *sections;

    if (!file->count)
        return;
    sections = arena_memdup(list->arena, file->sections, file->count * sizeof(*sections));
    qsort(sections, file->count, sizeof(*sections), compare_offsets);
    for (size_t i = 0; i < file->count; i++)
        if (elf_holds_text(&sections[i]))
            add_range(list, sections[i].offset - (sections[i].offset > 0), sections[i].offset + sections[i].size + 1);
}

/* What of a range is no hole; that there are holes shows in how many blocks the file takes. A byte of the hole before
 * it goes with it: it is what texts begin after. */
static void add_extents(struct range_list *list, int descriptor, const struct text_range *range)
{
    off_t start = (off_t)range->start, end;

    for (size_t i = 0; i < EXTENTS_LIMIT && (uint64_t)start < range->end; i++, start = end) {
        start = lseek(descriptor, start, SEEK_DATA);
        end = start < 0 ? -1 : lseek(descriptor, start, SEEK_HOLE);
        if (start < 0 && errno == ENXIO)
            return;
        if (end < 0)
            break;
        if ((uint64_t)start >= range->end)
            return;
        if ((uint64_t)start > range->start)
            start--;
        add_range(list, (uint64_t)start, (uint64_t)end + 1 < range->end ? (uint64_t)end + 1 : range->end);
    }
    if (start >= 0 && (uint64_t)start < range->end)
        add_range(list, (uint64_t)start, range->end);
}

static struct range_list without_holes(const struct range_list *list, int descriptor)
{
    struct range_list extents = {.arena = list->arena};

    for (size_t i = 0; i < list->count; i++)
        add_extents(&extents, descriptor, &list->items[i]);
    return extents;
}

int text_ranges(struct arena *arena, int descriptor, struct text_range **ret_ranges, size_t *ret_count)
{
    struct range_list list = {.arena = arena};
    struct elf_file file;
    struct stat status;
    int error = fstat(descriptor, &status) < 0 ? -errno : elf_read(arena, descriptor, &file);

    if (error && error != -ENOEXEC)
        return error;
    if (!error)
        add_sections(&list, &file);
    if (!list.count)
        add_range(&list, 0, UINT64_MAX);
    if ((uint64_t)status.st_blocks < (uint64_t)status.st_size / 512)
        list = without_holes(&list, descriptor);
    *ret_ranges = list.items;
    *ret_count = list.count;
    return 0;
}
