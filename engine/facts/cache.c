/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Results that are kept between runs, in one file.
 *
 * hvprobe-cache 3 CHECKSUM
 * @ SIZE CTIME NANOSECONDS INODE DEVICE ROWS COLUMNS LENGTH KEY
 * LENGTH bytes of cells: the names of the columns, then each row's values (of no rows: a cell that says why). A cell is
 * a plus sign and its text, or a minus sign where the column is unset, and ends in NUL: rows use the texts as they are.
 *
 * The checksum covers all after the first line, so that entries can be read when they are asked for and any damage
 * makes the whole file worthless at once.
 */
#include "base/cache_file.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "facts/internal.h"
#include "rules/fingerprint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LIMIT = 16 * 1024 * 1024, ENTRIES_KEPT = 1024, COLUMNS_LIMIT = 64, HEADER_NUMBERS = 8 };

#define MAGIC "hvprobe-cache 3 "

struct kept_result {
    const char *key; /* fingerprint, path and other words, escaped, between tabs */
    struct root_stat stat;
    size_t rows;
    size_t columns;
    const char *body;
    size_t length;
    bool used;
};

struct cache {
    struct arena *arena;
    struct root *root;
    const char *path;
    bool loaded;
    bool added;
    struct map entries;                 /* of struct kept_result */
    const struct digest **fingerprints; /* of facts, by index; NULL: not taken */
};

struct cache *cache_new(struct arena *arena, struct root *root, const char *path, size_t fact_count)
{
    struct cache *cache = arena_new_object(arena, struct cache);

    cache->arena = arena;
    cache->root = root;
    cache->path = arena_strdup(arena, path);
    cache->fingerprints = arena_alloc(arena, (fact_count + 1) * sizeof(*cache->fingerprints));
    return cache;
}

static const char escapes[][2] = {{'\\', '\\'}, {'\t', 't'}, {'\n', 'n'}};

static void add_escaped(struct buf *buf, const char *text)
{
    for (;;) {
        const size_t plain = strcspn(text, "\\\t\n");
        buf_add_n(buf, text, plain);
        text += plain;
        if (*text == '\0')
            return;
        size_t i = 0;
        while (i + 1 < ARRAY_SIZE(escapes) && escapes[i][0] != *text)
            i++;
        buf_char(buf, '\\');
        buf_char(buf, escapes[i][1]);
        text++;
    }
}

static char unescape_one(char letter)
{
    for (size_t i = 0; i < ARRAY_SIZE(escapes); i++)
        if (escapes[i][1] == letter)
            return escapes[i][0];
    return letter;
}

/* In place. */
static char *unescape(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        if (*from == '\\' && from[1] != '\0')
            *to++ = unescape_one(*++from);
        else
            *to++ = *from;
    }
    *to = '\0';
    return text;
}

/* One entry at *text, moved past it. NULL: what is there is no entry. */
static struct kept_result *read_entry(struct cache *cache, char **text, const char *end)
{
    uint64_t numbers[HEADER_NUMBERS];
    char *at = *text + 1;
    char *newline = memchr(at, '\n', (size_t)(end - at));

    if (**text != '@' || newline == NULL)
        return NULL;
    for (size_t i = 0; i < HEADER_NUMBERS; i++) {
        char *after;
        numbers[i] = strtoull(at, &after, 10);
        if (after == at || *after != ' ')
            return NULL;
        at = after;
    }
    if (numbers[7] > (uint64_t)(end - newline - 1) || numbers[6] > COLUMNS_LIMIT)
        return NULL;
    *newline = '\0';
    struct kept_result *entry = arena_new_object(cache->arena, struct kept_result);
    *entry = (struct kept_result){.key = at + 1, .rows = numbers[5], .columns = numbers[6], .body = newline + 1};
    entry->length = numbers[7];
    entry->stat = (struct root_stat){.size = numbers[0], .inode = numbers[3], .device = numbers[4]};
    entry->stat.ctime_seconds = (int64_t)numbers[1];
    entry->stat.ctime_nanoseconds = (uint32_t)numbers[2];
    *text = newline + 1 + entry->length;
    return entry;
}

