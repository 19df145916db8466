/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept between runs: where it is, whether it may be trusted, and when it is written. */
#include "base/store.h"

#include "base/cache_file.h"
#include "base/hash.h"

#include <stdint.h>
#include <string.h>

/* What a run used is kept whatever it takes, up to FILE_LIMIT; what it did not, while there is room. */
enum { FILE_LIMIT = 256 * 1024 * 1024, UNUSED_LIMIT = 4 * 1024 * 1024, FIRST_SLOTS = 256 };

/* Another layout of the entries, or of what is kept in them, needs another word here. */
static const char magic[16] = "hvprobe-store-8";

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

struct store_entry {
    struct entry_head head;
    const char *key; /* the data follows it */
    uint64_t hash;   /* of kind and key */
    bool used;
};

struct store {
    struct arena *arena;
    const char *path;
    struct head head;
    struct store *behind; /* NULL: none */
    bool shared;
    bool portable;
    bool read;
    bool changed;
    struct vec entries;         /* of struct store_entry */
    struct store_entry **slots; /* of a hash table of them */
    size_t slot_count;
    size_t limit; /* of the file that is written, where not all in it was used */
};

struct store *store_open(struct arena *arena, const char *path, const char *maker)
{
    struct store *store = arena_new_object(arena, struct store);

    store->arena = arena;
    store->path = path;
    store->limit = UNUSED_LIMIT;
    memcpy(store->head.magic, magic, sizeof(magic));
    memcpy(store->head.maker, maker, strnlen(maker, sizeof(store->head.maker)));
    return store;
}

struct store *store_open_new(struct arena *arena, const char *path, const char *maker)
{
    struct store *store = store_open(arena, path, maker);

    store->read = true;
    return store;
}

struct store *store_open_shared(struct arena *arena, const char *path, const char *maker)
{
    struct store *store = store_open(arena, path, maker);

    store->shared = true;
    return store;
}

void store_set_portable(struct store *store)
{
    store->portable = true;
}

bool store_is_portable(const struct store *store)
{
    return store->portable;
}

void store_back(struct store *store, struct store *behind)
{
    store->behind = behind;
}

struct store *store_behind(const struct store *store)
{
    return store != NULL ? store->behind : NULL;
}

bool store_keeps(const struct store *store)
{
    return store != NULL && store->path != NULL && !store->shared;
}

bool store_knows(const struct store *store)
{
    return store != NULL && (store->path != NULL || store_knows(store->behind));
}

void store_bound(struct store *store, size_t limit)
{
    store->limit = limit;
}

/* Of key and data. */
static size_t body_length(const struct entry_head *head)
{
    return (size_t)head->key_length + (size_t)head->data_length;
}

static uint64_t check_of(const struct store_entry *entry)
{
    return hash_bytes(entry->head.kind, entry->key, body_length(&entry->head));
}

static bool has_key(const struct store_entry *entry, const struct store_key *key)
{
    return entry->head.key_length == key->length && entry->head.kind == (uint32_t)key->kind &&
           memcmp(entry->key, key->bytes, key->length) == 0;
}

/* Where a key's entry is in the table, or has its place. */
static struct store_entry **find_slot(struct store_entry **slots, size_t count, uint64_t hash,
                                      const struct store_key *key)
{
    size_t at = (size_t)hash & (count - 1);

    while (slots[at] != NULL && !(slots[at]->hash == hash && has_key(slots[at], key)))
        at = (at + 1) & (count - 1);
    return &slots[at];
}

static struct store_key key_of(const struct store_entry *entry)
{
    return (struct store_key){(enum store_kind)entry->head.kind, entry->key, entry->head.key_length};
}

static void make_slots(struct store *store)
{
    const size_t count = store->slot_count ? 4 * store->slot_count : FIRST_SLOTS;
    struct store_entry **slots = arena_alloc(store->arena, count * sizeof(struct store_entry *));

    for (size_t i = 0; i < store->entries.count; i++) {
        struct store_entry *entry = store->entries.items[i];
        const struct store_key key = key_of(entry);
        *find_slot(slots, count, entry->hash, &key) = entry;
    }
    store->slots = slots;
    store->slot_count = count;
}

