/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading an image: one loop over its pointers, in which nothing is believed that would lead out of the block. */
#include "base/image_private.h"

#include <string.h>

/* Where reading is: what is left of the lists of offsets. */
struct image_reader {
    char *block;
    struct image_head head;
    const char *lists;
};

static bool add_size(uint64_t *left, uint64_t count, size_t size)
{
    if (count > *left / size)
        return false;
    *left -= count * size;
    return true;
}

static uint64_t map_words(const struct image_head *head)
{
    return (head->objects / sizeof(image_word) + WORD_BITS - 1) / WORD_BITS;
}

/* Do the sizes in the head make up the length, and no more than offsets can reach? */
static bool is_complete(const struct image_head *head, size_t length, const struct image_type *type)
{
    uint64_t left = length - sizeof(*head);

    return length <= UINT32_MAX && head->objects <= UINT32_MAX && head->objects >= type->size &&
           head->objects % sizeof(image_word) == 0 && head->texts > 0 &&
           add_size(&left, map_words(head), sizeof(image_word)) && add_size(&left, head->words, sizeof(image_word)) &&
           add_size(&left, head->texts, 1) && add_size(&left, head->pointers, sizeof(struct image_pointer)) &&
           add_size(&left, head->statics, sizeof(image_offset)) &&
           add_size(&left, head->revived, sizeof(image_offset)) && left == 0;
}

/* The next offset of a list, of something of a size among the objects. NULL: it is not. */
static void *next_place(struct image_reader *reader, size_t size)
{
    image_offset at;

    memcpy(&at, reader->lists, sizeof(at));
    reader->lists += sizeof(at);
    return size <= reader->head.objects && at <= reader->head.objects - size && at % sizeof(uintptr_t) == 0
               ? reader->block + at
               : NULL;
}

/* Puts words where a map's bits say, as many as there are. Moves *words past them. */
static bool put_words(char *block, size_t count, image_word bits, const char **words, const char *end)
{
    for (; bits != 0; bits &= bits - 1, *words += sizeof(image_word)) {
        const size_t at = (size_t)__builtin_ctzll(bits);
        if (at >= count || *words == end)
            return false;
        memcpy(block + at * sizeof(image_word), *words, sizeof(image_word));
    }
    return true;
}

/* All else in the block is zero. */
static bool unpack_words(struct image_reader *reader, const char *map)
{
    const size_t count = (size_t)reader->head.objects / sizeof(image_word);
    const char *words = map + map_words(&reader->head) * sizeof(image_word);
    const char *end = words + reader->head.words * sizeof(image_word);

    for (size_t at = 0; at < count; at += WORD_BITS, map += sizeof(image_word)) {
        image_word bits;
        memcpy(&bits, map, sizeof(bits));
        if (!put_words(reader->block + at * sizeof(image_word), count - at, bits, &words, end))
            return false;
    }
    return words == end;
}

/* The texts, behind the objects; behind them are the lists. */
static bool take_texts(struct image_reader *reader, const char *map)
{
    const char *texts = map + (map_words(&reader->head) + reader->head.words) * sizeof(image_word);

    memcpy(reader->block + reader->head.objects, texts, (size_t)reader->head.texts);
    reader->lists = texts + reader->head.texts;
    return reader->lists[-1] == '\0';
}

static bool set_pointers(struct image_reader *reader)
{
    const uint64_t limit = reader->head.objects + reader->head.texts;
    struct image_pointer pointer;

    for (uint64_t i = 0; i < reader->head.pointers; i++) {
        memcpy(&pointer, reader->lists, sizeof(pointer));
        uintptr_t *word = next_place(reader, sizeof(*word));
        reader->lists += sizeof(pointer.to);
        if (!word || pointer.to >= limit)
            return false;
        *word = (uintptr_t)reader->block + pointer.to;
    }
    return true;
}

static bool restore_statics(struct image_reader *reader, const struct vec *statics)
{
    for (uint64_t i = 0; i < reader->head.statics; i++) {
        uintptr_t *word = next_place(reader, sizeof(*word));
        if (!word || *word >= statics->count)
            return false;
        *word = (uintptr_t)statics->items[*word];
    }
    return true;
}

static bool revive(struct image_reader *reader, struct arena *arena, const struct image_context *context)
{
    for (uint64_t i = 0; i < reader->head.revived; i++) {
        void *object = next_place(reader, sizeof(uintptr_t));
        if (!object || !context->revive)
            return false;
        context->revive(arena, object);
    }
    return true;
}

void *image_read(struct arena *arena, const struct image_type *type, const char *data, size_t length,
                 const struct image_context *context)
{
    struct image_reader reader;

    if (length < sizeof(reader.head))
        return NULL;
    memcpy(&reader.head, data, sizeof(reader.head));
    if (!is_complete(&reader.head, length, type))
        return NULL;
    reader.block = arena_alloc(arena, (size_t)(reader.head.objects + reader.head.texts));
    if (!unpack_words(&reader, data + sizeof(reader.head)) || !take_texts(&reader, data + sizeof(reader.head)))
        return NULL;
    return set_pointers(&reader) && restore_statics(&reader, &context->statics) && revive(&reader, arena, context)
               ? reader.block
               : NULL;
}
