/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arenas: what lives as long as a rule set, a run or a command is freed at once with it. No allocation returns NULL. */
#include "base/memory.h"

#include "base/budget.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* From MAPPED_CHUNK on, chunks are mapped and filled in one go: a page fault for each of their pages would cost more.
 * Larger ones than LARGEST_CHUNK are made for large blocks only, as what is left of a page at the end costs, too. */
enum {
    FIRST_CHUNK = 8 * 1024,
    MAPPED_CHUNK = 64 * 1024,
    LARGEST_CHUNK = 128 * 1024,
    LARGEST_MAPPED = 256 * 1024,
    FIRST_CAPACITY = 4,
    PRINT_SIZE = 256
};

/* Objects are taken from the start of the room, texts from its end, where they need no padding. */
struct chunk {
    struct chunk *previous;
    size_t size;
    size_t used;
    size_t end;
    bool mapped;
    bool clean;                                 /* all zero where it is not taken yet */
    _Alignas(sizeof(uint64_t)) uint64_t data[]; /* which on some 32-bit machines it would not be by itself */
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
    size_t size; /* of all chunks */
};

/* What this thread holds of arenas and texts; less than nothing where it freed what others made. */
static _Thread_local ptrdiff_t held;

ptrdiff_t memory_held(void)
{
    return held;
}

void memory_count(ptrdiff_t bytes)
{
    held += bytes;
}

static void (*exhausted)(void);

void memory_set_handler(void (*handler)(void))
{
    exhausted = handler;
}

bool memory_has_handler(void)
{
    return exhausted != NULL;
}

void memory_exhausted(void)
{
    if (exhausted)
        exhausted();
    fputs("hvprobe: out of memory\n", stderr);
    abort();
}

/* Of it nothing is touched; the most is more than an honest host takes. */
enum { SET_ASIDE = 8 * 1024 * 1024, SET_ASIDE_LEAST = 1024 * 1024 };

static _Thread_local struct {
    void *start; /* NULL: nothing is */
    size_t size;
} set_aside;

/* Not by malloc(), which would change its ways when it gets as much back. */
void memory_set_aside(void)
{
    for (size_t size = SET_ASIDE; !exhausted && !set_aside.start && size >= SET_ASIDE_LEAST; size /= 2) {
        void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        set_aside.start = start == MAP_FAILED ? NULL : start;
        set_aside.size = size;
    }
}

void memory_give_back(void)
{
    if (set_aside.start)
        munmap(set_aside.start, set_aside.size);
    set_aside.start = NULL;
}

bool memory_relents(void)
{
    const bool helps = set_aside.start != NULL;

    memory_give_back();
    if (helps)
        budget_exceed("there is no more memory");
    return helps;
}

void *memory_take(void *old, size_t size)
{
    void *memory = realloc(old, size);

    if (!memory && memory_relents())
        memory = realloc(old, size);
    if (!memory)
        memory_exhausted();
    return memory;
}

/* Chunks of the sizes that most are of, all zero, which this thread keeps for its next arenas: the system would have to
 * take them back, and fill others with zeros page by page. */
enum { KEPT_SIZES = 2, KEPT_LIMIT = 32 };
static _Thread_local struct {
    bool keeps;
    struct chunk *chunks[KEPT_SIZES];
    size_t count;
} kept;

/* The kept ones of this size; NULL: none are. */
static struct chunk **kept_of(size_t size)
{
    return !kept.keeps || (size != MAPPED_CHUNK && size != LARGEST_CHUNK) ? NULL : &kept.chunks[size == LARGEST_CHUNK];
}

static struct chunk *take_kept(size_t size)
{
    struct chunk **list = kept_of(size), *chunk = list ? *list : NULL;

    if (chunk) {
        *list = chunk->previous;
        kept.count--;
    }
    return chunk;
}

static bool keep(struct chunk *chunk)
{
    struct chunk **list = chunk->mapped && kept.count < KEPT_LIMIT ? kept_of(chunk->size + sizeof(*chunk)) : NULL;

    if (list) {
        memset(chunk->data, 0, chunk->used);
        memset((char *)chunk->data + chunk->end, 0, chunk->size - chunk->end);
        chunk->previous = *list;
        *list = chunk;
        kept.count++;
    }
    return list != NULL;
}

void memory_reuse(void)
{
    kept.keeps = true;
}

void memory_reuse_end(void)
{
    for (size_t i = 0; i < KEPT_SIZES; i++)
        for (struct chunk *chunk; (chunk = kept.chunks[i]); munmap(chunk, chunk->size + sizeof(*chunk)))
            kept.chunks[i] = chunk->previous;
    kept.keeps = false;
    kept.count = 0;
}

static size_t round_up(size_t size)
{
    const size_t mask = sizeof(uint64_t) - 1;

    if (size > SIZE_MAX / 2)
        memory_exhausted();
    return (size + mask) & ~mask;
}

/* NULL: there is no memory. */
static struct chunk *chunk_take_from_system(size_t size, bool mapped, bool clean)
{
    if (!mapped)
        return clean ? calloc(1, sizeof(struct chunk) + size) : malloc(sizeof(struct chunk) + size);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* The first chunks of most arenas are hardly used: what is taken of them is made zero then, and not all before. */
static struct chunk *chunk_new(size_t size, struct chunk *previous)
{
    const bool mapped = size >= MAPPED_CHUNK && size <= LARGEST_MAPPED, clean = size >= MAPPED_CHUNK;
    struct chunk *chunk = take_kept(size);

