/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* From MAPPED_CHUNK on, chunks are mapped and filled in one go: a page fault for each of their pages would cost more.
 */
enum {
    FIRST_CHUNK = 8 * 1024,
    MAPPED_CHUNK = 64 * 1024,
    LARGEST_CHUNK = 256 * 1024,
    FIRST_CAPACITY = 8,
    FNV_BITS = 64
};

struct chunk {
    struct chunk *previous;
    size_t size;
    size_t used;
    bool mapped;
    max_align_t data[];
};

struct deferred {
    struct deferred *previous;
    void (*release)(void *object);
    void *object;
};

struct arena {
    struct chunk *chunk; /* the newest that still has room */
    struct deferred *deferred;
    size_t next_size;
};

void memory_exhausted(void)
{
    fputs("hvprobe: out of memory\n", stderr);
    abort();
}

static size_t round_up(size_t size)
{
    const size_t mask = _Alignof(max_align_t) - 1;

    if (size > SIZE_MAX / 2)
        memory_exhausted();
    return (size + mask) & ~mask;
}

static struct chunk *chunk_map(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (memory == MAP_FAILED)
        memory_exhausted();
    return memory;
}

static struct chunk *chunk_new(size_t size, struct chunk *previous)
{
    const bool mapped = size >= MAPPED_CHUNK && size <= LARGEST_CHUNK;
    struct chunk *chunk = mapped ? chunk_map(size) : calloc(1, sizeof(*chunk) + size);

    if (!chunk)
        memory_exhausted();
    chunk->previous = previous;
    chunk->size = mapped ? size - sizeof(*chunk) : size;
    chunk->mapped = mapped;
    return chunk;
}

static void chunk_free(struct chunk *chunk)
{
    if (chunk->mapped)
        munmap(chunk, chunk->size + sizeof(*chunk));
    else
        free(chunk);
}

struct arena *arena_new(void)
{
    struct chunk *chunk = chunk_new(FIRST_CHUNK, NULL);
    struct arena *arena = (struct arena *)chunk->data;

    chunk->used = round_up(sizeof(*arena));
    arena->chunk = chunk;
    arena->next_size = 2 * (size_t)FIRST_CHUNK;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct deferred *deferred = arena->deferred; deferred; deferred = deferred->previous)
        deferred->release(deferred->object);
    for (struct chunk *chunk = arena->chunk, *previous; chunk; chunk = previous) {
        previous = chunk->previous;
        chunk_free(chunk); /* the arena itself lives in the first one, which goes last */
    }
}

void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

static void *chunk_take(struct chunk *chunk, size_t size)
{
    char *result = (char *)chunk->data + chunk->used;

    chunk->used += size;
    return result;
}

/* A block of its own goes behind the current chunk, so that the room left in that one is not lost. */
static void *allocate_large(struct arena *arena, size_t size)
{
    /* A mapped chunk's size includes its head. */
    struct chunk *own = chunk_new(size + sizeof(struct chunk), arena->chunk->previous);

    arena->chunk->previous = own;
    return chunk_take(own, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = round_up(size ? size : 1);
    if (size <= arena->chunk->size - arena->chunk->used)
        return chunk_take(arena->chunk, size);
    /* The first chunk holds the arena and must stay last in the chain, so a large block needs a newer one before it. */
    if (size > arena->next_size / 4 && arena->chunk->previous)
        return allocate_large(arena, size);
    while (arena->next_size < size + sizeof(struct chunk))
        arena->next_size *= 2;
    arena->chunk = chunk_new(arena->next_size, arena->chunk);
    arena->next_size = arena->next_size < LARGEST_CHUNK ? arena->next_size * 2 : LARGEST_CHUNK;
    return chunk_take(arena->chunk, size);
}

void *arena_memdup(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_alloc(arena, size);

    if (size)
        memcpy(copy, data, size);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_memdup(arena, text, strlen(text) + 1) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    char *text;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return arena_strdup(arena, "");
    text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

void arena_defer(struct arena *arena, void (*release)(void *object), void *object)
{
    struct deferred *deferred = arena_new_object(arena, struct deferred);

    deferred->release = release;
    deferred->object = object;
    deferred->previous = arena->deferred;
    arena->deferred = deferred;
}

/* A copy with room for twice as many elements; the old one stays in the arena. */
static void *grow(struct arena *arena, const void *old, size_t count, size_t *capacity, size_t element)
{
    size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *new;

    if (wanted > SIZE_MAX / element / 2)
        memory_exhausted();
    new = arena_alloc(arena, wanted * element);
    if (count)
        memcpy(new, old, count * element);
    *capacity = wanted;
    return new;
}

void vec_push(struct arena *arena, struct vec *vec, const void *item)
{
    if (vec->count == vec->capacity)
        vec->items = grow(arena, vec->items, vec->count, &vec->capacity, sizeof(*vec->items));
    vec->items[vec->count++] = (void *)(uintptr_t)item;
}

void vec_insert(struct arena *arena, struct vec *vec, size_t position, const void *item)
{
    vec_push(arena, vec, item);
    memmove(vec->items + position + 1, vec->items + position, (vec->count - 1 - position) * sizeof(*vec->items));
    vec->items[position] = (void *)(uintptr_t)item;
}

void vec_remove(struct vec *vec, size_t position)
{
    vec->count--;
    memmove(vec->items + position, vec->items + position + 1, (vec->count - position) * sizeof(*vec->items));
}

/* FNV-1a. */
static size_t hash_key(const char *key)
{
    uint64_t hash = 0xcbf29ce484222325U;

    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 0x100000001b3U;
    return (size_t)(hash ^ (hash >> (FNV_BITS / 2)));
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t *find_slot(const struct map *map, const char *key, size_t hash)
{
    size_t mask = map->slot_count - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        const struct map_entry *entry;

        if (!map->slots[i])
            return &map->slots[i];
        entry = &map->entries[map->slots[i] - 1];
        if (entry->hash == hash && strcmp(entry->key, key) == 0)
            return &map->slots[i];
    }
}

static void fill_slots(struct map *map)
{
    memset(map->slots, 0, map->slot_count * sizeof(*map->slots));
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, map->entries[i].key, map->entries[i].hash) = i + 1;
}

void *map_get(const struct map *map, const char *key)
{
    size_t slot;

    if (!map->count)
        return NULL;
    slot = *find_slot(map, key, hash_key(key));
    return slot ? map->entries[slot - 1].value : NULL;
}

void map_put(struct arena *arena, struct map *map, const char *key, const void *value)
{
    size_t hash = hash_key(key);
    size_t *slot = map->slot_count ? find_slot(map, key, hash) : NULL;

    if (slot && *slot) {
        map->entries[*slot - 1].value = (void *)(uintptr_t)value;
        return;
    }
    if (map->count == map->capacity) {
        map->entries = grow(arena, map->entries, map->count, &map->capacity, sizeof(*map->entries));
        map->slot_count = map->capacity * 2;
        map->slots = arena_alloc(arena, map->slot_count * sizeof(*map->slots));
        fill_slots(map);
        slot = find_slot(map, key, hash);
    }
    map->entries[map->count++] = (struct map_entry){key, (void *)(uintptr_t)value, hash};
    *slot = map->count;
}

bool map_remove(struct map *map, const char *key)
{
    size_t position;

    if (!map->count)
        return false;
    position = *find_slot(map, key, hash_key(key));
    if (!position)
        return false;
    map->count--;
    memmove(map->entries + position - 1, map->entries + position, (map->count - position + 1) * sizeof(*map->entries));
    fill_slots(map);
    return true;
}
