/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Maps from text to pointers that keep the order in which they were filled: what is told of rules stands as it was
 * written. */
#include "base/hash.h"
#include "base/memory.h"

#include <string.h>

enum { FEW_ENTRIES = 8 }; /* are looked through without a table of slots */

static size_t hash_key(const char *key)
{
    return (size_t)hash_bytes(0, key, strlen(key));
}

static bool is_entry(const struct map_entry *entry, const char *key, size_t hash)
{
    return entry->hash == hash && strcmp(entry->key, key) == 0;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t *find_slot(const struct map *map, const char *key, size_t hash)
{
    size_t mask = map->slot_count - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        if (!map->slots[i] || is_entry(&map->entries[map->slots[i] - 1], key, hash))
            return &map->slots[i];
    }
}

static void fill_slots(struct map *map)
{
    memset(map->slots, 0, map->slot_count * sizeof(*map->slots));
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, map->entries[i].key, map->entries[i].hash) = (uint32_t)(i + 1);
}

/* NULL: not there. */
static struct map_entry *find_entry(const struct map *map, const char *key, size_t hash)
{
    uint32_t number = map->slots ? *find_slot(map, key, hash) : 0;

    for (size_t i = 0; !map->slots && i < map->count && !number; i++)
        number = is_entry(&map->entries[i], key, hash) ? (uint32_t)(i + 1) : 0;
    return number ? &map->entries[number - 1] : NULL;
}

void *map_get(const struct map *map, const char *key)
{
    const struct map_entry *entry = map->count ? find_entry(map, key, hash_key(key)) : NULL;

    return entry ? entry->value : NULL;
}

static void make_room(struct arena *arena, struct map *map)
{
    if (map->count >= UINT32_MAX / 2)
        memory_exhausted();
    map->entries = arena_grow(arena, map->entries, map->count, &map->capacity, sizeof(*map->entries));
    if (map->capacity <= FEW_ENTRIES)
        return;
    map->slot_count = map->capacity * 2;
    map->slots = arena_alloc(arena, map->slot_count * sizeof(*map->slots));
    fill_slots(map);
}

void map_put(struct arena *arena, struct map *map, const char *key, const void *value)
{
    size_t hash = hash_key(key);
    struct map_entry *entry = find_entry(map, key, hash);

    if (entry) {
        entry->value = (void *)(uintptr_t)value;
        return;
    }
    if (map->count == map->capacity)
        make_room(arena, map);
    map->entries[map->count++] = (struct map_entry){key, (void *)(uintptr_t)value, hash};
    if (map->slots)
        *find_slot(map, key, hash) = (uint32_t)map->count;
}

void map_copy(struct arena *arena, struct map *map, const struct map *from)
{
    *map = *from;
    map->entries = arena_memdup(arena, from->entries, from->capacity * sizeof(*from->entries));
    if (from->slots)
        map->slots = arena_memdup(arena, from->slots, from->slot_count * sizeof(*from->slots));
}

bool map_remove(struct map *map, const char *key)
{
    struct map_entry *entry = find_entry(map, key, hash_key(key));

    if (!entry)
        return false;
    map->count--;
    memmove(entry, entry + 1, (size_t)(map->entries + map->count - entry) * sizeof(*entry));
    if (map->slots)
        fill_slots(map);
    return true;
}
