/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searching with a pattern. */
#include "base/regex_private.h"

#include "base/budget.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * As that adds up over a long subject, the search also goes by windows of start positions, and ends when it has taken
 * too much processor time in all: a second, and another for each 8 MiB. Nothing honest comes near.
 */
enum { WINDOW = 256, BINARY_WINDOW = 1024, BUDGET_MILLISECONDS = 1000, BYTES_PER_MILLISECOND = 8192 };
/* What replaces a byte that is no UTF-8 while matching: a control character that no rule looks for. */
enum { REPLACEMENT = '\032' };

struct regex_scan {
    const struct regex *regex;
    const struct regex_code *code;
    pcre2_match_data *data;      /* NULL: there is no code */
    pcre2_match_context *window; /* the limits and the end of the window; NULL: the subject is short */
    const char *subject;
    char *clean; /* a copy of the subject without what is no UTF-8, or NULL when it has none */
    size_t length;
    size_t position;
    size_t checked;   /* position when the time was last looked at */
    int64_t earliest; /* in milliseconds: the deadline cannot be before. This clock takes no system call */
    int64_t deadline; /* in milliseconds of this thread's processor time */
    bool after_empty;
    bool finished;
};

/* The bytes from the start that are UTF-8. */
static size_t utf8_span(const char *text, size_t length)
{
    size_t position = text_plain_span(text, length), size;
    uint32_t character;

    while (position < length && (size = text_utf8(text + position, length - position, &character)) > 0) {
        position += size;
        position += text_plain_span(text + position, length - position);
    }
    return position;
}

/*
 * Checks the subject once, where PCRE2 would check all the rest of it again for each match. The copy has the same
 * length, so places found in it are places in the subject.
 */
static char *clean_copy(const char *subject, size_t length)
{
    size_t good = utf8_span(subject, length);
    char *copy;

    if (good == length)
        return NULL;
    copy = malloc(length);
    if (!copy)
        memory_exhausted();
    memcpy(copy, subject, length);
    while (good < length) {
        copy[good++] = REPLACEMENT;
        good += utf8_span(copy + good, length - good);
    }
    return copy;
}

static int64_t milliseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void prepare_windows(struct regex_scan *scan)
{
    scan->window = pcre2_match_context_copy(scan->code->limits);
    if (!scan->window)
        memory_exhausted();
    const int64_t budget = BUDGET_MILLISECONDS + (int64_t)(scan->length / BYTES_PER_MILLISECOND);
    scan->earliest = milliseconds(CLOCK_MONOTONIC) + budget;
    scan->deadline = milliseconds(CLOCK_THREAD_CPUTIME_ID) + budget;
}

struct regex_scan *regex_scan_new(const struct regex *regex, const char *subject, size_t length)
{
    struct regex_scan *scan = calloc(1, sizeof(*scan));

    if (!scan)
        memory_exhausted();
    scan->regex = regex;
    scan->subject = subject ? subject : "";
    scan->length = length;
    scan->code = regex_code(regex);
    if (!scan->code->code)
        return scan;
    scan->data = pcre2_match_data_create_from_pattern(scan->code->code, NULL);
    if (!scan->data)
        memory_exhausted();
    if (!regex->binary)
        scan->clean = clean_copy(scan->subject, length);
    if (scan->code->windows && length > WINDOW)
        prepare_windows(scan);
    return scan;
}

void regex_scan_free(struct regex_scan *scan)
{
    if (!scan)
        return;
    pcre2_match_data_free(scan->data);
    pcre2_match_context_free(scan->window);
    free(scan->clean);
    free(scan);
}

void regex_scan_seek(struct regex_scan *scan, size_t offset)
{
    scan->position = offset < scan->length ? offset : scan->length;
    scan->after_empty = false;
    scan->finished = false;
}

void regex_scan_cleanup(struct regex_scan **scan)
{
    regex_scan_free(*scan);
    *scan = NULL;
}

static enum regex_result result_of(int code)
{
    switch (code) {
    case PCRE2_ERROR_NOMATCH:
        return REGEX_NO;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT:
        return REGEX_LIMIT;
    case PCRE2_ERROR_NOMEMORY:
        memory_exhausted();
    default:
        return code > 0 ? REGEX_YES : REGEX_BAD;
    }
}

