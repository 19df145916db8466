/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory: arenas and growable containers.
 *
 * Everything that belongs to one stage of the pipeline (a rule set, one probe run) lives in one arena and dies with it;
 * nothing inside is freed by hand.  Running out of memory spends the budget, if there is one (memory_relents), else it
 * ends the process (memory_exhausted). An arena and what is in it belong to one thread at a time; a finished, no longer
 * changing one may be read by many.
 */
#ifndef HVPROBE_BASE_MEMORY_H
#define HVPROBE_BASE_MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs FUNCTION(&variable) when the variable goes out of scope: the one cleanup idiom of this tree. */
#define AUTO(function)                    __attribute__((cleanup(function)))
#define PRINTF(format_index, first_index) __attribute__((__format__(__printf__, format_index, first_index)))
#define ARRAY_SIZE(array)                 (sizeof(array) / sizeof((array)[0]))

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);     /* NULL is allowed */
void arena_cleanup(struct arena **arena); /* for AUTO() */

/* SIZE zeroed bytes, aligned for pointers and numbers of 64 bits. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_memdup(struct arena *arena, const void *data, size_t size);
char *arena_strdup(struct arena *arena, const char *text); /* NULL gives NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments) PRINTF(2, 0);
/* Calls release(object) when the arena is freed, last registered first: for handles of libraries. */
void arena_defer(struct arena *arena, void (*release)(void *object), void *object);

#define arena_new_object(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/* Ends the process: by what a program has set, once, at its start, else with a message and abort(). */
_Noreturn void memory_exhausted(void);
void memory_set_handler(void (*handler)(void)); /* which does not return */
bool memory_has_handler(void);
/*
 * For programs that have set nothing: memory is set aside while a budget lasts. When the system has no more, that is
 * given back and the budget is spent, so that what is at work ends as it does then. memory_relents() does this after a
 * failed allocation; true: it is to be tried once more.
 */
void memory_set_aside(void);
void memory_give_back(void);
bool memory_relents(void);
/* realloc() that does both; never NULL. free() frees it. */
void *memory_take(void *old, size_t size);
/* From now on the calling thread keeps some of the memory of arenas that end for those that it makes next: for who
 * does the same many times. Until memory_reuse_end(), which the thread calls before it ends. */
void memory_reuse(void);
void memory_reuse_end(void);
/* Bytes that this thread holds in arenas and growable texts, as far as it made and freed them itself. */
ptrdiff_t memory_held(void);
void memory_count(ptrdiff_t bytes); /* for those who hold some elsewhere: more, or less */

/* Room for twice as many elements of that size, or a first few, of which count are kept: where they are, or a copy; the
 * old one stays in the arena. */
void *arena_grow(struct arena *arena, void *old, size_t count, size_t *capacity, size_t element);

/* A growable array of pointers; zero-initialised is empty. Its storage is the arena's. */
struct vec {
    void **items;
    size_t count;
    size_t capacity;
};
void vec_push(struct arena *arena, struct vec *vec, const void *item);

/* A string-keyed hash map that keeps insertion order; zero-initialised is empty. Keys are not copied. */
struct map_entry {
    const char *key;
    void *value;
    size_t hash;
};
struct map {
    struct map_entry *entries; /* count of them, in insertion order: iterate over these */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* hash table of entry index + 1; NULL: few entries */
    size_t slot_count;
};
void *map_get(const struct map *map, const char *key);                                  /* NULL: not there */
void map_put(struct arena *arena, struct map *map, const char *key, const void *value); /* replaces */
void map_copy(struct arena *arena, struct map *map, const struct map *from); /* map: what it was is forgotten */
bool map_remove(struct map *map, const char *key);                           /* keeps the order of the rest */

/* A growable text on the heap, always NUL-terminated once something was added. */
struct buf {
    char *data;
    size_t length;
    size_t capacity;
};
#define BUF_INIT                                                                                                       \
    {                                                                                                                  \
        NULL, 0, 0                                                                                                     \
    }
void buf_free(struct buf *buf); /* also for AUTO(); leaves an empty one */
void buf_add(struct buf *buf, const char *text);
void buf_add_n(struct buf *buf, const char *text, size_t length);
void buf_char(struct buf *buf, char character);
void buf_pad(struct buf *buf, char character, size_t count);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF(2, 3);
const char *buf_text(const struct buf *buf); /* "" when empty */

#endif