static void read_entries(struct cache *cache, char *text, size_t length)
{
    const char *end = text + length;
    struct map entries = {0};

    while (text < end) {
        struct kept_result *entry = read_entry(cache, &text, end);
        if (entry == NULL)
            return;
        map_put(cache->arena, &entries, entry->key, entry);
    }
    cache->entries = entries;
}

static void load(struct cache *cache)
{
    char *text;
    char *after;
    size_t length;

    if (cache->loaded)
        return;
    cache->loaded = true;
    if (!cache_file_read(cache->arena, cache->path, CACHE_LIMIT, &text, &length) || !text_starts(text, MAGIC))
        return;
    const uint64_t sum = strtoull(text + strlen(MAGIC), &after, 16);
    if (*after != '\n')
        return;
    after++;
    length -= (size_t)(after - text);
    if (hash_bytes(0, after, length) == sum)
        read_entries(cache, after, length);
}

bool cache_key_make(struct cache *cache, const struct fact *fact, const char *const *words, size_t count,
                    struct cache_key *ret_key)
{
    AUTO(buf_free) struct buf key = BUF_INIT;
    struct root_stat status;

    if (root_stat(cache->root, words[0], true, &status) != 0 || status.type != ROOT_FILE ||
        !file_is_settled(status.ctime_seconds, status.ctime_nanoseconds))
        return false;
    const struct digest *fingerprint = fact_fingerprint(cache->arena, cache->fingerprints, fact);
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        buf_printf(&key, "%02x", fingerprint->bytes[i]);
    for (size_t i = 0; i < count; i++) {
        buf_char(&key, '\t');
        add_escaped(&key, words[i]);
    }
    *ret_key = (struct cache_key){arena_strndup(cache->arena, key.data, key.length), words[0], status};
    return true;
}

static bool same_file(const struct root_stat *a, const struct root_stat *b)
{
    return a->size == b->size && a->inode == b->inode && a->device == b->device &&
           a->ctime_seconds == b->ctime_seconds && a->ctime_nanoseconds == b->ctime_nanoseconds;
}

/* The path in a key: its second word. */
static char *key_path(struct arena *arena, const char *key)
{
    const char *start = strchr(key, '\t');

    return start == NULL ? NULL : unescape(arena_strndup(arena, start + 1, strcspn(start + 1, "\t")));
}

/* Reads cells from *at, moved past them; NULL stands for an unset one. false: there are not as many. */
static bool read_cells(const char **at, const char *end, const char **cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *cell = *at;
        const char *last = memchr(cell, '\0', (size_t)(end - cell));
        if (last == NULL || (*cell != '+' && *cell != '-'))
            return false;
        cells[i] = *cell == '+' ? cell + 1 : NULL;
        *at = last + 1;
    }
    return true;
}

static struct row *build_row(struct arena *arena, const struct row *base, const char *const *names,
                             const char *const *cells, size_t count, size_t room)
{
    struct row *row = arena_new_object(arena, struct row);

    row->inherited = base;
    row->capacity = count + room;
    row->columns = arena_alloc(arena, row->capacity * sizeof(*row->columns));
    for (size_t i = 0; i < count; i++)
        row->columns[row->count++] = (struct column){names[i], cells[i]};
    return row;
}

static bool read_rows(const struct kept_result *entry, struct probe *probe, const struct row *base, const char *path)
{
    struct arena *arena = probe->arena;
    const char *names[COLUMNS_LIMIT], *cells[COLUMNS_LIMIT];
    const char *at = entry->body;
    const char *end = at + entry->length;

    if (entry->rows == 0)
        return read_cells(&at, end, &probe->reason, 1);
    if (!read_cells(&at, end, names, entry->columns))
        return false;
    for (size_t i = 0; i < entry->rows; i++) {
        if (!read_cells(&at, end, cells, entry->columns))
            return false;
        struct row *row = build_row(arena, base, names, cells, entry->columns, probe->fact->with_count);
        row->path = path;
        vec_push(arena, &probe->rows, row);
    }
    return true;
}

