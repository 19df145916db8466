/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists such as 0-3,8, in which the kernel names processors and NUMA nodes. */
#include "base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 65536 };

struct cpu_range {
    unsigned first;
    unsigned last;
};

/* Ranges are kept in a byte buffer; its storage is aligned for anything. */
static struct cpu_range *ranges_of(const struct buf *buf)
{
    return (struct cpu_range *)(void *)buf->data;
}

static size_t count_ranges(const struct buf *buf)
{
    return buf->length / sizeof(struct cpu_range);
}

static void skip_blanks(const char **text)
{
    *text += strspn(*text, " \t\n\r");
}

static bool read_number(const char **text, unsigned *ret_number)
{
    const char *start = *text;
    unsigned number = 0;

    for (; **text >= '0' && **text <= '9'; ++*text)
        if (__builtin_mul_overflow(number, 10U, &number) ||
            __builtin_add_overflow(number, (unsigned)(**text - '0'), &number))
            return false;
    *ret_number = number;
    return *text > start && number < UINT_MAX;
}

static bool read_range(const char **text, struct cpu_range *ret_range)
{
    struct cpu_range range;

    if (!read_number(text, &range.first))
        return false;
    range.last = range.first;
    if (**text == '-') {
        ++*text;
        if (!read_number(text, &range.last) || range.last < range.first)
            return false;
    }
    *ret_range = range;
    return true;
}

static bool read_list(const char *text, struct buf *included, struct buf *excluded)
{
    skip_blanks(&text);
    if (!*text)
        return true;
    for (;;) {
        struct cpu_range range;
        bool exclude = *text == '^';

        text += exclude;
        if (!read_range(&text, &range))
            return false;
        buf_add_n(exclude ? excluded : included, (const char *)&range, sizeof(range));
        skip_blanks(&text);
        if (!*text)
            return true;
        if (*text++ != ',')
            return false;
        skip_blanks(&text);
    }
}

static int compare_ranges(const void *left, const void *right)
{
    const struct cpu_range *a = left, *b = right;

    return (a->first > b->first) - (a->first < b->first);
}

/* Sorts and joins those that overlap or touch. */
static void normalise(struct buf *buf)
{
    struct cpu_range *ranges = ranges_of(buf);
    size_t count = count_ranges(buf), kept = 0;

    if (!count)
        return;
    qsort(ranges, count, sizeof(*ranges), compare_ranges);
    for (size_t i = 1; i < count; i++) {
        if (ranges[i].first > ranges[kept].last + 1)
            ranges[++kept] = ranges[i];
        else if (ranges[i].last > ranges[kept].last)
            ranges[kept].last = ranges[i].last;
    }
    buf->length = (kept + 1) * sizeof(*ranges);
}

/* Takes the excluded ranges out of the included; both are normalised. */
static void subtract(const struct buf *included, const struct buf *excluded, struct buf *rest)
{
    const struct cpu_range *holes = ranges_of(excluded);
    size_t hole_count = count_ranges(excluded), next = 0;

    for (size_t i = 0; i < count_ranges(included); i++) {
        struct cpu_range range = ranges_of(included)[i];

        while (next < hole_count && holes[next].last < range.first)
            next++;
        for (size_t hole = next; hole < hole_count && holes[hole].first <= range.last; hole++) {
            struct cpu_range before = {range.first, holes[hole].first - 1};

            if (holes[hole].first > range.first)
                buf_add_n(rest, (const char *)&before, sizeof(before));
            range.first = holes[hole].last + 1;
        }
        if (range.first <= range.last)
            buf_add_n(rest, (const char *)&range, sizeof(range));
    }
}

static bool count_values(const struct buf *ranges, size_t *ret_count)
{
    size_t count = 0;

    for (size_t i = 0; i < count_ranges(ranges); i++) {
        count += (size_t)ranges_of(ranges)[i].last - ranges_of(ranges)[i].first + 1;
        if (count > VALUES_MAX)
            return false;
    }
    *ret_count = count;
    return true;
}

bool cpuset_parse(struct arena *arena, const char *text, unsigned **ret_values, size_t *ret_count)
{
    AUTO(buf_free) struct buf included = BUF_INIT;
    AUTO(buf_free) struct buf excluded = BUF_INIT;
    AUTO(buf_free) struct buf rest = BUF_INIT;
    unsigned *value;

    if (!read_list(text, &included, &excluded))
        return false;
    normalise(&included);
    normalise(&excluded);
    subtract(&included, &excluded, &rest);
    if (!count_values(&rest, ret_count))
        return false;
    value = *ret_values = arena_alloc(arena, *ret_count * sizeof(*value));
    for (size_t i = 0; i < count_ranges(&rest); i++)
        for (unsigned number = ranges_of(&rest)[i].first; number <= ranges_of(&rest)[i].last; number++)
            *value++ = number;
    return true;
}

char *cpuset_format(struct arena *arena, const unsigned *values, size_t count)
{
    AUTO(buf_free) struct buf ranges = BUF_INIT;
    AUTO(buf_free) struct buf out = BUF_INIT;

    for (size_t i = 0; i < count; i++) {
        struct cpu_range range = {values[i], values[i]};

        buf_add_n(&ranges, (const char *)&range, sizeof(range));
    }
    normalise(&ranges);
    for (size_t i = 0; i < count_ranges(&ranges); i++) {
        const struct cpu_range *range = &ranges_of(&ranges)[i];

        buf_printf(&out, i ? ",%u" : "%u", range->first);
        if (range->last > range->first)
            buf_printf(&out, "-%u", range->last);
    }
    return arena_strdup(arena, buf_text(&out));
}
