/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compiling patterns, and knowing them from run to run. */
#include "base/regex_private.h"

#include "base/pack.h"
#include "base/store.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The match limit holds for each position that a match is tried at; the others bound memory. */
enum { MATCH_LIMIT = 1000000, DEPTH_LIMIT = 20000, HEAP_LIMIT_KIB = 20000, PATTERN_LIMIT = 65536, ERROR_SIZE = 256 };
enum { VERSION_SIZE = 64 };

void regex_code_release(void *object)
{
    struct regex_code *late = object;

    pcre2_code_free(late->code);
    pcre2_match_context_free(late->limits);
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

static void index_names(struct arena *arena, struct regex *regex)
{
    regex->names = arena_alloc(arena, regex->entry_count * sizeof(*regex->names));
    for (size_t i = 0; i < regex->entry_count; i++)
        regex->entries[i].index = name_index(regex, regex->entries[i].name);
}

static void collect_names(struct arena *arena, struct regex *regex)
{
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;

    pcre2_pattern_info(regex->late->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->late->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->late->code, PCRE2_INFO_NAMETABLE, &table);
    if (!count)
        return;
    regex->entries = arena_alloc(arena, count * sizeof(*regex->entries));
    regex->entry_count = count;
    for (uint32_t i = 0; i < count; i++, table += size) {
        regex->entries[i].number = (unsigned)table[0] << 8 | table[1];
        regex->entries[i].name = arena_strdup(arena, (const char *)table + 2);
    }
    qsort(regex->entries, count, sizeof(*regex->entries), compare_entries);
    index_names(arena, regex);
}

static struct regex *new_regex(struct arena *arena, const char *pattern, unsigned flags, pcre2_code *code)
{
    struct regex *regex = arena_new_object(arena, struct regex);

    regex->late = arena_new_object(arena, struct regex_code);
    regex->late->code = code;
    pthread_mutex_init(&regex->late->lock, NULL);
    arena_defer(arena, regex_code_release, regex->late);
    regex->pattern = arena_strdup(arena, pattern);
    regex->binary = flags & REGEX_BINARY;
    return regex;
}

struct regex *regex_compile(struct arena *arena, const char *pattern, unsigned flags, const char **ret_error,
                            size_t *ret_offset)
{
    int error = 0;
    size_t offset = 0;
    pcre2_code *code = compile(pattern, flags & REGEX_BINARY, &error, &offset);
    struct regex *regex;
    uint32_t matches_empty = 0;

    if (!code) {
        *ret_error = error_text(arena, error);
        *ret_offset = offset < strlen(pattern) ? offset : strlen(pattern);
        return NULL;
    }
    regex = new_regex(arena, pattern, flags, code);
    pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &matches_empty);
    regex->matches_empty = matches_empty != 0;
    collect_names(arena, regex);
    return regex;
}

/* Verbs such as (*COMMIT), \G and what is anchored mean something by the position where a search starts. */
static bool allows_windows(const pcre2_code *code, const char *pattern)
{
    uint32_t options = 0;

    pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
    return !(options & PCRE2_ANCHORED) && !strstr(pattern, "(*") && !strstr(pattern, "\\G");
}

static pcre2_match_context *new_limits(void)
{
    pcre2_match_context *limits = pcre2_match_context_create(NULL);

    if (!limits)
        memory_exhausted();
    pcre2_set_match_limit(limits, MATCH_LIMIT);
    pcre2_set_depth_limit(limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(limits, HEAP_LIMIT_KIB);
    return limits;
}

/* Machine code pays off on megabytes, and costs more than a small rule: it is only for bytes. */
static void make_code(const struct regex *regex)
{
    struct regex_code *late = regex->late;
    int error = 0;
    size_t offset = 0;

    if (!late->code)
        late->code = compile(regex->pattern, regex->binary, &error, &offset);
    if (!late->code)
        return;
    if (regex->binary)
        pcre2_jit_compile(late->code, PCRE2_JIT_COMPLETE); /* without it matching is just slower */
    late->limits = new_limits();
    late->windows = allows_windows(late->code, regex->pattern);
}

const struct regex_code *regex_code(const struct regex *regex)
{
    struct regex_code *late = regex->late;

    if (atomic_load_explicit(&late->ready, memory_order_acquire))
        return late;
    pthread_mutex_lock(&late->lock);
    if (!late->ready)
        make_code(regex);
    atomic_store_explicit(&late->ready, true, memory_order_release);
    pthread_mutex_unlock(&late->lock);
    return late;
}

/* What a pattern is kept under: another PCRE2 may think otherwise of it. */
static void write_key(struct buf *out, const char *pattern, unsigned flags)
{
    char version[VERSION_SIZE] = "";

    pcre2_config(PCRE2_CONFIG_VERSION, version);
    buf_add(out, version);
    buf_char(out, flags & REGEX_BINARY ? 'b' : 't');
    buf_add(out, pattern);
}

struct regex *regex_recall(struct arena *arena, struct store *store, const char *pattern, unsigned flags)
{
    AUTO(buf_free) struct buf key = BUF_INIT;
    struct regex *regex;
    size_t length = 0;

    write_key(&key, pattern, flags);
    const char *kept = store_get(store, (struct store_key){STORE_PATTERN, key.data, key.length}, &length);
    if (!kept)
        return NULL;
    struct unpack unpack = {kept, kept + length, false};
    regex = new_regex(arena, pattern, flags, NULL);
    regex->entry_count = unpack_count(&unpack);
    regex->entries = arena_alloc(arena, regex->entry_count * sizeof(*regex->entries));
    for (size_t i = 0; i < regex->entry_count; i++) {
        regex->entries[i].number = (unsigned)unpack_number(&unpack);
        regex->entries[i].name = unpack_text(&unpack);
    }
    if (unpack.failed)
        return NULL;
    index_names(arena, regex);
    return regex;
}

void regex_keep(struct store *store, const struct regex *regex)
{
    AUTO(buf_free) struct buf key = BUF_INIT, names = BUF_INIT;

    write_key(&key, regex->pattern, regex->binary ? REGEX_BINARY : 0);
    pack_number(&names, regex->entry_count);
    for (size_t i = 0; i < regex->entry_count; i++) {
        pack_number(&names, regex->entries[i].number);
        pack_text(&names, regex->entries[i].name);
    }
    store_put(store, (struct store_key){STORE_PATTERN, key.data, key.length}, names.data, names.length);
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