bool cache_recall(struct cache *cache, const struct cache_key *key, struct probe *probe, const struct row *base)
{
    const size_t before = probe->rows.count;

    load(cache);
    struct kept_result *entry = map_get(&cache->entries, key->text);
    if (entry == NULL || !same_file(&entry->stat, &key->stat) || entry->rows > probe->limits.rows - before)
        return false;
    if (!read_rows(entry, probe, base, key->path)) {
        probe->rows.count = before;
        return false;
    }
    entry->used = true;
    root_note_identity(cache->root, key->path);
    probe_note(probe, key->path, "from the cache");
    return true;
}

static void add_name(const char **names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (text_equal(names[i], name))
            return;
    if (*count <= COLUMNS_LIMIT)
        names[(*count)++] = name;
}

/* The columns in which a row differs from its base: other values, new ones, and those taken away. */
static void add_names(const char **names, size_t *count, const struct row *row, const struct row *base)
{
    if (base != NULL && base->count == 0)
        base = base->inherited; /* what has no columns of its own is not inherited from */
    for (; row != NULL && row != base; row = row->inherited)
        for (size_t i = 0; i < row->count; i++)
            add_name(names, count, row->columns[i].name);
}

static void add_cell(struct buf *body, const char *value)
{
    buf_char(body, value != NULL ? '+' : '-');
    buf_add_n(body, value != NULL ? value : "", value != NULL ? strlen(value) + 1 : 1);
}

void cache_store(struct cache *cache, const struct cache_key *key, const struct probe *probe, size_t first,
                 const struct row *base)
{
    AUTO(buf_free) struct buf body = BUF_INIT;
    const char *names[COLUMNS_LIMIT + 1];
    size_t count = 0;

    for (size_t i = first; i < probe->rows.count; i++)
        add_names(names, &count, probe->rows.items[i], base);
    if (count > COLUMNS_LIMIT || (count == 0 && probe->rows.count > first))
        return;
    for (size_t i = 0; i < count; i++)
        add_cell(&body, names[i]);
    for (size_t i = first; i < probe->rows.count; i++)
        for (size_t column = 0; column < count; column++)
            add_cell(&body, row_get(probe->rows.items[i], names[column]));
    if (probe->rows.count == first)
        add_cell(&body, probe->reason != NULL ? probe->reason : "nothing was found");
    load(cache);
    struct kept_result *entry = arena_new_object(cache->arena, struct kept_result);
    *entry =
        (struct kept_result){.key = key->text, .stat = key->stat, .rows = probe->rows.count - first, .columns = count};
    entry->body = arena_strndup(cache->arena, body.data, body.length);
    entry->length = body.length;
    entry->used = true;
    map_put(cache->arena, &cache->entries, entry->key, entry);
    cache->added = true;
}

/* Worth keeping: used in this run, or its file is still as it was. */
static bool is_current(const struct cache *cache, const struct kept_result *entry)
{
    struct root_stat status;

    if (entry->used)
        return true;
    const char *path = key_path(cache->arena, entry->key);
    return cache->entries.count <= ENTRIES_KEPT && path != NULL && root_stat(cache->root, path, true, &status) == 0 &&
           same_file(&entry->stat, &status);
}

static void write_entry(struct buf *text, const struct kept_result *entry)
{
    buf_printf(text, "@ %" PRIu64 " %" PRIu64 " %" PRIu32 " %" PRIu64 " %" PRIu64 " %zu %zu %zu %s\n", entry->stat.size,
               (uint64_t)entry->stat.ctime_seconds, entry->stat.ctime_nanoseconds, entry->stat.inode,
               entry->stat.device, entry->rows, entry->columns, entry->length, entry->key);
    buf_add_n(text, entry->body, entry->length);
}

void cache_save(struct cache *cache)
{
    AUTO(buf_free) struct buf entries = BUF_INIT;
    AUTO(buf_free) struct buf text = BUF_INIT;

    if (cache == NULL || !cache->added)
        return;
    for (size_t i = 0; i < cache->entries.count; i++) {
        const struct kept_result *entry = cache->entries.entries[i].value;
        if (is_current(cache, entry))
            write_entry(&entries, entry);
    }
    buf_printf(&text, MAGIC "%016" PRIx64 "\n", hash_bytes(0, entries.data, entries.length));
    buf_add_n(&text, entries.data, entries.length);
    if (text.length > CACHE_LIMIT)
        return;
    cache_file_write(cache->path, text.data, text.length);
}
