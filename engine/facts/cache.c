/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Results that are kept between runs: what was found in a file, by all that tells this question and this file, as it is
 * now, from others. Rows use the texts as they stand in the store.
 */
#include "base/file.h"
#include "base/pack.h"
#include "base/store.h"
#include "facts/internal.h"
#include "rules/fingerprint.h"

#include <string.h>

/* What others keep in this file is not understood: another layout needs another word here. */
#define MAKER "results 4"

enum { COLUMNS_LIMIT = 64, UNUSED_LIMIT = 1024 * 1024 };

struct cache {
    struct arena *arena;
    struct root *root;
    struct store *store;
    const struct digest **fingerprints; /* of facts, by index; NULL: not taken */
};

struct cache *cache_new(struct arena *arena, struct root *root, const char *path, size_t fact_count)
{
    struct cache *cache = arena_new_object(arena, struct cache);

    cache->arena = arena;
    cache->root = root;
    cache->store = store_open(arena, arena_strdup(arena, path), MAKER);
    store_bound(cache->store, UNUSED_LIMIT);
    cache->fingerprints = arena_alloc(arena, (fact_count + 1) * sizeof(*cache->fingerprints));
    return cache;
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
    buf_add_n(&key, (const char *)fingerprint->bytes, sizeof(fingerprint->bytes));
    pack_number(&key, status.size);
    pack_number(&key, status.device);
    pack_number(&key, status.inode);
    pack_number(&key, (uint64_t)status.ctime_seconds);
    pack_number(&key, status.ctime_nanoseconds);
    for (size_t i = 0; i < count; i++)
        pack_text(&key, words[i]);
    *ret_key = (struct cache_key){words[0], arena_memdup(cache->arena, key.data, key.length), key.length};
    return true;
}

static struct store_key store_key_of(const struct cache_key *key)
{
    return (struct store_key){STORE_RESULT, key->bytes, key->length};
}

static struct row *build_row(struct arena *arena, const struct row *base, const char *const *names, size_t count,
                             size_t room, struct unpack *unpack)
{
    struct row *row = arena_new_object(arena, struct row);

    row->inherited = base;
    row->capacity = count + room;
    row->columns = arena_alloc(arena, row->capacity * sizeof(*row->columns));
    for (size_t i = 0; i < count; i++)
        row->columns[row->count++] = (struct column){names[i], unpack_text(unpack)};
    return row;
}

/* Of no rows: why. */
static bool read_rows(struct unpack *unpack, struct probe *probe, const struct row *base, const char *path)
{
    const char *names[COLUMNS_LIMIT];
    const size_t rows = unpack_count(unpack);
    const size_t columns = (size_t)unpack_below(unpack, COLUMNS_LIMIT + 1);

    if (rows > probe->limits.rows - probe->rows.count)
        return false;
    if (rows == 0)
        probe->reason = unpack_text(unpack);
    for (size_t i = 0; i < columns; i++)
        names[i] = unpack_text(unpack);
    for (size_t i = 0; i < rows && !unpack->failed; i++) {
        struct row *row = build_row(probe->arena, base, names, columns, probe->fact->with_count, unpack);
        row->path = path;
        vec_push(probe->arena, &probe->rows, row);
    }
    return !unpack->failed;
}

bool cache_recall(struct cache *cache, const struct cache_key *key, struct probe *probe, const struct row *base)
{
    const size_t before = probe->rows.count;
    size_t length = 0;
    const char *kept = store_get(cache->store, store_key_of(key), &length);

    if (kept == NULL)
        return false;
    struct unpack unpack = {kept, kept + length, false};
    if (!read_rows(&unpack, probe, base, key->path)) {
        probe->rows.count = before;
        return false;
    }
    root_note_identity(cache->root, key->path);
    probe_note(probe, key->path, "from the cache");
    return true;
}

static void add_name(const char **names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
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
    pack_number(&body, probe->rows.count - first);
    pack_number(&body, count);
    if (probe->rows.count == first)
        pack_text(&body, probe->reason != NULL ? probe->reason : "nothing was found");
    for (size_t i = 0; i < count; i++)
        pack_text(&body, names[i]);
    for (size_t i = first; i < probe->rows.count; i++)
        for (size_t column = 0; column < count; column++)
            pack_text(&body, row_get(probe->rows.items[i], names[column]));
    store_put(cache->store, store_key_of(key), body.data, body.length);
}

void cache_save(struct cache *cache)
{
    if (cache != NULL)
        store_save(cache->store);
}
