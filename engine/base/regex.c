/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/regex.h"

#include "base/text.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The match limit holds for each position that a match is tried at; the others bound memory. */
enum { MATCH_LIMIT = 1000000, DEPTH_LIMIT = 20000, HEAP_LIMIT_KIB = 20000, PATTERN_LIMIT = 65536, ERROR_SIZE = 256 };
/*
 * As that adds up over a long subject, the search also goes by windows of start positions, and ends when it has taken
 * too much processor time in all: a second, and another for each 8 MiB. Nothing honest comes near.
 */
enum { WINDOW = 256, BINARY_WINDOW = 1024, BUDGET_MILLISECONDS = 1000, BYTES_PER_MILLISECOND = 8192 };
/* What replaces a byte that is no UTF-8 while matching: a control character that no rule looks for. */
enum { REPLACEMENT = '\032' };

struct name_entry {
    const char *name;
    unsigned number; /* of the group in the pattern */
    size_t index;    /* among the different names */
};

/* Machine code pays off on megabytes, and costs more than a small rule: it is made at the first use. */
struct machine_code {
    pthread_mutex_t lock;
    bool made;
};

struct regex {
    pcre2_code *code;
    struct machine_code *machine_code; /* NULL: none */
    pcre2_match_context *limits;       /* only read by matches, so shared as well */
    struct name_entry *entries;        /* by number; a name may be there for several numbers */
    size_t entry_count;
    const char **names;
    size_t name_count;
    const char *pattern;
    bool binary;
    bool matches_empty;
    bool windows; /* the search may be interrupted and resumed further on */
};

struct regex_scan {
    const struct regex *regex;
    pcre2_match_data *data;
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

static void release_code(void *code)
{
    pcre2_code_free(code);
}

static void release_context(void *context)
{
    pcre2_match_context_free(context);
}

static void free_compile_context(pcre2_compile_context **context)
{
    pcre2_compile_context_free(*context);
}

static pcre2_code *compile(const char *pattern, bool binary, int *ret_error, size_t *ret_offset)
{
    AUTO(free_compile_context) pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    uint32_t options =
        PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT | (binary ? PCRE2_NEVER_UTF : PCRE2_UTF | PCRE2_MULTILINE);

    if (!context)
        memory_exhausted();
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_max_pattern_length(context, PATTERN_LIMIT);
    return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, ret_error, ret_offset, context);
}

static const char *error_text(struct arena *arena, int error)
{
    PCRE2_UCHAR message[ERROR_SIZE];

    if (pcre2_get_error_message(error, message, sizeof(message)) < 0)
        return "not a regular expression";
    return arena_strdup(arena, (const char *)message);
}