static struct regex_span span_of(const struct regex_scan *scan, size_t number)
{
    const PCRE2_SIZE *pair = pcre2_get_ovector_pointer(scan->data) + 2 * number;

    if (number >= pcre2_get_ovector_count(scan->data) || pair[0] == PCRE2_UNSET || pair[1] < pair[0])
        return (struct regex_span){NULL, 0};
    return (struct regex_span){scan->subject + pair[0], pair[1] - pair[0]};
}

static void fill_groups(const struct regex_scan *scan, struct regex_span *groups)
{
    const struct regex *regex = scan->regex;

    for (size_t i = 0; i < regex->name_count; i++)
        groups[i] = (struct regex_span){NULL, 0};
    for (size_t i = 0; i < regex->entry_count; i++) {
        struct regex_span *group = &groups[regex->entries[i].index];

        if (!group->start)
            *group = span_of(scan, regex->entries[i].number);
    }
}

static enum regex_result match_once(struct regex_scan *scan)
{
    const char *subject = scan->clean ? scan->clean : scan->subject;
    uint32_t options = PCRE2_NO_UTF_CHECK | (scan->after_empty ? PCRE2_NOTEMPTY_ATSTART : 0);

    return result_of(pcre2_match(scan->code->code, (PCRE2_SPTR)subject, scan->length, scan->position, options,
                                 scan->data, scan->window ? scan->window : scan->code->limits));
}

static bool is_overdue(struct regex_scan *scan)
{
    if (scan->position - scan->checked < WINDOW)
        return false;
    scan->checked = scan->position;
    return budget_spent() ||
           (milliseconds(CLOCK_MONOTONIC) > scan->earliest && milliseconds(CLOCK_THREAD_CPUTIME_ID) > scan->deadline);
}

/* The last position of the window that starts here: not inside a character, so that the next can follow it. */
static size_t window_end(const struct regex_scan *scan)
{
    const char *subject = scan->clean ? scan->clean : scan->subject;
    size_t end = scan->position + (scan->regex->binary ? BINARY_WINDOW : WINDOW);

    if (end >= scan->length)
        return scan->length;
    while (!scan->regex->binary && ((unsigned char)subject[end] & 0xc0U) == 0x80)
        end--;
    return end;
}

/* Window by window, up to a match or the end. The last position of one is the first of the next. */
static enum regex_result match_windows(struct regex_scan *scan)
{
    for (;;) {
        size_t end = window_end(scan);
        enum regex_result result;

        if (is_overdue(scan))
            return REGEX_LIMIT;
        pcre2_set_offset_limit(scan->window, end);
        result = match_once(scan);
        if (result != REGEX_NO || end == scan->length)
            return result;
        scan->position = end;
        scan->after_empty = false;
    }
}

enum regex_result regex_scan_next(struct regex_scan *scan, struct regex_span *whole, struct regex_span *groups)
{
    enum regex_result result;

    if (!scan->data)
        return REGEX_BAD;
    if (scan->finished)
        return REGEX_NO;
    const PCRE2_SIZE *pair = pcre2_get_ovector_pointer(scan->data);
    result = scan->window ? match_windows(scan) : match_once(scan);
    scan->finished = result != REGEX_YES;
    if (scan->finished)
        return result;
    scan->position = pair[1];
    scan->after_empty = pair[1] <= pair[0];
    if (whole)
        *whole = span_of(scan, 0);
    if (groups)
        fill_groups(scan, groups);
    return REGEX_YES;
}

enum regex_result regex_test(const struct regex *regex, const char *subject, size_t length)
{
    /* "Is there anything?" is what most conditions ask. */
    if (regex->pattern[0] == '.' && regex->pattern[1] == '\0' && length > 0 && subject[0] != '\n')
        return REGEX_YES;
    AUTO(regex_scan_cleanup) struct regex_scan *scan = regex_scan_new(regex, subject, length);

    return regex_scan_next(scan, NULL, NULL);
}