    if (!chunk)
        chunk = chunk_take_from_system(size, mapped, clean);
    if (!chunk && memory_relents())
        chunk = chunk_take_from_system(size, mapped, clean);
    if (!chunk)
        memory_exhausted();
    chunk->used = 0;
    chunk->clean = clean;
    chunk->previous = previous;
    chunk->size = chunk->end = mapped ? size - sizeof(*chunk) : size;
    chunk->mapped = mapped;
    memory_count((ptrdiff_t)chunk->size);
    return chunk;
}

/* Chunks that were mapped one after the other mostly lie side by side: they go in one call. Gives the next to free. */
static struct chunk *chunks_free(struct chunk *chunk)
{
    struct chunk *previous = chunk->previous;
    char *end = (char *)chunk->data + chunk->size;

    memory_count(-(ptrdiff_t)chunk->size);
    if (keep(chunk))
        return previous;
    if (!chunk->mapped) {
        free(chunk);
        return previous;
    }
    for (; previous && previous->mapped && !kept.keeps && (char *)previous == end; previous = previous->previous) {
        memory_count(-(ptrdiff_t)previous->size);
        end = (char *)previous->data + previous->size;
    }
    munmap(chunk, (size_t)(end - (char *)chunk));
    return previous;
}

static void *chunk_take(struct chunk *chunk, size_t size)
{
    char *result = (char *)chunk->data + chunk->used;

    chunk->used += size;
    return chunk->clean ? result : memset(result, 0, size);
}

struct arena *arena_new(void)
{
    struct chunk *chunk = chunk_new(FIRST_CHUNK, NULL);
    struct arena *arena = chunk_take(chunk, round_up(sizeof(*arena)));

    arena->chunk = chunk;
    arena->next_size = 2 * (size_t)FIRST_CHUNK;
    arena->size = chunk->size;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct deferred *deferred = arena->deferred; deferred; deferred = deferred->previous)
        deferred->release(deferred->object);
    for (struct chunk *chunk = arena->chunk; chunk;)
        chunk = chunks_free(chunk); /* the arena itself lives in the first one, which goes last */
}

void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

/* A block of its own goes behind the current chunk, so that the room left in that one is not lost. */
static void *allocate_large(struct arena *arena, size_t size)
{
    /* A mapped chunk's size includes its head. */
    struct chunk *own = chunk_new(size + sizeof(struct chunk), arena->chunk->previous);
    arena->size += own->size;

    arena->chunk->previous = own;
    return chunk_take(own, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = round_up(size ? size : 1);
    if (size <= arena->chunk->end - arena->chunk->used)
        return chunk_take(arena->chunk, size);
    /* The first chunk holds the arena and must stay last in the chain, so a large block needs a newer one before it. */
    if (size > arena->next_size / 4 && arena->chunk->previous)
        return allocate_large(arena, size);
    while (arena->next_size < size + sizeof(struct chunk))
        arena->next_size *= 2;
    arena->chunk = chunk_new(arena->next_size, arena->chunk);
    arena->size += arena->chunk->size;
    arena->next_size = arena->next_size < LARGEST_CHUNK ? arena->next_size * 2 : LARGEST_CHUNK;
    return chunk_take(arena->chunk, size);
}

/* The same, not aligned. */
static char *allocate_text(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunk;

    if (size > chunk->end - chunk->used)
        return arena_alloc(arena, size);
    chunk->end -= size;
    return (char *)chunk->data + chunk->end;
}

/* Makes a block longer where it is; only the newest one may have room behind it. */
static bool extend(struct arena *arena, const void *block, size_t size, size_t wanted)
{
    struct chunk *chunk = arena->chunk;

    size = round_up(size);
    wanted = round_up(wanted);
    if ((const char *)block + size != (char *)chunk->data + chunk->used || wanted - size > chunk->end - chunk->used)
        return false;
    chunk_take(chunk, wanted - size);
    return true;
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
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = allocate_text(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* What a format of nothing but texts and %s says, as most do; -1: it is another, or too long. vsnprintf takes five
 * times as long. */
static int join(char *out, size_t room, const char *format, va_list arguments)
{
    size_t length = 0;

    for (;;) {
        size_t plain = (size_t)(strchrnul(format, '%') - format);
        const char *text = "";
        if (format[plain] && format[plain + 1] != 's')
            return -1;
        if (format[plain])
            text = va_arg(arguments, const char *);
        size_t size = text ? strlen(text) : room;
        if (plain + size >= room - length)
            return -1;
        memcpy(out + length, format, plain);
        memcpy(out + length + plain, text, size);
        length += plain + size;
        if (!format[plain])
            return (int)length;
        format += plain + 2;
    }
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char start[PRINT_SIZE], *text;
    va_list again;
    int length;

    va_copy(again, arguments);
    length = join(start, sizeof(start), format, again);
    va_end(again);
    if (length >= 0)
        return arena_strndup(arena, start, (size_t)length);
    va_copy(again, arguments);
    length = vsnprintf(start, sizeof(start), format, again);
    va_end(again);
    if (length < (int)sizeof(start))
        return arena_strndup(arena, start, length < 0 ? 0 : (size_t)length);
    text = allocate_text(arena, (size_t)length + 1);
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

void *arena_grow(struct arena *arena, void *old, size_t count, size_t *capacity, size_t element)
{
    size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *new;

    if (wanted > SIZE_MAX / element / 2)
        memory_exhausted();
    if (old && extend(arena, old, *capacity * element, wanted * element)) {
        *capacity = wanted;
        return old;
    }
    new = arena_alloc(arena, wanted * element);
    if (count)
        memcpy(new, old, count * element);
    *capacity = wanted;
    return new;
}

void vec_push(struct arena *arena, struct vec *vec, const void *item)
{
    if (vec->count == vec->capacity)
        vec->items = arena_grow(arena, vec->items, vec->count, &vec->capacity, sizeof(*vec->items));
    vec->items[vec->count++] = (void *)(uintptr_t)item;
}