static int compare_entries(const void *left, const void *right)
{
    const struct name_entry *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

/* The index of a name, which is added when it is new. */
static size_t name_index(struct regex *regex, const char *name)
{
    for (size_t i = 0; i < regex->name_count; i++)
        if (text_equal(regex->names[i], name))
            return i;
    regex->names[regex->name_count] = name;
    return regex->name_count++;
}

static void collect_names(struct arena *arena, struct regex *regex)
{
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;

    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    if (!count)
        return;
    regex->entries = arena_alloc(arena, count * sizeof(*regex->entries));
    regex->names = arena_alloc(arena, count * sizeof(*regex->names));
    regex->entry_count = count;
    for (uint32_t i = 0; i < count; i++, table += size) {
        regex->entries[i].number = (unsigned)table[0] << 8 | table[1];
        regex->entries[i].name = arena_strdup(arena, (const char *)table + 2);
    }
    qsort(regex->entries, count, sizeof(*regex->entries), compare_entries);
    for (uint32_t i = 0; i < count; i++)
        regex->entries[i].index = name_index(regex, regex->entries[i].name);
}

/* Verbs such as (*COMMIT), \G and what is anchored mean something by the position where a search starts. */
static bool allows_windows(const pcre2_code *code, const char *pattern)
{
    uint32_t options = 0;

    pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
    return !(options & PCRE2_ANCHORED) && !strstr(pattern, "(*") && !strstr(pattern, "\\G");
}

static pcre2_match_context *new_limits(struct arena *arena)
{
    pcre2_match_context *limits = pcre2_match_context_create(NULL);

    if (!limits)
        memory_exhausted();
    arena_defer(arena, release_context, limits);
    pcre2_set_match_limit(limits, MATCH_LIMIT);
    pcre2_set_depth_limit(limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(limits, HEAP_LIMIT_KIB);
    return limits;
}

struct regex *regex_compile(struct arena *arena, const char *pattern, unsigned flags, const char **ret_error,
                            size_t *ret_offset)
{
    bool binary = flags & REGEX_BINARY;
    int error = 0;
    size_t offset = 0;
    pcre2_code *code = compile(pattern, binary, &error, &offset);
    struct regex *regex;
    uint32_t matches_empty = 0;

    if (!code) {
        *ret_error = error_text(arena, error);
        *ret_offset = offset < strlen(pattern) ? offset : strlen(pattern);
        return NULL;
    }
    arena_defer(arena, release_code, code);
    regex = arena_new_object(arena, struct regex);
    if (binary) {
        regex->machine_code = arena_new_object(arena, struct machine_code);
        pthread_mutex_init(&regex->machine_code->lock, NULL);
    }
    regex->code = code;
    regex->pattern = arena_strdup(arena, pattern);
    regex->binary = binary;
    regex->limits = new_limits(arena);
    pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &matches_empty);
    regex->matches_empty = matches_empty != 0;
    regex->windows = allows_windows(code, pattern);
    collect_names(arena, regex);
    return regex;
}

bool regex_matches_empty(const struct regex *regex)
{
    return regex->matches_empty;
}

size_t regex_group_count(const struct regex *regex)
{
    return regex->name_count;
}

const char *regex_group_name(const struct regex *regex, size_t index)
{
    return regex->names[index];
}

const char *regex_pattern(const struct regex *regex)
{
    return regex->pattern;
}

/* The bytes from the start that are UTF-8. */
static size_t utf8_span(const char *text, size_t length)
{
    size_t position = 0, size;
    uint32_t character;

    while (position < length) {
        size = (unsigned char)text[position] < 0x80 ? 1 : text_utf8(text + position, length - position, &character);
        if (!size)
            break;
        position += size;
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
    scan->window = pcre2_match_context_copy(scan->regex->limits);
    if (!scan->window)
        memory_exhausted();
    const int64_t budget = BUDGET_MILLISECONDS + (int64_t)(scan->length / BYTES_PER_MILLISECOND);
    scan->earliest = milliseconds(CLOCK_MONOTONIC) + budget;
    scan->deadline = milliseconds(CLOCK_THREAD_CPUTIME_ID) + budget;
}

/* Every scan passes here before its first match, so that none runs while the code changes. */
static void make_machine_code(const struct regex *regex)
{
    struct machine_code *machine_code = regex->machine_code;

    if (!machine_code)
        return;
    pthread_mutex_lock(&machine_code->lock);
    if (!machine_code->made)
        pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE); /* without it matching is just slower */
    machine_code->made = true;
    pthread_mutex_unlock(&machine_code->lock);
}

struct regex_scan *regex_scan_new(const struct regex *regex, const char *subject, size_t length)
{
    struct regex_scan *scan = calloc(1, sizeof(*scan));

    if (!scan)
        memory_exhausted();
    scan->regex = regex;
    scan->subject = subject ? subject : "";
    scan->length = length;
    make_machine_code(regex);
    scan->data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    if (!scan->data)
        memory_exhausted();
    if (!regex->binary)
        scan->clean = clean_copy(scan->subject, length);
    if (regex->windows && length > WINDOW)
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

    if (pair[0] == PCRE2_UNSET || pair[1] < pair[0])
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

    return result_of(pcre2_match(scan->regex->code, (PCRE2_SPTR)subject, scan->length, scan->position, options,
                                 scan->data, scan->window ? scan->window : scan->regex->limits));
}

static bool is_overdue(struct regex_scan *scan)
{
    if (scan->position - scan->checked < WINDOW)
        return false;
    scan->checked = scan->position;
    return milliseconds(CLOCK_MONOTONIC) > scan->earliest && milliseconds(CLOCK_THREAD_CPUTIME_ID) > scan->deadline;
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
    const PCRE2_SIZE *pair = pcre2_get_ovector_pointer(scan->data);
    enum regex_result result;

    if (scan->finished)
        return REGEX_NO;
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
