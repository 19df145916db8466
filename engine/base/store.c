/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/store.h"

#include "base/file.h"
#include "base/hash.h"

#include <stdint.h>
#include <string.h>

enum { READ_LIMIT = 8 * 1024 * 1024, WRITE_LIMIT = READ_LIMIT / 2 };

/* Another layout of the entries, or of what is kept in them, needs another word here. */
static const char magic[16] = "hvprobe-store-5";

struct head {
    char magic[16];
    char maker[48];
};

struct entry {
    struct text_key text;
    uint64_t data_fingerprint;
    uint64_t data_length; /* bytes that follow */
};

struct known_entry {
    struct entry head;
    const char *data;
    bool used;
};

struct store {
    struct arena *arena;
    const char *path;
    struct head head;
    bool read;
    bool changed;
    struct vec entries; /* of struct known_entry */
    size_t next;        /* where to begin to look: runs mostly ask in the same order */
};

struct store *store_open(struct arena *arena, const char *path, const char *maker)
{
    struct store *store = arena_new_object(arena, struct store);

    store->arena = arena;
    store->path = path;
    memcpy(store->head.magic, magic, sizeof(magic));
    memcpy(store->head.maker, maker, strnlen(maker, sizeof(store->head.maker)));
    return store;
}

static void read_entries(struct store *store, const char *data, size_t length)
{
    size_t at = sizeof(struct head);

    while (length - at >= sizeof(struct entry)) {
        struct known_entry *entry = arena_new_object(store->arena, struct known_entry);
        memcpy(&entry->head, data + at, sizeof(entry->head));
        at += sizeof(entry->head);
        if (entry->head.data_length > length - at)
            return;
        entry->data = data + at;
        at += entry->head.data_length;
        vec_push(store->arena, &store->entries, entry);
    }
}

static void read_file(struct store *store)
{
    char *data;
    size_t length;

    store->read = true;
    if (file_read(store->arena, store->path, READ_LIMIT, &data, &length) == 0 && length > sizeof(store->head) &&
        memcmp(data, &store->head, sizeof(store->head)) == 0)
        read_entries(store, data, length);
}

struct text_key text_key(const struct source *source)
{
    return (struct text_key){hash_bytes(0, source->text, source->length), source->length};
}

static struct known_entry *find(struct store *store, struct text_key key)
{
    size_t at = store->next;

    for (size_t i = 0; i < store->entries.count; i++, at++) {
        at = at < store->entries.count ? at : 0;
        struct known_entry *entry = store->entries.items[at];
        if (entry->head.text.fingerprint != key.fingerprint || entry->head.text.length != key.length)
            continue;
        store->next = at + 1;
        return entry;
    }
    return NULL;
}

const char *store_get_known(struct store *store, struct text_key key, size_t *ret_length)
{
    if (store == NULL || store->path == NULL)
        return NULL;
    if (!store->read)
        read_file(store);
    struct known_entry *entry = find(store, key);
    if (entry == NULL)
        return NULL;
    *ret_length = (size_t)entry->head.data_length;
    if (hash_bytes(0, entry->data, *ret_length) != entry->head.data_fingerprint)
        return NULL;
    entry->used = true;
    return entry->data;
}

const char *store_get(struct store *store, const struct source *source, size_t *ret_length)
{
    return store != NULL && store->path != NULL ? store_get_known(store, text_key(source), ret_length) : NULL;
}

void store_put(struct store *store, const struct source *source, const char *data, size_t length)
{
    if (store == NULL || store->path == NULL)
        return;
    struct known_entry *entry = arena_new_object(store->arena, struct known_entry);
    entry->head.text = text_key(source);
    entry->head.data_fingerprint = hash_bytes(0, data, length);
    entry->head.data_length = length;
    entry->data = arena_memdup(store->arena, data, length);
    entry->used = true;
    vec_push(store->arena, &store->entries, entry);
    store->changed = true;
}

static void write_entries(struct buf *out, const struct store *store, bool used)
{
    for (size_t i = 0; i < store->entries.count; i++) {
        const struct known_entry *entry = store->entries.items[i];
        const size_t length = (size_t)entry->head.data_length;
        if (entry->used != used || out->length + sizeof(entry->head) + length > WRITE_LIMIT)
            continue;
        buf_add_n(out, (const char *)&entry->head, sizeof(entry->head));
        buf_add_n(out, entry->data, length);
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
    file_write_cache(store->path, out.data, out.length);
    store->changed = false;
}
