/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/store.h"

#include "base/cache_file.h"
#include "base/hash.h"

#include <stdint.h>
#include <string.h>

enum { READ_LIMIT = 8 * 1024 * 1024, WRITE_LIMIT = READ_LIMIT / 2 };

/* Another layout of the entries, or of what is kept in them, needs another word here. */
static const char magic[16] = "hvprobe-store-7";

struct head {
    char magic[16];
    char maker[48];
};

/* Before each entry's key and data. */
struct entry_head {
    uint32_t kind;
    uint32_t key_length;
    uint64_t data_length;
    uint64_t check; /* of key and data: against damage, not against people, who cannot write the file */
};

struct entry {
    struct entry_head head;
    const char *key; /* the data follows it */
    bool used;
};

struct store {
    struct arena *arena;
    const char *path;
    struct head head;
    bool read;
    bool changed;
    struct vec entries; /* of struct entry */
    size_t limit;       /* of the file that is written */
    size_t next;        /* where to begin to look: runs mostly ask in the same order */
};

struct store *store_open(struct arena *arena, const char *path, const char *maker)
{
    struct store *store = arena_new_object(arena, struct store);

    store->arena = arena;
    store->path = path;
    store->limit = WRITE_LIMIT;
    memcpy(store->head.magic, magic, sizeof(magic));
    memcpy(store->head.maker, maker, strnlen(maker, sizeof(store->head.maker)));
    return store;
}

void store_bound(struct store *store, size_t limit)
{
    store->limit = limit < WRITE_LIMIT ? limit : WRITE_LIMIT;
}

/* Of key and data. */
static size_t body_length(const struct entry_head *head)
{
    return (size_t)head->key_length + (size_t)head->data_length;
}

static uint64_t check_of(const struct entry *entry)
{
    return hash_bytes(entry->head.kind, entry->key, body_length(&entry->head));
}

static void read_entries(struct store *store, const char *data, size_t length)
{
    size_t at = sizeof(struct head);

    while (length - at >= sizeof(struct entry_head)) {
        struct entry *entry = arena_new_object(store->arena, struct entry);
        memcpy(&entry->head, data + at, sizeof(entry->head));
        at += sizeof(entry->head);
        if (entry->head.data_length > length - at || entry->head.key_length > length - at - entry->head.data_length)
            return;
        entry->key = data + at;
        at += body_length(&entry->head);
        vec_push(store->arena, &store->entries, entry);
    }
}

static void read_file(struct store *store)
{
    char *data;
    size_t length;

    store->read = true;
    if (cache_file_read(store->arena, store->path, READ_LIMIT, &data, &length) && length > sizeof(store->head) &&
        memcmp(data, &store->head, sizeof(store->head)) == 0)
        read_entries(store, data, length);
}

static bool has_key(const struct entry *entry, const struct store_key *key)
{
    return entry->head.key_length == key->length && entry->head.kind == (uint32_t)key->kind &&
           memcmp(entry->key, key->bytes, key->length) == 0;
}

static struct entry *find(struct store *store, const struct store_key *key)
{
    size_t at = store->next;

    for (size_t i = 0; i < store->entries.count; i++, at++) {
        at = at < store->entries.count ? at : 0;
        struct entry *entry = store->entries.items[at];
        if (!has_key(entry, key))
            continue;
        store->next = at + 1;
        return entry;
    }
    return NULL;
}

const char *store_get(struct store *store, struct store_key key, size_t *ret_length)
{
    if (store == NULL || store->path == NULL)
        return NULL;
    if (!store->read)
        read_file(store);
    struct entry *entry = find(store, &key);
    if (entry == NULL || check_of(entry) != entry->head.check)
        return NULL;
    entry->used = true;
    *ret_length = (size_t)entry->head.data_length;
    return entry->key + key.length;
}

/* What was kept under a key is not what is to be kept now. */
static void forget(struct store *store, const struct store_key *key)
{
    for (size_t i = store->entries.count; i-- > 0;)
        if (has_key(store->entries.items[i], key))
            vec_remove(&store->entries, i);
}

void store_put(struct store *store, struct store_key key, const char *data, size_t length)
{
    if (store == NULL || store->path == NULL || key.length > READ_LIMIT)
        return;
    if (!store->read)
        read_file(store);
    forget(store, &key);
    struct entry *entry = arena_new_object(store->arena, struct entry);
    char *body = arena_alloc(store->arena, key.length + length);
    memcpy(body, key.bytes, key.length);
    memcpy(body + key.length, data, length);
    entry->head = (struct entry_head){(uint32_t)key.kind, (uint32_t)key.length, length, 0};
    entry->key = body;
    entry->head.check = check_of(entry);
    entry->used = true;
    vec_push(store->arena, &store->entries, entry);
    store->changed = true;
}

static void write_entries(struct buf *out, const struct store *store, bool used)
{
    for (size_t i = 0; i < store->entries.count; i++) {
        const struct entry *entry = store->entries.items[i];
        const size_t length = body_length(&entry->head);
        if (entry->used != used || out->length + sizeof(entry->head) + length > store->limit)
            continue;
        buf_add_n(out, (const char *)&entry->head, sizeof(entry->head));
        buf_add_n(out, entry->key, length);
    }
}

void store_save(struct store *store)
{
    AUTO(buf_free) struct buf out = BUF_INIT;

    if (store == NULL || !store->changed)
        return;
    buf_add_n(&out, (const char *)&store->head, sizeof(store->head));
    write_entries(&out, store, true);
    write_entries(&out, store, false);
    cache_file_write(store->path, out.data, out.length);
    store->changed = false;
}