/* An entry of which key and head are known; of two with one key the first counts. */
static void add_entry(struct store *store, struct store_entry *entry)
{
    const struct store_key key = key_of(entry);

    entry->hash = hash_bytes(entry->head.kind, entry->key, entry->head.key_length);
    if (2 * store->entries.count >= store->slot_count)
        make_slots(store);
    struct store_entry **slot = find_slot(store->slots, store->slot_count, entry->hash, &key);
    if (*slot != NULL)
        return;
    *slot = entry;
    vec_push(store->arena, &store->entries, entry);
}

static struct store_entry *find(const struct store *store, const struct store_key *key)
{
    const uint64_t hash = hash_bytes((uint64_t)key->kind, key->bytes, key->length);

    return store->slot_count > 0 ? *find_slot(store->slots, store->slot_count, hash, key) : NULL;
}

/* They stay where they are. */
static void read_entries(struct store *store, const char *data, size_t length)
{
    size_t at = sizeof(struct head);

    while (length - at >= sizeof(struct entry_head)) {
        struct store_entry *entry = arena_new_object(store->arena, struct store_entry);
        memcpy(&entry->head, data + at, sizeof(entry->head));
        at += sizeof(entry->head);
        if (entry->head.data_length > length - at || entry->head.key_length > length - at - entry->head.data_length)
            return;
        entry->key = data + at;
        at += body_length(&entry->head);
        add_entry(store, entry);
    }
}

static void read_file(struct store *store)
{
    const char *data;
    size_t length;

    store->read = true;
    if (cache_file_map(store->arena, store->path, FILE_LIMIT, &data, &length) && length > sizeof(store->head) &&
        memcmp(data, &store->head, sizeof(store->head)) == 0)
        read_entries(store, data, length);
}

static const char *get_own(struct store *store, struct store_key key, size_t *ret_length)
{
    if (store->path == NULL)
        return NULL;
    if (!store->read)
        read_file(store);
    struct store_entry *entry = find(store, &key);
    if (entry == NULL || check_of(entry) != entry->head.check)
        return NULL;
    entry->used = true;
    *ret_length = (size_t)entry->head.data_length;
    return entry->key + key.length;
}

const char *store_get(struct store *store, struct store_key key, size_t *ret_length)
{
    const char *kept = NULL;

    for (; store != NULL && kept == NULL; store = store->behind)
        kept = get_own(store, key, ret_length);
    return kept;
}

void store_put(struct store *store, struct store_key key, const char *data, size_t length)
{
    if (!store_keeps(store) || key.length > UINT32_MAX)
        return;
    if (!store->read)
        read_file(store);
    struct store_entry *entry = find(store, &key);
    const bool is_new = entry == NULL;
    if (is_new)
        entry = arena_new_object(store->arena, struct store_entry);
    char *body = arena_alloc(store->arena, key.length + length);
    memcpy(body, key.bytes, key.length);
    memcpy(body + key.length, data, length);
    entry->head = (struct entry_head){(uint32_t)key.kind, (uint32_t)key.length, length, 0};
    entry->key = body;
    entry->head.check = check_of(entry);
    entry->used = true;
    if (is_new)
        add_entry(store, entry);
    store->changed = true;
}

static void write_entries(struct buf *out, const struct store *store, bool used)
{
    for (size_t i = 0; i < store->entries.count; i++) {
        const struct store_entry *entry = store->entries.items[i];
        const size_t length = body_length(&entry->head);
        if (entry->used != used || out->length + sizeof(entry->head) + length > (used ? FILE_LIMIT : store->limit))
            continue;
        buf_add_n(out, (const char *)&entry->head, sizeof(entry->head));
        buf_add_n(out, entry->key, length);
    }
}

void store_write(struct buf *out, const struct store *store)
{
    buf_add_n(out, (const char *)&store->head, sizeof(store->head));
    write_entries(out, store, true);
    write_entries(out, store, false);
}

void store_save(struct store *store)
{
    AUTO(buf_free) struct buf out = BUF_INIT;

    if (store == NULL || !store->changed)
        return;
    store_write(&out, store);
    cache_file_write(store->path, out.data, out.length);
    store->changed = false;
}
