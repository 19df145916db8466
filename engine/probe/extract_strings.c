/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Matches in a binary file of any size.
 *
 * The file goes through one small window, read by position: a mapping would do as well, but would kill the process when
 * the file is truncated meanwhile, and is no faster. Where every match must contain some literal, only the
 * neighbourhood of that literal is given to the regular expression. Of programs only what can hold text is read, and
 * the holes of sparse files are passed over.
 */
#include "probe/literal.h"
#include "probe/registry.h"
#include "probe/support.h"
#include "probe/text_ranges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WINDOW = 256 * 1024, /* stays in the processor's cache */
    REACH = 1024,        /* of a match to each side of its literal */
    CONTEXT = 256,       /* for look-behinds and look-aheads */
    TAIL = 2 * REACH + WINDOW / 64,
    LITERAL_LIMIT = REACH,
};
/* Of one file. The largest honest programs have a fifth of it. */
enum { SEARCH_MIB = 1024 };

struct window {
    int descriptor; /* -1: data is all there is */
    char *buffer;   /* on the heap, NULL: data is borrowed */
    const char *data;
    size_t length;
    uint64_t offset; /* of data in the file */
    uint64_t end;    /* of the part of the file that is gone through */
    bool last;       /* it reaches as far */
};

/* Positions count from the start of the window. */
struct strings_search {
    struct probe *probe;
    const struct item *item;
    const struct regex *regex;
    struct regex_span *groups;
    struct literal literal;
    struct window window;
    size_t from;     /* matches start here or later */
    size_t searched; /* literals before this one have been dealt with */
    uint64_t read;   /* bytes so far, of all parts */
};

struct region {
    size_t start, end;                 /* matches start in here */
    size_t context_start, context_end; /* what the regular expression sees */
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t less(size_t position, size_t distance)
{
    return position > distance ? position - distance : 0;
}

static void window_close(struct window *window)
{
    if (window->descriptor >= 0)
        close(window->descriptor);
    free(window->buffer);
}

/* Fills the rest of the buffer. 0 or a negative errno. */
static int window_fill(struct window *window)
{
    while (window->length < WINDOW && !window->last) {
        uint64_t at = window->offset + window->length, rest = window->end - at;
        size_t room = WINDOW - window->length;
        ssize_t got =
            pread(window->descriptor, window->buffer + window->length, rest < room ? (size_t)rest : room, (off_t)at);

        if (got < 0 && errno != EINTR)
            return -errno;
        window->length += got > 0 ? (size_t)got : 0;
        window->last = got == 0 || window->offset + window->length == window->end;
    }
    return 0;
}

/* Goes to another part of the file. 0 or a negative errno. */
static int window_start(struct window *window, const struct text_range *range)
{
    window->offset = range->start;
    window->end = range->end;
    window->length = 0;
    window->last = false;
    return window_fill(window);
}

static int window_open(struct window *window, struct root *root, const struct item *item)
{
    int error;

    if (item->text || !item->path) {
        window->data = item->text ? item->text : "";
        window->length = item->text ? item->length : 0;
        window->last = true;
        return 0;
    }
    error = root_open_file(root, item->path, &window->descriptor);
    if (error)
        return error;
    window->buffer = memory_take(NULL, WINDOW);
    window->data = window->buffer;
    return 0;
}

/* Drops what is before a position. 0 or a negative errno. */
static int window_slide(struct window *window, size_t position)
{
    memmove(window->buffer, window->buffer + position, window->length - position);
    window->length -= position;
    window->offset += position;
    return window_fill(window);
}

/* Runs the expression over one region. REGEX_NO at its end; REGEX_YES: the row limit is reached. */
static enum regex_result scan_region(struct strings_search *hunt, const struct region *region)
{
    const char *subject = hunt->window.data + region->context_start;
    AUTO(regex_scan_cleanup)
    struct regex_scan *scan = regex_scan_new(hunt->regex, subject, region->context_end - region->context_start);
    enum regex_result result;
    struct regex_span whole;

    regex_scan_seek(scan, region->start - region->context_start);
    hunt->from = region->end;
    while ((result = regex_scan_next(scan, &whole, hunt->groups)) == REGEX_YES) {
        size_t start = (size_t)(whole.start - hunt->window.data);

        if (start >= region->end)
            return REGEX_NO;
        if (hunt->window.descriptor >= 0)
            root_keep(hunt->probe->root, hunt->item->path, hunt->window.offset + start, whole.length);
        if (!probe_match_row(hunt->probe, hunt->item, hunt->regex, &whole, hunt->groups, 0))
            return REGEX_YES;
        hunt->from = most(hunt->from, start + whole.length);
    }
    return result;
}

/* The text around a literal, or as far as a match may reach. */
static struct region neighbourhood(const struct strings_search *hunt, size_t position)
{
    const unsigned char *data = (const unsigned char *)hunt->window.data;
    size_t first = less(position, REACH), last = least(position + hunt->literal.length + REACH, hunt->window.length);
    struct region region = {first, last, 0, 0};
    bool whole_run = false;

    if (hunt->literal.text_only) {
        for (region.start = position; region.start > first && literal_is_text(data[region.start - 1]); region.start--)
            continue;
        for (region.end = position; region.end < last && literal_is_text(data[region.end]); region.end++)
            continue;
        whole_run = region.end < last;
    }
    region.start = most(region.start, hunt->from);
    region.context_start = less(region.start, CONTEXT);
    region.context_end = least(region.end + (whole_run ? CONTEXT : REACH), hunt->window.length);
    return region;
}

/* All matches that start (without a literal) or whose literal starts (with one) before the limit. */
static enum regex_result scan_window(struct strings_search *hunt, size_t limit)
{
    const struct window *window = &hunt->window;
    enum regex_result result = REGEX_NO;
    size_t next = most(hunt->searched, hunt->from);

    hunt->searched = limit;
    if (!hunt->literal.bytes) {
        struct region all = {next, limit, less(next, CONTEXT), window->length};

        return next < limit ? scan_region(hunt, &all) : REGEX_NO;
    }
    for (; next < limit && result == REGEX_NO; next = hunt->from) {
        const char *found = literal_find(&hunt->literal, window->data + next,
                                         least(limit + hunt->literal.length - 1, window->length) - next);
        struct region region;

        if (!found)
            break;
        region = neighbourhood(hunt, (size_t)(found - window->data));
        result = scan_region(hunt, &region);
    }
    return result;
}

/* 0, or -ETIME: the fact has had its share, which is told. */
static int may_go_on(struct strings_search *hunt)
{
    hunt->read += hunt->window.length;
    if (hunt->read > (uint64_t)SEARCH_MIB * 1024 * 1024 && !hunt->probe->stopped)
        probe_stop(hunt->probe,
                   arena_printf(hunt->probe->arena, "%s: more than %d MiB to search", hunt->item->path, SEARCH_MIB));
    return probe_step(hunt->probe) ? 0 : -ETIME;
}

/* From where the window is to the end of that part. REGEX_NO at its end; *ret_error is a negative errno or 0. */
static enum regex_result scan_part(struct strings_search *hunt, int *ret_error)
{
    struct window *window = &hunt->window;

    hunt->from = hunt->searched = 0;
    while (!*ret_error && !(*ret_error = may_go_on(hunt))) {
        size_t limit = window->last ? window->length : window->length - TAIL;
        size_t keep = less(limit, REACH + CONTEXT);
        enum regex_result result = scan_window(hunt, limit);

        if (result != REGEX_NO || window->last)
            return result;
        hunt->from = less(hunt->from, keep);
        hunt->searched -= keep;
        *ret_error = window_slide(window, keep);
    }
    return REGEX_NO;
}

/* Goes through all parts of the file that are of interest; result and error as above. */
static enum regex_result scan_file(struct strings_search *hunt, int *ret_error)
{
    struct window *window = &hunt->window;
    struct text_range *ranges;
    size_t count = 0;
    enum regex_result result = REGEX_NO;

    *ret_error = window_open(window, hunt->probe->root, hunt->item);
    if (!*ret_error && window->descriptor < 0)
        return scan_part(hunt, ret_error);
    if (!*ret_error)
        *ret_error = text_ranges(hunt->probe->arena, window->descriptor, &ranges, &count);
    for (size_t i = 0; i < count && result == REGEX_NO && !*ret_error; i++) {
        *ret_error = window_start(window, &ranges[i]);
        result = scan_part(hunt, ret_error);
    }
    return result;
}

static struct literal usable_literal(struct arena *arena, const char *pattern)
{
    struct literal literal = literal_derive(arena, pattern);

    if (literal.length > LITERAL_LIMIT)
        literal.length = LITERAL_LIMIT;
    if (literal.rarest >= literal.length)
        literal.rarest = 0;
    return literal;
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    struct strings_search hunt = {.probe = probe, .item = item, .window = {.descriptor = -1}};
    size_t before = probe->rows.count;
    enum regex_result result;
    int error;

    hunt.regex = probe->extract_arguments[0].regex;
    hunt.groups = arena_alloc(probe->arena, (regex_group_count(hunt.regex) + 1) * sizeof(*hunt.groups));
    hunt.literal = usable_literal(probe->arena, regex_pattern(hunt.regex));
    result = scan_file(&hunt, &error);
    window_close(&hunt.window);
    if (error) {
        probe_drop_rows(probe, before);
        return probe_error(probe, item->path, error);
    }
    if (result == REGEX_YES)
        return probe_drop_rows(probe, before);
    if (result != REGEX_NO)
        return probe_regex_failed(probe, item, result, before);
    return probe_found(probe, item, before, "match");
}

static const char *const columns[] = {"text", NULL};

static const struct field fields[] = {
    {"strings", FIELD_REGEX, FIELD_REQUIRED | FIELD_COLUMNS | FIELD_BINARY, NULL,
     "regular expression on bytes; \\0 is a NUL", NULL},
    {0},
};

const struct extract_kind extract_strings = {
    .name = "strings",
    .help = "One row a match in a binary file of any size, a column a named group, text the whole match.",
    .fields = fields,
    .columns = columns,
    .flags = EXTRACT_TRAVELS,
    .eval = eval,
};
